#ifndef FAKESTS_ACTIONS_GRANTS_HOLDER_H
#define FAKESTS_ACTIONS_GRANTS_HOLDER_H

#include "fakests/actions/grants.h"

/*
 * The role or user that an action on policies is about: which of the two the action's name tells.
 * For grants.c and its parts alone.
 */

/* Roles and users differ in these words and limits (IAM and AWS STS quotas). */
struct grants_side {
    const char *word;         /* "role" */
    const char *name_element; /* "RoleName" */
    const char *attached_quota;
    size_t inline_max; /* characters of all inline policies together, blanks not counted */
};

/* What such an action is given; p == NULL: not given. */
struct grants_params {
    struct str name, policy, document, arn, boundary, path_prefix;
    struct page_ask page;
};

struct grants_holder {
    const struct grants_side *side;
    const struct role *role; /* one of the two */
    const struct user *user;
    struct str name, arn;
    struct grants grants; /* a copy, to be changed */
};

/* `rows` are those beside the name of the role or user; names of users who are there may be longer
 * than new ones, where the service model says existingUserNameType. */
enum grants_name { GRANTS_USER_NAME, GRANTS_EXISTING_USER_NAME };
OUTCOME grants_read(struct call *c, const struct param *rows, enum grants_name name,
                    struct grants_params *out);

/* Fails with ACCESS_DENIED or ENTITY_UNKNOWN. */
OUTCOME grants_open(struct call *c, const struct grants_params *p, struct grants_holder *out);
/* The same for what is to be changed: fails with ENTITY_UNMODIFIABLE too. */
OUTCOME grants_open_changing(struct call *c, const struct grants_params *p,
                             struct grants_holder *out);
/* Puts the holder with its grants as they are now. */
void grants_put(struct call *c, const struct grants_holder *h);

/* ---- the actions in grants_inline.c ---- */
struct outcome grants_inline_put(struct call *c, struct str *document);
struct outcome grants_inline_get(struct call *c, struct str *document);
struct outcome grants_inline_list(struct call *c, struct str *document);
struct outcome grants_inline_delete(struct call *c, struct str *document);

/* ---- and in grants_attached.c ---- */
struct outcome grants_attached_attach(struct call *c, struct str *document);
struct outcome grants_attached_detach(struct call *c, struct str *document);
struct outcome grants_attached_list(struct call *c, struct str *document);

/* Whether there is such a policy; `what` begins AWS's "Policy X does not exist ...": "Policy " or
 * "Scope ARN: ".  Fails with ENTITY_UNKNOWN or POLICY_UNATTACHABLE. */
OUTCOME grants_attachable(struct call *c, const char *what, struct str arn);

#endif
