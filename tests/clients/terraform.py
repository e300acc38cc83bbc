"""
What Terraform's AWS provider asks of IAM, call by call, and reads out of the answers: one story for each
resource, which is created, refreshed, changed attribute by attribute, and destroyed.

    terraform.py ENDPOINT STORY
"""

import json
from urllib.parse import unquote_plus

from botocore.exceptions import ClientError
from botocore.handlers import json_decode_policies
from iam_story import ACCOUNT, PROVIDER, READ_BUCKETS, TRUST, advance, client, equal, refused, run, want

POLICY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/tf/buckets"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def connected(endpoint):
    """Documents stay as they are on the wire: the provider decodes them itself."""
    iam = client("iam", endpoint)
    iam.meta.events.unregister("after-call.iam", json_decode_policies)
    return iam


def normalized(document):
    """As Go writes JSON: keys in order, and three characters escaped that other writers leave alone."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def decoded(document):
    """Go's url.QueryUnescape takes a plus for a blank."""
    return json.loads(unquote_plus(document))


def found(call, **parameters):
    """The answer, or None where the provider forgets the resource."""
    try:
        return call(**parameters)
    except ClientError as e:
        if e.response["Error"]["Code"] == "NoSuchEntity":
            return None
        raise


def pages(iam, operation, member, **parameters):
    return [one for page in iam.get_paginator(operation).paginate(**parameters) for one in page[member]]


def to_tags(tags):
    return [{"Key": k, "Value": v} for k, v in tags.items()]


def from_tags(tags):
    equal("tag keys, each once", len({t["Key"] for t in tags}), len(tags))
    return {t["Key"]: t["Value"] for t in tags}


def change_tags(untag, tag, old, new, **resource):
    """What is gone is untagged first; only what is new or differs is tagged."""
    if removed := [k for k in old if k not in new]:
        untag(TagKeys=removed, **resource)
    if updated := {k: v for k, v in new.items() if old.get(k) != v}:
        tag(Tags=to_tags(updated), **resource)


OLD_TAGS = {"Environment": "test", "Owner": "", "Team": "a/b:c=d+e-f@g"}
NEW_TAGS = {"Environment": "production", "Owner": "", "Cost Centre": "1"}


# ---- aws_iam_openid_connect_provider ----

def read_provider(iam, arn):
    got = found(iam.get_open_id_connect_provider, OpenIDConnectProviderArn=arn)
    return got and {"client_id_list": set(got["ClientIDList"]), "thumbprint_list": got["ThumbprintList"],
                    "url": got["Url"], "tags": from_tags(got["Tags"])}


def provider(endpoint):
    iam = connected(endpoint)
    arn = iam.create_open_id_connect_provider(
        Url="https://ci.example.com", ClientIDList=["one", "two"], ThumbprintList=["a" * 40],
        Tags=to_tags(OLD_TAGS))["OpenIDConnectProviderArn"]
    equal("id", arn, PROVIDER)
    state = {"client_id_list": {"one", "two"}, "thumbprint_list": ["a" * 40], "url": "ci.example.com",
             "tags": OLD_TAGS}
    equal("created", read_provider(iam, arn), state)

    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["c" * 40, "b" * 40])
    state["thumbprint_list"] = ["c" * 40, "b" * 40]
    equal("thumbprint_list", read_provider(iam, arn), state)
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="three")
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="one")
    state["client_id_list"] = {"two", "three"}
    equal("client_id_list", read_provider(iam, arn), state)
    change_tags(iam.untag_open_id_connect_provider, iam.tag_open_id_connect_provider, OLD_TAGS, NEW_TAGS,
                OpenIDConnectProviderArn=arn)
    state["tags"] = NEW_TAGS
    equal("tags", read_provider(iam, arn), state)
    # The data source looks for the URL behind the first slash of each ARN.
    equal("by url", [p["Arn"] for p in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
                     if p["Arn"].split("/", 1)[1] == "ci.example.com"], [arn])

    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    equal("destroyed", read_provider(iam, arn), None)
    refused("NoSuchEntity", iam.delete_open_id_connect_provider, OpenIDConnectProviderArn=arn)


