#ifndef CRYPTO_X509_H
#define CRYPTO_X509_H

#include "crypto/pkey.h"

/*
 * A self-signed certificate (DER) over a private key, valid 1970..9999: what JWKS publish as x5c.
 * The name is cut to the 64 bytes X.509 allows.
 */
struct str x509_self_signed(struct arena *a, const struct pkey *k, struct str common_name);
/* The public key in a DER certificate; the caller drops it.  KEY_MALFORMED. */
OUTCOME x509_public_key(struct why *why, struct str der, struct pkey **out);

#endif
