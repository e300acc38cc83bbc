#ifndef FAKESTS_POLICY_ARNLIKE_H
#define FAKESTS_POLICY_ARNLIKE_H

#include "base/str.h"

/*
 * ARNs as the Arn operators see them: six parts between colons, the last of which may hold more
 * colons; each part is matched by itself, so that a '*' stays within its part (aws.md section 5.2).
 */
enum { ARNLIKE_PARTS = 6 };
struct arnlike {
    struct str part[ARNLIKE_PARTS]; /* views */
};

/* The ARN of a request: false when it has not six parts or does not begin with "arn". */
bool arnlike_read(struct str s, struct arnlike *out);
/* A policy's ARN, a compiled pattern of match.h; false when it cannot match any. */
bool arnlike_read_pattern(struct str compiled, struct arnlike *out);
bool arnlike_matches(const struct arnlike *pattern, const struct arnlike *arn);

#endif