# ---- aws_iam_role ----

def attached(iam, role):
    return {p["PolicyArn"] for p in pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=role)}


def read_role(iam, name):
    got = found(iam.get_role, RoleName=name)
    if not got:
        return None
    role = got["Role"]
    inline = pages(iam, "list_role_policies", "PolicyNames", RoleName=name)
    return {"arn": role["Arn"], "unique_id": role["RoleId"], "name": role["RoleName"], "path": role["Path"],
            "assume_role_policy": decoded(role["AssumeRolePolicyDocument"]),
            "description": role.get("Description", ""), "max_session_duration": role["MaxSessionDuration"],
            "permissions_boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            "create_date": role["CreateDate"].isoformat(), "tags": from_tags(role.get("Tags", [])),
            "inline_policy": {n: decoded(iam.get_role_policy(RoleName=name, PolicyName=n)["PolicyDocument"])
                              for n in inline},
            "managed_policy_arns": attached(iam, name)}


def delete_role(iam, name, force_detach_policies):
    for profile in pages(iam, "list_instance_profiles_for_role", "InstanceProfiles", RoleName=name):
        raise AssertionError(f"nobody made the instance profile {profile}")
    if force_detach_policies:
        for arn in attached(iam, name):
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
        for policy in pages(iam, "list_role_policies", "PolicyNames", RoleName=name):
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def role(endpoint):
    iam = connected(endpoint)
    made = iam.create_role(RoleName="ci", Path="/tf/", AssumeRolePolicyDocument=normalized(TRUST), Description="for CI",
                           MaxSessionDuration=3600, Tags=to_tags(OLD_TAGS))["Role"]
    equal("id", made["RoleName"], "ci")
    state = {"arn": f"arn:aws:iam::{ACCOUNT}:role/tf/ci", "unique_id": made["RoleId"], "name": "ci", "path": "/tf/",
             "assume_role_policy": TRUST, "description": "for CI", "max_session_duration": 3600,
             "permissions_boundary": "", "create_date": made["CreateDate"].isoformat(), "tags": OLD_TAGS,
             "inline_policy": {}, "managed_policy_arns": set()}
    equal("created", read_role(iam, "ci"), state)
    change_role(iam, state)

    iam.put_role_policy(RoleName="ci", PolicyName="buckets", PolicyDocument=normalized(READ_BUCKETS))
    iam.attach_role_policy(RoleName="ci", PolicyArn=READ_ONLY)
    state |= {"inline_policy": {"buckets": READ_BUCKETS}, "managed_policy_arns": {READ_ONLY}}
    equal("with policies", read_role(iam, "ci"), state)
    refused("DeleteConflict", delete_role, iam=iam, name="ci", force_detach_policies=False)
    equal("still there", read_role(iam, "ci"), state)
    delete_role(iam, "ci", True)
    equal("destroyed", read_role(iam, "ci"), None)
    refused("NoSuchEntity", iam.list_instance_profiles_for_role, RoleName="ci")
    refused("NoSuchEntity", iam.delete_role, RoleName="ci")


def change_role(iam, state):
    """One attribute after the other; each leaves the others alone."""
    trust = {"Version": "2012-10-17", "Statement": TRUST["Statement"] * 2}
    steps = [
        ("assume_role_policy", trust, lambda: iam.update_assume_role_policy(
            RoleName="ci", PolicyDocument=normalized(trust))),
        ("description", "", lambda: iam.update_role_description(RoleName="ci", Description="")),
        ("description", "for CI again", lambda: iam.update_role_description(
            RoleName="ci", Description="for CI again")),
        ("max_session_duration", 7200, lambda: iam.update_role(RoleName="ci", MaxSessionDuration=7200)),
        ("permissions_boundary", READ_ONLY, lambda: iam.put_role_permissions_boundary(
            RoleName="ci", PermissionsBoundary=READ_ONLY)),
        ("permissions_boundary", "", lambda: iam.delete_role_permissions_boundary(RoleName="ci")),
        ("tags", NEW_TAGS, lambda: change_tags(iam.untag_role, iam.tag_role, OLD_TAGS, NEW_TAGS, RoleName="ci")),
    ]
    for attribute, value, change in steps:
        change()
        state[attribute] = value
        equal(attribute, read_role(iam, "ci"), state)


