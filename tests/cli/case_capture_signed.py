"""Signed calls as scenarios: recorded, given out, and replayed by somebody who has none of the keys."""

import json

from cases import case, equal, holds, table, want
from iam_client import Client

ACCOUNT = "123456789012"
RENDER = "oidc.render.com/tea-csps46i3esus73eojjp0"
SECRET = "s3cr3t-of-ada"


def policy(*actions):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


def trust(principal, action, **condition):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": action, **({"Condition": condition} if condition else {})}]}


WORLD = {
    "oidc_providers": [{"url": f"https://{RENDER}", "client_ids": ["sts.amazonaws.com"]}],
    "managed_policies": [{"name": "readers", "policy": policy("iam:Get*", "iam:List*")}],
    "users": [{"name": "ada", "attached_policies": [f"arn:aws:iam::{ACCOUNT}:policy/readers"]}, {"name": "bystander"}],
    "credentials": [{"access_key_id": "AKIAADA", "secret_access_key": SECRET, "user": "ada"},
                    {"access_key_id": "test", "secret_access_key": "test"}],
    "roles": [
        {"name": "ci", "policies": {"may": policy("sts:AssumeRole", "iam:ListRoles")}, "trust_policy": trust(
            {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{RENDER}"}, "sts:AssumeRoleWithWebIdentity",
            StringLike={f"{RENDER}:sub": "*"})},
        {"name": "next", "trust_policy": trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"}, "sts:AssumeRole",
                                               StringEquals={"sts:ExternalId": "secret-handshake"})},
        {"name": "bystander-role", "trust_policy": trust({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole")},
    ],
}
NEXT = f"arn:aws:iam::{ACCOUNT}:role/next"
EC2 = json.dumps(trust({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole"))


def session(server, **spec):
    made = server.post("/_understudy/session", spec).json()["Credentials"]
    return Client(server.port, made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def of_ci(server):
    return session(server, role=f"arn:aws:iam::{ACCOUNT}:role/ci", name="job-7", tags={"team": "blue"})


def of_ada(server):
    return Client(server.port, "AKIAADA", SECRET)


def of_root(server):
    return Client(server.port)


def nobody(server):
    return None


# A sentence, who calls, the API, the Action, its parameters, what is answered.
CALLS = [
    ("a role's session asks who it is", of_ci, "sts", "GetCallerIdentity", {}, None),
    ("a role's session chains to a role that trusts it", of_ci, "sts", "AssumeRole",
     {"RoleArn": NEXT, "RoleSessionName": "s1", "ExternalId": "secret-handshake"}, None),
    ("a role's session chains without the external id", of_ci, "sts", "AssumeRole",
     {"RoleArn": NEXT, "RoleSessionName": "s1"}, "AccessDenied"),
    ("a role's session may list roles", of_ci, "iam", "ListRoles", {}, None),
    ("a role's session may not make one", of_ci, "iam", "CreateRole",
     {"RoleName": "new", "AssumeRolePolicyDocument": EC2}, "AccessDenied"),
    ("a user may by a managed policy", of_ada, "iam", "GetRole", {"RoleName": "next"}, None),
    ("a user may not what the policy does not say", of_ada, "iam", "DeleteRole", {"RoleName": "next"}, "AccessDenied"),
    ("the root makes a role that is there", of_root, "iam", "CreateRole",
     {"RoleName": "next", "AssumeRolePolicyDocument": EC2}, "EntityAlreadyExists"),
    ("the root makes a role that is not there", of_root, "iam", "CreateRole",
     {"RoleName": "new", "AssumeRolePolicyDocument": EC2}, None),
    ("the root deletes a policy that is attached", of_root, "iam", "DeletePolicy",
     {"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/readers"}, "DeleteConflict"),
    ("the root asks for a role that is not there", of_root, "iam", "GetRole", {"RoleName": "none"}, "NoSuchEntity"),
    ("the root simulates a user", of_root, "iam", "SimulatePrincipalPolicy",
     {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/ada", "ActionNames.member.1": "iam:GetUser"}, None),
    ("the root gets a session", of_root, "sts", "GetSessionToken", {}, None),
    ("a user's session may not call IAM without a code",
     lambda server: session(server, user=f"arn:aws:iam::{ACCOUNT}:user/ada"), "sts", "GetSessionToken", {}, "AccessDenied"),
    ("a federated user asks who it is", lambda server: session(server, root=ACCOUNT, federated="bob"), "sts",
     "GetCallerIdentity", {}, None),
]


def recorded(t):
    return [json.loads(line) for line in (t.dir / "record.jsonl").read_text().splitlines()]


def kept_secrets(text, *more):
    for secret in (SECRET, "AKIAADA", "IQoJb3JpZ2lu", "ASIA", *more):
        want(secret not in text, f"{secret} is in {text}")


def captured(t, who, api, action, parameters, code):
    t.file("world.json", WORLD)
    with t.serve("--config", t.dir / "world.json", "--record", t.dir / "record.jsonl") as server:
        client = who(server)
        answer = getattr(client, api)(action, **parameters)
        equal("code", answer.code, code)
        client.close()
    line = (t.dir / "record.jsonl").read_text()
    scenario = recorded(t)[-1]
    kept_secrets(line)
    want("bystander" not in line, line)
    t.file("one.json", scenario)
    elsewhere = {"XDG_STATE_HOME": str(t.dir / "elsewhere")}
    t.run("replay", "one.json", env=elsewhere).want(0, "1 passed, 0 failed")
    t.run("lint", "one.json").want(0)
    # the decision hangs on what is in the file
    equal("expected", scenario["steps"][-1]["expect"].get("error"), code)


table([(f"captured: {name}", *rest) for name, *rest in CALLS], captured)


@case("a signed call that was just made is given out as a scenario, and another one when the world has changed since")
def _(t):
    t.file("world.json", WORLD)
    with t.serve("--config", t.dir / "world.json") as server:
        client = of_root(server)
        denied = of_ci(server)
        want(denied.iam("CreateRole", RoleName="new", AssumeRolePolicyDocument=EC2).code == "AccessDenied", "allowed")
        newest = server.get("/_understudy/exchanges").json()["exchanges"][0]["request_id"]
        t.file("one.json", server.get(f"/_understudy/exchanges/{newest}/scenario").json())
        t.run("replay", "one.json").want(0)
        want(client.iam("CreateRole", RoleName="new", AssumeRolePolicyDocument=EC2).status == 200, "refused")
        newest = server.get("/_understudy/exchanges").json()["exchanges"][0]["request_id"]
        answer = server.get(f"/_understudy/exchanges/{newest}/scenario")
        equal("status", answer.status, 409)
        equal("reason", answer.json()["reason"], "capture-impossible")
        holds("detail", answer.json()["detail"], "EntityAlreadyExists")


@case("a call whose signature is refused is recorded without its parameters, and passed over")
def _(t):
    t.file("world.json", WORLD)
    with t.serve("--config", t.dir / "world.json", "--record", t.dir / "record.jsonl") as server:
        equal("code", Client(server.port, "AKIAADA", "wrong").iam("DeleteRole", RoleName="next").code, "SignatureDoesNotMatch")
    equal("members", [list(line) for line in recorded(t)], [["exchange"]])
    want("RoleName" not in (t.dir / "record.jsonl").read_text(), "parameters are there")
    t.run("replay", "record.jsonl").want(2, None, "1 file or line is no scenario")


@case("the code of an MFA device is not in a record")
def _(t):
    t.file("world.json", WORLD)
    with t.serve("--config", t.dir / "world.json", "--record", t.dir / "record.jsonl") as server:
        of_ada(server).sts("GetSessionToken", SerialNumber=f"arn:aws:iam::{ACCOUNT}:mfa/ada", TokenCode="918273")
    want("918273" not in (t.dir / "record.jsonl").read_text(), "it is")


@case("an action that there is not is recorded by its name and version alone")
def _(t):
    t.file("world.json", WORLD)
    with t.serve("--config", t.dir / "world.json", "--record", t.dir / "record.jsonl") as server:
        equal("code", of_ada(server).iam("CreateLoginProfile", UserName="ada", Password="hunter2").code, "InvalidAction")
    want("hunter2" not in (t.dir / "record.jsonl").read_text(), "the password is there")
    t.run("replay", "record.jsonl").want(0, "1 passed, 0 failed")


def refused(t, spec, place):
    t.file("world.json", WORLD)
    with t.serve("--config", t.dir / "world.json") as server:
        answer = server.post("/_understudy/session", spec)
        equal("status", answer.status, 400)
        holds("place", answer.json()["place"], place)


table([
    ("a session of a role that is not there is refused", {"role": f"arn:aws:iam::{ACCOUNT}:role/none", "name": "s1"}, "$.role"),
    ("a session of a user that is not there is refused", {"user": f"arn:aws:iam::{ACCOUNT}:user/none"}, "$.user"),
    ("a session of an account that is none is refused", {"root": "12"}, "$.root"),
    ("a session of nobody is refused", {}, "body:1:1: $"),
    ("a session with an unknown member is refused", {"root": ACCOUNT, "until": 1}, "$.until"),
    ("a session of a negative length is refused", {"root": ACCOUNT, "lifetime_s": -1}, "$.lifetime_s"),
], refused)


@case("a described session that has ended is refused as expired, and one that begins later is good")
def _(t):
    t.file("world.json", WORLD)
    with t.serve("--config", t.dir / "world.json") as server:
        ended = session(server, role=f"arn:aws:iam::{ACCOUNT}:role/ci", name="s1", expires="2020-01-01T00:00:00Z")
        equal("ended", ended.sts("GetCallerIdentity").code, "ExpiredToken")
        good = session(server, role=f"arn:aws:iam::{ACCOUNT}:role/ci", name="s1")
        equal("arn", good.sts("GetCallerIdentity").one("Arn"), f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/s1")
