"""What ten thousand roles cost, and what it costs that a change is on disk: for bench.py."""

import json
import os
import re
import socket
import statistics
import sys
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from iam_client import VERSIONS, sign  # noqa: E402

ACCOUNT = "123456789012"
ROLES, PROVIDERS = 10_000, 1_000
AUDIENCE = "sts.amazonaws.com"


def issuer(n):
    return f"issuer-{n}.example.com/org/{n}"


def subject(n):
    return f"org:{n}:project:bench"


def role(n, n_providers):
    url = issuer(n % n_providers)
    return {"name": f"role-{n:05}", "trust_policy": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
         "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{url}"},
         "Condition": {"StringEquals": {f"{url}:aud": AUDIENCE}, "StringLike": {f"{url}:sub": f"org:{n}:*"}}}]}}


def world(path, n_roles, n_providers):
    path.write_text(json.dumps({
        "oidc_providers": [{"url": f"https://{issuer(n)}", "client_ids": [AUDIENCE]} for n in range(n_providers)],
        "roles": [role(n, n_providers) for n in range(n_roles)]}, indent=2))
    return path


def token_file(server, path):
    """A token that role-00000 trusts, whatever the number of roles."""
    ask = {"platform": "generic", "lifetime_s": 43200,
           "set": {"issuer": f"https://{issuer(0)}", "sub": subject(0), "aud": AUDIENCE}}
    path.write_text(server.ask("POST", "/_understudy/token", json.dumps(ask))["token"] + "\n")
    return path


# ---- one client that keeps its connection, with requests signed beforehand ----

class Wire:
    def __init__(self, url):
        host, port = url.removeprefix("http://").split(":")
        self.port = int(port)
        self.socket = socket.create_connection((host, self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, action, **parameters):
        form = {"Action": action, "Version": VERSIONS["iam"]} | parameters
        body = urllib.parse.urlencode(form)
        headers = sign(self.port, "iam", body, "test", "test") | {"content-length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST / HTTP/1.1\r\n{lines}\r\n{body}".encode()

    def seconds(self, request):
        """How long until the whole answer was there."""
        begin, got, length = time.perf_counter(), b"", None
        self.socket.sendall(request)
        while length is None or len(got) < length:
            got += self.socket.recv(65536)
            head = got.find(b"\r\n\r\n")
            if length is None and head >= 0:
                length = head + 4 + int(re.search(rb"(?i)\ncontent-length: *(\d+)", got).group(1))
        taken = time.perf_counter() - begin
        if not got.startswith(b"HTTP/1.1 200"):
            sys.exit(got.decode(errors="replace"))
        return taken


def alone(fd, offset, record):
    begin = time.perf_counter()
    os.pwrite(fd, record, offset)
    os.fdatasync(fd)
    return time.perf_counter() - begin


def durable(server, state, n):
    """
    Seconds of each of n writes, of the same bytes written and synced by nothing but that, and of as many
    signed reads, in turn; and the bytes a write appends.
    """
    wire, journal = Wire(server.url), Path(f"{state}.journal")
    tag = {"RoleName": "role-00000", "Tags.member.1.Key": "n"}
    writes = [wire.request("TagRole", **tag | {"Tags.member.1.Value": f"{i:06}"}) for i in range(n + 20)]
    read = wire.request("GetRole", RoleName="role-00000")
    for request in writes[:20]:
        wire.seconds(request)
    first = journal.stat().st_size
    wire.seconds(writes[20])
    record = b"x" * (journal.stat().st_size - first)
    fd = os.open(Path(state).with_name("alone"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    seconds = {"write": [], "alone": [], "read": []}
    for i, request in enumerate(writes[21:]):
        seconds["write"].append(wire.seconds(request))
        seconds["alone"].append(alone(fd, i * len(record), record))
        seconds["read"].append(wire.seconds(read))
    os.close(fd)
    return {name: statistics.median(values) for name, values in seconds.items()} | {"bytes": len(record)}
