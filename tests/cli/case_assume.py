"""understudy assume: the exchange itself, and the demo world."""

import json
import time
from datetime import datetime, timezone

from cases import ACCOUNT, OIDC_ROLE, OTHERS, PROJECT_ROLE, case, equal, matches, role_arn, table, want

CIRCLECI = ["--platform", "circleci", "--role", OIDC_ROLE]

# product: the profiles' default parameters satisfy the demo world's policies.
DEMO = [
    ("circleci", "CircleCI-OIDC-Role"),
    ("circleci", "CircleCI-Project-Role"),
    ("circleci/v2", "CircleCI-OIDC-Role"),
    ("render", "Render-OIDC-Role"),
    ("env0", "Env0-OIDC-Role"),
    ("env0", "Env0-Project-Role"),
    ("pulumi", "Pulumi-Deploy-Role"),
    ("pulumi/esc", "Pulumi-ESC-Role"),
    ("github", "GitHub-Actions-Role"),
]


def allowed(t, platform, role):
    creds = t.run("assume", "--platform", platform, "--role", role, "--format", "process").want(0).json()
    matches("AccessKeyId", creds["AccessKeyId"], r"\AASIA[A-Z2-7]{16}\Z")


table([(f"{p}'s defaults satisfy {r}", p, r) for p, r in DEMO], allowed)

# Every role of the demo world, asked with the tokens of every other platform.
table([(f"{r} is refused to {p}", p, r)
       for r in sorted({r for _, r in DEMO}) for p in ("circleci", "render", "env0", "pulumi", "github")
       if not any(q.split("/")[0] == p for q, s in DEMO if s == r)],
      lambda t, p, r: t.run("assume", "--platform", p, "--role", r).want(1, r"\A\Z", "AccessDenied"))


def refused(t, args, err):
    t.file("policy.json", {"Version": "2012-10-17", "Statement": [{"Efect": "Allow"}]})
    t.run("assume", *args).want(1, r"\A\Z", err)


table([
    ("CircleCI: another project is refused, and the condition is named",
     ["--platform", "circleci", *OTHERS, "--role", PROJECT_ROLE],
     r"(?s)trust-denied.*:sub"),
    ("a role that is not there is refused as AWS does",
     ["--platform", "circleci", "--role", "No-Such-Role"], r"(?s)role-unknown|Not authorized"),
    ("a role of an account that is not there is refused",
     ["--platform", "circleci", "--role", "arn:aws:iam::999999999999:role/Any"],
     "AccessDenied|InvalidIdentityToken"),
    ("a session longer than the role allows is refused",
     [*CIRCLECI, "--duration", "12h"], "duration-over-maximum"),
    ("a session name that AWS does not take is refused",
     [*CIRCLECI, "--session-name", "a/b"], "roleSessionName"),
    ("a session policy that is none is refused",
     [*CIRCLECI, "--policy", "policy.json"],
     "session-policy-malformed"),
], refused)


@case("--format process is what an AWS profile's credential_process expects")
def _(t):
    done = t.run("assume", *CIRCLECI, "--format", "process").want(0)
    creds = done.json()
    equal("members", set(creds), {"AccessKeyId", "Expiration", "SecretAccessKey", "SessionToken", "Version"})
    equal("Version", creds["Version"], 1)
    matches("SecretAccessKey", creds["SecretAccessKey"], r"\A[A-Za-z0-9/+]{40}\Z")
    left = datetime.fromisoformat(creds["Expiration"].replace("Z", "+00:00")) - datetime.now(timezone.utc)
    want(3500 < left.total_seconds() <= 3600, f"{left} left of an hour")


@case("--format env can be evaluated by a shell, and reaches its children")
def _(t):
    script = (f"eval \"$('{t.program}' assume --platform circleci --role {OIDC_ROLE} --format env)\" && "
              "sh -c 'echo \"$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN\"'")
    t.command("/bin/sh", "-c", script).want(0, r"\AASIA[A-Z2-7]{16} [A-Za-z0-9/+]{40} \S{100,}\n\Z")


@case("--format json holds the credentials and whose they are")
def _(t):
    out = t.run("assume", *CIRCLECI, "--format", "json", "--session-name", "mine").want(0)
    text = json.dumps(out.json())
    for part in ("ASIA", f"arn:aws:sts::{ACCOUNT}:assumed-role/CircleCI-OIDC-Role/mine"):
        want(part in text, f"no {part}\n{out}")


@case("--format text, the default, says whose the credentials are")
def _(t):
    wanted = f"arn:aws:sts::{ACCOUNT}:assumed-role/CircleCI-OIDC-Role/"
    for more in ([], ["--format", "text"]):
        t.run("assume", *CIRCLECI, *more).want(0, wanted)


@case("a role's ARN does as well as its name")
def _(t):
    t.run("assume", "--platform", "circleci", "--role", role_arn(OIDC_ROLE)).want(0, OIDC_ROLE)


@case("--token - reads the token from standard input")
def _(t):
    t.run("assume", "--role", OIDC_ROLE, "--token", "-", stdin=t.token()).want(0, OIDC_ROLE)


@case("--duration shortens the session")
def _(t):
    creds = t.run("assume", *CIRCLECI, "--duration", "15m", "--format", "process").want(0).json()
    left = datetime.fromisoformat(creds["Expiration"].replace("Z", "+00:00")).timestamp() - time.time()
    want(800 < left <= 900, f"{left} s left of 15 minutes")


@case("--endpoint asks a server: allowed is 0, refused is 1 with the server's reason")
def _(t):
    with t.serve() as server:
        own = ["assume", "--endpoint", server.base, "--platform", "circleci", "--role", PROJECT_ROLE]
        t.run(*own, "--format", "process").want(0, "ASIA")
        t.run(*own, *OTHERS).want(1, r"\A\Z", "AccessDenied")
        equal("exchanges seen by the server", len(server.exchanges()), 2)


@case("--endpoint that nobody listens on is status 3")
def _(t):
    t.run("assume", "--endpoint", "http://127.0.0.1:1", *CIRCLECI).want(3, r"\A\Z", r"127\.0\.0\.1")
