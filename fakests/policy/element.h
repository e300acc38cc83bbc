#ifndef FAKESTS_POLICY_ELEMENT_H
#define FAKESTS_POLICY_ELEMENT_H

#include "base/json.h"

/*
 * What reading a policy document needs over and over.  Every refusal is POLICY_MALFORMED, with the
 * place, a sentence for a person, and as why->arg[0] what AWS would answer (aws.md section 5.4).
 */

/* The usual message; newer services say "error", older ones said "errors". */
#define ELEMENT_SYNTAX "Syntax error in policy."

struct outcome element_refuse(const struct json_at *at, struct why *why, struct str aws,
                              const char *format, ...) __attribute__((format(printf, 4, 5)))
__attribute__((warn_unused_result));

/* The object's member at an iteration of json_object_foreach. */
struct json_at element_member(const struct json_at *at, const char *key, json_t *value);

/* An object whose members are all among the names; the nearest is named for one that is not. */
OUTCOME element_want_members(const struct json_at *at, struct why *why, const char *what,
                             const struct str *names, size_t n);

enum element_scalars { ELEMENT_STRINGS, ELEMENT_SCALARS };

struct element_list {
    struct str *texts;
    size_t n;
};

/*
 * A string or an array of strings, copied into the arena.  With ELEMENT_SCALARS numbers and
 * booleans pass for strings, as IAM lets them in condition values.
 */
OUTCOME element_strings(struct arena *a, struct why *why, const struct json_at *at,
                        enum element_scalars scalars, struct element_list *out);

#endif
