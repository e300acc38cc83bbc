#ifndef FAKESTS_POLICY_CONDITION_H
#define FAKESTS_POLICY_CONDITION_H

#include "fakests/policy/element.h"
#include "fakests/policy/operator.h"
#include "fakests/policy/policy.h"
#include "fakests/policy/variable.h"

enum condition_set { CONDITION_SCALAR, CONDITION_ANY_VALUE, CONDITION_ALL_VALUES };

/* One value a condition wants, compiled. */
struct condition_wanted {
    struct variable_template text;
    bool valid; /* value can be compared with; what holds variables is compiled when it is filled */
    union operator_value value;
};

/* One key below one operator of a Condition element. */
struct condition {
    struct str spelling; /* "ForAnyValue:StringLikeIfExists" */
    const struct operator_row *op;
    enum condition_set set;
    bool if_exists;
    struct str key;
    uint32_t hash;
    struct str *texts; /* the wanted values as the document has them */
    struct condition_wanted *wanted;
    size_t n_wanted;
    bool has_variables;
    bool stops; /* at a wanted value that cannot be read: see simulated_stops */
};

struct condition_list {
    struct condition *conditions;
    size_t n;
};

struct condition_rules {
    bool variables;       /* the document's Version knows ${...} */
    bool strict_literals; /* what no operator could read is refused */
    bool simulated;       /* the condition answers as in the simulator */
};

/* Reads a Condition element. */
OUTCOME condition_read(struct arena *a, struct why *why, const struct json_at *at,
                       struct condition_rules rules, struct condition_list *out);

/*
 * Whether the condition holds; `allow` is the statement's Effect (a malformed ARN fails an Allow
 * and meets a Deny).  Tells the trace, unless that is NULL; memory is taken from ask->arena only
 * for variables, for lower case beyond ASCII, and for the trace.
 */
bool condition_holds(const struct condition *c, const struct policy_ask *ask, bool allow,
                     struct policy_condition_trace *trace);

#endif
