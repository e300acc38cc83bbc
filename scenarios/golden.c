#include "scenarios/golden.h"

#include "base/file.h"
#include "base/json_parts.h"
#include "base/text.h"

#include <stdlib.h>
#include <sys/stat.h>

/* Bytes of the file, and what stands there instead. */
struct edit {
    size_t from, n;
    struct str text;
};

struct edits {
    struct arena *a;
    const struct json_doc *doc;
    struct edit *items;
    size_t n, capacity;
};

static void add(struct edits *e, size_t from, size_t n, struct str text)
{
    if (e->n == e->capacity) {
        size_t capacity = e->capacity ? e->capacity * 2 : 16;
        struct edit *more = arena_array(e->a, struct edit, capacity);
        if (e->n)
            memcpy(more, e->items, e->n * sizeof *more);
        e->items = more;
        e->capacity = capacity;
    }
    e->items[e->n++] = (struct edit){ from, n, text };
}

static void replace(struct edits *e, const struct json_at *at, const json_t *value)
{
    struct json_part part = json_part_of(e->a, at);
    add(e, (size_t)(part.text.p - e->doc->text.p), part.text.n, json_text(e->a, value));
}

/* ---- the way to a value: expect.result["a.b"][0] ---- */

/* Takes the next segment off; false when the path is not one of expect.c's. */
static bool next_segment(struct arena *a, struct str *path, struct str *key, int64_t *index)
{
    size_t n = 0;
    *index = -1;
    if (str_starts(*path, STR("[\""))) {
        while (n < path->n && !str_starts(str_sub(*path, n, 2), STR("\"]")))
            n++;
        struct why why = why_new(a);
        struct json_doc *doc;
        struct str quoted = str_sub(*path, 1, n);
        *path = str_sub(*path, n + 2, path->n);
        if (failed(json_load(a, &why, STR("path"), quoted, JSON_LAST_WINS, &doc)))
            return false;
        *key = json_str(doc->root);
        return true;
    }
    if (str_starts(*path, STR("["))) {
        struct str number = str_sub(*path, 1, str_find(*path, ']') - 1);
        *path = str_sub(*path, number.n + 2, path->n);
        return str_to_i64(number, index);
    }
    if (str_starts(*path, STR(".")))
        *path = str_sub(*path, 1, path->n);
    while (n < path->n && path->p[n] != '.' && path->p[n] != '[')
        n++;
    *key = str_sub(*path, 0, n);
    *path = str_sub(*path, n, path->n);
    return key->n > 0;
}

static bool find(struct arena *a, const struct json_at *from, struct str path, struct json_at *out)
{
    const struct json_at *at = from;
    while (path.n) {
        struct json_at *next = arena_make(a, struct json_at);
        struct str key;
        int64_t index;
        if (!next_segment(a, &path, &key, &index))
            return false;
        if (index >= 0 && (size_t)index < json_array_size(at->value))
            *next = json_at_item(at, (size_t)index);
        else if (index >= 0 || !json_at_member(at, arena_cstr(a, key), next))
            return false;
        at = next;
    }
    *out = *at;
    return true;
}

/* ---- one failure ---- */

/* An answer that fits nothing that is written: all of it is written anew. */
static void write_whole(struct edits *e, const struct json_at *step, json_t *right)
{
    struct json_at expect;
    if (json_at_member(step, "expect", &expect)) {
        replace(e, &expect, right);
        return;
    }
    struct json_part part = json_part_of(e->a, step);
    struct str text = arena_printf(e->a, " \"expect\": %.*s,", STR_ARG(json_text(e->a, right)));
    add(e, (size_t)(part.text.p - e->doc->text.p) + 1, 0, text);
}

/* Allowed what was to be refused, or the other way round: half an old expectation would not fit. */
static bool turned(const struct json_at *step, const struct play_failure *f)
{
    const json_t *expect = json_object_get(step->value, "expect");
    bool refused = json_object_get(f->right, "error") != NULL;
    if (json_object_get(f->right, "lost") || json_object_get(expect, "lost"))
        return true;
    return refused ? json_object_get(expect, "result") != NULL
                   : json_object_get(expect, "error") != NULL;
}

static size_t write_failure(struct edits *e, const struct json_at *step,
                            const struct play_failure *f)
{
    struct edits single = *e;
    struct json_at at;
    size_t n = 0;
    if (f->mismatches.n && turned(step, f)) {
        write_whole(e, step, f->right);
        return 1;
    }
    for (size_t i = 0; i < f->mismatches.n; i++) {
        const struct mismatch *m = &f->mismatches.items[i];
        if (!m->value)
            continue;
        if (!find(e->a, step, m->path, &at)) {
            *e = single; /* edits that were added are forgotten */
            write_whole(e, step, f->right);
            return 1;
        }
        replace(e, &at, m->value);
        n++;
    }
    if (!n && f->mismatches.n && f->right && !json_object_get(step->value, "expect")) {
        write_whole(e, step, f->right);
        n = 1;
    }
    return n;
}

/* ---- the file ---- */

static int by_place(const void *x, const void *y)
{
    const struct edit *a = x, *b = y;
    return a->from < b->from ? -1 : a->from > b->from;
}

static struct str edited(struct edits *e)
{
    struct text t = text_new(e->a, SCENARIO_BYTES_MAX);
    size_t at = 0;
    qsort(e->items, e->n, sizeof *e->items, by_place);
    for (size_t i = 0; i < e->n; i++) {
        text_put(&t, str_sub(e->doc->text, at, e->items[i].from - at));
        text_put(&t, e->items[i].text);
        at = e->items[i].from + e->items[i].n;
    }
    text_put(&t, str_sub(e->doc->text, at, e->doc->text.n));
    return text_str(&t);
}

struct outcome golden_write(struct arena *a, struct why *why, const struct scenario *s,
                            const struct play_result *result, size_t *n_written)
{
    struct edits e = { .a = a, .doc = s->doc };
    struct json_at root = json_at_root(s->doc), steps, step;
    const char *path = arena_cstr(a, s->doc->name);
    struct stat st;
    size_t n = 0;
    if (!json_at_member(&root, "steps", &steps))
        return OK;
    for (size_t i = 0; i < result->n_failures; i++) {
        if (!result->failures[i].right)
            continue;
        step = json_at_item(&steps, result->failures[i].step);
        n += write_failure(&e, &step, &result->failures[i]);
    }
    if (n)
        TRY(file_place(why, path, edited(&e), stat(path, &st) == 0 ? st.st_mode & 0777 : 0644));
    *n_written = n;
    return OK;
}
