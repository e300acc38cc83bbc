"""understudy schema config, scenario and platform: what they say of files, and what the program says of them."""

import copy
import functools
import json
import re

from cases import ACCOUNT, OIDC_ROLE, ROOT, case, equal, holds, table, want
from schemas import at, errors_of, is_valid, places, validator

# ---- files that are shipped ----

def kind_of(value):
    """Which schema, and which part of it, a document is to be valid under."""
    if not isinstance(value, dict):
        return None
    if "steps" in value or "scenario" in value:
        return "scenario", None
    if "Statement" in value:
        trust = any("Principal" in s for s in (value["Statement"] if isinstance(value["Statement"], list)
                                                else [value["Statement"]]))
        return "config", "trust_policy" if trust else "policy"
    if "platform" in value and "claims" in value:
        return "platform", None
    if "keys" in value:
        return "config", "jwks"
    return ("config", None) if {"oidc_providers", "roles", "accounts", "account"} & set(value) else None


def shipped():
    for pattern in ("scenarios/worlds/*.json", "scenarios/data/**/*.json", "docs/examples/**/*.json",
                    "issuer/profiles/*.json"):
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix(), path.read_text()
    for path in sorted((ROOT / "docs").glob("*.md")):
        for number, fence in enumerate(re.findall(r"^```json\n(.*?)^```", path.read_text(), re.M | re.S)):
            try:
                json.loads(fence)
            except ValueError:
                continue  # a part of a document
            yield f"docs/{path.name} ({number})", fence


@case("every config, scenario, profile and policy we ship is as its schema says")
def _(t):
    of = {name: [] for name in ("config", "scenario", "platform")}
    for name, text in shipped():
        kind = kind_of(json.loads(text))
        if kind:
            errors = errors_of(validator(t, *kind), json.loads(text))
            want(not errors, "\n".join([name, *errors]))
            of[kind[0]].append(name)
    for folder, kind in (("scenarios/worlds", "config"), ("scenarios/data", "scenario"), ("issuer/profiles", "platform")):
        want(any(name.startswith(folder) for name in of[kind]), f"no {kind} of {folder} was looked at")
    for page, kind in (("scenario-format.md", "scenario"), ("platforms.md", "platform")):
        want(any(page in name for name in of[kind]), f"no {kind} of docs/{page} was looked at")
    for path in ROOT.glob("scenarios/data/**/*.json"):
        want(kind_of(json.loads(path.read_text())), f"{path.name} is no config, no scenario and no policy")


# ---- right and wrong files, judged by the schema and by the program ----

PROVIDER = "ci.example.com"
TRUST = {"Version": "2012-10-17", "Id": "trust", "Statement": [{
    "Sid": "web", "Effect": "Allow", "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
    "Principal": {"Federated": [f"arn:aws:iam::{ACCOUNT}:oidc-provider/{PROVIDER}"], "AWS": ACCOUNT,
                  "Service": "ec2.amazonaws.com", "CanonicalUser": "0123456789abcdef" * 4},
    "Condition": {"StringEquals": {f"{PROVIDER}:aud": ["sts.amazonaws.com"]}, "Bool": {"aws:SecureTransport": True},
                  "ForAnyValue:StringLikeIfExists": {f"{PROVIDER}:amr": "a*"}, "Null": {f"{PROVIDER}:sub": False},
                  "NumericLessThan": {"aws:MultiFactorAuthAge": 3600.5}, "IpAddress": {"aws:SourceIp": []},
                  "NoSuchOperator": {}}}]}
POLICY = {"Version": "2008-10-17", "Id": "p", "Statement": [
    {"Sid": "1", "Effect": "Allow", "Action": ["s3:*", "*"], "Resource": "*"},
    {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["arn:aws:iam::*:role/x"], "Condition": {}}]}
