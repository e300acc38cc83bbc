#ifndef FAKESTS_SESSION_H
#define FAKESTS_SESSION_H

#include "fakests/iam/store.h"

/* What temporary credentials stand for.  Texts are borrowed. */
struct session {
    struct str access_key_id;
    struct str secret_access_key;
    struct str account;
    struct str arn;     /* arn:aws:sts::A:assumed-role/R/S */
    struct str user_id; /* AROA...:S */
    struct str role_arn, role_id;
    struct str provider; /* provider ARN of a web identity; else empty */
    struct str subject, audience;
    struct str source_identity;
    int64_t issued_s, expires_s;
    struct tag *tags; /* aws:PrincipalTag/... of the session */
    size_t n_tags;
    struct str *transitive_keys;
    size_t n_transitive;
    struct str policy; /* session policy as given, or empty */
    struct str *policy_arns;
    size_t n_policy_arns;
};

enum {
    /* Claims that end up in a session come from a token of 20,000 characters at most, policies and
       tags from what the packed size allows: this is three times as much. */
    SESSION_BYTES_MAX = 64 * 1024,
    SESSION_LIST_MAX = 64, /* AWS allows 50 tags and 10 policy ARNs */
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
