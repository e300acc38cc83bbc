#include "fakests/actions/session_ask.h"

#include <stdarg.h>

enum {
    TAGS_MAX = 50,
    HOUR_S = 3600,
    DURATION_DEFAULT_S = 12 * HOUR_S,
};

static bool among(const struct str *keys, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(keys[i], key))
            return true;
    return false;
}

static bool tagged(const struct tag *tags, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(tags[i].key, key))
            return true;
    return false;
}

/* ---- who may ask ---- */

struct outcome session_ask_long_term(struct call *c, const char *action)
{
    if (!c->caller.session)
        return OK;
    c->why->arg[0] =
        arena_printf(c->arena, "Cannot call %s with session credentials", action); /* observed */
    FAIL(c->why, ACCESS_DENIED, "%s wants a user's or the root's own access key", action);
}

struct outcome session_ask_refused(struct call *c, const char *action, struct str resource,
                                   const char *format, ...)
{
    va_list args;
    c->why->arg[0] =
        arena_join(c->arena, STR("User: "), c->caller.arn, STR(" is not authorized to perform: "),
                   str_of(action), STR(" on resource: "), resource);
    va_start(args, format);
    struct outcome o = why_vset(c->why, FAULT_ACCESS_DENIED, format, args);
    va_end(args);
    return o;
}

/* The text is inferred: that of a policy that does not allow it. */
struct outcome session_ask_not_federated(struct call *c, const char *action, struct str resource)
{
    if (!c->caller.session || c->caller.session->kind != SESSION_FEDERATED)
        return OK;
    return session_ask_refused(c, action, resource,
                               "credentials of GetFederationToken can call nothing of STS but "
                               "GetCallerIdentity");
}

/* The texts are observed, the two spaces too. */
struct outcome session_ask_mfa(struct call *c, struct str serial_number, struct str token_code)
{
    if (!serial_number.p && !token_code.p)
        return OK;
    if (!serial_number.p || !token_code.p) {
        c->why->arg[0] = STR("MultiFactorAuthentication failed, must provide both MFA serial "
                             "number and one time pass code.");
        FAIL(c->why, ACCESS_DENIED, "SerialNumber and TokenCode come together");
    }
    c->why->arg[0] = STR("MultiFactorAuthentication failed, unable to validate MFA code.  Please "
                         "verify your MFA serial number is valid and associated with this user.");
    FAIL(c->why, ACCESS_DENIED, "no user of this world has an MFA device, %.*s included",
         STR_ARG(serial_number));
}

/* ---- for whom and for how long ---- */

static const struct credential *key_of(const struct call *c)
{
    return iam_credential(c->world->iam, c->caller.access_key_id);
}

bool session_ask_root(const struct call *c)
{
    const struct credential *key = key_of(c);
    return key && !key->user.n;
}

void session_ask_owner(const struct call *c, struct session *s)
{
    s->account = c->caller.account;
    s->user_arn = c->caller.arn;
    if (session_ask_root(c))
        return;
    s->user_name = key_of(c)->user;
    s->user_unique_id = c->caller.user_id;
}

/* "If the duration is longer than one hour, the session for AWS account owners defaults to one
 * hour" (STS API reference, GetSessionToken and GetFederationToken). */
int64_t session_ask_duration_s(const struct call *c, bool asked, int64_t duration_s)
{
    int64_t s = asked ? duration_s : DURATION_DEFAULT_S;
    return s > HOUR_S && session_ask_root(c) ? HOUR_S : s;
}

/* ---- tags ---- */

static struct outcome refused(struct call *c, struct str message, struct str key)
{
    c->why->arg[0] = message;
    FAIL(c->why, SESSION_TAG_REFUSED, "the session tag \"%.*s\": %.*s", STR_ARG(key),
         STR_ARG(message));
}

