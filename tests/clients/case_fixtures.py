"""docs/fixtures: the examples that need no toolchain of their own.  Those in Go and Java: go/, java/."""

import re
import subprocess

import fixtures
from cases import ROOT, Skipped, case, equal, table, want
from clients import newer

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
