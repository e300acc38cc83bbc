#ifndef FAKESTS_PARAM_H
#define FAKESTS_PARAM_H

#include "fakests/call.h"
#include "fakests/param_pattern.h"

#include <stddef.h>

/*
 * Typed parameters of the Query protocol with AWS's limits and AWS's words (aws.md
 * sections 1.1, 1.2, 1.7).  An action describes its parameters as rows; param_read checks all of
 * them, and collects every violation into one ValidationError ("3 validation errors detected: ...;
 * ...").
 *
 * Decoding comes first: an integer that is none, a list index that is out of order, fail with
 * REQUEST_MALFORMED before any constraint is looked at.
 *
 * STS quotes values ("Value 'x' at 'roleArn'", "Value null at ..."); IAM does not ("Value at
 * 'roleName'").
 */
enum param_type {
    PARAM_TEXT,    /* struct str; p == NULL: absent */
    PARAM_INTEGER, /* struct param_integer */
    PARAM_BOOLEAN, /* "true" or "false"; struct param_boolean */
    PARAM_TEXTS,   /* "Name.member.N"; struct param_list */
    PARAM_STRUCTS, /* "Name.member.N.Member"; struct param_structs */
    PARAM_STRUCT,  /* "Name.Member": the rows' members, in the struct that stands there */
};

/* What a row does not mention is zero: optional, without limits, without a pattern. */
struct param {
    const char *name; /* "RoleArn"; messages say "roleArn" */
    enum param_type type;
    bool required;
    bool sensitive; /* its value is never printed */
    /* Length in characters, or value; of a list: number of elements.  A max of 0 is none. */
    int64_t min, max;
    int64_t element_min, element_max;    /* of PARAM_TEXTS: length of each text */
    const struct param_pattern *pattern; /* of a text, or of each text of a list; may be NULL */
    const char *values;                  /* an enumeration, as AWS prints it: "Active, Inactive" */
    const struct param *members;         /* of structures: rows of their own, ... */
    size_t element_bytes;                /* ... of a list whose offsets are in such a struct */
    size_t offset;                       /* where it goes, in the struct that is filled */
};

#define PARAM_END    \
    {                \
        .name = NULL \
    }

struct param_integer {
    bool present;
    int64_t value;
};

struct param_boolean {
    bool present, value;
};

/* "Name=" alone is a list that is present and has no elements. */
struct param_list {
    struct str *items;
    size_t n;
    bool present;
};

struct param_structs {
    void *items; /* n structs of element_bytes, filled by the rows' members */
    size_t n;
    bool present;
};

/*
 * Fills the struct at `out` from the form as the rows (ended by PARAM_END) say.  Fields and members
 * that no row names are ignored.  Fails, `out` untouched, with REQUEST_MALFORMED (arg[0]: AWS's
 * message, empty where none is known) or PARAMETER_INVALID (arg[0]: the whole "N validation
 * error(s) detected: ..." text).
 */
OUTCOME param_read(struct call *c, const struct param *rows, void *out);

/* The Query protocol's integers: "900", "0900", "+900"; not " 900", "9e2", or over 32 bits. */
bool param_integer_read(struct str text, int64_t *out);

#endif
