#include "tests/fakests/actions/sts_world.h"

/* clang-format off */
static const char config[] =
    "{'users':["
    "{'name':'ann','path':'/staff/','policies':{'sts':" ALLOW("'sts:*'", "*") "}},"
    "{'name':'bob'},"
    "{'name':'carl','policies':{'all':" ALLOW("'*'", "*") ","
      "'never':{" VERSION ",'Statement':{'Effect':'Deny','Action':'sts:AssumeRole',"
        "'Resource':'" ROLE_ARN(A, "by-account") "'}}}}],"
    "'credentials':[{'access_key_id':'test','secret_access_key':'test'},"
      KEY("AKIAANN", "ann") "," KEY("AKIABOB", "bob") "," KEY("AKIACARL", "carl") "],"
    "'managed_policies':[{'name':'look','policy':" ALLOW("'iam:GetRole'", "*") "}],"
    "'roles':["
    ROLE("by-ann", TRUST(USER_ARN(A, "staff/ann"), ALL, ""), ",'path':'/ci/',"
      "'max_session_duration':7200,'tags':{'team':'core'},'id':'AROARZPUZDIKBYANN0001','policies':"
      "{'all':" ALLOW("['sts:*','iam:*']", "*") "}") ","
    ROLE("by-bob", TRUST(USER_ARN(A, "bob"), ALL, ""), "") ","
    ROLE("by-account", TRUST("arn:aws:iam::" A ":root", ALL, ""), "") ","
    ROLE("by-anybody", TRUST("*", ALL, ""), "") ","
    ROLE("untagged", TRUST(USER_ARN(A, "staff/ann"), "['sts:AssumeRole','sts:SetSourceIdentity']",
      ""), "") ","
    ROLE("unnamed", TRUST(USER_ARN(A, "staff/ann"), "['sts:AssumeRole','sts:TagSession']", ""), "")
      ","
    ;
static const char config_rest[] =
    ROLE("external", TRUST(USER_ARN(A, "staff/ann"), "'sts:AssumeRole'",
      ",'Condition':{'StringEquals':{'sts:ExternalId':'Ext:1'}}"), "") ","
    ROLE("sourced", TRUST(USER_ARN(A, "staff/ann"), ALL,
      ",'Condition':{'StringLike':{'sts:SourceIdentity':'Adm*'}}"), "") ","
    ROLE("named", TRUST(USER_ARN(A, "staff/ann"), ALL,
      ",'Condition':{'StringLike':{'sts:RoleSessionName':'${aws:username}-*'}}"), "") ","
    ROLE("project", "{" VERSION ",'Statement':[{'Effect':'Allow','Principal':{'AWS':'"
      USER_ARN(A, "staff/ann") "'},'Action':['sts:AssumeRole','sts:TagSession'],"
      "'Condition':{'StringEquals':{'aws:RequestTag/project':'apollo'},"
      "'ForAllValues:StringEquals':{'aws:TagKeys':['project','cost'],"
      "'sts:TransitiveTagKeys':['project']}}}]}", "") ","
    ROLE("mfa", TRUST(USER_ARN(A, "staff/ann"), ALL,
      ",'Condition':{'Bool':{'aws:MultiFactorAuthPresent':'true'}}"), "") ","
    ROLE("for-zoe", TRUST(USER_ARN(B, "zoe"), ALL, ""), "") ","
    ROLE("for-yan", TRUST(USER_ARN(B, "yan"), ALL, ""), "") ","
    ROLE("for-b", TRUST("arn:aws:iam::" B ":root", ALL, ""), "")
    "],'accounts':{'" B "':{"
    "'users':[{'name':'zoe','policies':{'sts':" ALLOW("'sts:*'", "arn:aws:iam::" A ":role/*") "}},"
      "{'name':'yan'}],"
    "'credentials':[" KEY("AKIAZOE", "zoe") "," KEY("AKIAYAN", "yan") "],"
    "'managed_policies':[{'name':'look','policy':" ALLOW("'iam:GetRole'", "*") "}],"
    "'roles':["
    ROLE("partner", TRUST(USER_ARN(A, "staff/ann"), ALL, ""), "") ","
    ROLE("partner-of-bob", TRUST(USER_ARN(A, "bob"), ALL, ""), "") ","
    ROLE("partner-account", TRUST(A, ALL, ""), "")
    "]}}}";
