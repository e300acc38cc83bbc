#include "issuer/flaw.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "jose/jws.h"

#include <pthread.h>

enum {
    FAR_S = 600, /* twice the 300 s that AWS allows for clocks that differ (aws.md section 3) */
};

/* ---- small things ---- */

static bool set(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

/* A time of the token; now, where the claim is none. */
static int64_t time_claim(const struct flaw_work *w, const char *name)
{
    const json_t *v = json_object_get(w->claims, name);
    return json_is_integer(v) ? json_integer_value(v) : w->now_s;
}

static void shift(struct flaw_work *w, const char *name, int64_t by_s)
{
    if (json_is_integer(json_object_get(w->claims, name)))
        set(w->claims, name, json_integer(time_claim(w, name) + by_s));
}

/* The claim AWS takes as the audience: azp wins over aud (aws.md section 3). */
static const char *audience_claim(const struct flaw_work *w)
{
    return json_object_get(w->claims, "azp") ? "azp" : "aud";
}

static struct str signing_input(const struct flaw_work *w)
{
    size_t n = w->text.n;
    while (n && w->text.p[n - 1] != '.')
        n--;
    return str_sub(w->text, 0, n ? n - 1 : 0);
}

static void replace_signature(struct flaw_work *w, struct str signature)
{
    struct str input = signing_input(w), text = base64url_write(w->arena, signature);
    w->text = arena_printf(w->arena, "%.*s.%.*s", STR_ARG(input), STR_ARG(text));
}

/* ---- times ---- */

/* The whole token lies in the past; its length of life stays. */
static bool expired(struct flaw_work *w)
{
    int64_t by_s = w->now_s - FAR_S - time_claim(w, "exp");
    shift(w, "iat", by_s);
    shift(w, "nbf", by_s);
    return set(w->claims, "exp", json_integer(w->now_s - FAR_S));
}

static bool not_yet_valid(struct flaw_work *w)
{
    int64_t nbf = w->now_s + FAR_S;
    if (time_claim(w, "exp") <=
        nbf) /* a short-lived token must not be expired before it is valid */
        set(w->claims, "exp", json_integer(nbf + FAR_S));
    return set(w->claims, "nbf", json_integer(nbf));
}

/* nbf stays: only iat is ahead. */
static bool future_iat(struct flaw_work *w)
{
    shift(w, "exp", FAR_S);
    return set(w->claims, "iat", json_integer(w->now_s + FAR_S));
}

static bool fractional_iat(struct flaw_work *w)
{
    return set(w->claims, "iat", json_real((double)time_claim(w, "iat") + 0.5));
}

static bool null_exp(struct flaw_work *w)
{
    return set(w->claims, "exp", json_null());
}

/* ---- signature and keys ---- */

/* The first character: the last one of a signature may hold bits that do not count. */
static bool bad_signature(struct flaw_work *w)
{
    size_t at = signing_input(w).n + 1;
    char *p = arena_cstr(w->arena, w->text);
    p[at] = p[at] == 'A' ? 'B' : 'A';
    w->text = str_n(p, w->text.n);
    return true;
}

/* A key that nobody publishes: one a kind, for it may take a second to make. */
static struct pkey *foreign_key(enum pkey_kind kind)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct pkey *keys[PKEY_P521 + 1];
    pthread_mutex_lock(&lock);
    if (!keys[kind])
        keys[kind] = pkey_generate(kind);
    pthread_mutex_unlock(&lock);
    return keys[kind];
}

static bool wrong_key(struct flaw_work *w)
{
    const struct alg *alg = w->signer->alg;
    struct str input = signing_input(w);
    replace_signature(w, pkey_sign(w->arena, foreign_key(alg->kind), alg->hash, input));
    return true;
}

static bool unknown_kid(struct flaw_work *w)
{
    return set(w->header, "kid", json_string("nobody-publishes-this-key"));
}

