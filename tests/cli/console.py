"""
Documents that are run: what a ```console fence shows is what the program prints.

A fence holds commands behind "$ ", continued behind "> ", each followed by its output, standard error
among it.  All commands of a document share one shell, in a folder that has a copy of docs/ (and scenarios/).  A
command "understudy serve ..." in the foreground is started beforehand, on a port of its own, which is
shown as 4580.  A line "..." stands for any number of lines.  What differs from run to run (credentials,
times, key ids, request ids) is not compared; times before 2020, of clocks that were set, are.

With GOLDEN=write in the environment, fences that differ are written anew; what "..." left out stays left
out where the three lines before and behind it are still there.
"""

import difflib
import os
import re
import shlex
import shutil
from pathlib import Path

from cases import ROOT, Skipped, want

PORT = "127.0.0.1:4580"
END = "--- end of command"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

# Long texts that nobody reads are written short.
SHORTENED = [
    (r"eyJ[\w-]+\.[\w-]+\.[\w-]*", "eyJ..."),
    (r"IQoJb3JpZ2luX2Vj[A-Za-z0-9+/]+=*", "IQoJb3JpZ2luX2Vj..."),
    (r'("(?:n|x5c|x|y)": "[\w-]{12})[\w-]{20,}"', r'\1..."'),
    (r'("MII[A-Za-z0-9+/]{9})[A-Za-z0-9+/]{20,}=*"', r'\1..."'),
]

