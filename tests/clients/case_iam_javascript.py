"""IAM by the AWS SDK for JavaScript, as iam.mjs tells it."""

from cases import equal, table
from clients import command, need_node, node


def told(t, story, leaves_nothing):
    need_node()
    t.file("empty.json", {})
    with t.serve("--config", "empty.json") as server:
        before = server.get("/_understudy/world").json()
        command(t, node("iam.mjs", server.base, story)).want(0)
        equal("the world is as before", server.get("/_understudy/world").json() == before, leaves_nothing)


table([
    ("client-iam: what it makes lets a token in, and what it destroys is gone", "life cycle", True),
    ("client-iam: a refusal is the class that the service model has for it", "errors", False),
    ("client-iam: pages have everything once, waiters find it or give up", "pages and waiters", False),
], told)
