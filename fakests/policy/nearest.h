#ifndef FAKESTS_POLICY_NEAREST_H
#define FAKESTS_POLICY_NEAREST_H

#include "base/str.h"

/*
 * "Did you mean ...?": of n candidates the one that takes the fewest insertions, removals and
 * replacements of characters (ASCII case aside) to become the word, the first of several; empty
 * when even that one takes more than half the word's length, for then it is no misspelling.
 */
struct str nearest_of(struct str word, const struct str *candidates, size_t n);

#endif
