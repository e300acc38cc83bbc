#ifndef FAKESTS_SIGNER_H
#define FAKESTS_SIGNER_H

#include "fakests/call.h"

/*
 * Who signed a request, as IAM sees them now: the identity behind c->caller with what it may do and
 * what policies know of it.  A role or user that is gone, or another of the same name, grants
 * nothing.
 */
enum signer_kind {
    SIGNER_ROOT,
    SIGNER_USER,      /* with a long-term key, or a session of GetSessionToken */
    SIGNER_ROLE,      /* a session of an assumed role */
    SIGNER_FEDERATED, /* a session of GetFederationToken */
};
enum { SIGNER_KINDS = 4 };

struct signer {
    enum signer_kind kind;
    bool root;                   /* the account's root, or a federated session it asked for */
    struct str arn;              /* aws:PrincipalArn: a role's rather than its session's */
    const struct user *user;     /* of a user, and of whom asked for a federated session; or NULL */
    const struct role *role;     /* or NULL */
    const struct grants *grants; /* of either; NULL: root has none, nobody else may do anything */
    struct tag *tags;            /* aws:PrincipalTag/K: session tags over the identity's own */
    size_t n_tags;
};

/* In the call's arena; what it borrows belongs to c->world->iam. */
void signer_of(struct call *c, struct signer *out);

/* Every condition key that is about the signer and the session. */
void signer_put_keys(struct call *c, const struct signer *s, struct keys *k);

/* The spellings under which a resource's policy may know the signer, by how narrow they are. */
struct signer_names {
    struct policy_principal account[2]; /* the account's root, its id */
    struct policy_principal role[2];    /* the role, or who asked for the federated session */
    size_t n_role;
    struct policy_principal self[2]; /* the very session or user */
    size_t n_self;
};
void signer_names_of(struct call *c, const struct signer *s, struct signer_names *out);

#endif
