#ifndef FAKESTS_WEB_IDENTITY_H
#define FAKESTS_WEB_IDENTITY_H

#include "fakests/context.h"
#include "fakests/param.h"

/*
 * The decision of AssumeRoleWithWebIdentity, without the credentials: what the action and its
 * explanation have in common.
 */
struct web_identity_params {
    struct str role_arn, role_session_name, web_identity_token;
    struct str provider_id, policy;   /* p == NULL: absent */
    struct param_structs policy_arns; /* of struct str */
    struct param_integer duration_s;
};

struct web_identity_grant {
    const struct role *role;
    struct web_identity who;
    int64_t duration_s;
    int64_t packed_percent; /* PackedPolicySize */
};

/* The parameters' rows, for param_read. */
extern const struct param web_identity_param_rows[];

/*
 * Everything from the parameters to the answer: ProviderId, token, role, trust policy, duration,
 * session policy, packed size, in AWS's order (aws.md section 2).  *out is filled as far as it
 * came.
 */
OUTCOME web_identity_decide(struct call *c, const struct web_identity_params *p,
                            const struct token_input *token, struct web_identity_grant *out);

/* The names under which a trust policy may know callers of that provider; how many. */
size_t web_identity_principals(const struct provider *p, struct policy_principal out[2]);

#endif
