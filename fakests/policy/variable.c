#include "fakests/policy/variable.h"

#include "base/text.h"
#include "fakests/policy/match.h"

enum {
    FILLED_BYTES_MAX = 1024 * 1024
}; /* a policy is bounded, and so is every value: never reached */

struct reader {
    struct arena *arena;
    struct variable_template *t;
    size_t capacity;
    struct text literal; /* gathered since the last variable */
};

static void add_part(struct reader *r, struct variable_part part)
{
    if (r->t->n == r->capacity) {
        size_t capacity = r->capacity ? r->capacity * 2 : 2;
        struct variable_part *parts = arena_array(r->arena, struct variable_part, capacity);
        if (r->t->n)
            memcpy(parts, r->t->parts, r->t->n * sizeof *parts);
        r->t->parts = parts;
        r->capacity = capacity;
    }
    r->t->parts[r->t->n++] = part;
}

static void flush_literal(struct reader *r)
{
    if (!r->literal.n)
        return;
    add_part(r, (struct variable_part){ .text = arena_str(r->arena, text_str(&r->literal)) });
    r->literal.n = 0;
}

static struct str trim_left(struct str s)
{
    while (s.n && s.p[0] == ' ')
        s = str_n(s.p + 1, s.n - 1);
    return s;
}

/* ", 'default'}" at the front of *s, taken away; the quotation marks are required. */
static bool take_fallback(struct str *s, struct str *fallback)
{
    struct str rest = trim_left(str_sub(*s, 1, s->n));
    if (!rest.n || rest.p[0] != '\'')
        return false;
    rest = str_sub(rest, 1, rest.n);
    size_t end = str_find(rest, '\'');
    if (end == rest.n)
        return false;
    *fallback = str_n(rest.p, end);
    rest = trim_left(str_sub(rest, end + 1, rest.n));
    if (!rest.n || rest.p[0] != '}')
        return false;
    *s = str_sub(rest, 1, rest.n);
    return true;
}

/* "${key}" or "${key, 'default'}" at the front of *s, taken away. */
static bool take_variable(struct str *s, struct variable_part *part)
{
    struct str rest = str_sub(*s, 2, s->n);
    size_t end = 0;
    while (end < rest.n && rest.p[end] != '}' && rest.p[end] != ',')
        end++;
    if (end == rest.n)
        return false;
    part->key = str_trim(str_n(rest.p, end));
    if (!part->key.n)
        return false;
    part->fallback = str_n(NULL, 0);
    rest = str_sub(rest, end, rest.n);
    if (rest.p[0] == ',') {
        if (!take_fallback(&rest, &part->fallback))
            return false;
    } else {
        rest = str_sub(rest, 1, rest.n);
    }
    *s = rest;
    return true;
}

static bool is_escape(struct str key)
{
    return key.n == 1 && strchr("*?$", key.p[0]);
}

static void put_variable(struct reader *r, struct variable_part part)
{
    if (is_escape(part.key) && !part.fallback.p) {
        text_put(&r->literal, part.key);
        return;
    }
    flush_literal(r);
    part.key = arena_str(r->arena, part.key);
    part.hash = str_hash_nocase(part.key);
    if (part.fallback.p)
        part.fallback = arena_str(r->arena, part.fallback);
    add_part(r, part);
    r->t->has_variables = true;
}

/* What stands before the next "${", or the "${" itself when that begins no variable. */
static struct str take_literal(struct str *text)
{
    size_t n = str_starts(*text, STR("${")) ? 2 : 0;
    while (n < text->n && !str_starts(str_sub(*text, n, 2), STR("${")))
        n++;
    struct str literal = str_n(text->p, n);
    *text = str_sub(*text, n, text->n);
    return literal;
}

/* The usual value: nothing to substitute. */
static struct str whole(struct arena *a, struct str text, unsigned rules)
{
    return rules & VARIABLE_WILDCARDS ? match_compile(a, text) : arena_str(a, text);
}

struct variable_template variable_read(struct arena *a, struct str text, unsigned rules)
{
    struct variable_template t = { .wildcards = rules & VARIABLE_WILDCARDS };
    struct variable_part part;
    if (!(rules & VARIABLE_SUBSTITUTE) || !str_contains(text, STR("${"))) {
        t.text = whole(a, text, rules);
        return t;
    }
    struct reader r = { .arena = a, .t = &t };
    r.literal = text_new(a, text.n + 1);
    while (text.n) {
        part = (struct variable_part){ 0 };
        if (str_starts(text, STR("${")) && take_variable(&text, &part))
            put_variable(&r, part);
        else
            text_put(&r.literal, whole(a, take_literal(&text), rules));
    }
    if (!t.has_variables)
        t.text = arena_str(a, text_str(&r.literal));
    else
        flush_literal(&r);
    return t;
}

static bool part_value(const struct variable_part *part, const struct keys *keys, struct str *out)
{
    const struct keys_entry *e = keys_find_hashed(keys, part->key, part->hash);
    if (e && (e->is_list || e->n_values != 1))
        return false;
    if (!e && !part->fallback.p)
        return false;
    *out = e ? e->values[0] : part->fallback;
    return true;
}

bool variable_fill(const struct variable_template *t, const struct keys *keys, struct arena *a,
                   struct str *out)
{
    struct str value;
    if (!t->has_variables) {
        *out = t->text;
        return true;
    }
    struct text filled = text_new(a, FILLED_BYTES_MAX);
    for (size_t i = 0; i < t->n; i++) {
        const struct variable_part *part = &t->parts[i];
        if (!part->key.p) {
            text_put(&filled, part->text);
            continue;
        }
        if (!part_value(part, keys, &value))
            return false;
        text_put(&filled, t->wildcards ? match_literal(a, value) : value);
    }
    if (filled.full)
        return false;
    *out = text_str(&filled);
    return true;
}
