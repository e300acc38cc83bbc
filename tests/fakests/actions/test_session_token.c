#include "tests/fakests/actions/sts_world.h"

/* GetSessionToken and GetFederationToken, and what their credentials may do. */

/* clang-format off */
static const char config[] =
    "{'users':["
    "{'name':'ann','path':'/staff/','id':'AIDARZPUZDIKANN000001','tags':{'team':'core'},"
      "'policies':{'all':" ALLOW("'*'", "*") "}},"
    "{'name':'bob'},"
    "{'name':'carl','policies':{'federate':" ALLOW("'sts:GetFederationToken'",
      "arn:aws:sts::" A ":federated-user/Carl*") "}},"
    "{'name':'dora','policies':{'federate':" ALLOW("'sts:GetFederationToken'", "*") ","
      "'tag':{" VERSION ",'Statement':{'Effect':'Allow','Action':'sts:TagSession','Resource':'*',"
        "'Condition':{'StringEquals':{'aws:RequestTag/team':'core'}}}}}}],"
    "'credentials':[{'access_key_id':'test','secret_access_key':'test'},"
      KEY("AKIAANN", "ann") "," KEY("AKIABOB", "bob") "," KEY("AKIACARL", "carl") ","
      KEY("AKIADORA", "dora") "],"
    "'managed_policies':[{'name':'look','policy':" ALLOW("'iam:GetRole'", "*") "}],"
    "'roles':["
    ROLE("r", TRUST(USER_ARN(A, "staff/ann"), ALL, ""), ",'policies':{'all':" ALLOW("'*'", "*") "}")
      ","
    ROLE("of-account", TRUST("arn:aws:iam::" A ":root", ALL, ""), "")
    "]}";
/* clang-format on */

#define ANN       USER_ARN(A, "staff/ann")
#define FED(name) "arn:aws:sts::" A ":federated-user/" name
#define ONE       "1 validation error detected: "
#define ALL_POLICY \
    "Policy={\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"
#define TAG(n, key, value) "Tags.member." n ".Key=" key, "Tags.member." n ".Value=" value
#define INVALID_TOKEN      "The security token included in the request is invalid."

static struct str credentials_text(struct iam_fixture *f, const struct iam_fixture_reply *r,
                                   const char *end)
{
    struct iam_fixture_key key = iam_fixture_credentials(r);
    return arena_printf(f->arena,
                        "    <Credentials>\n"
                        "      <AccessKeyId>%.*s</AccessKeyId>\n"
                        "      <SecretAccessKey>%.*s</SecretAccessKey>\n"
                        "      <SessionToken>%.*s</SessionToken>\n"
                        "      <Expiration>%s</Expiration>\n"
                        "    </Credentials>\n",
                        STR_ARG(key.access_key_id), STR_ARG(key.secret_access_key),
                        STR_ARG(key.session_token), end);
}

/* ---- GetSessionToken ---- */

