#ifndef SCENARIOS_STAGE_SERVER_H
#define SCENARIOS_STAGE_SERVER_H

#include "scenarios/stage.h"

/*
 * A server that runs somewhere, reached by its URL: an understudy, of which a scenario takes the
 * world, the clock and the exchanges; or one without our control side (AWS itself), on which
 * scenarios of calls alone can be played.
 */

/* Whether it is AWS: IAM is then at a host of its own. */
bool stage_server_is_aws(struct str host);

/* Looks who is there.  USAGE for what is no http URL, PEER_UNREACHABLE. */
OUTCOME stage_server_open(struct arena *a, struct why *why, struct str url, struct stage *out);
/*
 * Puts the scenario's world and clock in place.  As config_read, or PEER_*.  *skip says why the
 * scenario cannot be played there, and is else empty: its world gives key sets, of keys that the
 * server does not sign with.
 */
OUTCOME stage_server_begin(struct arena *a, struct why *why, const struct stage *stage,
                           const struct scenario *s, struct str *skip);
/* Publishes what the scenario rotated and did not publish: keys outlive a reset, and the next one's
 * tokens would be signed with a key that nobody knows. */
OUTCOME stage_server_leave(struct arena *a, struct why *why, const struct stage *stage,
                           const struct scenario *s);
/* Gives the server its own world and clock back. */
OUTCOME stage_server_end(struct arena *a, struct why *why, const struct stage *stage);

#endif
