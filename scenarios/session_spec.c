#include "scenarios/session_spec.h"

#include "base/clock.h"
#include "fakests/iam/arn.h"
#include "scenarios/step.h"

enum {
    LIFETIME_DEFAULT_S = 3600,
    LIFETIME_MAX_S = 36 * 3600, /* of GetSessionToken: nothing lives longer */
    TEXT_BYTES_MAX = 2048,      /* of one text: with the lists within what a session may hold */
    TAG_BYTES_MAX = 256,
};

/* ---- members ---- */

static struct outcome want_text(const struct json_at *at, struct why *why)
{
    struct str text;
    TRY(json_want_str(at, why, &text));
    if (!text.n || text.n > TEXT_BYTES_MAX)
        return json_fail(at, why, FAULT_CONFIG_INVALID, "expected a text of 1 to %d bytes",
                         TEXT_BYTES_MAX);
    return OK;
}

static struct outcome want_time(const struct json_at *at, struct why *why)
{
    int64_t ignored;
    return step_time(at, why, &ignored);
}

static struct outcome want_lifetime(const struct json_at *at, struct why *why)
{
    int64_t s;
    TRY(json_want_i64(at, why, &s));
    if (s < 1 || s > LIFETIME_MAX_S)
        return json_fail(at, why, FAULT_CONFIG_INVALID, "expected seconds, 1 to %d",
                         LIFETIME_MAX_S);
    return OK;
}

static struct outcome want_texts(const struct json_at *at, struct why *why)
{
    TRY(json_want_array(at, why));
    if (json_array_size(at->value) > SESSION_LIST_MAX)
        return json_fail(at, why, FAULT_CONFIG_INVALID, "at most %d", SESSION_LIST_MAX);
    for (size_t i = 0; i < json_array_size(at->value); i++) {
        struct json_at item = json_at_item(at, i);
        struct str text;
        TRY(json_want_str(&item, why, &text));
        if (text.n > TAG_BYTES_MAX)
            return json_fail(&item, why, FAULT_CONFIG_INVALID, "longer than %d bytes",
                             TAG_BYTES_MAX);
    }
    return OK;
}

static struct outcome want_tags(const struct json_at *at, struct why *why)
{
    const char *key;
    json_t *value;
    TRY(json_want_object(at, why));
    if (json_object_size(at->value) > SESSION_LIST_MAX)
        return json_fail(at, why, FAULT_CONFIG_INVALID, "at most %d", SESSION_LIST_MAX);
    json_object_foreach(at->value, key, value)
    {
        struct json_at member;
        struct str text;
        (void)json_at_member(at, key, &member);
        TRY(json_want_str(&member, why, &text));
        if (text.n + strlen(key) > 2 * TAG_BYTES_MAX)
            return json_fail(&member, why, FAULT_CONFIG_INVALID, "a tag longer than %d bytes",
                             2 * TAG_BYTES_MAX);
    }
    return OK;
}

/* A document, or its text. */
static struct outcome want_policy(const struct json_at *at, struct why *why)
{
    return json_is_string(at->value) ? want_text(at, why) : json_want_object(at, why);
}

static const struct member {
    const char *name;
    struct outcome (*want)(const struct json_at *at, struct why *why);
} members[] = {
    { "role", want_text },     { "name", want_text },           { "user", want_text },
    { "root", want_text },     { "federated", want_text },      { "issued", want_time },
    { "expires", want_time },  { "lifetime_s", want_lifetime }, { "mfa", want_time },
    { "tags", want_tags },     { "transitive", want_texts },    { "source_identity", want_text },
    { "provider", want_text }, { "subject", want_text },        { "audience", want_text },
    { "amr", want_texts },     { "policy", want_policy },       { "policy_arns", want_texts },
};
enum { MEMBERS = sizeof members / sizeof members[0] };

