#include "fakests/actions/tagging.h"

#include "fakests/actions/listing.h"

#include <stdlib.h>

enum { TAGS_MAX = 50 };

/* Observed of TagUser and UntagOpenIDConnectProvider, the blank at its end included; the same is
 * assumed of the others. */
static struct outcome given_nothing(struct call *c, const char *what)
{
    c->why->arg[0] = STR("Error occurred while validating input. ");
    FAIL(c->why, INPUT_INVALID, "%s is an empty list", what);
}

struct outcome tagging_put(struct call *c, const struct tagging *has,
                           const struct param_structs *given, struct tagging *out)
{
    struct tagging now = { .fold = has->fold };
    if (!given->n)
        return given_nothing(c, "Tags");
    TRY(iam_tags_check(c, given->items, given->n, has->fold));
    now.tags = iam_tags_put(c->arena, has->tags, has->n, given->items, given->n, has->fold, &now.n);
    if (now.n > TAGS_MAX) {
        c->why->arg[0] = STR("The number of tags has reached the maximum limit."); /* observed */
        FAIL(c->why, QUOTA_EXCEEDED, "%zu tags, and %d are the most", now.n, TAGS_MAX);
    }
    *out = now;
    return OK;
}

struct outcome tagging_remove(struct call *c, const struct tagging *has,
                              const struct param_list *keys, struct tagging *out)
{
    struct tagging now = { .fold = has->fold };
    if (!keys->n)
        return given_nothing(c, "TagKeys");
    now.tags =
        iam_tags_remove(c->arena, has->tags, has->n, keys->items, keys->n, has->fold, &now.n);
    *out = now;
    return OK;
}

/* The bytes of UTF-8 sort as the code points do. */
static int by_key(const void *a, const void *b)
{
    const struct tag *x = a, *y = b;
    return str_cmp(x->key, y->key);
}

struct tag *tagging_sorted(struct arena *a, const struct tag *tags, size_t n)
{
    struct tag *sorted = arena_array(a, struct tag, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = tags[i];
    if (n)
        qsort(sorted, n, sizeof *sorted, by_key);
    return sorted;
}

struct outcome tagging_list(struct call *c, const struct tagging *has, const struct page_ask *ask,
                            struct str *document)
{
    struct listing l = listing_new(c->arena);
    struct reply r;
    for (size_t i = 0; i < has->n; i++)
        listing_add(&l, has->tags[i].key, &has->tags[i]);
    TRY(listing_page(c, ask, &l));
    reply_open(&r, c, arena_cstr(c->arena, c->action), true);
    iam_reply_tags(&r.xml, tagging_sorted(c->arena, has->tags, has->n) + l.page.first,
                   l.page.end - l.page.first);
    page_write(&r.xml, &l.page);
    *document = reply_close(&r, true);
    return OK;
}
