#ifndef FAKESTS_POLICY_SERVICE_H
#define FAKESTS_POLICY_SERVICE_H

#include "fakests/policy/policy.h"

/*
 * Whether a policy lets anything of a service be used, as ListPoliciesGrantingServiceAccess tells:
 * some Allow names an action of the service ("s3") and a resource, and no Deny of the policy takes
 * all of that back.
 *
 * A Deny takes an Allow back when its patterns match whatever the Allow's match.  Its '?' is one
 * UTF-16 unit here too: bucket/? leaves an Allow of bucket/ and one character beyond U+FFFF in
 * force (observed).  What else counts is inferred: a Deny under a condition takes nothing back, and
 * an Allow under one grants.
 */
bool service_granted(struct arena *a, const struct policy *p, struct str service);

/* Whether every text that `pattern` matches is matched by `cover`; both compiled (match.h).  Never
 * true when it is not so; it may be false where several parts of a pattern cover only together. */
bool service_covers(struct str cover, struct str pattern);

#endif
