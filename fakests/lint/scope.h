#ifndef FAKESTS_LINT_SCOPE_H
#define FAKESTS_LINT_SCOPE_H

#include "fakests/lint/review.h"

/* Checks: who gets in that nobody meant to let in.  Rows of the table in rule.c. */

void scope_no_subject(const struct review *r);
void scope_matches_all(const struct review *r, const struct condition *k);
void scope_crosses_tenants(const struct review *r, const struct condition *k);
void scope_audience_like(const struct review *r, const struct condition *k);
void scope_if_exists(const struct review *r, const struct condition *k);
void scope_for_all_values(const struct review *r, const struct condition *k);
void scope_anyone(const struct review *r);
void scope_shadowed(const struct review *r);

#endif
