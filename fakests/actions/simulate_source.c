#include "fakests/actions/simulate.h"

#include "fakests/iam/arn.h"

#include <stdarg.h>

struct outcome simulate_refuse(struct call *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct outcome o = why_vset(c->why, FAULT_INPUT_INVALID, format, args);
    va_end(args);
    c->why->arg[0] = c->why->detail;
    return o;
}

/* ---- ARNs ---- */

bool simulate_entity_read(struct str text, struct simulate_entity *out)
{
    static const struct str kinds[] = { STR_INIT("role"), STR_INIT("user"), STR_INIT("group") };
    struct arn arn;
    if (!arn_read(text, &arn) || !str_eq(arn.service, STR("iam")) || arn.region.n)
        return false;
    struct str name = arn.resource, kind = str_cut(&name, '/');
    if (!name.n)
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!str_eq(kind, kinds[i]))
            continue;
        while (str_find(name, '/') < name.n)
            str_cut(&name, '/');
        *out = (struct simulate_entity){ arn.account, kind, name };
        return name.n > 0;
    }
    return false;
}

/* What newcomers give is a session's ARN, and this is what they get (newrelic-lambda-cli#96). */
struct outcome simulate_entity_refuse(struct call *c, struct str arn)
{
    return simulate_refuse(
        c, "Invalid Entity Arn: %.*s does not clearly define entity type and name.", STR_ARG(arn));
}

/* ---- the role or user ---- */

/* By name: that the path may be left out is inferred from the sentence above. */
static void find(struct call *c, const struct simulate_entity *e, struct simulate_source *s)
{
    if (!str_eq(e->account, c->caller.account))
        return;
    if (str_eq(e->kind, STR("role")))
        s->role = iam_role_named(c->world->iam, e->account, e->name);
    else if (str_eq(e->kind, STR("user")))
        s->user = iam_user_named(c->world->iam, e->account, e->name);
    s->grants = s->role ? &s->role->grants : s->user ? &s->user->grants : NULL;
}

struct outcome simulate_source_open(struct call *c, struct str arn, struct simulate_source *out)
{
    struct simulate_entity e;
    struct simulate_source s = { .word = NULL };
    struct authorize_ask ask = { .action = arena_join(c->arena, STR("iam:"), c->action),
                                 .resource = arn };
    bool valid = simulate_entity_read(arn, &e);
    if (valid)
        find(c, &e, &s);
    if (s.role) {
        ask.resource_tags = s.role->tags;
        ask.n_resource_tags = s.role->n_tags;
    } else if (s.user) {
        ask.resource_tags = s.user->tags;
        ask.n_resource_tags = s.user->n_tags;
    }
    TRY(authorize(c, &ask));
    if (!valid)
        return simulate_entity_refuse(c, arn);
    if (!s.grants) { /* there are no groups here */
        c->why->arg[0] = arena_printf(c->arena, "The %.*s with name %.*s cannot be found.",
                                      STR_ARG(e.kind), STR_ARG(e.name));
        FAIL(c->why, ENTITY_UNKNOWN, "account %.*s has no %.*s \"%.*s\"",
             STR_ARG(c->caller.account), STR_ARG(e.kind), STR_ARG(e.name));
    }
    s.word = s.role ? "role" : "user";
    s.name = s.role ? s.role->name : s.user->name;
    *out = s;
    return OK;
}
