#ifndef FAKESTS_HINTS_PATCH_H
#define FAKESTS_HINTS_PATCH_H

#include "fakests/hints/hints.h"

/* A changed copy of the document, in the arena; NULL when the edit does not fit it. */
json_t *patch_applied(struct arena *a, const json_t *document, const struct hint_edit *e);

#endif
