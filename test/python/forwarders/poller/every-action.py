# Every action that a poller may take on a queue, with boto3, which checks each answer's shape.

import json
import sys

import boto3

url, endpoint = sys.argv[1:]
sqs = boto3.client("sqs", endpoint_url=endpoint)
seen = {}
seen["url"] = sqs.get_queue_url(QueueName="flow-logs")["QueueUrl"] == url
seen["urls"] = len(sqs.list_queues()["QueueUrls"])
attributes = {"who": {"DataType": "String", "StringValue": "me"}}
sqs.send_message(QueueUrl=url, MessageBody="ü", MessageAttributes=attributes)
sent = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2"}])
seen["sent"] = [entry["Id"] for entry in sent["Successful"]]
received = sqs.receive_message(
    QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"]
)["Messages"]
seen["bodies"] = [message["Body"] for message in received]
seen["counts"] = [message["Attributes"]["ApproximateReceiveCount"] for message in received]
seen["attributes"] = received[0]["MessageAttributes"]["who"]["StringValue"]
handles = [message["ReceiptHandle"] for message in received]
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handles[0], VisibilityTimeout=0)
again = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)["Messages"]
seen["again"] = [message["Body"] for message in again]
sqs.delete_message(QueueUrl=url, ReceiptHandle=again[0]["ReceiptHandle"])
deleted = sqs.delete_message_batch(
    QueueUrl=url, Entries=[{"Id": "x", "ReceiptHandle": handles[1]}, {"Id": "y", "ReceiptHandle": "nonsense"}]
)
seen["deleted"] = [[entry["Id"] for entry in deleted[outcome]] for outcome in ("Successful", "Failed")]
left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesNotVisible"])
seen["left"] = left["Attributes"]["ApproximateNumberOfMessagesNotVisible"]
sqs.purge_queue(QueueUrl=url)
try:
    sqs.receive_message(QueueUrl=url + "-else")
except sqs.exceptions.QueueDoesNotExist as error:
    seen["error"] = error.response["Error"]["Code"]
print(json.dumps(seen))
