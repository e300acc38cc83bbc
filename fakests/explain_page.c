#include "fakests/explain.h"

#include "base/text.h"
#include "fakests/difference.h"
#include "fakests/plain.h"
#include "fakests/policy/operator.h"

/*
 * An explanation as a page for a terminal.  Lines end at 80 columns; a value that is longer stands
 * on a line of its own, whole, so that it can be copied.
 */

enum { PAGE_BYTES_MAX = 4 * 1024 * 1024, COLUMNS = 80, VALUES_SHOWN = 6, CLAIM_COLUMNS = 400 };

struct page {
    struct text text;
    const struct explanation *e;
    bool colour;
};

enum paint { PLAIN, BOLD, GOOD, BAD, MARK, FAINT };

static void begin(struct page *p, enum paint paint)
{
    static const char *const codes[] = { "", "1", "32", "31", "1;33", "2" };
    if (p->colour && paint != PLAIN)
        text_printf(&p->text, "\033[%sm", codes[paint]);
}

static void end(struct page *p, enum paint paint)
{
    if (p->colour && paint != PLAIN)
        text_put(&p->text, STR("\033[0m"));
}

static void put(struct page *p, enum paint paint, struct str s)
{
    begin(p, paint);
    plain_put(&p->text, s);
    end(p, paint);
}

static void spaces(struct page *p, size_t n)
{
    text_printf(&p->text, "%*s", (int)n, "");
}

/* Without the spaces that waited for a value which then got a line of its own. */
static void line_end(struct page *p)
{
    while (p->text.n && p->text.p[p->text.n - 1] == ' ')
        p->text.n--;
    text_putc(&p->text, '\n');
}

/* ---- lines ---- */

/* Words from the column `at` on; the following lines begin at `indent`. */
static void put_words(struct page *p, struct str s, size_t at, size_t indent)
{
    bool first = true;
    while (s.n) {
        struct str word = str_cut(&s, ' ');
        size_t n = plain_columns(word);
        if (!first && at + 1 + n > COLUMNS) {
            line_end(p);
            spaces(p, indent);
            at = indent;
        } else if (!first) {
            text_putc(&p->text, ' ');
            at++;
        }
        put(p, PLAIN, word);
        at += n;
        first = false;
    }
    line_end(p);
}

/* A value behind what stands in the line up to `at`, or on a line of its own. */
static void put_value(struct page *p, struct str s, size_t at, size_t indent)
{
    if (at + plain_columns(s) > COLUMNS) {
        line_end(p);
        spaces(p, indent);
    }
    put(p, PLAIN, s.n ? s : STR("(empty)"));
    line_end(p);
}

static void put_heading(struct page *p, struct str s)
{
    line_end(p);
    put(p, BOLD, s);
}

enum { LABEL = 12 }; /* the column behind "  AWS says  " */

static void put_label(struct page *p, const char *label)
{
    text_printf(&p->text, "  %-*s", LABEL - 2, label);
}

static void put_mark(struct page *p, bool passed)
{
    spaces(p, 2);
    put(p, passed ? GOOD : BAD, passed ? STR("\xE2\x9C\x93") : STR("\xE2\x9C\x97"));
    spaces(p, 1);
}

/* ---- the answer ---- */

static void put_answer(struct page *p)
{
    const struct explanation *e = p->e;
    char time[TIME_TEXT_BYTES];
    put(p, e->allowed ? GOOD : BAD, e->allowed ? STR("allowed") : STR("denied"));
    text_printf(&p->text, "  %.*s", STR_ARG(e->action));
    if (!e->allowed)
        text_printf(&p->text, "  %s", fault_reason(e->why.fault));
    text_put(&p->text, STR("\n\n"));
    put_label(p, "role");
    put_value(p, e->role_arn, LABEL, LABEL);
    put_label(p, "time");
    put_value(p, str_of(time_write(e->time_s, time)), LABEL, LABEL);
    if (e->allowed)
        return;
    put_label(p, "AWS says");
    put_words(p,
              arena_printf(p->text.arena, "%d %s: %.*s", e->aws.status, e->aws.code,
                           STR_ARG(e->aws.message)),
              LABEL, LABEL);
    put_label(p, "because");
    put_words(p, e->why.detail, LABEL, LABEL);
}

/* ---- claims beside keys ---- */

static struct str key_of(struct page *p, const char *suffix)
{
    return arena_printf(p->text.arena, "%.*s:%s", STR_ARG(p->e->provider_url), suffix);
}

