#ifndef FAKESTS_LINT_REGISTRY_H
#define FAKESTS_LINT_REGISTRY_H

#include "fakests/lint/review.h"

/* Checks: a policy against the providers there are, roles, providers.  Rows of the table in rule.c.
 */

void registry_issuer_spelling(const struct review *r);
void registry_unregistered(const struct review *r);
void registry_audience(const struct review *r, const struct condition *k);
void registry_session(const struct review *r);
void registry_provider_spelling(const struct review *r);
void registry_no_client_ids(const struct review *r);

#endif
