#ifndef FAKESTS_SESSION_H
#define FAKESTS_SESSION_H

#include "fakests/iam/store.h"

/* Whose permissions temporary credentials have. */
enum session_kind {
    SESSION_ROLE,      /* a role's: AssumeRole..., also with a role session's credentials */
    SESSION_USER,      /* a user's own: GetSessionToken */
    SESSION_ROOT,      /* the account's root's: GetSessionToken */
    SESSION_FEDERATED, /* a user's or the root's, as far as the session policies go, and without any
                          none: GetFederationToken */
};

/* What temporary credentials stand for.  Texts are borrowed; one that does not apply is empty. */
struct session {
    enum session_kind kind;
    struct str access_key_id;
    struct str secret_access_key;
    struct str account;
    /* As GetCallerIdentity tells them:
       SESSION_ROLE       arn:aws:sts::A:assumed-role/R/S   AROA...:S
       SESSION_USER       the user's ARN                    AIDA...
       SESSION_ROOT       arn:aws:iam::A:root               A
       SESSION_FEDERATED  arn:aws:sts::A:federated-user/N   A:N */
    struct str arn, user_id;
    struct str role_arn, role_id;         /* of SESSION_ROLE */
    struct str user_arn;                  /* of the others: the user or root who asked for it */
    struct str user_name, user_unique_id; /* of a user */
    struct str provider;                  /* provider ARN of a web identity */
    struct str subject, audience;
    struct str *amr; /* of a web identity: how it was authenticated */
    size_t n_amr;
    struct str source_identity;
    int64_t issued_s, expires_s;
    int64_t mfa_s;    /* when an MFA code was given; 0: none was */
    struct tag *tags; /* aws:PrincipalTag/...; those inherited from a session before it too */
    size_t n_tags;
    struct str *transitive_keys;
    size_t n_transitive;
    struct str policy; /* session policy as given */
    struct str *policy_arns;
    size_t n_policy_arns;
};

enum {
    /* Claims that end up in a session come from a token of 20,000 characters at most, policies and
       tags from what the packed size allows: this is three times as much. */
    SESSION_BYTES_MAX = 64 * 1024,
    SESSION_LIST_MAX = 64,      /* AWS allows 50 tags and 10 policy ARNs */
    SESSION_AMR_MAX = 5 * 1024, /* a token of 20,000 characters has room for 5,000 empty texts */
};

/* The session as bytes, in the arena: one spelling for one session.  Its lists must keep the
 * maximum. */
struct str session_write(struct arena *a, const struct session *session);

/*
 * Reads them back; the texts are views into `bytes`.  False for anything that session_write does
 * not write: another version, a length that leads outside, a long spelling of a number, bytes left
 * over.
 */
bool session_read(struct arena *a, struct str bytes, struct session *out);

#endif
