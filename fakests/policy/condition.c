#include "fakests/policy/condition.h"

#include "base/nearest.h"
#include "fakests/policy/match.h"
#include "fakests/policy/simulated.h"

/* ---- reading ---- */

static const struct str prefixes[] = { STR_INIT("ForAnyValue"), STR_INIT("ForAllValues") };
static const enum condition_set sets[] = { CONDITION_ANY_VALUE, CONDITION_ALL_VALUES };
enum { PREFIXES = sizeof prefixes / sizeof prefixes[0], QUOTED_MAX = 80 };

#define IF_EXISTS STR("IfExists")

/* Takes "ForAnyValue:" off the front; false when another word stands before a colon. */
static bool take_prefix(struct str *name, enum condition_set *set)
{
    *set = CONDITION_SCALAR;
    if (str_find(*name, ':') == name->n)
        return true;
    struct str prefix = str_cut(name, ':');
    for (size_t i = 0; i < PREFIXES; i++) {
        if (!str_eq(prefix, prefixes[i]))
            continue;
        *set = sets[i];
        return true;
    }
    return false;
}

static bool take_if_exists(struct str *name)
{
    if (!str_ends(*name, IF_EXISTS))
        return false;
    name->n -= IF_EXISTS.n;
    return true;
}

/* "ForAnyValue:StringLikeIfExists" put together from the nearest words there are. */
static struct str suggestion(struct arena *a, struct str spelling)
{
    struct str prefix = STR(""), name = spelling;
    if (str_find(name, ':') < name.n)
        prefix = nearest_of(str_cut(&name, ':'), prefixes, PREFIXES);
    else if (str_starts(name, STR("ForA")))
        for (size_t i = 0; i < PREFIXES; i++)
            if (str_starts(name, prefixes[i])) {
                prefix = prefixes[i];
                name = str_sub(name, prefix.n, name.n);
            }
    bool if_exists = take_if_exists(&name);
    struct str near = operator_nearest(name);
    if (!near.n || (if_exists && str_eq(near, STR("Null"))))
        return near;
    return arena_printf(a, "%.*s%s%.*s%s", STR_ARG(prefix), prefix.n ? ":" : "", STR_ARG(near),
                        if_exists ? "IfExists" : "");
}

static struct outcome refuse_operator(const struct json_at *at, struct why *why)
{
    struct str spelling = str_sub(str_of(at->key), 0, QUOTED_MAX);
    struct str aws = arena_printf(why->arena, "Invalid Condition type : %.*s", STR_ARG(spelling));
    struct str near = suggestion(why->arena, spelling);
    if (near.n)
        return element_refuse(at, why, aws,
                              "unknown condition operator \"%.*s\"; did you mean \"%.*s\"?",
                              STR_ARG(spelling), STR_ARG(near));
    return element_refuse(at, why, aws, "unknown condition operator \"%.*s\"", STR_ARG(spelling));
}

static struct outcome read_operator(struct arena *a, struct why *why, const struct json_at *at,
                                    struct condition_rules rules, struct condition *out)
{
    struct str name = str_of(at->key);
    out->spelling = arena_str(a, name);
    bool known_prefix = take_prefix(&name, &out->set);
    out->if_exists = take_if_exists(&name);
    out->op = operator_find(name);
    if (!known_prefix || !out->op)
        return refuse_operator(at, why);
    out->stops = rules.simulated && simulated_stops(out->op);
    if (out->op->presence && (out->if_exists || out->set != CONDITION_SCALAR))
        return element_refuse(at, why, STR(ELEMENT_SYNTAX),
                              "Null takes neither IfExists nor ForAnyValue: or ForAllValues:");
    return OK;
}

/* Compiles one wanted value; false when it is no such literal. */
static bool compile(struct arena *a, const struct condition *c, struct str text, bool variables,
                    struct condition_wanted *out)
{
    unsigned rules = (c->op->variables && variables ? VARIABLE_SUBSTITUTE : VARIABLE_PLAIN) |
                     (c->op->wildcards ? VARIABLE_WILDCARDS : VARIABLE_PLAIN);
    out->text = variable_read(a, text, rules);
    if (out->text.has_variables)
        return true;
    out->valid = c->op->read_wanted(a, out->text.text, &out->value);
    return out->valid;
}

