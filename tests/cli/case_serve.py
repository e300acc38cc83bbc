"""understudy serve: how it starts, ends and refuses to start; what it answers to bad input."""

import http.client
import json
import re
import signal
import socket

from cases import CIRCLECI_ISSUER, NOT_AUTHORIZED, OIDC_ROLE, OTHER_PROJECT, OTHERS, PROJECT_ROLE
from cases import case, decode, equal, matches, table, until, want


# ---- starting and ending ----

@case("serve says where it listens on its first stdout line, once it answers")
def _(t):
    with t.serve() as server:
        equal("health", server.get("/_understudy/health").status, 200)


@case("the ready file holds the base URL on one line")
def _(t):
    with t.serve() as server:
        until("the ready file", server.ready_file.exists)
        equal("ready file", server.ready_file.read_text(), server.base + "\n")


@case("start-up says on stderr how many providers, roles and issuers are in force")
def _(t):
    with t.serve() as server:
        matches("stderr", server.err(), r"\d+ .*provider.*\d+ .*role.*\d+ .*issuer")


table([(f"{n.name} ends serve with status 0", n) for n in (signal.SIGTERM, signal.SIGINT)],
      lambda t, n: equal("status", t.serve().end(n), 0))


@case("serve ends in time though a client keeps its connection open")
def _(t):
    server = t.serve()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/_understudy/health")
    connection.getresponse().read()
    equal("status", server.end(), 0)
    connection.close()


@case("a port that is taken is status 3, nothing on stdout and no ready file")
def _(t):
    with t.serve() as first:
        ready = t.dir / "second"
        done = t.run("serve", "--listen", f"127.0.0.1:{first.port}", "--ready-file", ready, timeout=20)
        done.want(3, r"\A\Z", str(first.port))
        want(not ready.exists(), "the ready file appeared")


@case("a port that another program holds is status 3")
def _(t):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        t.run("serve", "--listen", f"127.0.0.1:{s.getsockname()[1]}", timeout=20).want(3, r"\A\Z")


@case("an address that is none is bad input")
def _(t):
    t.run("serve", "--listen", "localhost:http", timeout=20).want(2, r"\A\Z", "localhost:http")


@case("a ready file that cannot be written is status 3")
def _(t):
    ready = "/nowhere/ready"
    t.run("serve", "--listen", "127.0.0.1:0", "--ready-file", ready, timeout=20).want(3, None, ready)


@case("another address than loopback prints a warning")
def _(t):
    process = t.start("serve", "--listen", "0.0.0.0:0")
    line = process.stdout.readline()
    process.terminate()
    _, err = process.communicate(timeout=30)
    matches("stdout", line, r"\Aunderstudy ready on http://")
    matches("stderr", err, r"(?i)warning.*0\.0\.0\.0|0\.0\.0\.0.*(reach|loopback)")


# ---- configs that are refused: with file, line, column and path, and never a half-start ----

PROVIDER = {"url": "https://ci.example.com", "client_ids": ["me"]}
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/ci.example.com"},
     "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"ci.example.com:aud": "me"}}}]}
ROLE = {"name": "R", "trust_policy": TRUST}


def config(**changes):
    return {"account": "123456789012", "oidc_providers": [PROVIDER], "roles": [ROLE]} | changes


def role(**changes):
    return config(roles=[ROLE | changes])


def trust(**changes):
    return role(trust_policy=TRUST | {"Statement": [TRUST["Statement"][0] | changes]})


def refused_config(t, content, path):
    t.file("world.json", content if isinstance(content, str) else json.dumps(content, indent=2))
    done = t.run("serve", "--listen", "127.0.0.1:0", "--config", "world.json", timeout=20).want(2, r"\A\Z")
    matches("stderr", done.err, r"world\.json:\d+:\d+: " + re.escape(path))


