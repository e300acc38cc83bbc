#ifndef FAKESTS_ACTIONS_PRINCIPALS_H
#define FAKESTS_ACTIONS_PRINCIPALS_H

#include "fakests/iam_reply.h"

/*
 * Roles and users as principals of trust policies.
 *
 * IAM holds such a principal by its unique id, and shows the ARN as long as that is somebody's.
 * When the role or user is gone the id is shown, and one of the same name made later is not trusted
 * (IAM User Guide, "IAM role principals").
 */

/*
 * Whether every AWS principal that the document names exists: roles and users in an account this
 * world knows, and unique ids.  An account nobody configured cannot be judged and is believed; so
 * are accounts' roots and ids.  A unique id that `kept`, the document in force until now (may be
 * NULL), holds too stays: it may be a role's that is gone.  Fails with POLICY_MALFORMED;
 * why->arg[0] is AWS's `Invalid principal in policy: "AWS":"..."`.
 */
OUTCOME principals_exist(struct call *c, json_t *document, json_t *kept);

/* Puts the ARN of its root in the place of a bare account id, as IAM shows it. */
void principals_spell(struct arena *a, json_t *document);

/* Puts ARNs in the places of the unique ids of roles and users that exist. */
void principals_show(struct call *c, json_t *document);

/*
 * The role or user of that ARN and unique id goes: every trust policy of every account that names
 * the ARN shows the id from now on.  Puts those roles into c->changes; after this nobody who runs
 * in the same call puts another copy of them.
 */
void principals_orphaned(struct call *c, struct str arn, struct str id);

#endif
