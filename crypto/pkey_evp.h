#ifndef CRYPTO_PKEY_EVP_H
#define CRYPTO_PKEY_EVP_H

#include "crypto/pkey.h"

#include <openssl/evp.h>

/* Private to crypto/: between a pkey and what OpenSSL calls one. */

/* Takes evp over, also when it fails.  KEY_MALFORMED: not a type, curve or size we use. */
OUTCOME pkey_adopt(struct why *why, EVP_PKEY *evp, bool is_private, struct pkey **out);
/* Borrowed. */
EVP_PKEY *pkey_evp(const struct pkey *k);

#endif
