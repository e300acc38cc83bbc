"""The CircleCI guide typed into the AWS CLI: from an empty account to the identity of a job, and what is kept of it."""

import json
import re

from cases import ACCOUNT, NOT_AUTHORIZED, OIDC_ROLE, OTHERS, ROOT, case, equal, holds, role_arn, table, want
from clients import AWS, SESSION

# What the guide leaves to its reader.
READER = {"ACCOUNT_ID": ACCOUNT, "REGION": "us-east-1", "CIRCLECI_ORG_ID": "4f6c2a10-0b7e-4a55-8d1e-2c9b7f3e6a01",
          "PROJECT_ID": "7b1d9c3e-5a42-4c60-9f0e-1a2b3c4d5e6f", "ECR_REPO_NAME": "demo-backend",
          "SERVICE_NAME": "demo", "AMPLIFY_APP_ID": "d1a2b3c4"}


def filled(text):
    for name, value in READER.items():
        text = text.replace(f"<{name}>", value)
    return text


def document(name):
    return filled((ROOT / "tests/clients/circleci" / name).read_text())


ORG = filled("<CIRCLECI_ORG_ID>")
OF_PROJECT = ("circleci", "--set", f"org_id={ORG}", "--set", filled("project_id=<PROJECT_ID>"))
PROVIDER_ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.circleci.com/org/{ORG}"
POLICY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/CircleCI-Deployment-Policy"
ADMIN = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

STEP_1 = filled("""\
aws iam create-open-id-connect-provider \\
--url "https://oidc.circleci.com/org/<CIRCLECI_ORG_ID>" \\
--client-id-list "<CIRCLECI_ORG_ID>" \\
--thumbprint-list "9e99a48a9960b14926bb7f3b02e22da2b0ab7280"
""")
STEP_2 = """\
aws iam create-policy --policy-name CircleCI-Deployment-Policy --policy-document file://policy.json
"""
STEP_3 = """\
aws iam create-role --role-name CircleCI-OIDC-Role --assume-role-policy-document file://trust.json
"""
STEP_3_ATTACH = f"""\
aws iam attach-role-policy --role-name CircleCI-OIDC-Role --policy-arn {POLICY_ARN}
"""
STEP_6 = "aws sts get-caller-identity"


def shell(t, server, aws, script, env=ADMIN):
    """The script, typed as it stands.  Debian's CLI does not know AWS_ENDPOINT_URL: a function adds its option."""
    option = '--endpoint-url "$AWS_ENDPOINT_URL"' if aws == AWS[0] else ""
    return t.command("bash", "-c", f'aws() {{ {aws} {option} "$@"; }}\n{script}', env=env | {
        "AWS_ENDPOINT_URL": server.base, "AWS_REGION": READER["REGION"], "AWS_DEFAULT_REGION": READER["REGION"],
        "AWS_EC2_METADATA_DISABLED": "true"})


def set_up(t, server, aws):
    """Steps 1 to 3; gives the role's unique id."""
    t.file("policy.json", document("policy.json"))
    t.file("trust.json", document("trust.json"))
    equal("step 1", shell(t, server, aws, STEP_1).want(0).json(), {"OpenIDConnectProviderArn": PROVIDER_ARN})
    like("step 2", shell(t, server, aws, STEP_2).want(0).json(), {"Policy": POLICY | {"AttachmentCount": 0}})
    role = shell(t, server, aws, STEP_3).want(0).json()["Role"]
    like("step 3", role, ROLE)
    shell(t, server, aws, STEP_3_ATTACH).want(0, r"\A\Z", r"\A\Z")
    return role["RoleId"]


def like(what, got, wanted):
    """Equality, but for texts that a pattern describes."""
    if isinstance(wanted, re.Pattern):
        want(isinstance(got, str) and wanted.fullmatch(got), f"{what}: {got!r} is not like {wanted.pattern!r}")
    elif isinstance(wanted, dict) and isinstance(got, dict):
        equal(f"members of {what}", sorted(got), sorted(wanted))
        for name in wanted:
            like(f"{what}.{name}", got[name], wanted[name])
    elif isinstance(wanted, list) and isinstance(got, list) and len(got) == len(wanted):
        for i, one in enumerate(wanted):
            like(f"{what}[{i}]", got[i], one)
    else:
        equal(what, got, wanted)


TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
# Twelve characters of a unique id hold the account, 123456789012.
POLICY = {"PolicyName": "CircleCI-Deployment-Policy", "PolicyId": re.compile(r"ANPARZPUZDIK[A-Z2-7]{9}"),
          "Arn": POLICY_ARN, "Path": "/", "DefaultVersionId": "v1", "AttachmentCount": 1,
          "PermissionsBoundaryUsageCount": 0, "IsAttachable": True, "CreateDate": TIME, "UpdateDate": TIME}
ROLE = {"Path": "/", "RoleName": OIDC_ROLE, "RoleId": re.compile(r"AROARZPUZDIK[A-Z2-7]{9}"),
        "Arn": role_arn(OIDC_ROLE), "CreateDate": TIME, "AssumeRolePolicyDocument": json.loads(document("trust.json"))}

# The first four are asked again of the world that was kept.
READINGS = [
    (f"get-open-id-connect-provider --open-id-connect-provider-arn {PROVIDER_ARN}",
     {"Url": f"oidc.circleci.com/org/{ORG}", "ClientIDList": [ORG], "Tags": [], "CreateDate": TIME,
      "ThumbprintList": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]}),
    ("list-roles", {"Roles": [ROLE | {"MaxSessionDuration": 3600}]}),
    (f"get-policy-version --policy-arn {POLICY_ARN} --version-id v1", {"PolicyVersion": {
        "Document": json.loads(document("policy.json")), "VersionId": "v1", "IsDefaultVersion": True,
        "CreateDate": TIME}}),
    ("list-attached-role-policies --role-name CircleCI-OIDC-Role", {"AttachedPolicies": [
        {"PolicyName": "CircleCI-Deployment-Policy", "PolicyArn": POLICY_ARN}]}),
    ("list-open-id-connect-providers", {"OpenIDConnectProviderList": [{"Arn": PROVIDER_ARN}]}),
    ("list-policies --scope Local", {"Policies": [POLICY]}),
    (f"list-entities-for-policy --policy-arn {POLICY_ARN} --entity-filter Role", {
        "PolicyGroups": [], "PolicyUsers": [],
        "PolicyRoles": [{"RoleName": OIDC_ROLE, "RoleId": ROLE["RoleId"]}]}),
]


def readings(t, server, commands):
    return [shell(t, server, AWS[0], f"aws iam {command}").want(0).json() for command, _ in commands]


def job(t, server, aws, token, script=STEP_6):
    """The script with the credentials that a job's token is exchanged for; or the exchange, refused."""
    done = shell(t, server, aws, f"aws sts assume-role-with-web-identity --role-arn {role_arn(OIDC_ROLE)} "
                                 f"--role-session-name {SESSION} --web-identity-token '{token}'", env={})
    if done.status:
        return done
    made = done.json()["Credentials"]
    return shell(t, server, aws, script, env={"AWS_ACCESS_KEY_ID": made["AccessKeyId"],
                                              "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
                                              "AWS_SESSION_TOKEN": made["SessionToken"]})


def is_identity(done, role_id):
    """The guide's expected output, to the letter."""
    equal("stdout", done.want(0).out, f"""{{
    "UserId": "{role_id}:circleci-test-oidc-auth",
    "Account": "{ACCOUNT}",
    "Arn": "arn:aws:sts::{ACCOUNT}:assumed-role/CircleCI-OIDC-Role/circleci-test-oidc-auth"
}}
""")


def guide(t, aws):
    t.file("empty.json", {})
    with t.serve("--config", "empty.json") as server:
        role_id = set_up(t, server, aws)
        is_identity(job(t, server, aws, t.token(*OF_PROJECT)), role_id)


table([(f"{a}: the CircleCI guide leads from an empty account to its expected output", a) for a in AWS], guide)


@case("aws: what the CircleCI guide made is read back, is kept, and is a config")
def _(t):
    t.file("empty.json", {})
    with t.serve("--config", "empty.json", "--state", "world.json") as server:
        role_id = set_up(t, server, AWS[0])
        before = readings(t, server, READINGS)
        for (command, wanted), got in zip(READINGS, before):
            like(command, got, wanted)
    t.run("lint", "world.json").want(0)
    with t.serve("--config", "world.json") as server:
        equal("what the kept world answers", readings(t, server, READINGS[:4]), before[:4])
        minted = server.post("/_understudy/token", {"platform": "circleci", "set": {"org_id": ORG}}).json()
        is_identity(job(t, server, AWS[0], minted["token"]), role_id)


# ---- what a user is told who does it wrong ----

