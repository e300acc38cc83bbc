#include "fakests/actions/simulate.h"

#include "fakests/iam/arn.h"
#include "fakests/policy/mentioned.h"
#include "fakests/policy/simulated.h"

enum { QUOTED_MAX = 200 };

/* ---- actions and resources ---- */

/* "This operation does not support using wildcards (*) in an action name"; "Each operation must
 * include the service identifier" (API reference).  Which actions a service has is not known here.
 */
static struct outcome judge_actions(struct call *c, const struct param_list *actions)
{
    for (size_t i = 0; i < actions->n; i++) {
        struct str name = actions->items[i], rest = name, vendor = str_cut(&rest, ':');
        if (!vendor.n || !rest.n || str_find(rest, ':') < rest.n || str_find(name, '*') < name.n ||
            str_find(name, '?') < name.n)
            return simulate_refuse(c, "Invalid Input Actions: [%.*s]", STR_ARG(name));
    }
    return OK;
}

/* "*" stands for all, alone (amazon-ecs-exec-checker#35 has the text). */
static struct outcome judge_resources(struct call *c, const struct param_list *resources)
{
    for (size_t i = 0; i < resources->n; i++) {
        struct str name = resources->items[i];
        struct arn arn;
        if (resources->n == 1 && str_eq(name, STR("*")))
            return OK;
        if (!arn_read(name, &arn) || !arn.partition.n || !arn.service.n || !arn.resource.n)
            return simulate_refuse(c, "ResourceNames are not in a valid ARN format: %.*s.",
                                   STR_ARG(name));
    }
    return OK;
}

static void take_resources(const struct param_list *given, struct simulation *s)
{
    static const struct str all = STR_INIT("*");
    s->resources = given->n ? given->items : &all;
    s->n_resources = given->n ? given->n : 1;
    s->resources_named = given->n && !str_eq(given->items[0], all);
}

/* ---- ResourceHandlingOption ---- */

static const struct handling {
    struct str name;
    const char *needs[7]; /* of ec2: "instance/..." */
} handlings[] = {
    { STR_INIT("EC2-VPC-InstanceStore"),
      { "instance", "image", "security-group", "network-interface", NULL } },
    { STR_INIT("EC2-VPC-InstanceStore-Subnet"),
      { "instance", "image", "security-group", "network-interface", "subnet", NULL } },
    { STR_INIT("EC2-VPC-EBS"),
      { "instance", "image", "security-group", "network-interface", "volume", NULL } },
    { STR_INIT("EC2-VPC-EBS-Subnet"),
      { "instance", "image", "security-group", "network-interface", "subnet", "volume", NULL } },
};

static bool has_resource(const struct param_list *resources, const char *kind)
{
    for (size_t i = 0; i < resources->n; i++) {
        struct arn arn;
        if (arn_read(resources->items[i], &arn) && str_eq(arn.service, STR("ec2")) &&
            str_eq(str_cut(&arn.resource, '/'), str_of(kind)))
            return true;
    }
    return false;
}

static struct outcome judge_handling(struct call *c, const struct simulate_params *p)
{
    const struct handling *h = NULL;
    if (!p->handling.p)
        return OK;
    for (size_t i = 0; i < sizeof handlings / sizeof handlings[0]; i++)
        if (str_eq(handlings[i].name, p->handling))
            h = &handlings[i];
    if (!h)
        return simulate_refuse(c, "Invalid Resource Handling Option: %.*s.", STR_ARG(p->handling));
    for (size_t i = 0; h->needs[i]; i++)
        if (!has_resource(&p->resources, h->needs[i]))
            return simulate_refuse(c,
                                   "Resource Handling Option %.*s requires a resource of type %s.",
                                   STR_ARG(h->name), h->needs[i]);
    return OK;
}

/* ---- who calls, and whose the resources are ---- */

