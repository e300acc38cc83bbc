"""understudy replay, serve --record and understudy capture, as people and CI systems meet them."""

import base64
import copy
import http.server
import json
import re
import signal
import subprocess
import sys
import threading
import xml.etree.ElementTree as xml
from pathlib import Path

from cases import OIDC_ROLE, OTHER_PROJECT, PROJECT_ROLE, ROOT
from cases import case, equal, holds, matches, role_arn, table, until, want

LIBRARY = ROOT / "scenarios"
CALL = {"call": {"Action": "GetCallerIdentity"}}
PASSES = {"scenario": "it passes", "steps": [CALL | {"expect": {"error": "MissingAuthenticationToken"}}]}
FAILS = {"scenario": "it fails", "steps": [CALL]}
MINTS = {"scenario": "a token", "steps": [{"mint": {"platform": "render"}, "save": "t"}]}


def scenario_files():
    for path in sorted((LIBRARY / "data").rglob("*.json")):
        value = json.loads(path.read_text())
        if "steps" in value:
            yield path, value


# ---- what it ends with ----

table([
    ("0 when all pass", {"a.json": PASSES}, ["a.json"], 0, "^1 scenario: 1 passed, 0 failed$", ""),
    ("1 when one fails", {"a.json": PASSES, "b.json": FAILS}, ["a.json", "b.json"], 1,
     "^2 scenarios: 1 passed, 1 failed$", ""),
    ("2 when one cannot be read, whatever the others do", {"a.json": {"steps": []}, "b.json": FAILS},
     ["a.json", "b.json"], 2, "^2 scenarios: 0 passed, 1 failed, 1 not readable$", ""),
    ("2 when a path is not there", {"a.json": PASSES}, ["a.json", "gone"], 2, "^$",
     "gone: No such file or directory"),
    ("2 without a path", {}, [], 2, "^$", "expected a PATH"),
    ("2 when nothing was found", {"d/readme.md": "x"}, ["d"], 2, "^0 scenarios", "no scenario was played$"),
    ("2 when the filter leaves nothing", {"a.json": PASSES}, ["a.json", "--filter", "other"], 2, "^0 scenarios",
     "no scenario was played: --filter left all of them out"),
    ("2 for a format that there is not", {"a.json": PASSES}, ["a.json", "--format", "html"], 2, "^$",
     "text, tap or junit|text\\|tap\\|junit"),
    ("2 for a server that is no URL", {"a.json": PASSES}, ["a.json", "--against", "localhost"], 2, "^$", "http://"),
    ("3 for a server that is not there", {"a.json": PASSES}, ["a.json", "--against", "http://127.0.0.1:1"], 3, "^$",
     "127.0.0.1"),
], lambda t, files, args, status, out, err: replay_of(t, files, args).want(status, out, err))


def replay_of(t, files, args, **more):
    for name, content in files.items():
        (t.dir / name).parent.mkdir(parents=True, exist_ok=True)
        t.file(name, content)
    return t.run("replay", *args, **more)


@case("what people should know is on stderr, the report alone on stdout")
def _(t):
    files = {"lib/a.json": PASSES, "lib/world.json": {"roles": []},
             "r.jsonl": json.dumps(PASSES) + "\n" + '{"exchange": {}}\n{"cut'}
    done = replay_of(t, files, ["lib", "r.jsonl", "--format", "tap"]).want(0)
    equal("stdout", done.out, "TAP version 14\n1..2\nok 1 - it passes (lib/a.json)\nok 2 - it passes (r.jsonl:1)\n")
    equal("stderr", done.err, "understudy: r.jsonl:3: not a whole record, left out\n"
                              "understudy: 2 scenarios: 2 passed, 0 failed\n"
                              "understudy: 2 files or lines are no scenario, passed over\n")


@case("JUnit's XML is one document on stdout, and its counts fit")
def _(t):
    done = replay_of(t, {"d/a.json": PASSES, "d/b.json": FAILS, "d/c.json": "{"}, ["d", "--format", "junit"])
    done.want(2)
    root = xml.fromstring(done.out)
    equal("counts", [root.get(k) for k in ("tests", "failures", "errors", "skipped")], ["3", "1", "1", "0"])
    equal("names", [c.get("name") for c in root.iter("testcase")], ["it passes", "it fails", "d/c.json"])
    holds("failure", root.find(".//failure").text, "answered: 403 MissingAuthenticationToken")


