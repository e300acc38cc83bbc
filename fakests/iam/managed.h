#ifndef FAKESTS_IAM_MANAGED_H
#define FAKESTS_IAM_MANAGED_H

#include "fakests/iam/store.h"

/*
 * A few of the policies that AWS manages, each with the version that was its default when it was
 * written down here (iam/managed/NAME.json; AWS Managed Policy Reference Guide).  They belong to
 * the process.
 *
 * AWS has more than a thousand.  One that is not here may be attached all the same, and allows
 * nothing: what its document says today nobody here knows.
 */

/* By ARN, "arn:aws:iam::aws:policy/NAME"; NULL when its document is not here. */
const struct managed_policy *iam_managed_by_aws(struct str arn);
/* All of them, by name. */
const struct managed_policy *iam_managed_all(size_t *n);

/* Whether the ARN is spelt as those of AWS's policies are, path and name included. */
bool iam_managed_plausible(struct str arn);

#endif
