#ifndef CLI_SERVING_H
#define CLI_SERVING_H

#include "http/server.h"
#include "scenarios/world.h"

/* A world behind an HTTP server: what serve and exec have in common. */
struct serving {
    struct http_server *server;
    struct str url; /* "http://127.0.0.1:4580", where this machine reaches it */
};

/* Listens, and tells the world where.  ADDRESS_IN_USE, ADDRESS_INVALID. */
OUTCOME serving_start(struct arena *a, struct why *why, struct world *world, const char *address,
                      unsigned port, struct serving *out);

/* Whether only this machine can reach the address. */
bool serving_is_loopback(const char *address);
/* The URL by which this machine reaches a server that listens there: a wildcard by its loopback. */
struct str serving_url(struct arena *a, const char *address, unsigned port);

#endif
