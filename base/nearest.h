#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/arena.h"

/*
 * "Did you mean ...?": the name that takes the fewest insertions, removals and replacements of
 * characters (ASCII case aside) to become the given word, the first of several.  What takes more
 * than a third of the word's length and one is another word, and no slip of the finger.
 */

/* A URL of an issuer is at most 255 long; what is longer than this is near to nothing. */
enum { NEAREST_COMPARED_MAX = 256 };

/* How many such changes; SIZE_MAX when one of the words is too long to be compared. */
size_t nearest_distance(struct str a, struct str b);

/* The nearest of n candidates; empty when none is near. */
struct str nearest_of(struct str word, const struct str *candidates, size_t n);

/*
 * What a misspelt name is answered with: the name that was probably meant, and all there are.
 * Names are added in order; nearest_text gives
 *     did you mean "project_id"?  There are: org_id, project_id, user_id
 */
struct nearest {
    struct arena *arena; /* borrowed */
    struct str given, best;
    size_t distance;
    struct str *names;
    size_t n, capacity;
};

struct nearest nearest_new(struct arena *a, struct str given);
void nearest_add(struct nearest *n, struct str name);
struct str nearest_text(const struct nearest *n);

#endif
