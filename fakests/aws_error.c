#include "fakests/aws_error.h"

/* Unknown operations are answered before a service is reached (aws.md section 8). */
static const char fault_xmlns[] = "http://webservices.amazon.com/AWSFault/2005-15-09";

/* Since about June 2026 one text stands for many refusals of a token (aws.md 1.5). */
#define NOT_VALIDATED                                                                            \
    "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity " \
    "documentation for requirements."
/* Two blanks after the comma, as AWS has it. */
#define NO_KEY                                                                           \
    "Couldn't retrieve verification key from your identity provider,  please reference " \
    "AssumeRoleWithWebIdentity documentation for requirements"
#define NOT_A_JWT                                                                              \
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access " \
    "Token)"
#define SIGNATURE_DIFFERS                                                                        \
    "The request signature we calculated does not match the signature you provided. Check your " \
    "AWS "                                                                                       \
    "Secret Access Key and signing method. Consult the service documentation for details."

#define WEB_IDENTITY_DENIED "Not authorized to perform sts:AssumeRoleWithWebIdentity"
#define IDP_UNREACHABLE                                                                         \
    "The request could not be fulfilled because the identity provider (IDP) that was asked to " \
    "verify the incoming identity token could not be reached."
#define INTERNAL_FAILURE \
    "The request processing has failed because of an unknown error, exception or failure."

static struct aws_error says(int status, const char *code, struct str message)
{
    return (struct aws_error){
        .status = status, .code = code, .message = message, .receiver = status >= 500
    };
}

static struct aws_error bad_token(struct str message)
{
    return says(400, "InvalidIdentityToken", message);
}

static struct aws_error denied(struct str message)
{
    return says(403, "AccessDenied", message);
}

static struct aws_error not_matching(struct str message)
{
    return says(403, "SignatureDoesNotMatch", message);
}

static struct aws_error internal(void)
{
    return says(500, "InternalFailure", STR(INTERNAL_FAILURE));
}

/* Both dialects, by decision: Render's guide has the old text for an unregistered issuer. */
static struct str no_provider(struct arena *a, const struct why *why)
{
    return arena_printf(a, "No OpenIDConnect provider found in your account for %.*s",
                        STR_ARG(why->arg[0]));
}

static struct str token_expired(struct arena *a, const struct why *why)
{
    return arena_printf(
        a, "Token expired: current date/time %.*s must be before the expiration date/time %.*s",
        STR_ARG(why->arg[0]), STR_ARG(why->arg[1]));
}

static struct str token_early(struct arena *a, const struct why *why)
{
    return arena_printf(a,
                        "Token not yet valid: current date/time %.*s must be after or equal to the "
                        "not-before date/time %.*s",
                        STR_ARG(why->arg[0]), STR_ARG(why->arg[1]));
}

static struct aws_error unknown_action(struct arena *a, const struct why *why)
{
    struct aws_error e = says(400, "InvalidAction",
                              arena_printf(a, "Could not find operation %.*s for version %.*s",
                                           STR_ARG(why->arg[0]), STR_ARG(why->arg[1])));
    e.xmlns = fault_xmlns;
    return e;
}