JWKS = {"keys": [{"kty": "RSA"}, "what is unusable is not refused here"]}
PROFILE = {
    "$schema": "platform.json", "platform": "our-ci", "title": "Our CI",
    "parameters": {
        "project": {"default": "web", "type": "string", "pattern": "^[a-z-]+$", "about": "the project"},
        "tags": {"default": ["a"], "type": ["array"]}, "count": {"default": 3}, "fork": {"default": False},
        "trigger": {"default": {"$first": [{"if": {"$variant": "job"}, "value": "api"}, {"value": "push"}]}},
    },
    "derived": {"slug": "p-{project}"},
    "issuer": "https://ci.example.com/{project}", "jwks_path": "/keys", "keyring": "our-ci", "alg": "ES256",
    "kid_shape": "uuid", "lifetime_s": 600, "header": {"alg": "{$alg}", "kid": "{$kid}", "typ": "JWT"},
    "claims": {"iss": "{$iss}", "sub": "{slug}", "tags": "{tags}", "count": "{count}", "fork?": "{fork}", "none": None,
               "all": {"$each": "tags", "of": {"a": "A"}}, "float": 0.5, "list": ["{trigger}", {"a": [1]}],
               "first": {"$first": [{"if": {"fork": {"not": True}, "count": 3}, "value": {"x": "y"}}]},
               "iat": "{$iat}", "exp": "{$exp}"},
    "discovery": {"claims_supported": ["sub"], "id_token_signing_alg_values_supported": ["{$alg}"]},
    "session_name": "our-{project}", "role_variable": "OUR_ROLE_ARN",
    "deliveries": [{"env": "OUR_TOKEN", "variant": "job"}, {"file": "/run/token"},
                   {"env_file": "OUR_FILE", "path": "/run/other"}, {"credentials": True}],
    "variants": {"job": {"about": "a job", "issuer": "https://ci.example.com/{project}", "jwks_path": "/k", "keyring": "other",
                         "alg": "RS256", "kid_shape": "auth0", "lifetime_s": 60, "header": {"kid": "{$kid}", "alg": "{$alg}"},
                         "claims": {"job": True}, "discovery": {}, "session_name": "job", "deliveries": []},
                 "service": {}},
    "facts": [{"fact": "it is", "evidence": "observed", "source": "a log"}],
}
ACCOUNT_PART = {
    "oidc_providers": [
        {"url": f"https://{PROVIDER}", "client_ids": ["sts.amazonaws.com"], "thumbprints": ["0123456789" * 4],
         "tags": {"team": "infra"}, "keys": "local", "created": "2024-05-01T00:00:00Z"},
        {"url": "https://a.example.com/", "keys": {"jwks": JWKS}},
        {"url": "https://b.example.com", "keys": {"jwks_file": "jwks.json"}}],
    "roles": [
        {"name": "deploy", "path": "/ci/", "description": "x", "max_session_duration": 7200, "tags": {"team": "infra"},
         "created": "2024-05-01 00:00:00.5+01:00", "id": "AROA23456723456723456", "trust_policy": TRUST,
         "policies": {"inline": POLICY, "file": {"$file": "policy.json"}},
         "attached_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
         "permissions_boundary": f"arn:aws:iam::{ACCOUNT}:policy/limit"},
        {"name": "other", "trust_policy": {"$file": "trust.json"}}],
    "managed_policies": [
        {"name": "limit", "path": "/", "description": "x", "id": "ANPA23456723456723456", "created": "1700000000",
         "updated": "2024-05-01T00:00:00Z", "tags": {}, "policy": POLICY},
        {"name": "many", "versions": [{"version": 2, "policy": POLICY, "created": "2024-05-01T00:00:00Z"},
                                      {"version": 4, "policy": {"$file": "policy.json"}}],
         "default_version": 2, "last_version": 5}],
    "users": [{"name": "ada", "path": "/", "id": "AIDA23456723456723456", "created": "2024-05-01T00:00:00Z", "tags": {},
               "policies": {"inline": POLICY}, "attached_policies": [], "permissions_boundary": "",
               "service_credentials": [{
                   "id": "ACCAEXAMPLE", "service_name": "codecommit.amazonaws.com", "user_name": "ada-at", "password": "p",
                   "status": "Inactive", "created": "2024-05-01T00:00:00Z", "expires": "2034-05-01T00:00:00Z"}]}],
    "account_alias": "our-account",
    "outbound_federation": {"issuer": "https://x.tokens.sts.global.api.aws", "enabled": True},
}
CREDENTIAL = {"access_key_id": "AKIAADA", "secret_access_key": "s", "user": "ada", "status": "Active",
              "created": "2024-05-01T00:00:00Z"}
