#ifndef FAKESTS_TOKEN_CHECK_H
#define FAKESTS_TOKEN_CHECK_H

#include "fakests/call.h"
#include "fakests/explain.h"
#include "fakests/session_tags.h"
#include "jose/jws.h"

/*
 * What a web identity token has to satisfy: rows, in AWS's order (aws.md sections 2 and 3).  The
 * first row that fails is the answer the client sees, so the table *is* the order.
 */

struct token_input {
    struct str token; /* compact serialisation; or, with token.p == NULL: */
    const struct json_doc *header, *claims;
    enum explain_signature signature;
    struct why recorded; /* of EXPLAIN_AS_RECORDED */
    struct str role_arn; /* the provider is looked up in its account */
    struct str role_account;
};

/* Who the token says is calling; everything lives in the call's arena or in the token's. */
struct web_identity {
    const json_t *header, *claims;
    struct str issuer; /* with https:// */
    struct str subject;
    struct str audience;   /* azp when present, else aud */
    struct str *audiences; /* aud, as the token has it */
    size_t n_audiences;
    const struct provider *provider;
    struct session_tags tags;
    bool roles_claim; /* the roles claim is there and names the role */
    enum trace_signature signature;
};

/*
 * Checks everything and fills *out as far as it came: on failure the members read so far are set,
 * for the explanation.  The fault says which check failed.
 */
OUTCOME token_check(struct call *c, const struct token_input *in, struct web_identity *out);

#endif
