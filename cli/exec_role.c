#include "cli/exec_role.h"

#include "fakests/iam/arn.h"

/* A provider's URL is kept without its scheme. */
static bool provider_url(struct str issuer, struct str *url)
{
    static const struct str scheme = STR_INIT("https://");
    *url = str_sub(issuer, scheme.n, issuer.n);
    return str_starts(issuer, scheme) && url->n;
}

static bool trusts(struct arena *a, const struct role *role, struct str url)
{
    const struct policy_principal provider = {
        .type = STR("Federated"),
        .value = arn_of_provider(a, role->account, url),
    };
    return policy_might_allow(role->trust, STR("sts:AssumeRoleWithWebIdentity"), &provider);
}

static const struct role *first_that_trusts(struct arena *a, const struct iam *iam, struct str url)
{
    struct iam_list roles = iam_list(iam, a, IAM_ROLE, STR(""));
    for (size_t i = 0; i < roles.n; i++)
        if (trusts(a, iam_object_role(roles.items[i]), url))
            return iam_object_role(roles.items[i]);
    return NULL;
}

/* What is no role's name stays as it is: AWS's own refusal of it is what the user wants to see. */
static struct str arn_of(struct arena *a, const struct config *config, struct str role)
{
    struct str arn = config_role_arn(a, config->iam, role);
    return arn.n ? arn : role;
}

static struct outcome from_trust(struct arena *a, struct why *why, const struct config *config,
                                 struct str issuer, struct exec_role *out)
{
    struct str url;
    if (!provider_url(issuer, &url))
        FAIL(why, USAGE,
             "the token names no issuer, so there is no role to guess: expected --role ARN|NAME");
    const struct role *role = first_that_trusts(a, config->iam, url);
    if (!role)
        FAIL(why, USAGE, "no role trusts %.*s: expected --role ARN|NAME", STR_ARG(issuer));
    out->arn = role->arn;
    out->because = arena_printf(a, "the first role that trusts %.*s", STR_ARG(issuer));
    return OK;
}

struct outcome exec_role_choose(struct arena *a, struct why *why, const struct config *config,
                                const struct exec_role_ask *ask, struct exec_role *out)
{
    if (ask->role.p) {
        *out = (struct exec_role){ .arn = arn_of(a, config, ask->role) };
        return OK;
    }
    if (ask->override.n) {
        *out = (struct exec_role){
            .arn = arn_of(a, config, ask->override),
            .because = arena_printf(a, "from %.*s", STR_ARG(ask->override_name)),
        };
        return OK;
    }
    return from_trust(a, why, config, ask->issuer, out);
}