/* clang-format on */

#define ANN  USER_ARN(A, "staff/ann")
#define BOB  USER_ARN(A, "bob")
#define CARL USER_ARN(A, "carl")
#define ASSUME(account, role, ...) \
    P("Action=AssumeRole", "RoleArn=" ROLE_ARN(account, role), "RoleSessionName=s1", __VA_ARGS__)
#define BY_ANN       "ci/by-ann"
#define ONE          "1 validation error detected: "
#define SMALL_POLICY "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"

/* ---- the reply ---- */

static struct str credentials_text(struct iam_fixture *f, const struct iam_fixture_key *key,
                                   const char *end)
{
    return arena_printf(f->arena,
                        "    <Credentials>\n"
                        "      <AccessKeyId>%.*s</AccessKeyId>\n"
                        "      <SecretAccessKey>%.*s</SecretAccessKey>\n"
                        "      <SessionToken>%.*s</SessionToken>\n"
                        "      <Expiration>%s</Expiration>\n"
                        "    </Credentials>\n",
                        STR_ARG(key->access_key_id), STR_ARG(key->secret_access_key),
                        STR_ARG(key->session_token), end);
}

static void want_reply(struct iam_fixture *f, const char *what, const struct iam_fixture_reply *r,
                       const char *end, const char *more)
{
    struct iam_fixture_key key = iam_fixture_credentials(r);
    iam_fixture_want_body(
        r, what,
        arena_printf(f->arena,
                     "<AssumeRoleResponse xmlns=\"" STS_XMLNS "\">\n"
                     "  <AssumeRoleResult>\n"
                     "    <AssumedRoleUser>\n"
                     "      <AssumedRoleId>AROARZPUZDIKBYANN0001:s1</AssumedRoleId>\n"
                     "      <Arn>" SESSION_ARN(
                         A, "by-ann", "s1") "</Arn>\n"
                                            "    </AssumedRoleUser>\n"
                                            "%.*s"
                                            "%s"
                                            "  </AssumeRoleResult>\n" REPLY_END("AssumeRole"),
                     STR_ARG(credentials_text(f, &key, end)), more)
            .p);
    want_str(what, str_sub(key.access_key_id, 0, 12), STR("ASIARZPUZDIK"));
    want_str(what, sts_world_who(f, &key), STR(SESSION_ARN(A, "by-ann", "s1")));
}

START_TEST(a_reply_has_what_aws_writes)
{
    struct iam_fixture *f = sts_world_new(config, config_rest);
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_STS, &ann, ASSUME(A, BY_ANN, "DurationSeconds=7200"));
    want_reply(f, "neither policies nor tags", &r, "2026-09-11T14:00:00Z", "");
    r = iam_fixture_send(f, SERVICE_STS, &ann,
                         ASSUME(A, BY_ANN, "SourceIdentity=Admin", "Policy=" SMALL_POLICY));
    want_reply(f, "a policy and a source identity", &r, "2026-09-11T13:00:00Z",
               "    <PackedPolicySize>27</PackedPolicySize>\n"
               "    <SourceIdentity>Admin</SourceIdentity>\n");
    iam_fixture_free(f);
}
END_TEST

/* ---- who may ---- */

