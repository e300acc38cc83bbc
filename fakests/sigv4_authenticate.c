#include "fakests/sigv4.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "fakests/creds.h"

#include <inttypes.h>

/*
 * Time and scope come before the key, the key before the signature: so the notes named in
 * sigv4_read.c. Whether a session token's expiry is told before a wrong signature is inferred: the
 * token holds the secret, so it has to be opened first.
 */

static const char *service_name(enum service service)
{
    switch (service) {
    case SERVICE_STS:
        return "sts";
    case SERVICE_IAM:
        return "iam";
    }
    return "";
}

/* ---- time ---- */

/* "20220127T014428Z (20220127T015928Z - 15 min.)" */
static struct str bound_text(struct arena *a, int64_t bound_s, int64_t now_s, char sign)
{
    char bound[TIME_TEXT_BYTES], now[TIME_TEXT_BYTES];
    return arena_printf(a, "%s (%s %c %d min.)", time_write_basic(bound_s, bound),
                        time_write_basic(now_s, now), sign, SIGV4_VALID_S / 60);
}

/* X-Amz-Expires is not looked at: STS ignores it (aws.md section 8). */
static struct outcome check_time(struct call *c, const struct sigv4 *s)
{
    int64_t now_s = c->service->signing_time_is_clock ? c->now_s : clock_machine_s();
    int64_t signed_s = now_s;
    (void)time_read_basic(s->timestamp, &signed_s); /* sigv4_read wrote it */
    if (signed_s >= now_s - SIGV4_VALID_S && signed_s <= now_s + SIGV4_VALID_S)
        return OK;
    c->why->arg[0] = s->timestamp;
    if (signed_s < now_s) {
        c->why->arg[1] = bound_text(c->arena, now_s - SIGV4_VALID_S, now_s, '-');
        FAIL(c->why, SIGNATURE_EXPIRED, "signed %" PRId64 " s ago, 900 are allowed",
             now_s - signed_s);
    }
    c->why->arg[1] = bound_text(c->arena, now_s + SIGV4_VALID_S, now_s, '+');
    FAIL(c->why, SIGNATURE_NOT_YET_CURRENT, "signed %" PRId64 " s ahead, 900 are allowed",
         signed_s - now_s);
}

/* ---- scope ---- */

static bool all_between(struct str s, char low, char high)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < low || s.p[i] > high)
            return false;
    return s.n > 0;
}

/*
 * "us-east-1", "us-gov-west-1": words, then a number.  Any such region will do: this server stands
 * in for all of them, and behind a custom endpoint SDKs sign IAM too with the client's own region.
 */
static bool is_region(struct str region)
{
    size_t words = 0;
    while (region.n) {
        struct str part = str_cut(&region, '-');
        if (!region.n)
            return words >= 2 && all_between(part, '0', '9');
        if (!all_between(part, 'a', 'z'))
            return false;
        words++;
    }
    return false;
}

static void complain(struct text *t, struct str sentence)
{
    if (t->n && t->p[t->n - 1] != ' ')
        text_putc(t, ' ');
    text_put(t, sentence);
}

/* Everything that is wrong with the scope is told at once. */
static struct outcome check_scope(struct call *c, const struct sigv4 *s)
{
    struct text t = text_new(c->arena, 64 * 1024);
    struct str date8 = str_sub(s->timestamp, 0, 8);

    if (!is_region(s->region))
        complain(&t, STR("Credential should be scoped to a valid region. "));
    if (!str_eq(s->service, str_of(service_name(c->api))))
        complain(&t, arena_printf(c->arena, "Credential should be scoped to correct service: '%s'.",
                                  service_name(c->api)));
    if (!str_eq(s->terminator, STR("aws4_request")))
        complain(&t, arena_printf(c->arena,
                                  "Credential should be scoped with a valid terminator: "
                                  "'aws4_request', not '%.*s'.",
                                  STR_ARG(s->terminator)));
    if (!str_eq(s->date8, date8))
        complain(&t, arena_printf(c->arena,
                                  "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                                  "version of date from HTTP: '%.*s' != '%.*s', from '%.*s'.",
                                  STR_ARG(s->date8), STR_ARG(date8), STR_ARG(s->timestamp)));
    if (!t.n)
        return OK;
    c->why->arg[0] = text_str(&t);
    FAIL(c->why, CREDENTIAL_SCOPE_WRONG, "the credential scope does not fit the request");
}

/* ---- credentials ---- */

static struct outcome long_term_caller(struct call *c, const struct credential *k,
                                       struct caller *who)
{
    if (k->inactive)
        FAIL(c->why, ACCESS_KEY_UNKNOWN, "the access key is inactive");
    *who = (struct caller){ .account = k->account, .access_key_id = k->access_key_id };
    if (!k->user.n) {
        who->arn = arena_printf(c->arena, "arn:aws:iam::%.*s:root", STR_ARG(k->account));
        who->user_id = k->account;
        return OK;
    }
    const struct user *user = iam_user_named(c->world->iam, k->account, k->user);
    if (!user)
        FAIL(c->why, ACCESS_KEY_UNKNOWN, "the access key's user is gone");
    who->arn = user->arn;
    who->user_id = user->id;
    return OK;
}

