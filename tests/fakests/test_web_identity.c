#include "base/encode.h"
#include "base/text.h"
#include "crypto/x509.h"
#include "tests/support/lab.h"
#include "tests/support/runner.h"

#include <stdio.h>

/*
 * AssumeRoleWithWebIdentity over the wire format, row by row: what the token holds, and what AWS
 * says. Times are written as seconds from now: @-10 is now - 10.
 */

#define ISS      "https://issuer.example.com"
#define PROVIDER "arn:aws:iam::123456789012:oidc-provider/issuer.example.com"
#define ROLE_ARN "arn:aws:iam::123456789012:role/app"

#define GOOD   "\"iss\":\"" ISS "\",\"sub\":\"me\",\"aud\":\"client-a\",\"iat\":@-10,\"exp\":@900"
#define NO_AUD "\"iss\":\"" ISS "\",\"sub\":\"me\",\"iat\":@-10,\"exp\":@900"
#define NO_SUB "\"iss\":\"" ISS "\",\"aud\":\"client-a\",\"iat\":@-10,\"exp\":@900"
#define NO_IAT "\"iss\":\"" ISS "\",\"sub\":\"me\",\"aud\":\"client-a\",\"exp\":@900"
#define NO_EXP "\"iss\":\"" ISS "\",\"sub\":\"me\",\"aud\":\"client-a\",\"iat\":@-10"

#define RS256 "{\"alg\":\"RS256\",\"kid\":\"RS256\"}"

#define GENERIC                                                                                  \
    "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity " \
    "documentation for requirements."
#define NO_KEY                                                                           \
    "Couldn't retrieve verification key from your identity provider,  please reference " \
    "AssumeRoleWithWebIdentity documentation for requirements"
#define NOT_A_JWT                                                                              \
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access " \
    "Token)"
#define NOT_AUTHORIZED "Not authorized to perform sts:AssumeRoleWithWebIdentity"

static struct lab lab;

/* "@-10" → the time. */
static struct str with_times(struct str s)
{
    struct text t = text_new(lab.arena, 64 * 1024);
    while (s.n) {
        size_t at = str_find(s, '@'), n = 1;
        int64_t offset = 0;
        text_put(&t, str_sub(s, 0, at));
        s = str_sub(s, at, s.n);
        if (!s.n)
            break;
        while (n < s.n && (s.p[n] == '-' || (s.p[n] >= '0' && s.p[n] <= '9')))
            n++;
        (void)str_to_i64(str_sub(s, 1, n - 1), &offset);
        text_printf(&t, "%lld", (long long)(LAB_NOW_S + offset));
        s = str_sub(s, n, s.n);
    }
    return text_str(&t);
}

static void world_with_keys(const char *statements, struct str jwks)
{
    lab_world(&lab,
              arena_printf(lab.arena,
                           "{\"oidc_providers\":[{\"url\":\"" ISS
                           "\",\"client_ids\":[\"client-a\",\"client-b\"],"
                           "\"keys\":{\"jwks\":%.*s}}],"
                           "\"roles\":[{\"name\":\"app\",\"max_session_duration\":7200,"
                           "\"tags\":{\"team\":\"infra\"},"
                           "\"trust_policy\":{\"Version\":\"2012-10-17\",\"Statement\":[%s]}}],"
                           "\"accounts\":{\"999999999999\":{\"roles\":[{\"name\":\"app\","
                           "\"trust_policy\":{\"Version\":\"2012-10-17\",\"Statement\":[%s]}}]}}}",
                           STR_ARG(jwks), statements, statements));
}

static void world(const char *statements)
{
    world_with_keys(statements, lab_jwks(&lab));
}

#define FEDERATED "\"Principal\":{\"Federated\":\"" PROVIDER "\"}"
#define ALLOW_ALL                                                                        \
    "{\"Effect\":\"Allow\"," FEDERATED ",\"Action\":[\"sts:AssumeRoleWithWebIdentity\"," \
    "\"sts:TagSession\",\"sts:SetSourceIdentity\"]}"
#define ALLOW_IF(condition)                                                             \
    "{\"Effect\":\"Allow\"," FEDERATED ",\"Action\":\"sts:AssumeRoleWithWebIdentity\"," \
    "\"Condition\":" condition "}"

static void set_up(void)
{
    lab_init(&lab);
}

static void tear_down(void)
{
    lab_free(&lab);
}

static void ask_token(struct str token, const char *role, struct lab_reply *out)
{
    const struct lab_field fields[] = { { "Action", STR("AssumeRoleWithWebIdentity") },
                                        { "RoleArn", str_of(role) },
                                        { "RoleSessionName", STR("session") },
                                        { "WebIdentityToken", token } };
    lab_call(&lab, fields, 4, out);
}

static struct str token_over(const char *header, const char *payload)
{
    struct str claims = arena_printf(lab.arena, "{%.*s}", STR_ARG(with_times(str_of(payload))));
    return lab_sign(&lab, str_of(header), claims, STR("RS256"));
}

static void want_code(const char *name, const struct lab_reply *got, const char *code,
                      const char *message)
{
    ck_assert_msg(str_eq(got->code, str_of(code)), "%s: got %.*s: %.*s (%.*s), wanted %s", name,
                  STR_ARG(got->code), STR_ARG(got->message), STR_ARG(got->exchange.why.detail),
                  *code ? code : "success");
    if (message)
        want_str(name, got->message, str_of(message));
}

/* ---- the token's own checks ---- */

