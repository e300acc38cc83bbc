#ifndef FAKESTS_POLICY_COMPILED_H
#define FAKESTS_POLICY_COMPILED_H

#include "fakests/policy/condition.h"
#include "fakests/policy/policy.h"
#include "fakests/policy/principal.h"

/* What policy_read makes; policy_eval, policy_save_check, mentioned_add and lint walk it, nobody
 * else looks inside. */

struct compiled_action {
    struct str text;    /* as the document has it */
    struct str pattern; /* compiled for match.h */
};

struct compiled_resource {
    struct str text;
    struct variable_template pattern;
};

struct compiled_statement {
    struct str sid;
    bool allow;
    struct principal_set principals; /* of policies that say who */
    struct compiled_action *actions;
    size_t n_actions;
    bool not_action;
    struct compiled_resource *resources; /* of policies that say what */
    size_t n_resources;
    bool not_resource;
    bool has_condition; /* the element is there, if only as {} */
    struct condition_list conditions;
};

struct policy {
    bool who, what; /* statements have Principal; Resource: follows from the kind */
    struct compiled_statement *statements;
    size_t n_statements;
    size_t size; /* in characters */
};

#endif
