#ifndef FAKESTS_ACTIONS_GRANTS_H
#define FAKESTS_ACTIONS_GRANTS_H

#include "fakests/authorize.h"
#include "fakests/iam_reply.h"

/*
 * What a role or a user may do: its inline policies, its attached managed policies, its permissions
 * boundary.  The actions on them differ in one word, so that they are written once: Put, Get, List
 * and Delete...Policy, Attach, Detach and ListAttached..., Put and Delete...PermissionsBoundary, of
 * Role and of User, stand in action_grants (fakests/action.h).
 *
 * The rest is for whoever makes, shows and deletes the identity itself.
 */

/* iam:PermissionsBoundary of a boundary; an empty one makes the key absent. */
struct authorize_key grants_boundary_key(struct str boundary);

/*
 * Whether that ARN can be somebody's permissions boundary: a policy of the caller's account, or one
 * of AWS's own by its name (iam/managed.h).  Fails with ENTITY_UNKNOWN, INPUT_INVALID,
 * VALUE_INVALID or POLICY_UNATTACHABLE.
 */
OUTCOME grants_policy_exists(struct call *c, struct str arn);

/* Whether the ARN is spelt as a managed policy's is.  Fails with VALUE_INVALID or INPUT_INVALID. */
OUTCOME grants_arn_check(struct call *c, struct str arn);

/* <PermissionsBoundary> with type and ARN; nothing when the identity has none. */
void grants_write_boundary(struct xml *x, const struct grants *grants);

/* What hangs on an identity must go before it: fails with ENTITY_IN_USE. */
OUTCOME grants_none_left(struct call *c, const struct grants *grants);

#endif
