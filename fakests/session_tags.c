#include "fakests/session_tags.h"

#include "base/encode.h"
#include "fakests/param_pattern.h"

enum { TAGS_MAX = 50, KEY_MAX = 128, VALUE_MAX = 256, IDENTITY_MIN = 2, IDENTITY_MAX = 64 };

static const char nested_claim[] = "https://aws.amazon.com/tags";
static const struct str flat_prefix = STR_INIT("https://aws.amazon.com/tags/principal_tags/");
static const char flat_transitive[] = "https://aws.amazon.com/tags/transitive_tag_keys";
static const char identity_claim[] = "https://aws.amazon.com/source_identity";

bool session_tags_claim(struct str name)
{
    return str_eq(name, str_of(nested_claim)) || str_starts(name, flat_prefix) ||
           str_eq(name, str_of(flat_transitive)) || str_eq(name, str_of(identity_claim));
}

static bool tag_text(struct str s, size_t max)
{
    return utf8_valid(s) && param_pattern_matches(&param_pattern_tag_value, s) &&
           utf8_length(s) <= max;
}

static struct outcome tag_add(struct arena *a, struct why *why, struct session_tags *t,
                              struct str key, struct str value)
{
    if (!t->tags)
        t->tags = arena_array(a, struct tag, TAGS_MAX);
    if (t->n_tags == TAGS_MAX)
        FAIL(why, SESSION_TAGS_INVALID, "more than %d session tags", TAGS_MAX);
    if (!key.n || !tag_text(key, KEY_MAX) || str_starts(key, STR("aws:")))
        FAIL(why, SESSION_TAGS_INVALID,
             "tag key \"%.*s\" is not 1 to %d letters, digits, spaces or _.:/=+-@, or is reserved",
             STR_ARG(str_sub(key, 0, 200)), KEY_MAX);
    if (!tag_text(value, VALUE_MAX))
        FAIL(why, SESSION_TAGS_INVALID,
             "the value of tag \"%.*s\" is over %d characters or holds one that is not allowed",
             STR_ARG(key), VALUE_MAX);
    for (size_t i = 0; i < t->n_tags; i++)
        if (str_eq_nocase(t->tags[i].key, key))
            FAIL(why, SESSION_TAGS_INVALID, "tag key \"%.*s\" stands twice: case does not count",
                 STR_ARG(key));
    t->tags[t->n_tags++] = (struct tag){ key, value };
    return OK;
}

static struct outcome malformed(struct why *why, const char *what)
{
    FAIL(why, SESSION_TAGS_MALFORMED, "%s", what);
}

static struct outcome nested_read(struct arena *a, struct why *why, json_t *principal_tags,
                                  struct session_tags *t)
{
    const char *key;
    json_t *value;
    if (!json_is_object(principal_tags))
        return malformed(why, "principal_tags is not an object");
    json_object_foreach(principal_tags, key, value)
    {
        if (!json_is_array(value) || json_array_size(value) != 1 ||
            !json_is_string(json_array_get(value, 0)))
            FAIL(why, SESSION_TAGS_MALFORMED,
                 "principal_tags.%.100s is not an array of exactly one string", key);
        TRY(tag_add(a, why, t, str_of(key), json_str(json_array_get(value, 0))));
    }
    return OK;
}

static bool has_transitive(const struct session_tags *t, struct str key)
{
    for (size_t i = 0; i < t->n_transitive; i++)
        if (str_eq_nocase(t->transitive_keys[i], key))
            return true;
    return false;
}

/* Each is one of the tags and is kept once, in whichever claim and how often it stands there. */
static struct outcome transitive_add(struct arena *a, struct why *why, struct session_tags *t,
                                     struct str key)
{
    if (has_transitive(t, key))
        return OK;
    if (t->n_transitive == TAGS_MAX)
        FAIL(why, SESSION_TAGS_INVALID, "more than %d transitive tag keys", TAGS_MAX);
    if (!t->transitive_keys)
        t->transitive_keys = arena_array(a, struct str, TAGS_MAX);
    t->transitive_keys[t->n_transitive++] = key;
    return OK;
}

static struct outcome transitive_read(struct arena *a, struct why *why, json_t *list,
                                      struct session_tags *t)
{
    size_t i;
    json_t *item;
    if (!json_is_array(list))
        return malformed(why, "transitive_tag_keys is not an array");
    json_array_foreach(list, i, item)
    {
        if (!json_is_string(item))
            return malformed(why, "transitive_tag_keys holds something that is no string");
        TRY(transitive_add(a, why, t, json_str(item)));
    }
    return OK;
}

static struct outcome flat_read(struct arena *a, struct why *why, json_t *claims,
                                struct session_tags *t)
{
    const char *name;
    json_t *value;
    json_object_foreach(claims, name, value)
    {
        if (!str_starts(str_of(name), flat_prefix))
            continue;
        if (!json_is_string(value))
            FAIL(why, SESSION_TAGS_MALFORMED, "%.200s is not a string", name);
        TRY(tag_add(a, why, t, str_of(name + flat_prefix.n), json_str(value)));
    }
    return OK;
}

static struct outcome transitive_known(struct why *why, const struct session_tags *t)
{
    for (size_t i = 0; i < t->n_transitive; i++) {
        bool known = false;
        for (size_t j = 0; j < t->n_tags; j++)
            known = known || str_eq_nocase(t->tags[j].key, t->transitive_keys[i]);
        if (!known)
            FAIL(why, SESSION_TAGS_INVALID, "transitive key \"%.*s\" is no tag of the session",
                 STR_ARG(str_sub(t->transitive_keys[i], 0, 200)));
    }
    return OK;
}

struct outcome session_tags_read(struct arena *a, struct why *why, const json_t *claims,
                                 struct session_tags *out)
{
    json_t *mutable =
        (json_t *)(uintptr_t)claims; /* jansson iterates over non-const objects only */
    json_t *nested = json_object_get(claims, nested_claim), *member;

    if (nested && !json_is_object(nested))
        return malformed(why, "the tags claim is not an object");
    if ((member = json_object_get(nested, "principal_tags")))
        TRY(nested_read(a, why, member, out));
    if ((member = json_object_get(nested, "transitive_tag_keys")))
        TRY(transitive_read(a, why, member, out));
    TRY(flat_read(a, why, mutable, out));
    if ((member = json_object_get(claims, flat_transitive)))
        TRY(transitive_read(a, why, member, out));
    return transitive_known(why, out);
}

/* [\w+=,.@-]{2,64}, not beginning with aws: */
static bool identity_valid(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && !(c && strchr("_+=,.@-", c)))
            return false;
    }
    return s.n >= IDENTITY_MIN && s.n <= IDENTITY_MAX && !str_starts(s, STR("aws:"));
}

struct outcome session_source_identity_read(struct why *why, const json_t *claims,
                                            struct session_tags *out)
{
    json_t *v = json_object_get(claims, identity_claim);
    if (!v)
        return OK;
    if (!json_is_string(v) || !identity_valid(json_str(v)))
        FAIL(why, SOURCE_IDENTITY_INVALID,
             "source_identity is not 2 to 64 letters, digits or _+=,.@-, or begins with aws:");
    out->source_identity = json_str(v);
    return OK;
}
