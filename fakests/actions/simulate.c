#include "fakests/action.h"
#include "fakests/actions/simulate.h"

/*
 * The policy simulator: what policies would say, without anything being done.  The engine is the
 * one that decides requests (policy/permission.h), over policies of POLICY_SIMULATED.
 */

static const struct param level_rows[] = {
    IAM_DOCUMENTS("ServiceControlPolicyInputList", OPTIONAL, struct simulate_level_param, policies),
    PARAM_END,
};

#define INTO struct simulate_params

#define COMMON_ROWS                                                                              \
    IAM_DOCUMENTS("PermissionsBoundaryPolicyInputList", OPTIONAL, INTO, boundaries),             \
        IAM_ACTION_NAMES(REQUIRED, INTO, actions), IAM_RESOURCE_ARNS(OPTIONAL, INTO, resources), \
        IAM_DOCUMENT("ResourcePolicy", OPTIONAL, INTO, resource_policy),                         \
        IAM_RESOURCE_NAME("ResourceOwner", OPTIONAL, INTO, owner),                               \
        IAM_RESOURCE_NAME("CallerArn", OPTIONAL, INTO, caller),                                  \
        IAM_CONTEXT_ENTRIES(INTO, entries),                                                      \
        IAM_TEXT("ResourceHandlingOption", 1, 64, NULL, OPTIONAL, INTO, handling),               \
        IAM_MARKER(INTO, page.marker), IAM_MAX_ITEMS(INTO, page.max_items), PARAM_END

static const struct param custom_rows[] = {
    IAM_DOCUMENTS("PolicyInputList", REQUIRED, INTO, policies),
    IAM_STRUCTS("OrderedOrganizationPolicyInputList", 7, level_rows, struct simulate_level_param,
                OPTIONAL, INTO, levels),
    COMMON_ROWS,
};

static const struct param principal_rows[] = {
    IAM_ARN("PolicySourceArn", REQUIRED, INTO, source),
    IAM_DOCUMENTS("PolicyInputList", OPTIONAL, INTO, policies),
    IAM_STRUCTS("PolicyExclusionList", 256, simulate_exclude_rows, struct simulate_exclusion,
                OPTIONAL, INTO, exclusions),
    COMMON_ROWS,
};

/* What both have behind their own policies. */
static struct outcome simulate(struct call *c, const struct simulate_params *p,
                               const struct simulate_source *source, struct simulation *s,
                               struct str *document)
{
    struct simulate_policies *all = &s->policies;
    TRY(simulate_policies_given(c, "PolicyInputList", &p->policies, FAULT_POLICY_EVALUATION, all));
    TRY(simulate_policies_boundary(c, &p->boundaries, all));
    TRY(simulate_policies_resource(c, p, all));
    TRY(simulate_ask(c, p, source, s));
    return simulate_reply(c, p, s, document);
}

static struct outcome custom(struct call *c, struct str *document)
{
    struct authorize_ask ask = { .action = STR("iam:SimulateCustomPolicy"), .resource = STR("*") };
    struct simulate_params p = { .source = { NULL, 0 } };
    struct simulation s = { .n_actions = 0 };
    TRY(param_read(c, custom_rows, &p));
    TRY(authorize(c, &ask));
    return simulate(c, &p, NULL, &s, document);
}

static struct outcome principal(struct call *c, struct str *document)
{
    struct simulate_params p = { .source = { NULL, 0 } };
    struct simulate_source source;
    struct simulation s = { .n_actions = 0 };
    TRY(param_read(c, principal_rows, &p));
    TRY(simulate_source_open(c, p.source, &source));
    TRY(simulate_exclude_judge(c, &p.exclusions));
    simulate_policies_of(c, &source, &p.exclusions, &s.policies);
    return simulate(c, &p, &source, &s, document);
}

const struct action action_simulate[] = {
    { "SimulateCustomPolicy", SERVICE_IAM, true, false, custom },
    { "SimulatePrincipalPolicy", SERVICE_IAM, true, false, principal },
    { "GetContextKeysForCustomPolicy", SERVICE_IAM, true, false, simulate_keys_custom },
    { "GetContextKeysForPrincipalPolicy", SERVICE_IAM, true, false, simulate_keys_principal },
    { .name = NULL },
};
