"""docs/fixtures/go, run with the packages that Debian has."""

import fixtures
from cases import ROOT, case, want

ENV = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(ROOT / "build/clients/go/cache")}
TEST = ["go", "test", "-count=1", "./go"]


@case("the example for go test passes, fails when it should, and leaves nothing behind")
def _(t):
    fixtures.copied(t, "go")
    fixtures.check(t, TEST, r"^ok ", "--- FAIL: TestAnotherProjectIsKeptOut", ENV)


@case("the example for go test finds the program on the PATH")
def _(t):
    fixtures.copied(t, "go")
    fixtures.on_the_path(t, TEST, ENV)


@case("the Go fixture tells why a server did not start")
def _(t):
    fixtures.copied(t, "go")
    done = t.command(*TEST, env=ENV | fixtures.program(t, "--config", "nowhere.json"), timeout=180)
    want(done.status != 0 and "understudy serve: exit status 2: " in done.out and "nowhere.json" in done.out, str(done))
    fixtures.nothing_left(t)


@case("the example for go test is formatted as gofmt does")
def _(t):
    t.command("gofmt", "-l", fixtures.copied(t, "go")).want(0, r"\A\Z")
