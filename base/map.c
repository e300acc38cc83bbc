#include "base/map.h"

struct map map_new(struct arena *a)
{
    return (struct map){ .arena = a };
}

/* The slot that holds key, or the free one where it belongs. */
static struct map_slot *slot_for(const struct map *m, struct str key, uint32_t hash)
{
    size_t i = hash & (m->capacity - 1);
    while (m->slots[i].used && !(m->slots[i].hash == hash && str_eq(m->slots[i].key, key)))
        i = (i + 1) & (m->capacity - 1);
    return &m->slots[i];
}

static void grow(struct map *m)
{
    struct map wider = { .arena = m->arena, .n = m->n };
    wider.capacity = m->capacity ? m->capacity * 2 : 16; /* a power of two: the hash is masked */
    wider.slots = arena_array(m->arena, struct map_slot, wider.capacity);
    for (size_t i = 0; i < m->capacity; i++)
        if (m->slots[i].used)
            *slot_for(&wider, m->slots[i].key, m->slots[i].hash) = m->slots[i];
    *m = wider;
}

void map_put(struct map *m, struct str key, void *value)
{
    uint32_t hash = str_hash(key);
    if (m->n * 2 >= m->capacity)
        grow(m);
    struct map_slot *slot = slot_for(m, key, hash);
    if (!slot->used)
        m->n++;
    *slot = (struct map_slot){ key, value, hash, true };
}

void *map_get(const struct map *m, struct str key)
{
    return m->capacity ? slot_for(m, key, str_hash(key))->value : NULL;
}
