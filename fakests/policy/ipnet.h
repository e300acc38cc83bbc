#ifndef FAKESTS_POLICY_IPNET_H
#define FAKESTS_POLICY_IPNET_H

#include "base/str.h"

/*
 * Addresses and networks as the IpAddress operators read them, which is not as inet_pton does
 * (aws.md section 5.2; what goes beyond it was observed).
 */
struct ipnet {
    unsigned char bytes[16]; /* 4 of them for IPv4 */
    int bits;                /* of an address in this family: 32 or 128 */
    int prefix;              /* of a network; of an address all the bits */
};

/*
 * The address of a request.  An IPv4-mapped one is its IPv4 address, written ::ffff:192.0.2.1 or
 * in hexadecimal; dotted numbers anywhere else, a zone, brackets and a /length make it none.
 */
bool ipnet_read_address(struct str s, struct ipnet *out);

/*
 * The network a policy names: an address, which is a network of one, or address/length.  Bits
 * behind the length are ignored in IPv4 and make an IPv6 network malformed; dotted numbers within
 * IPv6 do too.
 */
bool ipnet_read_network(struct str s, struct ipnet *out);

/* Addresses of the other family are in no network, not even in ::/0. */
bool ipnet_holds(const struct ipnet *network, const struct ipnet *address);

#endif
