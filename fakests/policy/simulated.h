#ifndef FAKESTS_POLICY_SIMULATED_H
#define FAKESTS_POLICY_SIMULATED_H

#include "fakests/policy/operator.h"

/*
 * What AWS's policy simulator (SimulateCustomPolicy) was seen to do otherwise than the engine that
 * decides requests.  It asks no other rules than the engine's but for these:
 *
 * - Its input may hold networks and addresses that IAM does not store ("not-an-ip",
 *   "2001:db8::5/64"), and a condition that meets one is false.
 * - Values of the request come with a type, and are refused when they are none of it.
 */

/*
 * Whether a condition with this operator is false as soon as it comes to a wanted value that cannot
 * be read, be the operator negated or not; an earlier match still wins.  The engine passes over
 * such a value: 192.0.2.1 under NotIpAddress "not-an-ip" is true to the engine, false to the
 * simulator, and under IpAddress ["not-an-ip", "192.0.2.0/24"] as well; with the network in front
 * both say true (observed).  That is of one value of the request: how ForAnyValue: goes on with the
 * next was not observed, and is taken to be as ever.
 */
bool simulated_stops(const struct operator_row *op);

/* A ContextKeyType of the simulator's API. */
struct simulated_type {
    struct str name; /* "ip", "ipList" */
    bool is_list;
    bool (*reads)(struct arena *a, struct str value);
};

/* The type of that name, or NULL; names are compared exactly. */
const struct simulated_type *simulated_type_find(struct str name);
/*
 * Whether the simulator takes the value for one of that type; it answers InvalidInput to the others
 * (observed of ip: 192.0.2.1/32, 2001:db8::192.0.2.1, 2001:db8::::1 and a zone are none, though as
 * strings they only match nothing; 2001:db8:::1 and 2001:db8::1: are).  What it takes stays the
 * text it was: to StringEquals ::FFFF:c000:201 is not ::ffff:c000:201 (observed).
 */
bool simulated_type_fits(struct arena *a, const struct simulated_type *type, struct str value);

#endif
