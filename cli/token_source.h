#ifndef CLI_TOKEN_SOURCE_H
#define CLI_TOKEN_SOURCE_H

#include "cli/options.h"
#include "scenarios/world.h"

/*
 * The token a command works with: made as --platform says, or the one that --token names, or
 * (explain only) the claims that --claims names, without a signature.
 */
struct token_source {
    struct str text;                       /* compact serialisation; p == NULL with --claims */
    struct str issuer;                     /* its iss; empty when the text is no JWT */
    struct str session_name;               /* what the platform would call the session */
    const struct profile_variant *variant; /* of a minted token; else NULL */
    const struct json_doc *claims;         /* of what was given and could be read; else NULL */
};

/* USAGE unless exactly one of them is given, and --set only with --platform. */
OUTCOME token_source_check(const struct options *o, struct why *why, const char *expected);

/* What to mint: platform, parameters.  Lives in the arena. */
OUTCOME token_source_ask(struct arena *a, struct why *why, const struct options *o,
                         struct token_ask *out);

/* Mints or reads the token.  PLATFORM_*, FILE_UNREADABLE, JSON_INVALID. */
OUTCOME token_source_take(struct arena *a, struct why *why, struct world *world,
                          const struct options *o, struct token_source *out);

#endif
