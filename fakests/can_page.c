#include "fakests/can.h"
#include "fakests/plain.h"
#include "fakests/terminal_statement.h"

/* The answer of `can` as a page for a terminal. */

struct page {
    struct terminal out;
    const struct can_answer *answer;
};

/* ---- the answer ---- */

static void put_line(struct page *p, const char *label, struct str value)
{
    terminal_label(&p->out, label);
    terminal_value(&p->out, value, TERMINAL_LABEL, TERMINAL_LABEL);
}

static void put_words(struct page *p, const char *label, struct str words)
{
    terminal_label(&p->out, label);
    terminal_words(&p->out, words, TERMINAL_LABEL, TERMINAL_LABEL);
}

/* "policy deploy", "attached policy X", "permissions boundary Y". */
static struct str policy_called(struct page *p, const struct can_policy *policy)
{
    const char *kind = policy->boundary    ? "permissions boundary"
                       : policy->is_inline ? "inline policy"
                                           : "attached policy";
    return arena_printf(p->out.text.arena, "%s %.*s", kind, STR_ARG(policy->name));
}

/* The first statement that decided. */
static void put_by(struct page *p)
{
    for (size_t i = 0; i < p->answer->n_policies; i++) {
        const struct can_policy *policy = &p->answer->policies[i];
        for (size_t j = 0; j < policy->trace->n_statements; j++) {
            const struct policy_statement_trace *s = &policy->trace->statements[j];
            if (policy->boundary != (p->answer->source == SOURCE_BOUNDARY) ||
                !can_concerns(p->answer, policy, s))
                continue;
            put_words(p, "by",
                      arena_printf(p->out.text.arena, "statement %zu%s%.*s%s of the %.*s", s->index,
                                   s->sid.n ? " (" : "", STR_ARG(s->sid), s->sid.n ? ")" : "",
                                   STR_ARG(policy_called(p, policy))));
            return;
        }
    }
}

static void put_answer(struct page *p)
{
    const struct can_answer *answer = p->answer;
    terminal_put(&p->out, answer->allowed ? TERMINAL_GOOD : TERMINAL_BAD,
                 answer->allowed ? STR("allowed") : STR("denied"));
    text_put(&p->out.text, STR("  "));
    terminal_put(&p->out, TERMINAL_PLAIN, answer->action);
    text_put(&p->out.text, STR("\n\n"));
    put_line(p, "role", answer->role->arn);
    put_line(p, "resource", answer->resource);
    if (answer->allowed || answer->explicit_deny)
        put_by(p);
    if (!answer->allowed)
        put_words(p, "AWS says",
                  arena_join(p->out.text.arena, STR(PLAIN_ELLIPSIS " "), answer->because));
    if (answer->other_account.n)
        put_words(p, "note",
                  arena_printf(p->out.text.arena,
                               "the resource is account %.*s's: its own policy has to allow it too",
                               STR_ARG(answer->other_account)));
}

/* ---- statements ---- */

static void put_statements(struct page *p)
{
    for (size_t i = 0; i < p->answer->n_policies; i++) {
        const struct can_policy *policy = &p->answer->policies[i];
        for (size_t j = 0; j < policy->trace->n_statements; j++) {
            const struct policy_statement_trace *s = &policy->trace->statements[j];
            struct terminal_statement put = {
                .seen = s, .document = policy->document, .of = policy->name, .what = true
            };
            if (can_concerns(p->answer, policy, s))
                terminal_statement_put(&p->out, &put);
        }
    }
}

static void put_list(struct page *p, struct str heading, const struct str *items, size_t n)
{
    if (!n)
        return;
    terminal_heading(&p->out, heading);
    terminal_line_end(&p->out);
    for (size_t i = 0; i < n; i++) {
        terminal_spaces(&p->out, 2);
        terminal_value(&p->out, items[i], 2, 2);
    }
}

/* ---- hints ---- */

static void put_hints(struct page *p)
{
    if (!p->answer->n_hints)
        return;
    terminal_heading(&p->out, STR("Hints"));
    terminal_line_end(&p->out);
    for (size_t i = 0; i < p->answer->n_hints; i++) {
        const struct can_hint *h = &p->answer->hints[i];
        terminal_spaces(&p->out, 2);
        terminal_put(&p->out, TERMINAL_MARK, str_of(h->id));
        terminal_line_end(&p->out);
        terminal_spaces(&p->out, 4);
        terminal_words(&p->out, h->text, 4, 4);
        if (h->statement)
            terminal_json(&p->out, json_text_pretty(p->out.text.arena, h->statement), 6);
    }
}

struct str can_page(struct arena *a, const struct can_answer *answer, bool colour)
{
    struct page p = { terminal_new(a, colour), answer };
    put_answer(&p);
    put_statements(&p);
    put_list(&p, STR("Condition keys that nobody gave (--context KEY=VALUE)"), answer->missing,
             answer->n_missing);
    put_list(&p, STR("Policies whose documents are not here, and allow nothing"), answer->unknown,
             answer->n_unknown);
    put_hints(&p);
    return text_str(&p.out.text);
}
