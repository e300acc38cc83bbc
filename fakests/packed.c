#include "fakests/packed.h"

#include <inttypes.h>

/*
 * AWS's formula is not public.  This line fits what was observed (aws.md section 1.3: 24 for a
 * subject of 0 or 1 characters, 25 for 13, 26 with a source identity of 12, 34 for a subject of
 * 300, and a tag of 15 characters that adds nothing to 25): inferred.
 */
int64_t packed_percent(const struct packed *p)
{
    enum { BASE = 745, PER_PERCENT = 30, PER_TAG = 2, PER_IDENTITY = 10 };
    size_t size = BASE + p->subject.n + p->policy.n;
    for (size_t i = 0; i < p->n_policy_arns; i++)
        size += p->policy_arns[i].n;
    for (size_t i = 0; i < p->n_tags; i++)
        size += p->tags[i].key.n + p->tags[i].value.n + PER_TAG;
    if (p->source_identity.n)
        size += p->source_identity.n + PER_IDENTITY;
    return (int64_t)(size / PER_PERCENT);
}

struct outcome packed_check(struct call *c, const struct packed *p, int64_t *percent)
{
    int64_t size = packed_percent(p);
    if (size <= 100 || (!p->policy.n && !p->n_policy_arns && !p->n_tags)) {
        *percent = size;
        return OK;
    }
    c->why->arg[0] = arena_printf(c->arena, "%" PRId64, size);
    FAIL(c->why, PACKED_POLICY_TOO_LARGE,
         "session policies and tags take %" PRId64
         " %% of the space (our estimate of AWS's packing)",
         size);
}
