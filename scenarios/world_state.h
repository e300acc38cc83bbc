#ifndef SCENARIOS_WORLD_STATE_H
#define SCENARIOS_WORLD_STATE_H

#include "fakests/audit.h"
#include "fakests/token_cache.h"
#include "scenarios/outages.h"
#include "scenarios/record.h"
#include "scenarios/state.h"
#include "scenarios/world.h"

#include <pthread.h>

/* What the files of the world and of the control side share; nobody else includes this. */

/* A config and everything compiled from it; the snapshots over it share it. */
struct world_config {
    _Atomic int refs;
    struct arena *arena; /* owned */
    const struct config *config;
    int64_t since_s;              /* when it came into force */
    struct token_cache *verified; /* signatures verified since then */
    struct str *local_issuers;    /* of "local": true, without https:// */
    size_t n_local_issuers;
};

struct world {
    struct clock *clock;
    struct entropy *entropy;
    struct keystore *keystore;
    struct fakests service;
    struct audit *audit;
    struct faults *faults;   /* in force; owned */
    struct outages *outages; /* issuers that are down, whatever the config; owned */
    void (*on_exchange)(void *context, const struct explanation *e);
    void *on_exchange_context;
    bool tell_allowed, wide;
    int64_t started_machine_s;

    struct arena *arena;             /* owned; what is set once */
    struct world_config *first_held; /* the world it started with */
    struct iam *first_iam;
    struct state *state;    /* NULL: kept nowhere */
    struct record *record;  /* NULL: nothing is recorded */
    struct str warnings;    /* of a config that was too large to be read for them again; lines */
    struct str state_notes; /* what a person should know of how it was found; lines */
    struct str base_url, local_prefix;

    pthread_mutex_t lock; /* guards `now` */
    struct snapshot *now;
    pthread_mutex_t changing; /* one change at a time */
};

/* Puts a snapshot over `held` and `iam` (both taken over) and the present keys in force. */
void world_publish(struct world *w, struct world_config *held, struct iam *iam);
/* The same config, the present keys. */
void world_republish(struct world *w);
struct world_config *world_config_hold(struct world_config *c);
void world_config_drop(struct world_config *c);

/* The alg a config gave the issuer, or NULL; and its keyring. */
const struct alg *world_alg(const struct snapshot *s, struct str issuer);
struct keyring_spec world_keyring(struct arena *a, const struct snapshot *s, struct str issuer);
/* Answers a request for one of the issuer's documents while it is down; else false. */
bool world_answer_outage(struct world *w, struct str issuer, const struct http_request *request,
                         struct http_response *response);

/* A view that has a signer for the spec: this snapshot's, or a newer one. */
OUTCOME world_view(struct world *w, struct why *why, const struct snapshot *s,
                   const struct keyring_spec *spec, struct keystore_view **out);

/* The keeper of struct fakests (world_keep.c). */
struct outcome world_keep(void *world, struct call *c,
                          struct outcome (*run)(struct call *c, struct str *document),
                          struct str *document) __attribute__((warn_unused_result));
/* Writes the whole of what is about to come into force to the state file, where there is one. */
OUTCOME world_keep_all(struct world *w, struct why *why, const struct config *config,
                       const struct iam *iam);
/* A clean end: what changed becomes part of the file, so that it can be taken as a fixture. */
void world_keep_close(struct world *w);
/* Reads what the state file holds, or begins it with the config at options->config_path. */
OUTCOME world_keep_open(struct world *w, struct why *why, const struct world_options *options,
                        struct arena *arena, struct config **config, struct iam **iam);

/* The iss of an issuer with "local": true: where it is served; empty for others. */
struct str world_local_iss(const struct world *w, const struct snapshot *s, struct arena *a,
                           struct str issuer);

/* The control side, for world_http.c: true when the path is one of its own. */
bool control_handle(struct world *w, const struct http_request *request,
                    struct http_response *response);
/* Whether its Host and Origin are such that the control side answers the request. */
bool control_may_ask(const struct world *w, const struct http_request *request);
/* An RFC 9457 problem document. */
void control_problem(const struct http_request *request, struct http_response *response, int status,
                     const struct why *why);
/* Whether a Host header names this listener. */
bool control_host_is_ours(const struct world *w, struct str host);

#endif
