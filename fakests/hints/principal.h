#ifndef FAKESTS_HINTS_PRINCIPAL_H
#define FAKESTS_HINTS_PRINCIPAL_H

#include "fakests/hints/rule.h"

/* Whether the statement's Principal names this provider but for a slip that a rule knows. */
bool principal_is_near(const struct hint_case *c, const struct statement *s);

#endif
