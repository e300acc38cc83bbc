"""A signed client of the IAM and STS Query APIs: the standard library alone, one connection kept open."""

import hashlib
import hmac
import http.client
import re
import time
import urllib.parse

VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}


def hashed(text):
    return hashlib.sha256(text.encode()).hexdigest()


def keyed(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def sign(port, service, body, key, secret, token=None):
    """The headers of AWS Signature Version 4 for POST / with that body."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = f"{stamp[:8]}/us-east-1/{service}/aws4_request"
    headers = {"content-type": "application/x-www-form-urlencoded", "host": f"127.0.0.1:{port}",
               "x-amz-date": stamp}
    if token:
        headers["x-amz-security-token"] = token
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = f"POST\n/\n\n{lines}\n{names}\n{hashed(body)}"
    k = b"AWS4" + secret.encode()
    for part in scope.split("/"):
        k = keyed(k, part)
    signature = keyed(k, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed(request)}").hex()
    headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, "
                                f"Signature={signature}")
    return headers


class Answer:
    def __init__(self, status, body):
        self.status, self.body = status, body

    def one(self, name):
        """The text of the first element of that name."""
        found = re.search(f"<{name}>([^<]*)</{name}>", self.body)
        return found and found.group(1)

    def all(self, name):
        return re.findall(f"<{name}>([^<]*)</{name}>", self.body)

    @property
    def code(self):
        return self.one("Code")


class Client:
    def __init__(self, port, key="test", secret="test", token=None):
        self.port, self.key, self.secret, self.token = port, key, secret, token
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def call(self, service, action, **parameters):
        """`Tags__member__1__Key` stands for Tags.member.1.Key."""
        form = {"Action": action, "Version": VERSIONS[service]}
        form |= {name.replace("__", "."): value for name, value in parameters.items()}
        body = urllib.parse.urlencode(form)
        headers = sign(self.port, service, body, self.key, self.secret, self.token)
        self.connection.request("POST", "/", body, headers)
        reply = self.connection.getresponse()
        return Answer(reply.status, reply.read().decode())

    def iam(self, action, **parameters):
        return self.call("iam", action, **parameters)

    def sts(self, action, **parameters):
        return self.call("sts", action, **parameters)

    def close(self):
        self.connection.close()