static const struct token_row {
    const char *name, *header, *claims, *code, *message, *reason;
} token_rows[] = {
    { "a token with every required claim is accepted", RS256, GOOD, "", NULL, "none" },
    { "crit in the header is no JWT to AWS",
      "{\"alg\":\"RS256\",\"kid\":\"RS256\",\"crit\":[\"x\"]}", GOOD, "InvalidIdentityToken",
      "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
      "Token)",
      "token-critical-header" },
    { "iss is required", RS256, "\"sub\":\"me\",\"aud\":\"client-a\",\"iat\":@-10,\"exp\":@900",
      "InvalidIdentityToken", "Missing a required claim: iss", "claim-missing" },
    { "sub is required", RS256, NO_SUB, "InvalidIdentityToken", "Missing a required claim: sub",
      "claim-missing" },
    { "aud is required", RS256, NO_AUD, "InvalidIdentityToken", "Missing a required claim: aud",
      "claim-missing" },
    { "iat is required", RS256, NO_IAT, "InvalidIdentityToken", "Missing a required claim: iat",
      "claim-missing" },
    { "exp is required", RS256, NO_EXP, "InvalidIdentityToken", "Missing a required claim: exp",
      "claim-missing" },
    { "an empty audience list is named so", RS256, NO_AUD ",\"aud\":[]", "InvalidIdentityToken",
      "Claim is not allowed to be empty: aud", "audience-empty" },
    { "one audience in a list is one audience", RS256, NO_AUD ",\"aud\":[\"client-b\"]", "", NULL,
      "none" },
    { "two audiences want an azp", RS256, NO_AUD ",\"aud\":[\"client-a\",\"client-b\"]",
      "InvalidIdentityToken",
      "Token audience contains more than one audience while authorized party is not present",
      "audience-ambiguous" },
    { "azp decides between two audiences", RS256,
      NO_AUD ",\"aud\":[\"x\",\"y\"],\"azp\":\"client-b\"", "", NULL, "none" },
    { "azp wins over a registered aud", RS256, GOOD ",\"azp\":\"other\"", "InvalidIdentityToken",
      GENERIC, "audience-unregistered" },
    { "an empty azp is not registered", RS256, GOOD ",\"azp\":\"\"", "InvalidIdentityToken",
      GENERIC, "audience-unregistered" },
    { "an unregistered audience is refused", RS256, NO_AUD ",\"aud\":\"other\"",
      "InvalidIdentityToken", GENERIC, "audience-unregistered" },
    { "of duplicate members the last counts", RS256, GOOD ",\"aud\":\"other\"",
      "InvalidIdentityToken", GENERIC, "audience-unregistered" },
    { "times may be written as text", RS256, NO_IAT ",\"iat\":\"@-10\"", "", NULL, "none" },
    { "a fractional time is none", RS256, NO_IAT ",\"iat\":@-10.5", "InvalidIdentityToken",
      "Invalid timestamp in token claims.", "timestamp-invalid" },
    { "null is no time", RS256, NO_EXP ",\"exp\":null", "InvalidIdentityToken",
      "Invalid timestamp in token claims.", "timestamp-invalid" },
    { "text that spells no number is no time", RS256, GOOD ",\"nbf\":\"soon\"",
      "InvalidIdentityToken", "Invalid timestamp in token claims.", "timestamp-invalid" },
    { "a huge time does not wrap around", RS256, NO_EXP ",\"exp\":9223372036854775807", "", NULL,
      "none" },
    { "a hugely negative time does not wrap around", RS256, NO_EXP ",\"exp\":-9223372036854775808",
      "ExpiredTokenException", NULL, "token-expired" },
    { "iat 300 s ahead is tolerated", RS256, NO_IAT ",\"iat\":@300", "", NULL, "none" },
    { "iat 301 s ahead is not", RS256, NO_IAT ",\"iat\":@301", "InvalidIdentityToken",
      "Token issued in the future: 1789124022", "token-from-future" },
    { "exp 299 s ago is tolerated", RS256, NO_EXP ",\"exp\":@-299", "", NULL, "none" },
    { "exp 301 s ago is not, and the time AWS prints is now - 300", RS256, NO_EXP ",\"exp\":@-324",
      "ExpiredTokenException",
      "Token expired: current date/time 1789123421 must be before the expiration date/time "
      "1789123397",
      "token-expired" },
    { "nbf 300 s ahead is tolerated", RS256, GOOD ",\"nbf\":@300", "", NULL, "none" },
    { "nbf 301 s ahead is not", RS256, GOOD ",\"nbf\":@301", "InvalidIdentityToken",
      "Token not yet valid: current date/time 1789124021 must be after or equal to the not-before "
      "date/time 1789124022",
      "token-not-yet-valid" },
    { "iat is looked at before exp", RS256,
      "\"iss\":\"" ISS "\",\"sub\":\"me\",\"aud\":\"client-a\",\"iat\":@3600,\"exp\":@-3600",
      "InvalidIdentityToken", "Token issued in the future: 1789127321", "token-from-future" },
    { "an unregistered issuer keeps its classic words", RS256,
      "\"iss\":\"https://other.example.com\",\"sub\":\"me\",\"aud\":\"client-a\",\"iat\":@-10,"
      "\"exp\":@900",
      "InvalidIdentityToken",
      "No OpenIDConnect provider found in your account for https://other.example.com",
      "issuer-unregistered" },
    { "a trailing slash makes another issuer", RS256,
      "\"iss\":\"" ISS "/\",\"sub\":\"me\",\"aud\":\"client-a\",\"iat\":@-10,\"exp\":@900",
      "InvalidIdentityToken",
      "No OpenIDConnect provider found in your account for https://issuer.example.com/",
      "issuer-unregistered" },
    { "case makes another issuer", RS256,
      "\"iss\":\"https://Issuer.example.com\",\"sub\":\"me\",\"aud\":\"client-a\",\"iat\":@-10,"
      "\"exp\":@900",
      "InvalidIdentityToken", NULL, "issuer-unregistered" },
    { "an unknown kid has no key", "{\"alg\":\"RS256\",\"kid\":\"nobody\"}", GOOD,
      "InvalidIdentityToken", NO_KEY, "key-unknown" },
    { "an empty kid has no key", "{\"alg\":\"RS256\",\"kid\":\"\"}", GOOD, "InvalidIdentityToken",
      NO_KEY, "key-unknown" },
    { "no kid among several keys has no key", "{\"alg\":\"RS256\"}", GOOD, "InvalidIdentityToken",
      NO_KEY, "key-unknown" },
    { "another key's kid does not verify", "{\"alg\":\"ES256\",\"kid\":\"ES256\"}", GOOD,
      "InvalidIdentityToken", GENERIC, "signature-invalid" },
    { "alg none is refused", "{\"alg\":\"none\",\"kid\":\"RS256\"}", GOOD, "InvalidIdentityToken",
      GENERIC, "algorithm-unsupported" },
    { "HS256 is refused", "{\"alg\":\"HS256\",\"kid\":\"RS256\"}", GOOD, "InvalidIdentityToken",
      GENERIC, "algorithm-unsupported" },
    { "PS256 is refused", "{\"alg\":\"PS256\",\"kid\":\"RS256\"}", GOOD, "InvalidIdentityToken",
      GENERIC, "algorithm-unsupported" },
    { "a numeric sub counts as its text", RS256, NO_SUB ",\"sub\":42", "", NULL, "none" },
    { "an empty sub is accepted", RS256, NO_SUB ",\"sub\":\"\"", "", NULL, "none" },
    { "a null sub makes AWS stumble", RS256, NO_SUB ",\"sub\":null", "InternalFailure",
      "Unknown error validating third-party token", "subject-null" },
    { "nested tag values are one-element lists", RS256,
      GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"a\":\"b\"}}",
      "InvalidIdentityToken", "principal_tags passed in claim is not in correct format.",
      "session-tags-malformed" },
    { "nested tag values are no two-element lists", RS256,
      GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"a\":[\"b\",\"c\"]}}",
      "InvalidIdentityToken", "principal_tags passed in claim is not in correct format.",
      "session-tags-malformed" },
    { "nested and flattened tags are accepted", RS256,
      GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"a\":[\"b\"]}},"
           "\"https://aws.amazon.com/tags/principal_tags/c\":\"d\"",
      "", NULL, "none" },
    { "tag keys that differ only in case clash", RS256,
      GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"a\":[\"b\"],\"A\":[\"c\"]}}",
      "InvalidIdentityToken", NULL, "session-tags-invalid" },
    { "aws: is reserved for tag keys", RS256,
      GOOD ",\"https://aws.amazon.com/tags/principal_tags/aws:x\":\"d\"", "InvalidIdentityToken",
      NULL, "session-tags-invalid" },
    { "a source identity of one character is too short", RS256,
      GOOD ",\"https://aws.amazon.com/source_identity\":\"x\"", "InvalidIdentityToken", NULL,
      "source-identity-invalid" },
    { "the roles claim must name the role", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":[\"arn:aws:iam::123456789012:role/other\"]",
      "InvalidIdentityToken",
      "The target role ARN is not present in the roles claim of the identity token",
      "roles-claim-other-role" },
    { "a roles claim of text is split at semicolons and trimmed", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":\"arn:aws:iam::1:role/x; " ROLE_ARN " \"", "", NULL,
      "none" },
    { "a roles claim without a role ARN is empty", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":[1,null,[\"" ROLE_ARN "\"]]", "InvalidIdentityToken",
      "The roles claim contains no valid role ARNs", "roles-claim-empty" },
    { "a roles claim of null is absent", RS256, GOOD ",\"https://aws.amazon.com/roles\":null", "",
      NULL, "none" },
    { "a roles claim is text or a list", RS256, GOOD ",\"https://aws.amazon.com/roles\":true",
      "InvalidIdentityToken", "The roles claim is not in a supported format",
      "roles-claim-malformed" },
    { "an empty audience is not registered", RS256, NO_AUD ",\"aud\":\"\"", "InvalidIdentityToken",
      GENERIC, "audience-unregistered" },
    { "the second of two client ids is as good as the first", RS256, NO_AUD ",\"aud\":\"client-b\"",
      "", NULL, "none" },
    { "azp wins over an audience nobody registered", RS256,
      NO_AUD ",\"aud\":\"other\",\"azp\":\"client-a\"", "", NULL, "none" },
    { "an azp nobody registered wins over two audiences", RS256,
      NO_AUD ",\"aud\":[\"client-a\",\"client-b\"],\"azp\":\"other\"", "InvalidIdentityToken",
      GENERIC, "audience-unregistered" },
    { "exp may be written as text", RS256, NO_EXP ",\"exp\":\"@900\"", "", NULL, "none" },
    { "nbf may be written as text", RS256, GOOD ",\"nbf\":\"@-10\"", "", NULL, "none" },
    { "text that spells a fraction is no time", RS256, NO_EXP ",\"exp\":\"@900.5\"",
      "InvalidIdentityToken", "Invalid timestamp in token claims.", "timestamp-invalid" },
    { "a fractional exp is no time", RS256, NO_EXP ",\"exp\":@900.5", "InvalidIdentityToken",
      "Invalid timestamp in token claims.", "timestamp-invalid" },
    { "an iat of null is there, but no time", RS256, NO_IAT ",\"iat\":null", "InvalidIdentityToken",
      "Invalid timestamp in token claims.", "timestamp-invalid" },
    { "an nbf of null is there, but no time", RS256, GOOD ",\"nbf\":null", "InvalidIdentityToken",
      "Invalid timestamp in token claims.", "timestamp-invalid" },
    { "exp 1 s ago is tolerated", RS256, NO_EXP ",\"exp\":@-1", "", NULL, "none" },
    { "iat 1 s ahead is tolerated", RS256, NO_IAT ",\"iat\":@1", "", NULL, "none" },
    { "iat an hour ahead is not", RS256, NO_IAT ",\"iat\":@3600", "InvalidIdentityToken",
      "Token issued in the future: 1789127321", "token-from-future" },
    { "nbf 1 s ahead is tolerated", RS256, GOOD ",\"nbf\":@1", "", NULL, "none" },
    { "exp an hour ago is not tolerated", RS256, NO_EXP ",\"exp\":@-3600", "ExpiredTokenException",
      "Token expired: current date/time 1789123421 must be before the expiration date/time "
      "1789120121",
      "token-expired" },
    { "typ need not be JWT", "{\"alg\":\"RS256\",\"kid\":\"RS256\",\"typ\":\"at+jwt\"}", GOOD, "",
      NULL, "none" },
    { "an empty crit is refused too", "{\"alg\":\"RS256\",\"kid\":\"RS256\",\"crit\":[]}", GOOD,
      "InvalidIdentityToken", NOT_A_JWT, "token-critical-header" },
    { "a kid of another alg whose key is the same will do: alg decides, not the JWK",
      "{\"alg\":\"RS256\",\"kid\":\"RS512\"}", GOOD, "", NULL, "none" },
    { "a roles claim of text may be one ARN", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":\"" ROLE_ARN "\"", "", NULL, "none" },
    { "a roles claim may list the role among others", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":[\"arn:aws:iam::123456789012:role/other\",\"" ROLE_ARN
           "\"]",
      "", NULL, "none" },
    { "a roles claim may list the role twice", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":[\"" ROLE_ARN "\",\"" ROLE_ARN "\"]", "", NULL,
      "none" },
    { "an empty list of roles names none", RS256, GOOD ",\"https://aws.amazon.com/roles\":[]",
      "InvalidIdentityToken", "The roles claim contains no valid role ARNs", "roles-claim-empty" },
    { "an empty text of roles names none", RS256, GOOD ",\"https://aws.amazon.com/roles\":\"\"",
      "InvalidIdentityToken", "The roles claim contains no valid role ARNs", "roles-claim-empty" },
    { "semicolons and blanks alone name no role", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":\" ; ;\"", "InvalidIdentityToken",
      "The roles claim contains no valid role ARNs", "roles-claim-empty" },
    { "numbers alone name no role", RS256, GOOD ",\"https://aws.amazon.com/roles\":[1,2]",
      "InvalidIdentityToken", "The roles claim contains no valid role ARNs", "roles-claim-empty" },
    { "a word is no role ARN", RS256, GOOD ",\"https://aws.amazon.com/roles\":[\"app\"]",
      "InvalidIdentityToken", "The roles claim contains no valid role ARNs", "roles-claim-empty" },
    { "a user's ARN is no role ARN", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":[\"arn:aws:iam::123456789012:user/app\"]",
      "InvalidIdentityToken", "The roles claim contains no valid role ARNs", "roles-claim-empty" },
    { "what is no ARN is passed over beside the role's", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":[123,null,\"app\",\"" ROLE_ARN "\"]", "", NULL,
      "none" },
    { "blanks around an ARN in a list are trimmed", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":[\"  " ROLE_ARN " \"]", "", NULL, "none" },
    { "empty parts between semicolons are passed over", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":\";" ROLE_ARN ";\"", "", NULL, "none" },
    { "the role of another account is another", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":[\"arn:aws:iam::999999999999:role/app\"]",
      "InvalidIdentityToken",
      "The target role ARN is not present in the roles claim of the identity token",
      "roles-claim-other-role" },
    { "role names in a roles claim have case", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":[\"arn:aws:iam::123456789012:role/APP\"]",
      "InvalidIdentityToken",
      "The target role ARN is not present in the roles claim of the identity token",
      "roles-claim-other-role" },
    { "a roles claim of a number is malformed", RS256, GOOD ",\"https://aws.amazon.com/roles\":123",
      "InvalidIdentityToken", "The roles claim is not in a supported format",
      "roles-claim-malformed" },
    { "a roles claim of an object is malformed", RS256,
      GOOD ",\"https://aws.amazon.com/roles\":{\"role\":\"" ROLE_ARN "\"}", "InvalidIdentityToken",
      "The roles claim is not in a supported format", "roles-claim-malformed" },
    { "a nested tag's value is a list of text, not of a number", RS256,
      GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"a\":[1]}}",
      "InvalidIdentityToken", "principal_tags passed in claim is not in correct format.",
      "session-tags-malformed" },
    { "a nested tag's value is not an empty list", RS256,
      GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"a\":[]}}",
      "InvalidIdentityToken", "principal_tags passed in claim is not in correct format.",
      "session-tags-malformed" },
    { "principal_tags is an object", RS256,
      GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":[\"a\"]}", "InvalidIdentityToken",
      "principal_tags passed in claim is not in correct format.", "session-tags-malformed" },
    { "a tag's value may be empty", RS256,
      GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"a\":[\"\"]}}", "", NULL,
      "none" },
    { "transitive keys of the nested and the flattened claim add up", RS256,
      GOOD ",\"https://aws.amazon.com/"
           "tags\":{\"principal_tags\":{\"a\":[\"b\"]},\"transitive_tag_keys\":[\"a\"]},"
           "\"https://aws.amazon.com/tags/principal_tags/c\":\"d\",\"https://aws.amazon.com/tags/"
           "transitive_tag_keys\":[\"c\"]",
      "", NULL, "none" },
};