static const struct {
    const char *name, *key;
    const char *const *parameters;
    const char *who, *action, *resource; /* of a refusal; NULL: allowed */
} permissions[] = {
    { "a user its trust policy names needs no policy of their own", "AKIABOB",
      ASSUME(A, "by-bob", "DurationSeconds=900"), NULL, NULL, NULL },
    { "its trust policy naming the account leaves it to the user's policies", "AKIAANN",
      ASSUME(A, "by-account", "DurationSeconds=900"), NULL, NULL, NULL },
    { "which do not allow it", "AKIABOB", ASSUME(A, "by-account", "DurationSeconds=900"), BOB,
      "sts:AssumeRole", ROLE_ARN(A, "by-account") },
    { "or deny it", "AKIACARL", ASSUME(A, "by-account", "DurationSeconds=900"), CARL,
      "sts:AssumeRole", ROLE_ARN(A, "by-account") },
    { "any principal is the very user", "AKIABOB", ASSUME(A, "by-anybody", "DurationSeconds=900"),
      NULL, NULL, NULL },
    { "the user's policies alone do not do", "AKIACARL", ASSUME(A, BY_ANN, "DurationSeconds=900"),
      CARL, "sts:AssumeRole", ROLE_ARN(A, BY_ANN) },
    { "who is trusted and allowed crosses accounts", "AKIAZOE",
      ASSUME(A, "for-zoe", "DurationSeconds=900"), NULL, NULL, NULL },
    { "who is trusted by account and allowed does too", "AKIAZOE",
      ASSUME(A, "for-b", "DurationSeconds=900"), NULL, NULL, NULL },
    { "who is trusted by name but not allowed does not", "AKIAYAN",
      ASSUME(A, "for-yan", "DurationSeconds=900"), USER_ARN(B, "yan"), "sts:AssumeRole",
      ROLE_ARN(A, "for-yan") },
    { "who is allowed but not trusted does not", "AKIAZOE",
      ASSUME(A, "for-yan", "DurationSeconds=900"), USER_ARN(B, "zoe"), "sts:AssumeRole",
      ROLE_ARN(A, "for-yan") },
    { "any principal of another account needs a policy", "AKIAYAN",
      ASSUME(A, "by-anybody", "DurationSeconds=900"), USER_ARN(B, "yan"), "sts:AssumeRole",
      ROLE_ARN(A, "by-anybody") },
    { "and the other way", "AKIAANN", ASSUME(B, "partner", "DurationSeconds=900"), NULL, NULL,
      NULL },
    { "by account id", "AKIAANN", ASSUME(B, "partner-account", "DurationSeconds=900"), NULL, NULL,
      NULL },
    { "a trusted user without a policy stays out", "AKIABOB",
      ASSUME(B, "partner-of-bob", "DurationSeconds=900"), BOB, "sts:AssumeRole",
      ROLE_ARN(B, "partner-of-bob") },
    { "no role of that name", "AKIAANN", ASSUME(A, "nobody", "DurationSeconds=900"), ANN,
      "sts:AssumeRole", ROLE_ARN(A, "nobody") },
    { "a role of that name under another path", "AKIAANN",
      ASSUME(A, "by-ann", "DurationSeconds=900"), ANN, "sts:AssumeRole", ROLE_ARN(A, "by-ann") },
    { "no account of that number", "AKIAANN", ASSUME("111111111111", "r", "DurationSeconds=900"),
      ANN, "sts:AssumeRole", ROLE_ARN("111111111111", "r") },
    { "the external id", "AKIAANN", ASSUME(A, "external", "ExternalId=Ext:1"), NULL, NULL, NULL },
    { "another external id", "AKIAANN", ASSUME(A, "external", "ExternalId=ext:1"), ANN,
      "sts:AssumeRole", ROLE_ARN(A, "external") },
    { "no external id", "AKIAANN", ASSUME(A, "external", "DurationSeconds=900"), ANN,
      "sts:AssumeRole", ROLE_ARN(A, "external") },
    { "an MFA code nobody gave", "AKIAANN", ASSUME(A, "mfa", "DurationSeconds=900"), ANN,
      "sts:AssumeRole", ROLE_ARN(A, "mfa") },
    { "a session name", "AKIAANN",
      P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, "named"), "RoleSessionName=ann-1"), NULL, NULL,
      NULL },
    { "another session name", "AKIAANN", ASSUME(A, "named", "DurationSeconds=900"), ANN,
      "sts:AssumeRole", ROLE_ARN(A, "named") },
    { "a session name is no key of sts:SetSourceIdentity", "AKIAANN",
      P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, "named"), "RoleSessionName=ann-1",
        "SourceIdentity=Admin"),
      ANN, "sts:SetSourceIdentity", ROLE_ARN(A, "named") },
    { "a source identity that is allowed", "AKIAANN", ASSUME(A, "sourced", "SourceIdentity=Admin"),
      NULL, NULL, NULL },
    { "one that is not", "AKIAANN", ASSUME(A, "sourced", "SourceIdentity=Bdmin"), ANN,
      "sts:AssumeRole", ROLE_ARN(A, "sourced") },
    { "a source identity where none may be set", "AKIAANN",
      ASSUME(A, "unnamed", "SourceIdentity=Admin"), ANN, "sts:SetSourceIdentity",
      ROLE_ARN(A, "unnamed") },
    { "tags where none may be passed", "AKIAANN",
      ASSUME(A, "untagged", "Tags.member.1.Key=k", "Tags.member.1.Value=v"), ANN, "sts:TagSession",
      ROLE_ARN(A, "untagged") },
    { "no tags there", "AKIAANN", ASSUME(A, "untagged", "DurationSeconds=900"), NULL, NULL, NULL },
    { "the tags a trust policy asks for", "AKIAANN",
      ASSUME(A, "project", "Tags.member.1.Key=project", "Tags.member.1.Value=apollo",
             "Tags.member.2.Key=cost",
             "Tags.member.2.Value=", "TransitiveTagKeys.member.1=project"),
      NULL, NULL, NULL },
    { "another value", "AKIAANN",
      ASSUME(A, "project", "Tags.member.1.Key=project", "Tags.member.1.Value=gemini"), ANN,
      "sts:AssumeRole", ROLE_ARN(A, "project") },
    { "another key beside", "AKIAANN",
      ASSUME(A, "project", "Tags.member.1.Key=project", "Tags.member.1.Value=apollo",
             "Tags.member.2.Key=more", "Tags.member.2.Value="),
      ANN, "sts:AssumeRole", ROLE_ARN(A, "project") },
    { "a transitive key that may not be", "AKIAANN",
      ASSUME(A, "project", "Tags.member.1.Key=project", "Tags.member.1.Value=apollo",
             "Tags.member.2.Key=cost", "Tags.member.2.Value=", "TransitiveTagKeys.member.1=cost"),
      ANN, "sts:AssumeRole", ROLE_ARN(A, "project") },
};

