"""serve --state: what was acknowledged is there after any end, and a file that is not ours stays as it is."""

import hashlib
import json
import random
import signal
import threading
from http.client import HTTPException

from cases import case, equal, holds, table, until, want
from iam_client import Client

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def role(client, name, **more):
    return client.iam("CreateRole", RoleName=name, AssumeRolePolicyDocument=TRUST, **more)


def ok(answer):
    equal("status", (answer.status, answer.code), (200, None))
    return answer


def killed(server):
    server.process.kill()
    server.process.wait()


def signature(path):
    return path.name, path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest()


# ---- a life ----

@case("a change made over IAM is there after a clean end, in a file that is a config")
def _(t):
    state = t.file("empty.json", {}).with_name("world.json")
    with t.serve("--config", t.dir / "empty.json", "--state", state) as server:
        client = Client(server.port)
        ok(role(client, "kept", Description="by IAM"))
        identity = client.iam("GetRole", RoleName="kept").one("RoleId")
        client.close()
        equal("status", server.end(), 0)
    config = json.loads(state.read_text())
    equal("names", [r["name"] for r in config["roles"]], ["kept"])
    t.run("lint", state).want(0)
    with t.serve("--config", state) as server:
        client = Client(server.port)
        answer = ok(client.iam("GetRole", RoleName="kept"))
        equal("id", answer.one("RoleId"), identity)
        equal("description", answer.one("Description"), "by IAM")


@case("GET world and the state file after a clean end are the same config")
def _(t):
    state = t.dir / "world.json"
    with t.serve("--state", state) as server:
        client = Client(server.port)
        ok(role(client, "r"))
        ok(client.iam("TagRole", RoleName="r", Tags__member__1__Key="k", Tags__member__1__Value="v"))
        shown = server.get("/_understudy/world").json()
        equal("status", server.end(), 0)
    equal("file", json.loads(state.read_text()), shown)


@case("an existing state wins over --config, and start-up says whose world is in force")
def _(t):
    state = t.file("world.json", {"roles": []})
    other = t.file("other.json", {"account": "999999999999"})
    with t.serve("--config", other, "--state", state) as server:
        equal("account", server.get("/_understudy/world").json().get("account"), None)
        holds("stderr", server.err(), "world.json", "--config")


@case("PUT world and reset are kept like any other change")
def _(t):
    state = t.dir / "world.json"
    server = t.serve("--state", state)
    equal("status", server.ask("PUT", "/_understudy/world", json.dumps({"account": "999999999999"}),
                               {"Content-Type": "application/json"}).status, 200)
    killed(server)
    server = t.serve("--state", state)
    equal("account", server.get("/_understudy/world").json()["account"], "999999999999")
    client = Client(server.port)
    ok(role(client, "gone"))
    equal("reset", server.post("/_understudy/reset").status, 200)
    equal("role", client.iam("GetRole", RoleName="gone").code, "NoSuchEntity")
    killed(server)
    with t.serve("--state", state) as server:
        equal("role", Client(server.port).iam("GetRole", RoleName="gone").code, "NoSuchEntity")


# ---- kill -9 ----

ROUNDS, WRITERS, WRITES = 20, 2, 1000


class Writer(threading.Thread):
    """Writes its own role's tag, counting up; knows the last value that was acknowledged, and the last tried."""

    def __init__(self, port, number, first):
        super().__init__()
        self.client, self.name = Client(port), f"writer-{number}"
        self.acknowledged = self.tried = first
        self.done = threading.Event()

    def run(self):
        try:
            while not self.done.is_set():
                self.tried += 1
                answer = self.client.iam("TagRole", RoleName=self.name, Tags__member__1__Key="n",
                                         Tags__member__1__Value=str(self.tried))
                if answer.status == 200:
                    self.acknowledged = self.tried
        except (OSError, HTTPException):
            pass  # the server was killed under it


def tag_of(client, name):
    return int(ok(client.iam("ListRoleTags", RoleName=name)).one("Value"))


