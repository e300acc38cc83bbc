"""Terraform's AWS provider, as terraform.py replays it.  Whatever it did, it leaves the world as it was."""

from cases import equal, table
from clients import HERE, PYTHON, command

STORIES = [
    ("aws_iam_openid_connect_provider", "is created, refreshed, changed and destroyed"),
    ("aws_iam_role", "is created, refreshed, changed and destroyed"),
    ("aws_iam_role of a role", "is asked for again until its principal is there"),
    ("aws_iam_policy", "is created, refreshed, changed version by version, and destroyed"),
    ("aws_iam_role_policy", "is put, refreshed, put again and destroyed"),
    ("aws_iam_role_policy_attachment", "is made, refreshed and destroyed"),
    ("aws_iam_user", "is created with a key, refreshed, changed and destroyed"),
    ("account", "is found in whichever way the credentials allow"),
]


def replay(t, python, story):
    t.file("empty.json", {})
    with t.serve("--config", "empty.json") as server:
        before = server.get("/_understudy/world").json()
        command(t, [python, "-B", HERE / "terraform.py", server.base, story]).want(0)
        equal("the world afterwards", server.get("/_understudy/world").json(), before)


table([(f"Terraform, by boto3 of {p}: {story} {does}", p, story) for p in PYTHON for story, does in STORIES], replay)
