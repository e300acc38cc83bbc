#include "fakests/action.h"

static const struct action *const families[] = {
    action_web_identity,
    action_assume,
    action_session_token,
    action_authorization_message,
    action_web_identity_token,
    action_caller,
    action_grants,
    action_role,
    action_managed_policy,
    action_oidc_provider,
    action_oidc_provider_lists,
    action_user,
    action_user_tags,
    action_user_keys,
    action_user_without,
    action_service_credential,
    action_service_credential_list,
    action_account,
    action_account_summary,
    action_simulate,
    action_service_access,
};

const struct action *action_at(size_t i)
{
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++)
        for (const struct action *a = families[f]; a->name; a++)
            if (i-- == 0)
                return a;
    return NULL;
}

const struct action *action_find(enum service service, struct str name)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        for (const struct action *a = families[i]; a->name; a++)
            if (a->service == service && str_eq(str_of(a->name), name))
                return a;
    return NULL;
}
