"""
A boto3 client, run by the interpreter that is to be tried.  Prints one JSON object.

    boto.py caller                              who the default chain's credentials are
    boto.py assume ENDPOINT ROLE TOKEN_FILE     the exchange, asked for explicitly
    boto.py as ENDPOINT CREDENTIALS_FILE        who these credentials are
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError


def print_json(value):
    print(json.dumps(value, default=str))


def caller():
    return boto3.client("sts").get_caller_identity()


def assume(endpoint, role, token_file):
    sts = boto3.client("sts", endpoint_url=endpoint, region_name="us-east-1")
    return sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="boto",
                                             WebIdentityToken=open(token_file).read())


def as_credentials(endpoint, credentials_file):
    creds = json.load(open(credentials_file))
    return boto3.client("sts", endpoint_url=endpoint, region_name="us-east-1",
                        aws_access_key_id=creds["AccessKeyId"],
                        aws_secret_access_key=creds["SecretAccessKey"],
                        aws_session_token=creds["SessionToken"]).get_caller_identity()


try:
    print_json({"caller": caller, "assume": assume, "as": as_credentials}[sys.argv[1]](*sys.argv[2:]))
except ClientError as e:
    print_json({"Error": e.response["Error"], "Status": e.response["ResponseMetadata"]["HTTPStatusCode"],
                "Reason": e.response["ResponseMetadata"]["HTTPHeaders"].get("x-understudy-reason")})
    sys.exit(1)
