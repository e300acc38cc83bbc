"""iam.rb."""

from cases import ROOT, case, equal


@case("Ruby makes, reads, changes and destroys a role with its policies")
def _(t):
    t.file("empty.json", {})
    with t.serve("--config", "empty.json") as server:
        before = server.get("/_understudy/world").json()
        t.command("ruby", "-W0", ROOT / "tests/clients/ruby/iam.rb", server.port).want(0, r"\A\Z", r"\A\Z")
        equal("the world afterwards", server.get("/_understudy/world").json(), before)
