#ifndef FAKESTS_FAULT_SOURCE_H
#define FAKESTS_FAULT_SOURCE_H

#include "base/arena.h"

/*
 * Where injected faults come from: a function handed in from outside, so that this folder knows
 * nothing of lists, counts and probabilities.  It is asked once a call, as soon as the Action is
 * known to be one: before the signature is looked at, and before anything is done.
 */

/* What happens to one call. */
struct fault_hit {
    int64_t id;      /* which fault it was, for people */
    struct str code; /* AWS's error in place of running the action; empty: the action runs */
    struct str message;
    int status; /* of that error */
    /* Of the reply, whatever is in it: see struct http_response. */
    int delay_ms;
    bool drop;
    size_t truncate_to;
};

struct fault_source {
    /* True when a fault hits this call: *out is then filled, its texts in the arena or constant. */
    bool (*next)(void *context, struct arena *a, struct str action, struct fault_hit *out);
    void *context;
};

#endif
