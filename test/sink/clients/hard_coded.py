# A forwarder as people write it: the address of SigNoz Cloud stands in the code, and nothing in it knows of a test rig.
import sys

import requests

SIGNOZ_URL = "https://ingest.us.signoz.cloud:443/logs/json"
NAMES = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"


def send(lines, ingestion_key):
    names = NAMES.split()
    payload = [dict(zip(names, line.split())) for line in lines]
    headers = {"Content-Type": "application/json", "signoz-ingestion-key": ingestion_key}
    response = requests.post(SIGNOZ_URL, json=payload, headers=headers)
    response.raise_for_status()
    print(response.status_code, len(payload))


send(sys.stdin.read().splitlines(), sys.argv[1])
