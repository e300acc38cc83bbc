#include "fakests/token_check.h"

#include "base/text.h"
#include "fakests/iam/arn.h"
#include "fakests/token_cache.h"

#include <inttypes.h>

enum { TOLERANCE_S = 300 }; /* aws.md section 3: for exp (documented), iat and nbf (observed) */

struct work {
    struct call *c;
    const struct token_input *in;
    struct web_identity *who;
    /* between rows */
    const struct jws *jws; /* NULL for header and claims without a token */
    struct arena *arena;   /* that jws lives in, when it is ours to hand to the cache */
    struct token_cache_entry *cached;
    uint8_t hash[SHA256_BYTES];
    int64_t iat_s, exp_s, nbf_s;
    const struct alg *alg;
    struct pkey *key;
    bool key_missing; /* EXPLAIN_CHECK_IF_HELD: go on without */
};

/* ---- form ---- */

static void drop_arena(void *a)
{
    arena_free(a);
}

/* From the cache, or split into an arena of its own, which the cache may take over later. */
static struct outcome split(struct work *w)
{
    struct call *c = w->c;
    struct jws *jws;

    sha256(w->in->token, w->hash);
    if (c->world->verified && w->in->signature == EXPLAIN_CHECK)
        w->cached = token_cache_find(c->world->verified, w->hash);
    if (w->cached) {
        arena_defer(c->arena, token_cache_entry_drop, w->cached);
        w->jws = w->cached->jws;
        return OK;
    }
    w->arena = arena_new();
    struct outcome o = jws_split(w->arena, c->why, arena_str(w->arena, w->in->token), &jws);
    if (!failed(o))
        w->jws = jws;
    return o;
}

static struct outcome check_form(struct work *w)
{
    if (w->in->token.p) {
        TRY(split(w));
        w->who->header = w->jws->header_json->root;
        w->who->claims = w->jws->claims_json->root;
        return OK;
    }
    w->who->header = w->in->header ? w->in->header->root : NULL;
    w->who->claims = w->in->claims->root;
    if (!json_is_object(w->who->claims))
        FAIL(w->c->why, TOKEN_MALFORMED, "the claims are not a JSON object");
    return OK;
}

/* RFC 7515 4.1.11 lets a recipient refuse what it does not understand; AWS refuses any crit. */
static struct outcome check_critical(struct work *w)
{
    if (json_object_get(w->who->header, "crit"))
        FAIL(w->c->why, TOKEN_CRITICAL_HEADER, "the JWT header holds \"crit\"");
    return OK;
}

/* ---- claims ---- */

static struct outcome check_required(struct work *w)
{
    static const char *const required[] = { "iss", "sub", "aud", "iat", "exp" };
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        if (json_object_get(w->who->claims, required[i]))
            continue;
        w->c->why->arg[0] = str_of(required[i]);
        FAIL(w->c->why, CLAIM_MISSING, "the token has no claim \"%s\"", required[i]);
    }
    json_t *iss = json_object_get(w->who->claims, "iss");
    if (!json_is_string(iss))
        FAIL(w->c->why, CLAIM_MALFORMED, "iss is %s, not a string", json_type_name(iss));
    w->who->issuer = json_str(iss);
    return OK;
}

static struct outcome audience_list(struct work *w, json_t *aud)
{
    size_t i, n = json_array_size(aud);
    json_t *item;
    if (n == 0) {
        w->c->why->arg[0] = STR("aud");
        FAIL(w->c->why, AUDIENCE_EMPTY, "aud is an empty list");
    }
    w->who->audiences = arena_array(w->c->arena, struct str, n);
    json_array_foreach(aud, i, item)
    {
        if (!json_is_string(item))
            FAIL(w->c->why, CLAIM_MALFORMED, "aud holds %s, not only strings",
                 json_type_name(item));
        w->who->audiences[i] = json_str(item);
    }
    w->who->n_audiences = n;
    return OK;
}