/* CallerArn, else the role or user whose policies these are.  A caller need not exist. */
static struct outcome take_caller(struct call *c, const struct simulate_params *p,
                                  const struct simulate_source *source, struct simulation *s,
                                  struct simulate_entity *out)
{
    s->caller = p->caller;
    if (!p->caller.p && source)
        s->caller = source->role ? source->role->arn : source->user->arn;
    if (!s->caller.n)
        return OK;
    if (!simulate_entity_read(s->caller, out))
        return simulate_entity_refuse(c, s->caller);
    s->caller_account = out->account;
    return OK;
}

/* The two refusals are AWS's (ScottLogic's "Automated IAM policy simulator testing" has the
 * second); "Simulation of resource-based policies isn't supported for IAM roles". */
static struct outcome judge_resource_policy(struct call *c, const struct simulation *s,
                                            const struct simulate_entity *caller)
{
    if (!s->policies.has_resource_policy)
        return OK;
    if (!s->caller.n)
        return simulate_refuse(c, "Invalid caller - Caller cannot be null or empty.");
    if (!str_eq(caller->kind, STR("user")))
        return simulate_refuse(c, "Invalid caller - Caller must be an IAM user in this context.");
    if (!s->resources_named)
        return simulate_entity_refuse(c, STR("*"));
    return OK;
}

static void name_principals(struct call *c, struct simulation *s,
                            const struct simulate_entity *caller)
{
    static const struct str aws = STR_INIT("AWS");
    const struct user *user = iam_user(c->world->iam, s->caller);
    if (!s->caller.n || !str_eq(caller->kind, STR("user")))
        return;
    struct str root = arena_join(c->arena, STR("arn:aws:iam::"), caller->account, STR(":root"));
    s->principals[0] = (struct policy_principal){ aws, root };
    s->principals[1] = (struct policy_principal){ aws, caller->account };
    s->principals[2] = (struct policy_principal){ aws, s->caller };
    s->n_self = 1;
    if (user)
        s->principals[2 + s->n_self++] = (struct policy_principal){ aws, user->id };
}

/* "arn:aws:iam::123456789012:root"; a bare account id is none (botocore#1346). */
static struct outcome take_owner(struct call *c, const struct simulate_params *p,
                                 struct simulation *s)
{
    struct arn arn;
    if (!p->owner.p)
        return OK;
    if (!arn_read(p->owner, &arn) || !str_eq(arn.service, STR("iam")) ||
        !arn_account_valid(arn.account) || !str_eq(arn.resource, STR("root")))
        return simulate_refuse(c, "'%.*s' is not a valid as a Resource Owner.", STR_ARG(p->owner));
    s->owner = arn.account;
    return OK;
}

/* ---- the context ---- */

/*
 * What follows from who calls.  That the simulator fills these, and no others, is inferred: its
 * engine knows the principal, and nothing of a session.  What the request gives replaces them.
 */
static void put_caller(struct call *c, struct simulation *s, const struct simulate_entity *caller)
{
    if (!s->caller.n || str_eq(caller->kind, STR("group")))
        return;
    keys_put(&s->keys, STR("aws:PrincipalArn"), s->caller);
    if (caller->account.n)
        keys_put(&s->keys, STR("aws:PrincipalAccount"), caller->account);
    if (!str_eq(caller->kind, STR("user")))
        return;
    const struct user *user = iam_user(c->world->iam, s->caller);
    keys_put(&s->keys, STR("aws:PrincipalType"), STR("User"));
    keys_put(&s->keys, STR("aws:username"), caller->name);
    if (user)
        keys_put(&s->keys, STR("aws:userid"), user->id);
}

static struct outcome judge_values(struct call *c, const struct param_iam_context *e,
                                   const struct simulated_type *type)
{
    for (size_t i = 0; i < e->values.n; i++) {
        struct str value = e->values.items[i];
        if (!simulated_type_fits(c->arena, type, value))
            return simulate_refuse(
                c, "Invalid value for context key %.*s: \"%.*s\" is not of type %.*s.",
                STR_ARG(e->name), STR_ARG(str_sub(value, 0, QUOTED_MAX)), STR_ARG(type->name));
    }
    if (!type->is_list && e->values.n != 1)
        return simulate_refuse(c, "Context key %.*s of type %.*s takes one value.",
                               STR_ARG(e->name), STR_ARG(type->name));
    return OK;
}