static bool no_kid(struct flaw_work *w)
{
    return json_object_del(w->header, "kid") == 0;
}

static bool empty_kid(struct flaw_work *w)
{
    return set(w->header, "kid", json_string(""));
}

/* ---- algorithms ---- */

static bool alg_none(struct flaw_work *w)
{
    return set(w->header, "alg", json_string("none"));
}

static bool no_signature(struct flaw_work *w)
{
    replace_signature(w, STR(""));
    return true;
}

static bool alg_hs256(struct flaw_work *w)
{
    return set(w->header, "alg", json_string("HS256"));
}

/* As libraries write it (RFC 7468 13), for that is what a confused verifier would use as the
 * secret. */
static struct str public_pem(struct arena *a, const struct pkey *k)
{
    enum { LINE = 64 };
    struct str base64 = base64_write(a, pkey_spki(a, k));
    struct text t = text_new(a, base64.n * 2 + 128);
    text_put(&t, STR("-----BEGIN PUBLIC KEY-----\n"));
    for (size_t i = 0; i < base64.n; i += LINE)
        text_printf(&t, "%.*s\n", STR_ARG(str_sub(base64, i, LINE)));
    text_put(&t, STR("-----END PUBLIC KEY-----\n"));
    return text_str(&t);
}

static bool sign_with_public_key(struct flaw_work *w)
{
    uint8_t mac[SHA256_BYTES];
    hmac_sha256(public_pem(w->arena, w->signer->key), signing_input(w), mac);
    replace_signature(w, str_n((const char *)mac, sizeof mac));
    return true;
}

/* Only the header: AWS looks at it first. */
static bool alg_ps256(struct flaw_work *w)
{
    return set(w->header, "alg", json_string("PS256"));
}

/* RFC 7515 4.1.11: names an extension, which must be understood and is not. */
static bool crit_header(struct flaw_work *w)
{
    return set(w->header, "crit", json_pack("[s]", "b64")) && set(w->header, "b64", json_true());
}

/* ---- who and for whom ---- */

static bool wrong_issuer(struct flaw_work *w)
{
    return set(w->claims, "iss", json_string("https://wrong-issuer.example.com"));
}

static bool issuer_trailing_slash(struct flaw_work *w)
{
    struct str iss = json_str(json_object_get(w->claims, "iss"));
    if (!iss.n)
        return false;
    struct str other = str_ends(iss, STR("/")) ? str_sub(iss, 0, iss.n - 1)
                                               : arena_printf(w->arena, "%.*s/", STR_ARG(iss));
    return set(w->claims, "iss", json_of(other));
}

static const char WRONG_AUDIENCE[] = "wrong-audience.example.com";

static bool wrong_audience(struct flaw_work *w)
{
    if (json_object_get(w->claims, "azp"))
        set(w->claims, "azp", json_string(WRONG_AUDIENCE));
    return set(w->claims, "aud", json_string(WRONG_AUDIENCE));
}

static bool wrong_azp(struct flaw_work *w)
{
    return set(w->claims, "azp", json_string(WRONG_AUDIENCE));
}

static bool audience_array_two(struct flaw_work *w)
{
    const json_t *aud = json_object_get(w->claims, "aud");
    struct str first = json_str(json_is_array(aud) ? json_array_get(aud, 0) : aud);
    json_t *two = json_array();
    json_array_append_new(two, json_of(first));
    json_array_append_new(two, json_string("second-audience.example.com"));
    json_object_del(w->claims, "azp");
    return set(w->claims, "aud", two);
}

static bool empty_audience(struct flaw_work *w)
{
    return set(w->claims, "aud", json_array());
}

/* The claims then show what counts, which is the last of two (aws.md section 3). */
static bool duplicate_audience(struct flaw_work *w)
{
    json_t *right = json_object_get(w->claims, audience_claim(w));
    if (!right)
        return false;
    w->kept = json_keep(w->arena, json_incref(right));
    return set(w->claims, audience_claim(w), json_string(WRONG_AUDIENCE));
}

