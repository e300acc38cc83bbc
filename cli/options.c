#include "cli/options.h"

#include "base/clock.h"
#include "base/encode.h"
#include "base/nearest.h"

enum { COUNT_MAX = 64 };

static const struct option_row world_rows[] = {
    { "--config", OPTION_PATH, "FILE",
      "the world: providers, roles, issuers (default: the demo world)",
      offsetof(struct options, config) },
    { "--keys", OPTION_PATH, "DIR",
      "signing and sealing keys (default: understudy/keys under XDG_STATE_HOME, or\n               "
      "              under HOME/.local/state; in memory where neither can be written)",
      offsetof(struct options, keys) },
    { 0 },
};
const struct option_group option_group_world = { "World", world_rows };

static const struct option_row token_rows[] = {
    { "--platform", OPTION_TEXT, "NAME[/VARIANT]", "make the token that platform makes",
      offsetof(struct options, platform) },
    { "--set", OPTION_LIST, "K=V", "a parameter of the platform (see: understudy platforms NAME)",
      offsetof(struct options, set) },
    { "--token", OPTION_PATH, "FILE|-", "or take this token",
      offsetof(struct options, token_file) },
    { 0 },
};
const struct option_group option_group_token = { "Token", token_rows };

static const struct option_row session_rows[] = {
    { "--session-name", OPTION_TEXT, "S", "RoleSessionName (default: what the platform uses)",
      offsetof(struct options, session_name) },
    { "--duration", OPTION_SECONDS, "DUR", "how long the credentials last: 900, 15m, 1h30m",
      offsetof(struct options, duration_s) },
    { "--policy", OPTION_PATH, "FILE", "a session policy", offsetof(struct options, policy_file) },
    { "--policy-arn", OPTION_LIST, "ARN", "a managed session policy; may be repeated",
      offsetof(struct options, policy_arns) },
    { 0 },
};
const struct option_group option_group_session = { "Session", session_rows };

static const struct option_row common_rows[] = {
    { "--help", OPTION_FLAG, NULL, "this text", offsetof(struct options, help) },
    { "-h", OPTION_FLAG, NULL, "this text", offsetof(struct options, help) },
    { 0 },
};
static const struct option_group common = { "", common_rows };

/* The command line while it is read. */
struct reader {
    struct arena *arena;
    struct why *why;
    const struct options_grammar *grammar;
    char **next;
    struct options *o;
};

/* Calls see() for every row until it says true; the row it said true for, or NULL. */
static const struct option_row *each_row(const struct options_grammar *g,
                                         bool (*see)(void *context, const struct option_row *row),
                                         void *context)
{
    for (size_t i = 0;; i++) {
        const struct option_group *group = g->groups[i] ? g->groups[i] : &common;
        for (const struct option_row *row = group->rows; row->name; row++)
            if (see(context, row))
                return row;
        if (group == &common)
            return NULL;
    }
}

static bool row_is(void *name, const struct option_row *row)
{
    return str_eq(str_of(row->name), *(struct str *)name);
}

static bool row_offered(void *nearest, const struct option_row *row)
{
    if (row->name[1] == '-')
        nearest_add(nearest, str_of(row->name));
    return false;
}

static struct outcome unknown_option(struct reader *r, struct str name)
{
    struct nearest nearest = nearest_new(r->arena, name);
    each_row(r->grammar, row_offered, &nearest);
    FAIL(r->why, USAGE, "unknown option %.*s: %.*s", STR_ARG(name),
         STR_ARG(nearest_text(&nearest)));
}

static void list_add(struct arena *a, struct option_list *list, struct str item)
{
    struct str *items = arena_array(a, struct str, list->n + 1);
    if (list->n)
        memcpy(items, list->items, list->n * sizeof *items);
    items[list->n] = item;
    *list = (struct option_list){ items, list->n + 1 };
}

static bool choice_has(struct str words, struct str value)
{
    while (words.n)
        if (str_eq(str_cut(&words, '|'), value))
            return true;
    return false;
}

/* Whether the value is one that row can have. */
static struct outcome check_value(struct reader *r, const struct option_row *row, struct str value)
{
    if (row->kind != OPTION_PATH && !utf8_valid(value))
        FAIL(r->why, USAGE, "%s: the value is not UTF-8", row->name);
    if (row->kind == OPTION_PATH && !value.n)
        FAIL(r->why, USAGE, "%s: expected %s, found nothing", row->name, row->value);
    if (row->kind == OPTION_CHOICE && !choice_has(str_of(row->value), value))
        FAIL(r->why, USAGE, "%s: expected %s, found \"%.*s\"", row->name, row->value,
             STR_ARG(value));
    return OK;
}

