#ifndef FAKESTS_AUTHORIZATION_MESSAGE_H
#define FAKESTS_AUTHORIZATION_MESSAGE_H

#include "fakests/call.h"
#include "fakests/policy/permission.h"

/*
 * The encoded authorization message that some services of AWS give with a refusal, and that
 * DecodeAuthorizationMessage makes readable: why it was refused, as JSON, sealed with the server's
 * key.  IAM and STS tell the reason in their message and give no such thing; here every refusal by
 * policies carries one in the header x-understudy-authorization-message.
 */
enum {
    AUTHORIZATION_MESSAGE_MAX = 10240,           /* EncodedMessage of the service model */
    AUTHORIZATION_MESSAGE_HEADER_MAX = 7 * 1024, /* what a reply's head has room for */
};

/* Of a refusal, as authorize_decide told it; empty when a header has no room for it. */
struct str authorization_message_write(struct call *c, const struct permission_ask *asked,
                                       const struct permission *seen);
/* The JSON in it; false when this server's key did not seal it. */
bool authorization_message_read(struct arena *a, const struct seal_key *key, struct str encoded,
                                struct str *json);

#endif