static struct outcome check_audience_shape(struct work *w)
{
    json_t *aud = json_object_get(w->who->claims, "aud");
    json_t *azp = json_object_get(w->who->claims, "azp");

    if (json_is_array(aud)) {
        TRY(audience_list(w, aud));
    } else if (json_is_string(aud)) {
        w->who->audiences = arena_make(w->c->arena, struct str);
        w->who->audiences[0] = json_str(aud);
        w->who->n_audiences = 1;
    } else {
        FAIL(w->c->why, CLAIM_MALFORMED, "aud is %s, neither a string nor a list of strings",
             json_type_name(aud));
    }
    if (azp && !json_is_null(azp)) {
        if (!json_is_string(azp))
            FAIL(w->c->why, CLAIM_MALFORMED, "azp is %s, not a string", json_type_name(azp));
        w->who->audience =
            json_str(azp); /* azp wins over aud, for every issuer: aws.md section 3 */
        return OK;
    }
    if (w->who->n_audiences > 1)
        FAIL(w->c->why, AUDIENCE_AMBIGUOUS, "aud holds %zu audiences and there is no azp",
             w->who->n_audiences);
    w->who->audience = w->who->audiences[0];
    return OK;
}

/* An integer, or a text that spells one; fractions and null are no times. */
static struct outcome time_claim(struct work *w, const char *name, int64_t *out)
{
    json_t *v = json_object_get(w->who->claims, name);
    if (json_is_integer(v)) {
        *out = json_integer_value(v);
        return OK;
    }
    if (json_is_string(v) && str_to_i64(json_str(v), out))
        return OK;
    FAIL(w->c->why, TIMESTAMP_INVALID, "%s is %s, not whole seconds since 1970", name,
         json_type_name(v));
}

/* Seconds that do not overflow when 300 are added or taken away. */
static int64_t shifted(int64_t s, int64_t by)
{
    int64_t sum;
    if (__builtin_add_overflow(s, by, &sum))
        return by > 0 ? INT64_MAX : INT64_MIN;
    return sum;
}

static struct str decimal(struct call *c, int64_t v)
{
    return arena_printf(c->arena, "%" PRId64, v);
}

static struct outcome check_timestamps(struct work *w)
{
    TRY(time_claim(w, "iat", &w->iat_s));
    TRY(time_claim(w, "exp", &w->exp_s));
    w->nbf_s = INT64_MIN;
    if (json_object_get(w->who->claims, "nbf"))
        TRY(time_claim(w, "nbf", &w->nbf_s));
    return OK;
}

static struct outcome check_issued(struct work *w)
{
    struct call *c = w->c;
    if (w->iat_s <= shifted(c->now_s, TOLERANCE_S))
        return OK;
    c->why->arg[0] = decimal(c, w->iat_s);
    FAIL(c->why, TOKEN_FROM_FUTURE,
         "iat %" PRId64 " is %" PRId64 " s ahead of now; %d s are tolerated", w->iat_s,
         shifted(w->iat_s, -c->now_s), TOLERANCE_S);
}

static struct outcome check_expiry(struct work *w)
{
    struct call *c = w->c;
    int64_t current = shifted(c->now_s, -TOLERANCE_S);
    if (current < w->exp_s)
        return OK;
    c->why->arg[0] = decimal(c, current); /* AWS prints now - 300 s as the current time */
    c->why->arg[1] = decimal(c, w->exp_s);
    FAIL(c->why, TOKEN_EXPIRED, "exp %" PRId64 " passed %" PRId64 " s ago; %d s are tolerated",
         w->exp_s, shifted(c->now_s, w->exp_s == INT64_MIN ? INT64_MAX : -w->exp_s), TOLERANCE_S);
}

static struct outcome check_not_before(struct work *w)
{
    struct call *c = w->c;
    int64_t current = shifted(c->now_s, TOLERANCE_S);
    if (current >= w->nbf_s)
        return OK;
    c->why->arg[0] = decimal(c, current);
    c->why->arg[1] = decimal(c, w->nbf_s);
    FAIL(c->why, TOKEN_NOT_YET_VALID,
         "nbf %" PRId64 " is %" PRId64 " s ahead of now; %d s are tolerated", w->nbf_s,
         shifted(w->nbf_s, -c->now_s), TOLERANCE_S);
}

