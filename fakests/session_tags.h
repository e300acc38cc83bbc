#ifndef FAKESTS_SESSION_TAGS_H
#define FAKESTS_SESSION_TAGS_H

#include "fakests/call.h"

/*
 * The session tags and the source identity a web identity token carries (aws.md section 4), nested
 * under "https://aws.amazon.com/tags" or flattened into claims of their own.
 */
struct session_tags {
    struct tag *tags; /* in the token's order */
    size_t n_tags;
    struct str *transitive_keys;
    size_t n_transitive;
    struct str source_identity; /* p == NULL: none */
};

/* SESSION_TAGS_MALFORMED, SESSION_TAGS_INVALID. */
OUTCOME session_tags_read(struct arena *a, struct why *why, const json_t *claims,
                          struct session_tags *out);
/* SOURCE_IDENTITY_INVALID. */
OUTCOME session_source_identity_read(struct why *why, const json_t *claims,
                                     struct session_tags *out);

/* Whether a claim is one of these, and so no unused one. */
bool session_tags_claim(struct str name);

#endif
