#ifndef TESTS_SUPPORT_GUARD_H
#define TESTS_SUPPORT_GUARD_H

#include "base/str.h"

/*
 * A copy of s that ends where an unreadable page begins: reading one byte too far faults even
 * without a sanitizer.  Lives until the test process ends.
 */
struct str guarded(struct str s);

#endif
