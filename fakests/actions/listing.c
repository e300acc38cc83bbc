#include "fakests/actions/listing.h"

#include <stdlib.h>

struct listing listing_new(struct arena *a)
{
    return (struct listing){ .arena = a };
}

void listing_add(struct listing *l, struct str key, const void *item)
{
    if (l->n == l->capacity) {
        size_t wider = l->capacity * 2 + 16;
        struct listed *items = arena_array(l->arena, struct listed, wider);
        if (l->n)
            memcpy(items, l->items, l->n * sizeof *items);
        l->items = items;
        l->capacity = wider;
    }
    l->items[l->n++] = (struct listed){ key, item };
}

static int by_key(const void *left, const void *right)
{
    const struct listed *a = left, *b = right;
    return str_cmp(a->key, b->key);
}

struct outcome listing_page(struct call *c, const struct page_ask *ask, struct listing *l)
{
    struct str *keys = arena_array(c->arena, struct str, l->n);
    if (l->n)
        qsort(l->items, l->n, sizeof l->items[0], by_key);
    for (size_t i = 0; i < l->n; i++)
        keys[i] = l->items[i].key;
    return page_find(c, ask, keys, l->n, &l->page);
}
