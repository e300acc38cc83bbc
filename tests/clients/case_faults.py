"""Injected faults, and what SDKs make of them: the retries that people rely on."""

import itertools

from cases import OIDC_ROLE, equal, holds, role_arn, table
from clients import AWS, PYTHON, SESSION, UNDER_EXEC, boto, command, is_caller, is_refusal, under_exec

# What botocore takes for a reason to try once more.
RETRIED = [
    ("Throttling", {"error": "Throttling"}),
    ("IDPCommunicationError", {"error": "IDPCommunicationError"}),
    ("503", {"status": 503}),
    ("a lost reply", {"drop": True}),
]
IN_MODES = [("standard", *row) for row in RETRIED] + [("legacy", *RETRIED[1])]


def inject(server, **fault):
    equal("status", server.post("/_understudy/faults", {"action": "AssumeRoleWithWebIdentity"} | fault).status, 200)


def counts(server):
    fault = server.get("/_understudy/faults").json()["faults"][0]
    return [fault["seen"], fault["fired"]]


def retrying(mode, attempts):
    return {"AWS_RETRY_MODE": mode, "AWS_MAX_ATTEMPTS": str(attempts), "AWS_EC2_METADATA_DISABLED": "true"}


def boto_assume(t, python, server, mode, attempts):
    before = t.env
    t.env = before | retrying(mode, attempts)
    try:
        return command(t, boto(python, "assume", server.base, role_arn(OIDC_ROLE), t.file("token", t.token())))
    finally:
        t.env = before


def cli_assume(t, aws, server, attempts, *more):
    return t.command(
        aws, "sts", "assume-role-with-web-identity", "--endpoint-url", server.base, "--region", "us-east-1",
        "--role-arn", role_arn(OIDC_ROLE), "--role-session-name", "cli",
        "--web-identity-token", f"file://{t.file('token', t.token())}", *more, env=retrying("standard", attempts))


def boto_retries(t, python, mode, fault):
    with t.serve() as server:
        inject(server, times=2, **fault)
        done = boto_assume(t, python, server, mode, 3).want(0)
        holds("Arn", done.json()["AssumedRoleUser"]["Arn"], OIDC_ROLE)
        equal("seen and fired", counts(server), [3, 2])


def boto_gives_up(t, python):
    with t.serve() as server:
        inject(server, error="Throttling", times=2)
        is_refusal(boto_assume(t, python, server, "standard", 2), "injected", "Throttling", 400, "Rate exceeded")
        equal("seen and fired", counts(server), [2, 2])


def boto_does_not_retry(t, python):
    with t.serve() as server:
        inject(server, error="InvalidIdentityToken", message="Not this one", times=1)
        is_refusal(boto_assume(t, python, server, "standard", 3), "injected", "InvalidIdentityToken", 400,
                   "Not this one")
        equal("seen and fired", counts(server), [1, 1])


def cli_retries(t, aws, fault):
    with t.serve() as server:
        inject(server, times=2, **fault)
        holds("stdout", cli_assume(t, aws, server, 3).want(0).out, "AccessKeyId")
        equal("seen and fired", counts(server), [3, 2])


def cli_gives_up(t, aws):
    with t.serve() as server:
        inject(server, status=503)
        done = cli_assume(t, aws, server, 1)
        holds("stderr", done.err, "An error occurred (ServiceUnavailable)")
        equal("seen and fired", counts(server), [1, 1])


def cli_times_out(t, aws):
    with t.serve() as server:
        inject(server, delay_ms=20000, times=1)
        holds("stdout", cli_assume(t, aws, server, 2, "--cli-read-timeout", "3").want(0).out, "AccessKeyId")
        equal("seen and fired", counts(server), [2, 1])


def under_exec_by_config(t, aws):
    with t.serve() as server:
        world = server.get("/_understudy/world").json()
    t.file("world.json", world | {"faults": [{"action": "AssumeRoleWithWebIdentity", "error": "IDPCommunicationError",
                                              "times": 1}]})
    done = under_exec(t, ["exec", "--config", "world.json", *UNDER_EXEC[1:]], [aws, "sts", "get-caller-identity"],
                      env=retrying("standard", 2)).want(0)
    is_caller(done.json(), OIDC_ROLE, SESSION)
    holds("stderr", done.err, "injected: fault 1", "allowed  AssumeRoleWithWebIdentity")


table([(f"boto3 of {p} ({m}) gets over {name} met twice", p, m, fault)
       for p, (m, name, fault) in itertools.product(PYTHON, IN_MODES)], boto_retries)
table([(f"boto3 of {p} gives up when throttled once too often", p) for p in PYTHON], boto_gives_up)
table([(f"boto3 of {p} does not try again with a token that is refused", p) for p in PYTHON], boto_does_not_retry)
table([(f"{a} gets over {name} met twice", a, fault) for a, (name, fault) in itertools.product(AWS, RETRIED)],
      cli_retries)
table([(f"{a} says ServiceUnavailable when it may try but once", a) for a in AWS], cli_gives_up)
table([(f"{a} does not wait for a slow reply beyond its read timeout, and tries again", a) for a in AWS],
      cli_times_out)
table([(f"{a} gets over a fault of the config, under exec", a) for a in AWS], under_exec_by_config)