START_TEST(token_is_checked_as_aws_does)
{
    const struct token_row *row = &token_rows[_i];
    struct lab_reply got;
    world(ALLOW_ALL);
    ask_token(token_over(row->header, row->claims), ROLE_ARN, &got);
    want_code(row->name, &got, row->code, row->message);
    ck_assert_msg(strcmp(fault_reason(got.exchange.why.fault), row->reason) == 0,
                  "%s: reason %s, wanted %s", row->name, fault_reason(got.exchange.why.fault),
                  row->reason);
}
END_TEST

/* ---- every algorithm ---- */

static const char *const algorithms[] = { "RS256", "RS384", "RS512", "ES256", "ES384", "ES512" };

START_TEST(algorithm_is_accepted)
{
    struct str alg = str_of(algorithms[_i]);
    struct lab_reply got;
    world(ALLOW_ALL);
    struct str header =
        arena_printf(lab.arena, "{\"alg\":\"%.*s\",\"kid\":\"%.*s\"}", STR_ARG(alg), STR_ARG(alg));
    struct str claims = arena_printf(lab.arena, "{%.*s}", STR_ARG(with_times(STR(GOOD))));
    ask_token(lab_sign(&lab, header, claims, alg), ROLE_ARN, &got);
    want_code(algorithms[_i], &got, "", NULL);
}
END_TEST

