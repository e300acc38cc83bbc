#ifndef FAKESTS_POLICY_PRINCIPAL_H
#define FAKESTS_POLICY_PRINCIPAL_H

#include "fakests/policy/element.h"
#include "fakests/policy/policy.h"

/* One entry of a Principal element. */
struct principal {
    struct str type, value; /* "Federated", a provider's ARN */
    bool anyone;            /* "*" or {"AWS": "*"} */
};

/* A Principal or NotPrincipal element. */
struct principal_set {
    struct principal *entries;
    size_t n;
    bool negated; /* NotPrincipal: set by who read the statement */
};

/*
 * Reads the element: "*", or an object of AWS, Federated, Service, CanonicalUser, each a string or
 * an array of strings, at least one in all.
 */
OUTCOME principal_read(struct arena *a, struct why *why, const struct json_at *at,
                       struct principal_set *out);

/*
 * Whether the caller, known under any of n names, is meant.  Values match exactly, there are no
 * wildcards; "*" means callers with AWS credentials, and so nobody who comes with a web token
 * (aws.md section 5.3, observed).
 */
bool principal_matches(const struct principal_set *set, const struct policy_principal *callers,
                       size_t n);

#endif
