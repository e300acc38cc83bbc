#include "tests/support/runner.h"

#include "fakests/aws_error.h"

#define NOT_VALIDATED                                                                            \
    "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity " \
    "documentation for requirements."
#define NO_KEY                                                                           \
    "Couldn't retrieve verification key from your identity provider,  please reference " \
    "AssumeRoleWithWebIdentity documentation for requirements"
#define NOT_A_JWT                                                                              \
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access " \
    "Token)"
#define TOKEN_INVALID "The security token included in the request is invalid."

/* A row for every fault that reaches the wire; classic is NULL where the dialects agree. */
static const struct {
    enum fault fault;
    const char *arg[2];
    int status;
    const char *code, *message, *classic;
} cases[] = {
    { FAULT_REQUEST_MALFORMED,
      { "0 is not a valid index" },
      400,
      "MalformedInput",
      "0 is not a valid index",
      NULL },
    { FAULT_REQUEST_MALFORMED, { NULL }, 400, "MalformedInput", "", NULL },
    { FAULT_ACTION_MISSING,
      { NULL },
      400,
      "MissingAction",
      "The request must contain the parameter Action.",
      NULL },
    { FAULT_ACTION_UNKNOWN,
      { "Nonsense", "2011-06-15" },
      400,
      "InvalidAction",
      "Could not find operation Nonsense for version 2011-06-15",
      NULL },
    { FAULT_PARAMETER_INVALID,
      { "1 validation error detected: ..." },
      400,
      "ValidationError",
      "1 validation error detected: ...",
      NULL },
    { FAULT_ROLE_ARN_INVALID, { NULL }, 400, "ValidationError", "Request ARN is invalid", NULL },
    { FAULT_BODY_TOO_LARGE,
      { NULL },
      413,
      "RequestEntityTooLarge",
      "The request body is too large.",
      NULL },
    { FAULT_METHOD_NOT_ALLOWED,
      { NULL },
      405,
      "MethodNotAllowed",
      "The request method must be GET or POST.",
      NULL },
    { FAULT_PROVIDER_ID_UNKNOWN,
      { NULL },
      403,
      "AccessDenied",
      "Unrecognized OAuth provider. Do not include a provider parameter when submitting "
      "OpenIDConnect ID "
      "tokens",
      NULL },
    { FAULT_PROVIDER_ID_AMAZON,
      { NULL },
      400,
      "InvalidIdentityToken",
      "Provided Token is not a Login With Amazon token",
      NULL },
    { FAULT_PROVIDER_ID_FACEBOOK,
      { NULL },
      403,
      "IDPRejectedClaim",
      "graph.facebook.com rejected OAuth token with response \"Bad signature\" and code 190",
      NULL },
    { FAULT_TOKEN_MALFORMED, { NULL }, 400, "InvalidIdentityToken", NOT_A_JWT, NULL },
    { FAULT_TOKEN_CRITICAL_HEADER, { NULL }, 400, "InvalidIdentityToken", NOT_A_JWT, NULL },
    { FAULT_CLAIM_MISSING,
      { "aud" },
      400,
      "InvalidIdentityToken",
      "Missing a required claim: aud",
      NULL },
    { FAULT_CLAIM_MALFORMED, { NULL }, 400, "InvalidIdentityToken", NOT_VALIDATED, NULL },
    { FAULT_SUBJECT_NULL,
      { NULL },
      500,
      "InternalFailure",
      "Unknown error validating third-party token",
      NULL },
    { FAULT_AUDIENCE_EMPTY,
      { "aud" },
      400,
      "InvalidIdentityToken",
      "Claim is not allowed to be empty: aud",
      NULL },
    { FAULT_AUDIENCE_AMBIGUOUS,
      { NULL },
      400,
      "InvalidIdentityToken",
      "Token audience contains more than one audience while authorized party is not present",
      NULL },
    { FAULT_TIMESTAMP_INVALID,
      { NULL },
      400,
      "InvalidIdentityToken",
      "Invalid timestamp in token claims.",
      NULL },
    { FAULT_TOKEN_FROM_FUTURE,
      { "1789124026" },
      400,
      "InvalidIdentityToken",
      "Token issued in the future: 1789124026",
      NULL },
    { FAULT_TOKEN_NOT_YET_VALID,
      { "1789124026", "1789127298" },
      400,
      "InvalidIdentityToken",
      "Token not yet valid: current date/time 1789124026 must be after or equal to the not-before "
      "date/time 1789127298",
      NULL },
    { FAULT_TOKEN_EXPIRED,
      { "1789123421", "1789123397" },
      400,
      "ExpiredTokenException",
      "Token expired: current date/time 1789123421 must be before the expiration date/time "
      "1789123397",
      NULL },
    { FAULT_ISSUER_UNREGISTERED,
      { "https://issuer/path/" },
      400,
      "InvalidIdentityToken",
      "No OpenIDConnect provider found in your account for https://issuer/path/",
      NULL },
    { FAULT_AUDIENCE_UNREGISTERED,
      { NULL },
      400,
      "InvalidIdentityToken",
      NOT_VALIDATED,
      "Incorrect token audience" },
    { FAULT_KEYS_UNAVAILABLE, { NULL }, 400, "InvalidIdentityToken", NO_KEY, NULL },
    { FAULT_KEY_UNKNOWN, { NULL }, 400, "InvalidIdentityToken", NO_KEY, NULL },
    { FAULT_KEY_UNUSABLE, { NULL }, 400, "InvalidIdentityToken", NOT_VALIDATED, NULL },
    { FAULT_ALGORITHM_UNSUPPORTED, { NULL }, 400, "InvalidIdentityToken", NOT_VALIDATED, NULL },
    { FAULT_SIGNATURE_INVALID, { NULL }, 400, "InvalidIdentityToken", NOT_VALIDATED, NULL },
    { FAULT_IDP_UNREACHABLE,
      { NULL },
      400,
      "IDPCommunicationError",
      "The request could not be fulfilled because the identity provider (IDP) that was asked to "
      "verify "
      "the incoming identity token could not be reached.",
      NULL },
    { FAULT_SESSION_TAGS_MALFORMED,
      { NULL },
      400,
      "InvalidIdentityToken",
      "principal_tags passed in claim is not in correct format.",
      NULL },
    { FAULT_SESSION_TAGS_INVALID,
      { NULL },
      400,
      "InvalidIdentityToken",
      "principal_tags passed in claim is not in correct format.",
      NULL },
    { FAULT_SOURCE_IDENTITY_INVALID, { NULL }, 400, "InvalidIdentityToken", NOT_VALIDATED, NULL },
    { FAULT_ROLES_CLAIM_MALFORMED,
      { NULL },
      400,
      "InvalidIdentityToken",
      "The roles claim is not in a supported format",
      NULL },
    { FAULT_ROLES_CLAIM_EMPTY,
      { NULL },
      400,
      "InvalidIdentityToken",
      "The roles claim contains no valid role ARNs",
      NULL },
    { FAULT_ROLES_CLAIM_OTHER_ROLE,
      { NULL },
      400,
      "InvalidIdentityToken",
      "The target role ARN is not present in the roles claim of the identity token",
      NULL },
    { FAULT_ROLE_UNKNOWN,
      { NULL },
      403,
      "AccessDenied",
      "Not authorized to perform sts:AssumeRoleWithWebIdentity",
      NULL },
    { FAULT_TRUST_DENIED,
      { NULL },
      403,
      "AccessDenied",
      "Not authorized to perform sts:AssumeRoleWithWebIdentity",
      NULL },
    { FAULT_TAG_SESSION_DENIED,
      { NULL },
      403,
      "AccessDenied",
      "Not authorized to perform sts:TagSession",
      NULL },
    { FAULT_SOURCE_IDENTITY_DENIED,
      { NULL },
      403,
      "AccessDenied",
      "Not authorized to perform sts:SetSourceIdentity",
      NULL },
    { FAULT_DURATION_OVER_MAXIMUM,
      { NULL },
      400,
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      NULL },
    { FAULT_SESSION_POLICY_MALFORMED,
      { "Syntax error in policy." },
      400,
      "MalformedPolicyDocument",
      "Syntax error in policy.",
      NULL },
    { FAULT_POLICY_MALFORMED,
      { "Has prohibited field Resource" },
      400,
      "MalformedPolicyDocument",
      "Has prohibited field Resource",
      NULL },
    { FAULT_POLICY_TOO_LARGE,
      { "Cannot exceed quota for ACLSizePerRole: 2048" },
      409,
      "LimitExceeded",
      "Cannot exceed quota for ACLSizePerRole: 2048",
      NULL },
    { FAULT_PACKED_POLICY_TOO_LARGE,
      { "157" },
      400,
      "PackedPolicyTooLarge",
      "Packed policy consumes 157% of allotted space, please use smaller policy.",
      NULL },
    { FAULT_AUTHENTICATION_MISSING,
      { NULL },
      403,
      "MissingAuthenticationToken",
      "Request is missing Authentication Token",
      NULL },
    { FAULT_AUTHORIZATION_INCOMPLETE,
      { "what is missing" },
      400,
      "IncompleteSignature",
      "what is missing",
      NULL },
    { FAULT_ACCESS_KEY_UNKNOWN, { NULL }, 403, "InvalidClientTokenId", TOKEN_INVALID, NULL },
    { FAULT_SESSION_TOKEN_INVALID, { NULL }, 403, "InvalidClientTokenId", TOKEN_INVALID, NULL },
    { FAULT_SESSION_EXPIRED,
      { NULL },
      403,
      "ExpiredToken",
      "The security token included in the request is expired",
      NULL },
    { FAULT_SIGNATURE_MISMATCH,
      { NULL },
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS "
      "Secret Access Key and signing method. Consult the service documentation for details.",
      NULL },
    { FAULT_SIGNATURE_MISMATCH,
      { "Found both" },
      403,
      "SignatureDoesNotMatch",
      "Found both",
      NULL },
    { FAULT_SIGNATURE_EXPIRED,
      { "20220127T001427Z", "20220127T014428Z (20220127T015928Z - 15 min.)" },
      403,
      "SignatureDoesNotMatch",
      "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z (20220127T015928Z "
      "- 15 "
      "min.)",
      NULL },
    { FAULT_SIGNATURE_NOT_YET_CURRENT,
      { "20220127T021529Z", "20220127T021428Z (20220127T015928Z + 15 min.)" },
      403,
      "SignatureDoesNotMatch",
      "Signature not yet current: 20220127T021529Z is still later than 20220127T021428Z "
      "(20220127T015928Z + 15 min.)",
      NULL },
    { FAULT_CREDENTIAL_SCOPE_WRONG,
      { "Credential should be scoped to a valid region. " },
      403,
      "SignatureDoesNotMatch",
      "Credential should be scoped to a valid region. ",
      NULL },
    { FAULT_ACCESS_DENIED, { "What AWS says." }, 403, "AccessDenied", "What AWS says.", NULL },
    { FAULT_ENTITY_UNKNOWN, { "What AWS says." }, 404, "NoSuchEntity", "What AWS says.", NULL },
    { FAULT_ENTITY_EXISTS,
      { "What AWS says." },
      409,
      "EntityAlreadyExists",
      "What AWS says.",
      NULL },
    { FAULT_ENTITY_IN_USE, { "What AWS says." }, 409, "DeleteConflict", "What AWS says.", NULL },
    { FAULT_ENTITY_UNMODIFIABLE,
      { "What AWS says." },
      400,
      "UnmodifiableEntity",
      "What AWS says.",
      NULL },
    { FAULT_INPUT_INVALID, { "What AWS says." }, 400, "InvalidInput", "What AWS says.", NULL },
    { FAULT_VALUE_INVALID, { "What AWS says." }, 400, "ValidationError", "What AWS says.", NULL },
    { FAULT_QUOTA_EXCEEDED, { "What AWS says." }, 409, "LimitExceeded", "What AWS says.", NULL },
    { FAULT_POLICY_UNATTACHABLE,
      { "What AWS says." },
      400,
      "PolicyNotAttachable",
      "What AWS says.",
      NULL },
    { FAULT_FEATURE_ENABLED, { "What AWS says." }, 409, "FeatureEnabled", "What AWS says.", NULL },
    { FAULT_FEATURE_DISABLED,
      { "What AWS says." },
      404,
      "FeatureDisabled",
      "What AWS says.",
      NULL },
    { FAULT_POLICY_EVALUATION,
      { "What AWS says." },
      500,
      "PolicyEvaluation",
      "What AWS says.",
      NULL },
    { FAULT_NOT_KEPT, { "" }, 500, "ServiceFailure", "The change could not be stored.", NULL },
    { FAULT_SESSION_LIMITED, { NULL }, 403, "InvalidClientTokenId", TOKEN_INVALID, NULL },
    { FAULT_SESSION_TAG_REFUSED, { "as it is" }, 400, "InvalidParameterValue", "as it is", NULL },
    { FAULT_AUTHORIZATION_MESSAGE_INVALID,
      { "as it is" },
      400,
      "InvalidAuthorizationMessageException",
      "as it is",
      NULL },
    { FAULT_OUTBOUND_FEDERATION_DISABLED,
      { "as it is" },
      403,
      "OutboundWebIdentityFederationDisabledException",
      "as it is",
      NULL },
    { FAULT_SESSION_ESCALATION,
      { "as it is" },
      403,
      "SessionDurationEscalationException",
      "as it is",
      NULL },
    { FAULT_JWT_PAYLOAD_TOO_LARGE,
      { "as it is" },
      400,
      "JWTPayloadSizeExceededException",
      "as it is",
      NULL },
    { FAULT_INJECTED, { "Throttling", "Rate exceeded" }, 400, "Throttling", "Rate exceeded", NULL },
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

static struct aws_error error_of(struct arena *a, size_t i, enum dialect dialect)
{
    struct why why = why_new(a);
    why.fault = cases[i].fault;
    why.arg[0] = str_of(cases[i].arg[0]);
    why.arg[1] = str_of(cases[i].arg[1]);
    return aws_error_of(a, &why, dialect, SERVICE_STS);
}

START_TEST(faults_have_aws_names)
{
    struct arena *a = arena_new();
    const char *name = fault_reason(cases[_i].fault);
    const char *classic = cases[_i].classic ? cases[_i].classic : cases[_i].message;
    struct aws_error now = error_of(a, (size_t)_i, DIALECT_CURRENT);
    struct aws_error then = error_of(a, (size_t)_i, DIALECT_CLASSIC);

    want_str(name, now.message, str_of(cases[_i].message));
    want_str(name, then.message, str_of(classic));
    want_str(name, str_of(now.code), str_of(cases[_i].code));
    want_str(name, str_of(then.code), str_of(cases[_i].code));
    ck_assert_msg(now.status == cases[_i].status && then.status == now.status, "%s: %d", name,
                  now.status);
    ck_assert_msg(now.receiver == (now.status >= 500), "%s", name);
    ck_assert_msg((now.xmlns != NULL) == (cases[_i].fault == FAULT_ACTION_UNKNOWN), "%s", name);
    arena_free(a);
}
END_TEST

static bool has_row(enum fault fault)
{
    for (size_t i = 0; i < N_CASES; i++)
        if (cases[i].fault == fault)
            return true;
    return false;
}

/* What has no row above never gets to AWS's side; should it ever, it is our failure and nobody's
 * hint. */
START_TEST(other_faults_are_internal_failures)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i <= fault_count(); i++) {
        struct why why = why_new(a);
        why.fault = (enum fault)i;
        why.detail = STR("/etc/secret: cannot be read");
        if (has_row(why.fault))
            continue;
        struct aws_error e = aws_error_of(a, &why, DIALECT_CURRENT, SERVICE_STS);
        ck_assert_msg(e.status == 500 && e.receiver, "%s", fault_reason(why.fault));
        want_str(fault_reason(why.fault), str_of(e.code), STR("InternalFailure"));
        ck_assert(!str_contains(e.message, STR("secret")));
    }
    arena_free(a);
}
END_TEST

