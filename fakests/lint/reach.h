#ifndef FAKESTS_LINT_REACH_H
#define FAKESTS_LINT_REACH_H

#include "fakests/lint/review.h"

/* Checks: what can never match, or matches always.  Rows of the table in rule.c. */

void reach_key_never_filled(const struct review *r, const struct condition *k);
void reach_key_of_other_provider(const struct review *r, const struct condition *k);
void reach_shared_condition(const struct review *r);
void reach_scalar_on_list(const struct review *r, const struct condition *k);
void reach_no_values(const struct review *r, const struct condition *k);
void reach_wildcard_under_equals(const struct review *r, const struct condition *k);
void reach_variable_without_version(const struct review *r, const struct condition *k);
void reach_key_twice(const struct review *r, const struct condition *k);
void reach_action(const struct review *r);
void reach_tag_session(const struct review *r);
void reach_source_identity(const struct review *r);

#endif