/* The durations' spellings are recorded answers. */
static const struct {
    const char *name, *key; /* NULL: the root's */
    const char *const *parameters;
    const char *expires; /* of a success */
    int status;
    const char *code, *message;
} sessions[] = {
    { "twelve hours by default", "AKIAANN", P("Action=GetSessionToken"), "2026-09-12T00:00:00Z",
      200, "", NULL },
    { "no permission is needed", "AKIABOB", P("Action=GetSessionToken"), "2026-09-12T00:00:00Z",
      200, "", NULL },
    { "36 hours at most", "AKIAANN", P("Action=GetSessionToken", "DurationSeconds=129600"),
      "2026-09-13T00:00:00Z", 200, "", NULL },
    { "900 with a zero before it", "AKIAANN", P("Action=GetSessionToken", "DurationSeconds=0900"),
      "2026-09-11T12:15:00Z", 200, "", NULL },
    { "900 with a plus", "AKIAANN", P("Action=GetSessionToken", "DurationSeconds=+900"),
      "2026-09-11T12:15:00Z", 200, "", NULL },
    { "900 among spaces is none", "AKIAANN", P("Action=GetSessionToken", "DurationSeconds= 900 "),
      NULL, 400, "MalformedInput", NULL },
    { "900.0 is none", "AKIAANN", P("Action=GetSessionToken", "DurationSeconds=900.0"), NULL, 400,
      "MalformedInput", NULL },
    { "9e2 is none", "AKIAANN", P("Action=GetSessionToken", "DurationSeconds=9e2"), NULL, 400,
      "MalformedInput", NULL },
    { "0 is too small", "AKIAANN", P("Action=GetSessionToken", "DurationSeconds=0"), NULL, 400,
      "ValidationError",
      ONE "Value '0' at 'durationSeconds' failed to satisfy constraint: Member must have value "
          "greater than or equal to 900" },
    { "129,601 is too much", "AKIAANN", P("Action=GetSessionToken", "DurationSeconds=129601"), NULL,
      400, "ValidationError",
      ONE "Value '129601' at 'durationSeconds' failed to satisfy constraint: Member must have "
          "value less than or equal to 129600" },
    { "an hour for the root", NULL, P("Action=GetSessionToken"), "2026-09-11T13:00:00Z", 200, "",
      NULL },
    { "whatever it asks for", NULL, P("Action=GetSessionToken", "DurationSeconds=7200"),
      "2026-09-11T13:00:00Z", 200, "", NULL },
    { "unless it is less", NULL, P("Action=GetSessionToken", "DurationSeconds=900"),
      "2026-09-11T12:15:00Z", 200, "", NULL },
    { "a code without a device", "AKIAANN", P("Action=GetSessionToken", "TokenCode=123456"), NULL,
      403, "AccessDenied",
      "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass "
      "code." },
    { "a device nobody has", "AKIAANN",
      P("Action=GetSessionToken", "SerialNumber=GAHT12345678", "TokenCode=123456"), NULL, 403,
      "AccessDenied",
      "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA "
      "serial number is valid and associated with this user." },
    { "a serial number of eight", "AKIAANN",
      P("Action=GetSessionToken", "SerialNumber=12345678", "TokenCode=123456"), NULL, 400,
      "ValidationError",
      ONE "Value '12345678' at 'serialNumber' failed to satisfy constraint: Member must have "
          "length greater than or equal to 9" },
};

START_TEST(a_session_token_lasts_as_long_as_aws_gives_it)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key key =
        sessions[_i].key ? sts_world_key(f, sessions[_i].key) : iam_fixture_root;
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &key, sessions[_i].parameters);
    iam_fixture_want(&r, sessions[_i].name, sessions[_i].status, sessions[_i].code,
                     sessions[_i].message);
    if (sessions[_i].expires)
        iam_fixture_want_body(
            &r, sessions[_i].name,
            arena_printf(f->arena,
                         "<GetSessionTokenResponse xmlns=\"" STS_XMLNS "\">\n"
                         "  <GetSessionTokenResult>\n"
                         "%.*s"
                         "  </GetSessionTokenResult>\n" REPLY_END("GetSessionToken"),
                         STR_ARG(credentials_text(f, &r, sessions[_i].expires)))
                .p);
    iam_fixture_free(f);
}
END_TEST

static void want_identity(struct iam_fixture *f, const char *what,
                          const struct iam_fixture_key *key, const char *arn, const char *user_id)
{
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_STS, key, "Action=GetCallerIdentity", NULL);
    iam_fixture_want_body(
        &r, what,
        arena_printf(f->arena,
                     "<GetCallerIdentityResponse xmlns=\"" STS_XMLNS "\">\n"
                     "  <GetCallerIdentityResult>\n"
                     "    <Arn>%s</Arn>\n"
                     "    <UserId>%s</UserId>\n"
                     "    <Account>" A "</Account>\n"
                     "  </GetCallerIdentityResult>\n" REPLY_END("GetCallerIdentity"),
                     arn, user_id)
            .p);
}

START_TEST(a_session_is_who_asked_for_it)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_key s = sts_world_session(f, "ann's", &ann, P("Action=GetSessionToken"));
    want_identity(f, "ann's key", &ann, ANN, "AIDARZPUZDIKANN000001");
    want_identity(f, "ann's session", &s, ANN, "AIDARZPUZDIKANN000001");
    s = sts_world_session(f, "the root's", &iam_fixture_root, P("Action=GetSessionToken"));
    want_identity(f, "the root's session", &s, "arn:aws:iam::" A ":root", A);
    s = sts_world_session(f, "federated", &ann, P("Action=GetFederationToken", "Name=Zoe"));
    want_identity(f, "the federated user's", &s, FED("Zoe"), A ":Zoe");
    s = sts_world_session(
        f, "role", &ann, P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, "r"), "RoleSessionName=s1"));
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_STS, &s, "Action=GetCallerIdentity", NULL);
    want_str("the role's session", iam_fixture_text(&r, "GetCallerIdentityResult/Arn"),
             STR(SESSION_ARN(A, "r", "s1")));
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_session_lasts_no_longer_than_it_says)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_key s =
        sts_world_session(f, "session", &ann, P("Action=GetSessionToken", "DurationSeconds=900"));
    clock_advance(&f->clock, 899 * 1000);
    want_str("a second before", sts_world_who(f, &s), STR(ANN));
    clock_advance(&f->clock, 1000);
    want_str("at its end", sts_world_who(f, &s), STR("ExpiredToken"));
    iam_fixture_free(f);
}
END_TEST