table([(f"no colour in a pipe, {name}", env) for name, env in
       [("by itself", {}), ("with NO_COLOR", {"NO_COLOR": "1"}), ("on a clever terminal", {"TERM": "xterm-256color"})]],
      lambda t, env: want("\033" not in str(replay_of(t, {"a.json": FAILS}, ["a.json"], env=env).want(1)),
                          "there are escapes"))


# ---- the library ----

@case("the library is green, and two replays print the same bytes")
def _(t):
    one = t.run("replay", LIBRARY, timeout=300).want(0)
    two = t.run("replay", LIBRARY, "--jobs", "3", timeout=300).want(0)
    equal("stdout", two.out, one.out)
    n = len(list(scenario_files()))
    matches("summary", one.out, rf"^{n} scenarios: {n} passed, 0 failed$")


@case("scenarios.md is what the index makes of the library")
def _(t):
    t.command(sys.executable, ROOT / "tests/support/scenario_index.py").want(0)


def find_condition(policy, claims=(":sub", ":aud")):
    """The first condition on a claim's value, to be made another's."""
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    for index, statement in enumerate(statements):
        for operator, keys in statement.get("Condition", {}).items():
            for key, value in keys.items():
                if operator in ("StringEquals", "StringLike") and key.endswith(claims):
                    return index, operator, key, keys, value
    return None


def with_its_world(path, value):
    """The scenario with its world in it; None where that is the demo's, or names further files."""
    world = value.get("world")
    if isinstance(world, dict) and set(world) == {"$file"}:
        world = json.loads((path.parent / world["$file"]).read_text())
    return None if world is None or "$file" in json.dumps(world) else value | {"world": world}


def allowed_first(value):
    """A condition of the role that the first call asks for, when that is allowed by its one statement."""
    steps = [s for s in value["steps"] if "mint" not in s and "token" not in s]
    call, expect = steps[0].get("call", {}), steps[0].get("expect", {})
    if call.get("Action") != "AssumeRoleWithWebIdentity" or expect.get("status", 200) != 200 or "error" in expect:
        return None
    for role in value["world"].get("roles", []):
        policy = role.get("trust_policy", {})
        if role_arn(role["name"]) == call.get("RoleArn") and len(policy.get("Statement", [])) == 1:
            return find_condition(policy)
    return None


@case("a wrong value in a policy turns its scenario red, and no other, and the report says where and why")
def _(t):
    copies = t.dir / "lib"
    copies.mkdir()
    spoilt = {}
    for number, (path, value) in enumerate(scenario_files()):
        value = with_its_world(path, value)
        if value is None or number % 5:
            continue
        found = allowed_first(value) if len(spoilt) < 10 else None
        name = f"{number:03}.json"
        if found:
            index, operator, key, keys, old = found
            keys[key] = "spoilt-on-purpose"
            spoilt[name] = (index, operator, key)
        (copies / name).write_text(json.dumps(value))
    equal("spoilt", len(spoilt), 10)
    done = t.run("replay", "lib", timeout=120).want(1)
    reports = re.split(r"^(?=(?:ok  |FAIL|BAD )  lib/)", done.out, flags=re.M)[1:]
    red = {re.match(r"\S+ +lib/(\S+)", r).group(1): r for r in reports if not r.startswith("ok")}
    equal("red", sorted(red), sorted(spoilt))
    want(len(reports) > 20, f"{len(reports)} scenarios are none to speak of")
    for name, (index, operator, key) in spoilt.items():
        holds(name, red[name], f"statement {index} (Allow) does not match", f"{operator} {key}: wanted",
              "spoilt-on-purpose", ", got ", "trust-denied")


@case("one condition of the demo world's role turns red what asks it, and says which and why")
def _(t):
    world = json.loads((LIBRARY / "worlds/demo.json").read_text())
    role = next(r for r in world["roles"] if r["name"] == PROJECT_ROLE)
    index, operator, key, keys, old = find_condition(role["trust_policy"], (":sub",))
    def ask(project, **expect):
        mint = {"mint": {"platform": "circleci", "set": {"project_id": project} if project else {}}, "save": "t"}
        call = {"call": {"Action": "AssumeRoleWithWebIdentity", "RoleArn": role_arn(PROJECT_ROLE),
                         "RoleSessionName": "s1", "WebIdentityToken": "{t}"}, "expect": expect}
        return {"scenario": f"of {project}", "world": {"$file": "world.json"}, "steps": [mint, call]}
    refused = {"error": "AccessDenied", "because": {"reason": "trust-denied", "statement": index,
                                                    "operator": operator, "key": key}}
    files = {"lib/world.json": world, "lib/own.json": ask(None), "lib/other.json": ask(OTHER_PROJECT, **refused)}
    replay_of(t, files, ["lib"]).want(0)
    keys[key] = old.replace(old.split("/")[3], OTHER_PROJECT) if isinstance(old, str) else OTHER_PROJECT
    done = replay_of(t, {"lib/world.json": world}, ["lib"]).want(1)
    matches("report", done.out, "^FAIL +lib/other.json")
    matches("report", done.out, "^FAIL +lib/own.json")
    holds("report", done.out, f"{operator} {key}: wanted {json.dumps([keys[key]])}, got",
          "wanted \"AccessDenied\", got it is allowed")


