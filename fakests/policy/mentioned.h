#ifndef FAKESTS_POLICY_MENTIONED_H
#define FAKESTS_POLICY_MENTIONED_H

#include "base/map.h"
#include "fakests/policy/policy.h"

/*
 * The condition keys that policies name: in their conditions, and as variables in resources and in
 * wanted values.  What a request has to bring for the policies to be answered in full.
 */
struct mentioned {
    struct arena *arena; /* borrowed */
    struct map seen;     /* by name, folded */
    struct str *keys; /* each once whatever its case, as first spelt; borrowed from the policies */
    size_t n, capacity;
};

struct mentioned mentioned_new(struct arena *a);
/* Statement by statement, its resources before its conditions. */
void mentioned_add(struct mentioned *m, const struct policy *p);
/* Those of one statement. */
void mentioned_add_statement(struct mentioned *m, const struct policy *p, size_t statement);

#endif
