#ifndef CLI_EXEC_ROLE_H
#define CLI_EXEC_ROLE_H

#include "scenarios/config.h"

/* Which role `exec` gives its command. */
struct exec_role_ask {
    struct str role; /* --role, or p == NULL */
    struct str
        override; /* what the platform's variable for it says (ENV0_AWS_ROLE_ARN), or p == NULL */
    struct str override_name;
    struct str issuer; /* of the token; empty when it has none */
};

struct exec_role {
    struct str arn;
    struct str because; /* what is worth telling about the choice; empty with --role */
};

/*
 * --role, else the platform's variable, else the first role in config order that trusts the token's
 * issuer: that is, whose trust policy names the issuer's provider in an Allow.  USAGE: none does.
 */
OUTCOME exec_role_choose(struct arena *a, struct why *why, const struct config *config,
                         const struct exec_role_ask *ask, struct exec_role *out);

#endif