/* ---- tokens changed after they were signed ---- */

static const struct tamper_row {
    const char *name;
    int part;
    const char *code, *message;
} tamper_rows[] = {
    { "a changed payload does not verify", 1, "InvalidIdentityToken", GENERIC },
    { "a changed signature does not verify", 2, "InvalidIdentityToken", GENERIC },
};

START_TEST(tampering_is_noticed)
{
    const struct tamper_row *row = &tamper_rows[_i];
    struct str rest = token_over(RS256, GOOD), parts[3];
    struct lab_reply got;
    world(ALLOW_ALL);
    for (size_t i = 0; i < 3; i++)
        parts[i] = str_cut(&rest, '.');
    if (row->part == 1)
        parts[1] = base64url_write(
            lab.arena,
            arena_printf(lab.arena, "{%.*s}", STR_ARG(with_times(STR(GOOD ",\"sub\":\"you\"")))));
    else
        parts[2] = arena_printf(lab.arena, "%c%.*s", parts[2].p[0] == 'A' ? 'B' : 'A',
                                STR_ARG(str_sub(parts[2], 1, parts[2].n)));
    ask_token(arena_printf(lab.arena, "%.*s.%.*s.%.*s", STR_ARG(parts[0]), STR_ARG(parts[1]),
                           STR_ARG(parts[2])),
              ROLE_ARN, &got);
    want_code(row->name, &got, row->code, row->message);
}
END_TEST

/* ---- key sets ---- */

/* A key set is written with $RSA, $WRONG (n with another end), $EC for the members of a key, $CERT
 * and $OTHERCERT for certificates, and $100RSA, $100EC for a hundred keys and a comma. */
#define JWK(kid, rest) "{\"kid\":\"" kid "\"," rest "}"

static const struct keys_row {
    const char *name, *jwks, *header, *alg, *code, *message;
} keys_rows[] = {
    { "one key serves a token without kid", JWK("RS256", "$RSA"), "{\"alg\":\"RS256\"}", "RS256",
      "", NULL },
    { "a kid that is no text is not like none", JWK("RS256", "$RSA"),
      "{\"alg\":\"RS256\",\"kid\":5}", "RS256", "InvalidIdentityToken", NO_KEY },
    { "a key without kid serves none", "{$RSA}", "{\"alg\":\"RS256\"}", "RS256",
      "InvalidIdentityToken", NO_KEY },
    { "an empty key set serves none", "", RS256, "RS256", "InvalidIdentityToken", NO_KEY },
    { "use sig is not required", JWK("RS256", "$RSA"), RS256, "RS256", "", NULL },
    { "the JWK's alg is not looked at", JWK("RS256", "\"alg\":\"RS512\",$RSA"), RS256, "RS256", "",
      NULL },
    { "use enc is passed over", JWK("RS256", "\"use\":\"enc\",$RSA"), RS256, "RS256",
      "InvalidIdentityToken", NO_KEY },
    { "without kid, a key of use enc does not count",
      JWK("x", "\"use\":\"enc\",$RSA") "," JWK("RS256", "\"use\":\"sig\",$RSA"),
      "{\"alg\":\"RS256\"}", "RS256", "", NULL },
    { "key_ops sign fails", JWK("RS256", "\"key_ops\":[\"sign\"],$RSA"), RS256, "RS256",
      "InvalidIdentityToken", GENERIC },
    { "key_ops verify fails as well", JWK("RS256", "\"key_ops\":[\"verify\"],$RSA"), RS256, "RS256",
      "InvalidIdentityToken", GENERIC },
    { "of two keys with one kid the last counts, when it is right",
      JWK("RS256", "$WRONG") "," JWK("RS256", "$RSA"), RS256, "RS256", "", NULL },
    { "of two keys with one kid the last counts, when it is wrong",
      JWK("RS256", "$RSA") "," JWK("RS256", "$WRONG"), RS256, "RS256", "InvalidIdentityToken",
      GENERIC },
    { "the same key twice is one key", JWK("RS256", "$RSA") "," JWK("RS256", "$RSA"), RS256,
      "RS256", "", NULL },
    { "a certificate over the key is no hindrance", JWK("RS256", "$RSA,\"x5c\":[\"$CERT\"]"), RS256,
      "RS256", "", NULL },
    { "a certificate over another key is", JWK("RS256", "$RSA,\"x5c\":[\"$OTHERCERT\"]"), RS256,
      "RS256", "InvalidIdentityToken", NO_KEY },
    { "a certificate alone is no key", JWK("RS256", "\"kty\":\"RSA\",\"x5c\":[\"$CERT\"]"), RS256,
      "RS256", "InvalidIdentityToken", NO_KEY },
    { "100 RSA keys serve", "$99RSA" JWK("RS256", "$RSA"), RS256, "RS256", "", NULL },
    { "101 RSA keys serve no RSA token", "$100RSA" JWK("RS256", "$RSA"), RS256, "RS256",
      "InvalidIdentityToken", NO_KEY },
    { "101 RSA keys still serve an EC token",
      "$100RSA" JWK("RS256", "$RSA") "," JWK("ES256", "$EC"),
      "{\"alg\":\"ES256\",\"kid\":\"ES256\"}", "ES256", "", NULL },
    { "101 EC keys serve no EC token", "$100EC" JWK("ES256", "$EC"),
      "{\"alg\":\"ES256\",\"kid\":\"ES256\"}", "ES256", "InvalidIdentityToken", NO_KEY },
    { "101 EC keys still serve an RSA token", "$100EC" JWK("ES256", "$EC") "," JWK("RS256", "$RSA"),
      RS256, "RS256", "", NULL },
};

