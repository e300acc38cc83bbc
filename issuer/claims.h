#ifndef ISSUER_CLAIMS_H
#define ISSUER_CLAIMS_H

#include "base/entropy.h"
#include "base/json.h"

/*
 * Templates: JSON in whose strings stand the names of parameters, compiled once when a profile is
 * read and expanded for each token without looking at JSON text again.  docs/platforms.md has the
 * language:
 *
 *   "org/{org_id}"         text; the parameter as text
 *   "{context_ids}"        nothing but a parameter: its value with its JSON type
 *   "{name|escape_colons}" through a filter           "{{" and "}}"  braces
 *   "{$iat-600}"           what only the minting knows: $iat, $exp, $uuid, $iss, $variant, $alg,
 * ... "name?": ...           a member that is left out when its value is empty: "", [], {} or null
 *   {"$first": [{"if": {"trigger": "webhook"}, "value": ...}, {"value": ...}]}
 *   {"$each": "list", "of": {"ELEMENT": "text", ...}}   the texts of a list's elements, one behind
 * another
 */

/* JSON types as a set: what a parameter may be, what a template may become. */
enum {
    CLAIMS_STRING = 1,
    CLAIMS_INTEGER = 2,
    CLAIMS_BOOLEAN = 4,
    CLAIMS_ARRAY = 8, /* of strings, where it is a parameter's */
    CLAIMS_OTHER = 16,
};
unsigned claims_type_of(const json_t *v);

/* What may stand behind a '$'. */
enum claims_builtin {
    CLAIMS_IAT,
    CLAIMS_EXP,
    CLAIMS_UUID,
    CLAIMS_ISS,
    CLAIMS_VARIANT,
    CLAIMS_ALG,
    CLAIMS_KID,
    CLAIMS_X5T,
};
#define CLAIMS_MAY(builtin) (1u << (builtin))

enum {
    CLAIMS_SLOTS_MAX = 64,       /* parameters and derived values of one profile: bits of a mask */
    CLAIMS_ISSUER_HOLES_MAX = 4, /* bounds the search of claims_match */
    CLAIMS_BYTES_MAX = 256 * 1024, /* of one expansion: a dozen times what AWS takes as a token */
};

/* A parameter or derived value that templates may name. */
struct claims_slot {
    struct str name;
    unsigned types;
};

/* What a template may name: the slots declared before it, and some builtins. */
struct claims_scope {
    const struct claims_slot *slots;
    size_t n_slots;
    unsigned builtins; /* of CLAIMS_MAY */
};

/* A compiled template; immutable. */
struct claims_node;

/* CONFIG_INVALID at the place of whatever is wrong. */
OUTCOME claims_compile(struct arena *a, struct why *why, const struct json_at *at,
                       const struct claims_scope *scope, const struct claims_node **out);
/* The same of an object that is no "$first" and no "$each", as claims are. */
OUTCOME claims_compile_object(struct arena *a, struct why *why, const struct json_at *at,
                              const struct claims_scope *scope, const struct claims_node **out);
/* Two compiled objects as one: members of `over` replace those of `base` or follow them. */
const struct claims_node *claims_merge(struct arena *a, const struct claims_node *base,
                                       const struct claims_node *over);
/* The types it may expand to. */
unsigned claims_types(const struct claims_node *n);
/* The slots it names, as bits. */
uint64_t claims_uses(const struct claims_node *n);
/* Whether some case always applies, so that it never expands to nothing. */
bool claims_is_total(const struct claims_node *n);
/* Whether it expands to the same value always. */
bool claims_is_constant(const struct claims_node *n);

/* What an expansion takes its values from. */
struct claims_values {
    struct arena *arena;
    struct entropy *entropy;
    json_t **slots; /* by slot; borrowed */
    int64_t iat_s, exp_s;
    struct str iss, variant, alg, kid, x5t;
    size_t spent; /* of CLAIMS_BYTES_MAX */
};

/*
 * A new reference to the value; NULL when no case of a "$first" applies.  Fails with
 * PLATFORM_PARAMETER: an element of a list that "$each" does not know, or more than
 * CLAIMS_BYTES_MAX.
 */
OUTCOME claims_expand(const struct claims_node *n, struct claims_values *v, struct why *why,
                      json_t **out);

/*
 * Fits a text to a text template, or to one of those a "$first" chooses from: a parameter stands
 * for text without '/'.  Sets bound[slot] of the best fit, the one with the longest fixed part, and
 * returns that length; 0 when none fits or there is no fixed part.  `accepts` judges each
 * parameter's value.
 */
size_t claims_match(const struct claims_node *n, struct str text,
                    bool (*accepts)(const void *context, size_t slot, struct str value),
                    const void *context, struct str bound[CLAIMS_SLOTS_MAX]);
/*
 * Refuses a template that claims_match could not read back: builtins, filters, parameters side by
 * side or too many of them, anything but text.  *slots: those every alternative names.
 */
OUTCOME claims_want_matchable(const struct claims_node *n, struct why *why,
                              const struct json_at *at, uint64_t *slots);

#endif
