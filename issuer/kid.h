#ifndef ISSUER_KID_H
#define ISSUER_KID_H

#include "crypto/pkey.h"

/*
 * How platforms name their keys.  The shapes follow platforms' published tokens; what they are made
 * of is ours, and derived from the key alone, so that everybody who has the key agrees on its name.
 */

/* The names in order, ended by NULL: "thumbprint" (RFC 7638), "sha512-base64url", "sha1-hex", ...
 */
const char *kid_shape(size_t index);
/* The key's name in that shape; in any other than the above, as "thumbprint". */
struct str kid_of(struct arena *a, struct str shape, const struct pkey *k);

#endif
