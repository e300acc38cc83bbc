#include "fakests/action.h"
#include "fakests/actions/listing.h"
#include "fakests/actions/members.h"
#include "fakests/actions/simulate.h"
#include "fakests/policy/service.h"

/*
 * ListPoliciesGrantingServiceAccess: which policies of a user or role let it use which services.
 * "It only applies permissions policy logic" (IAM API reference): boundaries and trust policies are
 * not looked at.
 */

struct params {
    struct str arn;
    struct param_list services;
    struct page_ask page;
};

static const struct param rows[] = {
    IAM_ARN("Arn", REQUIRED, struct params, arn),
    { .name = "ServiceNamespaces",
      .type = PARAM_TEXTS,
      .required = true,
      .min = 1,
      .max = 200,
      .element_min = 1,
      .element_max = 64,
      .pattern = &param_pattern_namespace,
      .offset = offsetof(struct params, services) },
    IAM_MARKER(struct params, page.marker),
    PARAM_END,
};

/* A policy, as the reply names it: an inline one by whose it is, a managed one by its ARN. */
struct holding {
    const struct policy *policy;
    struct str name;
    struct str arn; /* p == NULL: inline */
};

struct holdings {
    struct holding *items;
    size_t n;
    struct str entity_type, entity_name;
};

static struct holdings holdings_of(struct call *c, const struct simulate_source *source)
{
    const struct grants *g = source->grants;
    struct holdings all = { .entity_type = source->role ? STR("ROLE") : STR("USER"),
                            .entity_name = source->name };
    all.items = arena_array(c->arena, struct holding, g->n_policies + g->n_attached);
    for (size_t i = 0; i < g->n_attached; i++) {
        const struct managed_policy *m = iam_policy(c->world->iam, g->attached[i]);
        if (m) /* one whose document nobody has allows nothing */
            all.items[all.n++] =
                (struct holding){ iam_policy_default(m)->policy, m->name, g->attached[i] };
    }
    for (size_t i = 0; i < g->n_policies; i++)
        all.items[all.n++] =
            (struct holding){ g->policies[i].policy, g->policies[i].name, { NULL, 0 } };
    return all;
}

static void write_policy(struct xml *x, const struct holdings *all, const struct holding *h)
{
    xml_open(x, "member", NULL);
    xml_leaf(x, "PolicyName", h->name);
    xml_leaf(x, "PolicyType", h->arn.p ? STR("MANAGED") : STR("INLINE"));
    if (h->arn.p) {
        xml_leaf(x, "PolicyArn", h->arn);
    } else {
        xml_leaf(x, "EntityType", all->entity_type);
        xml_leaf(x, "EntityName", all->entity_name);
    }
    xml_close(x, "member");
}

static void write_service(struct call *c, struct xml *x, const struct holdings *all,
                          struct str service)
{
    bool *granting = arena_array(c->arena, bool, all->n);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += granting[i] = service_granted(c->arena, all->items[i].policy, service);
    xml_open(x, "member", NULL);
    xml_leaf(x, "ServiceNamespace", service);
    members_open(x, "Policies", n);
    for (size_t i = 0; i < all->n; i++)
        if (granting[i])
            write_policy(x, all, &all->items[i]);
    members_close(x, "Policies", n);
    xml_close(x, "member");
}

/* The reply is one page: no marker was ever given. */
static struct outcome list(struct call *c, struct str *document)
{
    struct params p = { .page = {
                            .marker = { NULL, 0 } } }; /* MaxItems is none of its parameters */
    struct simulate_source source;
    struct reply r;
    struct listing none = listing_new(c->arena);
    TRY(param_read(c, rows, &p));
    TRY(simulate_source_open(c, p.arn, &source));
    TRY(listing_page(c, &p.page, &none));
    struct holdings all = holdings_of(c, &source);
    reply_open(&r, c, "ListPoliciesGrantingServiceAccess", true);
    members_open(&r.xml, "PoliciesGrantingServiceAccess", p.services.n);
    for (size_t i = 0; i < p.services.n; i++)
        write_service(c, &r.xml, &all, p.services.items[i]);
    members_close(&r.xml, "PoliciesGrantingServiceAccess", p.services.n);
    page_write(&r.xml, &none.page);
    *document = reply_close(&r, true);
    return OK;
}

const struct action action_service_access[] = {
    { "ListPoliciesGrantingServiceAccess", SERVICE_IAM, true, false, list },
    { .name = NULL },
};
