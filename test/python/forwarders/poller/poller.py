# Polls a queue, as a service does, and forwards what each message announces with the steps of the right function.

import json
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "right"))

import boto3
from lambda_function import lambda_handler

queue_url = sys.argv[1]
sqs = boto3.client("sqs")
stopping = False


def stop(signal_number, frame):
    global stopping
    stopping = True


signal.signal(signal.SIGTERM, stop)
print("polling", flush=True)
while not stopping:
    answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=1, MaxNumberOfMessages=10)
    messages = answer.get("Messages", [])
    for message in messages:
        lambda_handler(json.loads(message["Body"]), None)
    if messages:
        entries = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)]
        sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)
