#ifndef FAKESTS_OUTBOUND_SIGNER_H
#define FAKESTS_OUTBOUND_SIGNER_H

#include "base/fault.h"

/*
 * Who signs for AWS as an issuer (GetWebIdentityToken): a function handed in from outside, so that
 * this folder knows nothing of issuers.
 */
struct outbound_signer {
    /*
     * A JWT over `claims`, JSON text, signed by the issuer of that URL, which publishes its keys;
     * alg is "RS256" or "ES384".  `owner` is the fakests_world's.  The token lives in the arena.
     */
    OUTCOME(*sign)
    (void *context, void *owner, struct arena *a, struct why *why, struct str issuer,
     struct str alg, struct str claims, struct str *token);
    void *context;
};

#endif
