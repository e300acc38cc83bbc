#ifndef FAKESTS_ACTIONS_MANAGED_POLICY_H
#define FAKESTS_ACTIONS_MANAGED_POLICY_H

#include "base/map.h"
#include "fakests/authorize.h"
#include "fakests/iam_reply.h"

/* What the actions on managed policies share; the family is managed_policy.c,
 * policy_list.c, policy_tags.c, policy_version.c and policy_usage.c. */

struct managed_policy_ask {
    const char *action; /* "iam:GetPolicy" */
    struct str arn;
    struct str version;    /* "v3", of actions on one version; else p == NULL */
    const char *not_there; /* how AWS ends its "Policy ARN ..." when there is none */
    const struct tag *request_tags;
    size_t n_request_tags;
    const struct str *tag_keys; /* of UntagPolicy */
    size_t n_tag_keys;
};

/* The two ways in which AWS says it (observed: which action says which). */
#define MANAGED_POLICY_NOT_FOUND    "was not found."
#define MANAGED_POLICY_NOT_EXISTING "does not exist or is not attachable."

/* The policy of that ARN, AWS's own among them, for a caller who may do this to it; NULL when there
 * is none.  Fails with VALUE_INVALID, INPUT_INVALID or ACCESS_DENIED. */
OUTCOME managed_policy_find(struct call *c, const struct managed_policy_ask *ask,
                            const struct managed_policy **out);
/* The same; fails with ENTITY_UNKNOWN too. */
OUTCOME managed_policy_open(struct call *c, const struct managed_policy_ask *ask,
                            const struct managed_policy **out);
/* The same for one that is to be changed: AWS's own are not. */
OUTCOME managed_policy_open_changing(struct call *c, const struct managed_policy_ask *ask,
                                     const struct managed_policy **out);
/* There is none: fails with ENTITY_UNKNOWN. */
OUTCOME managed_policy_unknown(struct call *c, const struct managed_policy_ask *ask);

/* A document judged, within its quota; fails with POLICY_MALFORMED or QUOTA_EXCEEDED. */
OUTCOME managed_policy_document(struct call *c, struct str document, struct policy_version *out);

struct policy_usage {
    size_t attached, boundary;
};

/* The members of a reply's Policy, in their order; which of these two it has differs by action. */
enum { MANAGED_POLICY_DESCRIPTION = 1, MANAGED_POLICY_TAGS = 2 };
void managed_policy_write(struct call *c, struct xml *x, const struct managed_policy *m,
                          struct policy_usage usage, unsigned members);

/* ---- policy_list.c ---- */
struct outcome policy_list(struct call *c, struct str *document);

/* ---- who uses a policy: policy_usage.c ---- */

/* In the caller's account. */
struct policy_usage policy_usage_of(struct call *c, struct str arn);
/* Of all policies at once: ARN to struct policy_usage. */
struct map policy_usage_all(struct call *c);

struct outcome policy_usage_list(struct call *c, struct str *document);

/* ---- policy_version.c ---- */
struct outcome policy_version_create(struct call *c, struct str *document);
struct outcome policy_version_get(struct call *c, struct str *document);
struct outcome policy_version_list(struct call *c, struct str *document);
struct outcome policy_version_delete(struct call *c, struct str *document);
struct outcome policy_version_set_default(struct call *c, struct str *document);

/* ---- policy_tags.c ---- */
struct outcome policy_tags_tag(struct call *c, struct str *document);
struct outcome policy_tags_untag(struct call *c, struct str *document);
struct outcome policy_tags_list(struct call *c, struct str *document);

#endif
