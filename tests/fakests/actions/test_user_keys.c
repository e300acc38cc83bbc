#include "tests/fakests/actions/reply_text.h"
#include "tests/support/runner.h"

/* Access keys over the IAM API, and that requests signed with them are believed. */

static const char config[] =
    "{\"users\": [{\"name\": \"ann\", \"policies\": {\"own\": {\"Version\": \"2012-10-17\","
    "   \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"iam:*AccessKey*\","
    "   \"Resource\": \"arn:aws:iam::123456789012:user/ann\"}}}}, {\"name\": \"bob\"},"
    "   {\"name\": \"nobody\"}],"
    " \"credentials\": [{\"access_key_id\": \"test\", \"secret_access_key\": \"test\"},"
    "  {\"access_key_id\": \"AKIAANNANNANNANNANN1\", \"secret_access_key\": \"a\", \"user\": "
    "\"ann\", \"created\": \"2026-01-02T03:04:05Z\"},"
    "  {\"access_key_id\": \"AKIABOBBOBBOBBOBBOB1\", \"secret_access_key\": \"b\", \"user\": "
    "\"bob\", \"status\": \"Inactive\"},"
    "  {\"access_key_id\": \"AKIANOBODY\", \"secret_access_key\": \"n\", \"user\": \"nobody\"}]}";

static const struct iam_fixture_key ann = { STR_INIT("AKIAANNANNANNANNANN1"),
                                            STR_INIT("a"),
                                            { NULL, 0 } };
static const struct iam_fixture_key bob = { STR_INIT("AKIABOBBOBBOBBOBBOB1"),
                                            STR_INIT("b"),
                                            { NULL, 0 } };
static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };

static struct str who(struct iam_fixture *f, const struct iam_fixture_key *key)
{
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_STS, key, "Action=GetCallerIdentity", NULL);
    return r.status == 200 ? iam_fixture_text(&r, "GetCallerIdentityResult/Arn") : r.code;
}

START_TEST(a_key_is_made_and_believed)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                                                  "Action=CreateAccessKey", "UserName=Bob", NULL);
    struct iam_fixture_key key = iam_fixture_access_key(&r);
    iam_fixture_want_body(
        &r, "in the model's order",
        arena_printf(f->arena,
                     REPLY_RESULT("CreateAccessKey",
                                  "    <AccessKey>\n"
                                  "      <UserName>bob</UserName>\n"
                                  "      <AccessKeyId>%.*s</AccessKeyId>\n"
                                  "      <Status>Active</Status>\n"
                                  "      <SecretAccessKey>%.*s"
                                  "</SecretAccessKey>\n"
                                  "      <CreateDate>" IAM_FIXTURE_TIME "</CreateDate>\n"
                                  "    </AccessKey>\n"),
                     STR_ARG(key.access_key_id), STR_ARG(key.secret_access_key))
            .p);
    ck_assert_msg(key.access_key_id.n == 20 && str_starts(key.access_key_id, STR("AKIARZPUZDIK")),
                  "%.*s", STR_ARG(key.access_key_id));
    ck_assert_uint_eq(key.secret_access_key.n, 40);
    want_str("who signs with it", who(f, &key), STR("arn:aws:iam::123456789012:user/bob"));
    iam_fixture_free(f);
}
END_TEST

