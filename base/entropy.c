#include "base/entropy.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void from_kernel(unsigned char *out, size_t n)
{
    while (n) {
        ssize_t got = getrandom(out, n, 0);
        if (got < 0 && errno == EINTR) /* more than 256 bytes may be interrupted */
            continue;
        if (got < 0)
            abort(); /* only a kernel older than getrandom gets here */
        out += got;
        n -= (size_t)got;
    }
}

/* A small pool a thread, so that an exchange costs a fraction of a system call. */
enum { POOL_BYTES = 1024 };
static _Thread_local unsigned char pool[POOL_BYTES];
static _Thread_local size_t left;

/* A forked process must not draw what its parent draws: nonces would repeat. */
static void empty_pool(void)
{
    left = 0;
}

static void empty_pool_at_fork(void)
{
    if (pthread_atfork(NULL, NULL, empty_pool) != 0)
        abort();
}

static void real_fill(struct entropy *self, void *out, size_t n)
{
    (void)self;
    if (n > POOL_BYTES / 4) {
        from_kernel(out, n);
        return;
    }
    if (left < n) {
        from_kernel(pool, POOL_BYTES);
        left = POOL_BYTES;
    }
    left -= n;
    memcpy(out, pool + left, n);
    explicit_bzero(pool + left, n);
}

void entropy_init_real(struct entropy *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, empty_pool_at_fork);
    e->fill = real_fill;
    e->state = 0;
}

/* SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere. */
static uint64_t next(_Atomic uint64_t *state)
{
    const uint64_t step = 0x9E3779B97F4A7C15u;
    uint64_t z = atomic_fetch_add(state, step) + step;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void seeded_fill(struct entropy *self, void *out, size_t n)
{
    unsigned char *p = out;
    while (n) {
        uint64_t word = next(&self->state);
        for (size_t i = 0; i < sizeof word && n; i++, n--)
            *p++ = (unsigned char)(word >> (8 * i));
    }
}

void entropy_init_seeded(struct entropy *e, uint64_t seed)
{
    e->fill = seeded_fill;
    e->state = seed;
}

void entropy_fill(struct entropy *e, void *out, size_t n)
{
    e->fill(e, out, n);
}

const char *entropy_uuid(struct entropy *e, char out[UUID_TEXT_BYTES])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char b[16];
    size_t o = 0;

    entropy_fill(e, b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0F) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
    for (size_t i = 0; i < sizeof b; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[o++] = '-';
        out[o++] = hex[b[i] >> 4];
        out[o++] = hex[b[i] & 15];
    }
    out[o] = '\0';
    return out;
}
