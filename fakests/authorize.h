#ifndef FAKESTS_AUTHORIZE_H
#define FAKESTS_AUTHORIZE_H

#include "fakests/call.h"
#include "fakests/policy/permission.h"

/*
 * Whether whoever signed the request may do what it asks: c->caller's policies - a user's, a
 * role's, a federated user's, with permissions boundary and session policies - and, where there is
 * one, the resource's own policy, in the context of this request (aws.md section 5.3 and the IAM
 * reference's global condition keys).
 */

/* A condition key that belongs to this very action: iam:PolicyARN, sts:ExternalId, ... */
struct authorize_key {
    struct str name;
    struct str value; /* p == NULL: the key is absent */
};

/* The same of a key that is a list, with at least one value: sts:TransitiveTagKeys, ... */
struct authorize_list {
    struct str name;
    const struct str *values;
    size_t n; /* 0: the key is absent */
};

struct authorize_ask {
    struct str action;   /* "iam:GetRole" */
    struct str resource; /* an ARN, or "*" */
    struct str shown;    /* what the refusal calls it: "role MyRole"; p == NULL: the ARN; else
                            empty: it does not name it */
    const struct tag *resource_tags; /* aws:ResourceTag/K, and iam:ResourceTag/K of IAM actions */
    size_t n_resource_tags;
    const struct tag *request_tags; /* aws:RequestTag/K and aws:TagKeys; of one key, the last */
    size_t n_request_tags;
    const struct str *tag_keys; /* aws:TagKeys of an Untag action */
    size_t n_tag_keys;
    const struct authorize_key *keys;
    size_t n_keys;
    const struct authorize_list *lists;
    size_t n_lists;
    struct str resource_account;          /* empty: the caller's */
    const struct policy *resource_policy; /* a role's trust policy; NULL: none */
};

/*
 * Fails with ACCESS_DENIED; why->arg[0] is AWS's message: "User: ARN is not authorized to perform:
 * ACTION on resource: X because no identity-based policy allows the ACTION action" - without the
 * last part for sts:AssumeRole, sts:TagSession and sts:SetSourceIdentity.
 */
OUTCOME authorize(struct call *c, const struct authorize_ask *ask);
/* The same, telling what was seen instead of refusing; for explanations and `can`. */
void authorize_decide(struct call *c, const struct authorize_ask *ask, bool trace,
                      struct permission_ask *asked, struct permission *out);

/* The policies an identity has, for the caller, the simulator and `can`: inline ones and attached
 * managed ones as SOURCE_IDENTITY, the boundary as SOURCE_BOUNDARY.  An attached or boundary ARN
 * whose document nobody has is told in *unknown (may be NULL), and allows nothing. */
struct authorize_identity {
    struct permission_policy *policies;
    size_t n_policies;
    bool has_boundary;
    struct str *unknown; /* ARNs */
    size_t n_unknown;
};
void authorize_identity_of(const struct iam *iam, struct arena *a, const struct grants *grants,
                           struct authorize_identity *out);

#endif
