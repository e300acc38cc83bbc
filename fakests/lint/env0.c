#include "fakests/lint/env0.h"

#include "fakests/lint/platform.h"

/* "Always gate the trust policy on aws:RequestTag/organizationId (or
 * aws:PrincipalTag/organizationId)": env zero, OIDC for AWS. */
static bool is_tag(struct str key, const char *name)
{
    struct str tag;
    return (review_key_below(key, STR("aws:RequestTag/"), &tag) ||
            review_key_below(key, STR("aws:PrincipalTag/"), &tag)) &&
           str_eq_nocase(tag, str_of(name));
}

static bool gated(const struct compiled_statement *s)
{
    for (size_t i = 0; i < s->conditions.n; i++) {
        const struct condition *k = &s->conditions.conditions[i];
        if (is_tag(k->key, "organizationId") && review_restricts(k))
            return true;
    }
    return false;
}

void env0_no_organization(const struct review *r)
{
    if (!r->now->lets_in || gated(r->now->s))
        return;
    for (size_t i = 0; i < r->now->n_issuers; i++)
        if (platform_is_env0(r->now->issuers[i].url))
            review_say_element(r, "Condition", STR(""),
                               "env zero is trusted without aws:RequestTag/organizationId");
}

void env0_tag(const struct review *r, const struct condition *k)
{
    if (is_tag(k->key, "env0Tag"))
        review_say_condition(r, k, STR(""), "%.*s is whatever a user of env zero makes it",
                             STR_ARG(k->key));
}
