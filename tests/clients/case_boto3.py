"""boto3: Debian's, and a newer one if the machine has it."""

from cases import OIDC_ROLE, OTHERS, PROJECT_ROLE, holds, role_arn, table
from clients import PYTHON, SESSION, UNDER_EXEC, UNDER_EXEC_REFUSED, boto, command, is_caller, is_refusal, under_exec

COULD_NOT_BE_VALIDATED = ("The web identity token provided could not be validated. "
                          "See the AssumeRoleWithWebIdentity documentation for requirements.")
BAD_SESSION = "The security token included in the request is invalid."
BAD_REQUEST = ("The request signature we calculated does not match the signature you provided. Check your AWS "
               "Secret Access Key and signing method. Consult the service documentation for details.")


def assume(t, python, server, role, token):
    return command(t, boto(python, "assume", server.base, role_arn(role), t.file("token", token)))


def caller(t, python, server, credentials):
    return command(t, boto(python, "as", server.base, t.file("credentials", credentials)))


def explicit(t, python):
    with t.serve() as server:
        credentials = assume(t, python, server, OIDC_ROLE, t.token()).want(0).json()["Credentials"]
        is_caller(caller(t, python, server, credentials).want(0).json(), OIDC_ROLE, "boto")


def explicit_refused(t, python):
    with t.serve() as server:
        is_refusal(assume(t, python, server, PROJECT_ROLE, t.token("circleci", *OTHERS)), "trust-denied")


def bad_signature(t, python):
    with t.serve() as server:
        is_refusal(assume(t, python, server, OIDC_ROLE, t.token("circleci", "--flaw", "bad-signature")),
                   "signature-invalid", "InvalidIdentityToken", 400, COULD_NOT_BE_VALIDATED)


def implicit(t, python):
    done = under_exec(t, UNDER_EXEC, boto(python, "caller")).want(0)
    is_caller(done.json(), OIDC_ROLE, SESSION)


def implicit_refused(t, python):
    done = under_exec(t, UNDER_EXEC_REFUSED, boto(python, "caller"))
    is_refusal(done, "trust-denied")
    holds("stderr of exec", done.err, "trust-denied")


def sessions_travel(t, python):
    keys = t.dir / "keys"
    with t.serve("--keys", keys) as one, t.serve("--keys", keys) as two, \
            t.serve("--keys", t.dir / "other") as three:
        token = t.token("circleci", "--keys", keys)
        credentials = assume(t, python, one, OIDC_ROLE, token).want(0).json()["Credentials"]
        is_caller(caller(t, python, two, credentials).want(0).json(), OIDC_ROLE, "boto")
        is_refusal(caller(t, python, three, credentials), None, "InvalidClientTokenId", 403, BAD_SESSION)


def forged_secret(t, python):
    with t.serve() as server:
        credentials = assume(t, python, server, OIDC_ROLE, t.token()).want(0).json()["Credentials"]
        is_refusal(caller(t, python, server, credentials | {"SecretAccessKey": "a" * 40}), "signature-mismatch",
                   "SignatureDoesNotMatch", 403, BAD_REQUEST)


table([(f"boto3 of {p} assumes a role explicitly, and is who it became", p) for p in PYTHON], explicit)
table([(f"boto3 of {p} is refused explicitly, with the reason", p) for p in PYTHON], explicit_refused)
table([(f"boto3 of {p} is refused a bad signature", p) for p in PYTHON], bad_signature)
table([(f"boto3 of {p} assumes the role by itself under exec", p) for p in PYTHON], implicit)
table([(f"boto3 of {p} is refused by itself under exec", p) for p in PYTHON], implicit_refused)
table([(f"boto3 of {p}: servers that share keys share sessions, others do not", p) for p in PYTHON],
      sessions_travel)
table([(f"boto3 of {p} is refused with another secret access key", p) for p in PYTHON], forged_secret)
