#ifndef JOSE_JWS_H
#define JOSE_JWS_H

#include "base/json.h"
#include "jose/alg.h"

/*
 * The compact serialisation (RFC 7515 section 7.1).  Splitting says nothing about trust: only
 * jws_verifies does.
 */
struct jws {
    struct str signing_input;   /* header "." payload, borrowed from the token */
    struct str header, payload; /* decoded bytes, in the arena */
    struct str signature;       /* decoded bytes */
    const struct json_doc *header_json, *claims_json; /* both objects */
};

/*
 * Splits and decodes a token; both documents are JSON objects in which, of duplicate members, the
 * last counts.  Fails with TOKEN_MALFORMED: not three parts, bad base64url, bad JSON, no object.
 */
OUTCOME jws_split(struct arena *a, struct why *why, struct str token, struct jws **out);

/* Whether the signature is this key's over the input.  False when the key does not fit the alg. */
bool jws_verifies(const struct jws *jws, const struct alg *alg, const struct pkey *key);

/* header and payload as given (compact JSON), signed.  The key must be private and fit. */
struct str jws_sign(struct arena *a, struct str header_json, struct str payload,
                    const struct alg *alg, const struct pkey *key);

#endif