START_TEST(keys_are_listed_in_the_order_they_were_made)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &ann, "Action=CreateAccessKey", NULL);
    struct str id = iam_fixture_access_key(&r).access_key_id;
    r = iam_fixture_call(f, SERVICE_IAM, &ann, "Action=ListAccessKeys", NULL);
    iam_fixture_want_body(
        &r, "of the caller",
        arena_printf(f->arena,
                     REPLY_RESULT("ListAccessKeys",
                                  "    <AccessKeyMetadata>\n"
                                  "      <member>\n"
                                  "        <UserName>ann</UserName>\n"
                                  "        <AccessKeyId>AKIAANNANNANNANNANN1</AccessKeyId>\n"
                                  "        <Status>Active</Status>\n"
                                  "        <CreateDate>2026-01-02T03:04:05Z</CreateDate>\n"
                                  "      </member>\n"
                                  "      <member>\n"
                                  "        <UserName>ann</UserName>\n"
                                  "        <AccessKeyId>%.*s</AccessKeyId>\n"
                                  "        <Status>Active</Status>\n"
                                  "        <CreateDate>" IAM_FIXTURE_TIME "</CreateDate>\n"
                                  "      </member>\n"
                                  "    </AccessKeyMetadata>\n"
                                  "    <IsTruncated>false</IsTruncated>\n"),
                     STR_ARG(id))
            .p);
    r = iam_fixture_call(f, SERVICE_IAM, &ann, "Action=ListAccessKeys", "MaxItems=1", NULL);
    const char *marker = arena_printf(f->arena, "Marker=%.*s",
                                      STR_ARG(iam_fixture_text(&r, "ListAccessKeysResult/Marker")))
                             .p;
    r = iam_fixture_call(f, SERVICE_IAM, &ann, "Action=ListAccessKeys", marker, NULL);
    want_str("the second page",
             iam_fixture_text(&r, "ListAccessKeysResult/AccessKeyMetadata/member/AccessKeyId"), id);
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_key_can_be_put_out_of_use)
{
    struct iam_fixture *f = iam_fixture_new(config);
    want_str("inactive", who(f, &bob), STR("InvalidClientTokenId"));
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=UpdateAccessKey",
                         "UserName=bob", "AccessKeyId=AKIABOBBOBBOBBOBBOB1", "Status=Active", NULL);
    iam_fixture_want_body(&r, "nothing to tell", REPLY_EMPTY("UpdateAccessKey"));
    want_str("active", who(f, &bob), STR("arn:aws:iam::123456789012:user/bob"));
    r = iam_fixture_call(f, SERVICE_IAM, &ann, "Action=UpdateAccessKey",
                         "AccessKeyId=AKIAANNANNANNANNANN1", "Status=Inactive", NULL);
    iam_fixture_want(&r, "its own", 200, "", NULL);
    want_str("inactive again", who(f, &ann), STR("InvalidClientTokenId"));
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_key_is_deleted)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &ann, "Action=DeleteAccessKey",
                                                  "AccessKeyId=AKIAANNANNANNANNANN1", NULL);
    iam_fixture_want_body(&r, "nothing to tell", REPLY_EMPTY("DeleteAccessKey"));
    want_str("and believed no longer", who(f, &ann), STR("InvalidClientTokenId"));
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListAccessKeys", "UserName=ann",
                         NULL);
    iam_fixture_want_body(&r, "none left",
                          REPLY_RESULT("ListAccessKeys", "    <AccessKeyMetadata/>\n"
                                                         "    <IsTruncated>false</IsTruncated>\n"));
    iam_fixture_free(f);
}
END_TEST

/* The account's root has keys of its own, without a name; the configured one stays. */
START_TEST(the_root_has_keys)
{
    struct iam_fixture *f = iam_fixture_new(NULL);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreateAccessKey", NULL);
    struct iam_fixture_key key = iam_fixture_access_key(&r);
    ck_assert(xml_find(r.xml, "CreateAccessKeyResult/AccessKey/UserName") == NULL);
    want_str("the new one", who(f, &key), STR("arn:aws:iam::123456789012:root"));
    want_str("the old one", who(f, &iam_fixture_root), STR("arn:aws:iam::123456789012:root"));
    r = iam_fixture_call(f, SERVICE_IAM, &key, "Action=CreateAccessKey", NULL);
    iam_fixture_want(&r, "a third", 409, "LimitExceeded",
                     "Cannot exceed quota for AccessKeysPerUser: 2");
    iam_fixture_free(f);
}
END_TEST

struct refusal {
    const char *what;
    const struct iam_fixture_key *as; /* NULL: the root */
    const char *const *parameters;
    int status;
    const char *code, *message;
};

#define NOT_FOUND  "The user with name zed cannot be found."
#define NO_KEY(id) "The Access Key with id " id " cannot be found."
#define DENIED(action, name)                                                                \
    "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: iam:" action \
    " on resource: user " name " because no identity-based policy allows the iam:" action   \
    " action"

