"""understudy explain and platforms."""

import json

from cases import CIRCLECI_ISSUER, CIRCLECI_ORG, NOT_AUTHORIZED, OIDC_ROLE, OTHER_PROJECT, OTHERS, PROJECT_ROLE
from cases import case, equal, holds, matches, role_arn, table, want

ASK = ["explain", "--role", PROJECT_ROLE, "--platform", "circleci"]
REFUSED = [*ASK, *OTHERS]
SUB = CIRCLECI_ISSUER.removeprefix("https://") + ":sub"
MEMBERS = {"request_id", "time", "action", "decision", "reason", "aws", "role", "token", "checks", "context",
           "unmapped_claims", "statements", "hints"}
STATEMENT_MEMBERS = {"index", "effect", "matched", "principal", "action", "conditions"}


@case("explain of what is allowed is status 0")
def _(t):
    t.run(*ASK).want(0, "(?i)allowed")


@case("explain of what is denied is status 1, with the condition, what it wanted and what it got")
def _(t):
    done = t.run(*REFUSED).want(1)
    holds("stdout", done.out, "trust-denied", SUB, OTHER_PROJECT, "dabad1c2-62eb-48a6-87ab-fc6ae6589281")


@case("explain --format json has the pinned members")
def _(t):
    why = t.run(*REFUSED, "--format", "json").want(1).json()
    equal("missing", MEMBERS - set(why), set())
    equal("decision", [why["decision"], why["reason"], why["role"]],
          ["denied", "trust-denied", role_arn(PROJECT_ROLE)])
    equal("aws", why["aws"], {"status": 403, "code": "AccessDenied", "message": NOT_AUTHORIZED})
    equal("signature", why["token"]["signature"], "valid")
    equal("missing of a statement", STATEMENT_MEMBERS - set(why["statements"][0]), set())
    want({c["name"]: c["passed"] for c in why["checks"]}.get("issuer-registered"), json.dumps(why["checks"]))
    want(SUB in why["context"], json.dumps(why["context"]))
    want(why["hints"] and why["hints"][0]["text"] and why["hints"][0]["edit"]["path"], json.dumps(why["hints"]))


@case("a claim that AWS makes no condition key of is said to be unmapped")
def _(t):
    why = t.run(*ASK, "--format", "json").want(0).json()
    want("oidc.circleci.com/context-ids" in why["unmapped_claims"], json.dumps(why["unmapped_claims"]))


@case("a token whose key nobody here holds is explained, the signature said to be unchecked")
def _(t):
    token = t.run("token", "--platform", "circleci", "--keys", t.dir / "elsewhere").want(0).out
    path = t.file("token.jwt", token)
    done = t.run("explain", "--role", PROJECT_ROLE, "--token", path)
    holds("stdout and stderr", done.out + done.err, "signature not checked")
    why = t.run("explain", "--role", PROJECT_ROLE, "--token", path, "--format", "json").json()
    equal("signature", why["token"]["signature"], "unchecked")
    want(token.strip() not in json.dumps(why), "the explanation holds the token")


@case("claims alone can be explained")
def _(t):
    claims = {"iss": CIRCLECI_ISSUER, "aud": CIRCLECI_ORG, "sub": f"org/{CIRCLECI_ORG}/project/none/user/none",
              "iat": 1700000000, "exp": 1700003600}
    path = t.file("claims.json", claims)
    t.run("explain", "--role", OIDC_ROLE, "--claims", path).want(0)
    t.run("explain", "--role", PROJECT_ROLE, "--claims", path).want(1, "trust-denied")
    late = ["--at", "2023-11-14T23:30:00Z"]
    t.run("explain", "--role", OIDC_ROLE, "--claims", path, *late).want(1, "token-expired")


@case("--trust-policy tries another policy for the role")
def _(t):
    policy = t.file("trust.json", {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"}]})
    t.run(*ASK, "--trust-policy", policy).want(1, "trust-denied")


@case("--trust-policy that IAM keeps from before its controls is explained, with a note")
def _(t):
    github = "token.actions.githubusercontent.com"
    policy = t.file("old.json", {"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{github}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{github}:aud": "sts.amazonaws.com"}}}})
    t.run("explain", "--role", "old", "--platform", "github", "--trust-policy", policy).want(
        0, "allowed", r"note: \S*old\.json:1:\d+: \$\.Statement\.Condition: today IAM would not save this: "
                      r"Trust policy with trusted principal .* must evaluate")


@case("--trust-policy that IAM never took is bad input, with IAM's words and its own place")
def _(t):
    policy = t.file("wild.json", {"Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"},
                                                "Action": "sts:*"}})
    t.run("explain", "--role", "x", "--platform", "github", "--trust-policy", policy).want(
        2, r"\A\Z", r"wild\.json:1:\d+: \$\.Statement\.Action: IAM refuses this trust policy: "
                    r'"AssumeRole policy may only specify STS AssumeRole actions\."')


@case("a trust policy with a misspelt operator is bad input, with its place")
def _(t):
    policy = t.file("trust.json", {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/x.example.com"},
         "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEqual": {"x.example.com:aud": "a"}}}]})
    done = t.run(*ASK, "--trust-policy", policy).want(2, r"\A\Z")
    matches("stderr", done.err, r"trust\.json:\d+:\d+: \$\.Statement\[0\]\.Condition\.StringEqual")


table([
    ("a session name that AWS does not take is refused as AWS does", ["--session-name", "a b"],
     r"parameter-invalid.*[^\0]*ValidationError"),
    ("a duration out of AWS's range is refused as AWS does", ["--duration", "13h"],
     r"parameter-invalid.*[^\0]*less than or equal to 43200"),
    ("a policy ARN that is too short is refused as AWS does", ["--policy-arn", "arn:aws"],
     r"parameter-invalid.*[^\0]*policyArns\.1\.member\.arn"),
], lambda t, args, text: t.run(*ASK, *args).want(1, text))


PLATFORMS = ["render", "env0", "pulumi", "circleci", "github", "eks", "generic"]


@case("platforms names every platform")
def _(t):
    holds("stdout", t.run("platforms").want(0).out, *PLATFORMS)


table([
    ("platforms circleci tells variants, parameters, claims and delivery", "circleci",
     ["v1", "v2", "org_id", "project_id", "oidc.circleci.com/project-id", "CIRCLE_OIDC_TOKEN"]),
    ("platforms pulumi tells its four variants", "pulumi", ["deploy", "esc", "esc-iac", "v2", "PULUMI_OIDC_TOKEN"]),
    ("platforms render tells its two variants", "render", ["service", "cron", "AWS_WEB_IDENTITY_TOKEN_FILE"]),
    ("platforms env0 tells its trailing slash, and its keys without it", "env0",
     ["https://login.app.env0.com/\"", "ENV0_OIDC_TOKEN", "Keys at https://login.app.env0.com/.well-known/jwks.json"]),
    ("platforms github tells its two variants", "github", ["classic", "immutable"]),
], lambda t, p, parts: holds("stdout", t.run("platforms", p).want(0).out, *parts))


@case("platforms of an unknown name is bad input, and the known ones are named")
def _(t):
    t.run("platforms", "jenkins").want(2, r"\A\Z", "circleci")


table([(f"every fact of {p} is marked documented, observed or inferred", p) for p in PLATFORMS[:5]],
      lambda t, p: matches("stdout", t.run("platforms", p).want(0).out, "documented|observed|inferred"))
