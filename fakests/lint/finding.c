#include "fakests/lint/finding.h"

#include <stdlib.h>

struct findings findings_new(struct arena *a)
{
    return (struct findings){ .arena = a };
}

bool findings_full(const struct findings *f)
{
    return f->n >= FINDINGS_MAX;
}

/* ---- places ---- */

struct place {
    struct str file, path;
    size_t line, column;
};

/* Takes ":12" off the front. */
static bool take_number(struct str *s, size_t *out)
{
    size_t n = 1;
    int64_t value;
    if (!s->n || s->p[0] != ':')
        return false;
    while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
        n++;
    if (!str_to_i64(str_sub(*s, 1, n - 1), &value) || value < 1)
        return false;
    *out = (size_t)value;
    *s = str_sub(*s, n, s->n);
    return true;
}

/* ":line:column" and then the end, or ": " and the path. */
static bool take_rest(struct str s, struct place *out)
{
    if (!take_number(&s, &out->line) || !take_number(&s, &out->column))
        return false;
    if (!s.n)
        return true;
    out->path = str_sub(s, 2, s.n);
    return str_starts(s, STR(": "));
}

/* A file's name may hold colons: the first that numbers stand behind ends it. */
static struct place place_read(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        struct place p = { .file = str_sub(text, 0, i), .path = STR("$") };
        if (text.p[i] == ':' && take_rest(str_sub(text, i, text.n), &p))
            return p;
    }
    return (struct place){ .file = text, .path = STR("$"), .line = 1, .column = 1 };
}

/* ---- the list ---- */

static bool same_place(const struct finding *a, const struct place *b)
{
    return a->line == b->line && a->column == b->column && str_eq(a->file, b->file) &&
           str_eq(a->path, b->path);
}

static bool told(const struct findings *f, const struct lint_rule *rule, const struct place *p,
                 struct str message)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->items[i].rule == rule && same_place(&f->items[i], p) &&
            str_eq(f->items[i].message, message))
            return true;
    return false;
}

static void grow(struct findings *f)
{
    size_t capacity = f->capacity ? f->capacity * 2 : 16;
    struct finding *items = arena_array(f->arena, struct finding, capacity);
    if (f->n)
        memcpy(items, f->items, f->n * sizeof *items);
    f->items = items;
    f->capacity = capacity;
}

void findings_add(struct findings *f, const struct lint_rule *rule, enum lint_severity severity,
                  struct str place, struct str message, struct str fix)
{
    struct place p = place_read(place);
    if (findings_full(f)) {
        f->left_out[severity] = true;
        return;
    }
    if (told(f, rule, &p, message))
        return;
    if (f->n == f->capacity)
        grow(f);
    f->items[f->n] = (struct finding){
        .rule = rule,
        .severity = severity,
        .file = arena_str(f->arena, p.file),
        .path = arena_str(f->arena, p.path),
        .line = p.line,
        .column = p.column,
        .message = arena_str(f->arena, message),
        .fix = arena_str(f->arena, fix),
        .sequence = f->n,
    };
    f->n++;
}

bool findings_error_at(const struct findings *f, struct str place)
{
    struct place p = place_read(place);
    for (size_t i = 0; i < f->n; i++)
        if (f->items[i].severity == LINT_ERROR && same_place(&f->items[i], &p))
            return true;
    return false;
}

size_t findings_count(const struct findings *f, enum lint_severity severity)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += f->items[i].severity == severity;
    return n;
}

static int order(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int compare(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    int by = str_cmp(a->file, b->file);
    by = by ? by : order(a->line, b->line);
    by = by ? by : order(a->column, b->column);
    return by ? by : order(a->sequence, b->sequence);
}

void findings_sort(struct findings *f)
{
    if (f->n)
        qsort(f->items, f->n, sizeof *f->items, compare);
}

const char *finding_severity_name(enum lint_severity severity)
{
    switch (severity) {
    case LINT_NOTE:
        return "note";
    case LINT_WARNING:
        return "warning";
    case LINT_ERROR:
        return "error";
    }
    abort();
}
