#ifndef FAKESTS_ACTIONS_ROLE_H
#define FAKESTS_ACTIONS_ROLE_H

#include "fakests/authorize.h"
#include "fakests/iam_reply.h"

/* What the actions on roles share; the family is role.c, role_create.c, role_trust.c and
 * role_tags.c. */

enum { ROLE_SESSION_DEFAULT_S = 3600 };

struct role_ask {
    const char *action; /* "iam:GetRole" */
    struct str name;
    const struct tag *request_tags;
    size_t n_request_tags;
    const struct str *tag_keys; /* of UntagRole */
    size_t n_tag_keys;
};

/* The role of that name in the caller's account, for a caller who may do this to it.  Fails with
 * ACCESS_DENIED or ENTITY_UNKNOWN. */
OUTCOME role_open(struct call *c, const struct role_ask *ask, const struct role **out);
/* The same for a role that is to be changed: fails with ENTITY_UNMODIFIABLE too. */
OUTCOME role_open_changing(struct call *c, const struct role_ask *ask, const struct role **out);

/* A service-linked role, or one of IAM Identity Center. */
bool role_is_aws(const struct role *role);
/* Only AWS changes those.  Fails with
 * ENTITY_UNMODIFIABLE. */
OUTCOME role_modifiable(struct call *c, const struct role *role);

/* The members of a reply's Role, in their order; which ones differs by action (observed). */
enum {
    ROLE_DESCRIPTION = 1,
    ROLE_SESSION = 2, /* MaxSessionDuration */
    ROLE_BOUNDARY = 4,
    ROLE_TAGS = 8,
    ROLE_LAST_USED = 16,
};
/* document: the trust policy as it is to be shown. */
void role_write(struct call *c, struct xml *x, const struct role *role, struct str document,
                unsigned members);
/* The trust policy as IAM shows what it keeps. */
struct str role_trust_shown(struct call *c, const struct role *role);

/*
 * Judges a trust policy as IAM does when it is saved, and puts it into *role as it is kept; the
 * role's former one is in role->trust_text, empty for a new role.  Fails with POLICY_MALFORMED or
 * POLICY_TOO_LARGE.
 */
OUTCOME role_trust_set(struct call *c, struct str name, struct str document, struct role *role);

struct outcome role_create(struct call *c, struct str *document);
struct outcome role_update_trust(struct call *c, struct str *document);
struct outcome role_tag(struct call *c, struct str *document);
struct outcome role_untag(struct call *c, struct str *document);
struct outcome role_list_tags(struct call *c, struct str *document);

#endif