table([
    ("a config that is no JSON names line and column", '{\n  "account": "123456789012",\n}\n', ""),
    ("a config that is a list names its place", "[]", "$"),
    ("an unknown member is refused with its path", config(colour="red"), "$.colour"),
    ("an unknown member of a role is refused with its path", role(nmae="x"), "$.roles[0].nmae"),
    ("a duplicate member is refused", '{"account": "123456789012",\n "account": "123456789012"}', ""),
    ("a wrong type is refused with its path", config(account=123456789012), "$.account"),
    ("an account that is none is refused", config(account="12345"), "$.account"),
    ("a provider's URL that is none is refused", config(oidc_providers=[PROVIDER | {"url": "ci.example.com"}]),
     "$.oidc_providers[0].url"),
    ("a provider's URL with http is refused", config(oidc_providers=[PROVIDER | {"url": "http://ci.example.com"}]),
     "$.oidc_providers[0].url"),
    ("two roles of one name are refused", config(roles=[ROLE, ROLE]), "$.roles[1]"),
    ("a role without trust policy is refused", config(roles=[{"name": "R"}]), "$.roles[0]"),
    ("a misspelt operator is refused with its path",
     trust(Condition={"StringEqual": {"ci.example.com:aud": "me"}}),
     "$.roles[0].trust_policy.Statement[0].Condition.StringEqual"),
    ("a misspelt element is refused with its path", trust(Efect="Allow"),
     "$.roles[0].trust_policy.Statement[0].Efect"),
    ("a principal that is no ARN is refused with its path", trust(Principal={"Federated": "ci.example.com"}),
     "$.roles[0].trust_policy.Statement[0].Principal"),
    ("JSON 10,000 deep is refused", "[" * 10000 + "]" * 10000, ""),
], refused_config)


# The issuer of that world, whose tokens are of the generic platform.
OF_CI = ["--set", "issuer=https://ci.example.com", "--set", "aud=me"]


@case("a role that trusts a provider nobody registered is accepted, with a warning")
def _(t):
    t.file("world.json", config(oidc_providers=[]))
    with t.serve("--config", "world.json") as server:
        matches("stderr", server.err(), r"(?i)warning.*ci\.example\.com|ci\.example\.com.*not registered")


@case("a trust policy may stand in a file of its own, relative to the config")
def _(t):
    (t.dir / "conf").mkdir()
    (t.dir / "conf/trust.json").write_text(json.dumps(TRUST))
    (t.dir / "conf/world.json").write_text(json.dumps(role(trust_policy={"$file": "trust.json"})))
    token = t.token("generic", *OF_CI, "--config", "conf/world.json")
    with t.serve("--config", "conf/world.json") as server:
        equal("status", server.assume("R", token).status, 200)


@case("a config gives the provider's keys inline")
def _(t):
    token = t.token("generic", *OF_CI)
    t.file("local.json", config())
    with t.serve("--config", "local.json") as server:
        found = server.get("/issuers/ci.example.com/.well-known/openid-configuration").json()
        keys = server.get(found["jwks_uri"].removeprefix(server.base)).json()
    t.file("inline.json", config(oidc_providers=[PROVIDER | {"keys": {"jwks": keys}}]))
    with t.serve("--config", "inline.json", "--keys", t.dir / "other") as server:
        equal("status", server.assume("R", token).status, 200)


# ---- what it answers ----

@case("token and serve with the same keys understand each other, with other keys they do not")
def _(t):
    keys = t.dir / "keys"
    with t.serve("--keys", keys) as server:
        equal("same keys", server.assume(OIDC_ROLE, t.token("circleci", "--keys", keys)).status, 200)
        answer = server.assume(OIDC_ROLE, t.token())
        equal("other keys", [answer.status, answer.text("Code")], [400, "InvalidIdentityToken"])


@case("serve publishes the keys of an issuer nobody configured, once token has signed for it")
def _(t):
    keys = t.dir / "keys"
    with t.serve("--keys", keys) as server:
        jwks = "/issuers/new.example.com/.well-known/jwks.json"
        equal("before", server.get(jwks).status, 404)
        token = t.token("generic", "--keys", keys, "--set", "issuer=https://new.example.com")
        equal("discovery", server.get("/issuers/new.example.com/.well-known/openid-configuration").status, 200)
        equal("kid", [k["kid"] for k in server.get(jwks).json()["keys"]], [decode(token)[0]["kid"]])


