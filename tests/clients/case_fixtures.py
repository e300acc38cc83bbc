"""docs/fixtures: the examples that need no toolchain of their own.  Those in Go and Java: go/, java/."""

import re
import shutil
import subprocess

import fixtures
from cases import ROOT, Skipped, case, equal, table, want
from clients import MODULES, need_node, newer

PAGES = sorted((ROOT / "docs/fixtures").glob("*.md"))


# ---- pytest ----

def pythons():
    """Those that have what the example imports."""
    for python in ["/usr/bin/python3", *newer("python3", ["-c", "import boto3, pytest"])]:
        if subprocess.run([python, "-c", "import boto3, pytest"], capture_output=True).returncode == 0:
            yield python


def pytest_passes(t, python):
    fixtures.copied(t, "pytest")
    fixtures.check(t, [python, "-m", "pytest", "-q", "pytest"], r"^\d+ passed in ", "test_another_project_is_kept_out")


table([(f"the pytest example passes with {p}, fails when it should, and leaves nothing behind", p) for p in pythons()],
      pytest_passes)


@case("the pytest example finds the program on the PATH")
def _(t):
    for python in pythons():
        fixtures.copied(t, "pytest")
        return fixtures.on_the_path(t, [python, "-m", "pytest", "-q", "pytest"])
    raise Skipped("there is no pytest, or no boto3")


@case("the pytest fixture tells why a server did not start")
def _(t):
    for python in pythons():
        fixtures.copied(t, "pytest")
        done = t.command(python, "-m", "pytest", "-q", "pytest",
                         env=fixtures.program(t, "--config", "nowhere.json")).want(1, "understudy serve ended with 2")
        want("nowhere.json" in done.out, str(done))
        return
    raise Skipped("there is no pytest, or no boto3")


# ---- Node.js ----

def with_node(t, script):
    need_node()
    fixtures.copied(t, "node")
    (t.dir / "node_modules").symlink_to(MODULES / "node_modules")
    return ["npm", "--prefix", "node", "run", script]


def node_passes(t, script, passed):
    fixtures.check(t, with_node(t, script), passed, "another project is kept out", {"NO_COLOR": "1"})


table([
    ("the example for Vitest passes, fails when it should, and leaves nothing behind", "test", r"Tests +5 passed"),
    ("the example for Jest passes, fails when it should, and leaves nothing behind", "test:jest", r"Tests: +5 passed"),
    ("the example for node:test passes, fails when it should, and leaves nothing behind", "test:node", r"pass 2$"),
], node_passes)


@case("the example for Vitest finds the program on the PATH")
def _(t):
    fixtures.on_the_path(t, with_node(t, "test"))


@case("the JavaScript fixture tells why a server did not start")
def _(t):
    command = with_node(t, "test:node")
    done = t.command(*command, env=fixtures.program(t, "--config", "nowhere.json"))
    want(done.status != 0 and "understudy serve ended: " in done.out and "nowhere.json" in done.out, str(done))
    fixtures.nothing_left(t)


# ---- the shell ----

def with_shell(t, command):
    for tool in (command[0], "curl"):
        if not shutil.which(tool):
            raise Skipped(f"there is no {tool}")
    fixtures.copied(t, "shell")
    return command


def shell_passes(t, command, passed, failed):
    fixtures.check(t, with_shell(t, command), passed, failed)


SHELLS = ["sh", "bash"]
table([(f"the example for the shell passes in {s}, fails when it should, and leaves nothing behind", [s, "shell/deploy.sh"],
        r"^ok: another project is kept out$", "FAILED: another project is kept out: wanted trust-denied, got allowed")
       for s in SHELLS], shell_passes)
table([("the example for bats passes, fails when it should, and leaves nothing behind", ["bats", "shell/deploy.bats"],
        r"^ok 3 a session ends after its hour$", "not ok 2 another project is kept out")], shell_passes)


@case("the example for the shell finds the program on the PATH")
def _(t):
    fixtures.on_the_path(t, with_shell(t, ["sh", "shell/deploy.sh"]))


def shell_tells(t, command):
    done = t.command(*with_shell(t, command), env=fixtures.program(t, "--config", "nowhere.json"))
    want(done.status == 1 and "nowhere.json: No such file" in done.out + done.err, str(done))
    fixtures.nothing_left(t)


table([(f"the fixture of {c[0]} tells why a server did not start", c)
       for c in (["sh", "shell/deploy.sh"], ["bash", "shell/deploy.sh"], ["bats", "shell/deploy.bats"])], shell_tells)


# ---- the pages ----

def excerpts(page):
    """The fenced texts of a page that are in a language, and no console."""
    return [text for language, text in re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(), re.M | re.S)
            if language != "console"]


@case("what the pages of fixtures show of a file stands in a file")
def _(t):
    files = [p.read_text() for p in (ROOT / "docs/fixtures").rglob("*") if p.is_file() and p.suffix != ".md"]
    shown = [(page.name, text) for page in PAGES for text in excerpts(page)]
    want(shown, "no page shows anything")
    equal("that stand nowhere", [s for s in shown if not any(s[1] in text for text in files)], [])
