"""What boto3 does with an S3: each line that is printed is a behaviour that failed. Arguments: endpoint, access key, secret key."""
import hashlib
import io
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, access_key, secret_key = sys.argv[1:]


s3 = boto3.client(
    "s3",
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id=access_key,
    aws_secret_access_key=secret_key,
    config=Config(signature_version="s3v4"),
)
bucket = "boto3-contract"
s3.create_bucket(Bucket=bucket)


def check(what, holds):
    if not holds:
        print(what, flush=True)


def code_of(work):
    try:
        work()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "success"


def text(key, **more):
    return s3.get_object(Bucket=bucket, Key=key, **more)["Body"].read()


key = "a b+c/é=1%&?#/x.log.gz"
for algorithm in ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]:
    if algorithm in ("CRC32C", "CRC64NVME"):
        try:
            import awscrt  # noqa: F401
        except ImportError:
            continue
    s3.put_object(Bucket=bucket, Key=key, Body=b"123456789", ChecksumAlgorithm=algorithm, Metadata={"owner": "rig"})
    head = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    check(f"checksum {algorithm}", f"Checksum{algorithm}" in head and head["Metadata"] == {"owner": "rig"})

# A stream whose length is known goes in chunks with a trailer.
s3.put_object(Bucket=bucket, Key="stream", Body=io.BytesIO(b"x" * 200_000), ContentEncoding="gzip")
got = s3.get_object(Bucket=bucket, Key="stream")
check("stream", got["Body"].read() == b"x" * 200_000 and got["ContentEncoding"] == "gzip")
check("range", text("stream", Range="bytes=-3") == b"xxx")
check("no such key", code_of(lambda: text("nothing")) == "NoSuchKey")
check("condition", code_of(lambda: text(key, IfMatch='"0"')) == "PreconditionFailed")

big = bytes(range(256)) * 4096 * 12
s3.upload_fileobj(io.BytesIO(big), bucket, "big", Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
check("multipart ETag", s3.head_object(Bucket=bucket, Key="big")["ETag"].endswith('-3"'))
back = io.BytesIO()
s3.download_fileobj(bucket, "big", back)
check("multipart bytes", hashlib.md5(back.getvalue()).digest() == hashlib.md5(big).digest())
s3.copy({"Bucket": bucket, "Key": "big"}, bucket, "copy", Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
check("multipart copy", hashlib.md5(text("copy")).digest() == hashlib.md5(big).digest())

keys = [f"list/{name}" for name in ["B", "a", "é", "~", "豈", "😀", "a b", "a+b"]]
for each in keys:
    s3.put_object(Bucket=bucket, Key=each, Body=b"")
for version in ["list_objects", "list_objects_v2"]:
    pages = s3.get_paginator(version).paginate(Bucket=bucket, Prefix="list/", PaginationConfig={"PageSize": 3})
    listed = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    check(version, listed == sorted(keys, key=lambda name: name.encode()))
s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": each} for each in keys]})
check("delete many", s3.list_objects_v2(Bucket=bucket, Prefix="list/")["KeyCount"] == 0)

s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
one = s3.put_object(Bucket=bucket, Key="versions", Body=b"one")["VersionId"]
s3.put_object(Bucket=bucket, Key="versions", Body=b"two")
s3.delete_object(Bucket=bucket, Key="versions")
check("versions", text("versions", VersionId=one) == b"one" and code_of(lambda: text("versions")) == "NoSuchKey")

url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key, "ResponseContentType": "text/x"})
with urllib.request.urlopen(url) as answer:
    check("presigned GET", answer.read() == b"123456789" and answer.headers["content-type"] == "text/x")
try:
    urllib.request.urlopen(url.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601"))
    check("changed presigned GET", False)
except urllib.error.HTTPError as error:
    check("changed presigned GET", error.code == 403)
put_url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "put by url"})
with urllib.request.urlopen(urllib.request.Request(put_url, data=b"by url", method="PUT")):
    check("presigned PUT", text("put by url") == b"by url")

wrong = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=access_key, aws_secret_access_key="x")
check("wrong key", code_of(lambda: wrong.list_buckets()) == "SignatureDoesNotMatch")
print("done")