/* ---- what each kind of credentials may ask for ---- */

#define ASK_SESSION        P("Action=GetSessionToken")
#define ASK_FEDERATED      P("Action=GetFederationToken", "Name=Zoe", ALL_POLICY)
#define ASK_ROLE           P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, "of-account"), "RoleSessionName=s1")
#define ASK_TOKEN          P("Action=GetWebIdentityToken", "Audience.member.1=a", "SigningAlgorithm=RS256")
#define ASK_DECODE         P("Action=DecodeAuthorizationMessage", "EncodedMessage=abc")
#define ASK_KEY            P("Action=GetAccessKeyInfo", "AccessKeyId=AKIARZPUZDIKAAAAAAAA")
#define NO_SESSION(action) "Cannot call " action " with session credentials"

/* How a session is made: with ann's key, or with the role's that she assumed. */
static const struct {
    const char *name;
    bool of_root;
    const char *const *session; /* NULL: a role's */
    const char *const *ask;
    int status;
    const char *code, *message;
} kinds[] = {
    { "a user's session gives no other", false, ASK_SESSION, ASK_SESSION, 403, "AccessDenied",
      NO_SESSION("GetSessionToken") },
    { "the root's neither", true, ASK_SESSION, ASK_SESSION, 403, "AccessDenied",
      NO_SESSION("GetSessionToken") },
    { "a federated user's neither", false, ASK_FEDERATED, ASK_SESSION, 403, "AccessDenied",
      NO_SESSION("GetSessionToken") },
    { "a role's neither", false, NULL, ASK_SESSION, 403, "AccessDenied",
      NO_SESSION("GetSessionToken") },
    { "a user's session federates nobody", false, ASK_SESSION, ASK_FEDERATED, 403, "AccessDenied",
      NO_SESSION("GetFederationToken") },
    { "a federated user's neither", false, ASK_FEDERATED, ASK_FEDERATED, 403, "AccessDenied",
      NO_SESSION("GetFederationToken") },
    { "a role's neither", false, NULL, ASK_FEDERATED, 403, "AccessDenied",
      NO_SESSION("GetFederationToken") },
    { "a user's session assumes roles", false, ASK_SESSION, ASK_ROLE, 200, "", NULL },
    { "a federated user's does not", false, ASK_FEDERATED, ASK_ROLE, 403, "AccessDenied",
      NOT_AUTHORIZED(FED("Zoe"), "sts:AssumeRole", ROLE_ARN(A, "of-account")) },
    { "a federated user's gets no web identity token", false, ASK_FEDERATED, ASK_TOKEN, 403,
      "AccessDenied",
      NOT_AUTHORIZED(FED("Zoe"), "sts:GetWebIdentityToken", "arn:aws:sts::" A ":self") },
    { "and decodes nothing", false, ASK_FEDERATED, ASK_DECODE, 403, "AccessDenied",
      NOT_AUTHORIZED(FED("Zoe"), "sts:DecodeAuthorizationMessage", "*") },
    { "a role's session does, as far as that", false, NULL, ASK_DECODE, 400,
      "InvalidAuthorizationMessageException", NULL },
    { "whose key it is is told to any", false, ASK_FEDERATED, ASK_KEY, 200, "", NULL },
};

START_TEST(credentials_of_a_kind_may_ask_what_aws_lets_them)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    const char *const *session =
        kinds[_i].session
            ? kinds[_i].session
            : P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, "r"), "RoleSessionName=s1");
    struct iam_fixture_key s =
        sts_world_session(f, kinds[_i].name, kinds[_i].of_root ? &iam_fixture_root : &ann, session);
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &s, kinds[_i].ask);
    iam_fixture_want(&r, kinds[_i].name, kinds[_i].status, kinds[_i].code, kinds[_i].message);
    iam_fixture_free(f);
}
END_TEST