static bool put_right_audience_first(struct flaw_work *w)
{
    struct str right = json_text(w->arena, w->kept), rest = str_sub(w->payload, 1, w->payload.n);
    w->payload = arena_printf(w->arena, "{\"%s\":%.*s,%.*s", audience_claim(w), STR_ARG(right),
                              STR_ARG(rest));
    return true;
}

static bool null_sub(struct flaw_work *w)
{
    return set(w->claims, "sub", json_null());
}

static bool missing_claim(struct flaw_work *w)
{
    return json_object_del(w->claims, arena_cstr(w->arena, w->claim)) == 0;
}

/* ---- claims AWS reads (aws.md sections 3.3 and 4) ---- */

static bool malformed_tags(struct flaw_work *w)
{
    return set(w->claims, "https://aws.amazon.com/tags",
               json_pack("{s:{s:s}}", "principal_tags", "project", "not-in-an-array"));
}

static bool other_role(struct flaw_work *w)
{
    return set(w->claims, "https://aws.amazon.com/roles",
               json_pack("[s]", "arn:aws:iam::123456789012:role/another-role"));
}

static bool short_source_identity(struct flaw_work *w)
{
    return set(w->claims, "https://aws.amazon.com/source_identity", json_string("x"));
}

/* ---- the text of the token ---- */

/* Half of it; of a short one less, so that no third part is left. */
static bool truncated(struct flaw_work *w)
{
    struct str rest = w->text;
    size_t two_parts = str_cut(&rest, '.').n + 1 + str_cut(&rest, '.').n;
    size_t half = w->text.n / 2;
    w->text = str_sub(w->text, 0, half < two_parts ? half : two_parts - 1);
    return true;
}

static bool not_a_jwt(struct flaw_work *w)
{
    w->text = STR("this-is-no-jwt-but-perhaps-an-access-token");
    return true;
}

static bool trailing_newline(struct flaw_work *w)
{
    w->text = arena_printf(w->arena, "%.*s\n", STR_ARG(w->text));
    return true;
}

static bool padded(struct flaw_work *w)
{
    w->text = arena_printf(w->arena, "%.*s==", STR_ARG(w->text));
    return true;
}

static bool four_parts(struct flaw_work *w)
{
    w->text = arena_printf(w->arena, "%.*s.e30", STR_ARG(w->text));
    return true;
}

/* ---- the rows ---- */

static const char MISSING[] = "missing-<claim>";
enum { MISSING_PREFIX = sizeof "missing-" - 1 };

