"""exec must neither pass by a cached answer nor reach other credentials."""

import traps
from cases import OIDC_ROLE, equal, matches, role_arn, table, want
from clients import AWS, PYTHON, SESSION, UNDER_EXEC, boto, is_caller, need_node, node, under_exec

ROLE = role_arn(OIDC_ROLE)


def passes_no_trap(t, command):
    if command[0] == "node":
        need_node()
    with traps.Listener() as listener:
        env = traps.lay(t.home, listener.url, ROLE, SESSION)
        done = under_exec(t, UNDER_EXEC, command, env).want(0)
        is_caller(done.json(), OIDC_ROLE, SESSION)
        equal("what the trap was asked", listener.hits, [])
        matches("stderr of exec", done.err, "allowed")


table([
    *((f"{a} under exec falls into no trap", [a, "sts", "get-caller-identity"]) for a in AWS),
    *((f"boto3 of {p} under exec falls into no trap", boto(p, "caller")) for p in PYTHON),
    ("JavaScript's fromTokenFile under exec falls into no trap", node("aws.mjs", "token-file")),
    ("JavaScript's default chain under exec falls into no trap", node("aws.mjs", "default")),
], passes_no_trap)


def trap_is_live(t, laid, changes, caught):
    """Without exec, this one trap catches the AWS CLI: a trap that catches nobody proves nothing."""
    with traps.Listener() as listener:
        env = traps.lay(t.home, listener.url, ROLE, SESSION)
        env = {name: env[name] for name in laid} | changes
        t.command("/usr/bin/aws", "sts", "get-caller-identity", "--endpoint-url", listener.url,
                  "--region", "us-east-1", env={"AWS_EC2_METADATA_DISABLED": "true"} | env)
        want(any(caught in hit for hit in listener.hits), f"no {caught} in {listener.hits}")


NO_FILES = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
table([
    ("the trap of the CLI's cache is live", [],
     NO_FILES | {"AWS_ROLE_ARN": ROLE, "AWS_ROLE_SESSION_NAME": SESSION, "AWS_WEB_IDENTITY_TOKEN_FILE": "/dev/null"},
     "ASIATRAPCACHE"),
    ("the trap of the credentials file is live", ["AWS_PROFILE"], {}, "AKIATRAPFILE"),
    ("the trap of the environment's keys is live", KEYS, {}, "AKIATRAPENV"),
    ("the trap of the container's credentials is live", ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], NO_FILES,
     "ASIATRAPCONTAINER"),
    ("the trap of the proxy is live", [*KEYS, "HTTP_PROXY"], {}, "POST http://127.0.0.1"),
], trap_is_live)
