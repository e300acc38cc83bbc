#include "scenarios/report.h"

#include "base/text.h"
#include "fakests/plain.h"

/* TAP 14: a description may hold no '#' and no backslash as it is, and no line end. */

enum { REPORT_BYTES_MAX = 256 * 1024 * 1024 };

static void put_description(struct text *t, struct str s)
{
    struct text plain = text_new(t->arena, REPORT_BYTES_MAX);
    plain_put(&plain, s);
    for (size_t i = 0; i < plain.n; i++) {
        if (plain.p[i] == '#' || plain.p[i] == '\\')
            text_putc(t, '\\');
        text_putc(t, plain.p[i]);
    }
}

/* A YAML block scalar takes lines as they are. */
static void put_diagnostics(struct text *t, struct str lines)
{
    text_put(t, STR("  ---\n  message: |\n"));
    while (lines.n) {
        struct str line = str_cut(&lines, '\n');
        text_printf(t, "    %.*s\n", STR_ARG(line));
    }
    text_put(t, STR("  ...\n"));
}

static void put_entry(struct arena *a, struct text *t, const struct replay_entry *e, size_t number)
{
    bool good = !e->bad && e->result.verdict != PLAY_FAILED;
    text_printf(t, "%s %zu - ", good ? "ok" : "not ok", number);
    put_description(t, e->title.n ? e->title : e->file);
    if (e->title.n) {
        text_put(t, STR(" ("));
        put_description(t, e->file);
        if (e->line)
            text_printf(t, ":%zu", e->line);
        text_putc(t, ')');
    }
    if (good && e->result.verdict == PLAY_SKIPPED) {
        text_put(t, STR(" # SKIP "));
        put_description(t, e->result.skipped);
    }
    text_putc(t, '\n');
    if (!good)
        put_diagnostics(t, report_failure(a, e));
}

struct str report_tap(struct arena *a, const struct replay *r)
{
    struct text t = text_new(a, REPORT_BYTES_MAX);
    text_put(&t, STR("TAP version 14\n"));
    text_printf(&t, "1..%zu\n", r->n);
    for (size_t i = 0; i < r->n; i++)
        put_entry(a, &t, &r->entries[i], i + 1);
    return text_str(&t);
}
