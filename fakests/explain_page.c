#include "fakests/explain.h"

#include "fakests/plain.h"
#include "fakests/terminal_statement.h"

/* An explanation as a page for a terminal. */

enum { CLAIM_COLUMNS = 400 };

struct page {
    struct terminal out;
    const struct explanation *e;
};

/* ---- the answer ---- */

static void put_answer(struct page *p)
{
    const struct explanation *e = p->e;
    char time[TIME_TEXT_BYTES];
    terminal_put(&p->out, e->allowed ? TERMINAL_GOOD : TERMINAL_BAD,
                 e->allowed ? STR("allowed") : STR("denied"));
    text_printf(&p->out.text, "  %.*s", STR_ARG(e->action));
    if (!e->allowed)
        text_printf(&p->out.text, "  %s", fault_reason(e->why.fault));
    text_put(&p->out.text, STR("\n\n"));
    terminal_label(&p->out, "role");
    terminal_value(&p->out, e->role_arn, TERMINAL_LABEL, TERMINAL_LABEL);
    terminal_label(&p->out, "time");
    terminal_value(&p->out, str_of(time_write(e->time_s, time)), TERMINAL_LABEL, TERMINAL_LABEL);
    if (e->allowed)
        return;
    terminal_label(&p->out, "AWS says");
    terminal_words(&p->out,
                   arena_printf(p->out.text.arena, "%d %s: %.*s", e->aws.status, e->aws.code,
                                STR_ARG(e->aws.message)),
                   TERMINAL_LABEL, TERMINAL_LABEL);
    terminal_label(&p->out, "because");
    terminal_words(&p->out, e->why.detail, TERMINAL_LABEL, TERMINAL_LABEL);
}

/* ---- claims beside keys ---- */

static struct str key_of(struct page *p, const char *suffix)
{
    return arena_printf(p->out.text.arena, "%.*s:%s", STR_ARG(p->e->provider_url), suffix);
}

static bool has_key(struct page *p, const char *suffix)
{
    return p->e->trace.context && keys_find(p->e->trace.context, key_of(p, suffix));
}

static struct str joined(struct page *p, struct str list, struct str more)
{
    return list.n ? arena_printf(p->out.text.arena, "%.*s, %.*s", STR_ARG(list), STR_ARG(more))
                  : more;
}

/* The keys of the issuer that come from aud and azp are not called like the claim. */
static struct str audience_keys(struct page *p, struct str claim)
{
    bool azp = json_is_string(json_object_get(p->e->trace.claims, "azp"));
    struct str keys = STR("");
    if (str_eq(claim, STR("azp")) || (!azp && str_eq(claim, STR("aud"))))
        keys = joined(p, keys, key_of(p, "aud"));
    if (str_eq(claim, STR("aud")) && has_key(p, "oaud"))
        keys = joined(p, keys, key_of(p, "oaud"));
    return keys;
}

/* Every key whose name begins so. */
static struct str keys_under(struct page *p, struct str beginning, struct str list)
{
    const struct keys *k = p->e->trace.context;
    for (size_t i = 0; i < k->n; i++)
        if (str_starts(k->entries[i].name, beginning))
            list = joined(p, list, k->entries[i].name);
    return list;
}

static const struct other_claim {
    struct str claim;
    const char *becomes;
} other_claims[] = {
    { STR_INIT("https://aws.amazon.com/roles"), "sts:RoleAuthorizedByIdp" },
    { STR_INIT("https://aws.amazon.com/source_identity"), "sts:SourceIdentity" },
};

/* "checked against the clock: 2026-11-21T20:17:00Z"; empty when the claim is no time. */
static struct str time_becomes(struct page *p, struct str claim)
{
    const json_t *value = json_object_get(p->e->trace.claims, arena_cstr(p->out.text.arena, claim));
    char time[TIME_TEXT_BYTES];
    if (!str_eq(claim, STR("iat")) && !str_eq(claim, STR("exp")) && !str_eq(claim, STR("nbf")))
        return STR("");
    if (!json_is_integer(value))
        return STR("checked against the clock");
    return arena_printf(p->out.text.arena, "checked against the clock: %s",
                        time_write(json_integer_value(value), time));
}