/* ---- provider ---- */

static struct str joined(struct arena *a, const struct str *items, size_t n)
{
    struct text t = text_new(a, 1024);
    for (size_t i = 0; i < n && i < 8; i++)
        text_printf(&t, "%s\"%.*s\"", i ? ", " : "", STR_ARG(items[i]));
    if (n > 8)
        text_put(&t, STR(", ..."));
    return n ? text_str(&t) : STR("none");
}

static struct str provider_names(struct call *c, struct str account)
{
    struct iam_list list = iam_list(c->world->iam, c->arena, IAM_PROVIDER, account);
    struct str *urls = arena_array(c->arena, struct str, list.n);
    for (size_t i = 0; i < list.n; i++)
        urls[i] = arena_join(c->arena, STR("https://"), iam_object_name(list.items[i]));
    return joined(c->arena, urls, list.n);
}

/* The registered URL of an iss; another one only for issuers served under our own address. */
static struct str registered_issuer(struct call *c, struct str iss)
{
    const struct fakests_world *world = c->world;
    if (!world->n_local_issuers || !str_starts(iss, world->local_prefix))
        return iss;
    struct str rest = str_sub(iss, world->local_prefix.n, iss.n);
    for (size_t i = 0; i < world->n_local_issuers; i++)
        if (str_eq(world->local_issuers[i], rest))
            return arena_printf(c->arena, "https://%.*s", STR_ARG(rest));
    return iss;
}

static struct outcome check_provider(struct work *w)
{
    struct call *c = w->c;
    w->who->provider =
        iam_provider(c->world->iam, w->in->role_account, registered_issuer(c, w->who->issuer));
    if (w->who->provider)
        return OK;
    c->why->arg[0] = w->who->issuer;
    FAIL(c->why, ISSUER_UNREGISTERED,
         "account %.*s has no OIDC provider for iss \"%.*s\"; registered: %.*s",
         STR_ARG(w->in->role_account), STR_ARG(str_sub(w->who->issuer, 0, 300)),
         STR_ARG(provider_names(c, w->in->role_account)));
}

static struct outcome check_audience(struct work *w)
{
    const struct provider *p = w->who->provider;
    for (size_t i = 0; i < p->n_client_ids; i++)
        if (str_eq(p->client_ids[i], w->who->audience))
            return OK;
    FAIL(w->c->why, AUDIENCE_UNREGISTERED,
         "the %s \"%.*s\" is not a client id of the provider; registered: %.*s",
         json_is_string(json_object_get(w->who->claims, "azp")) ? "azp" : "aud",
         STR_ARG(str_sub(w->who->audience, 0, 300)),
         STR_ARG(joined(w->c->arena, p->client_ids, p->n_client_ids)));
}

/* ---- key and signature ---- */

static bool to_be_checked(const struct work *w)
{
    return w->in->signature == EXPLAIN_CHECK || w->in->signature == EXPLAIN_CHECK_IF_HELD;
}

/* A fault that was met when the exchange happened, met again in its explanation. */
static struct outcome as_recorded(struct work *w)
{
    w->c->why->arg[0] = w->in->recorded.arg[0];
    return why_set(w->c->why, w->in->recorded.fault, "%.*s", STR_ARG(w->in->recorded.detail));
}

static bool recorded(const struct work *w, enum fault fault)
{
    return w->in->signature == EXPLAIN_AS_RECORDED && w->in->recorded.fault == fault;
}

static struct outcome check_algorithm(struct work *w)
{
    json_t *alg = json_object_get(w->who->header, "alg");
    if (recorded(w, FAULT_ALGORITHM_UNSUPPORTED))
        return as_recorded(w);
    w->alg = alg_find(json_str(alg));
    if (w->alg || !to_be_checked(w) || !w->jws)
        return OK;
    FAIL(w->c->why, ALGORITHM_UNSUPPORTED,
         "alg \"%.*s\" is not one of RS256/384/512, ES256/384/512",
         STR_ARG(str_sub(json_str(alg), 0, 64)));
}