const struct flaw flaws[] = {
    { .name = "expired",
      .about = "all times lie in the past, exp by 600 s",
      .reason = "token-expired",
      .before = expired },
    { .name = "not-yet-valid",
      .about = "nbf is 600 s ahead",
      .reason = "token-not-yet-valid",
      .before = not_yet_valid },
    { .name = "future-iat",
      .about = "iat is 600 s ahead",
      .reason = "token-from-future",
      .before = future_iat },
    { .name = "fractional-iat",
      .about = "iat is no whole number",
      .reason = "timestamp-invalid",
      .before = fractional_iat },
    { .name = "null-exp",
      .about = "exp is null",
      .reason = "timestamp-invalid",
      .before = null_exp },
    { .name = "bad-signature",
      .about = "one character of the signature is another",
      .reason = "signature-invalid",
      .after = bad_signature },
    { .name = "wrong-key",
      .about = "signed by a key nobody publishes, under the published kid",
      .reason = "signature-invalid",
      .after = wrong_key },
    { .name = "unknown-kid",
      .about = "kid names a key that is not in the JWKS",
      .reason = "key-unknown",
      .before = unknown_kid },
    { .name = "empty-kid", .about = "kid is \"\"", .reason = "key-unknown", .before = empty_kid },
    { .name = "no-kid",
      .about = "no kid: accepted while the issuer publishes one key, key-unknown with several",
      .reason = "none",
      .before = no_kid },
    { .name = "alg-none",
      .about = "alg is none, and there is no signature",
      .reason = "algorithm-unsupported",
      .before = alg_none,
      .after = no_signature },
    { .name = "alg-hs256-with-public-key",
      .about = "alg is HS256, the secret is the public key as PEM",
      .reason = "algorithm-unsupported",
      .before = alg_hs256,
      .after = sign_with_public_key },
    { .name = "alg-ps256",
      .about = "the header says PS256; the signature stays what it was",
      .reason = "algorithm-unsupported",
      .before = alg_ps256 },
    { .name = "crit-header",
      .about = "the header has crit, with an extension (b64)",
      .reason = "token-critical-header",
      .before = crit_header },
    { .name = "wrong-issuer",
      .about = "iss is https://wrong-issuer.example.com",
      .reason = "issuer-unregistered",
      .before = wrong_issuer },
    { .name = "issuer-trailing-slash",
      .about = "iss has a final / more, or less",
      .reason = "issuer-unregistered",
      .before = issuer_trailing_slash },
    { .name = "wrong-audience",
      .about = "aud, and azp where there is one, name somebody else",
      .reason = "audience-unregistered",
      .before = wrong_audience },
    { .name = "wrong-azp",
      .about = "azp names somebody else; aud stays right, but azp counts",
      .reason = "audience-unregistered",
      .before = wrong_azp },
    { .name = "duplicate-audience",
      .about = "aud (or azp) stands twice: first right, then wrong; the last counts",
      .reason = "audience-unregistered",
      .before = duplicate_audience,
      .payload = put_right_audience_first },
    { .name = "audience-array-two",
      .about = "aud is an array of two, and there is no azp",
      .reason = "audience-ambiguous",
      .before = audience_array_two },
    { .name = "empty-audience",
      .about = "aud is []",
      .reason = "audience-empty",
      .before = empty_audience },
    { .name = "null-sub", .about = "sub is null", .reason = "subject-null", .before = null_sub },
    { .name = MISSING,
      .about = "the claim is left out; refused for iss, sub, aud, iat and exp",
      .reason = "claim-missing",
      .before = missing_claim },
    { .name = "malformed-tags",
      .about = "a session tag's value is a string, not an array of one",
      .reason = "session-tags-malformed",
      .before = malformed_tags },
    { .name = "short-source-identity",
      .about = "source_identity has one character; two are the least",
      .reason = "source-identity-invalid",
      .before = short_source_identity },
    { .name = "other-role",
      .about = "the roles claim lists another role only",
      .reason = "roles-claim-other-role",
      .before = other_role },
    { .name = "truncated",
      .about = "the second half is missing",
      .reason = "token-malformed",
      .after = truncated },
    { .name = "not-a-jwt",
      .about = "text without a full stop",
      .reason = "token-malformed",
      .after = not_a_jwt },
    { .name = "trailing-newline",
      .about = "a newline behind it, as an editor leaves in a file: STS takes it",
      .reason = "none",
      .after = trailing_newline },
    { .name = "padded",
      .about = "the signature ends with ==",
      .reason = "token-malformed",
      .after = padded },
    { .name = "four-parts",
      .about = "a fourth part follows the signature",
      .reason = "token-malformed",
      .after = four_parts },
    { .name = NULL },
};

const struct flaw *flaw_find(struct str name, struct str *claim)
{
    bool missing = str_starts(name, STR("missing-")) && name.n > MISSING_PREFIX;
    for (const struct flaw *f = flaws; f->name; f++) {
        if (f->name == MISSING ? !missing : !str_eq(name, str_of(f->name)))
            continue;
        if (f->name == MISSING)
            *claim = str_sub(name, MISSING_PREFIX, name.n);
        return f;
    }
    return NULL;
}
