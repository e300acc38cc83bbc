#ifndef FAKESTS_AWS_ERROR_H
#define FAKESTS_AWS_ERROR_H

#include "fakests/call.h"

/*
 * The only place with AWS's error codes, statuses and messages: one switch over every fault,
 * without a default, so that the compiler asks for each new one (aws.md sections 1.4 to 1.8 and 8).
 *
 * What whoever fails has to leave in why->arg for the message:
 *
 *   REQUEST_MALFORMED         [0] AWS's message; without it the reply has no Message
 *   ACTION_UNKNOWN            [0] the Action, [1] the Version
 *   PARAMETER_INVALID         [0] the whole "N validation error(s) detected: ..."
 *   CLAIM_MISSING             [0] the claim's name
 *   AUDIENCE_EMPTY            [0] the claim's name
 *   TOKEN_FROM_FUTURE         [0] iat as it is printed
 *   TOKEN_NOT_YET_VALID       [0] now + 300, [1] nbf
 *   TOKEN_EXPIRED             [0] now - 300, [1] exp
 *   ISSUER_UNREGISTERED       [0] iss, in full
 *   SESSION_POLICY_MALFORMED  [0] AWS's message about the document
 *   POLICY_MALFORMED          [0] the same
 *   POLICY_TOO_LARGE          [0] the same
 *   PACKED_POLICY_TOO_LARGE   [0] the percentage: "157"
 *   AUTHORIZATION_INCOMPLETE  [0] AWS's message
 *   CREDENTIAL_SCOPE_WRONG    [0] AWS's message
 *   SIGNATURE_EXPIRED         [0] when it was signed, [1] "BOUND (NOW - 15 min.)"
 *   SIGNATURE_NOT_YET_CURRENT [0] when it was signed, [1] "BOUND (NOW + 15 min.)"
 *   SIGNATURE_MISMATCH        [0] a message in place of the usual one, or empty
 *   ACCESS_DENIED, ENTITY_*, INPUT_INVALID, VALUE_INVALID, QUOTA_EXCEEDED, POLICY_UNATTACHABLE,
 *   FEATURE_*, POLICY_EVALUATION, AUTHORIZATION_MESSAGE_INVALID, OUTBOUND_FEDERATION_DISABLED,
 *   SESSION_ESCALATION, JWT_PAYLOAD_TOO_LARGE, SESSION_TAG_REFUSED     [0] AWS's message
 *   INJECTED                  [0] the code, [1] the message; the status is 400 unless the caller
 *                             changes it
 */
struct aws_error {
    int status;
    const char *code;
    struct str message; /* empty: the reply has no Message */
    bool receiver;      /* <Type>Receiver</Type>: the 5xx */
    const char *xmlns;  /* NULL: the service's own namespace */
};

/* The answer to a refusal; the message is made in the arena from why's args, in the world's
 * dialect. */
struct aws_error aws_error_of(struct arena *a, const struct why *why, enum dialect dialect,
                              enum service service);

/*
 * What AWS says with that code, asked for that action (or "*"), when it is injected without more:
 * status and message, which are constants.  A code without a row here has 400 and no message.
 */
struct aws_error aws_error_usual(const char *code, struct str action);
/* The code that a status alone stands for; empty when there is none. */
struct str aws_error_code_of_status(int status);

#endif
