#include "fakests/actions/simulate.h"

/* As EvalDecisionDetails calls the kinds ("Cross-Account Simulation" in the API reference); the
 * service model's enumeration of SourcePolicyType is not what AWS sends (soto#230). */
static const char *const types[POLICY_SOURCES] = {
    [SOURCE_IDENTITY] = "IAM Policy",
    [SOURCE_BOUNDARY] = "Permissions Boundary Policy",
    [SOURCE_SESSION] = "IAM Policy", /* there are none in a simulation */
    [SOURCE_RESOURCE] = "Resource Policy",
};

static void add(struct call *c, struct simulate_policies *all, enum policy_source source,
                struct str id, struct str text, const struct policy *policy)
{
    if (all->n == all->capacity) {
        size_t wider = all->capacity * 2 + 8;
        struct permission_policy *items = arena_array(c->arena, struct permission_policy, wider);
        struct simulate_document *documents =
            arena_array(c->arena, struct simulate_document, wider);
        if (all->n) {
            memcpy(items, all->items, all->n * sizeof *items);
            memcpy(documents, all->documents, all->n * sizeof *documents);
        }
        all->items = items;
        all->documents = documents;
        all->capacity = wider;
    }
    all->items[all->n] = (struct permission_policy){ source, id, policy };
    all->documents[all->n] = (struct simulate_document){ .text = text, .type = types[source] };
    all->bytes += text.n;
    all->n++;
}

/* ---- as given ---- */

/* The reason, of whatever kind, as the fault that this action answers with. */
static struct outcome malformed(struct call *c, struct str name, enum fault fault,
                                const struct why *why)
{
    struct outcome o = why_set(c->why, fault, "%.*s: %.*s", STR_ARG(name), STR_ARG(why->detail));
    c->why->place = why->place;
    c->why->arg[0] = why->arg[0].n ? why->arg[0] : STR("This policy contains invalid Json");
    return o;
}

struct outcome simulate_policy_read(struct call *c, struct str name, struct str text,
                                    enum policy_kind kind, enum fault fault,
                                    const struct policy **out)
{
    struct why why = why_new(c->arena);
    struct json_doc *doc;
    struct policy *policy;
    if (failed(json_load(c->arena, &why, name, text, JSON_DUPLICATES_REFUSED, &doc)))
        return malformed(c, name, fault, &why);
    struct json_at root = json_at_root(doc);
    if (failed(policy_read(c->arena, &why, &root, kind, &policy)))
        return malformed(c, name, fault, &why);
    *out = policy;
    return OK;
}

struct outcome simulate_policies_given(struct call *c, const char *parameter,
                                       const struct param_list *list, enum fault fault,
                                       struct simulate_policies *out)
{
    for (size_t i = 0; i < list->n; i++) {
        struct str id = arena_printf(c->arena, "%s.%zu", parameter, i + 1);
        const struct policy *policy;
        TRY(simulate_policy_read(c, id, list->items[i], POLICY_SIMULATED, fault, &policy));
        add(c, out, SOURCE_IDENTITY, id, list->items[i], policy);
    }
    return OK;
}

static void drop_boundary(struct simulate_policies *all)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        if (all->items[i].source == SOURCE_BOUNDARY)
            continue;
        all->items[n] = all->items[i];
        all->documents[n++] = all->documents[i];
    }
    all->n = n;
}

struct outcome simulate_policies_boundary(struct call *c, const struct param_list *list,
                                          struct simulate_policies *out)
{
    struct str id = STR("PermissionsBoundaryPolicyInputList.1");
    const struct policy *policy;
    if (list->n > 1)
        return simulate_refuse(c,
                               "The list of Permissions Boundary policies cannot exceed 1 items.");
    if (!list->n)
        return OK;
    TRY(simulate_policy_read(c, id, list->items[0], POLICY_SIMULATED, FAULT_POLICY_EVALUATION,
                             &policy));
    drop_boundary(out);
    add(c, out, SOURCE_BOUNDARY, id, list->items[0], policy);
    out->has_boundary = true;
    return OK;
}

bool simulate_assumes(struct str action)
{
    return str_eq_nocase(str_sub(action, 0, STR("sts:Assume").n), STR("sts:Assume"));
}

/* Whether nothing else is asked. */
static bool only_assuming(const struct param_list *actions)
{
    for (size_t i = 0; i < actions->n; i++)
        if (!simulate_assumes(actions->items[i]))
            return false;
    return true;
}

/* A trust policy, which has no Resource, is taken where it is not looked at afterwards (see
 * simulate_judge.c). */
struct outcome simulate_policies_resource(struct call *c, const struct simulate_params *p,
                                          struct simulate_policies *out)
{
    struct str id = STR("ResourcePolicy");
    const struct policy *policy;
    struct why kept = *c->why;
    if (!p->resource_policy.p)
        return OK;
    struct outcome o = simulate_policy_read(c, id, p->resource_policy, POLICY_SIMULATED_RESOURCE,
                                            FAULT_POLICY_EVALUATION, &policy);
    if (failed(o) && only_assuming(&p->actions)) {
        *c->why = kept;
        o = simulate_policy_read(c, id, p->resource_policy, POLICY_TRUST, FAULT_POLICY_EVALUATION,
                                 &policy);
    }
    TRY(o);
    add(c, out, SOURCE_RESOURCE, id, p->resource_policy, policy);
    out->has_resource_policy = true;
    return OK;
}

/* ---- a role's or user's ---- */

/* One whose document nobody has is left out: it allows nothing to the engine either. */
static void add_managed(struct call *c, struct simulate_policies *out, enum policy_source source,
                        struct str arn)
{
    const struct managed_policy *managed = iam_policy(c->world->iam, arn);
    if (!managed)
        return;
    const struct policy_version *version = iam_policy_default(managed);
    add(c, out, source, managed->name, version->text, version->policy);
}

/* Ids as in the API reference's samples: "user_admin_AdminUser", "AmazonS3ReadOnlyAccess". */
void simulate_policies_of(struct call *c, const struct simulate_source *source,
                          const struct param_structs *exclusions, struct simulate_policies *out)
{
    const struct grants *g = source->grants;
    for (size_t i = 0; i < g->n_policies; i++) {
        const struct named_policy *p = &g->policies[i];
        struct str id =
            arena_join(c->arena, str_of(source->word), STR("_"), source->name, STR("_"), p->name);
        if (!simulate_exclude_inline(c, exclusions, source, p->name))
            add(c, out, SOURCE_IDENTITY, id, p->text, p->policy);
    }
    for (size_t i = 0; i < g->n_attached; i++)
        if (!simulate_exclude_attached(c, exclusions, g->attached[i]))
            add_managed(c, out, SOURCE_IDENTITY, g->attached[i]);
    if (!g->boundary.n || simulate_exclude_boundary(exclusions))
        return;
    add_managed(c, out, SOURCE_BOUNDARY, g->boundary);
    out->has_boundary = true;
}