@case("GOLDEN=write makes red scenarios green, and changes nothing else of them")
def _(t):
    copies = t.dir / "lib"
    copies.mkdir()
    before = {}
    for number, (path, value) in enumerate(scenario_files()):
        if number % 25 == 0 and "$file" not in path.read_text():
            before[f"{number}.json"] = path.read_text()
            (copies / f"{number}.json").write_text(path.read_text())
    wrong = {"scenario": "wrong", "steps": [CALL | {"expect": {"status": 400, "error": "Wrong"}}]}
    t.file("lib/wrong.json", json.dumps(wrong, indent=4))
    t.run("replay", "lib").want(1)
    t.run("replay", "lib", env={"GOLDEN": "write"}).want(1, out="2 expectations written")
    t.run("replay", "lib").want(0)
    for name, text in before.items():
        equal(name, (copies / name).read_text(), text)
    wrong["steps"][0]["expect"] = {"status": 403, "error": "MissingAuthenticationToken"}
    equal("wrong.json", (copies / "wrong.json").read_text(), json.dumps(wrong, indent=4))


# ---- against servers ----

@case("the library plays on a running server as it does by itself")
def _(t):
    files = [p for p, v in scenario_files()]
    with t.serve() as server:
        before = server.get("/_understudy/world").json()
        done = t.run("replay", LIBRARY, "--against", server.base, timeout=400)
        done.want(0, rf"^{len(files)} scenarios: \d+ passed, 0 failed, \d+ skipped$")
        skipped = re.findall(r"^skip  (.*?)  .*\n +(.*)$", done.out, re.M)
        want(len(skipped) < 20, f"{len(skipped)} were skipped")
        for name, why in skipped:
            want("key" in why, f"{name} was skipped: {why}")
            holds(name, Path(name).read_text(), '"keys"')
        equal("world", server.get("/_understudy/world").json(), before)
        equal("exchanges", server.exchanges(), [])
        want(not server.get("/_understudy/clock").json()["frozen"], "the clock still stands still")


class Foreign(http.server.BaseHTTPRequestHandler):
    """A server that answers as AWS does, and is no understudy."""

    def log_message(self, *args):
        pass

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self):
        self.server.seen.append(("GET", self.path, {}, ""))
        self.answer(200, '{"status": "ok"}')  # health of its own, for any path

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.seen.append(("POST", self.path, dict(self.headers), body))
        if "Authorization" in self.headers:
            self.answer(200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>210987654321</Account>"
                             "</GetCallerIdentityResult></GetCallerIdentityResponse>")
        else:
            self.answer(403, "<ErrorResponse><Error><Code>MissingAuthenticationToken</Code><Message>Request is missing "
                             "Authentication Token</Message></Error></ErrorResponse>")


def foreign():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


