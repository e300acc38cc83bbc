#ifndef SCENARIOS_PLAY_STATE_H
#define SCENARIOS_PLAY_STATE_H

#include "scenarios/play.h"
#include "scenarios/step.h"

/* What one playing carries from step to step; for play.c and the step_play files. */
struct playing {
    struct arena *arena;
    struct why *why;
    const struct scenario *scenario;
    const struct stage *stage;
    json_t *saved;  /* name → token (text) or reply (object) */
    int64_t now_ms; /* the scenario's clock */

    /* of the present step */
    struct mismatches mismatches;
    struct str answered;
    const json_t *explanation;
    json_t *right;         /* see struct play_failure */
    struct str unplayable; /* why this stage cannot play it; empty: it can */
    bool unchecked;        /* `because` could not be compared */
};

/*
 * One request to the control side; *out is the answer's document, and may be NULL.  CONFIG_INVALID
 * with the problem's detail where it is refused.  On a stage without a control side the step cannot
 * be played: p->unplayable is set and CONFIG_INVALID returned.
 */
OUTCOME play_control(struct playing *p, const char *method, const char *path, json_t *body,
                     json_t **out);
/* On such a stage: what nobody there answers. */
OUTCOME play_nobody(struct playing *p, struct str method, struct str path);
/* Keeps a value (borrowed) under the step's name, where it has one. */
void play_save(struct playing *p, const struct step *s, json_t *value);
/* What a reference stands for.  CONFIG_INVALID when there is nothing of that name. */
OUTCOME play_resolve(struct playing *p, struct str text, struct str *out);

#endif
