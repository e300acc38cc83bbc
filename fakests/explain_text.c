#include "fakests/explain.h"

#include "base/text.h"
#include "fakests/plain.h"

/* An explanation for a log: the failing parts, and what to write. */

enum { LINES_BYTES_MAX = 256 * 1024, VALUES_SHOWN = 6, VALUE_COLUMNS = 400, HINTS_SHOWN = 3 };

static struct str subject_of(const struct explanation *e)
{
    return e->trace.claims ? json_str(json_object_get(e->trace.claims, "sub")) : STR("");
}

static void put_plain(struct text *t, struct str s)
{
    plain_put_within(t, s, VALUE_COLUMNS);
}

static void put_line(struct text *t, const struct explanation *e)
{
    text_put(t, e->allowed ? STR("allowed  ") : STR("denied  "));
    put_plain(t, e->action);
    text_put(t, STR("  "));
    put_plain(t, e->role_arn);
    if (subject_of(e).n) {
        text_put(t, STR("  sub "));
        put_plain(t, subject_of(e));
    }
    if (!e->allowed) {
        text_printf(t, "  %s: ", fault_reason(e->why.fault));
        put_plain(t, e->why.detail);
    }
}

struct str explain_line(struct arena *a, const struct explanation *e)
{
    struct text t = text_new(a, LINES_BYTES_MAX);
    put_line(&t, e);
    return text_str(&t);
}

static void put_hints(struct text *t, const struct explanation *e)
{
    for (size_t i = 0; !e->allowed && i < e->hints.n && i < HINTS_SHOWN; i++) {
        text_printf(t, "    hint: %s: ", e->hints.items[i].id);
        plain_put(t, e->hints.items[i].text);
        text_putc(t, '\n');
    }
}

struct str explain_line_and_hints(struct arena *a, const struct explanation *e)
{
    struct text t = text_new(a, LINES_BYTES_MAX);
    put_line(&t, e);
    text_putc(&t, '\n');
    put_hints(&t, e);
    return text_str(&t);
}

static void put_values(struct text *t, const char *label, const struct str *values, size_t n)
{
    for (size_t i = 0; i < n && i < VALUES_SHOWN; i++) {
        text_printf(t, "          %-7s ", i ? "" : label);
        put_plain(t, values[i]);
        text_putc(t, '\n');
    }
    if (n > VALUES_SHOWN)
        text_printf(t, "                  ... and %zu more\n", n - VALUES_SHOWN);
    if (n == 0)
        text_printf(t, "          %-7s (nothing)\n", label);
}

static void put_condition(struct text *t, const struct policy_condition_trace *c)
{
    text_printf(t, "      %s %.*s  ", c->passed ? "\xE2\x9C\x93" : "\xE2\x9C\x97",
                STR_ARG(c->operator));
    put_plain(t, c->key);
    text_putc(t, '\n');
    if (c->passed)
        return;
    put_values(t, "wanted", c->wanted, c->n_wanted);
    if (c->present)
        put_values(t, "got", c->got, c->n_got);
    else
        text_put(t, STR("          got     (the key is not in the request)\n"));
    if (c->note)
        text_printf(t, "          note    %s\n", c->note);
}

static void put_statement(struct text *t, const struct policy_statement_trace *s)
{
    text_printf(t, "    statement %zu", s->index);
    if (s->sid.n) {
        text_put(t, STR(" \""));
        put_plain(t, s->sid);
        text_putc(t, '"');
    }
    text_printf(t, " (%s): %s", s->allow ? "Allow" : "Deny",
                s->matched ? "matches" : "does not match");
    if (!s->principal)
        text_put(t, STR("; its Principal is another"));
    if (!s->action)
        text_put(t, STR("; its Action is another"));
    text_putc(t, '\n');
    for (size_t i = 0; i < s->n_conditions; i++)
        put_condition(t, &s->conditions[i]);
}

static void put_aws(struct text *t, const struct explanation *e)
{
    if (e->allowed)
        return;
    text_printf(t, "    AWS says  %d %s: ", e->aws.status, e->aws.code);
    put_plain(t, e->aws.message);
    text_putc(t, '\n');
}

static void put_token(struct text *t, const struct explanation *e)
{
    if (e->trace.claims && e->trace.signature == SIGNATURE_UNCHECKED)
        text_put(t, STR("    signature not checked\n"));
}

struct str explain_lines(struct arena *a, const struct explanation *e)
{
    struct text t = text_new(a, LINES_BYTES_MAX);
    put_line(&t, e);
    text_putc(&t, '\n');
    put_aws(&t, e);
    put_token(&t, e);
    for (size_t i = 0; e->trace.has_policy && i < e->trace.policy.n_statements; i++)
        put_statement(&t, &e->trace.policy.statements[i]);
    put_hints(&t, e);
    return text_str(&t);
}
