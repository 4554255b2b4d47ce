# The algorithm of SigNoz's guide "Send AWS VPC logs to SigNoz" (SigNoz/signoz.io, data/docs/aws-monitoring/vpc.mdx), written anew with
# the guide's libraries: at each event it reads the whole bucket, and sends every line of every file in one request a file. Its
# defects are the point.

import gzip
import json
import os
import shlex

import boto3
import requests

NAMES = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
).split()

s3 = boto3.client("s3")


def records_of(text):
    return [dict(zip(NAMES, shlex.split(line))) for line in text.splitlines()]


def lambda_handler(event, context):
    bucket = os.environ["BUCKET"]
    headers = {"signoz-ingestion-key": os.environ["SIGNOZ_KEY"], "Content-Type": "application/json"}
    for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        if not entry["Key"].endswith(".log.gz"):
            continue
        body = s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
        records = records_of(gzip.decompress(body).decode("utf-8"))
        answer = requests.post(os.environ["SIGNOZ_URL"], data=json.dumps(records), headers=headers)
        print(entry["Key"], answer.status_code)
