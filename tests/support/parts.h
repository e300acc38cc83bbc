#ifndef TESTS_SUPPORT_PARTS_H
#define TESTS_SUPPORT_PARTS_H

#include "base/json_parts.h"

/*
 * Takes a text apart, each part again and so on, and compares with json_load, which reads it at
 * once: both take it or neither does; every part is the value that stands there; values within a
 * part have the places they have in the whole text, and so has what is wrong with it.  Looks at so
 * many values, for a place is looked up by walking there.  Returns what differs, or an empty text.
 */
struct str parts_differ(struct arena *a, struct str text, size_t values_max);

#endif