static bool has_key(struct page *p, const char *suffix)
{
    return p->e->trace.context && keys_find(p->e->trace.context, key_of(p, suffix));
}

static struct str joined(struct page *p, struct str list, struct str more)
{
    return list.n ? arena_printf(p->text.arena, "%.*s, %.*s", STR_ARG(list), STR_ARG(more)) : more;
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
    const json_t *value = json_object_get(p->e->trace.claims, arena_cstr(p->text.arena, claim));
    char time[TIME_TEXT_BYTES];
    if (!str_eq(claim, STR("iat")) && !str_eq(claim, STR("exp")) && !str_eq(claim, STR("nbf")))
        return STR("");
    if (!json_is_integer(value))
        return STR("checked against the clock");
    return arena_printf(p->text.arena, "checked against the clock: %s",
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
    const char *name = arena_cstr(p->text.arena, claim);
    return has_key(p, name) ? key_of(p, name) : STR("");
}

static struct str value_text(struct page *p, const json_t *v)
{
    struct str text = json_is_string(v) ? json_str(v) : json_text(p->text.arena, v);
    return text.n ? text : STR("(empty)");
}

/* "  sub   VALUE", and what it became on the next line. */
static void put_claim(struct page *p, const char *name, const json_t *value)
{
    enum { NAME = 6, INDENT = 8 };
    struct str became = becomes(p, str_of(name));
    size_t n = plain_columns(str_of(name)), at = n + 2 <= NAME ? 2 + NAME : 2 + n + 2;
    spaces(p, 2);
    put(p, PLAIN, str_of(name));
    spaces(p, at - 2 - n);
    put_value(p, plain_first(value_text(p, value), CLAIM_COLUMNS), at, INDENT);
    if (!became.n)
        return;
    spaces(p, INDENT);
    put(p, FAINT, STR("\xE2\x86\x92 "));
    put_words(p, became, INDENT + 2, INDENT + 2);
}

/* A claim nothing became of, in one line. */
static void put_unmapped(struct page *p, struct str name)
{
    enum { NAME = 34 };
    const json_t *value = json_object_get(p->e->trace.claims, arena_cstr(p->text.arena, name));
    size_t n = plain_columns(name), at = n < NAME ? 2 + NAME : 2 + n + 2;
    spaces(p, 2);
    plain_put_within(&p->text, name, COLUMNS - 2);
    if (at < COLUMNS) {
        spaces(p, at - 2 - n);
        plain_put_within(&p->text, value_text(p, value), COLUMNS - at);
    }
    line_end(p);
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
    put_heading(p, STR("Claims"));
    text_printf(&p->text, " (%s)%s\n", signatures[t->signature],
                mapped ? ", and the condition keys they became" : "");
    json_object_foreach(t->claims, name, value)
    {
        if (!mapped || !is_unmapped(p, name))
            put_claim(p, name, value);
    }
    if (!mapped || !t->n_unmapped)
        return;
    put_heading(p, STR("Claims that became no condition key"));
    line_end(p);
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
    put_heading(p, STR("Checks"));
    line_end(p);
    if (n) {
        put_mark(p, true);
        text_printf(&p->text, "%zu passed\n", n);
    }
    for (size_t i = 0; i < t->n_checks; i++) {
        if (t->checks[i].passed)
            continue;
        put_mark(p, false);
        put_words(p,
                  arena_printf(p->text.arena, "%s: %.*s", t->checks[i].name,
                               STR_ARG(t->checks[i].detail)),
                  4, 4);
    }
}

/* ---- wanted and got ---- */

enum { SIDE = 14, SIDE_COLUMNS = COLUMNS - SIDE, BEFORE_MIN = 20 };

static enum difference_rule rule_of(const struct policy_condition_trace *c)
{
    if (str_contains(c->operator, STR("Like")))
        return DIFFERENCE_PATTERN;
    return str_contains(c->operator, STR("IgnoreCase")) ? DIFFERENCE_NOCASE : DIFFERENCE_EXACT;
}

/* Whether it is worth laying the two beside each other. */
static bool is_comparison(const struct policy_condition_trace *c)
{
    return c->present && c->n_got == 1 && c->n_wanted > 0 &&
           str_contains(c->operator, STR("String")) && !str_contains(c->operator, STR("Not"));
}

static struct str wanted_of(const struct policy_condition_trace *c, size_t i)
{
    return c->wanted_now[i].p ? c->wanted_now[i] : c->wanted[i];
}

/* The wanted value that goes along with the got one farthest. */
static size_t nearest_wanted(struct page *p, const struct policy_condition_trace *c)
{
    size_t best = 0, farthest = 0;
    for (size_t i = 0; i < c->n_wanted; i++) {
        struct difference d =
            difference_find(p->text.arena, rule_of(c), wanted_of(c, i), c->got[0]);
        if (d.got > farthest) {
            farthest = d.got;
            best = i;
        }
    }
    return best;
}

static void put_side(struct page *p, const char *label, enum paint paint)
{
    spaces(p, 6);
    begin(p, paint);
    text_printf(&p->text, "%-*s", SIDE - 6, label);
    end(p, paint);
}

/* The value moved so that the column `before` of it stands at the column `at`. */
static void put_moved(struct page *p, const char *label, struct str s, size_t before, size_t at)
{
    put_side(p, label, FAINT);
    if (before > at) {
        text_put(&p->text, STR(PLAIN_ELLIPSIS));
        s = str_sub(s, plain_first(s, before - at + 1).n, s.n);
        plain_put_within(&p->text, s, SIDE_COLUMNS - 1);
    } else {
        spaces(p, at - before);
        plain_put_within(&p->text, s, SIDE_COLUMNS - (at - before));
    }
    line_end(p);
}

static size_t greater(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Both below each other, the first difference in the same column, and a caret below it. */
static void put_difference(struct page *p, const struct policy_condition_trace *c,
                           struct str wanted, struct str got)
{
    struct difference d = difference_find(p->text.arena, rule_of(c), wanted, got);
    size_t before_w = plain_columns(str_sub(wanted, 0, d.wanted));
    size_t before_g = plain_columns(str_sub(got, 0, d.got));
    size_t after = greater(plain_columns(wanted) - before_w, plain_columns(got) - before_g);
    size_t at = greater(before_w, before_g);
    size_t room = after < SIDE_COLUMNS - BEFORE_MIN ? SIDE_COLUMNS - after : BEFORE_MIN;
    if (at > room)
        at = room;
    put_moved(p, "wanted", wanted, before_w, at);
    put_moved(p, "got", got, before_g, at);
    spaces(p, SIDE + at);
    put(p, MARK, STR("^"));
    line_end(p);
}

static void put_values(struct page *p, const char *label, const struct str *values, size_t n)
{
    for (size_t i = 0; i < n && i < VALUES_SHOWN; i++) {
        put_side(p, i ? "" : label, FAINT);
        put_value(p, values[i], SIDE, SIDE);
    }
    if (n > VALUES_SHOWN || n == 0) {
        put_side(p, n ? "" : label, FAINT);
        if (n)
            text_printf(&p->text, "and %zu more\n", n - VALUES_SHOWN);
        else
            text_put(&p->text, STR("(an empty list)\n"));
    }
}

static void put_comparison(struct page *p, const struct policy_condition_trace *c)
{
    size_t nearest = nearest_wanted(p, c), shown = 0;
    put_difference(p, c, wanted_of(c, nearest), c->got[0]);
    for (size_t i = 0; i < c->n_wanted && shown < VALUES_SHOWN - 1; i++) {
        if (i == nearest)
            continue;
        put_side(p, shown++ ? "" : "or", FAINT);
        put_value(p, wanted_of(c, i), SIDE, SIDE);
    }
    if (c->n_wanted > VALUES_SHOWN) {
        put_side(p, "", FAINT);
        text_printf(&p->text, "and %zu more\n", c->n_wanted - VALUES_SHOWN);
    }
}

/* ---- statements ---- */

/* An element's name behind its mark, up to the column at which all its values begin. */
static void put_name(struct page *p, bool passed, struct str name, size_t at)
{
    size_t n = plain_columns(name);
    put_mark(p, passed);
    put(p, PLAIN, name);
    spaces(p, 4 + n < at ? at - 4 - n : 1);
}

static void put_condition(struct page *p, const struct policy_condition_trace *c, size_t at)
{
    put_name(p, c->passed, c->operator, at);
    put_value(p, c->key, at, 6);
    if (!c->passed && is_comparison(c)) {
        put_comparison(p, c);
    } else if (!c->passed) {
        put_values(p, "wanted", c->wanted, c->n_wanted);
        if (c->present)
            put_values(p, "got", c->got, c->n_got);
    }
    if (!c->note)
        return;
    put_side(p, "note", FAINT);
    put_words(p, str_of(c->note), SIDE, SIDE);
}

static const json_t *statement_document(struct page *p, size_t index)
{
    const json_t *all = json_object_get(p->e->trust_document, "Statement");
    return json_is_array(all) ? json_array_get(all, index) : all;
}

/* Adds every text of an element to the list. */
static struct str texts_of(struct page *p, const json_t *v, struct str list)
{
    json_t *object = (json_t *)(uintptr_t)v, *value;
    const char *name;
    if (json_is_string(v))
        return joined(p, list, json_str(v));
    for (size_t i = 0; i < json_array_size(v); i++)
        list = texts_of(p, json_array_get(v, i), list);
    json_object_foreach(object, name, value)
    {
        list = texts_of(p, value, list);
    }
    return list;
}

/* "Principal  arn:...", from the document, where that is at hand. */
static void put_element(struct page *p, const struct policy_statement_trace *s, const char *name,
                        const char *negation, bool passed, size_t at)
{
    const json_t *document = statement_document(p, s->index);
    const json_t *element = json_object_get(document, name);
    if (!element && json_object_get(document, negation)) {
        name = negation;
        element = json_object_get(document, negation);
    }
    struct str texts = texts_of(p, element, STR(""));
    put_name(p, passed, str_of(name), at);
    if (str_find(texts, ' ') < texts.n)
        put_words(p, texts, at, at);
    else
        put_value(p, texts, at, 6);
}

/* Behind the longest name, but no farther than a key of an ordinary issuer can bear. */
static size_t values_column(const struct policy_statement_trace *s)
{
    enum { NAME_MAX_COLUMNS = 24 };
    size_t longest = sizeof "Principal" - 1;
    for (size_t i = 0; i < s->n_conditions; i++) {
        size_t n = plain_columns(s->conditions[i].operator);
        if (n > longest && n <= NAME_MAX_COLUMNS)
            longest = n;
    }
    return 4 + longest + 2;
}

static void put_statement(struct page *p, const struct policy_statement_trace *s)
{
    size_t at = values_column(s);
    put_heading(p, arena_printf(p->text.arena, "Statement %zu", s->index));
    text_printf(&p->text, " (%s", s->allow ? "Allow" : "Deny");
    if (s->sid.n) {
        text_put(&p->text, STR(", "));
        plain_put(&p->text, s->sid);
    }
    text_printf(&p->text, ") %s\n", s->matched ? "matches" : "does not match");
    put_element(p, s, "Principal", "NotPrincipal", s->principal, at);
    put_element(p, s, "Action", "NotAction", s->action, at);
    for (size_t i = 0; i < s->n_conditions; i++)
        put_condition(p, &s->conditions[i], at);
}

static void put_statements(struct page *p)
{
    const struct trace *t = &p->e->trace;
    for (size_t i = 0; t->has_policy && i < t->policy.n_statements; i++)
        put_statement(p, &t->policy.statements[i]);
}

/* ---- hints ---- */

static void put_json(struct page *p, const json_t *value)
{
    struct str text = json_text_pretty(p->text.arena, value);
    while (text.n) {
        spaces(p, 6);
        put(p, PLAIN, str_cut(&text, '\n'));
        line_end(p);
    }
}

/* What is edited: "the trust policy of arn:...". */
static struct str document_name(struct page *p, const struct hint_edit *e)
{
    struct arena *a = p->text.arena;
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
    spaces(p, 4);
    put_words(p,
              arena_printf(p->text.arena, "in %.*s: %s %.*s", STR_ARG(document_name(p, e)), e->op,
                           STR_ARG(e->path)),
              4, 6);
    if (e->value)
        put_json(p, e->value);
}

static void put_hint(struct page *p, const struct hint *h)
{
    spaces(p, 2);
    put(p, MARK, str_of(h->id));
    text_put(&p->text, h->kind == HINT_WARNING ? STR(" (an open door)\n") : STR("\n"));
    spaces(p, 4);
    put_words(p, h->text, 4, 4);
    put_edit(p, &h->edit);
}

static void put_hints(struct page *p)
{
    const struct hints *hints = &p->e->hints;
    if (!hints->n)
        return;
    put_heading(p, STR("Hints"));
    line_end(p);
    for (size_t i = 0; i < hints->n; i++)
        put_hint(p, &hints->items[i]);
}

struct str explain_page(struct arena *a, const struct explanation *e, bool colour)
{
    struct page p = { text_new(a, PAGE_BYTES_MAX), e, colour };
    put_answer(&p);
    put_claims(&p);
    put_checks(&p);
    put_statements(&p);
    put_hints(&p);
    return text_str(&p.text);
}
