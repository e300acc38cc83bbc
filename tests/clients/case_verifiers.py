"""The issuer's side: libraries that fetch discovery and keys, and verify the token."""

from cases import CIRCLECI_ISSUER, CIRCLECI_ORG, decode, equal, matches, table, want
from clients import command, need_node, node

LIBRARIES = ["jose", "aws-jwt-verify"]
ISSUERS = [
    ("circleci", CIRCLECI_ISSUER),
    ("render", "https://oidc.render.com/tea-csps46i3esus73eojjp0"),
    ("pulumi", "https://api.pulumi.com/oidc"),
    ("pulumi/v2", "https://api.pulumi.com/oidc/v2"),
    ("github", "https://token.actions.githubusercontent.com"),
    ("env0", "https://login.app.env0.com/"),
    ("eks", None),
]


def verify(t, library, token, issuer, audience):
    need_node()
    with t.serve() as server:
        where = issuer.removeprefix("https://").removesuffix("/")
        discovery = f"{server.base}/issuers/{where}/.well-known/openid-configuration"
        return command(t, node("verify.mjs", library, discovery, issuer, audience, t.file("token", token)))


def verifies(t, library, platform, issuer):
    token = t.token(platform)
    claims = decode(token)[1]
    audience = claims["aud"] if isinstance(claims["aud"], str) else claims["aud"][0]
    done = verify(t, library, token, issuer or claims["iss"], audience).want(0)
    equal("claims", done.json(), claims)


# What the two libraries call it.
REFUSALS = [
    ("for another audience", [], "me", "ERR_JWT_CLAIM_VALIDATION_FAILED", "JwtInvalidAudienceError"),
    ("that has expired", ["--flaw", "expired"], CIRCLECI_ORG, "ERR_JWT_EXPIRED", "JwtExpiredError"),
    ("with a bad signature", ["--flaw", "bad-signature"], CIRCLECI_ORG,
     "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "JwtInvalidSignatureError"),
    ("with an unknown kid", ["--flaw", "unknown-kid"], CIRCLECI_ORG,
     "ERR_JWKS_NO_MATCHING_KEY", "JwtWithoutValidKidError|KidNotFoundInJwksError"),
    ("that is unsigned", ["--flaw", "alg-none"], CIRCLECI_ORG, "ERR_JOSE_ALG_NOT_ALLOWED", "Jwt.*Error"),
]


def refuses(t, library, flaw, audience, *errors):
    done = verify(t, library, t.token("circleci", *flaw), CIRCLECI_ISSUER, audience)
    want(done.status == 1, str(done))
    matches("error", done.json()["error"], rf"\A({errors[LIBRARIES.index(library)]})\Z")


table([(f"{l} verifies a token of {p}", l, p, i) for l in LIBRARIES for p, i in ISSUERS], verifies)
table([(f"{l} refuses a token {row[0]}", l, *row[1:]) for l in LIBRARIES for row in REFUSALS], refuses)
