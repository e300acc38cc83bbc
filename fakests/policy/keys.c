#include "fakests/policy/keys.h"

enum { FIRST_KEYS = 32 }; /* a web identity exchange fills about twenty-five */

struct keys keys_new(struct arena *a)
{
    return (struct keys){ .arena = a };
}

const struct keys_entry *keys_find_hashed(const struct keys *k, struct str name, uint32_t hash)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct keys_entry *e = &k->entries[i];
        if (e->hash == hash && (str_eq(e->name, name) || str_eq_nocase(e->name, name)))
            return e;
    }
    return NULL;
}

const struct keys_entry *keys_find(const struct keys *k, struct str name)
{
    return keys_find_hashed(k, name, str_hash_nocase(name));
}

static void grow(struct keys *k)
{
    size_t capacity = k->capacity ? k->capacity * 2 : FIRST_KEYS;
    struct keys_entry *entries = arena_room(k->arena, capacity * sizeof *entries);
    if (k->n)
        memcpy(entries, k->entries, k->n * sizeof *entries);
    k->entries = entries;
    k->capacity = capacity;
}

/* The entry of that name, made when there is none. */
static struct keys_entry *entry(struct keys *k, struct str name)
{
    uint32_t hash = str_hash_nocase(name);
    const struct keys_entry *found = keys_find_hashed(k, name, hash);
    if (found)
        return &k->entries[found - k->entries];
    if (k->n == k->capacity)
        grow(k);
    struct keys_entry *e = &k->entries[k->n++];
    *e = (struct keys_entry){ .name = name, .hash = hash };
    return e;
}

/* The entry keeps no capacity: a list of n values has room for the next power of two. */
static size_t room(size_t n)
{
    size_t r = 1;
    while (r < n)
        r *= 2;
    return r;
}

static void set_values(struct keys *k, struct keys_entry *e, const struct str *values, size_t n)
{
    struct str *copy = arena_array(k->arena, struct str, room(n));
    if (n)
        memcpy(copy, values, n * sizeof *copy);
    e->values = copy;
    e->n_values = n;
}

void keys_put(struct keys *k, struct str name, struct str value)
{
    struct keys_entry *e = entry(k, name);
    set_values(k, e, &value, 1);
    e->is_list = false;
}

void keys_put_list(struct keys *k, struct str name, struct str *values, size_t n)
{
    struct keys_entry *e = entry(k, name);
    set_values(k, e, values, n);
    e->is_list = true;
}

void keys_add(struct keys *k, struct str name, struct str value)
{
    struct keys_entry *e = entry(k, name);
    if (room(e->n_values) == e->n_values || !e->values) {
        struct str *old = e->values;
        e->values = arena_array(k->arena, struct str, room(e->n_values + 1));
        if (old)
            memcpy(e->values, old, e->n_values * sizeof *old);
    }
    e->values[e->n_values++] = value;
    e->is_list = true;
}
