#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>

/*
 * Every way of saying no, in plain words.  The second column is the public name: it is printed in
 * x-understudy-reason, in explanations and on stderr, documented in docs/reasons.md, and never
 * renamed.  The third says what kind of no it is (and so which exit code the command ends with):
 *   DENIED  the answer is no (1)     INPUT  what was given is not valid (2)
 *   COULD_NOT  it could not be done: port taken, file unwritable, peer unreachable (3)
 * The fourth is the sentence for people.  AWS's own names for these live in fakests/aws_error.c.
 */
#define FAULTS(X)                                                                                 \
    /* the request as such */                                                                     \
    X(REQUEST_MALFORMED, "request-malformed", INPUT, "the request cannot be decoded")             \
    X(ACTION_MISSING, "action-missing", INPUT, "the request names no Action")                     \
    X(ACTION_UNKNOWN, "action-unknown", INPUT, "no such Action in this Version")                  \
    X(PARAMETER_INVALID, "parameter-invalid", INPUT, "a parameter breaks AWS's limits")           \
    X(ROLE_ARN_INVALID, "role-arn-invalid", INPUT, "RoleArn is not the ARN of a role")            \
    X(BODY_TOO_LARGE, "body-too-large", INPUT, "the body is over the bound")                      \
    X(PATH_UNKNOWN, "path-unknown", INPUT, "nothing is served at this path")                      \
    X(METHOD_NOT_ALLOWED, "method-not-allowed", INPUT, "the path does not answer this method")    \
    X(ORIGIN_FOREIGN, "origin-foreign", DENIED, "a web page may not use the control side")        \
    X(HOST_FOREIGN, "host-foreign", DENIED, "the Host is not this listener's")                    \
    X(INTERNAL, "internal", COULD_NOT, "something that cannot happen did")                        \
    /* the provider a caller names */                                                             \
    X(PROVIDER_ID_UNKNOWN, "provider-id-unknown", DENIED, "ProviderId is for OAuth 2.0 tokens")   \
    X(PROVIDER_ID_AMAZON, "provider-id-amazon", DENIED, "not a Login with Amazon token")          \
    X(PROVIDER_ID_FACEBOOK, "provider-id-facebook", DENIED, "not a Facebook token")               \
    /* the web identity token */                                                                  \
    X(TOKEN_MALFORMED, "token-malformed", DENIED, "the token is not a JWT")                       \
    X(TOKEN_CRITICAL_HEADER, "token-critical-header", DENIED, "the JWT header holds crit")        \
    X(CLAIM_MISSING, "claim-missing", DENIED, "a required claim is absent")                       \
    X(CLAIM_MALFORMED, "claim-malformed", DENIED, "a required claim has the wrong JSON type")     \
    X(SUBJECT_NULL, "subject-null", DENIED, "sub is null")                                        \
    X(AUDIENCE_EMPTY, "audience-empty", DENIED, "aud is an empty list")                           \
    X(AUDIENCE_AMBIGUOUS, "audience-ambiguous", DENIED, "several audiences and no azp")           \
    X(TIMESTAMP_INVALID, "timestamp-invalid", DENIED, "iat, exp or nbf is not an integer")        \
    X(TOKEN_FROM_FUTURE, "token-from-future", DENIED, "iat is more than 300 s ahead")             \
    X(TOKEN_NOT_YET_VALID, "token-not-yet-valid", DENIED, "nbf is more than 300 s ahead")         \
    X(TOKEN_EXPIRED, "token-expired", DENIED, "exp passed more than 300 s ago")                   \
    X(ISSUER_UNREGISTERED, "issuer-unregistered", DENIED, "no OIDC provider for this issuer")     \
    X(AUDIENCE_UNREGISTERED, "audience-unregistered", DENIED, "not among the client ids")         \
    X(KEYS_UNAVAILABLE, "keys-unavailable", DENIED, "the issuer's key set cannot be used")        \
    X(KEY_UNKNOWN, "key-unknown", DENIED, "no usable key for the token's kid")                    \
    X(KEY_UNUSABLE, "key-unusable", DENIED, "the key may not verify this token")                  \
    X(ALGORITHM_UNSUPPORTED, "algorithm-unsupported", DENIED, "alg is not one AWS accepts")       \
    X(SIGNATURE_INVALID, "signature-invalid", DENIED, "the signature does not verify")            \
    X(IDP_UNREACHABLE, "idp-unreachable", COULD_NOT, "the identity provider did not answer")      \
    X(SESSION_TAGS_MALFORMED, "session-tags-malformed", DENIED, "the tags claim is malformed")    \
    X(SESSION_TAGS_INVALID, "session-tags-invalid", DENIED, "a session tag breaks AWS's limits")  \
    X(SOURCE_IDENTITY_INVALID, "source-identity-invalid", DENIED, "source_identity is not valid") \
    X(ROLES_CLAIM_MALFORMED, "roles-claim-malformed", DENIED, "the roles claim is malformed")     \
    X(ROLES_CLAIM_EMPTY, "roles-claim-empty", DENIED, "the roles claim holds no role ARN")        \
    X(ROLES_CLAIM_OTHER_ROLE, "roles-claim-other-role", DENIED, "the roles claim lists others")   \
    /* the role and its trust policy */                                                           \
    X(ROLE_UNKNOWN, "role-unknown", DENIED, "no such role in that account")                       \
    X(TRUST_DENIED, "trust-denied", DENIED, "the trust policy does not allow it")                 \
    X(TAG_SESSION_DENIED, "tag-session-denied", DENIED, "sts:TagSession is not allowed")          \
    X(SOURCE_IDENTITY_DENIED, "source-identity-denied", DENIED,                                   \
      "sts:SetSourceIdentity is not allowed")                                                     \
    X(DURATION_OVER_MAXIMUM, "duration-over-maximum", DENIED, "longer than the role's maximum")   \
    X(SESSION_POLICY_MALFORMED, "session-policy-malformed", DENIED, "the session policy is bad")  \
    X(PACKED_POLICY_TOO_LARGE, "packed-policy-too-large", DENIED, "policies and tags too large")  \
    /* signed requests */                                                                         \
    X(AUTHENTICATION_MISSING, "authentication-missing", DENIED, "the request is not signed")      \
    X(AUTHORIZATION_INCOMPLETE, "authorization-incomplete", DENIED, "the signing is incomplete")  \
    X(ACCESS_KEY_UNKNOWN, "access-key-unknown", DENIED, "no such access key")                     \
    X(SESSION_TOKEN_INVALID, "session-token-invalid", DENIED, "the session token is not ours")    \
    X(SESSION_EXPIRED, "session-expired", DENIED, "the temporary credentials have expired")       \
    X(SIGNATURE_MISMATCH, "signature-mismatch", DENIED, "the request signature differs")          \
    X(SIGNATURE_EXPIRED, "signature-expired", DENIED, "signed more than 15 minutes ago")          \
    X(SIGNATURE_NOT_YET_CURRENT, "signature-not-yet-current", DENIED, "signed in the future")     \
    X(CREDENTIAL_SCOPE_WRONG, "credential-scope-wrong", DENIED, "the credential scope is wrong")  \
    /* IAM: arg[0] of each is AWS's message */                                                    \
    X(ACCESS_DENIED, "access-denied", DENIED, "the caller's policies do not allow the action")    \
    X(ENTITY_UNKNOWN, "entity-unknown", DENIED, "IAM has no such entity")                         \
    X(ENTITY_EXISTS, "entity-exists", DENIED, "IAM has an entity of that name already")           \
    X(ENTITY_IN_USE, "entity-in-use", DENIED, "what hangs on the entity must go first")           \
    X(ENTITY_UNMODIFIABLE, "entity-unmodifiable", DENIED, "the entity cannot be changed")         \
    X(INPUT_INVALID, "input-invalid", DENIED, "IAM does not take the value")                      \
    X(VALUE_INVALID, "value-invalid", DENIED, "the service does not take the value")              \
    X(QUOTA_EXCEEDED, "quota-exceeded", DENIED, "over one of IAM's quotas")                       \
    X(POLICY_UNATTACHABLE, "policy-unattachable", DENIED, "the policy cannot be attached")        \
    X(FEATURE_ENABLED, "feature-enabled", DENIED, "the feature is enabled already")               \
    X(FEATURE_DISABLED, "feature-disabled", DENIED, "the feature is not enabled")                 \
    X(POLICY_EVALUATION, "policy-evaluation", DENIED, "the simulation cannot be evaluated")       \
    X(NOT_KEPT, "not-kept", COULD_NOT, "the change could not be written to the state file")       \
    /* the other actions of STS */                                                                \
    X(AUTHORIZATION_MESSAGE_INVALID, "authorization-message-invalid", DENIED,                     \
      "not an encoded message of this server")                                                    \
    X(OUTBOUND_FEDERATION_DISABLED, "outbound-federation-disabled", DENIED,                       \
      "outbound web identity federation is not enabled")                                          \
    X(SESSION_ESCALATION, "session-escalation", DENIED, "the token would outlive its session")    \
    X(JWT_PAYLOAD_TOO_LARGE, "jwt-payload-too-large", DENIED, "the token's claims are too large") \
    X(SESSION_TAG_REFUSED, "session-tag-refused", DENIED, "STS does not take a session tag")      \
    X(SESSION_LIMITED, "session-limited", DENIED, "these credentials may not call IAM")           \
    X(INJECTED, "injected", DENIED, "a fault was injected for this call")                         \
    /* what the user gives us */                                                                  \
    X(USAGE, "usage", INPUT, "the command line cannot be understood")                             \
    X(JSON_INVALID, "json-invalid", INPUT, "not valid JSON")                                      \
    X(JSON_TOO_DEEP, "json-too-deep", INPUT, "JSON nested deeper than 64")                        \
    X(CONFIG_INVALID, "config-invalid", INPUT, "the configuration is not valid")                  \
    X(POLICY_MALFORMED, "policy-malformed", INPUT, "the policy document is not valid")            \
    X(POLICY_TOO_LARGE, "policy-too-large", INPUT, "the policy is over its size quota")           \
    X(PLATFORM_UNKNOWN, "platform-unknown", INPUT, "no such platform or variant")                 \
    X(PLATFORM_PARAMETER, "platform-parameter", INPUT, "a platform parameter is not valid")       \
    X(FLAW_UNKNOWN, "flaw-unknown", INPUT, "no such flaw")                                        \
    X(KEY_MALFORMED, "key-malformed", INPUT, "not a usable key")                                  \
    X(FILE_UNREADABLE, "file-unreadable", INPUT, "the file cannot be read")                       \
    X(FILE_UNWRITABLE, "file-unwritable", COULD_NOT, "the file cannot be written")                \
    X(STATE_INVALID, "state-invalid", INPUT, "the state file cannot be used")                     \
    X(STATE_IN_USE, "state-in-use", COULD_NOT, "another server uses the state file")              \
    X(CAPTURE_IMPOSSIBLE, "capture-impossible", COULD_NOT, "no scenario can tell this exchange")  \
    X(ADDRESS_IN_USE, "address-in-use", COULD_NOT, "the address is taken")                        \
    X(ADDRESS_INVALID, "address-invalid", INPUT, "the address is not ADDR:PORT")                  \
    X(PEER_UNREACHABLE, "peer-unreachable", COULD_NOT, "the endpoint did not answer")             \
    X(PEER_UNINTELLIGIBLE, "peer-unintelligible", COULD_NOT, "the endpoint's answer is not STS")  \
    X(PEER_REFUSED, "peer-refused", DENIED, "the endpoint refused")

