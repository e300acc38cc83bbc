#ifndef FAKESTS_POLICY_SAVE_H
#define FAKESTS_POLICY_SAVE_H

#include "fakests/policy/policy.h"

/*
 * What CreateRole and UpdateAssumeRolePolicy refuse in a trust policy beyond its grammar, which
 * policy_read has judged (aws.md section 5.4).  Each fails with POLICY_MALFORMED, or
 * POLICY_TOO_LARGE for the quota; why->arg[0] is AWS's message to the letter, why->detail tells a
 * person what to write.
 *
 * `at` is the document that p was read from, for the place; NULL when it is not at hand.  Whether a
 * principal exists is not looked at: IAM takes a provider's ARN that nobody registered (observed).
 */

/* All of it, in AWS's order: the rules, the shared-provider controls, the quota. */
OUTCOME policy_save_check(struct arena *a, struct why *why, const struct policy *p,
                          const struct json_at *at);

/* Actions, principals, and the application ids of the built-in providers. */
OUTCOME policy_save_rules(struct arena *a, struct why *why, const struct policy *p,
                          const struct json_at *at);

/*
 * The controls on identity providers that many tenants share (June 2025): not retroactive, so a
 * role made before them may break them still.
 */
OUTCOME policy_save_controls(struct arena *a, struct why *why, const struct policy *p,
                             const struct json_at *at);

enum { POLICY_TRUST_CHARACTERS_MAX = 2048 }; /* IAM's default quota, ACLSizePerRole */
OUTCOME policy_save_quota(struct arena *a, struct why *why, const struct policy *p,
                          const struct json_at *at);

#endif
