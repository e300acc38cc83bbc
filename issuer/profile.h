#ifndef ISSUER_PROFILE_H
#define ISSUER_PROFILE_H

#include "issuer/claims.h"
#include "jose/alg.h"

/*
 * Platform profiles: what a CI system's tokens look like, as data (issuer/profiles: *.json, and
 * files a config names).  docs/platforms.md explains the format.  A set of profiles is immutable
 * and lives in an arena.
 */

/* How strongly a fact of a profile is known. */
enum evidence { EVIDENCE_DOCUMENTED, EVIDENCE_OBSERVED, EVIDENCE_INFERRED };

struct profile_fact {
    struct str fact, source;
    enum evidence evidence;
};

/*
 * A parameter, or with `derived` a value that follows from parameters and cannot be set.  Its
 * number in the profile is its slot in the templates (issuer/claims.h).
 */
struct profile_parameter {
    struct str name; /* snake_case; a NUL stands behind it */
    struct str about;
    json_t *value;      /* default: a template, borrowed from the profile's document */
    struct str pattern; /* POSIX extended regular expression for text values, or empty */
    unsigned types;     /* what it may be: CLAIMS_STRING, ... */
    bool derived;
    const struct claims_node *compiled;
    json_t *constant; /* the default where it depends on nothing, else NULL */
    const struct pattern *fits;
};

/* One thing the platform puts where the job finds it. */
enum delivery_kind {
    DELIVER_ENV,         /* environment variable name = the token */
    DELIVER_FILE,        /* file `path` holds the token */
    DELIVER_ENV_FILE,    /* environment variable name = path of a private file with the token */
    DELIVER_CREDENTIALS, /* the platform exchanges the token itself and gives credentials */
};

struct profile_delivery {
    enum delivery_kind kind;
    struct str name;    /* of the variable */
    struct str path;    /* of the file, as the platform has it: absolute */
    struct str variant; /* whose token; empty: the one that was asked for */
};

struct profile_deliveries {
    struct profile_delivery *all;
    size_t n;
};

struct profile {
    struct str name, title;
    const struct json_doc *doc;
    struct profile_parameter *parameters; /* those that can be set, then the derived ones */
    size_t n_parameters;                  /* that can be set */
    size_t n_slots;                       /* with the derived ones */
    struct profile_variant *variants;     /* the first is the default */
    size_t n_variants;
    struct profile_delivery *deliveries; /* the default variant's */
    size_t n_deliveries;
    struct str session_name;  /* the default variant's; may hold {parameters} */
    struct str role_variable; /* an environment variable that overrides the role, or empty */
    struct profile_fact *facts;
    size_t n_facts;
};

struct profile_variant {
    const struct profile *profile;
    struct str name, about;
    struct str issuer;    /* template, for people: the last case of a "$first" */
    struct str jwks_path; /* behind the issuer: "/.well-known/jwks-pub.json" */
    struct str keyring;   /* template */
    struct str kid_shape;
    const struct alg *alg;   /* the default one */
    json_t *header, *claims; /* templates */
    int64_t lifetime_s;
    struct profile_deliveries deliveries;
    struct str session_name; /* template */
    uint64_t uses;           /* the parameters that change its tokens, as bits */
    struct profile_compiled {
        const struct claims_node *issuer, *keyring, *alg, *header, *claims, *discovery,
            *session_name;
    } compiled;
};

struct profiles {
    struct profile *all;
    size_t n;
};

/*
 * The compiled-in profiles, then the given files' texts, which must live as long as the set.  Fails
 * with CONFIG_INVALID, JSON_INVALID or JSON_TOO_DEEP and the place in the profile.
 */
struct profile_file {
    struct str name, text;
};
OUTCOME profiles_load(struct arena *a, struct why *why, const struct profile_file *more,
                      size_t n_more, struct profiles **out);

/* The compiled-in profiles alone: read once, and shared by all who name no others. */
const struct profiles *profiles_builtin(void);

/* "circleci" or "circleci/v2".  PLATFORM_UNKNOWN, naming what there is and the nearest name. */
OUTCOME profiles_find(const struct profiles *p, struct why *why, struct str name,
                      const struct profile_variant **out);

/*
 * The variant whose issuer template fits the URL, or NULL; the longest fixed part wins, so that
 * https://api.pulumi.com/oidc/v2 is not taken for /oidc.  The generic profile never matches.
 */
const struct profile_variant *profiles_for_issuer(const struct profiles *p, struct str issuer);

/* The variant of the "generic" profile, which issues for any URL; NULL when there is none. */
const struct profile_variant *profiles_generic(const struct profiles *p);

/* Whether a parameter's value is of its type and fits its pattern. */
bool profile_accepts(const struct profile_parameter *p, const json_t *value);

/*
 * The values of a variant's parameters for one token: what `set` (an object, or NULL) says, else
 * the defaults; n_slots of them, in the arena.  Text is taken for any type and read as JSON where
 * the parameter is no text.  PLATFORM_PARAMETER names the parameter, the value and what was
 * expected. With `lenient`, parameters that this variant does not use are passed over: one job's
 * second token gets what was set for the first.
 */
OUTCOME profile_values(const struct profile_variant *v, struct arena *a, struct why *why,
                       const json_t *set, bool lenient, json_t ***out);

/* The keyring's name for an issuer that profiles_for_issuer found to be this variant's. */
struct str profile_keyring(const struct profile_variant *v, struct arena *a, struct str issuer);

/* "documented", "observed", "inferred". */
const char *evidence_name(enum evidence e);

#endif