def after_the_guide(t):
    """The world that the guide's commands make."""
    return t.file("world.json", {
        "oidc_providers": [{"url": f"https://oidc.circleci.com/org/{ORG}", "client_ids": [ORG]}],
        "managed_policies": [{"name": "CircleCI-Deployment-Policy", "policy": json.loads(document("policy.json"))}],
        "roles": [{"name": OIDC_ROLE, "trust_policy": json.loads(document("trust.json")),
                   "attached_policies": [POLICY_ARN]}]})


def refused(t, command, operation, code, message):
    for name in ("policy.json", "trust.json"):
        t.file(name, document(name))
    with t.serve("--config", after_the_guide(t)) as server:
        done = shell(t, server, AWS[0], command)
        done.want(254, r"\A\Z")
        holds("stderr", done.err, f"An error occurred ({code}) when calling the {operation} operation: {message}\n")


NOBODY = f"arn:aws:iam::{ACCOUNT}:policy/Nobody"
table([
    ("aws: a provider that is there already", STEP_1, "CreateOpenIDConnectProvider", "EntityAlreadyExists",
     f"Provider with url https://oidc.circleci.com/org/{ORG} already exists."),
    ("aws: a policy that is there already", STEP_2, "CreatePolicy", "EntityAlreadyExists",
     "A policy called CircleCI-Deployment-Policy already exists. Duplicate names are not allowed."),
    ("aws: a role that is there already", STEP_3, "CreateRole", "EntityAlreadyExists",
     f"Role with name {OIDC_ROLE} already exists."),
    ("aws: a policy that is attached cannot be deleted", f"aws iam delete-policy --policy-arn {POLICY_ARN}",
     "DeletePolicy", "DeleteConflict", "Cannot delete a policy attached to entities."),
    ("aws: a role with a policy cannot be deleted", f"aws iam delete-role --role-name {OIDC_ROLE}",
     "DeleteRole", "DeleteConflict", "Cannot delete entity, must detach all policies first."),
    ("aws: a trust policy that is no JSON", "aws iam create-role --role-name new --assume-role-policy-document '{'",
     "CreateRole", "MalformedPolicyDocument", "This policy contains invalid Json"),
    ("aws: the guide's permissions given for the trust policy",
     "aws iam create-role --role-name new --assume-role-policy-document file://policy.json",
     "CreateRole", "MalformedPolicyDocument", "Has prohibited field Resource"),
    ("aws: the guide's trust policy given for the permissions",
     "aws iam create-policy --policy-name new --policy-document file://trust.json",
     "CreatePolicy", "MalformedPolicyDocument", "Policy document should not specify a principal."),
    ("aws: a role that is not there", "aws iam get-role --role-name nobody", "GetRole", "NoSuchEntity",
     "The role with name nobody cannot be found."),
    ("aws: a policy that is not there cannot be attached",
     f"aws iam attach-role-policy --role-name {OIDC_ROLE} --policy-arn {NOBODY}", "AttachRolePolicy", "NoSuchEntity",
     f"Policy {NOBODY} does not exist or is not attachable."),
    ("aws: a provider that is not there", "aws iam get-open-id-connect-provider --open-id-connect-provider-arn "
     f"arn:aws:iam::{ACCOUNT}:oidc-provider/nobody.example.com", "GetOpenIDConnectProvider", "NoSuchEntity",
     f"OpenIDConnect Provider not found for arn arn:aws:iam::{ACCOUNT}:oidc-provider/nobody.example.com"),
], refused)


@case("aws: the CircleCI guide's option keeps other projects out, and its own project in")
def _(t):
    trust = json.loads(document("trust.json"))
    trust["Statement"][0]["Condition"]["StringLike"] = json.loads(filled(
        '{"oidc.circleci.com/org/<CIRCLECI_ORG_ID>:sub": "org/<CIRCLECI_ORG_ID>/project/<PROJECT_ID>/user/*"}'))
    others = t.token(*OF_PROJECT, *OTHERS)
    with t.serve("--config", after_the_guide(t)) as server:
        job(t, server, AWS[0], others).want(0)
        t.file("trust.json", trust)
        shell(t, server, AWS[0], "aws iam update-assume-role-policy --role-name CircleCI-OIDC-Role "
                                 "--policy-document file://trust.json").want(0, r"\A\Z", r"\A\Z")
        job(t, server, AWS[0], others).want(254, r"\A\Z", rf"\(AccessDenied\) .*: {NOT_AUTHORIZED}$")
        job(t, server, AWS[0], t.token(*OF_PROJECT)).want(0, OIDC_ROLE)
