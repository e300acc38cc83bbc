#include "fakests/hints/patch.h"

#include "base/text.h"

/* RFC 6902: add, replace and remove. */

/* "~1" → "/", "~0" → "~". */
static char *unescaped(struct arena *a, struct str token)
{
    struct text t = text_new(a, token.n + 1);
    for (size_t i = 0; i < token.n; i++)
        if (token.p[i] == '~' && i + 1 < token.n)
            text_putc(&t, token.p[++i] == '1' ? '/' : '~');
        else
            text_putc(&t, token.p[i]);
    return arena_cstr(a, text_str(&t));
}

static bool index_of(const json_t *array, const char *token, size_t *out)
{
    int64_t n;
    if (!str_to_i64(str_of(token), &n) || n < 0 || (size_t)n >= json_array_size(array))
        return false;
    *out = (size_t)n;
    return true;
}

static json_t *step(json_t *at, const char *token)
{
    size_t index;
    if (json_is_object(at))
        return json_object_get(at, token);
    return index_of(at, token, &index) ? json_array_get(at, index) : NULL;
}

static bool change_object(json_t *object, const char *op, const char *token, json_t *value)
{
    bool there = json_object_get(object, token) != NULL;
    if (strcmp(op, "remove") == 0)
        return json_object_del(object, token) == 0;
    if (strcmp(op, "replace") == 0 && !there)
        return false;
    return json_object_set(object, token, value) == 0;
}

static bool change_array(json_t *array, const char *op, const char *token, json_t *value)
{
    size_t index;
    if (strcmp(op, "add") == 0 && strcmp(token, "-") == 0)
        return json_array_append(array, value) == 0;
    if (!index_of(array, token, &index))
        return false;
    if (strcmp(op, "remove") == 0)
        return json_array_remove(array, index) == 0;
    if (strcmp(op, "add") == 0)
        return json_array_insert(array, index, value) == 0;
    return json_array_set(array, index, value) == 0;
}

json_t *patch_applied(struct arena *a, const json_t *document, const struct hint_edit *e)
{
    if (!e->path.n)
        return e->value;
    json_t *copy = json_keep(a, json_deep_copy(document)), *at = copy;
    struct str rest = str_sub(e->path, 1, e->path.n);
    for (;;) {
        struct str token = str_cut(&rest, '/');
        char *name = unescaped(a, token);
        bool last = token.p + token.n == e->path.p + e->path.n;
        if (!last) {
            at = step(at, name);
            continue;
        }
        bool done = json_is_object(at)  ? change_object(at, e->op, name, e->value)
                    : json_is_array(at) ? change_array(at, e->op, name, e->value)
                                        : false;
        return done ? copy : NULL;
    }
}