/* Whether the user who asked for it, where that was one, is still the same. */
static bool has_its_user(struct call *c, const struct session *s)
{
    const struct user *user =
        s->user_name.n ? iam_user_named(c->world->iam, s->account, s->user_name) : NULL;
    return !s->user_name.n || (user && str_eq(user->id, s->user_unique_id));
}

/* Temporary credentials: everything about them is in the token. */
static struct outcome open_session(struct call *c, const struct sigv4 *s, struct caller *who,
                                   struct str *secret)
{
    struct session *session = arena_make(c->arena, struct session);
    if (!creds_open(c->arena, &c->service->sealing, s->session_token, session))
        FAIL(c->why, SESSION_TOKEN_INVALID,
             "the session token was not sealed with this server's key");
    if (!str_eq(session->access_key_id, s->access_key_id))
        FAIL(c->why, SESSION_TOKEN_INVALID, "the session token belongs to another access key");
    if (session->expires_s <= c->now_s)
        FAIL(c->why, SESSION_EXPIRED, "the session ended %" PRId64 " s ago",
             c->now_s - session->expires_s);
    if (!has_its_user(c, session))
        FAIL(c->why, SESSION_TOKEN_INVALID, "the session's user is gone");
    *who = (struct caller){ .account = session->account,
                            .arn = session->arn,
                            .user_id = session->user_id,
                            .access_key_id = session->access_key_id,
                            .session = session };
    *secret = session->secret_access_key;
    return OK;
}

static struct outcome find_caller(struct call *c, const struct sigv4 *s, struct caller *who,
                                  struct str *secret)
{
    const struct credential *k = iam_credential(c->world->iam, s->access_key_id);
    if (k && s->session_token.n)
        FAIL(c->why, SESSION_TOKEN_INVALID, "long-term credentials have no session token");
    if (k) {
        TRY(long_term_caller(c, k, who));
        *secret = k->secret_access_key;
        return OK;
    }
    if (s->session_token.n)
        return open_session(c, s, who, secret);
    if (str_starts(s->access_key_id, STR("ASIA")))
        FAIL(c->why, SESSION_TOKEN_INVALID, "temporary credentials need their session token");
    FAIL(c->why, ACCESS_KEY_UNKNOWN, "the config holds no access key of that id");
}

/* ---- signature ---- */

/*
 * The body is hashed whatever x-amz-content-sha256 says, as in all services but S3; a header that
 * says something else, UNSIGNED-PAYLOAD included, is refused.
 */
static bool body_hash_fits(struct call *c)
{
    struct str said = http_header(c->request, "X-Amz-Content-Sha256");
    uint8_t digest[SHA256_BYTES];
    sha256(c->request->body, digest);
    return !said.p || str_eq(str_trim(said), hex_write(c->arena, digest, sizeof digest));
}

static struct outcome check_signature(struct call *c, struct sigv4 *s, struct str secret)
{
    const struct sigv4_options options = { .normalize_path = true };
    if (!body_hash_fits(c))
        FAIL(c->why, SIGNATURE_MISMATCH, "X-Amz-Content-Sha256 is not the hash of the body");
    sigv4_canonical_request(c->arena, c->request, &options, s);
    sigv4_string_to_sign(c->arena, s);
    sigv4_signature(c->arena, secret, s);
    if (!equal_in_constant_time(s->signature, s->calculated))
        FAIL(c->why, SIGNATURE_MISMATCH,
             "another secret key signed it, or method, path, query, a signed header or body differ "
             "from "
             "what was signed");
    return OK;
}

/*
 * IAM User Guide, "Compare AWS STS credentials": with GetSessionToken's credentials one "cannot
 * call IAM API operations unless MFA information is included with the request", with
 * GetFederationToken's not at all.  The answer, widely seen, is that to a token that is none.
 */
static struct outcome check_session_kind(struct call *c, const struct session *session)
{
    if (!session || c->api != SERVICE_IAM || session->kind == SESSION_ROLE)
        return OK;
    if (session->kind == SESSION_FEDERATED)
        FAIL(c->why, SESSION_LIMITED, "credentials of GetFederationToken cannot call IAM");
    if (!session->mfa_s)
        FAIL(c->why, SESSION_LIMITED,
             "credentials that GetSessionToken gave without an MFA code cannot call IAM");
    return OK;
}

struct outcome sigv4_authenticate(struct call *c)
{
    struct sigv4 s;
    struct caller who = { .session = NULL };
    struct str secret;

    TRY(sigv4_read(c->arena, c->why, c->request, &s));
    TRY(check_time(c, &s));
    TRY(check_scope(c, &s));
    TRY(find_caller(c, &s, &who, &secret));
    TRY(check_signature(c, &s, secret));
    TRY(check_session_kind(c, who.session));
    c->caller = who;
    return OK;
}
