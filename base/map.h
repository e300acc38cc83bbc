#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

/*
 * Text → pointer, by hash, in an arena.  Keys and values are borrowed and must live as long as the
 * map.  Built once, then read by many threads; there is no removal, a new snapshot builds a new
 * map.
 */
struct map_slot {
    struct str key;
    void *value;
    uint32_t hash;
    bool used;
};

struct map {
    struct arena *arena; /* borrowed */
    struct map_slot *slots;
    size_t n, capacity;
};

struct map map_new(struct arena *a);
/* Adds or replaces. */
void map_put(struct map *m, struct str key, void *value);
/* The value, or NULL. */
void *map_get(const struct map *m, struct str key);

#endif
