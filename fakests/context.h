#ifndef FAKESTS_CONTEXT_H
#define FAKESTS_CONTEXT_H

#include "fakests/token_check.h"

/*
 * Identity + request → condition keys (aws.md sections 3.1 to 3.3, 4 and 5.3): exactly the keys AWS
 * fills at AssumeRoleWithWebIdentity.  A claim that is in none of those tables becomes no key.
 */
void context_build(struct call *c, const struct web_identity *who, const struct role *role,
                   struct str session_name, struct keys *out);

/* The claims that became no key and have no other meaning to AWS, in the arena. */
struct str *context_unmapped(struct call *c, const struct web_identity *who, size_t *n);

#endif
