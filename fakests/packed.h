#ifndef FAKESTS_PACKED_H
#define FAKESTS_PACKED_H

#include "fakests/call.h"

/*
 * PackedPolicySize: "a percentage value that indicates the packed size of the session policies and
 * session tags combined" (STS API reference).
 */
struct packed {
    struct str subject; /* of a web identity */
    struct str policy;
    const struct str *policy_arns;
    size_t n_policy_arns;
    const struct tag *tags; /* those a session before it hands on too */
    size_t n_tags;
    struct str source_identity;
};

int64_t packed_percent(const struct packed *p);
/*
 * The same in *percent, and whether it fits: fails with PACKED_POLICY_TOO_LARGE.  Only what the
 * caller chose can be too large: a long subject alone is accepted.
 */
OUTCOME packed_check(struct call *c, const struct packed *p, int64_t *percent);

#endif
