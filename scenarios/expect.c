#include "scenarios/expect.h"

#include "base/text.h"
#include "fakests/policy/match.h"

#include <inttypes.h>

/* ---- reading ---- */

static bool is_like(const json_t *v)
{
    return json_object_size(v) == 1 && json_is_string(json_object_get(v, "like"));
}

/* A text, or {"like": "..."}. */
static struct outcome want_text(const struct json_at *at, struct why *why)
{
    if (json_is_string(at->value) || is_like(at->value))
        return OK;
    return json_fail(at, why, FAULT_CONFIG_INVALID,
                     "expected a text or {\"like\": \"...\"}, found %s", json_type_name(at->value));
}

static struct outcome want_plain(const struct json_at *at, struct why *why)
{
    struct str ignored;
    return json_want_str(at, why, &ignored);
}

static struct outcome want_status(const struct json_at *at, struct why *why)
{
    int64_t status;
    TRY(json_want_i64(at, why, &status));
    if (status < 100 || status > 599)
        return json_fail(at, why, FAULT_CONFIG_INVALID, "expected an HTTP status, 100 to 599");
    return OK;
}

static struct outcome want_index(const struct json_at *at, struct why *why)
{
    int64_t index;
    TRY(json_want_i64(at, why, &index));
    if (index < 0)
        return json_fail(at, why, FAULT_CONFIG_INVALID, "statements are counted from 0");
    return OK;
}

static struct outcome want_true(const struct json_at *at, struct why *why)
{
    if (json_is_true(at->value))
        return OK;
    return json_fail(at, why, FAULT_CONFIG_INVALID, "expected true, found %s",
                     json_type_name(at->value));
}

struct member {
    const char *name;
    struct outcome (*read)(const struct json_at *at, struct why *why);
};

enum { MEMBERS_MAX = 16 };

static struct outcome read_members(const struct json_at *at, struct why *why,
                                   const struct member *rows)
{
    const char *names[MEMBERS_MAX + 1] = { NULL };
    struct json_at member;
    for (size_t i = 0; rows[i].name; i++)
        names[i] = rows[i].name;
    TRY(json_want_members(at, why, names));
    for (size_t i = 0; rows[i].name; i++)
        if (json_at_member(at, rows[i].name, &member))
            TRY(rows[i].read(&member, why));
    return OK;
}

static struct outcome read_because(const struct json_at *at, struct why *why)
{
    static const struct member rows[] = {
        { "reason", want_plain },   { "detail", want_text },
        { "check", want_plain },    { "statement", want_index },
        { "operator", want_plain }, { "key", want_plain },
        { "hint", want_plain },     { NULL, NULL },
    };
    TRY(read_members(at, why, rows));
    bool condition = json_object_get(at->value, "operator") || json_object_get(at->value, "key");
    if (condition && !json_object_get(at->value, "statement"))
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         "\"operator\" and \"key\" need the \"statement\" they stand in");
    return OK;
}

static struct outcome want_anything(const struct json_at *at, struct why *why)
{
    (void)at, (void)why;
    return OK;
}

struct outcome expect_read(const struct json_at *at, struct why *why, bool call, struct expect *out)
{
    static const struct member of_call[] = {
        { "status", want_status },
        { "error", want_plain },
        { "message", want_text },
        { "because", read_because },
        { "result", json_want_object },
        { "lost", want_true },
        { NULL, NULL },
    };
    static const struct member of_get[] = {
        { "status", want_status },
        { "result", want_anything },
        { "lost", want_true },
        { NULL, NULL },
    };
    TRY(read_members(at, why, call ? of_call : of_get));
    if (json_object_get(at->value, "lost") && json_object_size(at->value) > 1)
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         "of an answer that is lost nothing else can be expected");
    out->value = at->value;
    return OK;
}

bool expect_wants_because(const struct expect *e)
{
    return json_object_get(e->value, "because") != NULL;
}

/* ---- comparing ---- */

struct comparing {
    struct arena *a;
    struct mismatches *out;
};

static void differ(struct comparing *c, struct str path, struct str wanted, struct str got,
                   json_t *value)
{
    struct mismatches *m = c->out;
    if (m->n == m->capacity) {
        size_t capacity = m->capacity ? m->capacity * 2 : 4;
        struct mismatch *more = arena_array(c->a, struct mismatch, capacity);
        if (m->n)
            memcpy(more, m->items, m->n * sizeof *more);
        m->items = more;
        m->capacity = capacity;
    }
    m->items[m->n++] = (struct mismatch){ path, wanted, got, value };
}

static struct str show(struct comparing *c, const json_t *v)
{
    return v ? json_text(c->a, v) : STR("nothing");
}

static void differ_value(struct comparing *c, struct str path, const json_t *wanted, json_t *got)
{
    differ(c, path, show(c, wanted), show(c, got), got);
}

