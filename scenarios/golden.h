#ifndef SCENARIOS_GOLDEN_H
#define SCENARIOS_GOLDEN_H

#include "scenarios/play.h"

/*
 * Puts what was answered into a scenario's file, in place of what was expected: GOLDEN=write.  Only
 * the values that differ are changed, the rest of the file stays as it was written; a step that
 * expected nothing gets an "expect".  What cannot be said by one value (a condition that was met, a
 * step that could not be played) is left, and stays red.  Nothing written anywhere else.
 */
OUTCOME golden_write(struct arena *a, struct why *why, const struct scenario *s,
                     const struct play_result *result, size_t *n_written);

#endif
