"""What terraform.py and boto_iam.py share: clients of one server, refusals, and running one story."""

import json
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from cases import Failed, equal, want

ACCOUNT = "123456789012"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/ci.example.com"
# With what a percent-encoding may lose.
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": PROVIDER},
     "Condition": {"StringEquals": {"ci.example.com:aud": "a+b & <c> %2F é"}}}]}
READ_BUCKETS = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}


def client(service, endpoint, key="test", secret="test", token=None):
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=key,
                        aws_secret_access_key=secret, aws_session_token=token,
                        config=Config(retries={"max_attempts": 0}, proxies={}))


def refused(code, call, **parameters):
    """Calls, wants this refusal, and gives its message."""
    try:
        got = call(**parameters)
    except ClientError as e:
        equal(f"code of {e}", e.response["Error"]["Code"], code)
        return e.response["Error"]["Message"]
    raise Failed(f"wanted {code} of {call.__name__} {parameters}, got {got}")


def advance(endpoint, by):
    """Moves the server's clock."""
    request = urllib.request.Request(f"{endpoint}/_understudy/clock/advance", json.dumps({"by": by}).encode(),
                                     {"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    want(opener.open(request, timeout=30).status == 200, "the clock does not move")


def run(stories):
    """SCRIPT ENDPOINT STORY"""
    endpoint, name = sys.argv[1:]
    stories[name](endpoint)
