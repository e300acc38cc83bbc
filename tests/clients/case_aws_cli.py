"""The AWS CLI: Debian's, and a newer one if the machine has it."""

import json

from cases import ACCOUNT, CIRCLECI_ISSUER, CIRCLECI_ORG, NOT_AUTHORIZED, OIDC_ROLE, OTHERS, PROJECT_ROLE
from cases import case, equal, holds, matches, role_arn, table, want
from clients import AWS, SESSION, UNDER_EXEC, UNDER_EXEC_REFUSED, is_caller, under_exec

CALLER = ["sts", "get-caller-identity"]


def guide(t, aws):
    """The CircleCI guide, step 6: its expected output, to the letter."""
    done = under_exec(t, UNDER_EXEC, [aws, *CALLER]).want(0)
    user = json.loads(done.out)["UserId"]
    matches("UserId", user, rf"\AAROA[A-Z0-9]{{17}}:{SESSION}\Z")
    equal("stdout", done.out, f"""{{
    "UserId": "{user}",
    "Account": "123456789012",
    "Arn": "arn:aws:sts::123456789012:assumed-role/CircleCI-OIDC-Role/circleci-test-oidc-auth"
}}
""")


def assume(t, aws, server, role, token, *more):
    return t.command(
        aws, "sts", "assume-role-with-web-identity", "--endpoint-url", server.base, "--region", "us-east-1",
        "--role-arn", role_arn(role), "--role-session-name", "cli",
        "--web-identity-token", f"file://{t.file('token', token)}", *more,
        env={"AWS_EC2_METADATA_DISABLED": "true"})


def explicit(t, aws):
    with t.serve() as server:
        out = assume(t, aws, server, OIDC_ROLE, t.token()).want(0).json()
    provider = CIRCLECI_ISSUER.removeprefix("https://")
    equal("Provider", out["Provider"], f"arn:aws:iam::{ACCOUNT}:oidc-provider/{provider}")
    equal("Audience", out["Audience"], CIRCLECI_ORG)
    matches("AccessKeyId", out["Credentials"]["AccessKeyId"], r"\AASIA[A-Z2-7]{16}\Z")


def is_error(done, code, message):
    want(done.status in (254, 255) and not done.out, str(done))
    matches("stderr", done.err, rf"An error occurred \({code}\) when calling the AssumeRoleWithWebIdentity "
                                rf"operation: {message}")


def explicit_refused(t, aws):
    with t.serve() as server:
        done = assume(t, aws, server, PROJECT_ROLE, t.token("circleci", *OTHERS), "--debug")
    is_error(done, "AccessDenied", NOT_AUTHORIZED)
    holds("the headers --debug shows", done.err, "x-understudy-reason", "trust-denied; ")


def implicit_refused(t, aws):
    done = under_exec(t, UNDER_EXEC_REFUSED, [aws, *CALLER])
    is_error(done, "AccessDenied", NOT_AUTHORIZED)
    holds("stderr of exec", done.err, "trust-denied")


def expired(t, aws):
    with t.serve() as server:
        done = assume(t, aws, server, OIDC_ROLE, t.token("circleci", "--flaw", "expired"))
    is_error(done, "ExpiredTokenException",
             r"Token expired: current date/time \d+ must be before the expiration date/time \d+")


table([(f"{a} under exec prints what the CircleCI guide expects", a) for a in AWS], guide)
table([(f"{a} assumes a role explicitly", a) for a in AWS], explicit)
table([(f"{a} is refused explicitly, and sees the reason", a) for a in AWS], explicit_refused)
table([(f"{a} is refused implicitly, under exec", a) for a in AWS], implicit_refused)
table([(f"{a} is told that a token has expired", a) for a in AWS], expired)


@case("a profile's credential_process may be understudy assume")
def _(t):
    with t.serve() as server:
        process = (f"{t.program} assume --endpoint {server.base} --platform circleci --role {OIDC_ROLE} "
                   "--session-name process --format process")
        config = t.file("config", f"[default]\nregion = us-east-1\ncredential_process = {process}\n")
        done = t.command("/usr/bin/aws", *CALLER, "--endpoint-url", server.base,
                         env={"AWS_CONFIG_FILE": str(config)}).want(0)
    is_caller(done.json(), OIDC_ROLE, "process")
