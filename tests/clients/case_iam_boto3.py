"""boto3 and IAM beyond single calls: what boto_iam.py tells."""

from cases import table
from clients import HERE, PYTHON, command

TWO_ACCOUNTS = {"accounts": {"999999999999": {"credentials": [
    {"access_key_id": "other", "secret_access_key": "other-secret"}]}}}
STORIES = [
    ("paginators", "paginators see everything once"),
    ("waiters", "waiters wait until it is there, and give up when it is not"),
    ("error classes", "a refusal is the class that the service model has for it"),
    ("accounts", "what a key makes is in the key's account"),
    ("cross-account", "a role of another account is assumed when both sides allow it"),
]


def tell(t, python, story):
    t.file("world.json", TWO_ACCOUNTS)
    with t.serve("--config", "world.json") as server:
        command(t, [python, "-B", HERE / "boto_iam.py", server.base, story]).want(0)


table([(f"boto3 of {p}: {sentence}", p, story) for p in PYTHON for story, sentence in STORIES], tell)
