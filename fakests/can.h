#ifndef FAKESTS_CAN_H
#define FAKESTS_CAN_H

#include "fakests/authorize.h"

/*
 * May a role do that?  What the engine of signed requests (authorize.h) would decide for a session
 * of the role that has no session policies and no session tags, by the role's own policies and its
 * permissions boundary; what a resource's policy would say is not known.  And why.
 */

/* What the request would bring along, in place of what follows from role, clock and world. */
struct can_given {
    struct str name;
    struct str *values;
    size_t n;
};

struct can_ask {
    const struct role *role; /* of the world */
    struct str action;       /* "s3:PutObject" */
    struct str resource;     /* an ARN, or "*" */
    const struct can_given *given;
    size_t n_given;
    int64_t now_s;
};

/* One policy of the role. */
struct can_policy {
    struct str id;   /* an inline policy's name, a managed one's ARN */
    struct str name; /* of either */
    bool boundary;
    bool is_inline;
    const json_t *document;
    const struct policy *policy;
    const struct policy_trace *trace;
};

/* What to do about a refusal; `statement` is what to write, or NULL. */
struct can_hint {
    const char *id;
    struct str text;
    json_t *statement;
};

struct can_answer {
    const struct role *role;
    struct str action, resource;
    int64_t time_s;
    bool allowed;
    struct str because; /* AWS's words: "because no identity-based policy allows the ... action" */
    enum policy_source source; /* of a refusal */
    bool explicit_deny;
    struct can_policy *policies;
    size_t n_policies;
    bool has_boundary;
    const struct keys *context;
    struct str *missing; /* keys that statements about the action name and the context lacks */
    size_t n_missing;
    struct str *unknown; /* ARNs of policies whose documents nobody has */
    size_t n_unknown;
    struct str other_account; /* whose the resource is; empty: the role's own, or not told */
    struct can_hint *hints;
    size_t n_hints;
};

/* Cannot fail: no is an answer.  Lives in the arena, borrows from ask and world. */
const struct can_answer *can_decide(struct arena *a, const struct fakests_world *world,
                                    const struct can_ask *ask);

/* Whether a statement has to do with the answer: one that decided; of a refusal also those that
 * would allow the action if it were not for their resources or conditions. */
bool can_concerns(const struct can_answer *answer, const struct can_policy *policy,
                  const struct policy_statement_trace *s);

/* Fills in answer->hints; for can.c. */
void can_hints_find(struct arena *a, struct can_answer *answer);

/* The JSON shape of docs/can.md.  A new reference. */
json_t *can_json(struct arena *a, const struct can_answer *answer);
/* For a terminal. */
struct str can_page(struct arena *a, const struct can_answer *answer, bool colour);

#endif
