#include "fakests/iam/read_value.h"

#include "base/clock.h"
#include "fakests/iam/document.h"

#include <inttypes.h>

enum { TAGS_MAX = 50 };

struct outcome read_text(struct iam_reader *r, const struct json_at *at, struct str *out)
{
    struct str text;
    TRY(json_want_str(at, r->why, &text));
    *out = arena_str(r->a, text);
    return OK;
}

struct outcome read_optional(struct iam_reader *r, const struct json_at *at, const char *key,
                             struct str *out)
{
    struct json_at member;
    return json_at_member(at, key, &member) ? read_text(r, &member, out) : OK;
}

struct outcome read_required(struct iam_reader *r, const struct json_at *at, const char *key,
                             struct json_at *out)
{
    if (!json_at_member(at, key, out))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "\"%s\" is missing", key);
    return OK;
}

/* What an object's members may be called; where a reader is asked to go on, it is. */
struct outcome read_members(struct iam_reader *r, const struct json_at *at,
                            const char *const *names)
{
    struct outcome o = json_want_members(at, r->why, names);
    if (!failed(o) || !r->refused || !json_is_object(at->value))
        return o;
    r->refused(r->refused_context, r->why);
    *r->why = why_new(r->why->arena);
    return OK;
}

struct outcome read_texts(struct iam_reader *r, const struct json_at *at, size_t max,
                          struct str **out, size_t *n)
{
    TRY(json_want_array(at, r->why));
    size_t count = json_array_size(at->value);
    if (count > max)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "at most %zu are allowed, found %zu",
                         max, count);
    struct str *items = arena_array(r->a, struct str, count);
    for (size_t i = 0; i < count; i++) {
        struct json_at item = json_at_item(at, i);
        TRY(read_text(r, &item, &items[i]));
    }
    *out = items;
    *n = count;
    return OK;
}

struct outcome read_tags(struct iam_reader *r, const struct json_at *at, struct tag **out,
                         size_t *n)
{
    struct json_at tags;
    const char *key;
    json_t *value;

    if (!json_at_member(at, "tags", &tags))
        return OK;
    TRY(json_want_object(&tags, r->why));
    if (json_object_size(tags.value) > TAGS_MAX)
        return json_fail(&tags, r->why, FAULT_CONFIG_INVALID, "at most %d tags", TAGS_MAX);
    *out = arena_array(r->a, struct tag, json_object_size(tags.value));
    json_object_foreach(tags.value, key, value)
    {
        struct json_at tag = { .up = &tags, .doc = tags.doc, .key = key, .value = value };
        struct tag *t = &(*out)[(*n)++];
        t->key = arena_str(r->a, str_of(key));
        TRY(read_text(r, &tag, &t->value));
    }
    return OK;
}

/* IAM names: [\w+=,.@-]{1,max}. */
static bool name_valid(struct str name, size_t max)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && !(c && strchr("_+=,.@-", c)))
            return false;
    }
    return name.n >= 1 && name.n <= max;
}

struct outcome read_name(struct iam_reader *r, const struct json_at *at, size_t max,
                         struct str *out)
{
    struct json_at name;
    TRY(read_required(r, at, "name", &name));
    TRY(read_text(r, &name, out));
    if (!name_valid(*out, max))
        return json_fail(&name, r->why, FAULT_CONFIG_INVALID,
                         "expected 1 to %zu of A-Z a-z 0-9 _+=,.@-", max);
    return OK;
}

/* IAM paths: "/", or "/.../" of printable ASCII, at most 512 characters. */
static bool path_valid(struct str path)
{
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] < '!' || path.p[i] > '~')
            return false;
    return path.n >= 1 && path.n <= 512 && path.p[0] == '/' && path.p[path.n - 1] == '/';
}

struct outcome read_path(struct iam_reader *r, const struct json_at *at, struct str *out)
{
    struct json_at path;
    *out = STR("/");
    if (!json_at_member(at, "path", &path))
        return OK;
    TRY(read_text(r, &path, out));
    if (!path_valid(*out))
        return json_fail(&path, r->why, FAULT_CONFIG_INVALID,
                         "expected \"/\" or a path between slashes, as in \"/ci/\"");
    return OK;
}

struct outcome read_time_ms(struct iam_reader *r, const struct json_at *at, const char *key,
                            int64_t *out)
{
    struct json_at member;
    struct str text;
    if (!json_at_member(at, key, &member))
        return OK;
    TRY(json_want_str(&member, r->why, &text));
    if (!time_read(text, out))
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                         "expected an RFC 3339 time, as in \"2024-05-01T00:00:00Z\"");
    return OK;
}

struct outcome read_time_s(struct iam_reader *r, const struct json_at *at, const char *key,
                           int64_t *out)
{
    int64_t ms = 0;
    TRY(read_time_ms(r, at, key, &ms));
    *out = ms / 1000;
    return OK;
}

struct outcome read_id(struct iam_reader *r, const struct json_at *at, const char *prefix,
                       struct str arn, struct str *out)
{
    struct json_at id;
    if (!json_at_member(at, "id", &id)) {
        *out = iam_id_of_arn(r->a, prefix, r->account, arn);
        return OK;
    }
    TRY(read_text(r, &id, out));
    if (out->n != ID_UNIQUE_CHARACTERS || !str_starts(*out, str_of(prefix)))
        return json_fail(&id, r->why, FAULT_CONFIG_INVALID,
                         "expected %s and 17 more characters A-Z 2-7", prefix);
    return OK;
}

struct outcome read_number(struct iam_reader *r, const struct json_at *at, int64_t min, int64_t max,
                           int64_t *out)
{
    TRY(json_want_i64(at, r->why, out));
    if (*out < min || *out > max)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "expected %" PRId64 " to %" PRId64, min,
                         max);
    return OK;
}

struct outcome read_status(struct iam_reader *r, const struct json_at *at, bool *active)
{
    struct json_at member;
    struct str text;
    *active = true;
    if (!json_at_member(at, "status", &member))
        return OK;
    TRY(json_want_str(&member, r->why, &text));
    *active = str_eq(text, STR("Active"));
    if (!*active && !str_eq(text, STR("Inactive")))
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                         "expected \"Active\" or \"Inactive\"");
    return OK;
}

struct outcome read_document(struct iam_reader *r, const struct json_at *at, struct json_at *root,
                             struct str *text)
{
    TRY(document_resolve(r->work, r->why, at, r->files_allowed, root));
    r->files_read |= root->doc != at->doc;
    *text = arena_str(r->a, json_text(r->work, root->value)); /* kept for long: no room to spare */
    return OK;
}

struct outcome read_identity_policy(struct iam_reader *r, const struct json_at *at,
                                    struct policy **policy, struct str *text)
{
    struct json_at root;
    TRY(read_document(r, at, &root, text));
    return policy_read(r->a, r->why, &root, POLICY_IDENTITY, policy);
}
