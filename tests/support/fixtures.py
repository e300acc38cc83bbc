"""The examples of docs/fixtures, tried as a reader tries them: copied, run, and run against a role that is wide open."""

import os
import re
import shutil

from cases import PROJECT_ROLE, ROOT, equal, until, want

FOLDER = ROOT / "docs/fixtures"


def copied(t, name):
    """A copy, so that nothing is written beside the originals."""
    return shutil.copytree(FOLDER / name, t.dir / name)


def wide_open(t):
    """The demo world, but that CircleCI-Project-Role lets every project in."""
    with t.serve() as server:
        world = server.get("/_understudy/world").json()
    role = next(r for r in world["roles"] if r["name"] == PROJECT_ROLE)
    del role["trust_policy"]["Statement"][0]["Condition"]["StringLike"]
    return t.file("wide-open.json", world)


def program(t, *more):
    """What UNDERSTUDY names: the program, whose servers get more options and are noted."""
    words = " ".join(f"'{word}'" for word in more)
    script = t.file("understudy-noted", f"""#!/bin/sh
if [ "$1" != serve ]; then exec '{t.program}' "$@"; fi
echo $$ >>'{t.dir}/servers'
exec '{t.program}' "$@" {words}
""")
    script.chmod(0o755)
    return {"UNDERSTUDY": str(script)}


def runs(pid):
    try:
        os.kill(int(pid), 0)
        return True
    except ProcessLookupError:
        return False


def nothing_left(t):
    """Every server was ended, and no file of theirs is left."""
    noted = t.dir / "servers"
    want(noted.exists(), "no server was started by what UNDERSTUDY names")
    until("an end of every server", lambda: not any(runs(pid) for pid in noted.read_text().split()))
    equal("left in TMPDIR", sorted(p.name for p in t.tmp.glob("understudy*")), [])
    noted.unlink()


def check(t, command, passed, failed, env=None):
    """The example passes; with the role wide open the test fails that says otherwise; each leaves nothing behind."""
    done = t.command(*command, env=(env or {}) | program(t), timeout=180).want(0)
    want(re.search(passed, done.out + done.err, re.M), f"nothing like {passed!r}\n{done}")
    nothing_left(t)
    done = t.command(*command, env=(env or {}) | program(t, "--config", wide_open(t)), timeout=180)
    want(done.status != 0 and failed in done.out + done.err, f"nothing failed as {failed!r}\n{done}")
    nothing_left(t)


def on_the_path(t, command, env=None):
    """Without UNDERSTUDY the program is found on the PATH."""
    folder = t.dir / "bin"
    folder.mkdir()
    (folder / "understudy").symlink_to(t.program)
    t.command(*command, env=(env or {}) | {"PATH": f"{folder}:{t.env['PATH']}"}, timeout=180).want(0)
