#include "fakests/actions/grants_holder.h"

#include "base/encode.h"
#include "fakests/actions/listing.h"
#include "fakests/actions/members.h"
#include "fakests/param_iam.h"
#include "fakests/policy/identity.h"

/* Policies that are a part of their role or user. */

static const struct param put_rows[] = {
    IAM_POLICY_NAME(REQUIRED, struct grants_params, policy),
    IAM_DOCUMENT("PolicyDocument", REQUIRED, struct grants_params, document),
    PARAM_END,
};
static const struct param one_rows[] = {
    IAM_POLICY_NAME(REQUIRED, struct grants_params, policy),
    PARAM_END,
};
static const struct param list_rows[] = {
    IAM_MARKER(struct grants_params, page.marker),
    IAM_MAX_ITEMS(struct grants_params, page.max_items),
    PARAM_END,
};

/* Their names keep their case, unlike other names of IAM; n when there is none. */
static size_t find(const struct grants *g, struct str name)
{
    size_t i = 0;
    while (i < g->n_policies && !str_eq(g->policies[i].name, name))
        i++;
    return i;
}

static struct outcome found(struct call *c, const struct grants_holder *h, struct str name,
                            size_t *at)
{
    size_t i = find(&h->grants, name);
    if (i == h->grants.n_policies) {
        c->why->arg[0] = arena_printf(c->arena, "The %s policy with name %.*s cannot be found.",
                                      h->side->word, STR_ARG(name));
        FAIL(c->why, ENTITY_UNKNOWN, "%.*s has no inline policy \"%.*s\"", STR_ARG(h->arn),
             STR_ARG(name));
    }
    *at = i;
    return OK;
}

/* A copy of the list with room for one more. */
static void own(struct arena *a, struct grants *g)
{
    struct named_policy *copy = arena_array(a, struct named_policy, g->n_policies + 1);
    if (g->n_policies)
        memcpy(copy, g->policies, g->n_policies * sizeof *copy);
    g->policies = copy;
}

static struct outcome check_size(struct call *c, const struct grants_holder *h)
{
    size_t size = 0;
    for (size_t i = 0; i < h->grants.n_policies; i++)
        size += utf8_length(h->grants.policies[i].text);
    if (size <= h->side->inline_max)
        return OK;
    c->why->arg[0] = arena_printf(c->arena, "Maximum policy size of %zu bytes exceeded for %s %.*s",
                                  h->side->inline_max, h->side->word, STR_ARG(h->name));
    FAIL(c->why, QUOTA_EXCEEDED,
         "its inline policies have %zu characters together, and %zu are allowed", size,
         h->side->inline_max);
}

struct outcome grants_inline_put(struct call *c, struct str *document)
{
    struct grants_params p;
    struct grants_holder h;
    struct named_policy policy;

    TRY(grants_read(c, put_rows, GRANTS_EXISTING_USER_NAME, &p));
    TRY(grants_open_changing(c, &p, &h));
    policy.name = p.policy;
    TRY(identity_read(c->arena, c->why, STR("PolicyDocument"), p.document, IDENTITY_INLINE,
                      &policy.policy, &policy.text));
    own(c->arena, &h.grants);
    size_t at = find(&h.grants, p.policy);
    h.grants.policies[at] = policy;
    h.grants.n_policies += at == h.grants.n_policies;
    TRY(check_size(c, &h));
    grants_put(c, &h);
    *document = iam_reply_empty(c, arena_cstr(c->arena, c->action));
    return OK;
}

struct outcome grants_inline_get(struct call *c, struct str *document)
{
    struct grants_params p;
    struct grants_holder h;
    struct reply r;
    size_t at;

    TRY(grants_read(c, one_rows, GRANTS_EXISTING_USER_NAME, &p));
    TRY(grants_open(c, &p, &h));
    TRY(found(c, &h, p.policy, &at));
    reply_open(&r, c, arena_cstr(c->arena, c->action), true);
    xml_leaf(&r.xml, h.side->name_element, h.role ? h.role->name : h.user->name);
    xml_leaf(&r.xml, "PolicyName", p.policy);
    iam_reply_document(&r.xml, "PolicyDocument", h.grants.policies[at].text);
    *document = reply_close(&r, true);
    return OK;
}

struct outcome grants_inline_list(struct call *c, struct str *document)
{
    struct grants_params p;
    struct grants_holder h;
    struct listing l = listing_new(c->arena);
    struct reply r;

    TRY(grants_read(c, list_rows, GRANTS_EXISTING_USER_NAME, &p));
    TRY(grants_open(c, &p, &h));
    for (size_t i = 0; i < h.grants.n_policies; i++)
        listing_add(&l, h.grants.policies[i].name, NULL);
    TRY(listing_page(c, &p.page, &l));
    size_t n = l.page.end - l.page.first;
    reply_open(&r, c, arena_cstr(c->arena, c->action), true);
    members_open(&r.xml, "PolicyNames", n);
    for (size_t i = l.page.first; i < l.page.end; i++)
        xml_leaf(&r.xml, "member", l.items[i].key);
    members_close(&r.xml, "PolicyNames", n);
    page_write(&r.xml, &l.page);
    *document = reply_close(&r, true);
    return OK;
}

struct outcome grants_inline_delete(struct call *c, struct str *document)
{
    struct grants_params p;
    struct grants_holder h;
    size_t at;

    TRY(grants_read(c, one_rows, GRANTS_EXISTING_USER_NAME, &p));
    TRY(grants_open_changing(c, &p, &h));
    TRY(found(c, &h, p.policy, &at));
    own(c->arena, &h.grants);
    h.grants.n_policies--;
    memmove(h.grants.policies + at, h.grants.policies + at + 1,
            (h.grants.n_policies - at) * sizeof *h.grants.policies);
    grants_put(c, &h);
    *document = iam_reply_empty(c, arena_cstr(c->arena, c->action));
    return OK;
}
