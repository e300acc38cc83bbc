#ifndef BASE_ENTROPY_H
#define BASE_ENTROPY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where random bytes come from: the kernel, or a seed when a scenario must replay to the same
 * bytes. Handed in, never reached for.  Safe from several threads; a seeded one is then not
 * repeatable.
 */
struct entropy {
    void (*fill)(struct entropy *self, void *out, size_t n);
    _Atomic uint64_t state; /* of a seeded one */
};

void entropy_init_real(struct entropy *e);
/* Not for anything secret: every byte follows from the seed. */
void entropy_init_seeded(struct entropy *e, uint64_t seed);
void entropy_fill(struct entropy *e, void *out, size_t n);

enum { UUID_TEXT_BYTES = 37 };
/* A version 4 UUID in lower case (RFC 9562 5.4); returns out. */
const char *entropy_uuid(struct entropy *e, char out[UUID_TEXT_BYTES]);

#endif
