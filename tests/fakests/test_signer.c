#include "tests/fakests/iam_fixture.h"
#include "tests/support/runner.h"

/* Whom a signed request comes from: the access keys of a config, and a web identity's session. */

#define ALICE_ID "AIDARZPUZDIKALICEAAAA"

static const char config[] =
    "{\"users\":[{\"name\":\"alice\",\"path\":\"/staff/\",\"id\":\"" ALICE_ID "\"},"
    "{\"name\":\"bob\"}],"
    "\"credentials\":[{\"access_key_id\":\"test\",\"secret_access_key\":\"test\"},"
    "{\"access_key_id\":\"AKIAALICE00000000001\",\"secret_access_key\":\"one\",\"user\":\"alice\"},"
    "{\"access_key_id\":\"AKIAALICE00000000002\",\"secret_access_key\":\"two\",\"user\":\"alice\","
    "\"status\":\"Inactive\"},"
    "{\"access_key_id\":\"AKIAROOT000000000001\",\"secret_access_key\":\"root\","
    "\"status\":\"Inactive\"}],"
    "\"oidc_providers\":[{\"url\":\"https://ci.example.com\",\"client_ids\":[\"me\"]}],"
    "\"roles\":[{\"name\":\"ci\",\"trust_policy\":{\"Version\":\"2012-10-17\",\"Statement\":{"
    "\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Principal\":{"
    "\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/ci.example.com\"}}},"
    "\"policies\":{\"p\":{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
    "\"Action\":\"iam:ListOpenIDConnectProviders\",\"Resource\":\"*\",\"Condition\":{"
    "\"StringEquals\":{\"ci.example.com:sub\":\"job\",\"ci.example.com:aud\":\"me\"},"
    "\"ForAnyValue:StringEquals\":{\"ci.example.com:amr\":\"mfa\"}}}}}}]}";

static struct iam_fixture *f;

static void set_up(void)
{
    f = iam_fixture_new(config);
}

static void tear_down(void)
{
    iam_fixture_free(f);
}

/* ---- access keys ---- */

#define NOT_VALID "The security token included in the request is invalid."

static const struct {
    const char *name;
    struct iam_fixture_key key;
    const char *arn, *user_id; /* or */
    const char *reason;
} keys[] = {
    { "the root's",
      { STR_INIT("test"), STR_INIT("test"), { NULL, 0 } },
      "arn:aws:iam::123456789012:root",
      "123456789012",
      NULL },
    { "a user's, with the user's path and id",
      { STR_INIT("AKIAALICE00000000001"), STR_INIT("one"), { NULL, 0 } },
      "arn:aws:iam::123456789012:user/staff/alice",
      ALICE_ID,
      NULL },
    { "a user's that is inactive",
      { STR_INIT("AKIAALICE00000000002"), STR_INIT("two"), { NULL, 0 } },
      NULL,
      NULL,
      "access-key-unknown; the access key is inactive" },
    { "the root's that is inactive",
      { STR_INIT("AKIAROOT000000000001"), STR_INIT("root"), { NULL, 0 } },
      NULL,
      NULL,
      "access-key-unknown; the access key is inactive" },
    { "nobody's",
      { STR_INIT("AKIANOBODY0000000001"), STR_INIT("one"), { NULL, 0 } },
      NULL,
      NULL,
      "access-key-unknown; the config holds no access key of that id" },
};

START_TEST(a_key_is_who_it_belongs_to)
{
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_STS, &keys[_i].key, "Action=GetCallerIdentity", NULL);
    if (keys[_i].reason) {
        iam_fixture_want(&r, keys[_i].name, 403, "InvalidClientTokenId", NOT_VALID);
        want_str(keys[_i].name, r.reason, str_of(keys[_i].reason));
        return;
    }
    iam_fixture_want(&r, keys[_i].name, 200, "", NULL);
    want_str("arn", iam_fixture_text(&r, "GetCallerIdentityResult/Arn"), str_of(keys[_i].arn));
    want_str("user id", iam_fixture_text(&r, "GetCallerIdentityResult/UserId"),
             str_of(keys[_i].user_id));
}
END_TEST

