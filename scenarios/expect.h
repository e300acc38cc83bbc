#ifndef SCENARIOS_EXPECT_H
#define SCENARIOS_EXPECT_H

#include "base/json.h"

/*
 * What a step of a scenario expects of its answer, and how far an answer falls short of it.
 */
struct expect {
    json_t *value; /* the object as written; NULL: that it is allowed */
};

/* CONFIG_INVALID with its place for members and types that docs/scenario-format.md does not have.
 * `call`: of a call, else of a get. */
OUTCOME expect_read(const struct json_at *at, struct why *why, bool call, struct expect *out);
/* Whether the explanation is asked for. */
bool expect_wants_because(const struct expect *e);

/* An answer as it is compared; borrowed. */
struct expect_answer {
    bool lost;                 /* no whole answer */
    int status;                /* of HTTP */
    struct str code, message;  /* AWS's, of a refusal; empty for a success */
    const json_t *result;      /* of a reply, or a document; NULL: none */
    const json_t *explanation; /* NULL: not known here, so what `because` wants is not compared */
};

/* One thing that differs. */
struct mismatch {
    struct str path;        /* below the step: "expect.because.reason" */
    struct str wanted, got; /* as JSON, or in words */
    json_t *value;          /* what would be right there; NULL: cannot be said by one value */
};

struct mismatches {
    struct mismatch *items;
    size_t n, capacity;
};

/* Adds what differs, in the order in which a person asks; in the arena. */
void expect_compare(struct arena *a, const struct expect *e, const struct expect_answer *got,
                    struct mismatches *out);
/* What would be expected of this answer, for a step that says nothing: borrowed from the arena. */
json_t *expect_of(struct arena *a, const struct expect_answer *got);

#endif
