#ifndef FAKESTS_LINT_ENV0_H
#define FAKESTS_LINT_ENV0_H

#include "fakests/lint/review.h"

/* Checks: what env zero's guide warns of.  Rows of the table in rule.c. */

void env0_no_organization(const struct review *r);
void env0_tag(const struct review *r, const struct condition *k);

#endif
