#ifndef CLI_SETUP_H
#define CLI_SETUP_H

#include "cli/options.h"
#include "scenarios/world.h"

/*
 * The world a command works in, from --config and --keys, with the machine's clock and entropy.  It
 * lives as long as the arena.  `wanted` says who is told of exchanges; the rest of it is filled in
 * here.
 */
OUTCOME setup_world(struct arena *a, struct why *why, const struct options *o,
                    const struct world_options *wanted, struct world **out);

/*
 * Where the keys are kept unless --keys says so: understudy/keys below $XDG_STATE_HOME, or below
 * $HOME/.local/state; NULL when neither is an absolute path.  In the arena.
 */
const char *setup_keys_default(struct arena *a, const char *xdg_state_home, const char *home);

/* NULL for the demo world. */
const char *setup_config_path(const struct options *o);

#endif
