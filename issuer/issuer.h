#ifndef ISSUER_ISSUER_H
#define ISSUER_ISSUER_H

#include "http/message.h"
#include "issuer/keystore.h"
#include "issuer/profile.h"

/*
 * The documents an issuer serves: discovery (OpenID Connect Discovery 1.0 section 4) and JWKS.
 *
 * They are found by path, GET /issuers/<issuer without https://>/.well-known/openid-configuration,
 * and by Host header.  `issuer` in the document stays the real URL; `jwks_uri` points where it was
 * fetched.
 */
struct issuer_documents {
    const struct profiles *profiles;
    /* The view to publish from, with the keyring of that spec in it if it can be had; to be
     * dropped. */
    struct keystore_view *(*view_for)(void *context, const struct keyring_spec *spec);
    /* The alg a config gave this issuer, or NULL; may itself be NULL. */
    const struct alg *(*alg_for)(void *context, struct str issuer);
    /* Where an issuer with "local": true is served: its `issuer`; empty for others; may be NULL. */
    struct str (*iss_for)(void *context, struct arena *a, struct str issuer);
    /* Whether this process stands in for that issuer (a local provider, a declared issuer, a
     * profile). */
    bool (*is_ours)(void *context, struct str issuer);
    /* Answers in the place of an issuer that is down, else false; may be NULL. */
    bool (*answer_outage)(void *context, struct str issuer, const struct http_request *request,
                          struct http_response *response);
    void *context;
    struct str base_url; /* "http://127.0.0.1:4580" */
};

/*
 * Answers a GET whose path, behind /issuers/ or on a foreign Host, is a discovery or JWKS document.
 * `authority_and_path` is the issuer without scheme followed by the document's path, decoded.
 * False when there is no such document.
 */
bool issuer_answer(const struct issuer_documents *d, struct str authority_and_path, bool by_host,
                   const struct http_request *request, struct http_response *response);

/* The JWKS of one issuer as published in that view, in the arena: for the STS side, and for tests.
 */
json_t *issuer_jwks(struct arena *a, const struct keystore_view *view,
                    const struct keyring_spec *spec);

#endif
