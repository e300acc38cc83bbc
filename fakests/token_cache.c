#include "fakests/token_cache.h"

#include <pthread.h>
#include <stdlib.h>

struct token_cache {
    pthread_mutex_t lock;
    struct token_cache_entry *slots[TOKEN_CACHE_ENTRIES];
};

struct token_cache *token_cache_new(void)
{
    struct token_cache *c = calloc(1, sizeof *c);
    if (!c || pthread_mutex_init(&c->lock, NULL) != 0)
        abort();
    return c;
}

void token_cache_entry_drop(void *entry)
{
    struct token_cache_entry *e = entry;
    if (!e || atomic_fetch_sub(&e->refs, 1) > 1)
        return;
    pkey_drop(e->key);
    arena_free(e->arena);
    free(e);
}

void token_cache_free(struct token_cache *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < TOKEN_CACHE_ENTRIES; i++)
        token_cache_entry_drop(c->slots[i]);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static struct token_cache_entry **slot(struct token_cache *c, const uint8_t hash[SHA256_BYTES])
{
    return &c->slots[hash[0] % TOKEN_CACHE_ENTRIES];
}

struct token_cache_entry *token_cache_find(struct token_cache *c, const uint8_t hash[SHA256_BYTES])
{
    pthread_mutex_lock(&c->lock);
    struct token_cache_entry *e = *slot(c, hash);
    if (e && memcmp(e->hash, hash, SHA256_BYTES) == 0)
        atomic_fetch_add(&e->refs, 1);
    else
        e = NULL;
    pthread_mutex_unlock(&c->lock);
    return e;
}

struct token_cache_entry *token_cache_put(struct token_cache *c, const uint8_t hash[SHA256_BYTES],
                                          struct arena *arena, const struct jws *jws,
                                          struct pkey *key)
{
    struct token_cache_entry *e = calloc(1, sizeof *e);
    if (!e)
        abort();
    memcpy(e->hash, hash, SHA256_BYTES);
    e->arena = arena;
    e->jws = jws;
    e->key = pkey_hold(key);
    atomic_init(&e->refs, 2); /* the cache's and the caller's */
    pthread_mutex_lock(&c->lock);
    struct token_cache_entry **at = slot(c, hash), *old = *at;
    *at = e;
    pthread_mutex_unlock(&c->lock);
    token_cache_entry_drop(old);
    return e;
}