def role_of_role(endpoint):
    """A principal that is not there yet is asked for again, as long as the message says that it is one."""
    iam = connected(endpoint)
    later = f"arn:aws:iam::{ACCOUNT}:role/later"
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": later}}]}
    ask = {"RoleName": "first", "Path": "/", "MaxSessionDuration": 3600, "AssumeRolePolicyDocument": normalized(trust)}
    want("Invalid principal in policy" in refused("MalformedPolicyDocument", iam.create_role, **ask), "no retry")
    iam.create_role(RoleName="later", Path="/", AssumeRolePolicyDocument=normalized(TRUST))
    iam.create_role(**ask)
    equal("assume_role_policy", read_role(iam, "first")["assume_role_policy"], trust)
    delete_role(iam, "first", False)
    delete_role(iam, "later", False)


# ---- aws_iam_policy ----

def read_policy(iam, arn):
    got = found(iam.get_policy, PolicyArn=arn)
    if not got:
        return None
    policy = got["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    return {"arn": policy["Arn"], "attachment_count": policy["AttachmentCount"], "name": policy["PolicyName"],
            "description": policy.get("Description", ""), "path": policy["Path"], "policy_id": policy["PolicyId"],
            "tags": from_tags(policy["Tags"]), "policy": decoded(version["Document"])}


def versions_of(iam, arn):
    return pages(iam, "list_policy_versions", "Versions", PolicyArn=arn)


def prune(iam, arn):
    """At five versions the oldest goes, unless it is the default one."""
    versions = versions_of(iam, arn)
    if len(versions) >= 5:
        oldest = min((v for v in versions if not v["IsDefaultVersion"]), key=lambda v: v["CreateDate"])
        iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])


def delete_policy(iam, arn):
    for version in versions_of(iam, arn):
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


def reading(what):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": f"s3:Get{what}", "Resource": "*"}]}


def policy(endpoint):
    iam = connected(endpoint)
    made = iam.create_policy(PolicyName="buckets", Path="/tf/", Description="", Tags=to_tags(OLD_TAGS),
                             PolicyDocument=normalized(READ_BUCKETS))["Policy"]
    state = {"arn": POLICY_ARN, "attachment_count": 0, "name": "buckets", "description": "", "path": "/tf/",
             "policy_id": made["PolicyId"], "tags": OLD_TAGS, "policy": READ_BUCKETS}
    equal("created", read_policy(iam, made["Arn"]), state)
    change_tags(iam.untag_policy, iam.tag_policy, OLD_TAGS, NEW_TAGS, PolicyArn=POLICY_ARN)
    state["tags"] = NEW_TAGS
    equal("tags", read_policy(iam, POLICY_ARN), state)
    change_document(endpoint, iam, state)

    refused("DeleteConflict", iam.delete_policy, PolicyArn=POLICY_ARN)
    delete_policy(iam, POLICY_ARN)
    equal("destroyed", read_policy(iam, POLICY_ARN), None)
    refused("NoSuchEntity", iam.list_policy_versions, PolicyArn=POLICY_ARN)
    refused("NoSuchEntity", iam.get_policy_version, PolicyArn=POLICY_ARN, VersionId="v1")
    refused("NoSuchEntity", iam.delete_policy, PolicyArn=POLICY_ARN)