static struct outcome key_look(struct work *w, struct why *why, bool fresh)
{
    struct call *c = w->c;
    const struct provider *p = w->who->provider;
    const struct jwks *set = p->jwks;
    json_t *kid = json_object_get(w->who->header, "kid");

    if (kid && !json_is_null(kid) && !json_is_string(kid))
        FAIL(why, KEY_UNKNOWN, "the token's kid is %s, not a string", json_type_name(kid));
    if (p->origin == KEYS_LOCAL)
        TRY(c->service->keys.jwks(c->service->keys.context, c->world->owner, c->arena, why, p->url,
                                  fresh, &set));
    return jwks_find(why, set, json_is_string(kid) ? json_str(kid) : str_n(NULL, 0), w->alg,
                     &w->key);
}

static struct outcome key_find(struct work *w, struct why *why)
{
    struct why first = why_new(w->c->arena);
    struct outcome o = key_look(w, &first, false);
    if (!failed(o))
        return OK;
    if (o.fault == FAULT_KEY_UNKNOWN && w->who->provider->origin == KEYS_LOCAL)
        return key_look(w, why, true); /* as AWS does: an unknown kid makes it fetch again */
    *why = first;
    return o;
}

static struct outcome check_key(struct work *w)
{
    if (w->in->signature == EXPLAIN_AS_RECORDED && !recorded(w, FAULT_SIGNATURE_INVALID))
        return as_recorded(w);
    if (!to_be_checked(w) || !w->jws)
        return OK;
    if (w->in->signature == EXPLAIN_CHECK)
        return key_find(w, w->c->why);
    struct why quiet = why_new(w->c->arena);
    w->key_missing = failed(key_find(w, &quiet));
    return OK;
}

static bool signature_verifies(struct work *w)
{
    if (w->cached && w->cached->key == w->key)
        return true;
    if (!jws_verifies(w->jws, w->alg, w->key))
        return false;
    if (w->arena && w->c->world->verified && w->in->signature == EXPLAIN_CHECK) {
        struct token_cache_entry *e =
            token_cache_put(w->c->world->verified, w->hash, w->arena, w->jws, w->key);
        w->arena = NULL;
        arena_defer(w->c->arena, token_cache_entry_drop, e);
    }
    return true;
}

static struct outcome check_signature(struct work *w)
{
    struct why *why = w->c->why;
    if (w->in->signature == EXPLAIN_VALID) {
        w->who->signature = SIGNATURE_VALID;
        return OK;
    }
    if (w->in->signature == EXPLAIN_AS_RECORDED) {
        w->who->signature = SIGNATURE_INVALID;
        return as_recorded(w);
    }
    if (!w->jws || w->key_missing)
        return OK;
    if (signature_verifies(w)) {
        w->who->signature = SIGNATURE_VALID;
        return OK;
    }
    w->who->signature = SIGNATURE_INVALID;
    FAIL(why, SIGNATURE_INVALID, "the signature is not that of key \"%.*s\" over this token",
         STR_ARG(str_sub(json_str(json_object_get(w->who->header, "kid")), 0, 100)));
}

/* ---- what the claims say ---- */

/* A number counts as its text; null makes AWS stumble (aws.md section 1.5, InternalFailure). */
static struct outcome check_subject(struct work *w)
{
    json_t *sub = json_object_get(w->who->claims, "sub");
    if (json_is_null(sub))
        FAIL(w->c->why, SUBJECT_NULL, "sub is null");
    if (json_is_integer(sub))
        w->who->subject = decimal(w->c, json_integer_value(sub));
    else if (json_is_real(sub))
        w->who->subject = json_text(w->c->arena, sub);
    else if (json_is_string(sub))
        w->who->subject = json_str(sub);
    else
        FAIL(w->c->why, CLAIM_MALFORMED, "sub is %s, not a string", json_type_name(sub));
    return OK;
}