/* ---- errors for whoever injects them ---- */

static const struct {
    const char *code;
    int status;
    const char *message, *action;
} usual_rows[] = {
    { "Throttling", 400, "Rate exceeded", "*" },
    { "InvalidIdentityToken", 400, NO_KEY, "*" },
    { "ExpiredToken", 403, "The security token included in the request is expired", "*" },
    { "InternalFailure", 500,
      "The request processing has failed because of an unknown error, exception or failure.", "*" },
    { "ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.",
      "*" },
    { "PackedPolicyTooLarge", 400, "", "*" },
    { "Nonsense", 400, "", "*" },
    { "AccessDenied", 403, "You do not have sufficient access to perform this action.", "*" },
    { "AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity",
      "AssumeRoleWithWebIdentity" },
};

START_TEST(a_code_has_the_status_and_message_it_usually_comes_with)
{
    struct aws_error e = aws_error_usual(usual_rows[_i].code, str_of(usual_rows[_i].action));
    want_str("code", str_of(e.code), str_of(usual_rows[_i].code));
    want_str(usual_rows[_i].code, e.message, str_of(usual_rows[_i].message));
    ck_assert_int_eq(e.status, usual_rows[_i].status);
    ck_assert(e.receiver == (e.status >= 500));
}
END_TEST