struct aws_error aws_error_of(struct arena *a, const struct why *why, enum dialect dialect,
                              enum service service)
{
    (void)service; /* no fault of today answers differently in IAM */
    switch (why->fault) {
    case FAULT_REQUEST_MALFORMED:
        return says(400, "MalformedInput", why->arg[0]);
    case FAULT_ACTION_MISSING: /* Common Errors of the API reference; its text is inferred */
        return says(400, "MissingAction", STR("The request must contain the parameter Action."));
    case FAULT_ACTION_UNKNOWN:
        return unknown_action(a, why);
    case FAULT_PARAMETER_INVALID:
        return says(400, "ValidationError", why->arg[0]);
    case FAULT_ROLE_ARN_INVALID:
        return says(400, "ValidationError", STR("Request ARN is invalid"));
    case FAULT_BODY_TOO_LARGE: /* inferred */
        return says(413, "RequestEntityTooLarge", STR("The request body is too large."));
    case FAULT_METHOD_NOT_ALLOWED: /* inferred */
        return says(405, "MethodNotAllowed", STR("The request method must be GET or POST."));

    case FAULT_PROVIDER_ID_UNKNOWN:
        return denied(STR("Unrecognized OAuth provider. Do not include a provider parameter when "
                          "submitting OpenIDConnect ID tokens"));
    case FAULT_PROVIDER_ID_AMAZON:
        return bad_token(STR("Provided Token is not a Login With Amazon token"));
    case FAULT_PROVIDER_ID_FACEBOOK:
        return says(
            403, "IDPRejectedClaim",
            STR("graph.facebook.com rejected OAuth token with response \"Bad signature\" and "
                "code 190"));

    case FAULT_TOKEN_MALFORMED:
    case FAULT_TOKEN_CRITICAL_HEADER:
        return bad_token(STR(NOT_A_JWT));
    case FAULT_CLAIM_MISSING:
        return bad_token(arena_printf(a, "Missing a required claim: %.*s", STR_ARG(why->arg[0])));
    case FAULT_SUBJECT_NULL:
        return says(500, "InternalFailure", STR("Unknown error validating third-party token"));
    case FAULT_AUDIENCE_EMPTY:
        return bad_token(
            arena_printf(a, "Claim is not allowed to be empty: %.*s", STR_ARG(why->arg[0])));
    case FAULT_AUDIENCE_AMBIGUOUS:
        return bad_token(
            STR("Token audience contains more than one audience while authorized party "
                "is not present"));
    case FAULT_TIMESTAMP_INVALID:
        return bad_token(STR("Invalid timestamp in token claims."));
    case FAULT_TOKEN_FROM_FUTURE:
        return bad_token(arena_printf(a, "Token issued in the future: %.*s", STR_ARG(why->arg[0])));
    case FAULT_TOKEN_NOT_YET_VALID:
        return bad_token(token_early(a, why));
    case FAULT_TOKEN_EXPIRED:
        return says(400, "ExpiredTokenException", token_expired(a, why));
    case FAULT_ISSUER_UNREGISTERED:
        return bad_token(no_provider(a, why));
    case FAULT_AUDIENCE_UNREGISTERED:
        return bad_token(dialect == DIALECT_CLASSIC ? STR("Incorrect token audience")
                                                    : STR(NOT_VALIDATED));
    case FAULT_KEYS_UNAVAILABLE:
    case FAULT_KEY_UNKNOWN:
        return bad_token(STR(NO_KEY));
    /* aws.md 1.6 has no older text for these; 10: none at all for an algorithm or a wrong type. */
    case FAULT_CLAIM_MALFORMED:
    case FAULT_KEY_UNUSABLE:
    case FAULT_ALGORITHM_UNSUPPORTED:
    case FAULT_SIGNATURE_INVALID:
    case FAULT_SOURCE_IDENTITY_INVALID:
        return bad_token(STR(NOT_VALIDATED));
    case FAULT_IDP_UNREACHABLE: /* aws.md 10: text not captured; this is the service model's */
        return says(400, "IDPCommunicationError", STR(IDP_UNREACHABLE));
    case FAULT_SESSION_TAGS_MALFORMED:
    case FAULT_SESSION_TAGS_INVALID: /* inferred: that a tag over its limits is told so too */
        return bad_token(STR("principal_tags passed in claim is not in correct format."));
    case FAULT_ROLES_CLAIM_MALFORMED:
        return bad_token(STR("The roles claim is not in a supported format"));
    case FAULT_ROLES_CLAIM_EMPTY:
        return bad_token(STR("The roles claim contains no valid role ARNs"));
    case FAULT_ROLES_CLAIM_OTHER_ROLE:
        return bad_token(
            STR("The target role ARN is not present in the roles claim of the identity token"));

    case FAULT_ROLE_UNKNOWN:
    case FAULT_TRUST_DENIED:
        return denied(STR(WEB_IDENTITY_DENIED));
    case FAULT_TAG_SESSION_DENIED: /* aws.md 1.8: not captured; what emulators answer */
        return denied(STR("Not authorized to perform sts:TagSession"));
    case FAULT_SOURCE_IDENTITY_DENIED:
        return denied(STR("Not authorized to perform sts:SetSourceIdentity"));
    case FAULT_DURATION_OVER_MAXIMUM:
        return says(400, "ValidationError",
                    STR("The requested DurationSeconds exceeds the MaxSessionDuration set for this "
                        "role."));
    case FAULT_SESSION_POLICY_MALFORMED:
    case FAULT_POLICY_MALFORMED:
        return says(400, "MalformedPolicyDocument", why->arg[0]);
    case FAULT_POLICY_TOO_LARGE:
        return says(409, "LimitExceeded", why->arg[0]);
    case FAULT_PACKED_POLICY_TOO_LARGE:
        return says(
            400, "PackedPolicyTooLarge",
            arena_printf(a,
                         "Packed policy consumes %.*s%% of allotted space, please use smaller "
                         "policy.",
                         STR_ARG(why->arg[0])));

    case FAULT_AUTHENTICATION_MISSING:
        return says(403, "MissingAuthenticationToken",
                    STR("Request is missing Authentication Token"));
    case FAULT_AUTHORIZATION_INCOMPLETE:
        return says(400, "IncompleteSignature", why->arg[0]);
    case FAULT_ACCESS_KEY_UNKNOWN:
    case FAULT_SESSION_TOKEN_INVALID:
    case FAULT_SESSION_LIMITED:
        return says(403, "InvalidClientTokenId",
                    STR("The security token included in the request is invalid."));
    case FAULT_SESSION_EXPIRED: /* no full stop, unlike its neighbour */
        return says(403, "ExpiredToken",
                    STR("The security token included in the request is expired"));
    case FAULT_SIGNATURE_MISMATCH:
        return not_matching(why->arg[0].n ? why->arg[0] : STR(SIGNATURE_DIFFERS));
    case FAULT_SIGNATURE_EXPIRED:
        return not_matching(arena_printf(a, "Signature expired: %.*s is now earlier than %.*s",
                                         STR_ARG(why->arg[0]), STR_ARG(why->arg[1])));
    case FAULT_SIGNATURE_NOT_YET_CURRENT:
        return not_matching(arena_printf(a,
                                         "Signature not yet current: %.*s is still later than %.*s",
                                         STR_ARG(why->arg[0]), STR_ARG(why->arg[1])));
    case FAULT_CREDENTIAL_SCOPE_WRONG:
        return not_matching(why->arg[0]);
    case FAULT_ACCESS_DENIED:
        return denied(why->arg[0]);
    case FAULT_ENTITY_UNKNOWN:
        return says(404, "NoSuchEntity", why->arg[0]);
    case FAULT_ENTITY_EXISTS:
        return says(409, "EntityAlreadyExists", why->arg[0]);
    case FAULT_ENTITY_IN_USE:
        return says(409, "DeleteConflict", why->arg[0]);
    case FAULT_ENTITY_UNMODIFIABLE:
        return says(400, "UnmodifiableEntity", why->arg[0]);
    case FAULT_INPUT_INVALID:
        return says(400, "InvalidInput", why->arg[0]);
    case FAULT_VALUE_INVALID:
        return says(400, "ValidationError", why->arg[0]);
    case FAULT_QUOTA_EXCEEDED:
        return says(409, "LimitExceeded", why->arg[0]);
    case FAULT_POLICY_UNATTACHABLE:
        return says(400, "PolicyNotAttachable", why->arg[0]);
    case FAULT_FEATURE_ENABLED:
        return says(409, "FeatureEnabled", why->arg[0]);
    case FAULT_FEATURE_DISABLED:
        return says(404, "FeatureDisabled", why->arg[0]);
    case FAULT_POLICY_EVALUATION:
        return says(500, "PolicyEvaluation", why->arg[0]);
    case FAULT_NOT_KEPT: /* the model's 5xx of IAM; its text is inferred */
        return says(500, "ServiceFailure", STR("The change could not be stored."));
    case FAULT_AUTHORIZATION_MESSAGE_INVALID:
        return says(400, "InvalidAuthorizationMessageException", why->arg[0]);
    case FAULT_OUTBOUND_FEDERATION_DISABLED:
        return says(403, "OutboundWebIdentityFederationDisabledException", why->arg[0]);
    case FAULT_SESSION_ESCALATION:
        return says(403, "SessionDurationEscalationException", why->arg[0]);
    case FAULT_JWT_PAYLOAD_TOO_LARGE:
        return says(400, "JWTPayloadSizeExceededException", why->arg[0]);
    case FAULT_SESSION_TAG_REFUSED:
        return says(400, "InvalidParameterValue", why->arg[0]);
    case FAULT_INJECTED:
        return says(400, arena_cstr(a, why->arg[0]), why->arg[1]);

    /* These have faces of their own: control side, command line, config. */
    case FAULT_NONE:
    case FAULT_PATH_UNKNOWN:
    case FAULT_ORIGIN_FOREIGN:
    case FAULT_HOST_FOREIGN:
    case FAULT_INTERNAL:
    case FAULT_USAGE:
    case FAULT_JSON_INVALID:
    case FAULT_JSON_TOO_DEEP:
    case FAULT_CONFIG_INVALID:
    case FAULT_PLATFORM_UNKNOWN:
    case FAULT_PLATFORM_PARAMETER:
    case FAULT_FLAW_UNKNOWN:
    case FAULT_KEY_MALFORMED:
    case FAULT_FILE_UNREADABLE:
    case FAULT_FILE_UNWRITABLE:
    case FAULT_STATE_INVALID:
    case FAULT_STATE_IN_USE:
    case FAULT_CAPTURE_IMPOSSIBLE:
    case FAULT_ADDRESS_IN_USE:
    case FAULT_ADDRESS_INVALID:
    case FAULT_PEER_UNREACHABLE:
    case FAULT_PEER_UNINTELLIGIBLE:
    case FAULT_PEER_REFUSED:
        return internal();
    }
    return internal();
}

