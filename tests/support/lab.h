#ifndef TESTS_SUPPORT_LAB_H
#define TESTS_SUPPORT_LAB_H

#include "base/xml.h"
#include "fakests/explain.h"
#include "fakests/fakests.h"

/*
 * A bench for the AWS side: a frozen clock, seeded entropy, keys of every kind, and a world read
 * from a config text whose providers carry their key sets inline.
 */
enum { LAB_KEYS = 6 };

struct lab {
    struct arena *arena;
    struct clock clock;
    struct entropy entropy;
    struct fakests service;
    struct fakests_world world;
    struct lab_key {
        const struct alg *alg; /* and its kid: RS256, RS384, ... */
        struct pkey *key;
    } keys[LAB_KEYS];
};

/* The time the clock stands at. */
enum { LAB_NOW_S = 1789123721 };

void lab_init(struct lab *lab);
void lab_free(struct lab *lab);
/* Reads the config (JSON text) into the world; stops the test when it is not one. */
void lab_world(struct lab *lab, struct str config);
/* The key set of all six keys, kid = alg, as JSON text. */
struct str lab_jwks(struct lab *lab);
const struct lab_key *lab_key(const struct lab *lab, struct str alg);
/* header and payload as given, signed with the key of that alg. */
struct str lab_sign(struct lab *lab, struct str header, struct str payload, struct str alg);
/* A token over the payload with alg RS256 and kid RS256. */
struct str lab_token(struct lab *lab, struct str payload);

/* What IAM knows by a config text, without a lab; dropped with the arena. */
struct iam *lab_iam(struct arena *a, struct str config);

struct lab_reply {
    struct http_response http;
    struct fakests_exchange exchange;
    struct xml_node *xml;
    struct str code, message; /* of an error; else empty */
};
/* Calls with name, value pairs ended by a NULL name; Version is added. */
struct lab_field {
    const char *name;
    struct str value;
};
void lab_call(struct lab *lab, const struct lab_field *fields, size_t n, struct lab_reply *out);

#endif
