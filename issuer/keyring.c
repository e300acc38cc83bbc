#include "issuer/keyring.h"

#include "base/encode.h"
#include "crypto/digest.h"

#include <stdlib.h>

enum { KEYS_MAX = 256 }; /* past it the oldest that does not sign is let go */

/* ---- states ---- */

static const struct {
    const char *name;
    bool signs, published;
} states[] = {
    [KEY_SIGNING] = { "signing", true, true },
    [KEY_PUBLISHED] = { "published", false, true },
    [KEY_RETIRED] = { "retired", false, false },
    [KEY_PENDING] = { "pending", true, false },
};

const char *keyring_state_name(enum key_state state)
{
    return states[state].name;
}

bool keyring_state_find(struct str name, enum key_state *out)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (!str_eq(name, str_of(states[i].name)))
            continue;
        *out = (enum key_state)i;
        return true;
    }
    return false;
}

bool keyring_state_signs(enum key_state state)
{
    return states[state].signs;
}

bool keyring_state_publishes(enum key_state state)
{
    return states[state].published;
}

/* ---- rings ---- */

static void drop_key(void *key)
{
    pkey_drop(key);
}

struct keyring *keyring_new(struct str name, size_t room)
{
    struct keyring *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    atomic_init(&r->refs, 1);
    r->arena = arena_new();
    r->name = arena_str(r->arena, name);
    r->keys = arena_array(r->arena, struct keyring_key, room + 1);
    return r;
}

struct keyring *keyring_hold(struct keyring *r)
{
    atomic_fetch_add_explicit(&r->refs, 1, memory_order_relaxed);
    return r;
}

void keyring_drop(struct keyring *r)
{
    if (!r || atomic_fetch_sub_explicit(&r->refs, 1, memory_order_acq_rel) > 1)
        return;
    arena_free(r->arena);
    free(r);
}

void keyring_add(struct keyring *r, struct keyring_key k)
{
    uint8_t hash[SHA1_BYTES];
    sha1(k.x5c_der, hash);
    k.x5t = base64url_write(r->arena, str_n((const char *)hash, sizeof hash));
    k.kid = arena_str(r->arena, k.kid);
    k.x5c_der = arena_str(r->arena, k.x5c_der);
    arena_defer(r->arena, drop_key, k.key);
    r->keys[r->n++] = k;
}

/* The first key that no longer signs, retired ones before published ones; n when all sign. */
static size_t least_needed(const struct keyring *old)
{
    size_t found = old->n;
    for (size_t i = old->n; i-- > 0;)
        if (old->keys[i].state == KEY_PUBLISHED)
            found = i;
    for (size_t i = old->n; i-- > 0;)
        if (old->keys[i].state == KEY_RETIRED)
            found = i;
    return found;
}

struct keyring *keyring_draft(struct str name, const struct keyring *old)
{
    struct keyring *r = keyring_new(name, old ? old->n + 1 : 1);
    size_t left_out = old && old->n >= KEYS_MAX ? least_needed(old) : SIZE_MAX;
    for (size_t i = 0; old && i < old->n; i++) {
        struct keyring_key k = old->keys[i];
        if (i == left_out)
            continue;
        k.key = pkey_hold(k.key);
        keyring_add(r, k);
    }
    return r;
}

const struct keyring_key *keyring_signer(const struct keyring *r, const struct alg *alg)
{
    for (size_t i = r ? r->n : 0; i-- > 0;)
        if (keyring_state_signs(r->keys[i].state) && r->keys[i].alg == alg)
            return &r->keys[i];
    return NULL;
}

const struct keyring_key *keyring_published(const struct keyring *r, struct str kid)
{
    for (size_t i = r ? r->n : 0; i-- > 0;)
        if (keyring_state_publishes(r->keys[i].state) && str_eq(r->keys[i].kid, kid))
            return &r->keys[i];
    return NULL;
}