/* A scalar as XML spells it. */
static struct str scalar(struct arena *a, const json_t *v)
{
    return json_is_string(v) ? json_str(v) : json_text(a, v);
}

static bool text_fits(struct comparing *c, const json_t *wanted, struct str got)
{
    if (is_like(wanted))
        return match_like(match_compile(c->a, json_str(json_object_get(wanted, "like"))), got);
    return str_eq(scalar(c->a, wanted), got);
}

static void compare_text(struct comparing *c, const char *path, const json_t *wanted,
                         struct str got)
{
    if (wanted && !text_fits(c, wanted, got))
        differ_value(c, str_of(path), wanted, got.n ? json_keep(c->a, json_of(got)) : NULL);
}

static void compare_part(struct comparing *c, struct str path, const json_t *wanted, json_t *got);

static void compare_members(struct comparing *c, struct str path, const json_t *wanted, json_t *got)
{
    const char *key;
    json_t *value;
    if (got && !json_is_object(got) && json_object_size(wanted)) {
        differ_value(c, path, wanted, got);
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)wanted, key, value) compare_part(
        c, json_path_member(c->a, path, str_of(key)), value, json_object_get(got, key));
}

/* An element without children may be an empty list. */
static bool is_empty(const json_t *v)
{
    return json_is_string(v) && json_string_length(v) == 0;
}

static void compare_items(struct comparing *c, struct str path, const json_t *wanted, json_t *got)
{
    size_t n = json_array_size(wanted);
    if (n == 0 && (is_empty(got) || (json_is_array(got) && !json_array_size(got))))
        return;
    if (!json_is_array(got) || json_array_size(got) != n) {
        differ_value(c, path, wanted, got);
        return;
    }
    for (size_t i = 0; i < n; i++)
        compare_part(c, json_path_item(c->a, path, i), json_array_get(wanted, i),
                     json_array_get(got, i));
}

static void compare_part(struct comparing *c, struct str path, const json_t *wanted, json_t *got)
{
    if (json_is_null(wanted)) {
        if (got && !json_is_null(got))
            differ_value(c, path, wanted, got);
    } else if (json_is_object(wanted) && !is_like(wanted)) {
        compare_members(c, path, wanted, got);
    } else if (json_is_array(wanted)) {
        compare_items(c, path, wanted, got);
    } else if (!got || json_is_object(got) || json_is_array(got) ||
               !text_fits(c, wanted, scalar(c->a, got))) {
        differ_value(c, path, wanted, got);
    }
}

/* ---- because ---- */

static const json_t *statement_at(const json_t *explanation, json_int_t index)
{
    size_t i;
    json_t *s;
    json_array_foreach(json_object_get(explanation, "statements"), i, s)
    {
        if (json_integer_value(json_object_get(s, "index")) == index)
            return s;
    }
    return NULL;
}

static bool same(const json_t *wanted, const json_t *got)
{
    return !wanted || json_equal(wanted, got);
}

/* A condition that was not met, of that operator and key, where those are said. */
static bool unmet(const json_t *statement, const json_t *operator_, const json_t *key)
{
    size_t i;
    json_t *c;
    json_array_foreach(json_object_get(statement, "conditions"), i, c)
    {
        if (json_is_false(json_object_get(c, "passed")) &&
            same(operator_, json_object_get(c, "operator")) && same(key, json_object_get(c, "key")))
            return true;
    }
    return false;
}

/* The conditions that were not met, for people. */
static struct str unmet_text(struct arena *a, const json_t *statement)
{
    struct text t = text_new(a, 16 * 1024);
    size_t i;
    json_t *c;
    json_array_foreach(json_object_get(statement, "conditions"), i, c)
    {
        if (!json_is_false(json_object_get(c, "passed")))
            continue;
        text_printf(&t, "%s%s on %s", t.n ? ", " : "",
                    json_string_value(json_object_get(c, "operator")),
                    json_string_value(json_object_get(c, "key")));
    }
    return t.n ? text_str(&t) : STR("no condition that was not met");
}

static void compare_statement(struct comparing *c, const json_t *because, const json_t *explanation)
{
    const json_t *index = json_object_get(because, "statement");
    const json_t *operator_ = json_object_get(because, "operator");
    const json_t *key = json_object_get(because, "key");
    if (!index)
        return;
    const json_t *s = statement_at(explanation, json_integer_value(index));
    if (!s) {
        differ(c, STR("expect.because.statement"), show(c, index),
               STR("no such statement was looked at"), NULL);
        return;
    }
    if (operator_ || key) {
        if (!unmet(s, operator_, key))
            differ(c, STR("expect.because"),
                   arena_printf(c->a, "%s on %s",
                                operator_ ? json_string_value(operator_) : "a condition",
                                key ? json_string_value(key) : "any key"),
                   unmet_text(c->a, s), NULL);
    } else if (json_is_true(json_object_get(s, "matched"))) {
        differ(c, STR("expect.because.statement"),
               arena_printf(c->a, "statement %s does not match", show(c, index).p),
               STR("it matches"), NULL);
    }
}

