#!/usr/bin/python3
"""
Tests of the finished program, as its users meet it.

    tests/support/cases.py PROGRAM FOLDER [WORD...]

Loads FOLDER/case_*.py and runs their cases, or those whose sentence holds every WORD.  A case is a
sentence that would be false if it failed, and a function that gets a T: a private folder, a private
environment, and the program.  Prints what failed or was skipped (on a terminal also what passed), and
closes with "N passed, N failed".
"""

import base64
import concurrent.futures
import http.client
import importlib.util
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
from pathlib import Path

sys.dont_write_bytecode = True
# Whoever starts this in the background may have them ignored, and what is ignored is inherited.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.modules.setdefault("cases", sys.modules[__name__])
ROOT = Path(__file__).resolve().parents[2]
CASES = []

# Of the demo world and the profiles' defaults.
ACCOUNT = "123456789012"
CIRCLECI_ORG = "00f45056-5918-4171-9222-b538c76ed3f8"
CIRCLECI_ISSUER = f"https://oidc.circleci.com/org/{CIRCLECI_ORG}"
OIDC_ROLE = "CircleCI-OIDC-Role"
PROJECT_ROLE = "CircleCI-Project-Role"
# Parameters of a token that CircleCI-Project-Role does not trust.
OTHER_PROJECT = "11111111-2222-4333-8444-555555555555"
OTHERS = ("--set", f"project_id={OTHER_PROJECT}")
NOT_AUTHORIZED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


def case(sentence):
    def add(function):
        CASES.append((sentence, function))
        return function
    return add


def table(rows, run):
    """One case a row; the row's first column is its sentence."""
    for row in rows:
        CASES.append((row[0], lambda t, row=row: run(t, *row[1:])))


def want(condition, message):
    if not condition:
        raise Failed(message)


def equal(what, got, wanted):
    want(got == wanted, f"{what}: got {got!r}, wanted {wanted!r}")


def holds(what, text, *parts):
    for part in parts:
        want(part in text, f"{what}: no {part!r} in:\n{text}")


def matches(what, text, pattern):
    want(re.search(pattern, text, re.M), f"{what}: nothing like {pattern!r} in:\n{text}")


class Done:
    """A command that has ended."""

    def __init__(self, args, status, out, err):
        self.args, self.status, self.out, self.err = args, status, out, err

    def __str__(self):
        return (f"$ {' '.join(map(str, self.args))}\nstatus {self.status}\n"
                f"-- stdout\n{self.out}\n-- stderr\n{self.err}")

    def want(self, status, out=None, err=None):
        want(self.status == status, f"status {self.status}, wanted {status}\n{self}")
        if out is not None:
            want(re.search(out, self.out, re.M), f"stdout is not like {out!r}\n{self}")
        if err is not None:
            want(re.search(err, self.err, re.M), f"stderr is not like {err!r}\n{self}")
        return self

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError as e:
            raise Failed(f"stdout is not JSON ({e})\n{self}") from None


def status_of(code):
    """As a shell says it: 128 + n for a signal."""
    return 128 - code if code < 0 else code


def decode(token):
    """Header and claims of a token; the signature is somebody else's business."""
    parts = token.strip().split(".")
    equal("parts of the token", len(parts), 3)
    return [json.loads(base64.urlsafe_b64decode(p + "=" * (-len(p) % 4))) for p in parts[:2]]


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.body = response.read().decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)

    def text(self, element):
        found = re.search(f"<{element}>([^<]*)</{element}>", self.body)
        return found.group(1) if found else None

    def __str__(self):
        return f"status {self.status} {self.headers}\n{self.body}"