/* What is injected by its code alone looks as the same refusal does when it is earned. */
START_TEST(usual_errors_are_those_that_refusals_have)
{
    static const enum fault faults[] = { FAULT_TRUST_DENIED,          FAULT_IDP_UNREACHABLE,
                                         FAULT_KEYS_UNAVAILABLE,      FAULT_SESSION_EXPIRED,
                                         FAULT_ACCESS_KEY_UNKNOWN,    FAULT_SIGNATURE_MISMATCH,
                                         FAULT_AUTHENTICATION_MISSING };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct why why = why_new(a);
        why.fault = faults[i];
        struct aws_error earned = aws_error_of(a, &why, DIALECT_CURRENT, SERVICE_STS);
        struct aws_error usual = aws_error_usual(earned.code, STR("AssumeRoleWithWebIdentity"));
        want_str(earned.code, usual.message, earned.message);
        ck_assert_int_eq(usual.status, earned.status);
    }
    arena_free(a);
}
END_TEST

static const struct {
    int status;
    const char *code;
} status_rows[] = {
    { 400, "Throttling" },
    { 403, "AccessDenied" },
    { 429, "Throttling" },
    { 500, "InternalFailure" },
    { 502, "InternalFailure" },
    { 503, "ServiceUnavailable" },
    { 504, "InternalFailure" },
    { 404, "" },
    { 418, "" },
};

START_TEST(a_status_alone_stands_for_a_code)
{
    ck_assert_msg(
        str_eq(aws_error_code_of_status(status_rows[_i].status), str_of(status_rows[_i].code)),
        "%d", status_rows[_i].status);
}
END_TEST

Suite *aws_error_suite(void);

Suite *aws_error_suite(void)
{
    Suite *s = suite_create("aws_error");
    TCase *t = tcase_create("aws_error");
    tcase_add_loop_test(t, faults_have_aws_names, 0, N_CASES);
    tcase_add_test(t, other_faults_are_internal_failures);
    tcase_add_loop_test(t, a_code_has_the_status_and_message_it_usually_comes_with, 0,
                        sizeof usual_rows / sizeof usual_rows[0]);
    tcase_add_test(t, usual_errors_are_those_that_refusals_have);
    tcase_add_loop_test(t, a_status_alone_stands_for_a_code, 0,
                        sizeof status_rows / sizeof status_rows[0]);
    suite_add_tcase(s, t);
    return s;
}