@case("on a server that is no understudy calls alone are compared, and others skipped, saying why")
def _(t):
    server, url = foreign()
    mine = {"scenario": "of the environment",
            "steps": [CALL | {"as": "environment", "expect": {"result": {"Account": "210987654321"}}}]}
    because = copy.deepcopy(PASSES)
    because["steps"][0]["expect"]["because"] = {"reason": "nobody-there-says-this"}
    files = {"d/a.json": PASSES, "d/b.json": FAILS, "d/c.json": MINTS, "d/d.json": mine, "d/e.json": because,
             "d/f.json": {"scenario": "a document", "steps": [{"get": "/issuers/x"}]},
             "d/g.json": {"scenario": "later", "steps": [{"advance": "1h"}]}}
    env = {"AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT00001", "AWS_SECRET_ACCESS_KEY": "s3cr3t/of+the/environment",
           "AWS_SESSION_TOKEN": "token/of+the/environment="}
    done = replay_of(t, files, ["d", "--against", url], env=env).want(1)
    server.shutdown()
    equal("verdicts", re.findall(r"^(\S+)  +d/(.)", done.out, re.M),
          [("ok", "a"), ("FAIL", "b"), ("skip", "c"), ("ok", "d"), ("ok", "e"), ("skip", "f"), ("skip", "g")])
    holds("report", done.out, "mint: nobody there answers POST /_understudy/token",
          "get: nobody there answers GET /issuers/x", "advance: nobody there answers PUT /_understudy/clock",
          "7 scenarios: 3 passed, 1 failed, 3 skipped; of 1 answers nobody there says why")
    asked = [path for method, path, headers, body in server.seen]
    equal("asked", asked, ["/_understudy/health", "/", "/", "/", "/"])
    signed = [headers for method, path, headers, body in server.seen if "Authorization" in headers]
    equal("signed calls", len(signed), 1)
    matches("Authorization", signed[0]["Authorization"],
            r"^AWS4-HMAC-SHA256 Credential=AKIAENVIRONMENT00001/\d{8}/us-east-1/sts/aws4_request, SignedHeaders=")
    headers = {k.lower(): v for k, v in signed[0].items()}
    equal("token", headers["x-amz-security-token"], "token/of+the/environment=")
    want("s3cr3t" not in str(server.seen) + done.out + done.err, "the secret was sent or printed")


@case("without credentials in the environment a call of the environment is not sent")
def _(t):
    server, url = foreign()
    mine = {"scenario": "of the environment", "steps": [CALL | {"as": "environment"}]}
    done = replay_of(t, {"a.json": mine}, ["a.json", "--against", url]).want(1)
    server.shutdown()
    holds("report", done.out, '"environment" holds no credentials')
    equal("asked", [path for _, path, _, _ in server.seen], ["/_understudy/health"])


@case("the environment's calls are signed as an understudy takes them")
def _(t):
    mine = {"scenario": "the test user", "steps": [CALL | {"as": "environment"}]}
    with t.serve() as server:
        env = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        replay_of(t, {"a.json": mine}, ["a.json", "--against", server.base], env=env).want(0)
        replay_of(t, {}, ["a.json", "--against", server.base], env=env | {"AWS_SECRET_ACCESS_KEY": "x"}).want(
            1, "SignatureDoesNotMatch")


# ---- serve --record ----

@case("every exchange is on record when it is answered, and replays")
def _(t):
    with t.serve("--record", "record.jsonl") as server:
        server.assume(OIDC_ROLE, t.token())
        server.assume(PROJECT_ROLE, t.token("circleci", "--set", f"project_id={OTHER_PROJECT}"))
        server.assume(OIDC_ROLE, "not-a-token-at-all")
        server.call(Action="GetCallerIdentity")
        server.ask("POST", "/", "%zz")
        lines = (t.dir / "record.jsonl").read_text().splitlines()
    equal("lines", len(lines), 5)
    token = t.token()
    want(token.split(".")[2] not in "".join(lines), "a signature is on record")
    done = t.run("replay", "record.jsonl").want(0)
    equal("verdicts", len(re.findall(r"^ok  ", done.out, re.M)), 4)
    holds("stderr", done.err, "1 file or line is no scenario, passed over")
    equal("mode", (t.dir / "record.jsonl").stat().st_mode & 0o777, 0o600)