class Server:
    """`understudy serve` on a port of its own.  Leaving its block ends it, and wants it to end well."""

    def __init__(self, t, args, env):
        self.t = t
        number = len(t.servers)
        self.ready_file = t.dir / f"ready-{number}"
        self.err_file = t.dir / f"serve-{number}.err"
        t.servers.append(self)
        with open(self.err_file, "wb") as err:
            self.process = subprocess.Popen(
                [t.program, "serve", "--listen", "127.0.0.1:0", "--ready-file", self.ready_file, *args],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=err, env=t.env | env, cwd=t.dir)
        line = self.first_line()
        found = re.fullmatch(r"understudy ready on (http://127\.0\.0\.1:(\d+))\n", line)
        if not found:
            self.process.kill()
            raise Failed(f"the first line of serve is {line!r}; stderr:\n{self.err()}")
        self.base, self.port = found.group(1), int(found.group(2))

    def first_line(self):
        if not select.select([self.process.stdout], [], [], 30)[0]:
            return "(nothing after 30 s)"
        return self.process.stdout.readline().decode()

    def err(self):
        return self.err_file.read_text(errors="replace")

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, headers=None):
        return self.ask("GET", path, headers=headers)

    def post(self, path, value=None, headers=None):
        return self.ask("POST", path, json.dumps(value if value is not None else {}),
                        {"Content-Type": "application/json"} | (headers or {}))

    def call(self, **form):
        """An AWS-side call, unsigned."""
        form.setdefault("Version", "2011-06-15")
        return self.ask("POST", "/", urllib.parse.urlencode(form),
                        {"Content-Type": "application/x-www-form-urlencoded"})

    def assume(self, role, token, session="cases", **more):
        return self.call(Action="AssumeRoleWithWebIdentity", RoleArn=role_arn(role),
                         RoleSessionName=session, WebIdentityToken=token, **more)

    def exchanges(self):
        """What was asked and decided, newest first."""
        value = self.get("/_understudy/exchanges").json()
        return value if isinstance(value, list) else value["exchanges"]

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failed(f"serve did not end within 30 s of signal {number}") from None
        self.process.stdout.close()
        return status_of(code)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        status = self.end()
        if kind is None:
            want(status == 0, f"serve ended with {status}; stderr:\n{self.err()}")


def role_arn(role):
    return role if role.startswith("arn:") else f"arn:aws:iam::{ACCOUNT}:role/{role}"


class T:
    """What one case works with."""

    def __init__(self, program, scratch, state):
        self.program = program
        self.dir = Path(scratch)
        self.state = state
        self.home = self.dir / "home"
        self.tmp = self.dir / "tmp"
        self.home.mkdir()
        self.tmp.mkdir()
        self.servers = []
        kept = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
        self.env = {k: os.environ[k] for k in kept if k in os.environ}
        self.env |= {"HOME": str(self.home), "TMPDIR": str(self.tmp), "LC_ALL": "C.UTF-8",
                     "XDG_STATE_HOME": str(state), **shims()}

    def command(self, *args, stdin="", env=None, timeout=60):
        try:
            done = subprocess.run([str(a) for a in args], input=stdin, env=self.env | (env or {}), cwd=self.dir,
                                  capture_output=True, timeout=timeout, text=True, errors="replace")
        except subprocess.TimeoutExpired as e:
            raise Failed(f"not ended after {timeout} s: {' '.join(map(str, args))}\n{e.stdout}\n{e.stderr}") from None
        return Done(args, status_of(done.returncode), done.stdout, done.stderr)

    def run(self, *args, **more):
        return self.command(self.program, *args, **more)

    def start(self, *args, env=None):
        return subprocess.Popen([self.program, *map(str, args)], env=self.env | (env or {}), cwd=self.dir, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def serve(self, *args, env=None):
        return Server(self, args, env or {})

    def token(self, platform="circleci", *args):
        return self.run("token", "--platform", platform, *args).want(0).out.strip()

    def file(self, name, content):
        path = self.dir / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path


def shims():
    """A version manager's programs look below HOME for themselves, and the cases' HOME is another."""
    root = Path.home() / ".pyenv"
    return {"PYENV_ROOT": os.environ.get("PYENV_ROOT", str(root))} if root.is_dir() else {}


def until(what, condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        want(time.monotonic() < end, f"{what}: not within {seconds} s")
        time.sleep(0.02)


PRINTING = threading.Lock()


def run_case(program, state, sentence, function):
    with tempfile.TemporaryDirectory(prefix="understudy-case.", ignore_cleanup_errors=True) as scratch:
        t = T(program, scratch, state)
        verdict, why = "ok", ""
        try:
            function(t)
        except Skipped as e:
            verdict, why = "skipped", str(e)
        except Failed as e:
            verdict, why = "FAILED", str(e)
        except Exception:
            verdict, why = "FAILED", traceback.format_exc()
        for server in t.servers:
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait()
            if verdict == "FAILED":
                why += f"\n-- stderr of serve\n{server.err()}"
    with PRINTING:
        if verdict != "ok" or sys.stdout.isatty():
            print(f"{verdict}: {sentence}" + (f": {why}" if why else ""), flush=True)
    return verdict


def load(folder):
    sys.path.insert(0, str(Path(folder).resolve()))
    for path in sorted(Path(folder).glob("case_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


def main():
    if len(sys.argv) < 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    program = str(Path(sys.argv[1]).resolve())
    load(sys.argv[2])
    chosen = [c for c in CASES if all(word in c[0] for word in sys.argv[3:])]
    with tempfile.TemporaryDirectory(prefix="understudy-state.", ignore_cleanup_errors=True) as state, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(lambda c: run_case(program, state, *c), chosen))
    failed, skipped = verdicts.count("FAILED"), verdicts.count("skipped")
    print(f"{verdicts.count('ok')} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
