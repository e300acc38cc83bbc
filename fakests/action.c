#include "fakests/action.h"

static const struct action actions[] = {
    { "AssumeRoleWithWebIdentity", SERVICE_STS, false, assume_role_with_web_identity },
    { "GetAccessKeyInfo", SERVICE_STS, true, get_access_key_info },
    { "GetCallerIdentity", SERVICE_STS, true, get_caller_identity },
};

const struct action *action_find(enum service service, struct str name)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (actions[i].service == service && str_eq(str_of(actions[i].name), name))
            return &actions[i];
    return NULL;
}
