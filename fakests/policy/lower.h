#ifndef FAKESTS_POLICY_LOWER_H
#define FAKESTS_POLICY_LOWER_H

#include "base/arena.h"

/*
 * What StringEqualsIgnoreCase compares: Unicode lower case, not case folding (aws.md section 5.2,
 * observed): the Kelvin sign is a k, a capital sharp s is a sharp s, but SS is not, nor is a
 * dotless i an i; a capital sigma becomes a final one at the end of a word.  Characters beyond
 * U+FFFF count as letters around a sigma but are themselves left alone.
 */
struct str lower_text(struct arena *a, struct str s);

/*
 * The text, lowered in the arena where that takes more than ASCII: what is left of it to do is to
 * compare without regard to ASCII case, so that the usual value takes no memory.
 */
struct str lower_almost(struct arena *a, struct str s);

#endif