static const struct refusal refusals[] = {
    { "a key for nobody", NULL, P("Action=CreateAccessKey", "UserName=zed"), 404, "NoSuchEntity",
      NOT_FOUND },
    { "a key may not be made by nobody", &nobody, P("Action=CreateAccessKey"), 403, "AccessDenied",
      DENIED("CreateAccessKey", "nobody") },
    { "nor for another", &ann, P("Action=CreateAccessKey", "UserName=bob"), 403, "AccessDenied",
      NULL },
    { "keys of nobody", NULL, P("Action=ListAccessKeys", "UserName=zed"), 404, "NoSuchEntity",
      NOT_FOUND },
    { "keys may not be listed by nobody", &nobody, P("Action=ListAccessKeys", "UserName=zed"), 403,
      "AccessDenied", DENIED("ListAccessKeys", "zed") },
    { "a status that is none", NULL,
      P("Action=UpdateAccessKey", "UserName=bob", "AccessKeyId=AKIABOBBOBBOBBOBBOB1",
        "Status=active"),
      400, "ValidationError", NULL },
    { "a key that is not there", NULL,
      P("Action=UpdateAccessKey", "UserName=bob", "AccessKeyId=AKIAIOSFODNN7EXAMPLE",
        "Status=Active"),
      404, "NoSuchEntity", NO_KEY("AKIAIOSFODNN7EXAMPLE") },
    { "a key of another", NULL,
      P("Action=UpdateAccessKey", "UserName=ann", "AccessKeyId=AKIABOBBOBBOBBOBBOB1",
        "Status=Active"),
      404, "NoSuchEntity", NO_KEY("AKIABOBBOBBOBBOBBOB1") },
    { "a key of nobody", NULL,
      P("Action=UpdateAccessKey", "UserName=zed", "AccessKeyId=AKIABOBBOBBOBBOBBOB1",
        "Status=Active"),
      404, "NoSuchEntity", NOT_FOUND },
    { "keys may not be updated by nobody", &nobody,
      P("Action=UpdateAccessKey", "AccessKeyId=AKIABOBBOBBOBBOBBOB1", "Status=Active"), 403,
      "AccessDenied", DENIED("UpdateAccessKey", "nobody") },
    { "a user's key is none of the root's", NULL,
      P("Action=DeleteAccessKey", "AccessKeyId=AKIABOBBOBBOBBOBBOB1"), 404, "NoSuchEntity",
      NO_KEY("AKIABOBBOBBOBBOBBOB1") },
    { "a key to delete that is not there", NULL,
      P("Action=DeleteAccessKey", "UserName=bob", "AccessKeyId=AKIAIOSFODNN7EXAMPLE"), 404,
      "NoSuchEntity", NO_KEY("AKIAIOSFODNN7EXAMPLE") },
    { "an id that is too short", NULL,
      P("Action=DeleteAccessKey", "UserName=bob", "AccessKeyId=AKIABOB"), 400, "ValidationError",
      "1 validation error detected: Value at 'accessKeyId' failed to satisfy constraint: Member "
      "must have length greater than or equal to 16" },
    { "no id", NULL, P("Action=DeleteAccessKey", "UserName=bob"), 400, "ValidationError",
      "1 validation error detected: Value at 'accessKeyId' failed to satisfy constraint: Member "
      "must not be null" },
    { "keys may not be deleted by nobody", &nobody,
      P("Action=DeleteAccessKey", "UserName=bob", "AccessKeyId=AKIABOBBOBBOBBOBBOB1"), 403,
      "AccessDenied", DENIED("DeleteAccessKey", "bob") },
};

START_TEST(refuses)
{
    const struct refusal *row = &refusals[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    const char *const *look = P("Action=ListAccessKeys", "UserName=bob");
    struct str before = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, look).body;
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_IAM, row->as ? row->as : &iam_fixture_root, row->parameters);
    iam_fixture_want(&r, row->what, row->status, row->code, row->message);
    want_str("a refusal changes nothing",
             iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, look).body, before);
    iam_fixture_free(f);
}
END_TEST

START_TEST(two_are_the_most)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                                                  "Action=CreateAccessKey", "UserName=bob", NULL);
    iam_fixture_want(&r, "the second", 200, "", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreateAccessKey",
                         "UserName=bob", NULL);
    iam_fixture_want(&r, "the third, though one is inactive", 409, "LimitExceeded",
                     "Cannot exceed quota for AccessKeysPerUser: 2");
    iam_fixture_free(f);
}
END_TEST

Suite *user_keys_suite(void);

Suite *user_keys_suite(void)
{
    Suite *s = suite_create("user_keys");
    TCase *t = tcase_create("user_keys");
    tcase_add_test(t, a_key_is_made_and_believed);
    tcase_add_test(t, keys_are_listed_in_the_order_they_were_made);
    tcase_add_test(t, a_key_can_be_put_out_of_use);
    tcase_add_test(t, a_key_is_deleted);
    tcase_add_test(t, the_root_has_keys);
    tcase_add_loop_test(t, refuses, 0, sizeof refusals / sizeof refusals[0]);
    tcase_add_test(t, two_are_the_most);
    suite_add_tcase(s, t);
    return s;
}
