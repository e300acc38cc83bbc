"""iam.go, compiled by ci/clients."""

from cases import ROOT, case, equal


@case("Go makes, refreshes, changes and destroys what Terraform would, and is let in meanwhile")
def _(t):
    t.file("empty.json", {})
    with t.serve("--config", "empty.json") as server:
        before = server.get("/_understudy/world").json()
        t.command(ROOT / "build/clients/go/iam", server.base).want(0, r"\A\Z", r"\A\Z")
        equal("the world afterwards", server.get("/_understudy/world").json(), before)