/* Two of the texts, and their code, are observed; that of AWS's own keys is CloudFormation's. */
struct outcome session_ask_tags(struct call *c, const struct tag *tags, size_t n,
                                const struct str *transitive_keys, size_t n_transitive)
{
    for (size_t i = 0; i < n; i++) {
        if (tagged(tags, i, tags[i].key))
            return refused(c,
                           STR("Duplicate tag keys found. Please note that Tag keys are case "
                               "insensitive."),
                           tags[i].key);
        if (str_eq_nocase(str_sub(tags[i].key, 0, 4), STR("aws:")))
            return refused(c, STR("aws: prefixed tag key names are not allowed for external use."),
                           tags[i].key);
    }
    for (size_t i = 0; i < n_transitive; i++)
        if (!tagged(tags, n, transitive_keys[i]))
            return refused(c,
                           STR("The specified transitive tag key must be included in the "
                               "requested tags."),
                           transitive_keys[i]);
    return OK;
}

/* ---- chaining ---- */

static bool handed_on(const struct session *from, size_t i)
{
    return among(from->transitive_keys, from->n_transitive, from->tags[i].key);
}

size_t session_ask_inherited(const struct call *c)
{
    const struct session *from = c->caller.session;
    size_t n = 0;
    for (size_t i = 0; from && i < from->n_tags; i++)
        n += handed_on(from, i);
    return n;
}

static void hand_on(struct call *c, const struct session *from, struct session *s)
{
    const size_t n = session_ask_inherited(c);
    struct tag *tags = arena_array(c->arena, struct tag, n + s->n_tags);
    struct str *keys = arena_array(c->arena, struct str, n + s->n_transitive);
    size_t at = 0;
    for (size_t i = 0; i < from->n_tags; i++)
        if (handed_on(from, i)) {
            keys[at] = from->tags[i].key;
            tags[at++] = from->tags[i];
        }
    for (size_t i = 0; i < s->n_tags; i++)
        tags[n + i] = s->tags[i];
    for (size_t i = 0; i < s->n_transitive; i++)
        keys[n + i] = s->transitive_keys[i];
    s->tags = tags;
    s->n_tags += n;
    s->transitive_keys = keys;
    s->n_transitive += n;
}

/* A request may name a key more than once. */
static void keep_once(struct call *c, struct session *s)
{
    struct str *keys = arena_array(c->arena, struct str, s->n_transitive);
    size_t n = 0;
    for (size_t i = 0; i < s->n_transitive; i++)
        if (!among(keys, n, s->transitive_keys[i]))
            keys[n++] = s->transitive_keys[i];
    s->transitive_keys = keys;
    s->n_transitive = n;
}

/* The text and its code are observed. */
static struct outcome check_handed_on(struct call *c, const struct session *from,
                                      const struct session *s)
{
    for (size_t i = 0; i < s->n_tags; i++)
        if (among(from->transitive_keys, from->n_transitive, s->tags[i].key))
            return refused(c,
                           STR("One of the specified transitive tag keys can't be set because it "
                               "conflicts with a transitive tag key from the calling session."),
                           s->tags[i].key);
    if (session_ask_inherited(c) + s->n_tags <= TAGS_MAX)
        return OK;
    /* That the limit of 50 holds for all of a session's tags is inferred, the text too. */
    return refused(c,
                   STR("The number of session tags, transitive tags of the calling session "
                       "included, cannot exceed 50."),
                   STR("*"));
}

struct outcome session_ask_chain(struct call *c, struct session *s)
{
    const struct session *from = c->caller.session;
    keep_once(c, s);
    if (!from)
        return OK;
    if (from->source_identity.n && s->source_identity.n &&
        !str_eq(from->source_identity, s->source_identity)) {
        c->why->arg[0] = STR("The source identity is already set for this assume role session");
        FAIL(c->why, VALUE_INVALID, "the calling session's source identity is %.*s",
             STR_ARG(from->source_identity)); /* text and code are observed */
    }
    if (from->source_identity.n)
        s->source_identity = from->source_identity;
    TRY(check_handed_on(c, from, s));
    hand_on(c, from, s);
    return OK;
}
