#ifndef SCENARIOS_WORLD_H
#define SCENARIOS_WORLD_H

#include "fakests/explain.h"
#include "issuer/issuer.h"
#include "issuer/token.h"
#include "scenarios/config.h"

#include <stdatomic.h>

/*
 * Issuer + STS + clock + entropy + keys, wired together: serve, exec, assume, token, explain,
 * scenarios and tests all use this one wiring.
 *
 * The world in force is a snapshot: config, profiles, what IAM knows and the published keys,
 * immutable and counted.  A request takes one and keeps it to its end; every change (a signed call
 * to IAM, PUT world, reset, a rotated key) makes a new snapshot and puts it in place at once.  With
 * a state file the change is on disk first.
 */
struct world;

struct snapshot {
    _Atomic int refs;
    struct world *world;         /* borrowed: outlives its snapshots */
    struct world_config *held;   /* the config and what was compiled from it; shared, counted */
    const struct config *config; /* the same, for reading */
    struct iam *iam;             /* as it stands now; counted */
    struct keystore_view *keys;
    struct fakests_world sts;
};

struct world_options {
    const char *config_path; /* NULL: the demo world */
    const char *state_path;  /* serve --state; NULL: the world ends with the process */
    const char *record_path; /* serve --record; NULL: nothing is recorded */
    const char *keys_dir;    /* NULL: keys in memory, gone with the process */
    struct clock *clock;     /* borrowed */
    struct entropy *entropy; /* borrowed */
    /* Told of every exchange once it is answered (for lines on stderr); may be NULL.  `explain` is
       a refusal's or an allowance's explanation, computed only when asked for by want_allowed. */
    void (*on_exchange)(void *context, const struct explanation *e);
    void *on_exchange_context;
    bool tell_allowed; /* call on_exchange for allowed exchanges too */
    /* Where signing keys come from, as keystore_make_with has it; NULL: they are generated. */
    struct pkey *(*make_key)(void *context, struct arena *a, enum pkey_kind kind, struct str name,
                             struct str *x5c_der);
    void *make_key_context;
    /* SigV4's 15 minutes are counted by `clock`: in a scenario, whose signer has the same one. */
    bool signing_time_is_clock;
};

OUTCOME world_new(struct why *why, const struct world_options *options, struct world **out);
/* The same over a config that was read already: its arena goes to the world on success. */
OUTCOME world_new_with(struct why *why, const struct world_options *options, struct arena *arena,
                       const struct config *config, struct world **out);
void world_free(struct world *w);

/* Exchanges that could not be written to the record. */
size_t world_record_lost(const struct world *w);

/* The snapshot in force, held; snapshot_drop it. */
struct snapshot *world_now(struct world *w);
void snapshot_drop(struct snapshot *s);

/* Replaces the world whole, or changes nothing. */
OUTCOME world_replace(struct world *w, struct why *why, struct str name, struct str text);
OUTCOME world_reset(struct world *w, struct why *why);

/* A new signing key; late: it is published by world_publish_keys only.  See issuer/keystore.h. */
OUTCOME world_rotate(struct world *w, struct why *why, struct str issuer);
OUTCOME world_rotate_late(struct world *w, struct why *why, struct str issuer);
OUTCOME world_publish_keys(struct world *w, struct why *why, struct str issuer);
OUTCOME world_retire(struct world *w, struct why *why, struct str issuer);
/*
 * Down: its documents are answered with 503, and every token that needs its local keys is refused.
 * It signs on.  A reset brings all up; another config does not.
 */
OUTCOME world_down(struct world *w, struct why *why, struct str issuer);
OUTCOME world_up(struct world *w, struct why *why, struct str issuer);

/* Where the world is served, "http://127.0.0.1:4580": for jwks_uri and "local" issuers. */
void world_set_base_url(struct world *w, struct str url);
/* Listening beyond loopback: the control side then also answers to other numeric and plain hosts.
 */
void world_set_wide(struct world *w, bool wide);

/* A token as the platform would make it; lives in the arena. */
OUTCOME world_mint(struct world *w, struct arena *a, struct why *why, const struct token_ask *ask,
                   struct token *out);

/* Answers one HTTP request, whatever it is for: AWS side, issuer side, control side. */
void world_handle(void *world, const struct http_request *request, struct http_response *response);
/* For http_server_options. */
size_t world_body_bytes_max(void *world, const struct http_request *request);

/*
 * AssumeRoleWithWebIdentity without HTTP between: the parameters of the Query protocol go in, the
 * reply comes out as the wire would carry it (status, body, x-amzn-requestid, x-understudy-reason).
 */
void world_call(struct world *w, struct arena *a, const struct form *parameters,
                struct http_response *response);

/* Why: for `explain`.  The service is the world's own. */
struct explanation *world_explain(struct world *w, struct arena *a, const struct explain_ask *ask);

/* What start-up tells: counts of providers, roles and issuers, then warnings; one line each. */
struct str world_banner(struct world *w, struct arena *a);

#endif