START_TEST(a_role_lets_in_whom_the_policies_say)
{
    struct iam_fixture *f = sts_world_new(config, config_rest);
    struct iam_fixture_key key = sts_world_key(f, permissions[_i].key);
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &key, permissions[_i].parameters);
    if (!permissions[_i].who)
        iam_fixture_want(&r, permissions[_i].name, 200, "", NULL);
    else
        iam_fixture_want(&r, permissions[_i].name, 403, "AccessDenied",
                         arena_printf(f->arena, NOT_AUTHORIZED("%s", "%s", "%s"),
                                      permissions[_i].who, permissions[_i].action,
                                      permissions[_i].resource)
                             .p);
    iam_fixture_free(f);
}
END_TEST

/* ---- parameters ---- */

#define LONG_64 "0123456789012345678901234567890123456789012345678901234567890123"
#define TAG(n)  "Tags.member." n ".Key=k" n, "Tags.member." n ".Value=v"
#define NO_MATCH(value, member, pattern)                                               \
    ONE "Value '" value "' at '" member "' failed to satisfy constraint: Member must " \
        "satisfy regular expression pattern: " pattern
#define TOO_SHORT(value, member, n)                                                    \
    ONE "Value '" value "' at '" member "' failed to satisfy constraint: Member must " \
        "have length greater than or equal to " n
#define TOO_LONG(value, member, n)                                                     \
    ONE "Value '" value "' at '" member "' failed to satisfy constraint: Member must " \
        "have length less than or equal to " n