def change_document(endpoint, iam, state):
    """Every change is a new version, six of them a minute apart; the last is made the default by itself."""
    for number in range(2, 7):
        advance(endpoint, "1m")
        prune(iam, POLICY_ARN)
        iam.create_policy_version(PolicyArn=POLICY_ARN, PolicyDocument=normalized(reading(number)), SetAsDefault=True)
        state["policy"] = reading(number)
        equal(f"policy, version {number}", read_policy(iam, POLICY_ARN), state)
    equal("versions", {v["VersionId"] for v in versions_of(iam, POLICY_ARN)}, {"v2", "v3", "v4", "v5", "v6"})
    refused("LimitExceeded", iam.create_policy_version, PolicyArn=POLICY_ARN, PolicyDocument=normalized(reading(7)))
    prune(iam, POLICY_ARN)
    made = iam.create_policy_version(PolicyArn=POLICY_ARN, PolicyDocument=normalized(reading(7)))["PolicyVersion"]
    equal("policy, with delay_after_policy_creation_in_ms", read_policy(iam, POLICY_ARN), state)
    iam.set_default_policy_version(PolicyArn=POLICY_ARN, VersionId=made["VersionId"])
    state["policy"] = reading(7)
    equal("policy, after the delay", read_policy(iam, POLICY_ARN), state)


# ---- aws_iam_role_policy, aws_iam_role_policy_attachment ----

def read_role_policy(iam):
    got = found(iam.get_role_policy, RoleName="ci", PolicyName="buckets")
    return got and decoded(got["PolicyDocument"])


def role_policy(endpoint):
    iam = connected(endpoint)
    ask = {"RoleName": "ci", "PolicyName": "buckets"}
    refused("NoSuchEntity", iam.put_role_policy, PolicyDocument=normalized(READ_BUCKETS), **ask)
    iam.create_role(RoleName="ci", Path="/", AssumeRolePolicyDocument=normalized(TRUST))
    equal("before", read_role_policy(iam), None)
    for document in (READ_BUCKETS, reading("Object")):
        iam.put_role_policy(PolicyDocument=normalized(document), **ask)
        equal("policy", read_role_policy(iam), document)
    iam.delete_role_policy(**ask)
    equal("destroyed", read_role_policy(iam), None)
    refused("NoSuchEntity", iam.delete_role_policy, **ask)
    delete_role(iam, "ci", False)
    equal("of a role that is gone", read_role_policy(iam), None)


def role_policy_attachment(endpoint):
    iam = connected(endpoint)
    iam.create_role(RoleName="ci", Path="/", AssumeRolePolicyDocument=normalized(TRUST))
    refused("NoSuchEntity", iam.attach_role_policy, RoleName="ci", PolicyArn=POLICY_ARN)
    iam.create_policy(PolicyName="buckets", Path="/tf/", PolicyDocument=normalized(READ_BUCKETS))
    for arn in (POLICY_ARN, READ_ONLY, POLICY_ARN):
        iam.attach_role_policy(RoleName="ci", PolicyArn=arn)
    equal("created", attached(iam, "ci"), {POLICY_ARN, READ_ONLY})
    equal("attachment_count", read_policy(iam, POLICY_ARN)["attachment_count"], 1)
    refused("DeleteConflict", delete_policy, iam=iam, arn=POLICY_ARN)
    iam.detach_role_policy(RoleName="ci", PolicyArn=POLICY_ARN)
    equal("one is destroyed", attached(iam, "ci"), {READ_ONLY})
    refused("NoSuchEntity", iam.detach_role_policy, RoleName="ci", PolicyArn=POLICY_ARN)
    iam.detach_role_policy(RoleName="ci", PolicyArn=READ_ONLY)
    equal("destroyed", attached(iam, "ci"), set())
    delete_policy(iam, POLICY_ARN)
    delete_role(iam, "ci", False)
    refused("NoSuchEntity", iam.list_attached_role_policies, RoleName="ci")


# ---- aws_iam_user, aws_iam_access_key ----