/* ---- errors for whoever injects them ---- */

/*
 * Texts of aws.md 1.4 to 1.6 and 8 where AWS was observed to say them, else of the service models
 * and of "Common Errors" in the API reference; the rest have texts that depend on the call, and so
 * none here.
 */
static const struct usual {
    const char *code;
    int status;
    struct str message;
} usual[] = {
    { "Throttling", 400, STR_INIT("Rate exceeded") },
    { "ThrottlingException", 400, STR_INIT("The request was denied due to request throttling.") },
    { "IDPCommunicationError", 400, STR_INIT(IDP_UNREACHABLE) },
    { "IDPRejectedClaim", 403,
      STR_INIT("The identity provider (IdP) reported that authentication failed. This might be "
               "because the claim is invalid.") },
    /* of a good token, since that is what will be sent: for want of the issuer's keys */
    { "InvalidIdentityToken", 400, STR_INIT(NO_KEY) },
    { "ExpiredTokenException", 400,
      STR_INIT("The web identity token that was passed is expired or is not valid. Get a new "
               "identity token from the identity provider and then retry the request.") },
    { "ExpiredToken", 403, STR_INIT("The security token included in the request is expired") },
    { "InvalidClientTokenId", 403,
      STR_INIT("The security token included in the request is invalid.") },
    { "UnrecognizedClientException", 403,
      STR_INIT("The security token included in the request is invalid.") },
    { "SignatureDoesNotMatch", 403, STR_INIT(SIGNATURE_DIFFERS) },
    { "MissingAuthenticationToken", 403, STR_INIT("Request is missing Authentication Token") },
    { "IncompleteSignature", 400,
      STR_INIT("The request signature does not conform to AWS standards.") },
    { "AccessDenied", 403, STR_INIT("You do not have sufficient access to perform this action.") },
    { "AccessDeniedException", 403,
      STR_INIT("You do not have sufficient access to perform this action.") },
    { "NotAuthorized", 401, STR_INIT("You do not have permission to perform this action.") },
    { "OptInRequired", 403,
      STR_INIT("The AWS access key ID needs a subscription for the service.") },
    { "RegionDisabledException", 403,
      STR_INIT("STS is not activated in the requested region for the account that is being asked "
               "to generate credentials. The account administrator must use the IAM console to "
               "activate STS in that region.") },
    { "RequestExpired", 400,
      STR_INIT("The request reached the service more than 15 minutes after the date stamp on the "
               "request or more than 15 minutes after the request expiration date (such as for "
               "pre-signed URLs), or the date stamp on the request is more than 15 minutes in the "
               "future.") },
    { "RequestTimeoutException", 408,
      STR_INIT("Problems with the request at the HTTP level. Reading the Request timed out.") },
    { "MalformedPolicyDocument", 400, STR_INIT("") },
    { "PackedPolicyTooLarge", 400, STR_INIT("") },
    { "ValidationError", 400,
      STR_INIT("The input fails to satisfy the constraints specified by an AWS service.") },
    { "NoSuchEntity", 404,
      STR_INIT("The request was rejected because it referenced a resource entity that does not "
               "exist.") },
    { "EntityAlreadyExists", 409,
      STR_INIT("The request was rejected because it attempted to create a resource that already "
               "exists.") },
    { "EntityTemporarilyUnmodifiable", 409,
      STR_INIT("The request was rejected because it referenced an entity that is temporarily "
               "unmodifiable, such as a user name that was deleted and then recreated.") },
    { "ConcurrentModification", 409,
      STR_INIT("The request was rejected because multiple requests to change this object were "
               "submitted simultaneously. Wait a few minutes and submit your request again.") },
    { "DeleteConflict", 409,
      STR_INIT("The request was rejected because it attempted to delete a resource that has "
               "attached subordinate entities.") },
    { "LimitExceeded", 409,
      STR_INIT("The request was rejected because it attempted to create resources beyond the "
               "current AWS account limits.") },
    { "ServiceFailure", 500, STR_INIT(INTERNAL_FAILURE) },
    { "InternalFailure", 500, STR_INIT(INTERNAL_FAILURE) },
    { "ServiceUnavailable", 503,
      STR_INIT("The request has failed due to a temporary failure of the server.") },
};

struct aws_error aws_error_usual(const char *code, struct str action)
{
    if (strcmp(code, "AccessDenied") == 0 && str_eq(action, STR("AssumeRoleWithWebIdentity")))
        return denied(STR(WEB_IDENTITY_DENIED));
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (strcmp(usual[i].code, code) == 0)
            return says(usual[i].status, usual[i].code, usual[i].message);
    return says(400, code, STR(""));
}

struct str aws_error_code_of_status(int status)
{
    switch (status) {
    case 400:
    case 429: /* AWS throttles with 400; what stands in front of it may with 429 */
        return STR("Throttling");
    case 403:
        return STR("AccessDenied");
    case 503:
        return STR("ServiceUnavailable");
    default:
        return status >= 500 ? STR("InternalFailure") : STR("");
    }
}
