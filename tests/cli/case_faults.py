"""Injected faults, over the wire: what a client gets, and when."""

import http.client
import json
import socket
import threading
import time

from cases import OIDC_ROLE, PROJECT_ROLE, case, equal, holds, matches, role_arn, table, want

FAULTS = "/_understudy/faults"
JWKS = "/issuers/oidc.render.com/tea-csps46i3esus73eojjp0/.well-known/jwks.json"
DISCOVERY = "/issuers/oidc.render.com/tea-csps46i3esus73eojjp0/.well-known/openid-configuration"


def inject(server, **fault):
    answer = server.post(FAULTS, fault)
    equal(f"status of {fault}", answer.status, 200)
    return answer.json()


def listed(server):
    return server.get(FAULTS).json()["faults"]


def codes(server, token, n):
    """What n calls get: AWS's code, or 200."""
    answers = [server.assume(OIDC_ROLE, token) for _ in range(n)]
    return [a.text("Code") or a.status for a in answers]


# ---- errors ----

@case("Throttling twice, then success")
def _(t):
    with t.serve() as server:
        inject(server, action="AssumeRoleWithWebIdentity", error="Throttling", times=2)
        equal("codes", codes(server, t.token(), 4), ["Throttling", "Throttling", 200, 200])
        equal("counts", [listed(server)[0][k] for k in ("seen", "fired")], [4, 2])


@case("an injected error is AWS's to the letter, and says that it was injected")
def _(t):
    with t.serve() as server:
        inject(server, error="Throttling")
        answer = server.assume(OIDC_ROLE, t.token())
        request_id = answer.headers["x-amzn-requestid"]
        equal("body", answer.body, f"""<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>Throttling</Code>
    <Message>Rate exceeded</Message>
  </Error>
  <RequestId>{request_id}</RequestId>
</ErrorResponse>
""")
        equal("status", answer.status, 400)
        equal("reason", answer.headers["x-understudy-reason"], "injected; fault 1 answers with 400 Throttling")
        why = server.get(f"/_understudy/exchanges/{request_id}").json()
        equal("record", [why["decision"], why["reason"], why["aws"]],
              ["denied", "injected", {"status": 400, "code": "Throttling", "message": "Rate exceeded"}])
        matches("stderr", server.err(), "injected")


@case("an injected 503 is of the Receiver; other actions are answered as ever")
def _(t):
    with t.serve() as server:
        inject(server, action="GetCallerIdentity", status=503)
        answer = server.call(Action="GetCallerIdentity")
        equal("answer", [answer.status, answer.text("Type"), answer.text("Code")],
              [503, "Receiver", "ServiceUnavailable"])
        equal("codes", codes(server, t.token(), 1), [200])


@case("faults in order: the first that fires wins")
def _(t):
    with t.serve() as server:
        inject(server, error="Throttling", times=1)
        inject(server, error="IDPCommunicationError", times=2)
        inject(server, status=500, after=4, times=1)
        equal("codes", codes(server, t.token(), 6),
              ["Throttling", "IDPCommunicationError", "IDPCommunicationError", 200, "InternalFailure", 200])


@case("a probability hits the same calls again with the same seed, and about as many as it says")
def _(t):
    def of_seed(seed):
        with t.serve() as server:
            inject(server, error="Throttling", probability=0.1, seed=seed)
            hits = [server.call(Action="GetCallerIdentity").text("Code") == "Throttling" for _ in range(200)]
            equal("fired", listed(server)[0]["fired"], sum(hits))
            return hits
    one, again, other = of_seed(1), of_seed(1), of_seed(2)
    equal("with the same seed", again, one)
    want(other != one, "another seed hits the same calls")
    want(5 <= sum(one) <= 40, f"{sum(one)} of 200")


# ---- replies ----

