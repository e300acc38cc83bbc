#include "scenarios/scenario.h"

#include "base/clock.h"
#include "base/nearest.h"
#include "scenarios/stage.h"
#include "scenarios/step.h"

static const int64_t clock_default_ms = INT64_C(1789128000000); /* 2026-09-11T12:00:00Z */

bool scenario_resembles(const json_t *value)
{
    return json_object_get(value, "steps") || json_object_get(value, "scenario");
}

struct reader {
    struct arena *a;
    struct why *why;
    struct scenario *scenario;
    json_t *saved; /* names so far */
};

/* ---- names ---- */

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!name_char(s.p[i]))
            return false;
    return s.n > 0 && s.n <= SCENARIO_NAME_MAX;
}

static bool is_path(struct str s)
{
    while (s.n)
        if (!is_name(str_cut(&s, '.')))
            return false;
    return true;
}

bool scenario_reference(struct str text, struct str *name, struct str *path)
{
    if (text.n < 3 || text.p[0] != '{' || text.p[text.n - 1] != '}')
        return false;
    struct str rest = str_sub(text, 1, text.n - 2), head = str_cut(&rest, '.');
    if (!is_name(head) || !is_path(rest) || text.p[text.n - 2] == '.')
        return false;
    *name = head;
    *path = rest;
    return true;
}

/* "{own}", "{{own}}", and so on: without a pair of braces. */
static bool braced(struct str text, struct str *inner)
{
    struct str name, path;
    if (text.n < 3 || text.p[0] != '{' || text.p[text.n - 1] != '}')
        return false;
    *inner = str_sub(text, 1, text.n - 2);
    while (str_starts(text, STR("{{")) && str_ends(text, STR("}}")))
        text = str_sub(text, 1, text.n - 2);
    return scenario_reference(text, &name, &path);
}

bool scenario_literal(struct str text, struct str *out)
{
    struct str inner;
    if (!str_starts(text, STR("{{")) || !braced(text, &inner))
        return false;
    *out = inner;
    return true;
}

struct str scenario_written(struct arena *a, struct str text)
{
    struct str inner;
    return braced(text, &inner) ? arena_join(a, STR("{"), text, STR("}")) : text;
}

static struct outcome want_saved(struct reader *r, const struct json_at *at, struct str name)
{
    struct nearest nearest = nearest_new(r->a, name);
    const char *key;
    json_t *value;
    if (json_object_get(r->saved, arena_cstr(r->a, name)))
        return OK;
    json_object_foreach(r->saved, key, value) nearest_add(&nearest, str_of(key));
    return json_fail(at, r->why, FAULT_CONFIG_INVALID, "no step before this saves \"%.*s\"; %.*s",
                     STR_ARG(name), STR_ARG(nearest_text(&nearest)));
}

/* Documents are taken as they are; a list is a list of parameters. */
static struct outcome check_references(struct reader *r, const struct json_at *at)
{
    struct str name, path;
    if (scenario_reference(json_str(at->value), &name, &path))
        return want_saved(r, at, name);
    for (size_t i = 0; i < json_array_size(at->value); i++) {
        struct json_at item = json_at_item(at, i), member;
        const char *key;
        json_t *value;
        TRY(check_references(r, &item));
        json_object_foreach(item.value, key, value)
        {
            (void)json_at_member(&item, key, &member);
            TRY(check_references(r, &member));
        }
    }
    return OK;
}

static struct outcome check_call(struct reader *r, const struct json_at *at)
{
    const char *key;
    json_t *value;
    json_object_foreach(at->value, key, value)
    {
        struct json_at member;
        (void)json_at_member(at, key, &member);
        TRY(check_references(r, &member));
    }
    return OK;
}

/* ---- beside the verb ---- */

static bool is_always_there(struct str name)
{
    return str_eq(name, STR("test")) || str_eq(name, STR(STAGE_ENVIRONMENT));
}

static struct outcome read_save(struct reader *r, const struct json_at *at, struct step *s)
{
    TRY(json_want_str(at, r->why, &s->save));
    if (!is_name(s->save))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "a name has letters, digits, '-' and '_', at most %d", SCENARIO_NAME_MAX);
    if ((s->row->takes & STEP_SIGNS) && is_always_there(s->save)) /* a token may be called so */
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "\"%.*s\" are credentials that are always there; take another name",
                         STR_ARG(s->save));
    return OK;
}

static struct outcome read_as(struct reader *r, const struct json_at *at, struct step *s)
{
    static const char *const members[] = { "access_key_id", "secret_access_key", "session_token",
                                           NULL };
    s->as = at->value;
    if (json_is_string(at->value)) {
        struct str name = json_str(at->value);
        return is_always_there(name) ? OK : want_saved(r, at, name);
    }
    if (!json_is_object(at->value))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "expected the name of saved credentials, \"test\", or an object, found %s",
                         json_type_name(at->value));
    TRY(json_want_members(at, r->why, members));
    for (size_t i = 0; members[i]; i++) {
        struct json_at member;
        struct str text;
        if (json_at_member(at, members[i], &member))
            TRY(json_want_str(&member, r->why, &text));
        else if (i < 2)
            return json_fail(at, r->why, FAULT_CONFIG_INVALID, "\"%s\" is missing", members[i]);
    }
    return OK;
}

/* ---- steps ---- */

static const struct step_row *row_named(const char *verb)
{
    for (const struct step_row *row = step_rows; row->verb; row++)
        if (strcmp(row->verb, verb) == 0)
            return row;
    return NULL;
}

