#ifndef SCENARIOS_CAPTURE_WORLD_H
#define SCENARIOS_CAPTURE_WORLD_H

#include "scenarios/capture.h"

/*
 * The part of a world that an exchange was about, as a config; for capture.c.
 */
struct capture_world {
    struct arena *arena;
    const struct capture_ask *ask;
    struct str account; /* the scenario's default one */
    json_t *config;     /* borrowed from the arena */
};

struct capture_world capture_world_new(struct arena *a, const struct capture_ask *ask,
                                       struct str account);
/* A role as it is trusted; `may`: with its policies too.  What is not there is not added. */
void capture_world_role(struct capture_world *w, struct str arn, bool may);
/* The provider of an issuer (with https://); `keys`: with the key set a config gives it. */
void capture_world_provider(struct capture_world *w, struct str account, struct str issuer,
                            bool keys);
/* What a parameter names: roles, users, policies, providers, by ARN or by name. */
void capture_world_named(struct capture_world *w, struct str account, const struct form_field *f);
/* What hangs on a policy or user that a parameter names: of an entity that could not go. */
void capture_world_hanging(struct capture_world *w, struct str account, const struct form_field *f);
/* Whoever called, with what they may do; and what a call is signed with ("as"), which is NULL for a
 * session. */
json_t *capture_world_caller(struct capture_world *w, const struct caller *caller);

#endif
