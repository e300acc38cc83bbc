#include "scenarios/step.h"

#include "base/clock.h"
#include "scenarios/session_spec.h"

#include <arpa/inet.h>

/* What may stand beside the verbs: types and members, told with their places. */

static struct outcome optional_object(const struct json_at *at, struct why *why, const char *name)
{
    struct json_at member;
    return json_at_member(at, name, &member) ? json_want_object(&member, why) : OK;
}

static struct outcome optional_text(const struct json_at *at, struct why *why, const char *name)
{
    struct json_at member;
    struct str ignored;
    return json_at_member(at, name, &member) ? json_want_str(&member, why, &ignored) : OK;
}

static struct outcome required(const struct json_at *at, struct why *why, const char *name,
                               struct json_at *out)
{
    if (!json_at_member(at, name, out))
        return json_fail(at, why, FAULT_CONFIG_INVALID, "\"%s\" is missing", name);
    return OK;
}

struct outcome step_read_mint(const struct json_at *at, struct why *why)
{
    static const char *const members[] = { "platform", "set",      "claims",     "header",
                                           "flaw",     "audience", "lifetime_s", NULL };
    struct json_at member;
    struct str platform;
    int64_t lifetime_s;
    TRY(json_want_members(at, why, members));
    TRY(required(at, why, "platform", &member));
    TRY(json_want_str(&member, why, &platform));
    TRY(optional_object(at, why, "set"));
    TRY(optional_object(at, why, "claims"));
    TRY(optional_object(at, why, "header"));
    TRY(optional_text(at, why, "flaw"));
    return json_at_member(at, "lifetime_s", &member) ? json_want_i64(&member, why, &lifetime_s)
                                                     : OK;
}

struct outcome step_read_token(const struct json_at *at, struct why *why)
{
    static const char *const members[] = { "header", "claims", "verified", NULL };
    struct json_at member, iss;
    struct str url;
    bool verified;
    TRY(json_want_members(at, why, members));
    TRY(required(at, why, "claims", &member));
    TRY(json_want_object(&member, why));
    if (json_at_member(&member, "iss", &iss))
        TRY(json_want_str(&iss, why, &url));
    TRY(optional_object(at, why, "header"));
    TRY(required(at, why, "verified", &member));
    return json_want_bool(&member, why, &verified);
}

struct outcome step_read_session(const struct json_at *at, struct why *why)
{
    return session_spec_check(at, why);
}

/* The members of a call, or of an item of a list. */
static struct outcome read_parameters(const struct json_at *at, struct why *why);

/* A parameter: what is no text is written for AWS; null and fractions have no spelling. */
static struct outcome read_parameter(const struct json_at *at, struct why *why)
{
    if (json_is_null(at->value) || json_is_real(at->value))
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         "expected a text, a whole number, true, false, a document or a list, "
                         "found %s",
                         json_type_name(at->value));
    for (size_t i = 0; i < json_array_size(at->value); i++) {
        struct json_at item = json_at_item(at, i);
        TRY(read_parameter(&item, why));
        TRY(read_parameters(&item, why));
    }
    return OK;
}

static struct outcome read_parameters(const struct json_at *at, struct why *why)
{
    const char *key;
    json_t *value;
    json_object_foreach(at->value, key, value)
    {
        struct json_at member;
        (void)json_at_member(at, key, &member);
        TRY(read_parameter(&member, why));
    }
    return OK;
}

struct outcome step_read_call(const struct json_at *at, struct why *why)
{
    TRY(json_want_object(at, why));
    return read_parameters(at, why);
}

struct outcome step_read_get(const struct json_at *at, struct why *why)
{
    struct str path;
    TRY(json_want_str(at, why, &path));
    if (!str_starts(path, STR("/")))
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         "a path begins with \"/\", as in \"/issuers/ci.example.com/.well-known/"
                         "openid-configuration\"");
    return OK;
}

struct outcome step_read_advance(const struct json_at *at, struct why *why)
{
    int64_t seconds;
    if (json_is_integer(at->value) || duration_read(json_str(at->value), &seconds))
        return OK;
    return json_fail(at, why, FAULT_CONFIG_INVALID,
                     "expected a duration such as \"90s\", \"61m\" or \"1h30m\", or seconds");
}

struct outcome step_time(const struct json_at *at, struct why *why, int64_t *out_ms)
{
    struct str text =
        json_is_integer(at->value) ? json_text(why->arena, at->value) : json_str(at->value);
    if (!time_read(text, out_ms))
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         "expected a time, RFC 3339 or seconds since 1970");
    return OK;
}

struct outcome step_read_clock(const struct json_at *at, struct why *why)
{
    int64_t ignored;
    return step_time(at, why, &ignored);
}

struct outcome step_read_issuer(const struct json_at *at, struct why *why)
{
    struct str url;
    TRY(json_want_str(at, why, &url));
    if (!str_starts(url, STR("https://")))
        return json_fail(at, why, FAULT_CONFIG_INVALID, "an issuer's URL begins with https://");
    return OK;
}

struct outcome step_read_rotate(const struct json_at *at, struct why *why)
{
    static const char *const members[] = { "issuer", "publish", NULL };
    struct json_at member;
    bool publish;
    if (!json_is_object(at->value))
        return step_read_issuer(at, why);
    TRY(json_want_members(at, why, members));
    TRY(required(at, why, "issuer", &member));
    TRY(step_read_issuer(&member, why));
    return json_at_member(at, "publish", &member) ? json_want_bool(&member, why, &publish) : OK;
}

/* Its members are the world's to judge (scenarios/faults.h). */
struct outcome step_read_fault(const struct json_at *at, struct why *why)
{
    if (json_is_object(at->value) || str_eq(json_str(at->value), STR("none")))
        return OK;
    return json_fail(at, why, FAULT_CONFIG_INVALID, "expected a fault, or \"none\"");
}

/* What comes of it is judged as a config when it is played. */
struct outcome step_read_world(const struct json_at *at, struct why *why)
{
    return json_want_object(at, why);
}

struct outcome step_read_source_ip(const struct json_at *at, struct why *why)
{
    unsigned char address[sizeof(struct in6_addr)];
    struct str text;
    TRY(json_want_str(at, why, &text));
    const char *p = arena_cstr(why->arena, text);
    if (inet_pton(AF_INET, p, address) != 1 && inet_pton(AF_INET6, p, address) != 1)
        return json_fail(at, why, FAULT_CONFIG_INVALID, "expected an IPv4 or IPv6 address");
    return OK;
}
