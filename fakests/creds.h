#ifndef FAKESTS_CREDS_H
#define FAKESTS_CREDS_H

#include "base/xml.h"
#include "fakests/call.h"
#include "fakests/session.h"

/*
 * Temporary credentials and the sealed session token that carries everything about them, so that
 * nothing has to be remembered and any server with the same sealing key recognises them.
 */
struct creds {
    struct str access_key_id, secret_access_key, session_token;
    int64_t expires_s;
};

/*
 * Makes fresh keys for the session (its access_key_id and secret_access_key are ignored), and seals
 * it. Key ids encode the account (aws.md 6.2); session tokens begin as AWS's do today.
 */
void creds_mint(struct call *c, const struct session *session, struct creds *out);

/* <Credentials> of a reply. */
void creds_write(struct xml *x, const struct creds *creds);

/* Opens a session token; false when it is not one of ours or was changed. */
bool creds_open(struct arena *a, const struct seal_key *key, struct str session_token,
                struct session *out);

#endif
