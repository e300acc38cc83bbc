#ifndef FAKESTS_PARAM_H
#define FAKESTS_PARAM_H

#include "fakests/call.h"

/*
 * Typed parameters of the Query protocol with AWS's limits and AWS's words (aws.md
 * sections 1.1, 1.2, 1.7).  An action describes its parameters as rows; param_read checks all of
 * them, and collects every violation into one ValidationError ("3 validation errors detected: ...;
 * ...").
 *
 * Decoding comes first: an integer that is none, a list index that is out of order, fail with
 * REQUEST_MALFORMED before any constraint is looked at.
 */
enum param_type { PARAM_TEXT, PARAM_INTEGER, PARAM_ARN_LIST };

/* What characters a text may consist of: the pattern as AWS prints it, and its meaning. */
struct param_pattern {
    const char *printed;
    bool (*allows)(uint32_t character);
    bool at_least_one; /* "+" rather than "*" */
};

extern const struct param_pattern param_pattern_arn; /* [\u0009\u000A\u000D\u0020-\u007E...]+ */
extern const struct param_pattern param_pattern_session_name; /* [\w+=,.@-]* */
extern const struct param_pattern param_pattern_policy; /* [\u0009\u000A\u000D\u0020-\u00FF]+ */
extern const struct param_pattern param_pattern_word;   /* [\w]* */

struct param {
    const char *name; /* "RoleArn"; messages say "roleArn" */
    enum param_type type;
    bool required;
    bool sensitive; /* its value is never printed */
    /* Length in characters, or value; of a list: number of elements.  A max of 0 is none. */
    int64_t min, max;
    const struct param_pattern *pattern; /* of texts; may be NULL */
    size_t offset; /* where it goes: struct str, struct param_integer or struct param_list */
};

struct param_integer {
    bool present;
    int64_t value;
};

struct param_list {
    struct str *items;
    size_t n;
};

/*
 * Fills the struct at `out` from the form as the rows (ended by name == NULL) say; an absent text
 * has p == NULL.  Fails with REQUEST_MALFORMED (arg[0]: AWS's message, empty where none is known)
 * or PARAMETER_INVALID (arg[0]: the whole "N validation error(s) detected: ..." text).
 */
OUTCOME param_read(struct call *c, const struct param *rows, void *out);

/* The Query protocol's integers: "900", "0900", "+900"; not " 900", "9e2", or over 32 bits. */
bool param_integer_read(struct str text, int64_t *out);

#endif