def raw(server, form):
    """The bytes a call is answered with, to the end of the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as s:
        s.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {len(form)}\r\nConnection: close\r\n\r\n{form}".encode())
        s.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: s.recv(65536), b""))


CALL = "Action=GetCallerIdentity&Version=2011-06-15"


@case("a dropped reply is a connection that is closed without a byte")
def _(t):
    with t.serve() as server:
        inject(server, drop=True, times=1)
        equal("reply", raw(server, CALL), b"")
        holds("reply", raw(server, CALL).decode(), "HTTP/1.1 403")


@case("a dropped reply loses the reply and not the call, unless there is an error too")
def _(t):
    with t.serve() as server:
        token = t.token()
        inject(server, drop=True, times=1)
        inject(server, error="ServiceUnavailable", drop=True, times=1)
        for _ in range(2):
            try:
                server.assume(OIDC_ROLE, token)
                want(False, "a reply came")
            except (http.client.RemoteDisconnected, ConnectionResetError):
                pass
        equal("on record", [(e["decision"], e["reason"]) for e in server.exchanges()],
              [("denied", "injected"), ("allowed", None)])


@case("a truncated reply has the Content-Length of the whole, and ends early")
def _(t):
    with t.serve() as server:
        whole = server.call(Action="GetCallerIdentity")
        inject(server, truncate=10, times=1)
        head, body = raw(server, CALL).split(b"\r\n\r\n", 1)
        equal("body", body, whole.body.encode()[:10])
        matches("head", head.decode(), rf"(?i)^content-length: {len(whole.body)}\r?$")
        inject(server, truncate=10, times=1)
        try:
            server.call(Action="GetCallerIdentity")
            want(False, "the client took it for a whole reply")
        except http.client.IncompleteRead as e:
            equal("partial", len(e.partial), 10)


def seconds(ask):
    begin = time.monotonic()
    ask()
    return time.monotonic() - begin


@case("a delayed reply comes late, and nobody else waits for it")
def _(t):
    with t.serve() as server:
        inject(server, action="AssumeRoleWithWebIdentity", delay_ms=1500, times=20)
        token, answers = t.token(), []
        waiting = [threading.Thread(target=lambda: answers.append(server.assume(OIDC_ROLE, token)))
                   for _ in range(20)]
        begin = time.monotonic()
        for thread in waiting:
            thread.start()
        while not server.get(FAULTS).json()["faults"][0]["fired"]:
            time.sleep(0.01)
        others = seconds(lambda: server.call(Action="GetCallerIdentity"))
        for thread in waiting:
            thread.join()
        took = time.monotonic() - begin
        want(others < 1.4, f"another call took {others} s")
        want(1.5 <= took < 15, f"twenty delayed calls took {took} s: one behind the other it would be 30")
        equal("status", [a.status for a in answers], [200] * 20)


@case("serve ends at once although a reply is delayed by a minute")
def _(t):
    server = t.serve()
    inject(server, delay_ms=60000)
    thread = threading.Thread(target=lambda: raw(server, CALL))
    thread.start()
    while not listed(server)[0]["fired"]:
        time.sleep(0.01)
    want(seconds(lambda: equal("status", server.end(), 0)) < 20, "it waited")
    thread.join()


# ---- documents of issuers ----

@case("an issuer's keys may be unreachable, and its discovery document still there")
def _(t):
    with t.serve() as server:
        inject(server, action="jwks", status=503, times=1)
        answer = server.get(JWKS)
        equal("JWKS", [answer.status, answer.json()["reason"]], [503, "injected"])
        equal("discovery", server.get(DISCOVERY).status, 200)
        equal("JWKS again", server.get(JWKS).status, 200)
        inject(server, action="discovery", truncate=5, times=1)
        try:
            server.get(DISCOVERY)
            want(False, "a whole document came")
        except http.client.IncompleteRead as e:
            equal("partial", len(e.partial), 5)


@case("a fault of every action is none of the documents of issuers, nor of the control side")
def _(t):
    with t.serve() as server:
        inject(server, status=500)
        for path in (JWKS, DISCOVERY, "/_understudy/health", FAULTS):
            equal(path, server.get(path).status, 200)


# ---- the list ----

@case("faults are added, listed, taken away one by one, and all at once")
def _(t):
    with t.serve() as server:
        equal("at first", listed(server), [])
        first, second = inject(server, status=500), inject(server, drop=True)
        equal("ids", [first["id"], second["id"]], [1, 2])
        equal("list", listed(server), [first, second])
        equal("taken away", server.ask("DELETE", f"{FAULTS}/1").json(), first)
        equal("list", listed(server), [second])
        for unknown in ("1", "x", "3", "-2"):
            answer = server.ask("DELETE", f"{FAULTS}/{unknown}")
            equal(unknown, [answer.status, answer.json()["reason"]], [404, "path-unknown"])
        inject(server, status=500)
        answer = server.ask("DELETE", FAULTS)
        equal("cleared", [answer.status, answer.json()], [200, {"faults": []}])
        equal("codes", codes(server, t.token(), 1), [200])


@case("a method that faults do not know is told which they do")
def _(t):
    with t.serve() as server:
        answer = server.ask("PUT", FAULTS, "{}")
        equal("answer", [answer.status, answer.headers["allow"]], [405, "GET, HEAD, POST, DELETE"])
        answer = server.get(f"{FAULTS}/1")
        equal("answer", [answer.status, answer.headers["allow"]], [405, "DELETE"])


def refused(t, body, place, detail):
    with t.serve() as server:
        answer = server.ask("POST", FAULTS, body if isinstance(body, str) else json.dumps(body))
        problem = answer.json()
        equal("status", answer.status, 400)
        equal("place", problem.get("place"), place)
        holds("detail", problem["detail"], detail)
        equal("list", listed(server), [])


table([
    ("a fault for an action that is misspelt is refused with the one that was meant",
     {"action": "AssumeRoleWithWebIdentiy", "drop": True}, "body:1:12: $.action",
     'did you mean "AssumeRoleWithWebIdentity"?'),
    ("a fault with a member nobody knows is refused", {"eror": "Throttling"}, "body:1:10: $.eror", "unknown member"),
    ("a fault that does nothing is refused", {"times": 3}, "body:1:1: $", "does nothing"),
    ("a fault that is no JSON is refused", "throttle", "body:1:8", ""),
    ("a fault in a list is refused", "[{}]", "body:1:1: $", "an object"),
], refused)


@case("the 101st fault is refused, and says so")
def _(t):
    with t.serve() as server:
        for _ in range(100):
            inject(server, drop=True, after=1000)
        answer = server.post(FAULTS, {"drop": True})
        equal("status", answer.status, 400)
        holds("detail", answer.json()["detail"], "100")
        equal("how many", len(listed(server)), 100)


# ---- from the config ----

@case("a config's faults are in force at the start and after a reset, and what was injected since is not")
def _(t):
    world = {"faults": [{"action": "GetCallerIdentity", "error": "Throttling", "times": 1}]}
    t.file("world.json", world)
    with t.serve("--config", "world.json") as server:
        def code():
            return server.call(Action="GetCallerIdentity").text("Code")
        matches("stderr", server.err(), r"1 fault to inject")
        equal("world", server.get("/_understudy/world").json(), world)
        equal("codes", [code(), code()], ["Throttling", "MissingAuthenticationToken"])
        inject(server, status=500)
        equal("code", code(), "InternalFailure")
        equal("world", server.get("/_understudy/world").json(), world)
        equal("reset", server.post("/_understudy/reset").status, 200)
        equal("codes", [code(), code()], ["Throttling", "MissingAuthenticationToken"])
        equal("put", server.ask("PUT", "/_understudy/world", '{"faults":[{"status":503,"times":1}]}').status, 200)
        equal("codes", [code(), code()], ["ServiceUnavailable", "MissingAuthenticationToken"])


@case("a config's faults are kept with the state, what is injected is not")
def _(t):
    t.file("world.json", {"faults": [{"error": "Throttling", "times": 1}]})
    state = t.dir / "state.json"
    for args in (["--config", "world.json"], []):
        with t.serve("--state", state, *args) as server:
            equal("codes", [server.call(Action="GetCallerIdentity").text("Code") for _ in range(2)],
                  ["Throttling", "MissingAuthenticationToken"])
            inject(server, status=500)


@case("a config whose fault is none is refused with file, line, column and path")
def _(t):
    t.file("world.json", '{\n  "faults": [ { "drop": true },\n    { "action": "GetRoles", "drop": true } ]\n}\n')
    done = t.run("serve", "--listen", "127.0.0.1:0", "--config", "world.json", timeout=20).want(2, r"\A\Z")
    matches("stderr", done.err, r'world\.json:3:17: \$\.faults\[1\]\.action: no action "GetRoles"; '
                                r'did you mean "GetRole"\?')


@case("assume without a server meets the config's errors too")
def _(t):
    demo = t.dir / "world.json"
    with t.serve() as server:
        world = server.get("/_understudy/world").json()
    demo.write_text(json.dumps(world | {"faults": [{"action": "AssumeRoleWithWebIdentity", "error": "Throttling"}]}))
    t.run("assume", "--config", demo, "--platform", "circleci", "--role", role_arn(PROJECT_ROLE)).want(
        1, r"\A\Z", "Throttling")
