#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "base/entropy.h"
#include "base/fault.h"

/*
 * Sealed text: AES-256-GCM under a key that several servers may share.  Nobody without the key can
 * read it or make one; a changed byte makes it unreadable.
 */
enum { SEAL_KEY_BYTES = 32, SEAL_OVERHEAD_BYTES = 12 + 16 };

struct seal_key {
    uint8_t bytes[SEAL_KEY_BYTES];
};

/* nonce || ciphertext || tag, in the arena.  `bound` is authenticated, not contained. */
struct str seal(struct arena *a, const struct seal_key *key, struct entropy *entropy,
                struct str plain, struct str bound);
bool unseal(struct arena *a, const struct seal_key *key, struct str sealed, struct str bound,
            struct str *plain);

#endif
