#ifndef SCENARIOS_SESSION_SPEC_H
#define SCENARIOS_SESSION_SPEC_H

#include "fakests/session.h"

/*
 * Temporary credentials described rather than asked for: a session of a role, of a user, of an
 * account's root, or a federated one, issued and ending when it is said (docs/control.md, POST
 * session).  For tests that need a caller, and for scenarios of signed calls.
 *
 *   {"role": ARN, "name": "s1"}  |  {"user": ARN}  |  {"root": ACCOUNT}
 *   |  {"federated": NAME, "user": ARN or "root": ACCOUNT}
 *
 * with "issued", "expires" (times), "lifetime_s", "mfa" (when a code was given), "tags",
 * "transitive", "source_identity", "provider", "subject", "audience", "amr", "policy",
 * "policy_arns".
 */

/* Members and types alone: CONFIG_INVALID with the place. */
OUTCOME session_spec_check(const struct json_at *at, struct why *why);
/*
 * The session, in the arena; `now_s` is when it is issued unless that is said.  Who it belongs to
 * has to be there: CONFIG_INVALID naming the member.
 */
OUTCOME session_spec_read(struct arena *a, struct why *why, const struct json_at *at,
                          const struct iam *iam, int64_t now_s, struct session *out);
/* The description of a session, without its keys; borrowed from the arena. */
json_t *session_spec_of(struct arena *a, const struct session *s);

#endif
