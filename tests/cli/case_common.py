"""What all commands share: help, usage errors, exit codes, where keys are kept."""

import stat

from cases import OIDC_ROLE, OTHERS, PROJECT_ROLE, case, decode, equal, holds, table, want

COMMANDS = ["serve", "exec", "assume", "token", "explain", "lint", "platforms"]

OPTIONS = {
    "serve": ["--config", "--keys", "--listen", "--ready-file"],
    "exec": ["--config", "--keys", "--platform", "--set", "--token", "--role", "--session-name", "--duration",
             "--policy", "--policy-arn", "--rotate"],
    "assume": ["--config", "--endpoint", "--role", "--platform", "--token", "--session-name", "--format"],
    "token": ["--config", "--platform", "--set", "--claim", "--flaw", "--lifetime", "--decode"],
    "explain": ["--role", "--token", "--claims", "--trust-policy", "--at", "--provider-client-id", "--format"],
    "lint": ["--format"],
    "platforms": [],
}



def helps(t, command):
    holds("stdout", t.run(command, "--help").want(0, f"understudy {command}").out, *OPTIONS[command])


table([(f"{c} --help names its options, on stdout, status 0", c) for c in COMMANDS], helps)


@case("--help names every command, on stdout, status 0")
def _(t):
    holds("stdout", t.run("--help").want(0).out, *COMMANDS)


@case("--version prints the name and a version")
def _(t):
    t.run("--version").want(0, r"\Aunderstudy \d+\.\d+\.\d+\n\Z", r"\A\Z")


def refused_usage(t, args, err):
    t.run(*args).want(2, r"\A\Z", err)


table([
    ("no command at all is bad usage", [], "understudy"),
    ("an unknown command is bad usage, and named", ["frobnicate"], "frobnicate"),
    ("an unknown option is bad usage, and named", ["token", "--platform", "circleci", "--frobnicate"],
     "--frobnicate"),
    ("an option without its value is bad usage, and named", ["token", "--platform"], "--platform"),
    ("a word too many is bad usage, and named", ["token", "--platform", "circleci", "surplus"], "surplus"),
    ("token without --platform is bad usage", ["token"], "--platform"),
    ("assume without --role is bad usage", ["assume", "--platform", "circleci"], "--role"),
    ("assume without a token is bad usage", ["assume", "--role", OIDC_ROLE], "--platform|--token"),
    ("exec without a command is bad usage", ["exec", "--platform", "circleci", "--"], "COMMAND|command"),
    ("an unknown platform is bad input, and the known ones are named", ["token", "--platform", "jenkins"],
     "circleci"),
    ("an unknown variant is bad input, and the known ones are named", ["token", "--platform", "circleci/v9"],
     "v2"),
    ("an unknown flaw is bad input", ["token", "--platform", "circleci", "--flaw", "grumpy"], "grumpy"),
    ("an unknown format is bad input",
     ["assume", "--platform", "circleci", "--role", OIDC_ROLE, "--format", "yaml"], "yaml"),
    ("a duration that is none is bad input", ["token", "--platform", "circleci", "--lifetime", "soon"],
     "soon"),
    ("a config that is not there is bad input, and named",
     ["token", "--config", "nowhere.json", "--platform", "circleci"], r"nowhere\.json"),
    ("a token file that is not there is bad input, and named",
     ["assume", "--role", OIDC_ROLE, "--token", "nowhere.jwt"], r"nowhere\.jwt"),
    ("--set of an unknown parameter is bad input, and named",
     ["token", "--platform", "circleci", "--set", "colour=red"], "colour"),
    ("--set without = is bad input", ["token", "--platform", "circleci", "--set", "project_id"],
     "project_id"),
    ("--claim whose value is not JSON is bad input", ["token", "--platform", "circleci", "--claim", "x={"],
     "x"),
], refused_usage)


@case("a keys folder that cannot be made is status 3")
def _(t):
    blocked = t.file("blocked", "a file")
    t.run("token", "--platform", "circleci", "--keys", blocked / "keys").want(3, r"\A\Z", "blocked")


@case("keys are kept under XDG_STATE_HOME, 0600 in a 0700 folder")
def _(t):
    state = t.dir / "state"
    t.run("token", "--platform", "circleci", env={"XDG_STATE_HOME": str(state)}).want(0)
    files = [p for p in state.rglob("*") if p.is_file()]
    want(files, f"no file below {state}")
    for path in files:
        equal(str(path), oct(stat.S_IMODE(path.stat().st_mode)), "0o600")
        equal(str(path.parent), oct(stat.S_IMODE(path.parent.stat().st_mode)), "0o700")


@case("without XDG_STATE_HOME keys are kept below HOME/.local/state")
def _(t):
    t.env.pop("XDG_STATE_HOME")
    t.run("token", "--platform", "circleci").want(0)
    want(any((t.home / ".local/state").rglob("*")), "nothing below HOME/.local/state")


@case("eight processes that come first at once make one key")
def _(t):
    keys = t.dir / "keys"
    running = [t.start("token", "--platform", "circleci", "--keys", keys) for _ in range(8)]
    kids = set()
    for p in running:
        out, err = p.communicate(timeout=60)
        equal(f"status ({err})", p.returncode, 0)
        kids.add(decode(out)[0]["kid"])
    equal("key ids", len(kids), 1)


@case("stderr has no colour when it is no terminal")
def _(t):
    done = t.run("assume", "--platform", "circleci", *OTHERS, "--role", PROJECT_ROLE).want(1, None, "trust-denied")
    want("\x1b" not in done.err + done.out, f"an escape sequence:\n{done}")


@case("a full disk under stdout is status 3, not silence")
def _(t):
    t.command("/bin/sh", "-c", f"'{t.program}' token --platform circleci >/dev/full").want(3)
