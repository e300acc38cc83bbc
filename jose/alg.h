#ifndef JOSE_ALG_H
#define JOSE_ALG_H

#include "crypto/pkey.h"

/* The JWS algorithms AWS accepts (RFC 7518 3.1): RS256/384/512, ES256/384/512.  Rows of a table. */
struct alg {
    struct str name;
    enum pkey_kind kind;
    enum pkey_hash hash;
};

/* The row, or NULL: "none", HS*, PS*, EdDSA and anything else are not here. */
const struct alg *alg_find(struct str name);
/* The rows in order, ended by NULL; for messages and tests. */
const struct alg *alg_at(size_t index);
/* The one place that says whether a key may be used with an algorithm (RFC 8725 3.1). */
bool alg_fits(const struct alg *alg, const struct pkey *key);

#endif
