#include "fakests/terminal_statement.h"

#include "fakests/difference.h"
#include "fakests/plain.h"

/* ---- wanted and got ---- */

enum { SIDE = 14, SIDE_COLUMNS = TERMINAL_COLUMNS - SIDE, BEFORE_MIN = 20, VALUES_SHOWN = 6 };

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
static size_t nearest_wanted(struct terminal *t, const struct policy_condition_trace *c)
{
    size_t best = 0, farthest = 0;
    for (size_t i = 0; i < c->n_wanted; i++) {
        struct difference d =
            difference_find(t->text.arena, rule_of(c), wanted_of(c, i), c->got[0]);
        if (d.got > farthest) {
            farthest = d.got;
            best = i;
        }
    }
    return best;
}

static void put_side(struct terminal *t, const char *label, enum terminal_paint paint)
{
    terminal_spaces(t, 6);
    terminal_put(t, paint, arena_printf(t->text.arena, "%-*s", SIDE - 6, label));
}

/* The value moved so that the column `before` of it stands at the column `at`. */
static void put_moved(struct terminal *t, const char *label, struct str s, size_t before, size_t at)
{
    put_side(t, label, TERMINAL_FAINT);
    if (before > at) {
        text_put(&t->text, STR(PLAIN_ELLIPSIS));
        s = str_sub(s, plain_first(s, before - at + 1).n, s.n);
        plain_put_within(&t->text, s, SIDE_COLUMNS - 1);
    } else {
        terminal_spaces(t, at - before);
        plain_put_within(&t->text, s, SIDE_COLUMNS - (at - before));
    }
    terminal_line_end(t);
}