CONFIG = {
    "$schema": "config.json", "account": ACCOUNT, "region": "us-east-1", "dialect": "classic", **ACCOUNT_PART,
    "credentials": [CREDENTIAL],
    "issuers": [{"url": "https://builds.example.com", "alg": "ES256", "local": True}],
    "accounts": {"999999999999": ACCOUNT_PART | {
        "credentials": [CREDENTIAL | {"access_key_id": "AKIAOTHER"}], "account_alias": "",
        "roles": [{"name": "r", "trust_policy": TRUST | {"Statement": TRUST["Statement"][0]}}]}},
    "platforms": [PROFILE, "profile.json"], "source_ip": "2001:db8::1",
    "faults": [{"action": "GetCallerIdentity", "error": "Throttling", "message": "Rate exceeded", "status": 400,
                "delay_ms": 10, "drop": False, "truncate": 10, "times": 1, "after": 2, "probability": 0.5, "seed": 7},
               {"action": "jwks", "drop": True}],
}
CALL = {"Action": "GetCallerIdentity", "N": 1, "B": True, "Policy": {"Statement": []}, "L": ["x", {"arn": "y"}, ["{t}"]]}
STEPS = [
    {"mint": {"platform": "circleci", "set": {}, "claims": {"x": 1}, "header": {}, "flaw": "expired", "audience": ["a"],
              "lifetime_s": 60}, "save": "t", "note": "a note"},
    {"token": {"header": {}, "claims": {"iss": "https://a.example.com"}, "verified": False}, "save": "T-1_"},
    {"session": {"role": "arn:aws:iam::123456789012:role/r", "name": "s1", "issued": "2026-09-11T12:00:00Z", "expires": 1800000000,
                 "tags": {"team": "blue"}, "transitive": ["team"], "source_identity": "ada", "provider": "arn:x",
                 "subject": "s", "audience": "a", "amr": ["x"], "policy": POLICY, "policy_arns": ["arn:y"]}, "save": "s1"},
    {"session": {"user": "arn:aws:iam::123456789012:user/ada", "mfa": 1800000000, "lifetime_s": 900, "policy": "{}"}, "save": "s2"},
    {"session": {"root": "123456789012", "federated": "bob"}, "save": "s3"},
    {"call": CALL, "as": "test", "save": "creds", "expect": {
        "status": 403, "error": "AccessDenied", "message": {"like": "Not *"}, "result": {"Arn": {"like": "*"}, "X": None},
        "because": {"reason": "trust-denied", "detail": "x", "check": "trust-policy", "statement": 0,
                    "operator": "StringLike", "key": "k", "hint": "h"}}},
    {"call": {}, "as": {"access_key_id": "a", "secret_access_key": "b", "session_token": "c"}, "expect": {"lost": True}},
    {"get": "/issuers/x/.well-known/jwks.json", "save": "d", "expect": {"status": 200, "result": ["any"]}},
    {"advance": "1h30m"}, {"advance": 60}, {"clock": "2026-09-11T12:00:00Z"}, {"clock": 1800000000},
    {"rotate": "https://a.example.com"}, {"rotate": {"issuer": "https://a.example.com", "publish": False}},
    {"publish": "https://a.example.com"}, {"retire": "https://a.example.com"}, {"down": "https://a.example.com"},
    {"up": "https://a.example.com"}, {"fault": {"status": 503}}, {"fault": "none"}, {"source_ip": "203.0.113.7"},
    {"world": {"roles": [{"name": "deploy", "description": None, "tags": {"team": None},
                          "policies": {"inline": None, "new": POLICY}, "trust_policy": TRUST},
                         {"name": "other", "$remove": True}],
               "oidc_providers": [{"url": f"https://{PROVIDER}", "client_ids": []}], "users": [{"name": "ada", "path": "/x/"}],
               "accounts": {"999999999999": None, "888888888888": {"roles": []}}, "source_ip": None}},
]
SCENARIO = {"$schema": "scenario.json", "scenario": "it is so", "story": "s", "source": "a guide", "clock": 1800000000,
            "world": {"$file": "config.json"}, "steps": STEPS}
FILES = {"jwks.json": JWKS, "policy.json": POLICY, "trust.json": TRUST, "profile.json": PROFILE | {"platform": "their-ci"},
         "config.json": CONFIG}


def put_files(t):
    for name, value in FILES.items():
        t.file(name, value)


def program_takes(t, kind, value):
    """What the program says to the file: None, or its refusal."""
    put_files(t)
    if kind == "scenario":
        t.file("file.json", value)
        done = t.run("replay", "file.json")
        want(done.status in (0, 1, 2), done)
        return done.out + done.err if done.status == 2 else None
    t.file("file.json", {"platforms": ["given.json"]} if kind == "platform" else value)
    if kind == "platform":
        t.file("given.json", value)
    done = t.run("token", "--platform", "circleci", "--config", "file.json")
    want(done.status in (0, 2), done)
    return done.err if done.status else None


WHOLE = {"config": CONFIG, "scenario": SCENARIO, "platform": PROFILE}


def right(t, kind, value):
    is_valid(t, value, kind)
    refusal = program_takes(t, kind, value)
    want(refusal is None, refusal)


table([
    ("a config with every member there is is right", "config", CONFIG),
    ("an empty config is right", "config", {}),
    ("a scenario with every member there is is right", "scenario", SCENARIO),
    ("a scenario in a world of its own is right", "scenario", SCENARIO | {"world": CONFIG}),
    ("a profile with every member there is is right", "platform", PROFILE),
    ("a profile whose variants alone have issuer and claims is right", "platform", {
        "platform": "x", "variants": {"a": {"issuer": "https://a.example.com", "claims": {"sub": "a"}}}}),
], right)


def members_of(schema):
    """Every member that any of the schema's objects may have."""
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key == "properties":
            yield from value
        if isinstance(value, (dict, list)):
            yield from members_of(value)


def keys_of(value):
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield key
        yield from keys_of(inner)


