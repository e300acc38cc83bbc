#include "fakests/iam/change.h"

static bool same_key(struct str a, struct str b, bool fold)
{
    return fold ? str_eq_nocase(a, b) : str_eq(a, b);
}

static size_t find(const struct tag *tags, size_t n, struct str key, bool fold)
{
    size_t i = 0;
    while (i < n && !same_key(tags[i].key, key, fold))
        i++;
    return i;
}

/* A tag that is replaced keeps its place, and is spelled as the new one (IAM User Guide, "Rules for
 * tagging in IAM and AWS STS": "it replaces the first tag"). */
struct tag *iam_tags_put(struct arena *a, const struct tag *tags, size_t n, const struct tag *more,
                         size_t n_more, bool fold, size_t *n_out)
{
    struct tag *all = arena_array(a, struct tag, n + n_more);
    if (n)
        memcpy(all, tags, n * sizeof *all);
    for (size_t i = 0; i < n_more; i++) {
        size_t at = find(all, n, more[i].key, fold);
        all[at] = more[i];
        n += at == n;
    }
    *n_out = n;
    return all;
}

static bool among(const struct str *keys, size_t n, struct str key, bool fold)
{
    for (size_t i = 0; i < n; i++)
        if (same_key(keys[i], key, fold))
            return true;
    return false;
}

struct tag *iam_tags_remove(struct arena *a, const struct tag *tags, size_t n,
                            const struct str *keys, size_t n_keys, bool fold, size_t *n_out)
{
    struct tag *left = arena_array(a, struct tag, n);
    *n_out = 0;
    for (size_t i = 0; i < n; i++)
        if (!among(keys, n_keys, tags[i].key, fold))
            left[(*n_out)++] = tags[i];
    return left;
}
