#ifndef FAKESTS_POLICY_POLICY_H
#define FAKESTS_POLICY_POLICY_H

#include "base/json.h"
#include "fakests/policy/keys.h"

/*
 * A policy document, compiled once and then read by any number of threads.
 *
 * The grammar is that of the IAM reference for the kind of policy (aws.md sections 5.1 and 5.4): a
 * trust policy has Principal and no Resource, an identity or session policy has Resource and no
 * Principal.  The last two are what a request to the policy simulator brings along: they answer as
 * the simulator does, which differs from the engine in what simulated.h tells.
 */
enum policy_kind {
    POLICY_TRUST,
    POLICY_IDENTITY,
    POLICY_SESSION,
    POLICY_SIMULATED,          /* as POLICY_IDENTITY: PolicyInputList, a boundary */
    POLICY_SIMULATED_RESOURCE, /* ResourcePolicy: Principal and Resource */
};
enum { POLICY_KINDS = 5 };

struct policy;

/*
 * Compiles the document at `at`.  Everything is copied into the arena, where the policy lives.
 * Fails with POLICY_MALFORMED: why->place names file, line, column and JSON path, why->detail says
 * what was expected, and why->arg[0] is the message AWS would answer with.
 *
 * Malformed literals (a number, date, address, ARN or base64 text that is none) are refused in
 * trust and identity policies, and accepted in the others but for base64 (aws.md section 5.2, last
 * point).
 */
OUTCOME policy_read(struct arena *a, struct why *why, const struct json_at *at,
                    enum policy_kind kind, struct policy **out);

/* Who asks: a trust policy's Principal element is matched against these. */
struct policy_principal {
    struct str type;  /* "Federated", "AWS", "Service" */
    struct str value; /* provider ARN or name; ARN, account id or unique id; service name */
};

/* What is asked. */
struct policy_ask {
    struct arena *arena;                       /* for substituted variables and the trace */
    const struct policy_principal *principals; /* every spelling under which the caller is known */
    size_t n_principals;
    struct str action;   /* "sts:AssumeRoleWithWebIdentity" */
    struct str resource; /* ARN; not looked at in trust policies */
    const struct keys *keys;
};

enum policy_decision { POLICY_IMPLICIT_DENY, POLICY_ALLOW, POLICY_EXPLICIT_DENY };

/* What was seen while deciding, for explanations; texts are borrowed from policy, keys and arena.
 */
struct policy_condition_trace {
    struct str operator; /* as the document spells it: "ForAnyValue:StringLikeIfExists" */
    struct str key;
    struct str *wanted;     /* as the document has them */
    struct str *wanted_now; /* with variables put in; NULL where one could not be */
    size_t n_wanted;
    struct str *got;
    size_t n_got;
    bool present; /* the key is in the context */
    bool passed;
    const char *note; /* why, where the values alone do not tell: a constant, or NULL */
};

struct policy_statement_trace {
    size_t index;
    struct str sid;
    bool allow; /* Effect */
    bool matched;
    bool principal, action, resource; /* whether that element matched */
    struct policy_condition_trace *conditions;
    size_t n_conditions;
};

struct policy_trace {
    struct policy_statement_trace *statements; /* every statement, whether it matched or not */
    size_t n_statements;
    enum policy_decision decision;
};

/*
 * Explicit deny before allow before implicit deny.  Cannot fail, and takes time linear in the
 * policy; matching one pattern takes at most |pattern| * |text| steps.  With trace != NULL every
 * element of every statement is evaluated and told; without, evaluation stops as soon as the answer
 * is known.
 */
enum policy_decision policy_eval(const struct policy *p, const struct policy_ask *ask,
                                 struct policy_trace *trace);

/* A trust policy without a statement: allows nothing. */
const struct policy *policy_nothing(void);
size_t policy_n_statements(const struct policy *p);
/* Calls see() for each Federated principal the policy names (to warn of ones nobody registered). */
void policy_each_federated(const struct policy *p,
                           void (*see)(void *context, size_t statement, struct str principal),
                           void *context);
/* Whether the policy could allow the action to that principal if all its conditions held. */
bool policy_might_allow(const struct policy *p, struct str action,
                        const struct policy_principal *principal);
/* Length in characters without insignificant whitespace: what AWS's size quotas count. */
size_t policy_size(const struct policy *p);

#endif