/* IAM takes a role's sessions only: no code was given for the others, and none can be. */
START_TEST(iam_wants_a_code)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    const struct {
        const char *name;
        const struct iam_fixture_key *as;
        const char *const *session;
        bool taken;
    } rows[] = {
        { "a role's session", &ann,
          P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, "r"), "RoleSessionName=s1"), true },
        { "a user's", &ann, ASK_SESSION, false },
        { "the root's", &iam_fixture_root, ASK_SESSION, false },
        { "a federated user's", &ann, ASK_FEDERATED, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct iam_fixture_key s = sts_world_session(f, rows[i].name, rows[i].as, rows[i].session);
        struct iam_fixture_reply r =
            iam_fixture_call(f, SERVICE_IAM, &s, "Action=GetRole", "RoleName=r", NULL);
        if (rows[i].taken) {
            iam_fixture_want(&r, rows[i].name, 200, "", NULL);
            continue;
        }
        iam_fixture_want(&r, rows[i].name, 403, "InvalidClientTokenId", INVALID_TOKEN);
        ck_assert_msg(str_starts(r.reason, STR("session-limited;")), "%.*s", STR_ARG(r.reason));
    }
    iam_fixture_free(f);
}
END_TEST

/* ---- GetFederationToken ---- */

START_TEST(a_federation_token_has_what_the_model_says)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_STS, &ann, "Action=GetFederationToken", "Name=Zoe", NULL);
    iam_fixture_want(&r, "no policy", 200, "", NULL);
    struct str wanted =
        arena_join(f->arena,
                   STR("<GetFederationTokenResponse xmlns=\"" STS_XMLNS "\">\n"
                       "  <GetFederationTokenResult>\n"),
                   credentials_text(f, &r, "2026-09-12T00:00:00Z"),
                   STR("    <FederatedUser>\n"
                       "      <FederatedUserId>" A ":Zoe</FederatedUserId>\n"
                       "      <Arn>" FED("Zoe") "</Arn>\n"
                                                "    </FederatedUser>\n"
                                                "  </GetFederationTokenResult>\n" REPLY_END(
                                                    "GetFederationToken")));
    want_str("no policy", r.body, wanted);
    r = iam_fixture_call(f, SERVICE_STS, &ann, "Action=GetFederationToken", "Name=Zoe", ALL_POLICY,
                         NULL);
    want_str("beside a policy", iam_fixture_text(&r, "GetFederationTokenResult/PackedPolicySize"),
             STR("26"));
    iam_fixture_free(f);
}
END_TEST

static const struct {
    const char *name, *key; /* NULL: the root's */
    const char *const *parameters;
    int status;
    const char *code, *message;
} federations[] = {
    { "the root may", NULL, P("Action=GetFederationToken", "Name=Zoe"), 200, "", NULL },
    { "a user without the permission may not", "AKIABOB",
      P("Action=GetFederationToken", "Name=Zoe"), 403, "AccessDenied",
      NOT_AUTHORIZED(USER_ARN(A, "bob"), "sts:GetFederationToken",
                     FED("Zoe")) " because no identity-based policy allows the "
                                 "sts:GetFederationToken action" },
    { "a user with it for some names", "AKIACARL", P("Action=GetFederationToken", "Name=Carlotta"),
      200, "", NULL },
    { "may not with another", "AKIACARL", P("Action=GetFederationToken", "Name=Zoe"), 403,
      "AccessDenied", NULL },
    { "tags want a permission of their own", "AKIACARL",
      P("Action=GetFederationToken", "Name=Carl", TAG("1", "team", "core")), 403, "AccessDenied",
      NOT_AUTHORIZED(USER_ARN(A, "carl"), "sts:TagSession", FED("Carl")) },
    { "the tags it allows", "AKIADORA",
      P("Action=GetFederationToken", "Name=Zoe", TAG("1", "team", "core")), 200, "", NULL },
    { "not others", "AKIADORA",
      P("Action=GetFederationToken", "Name=Zoe", TAG("1", "team", "edge")), 403, "AccessDenied",
      NOT_AUTHORIZED(USER_ARN(A, "dora"), "sts:TagSession", FED("Zoe")) },
    { "a name is required", "AKIAANN", P("Action=GetFederationToken"), 400, "ValidationError",
      ONE "Value null at 'name' failed to satisfy constraint: Member must not be null" },
    { "of two characters", "AKIAANN", P("Action=GetFederationToken", "Name=Z"), 400,
      "ValidationError",
      ONE "Value 'Z' at 'name' failed to satisfy constraint: Member must have length greater than "
          "or equal to 2" },
    { "at least", "AKIAANN", P("Action=GetFederationToken", "Name=Zo"), 200, "", NULL },
    { "of 32 at most", "AKIAANN",
      P("Action=GetFederationToken", "Name=01234567890123456789012345678901"), 200, "", NULL },
    { "not 33", "AKIAANN", P("Action=GetFederationToken", "Name=012345678901234567890123456789012"),
      400, "ValidationError",
      ONE "Value '012345678901234567890123456789012' at 'name' failed to satisfy constraint: "
          "Member must have length less than or equal to 32" },
    { "900 seconds at least", "AKIAANN",
      P("Action=GetFederationToken", "Name=Zoe", "DurationSeconds=899"), 400, "ValidationError",
      NULL },
    { "an empty policy is none", "AKIAANN", P("Action=GetFederationToken", "Name=Zoe", "Policy="),
      400, "ValidationError", NULL },
    { "a policy is a policy", "AKIAANN", P("Action=GetFederationToken", "Name=Zoe", "Policy=[]"),
      400, "MalformedPolicyDocument", NULL },
    { "a managed policy exists", "AKIAANN",
      P("Action=GetFederationToken", "Name=Zoe",
        "PolicyArns.member.1.arn=arn:aws:iam::" A ":policy/none"),
      400, "MalformedPolicyDocument",
      "Policy arn:aws:iam::" A ":policy/none does not exist or is not attachable." },
    { "a tag key once", "AKIAANN",
      P("Action=GetFederationToken", "Name=Zoe", TAG("1", "k", "1"), TAG("2", "K", "2")), 400,
      "InvalidParameterValue",
      "Duplicate tag keys found. Please note that Tag keys are case insensitive." },
    { "no transitive tags: it has no such parameter", "AKIAANN",
      P("Action=GetFederationToken", "Name=Zoe", TAG("1", "k", "1"),
        "TransitiveTagKeys.member.1=j"),
      200, "", NULL },
};