/* What became of a claim; empty: nothing. */
static struct str becomes(struct page *p, struct str claim)
{
    struct str clock = time_becomes(p, claim);
    if (clock.n)
        return clock;
    if (str_eq(claim, STR("iss")))
        return p->e->provider_url.n ? STR("the provider, which Principal names") : STR("");
    for (size_t i = 0; i < sizeof other_claims / sizeof other_claims[0]; i++)
        if (str_eq(other_claims[i].claim, claim))
            return str_of(other_claims[i].becomes);
    if (!p->e->trace.context)
        return STR("");
    if (str_starts(claim, STR("https://aws.amazon.com/tags")))
        return keys_under(p, STR("aws:RequestTag/"),
                          keys_under(p, STR("sts:TransitiveTagKeys"), STR("aws:TagKeys")));
    if (str_eq(claim, STR("aud")) || str_eq(claim, STR("azp")))
        return audience_keys(p, claim);
    const char *name = arena_cstr(p->out.text.arena, claim);
    return has_key(p, name) ? key_of(p, name) : STR("");
}

static struct str value_text(struct page *p, const json_t *v)
{
    struct str text = json_is_string(v) ? json_str(v) : json_text(p->out.text.arena, v);
    return text.n ? text : STR("(empty)");
}

/* "  sub   VALUE", and what it became on the next line. */
static void put_claim(struct page *p, const char *name, const json_t *value)
{
    enum { NAME = 6, INDENT = 8 };
    struct str became = becomes(p, str_of(name));
    size_t n = plain_columns(str_of(name)), at = n + 2 <= NAME ? 2 + NAME : 2 + n + 2;
    terminal_spaces(&p->out, 2);
    terminal_put(&p->out, TERMINAL_PLAIN, str_of(name));
    terminal_spaces(&p->out, at - 2 - n);
    terminal_value(&p->out, plain_first(value_text(p, value), CLAIM_COLUMNS), at, INDENT);
    if (!became.n)
        return;
    terminal_spaces(&p->out, INDENT);
    terminal_put(&p->out, TERMINAL_FAINT, STR("\xE2\x86\x92 "));
    terminal_words(&p->out, became, INDENT + 2, INDENT + 2);
}

/* A claim nothing became of, in one line. */
static void put_unmapped(struct page *p, struct str name)
{
    enum { NAME = 34 };
    const json_t *value = json_object_get(p->e->trace.claims, arena_cstr(p->out.text.arena, name));
    size_t n = plain_columns(name), at = n < NAME ? 2 + NAME : 2 + n + 2;
    terminal_spaces(&p->out, 2);
    plain_put_within(&p->out.text, name, TERMINAL_COLUMNS - 2);
    if (at < TERMINAL_COLUMNS) {
        terminal_spaces(&p->out, at - 2 - n);
        plain_put_within(&p->out.text, value_text(p, value), TERMINAL_COLUMNS - at);
    }
    terminal_line_end(&p->out);
}

static bool is_unmapped(struct page *p, const char *name)
{
    for (size_t i = 0; i < p->e->trace.n_unmapped; i++)
        if (str_eq(p->e->trace.unmapped[i], str_of(name)))
            return true;
    return false;
}