/* Whose it is: exactly one kind. */
static struct outcome check_owner(const struct json_at *at, struct why *why)
{
    bool role = json_object_get(at->value, "role"), user = json_object_get(at->value, "user");
    bool root = json_object_get(at->value, "root"), name = json_object_get(at->value, "name");
    bool federated = json_object_get(at->value, "federated");
    if (role + user + root != 1 || (federated && role))
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         "expected \"role\" with \"name\", or \"user\", or \"root\"; a "
                         "\"federated\" one beside \"user\" or \"root\"");
    if (role != name)
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         role ? "\"name\" is missing: that of the session"
                              : "only sessions of a role have a \"name\"");
    return OK;
}

struct outcome session_spec_check(const struct json_at *at, struct why *why)
{
    const char *names[MEMBERS + 1] = { NULL };
    struct json_at member;
    for (size_t i = 0; i < MEMBERS; i++)
        names[i] = members[i].name;
    TRY(json_want_members(at, why, names));
    for (size_t i = 0; i < MEMBERS; i++)
        if (json_at_member(at, members[i].name, &member))
            TRY(members[i].want(&member, why));
    return check_owner(at, why);
}

/* ---- reading ---- */

struct reading {
    struct arena *a;
    struct why *why;
    const struct json_at *at;
    const struct iam *iam;
    struct session *s;
};

static struct str text_of(const struct reading *r, const char *name)
{
    return json_str(json_object_get(r->at->value, name));
}

static struct outcome absent(const struct reading *r, const char *name, const char *what)
{
    struct json_at member = *r->at;
    (void)json_at_member(r->at, name, &member);
    return json_fail(&member, r->why, FAULT_CONFIG_INVALID, "there is no such %s", what);
}

static struct outcome read_role(struct reading *r)
{
    const struct role *role = iam_role(r->iam, text_of(r, "role"));
    struct str name = text_of(r, "name");
    if (!role)
        return absent(r, "role", "role");
    r->s->kind = SESSION_ROLE;
    r->s->account = role->account;
    r->s->arn = arn_of_session(r->a, role->account, role->name, name);
    r->s->user_id = arena_join(r->a, role->id, STR(":"), name);
    r->s->role_arn = role->arn;
    r->s->role_id = role->id;
    return OK;
}

static struct outcome read_user(struct reading *r)
{
    const struct user *user = iam_user(r->iam, text_of(r, "user"));
    if (!user)
        return absent(r, "user", "user");
    r->s->kind = SESSION_USER;
    r->s->account = user->account;
    r->s->arn = r->s->user_arn = user->arn;
    r->s->user_id = r->s->user_unique_id = user->id;
    r->s->user_name = user->name;
    return OK;
}

static struct outcome read_root(struct reading *r)
{
    struct str account = text_of(r, "root");
    if (!arn_account_valid(account))
        return absent(r, "root", "account: an id is twelve decimal digits");
    r->s->kind = SESSION_ROOT;
    r->s->account = account;
    r->s->arn = r->s->user_arn = arena_printf(r->a, "arn:aws:iam::%.*s:root", STR_ARG(account));
    r->s->user_id = account;
    return OK;
}

static struct outcome read_owner(struct reading *r)
{
    struct str federated = text_of(r, "federated");
    if (json_object_get(r->at->value, "role"))
        return read_role(r);
    TRY(json_object_get(r->at->value, "user") ? read_user(r) : read_root(r));
    if (!federated.n)
        return OK;
    r->s->kind = SESSION_FEDERATED;
    r->s->arn =
        arena_join(r->a, STR("arn:aws:sts::"), r->s->account, STR(":federated-user/"), federated);
    r->s->user_id = arena_join(r->a, r->s->account, STR(":"), federated);
    return OK;
}

static int64_t time_of(const struct reading *r, const char *name, int64_t otherwise_s)
{
    struct json_at member;
    int64_t ms;
    if (!json_at_member(r->at, name, &member) || failed(step_time(&member, r->why, &ms)))
        return otherwise_s;
    return ms / 1000;
}

static void read_times(struct reading *r, int64_t now_s)
{
    const json_t *lifetime = json_object_get(r->at->value, "lifetime_s");
    r->s->issued_s = time_of(r, "issued", now_s);
    r->s->expires_s =
        time_of(r, "expires",
                r->s->issued_s + (lifetime ? json_integer_value(lifetime) : LIFETIME_DEFAULT_S));
    r->s->mfa_s = time_of(r, "mfa", 0);
}

