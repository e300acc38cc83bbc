#ifndef FAKESTS_ACTIONS_USER_H
#define FAKESTS_ACTIONS_USER_H

#include "fakests/authorize.h"
#include "fakests/iam_reply.h"

/*
 * Whom an action on users is about: UserName, or where that is absent whoever signs the request.
 */
struct user_subject {
    struct str name;         /* empty: the account's root */
    const struct user *user; /* NULL: the root, or nobody of that name */
};

/*
 * The subject in the caller's account.  name.p == NULL: the caller, which a role or a federated
 * user cannot be: fails with VALUE_INVALID.
 */
OUTCOME user_subject(struct call *c, struct str name, struct user_subject *out);

/*
 * Asks for the action on the subject: ask's resource, shown and resource_tags are filled in here.
 * Fails with ACCESS_DENIED, and then with ENTITY_UNKNOWN when there is nobody of that name.
 */
OUTCOME user_authorize(struct call *c, const struct user_subject *subject,
                       struct authorize_ask *ask);

/* Both, of an action that needs nothing but the user. */
OUTCOME user_find(struct call *c, const char *action, struct str name, struct user_subject *out);

/* A fresh secret: base64 over that many random bytes, 64 at most. */
struct str user_secret(struct call *c, size_t bytes);

#endif
