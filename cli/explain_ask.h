#ifndef CLI_EXPLAIN_ASK_H
#define CLI_EXPLAIN_ASK_H

#include "cli/options.h"
#include "scenarios/world.h"

/*
 * The question that explain and capture ask: the token as --platform, --token or --claims has it,
 * at --at or when it was issued.  The world is changed to what --trust-policy and
 * --provider-client-id say.  Lives in the arena.
 */
OUTCOME explain_ask_take(struct arena *a, struct why *why, const struct options *o,
                         struct world *world, struct explain_ask *out);

#endif