static struct str *texts_of(struct reading *r, const char *name, size_t *n)
{
    const json_t *list = json_object_get(r->at->value, name);
    struct str *items = arena_array(r->a, struct str, json_array_size(list));
    *n = json_array_size(list);
    for (size_t i = 0; i < *n; i++)
        items[i] = json_str(json_array_get(list, i));
    return items;
}

static void read_tags(struct reading *r)
{
    json_t *tags = json_object_get(r->at->value, "tags"), *value;
    const char *key;
    r->s->tags = arena_array(r->a, struct tag, json_object_size(tags));
    json_object_foreach(tags, key, value) r->s->tags[r->s->n_tags++] =
        (struct tag){ str_of(key), json_str(value) };
}

static void read_rest(struct reading *r)
{
    const json_t *policy = json_object_get(r->at->value, "policy");
    read_tags(r);
    r->s->transitive_keys = texts_of(r, "transitive", &r->s->n_transitive);
    r->s->amr = texts_of(r, "amr", &r->s->n_amr);
    r->s->policy_arns = texts_of(r, "policy_arns", &r->s->n_policy_arns);
    r->s->source_identity = text_of(r, "source_identity");
    r->s->provider = text_of(r, "provider");
    r->s->subject = text_of(r, "subject");
    r->s->audience = text_of(r, "audience");
    r->s->policy = json_is_string(policy) ? json_str(policy)
                   : policy               ? json_text(r->a, policy)
                                          : STR("");
}

struct outcome session_spec_read(struct arena *a, struct why *why, const struct json_at *at,
                                 const struct iam *iam, int64_t now_s, struct session *out)
{
    struct session s = { .kind = SESSION_ROLE };
    struct reading r = { a, why, at, iam, &s };
    TRY(session_spec_check(at, why));
    TRY(read_owner(&r));
    read_times(&r, now_s);
    read_rest(&r);
    *out = s;
    return OK;
}

/* ---- describing ---- */

static void put(json_t *o, const char *name, struct str text)
{
    if (text.n)
        json_object_set_new(o, name, json_of(text));
}

static void put_time(json_t *o, const char *name, int64_t time_s)
{
    char text[TIME_TEXT_BYTES];
    json_object_set_new(o, name, json_string(time_write(time_s, text)));
}

static void put_texts(json_t *o, const char *name, const struct str *items, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_of(items[i]));
    if (n)
        json_object_set(o, name, list);
    json_decref(list);
}

static void put_owner(json_t *o, const struct session *s)
{
    struct str id = s->user_id;
    (void)str_cut(&id, ':'); /* "AROA...:session", "ACCOUNT:name" */
    if (s->kind == SESSION_ROLE) {
        put(o, "role", s->role_arn);
        put(o, "name", id);
        return;
    }
    if (s->user_name.n)
        put(o, "user", s->user_arn);
    else
        put(o, "root", s->account);
    if (s->kind == SESSION_FEDERATED)
        put(o, "federated", id);
}

json_t *session_spec_of(struct arena *a, const struct session *s)
{
    json_t *o = json_keep(a, json_object()), *tags = json_keep(a, json_object());
    put_owner(o, s);
    put_time(o, "issued", s->issued_s);
    put_time(o, "expires", s->expires_s);
    if (s->mfa_s)
        put_time(o, "mfa", s->mfa_s);
    for (size_t i = 0; i < s->n_tags; i++)
        json_object_set_new(tags, arena_cstr(a, s->tags[i].key), json_of(s->tags[i].value));
    if (s->n_tags)
        json_object_set(o, "tags", tags);
    put_texts(o, "transitive", s->transitive_keys, s->n_transitive);
    put(o, "source_identity", s->source_identity);
    put(o, "provider", s->provider);
    put(o, "subject", s->subject);
    put(o, "audience", s->audience);
    put_texts(o, "amr", s->amr, s->n_amr);
    put(o, "policy", s->policy);
    put_texts(o, "policy_arns", s->policy_arns, s->n_policy_arns);
    return o;
}