static struct str members_of(const char *alg)
{
    struct pkey_numbers n = pkey_numbers(lab.arena, lab_key(&lab, str_of(alg))->key);
    struct str first = base64url_write(lab.arena, n.n.n ? n.n : n.x);
    if (n.n.n)
        return arena_printf(lab.arena, "\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"%.*s\"",
                            STR_ARG(first));
    struct str y = base64url_write(lab.arena, n.y);
    return arena_printf(lab.arena, "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%.*s\",\"y\":\"%.*s\"",
                        STR_ARG(first), STR_ARG(y));
}

static struct str certificate(const char *alg)
{
    return base64_write(
        lab.arena, x509_self_signed(lab.arena, lab_key(&lab, str_of(alg))->key, STR("someone")));
}

static struct str many(int n, struct str members)
{
    struct text t = text_new(lab.arena, 1024 * 1024);
    for (int i = 0; i < n; i++)
        text_printf(&t, "{\"kid\":\"extra%d\",%.*s},", i, STR_ARG(members));
    return text_str(&t);
}

/* The set of a row, its $WORDs replaced. */
static struct str key_set(const char *jwks)
{
    struct str rsa = members_of("RS256"), ec = members_of("ES256"), s = str_of(jwks);
    const struct {
        struct str word, by;
    } words[] = {
        { STR("$RSA"), rsa },
        { STR("$EC"), ec },
        { STR("$WRONG"),
          arena_printf(lab.arena, "%.*sAAAA\"", STR_ARG(str_sub(rsa, 0, rsa.n - 5))) },
        { STR("$CERT"), certificate("RS256") },
        { STR("$OTHERCERT"), certificate("ES256") },
        { STR("$99RSA"), many(99, rsa) },
        { STR("$100RSA"), many(100, rsa) },
        { STR("$100EC"), many(100, ec) },
    };
    struct text t = text_new(lab.arena, 1024 * 1024);
    text_put(&t, STR("{\"keys\":["));
    while (s.n) {
        size_t i = 0, n = sizeof words / sizeof words[0];
        while (i < n && !str_starts(s, words[i].word))
            i++;
        if (i < n)
            text_put(&t, words[i].by);
        else
            text_putc(&t, s.p[0]);
        s = str_sub(s, i < n ? words[i].word.n : 1, s.n);
    }
    text_put(&t, STR("]}"));
    return text_str(&t);
}

START_TEST(key_set_is_read_as_aws_does)
{
    const struct keys_row *row = &keys_rows[_i];
    struct lab_reply got;
    world_with_keys(ALLOW_ALL, key_set(row->jwks));
    struct str claims = arena_printf(lab.arena, "{%.*s}", STR_ARG(with_times(STR(GOOD))));
    ask_token(lab_sign(&lab, str_of(row->header), claims, str_of(row->alg)), ROLE_ARN, &got);
    want_code(row->name, &got, row->code, row->message);
}
END_TEST

/* ---- session tags up to their limits ---- */

static const struct limit_row {
    const char *name;
    size_t n_tags, key_chars, value_chars;
    const char *code;
} limit_rows[] = {
    { "50 tags are accepted", 50, 1, 1, "" },
    { "51 tags are not", 51, 1, 1, "InvalidIdentityToken" },
    { "a key of 128 characters is accepted", 1, 128, 1, "" },
    { "a key of 129 is not", 1, 129, 1, "InvalidIdentityToken" },
    { "a value of 256 characters is accepted", 1, 1, 256, "" },
    { "a value of 257 is not", 1, 1, 257, "InvalidIdentityToken" },
};

