#ifndef FAKESTS_SESSION_POLICY_H
#define FAKESTS_SESSION_POLICY_H

#include "fakests/call.h"

/*
 * The policies a request passes for the session it asks for.  Both fail with
 * SESSION_POLICY_MALFORMED; why->arg[0] is AWS's message.
 */

/* p == NULL: none. */
OUTCOME session_policy_check(struct call *c, struct str text);
/*
 * "The policies must exist in the same account as the role" (STS API reference), or be AWS's own.
 * AWS has many whose documents are not here: those are taken, and allow nothing.
 */
OUTCOME session_policy_arns_check(struct call *c, struct str account, const struct str *arns,
                                  size_t n);

#endif