static struct outcome check_tags(struct work *w)
{
    return session_tags_read(w->c->arena, w->c->why, w->who->claims, &w->who->tags);
}

static struct outcome check_source_identity(struct work *w)
{
    return session_source_identity_read(w->c->why, w->who->claims, &w->who->tags);
}

struct roles_claim {
    struct str target;
    size_t n_valid;
    bool found;
};

static void role_listed(struct roles_claim *r, struct str text)
{
    struct arn arn;
    text = str_trim(text);
    if (!arn_is_role(text, &arn))
        return; /* ignored: aws.md section 3.3 */
    r->n_valid++;
    r->found = r->found || str_eq(text, r->target);
}

/* https://aws.amazon.com/roles is enforced whether or not the trust policy mentions it. */
static struct outcome check_roles_claim(struct work *w)
{
    json_t *claim = json_object_get(w->who->claims, "https://aws.amazon.com/roles"), *item;
    struct roles_claim r = { .target = w->in->role_arn };
    size_t i;

    if (!claim || json_is_null(claim))
        return OK;
    if (json_is_string(claim)) {
        for (struct str rest = json_str(claim); rest.n;)
            role_listed(&r, str_cut(&rest, ';'));
    } else if (json_is_array(claim)) {
        json_array_foreach(claim, i, item) role_listed(&r, json_str(item));
    } else {
        FAIL(w->c->why, ROLES_CLAIM_MALFORMED, "the roles claim is %s", json_type_name(claim));
    }
    if (!r.n_valid)
        FAIL(w->c->why, ROLES_CLAIM_EMPTY, "the roles claim lists no role ARN");
    if (!r.found)
        FAIL(w->c->why, ROLES_CLAIM_OTHER_ROLE, "the roles claim lists %zu role(s), not %.*s",
             r.n_valid, STR_ARG(str_sub(r.target, 0, 300)));
    w->who->roles_claim = true;
    return OK;
}

static const struct row {
    const char *name;
    struct outcome (*check)(struct work *w);
} rows[] = {
    { "token-is-jwt", check_form },
    { "no-critical-header", check_critical },
    { "required-claims", check_required },
    { "audience-shape", check_audience_shape },
    { "timestamps-are-integers", check_timestamps },
    { "issued-in-the-past", check_issued },
    { "not-expired", check_expiry },
    { "not-before", check_not_before },
    { "issuer-registered", check_provider },
    { "audience-registered", check_audience },
    { "algorithm-accepted", check_algorithm },
    { "key-found", check_key },
    { "signature", check_signature },
    { "subject", check_subject },
    { "session-tags", check_tags },
    { "source-identity", check_source_identity },
    { "roles-claim", check_roles_claim },
};

static void tell(struct work *w, const char *name)
{
    if (strcmp(name, "signature") == 0 && w->who->signature == SIGNATURE_UNCHECKED)
        trace_pass(w->c->trace, name, "signature not checked: the key is not held here");
    else
        trace_pass(w->c->trace, name, "%s", "");
}

static void trace_token(struct work *w)
{
    struct trace *t = w->c->trace;
    if (!t)
        return;
    t->header = (json_t *)(uintptr_t)w->who->header;
    t->claims = (json_t *)(uintptr_t)w->who->claims;
    t->signature = w->who->signature;
}

struct outcome token_check(struct call *c, const struct token_input *in, struct web_identity *out)
{
    struct work w = { .c = c, .in = in, .who = out };
    struct outcome o = OK;

    *out = (struct web_identity){ .signature = SIGNATURE_UNCHECKED };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !failed(o); i++) {
        o = rows[i].check(&w);
        if (failed(o))
            o = trace_fail(c->trace, rows[i].name, c->why);
        else
            tell(&w, rows[i].name);
    }
    if (w.arena)
        arena_defer(c->arena, drop_arena, w.arena);
    trace_token(&w);
    return o;
}