@case("kill -9 in a loop of 1,000 writes loses nothing that was acknowledged and leaves nothing half-written")
def _(t):
    state, chance = t.dir / "world.json", random.Random(4)
    written = 0
    with t.serve("--state", state) as server:
        client = Client(server.port)
        for n in range(WRITERS):
            ok(role(client, f"writer-{n}"))
            ok(client.iam("TagRole", RoleName=f"writer-{n}", Tags__member__1__Key="n",
                          Tags__member__1__Value="0"))
        equal("status", server.end(), 0)
    last = [0] * WRITERS
    rounds = 0
    while written < WRITES or rounds < ROUNDS:
        rounds += 1
        want(rounds < 10 * ROUNDS, f"{written} writes in {rounds} rounds")
        server = t.serve("--state", state)
        writers = [Writer(server.port, n, last[n]) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        until("a first write", lambda: writers[0].acknowledged > last[0])
        threading.Event().wait(chance.random() * 0.15)
        killed(server)
        for writer in writers:
            writer.done.set()
            writer.join()
        again = t.serve("--state", state)
        client = Client(again.port)
        for n, writer in enumerate(writers):
            value = tag_of(client, writer.name)
            want(writer.acknowledged <= value <= writer.tried,
                 f"{writer.name}: {value} is kept, {writer.acknowledged} was acknowledged, {writer.tried} tried")
            written += value - last[n]
            last[n] = value
        killed(again)


@case("writers of one role at once lose none of each other's changes")
def _(t):
    with t.serve("--state", t.dir / "world.json") as server:
        ok(role(Client(server.port), "shared"))

        def tag(client, n):
            return client.iam("TagRole", RoleName="shared", Tags__member__1__Key=f"t{n}", Tags__member__1__Value="x")

        def describe(client, n):
            return client.iam("UpdateRole", RoleName="shared", Description=f"d{n}")

        def policy(client, n):
            return client.iam("PutRolePolicy", RoleName="shared", PolicyName=f"p{n}", PolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))

        failures = []

        def work(write, numbers):
            client = Client(server.port)
            for n in numbers:
                answer = write(client, n)
                if answer.status != 200:
                    failures.append(answer.body)

        threads = [threading.Thread(target=work, args=a) for a in
                   [(tag, range(0, 20)), (tag, range(20, 40)), (describe, range(20)), (policy, range(20))]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal("failures", failures, [])
        client = Client(server.port)
        equal("tags", sorted(client.iam("ListRoleTags", RoleName="shared").all("Key")),
              sorted(f"t{n}" for n in range(40)))
        equal("policies", len(client.iam("ListRolePolicies", RoleName="shared").all("member")), 20)
        equal("description", client.iam("GetRole", RoleName="shared").one("Description"), "d19")


# ---- files that are refused ----

def prepared(t):
    """A state with one record in its journal, as kill -9 leaves it."""
    state = t.dir / "world.json"
    server = t.serve("--state", state)
    ok(role(Client(server.port), "r"))
    killed(server)
    return state, state.with_name("world.json.journal")


def refused(t, damage, status, *parts):
    state, journal = prepared(t)
    damage(state, journal)
    before = {signature(p) for p in (state, journal) if p.exists()}
    done = t.run("serve", "--listen", "127.0.0.1:0", "--state", state, timeout=20).want(status, r"\A\Z")
    holds("stderr", done.err, *parts)
    equal("files", {signature(p) for p in (state, journal) if p.exists()}, before)


def flip(path, at=-20):
    bytes_ = bytearray(path.read_bytes())
    bytes_[at] ^= 1
    path.write_bytes(bytes_)


table([
    ("a journal whose record was changed is refused, with its line", lambda s, j: flip(j), 2, "journal:2"),
    ("a journal that is not one is refused", lambda s, j: j.write_text("hello\nworld\n"), 2, "journal"),
    ("a journal beside another file is refused", lambda s, j: s.write_text("{}"), 2, "journal"),
    ("a journal without its file is refused", lambda s, j: s.unlink(), 2, "journal"),
    ("a file cut short is refused", lambda s, j: (j.unlink(), s.write_bytes(s.read_bytes()[:-40])), 2, "world.json"),
    ("a file that is no config is refused, with the place",
     lambda s, j: (j.unlink(), s.write_text('{"roles": [{"name": 7}]}')), 2, "$.roles[0]"),
    ("a folder is refused", lambda s, j: (j.unlink(), s.unlink(), s.mkdir()), 2, "world.json"),
], lambda t, *row: refused(t, *row))


@case("a record that was cut short was never acknowledged: the rest is taken, and start-up says so")
def _(t):
    state, journal = prepared(t)
    with journal.open("ab") as f:
        f.write(b"0123456789abcdef record [{\"in\":\"ro")
    with t.serve("--state", state) as server:
        ok(Client(server.port).iam("GetRole", RoleName="r"))
        holds("stderr", server.err(), "cut short")


@case("a second server on the same state file is status 3")
def _(t):
    state = t.dir / "world.json"
    with t.serve("--state", state):
        t.run("serve", "--listen", "127.0.0.1:0", "--state", state, timeout=20).want(3, r"\A\Z", "world.json")


@case("a folder that is not there is status 2 or 3, and named")
def _(t):
    done = t.run("serve", "--listen", "127.0.0.1:0", "--state", t.dir / "none" / "world.json", timeout=20)
    want(done.status in (2, 3), f"status {done.status}")
    holds("stderr", done.err, "none")


# ---- many ----

@case("pages of a thousand roles neither skip nor repeat while others come and go")
def _(t):
    config = t.file("many.json", {"roles": [
        {"name": f"role-{n:04}", "trust_policy": json.loads(TRUST)} for n in range(1000)]})
    with t.serve("--config", config) as server:
        client, seen, marker, page = Client(server.port), [], {}, 0
        while True:
            answer = ok(client.iam("ListRoles", MaxItems="100", **marker))
            seen += answer.all("RoleName")
            ok(role(client, f"new-{page}"))
            ok(client.iam("DeleteRole", RoleName=f"role-{page:04}"))
            page += 1
            if answer.one("IsTruncated") == "false":
                break
            marker = {"Marker": answer.one("Marker")}
        stable = [name for name in seen if name.startswith("role-")]
        equal("roles seen", len(stable), 1000)
        equal("each once", len(set(seen)), len(seen))


table([(f"a marker from nowhere is refused: {marker!r}", marker) for marker in ("x", "AAAA", "role-0001", "%00")],
      lambda t, marker: nowhere(t, marker))


def nowhere(t, marker):
    with t.serve() as server:
        answer = Client(server.port).iam("ListRoles", Marker=marker)
        equal("code", (answer.status, answer.code), (400, "ValidationError"))


# ---- large configs ----

@case("a config of 2,000 roles is read the same at the second start, warnings included, and judged when it changed")
def _(t):
    roles = [{"name": f"role-{n}", "trust_policy": {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/ci.example.com/{n % 3}"},
        "Condition": {"StringEquals": {f"ci.example.com/{n % 3}:aud": "me"}}}]}} for n in range(2000)]
    config = t.file("large.json", {"oidc_providers": [{"url": "https://ci.example.com/1"},
                                                      {"url": "https://ci.example.com/2"}], "roles": roles})
    want(config.stat().st_size > 256 * 1024, "the config is not large")
    told, shown = [], []
    for _ in range(2):
        with t.serve("--config", config) as server:
            client = Client(server.port)
            ok(client.iam("GetRole", RoleName="role-7"))
            told.append(server.err())
            shown.append(server.get("/_understudy/world").body)
    holds("stderr", told[0], "warning: role arn:aws:iam::123456789012:role/role-0")
    equal("second start", told[1], told[0])
    equal("second world", shown[1], shown[0])
    roles[1999]["trust_policy"]["Statement"][0]["Effect"] = "Perhaps"
    changed = t.file("large.json", {"roles": roles})
    t.run("serve", "--listen", "127.0.0.1:0", "--config", changed, timeout=20).want(
        2, r"\A\Z", r"\$\.roles\[1999\]")