@case("every AWS-side answer has a request id; a refusal also its reason; the exchange explains it")
def _(t):
    token = t.token("circleci", *OTHERS)
    with t.serve() as server:
        good = server.assume(OIDC_ROLE, t.token())
        equal("request id", good.headers["x-amzn-requestid"], good.text("RequestId"))
        want("x-understudy-reason" not in good.headers, str(good))
        bad = server.assume(PROJECT_ROLE, token)
        equal("refusal", [bad.status, bad.text("Code"), bad.text("Message")],
              [403, "AccessDenied", NOT_AUTHORIZED])
        matches("reason", bad.headers["x-understudy-reason"], r"\Atrust-denied; [ -~]+\Z")
        why = server.get(f"/_understudy/exchanges/{bad.headers['x-amzn-requestid']}").json()
        equal("explanation", [why["decision"], why["reason"], why["aws"]["code"]],
              ["denied", "trust-denied", "AccessDenied"])
        failed = [c for s in why["statements"] for c in s["conditions"] if not c["passed"]]
        want(any(c["key"].endswith(":sub") and OTHER_PROJECT in c["got"][0] for c in failed), json.dumps(why))
        want(token not in json.dumps(why), "the explanation holds the token")
        equal("exchanges", len(server.exchanges()), 2)
        matches("stderr", server.err(), "trust-denied")


@case("a token's issuer serves discovery and JWKS by path and by Host")
def _(t):
    with t.serve() as server:
        token = server.post("/_understudy/token", {"platform": "circleci"}).json()
        issuer = token["claims"]["iss"].removeprefix("https://")
        by_path = server.get(f"/issuers/{issuer}/.well-known/openid-configuration").json()
        host, _, path = issuer.partition("/")
        by_host = server.get(f"/{path}/.well-known/openid-configuration", {"Host": host}).json()
        for found in (by_path, by_host):
            equal("issuer", found["issuer"], token["claims"]["iss"])
        want(by_path["jwks_uri"].startswith(server.base + "/issuers/"), by_path["jwks_uri"])
        keys = server.get(by_path["jwks_uri"].removeprefix(server.base)).json()["keys"]
        want(token["header"]["kid"] in [k["kid"] for k in keys], json.dumps(keys))


@case("env0's issuer keeps its slash, but not before /.well-known")
def _(t):
    with t.serve() as server:
        found = server.get("/issuers/login.app.env0.com/.well-known/openid-configuration").json()
        equal("issuer", found["issuer"], "https://login.app.env0.com/")


@case("the clock moves expiry: 61 minutes on, an hour's token is refused")
def _(t):
    token = t.token()
    with t.serve() as server:
        equal("before", server.assume(OIDC_ROLE, token).status, 200)
        equal("advance", server.post("/_understudy/clock/advance", {"by": "66m"}).status, 200)
        equal("after", server.assume(OIDC_ROLE, token).text("Code"), "ExpiredTokenException")
        equal("reset", server.post("/_understudy/reset").status, 200)


@case("rotating keeps old tokens good, retiring the old key does not")
def _(t):
    keys = t.dir / "keys"
    token = t.token("circleci", "--keys", keys)
    with t.serve("--keys", keys) as server:
        issuer = {"issuer": CIRCLECI_ISSUER}
        want(server.post("/_understudy/issuers/rotate", issuer).status < 300, "rotate")
        equal("old key published", server.assume(OIDC_ROLE, token).status, 200)
        want(server.post("/_understudy/issuers/retire", issuer).status < 300, "retire")
        equal("old key retired", server.assume(OIDC_ROLE, token).text("Code"), "InvalidIdentityToken")


def put_world(server, world):
    return server.ask("PUT", "/_understudy/world", json.dumps(world), {"Content-Type": "application/json"})


@case("PUT world replaces the world whole, and reset brings the first one back")
def _(t):
    with t.serve() as server:
        first = server.get("/_understudy/world").json()
        answer = put_world(server, config())
        want(answer.status < 300, str(answer))
        equal("roles", [r["name"] for r in server.get("/_understudy/world").json()["roles"]], ["R"])
        equal("reset", server.post("/_understudy/reset").status, 200)
        equal("world", server.get("/_understudy/world").json(), first)


@case("a world that is refused leaves the old one in force, and is told where it is wrong")
def _(t):
    with t.serve() as server:
        answer = put_world(server, config(colour="red"))
        want(400 <= answer.status < 500 and "$.colour" in answer.body, str(answer))
        equal("type", answer.headers["content-type"].split(";")[0], "application/problem+json")
        equal("the demo world", server.assume(OIDC_ROLE, t.token()).status, 200)


def control_refused(t, headers):
    with t.serve() as server:
        answer = server.get("/_understudy/health", headers)
        want(answer.status in (403, 421), str(answer))
        equal("type", answer.headers["content-type"].split(";")[0], "application/problem+json")