/* GetAccessKeyInfo "works for inactive keys" (aws.md section 6.1). */
START_TEST(an_inactive_key_still_has_its_account)
{
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_STS, &iam_fixture_root, "Action=GetAccessKeyInfo",
                         "AccessKeyId=AKIAALICE00000000002", NULL);
    iam_fixture_want_body(
        &r, "inactive",
        "<GetAccessKeyInfoResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
        "  <GetAccessKeyInfoResult>\n"
        "    <Account>123456789012</Account>\n"
        "  </GetAccessKeyInfoResult>\n"
        "  <ResponseMetadata>\n"
        "    <RequestId>" IAM_FIXTURE_REQUEST_ID "</RequestId>\n"
        "  </ResponseMetadata>\n"
        "</GetAccessKeyInfoResponse>\n");
}
END_TEST

/* ---- a web identity's session ---- */

static struct str token(const char *claims)
{
    struct why why = why_new(f->arena);
    struct token made;
    struct token_ask ask = { .platform = STR("generic") };
    ask.set = json_keep(f->arena, json_loads("{\"issuer\":\"https://ci.example.com\"}", 0, NULL));
    ask.claims = json_keep(f->arena, json_loads(claims, 0, NULL));
    ck_assert_msg(!failed(world_mint(f->world, f->arena, &why, &ask, &made)), "%.*s",
                  STR_ARG(why_text(&why)));
    return made.text;
}

static const struct {
    const char *name, *claims;
    bool allowed;
} claims[] = {
    { "subject, audience and amr", "{\"sub\":\"job\",\"aud\":\"me\",\"amr\":[\"pwd\",\"mfa\"]}",
      true },
    { "an amr that is one text", "{\"sub\":\"job\",\"aud\":\"me\",\"amr\":\"mfa\"}", true },
    { "another amr", "{\"sub\":\"job\",\"aud\":\"me\",\"amr\":[\"pwd\"]}", false },
    { "no amr", "{\"sub\":\"job\",\"aud\":\"me\"}", false },
    { "another subject", "{\"sub\":\"else\",\"aud\":\"me\",\"amr\":[\"mfa\"]}", false },
};

START_TEST(a_session_remembers_what_its_token_said)
{
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_STS, NULL, "Action=AssumeRoleWithWebIdentity",
        "RoleArn=arn:aws:iam::123456789012:role/ci", "RoleSessionName=me",
        arena_join(f->arena, STR("WebIdentityToken="), token(claims[_i].claims)).p, NULL);
    iam_fixture_want(&r, claims[_i].name, 200, "", NULL);
    struct iam_fixture_key key = iam_fixture_credentials(&r);
    r = iam_fixture_call(f, SERVICE_IAM, &key, "Action=ListOpenIDConnectProviders", NULL);
    if (claims[_i].allowed)
        iam_fixture_want(&r, claims[_i].name, 200, "", NULL);
    else
        iam_fixture_want(&r, claims[_i].name, 403, "AccessDenied",
                         "User: arn:aws:sts::123456789012:assumed-role/ci/me is not authorized to "
                         "perform: iam:ListOpenIDConnectProviders on resource: "
                         "arn:aws:iam::123456789012:oidc-provider/* because no identity-based "
                         "policy allows the iam:ListOpenIDConnectProviders action");
}
END_TEST

Suite *signer_suite(void);

Suite *signer_suite(void)
{
    Suite *s = suite_create("signer");
    TCase *t = tcase_create("signer");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, a_key_is_who_it_belongs_to, 0, sizeof keys / sizeof keys[0]);
    tcase_add_test(t, an_inactive_key_still_has_its_account);
    tcase_add_loop_test(t, a_session_remembers_what_its_token_said, 0,
                        sizeof claims / sizeof claims[0]);
    suite_add_tcase(s, t);
    return s;
}
