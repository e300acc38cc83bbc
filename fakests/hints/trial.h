#ifndef FAKESTS_HINTS_TRIAL_H
#define FAKESTS_HINTS_TRIAL_H

#include "fakests/hints/rule.h"

/*
 * An edit of the trust policy is tried before anybody is told of it: on a copy, for this exchange.
 * Edits of other documents are taken for good.
 */

/*
 * Whether IAM would store the policy, and the statement would stand nearer to what is wanted: by
 * `steps` of statement_distance at least, or, if it is a Deny, so that it does not match any more.
 */
bool trial_helps(const struct hint_case *c, const struct statement *s, const struct hint_edit *e,
                 unsigned steps);
/* Whether IAM would store it, and the exchange that is allowed would stay so. */
bool trial_keeps(const struct hint_case *c, const struct hint_edit *e);
/* Whether IAM would store it. */
bool trial_stored(const struct hint_case *c, const struct hint_edit *e);

#endif
