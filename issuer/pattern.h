#ifndef ISSUER_PATTERN_H
#define ISSUER_PATTERN_H

#include "base/fault.h"

/*
 * A POSIX extended regular expression that says what a parameter may be.  Patterns come from
 * people's own profiles, and the C library's compiler can be made to take any amount of memory, so
 * only what grows linearly is taken: see pattern_compile.
 */
struct pattern;

enum { PATTERN_BYTES_MAX = 300, PATTERN_REPEAT_MAX = 64 };

/*
 * CONFIG_INVALID with the library's words when it is no regular expression; also when it is longer
 * than PATTERN_BYTES_MAX, nests groups deeper than 4, counts above PATTERN_REPEAT_MAX, counts a
 * group
 * ("(ab){3}"), repeats a repetition, or refers back to a group.
 */
OUTCOME pattern_compile(struct arena *a, struct why *why, struct str text,
                        const struct pattern **out);
/* Whether the text, NUL-terminated, matches; safe from several threads. */
bool pattern_fits(const struct pattern *p, const char *text);

#endif
