#ifndef FAKESTS_CONTEXT_H
#define FAKESTS_CONTEXT_H

#include "fakests/token_check.h"

/*
 * Identity + request → condition keys (aws.md sections 3.1 to 3.3, 4 and 5.3): exactly the keys AWS
 * fills at AssumeRoleWithWebIdentity.  A claim that is in none of those tables becomes no key.
 */
void context_build(struct call *c, const struct web_identity *who, const struct role *role,
                   struct str session_name, struct keys *out);

/* The part that every request has, signed or not: when, whence and how it came. */
void context_put_request(struct call *c, struct keys *k);
/* The amr claim as the list it is whatever the token holds (aws.md section 3.1: "multivalued");
 * false when the token has none. */
bool context_amr(struct arena *a, const json_t *claims, struct str **items, size_t *n);

/* The claims that became no key and have no other meaning to AWS, in the arena. */
struct str *context_unmapped(struct call *c, const struct web_identity *who, size_t *n);

/*
 * Whether AWS can fill the condition key ISSUER:name from a token of that issuer, a URL without
 * https://.  Key names are compared without regard to case.
 */
bool context_fills(struct str issuer, struct str name);
/* All such names, in the arena. */
struct str *context_key_names(struct arena *a, struct str issuer, size_t *n);

#endif
