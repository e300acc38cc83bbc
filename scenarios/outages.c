#include "scenarios/outages.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { OUTAGES_MAX = 1024 };

/* Found by looking at each: there are hardly ever two, and none at all where time matters. */
struct outages {
    atomic_size_t n;
    pthread_mutex_t lock; /* guards the rest, and changes of n */
    struct str down[OUTAGES_MAX];
};

struct outages *outages_new(void)
{
    struct outages *o = calloc(1, sizeof *o);
    if (!o || pthread_mutex_init(&o->lock, NULL) != 0)
        abort();
    return o;
}

void outages_free(struct outages *o)
{
    if (!o)
        return;
    outages_clear(o);
    pthread_mutex_destroy(&o->lock);
    free(o);
}

static struct str copy(struct str s)
{
    char *p = malloc(s.n + 1);
    if (!p)
        abort();
    memcpy(p, s.p, s.n);
    return str_n(p, s.n);
}

static void forget(struct str s)
{
    free((void *)(uintptr_t)s.p);
}

static struct str without_slash(struct str url)
{
    return str_ends(url, STR("/")) ? str_sub(url, 0, url.n - 1) : url;
}

bool outages_same(struct str one, struct str other)
{
    return str_eq(without_slash(one), without_slash(other));
}

/* With the lock held: where the issuer is, or n. */
static size_t position(const struct outages *o, struct str issuer)
{
    size_t n = atomic_load(&o->n), i = 0;
    while (i < n && !outages_same(o->down[i], issuer))
        i++;
    return i;
}

struct outcome outages_begin(struct outages *o, struct why *why, struct str issuer)
{
    struct outcome done = OK;
    pthread_mutex_lock(&o->lock);
    size_t n = atomic_load(&o->n);
    if (position(o, issuer) < n) {
        /* it is down already */
    } else if (n == OUTAGES_MAX) {
        done = why_set(why, FAULT_CONFIG_INVALID, "%d issuers are down, which is the bound",
                       OUTAGES_MAX);
    } else {
        o->down[n] = copy(issuer);
        atomic_store(&o->n, n + 1);
    }
    pthread_mutex_unlock(&o->lock);
    return done;
}

void outages_end(struct outages *o, struct str issuer)
{
    pthread_mutex_lock(&o->lock);
    size_t n = atomic_load(&o->n), at = position(o, issuer);
    if (at < n) {
        forget(o->down[at]);
        memmove(&o->down[at], &o->down[at + 1], (n - at - 1) * sizeof o->down[0]);
        atomic_store(&o->n, n - 1);
    }
    pthread_mutex_unlock(&o->lock);
}

void outages_clear(struct outages *o)
{
    pthread_mutex_lock(&o->lock);
    for (size_t i = 0; i < atomic_load(&o->n); i++)
        forget(o->down[i]);
    atomic_store(&o->n, 0);
    pthread_mutex_unlock(&o->lock);
}

bool outages_has(struct outages *o, struct str issuer)
{
    if (!atomic_load(&o->n))
        return false;
    pthread_mutex_lock(&o->lock);
    bool has = position(o, issuer) < atomic_load(&o->n);
    pthread_mutex_unlock(&o->lock);
    return has;
}

struct str *outages_list(struct outages *o, struct arena *a, size_t *n)
{
    pthread_mutex_lock(&o->lock);
    *n = atomic_load(&o->n);
    struct str *list = arena_array(a, struct str, *n + 1);
    for (size_t i = 0; i < *n; i++)
        list[i] = arena_str(a, o->down[i]);
    pthread_mutex_unlock(&o->lock);
    return list;
}
