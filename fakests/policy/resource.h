#ifndef FAKESTS_POLICY_RESOURCE_H
#define FAKESTS_POLICY_RESOURCE_H

#include "base/arena.h"

/* Resources of identity policies, as IAM judges them when it saves one (observed). */

/* What IAM says of the resource; empty when it takes it. */
struct str resource_fault(struct arena *a, struct str resource);

/* Whether its older parser takes it as well: there is a service, and six fields where one of them
 * is left empty. */
bool resource_parses(struct str resource);

#endif