@case("a server killed in the middle of load leaves whole lines, but for the last, and is recorded on")
def _(t):
    record = t.dir / "record.jsonl"
    server = t.serve("--record", record)
    token = t.token()
    stop = threading.Event()

    def load():
        while not stop.is_set():
            try:
                server.assume(OIDC_ROLE, token)
            except OSError:
                return
    threads = [threading.Thread(target=load, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    until("thirty lines", lambda: record.exists() and record.read_text().count("\n") >= 30)
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(30)
    stop.set()
    for thread in threads:
        thread.join(30)
    lines = record.read_text().split("\n")
    for number, line in enumerate(lines[:-1], 1):
        want("steps" in json.loads(line), f"line {number} is {line!r}")
    record.write_text("\n".join(lines[:-1]) + '\n{"scenario": "cut in the mid')
    with t.serve("--record", record) as again:
        again.assume(OIDC_ROLE, token)
    after = record.read_text().split("\n")
    equal("the cut line", after[len(lines) - 1], '{"scenario": "cut in the mid')
    want("steps" in json.loads(after[len(lines)]), "the first line of the second server")
    done = t.run("replay", record).want(0)
    equal("played", len(re.findall("^ok ", done.out, re.M)), len(lines))
    holds("stderr", done.err, f"record.jsonl:{len(lines)}: not a whole record, left out")


@case("a record that cannot be written stops serve before it listens")
def _(t):
    t.run("serve", "--listen", "127.0.0.1:0", "--record", "no/such/folder/r.jsonl").want(
        3, "^$", "no/such/folder/r.jsonl: No such file or directory")


# ---- capture ----

def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


ISSUER = "https://token.actions.githubusercontent.com"
CLAIMS = {"iss": ISSUER, "aud": "sts.amazonaws.com", "sub": "repo:acme/shop:ref:refs/heads/feature-9",
          "iat": 1780000000, "nbf": 1779999400, "exp": 1780000300, "jti": "5a1b4c6e-0000-4a4a-9b9b-abcdefabcdef",
          "actor": "jane", "repository_owner_id": "98765432", "email": "jane@acme.example.com"}
FOREIGN = ".".join([part({"alg": "RS256", "kid": "cc413527-173f-5a05-976e-9c52b1d7b431", "typ": "JWT"}), part(CLAIMS),
                    "c2lnbmVkLWJ5LXNvbWVib2R5LWVsc2UtYW5kLW5vdC1ieS11cw"])
TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": f"arn:aws:iam::210987654321:oidc-provider/{ISSUER[8:]}"},
    "Condition": {"StringEquals": {f"{ISSUER[8:]}:aud": "sts.amazonaws.com",
                                   f"{ISSUER[8:]}:sub": "repo:acme/shop:ref:refs/heads/main"}}}]}


def captured(t, *args, token=FOREIGN):
    t.file("token.jwt", token)
    t.file("trust.json", TRUST)
    return t.run("capture", "--role", "arn:aws:iam::210987654321:role/deploy", "--trust-policy", "trust.json",
                 "--token", "token.jwt", "--provider-client-id", "sts.amazonaws.com", *args)


@case("a token of the real issuer is captured, and replays the same refusal where it is mailed to")
def _(t):
    done = captured(t).want(0)
    scenario = done.json()
    equal("claims", scenario["steps"][0]["token"]["claims"], CLAIMS)
    equal("clock", scenario["clock"], "2026-05-28T20:26:40Z")
    for piece in FOREIGN.split("."):
        want(piece not in done.out, "a piece of the token is in it")
    mailed = t.dir / "mailed"
    mailed.mkdir()
    (mailed / "refused.json").write_text(done.out)
    run = subprocess.run([t.program, "replay", "refused.json"], cwd=mailed, capture_output=True, text=True,
                         env=t.env | {"XDG_STATE_HOME": str(mailed / "state"), "HOME": str(mailed)})
    equal("replay", [run.returncode, run.stdout.splitlines()[0]],
          [0, "ok    refused.json  AssumeRoleWithWebIdentity of deploy is refused: trust-denied"])
    equal("left there", sorted(p.name for p in mailed.iterdir()), ["refused.json"])
    expect = scenario["steps"][-1]["expect"]
    equal("because", expect["because"], {"reason": "trust-denied", "statement": 0, "operator": "StringEquals",
                                         "key": f"{ISSUER[8:]}:sub"})


@case("pseudonyms stand for whoever can be recognised, and the decision stays")
def _(t):
    done = captured(t, "--pseudonymise").want(0)
    for gone in ("210987654321", "98765432", "jane@", "5a1b4c6e-0000-4a4a-9b9b-abcdefabcdef"):
        want(gone not in done.out, f"{gone} is still there")
    matches("address", done.out, r"user\d+@example\.com")
    holds("scenario", done.out, "repo:acme/shop:ref:refs/heads/feature-9", "1780000300")
    t.file("refused.json", done.out)
    t.run("replay", "refused.json").want(0)


@case("captured at another time, the token has expired")
def _(t):
    done = captured(t, "--at", "2026-05-28T23:00:00Z").want(0)
    equal("reason", done.json()["steps"][-1]["expect"]["because"]["reason"], "token-expired")


@case("capture refuses what is no token, as replay would show it")
def _(t):
    t.file("trust.json", TRUST)
    t.run("capture", "--role", "deploy").want(2, "^$", "--platform NAME or --token FILE")
    t.run("capture", "--token", "x.jwt").want(2, "^$", "expected --role")


@case("a call over the bound of a body is refused in this process as on a server")
def _(t):
    t.file("large.json", {"scenario": "too large", "steps": [
        {"call": {"Action": "GetCallerIdentity", "Extra": "a" * (1024 * 1024)}, "expect": {"status": 413}}]})
    t.run("replay", "large.json").want(0, "1 passed, 0 failed")
