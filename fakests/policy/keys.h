#ifndef FAKESTS_POLICY_KEYS_H
#define FAKESTS_POLICY_KEYS_H

#include "base/arena.h"

/*
 * The condition keys of one request ("the request context" of the IAM reference) and their values.
 * Names are compared without regard to ASCII case.  Whether a key is a list is a property of the
 * key, not of how many values it has: a list of one, or of none, is still a list (aws.md
 * section 5.2).
 */
struct keys_entry {
    struct str name;
    uint32_t hash; /* of the name, folded */
    bool is_list;
    struct str *values;
    size_t n_values;
};

struct keys {
    struct arena *arena; /* borrowed */
    struct keys_entry *entries;
    size_t n, capacity;
};

struct keys keys_new(struct arena *a);
/* Adds a key, or replaces the one of that name.  Texts are borrowed. */
void keys_put(struct keys *k, struct str name, struct str value);
void keys_put_list(struct keys *k, struct str name, struct str *values, size_t n);
/* Adds a value to a list key, making it when there is none. */
void keys_add(struct keys *k, struct str name, struct str value);
/* The entry, or NULL: the key is not in the context. */
const struct keys_entry *keys_find(const struct keys *k, struct str name);
const struct keys_entry *keys_find_hashed(const struct keys *k, struct str name, uint32_t hash);

#endif
