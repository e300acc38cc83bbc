#include "base/clock.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/setup.h"
#include "cli/tell.h"
#include "fakests/can.h"
#include "fakests/iam/arn.h"

#include <stdio.h>
#include <unistd.h>

static const struct option_row rows[] = {
    { "--role", OPTION_TEXT, "ARN|NAME", "the role whose session asks",
      offsetof(struct options, role) },
    { "--context", OPTION_LIST, "K=V",
      "a condition key of the request; repeated for a key, it is a list",
      offsetof(struct options, context) },
    { "--format", OPTION_CHOICE, "text|json", "text is the default",
      offsetof(struct options, format) },
    { 0 },
};
static const struct option_group own = { "Can", rows };
static const struct option_group *const groups[] = { &own, &option_group_world, NULL };

enum { ACTION, RESOURCE, OPERANDS };

/* ---- the question ---- */

static bool has_wildcard(struct str s)
{
    return str_find(s, '*') < s.n || str_find(s, '?') < s.n;
}

static struct outcome read_action(struct why *why, const struct options *o, struct str *out)
{
    if (o->operands.n <= ACTION)
        FAIL(why, USAGE, "expected an ACTION, as in \"can --role NAME s3:GetObject\"");
    struct str action = o->operands.items[ACTION], name = action, service = str_cut(&name, ':');
    if (!service.n || !name.n || has_wildcard(action))
        FAIL(why, USAGE, "expected an action like s3:GetObject, found \"%.*s\"", STR_ARG(action));
    *out = action;
    return OK;
}

static struct outcome read_resource(struct why *why, const struct options *o, struct str *out)
{
    struct str resource = o->operands.n > RESOURCE ? o->operands.items[RESOURCE] : STR("*");
    struct arn arn;
    if (!str_eq(resource, STR("*")) && !arn_read(resource, &arn))
        FAIL(why, USAGE, "expected the ARN of a resource, or \"*\", found \"%.*s\"",
             STR_ARG(resource));
    *out = resource;
    return OK;
}

/* ---- the context ---- */

static struct can_given *find(struct can_given *given, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(given[i].name, name))
            return &given[i];
    return NULL;
}

static struct outcome read_context(struct arena *a, struct why *why, const struct options *o,
                                   struct can_given **out, size_t *n_out)
{
    struct can_given *given = arena_array(a, struct can_given, o->context.n);
    size_t n = 0;
    for (size_t i = 0; i < o->context.n; i++) {
        struct str value = o->context.items[i];
        struct str name = str_sub(value, 0, str_find(value, '='));
        if (!name.n || name.n == value.n)
            FAIL(why, USAGE, "--context: expected KEY=VALUE, found \"%.*s\"", STR_ARG(value));
        struct can_given *g = find(given, n, name);
        if (!g) {
            g = &given[n++];
            *g = (struct can_given){ .name = name,
                                     .values = arena_array(a, struct str, o->context.n) };
        }
        g->values[g->n++] = str_sub(value, name.n + 1, value.n);
    }
    *out = given;
    *n_out = n;
    return OK;
}

/* ---- the role ---- */

static struct outcome unknown_role(struct arena *a, struct why *why, const struct iam *iam,
                                   struct str given)
{
    struct iam_list all = iam_list(iam, a, IAM_ROLE, STR(""));
    struct nearest nearest = nearest_new(a, given);
    bool arns = str_starts(given, STR("arn:"));
    for (size_t i = 0; i < all.n; i++) {
        const struct role *role = iam_object_role(all.items[i]);
        if (arns || str_eq(role->account, iam_default_account(iam)))
            nearest_add(&nearest, arns ? role->arn : role->name);
    }
    FAIL(why, USAGE, "no role \"%.*s\"; %.*s", STR_ARG(given), STR_ARG(nearest_text(&nearest)));
}

static struct outcome find_role(struct arena *a, struct why *why, const struct iam *iam,
                                struct str given, const struct role **out)
{
    if (!given.p)
        FAIL(why, USAGE, "expected --role ARN|NAME");
    struct str arn = config_role_arn(a, iam, given);
    *out = arn.n ? iam_role(iam, arn) : NULL;
    return *out ? OK : unknown_role(a, why, iam, given);
}

static void drop(void *snapshot)
{
    snapshot_drop(snapshot);
}

static void print(struct arena *a, const struct options *o, const struct can_answer *answer)
{
    struct str text = options_format_is(o, "json", "text")
                          ? json_text_pretty(a, json_keep(a, can_json(a, answer)))
                          : can_page(a, answer, tell_colour(STDOUT_FILENO));
    printf("%.*s\n", STR_ARG(str_trim(text)));
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    const struct world_options nobody_watches = { 0 };
    struct world *world;
    struct can_ask ask = { .now_s = clock_machine_s() };
    struct can_given *given = NULL;

    TRY(read_action(why, o, &ask.action));
    TRY(read_resource(why, o, &ask.resource));
    TRY(read_context(a, why, o, &given, &ask.n_given));
    ask.given = given;
    TRY(setup_world(a, why, o, &nobody_watches, &world));
    struct snapshot *now = world_now(world);
    arena_defer(a, drop, now);
    TRY(find_role(a, why, now->iam, o->role, &ask.role));
    const struct can_answer *answer = can_decide(a, &now->sts, &ask);
    print(a, o, answer);
    *status = answer->allowed ? COMMAND_YES : COMMAND_NO;
    return OK;
}

const struct command cmd_can = {
    .name = "can",
    .synopsis = "--role ARN|NAME ACTION [RESOURCE] [--context K=V]... [OPTION...]",
    .about = "Say whether a role's policies allow an action.",
    .more =
        "RESOURCE is an ARN; without it the question is about \"*\".  Asked is what a session of "
        "the role may\n"
        "do by the role's policies and its permissions boundary; what the resource's own policy "
        "says is not\n"
        "known here.",
    .grammar = { .groups = groups, .n_operands_max = OPERANDS },
    .run = run,
};