static struct outcome read_wanted(struct arena *a, struct why *why, const struct json_at *at,
                                  struct condition_rules rules, struct condition *c)
{
    struct element_list list;
    TRY(element_strings(a, why, at, ELEMENT_SCALARS, &list));
    c->texts = list.texts;
    c->n_wanted = list.n;
    c->wanted = arena_array(a, struct condition_wanted, list.n);
    for (size_t i = 0; i < list.n; i++) {
        bool valid = compile(a, c, list.texts[i], rules.variables, &c->wanted[i]);
        c->has_variables |= c->wanted[i].text.has_variables;
        if (valid || !(rules.strict_literals || c->op->strict_in_sessions))
            continue;
        struct json_at item = json_is_array(at->value) ? json_at_item(at, i) : *at;
        return element_refuse(&item, why, STR(ELEMENT_SYNTAX), "%.*s: \"%.*s\" is %s",
                              STR_ARG(c->spelling), STR_ARG(str_sub(list.texts[i], 0, 200)),
                              c->op->bad_wanted);
    }
    return OK;
}

/* One operator and the keys below it.  IAM takes any word for an operator with no keys (observed).
 */
static struct outcome read_block(struct arena *a, struct why *why, const struct json_at *at,
                                 struct condition_rules rules, struct condition_list *list)
{
    const char *key;
    json_t *value;
    struct condition head = { 0 };

    if (!json_is_object(at->value))
        return element_refuse(at, why, STR(ELEMENT_SYNTAX),
                              "an operator is to hold an object of keys and values, not %s",
                              json_type_name(at->value));
    if (json_object_size(at->value))
        TRY(read_operator(a, why, at, rules, &head));
    json_object_foreach(at->value, key, value)
    {
        struct json_at member = element_member(at, key, value);
        struct condition *c = &list->conditions[list->n];
        *c = head;
        c->key = arena_str(a, str_of(key));
        c->hash = str_hash_nocase(c->key);
        TRY(read_wanted(a, why, &member, rules, c));
        list->n++;
    }
    return OK;
}

struct outcome condition_read(struct arena *a, struct why *why, const struct json_at *at,
                              struct condition_rules rules, struct condition_list *out)
{
    const char *key;
    json_t *value;
    size_t n = 0;
    struct condition_list list = { 0 };

    if (!json_is_object(at->value))
        return element_refuse(at, why, STR(ELEMENT_SYNTAX),
                              "Condition is to be an object of operators, not %s",
                              json_type_name(at->value));
    json_object_foreach(at->value, key, value)
    {
        n += json_object_size(value);
    }
    list.conditions = arena_array(a, struct condition, n);
    json_object_foreach(at->value, key, value)
    {
        struct json_at member = element_member(at, key, value);
        TRY(read_block(a, why, &member, rules, &list));
    }
    *out = list;
    return OK;
}

/* ---- evaluating ---- */

struct asking {
    const struct condition *c;
    const struct policy_ask *ask;
    bool allow;
    const char *note; /* the first thing worth telling */
    struct condition_wanted
        *filled;     /* the wanted values with their variables put in, once needed */
    bool *has_value; /* of each: whether its variables have one */
};

static void tell(struct asking *q, const char *note)
{
    if (!q->note)
        q->note = note;
}

/* Puts a wanted value's variables in; false when one of them has no single value. */
static bool fill(struct asking *q, const struct condition_wanted *w, struct condition_wanted *out)
{
    struct str text;
    if (!variable_fill(&w->text, q->ask->keys, q->ask->arena, &text))
        return false;
    out->valid = q->c->op->read_wanted(q->ask->arena, text, &out->value);
    return true;
}

/* Once a condition, not once a value of the request: a list may have thousands. */
static void fill_all(struct asking *q)
{
    const struct condition *c = q->c;
    if (q->filled)
        return;
    q->filled = arena_array(q->ask->arena, struct condition_wanted, c->n_wanted);
    q->has_value = arena_array(q->ask->arena, bool, c->n_wanted);
    for (size_t i = 0; i < c->n_wanted; i++)
        if (c->wanted[i].text.has_variables)
            q->has_value[i] = fill(q, &c->wanted[i], &q->filled[i]);
}

/* The wanted value i as it stands in this request; NULL when one of its variables has no value. */
static const struct condition_wanted *wanted_now(struct asking *q, size_t i)
{
    const struct condition_wanted *w = &q->c->wanted[i];
    if (!w->text.has_variables)
        return w;
    fill_all(q);
    if (q->has_value[i])
        return &q->filled[i];
    tell(q, "a variable has no single value, so that wanted value matches nothing");
    return NULL;
}

