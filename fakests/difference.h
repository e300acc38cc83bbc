#ifndef FAKESTS_DIFFERENCE_H
#define FAKESTS_DIFFERENCE_H

#include "base/arena.h"

/* How a wanted value is compared. */
enum difference_rule { DIFFERENCE_EXACT, DIFFERENCE_NOCASE, DIFFERENCE_PATTERN };

/*
 * Where a value stops being what was wanted: the offsets, in bytes, up to which the two fit each
 * other.  Of a pattern with '*' it is the farthest point that can be reached.
 */
struct difference {
    size_t wanted, got;
};

struct difference difference_find(struct arena *a, enum difference_rule rule, struct str wanted,
                                  struct str got);

#endif
