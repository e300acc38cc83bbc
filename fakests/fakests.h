#ifndef FAKESTS_FAKESTS_H
#define FAKESTS_FAKESTS_H

#include "fakests/action.h"
#include "fakests/aws_error.h"

/*
 * The AWS side of the house: one HTTP request of the Query protocol in, one XML document out.
 */

/* What one exchange was about, for whoever keeps records; borrowed from the request's arena. */
struct fakests_exchange {
    struct str request_id, action;
    int64_t time_s;
    struct why why;       /* fault FAULT_NONE: allowed */
    struct aws_error aws; /* of a refusal */
    const struct web_identity_params
        *web_identity;           /* NULL unless it was that action, and well-formed */
    const struct form *form;     /* NULL where the request could not be decoded */
    const struct caller *caller; /* NULL unless it was signed, and well */
    struct str caller_arn;       /* its ARN, or empty */
    struct str user_agent, peer;
};

/* Whether a request is for the AWS side: "/", "/sts" or "/iam" (with or without slash). */
bool fakests_is_for(const struct http_request *request);

void fakests_handle(const struct fakests *service, const struct fakests_world *world,
                    const struct http_request *request, struct http_response *response,
                    struct fakests_exchange *exchange);

/* The same over parameters that are decoded already; `request` gives headers and peer. */
void fakests_call(const struct fakests *service, const struct fakests_world *world,
                  const struct http_request *request, const struct form *form,
                  struct http_response *response, struct fakests_exchange *exchange);

#endif
