"""What the cases of this folder share: which clients there are, and what they print."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

from cases import ACCOUNT, NOT_AUTHORIZED, OTHERS, PROJECT_ROLE, ROOT, Skipped, equal, matches, shims, want

HERE = Path(__file__).parent
MODULES = ROOT / "build/clients"
SESSION = "circleci-test-oidc-auth"  # as the CircleCI guide's expected output has it

UNDER_EXEC = ["exec", "--platform", "circleci", "--"]
UNDER_EXEC_REFUSED = ["exec", "--platform", "circleci", "--role", PROJECT_ROLE, *OTHERS, "--"]


def newer(name, probe):
    """The program of that name on the PATH, when it is another than Debian's and works; or nothing."""
    path = shutil.which(name)
    if not path or os.path.realpath(path) == os.path.realpath(f"/usr/bin/{name}"):
        return []
    works = subprocess.run([path, *probe], capture_output=True, env=os.environ | shims()).returncode == 0
    return [path] if works else []


# Debian's predate AWS_ENDPOINT_URL; a machine may have newer ones, which do not.
AWS = ["/usr/bin/aws", *newer("aws", ["--version"])]
PYTHON = ["/usr/bin/python3", *newer("python3", ["-c", "import boto3"])]


@functools.cache
def node_major():
    try:
        version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        return int(version.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def need_node():
    if node_major() < 18:
        raise Skipped("there is no Node.js, or one before 18")
    want((MODULES / "node_modules").is_dir(), f"nothing is installed in {MODULES}")


def node(script, *args):
    # Debian 12's is 18, where jose's `crypto` is behind a flag; the packages ask for 20 and do with it.
    flags = ["--experimental-global-webcrypto"] if node_major() == 18 else []
    return ["node", "--no-warnings", *flags, HERE / script, *args]


def boto(python, *args):
    return [python, HERE / "boto.py", *args]


def command(t, command, **more):
    return t.command(*command, env={"CLIENTS": str(MODULES)}, **more)


def under_exec(t, before, command, env=None):
    return t.run(*before, *command, env={"CLIENTS": str(MODULES)} | (env or {}))


def is_caller(identity, role, session):
    """What GetCallerIdentity says of an assumed role."""
    matches("UserId", identity["UserId"], rf"\AAROA[A-Z0-9]{{17}}:{session}\Z")
    equal("Account and Arn", [identity["Account"], identity["Arn"]],
          [ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"])


def is_refusal(done, reason, code="AccessDenied", status=403, message=NOT_AUTHORIZED):
    """What boto.py and aws.mjs print of a refusal; a reason of None is not looked at."""
    want(done.status == 1, str(done))
    said = done.json()
    equal("refusal", [said["Error"]["Code"], said["Error"]["Message"], said["Status"]],
          [code, message, status])
    if reason:
        matches("x-understudy-reason", said.get("Reason") or "", rf"\A{reason}; ")