#define MFA_INVALID                                                                           \
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA " \
    "serial number is valid and associated with this user."
#define MFA_HALF                                                                               \
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass " \
    "code."

static const struct {
    const char *name;
    const char *const *parameters;
    int status;
    const char *code, *message; /* NULL: any */
} refusals[] = {
    { "a role and a session name are required", P("Action=AssumeRole"), 400, "ValidationError",
      "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member "
      "must not be null; Value null at 'roleSessionName' failed to satisfy constraint: Member must "
      "not be null" },
    { "a role ARN has 20 characters",
      P("Action=AssumeRole", "RoleArn=arn:aws:iam::1:role", "RoleSessionName=s1"), 400,
      "ValidationError", TOO_SHORT("arn:aws:iam::1:role", "roleArn", "20") },
    { "an external id of two", ASSUME(A, BY_ANN, "ExternalId=x"), 400, "ValidationError",
      TOO_SHORT("x", "externalId", "2") },
    { "what is no role's ARN", ASSUME("12345678901", "r", "DurationSeconds=900"), 400,
      "ValidationError", "Request ARN is invalid" },
    { "a user's ARN", P("Action=AssumeRole", "RoleArn=" ANN, "RoleSessionName=s1"), 400,
      "ValidationError", "Request ARN is invalid" },
    { "a session name of two characters",
      P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, BY_ANN), "RoleSessionName=s"), 400,
      "ValidationError", TOO_SHORT("s", "roleSessionName", "2") },
    { "900 seconds at least", ASSUME(A, BY_ANN, "DurationSeconds=899"), 400, "ValidationError",
      ONE "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value "
          "greater than or equal to 900" },
    { "43,200 at most", ASSUME(A, BY_ANN, "DurationSeconds=43201"), 400, "ValidationError",
      ONE "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value "
          "less than or equal to 43200" },
    { "no fraction of a second", ASSUME(A, BY_ANN, "DurationSeconds=900.0"), 400, "MalformedInput",
      NULL },
    { "not more than the role's maximum", ASSUME(A, BY_ANN, "DurationSeconds=7201"), 400,
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role." },
    { "an external id without spaces", ASSUME(A, BY_ANN, "ExternalId=a b"), 400, "ValidationError",
      NO_MATCH("a b", "externalId", "[\\w+=,.@:\\/-]*") },
    { "a source identity of 64 characters", ASSUME(A, BY_ANN, "SourceIdentity=" LONG_64 "x"), 400,
      "ValidationError", TOO_LONG(LONG_64 "x", "sourceIdentity", "64") },
    { "a serial number of nine", ASSUME(A, BY_ANN, "SerialNumber=12345678"), 400, "ValidationError",
      TOO_SHORT("12345678", "serialNumber", "9") },
    { "a code of six", ASSUME(A, BY_ANN, "TokenCode=12345"), 400, "ValidationError",
      TOO_SHORT("12345", "tokenCode", "6") },
    { "a code of digits", ASSUME(A, BY_ANN, "TokenCode=12345x"), 400, "ValidationError",
      NO_MATCH("12345x", "tokenCode", "[\\d]*") },
    { "a code without a device", ASSUME(A, BY_ANN, "TokenCode=123456"), 403, "AccessDenied",
      MFA_HALF },
    { "a device without a code", ASSUME(A, BY_ANN, "SerialNumber=arn:aws:iam::" A ":mfa/ann"), 403,
      "AccessDenied", MFA_HALF },
    { "a device nobody has",
      ASSUME(A, BY_ANN, "SerialNumber=arn:aws:iam::" A ":mfa/ann", "TokenCode=123456"), 403,
      "AccessDenied", MFA_INVALID },
    { "a context nobody asserts",
      ASSUME(A, BY_ANN,
             "ProvidedContexts.member.1.ProviderArn=arn:aws:iam::aws:contextProvider/"
             "IdentityCenter",
             "ProvidedContexts.member.1.ContextAssertion=abcd"),
      400, "ValidationError", "The context assertion provided could not be validated." },
    { "a tag has a key", ASSUME(A, BY_ANN, "Tags.member.1.Value=v"), 400, "ValidationError",
      ONE "Value null at 'tags.1.member.key' failed to satisfy constraint: Member must not be "
          "null" },
    { "a tag key once, whatever its case",
      ASSUME(A, BY_ANN, "Tags.member.1.Key=k", "Tags.member.1.Value=1", "Tags.member.2.Key=K",
             "Tags.member.2.Value=2"),
      400, "InvalidParameterValue",
      "Duplicate tag keys found. Please note that Tag keys are case insensitive." },
    { "no tag key of AWS's", ASSUME(A, BY_ANN, "Tags.member.1.Key=AWS:k", "Tags.member.1.Value=1"),
      400, "InvalidParameterValue",
      "aws: prefixed tag key names are not allowed for external use." },
    { "a transitive tag is one of the tags",
      ASSUME(A, BY_ANN, "Tags.member.1.Key=k", "Tags.member.1.Value=1",
             "TransitiveTagKeys.member.1=j"),
      400, "InvalidParameterValue",
      "The specified transitive tag key must be included in the requested tags." },
    { "a policy is JSON", ASSUME(A, BY_ANN, "Policy={"), 400, "MalformedPolicyDocument",
      "The policy is not in the valid JSON format." },
    { "a policy is a policy", ASSUME(A, BY_ANN, "Policy={\"Statement\":7}"), 400,
      "MalformedPolicyDocument", NULL },
    { "a policy is text of Latin-1", ASSUME(A, BY_ANN, "Policy=\xE2\x82\xAC"), 400,
      "ValidationError",
      NO_MATCH("\xE2\x82\xAC", "policy", "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+") },
    { "a managed policy exists",
      ASSUME(A, BY_ANN, "PolicyArns.member.1.arn=arn:aws:iam::" A ":policy/none"), 400,
      "MalformedPolicyDocument",
      "Policy arn:aws:iam::" A ":policy/none does not exist or is not attachable." },
    { "in the role's account",
      ASSUME(A, BY_ANN, "PolicyArns.member.1.arn=arn:aws:iam::" B ":policy/look"), 400,
      "MalformedPolicyDocument",
      "Policy arn:aws:iam::" B ":policy/look does not exist or is not attachable." },
    { "which the caller's is not",
      ASSUME(B, "partner", "PolicyArns.member.1.arn=arn:aws:iam::" A ":policy/look"), 400,
      "MalformedPolicyDocument",
      "Policy arn:aws:iam::" A ":policy/look does not exist or is not attachable." },
};

