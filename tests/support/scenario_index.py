#!/usr/bin/python3
"""
docs/scenarios.md, made of what scenarios/data holds.

    tests/support/scenario_index.py            says whether the page is current
    tests/support/scenario_index.py --write    writes it
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "scenarios" / "data"
PAGE = ROOT / "docs" / "scenarios.md"

# The folders of scenarios/data, in the order of the page.
CHAPTERS = {
    "circleci": "CircleCI",
    "render": "Render",
    "env0": "env zero",
    "pulumi": "Pulumi Cloud",
    "github": "GitHub Actions",
    "other-issuers": "Other issuers",
    "token": "The web identity token",
    "request": "The request",
    "diagnoses": "Diagnoses",
    "policy": "Trust policies",
    "sessions": "Sessions, refresh, chaining, tags",
    "keys": "Keys",
    "time": "Time",
    "faults": "Faults",
    "iam": "IAM",
}

INTRO = """# The scenarios

{n} decisions, each in a file of its own below `scenarios/data`. `understudy replay scenarios/` plays them all in a
moment; change a policy in one and see it turn red. [scenario-format.md](scenario-format.md) tells what is in a file,
[replay.md](replay.md) how to play, record and capture them.

This page is generated: `tests/support/scenario_index.py --write`.
"""


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def outcome(scenario):
    """What the calls are answered: each once, in order."""
    words = []
    for step in scenario["steps"]:
        if "call" not in step:
            continue
        expect = step.get("expect", {})
        reason = expect.get("because", {}).get("reason")
        word = "lost" if expect.get("lost") else expect.get("error") or ("allowed" if expect.get("status", 200) == 200 else str(expect["status"]))
        if reason and expect.get("error"):
            word = f"{word} ({reason})"
        if word not in words:
            words.append(word)
    return ", ".join(words)


def chapter(folder):
    rows = ["", f"## {CHAPTERS[folder]}", "", "| file | scenario | answers | source |", "|---|---|---|---|"]
    for path in sorted((DATA / folder).rglob("*.json")):
        scenario = json.loads(path.read_text())
        if "steps" not in scenario:
            continue
        name = path.relative_to(DATA).as_posix()
        rows.append(f"| [{name}](../scenarios/data/{name}) | {cell(scenario['scenario'])} | {cell(outcome(scenario))} "
                    f"| {cell(scenario.get('source', ''))} |")
    return rows


def page():
    folders = sorted({p.relative_to(DATA).parts[0] for p in DATA.rglob("*.json")})
    unknown = [f for f in folders if f not in CHAPTERS]
    if unknown:
        sys.exit(f"scenarios/data/{unknown[0]}: not a chapter of {Path(__file__).name}")
    n = sum("steps" in json.loads(p.read_text()) for p in DATA.rglob("*.json"))
    lines = [INTRO.format(n=n).rstrip()]
    for folder in CHAPTERS:
        if folder in folders:
            lines += chapter(folder)
    return "\n".join(lines) + "\n"


def main():
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page())
    elif not PAGE.exists() or PAGE.read_text() != page():
        sys.exit("docs/scenarios.md is not what scenarios/data holds: tests/support/scenario_index.py --write")


if __name__ == "__main__":
    main()
