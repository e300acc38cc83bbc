#ifndef FAKESTS_ACTIONS_TAGGING_H
#define FAKESTS_ACTIONS_TAGGING_H

#include "fakests/iam_reply.h"

/*
 * What Tag..., Untag... and List...Tags of every kind of entity have in common: judging what was
 * given once the caller may do it, and pages of what there is.
 */
struct tagging {
    struct tag *tags;
    size_t n;
    bool fold; /* keys that differ in case are one: not for OIDC providers */
};

/*
 * The tags after `given` was put into them.  Fails with INPUT_INVALID (an empty list, duplicate
 * keys, "aws:") or QUOTA_EXCEEDED (more than 50 together).
 */
OUTCOME tagging_put(struct call *c, const struct tagging *has, const struct param_structs *given,
                    struct tagging *out);
/* The tags without those of the given keys; a key that no tag has is no fault.  Fails with
 * INPUT_INVALID for an empty list. */
OUTCOME tagging_remove(struct call *c, const struct tagging *has, const struct param_list *keys,
                       struct tagging *out);

/* The tags by code point of their keys, as AWS tells those it keeps (observed). */
struct tag *tagging_sorted(struct arena *a, const struct tag *tags, size_t n);
/* The whole reply of a List...Tags action. */
OUTCOME tagging_list(struct call *c, const struct tagging *has, const struct page_ask *ask,
                     struct str *document);

#endif