START_TEST(what_aws_does_not_take_is_refused_in_its_words)
{
    struct iam_fixture *f = sts_world_new(config, config_rest);
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &ann, refusals[_i].parameters);
    iam_fixture_want(&r, refusals[_i].name, refusals[_i].status, refusals[_i].code,
                     refusals[_i].message);
    iam_fixture_free(f);
}
END_TEST

/* Limits at which a parameter is still taken. */
static const struct {
    const char *name;
    const char *const *parameters;
} taken[] = {
    { "the longest and the shortest names",
      P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, BY_ANN), "RoleSessionName=" LONG_64,
        "SourceIdentity=ab", "ExternalId=ab") },
    { "900 seconds, spelled as it may be", ASSUME(A, BY_ANN, "DurationSeconds=+0900") },
    { "AWS's own managed policy, whether it is here or not",
      ASSUME(A, BY_ANN, "PolicyArns.member.1.arn=arn:aws:iam::aws:policy/SomeOtherPolicy") },
    { "the account's managed policy",
      ASSUME(A, BY_ANN, "PolicyArns.member.1.arn=arn:aws:iam::" A ":policy/look") },
    { "a tag without a value", ASSUME(A, BY_ANN, "Tags.member.1.Key=k", "Tags.member.1.Value=") },
    { "a transitive key in another case, and twice",
      ASSUME(A, BY_ANN, "Tags.member.1.Key=Key", "Tags.member.1.Value=v",
             "TransitiveTagKeys.member.1=key", "TransitiveTagKeys.member.2=KEY") },
};

