#ifndef FAKESTS_PAGE_H
#define FAKESTS_PAGE_H

#include "base/xml.h"
#include "fakests/param.h"

/*
 * Lists in pages: MaxItems, Marker, IsTruncated (IAM API reference, "Paginating").
 *
 * A marker names the last item of its page and the action that gave it, with a keyed hash, so that
 * items that come or go between two pages neither repeat nor skip others, and a marker from nowhere
 * is refused.
 */
struct page_ask {
    struct str marker; /* p == NULL: from the beginning */
    struct param_integer max_items;
};

enum { PAGE_ITEMS_DEFAULT = 100 };

struct page {
    size_t first, end; /* items[first] to items[end - 1] */
    struct str marker; /* of the next page; empty: this is the last */
};

/*
 * The page of n items, given their keys in the list's order (ascending by str_compare, each once).
 * Fails with VALUE_INVALID for a marker that this action of this server did not give.
 */
OUTCOME page_find(struct call *c, const struct page_ask *ask, const struct str *keys, size_t n,
                  struct page *out);
/* <IsTruncated>, and <Marker> when there is more. */
void page_write(struct xml *x, const struct page *page);

#endif
