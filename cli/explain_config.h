#ifndef CLI_EXPLAIN_CONFIG_H
#define CLI_EXPLAIN_CONFIG_H

#include "scenarios/config.h"

/*
 * The world in which `explain` looks at a token: the config's, with the role and the provider that
 * the command line tells of put in.
 */
struct explain_config_ask {
    struct str role_arn;
    json_t *trust_policy;         /* borrowed; NULL: the role's own policy stays */
    struct str issuer;            /* of the token */
    const struct str *client_ids; /* --provider-client-id */
    size_t n_client_ids;
    const struct str *token_audiences; /* stand in where nobody says the client ids */
    size_t n_token_audiences;
};

/*
 * A changed copy of the document, a new reference.  The role is added, or its trust policy
 * replaced; the issuer's provider is added to the role's account, or its client ids replaced.
 * *guessed: client ids were taken from the token.  What AWS itself would refuse (a bad ARN, no
 * issuer) is left out.  With its policy the role is made older than IAM's shared-provider controls.
 */
json_t *explain_config(struct arena *a, const json_t *document, struct str default_account,
                       const struct explain_config_ask *ask, bool *guessed);

#endif