# What another run prints otherwise.
MASKED = [
    (r"ASIARZPUZDIK[A-Z2-7]{8}", "ASIA"),
    (r"\b(A[A-Z]{3})RZPUZDIK[A-Z2-7]{9}", r"\1"),  # unique ids; those of a config are compared elsewhere
    (r"(SecretAccessKey\W+|SECRET_ACCESS_KEY='?)[A-Za-z0-9+/]{40}", r"\1SECRET"),
    (r"\b20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
    (r"^Date: .*$", "Date: TIME"),
    (r"^Content-Length: \d+$", "Content-Length: N"),
    (r"\b[12]\d{9}\b", "EPOCH"),
    (r"\d+ s ago", "N s ago"),
    (r"^(Ran \d+ tests in |\d+ passed in )[\d.]+s", r"\1Ns"),
    (r'of key "[\w-]+"', 'of key "KEY"'),
    (r'("uptime_s": )\d+', r"\1N"),
    (r'("(?:kid|x5t|n|x|y)": )"[\w.-]+"', r'\1"KEY"'),
    (r'"MII[A-Za-z0-9+/.=]+"', '"CERTIFICATE"'),
    (rf'(x-amzn-requestid: |<RequestId>|"request_id": "|"jti": "|/exchanges/){UUID}', r"\1ID"),
    (r"/tmp/understudy-\w{6}", "/tmp/understudy-XXXXXX"),
    (r"127\.0\.0\.1:(?!4580)\d+", "127.0.0.1:N"),
]


class Shown:
    """A command and its output, as lines first to last (exclusive) of a document show them."""

    def __init__(self, command, first):
        self.command, self.output, self.first, self.last = command, [], first, first


def read(lines):
    """Everything that is shown, in its order."""
    shown, inside = [], False
    for number, line in enumerate(lines):
        if line.startswith("```"):
            inside = line == "```console"
        elif not inside:
            continue
        elif line.startswith("$ "):
            shown.append(Shown(line[2:], number + 1))
            shown[-1].last = number + 1
        elif line.startswith("> ") and shown and not shown[-1].output:
            shown[-1].command += "\n" + line[2:]
            shown[-1].first = shown[-1].last = number + 1
        else:
            want(shown, f"line {number + 1}: output without a command")
            shown[-1].output.append(line)
            shown[-1].last = number + 1
    return shown


def replaced(text, rules):
    for pattern, by in rules:
        text = re.sub(pattern, by, text, flags=re.M)
    return text


def masked(text):
    return replaced(replaced(text, SHORTENED), MASKED)


def agrees(expected, got):
    """Whether the lines say the same; "..." stands for any lines."""
    parts = [[]]
    for line in expected:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(masked(line) + "\n")
    pattern = r"(?:.*\n)*?".join(re.escape("".join(part)) for part in parts)
    return re.fullmatch(pattern, "".join(masked(line) + "\n" for line in got)) is not None


def difference(path, shown, got):
    lines = difflib.unified_diff([masked(line) for line in shown.output], [masked(line) for line in got],
                                 "shown", "printed", lineterm="")
    return f"{path}:{shown.first}: $ {shown.command}\n" + "\n".join(lines)


def in_foreground(command):
    return command.startswith("understudy serve") and not command.rstrip().endswith("&")


def run_all(t, commands):
    """The output of each, as lines; run by one shell."""
    script = "".join(f"{{ {c}\n}} </dev/null\necho; echo '{END}'\n" for c in commands)
    # What a page leaves running in the background ends with it.
    done = t.command("bash", "-c", "exec 2>&1\ntrap 'kill $(jobs -p) 2>/dev/null' EXIT\n" + script, timeout=180,
                     env={"PATH": f"{Path(t.program).parent}:{t.env['PATH']}"})
    want(done.status == 0 and done.out.count(END) == len(commands), str(done))
    parts = [part.removeprefix("\n").rstrip() for part in done.out.split(END)[:-1]]
    return [[line.rstrip() for line in part.splitlines()] for part in parts]


def need(shown):
    for tool in ("aws", "bats", "curl", "pytest"):
        if any(re.search(rf"\b{tool}\b", s.command) for s in shown) and not shutil.which(tool):
            raise Skipped(f"there is no {tool}")


def outputs(t, shown):
    """What each command prints; a server in the foreground is running meanwhile."""
    served = next((s for s in shown if in_foreground(s.command)), None)
    if not served:
        return run_all(t, [s.command for s in shown])
    with t.serve(*shlex.split(served.command.replace(":4580", ":0"))[2:]) as server:
        banner = [*server.err().splitlines(), f"understudy ready on {server.base}"]
        address = server.base.removeprefix("http://")
        others = run_all(t, [s.command.replace(PORT, address) for s in shown if s is not served])
        others.insert(shown.index(served), banner)
        return [[line.replace(address, PORT) for line in lines] for lines in others]


def find(lines, some, start):
    """Where some stand in lines from start on, or -1."""
    places = (i for i in range(start, len(lines) - len(some) + 1) if lines[i:i + len(some)] == some)
    return next(places, -1)


def elided(expected, got):
    """The lines that were printed, without those that the page left out."""
    out, seen = list(got), 0
    for i in (i for i, line in enumerate(expected) if line.strip() == "..."):
        plain = [masked(line) for line in out]
        before, behind = ([masked(line) for line in part] for part in (expected[max(0, i - 3):i], expected[i + 1:i + 4]))
        begin = find(plain, before, seen)
        end = find(plain, behind, begin + len(before)) if begin >= 0 else -1
        if end >= 0:
            seen = begin + len(before) + 1
            out[seen - 1:end] = [expected[i]]
    return out


def rewrite(path, lines, changes):
    for shown, got in reversed(changes):
        lines[shown.first:shown.last] = [replaced(line, SHORTENED) for line in elided(shown.output, got)]
    path.write_text("\n".join(lines) + "\n")


def check(t, name):
    """Runs ROOT/name, and compares."""
    path = ROOT / name
    lines = path.read_text().splitlines()
    shown = read(lines)
    want(shown, f"{name} shows nothing")
    need(shown)
    shutil.copytree(ROOT / "docs", t.dir / "docs")
    (t.dir / "scenarios").symlink_to(ROOT / "scenarios")
    t.env["XDG_STATE_HOME"] = str(t.dir / "state")  # keys that a page rotates are nobody else's
    printed = [[line.replace(str(t.tmp), "/tmp") for line in lines] for lines in outputs(t, shown)]
    changes = [(s, got) for s, got in zip(shown, printed) if not agrees(s.output, got)]
    if changes and os.environ.get("GOLDEN") == "write":
        rewrite(path, lines, changes)
    else:
        want(not changes, "\n\n".join(difference(name, s, got) for s, got in changes))