static struct outcome put_entries(struct call *c, const struct param_structs *entries,
                                  struct keys *k)
{
    const struct param_iam_context *all = entries->items;
    for (size_t i = 0; i < entries->n; i++) {
        const struct param_iam_context *e = &all[i];
        if (!e->name.p || !e->type.p)
            return simulate_refuse(
                c, "A context entry requires ContextKeyName, ContextKeyValues and ContextKeyType.");
        const struct simulated_type *type = simulated_type_find(e->type);
        TRY(judge_values(c, e, type));
        if (type->is_list)
            keys_put_list(k, e->name, e->values.items, e->values.n);
        else
            keys_put(k, e->name, e->values.items[0]);
    }
    return OK;
}

/*
 * Those of all the policies, whatever actions they are about (boto3#3111), but not of the SCPs
 * (aws-cli#10525).
 */
void simulate_missing(struct call *c, const struct simulation *s, struct str **keys, size_t *n)
{
    struct mentioned m = mentioned_new(c->arena);
    for (size_t i = 0; i < s->policies.n; i++)
        mentioned_add(&m, s->policies.items[i].policy);
    *keys = arena_array(c->arena, struct str, m.n);
    *n = 0;
    for (size_t i = 0; i < m.n; i++)
        if (!keys_find(&s->keys, m.keys[i]))
            (*keys)[(*n)++] = m.keys[i];
}

/* ---- SCPs ---- */

static struct outcome read_level(struct call *c, size_t index,
                                 const struct simulate_level_param *given,
                                 struct simulate_level *out)
{
    out->policies = arena_array(c->arena, const struct policy *, given->policies.n);
    if (!given->policies.n)
        return simulate_refuse(c,
                               "Organization policy at index %zu must contain at least one service "
                               "control policy",
                               index);
    for (size_t i = 0; i < given->policies.n; i++) {
        struct str id = arena_printf(c->arena,
                                     "OrderedOrganizationPolicyInputList.%zu."
                                     "ServiceControlPolicyInputList.%zu",
                                     index, i + 1);
        TRY(simulate_policy_read(c, id, given->policies.items[i], POLICY_SIMULATED,
                                 FAULT_POLICY_EVALUATION, &out->policies[i]));
        out->n++;
    }
    return OK;
}

static struct outcome take_levels(struct call *c, const struct simulate_params *p,
                                  struct simulation *s)
{
    const struct simulate_level_param *given = p->levels.items;
    s->levels = arena_array(c->arena, struct simulate_level, p->levels.n);
    for (size_t i = 0; i < p->levels.n; i++)
        TRY(read_level(c, i + 1, &given[i], &s->levels[i]));
    s->n_levels = p->levels.n;
    for (size_t i = 0; i < p->levels.n; i++)
        for (size_t j = 0; j < given[i].policies.n; j++)
            s->policies.bytes += given[i].policies.items[j].n;
    return OK;
}

struct outcome simulate_ask(struct call *c, const struct simulate_params *p,
                            const struct simulate_source *source, struct simulation *out)
{
    struct simulate_entity caller = { .account = STR("") };
    out->keys = keys_new(c->arena);
    out->actions = p->actions.items;
    out->n_actions = p->actions.n;
    TRY(judge_actions(c, &p->actions));
    TRY(judge_resources(c, &p->resources));
    take_resources(&p->resources, out);
    TRY(judge_handling(c, p));
    TRY(take_caller(c, p, source, out, &caller));
    TRY(take_owner(c, p, out));
    TRY(judge_resource_policy(c, out, &caller));
    TRY(take_levels(c, p, out));
    name_principals(c, out, &caller);
    put_caller(c, out, &caller);
    return put_entries(c, &p->entries, &out->keys);
}
