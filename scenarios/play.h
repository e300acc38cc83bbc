#ifndef SCENARIOS_PLAY_H
#define SCENARIOS_PLAY_H

#include "scenarios/stage.h"

/*
 * A scenario played on a stage, step by step.
 */
enum play_verdict { PLAY_PASSED, PLAY_FAILED, PLAY_SKIPPED };

struct play_failure {
    size_t step;
    struct str place; /* "file:12:5: $.steps[3]" */
    struct str what;  /* the step in a few words: "AssumeRoleWithWebIdentity, CircleCI-OIDC-Role" */
    struct why why;   /* the step could not be played; or fault FAULT_NONE: */
    struct mismatches mismatches;
    struct str answered;       /* the answer in a few words */
    const json_t *explanation; /* NULL: there is none */
    json_t *right;             /* the "expect" that would have held; NULL: it was no question */
};

struct play_result {
    enum play_verdict verdict;
    struct play_failure *failures; /* one; with `all` one for every step that fails */
    size_t n_failures;
    struct str skipped; /* why */
    size_t n_unchecked; /* steps whose `because` the stage could not tell */
};

struct play_options {
    bool all; /* go on behind a step that fails: for who writes what is right */
};

/*
 * Plays it.  The stage is as the scenario wants it at its beginning: world, clock, no faults.
 * Everything of the result lives in the arena.
 */
void play(struct arena *a, const struct scenario *s, const struct stage *stage,
          const struct play_options *options, struct play_result *out);

#endif
