#ifndef ISSUER_NEAREST_H
#define ISSUER_NEAREST_H

#include "base/arena.h"

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
