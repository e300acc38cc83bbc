#ifndef ISSUER_TOKEN_H
#define ISSUER_TOKEN_H

#include "base/clock.h"
#include "issuer/keystore.h"
#include "issuer/profile.h"

/*
 * Profile + parameters + overrides + clock → claims → (flaw) → signed token.
 */

struct token_ask {
    struct str platform; /* "circleci", "circleci/v2" */
    json_t *set;    /* object: parameter → value; NULL: none.  Text is accepted for any type */
    json_t *claims; /* object: added or replacing, after the template; NULL: none */
    struct str *remove; /* claims to leave out */
    size_t n_remove;
    json_t *header;     /* object: header members added or replacing; NULL: none */
    json_t *audience;   /* replaces aud, string or array; NULL: the profile's */
    struct str flaw;    /* a name of flaw.h, or empty */
    int64_t lifetime_s; /* 0: the profile's */
    bool only;          /* nothing of the platform's templates but alg and kid: a captured token */
    bool lenient;       /* pass over parameters the variant does not use: a job's second token */
};

struct token {
    struct str text;         /* compact serialisation */
    struct str issuer;       /* the profile's, whatever the flaw or an override made of iss */
    json_t *header, *claims; /* as they stand in the token; live in the arena */
    struct str session_name; /* the profile's, expanded and cut to what RoleSessionName may be */
    const struct profile_variant *variant;
};

/* The signing of an issuer: which keyring, which alg.  The world answers; see issuer_signing. */
struct token_signer {
    OUTCOME(*find)
    (void *context, struct why *why, const struct keyring_spec *spec,
     struct keystore_view **view); /* a view in which the spec has a signer; dropped here */
    void *context;
    /* The alg a config gave this issuer, or NULL; may itself be NULL. */
    const struct alg *(*alg_for)(void *context, struct str issuer);
    /* Where an issuer with "local": true is served, or an empty str; may itself be NULL. */
    struct str (*iss_for)(void *context, struct arena *a, struct str issuer);
};

/* Everything lives in the arena.  Fails with PLATFORM_*, FLAW_UNKNOWN, CONFIG_INVALID for odd
 * types. */
OUTCOME token_mint(struct arena *a, struct why *why, const struct profiles *profiles,
                   const struct token_signer *signer, const struct clock *clock,
                   struct entropy *entropy, const struct token_ask *ask, struct token *out);

/*
 * The keyring of an issuer URL: its profile's, or its own when no profile fits.  With alg == NULL
 * the profile's alg.  token_mint signs with this one too, whatever platform was asked for.
 */
struct keyring_spec token_keyring(struct arena *a, const struct profiles *profiles,
                                  struct str issuer, const struct alg *alg);

#endif