START_TEST(what_aws_takes_is_taken)
{
    struct iam_fixture *f = sts_world_new(config, config_rest);
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &ann, taken[_i].parameters);
    iam_fixture_want(&r, taken[_i].name, 200, "", NULL);
    iam_fixture_free(f);
}
END_TEST

/* "Key=k1" and so on, n tags and as many transitive keys. */
static struct iam_fixture_reply with_tags(struct iam_fixture *f, const struct iam_fixture_key *as,
                                          const char *role, size_t n, size_t n_transitive,
                                          const char *prefix)
{
    const char *parameters[160] = { "Action=AssumeRole", "RoleSessionName=s1",
                                    arena_printf(f->arena, "RoleArn=" ROLE_ARN(A, "%s"), role).p };
    size_t at = 3;
    for (size_t i = 1; i <= n; i++) {
        parameters[at++] = arena_printf(f->arena, "Tags.member.%zu.Key=%s%zu", i, prefix, i).p;
        parameters[at++] = arena_printf(f->arena, "Tags.member.%zu.Value=", i).p;
    }
    for (size_t i = 1; i <= n_transitive; i++)
        parameters[at++] =
            arena_printf(f->arena, "TransitiveTagKeys.member.%zu=%s%zu", i, prefix, i).p;
    parameters[at] = NULL;
    return iam_fixture_send(f, SERVICE_STS, as, parameters);
}

START_TEST(a_session_has_fifty_tags)
{
    struct iam_fixture *f = sts_world_new(config, config_rest);
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply r = with_tags(f, &ann, BY_ANN, 50, 0, "k");
    iam_fixture_want(&r, "fifty", 200, "", NULL);
    r = with_tags(f, &ann, BY_ANN, 51, 0, "k");
    iam_fixture_want(&r, "fifty-one", 400, "ValidationError", NULL);
    ck_assert(str_contains(r.message, STR("at 'tags' failed to satisfy constraint: Member must "
                                          "have length less than or equal to 50")));
    r = with_tags(f, &ann, BY_ANN, 30, 30, "k");
    iam_fixture_want(&r, "thirty that are handed on", 200, "", NULL);
    struct iam_fixture_key session = iam_fixture_credentials(&r);
    r = with_tags(f, &session, "by-anybody", 20, 20, "j");
    iam_fixture_want(&r, "and twenty more", 200, "", NULL);
    r = with_tags(f, &session, "by-anybody", 21, 0, "j");
    iam_fixture_want(&r, "one too many", 400, "InvalidParameterValue",
                     "The number of session tags, transitive tags of the calling session included, "
                     "cannot exceed 50.");
    iam_fixture_free(f);
}
END_TEST

