"""
What boto3 makes of IAM beyond single calls: paginators, waiters, error classes, and the keys of several accounts.

    boto_iam.py ENDPOINT STORY
"""

import json

from botocore.exceptions import ClientError, WaiterError
from iam_story import ACCOUNT, READ_BUCKETS, TRUST, Failed, client, equal, refused, run, want

OTHER = "999999999999"
POLICIES = f"arn:aws:iam::{ACCOUNT}:policy"


def make_role(iam, name, trust=TRUST, **more):
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), **more)["Role"]


# ---- paginators ----

def paginators(endpoint):
    iam = client("iam", endpoint)
    names = ["a", "B", "c", "d", "e"]
    for name in names:
        make_role(iam, name, Path="/p/")
        iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(READ_BUCKETS))
        iam.attach_role_policy(RoleName="a", PolicyArn=f"{POLICIES}/{name}")
        iam.put_role_policy(RoleName="a", PolicyName=name, PolicyDocument=json.dumps(READ_BUCKETS))
        iam.create_user(UserName=name)
        iam.attach_user_policy(UserName=name, PolicyArn=f"{POLICIES}/a")
        if name != "a":
            iam.create_policy_version(PolicyArn=f"{POLICIES}/a", PolicyDocument=json.dumps(READ_BUCKETS))
    for operation, member, name_of, wanted, parameters in [
        ("list_roles", "Roles", "RoleName", names, {"PathPrefix": "/p/"}),
        ("list_users", "Users", "UserName", names, {}),
        ("list_policies", "Policies", "PolicyName", names, {"Scope": "Local"}),
        ("list_attached_role_policies", "AttachedPolicies", "PolicyName", names, {"RoleName": "a"}),
        ("list_role_policies", "PolicyNames", None, names, {"RoleName": "a"}),
        ("list_policy_versions", "Versions", "VersionId", ["v1", "v2", "v3", "v4", "v5"],
         {"PolicyArn": f"{POLICIES}/a"}),
    ]:
        pages_of_two(iam, operation, member, name_of, wanted, parameters)
    entities = iam.get_paginator("list_entities_for_policy").paginate(
        PolicyArn=f"{POLICIES}/a", PaginationConfig={"PageSize": 4}).build_full_result()
    equal("entities", [[r["RoleName"] for r in entities["PolicyRoles"]],
                       sorted(u["UserName"] for u in entities["PolicyUsers"])], [["a"], sorted(names)])
    refused("ValidationError", iam.list_roles, Marker="none of ours")


def pages_of_two(iam, operation, member, name_of, wanted, parameters):
    """Five things on three pages: each once, in the order in which one page has them all."""
    pages = list(iam.get_paginator(operation).paginate(PaginationConfig={"PageSize": 2}, **parameters))
    equal(f"pages of {operation}", [len(p[member]) for p in pages], [2, 2, 1])
    equal(f"IsTruncated of {operation}", [p["IsTruncated"] for p in pages], [True, True, False])
    got = [one[name_of] if name_of else one for page in pages for one in page[member]]
    whole = getattr(iam, operation)(**parameters)[member]
    equal(f"order of {operation}", got, [one[name_of] if name_of else one for one in whole])
    equal(operation, sorted(got), sorted(wanted))


# ---- waiters ----

WAITERS = [
    ("role_exists", {"RoleName": "late"}, lambda iam: make_role(iam, "late")),
    ("user_exists", {"UserName": "late"}, lambda iam: iam.create_user(UserName="late")),
    ("policy_exists", {"PolicyArn": f"{POLICIES}/late"}, lambda iam: iam.create_policy(
        PolicyName="late", PolicyDocument=json.dumps(READ_BUCKETS))),
]


def waiters(endpoint):
    for name, parameters, make in WAITERS:
        iam = client("iam", endpoint)
        try:
            iam.get_waiter(name).wait(WaiterConfig={"Delay": 0, "MaxAttempts": 2}, **parameters)
            raise Failed(f"{name} without what it waits for")
        except WaiterError as e:
            equal(f"{name} gives up", e.last_response["Error"]["Code"], "NoSuchEntity")
        answers = []

        def appear(parsed, **_):
            answers.append(parsed)
            if len(answers) == 2:
                make(client("iam", endpoint))

        iam.meta.events.register("after-call.iam", appear)
        iam.get_waiter(name).wait(WaiterConfig={"Delay": 0, "MaxAttempts": 5}, **parameters)
        equal(f"answers to {name}", ["Error" in a for a in answers], [True, True, False])


# ---- error classes ----

