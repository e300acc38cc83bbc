#ifndef SCENARIOS_ANSWER_H
#define SCENARIOS_ANSWER_H

#include "base/json.h"

/*
 * A reply of the Query protocol as JSON: what stands in <ActionResult>, elements as members, and an
 * element whose children are all <member> as a list.
 */
struct answer {
    struct str code, message; /* of an error; empty else */
    json_t *result;           /* NULL: the reply has none; borrowed from the arena */
};

/* PEER_UNINTELLIGIBLE for what is no such reply. */
OUTCOME answer_read(struct arena *a, struct why *why, int status, struct str body,
                    struct answer *out);
/* The text at "Credentials.AccessKeyId"; p == NULL when there is none. */
struct str answer_text(const json_t *result, struct str path);

#endif
