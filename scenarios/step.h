#ifndef SCENARIOS_STEP_H
#define SCENARIOS_STEP_H

#include "scenarios/scenario.h"

/*
 * The steps, as rows: a verb, what may stand beside it, how it is read and how it is played.
 */
struct playing;

enum step_takes {
    STEP_SAVES = 1,  /* "save" may be there */
    STEP_MAKES = 2,  /* "save" has to be there: there would be no point without it */
    STEP_SIGNS = 4,  /* "as" */
    STEP_EXPECTS = 8 /* "expect" */
};

struct step_row {
    const char *verb; /* NULL ends the table */
    unsigned takes;
    /* Refuses a value that is not the verb's, with its place. */
    struct outcome (*read)(const struct json_at *value, struct why *why);
    /* Plays it (scenarios/play_state.h). */
    struct outcome (*play)(struct playing *p, const struct step *s);
};

extern const struct step_row step_rows[];

/* A time, RFC 3339 or seconds, at `at`; in milliseconds. */
OUTCOME step_time(const struct json_at *at, struct why *why, int64_t *out_ms);

/* The readers of the table, and the players beside them. */
struct outcome step_read_mint(const struct json_at *at, struct why *why);
struct outcome step_read_token(const struct json_at *at, struct why *why);
struct outcome step_read_session(const struct json_at *at, struct why *why);
struct outcome step_read_call(const struct json_at *at, struct why *why);
struct outcome step_read_get(const struct json_at *at, struct why *why);
struct outcome step_read_advance(const struct json_at *at, struct why *why);
struct outcome step_read_clock(const struct json_at *at, struct why *why);
struct outcome step_read_rotate(const struct json_at *at, struct why *why);
struct outcome step_read_issuer(const struct json_at *at, struct why *why);
struct outcome step_read_fault(const struct json_at *at, struct why *why);
struct outcome step_read_world(const struct json_at *at, struct why *why);
struct outcome step_read_source_ip(const struct json_at *at, struct why *why);

struct outcome step_play_mint(struct playing *p, const struct step *s);
struct outcome step_play_token(struct playing *p, const struct step *s);
struct outcome step_play_session(struct playing *p, const struct step *s);
struct outcome step_play_call(struct playing *p, const struct step *s);
struct outcome step_play_get(struct playing *p, const struct step *s);
struct outcome step_play_advance(struct playing *p, const struct step *s);
struct outcome step_play_clock(struct playing *p, const struct step *s);
struct outcome step_play_issuer(struct playing *p, const struct step *s);
struct outcome step_play_fault(struct playing *p, const struct step *s);
struct outcome step_play_world(struct playing *p, const struct step *s);
struct outcome step_play_source_ip(struct playing *p, const struct step *s);

#endif
