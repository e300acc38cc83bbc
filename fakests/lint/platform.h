#ifndef FAKESTS_LINT_PLATFORM_H
#define FAKESTS_LINT_PLATFORM_H

#include "base/arena.h"

/*
 * What lint knows of issuers: where in a claim the tenant stands, and what subjects look like.
 * Issuers are URLs without https://.
 */

/* How a pattern treats the tenant, the part of a claim that tells one customer from another. */
enum platform_tenant {
    PLATFORM_TENANT_KEPT,    /* the whole name stands before the first wildcard */
    PLATFORM_TENANT_CROSSED, /* a wildcard stands before the name's end */
    PLATFORM_TENANT_UNKNOWN, /* nothing is known of that claim's shape */
};
/* `claim` is "sub", "repository", ...; `pattern` is a wanted value of StringLike. */
enum platform_tenant platform_tenant(struct str issuer, struct str claim, struct str pattern);

/* Whether the pattern, of StringLike on sub, fits every subject that the issuer makes. */
bool platform_every_subject(struct arena *a, struct str issuer, struct str pattern);

/* A value of sub that shows its shape; empty when it is not known.  In the arena. */
struct str platform_example_subject(struct arena *a, struct str issuer);

/* The issuer as it is really spelled; empty when it is no misspelling of a known one. */
struct str platform_right_spelling(struct str issuer);

/* Whether the issuer is env zero's, whose tokens always carry session tags. */
bool platform_is_env0(struct str issuer);

/* Whether a pattern is made of wildcards only and fits any text but, perhaps, an empty one. */
bool platform_matches_all(struct str pattern);
bool platform_has_wildcard(struct str pattern);

#endif
