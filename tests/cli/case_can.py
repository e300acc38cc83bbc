"""understudy can."""

import json

from cases import ACCOUNT, OIDC_ROLE, case, equal, holds, role_arn, table, want

IMAGES = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/demo-backend"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def role(name, *policies, **more):
    return {"name": name, "trust_policy": TRUST, "policies": {f"p{i}": p for i, p in enumerate(policies)}} | more


ARN = f"arn:aws:iam::{ACCOUNT}:policy/"
WORLD = {
    "region": "eu-west-1", "source_ip": "203.0.113.7",
    "managed_policies": [{"name": "limit", "policy": policy(allow(["s3:Get*", "iam:*"]))}],
    "roles": [
        role("deploy", policy(
            allow("s3:PutObject", "arn:aws:s3:::uploads/${aws:PrincipalTag/team}/*"),
            allow("sqs:SendMessage", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
            allow("sns:Publish", Condition={"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}),
            allow("ec2:CreateTags", Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}),
            allow("ec2:RunInstances", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
            allow("iam:GetUser", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}}),
            allow("iam:PassRole", Condition={"StringEquals": {"iam:ResourceTag/open": "yes"}}),
            {"Effect": "Deny", "Action": "kms:*", "Resource": "*"}, allow("kms:Decrypt"),
            {"Effect": "Allow", "Action": "s3:ListBucket", "NotResource": "arn:aws:s3:::secret"},
            {"Effect": "Allow", "NotAction": ["s3:*", "sqs:*", "sns:*", "ec2:*", "iam:*", "kms:*"],
             "Resource": "arn:aws:logs:*:*:*"}),
            tags={"team": "web"}),
        role("limited", policy(allow("*")), permissions_boundary=ARN + "limit"),
        role("strange", attached_policies=["arn:aws:iam::aws:policy/NobodyHasThisOne"]),
        role("bare", path="/ci/", tags={"open": "yes"}),
    ],
    "accounts": {"210987654321": {"roles": [role("theirs", policy(allow("s3:*")))]}},
}


def can(t, name, *args):
    return t.run("can", "--config", t.file("world.json", WORLD), "--role", name, *args)


def decided(t, status, decision, ids, name, *args):
    """The answer as JSON, and the ids of its hints."""
    answer = can(t, name, *args, "--format", "json").want(status).json()
    equal("decision", answer["decision"], decision)
    equal("hints", [h["id"] for h in answer["hints"]], ids)
    return answer


table([
    ("can: a role's policy allows", ["s3:PutObject", "arn:aws:s3:::uploads/web/x"]),
    ("can: an action's case does not matter", ["S3:putobject", "arn:aws:s3:::uploads/web/x"]),
    ("can: a key is given", ["sqs:SendMessage", "--context", "aws:SourceVpce=vpce-1"]),
    ("can: a key's case does not matter", ["sqs:SendMessage", "--context", "AWS:sourcevpce=vpce-1"]),
    ("can: a key that is given takes the place of what was known",
     ["sns:Publish", "--context", "aws:SourceIp=198.51.100.1"]),
    ("can: the role's tags too", ["s3:PutObject", "arn:aws:s3:::uploads/x/x", "--context", "aws:PrincipalTag/team=x"]),
    ("can: a key given twice is a list",
     ["ec2:CreateTags", "--context", "aws:TagKeys=a", "--context", "aws:tagkeys=b"]),
    ("can: the region is the world's", ["ec2:RunInstances"]),
    ("can: that of IAM is us-east-1", ["iam:GetUser"]),
    ("can: a role that is the resource brings its tags", ["iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/ci/bare"]),
    ("can: what NotResource does not name is allowed", ["s3:ListBucket", "arn:aws:s3:::open"]),
    ("can: what NotAction does not name is allowed", ["logs:PutLogEvents", "arn:aws:logs:eu-west-1:1:log-group:x"]),
    ("can: a value may hold an equals sign", ["sqs:SendMessage", "--context", "aws:SourceVpce=vpce-1",
                                              "--context", "aws:UserAgent=a=b"]),
], lambda t, args: decided(t, 0, "allowed", [], "deploy", *args))

table([
    ("can: a resource that nothing names is denied", ["resource"], "deploy",
     ["s3:PutObject", "arn:aws:s3:::uploads/other/x"]),
    ("can: a resource is to be named", ["resource-unnamed"], "deploy", ["s3:PutObject"]),
    ("can: one that NotResource names is denied", ["resource"], "deploy", ["s3:ListBucket", "arn:aws:s3:::secret"]),
    ("can: a key that is missing is asked for", ["context-missing"], "deploy", ["sqs:SendMessage"]),
    ("can: a condition that does not hold is told", ["condition"], "deploy", ["sns:Publish"]),
    ("can: one value too many of a list", ["condition"], "deploy",
     ["ec2:CreateTags", "--context", "aws:TagKeys=a", "--context", "aws:TagKeys=c"]),
    ("can: an explicit Deny is told, and nothing else", ["denied"], "deploy", ["kms:Decrypt"]),
    ("can: a misspelt action is recognised", ["action-misspelt", "statement-missing"], "deploy",
     ["sns:Publihs"]),
    ("can: another verb is no slip", ["statement-missing"], "deploy", ["s3:GetObject"]),
    ("can: a boundary stands in the way", ["boundary"], "limited", ["s3:PutObject"]),
    ("can: a role without policies may do nothing", ["statement-missing"], "bare", ["s3:PutObject"]),
    ("can: a policy whose document is not here allows nothing", ["statement-missing", "document-unknown"],
     "strange", ["s3:PutObject"]),
], lambda t, ids, name, args: decided(t, 1, "denied", ids, name, *args))


@case("can: a boundary that allows lets the role's policies decide")
def _(t):
    answer = decided(t, 0, "allowed", [], "limited", "s3:GetObject", "arn:aws:s3:::x/y")
    equal("policies", answer["policies"], [{"id": "p0", "kind": "inline", "says": "allows"},
                                           {"id": ARN + "limit", "kind": "boundary", "says": "allows"}])
    equal("statements", [s["policy"] for s in answer["statements"]], ["p0", ARN + "limit"])


@case("can: a role is found by its ARN, in another account too, and by its name whatever its path")
def _(t):
    decided(t, 0, "allowed", [], "arn:aws:iam::210987654321:role/theirs", "s3:GetObject")
    equal("role", decided(t, 1, "denied", ["statement-missing"], "bare", "s3:GetObject")["role"],
          f"arn:aws:iam::{ACCOUNT}:role/ci/bare")


@case("can: the answer tells what AWS would say, what it rests on and what was not given")
def _(t):
    answer = decided(t, 1, "denied", ["context-missing"], "deploy", "sqs:SendMessage")
    equal("because", answer["because"], "because no identity-based policy allows the sqs:SendMessage action")
    equal("missing", answer["missing_context"], ["aws:SourceVpce"])
    equal("statements", answer["statements"], [{
        "policy": "p0", "index": 1, "sid": "", "effect": "Allow", "matched": False, "action": True, "resource": True,
        "conditions": [{"operator": "StringEquals", "key": "aws:SourceVpce", "wanted": ["vpce-1"], "got": [],
                        "present": False, "passed": False, "note": "the key is absent"}]}])
    answer = decided(t, 1, "denied", ["denied"], "deploy", "kms:Decrypt")
    equal("because", answer["because"], "with an explicit deny in an identity-based policy")
    equal("statements", [(s["index"], s["effect"]) for s in answer["statements"]], [(7, "Deny")])
    answer = decided(t, 1, "denied", ["boundary"], "limited", "s3:PutObject")
    equal("because", answer["because"], "because no permissions boundary allows the s3:PutObject action")
    answer = decided(t, 1, "denied", ["statement-missing", "document-unknown"], "strange", "s3:PutObject")
    equal("unknown", answer["unknown_policies"], ["arn:aws:iam::aws:policy/NobodyHasThisOne"])


@case("can: the context is that of a session of the role")
def _(t):
    context = decided(t, 1, "denied", ["resource-unnamed"], "deploy", "s3:PutObject")["context"]
    for key, value in {
        "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/deploy", "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalType": "AssumedRole", "aws:PrincipalTag/team": "web", "aws:SourceIp": "203.0.113.7",
        "aws:RequestedRegion": "eu-west-1", "aws:SecureTransport": "true", "aws:ResourceAccount": ACCOUNT,
    }.items():
        equal(key, context[key], [value])
    want(context["aws:userid"][0].startswith("AROA"), context["aws:userid"])
    want(not {"aws:UserAgent", "aws:Referer", "aws:username"} & set(context), sorted(context))


@case("can: a resource of another account is said to be one")
def _(t):
    answer = decided(t, 0, "allowed", [], "limited", "iam:GetRole", "arn:aws:iam::210987654321:role/theirs")
    equal("other_account", answer["other_account"], "210987654321")
    equal("aws:ResourceAccount", answer["context"]["aws:ResourceAccount"], ["210987654321"])
    page = can(t, "limited", "iam:GetRole", "arn:aws:iam::210987654321:role/theirs").want(0).out
    holds("page", " ".join(page.split()), "the resource is account 210987654321's: its own policy has to allow it too")


@case("can: a hint's statement allows what was asked")
def _(t):
    answer = decided(t, 1, "denied", ["statement-missing"], "bare", "s3:GetObject", "arn:aws:s3:::x/y")
    better = json.loads(json.dumps(WORLD))
    better["roles"][3]["policies"] = {"more": policy(answer["hints"][0]["statement"])}
    t.run("can", "--config", t.file("better.json", better), "--role", "bare", "s3:GetObject",
          "arn:aws:s3:::x/y").want(0)


table([
    ("can: an action is needed", ["--role", OIDC_ROLE], "expected an ACTION"),
    ("can: a role is needed", ["s3:GetObject"], "expected --role"),
    ("can: a role there is not is bad usage, and the nearest is named",
     ["--role", "CircleCI-OIDC-Rol", "s3:GetObject"], f'did you mean "{OIDC_ROLE}"'),
    ("can: so is an ARN of none", ["--role", role_arn("CircleCI-OIDC-Rol"), "s3:GetObject"], role_arn(OIDC_ROLE)),
    ("can: and an ARN of something else", ["--role", f"arn:aws:iam::{ACCOUNT}:user/x", "s3:GetObject"], "no role"),
    ("can: an action names its service", ["--role", OIDC_ROLE, "GetObject"], "expected an action like s3:GetObject"),
    ("can: an action has no wildcard", ["--role", OIDC_ROLE, "s3:Get*"], "expected an action like s3:GetObject"),
    ("can: a resource is an ARN", ["--role", OIDC_ROLE, "s3:GetObject", "my-bucket"], "expected the ARN"),
    ("can: there is one resource", ["--role", OIDC_ROLE, "ecr:PutImage", IMAGES, IMAGES], "unexpected"),
    ("can: a context has a value", ["--role", OIDC_ROLE, "s3:GetObject", "--context", "aws:x"], "expected KEY=VALUE"),
    ("can: and a key", ["--role", OIDC_ROLE, "s3:GetObject", "--context", "=x"], "expected KEY=VALUE"),
    ("can: its formats are text and json", ["--role", OIDC_ROLE, "s3:GetObject", "--format", "xml"], "text|json"),
], lambda t, args, says: t.run("can", *args).want(2, r"\A\Z", says.replace("|", r"\|").replace("*", r"\*")))


@case("can: names of strangers do not steer the terminal")
def _(t):
    world = WORLD | {"roles": [role("deploy", policy(allow("s3:PutObject", "arn:aws:s3:::\u001b[2J/*")))]}
    out = t.run("can", "--config", t.file("odd.json", world), "--role", "deploy", "s3:PutObject",
                "arn:aws:s3:::\x9b2J").want(1).out
    want("\x1b" not in out and "\x9b" not in out, repr(out))
