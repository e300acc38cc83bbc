#ifndef SCENARIOS_PSEUDONYMS_H
#define SCENARIOS_PSEUDONYMS_H

#include "base/json.h"

/*
 * Stands others in for whoever can be recognised in a scenario: e-mail addresses, UUIDs, account
 * ids, long numbers, and the opaque ids of platforms ("tea-csps46i3esus73eojjp0").  The same text
 * becomes the same pseudonym wherever it stands - in claims, policies, keys and messages - so that
 * what matched still matches; pseudonyms have the shape and the length of what they stand for, and
 * are numbered in the order in which they are met, so that nothing can be computed back.  Names
 * that people chose (of projects, roles, branches) and addresses of issuers stay.
 *
 * Borrowed from the arena; the scenario itself is left as it is.  A decision that hangs on a part
 * of an id (a policy with "srv-d9ta*") may change with it: whoever uses this plays the result.
 */
json_t *pseudonyms_put(struct arena *a, const json_t *scenario);

#endif
