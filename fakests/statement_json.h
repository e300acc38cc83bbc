#ifndef FAKESTS_STATEMENT_JSON_H
#define FAKESTS_STATEMENT_JSON_H

#include "base/json.h"
#include "fakests/policy/policy.h"

/* What explanations and `can` say of policies, as JSON: docs/explanation.md, docs/can.md.  New
 * references. */

/* With "principal", or "resource", or both. */
enum { STATEMENT_WHO = 1, STATEMENT_WHAT = 2 };
json_t *statement_json_of(const struct policy_statement_trace *s, unsigned elements);
json_t *statement_json_context(struct arena *a, const struct keys *k);
json_t *statement_json_texts(const struct str *items, size_t n);

#endif
