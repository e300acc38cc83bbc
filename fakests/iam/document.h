#ifndef FAKESTS_IAM_DOCUMENT_H
#define FAKESTS_IAM_DOCUMENT_H

#include "base/json.h"

/*
 * {"$file": "role.json"}: a value kept in a file of its own, found relative to the file that names
 * it.
 *
 * `dir` of a documents says whether files may be named at all: a config that came over HTTP may not
 * make the server read its own disk.
 */
enum {
    DOCUMENT_BYTES_MAX = 1024 * 1024
}; /* policies end at 131,072 characters; a JWKS of 100 keys fits */

/* Puts into *out the value itself, or the root of the file it names. */
OUTCOME document_resolve(struct arena *a, struct why *why, const struct json_at *at,
                         bool files_allowed, struct json_at *out);
/* Loads the JSON file named by the string at `at`. */
OUTCOME document_load(struct arena *a, struct why *why, const struct json_at *at,
                      bool files_allowed, struct json_at *out);

#endif
