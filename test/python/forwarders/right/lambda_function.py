# Right: the object that the event names, its header line left out, in requests of a thousand records, refused ones sent again.

import gzip
import json
import os
import time
import urllib.parse

import boto3
import requests

BATCH = 1000

s3 = boto3.client("s3")
session = requests.Session()
session.headers = {"signoz-ingestion-key": os.environ["SIGNOZ_KEY"], "content-type": "application/json"}


def to_record(names, line):
    values = dict(zip(names, line.split(" ")))
    return {"timestamp": int(values["end"]), "body": line, "attributes": values}


def post(records):
    while True:
        answer = session.post(os.environ["SIGNOZ_URL"], data=json.dumps(records), timeout=10)
        if answer.status_code not in (429, 503):
            answer.raise_for_status()
            return
        time.sleep(float(answer.headers.get("Retry-After", 1)))


def lambda_handler(event, context):
    for notice in event["Records"]:
        bucket = notice["s3"]["bucket"]["name"]
        key = urllib.parse.unquote_plus(notice["s3"]["object"]["key"])
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        text = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        header, *lines = text.decode("utf-8").splitlines()
        names = header.split(" ")
        records = [to_record(names, line) for line in lines]
        for first in range(0, len(records), BATCH):
            post(records[first : first + BATCH])