static void put_claims(struct page *p)
{
    static const char *const signatures[] = { "signature not checked", "signature valid",
                                              "signature invalid" };
    const struct trace *t = &p->e->trace;
    bool mapped = t->context != NULL;
    json_t *value;
    const char *name;
    if (!t->claims)
        return;
    terminal_heading(&p->out, STR("Claims"));
    text_printf(&p->out.text, " (%s)%s\n", signatures[t->signature],
                mapped ? ", and the condition keys they became" : "");
    json_object_foreach(t->claims, name, value)
    {
        if (!mapped || !is_unmapped(p, name))
            put_claim(p, name, value);
    }
    if (!mapped || !t->n_unmapped)
        return;
    terminal_heading(&p->out, STR("Claims that became no condition key"));
    terminal_line_end(&p->out);
    for (size_t i = 0; i < t->n_unmapped; i++)
        put_unmapped(p, t->unmapped[i]);
}

/* ---- checks ---- */

static size_t count_passed(const struct trace *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_checks; i++)
        n += t->checks[i].passed;
    return n;
}

static void put_checks(struct page *p)
{
    const struct trace *t = &p->e->trace;
    size_t n = count_passed(t);
    terminal_heading(&p->out, STR("Checks"));
    terminal_line_end(&p->out);
    if (n) {
        terminal_mark(&p->out, true);
        text_printf(&p->out.text, "%zu passed\n", n);
    }
    for (size_t i = 0; i < t->n_checks; i++) {
        if (t->checks[i].passed)
            continue;
        terminal_mark(&p->out, false);
        terminal_words(&p->out,
                       arena_printf(p->out.text.arena, "%s: %.*s", t->checks[i].name,
                                    STR_ARG(t->checks[i].detail)),
                       4, 4);
    }
}

/* ---- statements ---- */

static void put_statements(struct page *p)
{
    const struct trace *t = &p->e->trace;
    for (size_t i = 0; t->has_policy && i < t->policy.n_statements; i++)
        terminal_statement_put(&p->out,
                               &(struct terminal_statement){ .seen = &t->policy.statements[i],
                                                             .document = p->e->trust_document,
                                                             .who = true });
}

/* ---- hints ---- */

/* What is edited: "the trust policy of arn:...". */
static struct str document_name(struct page *p, const struct hint_edit *e)
{
    struct arena *a = p->out.text.arena;
    if (strcmp(e->target, "request") == 0)
        return STR("the request");
    if (strcmp(e->target, "trust-policy") == 0)
        return STR("the trust policy");
    if (!e->path.n)
        return arena_printf(a, "a new provider, %.*s", STR_ARG(e->of));
    return arena_printf(a, "the %s %.*s", e->target, STR_ARG(e->of));
}

static void put_edit(struct page *p, const struct hint_edit *e)
{
    if (!e->target)
        return;
    terminal_spaces(&p->out, 4);
    terminal_words(&p->out,
                   arena_printf(p->out.text.arena, "in %.*s: %s %.*s", STR_ARG(document_name(p, e)),
                                e->op, STR_ARG(e->path)),
                   4, 6);
    if (e->value)
        terminal_json(&p->out, json_text_pretty(p->out.text.arena, e->value), 6);
}

static void put_hint(struct page *p, const struct hint *h)
{
    terminal_spaces(&p->out, 2);
    terminal_put(&p->out, TERMINAL_MARK, str_of(h->id));
    text_put(&p->out.text, h->kind == HINT_WARNING ? STR(" (an open door)\n") : STR("\n"));
    terminal_spaces(&p->out, 4);
    terminal_words(&p->out, h->text, 4, 4);
    put_edit(p, &h->edit);
}

static void put_hints(struct page *p)
{
    const struct hints *hints = &p->e->hints;
    if (!hints->n)
        return;
    terminal_heading(&p->out, STR("Hints"));
    terminal_line_end(&p->out);
    for (size_t i = 0; i < hints->n; i++)
        put_hint(p, &hints->items[i]);
}

struct str explain_page(struct arena *a, const struct explanation *e, bool colour)
{
    struct page p = { terminal_new(a, colour), e };
    put_answer(&p);
    put_claims(&p);
    put_checks(&p);
    put_statements(&p);
    put_hints(&p);
    return text_str(&p.out.text);
}
