#ifndef SCENARIOS_WORLD_PATCH_H
#define SCENARIOS_WORLD_PATCH_H

#include "base/json.h"

/*
 * A config changed by a patch of its own shape (docs/scenario-format.md, "Patches of the world").
 * Neither is changed; the result is borrowed from the arena.  It is judged where it is read.
 */
json_t *world_patch(struct arena *a, const json_t *world, const json_t *patch);

#endif