START_TEST(session_tags_have_limits)
{
    const struct limit_row *row = &limit_rows[_i];
    struct text t = text_new(lab.arena, 64 * 1024);
    struct lab_reply got;
    text_put(&t, STR(GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{"));
    for (size_t i = 0; i < row->n_tags; i++)
        text_printf(&t, "%s\"%0*zu\":[\"%0*d\"]", i ? "," : "", (int)row->key_chars, i,
                    (int)row->value_chars, 0);
    text_put(&t, STR("}}"));
    world(ALLOW_ALL);
    ask_token(token_over(RS256, arena_cstr(lab.arena, text_str(&t))), ROLE_ARN, &got);
    want_code(row->name, &got, row->code, NULL);
}
END_TEST

/* ---- what a reply tells ---- */

static const struct told_row {
    const char *name, *claims, *element, *value;
} told_rows[] = {
    { "Audience is aud", GOOD, "Audience", "client-a" },
    { "Audience is azp, when there is one", GOOD ",\"azp\":\"client-b\"", "Audience", "client-b" },
    { "Audience is the text of a list of one", NO_AUD ",\"aud\":[\"client-b\"]", "Audience",
      "client-b" },
    { "a numeric sub is told as its text", NO_SUB ",\"sub\":42", "SubjectFromWebIdentityToken",
      "42" },
    { "an empty sub is told as empty", NO_SUB ",\"sub\":\"\"", "SubjectFromWebIdentityToken", "" },
    { "the source identity is told", GOOD ",\"https://aws.amazon.com/source_identity\":\"admin\"",
      "SourceIdentity", "admin" },
    { "the packed size of an empty sub", NO_SUB ",\"sub\":\"\"", "PackedPolicySize", "24" },
    { "the packed size of a sub of one", NO_SUB ",\"sub\":\"a\"", "PackedPolicySize", "24" },
    { "the packed size of a sub of 13", NO_SUB ",\"sub\":\"subject-probe\"", "PackedPolicySize",
      "25" },
    { "the packed size of a sub of 13 and a source identity",
      NO_SUB ",\"sub\":\"subject-probe\",\"https://aws.amazon.com/source_identity\":\"source-"
             "probe\"",
      "PackedPolicySize", "26" },
    { "the packed size of a sub of 13 and a tag",
      NO_SUB ",\"sub\":\"subject-probe\",\"https://aws.amazon.com/tags/principal_tags/Team\":"
             "\"engineering\"",
      "PackedPolicySize", "25" },
    { "the packed size of a sub of 300", NO_SUB ",\"sub\":\"$300\"", "PackedPolicySize", "34" },
};

START_TEST(reply_tells)
{
    const struct told_row *row = &told_rows[_i];
    struct str claims = str_of(row->claims);
    struct lab_reply got;
    size_t at = 0;
    while (at < claims.n && !str_starts(str_sub(claims, at, claims.n), STR("$300")))
        at++;
    if (at < claims.n)
        claims = arena_printf(lab.arena, "%.*s%0300d%.*s", STR_ARG(str_sub(claims, 0, at)), 0,
                              STR_ARG(str_sub(claims, at + 4, claims.n)));
    world(ALLOW_ALL);
    ask_token(token_over(RS256, arena_cstr(lab.arena, claims)), ROLE_ARN, &got);
    want_code(row->name, &got, "", NULL);
    const struct xml_node *result = xml_find(got.xml, "AssumeRoleWithWebIdentityResult");
    want_str(row->name, xml_text(result, row->element), str_of(row->value));
}
END_TEST

/* ---- the trust policy and its context ---- */

static const struct policy_row {
    const char *name, *statements, *claims, *code, *message;
} policy_rows[] = {
    { "sub is a key", ALLOW_IF("{\"StringEquals\":{\"issuer.example.com:sub\":\"me\"}}"), GOOD, "",
      NULL },
    { "a trust policy that wants another sub refuses",
      ALLOW_IF("{\"StringEquals\":{\"issuer.example.com:sub\":\"you\"}}"), GOOD, "AccessDenied",
      NOT_AUTHORIZED },
    { "key names have no case", ALLOW_IF("{\"StringEquals\":{\"ISSUER.example.com:SUB\":\"me\"}}"),
      GOOD, "", NULL },
    { "aud shows azp", ALLOW_IF("{\"StringEquals\":{\"issuer.example.com:aud\":\"client-b\"}}"),
      GOOD ",\"azp\":\"client-b\"", "", NULL },
    { "oaud shows aud", ALLOW_IF("{\"StringEquals\":{\"issuer.example.com:oaud\":\"client-a\"}}"),
      GOOD ",\"azp\":\"client-b\"", "", NULL },
    { "a claim AWS does not map is no key",
      ALLOW_IF("{\"StringEquals\":{\"issuer.example.com:repository\":\"r\"}}"),
      GOOD ",\"repository\":\"r\"", "AccessDenied", NOT_AUTHORIZED },
    { "iss is no key", ALLOW_IF("{\"StringLike\":{\"issuer.example.com:iss\":\"*\"}}"), GOOD,
      "AccessDenied", NOT_AUTHORIZED },
    { "azp is no key", ALLOW_IF("{\"StringLike\":{\"issuer.example.com:azp\":\"*\"}}"),
      GOOD ",\"azp\":\"client-a\"", "AccessDenied", NOT_AUTHORIZED },
    { "amr is a list, which a scalar operator never matches",
      ALLOW_IF("{\"StringEquals\":{\"issuer.example.com:amr\":\"x\"}}"), GOOD ",\"amr\":[\"x\"]",
      "AccessDenied", NOT_AUTHORIZED },
    { "amr answers to ForAnyValue",
      ALLOW_IF("{\"ForAnyValue:StringEquals\":{\"issuer.example.com:amr\":\"x\"}}"),
      GOOD ",\"amr\":[\"y\",\"x\"]", "", NULL },
    { "the session name is a key",
      ALLOW_IF("{\"StringEquals\":{\"sts:RoleSessionName\":\"session\"}}"), GOOD, "", NULL },
    { "the principal is a User", ALLOW_IF("{\"StringEquals\":{\"aws:PrincipalType\":\"User\"}}"),
      GOOD, "", NULL },
    { "aws:userid is the provider's ARN",
      ALLOW_IF("{\"StringEquals\":{\"aws:userid\":\"" PROVIDER "\"}}"), GOOD, "", NULL },
    { "aws:PrincipalArn is absent", ALLOW_IF("{\"Null\":{\"aws:PrincipalArn\":\"true\"}}"), GOOD,
      "", NULL },
    { "aws:PrincipalArn is not the provider's",
      ALLOW_IF("{\"StringEquals\":{\"aws:PrincipalArn\":\"" PROVIDER "\"}}"), GOOD, "AccessDenied",
      NOT_AUTHORIZED },
    { "the principal is no AssumedRole",
      ALLOW_IF("{\"StringEquals\":{\"aws:PrincipalType\":\"AssumedRole\"}}"), GOOD, "AccessDenied",
      NOT_AUTHORIZED },
    { "aws:userid is not the subject", ALLOW_IF("{\"StringEquals\":{\"aws:userid\":\"me\"}}"), GOOD,
      "AccessDenied", NOT_AUTHORIZED },
    { "aws:PrincipalAccount is no other account",
      ALLOW_IF("{\"StringEquals\":{\"aws:PrincipalAccount\":\"999999999999\"}}"), GOOD,
      "AccessDenied", NOT_AUTHORIZED },
    { "aws:PrincipalAccount is the provider's",
      ALLOW_IF("{\"StringEquals\":{\"aws:PrincipalAccount\":\"123456789012\"}}"), GOOD, "", NULL },
    { "aws:ResourceTag holds the role's tags",
      ALLOW_IF("{\"StringEquals\":{\"aws:ResourceTag/team\":\"infra\"}}"), GOOD, "", NULL },
    { "aws:FederatedProvider is the provider's ARN",
      ALLOW_IF("{\"ArnEquals\":{\"aws:FederatedProvider\":\"" PROVIDER "\"}}"), GOOD, "", NULL },
    { "aws:TagKeys is absent without tags", ALLOW_IF("{\"Null\":{\"aws:TagKeys\":\"true\"}}"), GOOD,
      "", NULL },
    { "the roles claim authorises", ALLOW_IF("{\"Bool\":{\"sts:RoleAuthorizedByIdp\":\"true\"}}"),
      GOOD ",\"https://aws.amazon.com/roles\":[\"" ROLE_ARN "\"]", "", NULL },
    { "without the claim sts:RoleAuthorizedByIdp is not true",
      ALLOW_IF("{\"Bool\":{\"sts:RoleAuthorizedByIdp\":\"true\"}}"), GOOD, "AccessDenied",
      NOT_AUTHORIZED },
    { "with the claim sts:RoleAuthorizedByIdp is not false",
      ALLOW_IF("{\"Bool\":{\"sts:RoleAuthorizedByIdp\":\"false\"}}"),
      GOOD ",\"https://aws.amazon.com/roles\":[\"" ROLE_ARN "\"]", "AccessDenied", NOT_AUTHORIZED },
    { "without the claim sts:RoleAuthorizedByIdp is there",
      ALLOW_IF("{\"Null\":{\"sts:RoleAuthorizedByIdp\":\"false\"}}"), GOOD, "", NULL },
    { "a roles claim of null leaves sts:RoleAuthorizedByIdp false",
      ALLOW_IF("{\"Bool\":{\"sts:RoleAuthorizedByIdp\":\"false\"}}"),
      GOOD ",\"https://aws.amazon.com/roles\":null", "", NULL },
    { "a roles claim that lists others is refused before the trust policy is asked",
      ALLOW_IF("{\"Bool\":{\"sts:RoleAuthorizedByIdp\":\"false\"}}"),
      GOOD ",\"https://aws.amazon.com/roles\":[\"arn:aws:iam::123456789012:role/other\"]",
      "InvalidIdentityToken",
      "The target role ARN is not present in the roles claim of the identity token" },
    { "without the claim sts:RoleAuthorizedByIdp is false",
      ALLOW_IF("{\"Bool\":{\"sts:RoleAuthorizedByIdp\":\"false\"}}"), GOOD, "", NULL },
    { "an AWS wildcard principal does not authorise OIDC callers",
      "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:"
      "AssumeRoleWithWebIdentity\"}",
      GOOD, "AccessDenied", NOT_AUTHORIZED },
    { "an explicit deny wins",
      ALLOW_ALL ",{\"Effect\":\"Deny\"," FEDERATED
                ",\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{"
                "\"StringLike\":{\"issuer.example.com:sub\":\"m*\"}}}",
      GOOD, "AccessDenied", NOT_AUTHORIZED },
    { "another action does not allow it",
      "{\"Effect\":\"Allow\"," FEDERATED ",\"Action\":\"sts:AssumeRole\"}", GOOD, "AccessDenied",
      NOT_AUTHORIZED },
    { "principal and condition of different statements do not add up",
      "{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::123456789012:oidc-"
      "provider/other\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\"}," ALLOW_IF(
          "{\"StringEquals\":{\"issuer.example.com:sub\":\"you\"}}"),
      GOOD, "AccessDenied", NOT_AUTHORIZED },
    { "tags want sts:TagSession", ALLOW_IF("{}"),
      GOOD ",\"https://aws.amazon.com/tags/principal_tags/a\":\"b\"", "AccessDenied",
      "Not authorized to perform sts:TagSession" },
    { "a source identity wants sts:SetSourceIdentity", ALLOW_IF("{}"),
      GOOD ",\"https://aws.amazon.com/source_identity\":\"admin\"", "AccessDenied",
      "Not authorized to perform sts:SetSourceIdentity" },
    { "request tags are keys",
      "{\"Effect\":\"Allow\"," FEDERATED ",\"Action\":[\"sts:AssumeRoleWithWebIdentity\","
      "\"sts:TagSession\"],\"Condition\":{\"StringEquals\":{\"aws:RequestTag/a\":\"b\"},"
      "\"ForAllValues:StringEquals\":{\"aws:TagKeys\":[\"a\"]}}}",
      GOOD ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"a\":[\"b\"]}}", "", NULL },
};

/* ---- lists in claims ---- */

#define TAGS "https://aws.amazon.com/tags"

static const struct list_row {
    const char *name, *before, *element, *after;
    size_t n;
    const char *code;
} list_rows[] = {
    { "transitive keys of two claims are one list",
      GOOD ",\"" TAGS "\":{\"principal_tags\":{\"a\":[\"b\"],\"c\":[\"d\"]},"
           "\"transitive_tag_keys\":[\"a\"",
      ",\"a\"", "]},\"" TAGS "/transitive_tag_keys\":[\"c\"]", 60, "" },
    { "a transitive key may stand there a thousand times",
      GOOD ",\"" TAGS "/principal_tags/a\":\"b\",\"" TAGS "/transitive_tag_keys\":[\"a\"", ",\"A\"",
      "]", 1000, "" },
    { "every transitive key is a tag",
      GOOD ",\"" TAGS "/principal_tags/a\":\"b\",\"" TAGS "/transitive_tag_keys\":[\"a\"", ",\"a\"",
      ",\"b\"]", 70, "InvalidIdentityToken" },
    { "a list of five thousand values is only a list", GOOD ",\"amr\":[0", ",0", "]", 5000, "" },
};

START_TEST(long_lists_are_taken)
{
    const struct list_row *row = &list_rows[_i];
    struct text claims = text_new(lab.arena, 64 * 1024);
    struct lab_reply got;
    text_put(&claims, str_of(row->before));
    for (size_t i = 0; i < row->n; i++)
        text_put(&claims, str_of(row->element));
    text_put(&claims, str_of(row->after));
    world(ALLOW_ALL);
    ask_token(token_over(RS256, text_str(&claims).p), ROLE_ARN, &got);
    want_code(row->name, &got, row->code, NULL);
}
END_TEST

START_TEST(trust_policy_is_enforced)
{
    const struct policy_row *row = &policy_rows[_i];
    struct lab_reply got;
    world(row->statements);
    ask_token(token_over(RS256, row->claims), ROLE_ARN, &got);
    want_code(row->name, &got, row->code, row->message);
}
END_TEST

/* ---- the request ---- */

static const struct request_row {
    const char *name, *field, *value, *code, *message;
} request_rows[] = {
    { "a role in another account has no provider there", "RoleArn",
      "arn:aws:iam::999999999999:role/app", "InvalidIdentityToken",
      "No OpenIDConnect provider found in your account for https://issuer.example.com" },
    { "an unknown role is refused like a mismatch", "RoleArn",
      "arn:aws:iam::123456789012:role/nobody", "AccessDenied", NOT_AUTHORIZED },
    { "a role's path belongs to its ARN", "RoleArn", "arn:aws:iam::123456789012:role/ci/app",
      "AccessDenied", NOT_AUTHORIZED },
    { "a user's ARN is no role", "RoleArn", "arn:aws:iam::123456789012:user/app", "ValidationError",
      "Request ARN is invalid" },
    { "a session name has a pattern", "RoleSessionName", "x/y", "ValidationError",
      "1 validation error detected: Value 'x/y' at 'roleSessionName' failed to satisfy constraint: "
      "Member must satisfy regular expression pattern: [\\w+=,.@-]*" },
    { "a short duration is refused by the model", "DurationSeconds", "899", "ValidationError",
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: "
      "Member must have value greater than or equal to 900" },
    { "a duration over the role's maximum is refused", "DurationSeconds", "7201", "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role." },
    { "the role's maximum itself is granted", "DurationSeconds", "7200", "", NULL },
    { "a duration that is no integer cannot be decoded", "DurationSeconds", "9e2", "MalformedInput",
      NULL },
    { "www.amazon.com wants its own tokens", "ProviderId", "www.amazon.com", "InvalidIdentityToken",
      "Provided Token is not a Login With Amazon token" },
    { "graph.facebook.com wants its own tokens", "ProviderId", "graph.facebook.com",
      "IDPRejectedClaim",
      "graph.facebook.com rejected OAuth token with response \"Bad signature\" and code 190" },
    { "another ProviderId is unknown", "ProviderId", "accounts.google.com", "AccessDenied",
      "Unrecognized OAuth provider. Do not include a provider parameter when submitting "
      "OpenIDConnect ID tokens" },
    { "a ProviderId with its scheme is unknown", "ProviderId", "https://www.amazon.com",
      "AccessDenied",
      "Unrecognized OAuth provider. Do not include a provider parameter when submitting "
      "OpenIDConnect ID tokens" },
    { "the issuer as ProviderId is unknown", "ProviderId", ISS, "AccessDenied",
      "Unrecognized OAuth provider. Do not include a provider parameter when submitting "
      "OpenIDConnect ID tokens" },
    { "a ProviderId has a length", "ProviderId", "abc", "ValidationError",
      "1 validation error detected: Value 'abc' at 'providerId' failed to satisfy constraint: "
      "Member must have length greater than or equal to 4" },
    { "a duration may have leading zeros", "DurationSeconds", "00900", "", NULL },
    { "a duration may have a plus", "DurationSeconds", "+900", "", NULL },
    { "a session policy is parsed", "Policy", "{\"Version\":", "MalformedPolicyDocument",
      "The policy is not in the valid JSON format." },
    { "a good session policy is accepted", "Policy",
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\","
      "\"Resource\":\"*\"}}",
      "", NULL },
};

START_TEST(request_is_checked_as_aws_does)
{
    const struct request_row *row = &request_rows[_i];
    struct lab_reply got;
    struct lab_field fields[] = { { "Action", STR("AssumeRoleWithWebIdentity") },
                                  { "RoleArn", STR(ROLE_ARN) },
                                  { "RoleSessionName", STR("session") },
                                  { "WebIdentityToken", token_over(RS256, GOOD) },
                                  { row->field, str_of(row->value) } };
    world(ALLOW_ALL);
    for (size_t i = 0; i < 4; i++)
        if (strcmp(fields[i].name, row->field) == 0)
            fields[i].value = str_of(row->value);
    lab_call(&lab, fields, 5, &got);
    want_code(row->name, &got, row->code, row->message);
}
END_TEST

START_TEST(reply_has_the_elements_of_a_live_one)
{
    struct lab_reply got;
    world(ALLOW_ALL);
    ask_token(token_over(RS256, GOOD), ROLE_ARN, &got);
    const struct xml_node *result = xml_find(got.xml, "AssumeRoleWithWebIdentityResult");
    static const char *const order[] = { "Audience",
                                         "AssumedRoleUser",
                                         "Provider",
                                         "Credentials",
                                         "SubjectFromWebIdentityToken",
                                         "PackedPolicySize" };
    ck_assert_ptr_nonnull(result);
    const struct xml_node *child = result->first_child;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++, child = child->next) {
        ck_assert_ptr_nonnull(child);
        want_str("element order", child->name, str_of(order[i]));
    }
    want_str("arn", xml_text(result, "AssumedRoleUser/Arn"),
             STR("arn:aws:sts::123456789012:assumed-role/app/session"));
    want_str("provider", xml_text(result, "Provider"), STR(PROVIDER));
    ck_assert(str_starts(xml_text(result, "Credentials/AccessKeyId"), STR("ASIARZPUZDIK")));
    ck_assert(str_starts(xml_text(result, "Credentials/SessionToken"), STR("IQoJb3JpZ2luX2Vj")));
    ck_assert_uint_eq(xml_text(result, "Credentials/SecretAccessKey").n, 40);
}
END_TEST

START_TEST(a_token_file_may_end_in_a_line_end)
{
    struct lab_reply got;
    world(ALLOW_ALL);
    struct str token = token_over(RS256, GOOD);
    ask_token(arena_join(lab.arena, token, STR("\r\n")), ROLE_ARN, &got);
    ck_assert_msg(got.http.status == 200, "%.*s", STR_ARG(got.message));
}
END_TEST

START_TEST(every_exchange_gets_fresh_credentials)
{
    struct lab_reply one, two;
    struct str token;
    world(ALLOW_ALL);
    token = token_over(RS256, GOOD);
    ask_token(token, ROLE_ARN, &one);
    ask_token(token, ROLE_ARN, &two);
    const char *secret = "AssumeRoleWithWebIdentityResult/Credentials/SecretAccessKey";
    ck_assert(xml_text(one.xml, secret).n && xml_text(two.xml, secret).n);
    ck_assert(!str_eq(xml_text(one.xml, secret), xml_text(two.xml, secret)));
}
END_TEST

static const struct not_jwt_row {
    const char *name, *token;
} not_jwt_rows[] = {
    { "a word is no JWT", "junk" },
    { "two parts are no JWT", "e30.e30" },
    { "four parts are no JWT", "e30.e30.e30.e30" },
    { "empty parts are no JWT", "...." },
    { "a header that is no JSON", "bm90anNvbg.e30.c2ln" },
    { "a payload that is a list", "eyJhbGciOiJSUzI1NiJ9.W10.c2ln" },
    { "a blank before it", " e30.e30.c2ln" },
    { "a new line within it", "e30.\ne30.c2ln" },
    { "padding is foreign", "eyJhbGciOiJSUzI1NiJ9==.e30.c2ln" },
};

START_TEST(what_is_no_jwt_is_called_so)
{
    struct lab_reply got;
    world(ALLOW_ALL);
    ask_token(str_of(not_jwt_rows[_i].token), ROLE_ARN, &got);
    want_code(not_jwt_rows[_i].name, &got, "InvalidIdentityToken",
              "The ID Token provided is not a valid JWT. (You may see this error if you sent an "
              "Access Token)");
}
END_TEST

Suite *web_identity_suite(void);

Suite *web_identity_suite(void)
{
    Suite *s = suite_create("fakests/web_identity");
    TCase *t = tcase_create("rows");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, token_is_checked_as_aws_does, 0,
                        sizeof token_rows / sizeof token_rows[0]);
    tcase_add_loop_test(t, algorithm_is_accepted, 0, sizeof algorithms / sizeof algorithms[0]);
    tcase_add_loop_test(t, tampering_is_noticed, 0, sizeof tamper_rows / sizeof tamper_rows[0]);
    tcase_add_loop_test(t, key_set_is_read_as_aws_does, 0, sizeof keys_rows / sizeof keys_rows[0]);
    tcase_add_loop_test(t, session_tags_have_limits, 0, sizeof limit_rows / sizeof limit_rows[0]);
    tcase_add_loop_test(t, reply_tells, 0, sizeof told_rows / sizeof told_rows[0]);
    tcase_add_loop_test(t, long_lists_are_taken, 0, sizeof list_rows / sizeof list_rows[0]);
    tcase_add_loop_test(t, trust_policy_is_enforced, 0, sizeof policy_rows / sizeof policy_rows[0]);
    tcase_add_loop_test(t, request_is_checked_as_aws_does, 0,
                        sizeof request_rows / sizeof request_rows[0]);
    tcase_add_test(t, a_token_file_may_end_in_a_line_end);
    tcase_add_loop_test(t, what_is_no_jwt_is_called_so, 0,
                        sizeof not_jwt_rows / sizeof not_jwt_rows[0]);
    tcase_add_test(t, reply_has_the_elements_of_a_live_one);
    tcase_add_test(t, every_exchange_gets_fresh_credentials);
    suite_add_tcase(s, t);
    return s;
}
