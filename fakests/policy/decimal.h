#ifndef FAKESTS_POLICY_DECIMAL_H
#define FAKESTS_POLICY_DECIMAL_H

#include "base/str.h"

/*
 * Numbers as exact decimals of any length, never rounded: "1", "01", "+1", "1.0" and "1e0" are one
 * number (observed).  A view into the text; nothing is copied.
 */
struct decimal {
    struct str
        digits; /* from the first to the last that is not 0, perhaps a '.' among them; empty: 0 */
    int64_t power; /* of ten, of the first of them */
    bool negative;
};

/*
 * An optional sign, digits with at most one '.', an optional exponent; nothing else, no blanks.
 * False for everything else, NaN and Infinity included, and for an exponent beyond 32 bits.
 */
bool decimal_read(struct str s, struct decimal *out);
/* <0, 0, >0. */
int decimal_cmp(const struct decimal *a, const struct decimal *b);

#endif