START_TEST(a_federation_token_is_given_as_aws_gives_it)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key key =
        federations[_i].key ? sts_world_key(f, federations[_i].key) : iam_fixture_root;
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &key, federations[_i].parameters);
    iam_fixture_want(&r, federations[_i].name, federations[_i].status, federations[_i].code,
                     federations[_i].message);
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_long_policy_is_packed_over_the_maximum)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    const char *policy = arena_printf(f->arena, "%s%*s", ALL_POLICY, 1980, "").p;
    const char *arns = "PolicyArns.member.1.arn=arn:aws:iam::aws:policy/0123456789012345678901234"
                       "5678901234567890123456789012345678901234567890123456789012345678901234567"
                       "8901234567890123456789012345678901234567890123456789012345678901234567890"
                       "12345678901234567890123456789012345678901234567890123456789012345678";
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_STS, &ann, "Action=GetFederationToken",
                                                  "Name=Zoe", policy, NULL);
    iam_fixture_want(&r, "long", 200, "", NULL);
    r = iam_fixture_call(f, SERVICE_STS, &ann, "Action=GetFederationToken", "Name=Zoe", policy,
                         arns, NULL);
    iam_fixture_want(&r, "too long", 400, "PackedPolicyTooLarge",
                     "Packed policy consumes 101% of allotted space, please use smaller policy.");
    iam_fixture_free(f);
}
END_TEST

Suite *session_token_suite(void);

Suite *session_token_suite(void)
{
    Suite *s = suite_create("session_token");
    TCase *t = tcase_create("GetSessionToken");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_session_token_lasts_as_long_as_aws_gives_it, 0,
                        sizeof sessions / sizeof sessions[0]);
    tcase_add_test(t, a_session_is_who_asked_for_it);
    tcase_add_test(t, a_session_lasts_no_longer_than_it_says);
    tcase_add_loop_test(t, credentials_of_a_kind_may_ask_what_aws_lets_them, 0,
                        sizeof kinds / sizeof kinds[0]);
    tcase_add_test(t, iam_wants_a_code);
    suite_add_tcase(s, t);
    t = tcase_create("GetFederationToken");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_federation_token_has_what_the_model_says);
    tcase_add_loop_test(t, a_federation_token_is_given_as_aws_gives_it, 0,
                        sizeof federations / sizeof federations[0]);
    tcase_add_test(t, a_long_policy_is_packed_over_the_maximum);
    suite_add_tcase(s, t);
    return s;
}
