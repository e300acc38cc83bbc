#ifndef TESTS_SUPPORT_EDITS_H
#define TESTS_SUPPORT_EDITS_H

#include "base/json.h"

/*
 * What a person would do with a hint's edit: open the document it names, and change it there.
 */

/* RFC 6902 add, replace and remove; false when the operation does not fit the document. */
bool edits_patch(json_t **document, const json_t *operation);

/*
 * Applies the edit of a hint, as explanations print it, to a config or to the parameters of a
 * request.  False when there is no such document, or the operation does not fit it.
 */
bool edits_apply(json_t *config, json_t *request, const json_t *edit);

#endif