enum fault {
    FAULT_NONE,
#define FAULT_ID(id, reason, kind, sentence) FAULT_##id,
    FAULTS(FAULT_ID)
#undef FAULT_ID
};

enum fault_kind { FAULT_KIND_DENIED = 1, FAULT_KIND_INPUT = 2, FAULT_KIND_COULD_NOT = 3 };

/* How many faults there are, FAULT_NONE not counted; outside the enum so that switches stay full.
 */
size_t fault_count(void);
/* The kebab-case name; "none" for FAULT_NONE.  A constant. */
const char *fault_reason(enum fault f);
const char *fault_sentence(enum fault f);
enum fault_kind fault_kind(enum fault f);

/*
 * What a function that can fail returns.  One member and a struct, so that no int passes for it;
 * the attribute makes the compiler refuse a call whose outcome is dropped.
 */
struct outcome {
    enum fault fault;
};
#define OUTCOME __attribute__((warn_unused_result)) struct outcome
#define OK      ((struct outcome){ FAULT_NONE })

static inline bool failed(struct outcome o)
{
    return o.fault != FAULT_NONE;
}

/*
 * Why something was refused: set once, where the reason is known, by FAIL; everything above passes
 * it on with TRY.  `detail` is one sentence for people: it may quote input, but no secret and no
 * token.  `arg` are the values AWS's own message needs (a claim's name, a time, a whole text), in
 * the order fakests/aws_error.c documents.  `place` says where in the input: "file:12:5:
 * $.roles[0]".
 */
struct why {
    struct arena *arena; /* borrowed; detail, arg and place live in it */
    enum fault fault;
    struct str detail;
    struct str place;
    struct str arg[2];
};

struct why why_new(struct arena *a);
/* Keeps the first reason: a second failure on the way out does not hide the cause. */
struct outcome why_set(struct why *why, enum fault fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct outcome why_vset(struct why *why, enum fault fault, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
/* "place: detail" or "detail", for people. */
struct str why_text(const struct why *why);

#define FAIL(why, name, ...) return why_set((why), FAULT_##name, __VA_ARGS__)
#define TRY(expression)                            \
    do {                                           \
        struct outcome try_outcome = (expression); \
        if (failed(try_outcome))                   \
            return try_outcome;                    \
    } while (0)

#endif
