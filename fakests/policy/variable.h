#ifndef FAKESTS_POLICY_VARIABLE_H
#define FAKESTS_POLICY_VARIABLE_H

#include "fakests/policy/keys.h"

/*
 * Policy variables: ${key}, ${key, 'default'}, and ${*} ${?} ${$} for the characters themselves.
 * They mean something in documents of Version 2012-10-17 only; in others they are plain text.
 * What is put in is text: its '*' is no wildcard (aws.md section 5.2).
 */
struct variable_part {
    struct str text; /* literal, its wildcards compiled where the template has any */
    struct str key;  /* p == NULL: a literal */
    uint32_t hash;
    struct str fallback; /* p == NULL: no default */
};

struct variable_template {
    struct variable_part *parts;
    size_t n;
    bool has_variables;
    bool wildcards;
    struct str text; /* without variables: all of it */
};

enum variable_rules {
    VARIABLE_PLAIN = 0,
    VARIABLE_SUBSTITUTE = 1, /* ${...} is looked for */
    VARIABLE_WILDCARDS = 2,  /* '*' and '?' outside ${...} become wildcards of match.h */
};

/* Cuts the text up.  Everything is copied into the arena.  What is no ${...} after all is text. */
struct variable_template variable_read(struct arena *a, struct str text, unsigned rules);

/*
 * The text with the variables put in.  False when one of them has no single value: its key is
 * absent and it has no default, or its key is a list, which no default helps (observed).
 */
bool variable_fill(const struct variable_template *t, const struct keys *keys, struct arena *a,
                   struct str *out);

#endif
