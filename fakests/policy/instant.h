#ifndef FAKESTS_POLICY_INSTANT_H
#define FAKESTS_POLICY_INSTANT_H

#include "base/str.h"

/*
 * Moments as the Date operators compare them: to the millisecond, what is finer is cut off
 * (observed). Two members, so that no epoch second that fits 64 bits overflows.
 */
struct instant {
    int64_t epoch_s;
    int ms; /* 0..999, also before 1970 */
};

/*
 * The W3C profile of ISO 8601: 2030, 2030-01, 2030-01-01, 2030-01-01T00:00Z, with seconds, with a
 * fraction; without a zone it is UTC.  Or epoch seconds: an integer of other than four digits, for
 * four digits alone are a year.
 *
 * What IAM was seen to accept beyond the profile is read as well: 't' and 'z', a single digit for
 * an hour, minute or second, a fraction after any of them, "T" with nothing behind it, offsets
 * without minutes or colon, years of up to nine digits with a sign, days of the year and weeks.
 */
bool instant_read(struct str s, struct instant *out);
/* <0, 0, >0. */
int instant_cmp(const struct instant *a, const struct instant *b);

#endif