/* One character of policy is a thirtieth of a percent, above 745 thirtieths. */
START_TEST(a_policy_is_packed)
{
    struct iam_fixture *f = sts_world_new(config, config_rest);
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    static const struct {
        int spaces, status;
        const char *tells;
    } rows[] = {
        { 2224, 200, "<PackedPolicySize>100</PackedPolicySize>" },
        { 2225, 400,
          "<Message>Packed policy consumes 101% of allotted space, please use smaller "
          "policy.</Message>" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *policy =
            arena_printf(f->arena, "Policy=%*s" SMALL_POLICY, rows[i].spaces, "").p;
        struct iam_fixture_reply r =
            iam_fixture_send(f, SERVICE_STS, &ann, ASSUME(A, BY_ANN, policy));
        iam_fixture_want(&r, "packed", rows[i].status,
                         rows[i].status == 200 ? "" : "PackedPolicyTooLarge", NULL);
        ck_assert_msg(str_contains(r.body, str_of(rows[i].tells)), "%.*s", STR_ARG(r.body));
    }
    iam_fixture_free(f);
}
END_TEST

/* ---- what a session may do ---- */

static const struct {
    const char *name;
    const char *const *parameters;
    bool get, list; /* whether iam:GetRole and iam:ListRoles are allowed */
} limits[] = {
    { "all the role may", ASSUME(A, BY_ANN, "DurationSeconds=900"), true, true },
    { "not what the session's policy leaves out",
      ASSUME(A, BY_ANN,
             "Policy={\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iam:GetRole\","
             "\"Resource\":\"*\"}}"),
      true, false },
    { "not what the managed one does",
      ASSUME(A, BY_ANN, "PolicyArns.member.1.arn=arn:aws:iam::" A ":policy/look"), true, false },
    { "not what a policy of AWS's without a document does",
      ASSUME(A, BY_ANN, "PolicyArns.member.1.arn=arn:aws:iam::aws:policy/SomeOther"), false,
      false },
    { "not more than the role may", ASSUME(A, "by-anybody", "Policy=" SMALL_POLICY), false, false },
};

START_TEST(a_session_may_what_role_and_policies_allow)
{
    struct iam_fixture *f = sts_world_new(config, config_rest);
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_key s = sts_world_session(f, limits[_i].name, &ann, limits[_i].parameters);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &s, "Action=GetRole", "RoleName=by-bob", NULL);
    ck_assert_msg((r.status == 200) == limits[_i].get, "%s: GetRole %d", limits[_i].name, r.status);
    r = iam_fixture_call(f, SERVICE_IAM, &s, "Action=ListRoles", NULL);
    ck_assert_msg((r.status == 200) == limits[_i].list, "%s: ListRoles %d", limits[_i].name,
                  r.status);
    iam_fixture_free(f);
}
END_TEST

/* ---- the root ---- */

START_TEST(the_root_assumes_no_role)
{
    struct iam_fixture *f = sts_world_new(config, config_rest);
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &iam_fixture_root,
                                                  ASSUME(A, "by-anybody", "DurationSeconds=900"));
    iam_fixture_want(&r, "its key", 403, "AccessDenied",
                     "Roles may not be assumed by root accounts.");
    struct iam_fixture_key session =
        sts_world_session(f, "its session", &iam_fixture_root, P("Action=GetSessionToken"));
    r = iam_fixture_send(f, SERVICE_STS, &session, ASSUME(A, "by-anybody", "DurationSeconds=900"));
    iam_fixture_want(&r, "its session", 403, "AccessDenied",
                     "Roles may not be assumed by root accounts.");
    iam_fixture_free(f);
}
END_TEST

START_TEST(an_unsigned_call_is_told_so)
{
    struct iam_fixture *f = sts_world_new(config, config_rest);
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_STS, NULL, ASSUME(A, BY_ANN, "DurationSeconds=900"));
    iam_fixture_want(&r, "unsigned", 403, "MissingAuthenticationToken",
                     "Request is missing Authentication Token");
    iam_fixture_free(f);
}
END_TEST

Suite *assume_role_suite(void);

Suite *assume_role_suite(void)
{
    Suite *s = suite_create("assume_role");
    TCase *t = tcase_create("AssumeRole");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_reply_has_what_aws_writes);
    tcase_add_loop_test(t, a_role_lets_in_whom_the_policies_say, 0,
                        sizeof permissions / sizeof permissions[0]);
    tcase_add_loop_test(t, what_aws_does_not_take_is_refused_in_its_words, 0,
                        sizeof refusals / sizeof refusals[0]);
    tcase_add_loop_test(t, what_aws_takes_is_taken, 0, sizeof taken / sizeof taken[0]);
    tcase_add_test(t, a_session_has_fifty_tags);
    tcase_add_test(t, a_policy_is_packed);
    tcase_add_loop_test(t, a_session_may_what_role_and_policies_allow, 0,
                        sizeof limits / sizeof limits[0]);
    tcase_add_test(t, the_root_assumes_no_role);
    tcase_add_test(t, an_unsigned_call_is_told_so);
    suite_add_tcase(s, t);
    return s;
}