static struct outcome store_number(struct reader *r, const struct option_row *row, struct str value,
                                   struct option_number *out)
{
    int64_t number = 0;
    if (row->kind == OPTION_SECONDS && (!duration_read(value, &number) || number <= 0))
        FAIL(r->why, USAGE, "%s: expected a duration like 900, 15m or 1h30m, found \"%.*s\"",
             row->name, STR_ARG(value));
    if (row->kind == OPTION_COUNT &&
        (!str_to_i64(value, &number) || number < 1 || number > COUNT_MAX))
        FAIL(r->why, USAGE, "%s: expected a number from 1 to %d, found \"%.*s\"", row->name,
             COUNT_MAX, STR_ARG(value));
    if (row->kind == OPTION_TIME && !time_read(value, &number))
        FAIL(r->why, USAGE,
             "%s: expected a time like 2026-11-21T20:17:00Z or epoch seconds, found \"%.*s\"",
             row->name, STR_ARG(value));
    *out = (struct option_number){ true, number };
    return OK;
}

static struct outcome store(struct reader *r, const struct option_row *row, struct str value)
{
    void *where = (char *)r->o + row->offset;

    TRY(check_value(r, row, value));
    switch (row->kind) {
    case OPTION_TEXT:
    case OPTION_PATH:
    case OPTION_CHOICE:
        *(struct str *)where = value;
        return OK;
    case OPTION_LIST:
        list_add(r->arena, where, value);
        return OK;
    case OPTION_SECONDS:
    case OPTION_COUNT:
    case OPTION_TIME:
        return store_number(r, row, value, where);
    case OPTION_FLAG:
        break;
    }
    FAIL(r->why, INTERNAL, "%s takes no value", row->name);
}

/* The value of an option: behind its "=", or the next argument. */
static struct outcome take_value(struct reader *r, const struct option_row *row, bool has_value,
                                 struct str *value)
{
    if (has_value)
        return OK;
    if (!*r->next || str_starts(str_of(*r->next), STR("--")))
        FAIL(r->why, USAGE, "%s: expected %s behind it%s", row->name, row->value,
             *r->next ? " (a value that begins with -- is written with =)" : "");
    *value = str_of(*r->next++);
    return OK;
}

static struct outcome take_option(struct reader *r, struct str arg)
{
    struct str name = str_sub(arg, 0, str_find(arg, '='));
    bool has_value = name.n < arg.n;
    /* "--x=" gives an empty value, which is not the same as none: p must not be NULL */
    struct str value = has_value ? str_n(arg.p + name.n + 1, arg.n - name.n - 1) : arg;
    const struct option_row *row = each_row(r->grammar, row_is, &name);
    if (!row)
        return unknown_option(r, name);
    if (row->kind == OPTION_FLAG) {
        if (has_value)
            FAIL(r->why, USAGE, "%s takes no value", row->name);
        *(bool *)((char *)r->o + row->offset) = true;
        return OK;
    }
    TRY(take_value(r, row, has_value, &value));
    return store(r, row, value);
}

static struct outcome take_operand(struct reader *r, struct str arg)
{
    if (r->grammar->takes_command)
        FAIL(r->why, USAGE, "unexpected \"%.*s\" (the command to run stands behind --)",
             STR_ARG(arg));
    if (r->o->operands.n == r->grammar->n_operands_max)
        FAIL(r->why, USAGE, "unexpected \"%.*s\"", STR_ARG(arg));
    if (!utf8_valid(arg))
        FAIL(r->why, USAGE, "an argument is not UTF-8");
    list_add(r->arena, &r->o->operands, arg);
    return OK;
}

/* What stands behind "--": a command, or operands that may look like options. */
static struct outcome take_rest(struct reader *r)
{
    if (r->grammar->takes_command) {
        r->o->command = r->next;
        return OK;
    }
    while (*r->next)
        TRY(take_operand(r, str_of(*r->next++)));
    return OK;
}

struct outcome options_read(struct arena *a, struct why *why, const struct options_grammar *grammar,
                            char **args, struct options *out)
{
    struct options o = { 0 };
    struct reader r = { a, why, grammar, args, &o };

    while (*r.next) {
        struct str arg = str_of(*r.next++);
        if (str_eq(arg, STR("--"))) {
            TRY(take_rest(&r));
            break;
        }
        if (str_starts(arg, STR("-")) && arg.n > 1)
            TRY(take_option(&r, arg));
        else
            TRY(take_operand(&r, arg));
        if (o.help)
            break;
    }
    *out = o;
    return OK;
}

bool options_format_is(const struct options *o, const char *name, const char *otherwise)
{
    struct str format = o->format.p ? o->format : str_of(otherwise);
    return str_eq(format, str_of(name));
}