def errors(endpoint):
    iam = client("iam", endpoint)
    make_role(iam, "r")
    iam.create_user(UserName="u")
    iam.create_access_key(UserName="u")
    iam.create_access_key(UserName="u")
    provider = iam.create_open_id_connect_provider(
        Url="https://ci.example.com", ThumbprintList=["a" * 40])["OpenIDConnectProviderArn"]
    attached = {"RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    iam.attach_role_policy(**attached)
    known = iam.exceptions
    for wanted, status, call, parameters in [
        (known.EntityAlreadyExistsException, 409, make_role, {"iam": iam, "name": "R"}),
        (known.NoSuchEntityException, 404, iam.get_user, {"UserName": "nobody"}),
        (known.DeleteConflictException, 409, iam.delete_role, {"RoleName": "r"}),
        (known.MalformedPolicyDocumentException, 400, iam.put_role_policy,
         {"RoleName": "r", "PolicyName": "p", "PolicyDocument": "{}"}),
        (known.InvalidInputException, 400, iam.create_open_id_connect_provider,
         {"Url": "http://ci.example.com", "ThumbprintList": []}),
        (known.InvalidInputException, 400, iam.update_open_id_connect_provider_thumbprint,
         {"OpenIDConnectProviderArn": provider, "ThumbprintList": ["a" * 40] * 6}),
        (known.LimitExceededException, 409, iam.create_access_key, {"UserName": "u"}),
    ]:
        raises(wanted, status, call, parameters)
    # No class of its own, and past the limits that the client itself looks at.
    refused("ValidationError", make_role, iam=iam, name="n" * 65)


def raises(wanted, status, call, parameters):
    try:
        call(**parameters)
    except ClientError as e:
        equal(f"class of {e}", type(e), wanted)
        equal(f"status of {e}", e.response["ResponseMetadata"]["HTTPStatusCode"], status)
        want(e.response["ResponseMetadata"]["RequestId"], f"no request id with {e}")
        equal(f"type of {e}", e.response["Error"].get("Type"), "Sender")
        return
    raise Failed(f"{wanted} is not raised by {parameters}")


# ---- several accounts ----

def allowing(action, resource):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": action, "Resource": resource}]})


def trusting(principal):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": principal}}]}


def accounts(endpoint):
    ours, theirs = client("iam", endpoint), client("iam", endpoint, "other", "other-secret")
    for iam, account in ((ours, ACCOUNT), (theirs, OTHER)):
        equal("role", make_role(iam, "deploy")["Arn"], f"arn:aws:iam::{account}:role/deploy")
        equal("provider", iam.create_open_id_connect_provider(
            Url="https://ci.example.com", ThumbprintList=["a" * 40])["OpenIDConnectProviderArn"],
            f"arn:aws:iam::{account}:oidc-provider/ci.example.com")
    make_role(theirs, "theirs")
    refused("NoSuchEntity", ours.get_role, RoleName="theirs")
    equal("roles", [[r["Arn"] for r in iam.list_roles()["Roles"]] for iam in (ours, theirs)],
          [[f"arn:aws:iam::{ACCOUNT}:role/deploy"],
           [f"arn:aws:iam::{OTHER}:role/deploy", f"arn:aws:iam::{OTHER}:role/theirs"]])
    equal("caller", client("sts", endpoint, "other", "other-secret").get_caller_identity()["Arn"],
          f"arn:aws:iam::{OTHER}:root")


def cross_account(endpoint):
    ours, theirs = client("iam", endpoint), client("iam", endpoint, "other", "other-secret")
    ours.create_user(UserName="ci")
    key = ours.create_access_key(UserName="ci")["AccessKey"]
    sts = client("sts", endpoint, key["AccessKeyId"], key["SecretAccessKey"])
    target = make_role(theirs, "target", trusting(f"arn:aws:iam::{ACCOUNT}:user/ci"))["Arn"]
    theirs.put_role_policy(RoleName="target", PolicyName="iam", PolicyDocument=allowing("iam:*Role", "*"))
    ask = {"RoleArn": target, "RoleSessionName": "session"}
    denied = (f"User: arn:aws:iam::{ACCOUNT}:user/ci is not authorized to perform: sts:AssumeRole "
              f"on resource: {target}")
    # Across accounts both sides have to allow it.
    want(refused("AccessDenied", sts.assume_role, **ask).startswith(denied), "the trust policy alone")
    ours.put_user_policy(UserName="ci", PolicyName="assume", PolicyDocument=allowing("sts:AssumeRole", target))
    made = sts.assume_role(**ask)["Credentials"]
    session = made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"]
    equal("caller", client("sts", endpoint, *session).get_caller_identity()["Arn"],
          f"arn:aws:sts::{OTHER}:assumed-role/target/session")
    equal("what the session makes", make_role(client("iam", endpoint, *session), "made")["Arn"],
          f"arn:aws:iam::{OTHER}:role/made")
    refused("AccessDenied", client("iam", endpoint, *session).create_user, UserName="u")
    theirs.update_assume_role_policy(RoleName="target", PolicyDocument=json.dumps(
        trusting(f"arn:aws:iam::{OTHER}:root")))
    want(refused("AccessDenied", sts.assume_role, **ask).startswith(denied), "the identity policy alone")


run({"paginators": paginators, "waiters": waiters, "error classes": errors, "accounts": accounts,
     "cross-account": cross_account})