static void compare_hint(struct comparing *c, const json_t *wanted, const json_t *explanation)
{
    struct text ids = text_new(c->a, 16 * 1024);
    size_t i;
    json_t *hint;
    if (!wanted)
        return;
    json_array_foreach(json_object_get(explanation, "hints"), i, hint)
    {
        const json_t *id = json_object_get(hint, "id");
        if (json_equal(id, wanted))
            return;
        text_printf(&ids, "%s\"%s\"", ids.n ? ", " : "", json_string_value(id));
    }
    differ(c, STR("expect.because.hint"), show(c, wanted), ids.n ? text_str(&ids) : STR("nothing"),
           NULL);
}

static const json_t *failed_check(const json_t *explanation)
{
    size_t i;
    json_t *check;
    json_array_foreach(json_object_get(explanation, "checks"), i, check)
    {
        if (json_is_false(json_object_get(check, "passed")))
            return json_object_get(check, "name");
    }
    return NULL;
}

static void compare_because(struct comparing *c, const json_t *because, const json_t *explanation)
{
    const json_t *reason = json_object_get(because, "reason");
    const json_t *check = json_object_get(because, "check"), *got = failed_check(explanation);
    json_t *why = json_object_get(explanation, "reason");
    if (!same(reason, why))
        differ_value(c, STR("expect.because.reason"), reason, json_is_null(why) ? NULL : why);
    compare_text(c, "expect.because.detail", json_object_get(because, "detail"),
                 json_str(json_object_get(explanation, "detail")));
    if (!same(check, got))
        differ_value(c, STR("expect.because.check"), check, (json_t *)(uintptr_t)got);
    compare_statement(c, because, explanation);
    compare_hint(c, json_object_get(because, "hint"), explanation);
}

/* ---- the whole ---- */

static void compare_status(struct comparing *c, const struct expect *e,
                           const struct expect_answer *got)
{
    const json_t *wanted = json_object_get(e->value, "status");
    json_t *status = json_keep(c->a, json_integer(got->status));
    if (wanted && !json_equal(wanted, status))
        differ_value(c, STR("expect.status"), wanted, status);
    else if (!wanted && !json_object_get(e->value, "error") && got->status != 200)
        differ(c, STR("expect.status"), STR("200, as nothing else is expected"), show(c, status),
               status);
}

static void compare_error(struct comparing *c, const struct expect *e,
                          const struct expect_answer *got)
{
    const json_t *wanted = json_object_get(e->value, "error");
    if (wanted && !str_eq(json_str(wanted), got->code))
        differ(c, STR("expect.error"), show(c, wanted),
               got->code.n ? show(c, json_keep(c->a, json_of(got->code))) : STR("it is allowed"),
               got->code.n ? json_keep(c->a, json_of(got->code)) : NULL);
    compare_text(c, "expect.message", json_object_get(e->value, "message"), got->message);
}

void expect_compare(struct arena *a, const struct expect *e, const struct expect_answer *got,
                    struct mismatches *out)
{
    struct comparing c = { a, out };
    const json_t *because = json_object_get(e->value, "because");
    const json_t *result = json_object_get(e->value, "result");
    bool wants_lost = json_object_get(e->value, "lost") != NULL;
    if (wants_lost != got->lost)
        differ(&c, STR("expect.lost"), wants_lost ? STR("no whole answer") : STR("an answer"),
               got->lost ? STR("no whole answer") : STR("an answer"), NULL);
    if (wants_lost || got->lost)
        return;
    compare_status(&c, e, got);
    compare_error(&c, e, got);
    if (because && got->explanation)
        compare_because(&c, because, got->explanation);
    if (result)
        compare_part(&c, STR("expect.result"), result, (json_t *)(uintptr_t)got->result);
}

json_t *expect_of(struct arena *a, const struct expect_answer *got)
{
    json_t *e = json_keep(a, json_object());
    const json_t *reason = json_object_get(got->explanation, "reason");
    if (got->lost) {
        json_object_set_new(e, "lost", json_true());
        return e;
    }
    json_object_set_new(e, "status", json_integer(got->status));
    if (got->code.n)
        json_object_set_new(e, "error", json_of(got->code));
    if (got->message.n)
        json_object_set_new(e, "message", json_of(got->message));
    if (json_is_string(reason)) {
        json_t *because = json_object();
        json_object_set_new(because, "reason", json_copy((json_t *)(uintptr_t)reason));
        json_object_set_new(e, "because", because);
    }
    return e;
}