def read_user(iam):
    got = found(iam.get_user, UserName="robot")
    if not got:
        return None
    user = got["User"]
    return {"arn": user["Arn"], "name": user["UserName"], "path": user["Path"], "unique_id": user["UserId"],
            "permissions_boundary": user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tags": from_tags(user.get("Tags", []))}


def delete_user(iam, force=False):
    equal("groups", pages(iam, "list_groups_for_user", "Groups", UserName="robot"), [])
    if force:
        strip_user(iam)
    iam.delete_user(UserName="robot")


def strip_user(iam):
    """What force_destroy takes from a user first."""
    for key in pages(iam, "list_access_keys", "AccessKeyMetadata", UserName="robot"):
        iam.delete_access_key(UserName="robot", AccessKeyId=key["AccessKeyId"])
    equal("SSH keys", pages(iam, "list_ssh_public_keys", "SSHPublicKeys", UserName="robot"), [])
    equal("virtual MFA", pages(iam, "list_virtual_mfa_devices", "VirtualMFADevices", AssignmentStatus="Assigned"), [])
    equal("MFA", pages(iam, "list_mfa_devices", "MFADevices", UserName="robot"), [])
    equal("password", found(iam.delete_login_profile, UserName="robot"), None)
    equal("certificates", pages(iam, "list_signing_certificates", "Certificates", UserName="robot"), [])
    equal("service credentials",
          iam.list_service_specific_credentials(UserName="robot")["ServiceSpecificCredentials"], [])


def user(endpoint):
    iam = connected(endpoint)
    made = iam.create_user(UserName="robot", Path="/tf/", Tags=to_tags(OLD_TAGS))["User"]
    state = {"arn": f"arn:aws:iam::{ACCOUNT}:user/tf/robot", "name": "robot", "path": "/tf/",
             "unique_id": made["UserId"], "permissions_boundary": None, "tags": OLD_TAGS}
    equal("created", read_user(iam), state)
    change_tags(iam.untag_user, iam.tag_user, OLD_TAGS, NEW_TAGS, UserName="robot")
    equal("tags", read_user(iam), state | {"tags": NEW_TAGS})
    iam.put_user_permissions_boundary(UserName="robot", PermissionsBoundary=READ_ONLY)
    equal("permissions_boundary", read_user(iam), state | {"tags": NEW_TAGS, "permissions_boundary": READ_ONLY})
    iam.delete_user_permissions_boundary(UserName="robot")
    key = iam.create_access_key(UserName="robot")["AccessKey"]["AccessKeyId"]
    equal("access keys", [(k["AccessKeyId"], k["Status"]) for k in pages(
        iam, "list_access_keys", "AccessKeyMetadata", UserName="robot")], [(key, "Active")])
    iam.update_access_key(UserName="robot", AccessKeyId=key, Status="Inactive")
    equal("status", iam.list_access_keys(UserName="robot")["AccessKeyMetadata"][0]["Status"], "Inactive")
    refused("DeleteConflict", delete_user, iam=iam)
    iam.delete_access_key(UserName="robot", AccessKeyId=key)
    delete_user(iam)
    equal("destroyed", read_user(iam), None)
    refused("NoSuchEntity", delete_user, iam=iam)
    iam.create_user(UserName="robot")
    iam.create_access_key(UserName="robot")
    delete_user(iam, force=True)
    equal("destroyed by force", read_user(iam), None)


# ---- whose account it is, which the provider asks first ----

def account(endpoint):
    iam = connected(endpoint)
    equal("GetUser", iam.get_user()["User"]["Arn"], f"arn:aws:iam::{ACCOUNT}:root")
    iam.create_user(UserName="tf")
    key = iam.create_access_key(UserName="tf")["AccessKey"]
    own = key["AccessKeyId"], key["SecretAccessKey"]
    # One of three codes after which it asks STS instead.
    refused("AccessDenied", client("iam", endpoint, *own).get_user)
    identity = client("sts", endpoint, *own).get_caller_identity()
    equal("GetCallerIdentity", [identity["Account"], identity["Arn"]], [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/tf"])
    iam.delete_access_key(UserName="tf", AccessKeyId=own[0])
    iam.delete_user(UserName="tf")


run({"aws_iam_openid_connect_provider": provider, "aws_iam_role": role, "aws_iam_role of a role": role_of_role,
     "aws_iam_policy": policy, "aws_iam_role_policy": role_policy,
     "aws_iam_role_policy_attachment": role_policy_attachment, "aws_iam_user": user, "account": account})
