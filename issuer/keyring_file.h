#ifndef ISSUER_KEYRING_FILE_H
#define ISSUER_KEYRING_FILE_H

#include "issuer/keyring.h"

/*
 * A keyring as a file: JSON, readable, each key with its PEM, its certificate and its state.
 * Whatever is not exactly that is refused, and never overwritten.
 */

/* "DIR/circleci.json"; keyrings of single issuers are named by their URL, percent-encoded. */
const char *keyring_file_path(struct arena *a, const char *dir, struct str name);
/* False, with errno, when there is none. */
bool keyring_file_stamp(const char *path, struct keyring_stamp *out);
bool keyring_file_same(const struct keyring_stamp *a, const struct keyring_stamp *b);
/*
 * The ring in the file, for the caller; *out is NULL when there is no such file.  Fails with
 * FILE_UNREADABLE, JSON_INVALID, CONFIG_INVALID or KEY_MALFORMED, all of which name the path.
 */
OUTCOME keyring_file_read(struct arena *a, struct why *why, const char *path, struct str name,
                          struct keyring **out);
/* Replaces the file at once, 0600, and takes its stamp. */
OUTCOME keyring_file_write(struct arena *a, struct why *why, const char *path, struct keyring *r);

#endif
