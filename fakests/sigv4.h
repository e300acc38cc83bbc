#ifndef FAKESTS_SIGV4_H
#define FAKESTS_SIGV4_H

#include "fakests/call.h"

/*
 * AWS Signature Version 4, header and query form, in stages whose texts are all kept: a refused
 * signature can then be explained line by line.
 */
struct sigv4 {
    /* read from the request */
    struct str access_key_id, date8, region, service, terminator, scope;
    struct str timestamp;      /* 20150830T123600Z */
    struct str signed_headers; /* host;x-amz-date: lower case, sorted, each once */
    struct str signature;
    struct str session_token; /* X-Amz-Security-Token, or empty */
    bool in_query;
    /* made from it */
    struct str canonical_request, string_to_sign, calculated;
};

struct sigv4_options {
    bool normalize_path; /* remove ".", ".." and doubled slashes: not for S3 */
    /* The session token was added to the query after signing: some services want that, STS does
     * not. */
    bool omit_session_token;
};

enum {
    SIGV4_VALID_S = 15 * 60, /* either side of the server's time */
    SIGV4_HEADERS_MAX = 256, /* names in SignedHeaders: no client sends a tenth of it */
};

/*
 * Stage 0: what the Authorization header or the query says.  Fails with AUTHENTICATION_MISSING,
 * AUTHORIZATION_INCOMPLETE (arg[0]: AWS's message) or, for a request signed in both places,
 * SIGNATURE_MISMATCH.
 */
OUTCOME sigv4_read(struct arena *a, struct why *why, const struct http_request *request,
                   struct sigv4 *out);
/* Stages 1 to 3. */
void sigv4_canonical_request(struct arena *a, const struct http_request *request,
                             const struct sigv4_options *options, struct sigv4 *s);
void sigv4_string_to_sign(struct arena *a, struct sigv4 *s);
void sigv4_signature(struct arena *a, struct str secret_access_key, struct sigv4 *s);

/* The names of a SignedHeaders list as the canonical request has them: lower case, sorted, each
 * once. */
struct str sigv4_signed_headers(struct arena *a, struct str list);
/* Whether a name is in such a list. */
bool sigv4_signs(const struct sigv4 *s, struct str header);

/*
 * The whole of it: finds the credentials (long-term ones in the world, sessions in their token),
 * checks scope, time and signature, in AWS's order, and fills c->caller.
 */
OUTCOME sigv4_authenticate(struct call *c);

/* For clients (assume --endpoint, replay): adds the headers that sign the request. */
struct sigv4_signing {
    struct str access_key_id, secret_access_key, session_token, region, service;
    int64_t now_s;
};
void sigv4_sign(struct arena *a, const struct sigv4_signing *with, struct http_request *request);

#endif
