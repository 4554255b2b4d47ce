# A forwarder as people deploy it: the address of SigNoz Cloud stands in its code, and nothing in it knows of a test rig.

import gzip
import json
import os
import urllib.parse

import boto3
import requests

SIGNOZ_URL = "https://ingest.us.signoz.cloud:443/logs/json"

s3 = boto3.client("s3")


def send(lines, key):
    names = lines[0].split()
    records = [dict(zip(names, line.split())) for line in lines[1:]]
    headers = {"signoz-ingestion-key": key, "Content-Type": "application/json"}
    requests.post(SIGNOZ_URL, data=json.dumps(records), headers=headers, timeout=10).raise_for_status()
    return len(records)


def lambda_handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        name = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
        body = s3.get_object(Bucket=bucket, Key=name)["Body"].read()
        send(gzip.decompress(body).decode("utf-8").splitlines(), os.environ["SIGNOZ_KEY"])
