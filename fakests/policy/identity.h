#ifndef FAKESTS_POLICY_IDENTITY_H
#define FAKESTS_POLICY_IDENTITY_H

#include "fakests/policy/policy.h"

/*
 * Identity policies as CreatePolicy, CreatePolicyVersion, PutRolePolicy and PutUserPolicy take
 * them.  IAM judges them by other rules than trust policies, in another order and with other words
 * (observed); these are its messages to the letter where they were seen.
 */
enum identity_kind {
    IDENTITY_INLINE,
    IDENTITY_MANAGED, /* is to say "Version": "2012-10-17" */
};

/*
 * The document compiled, and as compact JSON, which is what is kept.  Fails with POLICY_MALFORMED;
 * why->arg[0] is AWS's message, why->place names a place in the text, which messages call `name`.
 */
OUTCOME identity_read(struct arena *a, struct why *why, struct str name, struct str document,
                      enum identity_kind kind, struct policy **out, struct str *text);

#endif
