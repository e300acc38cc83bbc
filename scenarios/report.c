#include "scenarios/report.h"

#include "base/text.h"
#include "fakests/plain.h"

enum { REPORT_BYTES_MAX = 256 * 1024 * 1024, FAILURE_BYTES_MAX = 1024 * 1024, HINTS_SHOWN = 3 };

/* ---- why ---- */

static const char *text_at(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    return s ? s : "";
}

static void put_condition(struct arena *a, struct text *t, const json_t *c)
{
    if (!json_is_false(json_object_get(c, "passed")))
        return;
    text_printf(t, "  %s %s: wanted %s, got %s\n", text_at(c, "operator"), text_at(c, "key"),
                json_text(a, json_object_get(c, "wanted")).p,
                json_is_true(json_object_get(c, "present"))
                    ? json_text(a, json_object_get(c, "got")).p
                    : "no such key");
}

static void put_statement(struct arena *a, struct text *t, const json_t *s)
{
    size_t i;
    json_t *c;
    text_printf(t, "statement %" JSON_INTEGER_FORMAT " (%s) %s%s%s\n",
                json_integer_value(json_object_get(s, "index")), text_at(s, "effect"),
                json_is_true(json_object_get(s, "matched")) ? "matches" : "does not match",
                json_is_false(json_object_get(s, "principal")) ? ": another principal" : "",
                json_is_false(json_object_get(s, "action")) ? ": another action" : "");
    json_array_foreach(json_object_get(s, "conditions"), i, c) put_condition(a, t, c);
}

static void put_explanation(struct arena *a, struct text *t, const json_t *e)
{
    size_t i;
    json_t *one;
    if (!e)
        return;
    json_array_foreach(json_object_get(e, "statements"), i, one) put_statement(a, t, one);
    json_array_foreach(json_object_get(e, "hints"), i, one)
    {
        if (i < HINTS_SHOWN)
            text_printf(t, "hint %s: %s\n", text_at(one, "id"), text_at(one, "text"));
    }
}

static void put_play_failure(struct arena *a, struct text *t, const struct play_failure *f)
{
    text_printf(t, "%.*s: %.*s\n", STR_ARG(f->place), STR_ARG(f->what));
    if (f->why.fault != FAULT_NONE)
        text_printf(t, "%.*s\n", STR_ARG(why_text(&f->why)));
    for (size_t i = 0; i < f->mismatches.n; i++) {
        const struct mismatch *m = &f->mismatches.items[i];
        text_printf(t, "%.*s: wanted %.*s, got %.*s\n", STR_ARG(m->path), STR_ARG(m->wanted),
                    STR_ARG(m->got));
    }
    if (f->answered.n)
        text_printf(t, "answered: %.*s\n", STR_ARG(f->answered));
    put_explanation(a, t, f->explanation);
}

/* A scenario may be a stranger's: no line of it moves the cursor. */
static struct str plain_lines(struct arena *a, struct str lines)
{
    struct text t = text_new(a, FAILURE_BYTES_MAX);
    while (lines.n) {
        plain_put(&t, str_cut(&lines, '\n'));
        if (lines.n)
            text_putc(&t, '\n');
    }
    return text_str(&t);
}

struct str report_failure(struct arena *a, const struct replay_entry *e)
{
    struct text t = text_new(a, FAILURE_BYTES_MAX);
    if (e->bad)
        text_printf(&t, "%.*s\n", STR_ARG(why_text(&e->why)));
    for (size_t i = 0; i < e->result.n_failures && !e->bad; i++)
        put_play_failure(a, &t, &e->result.failures[i]);
    if (e->n_written)
        text_printf(&t, "%zu expectation%s written\n", e->n_written, e->n_written == 1 ? "" : "s");
    return plain_lines(a, str_trim(text_str(&t)));
}

/* ---- for people ---- */

static void put_indented(struct text *t, struct str lines)
{
    while (lines.n) {
        struct str line = str_cut(&lines, '\n');
        text_printf(t, "      %.*s\n", STR_ARG(line));
    }
}

static void put_word(struct text *t, const char *word, const char *paint, bool colour)
{
    if (colour)
        text_printf(t, "\033[%sm%s\033[0m", paint, word);
    else
        text_put(t, str_of(word));
}

static void put_name(struct text *t, const struct replay_entry *e)
{
    text_put(t, STR("  "));
    plain_put(t, e->file);
    if (e->line)
        text_printf(t, ":%zu", e->line);
    if (e->title.n)
        text_put(t, STR("  "));
    plain_put(t, e->title);
    text_putc(t, '\n');
}

static void put_entry(struct arena *a, struct text *t, const struct replay_entry *e, bool colour)
{
    static const struct {
        const char *word, *paint;
    } verdicts[] = { [PLAY_PASSED] = { "ok  ", "32" },
                     [PLAY_FAILED] = { "FAIL", "31" },
                     [PLAY_SKIPPED] = { "skip", "33" } };
    if (e->bad)
        put_word(t, "BAD ", "31", colour);
    else
        put_word(t, verdicts[e->result.verdict].word, verdicts[e->result.verdict].paint, colour);
    put_name(t, e);
    if (e->bad || e->result.verdict == PLAY_FAILED)
        put_indented(t, report_failure(a, e));
    else if (e->result.verdict == PLAY_SKIPPED)
        put_indented(t, e->result.skipped);
}

struct str report_summary(struct arena *a, const struct replay *r)
{
    struct text t = text_new(a, 1024);
    text_printf(&t, "%zu scenario%s: %zu passed", r->n, r->n == 1 ? "" : "s", r->n_passed);
    text_printf(&t, ", %zu failed", r->n_failed);
    if (r->n_skipped)
        text_printf(&t, ", %zu skipped", r->n_skipped);
    if (r->n_bad)
        text_printf(&t, ", %zu not readable", r->n_bad);
    if (r->n_unchecked)
        text_printf(&t, "; of %zu answers nobody there says why", r->n_unchecked);
    return text_str(&t);
}

struct str report_text(struct arena *a, const struct replay *r, bool colour)
{
    struct text t = text_new(a, REPORT_BYTES_MAX);
    for (size_t i = 0; i < r->n; i++)
        put_entry(a, &t, &r->entries[i], colour);
    text_printf(&t, "%.*s\n", STR_ARG(report_summary(a, r)));
    return text_str(&t);
}
