#ifndef SCENARIOS_STAGE_WORLD_H
#define SCENARIOS_STAGE_WORLD_H

#include "scenarios/stage.h"

/*
 * A world of its own for one scenario, in this process: its clock stands still, its entropy is
 * seeded, its keys are the test keys, so that it plays the same wherever and whenever.
 *
 * The stage ends with the arena.  Fails as config_read does, with the place in the scenario.  Safe
 * from several threads, each with its own arena.
 */
OUTCOME stage_world_open(struct arena *a, struct why *why, const struct scenario *s,
                         struct stage *out);

#endif