static struct outcome find_verb(struct reader *r, const struct json_at *at, struct step *s,
                                struct json_at *value)
{
    const char *key;
    json_t *v;
    json_object_foreach(at->value, key, v)
    {
        const struct step_row *row = row_named(key);
        if (row && s->row)
            return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                             "a step does one thing, this has \"%s\" and \"%s\"", s->row->verb,
                             row->verb);
        if (!row)
            continue;
        s->row = row;
        (void)json_at_member(at, key, value);
    }
    return OK;
}

/* All verbs, and all that may stand beside one: what a misspelt member is compared with. */
static const char *const *all_members(struct arena *a)
{
    enum { BESIDE = 4 };
    size_t n = 0;
    while (step_rows[n].verb)
        n++;
    const char **names = arena_alloc(a, (n + BESIDE + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = step_rows[i].verb;
    names[n++] = "save";
    names[n++] = "as";
    names[n++] = "expect";
    names[n] = "note";
    return names;
}

static struct outcome step_members(struct reader *r, const struct json_at *at,
                                   const struct step_row *row)
{
    const char *names[6] = { row->verb, "note" };
    size_t n = 2;
    if (row->takes & (STEP_SAVES | STEP_MAKES))
        names[n++] = "save";
    if (row->takes & STEP_SIGNS)
        names[n++] = "as";
    if (row->takes & STEP_EXPECTS)
        names[n++] = "expect";
    return json_want_members(at, r->why, names);
}

static struct outcome read_beside(struct reader *r, const struct json_at *at, struct step *s)
{
    struct json_at member;
    struct str note;
    if (json_at_member(at, "note", &member))
        TRY(json_want_str(&member, r->why, &note));
    if (json_at_member(at, "as", &member))
        TRY(read_as(r, &member, s));
    if (json_at_member(at, "expect", &member)) {
        s->expects = true;
        TRY(expect_read(&member, r->why, s->row->takes & STEP_SIGNS, &s->expect));
    }
    if (json_at_member(at, "save", &member))
        TRY(read_save(r, &member, s));
    else if (s->row->takes & STEP_MAKES)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "\"save\" is missing: under which name later steps have it");
    return OK;
}

static struct outcome read_step(struct reader *r, const struct json_at *at, struct step *s)
{
    struct json_at value;
    TRY(json_want_object(at, r->why));
    TRY(find_verb(r, at, s, &value));
    if (!s->row) {
        TRY(json_want_members(at, r->why, all_members(r->a)));
        return json_fail(
            at, r->why, FAULT_CONFIG_INVALID,
            "a step has one of \"mint\", \"token\", \"session\", \"call\", \"get\", \"advance\", "
            "\"clock\", \"rotate\", \"publish\", \"retire\", \"down\", \"up\", "
            "\"fault\", \"world\", \"source_ip\"");
    }
    TRY(step_members(r, at, s->row));
    TRY(s->row->read(&value, r->why));
    s->value = value.value;
    if (s->row->takes & STEP_SIGNS)
        TRY(check_call(r, &value));
    TRY(read_beside(r, at, s));
    if (s->save.n)
        json_object_set_new(r->saved, arena_cstr(r->a, s->save), json_true());
    return OK;
}

static struct outcome read_steps(struct reader *r, const struct json_at *at)
{
    struct scenario *s = r->scenario;
    TRY(json_want_array(at, r->why));
    size_t n = json_array_size(at->value);
    if (!n || n > SCENARIO_STEPS_MAX)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "expected 1 to %d steps, found %zu",
                         SCENARIO_STEPS_MAX, n);
    s->steps = arena_array(r->a, struct step, n);
    for (size_t i = 0; i < n; i++) {
        struct json_at item = json_at_item(at, i);
        TRY(read_step(r, &item, &s->steps[s->n_steps]));
        s->n_steps++;
    }
    return OK;
}

/* ---- the whole ---- */

static struct outcome read_text(struct reader *r, const struct json_at *root, const char *name,
                                struct str *out)
{
    struct json_at member;
    return json_at_member(root, name, &member) ? json_want_str(&member, r->why, out) : OK;
}

static struct outcome read_root(struct reader *r, const struct json_at *root)
{
    static const char *const members[] = { "$schema", "scenario", "story", "source",
                                           "clock",   "world",    "steps", NULL };
    struct scenario *s = r->scenario;
    struct json_at member;
    struct str schema;
    TRY(json_want_members(root, r->why, members));
    TRY(read_text(r, root, "$schema", &schema));
    TRY(read_text(r, root, "scenario", &s->title));
    if (!str_trim(s->title).n)
        return json_fail(root, r->why, FAULT_CONFIG_INVALID,
                         "\"scenario\" is missing: a sentence that is true when it passes");
    TRY(read_text(r, root, "story", &s->story));
    TRY(read_text(r, root, "source", &s->source));
    if (json_at_member(root, "clock", &member))
        TRY(step_time(&member, r->why, &s->clock_ms));
    if (json_at_member(root, "world", &member)) {
        TRY(json_want_object(&member, r->why));
        s->world = member.value;
    }
    if (!json_at_member(root, "steps", &member))
        return json_fail(root, r->why, FAULT_CONFIG_INVALID, "\"steps\" is missing");
    return read_steps(r, &member);
}

struct outcome scenario_read(struct arena *a, struct why *why, const struct json_doc *doc,
                             struct scenario **out)
{
    struct scenario *s = arena_make(a, struct scenario);
    struct reader r = { a, why, s, json_keep(a, json_object()) };
    struct json_at root = json_at_root(doc);
    s->doc = doc;
    s->clock_ms = clock_default_ms;
    TRY(read_root(&r, &root));
    *out = s;
    return OK;
}

struct str scenario_place(struct arena *a, const struct scenario *s, size_t step)
{
    struct json_at root = json_at_root(s->doc), steps;
    if (!json_at_member(&root, "steps", &steps))
        return s->doc->name;
    struct json_at item = json_at_item(&steps, step);
    return json_at_place(a, &item);
}
