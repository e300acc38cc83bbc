#ifndef FAKESTS_POLICY_PERMISSION_H
#define FAKESTS_POLICY_PERMISSION_H

#include "fakests/policy/policy.h"

/*
 * What all the policies together say (IAM User Guide, "Policy evaluation logic"): an explicit deny
 * in any of them; else an allow of the identity's own policies within its permissions boundary and
 * its session policies, or of the resource's policy.  The one evaluator of everything that asks
 * "may they?": signed IAM calls, AssumeRole, the simulator, `can`.
 */
enum policy_source {
    SOURCE_IDENTITY, /* user, role and attached managed policies */
    SOURCE_BOUNDARY, /* permissions boundary */
    SOURCE_SESSION,  /* policies passed with the session */
    SOURCE_RESOURCE, /* the resource's own policy: a trust policy, a bucket policy */
};
enum { POLICY_SOURCES = 4 };

struct permission_policy {
    enum policy_source source;
    struct str id; /* what an answer calls it: "role/deploy", an ARN, "PolicyInputList.1" */
    const struct policy *policy;
};

/*
 * How the resource's policy knows the caller.  To a session of GetFederationToken the ARN of the
 * user who asked for it is a role's ARN ("limited by an implicit deny in a permission boundary or
 * session policy").  "*" is the very caller.
 */
enum permission_grant {
    GRANT_NONE,
    GRANT_ACCOUNT, /* its account: the account's own policies decide further */
    GRANT_ROLE,    /* a role's ARN: boundary and session policies still limit */
    GRANT_SESSION, /* the very session, user or federated principal: enough in its own account */
};

struct permission_ask {
    /* action, resource, keys and arena; its principals are not used for resource policies */
    struct policy_ask ask;
    const struct permission_policy *policies;
    size_t n_policies;
    bool has_boundary, has_session; /* a kind that is there limits even when none of it was read */
    bool root; /* the account's root: identity policies and boundaries do not apply, and what the
                  others do not deny is allowed (session policies limit root's sessions as ever) */
    bool cross_account; /* the resource is another account's: its policy must allow, and the
                           identity's too */
    bool trust; /* the resource's policy is a role's trust policy: without its grant nobody gets in,
                   not even who may do everything by the identity's */
    /*
     * The spellings under which a resource policy may know the caller, one list for each grant
     * (none for GRANT_NONE).  Its Deny holds under any of them; a NotPrincipal spares the caller
     * only when it names the account and the role as well as the session, and never one with a
     * boundary.
     */
    const struct policy_principal *principals[GRANT_SESSION + 1];
    size_t n_principals[GRANT_SESSION + 1];
    bool want_matches; /* the statements that decided are to be listed */
};

enum permission_reason {
    PERMISSION_ALLOWED,
    PERMISSION_DENIED_EXPLICITLY, /* by a statement of `source` */
    PERMISSION_NOT_ALLOWED,       /* no policy of `source` allows it */
};

/* A statement that decided: one that denies, or the ones that allow. */
struct permission_match {
    size_t policy;    /* index into the ask's policies */
    size_t statement; /* index within that policy */
};

struct permission {
    enum policy_decision decision;
    enum permission_reason reason;
    enum policy_source source; /* of a refusal */
    bool trust;                /* as asked */
    bool boundary_allows;      /* what the boundary alone says; true without one */
    /*
     * With want_matches or trace, by policy and statement: all that deny; or those of identity and
     * resource policies that allow; none when nothing allows.
     */
    struct permission_match *matches;
    size_t n_matches;
    /* With trace: every statement of every policy, by the policies' index. */
    struct policy_trace *traces;
};

/* Cannot fail; what it tells lives in ask->ask.arena.  Takes from the arena only what policy_eval
 * does, unless it lists matches or traces. */
void permission_decide(const struct permission_ask *ask, bool trace, struct permission *out);

/*
 * The end of AWS's sentence about a refusal: "because no identity-based policy allows the
 * iam:GetRole action", "with an explicit deny in a permissions boundary", ... (IAM User Guide,
 * "Troubleshoot access denied error messages"); empty when it is allowed.
 */
struct str permission_because(struct arena *a, const struct permission *p, struct str action);

#endif