/* Whether one value of the request satisfies the operator: it equals one wanted value, or none. */
static bool value_holds(struct asking *q, struct str text)
{
    const struct operator_row *op = q->c->op;
    union operator_value got;

    if (!op->read_got(q->ask->arena, text, &got)) {
        tell(q, op->bad_got);
        return op->negated && !op->bad_got_never;
    }
    for (size_t i = 0; i < q->c->n_wanted; i++) {
        const struct condition_wanted *w = wanted_now(q, i);
        if (!w)
            continue;
        if (!w->valid && op->bad_wanted_denies) {
            /* Wanted values are tried in order: an earlier match would have settled it (observed).
             */
            tell(q, "a wanted value is no ARN: that fails an Allow and meets a Deny");
            return !q->allow;
        }
        if (!w->valid && q->c->stops) {
            tell(q, "a wanted value is no address: there the simulator stops, with false");
            return false;
        }
        if (w->valid && op->matches(op, &w->value, &got))
            return !op->negated;
    }
    return op->negated;
}

static bool any_holds(struct asking *q, const struct keys_entry *e)
{
    for (size_t i = 0; i < e->n_values; i++)
        if (value_holds(q, e->values[i]))
            return true;
    return false;
}

static bool all_hold(struct asking *q, const struct keys_entry *e)
{
    for (size_t i = 0; i < e->n_values; i++)
        if (!value_holds(q, e->values[i]))
            return false;
    return true;
}

static bool present_holds(struct asking *q, const struct keys_entry *e)
{
    switch (q->c->set) {
    case CONDITION_ANY_VALUE:
        if (!e->n_values)
            tell(q, "the list is empty, and ForAnyValue: wants a value");
        return any_holds(q, e);
    case CONDITION_ALL_VALUES:
        if (!e->n_values)
            tell(q, "the list is empty, which satisfies ForAllValues:");
        return all_hold(q, e);
    case CONDITION_SCALAR:
        break;
    }
    if (e->is_list || e->n_values != 1) {
        tell(q, "the key is a list, which only ForAnyValue: and ForAllValues: can match");
        return false;
    }
    return value_holds(q, e->values[0]);
}

static bool absent_holds(struct asking *q)
{
    const struct condition *c = q->c;
    if (c->if_exists) {
        tell(q, "the key is absent, which satisfies IfExists");
        return true;
    }
    if (c->set == CONDITION_ALL_VALUES) {
        tell(q, "the key is absent, which satisfies ForAllValues:");
        return true;
    }
    if (c->set == CONDITION_SCALAR && c->op->negated) {
        tell(q, "the key is absent, which satisfies a negated operator");
        return true;
    }
    tell(q, "the key is absent");
    return false;
}

/* Null: "true" wants the key absent, "false" present, if only as an empty text or list (observed).
 */
static bool presence_holds(const struct condition *c, bool present)
{
    for (size_t i = 0; i < c->n_wanted; i++)
        if (c->wanted[i].value.yes != present)
            return true;
    return false;
}

static bool holds(struct asking *q, const struct keys_entry *e)
{
    if (q->c->op->presence)
        return presence_holds(q->c, e != NULL);
    return e ? present_holds(q, e) : absent_holds(q);
}

/* The wanted values as they stand with this request's variables. */
static struct str *show_wanted(struct asking *q)
{
    struct str *now = arena_array(q->ask->arena, struct str, q->c->n_wanted), text;
    for (size_t i = 0; i < q->c->n_wanted; i++) {
        const struct variable_template *t = &q->c->wanted[i].text;
        if (!t->has_variables)
            now[i] = q->c->texts[i];
        else if (variable_fill(t, q->ask->keys, q->ask->arena, &text))
            now[i] = t->wildcards ? match_show(q->ask->arena, text) : text;
    }
    return now;
}

bool condition_holds(const struct condition *c, const struct policy_ask *ask, bool allow,
                     struct policy_condition_trace *trace)
{
    const struct keys_entry *e = keys_find_hashed(ask->keys, c->key, c->hash);
    struct asking q = { .c = c, .ask = ask, .allow = allow };
    bool passed = holds(&q, e);

    if (!trace)
        return passed;
    *trace = (struct policy_condition_trace){
        .key = c->key,
        .wanted = c->texts,
        .wanted_now = c->has_variables ? show_wanted(&q) : c->texts,
        .n_wanted = c->n_wanted,
        .got = e ? e->values : NULL,
        .n_got = e ? e->n_values : 0,
        .present = e != NULL,
        .passed = passed,
        .note = q.note,
    };
    trace->operator= c->spelling;
    return passed;
}
