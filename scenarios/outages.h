#ifndef SCENARIOS_OUTAGES_H
#define SCENARIOS_OUTAGES_H

#include "base/fault.h"

/*
 * The issuers that are down: a set of their URLs.  One final slash counts for nothing, since the
 * documents of https://a and https://a/ are found at the same place.  Safe from several threads.
 */
struct outages;

struct outages *outages_new(void);
void outages_free(struct outages *o);

/* Fails with CONFIG_INVALID when too many are down.  Down twice is down. */
OUTCOME outages_begin(struct outages *o, struct why *why, struct str issuer);
void outages_end(struct outages *o, struct str issuer);
void outages_clear(struct outages *o);

/* An atomic read while none is down. */
bool outages_has(struct outages *o, struct str issuer);
/* Whether an outage of the one is an outage of the other. */
bool outages_same(struct str one, struct str other);
/* Those that are down, as they were given, in the arena. */
struct str *outages_list(struct outages *o, struct arena *a, size_t *n);

#endif
