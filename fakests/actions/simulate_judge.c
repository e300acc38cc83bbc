#include "fakests/actions/simulate.h"
#include "fakests/iam/arn.h"

/*
 * A resource policy is ignored where sts:AssumeRole and its kin are asked, though it is read
 * (observed: aws-cli#10314).
 */
static bool heeds_resource_policy(const struct simulation *s, struct str action)
{
    return s->policies.has_resource_policy && !simulate_assumes(action);
}

/* Of the ARN, or who is said to own what tells no account. */
static bool is_foreign(const struct simulation *s, struct str resource)
{
    struct arn arn;
    struct str account = s->owner.n ? s->owner : s->caller_account;
    if (arn_read(resource, &arn) && arn_account_valid(arn.account))
        account = arn.account;
    return !str_eq(account, s->caller_account);
}

static void fill_ask(const struct simulation *s, struct str action, struct str resource,
                     struct arena *scratch, struct permission_ask *out)
{
    bool heeds = heeds_resource_policy(s, action);
    *out = (struct permission_ask){
        .ask = { .arena = scratch, .action = action, .resource = resource, .keys = &s->keys },
        .policies = s->policies.items,
        .n_policies = s->policies.n - (s->policies.has_resource_policy && !heeds),
        .has_boundary = s->policies.has_boundary,
        .cross_account = heeds && is_foreign(s, resource),
        .want_matches = true,
    };
    if (!s->n_self)
        return;
    out->principals[GRANT_ACCOUNT] = s->principals;
    out->n_principals[GRANT_ACCOUNT] = 2;
    out->principals[GRANT_SESSION] = s->principals + 2;
    out->n_principals[GRANT_SESSION] = s->n_self;
}

/* Every level has to allow, and none may deny ("SCP evaluation" in the Organizations User Guide).
 */
static bool level_allows(const struct simulate_level *level, const struct policy_ask *ask)
{
    bool allows = false;
    for (size_t i = 0; i < level->n; i++) {
        enum policy_decision decision = policy_eval(level->policies[i], ask, NULL);
        if (decision == POLICY_EXPLICIT_DENY)
            return false;
        allows |= decision == POLICY_ALLOW;
    }
    return allows;
}

static bool organization_allows(const struct simulation *s, const struct policy_ask *ask)
{
    for (size_t i = 0; i < s->n_levels; i++)
        if (!level_allows(&s->levels[i], ask))
            return false;
    return true;
}

static void hear_sources(const struct permission_ask *ask, const struct permission *p,
                         struct simulate_verdict *out)
{
    for (size_t i = 0; i < ask->n_policies; i++) {
        enum policy_decision *says = &out->says[ask->policies[i].source];
        if (p->traces[i].decision > *says)
            *says = p->traces[i].decision;
    }
}

/* Across accounts the statements that allow are told even where the other side does not ("Cross-
 * Account Simulation" in the API reference). */
static void match_allowing(struct arena *a, const struct permission_ask *ask,
                           const struct permission *p, struct simulate_verdict *out)
{
    size_t most = 0;
    for (size_t i = 0; i < ask->n_policies; i++)
        most += p->traces[i].n_statements;
    out->matches = arena_array(a, struct permission_match, most);
    for (size_t i = 0; i < ask->n_policies; i++) {
        const struct policy_trace *t = &p->traces[i];
        if (ask->policies[i].source == SOURCE_BOUNDARY)
            continue;
        for (size_t j = 0; j < t->n_statements; j++)
            if (t->statements[j].matched && t->statements[j].allow)
                out->matches[out->n_matches++] = (struct permission_match){ i, j };
    }
}

void simulate_judge(const struct simulation *s, struct str action, struct str resource,
                    struct arena *scratch, struct simulate_verdict *out)
{
    struct permission_ask ask;
    struct permission p;
    struct simulate_verdict v = { .decision = POLICY_IMPLICIT_DENY };
    fill_ask(s, action, resource, scratch, &ask);
    permission_decide(&ask, true, &p);
    v.boundary_allows = p.boundary_allows;
    v.cross_account = ask.cross_account;
    v.organization_allows = organization_allows(s, &ask.ask);
    if (v.organization_allows)
        v.decision = p.decision;
    hear_sources(&ask, &p, &v);
    v.matches = p.matches;
    v.n_matches = p.n_matches;
    if (v.cross_account && p.decision == POLICY_IMPLICIT_DENY)
        match_allowing(scratch, &ask, &p, &v);
    *out = v;
}
