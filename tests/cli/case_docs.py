"""What the documents say is what the program does."""

import ast
import functools
import json
import re

import console
from cases import OIDC_ROLE, OTHER_PROJECT, OTHERS, PROJECT_ROLE, ROOT, case, equal, table, want

DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [ROOT / "README.md", *DOCS]
SHOWING = [p.relative_to(ROOT).as_posix() for p in DOCS if console.read(p.read_text().splitlines())]

table([(f"{name} shows what the program prints", name) for name in SHOWING], console.check)


# ---- reading pages ----

def sections(text):
    """The text below each heading, by its words."""
    parts = re.split(r"^#+ (.*)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def rows(text):
    """The cells of every table row that is no head."""
    found = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        head = number + 1 < len(lines) and re.fullmatch(r"\|[-|]+\|", lines[number + 1])
        if line.startswith("| ") and not head:
            found.append([c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def spans(cell):
    return re.findall(r"`([^`]+)`", cell)


# ---- commands.md ----

SHARED = {"world": "World options", "token": "Token options", "session": "Session options"}


def documented_options(page, command):
    text = page[command]
    texts = [text, *(page[heading] for name, heading in SHARED.items() if f"(#{name}-options)" in text)]
    return sorted(spans(cells[0])[0] for text in texts for cells in rows(text) if cells[0].startswith("`--"))


def helped_options(t, command):
    out = t.run(command, "--help").want(0).out
    return sorted(re.findall(r"^  (--[a-z-]+(?: [^ a-z]\S*| text\|\S+)?) ", out, re.M))


@case("commands.md has every command and every option that --help has, and no other")
def _(t):
    page = sections((ROOT / "docs/commands.md").read_text())
    commands = re.findall(r"^  ([a-z]+) {2,}[A-Z]", t.run("--help").want(0).out, re.M)
    want(commands, "no command in --help")
    for command in commands:
        want(command in page, f"docs/commands.md has no section {command}")
        equal(command, documented_options(page, command), helped_options(t, command))


# ---- config.md ----

ROLE = {"name": "r", "trust_policy": {}}
MEMBERS = [
    ("The top", lambda o: o),
    ("OIDC providers", lambda o: {"oidc_providers": [{"url": "https://a.example.com"} | o]}),
    ("OIDC providers", lambda o: {"oidc_providers": [{"url": "https://a.example.com", "keys": o}]}),
    ("Roles", lambda o: {"roles": [ROLE | o]}),
    ("Files", lambda o: {"roles": [{"name": "r", "trust_policy": {"$file": "x.json"} | o}]}),
    ("Managed policies", lambda o: {"managed_policies": [o]}),
    ("Versions", lambda o: {"managed_policies": [{"name": "p", "default_version": 1, "versions": [o]}]}),
    ("Users", lambda o: {"users": [o]}),
    ("Service credentials", lambda o: {"users": [{"name": "u", "service_credentials": [o]}]}),
    ("Credentials", lambda o: {"credentials": [o]}),
    ("Issuers", lambda o: {"issuers": [o]}),
    ("Faults", lambda o: {"faults": [o]}),
    ("Outbound federation", lambda o: {"outbound_federation": o}),
    ("Accounts", lambda o: {"accounts": {"999999999999": o}}),
]


@case("config.md has every member that the program knows, and no other")
def _(t):
    page = sections((ROOT / "docs/config.md").read_text())
    known = {}
    for heading, world in MEMBERS:
        t.file("world.json", world({"no such member": 1}))
        err = t.run("token", "--platform", "circleci", "--config", "world.json").want(2).err
        known.setdefault(heading, []).extend(err.split("expected one of: ")[1].strip().split(", "))
    for heading, members in known.items():
        equal(heading, sorted(spans(cells[0])[0] for cells in rows(page[heading])), sorted(members))


# ---- fidelity.md and security.md: tests ----

MARKS = {"documented", "observed", "secondary", "inferred", "as marked above", "as marked in the profile"}


def c_names(text):
    joined = re.findall(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', text)
    texts = {"".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', j)) for j in joined}
    return texts | set(re.findall(r"START_TEST\((\w+)\)", text))


def python_names(text):
    return {node.value.strip(" :") for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@functools.cache
def names_of(file):
    c = [c_names(p.read_text()) for p in (ROOT / "tests").rglob(f"test_{file}.c")]
    python = [python_names(p.read_text()) for p in (ROOT / "tests").rglob(f"case_{file}.py")]
    return set().union(*c, *python)


def tests_exist(t, page, n_at_least):
    named = [s for cells in rows((ROOT / page).read_text()) if ": " in cells[-1] for s in spans(cells[-1])]
    want(len(named) >= n_at_least, f"only {len(named)} tests are named")
    missing = [s for s in named if s.partition(": ")[2] not in names_of(s.partition(": ")[0])]
    equal("tests that there are not", missing, [])


table([
    ("every test that fidelity.md names exists", "docs/fidelity.md", 200),
    ("every test that security.md names exists", "docs/security.md", 20),
], tests_exist)


@case("every behaviour in fidelity.md is marked, and has a test")
def _(t):
    body = (ROOT / "docs/fidelity.md").read_text()
    for heading, text in sections(body).items():
        for cells in rows(text):
            if len(cells) != 3:
                continue
            behaviour, known, tests = cells
            want(set(known.split(", ")) <= MARKS, f"{heading}: {behaviour}: known as {known!r}")
            want(spans(tests) and not re.sub(r"`[^`]+`|\s", "", tests), f"{heading}: {behaviour}: {tests!r}")


# ---- fidelity.md: condition keys ----

TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/x.example.com"},
    "Action": "sts:AssumeRoleWithWebIdentity"}]}


def context(t, issuer, claims):
    """The condition keys that AWS would fill."""
    everyday = {"iss": f"https://{issuer}", "sub": "s", "aud": "a", "iat": 1795296822, "exp": 1795300422}
    policy, token = t.file("trust.json", TRUST), t.file("claims.json", everyday | claims)
    return t.run("explain", "--role", "arn:aws:iam::123456789012:role/r", "--trust-policy", policy, "--claims", token,
                 "--provider-client-id", "a", "--format", "json").want(1).json()["context"]


def provider_keys():
    text = sections((ROOT / "docs/fidelity.md").read_text())["Claims and condition keys"]
    return [(spans(cells[0]), spans(cells[1])) for cells in rows(text) if len(cells) == 2]


@case("the provider-specific condition keys are filled for their issuers, and for no other")
def _(t):
    every = {claim: "x" for _, claims in provider_keys() for claim in claims}
    general = {"aud", "oaud", "sub"}
    for issuers, claims in provider_keys():
        for name in issuers:
            issuer = re.sub(r"[A-Z]+", "x1", name)
            filled = {k.removeprefix(f"{issuer}:") for k in context(t, issuer, every) if k.startswith(f"{issuer}:")}
            equal(issuer, sorted(filled - general), sorted(claims))
    filled = {k for k in context(t, "ci.example.com", every) if k.startswith("ci.example.com:")}
    equal("ci.example.com", filled, {f"ci.example.com:{name}" for name in general})


@case("the general condition keys are filled")
def _(t):
    with t.serve() as server:
        token = server.post("/_understudy/token", {"platform": "render", "claims": {"email": "ada@example.com"}}).json()
        issuer = token["claims"]["iss"].removeprefix("https://")
        answer = server.assume("Render-OIDC-Role", token["token"])
        why = server.get(f"/_understudy/exchanges/{answer.headers['x-amzn-requestid']}").json()
    filled = why["context"]
    equal("email", filled[f"{issuer}:email"], ["ada@example.com"])
    equal("aws:SourceIp", filled["aws:SourceIp"], ["127.0.0.1"])
    equal("aws:SecureTransport", filled["aws:SecureTransport"], ["true"])
    equal("aws:RequestedRegion", filled["aws:RequestedRegion"], ["us-east-1"])
    equal("aws:ViaAWSService", filled["aws:ViaAWSService"], ["false"])
    equal("aws:CurrentTime", filled["aws:CurrentTime"], [why["time"]])
    want(re.fullmatch(r"\d+", filled["aws:EpochTime"][0]), json.dumps(filled))


# ---- fidelity.md: orders that nothing else tells ----

OVER = ("--role", PROJECT_ROLE, "--platform", "circleci", "--duration", "2h")


@case("the trust policy is judged before the duration")
def _(t):
    t.run("assume", *OVER).want(1, r"\A\Z", "duration-over-maximum")
    t.run("assume", *OVER, *OTHERS).want(1, r"\A\Z", "trust-denied")


@case("times are judged before issuer, audience and signature")
def _(t):
    for wrong in (["--set", f"org_id={OTHER_PROJECT}"], ["--claim", 'aud="nobody"'], ["--keys", t.dir / "elsewhere"]):
        token = t.run("token", "--platform", "circleci", *wrong).want(0).out
        t.run("assume", "--role", OIDC_ROLE, "--token", "-", stdin=token).want(1, r"\A\Z", "InvalidIdentityToken")
        token = t.run("token", "--platform", "circleci", "--flaw", "expired", *wrong).want(0).out
        t.run("assume", "--role", OIDC_ROLE, "--token", "-", stdin=token).want(1, r"\A\Z", "token-expired")


# ---- all pages ----

def anchors(path):
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}


@case("every link of a page leads somewhere")
def _(t):
    for page in PAGES:
        for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
            if target.startswith("http"):
                continue
            name, _, anchor = target.partition("#")
            path = (page.parent / name).resolve() if name else page
            want(path.exists(), f"{page.name}: {target}")
            want(not anchor or anchor in anchors(path), f"{page.name}: {target} has no such heading")


@case("every page is linked from the README")
def _(t):
    linked = set(re.findall(r"\]\((docs/[^)#]+)", (ROOT / "README.md").read_text()))
    equal("pages not linked", sorted({p.relative_to(ROOT).as_posix() for p in DOCS} - linked), [])
