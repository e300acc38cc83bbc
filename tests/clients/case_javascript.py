"""The AWS SDK for JavaScript."""

from cases import OIDC_ROLE, OTHERS, PROJECT_ROLE, case, matches, role_arn, table
from clients import SESSION, UNDER_EXEC, UNDER_EXEC_REFUSED, command, is_caller, is_refusal, need_node, node, under_exec

CHAINS = [("fromTokenFile", "token-file"), ("the default chain", "default")]


def assume(t, server, role, token):
    need_node()
    return command(t, node("aws.mjs", "assume", server.base, role_arn(role), t.file("token", token)))


@case("client-sts assumes a role explicitly")
def _(t):
    with t.serve() as server:
        credentials = assume(t, server, OIDC_ROLE, t.token()).want(0).json()["Credentials"]
        matches("AccessKeyId", credentials["AccessKeyId"], r"\AASIA[A-Z2-7]{16}\Z")


@case("client-sts is refused explicitly, with the reason")
def _(t):
    with t.serve() as server:
        is_refusal(assume(t, server, PROJECT_ROLE, t.token("circleci", *OTHERS)), "trust-denied")


def implicit(t, chain):
    need_node()
    is_caller(under_exec(t, UNDER_EXEC, node("aws.mjs", chain)).want(0).json(), OIDC_ROLE, SESSION)


def implicit_refused(t, chain):
    need_node()
    is_refusal(under_exec(t, UNDER_EXEC_REFUSED, node("aws.mjs", chain)), "trust-denied")


table([(f"JavaScript's {n} assumes the role by itself under exec", c) for n, c in CHAINS], implicit)
table([(f"JavaScript's {n} is refused by itself under exec", c) for n, c in CHAINS], implicit_refused)
