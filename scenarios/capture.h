#ifndef SCENARIOS_CAPTURE_H
#define SCENARIOS_CAPTURE_H

#include "fakests/explain.h"
#include "http/form.h"
#include "scenarios/config.h"

/*
 * An exchange as a scenario that replays the same decision.  Of a web identity: the role, its trust
 * policy and the token's provider; of the token header and claims; the clock; and the answer.  Of a
 * signed call: who called, as a session described or with keys of the scenario's own, with what
 * they may do; and whom and what the parameters name.  No signature, no credentials, nothing of the
 * world that took no part.
 */
struct capture_ask {
    const struct explanation *explanation; /* what was decided, and why */
    /* The parameters as they were given; of WebIdentityToken only whether it was, and if it was not
       read its length. */
    const struct form *form;
    const struct caller *caller; /* who signed it; NULL: nobody, or not well */
    const struct config *config; /* of the world it took place in */
    const struct iam *iam;
    struct str source_ip; /* of the client; empty: not known */
};

/*
 * The scenario, borrowed from the arena.  CAPTURE_IMPOSSIBLE for an exchange that no scenario can
 * tell: one that could not be decoded, whose signature was refused, or that does not replay to the
 * same decision (it is tried).
 */
OUTCOME capture_scenario(struct arena *a, struct why *why, const struct capture_ask *ask,
                         json_t **out);
/* The same without trying it: for a record that is written while a server answers. */
OUTCOME capture_untried(struct arena *a, struct why *why, const struct capture_ask *ask,
                        json_t **out);

/* Plays a scenario that was made in this process.  CAPTURE_IMPOSSIBLE when it does not come to what
 * it expects. */
OUTCOME capture_try(struct arena *a, struct why *why, json_t *scenario);

#endif
