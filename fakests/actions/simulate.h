#ifndef FAKESTS_ACTIONS_SIMULATE_H
#define FAKESTS_ACTIONS_SIMULATE_H

#include "fakests/authorize.h"
#include "fakests/iam_reply.h"
#include "fakests/param_iam.h"

/*
 * What the actions of the policy simulator share: SimulateCustomPolicy, SimulatePrincipalPolicy and
 * the two GetContextKeysFor...  The family is simulate.c and simulate_*.c.
 *
 * What AWS's simulator does besides the engine's rules is told in policy/simulated.h and here.  Its
 * answers' shape is that of the samples in the IAM API reference ("SimulateCustomPolicy",
 * "SimulatePrincipalPolicy"); texts of refusals are inferred where nothing else is said.
 */

/* What is given; those that an action does not have stay absent. */
struct simulate_params {
    struct str source; /* PolicySourceArn */
    struct param_list policies, boundaries;
    struct param_structs exclusions; /* of struct simulate_exclusion */
    struct param_structs levels;     /* of struct simulate_level_param */
    struct param_list actions, resources;
    struct str resource_policy, owner, caller;
    struct param_structs entries; /* of struct param_iam_context */
    struct str handling;          /* ResourceHandlingOption */
    struct page_ask page;
};

/* One of OrderedOrganizationPolicyInputList. */
struct simulate_level_param {
    struct param_list policies;
};

/* ---- whose policies: simulate_source.c ---- */

struct simulate_source {
    const char *word; /* "role", "user" */
    struct str name;
    const struct role *role; /* one of the two */
    const struct user *user;
    const struct grants *grants;
};

/* The role or user of a PolicySourceArn, for a caller who may ask this of it.  Fails with
 * ACCESS_DENIED, INPUT_INVALID or ENTITY_UNKNOWN. */
OUTCOME simulate_source_open(struct call *c, struct str arn, struct simulate_source *out);

/* "arn:aws:iam::123456789012:role/path/Name" taken apart; false for what is no such ARN. */
struct simulate_entity {
    struct str account, kind, name;
};
bool simulate_entity_read(struct str arn, struct simulate_entity *out);
/* INPUT_INVALID "Invalid Entity Arn: ...". */
OUTCOME simulate_entity_refuse(struct call *c, struct str arn);

/* ---- the policies: simulate_policies.c ---- */

/* What is told of a policy beside what permission.h knows. */
struct simulate_document {
    struct str text;
    const char *type; /* SourcePolicyType */
    struct simulate_span *spans;
};

struct simulate_policies {
    struct permission_policy *items;
    struct simulate_document *documents; /* of the same indices */
    size_t n, capacity;
    bool has_boundary;
    bool has_resource_policy; /* the last one */
    size_t bytes;             /* of all documents: what one evaluation costs */
};

/* Of the list that a parameter holds: "PolicyInputList.1", ...  Fails with `fault` when one is
 * malformed. */
OUTCOME simulate_policies_given(struct call *c, const char *parameter,
                                const struct param_list *list, enum fault fault,
                                struct simulate_policies *out);
/* The boundary that is given, which takes the place of the source's own. */
OUTCOME simulate_policies_boundary(struct call *c, const struct param_list *list,
                                   struct simulate_policies *out);
/* sts:AssumeRole and its kin. */
bool simulate_assumes(struct str action);
OUTCOME simulate_policies_resource(struct call *c, const struct simulate_params *p,
                                   struct simulate_policies *out);
/* Inline and attached ones and the boundary, but for those that are excluded. */
void simulate_policies_of(struct call *c, const struct simulate_source *source,
                          const struct param_structs *exclusions, struct simulate_policies *out);

/* A document compiled; `fault` when it is malformed, naming it. */
OUTCOME simulate_policy_read(struct call *c, struct str name, struct str text,
                             enum policy_kind kind, enum fault fault, const struct policy **out);

/* ---- what is left out of them: simulate_exclude.c ---- */

/* One of PolicyExclusionList, a PolicyIdentifier; what is not given has p == NULL. */
struct simulate_exclusion {
    struct str type, arn;
    struct str name, owner_type, owner; /* of an inline policy */
};
extern const struct param simulate_exclude_rows[];

/* Fails with INPUT_INVALID. */
OUTCOME simulate_exclude_judge(struct call *c, const struct param_structs *exclusions);
bool simulate_exclude_inline(struct call *c, const struct param_structs *exclusions,
                             const struct simulate_source *source, struct str name);
bool simulate_exclude_attached(struct call *c, const struct param_structs *exclusions,
                               struct str arn);
bool simulate_exclude_boundary(const struct param_structs *exclusions);

/* Where a statement stands in its document, as AWS counts (simulate_span.c). */
struct simulate_span {
    struct json_anchor start, end;
};
/* One for each statement, in their order.  The text was read as a policy before. */
struct simulate_span *simulate_spans(struct arena *a, struct str text, size_t n_statements);

/* ---- the request that is simulated: simulate_ask.c ---- */

/* The SCPs of one level of an organization. */
struct simulate_level {
    const struct policy **policies;
    size_t n;
};

struct simulation {
    struct simulate_policies policies;
    struct simulate_level *levels;
    size_t n_levels;
    struct keys keys;
    struct str caller, caller_account;     /* empty: nobody is said to call */
    struct policy_principal principals[4]; /* account, its id, the user, its id */
    size_t n_self;                         /* of the last two */
    const struct str *actions;
    size_t n_actions;
    const struct str *resources; /* "*" alone when none is named */
    size_t n_resources;
    bool resources_named;
    struct str owner; /* account of resources whose ARN tells none; empty: the caller's */
};

/*
 * Judges what is given but the policies, and fills in the rest of *out; out->policies is there.
 * source: of SimulatePrincipalPolicy, or NULL.  Fails with INPUT_INVALID.
 */
OUTCOME simulate_ask(struct call *c, const struct simulate_params *p,
                     const struct simulate_source *source, struct simulation *out);
/* The condition keys that the policies name and nobody gave. */
void simulate_missing(struct call *c, const struct simulation *s, struct str **keys, size_t *n);

/* ---- one action on one resource: simulate_judge.c ---- */

struct simulate_verdict {
    enum policy_decision decision;
    bool organization_allows, boundary_allows;
    bool cross_account;
    enum policy_decision says[POLICY_SOURCES]; /* with cross_account */
    struct permission_match *matches;
    size_t n_matches;
};

/* Lives in the scratch arena. */
void simulate_judge(const struct simulation *s, struct str action, struct str resource,
                    struct arena *scratch, struct simulate_verdict *out);

/* ---- the answer: simulate_result.c ---- */

OUTCOME simulate_reply(struct call *c, const struct simulate_params *p, struct simulation *s,
                       struct str *document);

/* ---- the other actions: simulate_keys.c ---- */

struct outcome simulate_keys_custom(struct call *c, struct str *document);
struct outcome simulate_keys_principal(struct call *c, struct str *document);

/* INPUT_INVALID with AWS's message. */
struct outcome simulate_refuse(struct call *c, const char *format, ...)
    __attribute__((format(printf, 2, 3))) __attribute__((warn_unused_result));

#endif
