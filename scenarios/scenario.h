#ifndef SCENARIOS_SCENARIO_H
#define SCENARIOS_SCENARIO_H

#include "base/json.h"
#include "scenarios/expect.h"

/*
 * A scenario file (docs/scenario-format.md), read and checked whole: what is wrong with it is told
 * with file, line, column and JSON path before anything is played.  It lives in the arena it was
 * read into and is borrowed from its document.
 */
struct step_row;

struct step {
    const struct step_row *row;
    json_t *value;   /* what stands beside the verb */
    struct str save; /* p == NULL: nothing is kept */
    json_t *as;      /* NULL: not signed */
    bool expects;    /* an "expect" is written */
    struct expect expect;
};

struct scenario {
    const struct json_doc *doc;
    struct str title, story, source;
    int64_t clock_ms;
    json_t *world; /* NULL: the demo world */
    struct step *steps;
    size_t n_steps;
};

enum {
    SCENARIO_BYTES_MAX = 64 * 1024 * 1024, /* its world may be as large as a config */
    SCENARIO_STEPS_MAX = 500,
    SCENARIO_NAME_MAX = 64, /* of what is saved */
};

/* Whether an object is meant to be a scenario at all: it has "scenario" or "steps". */
bool scenario_resembles(const json_t *value);

/*
 * Reads the scenario that is the document's root.  CONFIG_INVALID with its place.  The world is
 * only looked at as far as that it is an object: it is read when it is played.
 */
OUTCOME scenario_read(struct arena *a, struct why *why, const struct json_doc *doc,
                      struct scenario **out);

/* "file:12:5: $.steps[3]": of a step; or of a member below it, "expect.because.reason". */
struct str scenario_place(struct arena *a, const struct scenario *s, size_t step);

/*
 * A reference in a parameter, "{own}" or "{creds.Credentials.AccessKeyId}": *name is "own", *path
 * "Credentials.AccessKeyId", or empty.  False for any other text.
 */
bool scenario_reference(struct str text, struct str *name, struct str *path);
/* A text that looks like a reference stands in one pair of braces more, "{{own}}" for "{own}":
 * false for any other text. */
bool scenario_literal(struct str text, struct str *out);
/* How a text has to be written to be itself. */
struct str scenario_written(struct arena *a, struct str text);

#endif
