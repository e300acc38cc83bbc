"""understudy schema, and what the program prints held against it by an independent validator."""

import copy
import functools

from cases import CIRCLECI_ISSUER, CIRCLECI_ORG, OIDC_ROLE, OTHERS, PROJECT_ROLE, case, equal, table, want
from schemas import NAMES, at, is_valid, places, validator

table([(f"schema {name} prints a schema of draft 2020-12", name) for name in NAMES],
      lambda t, name: equal("$schema", validator(t, name).schema["$schema"],
                            "https://json-schema.org/draft/2020-12/schema"))


def references(value):
    if isinstance(value, dict):
        yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from references(inner)


def needs_no_other(t, name):
    schema = validator(t, name).schema
    equal("$id", schema["$id"], f"urn:understudy:schema:{name}")
    for reference in set(references(schema)):
        want(reference.startswith("#/$defs/"), f"{reference} is elsewhere")
        functools.reduce(lambda at, key: at[key], reference[2:].split("/"), schema)


table([(f"schema {name} is one document that names no other", name) for name in NAMES], needs_no_other)


table([
    ("schema without a name is bad usage", [], "config"),
    ("a schema there is none of is bad usage, and the ones there are are named", ["explenation"],
     'did you mean "explanation"'),
], lambda t, args, says: t.run("schema", *args).want(2, r"\A\Z", says))


def explained(t, *args):
    done = t.run("explain", *args, "--format", "json")
    want(done.status in (0, 1), done)
    is_valid(t, done.json())
    return done.json()


CLAIMS = {"iss": CIRCLECI_ISSUER, "aud": CIRCLECI_ORG, "sub": f"org/{CIRCLECI_ORG}/project/p/user/u",
          "iat": 1700000000, "exp": 1700003600}
ROLES = [("circleci", OIDC_ROLE), ("circleci/v2", PROJECT_ROLE), ("render", "Render-OIDC-Role"),
         ("env0", "Env0-Project-Role"), ("pulumi", "Pulumi-Deploy-Role"), ("pulumi/esc", "Pulumi-ESC-Role"),
         ("pulumi/esc-iac", "Pulumi-ESC-Role"), ("github", "GitHub-Actions-Role"),
         ("github/immutable", "GitHub-Actions-Role"), ("github", "Render-OIDC-Role"), ("render", "No-Such-Role"),
         ("eks", OIDC_ROLE)]
table([(f"the explanation of {p} and {r} is as the schema says", p, r) for p, r in ROLES],
      lambda t, platform, role: explained(t, "--platform", platform, "--role", role))


def of_claims(t, claims, reason, *args):
    path = t.file("claims.json", claims)
    equal("reason", explained(t, "--role", PROJECT_ROLE, "--claims", path, *args)["reason"], reason)


table([
    ("the explanation of claims", CLAIMS, "trust-denied"),
    ("the explanation of an expired token", CLAIMS, "token-expired", "--at", "1800000000"),
    ("the explanation of a token from the future", CLAIMS, "token-from-future", "--at", "1600000000"),
    ("the explanation of an unknown issuer", CLAIMS | {"iss": "https://x.example.com"}, "issuer-unregistered"),
    ("the explanation of an unknown audience", CLAIMS | {"aud": "x"}, "audience-unregistered"),
    ("the explanation of a token without sub", {k: v for k, v in CLAIMS.items() if k != "sub"}, "claim-missing"),
    ("the explanation of a session too long", CLAIMS | {"sub": f"org/{CIRCLECI_ORG}/project/"
                                                        "dabad1c2-62eb-48a6-87ab-fc6ae6589281/user/u"},
     "duration-over-maximum", "--duration", "2h"),
    ("the explanation of a parameter out of AWS's limits", CLAIMS, "parameter-invalid", "--session-name", "a b"),
], of_claims)


@case("the explanation of what is no token is as the schema says")
def _(t):
    is_valid(t, t.run("explain", "--role", OIDC_ROLE, "--token", t.file("junk", "junk"), "--format", "json").json())


@case("explanations of exchanges are as the schema says, whatever the action")
def _(t):
    with t.serve() as server:
        server.assume(OIDC_ROLE, t.token())
        server.assume(PROJECT_ROLE, t.token("circleci", *OTHERS))
        server.assume(PROJECT_ROLE, "junk")
        server.call(Action="AssumeRoleWithWebIdentity")
        server.call(Action="GetCallerIdentity")
        server.call(Action="NoSuchAction")
        server.call()
        exchanges = server.exchanges()
        equal("exchanges", len(exchanges), 7)
        for exchange in exchanges:
            is_valid(t, server.get(f"/_understudy/exchanges/{exchange['request_id']}").json())


def answered(t, *args):
    done = t.run("can", "--role", OIDC_ROLE, *args, "--format", "json")
    want(done.status in (0, 1), done)
    is_valid(t, done.json(), "can")
    return done.json()


table([(f"the answer of can about {args[0]} is as the schema says", args) for args in (
    ["ecr:GetAuthorizationToken"], ["ecr:PutImage"], ["ecr:GetAuthorisationToken"], ["s3:GetObject"],
    ["iam:GetRole", "arn:aws:iam::210987654321:role/x", "--context", "aws:x=1", "--context", "aws:x=2"],
)], lambda t, args: answered(t, *args))


def changed(t, name, good, at_least):
    checks = validator(t, name)
    optional = {"note", "code", "message"}
    tried = 0
    for path, key in places(good):
        for change in ("another type", *(("missing", "misnamed") if isinstance(key, str) else ())):
            bad = copy.deepcopy(good)
            owner = at(bad, path)
            value = owner[key]
            if key == "value" and path[-1:] == ("edit",) or change == "missing" and key in optional - {"code", "message"}:
                continue
            if change == "another type":
                owner[key] = 7.5
            else:
                del owner[key]
            if change == "misnamed":
                owner[key + "s"] = value
            tried += 1
            want(not checks.is_valid(bad), f"{change}: {(*path, key)}")
    want(tried > at_least, f"only {tried} changes were tried")


@case("a member that is missing, misnamed or of another type is not as the schema says")
def _(t):
    changed(t, "explanation", explained(t, "--platform", "github/immutable", "--role", "GitHub-Actions-Role"), 100)


@case("such a member of an answer of can is not either")
def _(t):
    changed(t, "can", answered(t, "ecr:GetAuthorisationToken"), 50)
    changed(t, "can", answered(t, "ecr:PutImage"), 50)