table([(f"those files have every member that schema {kind} tells of", kind) for kind in WHOLE],
      lambda t, kind: equal("missing", sorted(
          set(members_of(validator(t, kind).schema)) - set(keys_of([WHOLE[kind], PROFILE, CONFIG, STEPS])) -
          {"StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIgnoreCase", "ForAnyValue:StringEquals",
           "ForAnyValue:StringLike", "ForAllValues:StringEquals", "ForAllValues:StringLike", "ArnLike", "DateGreaterThan",
           "DateLessThan", "NumericLessThanEquals"}), []))


def wrong(t, kind, value):
    want(not validator(t, kind).is_valid(value), "the schema takes it")
    want(program_takes(t, kind, value) is not None, "the program takes it")


def role(**more):
    return {"roles": [{"name": "r", "trust_policy": TRUST} | more]}


def trust(**more):
    return role(trust_policy={"Version": "2012-10-17", "Statement": TRUST["Statement"][0] | more})


def inline(**more):
    return role(policies={"p": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"} | more}})


def provider(**more):
    return {"oidc_providers": [{"url": "https://a.example.com"} | more]}


def profile(**more):
    return {k: v for k, v in (PROFILE | more).items() if v is not ...}


def parameter(**more):
    return profile(parameters=PROFILE["parameters"] | {"project": PROFILE["parameters"]["project"] | more})


def step(*steps):
    return {"scenario": "x", "steps": list(steps)}


def call(**more):
    return step({"call": {"Action": "GetCallerIdentity"}} | more)


def expect(**more):
    return call(expect=more)


WRONG = [("config", sentence, value) for sentence, value in [
    ("no object", []), ("an unknown member", {"rolls": []}), ("no text for $schema", {"$schema": 1}),
    ("an account of eleven digits", {"account": "12345678901"}), ("a region in capitals", {"region": "US-EAST-1"}),
    ("a dialect there is not", {"dialect": "modern"}), ("an object of roles", {"roles": {}}),
    ("a source_ip that is a name", {"source_ip": "localhost"}), ("an alias of two letters", {"account_alias": "ab"}),
    ("an alias with two hyphens", {"account_alias": "a--b"}), ("an account's id that is a name", {"accounts": {"prod": {}}}),
    ("a region in another account", {"accounts": {"999999999999": {"region": "us-east-1"}}}),
    ("a platform that is a number", {"platforms": [1]}),
    ("a provider without url", {"oidc_providers": [{}]}), ("a provider over http", provider(url="http://a.example.com")),
    ("a provider's URL with a query", provider(url="https://a.example.com?x")),
    ("a provider's URL without a host", provider(url="https:///x")),
    ("a provider's misspelt client_ids", provider(client_id=["x"])), ("an empty client id", provider(client_ids=[""])),
    ("101 client ids", provider(client_ids=[str(i) for i in range(101)])),
    ("a thumbprint of 39", provider(thumbprints=["a" * 39])), ("six thumbprints", provider(thumbprints=["a" * 40] * 6)),
    ("keys from elsewhere", provider(keys="remote")), ("keys twice", provider(keys={"jwks": JWKS, "jwks_file": "jwks.json"})),
    ("keys of nothing", provider(keys={})), ("a key set without keys", provider(keys={"jwks": {}})),
    ("a tag that is a number", provider(tags={"a": 1})), ("51 tags", provider(tags={str(i): "" for i in range(51)})),
    ("a time that is none", provider(created="yesterday")), ("a time that is a number", provider(created=1700000000)),
    ("a role without a name", {"roles": [{"trust_policy": TRUST}]}), ("a role without trust policy", {"roles": [{"name": "r"}]}),
    ("a role's name with a blank", role(name="a b")), ("a role's name of 65", role(name="a" * 65)),
    ("a path without slash", role(path="ci")), ("a session of a minute", role(max_session_duration=60)),
    ("a session as text", role(max_session_duration="3600")), ("an id of a user", role(id="AIDA23456723456723456")),
    ("an id too short", role(id="AROA")), ("an attached policy by name", role(attached_policies=["Admin"])),
    ("21 attached policies", role(attached_policies=["arn:aws:iam::aws:policy/x"] * 21)),
    ("a boundary by name", role(permissions_boundary="Admin")), ("a policy that is a list", role(policies={"p": []})),
    ("a list of policies", role(policies=[])), ("an unknown member of a role", role(trust={})),
    ("a file and more", role(trust_policy={"$file": "trust.json", "Version": "2012-10-17"})),
    ("a file that is a number", role(trust_policy={"$file": 1})),
    ("a trust policy without statement", role(trust_policy={"Version": "2012-10-17"})),
    ("a trust policy with no statement", role(trust_policy={"Statement": []})),
    ("another version", role(trust_policy=TRUST | {"Version": "2012-10-18"})),
    ("an id that is a number", role(trust_policy=TRUST | {"Id": 1})),
    ("an unknown element", role(trust_policy=TRUST | {"Statements": []})), ("effect allow", trust(Effect="allow")),
    ("a Sid with a blank", trust(Sid="a b")), ("an action of another service", trust(Action="s3:GetObject")),
    ("an action with wildcards", trust(Action="sts:*")), ("no action", trust(Action=[])),
    ("a trust policy's Resource", trust(Resource="*")), ("a trust policy's NotAction", trust(NotAction="sts:TagSession")),
    ("a trust policy's NotPrincipal", trust(NotPrincipal={"AWS": "*"})), ("a principal of no kind", trust(Principal=ACCOUNT)),
    ("an unknown kind of principal", trust(Principal={"OIDC": "x"})), ("nobody", trust(Principal={})),
    ("an empty principal", trust(Principal={"AWS": ""})), ("a principal that is a number", trust(Principal={"AWS": 1})),
    ("a provider without account", trust(Principal={"Federated": "arn:aws:iam:::oidc-provider/a.example.com"})),
    ("a provider's URL", trust(Principal={"Federated": "https://a.example.com"})),
    ("a provider of another service", trust(Principal={"Federated": [f"arn:aws:sts::{ACCOUNT}:oidc-provider/a.example.com"]})),
    ("a principal of eleven digits", trust(Principal={"AWS": "12345678901"})),
    ("a service without domain", trust(Principal={"Service": "ec2"})),
    ("a canonical user of ten digits", trust(Principal={"CanonicalUser": "0123456789"})),
    ("a condition that is a list", trust(Condition=[])),
    ("an unknown operator", trust(Condition={"StringEqual": {"a": "b"}})),
    ("an operator with another word before", trust(Condition={"ForSomeValue:StringEquals": {"a": "b"}})),
    ("Null with IfExists", trust(Condition={"NullIfExists": {"a": "true"}})),
    ("an operator that holds a text", trust(Condition={"StringEquals": "a"})),
    ("a condition's value that is an object", trust(Condition={"StringEquals": {"a": {}}})),
    ("a condition's value that is null", trust(Condition={"StringEquals": {"a": [None]}})),
    ("a policy's Principal", inline(Principal="*")), ("a resource that is no ARN", inline(Resource="bucket")),
    ("no resource", inline(Resource=[])), ("an action without service", inline(Action="GetObject")),
    ("an action with two colons", inline(Action="s3:Get:Object")), ("Action and NotAction", inline(NotAction="*")),
    ("Resource and NotResource", inline(NotResource="*")), ("an unknown element of a statement", inline(Conditions={})),
    ("a managed policy without policy", {"managed_policies": [{"name": "p"}]}),
    ("a managed policy's name of 129", {"managed_policies": [{"name": "a" * 129, "policy": POLICY}]}),
    ("a policy and versions", {"managed_policies": [{"name": "p", "policy": POLICY, "default_version": 1,
                                                     "versions": [{"version": 1, "policy": POLICY}]}]}),
    ("a policy and its last version", {"managed_policies": [{"name": "p", "policy": POLICY, "last_version": 1}]}),
    ("versions of which none is in force", {"managed_policies": [{"name": "p", "versions": [{"version": 1, "policy": POLICY}]}]}),
    ("a version without number", {"managed_policies": [{"name": "p", "default_version": 1, "versions": [{"policy": POLICY}]}]}),
    ("version 0", {"managed_policies": [{"name": "p", "default_version": 1, "versions": [{"version": 0, "policy": POLICY}]}]}),
    ("no versions", {"managed_policies": [{"name": "p", "default_version": 1, "versions": []}]}),
    ("a user with a trust policy", {"users": [{"name": "u", "trust_policy": TRUST}]}), ("a user without name", {"users": [{}]}),
    ("a service credential without service", {"users": [{"name": "u", "service_credentials": [{"id": "x"}]}]}),
    ("a status in capitals", {"credentials": [{"access_key_id": "a", "secret_access_key": "b", "status": "ACTIVE"}]}),
    ("a credential without secret", {"credentials": [{"access_key_id": "a"}]}),
    ("an empty secret", {"credentials": [{"access_key_id": "a", "secret_access_key": ""}]}),
    ("a token among credentials", {"credentials": [{"access_key_id": "a", "secret_access_key": "b", "session_token": "c"}]}),
    ("an issuer without url", {"issuers": [{}]}), ("an issuer with HS256", {"issuers": [{"url": "https://a.example.com", "alg": "HS256"}]}),
    ("local as text", {"issuers": [{"url": "https://a.example.com", "local": "yes"}]}),
    ("federation without enabled", {"outbound_federation": {"issuer": "https://a.example.com"}}),
    ("federation over http", {"outbound_federation": {"issuer": "http://a.example.com", "enabled": True}}),
    ("an unknown member of a fault", {"faults": [{"status": 503, "code": "x"}]}), ("a fault without effect", {"faults": [{}]}),
    ("a fault that does not drop", {"faults": [{"drop": False}]}), ("a fault of status 200", {"faults": [{"status": 200}]}),
    ("an error code with a blank", {"faults": [{"error": "a b"}]}), ("a message without error", {"faults": [{"message": "x", "drop": True}]}),
    ("an error of a document", {"faults": [{"action": "jwks", "error": "Throttling"}]}),
    ("a probability of 2", {"faults": [{"drop": True, "probability": 2}]}), ("101 faults", {"faults": [{"drop": True}] * 101}),
]] + [("platform", sentence, value) for sentence, value in [
    ("no platform", profile(platform=...)), ("no text for $schema", profile(**{"$schema": 1})),
    ("an issuer over http", profile(issuer="http://a.example.com", variants=...)), ("alg HS256", profile(alg="HS256")), ("a name in capitals", profile(platform="Our")), ("an unknown member", profile(name="x")),
    ("a title that is a number", profile(title=1)), ("no issuer", profile(issuer=..., variants=...)),
    ("no claims", profile(claims=..., variants=...)), ("a list of parameters", profile(parameters=[])),
    ("a parameter without default", profile(parameters={"project": {}})), ("a parameter in capitals", profile(parameters={"Project": {"default": ""}})),
    ("an unknown type", parameter(type="text")), ("no type", parameter(type=[])), ("a default of null", parameter(default=None)),
    ("a default that is an object", parameter(default={"a": "b"})), ("an unknown member of a parameter", parameter(help="x")),
    ("a pattern that is a number", parameter(pattern=1)), ("an issuer that is a number", profile(issuer=1, variants=...)),
    ("a keyring that is a list", profile(keyring=[], variants=...)), ("a path of keys without slash", profile(jwks_path="keys", variants=...)),
    ("a path of keys with a query", profile(jwks_path="/keys?x", variants=...)), ("an unknown kid shape", profile(kid_shape="hex", variants=...)),
    ("a lifetime of 0", profile(lifetime_s=0, variants=...)), ("a list of claims", profile(claims=[])),
    ("an unknown $ word", profile(claims=PROFILE["claims"] | {"x": {"$last": []}})),
    ("$first of claims", profile(claims={"$first": [{"value": {}}]})), ("no case", profile(claims=PROFILE["claims"] | {"x": {"$first": []}})),
    ("a case without value", profile(claims=PROFILE["claims"] | {"x": {"$first": [{"if": {}}]}})),
    ("a case with else", profile(claims=PROFILE["claims"] | {"x": {"$first": [{"value": 1, "else": 2}]}})),
    ("$each without of", profile(claims=PROFILE["claims"] | {"x": {"$each": "tags"}})),
    ("an issuer in discovery", profile(discovery={"issuer": "x"}, variants=...)), ("a delivery of two kinds", profile(deliveries=[{"env": "A", "file": "/a"}])),
    ("a delivery of none", profile(deliveries=[{}])), ("a path beside env", profile(deliveries=[{"env": "A", "path": "/a"}])),
    ("a file that leads out", profile(deliveries=[{"file": "/a/../../b"}])), ("a folder for a file", profile(deliveries=[{"file": "/a/"}])),
    ("credentials false", profile(deliveries=[{"credentials": False}])), ("a variable with a hyphen", profile(role_variable="A-B")),
    ("no variants", profile(variants={})), ("a variant with parameters", profile(variants={"a": {"parameters": {}}})),
    ("a fact without evidence", profile(facts=[{"fact": "x"}])), ("another evidence", profile(facts=[{"fact": "x", "evidence": "told"}])),
]] + [("scenario", sentence, value) for sentence, value in [
    ("no title", {"steps": [{"advance": 1}]}), ("a blank title", {"scenario": " ", "steps": [{"advance": 1}]}),
    ("no steps", {"scenario": "x"}), ("an empty list of steps", step()), ("501 steps", step(*[{"advance": 1}] * 501)),
    ("an unknown member", step({"advance": 1}) | {"title": "x"}), ("a clock that is none", step({"advance": 1}) | {"clock": "noon"}),
    ("a world that is a text", step({"advance": 1}) | {"world": "demo"}), ("a wrong config", step({"advance": 1}) | {"world": {"rolls": []}}),
    ("a wrong file", step({"advance": 1}) | {"world": {"$file": "config.json", "roles": []}}),
    ("a step of nothing", step({})), ("a step of a note", step({"note": "x"})), ("an unknown step", step({"sleep": 1})),
    ("two things in a step", step({"advance": 1, "clock": 1})), ("an unknown member beside", step({"advance": 1, "why": "x"})),
    ("a mint that is not saved", step({"mint": {"platform": "circleci"}})),
    ("a mint of no platform", step({"mint": {}, "save": "t"})), ("a misspelt set", step({"mint": {"platform": "circleci", "sets": {}}, "save": "t"})),
    ("a lifetime as text", step({"mint": {"platform": "circleci", "lifetime_s": "1h"}, "save": "t"})),
    ("a name with a blank", step({"mint": {"platform": "circleci"}, "save": "a b"})),
    ("a token that is neither", step({"token": {"claims": {}}, "save": "t"})), ("a token without claims", step({"token": {"verified": True}, "save": "t"})),
    ("a token with a signature", step({"token": {"claims": {}, "verified": True, "signature": "x"}, "save": "t"})),
    ("an iss that is a number", step({"token": {"claims": {"iss": 1}, "verified": True}, "save": "t"})),
    ("a session of nobody", step({"session": {"name": "s1"}, "save": "s"})),
    ("a session of two", step({"session": {"user": "u", "root": "123456789012"}, "save": "s"})),
    ("a session of a role without a name", step({"session": {"role": "r"}, "save": "s"})),
    ("a user's session with a name", step({"session": {"user": "u", "name": "s1"}, "save": "s"})),
    ("a role's session that is federated", step({"session": {"role": "r", "name": "s1", "federated": "f"}, "save": "s"})),
    ("a session that is not saved", step({"session": {"root": "123456789012"}})),
    ("a session that ends no time", step({"session": {"root": "123456789012", "expires": "soon"}, "save": "s"})),
    ("a session of no length", step({"session": {"root": "123456789012", "lifetime_s": 0}, "save": "s"})),
    ("a session tag that is a number", step({"session": {"root": "123456789012", "tags": {"a": 1}}, "save": "s"})),
    ("a call that is a text", step({"call": "GetCallerIdentity"})), ("a parameter that is null", step({"call": {"Action": None}})),
    ("a parameter with a fraction", step({"call": {"Action": "GetCallerIdentity", "X": 1.5}})),
    ("as a number", call(**{"as": 1})), ("credentials without secret", call(**{"as": {"access_key_id": "a"}})),
    ("as beside get", step({"get": "/", "as": "test"})), ("expect beside advance", step({"advance": 1, "expect": {}})),
    ("save beside advance", step({"advance": 1, "save": "x"})), ("a get without slash", step({"get": "x"})),
    ("an advance that is none", step({"advance": "1 hour"})), ("an advance backwards in units", step({"advance": "1s1h"})),
    ("an empty advance", step({"advance": ""})), ("a clock of a step that is none", step({"clock": "noon"})),
    ("an issuer over http", step({"rotate": "http://a.example.com"})), ("a rotation of nothing", step({"rotate": {}})),
    ("a fault of no kind", step({"fault": "all"})),
    ("a patch that is a list", step({"world": []})), ("an address that is a name", step({"source_ip": "localhost"})),
    ("an unknown expectation", expect(code="x")), ("status 42", expect(status=42)), ("an error like another", expect(error={"like": "*"})),
    ("a message that is a number", expect(message=1)), ("like and more", expect(message={"like": "*", "not": "x"})),
    ("an unknown because", expect(because={"why": "x"})), ("a key of no statement", expect(because={"key": "x"})),
    ("statement -1", expect(because={"statement": -1})), ("a result that is a list", expect(result=[])),
    ("lost false", expect(lost=False)), ("lost and more", expect(lost=True, status=200)),
    ("because of a document", step({"get": "/", "expect": {"because": {}}})),
]]
table([(f"{kind}: {sentence} is refused by the schema and by the program", kind, value) for kind, sentence, value in WRONG],
      wrong)


@case("a mint, a fault and a patch with every member there is are right, and can be played")
def _(t):
    steps = [s for s in STEPS if {"mint", "world"} & set(s) or isinstance(s.get("fault"), dict)]
    mint = {k: v for k, v in steps[0]["mint"].items() if k != "flaw"}
    value = {"scenario": "x", "world": CONFIG, "steps": [steps[0] | {"mint": mint}, *steps[1:]]}
    is_valid(t, value, "scenario")
    put_files(t)
    t.file("file.json", value)
    t.run("replay", "file.json").want(0)


def wrong_when_played(t, step_of_it, says):
    """What comes of a patch is a config, and judged as one."""
    value = step(step_of_it)
    want(not validator(t, "scenario").is_valid(value), "the schema takes it")
    t.file("file.json", value)
    t.run("replay", "file.json").want(1, says)


table([
    ("a fault without effect is refused by the schema, and when it is played", {"fault": {"action": "*"}}, "does nothing"),
    ("an unknown member of a patch is refused by the schema, and when it is played", {"world": {"rolls": []}}, "rolls"),
    ("a patch of a role without name is refused by the schema, and when it is played",
     {"world": {"roles": [{"description": "x"}]}}, r'"name" is missing'),
    ("an unknown member of a patched role is refused by the schema, and when it is played",
     {"world": {"roles": [{"name": OIDC_ROLE, "trust": {}}]}}, r"\.trust: unknown member"),
    ("a patch that removes by halves is refused by the schema, and when it is played",
     {"world": {"roles": [{"name": OIDC_ROLE, "$remove": False}]}}, "remove"),
], wrong_when_played)


# ---- members ----

def known(text):
    found = re.search(r"expected one of: ([\w$, ]+)", text)
    want(found, text)
    return sorted(found.group(1).strip().split(", "))


NO = {"no such member": 1}
MEMBERS = [(kind, part, program, value) for kind, part, program, value in [
    ("config", "config", "config", NO),
    ("config", "account", "config", {"accounts": {"999999999999": NO}}),
    ("config", "provider", "config", provider(**NO)),
    ("config", "role", "config", role(**NO)),
    ("config", "file", "config", role(trust_policy={"$file": "x"} | NO)),
    ("config", "managed_policy", "config", {"managed_policies": [NO]}),
    ("config", "policy_version", "config", {"managed_policies": [{"name": "p", "versions": [NO]}]}),
    ("config", "user", "config", {"users": [NO]}),
    ("config", "service_credential", "config", {"users": [{"name": "u", "service_credentials": [NO]}]}),
    ("config", "credential", "config", {"credentials": [NO]}),
    ("config", "issuer", "config", {"issuers": [NO]}),
    ("config", "outbound_federation", "config", {"outbound_federation": NO}),
    ("config", "fault", "config", {"faults": [NO]}),
    ("config", "policy", "config", role(policies={"p": NO})),
    ("platform", "platform", "platform", profile(**NO)),
    ("platform", "platform_parameter", "platform", parameter(**NO)),
    ("platform", "variant", "platform", profile(variants={"a": NO})),
    ("platform", "delivery", "platform", profile(deliveries=[NO])),
    ("platform", "fact", "platform", profile(facts=[NO])),
    ("scenario", "scenario", "scenario", step() | NO),
    ("scenario", "step", "scenario", step(NO)),
    ("scenario", "step/properties/mint", "scenario", step({"mint": NO})),
    ("scenario", "step/properties/token", "scenario", step({"token": NO})),
    ("scenario", "step/properties/session", "scenario", step({"session": NO})),
    ("scenario", "step/properties/rotate/anyOf/1", "scenario", step({"rotate": NO})),
    ("scenario", "step/properties/as/anyOf/1", "scenario", call(**{"as": NO})),
    ("scenario", "expect", "scenario", expect(**NO)),
    ("scenario", "expect/properties/because", "scenario", expect(because=NO)),
]]


def same_members(t, kind, part, program, value):
    schema = functools.reduce(lambda at, key: at[int(key) if isinstance(at, list) else key], part.split("/"),
                              validator(t, kind).schema["$defs"])
    equal(part, sorted(schema["properties"]), known(program_takes(t, program, value) or ""))
    undescribed = [k for k, v in schema["properties"].items() if not described(validator(t, kind).schema, v)]
    equal("members without a description", undescribed, [])


def described(schema, member):
    name = member.get("$ref", "").removeprefix("#/$defs/")
    return "description" in member or "description" in schema["$defs"].get(name, {})


table([(f"schema {kind}: {part} has the members that the program knows, each with a description", kind, part, *more)
       for kind, part, *more in MEMBERS], same_members)


PATCHED = {"patch": "config", "patch_account": "account", "patch_provider": "provider", "patch_role": "role",
           "patch_managed_policy": "managed_policy", "patch_user": "user", "patch_credential": "credential",
           "patch_issuer": "issuer"}
table([(f"schema scenario: {patch} has the members of {whole}", patch, whole) for patch, whole in PATCHED.items()],
      lambda t, patch, whole: equal("members", *(
          sorted(set(validator(t, "scenario").schema["$defs"][part]["properties"]) - {"$remove"}) for part in (patch, whole))))


@case("no two schemas give a definition the same name")
def _(t):
    names = [name for path in ("scenarios/schema/config.json", "scenarios/schema/scenario.json", "issuer/schema/platform.json")
             for name in json.loads((ROOT / path).read_text())["$defs"]]
    equal("twice", sorted(n for n in set(names) if names.count(n) > 1), [])


@case("the operators of conditions are those that the program has")
def _(t):
    pattern, = validator(t, "config").schema["$defs"]["conditions"]["patternProperties"]
    for name in set(re.findall(r'STR_INIT\("(\w+)"\)', (ROOT / "fakests/policy/operator.c").read_text())):
        want(re.search(pattern, name), f"the schema has no {name}")
    holds("operators", pattern, "Null")