table([
    ("a web page may not reach the control side", {"Origin": "https://evil.example.com"}),
    ("a page that pretends to be this listener's may not either", {"Host": "evil.example.com"}),
], control_refused)


# ---- bad input on the wire: an error of AWS's, or a clear one; and the server lives on ----

def survives(t, method, path, body, headers, status, code):
    with t.serve() as server:
        answer = server.ask(method, path, body, headers)
        good = answer.status == status and (code is None or code in answer.body)
        want(good, f"wanted {status} {code}\n{answer}")
        equal("afterwards", server.get("/_understudy/health").status, 200)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
AWWI = ("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=me&RoleArn=arn%3Aaws%3Aiam%3A%3A"
        "123456789012%3Arole%2FCircleCI-OIDC-Role&WebIdentityToken=")
table([
    ("an unknown Action is AWS's error", "POST", "/", "Action=Dance&Version=2011-06-15", FORM, 400,
     "InvalidAction"),
    ("a Version of neither STS nor IAM is AWS's error", "POST", "/", "Action=GetCallerIdentity&Version=2011-06-16",
     FORM, 400, "Could not find operation GetCallerIdentity for version 2011-06-16"),
    ("no Action is AWS's error", "POST", "/", "Version=2011-06-15", FORM, 400, None),
    ("an invalid percent-encoding is AWS's error", "POST", "/", AWWI + "%zz", FORM, 400, "MalformedInput"),
    ("a NUL is AWS's error", "POST", "/", AWWI + "abc%00def", FORM, 400, None),
    ("a token of 30,000 characters is AWS's error", "POST", "/", AWWI + "a" * 30000, FORM, 400,
     "ValidationError"),
    ("a token of 3 characters is AWS's error", "POST", "/", AWWI + "abc", FORM, 400, "ValidationError"),
    ("a token that is none is AWS's error", "POST", "/", AWWI + "abc.def.ghi", FORM, 400,
     "InvalidIdentityToken"),
    ("a body over the bound is refused", "POST", "/", "x" * (1024 * 1024 + 1), FORM, 413, None),
    ("a path that is not served is 404", "GET", "/nowhere", None, {}, 404, None),
    ("a method that is not served is 405", "DELETE", "/_understudy/health", None, {}, 405, None),
    ("a control body that is no JSON is 400", "POST", "/_understudy/token", "{", JSON, 400, "json-invalid"),
    ("a control body over the bound is 413", "POST", "/_understudy/token", " " * (1024 * 1024 + 1), JSON, 413,
     "body-too-large"),
    ("a control body 10,000 deep is 400", "POST", "/_understudy/token", "[" * 10000, JSON, 400,
     "json-too-deep"),
    ("an unknown member of a control body is 400, and named", "POST", "/_understudy/token",
     '{"platform":"circleci","colour":"red"}', JSON, 400, "colour"),
    ("an unknown platform is 400", "POST", "/_understudy/token", '{"platform":"jenkins"}', JSON, 400,
     "jenkins"),
    ("an exchange that is not there is 404", "GET", "/_understudy/exchanges/none", None, {}, 404, None),
], survives)


@case("a GET with the query does what the POST does, also under /sts")
def _(t):
    query = AWWI + t.token()
    with t.serve() as server:
        for path in ("/", "/sts", "/sts/"):
            equal(path, server.get(f"{path}?{query}").status, 200)
        equal("POST /sts", server.ask("POST", "/sts", query, FORM).status, 200)


@case("bytes that are no HTTP end that connection alone")
def _(t):
    with t.serve() as server:
        with socket.create_connection(("127.0.0.1", server.port), 10) as s:
            s.sendall(b"\x16\x03\x01\x00\x00 no HTTP\r\n\r\n")
            s.settimeout(10)
            while s.recv(4096):
                pass
        equal("afterwards", server.get("/_understudy/health").status, 200)


@case("headers over the bound are refused")
def _(t):
    with t.serve() as server:
        try:
            answer = server.get("/_understudy/health", {"X-Long": "a" * (80 * 1024)})
            want(answer.status in (400, 413, 431), str(answer))
        except (ConnectionError, http.client.HTTPException):
            pass
        equal("afterwards", server.get("/_understudy/health").status, 200)
