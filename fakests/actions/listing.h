#ifndef FAKESTS_ACTIONS_LISTING_H
#define FAKESTS_ACTIONS_LISTING_H

#include "fakests/page.h"

/*
 * What a List action tells: items gathered in any order, told by their keys in pages.
 */
struct listed {
    struct str key; /* each once */
    const void *item;
};

struct listing {
    struct listed *items;
    size_t n, capacity;
    struct arena *arena;
    struct page page; /* once listing_page found it */
};

struct listing listing_new(struct arena *a);
void listing_add(struct listing *l, struct str key, const void *item);
/* Sorts, and finds the page that is asked for.  Fails as page_find does. */
OUTCOME listing_page(struct call *c, const struct page_ask *ask, struct listing *l);

#endif
