"""understudy token."""

import json
import time

from cases import CIRCLECI_ISSUER, CIRCLECI_ORG, OIDC_ROLE, OTHER_PROJECT, OTHERS
from cases import case, decode, equal, matches, table, want

PROJECT = "dabad1c2-62eb-48a6-87ab-fc6ae6589281"

# What the guides' set-ups expect to meet.
SHAPES = [
    ("render", {"iss": "https://oidc.render.com/tea-csps46i3esus73eojjp0", "aud": "sts.amazonaws.com",
                "sub": "workspace:tea-csps46i3esus73eojjp0:environment:default:service:srv-d9tarvad0e5s738nfj6g"}),
    ("env0", {"iss": "https://login.app.env0.com/", "azp": "hoMiq9PdkRh9LUvVpH4wIErWg50VSG1b",
              "apiKeyType": "oidc"}),
    ("pulumi", {"iss": "https://api.pulumi.com/oidc", "aud": "contoso"}),
    ("pulumi/esc", {"iss": "https://api.pulumi.com/oidc", "aud": "contoso",
                    "sub": "pulumi:environments:org:contoso:env:development"}),
    ("pulumi/esc-iac", {"sub": "pulumi:environments:org:contoso:env:<yaml>"}),
    ("pulumi/v2", {"iss": "https://api.pulumi.com/oidc/v2"}),
    ("circleci", {"iss": CIRCLECI_ISSUER, "aud": CIRCLECI_ORG,
                  "oidc.circleci.com/project-id": PROJECT, "oidc.circleci.com/ssh-rerun": False}),
    ("circleci/v2", {"iss": CIRCLECI_ISSUER, "aud": CIRCLECI_ORG}),
    ("github", {"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
                "repository": "octo-org/octo-repo"}),
    ("eks", {"aud": ["sts.amazonaws.com"]}),
]


def has_shape(t, platform, wanted):
    header, claims = decode(t.token(platform))
    equal("alg", header["alg"], "RS256")
    want(header.get("kid"), f"no kid in {header}")
    for name, value in wanted.items():
        equal(name, claims.get(name), value)
    want(abs(claims["iat"] - time.time()) < 60, f"iat {claims['iat']}")
    want(claims["exp"] > claims["iat"], f"exp {claims['exp']}")


table([(f"a {p} token has the platform's shape", p, shape) for p, shape in SHAPES], has_shape)


@case("a token is one line on stdout, and nothing is said on stderr")
def _(t):
    t.run("token", "--platform", "circleci").want(0, r"\A[\w-]+\.[\w-]+\.[\w-]+\n\Z", r"\A\Z")


@case("CircleCI's V1 and V2 subjects differ by where the code came from")
def _(t):
    one, two = (decode(t.token(p))[1]["sub"] for p in ("circleci", "circleci/v2"))
    want(two.startswith(one + "/vcs-origin/") and "/vcs-ref/" in two, f"{one}\n{two}")


@case("outside Pulumi's legacy default project the audience says aws:")
def _(t):
    claims = decode(t.token("pulumi/esc", "--set", "project=proj"))[1]
    equal("aud", claims["aud"], "aws:contoso")
    equal("sub", claims["sub"], "pulumi:environments:org:contoso:env:proj/development")


@case("env0's session tags are nested, each a list of one")
def _(t):
    tags = decode(t.token("env0"))[1]["https://aws.amazon.com/tags"]["principal_tags"]
    want(tags and all(isinstance(v, list) and len(v) == 1 for v in tags.values()), json.dumps(tags))


@case("--set changes a parameter")
def _(t):
    claims = decode(t.token("circleci", *OTHERS))[1]
    matches("sub", claims["sub"], f"/project/{OTHER_PROJECT}/user/")
    equal("project-id", claims["oidc.circleci.com/project-id"], OTHER_PROJECT)


def claimed(t, argument, name, value):
    equal(name, decode(t.token("circleci", "--claim", argument))[1].get(name), value)


table([
    ("--claim adds text", 'colour="red"', "colour", "red"),
    ("--claim adds a number", "n=17", "n", 17),
    ("--claim adds a list", 'l=["a",true,null]', "l", ["a", True, None]),
    ("--claim replaces a claim", 'aud="other"', "aud", "other"),
    ("--claim may hold = in its value", 'eq="a=b"', "eq", "a=b"),
    ("--claim with nothing behind = removes a claim", "aud=", "aud", None),
], claimed)


def lasts(t, duration, seconds):
    claims = decode(t.token("circleci", "--lifetime", duration))[1]
    equal("lifetime", claims["exp"] - claims["iat"], seconds)


table([(f"--lifetime {d} is {s} seconds", d, s) for d, s in
       [("900", 900), ("900s", 900), ("15m", 900), ("1h30m", 5400), ("1h0m5s", 3605)]], lasts)


@case("--decode prints header and claims instead of the token")
def _(t):
    out = t.run("token", "--platform", "circleci", "--decode").want(0).out
    want(CIRCLECI_ISSUER in out and "RS256" in out and '"sub"' in out, out)


@case("two tokens of one platform carry one key id")
def _(t):
    equal("kid", decode(t.token("circleci"))[0]["kid"], decode(t.token("circleci/v2"))[0]["kid"])


@case("the generic platform takes any issuer")
def _(t):
    claims = decode(t.token("generic", "--set", "issuer=https://ci.example.com", "--set", "sub=me",
                            "--set", "aud=you"))[1]
    equal("claims", [claims[k] for k in ("iss", "sub", "aud")], ["https://ci.example.com", "me", "you"])


# Each flaw, the reason it is meant to meet, and AWS's code for it.
FLAWS = [
    ("expired", "token-expired", "ExpiredTokenException"),
    ("not-yet-valid", "token-not-yet-valid", "InvalidIdentityToken"),
    ("future-iat", "token-from-future", "InvalidIdentityToken"),
    ("bad-signature", "signature-invalid", "InvalidIdentityToken"),
    ("unknown-kid", "key-unknown", "InvalidIdentityToken"),
    ("alg-none", "algorithm-unsupported", "InvalidIdentityToken"),
    ("alg-hs256-with-public-key", "algorithm-unsupported", "InvalidIdentityToken"),
    ("wrong-issuer", "issuer-unregistered", "InvalidIdentityToken"),
    ("wrong-audience", "audience-unregistered", "InvalidIdentityToken"),
    ("missing-sub", "claim-missing", "InvalidIdentityToken"),
    ("missing-aud", "claim-missing", "InvalidIdentityToken"),
    ("missing-exp", "claim-missing", "InvalidIdentityToken"),
    ("missing-iat", "claim-missing", "InvalidIdentityToken"),
    ("missing-iss", "claim-missing", "InvalidIdentityToken"),
    ("truncated", "token-malformed", "InvalidIdentityToken"),
    ("not-a-jwt", "token-malformed", "InvalidIdentityToken"),
]


def meets(t, flaw, reason, code):
    token = t.file("token", t.run("token", "--platform", "circleci", "--flaw", flaw).want(0).out)
    done = t.run("assume", "--role", OIDC_ROLE, "--token", token).want(1, r"\A\Z")
    want(reason in done.err and code in done.err, f"neither {reason} nor {code}\n{done}")


table([(f"a token with the flaw {f} is refused as {r}", f, r, c) for f, r, c in FLAWS], meets)


@case("the help of token names every flaw that the tests know")
def _(t):
    out = t.run("token", "--help").want(0).out
    for flaw, *_ in FLAWS:
        want(flaw in out or flaw.startswith("missing-") and "missing-" in out, f"no {flaw} in:\n{out}")