static size_t greater(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Both below each other, the first difference in the same column, and a caret below it. */
static void put_difference(struct terminal *t, const struct policy_condition_trace *c,
                           struct str wanted, struct str got)
{
    struct difference d = difference_find(t->text.arena, rule_of(c), wanted, got);
    size_t before_w = plain_columns(str_sub(wanted, 0, d.wanted));
    size_t before_g = plain_columns(str_sub(got, 0, d.got));
    size_t after = greater(plain_columns(wanted) - before_w, plain_columns(got) - before_g);
    size_t at = greater(before_w, before_g);
    size_t room = after < SIDE_COLUMNS - BEFORE_MIN ? SIDE_COLUMNS - after : BEFORE_MIN;
    if (at > room)
        at = room;
    put_moved(t, "wanted", wanted, before_w, at);
    put_moved(t, "got", got, before_g, at);
    terminal_spaces(t, SIDE + at);
    terminal_put(t, TERMINAL_MARK, STR("^"));
    terminal_line_end(t);
}

static void put_values(struct terminal *t, const char *label, const struct str *values, size_t n)
{
    for (size_t i = 0; i < n && i < VALUES_SHOWN; i++) {
        put_side(t, i ? "" : label, TERMINAL_FAINT);
        terminal_value(t, values[i], SIDE, SIDE);
    }
    if (n > VALUES_SHOWN || n == 0) {
        put_side(t, n ? "" : label, TERMINAL_FAINT);
        if (n)
            text_printf(&t->text, "and %zu more\n", n - VALUES_SHOWN);
        else
            text_put(&t->text, STR("(an empty list)\n"));
    }
}

static void put_comparison(struct terminal *t, const struct policy_condition_trace *c)
{
    size_t nearest = nearest_wanted(t, c), shown = 0;
    put_difference(t, c, wanted_of(c, nearest), c->got[0]);
    for (size_t i = 0; i < c->n_wanted && shown < VALUES_SHOWN - 1; i++) {
        if (i == nearest)
            continue;
        put_side(t, shown++ ? "" : "or", TERMINAL_FAINT);
        terminal_value(t, wanted_of(c, i), SIDE, SIDE);
    }
    if (c->n_wanted > VALUES_SHOWN) {
        put_side(t, "", TERMINAL_FAINT);
        text_printf(&t->text, "and %zu more\n", c->n_wanted - VALUES_SHOWN);
    }
}

/* ---- elements ---- */

/* An element's name behind its mark, up to the column at which all its values begin. */
static void put_name(struct terminal *t, bool passed, struct str name, size_t at)
{
    size_t n = plain_columns(name);
    terminal_mark(t, passed);
    terminal_put(t, TERMINAL_PLAIN, name);
    terminal_spaces(t, 4 + n < at ? at - 4 - n : 1);
}

static void put_condition(struct terminal *t, const struct policy_condition_trace *c, size_t at)
{
    put_name(t, c->passed, c->operator, at);
    terminal_value(t, c->key, at, 6);
    if (!c->passed && is_comparison(c)) {
        put_comparison(t, c);
    } else if (!c->passed) {
        put_values(t, "wanted", c->wanted, c->n_wanted);
        if (c->present)
            put_values(t, "got", c->got, c->n_got);
    }
    if (!c->note)
        return;
    put_side(t, "note", TERMINAL_FAINT);
    terminal_words(t, str_of(c->note), SIDE, SIDE);
}

/* NULL when there is none. */
static const json_t *statement_of(const json_t *document, size_t index)
{
    const json_t *all = json_object_get(document, "Statement");
    return json_is_array(all) ? json_array_get(all, index) : all;
}

static struct str joined(struct arena *a, struct str list, struct str more)
{
    return list.n ? arena_join(a, list, STR(", "), more) : more;
}

/* Adds every text of an element to the list. */
static struct str texts_of(struct arena *a, const json_t *v, struct str list)
{
    json_t *object = (json_t *)(uintptr_t)v, *value;
    const char *name;
    if (json_is_string(v))
        return joined(a, list, json_str(v));
    for (size_t i = 0; i < json_array_size(v); i++)
        list = texts_of(a, json_array_get(v, i), list);
    json_object_foreach(object, name, value)
    {
        list = texts_of(a, value, list);
    }
    return list;
}

/* "Action  sts:AssumeRoleWithWebIdentity"; the statement may hold the negation instead. */
static void put_element(struct terminal *t, const json_t *statement, const char *name,
                        const char *negation, bool passed, size_t at)
{
    const json_t *element = json_object_get(statement, name);
    if (!element && json_object_get(statement, negation)) {
        name = negation;
        element = json_object_get(statement, negation);
    }
    struct str texts = texts_of(t->text.arena, element, STR(""));
    put_name(t, passed, str_of(name), at);
    if (str_find(texts, ' ') < texts.n)
        terminal_words(t, texts, at, at);
    else
        terminal_value(t, texts, at, 6);
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

static void put_title(struct terminal *t, const struct terminal_statement *s)
{
    terminal_heading(t, arena_printf(t->text.arena, "Statement %zu", s->seen->index));
    if (s->of.n) {
        text_put(&t->text, STR(" of "));
        plain_put(&t->text, s->of);
    }
    text_printf(&t->text, " (%s", s->seen->allow ? "Allow" : "Deny");
    if (s->seen->sid.n) {
        text_put(&t->text, STR(", "));
        plain_put(&t->text, s->seen->sid);
    }
    text_printf(&t->text, ") %s\n", s->seen->matched ? "matches" : "does not match");
}

void terminal_statement_put(struct terminal *t, const struct terminal_statement *s)
{
    const json_t *statement = statement_of(s->document, s->seen->index);
    size_t at = values_column(s->seen);
    put_title(t, s);
    if (s->who)
        put_element(t, statement, "Principal", "NotPrincipal", s->seen->principal, at);
    put_element(t, statement, "Action", "NotAction", s->seen->action, at);
    if (s->what)
        put_element(t, statement, "Resource", "NotResource", s->seen->resource, at);
    for (size_t i = 0; i < s->seen->n_conditions; i++)
        put_condition(t, &s->seen->conditions[i], at);
}
