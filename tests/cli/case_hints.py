"""Hints, from the command that names them to the policy they were written into."""

import json
import os
import subprocess

from cases import OIDC_ROLE, OTHERS, PROJECT_ROLE, ROOT, case, equal, holds, table, want

ROLES = {role["name"]: role for role in json.loads((ROOT / "scenarios/worlds/demo.json").read_text())["roles"]}


def patched(document, edit):
    """RFC 6902, one operation."""
    *way, last = [p.replace("~1", "/").replace("~0", "~") for p in edit["path"].split("/")[1:]]
    at = document
    for step in way:
        at = at[int(step) if isinstance(at, list) else step]
    if isinstance(at, list):
        index = len(at) if last == "-" else int(last)
        at[index:index + (edit["op"] != "add")] = [edit["value"]] if edit["op"] != "remove" else []
    elif edit["op"] == "remove":
        del at[last]
    else:
        want(edit["op"] == "add" or last in at, f"nothing to replace at {edit['path']}")
        at[last] = edit["value"]
    return document


def closes(t, id, role, *token):
    """The hint of that name, written into the role's policy."""
    why = t.run("explain", "--role", role, *token, "--format", "json").json()
    hints = {hint["id"]: hint for hint in why["hints"]}
    want(id in hints, json.dumps(why["hints"]))
    equal("target", hints[id]["edit"]["target"], "trust-policy")
    policy = patched(json.loads(json.dumps(ROLES[role]["trust_policy"])), hints[id]["edit"])
    return t.file("better.json", policy)


def lets_in(t, id, role, *token):
    t.run("explain", "--role", role, *token).want(1, "^denied")
    t.run("explain", "--role", role, *token, "--trust-policy", closes(t, id, role, *token)).want(0, "^allowed")


table([
    ("the edit for GitHub's immutable subjects lets them in", "github-immutable-subject", "GitHub-Actions-Role",
     "--platform", "github/immutable"),
    ("the edit for Pulumi's <yaml> lets it in", "pulumi-yaml-environment", "Pulumi-ESC-Role",
     "--platform", "pulumi/esc-iac"),
    ("the edit for another project lets it in", "value-differs", PROJECT_ROLE, "--platform", "circleci", *OTHERS),
], lets_in)


@case("the edit for the guide's open door shuts the stranger out, and the owner stays in")
def _(t):
    owner = ["--platform", "circleci"]
    policy = closes(t, "no-sub-condition", OIDC_ROLE, *owner)
    t.run("explain", "--role", OIDC_ROLE, *owner, *OTHERS).want(0, "^allowed")
    t.run("explain", "--role", OIDC_ROLE, *owner, "--trust-policy", policy).want(0, "^allowed")
    t.run("explain", "--role", OIDC_ROLE, *owner, *OTHERS, "--trust-policy", policy).want(1, "^denied")


@case("serve and exec print hints below a refusal, and none below an allowance")
def _(t):
    with t.serve() as server:
        server.assume(PROJECT_ROLE, t.token("circleci", *OTHERS))
        server.assume(OIDC_ROLE, t.token())
        lines = [line for line in server.err().splitlines() if "hint: " in line]
        want(len(lines) == 1 and "value-differs" in lines[0], server.err())


# ---- colour ----

def on_a_terminal(t, env):
    """Standard output of a refusal, when it is a terminal."""
    master, slave = os.openpty()
    process = subprocess.Popen([t.program, "explain", "--role", PROJECT_ROLE, "--platform", "render"], stdout=slave,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=t.env | env, cwd=t.dir)
    os.close(slave)
    out = b""
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:  # what reading the master says once the other side is closed
            break
        if not more:
            break
        out += more
    os.close(master)
    equal("status", process.wait(60), 1)
    return out.decode()


table([
    ("an explanation is painted on a terminal", {"TERM": "xterm"}, True),
    ("an explanation is not painted with NO_COLOR", {"TERM": "xterm", "NO_COLOR": "1"}, False),
    ("an explanation is not painted on a dumb terminal", {"TERM": "dumb"}, False),
], lambda t, env, painted: equal("painted", "\033[31mdenied\033[0m" in on_a_terminal(t, env), painted))


@case("an explanation is not painted in a pipe")
def _(t):
    out = t.run("explain", "--role", PROJECT_ROLE, "--platform", "render", env={"TERM": "xterm"}).want(1).out
    want("\033" not in out, out)
    holds("stdout", out, "role-trusts-others", "Render-OIDC-Role")
