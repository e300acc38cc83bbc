#ifndef FAKESTS_ACTIONS_OIDC_PROVIDER_H
#define FAKESTS_ACTIONS_OIDC_PROVIDER_H

#include "fakests/authorize.h"
#include "fakests/iam_reply.h"

/* What the actions on OIDC providers have in common (aws.md section 7). */
enum {
    OIDC_PROVIDER_CLIENT_IDS_MAX = 100,
    OIDC_PROVIDER_THUMBPRINTS_MAX = 5,
};

/* What is asked of an existing provider; request tags and tag keys as in authorize_ask. */
struct oidc_provider_ask {
    struct str arn;
    const char *action; /* "iam:GetOpenIDConnectProvider" */
    const struct param_structs *tags;
    const struct param_list *tag_keys;
};

/*
 * The provider of that ARN, once the caller may do that to it.  Fails with INPUT_INVALID (not the
 * ARN of a provider), ACCESS_DENIED or ENTITY_UNKNOWN.
 */
OUTCOME oidc_provider_find(struct call *c, const struct oidc_provider_ask *ask,
                           const struct provider **out);

/* Thumbprints as AWS keeps them: lower case, duplicates and all.  Fails with INPUT_INVALID. */
OUTCOME oidc_provider_thumbprints(struct call *c, const struct param_list *given,
                                  struct provider *into);

#endif
