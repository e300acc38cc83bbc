#ifndef ISSUER_FLAW_H
#define ISSUER_FLAW_H

#include "base/entropy.h"
#include "base/json.h"
#include "issuer/keystore.h"

/*
 * Deliberate defects: each is one row that changes the header and claims before signing, the text
 * of the claims, or the token after it.  docs/flaws.md lists them; `understudy token --help` prints
 * the names.
 */
struct flaw_work {
    struct arena *arena;
    struct entropy *entropy;
    int64_t now_s;
    json_t *header, *claims; /* to be changed in place */
    const struct keyring_key *signer;
    struct str payload; /* the claims as text, for rows that JSON values cannot say */
    struct str text;    /* the signed token, for rows that act afterwards */
    struct str claim;   /* of missing-<claim> */
    json_t *kept;       /* what `before` leaves for `payload`; in the arena */
};

struct flaw {
    const char *name, *about;
    const char
        *reason; /* the refusal it is meant to meet: a name of docs/reasons.md; "none": none */
    /* Any may be NULL; false when the token has nothing of the kind to spoil. */
    bool (*before)(struct flaw_work *w);
    bool (*payload)(struct flaw_work *w);
    bool (*after)(struct flaw_work *w);
};

/* The rows, ended by name == NULL. */
extern const struct flaw flaws[];
/* NULL when there is none; "missing-sub" sets *claim to "sub". */
const struct flaw *flaw_find(struct str name, struct str *claim);

#endif
