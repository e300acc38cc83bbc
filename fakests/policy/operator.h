#ifndef FAKESTS_POLICY_OPERATOR_H
#define FAKESTS_POLICY_OPERATOR_H

#include "base/arena.h"
#include "fakests/policy/arnlike.h"
#include "fakests/policy/decimal.h"
#include "fakests/policy/instant.h"
#include "fakests/policy/ipnet.h"

/* A value as an operator compares it; which member it is follows from the operator. */
union operator_value {
    struct str text;
    struct decimal number;
    struct instant moment;
    struct ipnet ip;
    struct arnlike arn;
    bool yes;
};

/* Which outcomes of a comparison count as a match. */
enum { OPERATOR_LESS = 1, OPERATOR_EQUAL = 2, OPERATOR_GREATER = 4 };

/*
 * A condition operator, without "ForAnyValue:" and "IfExists": one row of the table in operator.c.
 * `wanted` is what the policy names, `got` what the request holds.
 */
struct operator_row {
    struct str name;
    bool (*read_wanted)(struct arena *a, struct str s, union operator_value *out);
    bool (*read_got)(struct arena *a, struct str s, union operator_value *out);
    bool (*matches)(const struct operator_row *op, const union operator_value *wanted,
                    const union operator_value *got);
    unsigned accepts;   /* of the comparing ones: OPERATOR_LESS, _EQUAL, _GREATER */
    bool negated;       /* holds when not one of the wanted values matches */
    bool presence;      /* Null: asks only whether the key is there */
    bool variables;     /* ${...} is replaced */
    bool wildcards;     /* '*' and '?' in wanted values */
    bool bad_got_never; /* a request value that cannot be read fails even the negated operator */
    bool bad_wanted_denies; /* a wanted value that cannot be read fails an Allow and meets a Deny */
    bool strict_in_sessions; /* session policies too refuse wanted values that cannot be read */
    const char *bad_wanted, *bad_got; /* what a person is told */
};

/* The operator of that name, or NULL; names are compared exactly, as IAM does. */
const struct operator_row *operator_find(struct str name);
/* The nearest name, for "did you mean"; empty when none is near. */
struct str operator_nearest(struct str name);

/* All rows, for documentation and tests. */
const struct operator_row *operator_all(size_t *n);

#endif
