#include "tests/fakests/actions/reply_text.h"
#include "tests/support/runner.h"

#include "base/encode.h"

/* Service-specific credentials over the IAM API. */

#define OLD_ID "ACCARZPUZDIKAAAAAAAAA"
#define KEY_ID "ACCARZPUZDIKBBBBBBBBB"

static const char config[] =
    "{\"users\": [{\"name\": \"ann\", \"service_credentials\": ["
    "   {\"id\": \"" OLD_ID "\", \"service_name\": \"codecommit.amazonaws.com\","
    "    \"user_name\": \"ann-at-123456789012\", \"password\": \"old\","
    "    \"created\": \"2026-01-02T03:04:05Z\"},"
    "   {\"id\": \"" KEY_ID "\", \"service_name\": \"bedrock.amazonaws.com\","
    "    \"user_name\": \"ann-at-123456789012\", \"password\": \"ABSKold\","
    "    \"created\": \"2026-02-02T03:04:05Z\", \"expires\": \"2026-09-11T12:00:00Z\"}]},"
    "  {\"name\": \"bob\"}, {\"name\": \"nobody\"},"
    "  {\"name\": \"dayly\", \"policies\": {\"p\": {\"Version\": \"2012-10-17\", \"Statement\": "
    "   {\"Effect\": \"Allow\", \"Action\": \"iam:CreateServiceSpecificCredential\","
    "   \"Resource\": \"*\", \"Condition\": {\"StringEquals\":"
    "   {\"iam:ServiceSpecificCredentialAgeDays\": \"1\"}}}}}},"
    "  {\"name\": \"own\", \"policies\": {\"p\": {\"Version\": \"2012-10-17\", \"Statement\": "
    "   {\"Effect\": \"Allow\", \"Action\": \"iam:*ServiceSpecificCredential*\","
    "   \"Resource\": \"arn:aws:iam::123456789012:user/own\", \"Condition\": "
    "   {\"StringEqualsIfExists\": {\"iam:ServiceSpecificCredentialServiceName\":"
    "   \"bedrock.amazonaws.com\"}}}}}, \"service_credentials\": ["
    "   {\"id\": \"ACCARZPUZDIKCCCCCCCCC\", \"service_name\": \"codecommit.amazonaws.com\"}]}],"
    " \"credentials\": [{\"access_key_id\": \"test\", \"secret_access_key\": \"test\"},"
    "  {\"access_key_id\": \"AKIANOBODY\", \"secret_access_key\": \"n\", \"user\": \"nobody\"},"
    "  {\"access_key_id\": \"AKIADAYLY\", \"secret_access_key\": \"d\", \"user\": \"dayly\"},"
    "  {\"access_key_id\": \"AKIAOWN\", \"secret_access_key\": \"o\", \"user\": \"own\"}]}";

static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };
static const struct iam_fixture_key dayly = { STR_INIT("AKIADAYLY"), STR_INIT("d"), { NULL, 0 } };
static const struct iam_fixture_key own = { STR_INIT("AKIAOWN"), STR_INIT("o"), { NULL, 0 } };

#define MADE "CreateServiceSpecificCredentialResult/ServiceSpecificCredential/"

START_TEST(a_name_and_a_password_are_made)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=CreateServiceSpecificCredential", "UserName=ann",
        "ServiceName=codecommit.amazonaws.com", NULL);
    struct str id = iam_fixture_text(&r, MADE "ServiceSpecificCredentialId");
    struct str password = iam_fixture_text(&r, MADE "ServicePassword");
    iam_fixture_want_body(
        &r, "the second of ann's",
        arena_printf(f->arena,
                     REPLY_RESULT("CreateServiceSpecificCredential",
                                  "    <ServiceSpecificCredential>\n"
                                  "      <CreateDate>" IAM_FIXTURE_TIME "</CreateDate>\n"
                                  "      <ServiceName>codecommit.amazonaws.com</ServiceName>\n"
                                  "      <ServiceUserName>ann+1-at-123456789012"
                                  "</ServiceUserName>\n"
                                  "      <ServicePassword>%.*s</ServicePassword>\n"
                                  "      <ServiceSpecificCredentialId>%.*s"
                                  "</ServiceSpecificCredentialId>\n"
                                  "      <UserName>ann</UserName>\n"
                                  "      <Status>Active</Status>\n"
                                  "    </ServiceSpecificCredential>\n"),
                     STR_ARG(password), STR_ARG(id))
            .p);
    ck_assert_msg(id.n == 21 && str_starts(id, STR("ACCARZPUZDIK")), "%.*s", STR_ARG(id));
    ck_assert_msg(password.n == 60 && str_ends(password, STR("=")), "%.*s", STR_ARG(password));
    iam_fixture_free(f);
}
END_TEST

START_TEST(an_api_key_is_made)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=CreateServiceSpecificCredential", "UserName=bob",
        "ServiceName=bedrock.amazonaws.com", "CredentialAgeDays=36600", NULL);
    struct str id = iam_fixture_text(&r, MADE "ServiceSpecificCredentialId"), inside;
    struct str secret = iam_fixture_text(&r, MADE "ServiceCredentialSecret");
    iam_fixture_want_body(
        &r, "alias and secret",
        arena_printf(f->arena,
                     REPLY_RESULT("CreateServiceSpecificCredential",
                                  "    <ServiceSpecificCredential>\n"
                                  "      <CreateDate>" IAM_FIXTURE_TIME "</CreateDate>\n"
                                  "      <ExpirationDate>2126-11-26T12:00:00Z</ExpirationDate>\n"
                                  "      <ServiceName>bedrock.amazonaws.com</ServiceName>\n"
                                  "      <ServiceCredentialAlias>bob-at-123456789012"
                                  "</ServiceCredentialAlias>\n"
                                  "      <ServiceCredentialSecret>%.*s"
                                  "</ServiceCredentialSecret>\n"
                                  "      <ServiceSpecificCredentialId>%.*s"
                                  "</ServiceSpecificCredentialId>\n"
                                  "      <UserName>bob</UserName>\n"
                                  "      <Status>Active</Status>\n"
                                  "    </ServiceSpecificCredential>\n"),
                     STR_ARG(secret), STR_ARG(id))
            .p);
    ck_assert(str_starts(secret, STR("ABSK")));
    ck_assert(base64_read(f->arena, str_sub(secret, 4, secret.n), &inside));
    ck_assert_msg(str_starts(inside, STR("bob-at-123456789012:")), "%.*s", STR_ARG(inside));
    iam_fixture_free(f);
}
END_TEST

/* ---- ages, as the Query protocol spells numbers (observed) ---- */

static const struct {
    const char *given;
    const char *expires; /* NULL: refused, with this code */
    const char *code;
} ages[] = {
    { "CredentialAgeDays=1", "2026-09-12T12:00:00Z", "" },
    { "CredentialAgeDays=01", "2026-09-12T12:00:00Z", "" },
    { "CredentialAgeDays=+1", "2026-09-12T12:00:00Z", "" },
    { "CredentialAgeDays=36600", "2126-11-26T12:00:00Z", "" },
    { "CredentialAgeDays=36601", NULL, "ValidationError" },
    { "CredentialAgeDays=0", NULL, "ValidationError" },
    { "CredentialAgeDays=-1", NULL, "ValidationError" },
    { "CredentialAgeDays= 1 ", NULL, "MalformedInput" },
    { "CredentialAgeDays=\t1\n", NULL, "MalformedInput" },
    { "CredentialAgeDays=1e0", NULL, "MalformedInput" },
    { "CredentialAgeDays=1.0", NULL, "MalformedInput" },
};

START_TEST(an_age_is_read_as_observed)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=CreateServiceSpecificCredential", "UserName=bob",
        "ServiceName=bedrock.amazonaws.com", ages[_i].given, NULL);
    iam_fixture_want(&r, ages[_i].given, ages[_i].expires ? 200 : 400, ages[_i].code, NULL);
    if (ages[_i].expires)
        want_str(ages[_i].given, iam_fixture_text(&r, MADE "ExpirationDate"),
                 str_of(ages[_i].expires));
    iam_fixture_free(f);
}
END_TEST

/* The policy says StringEquals "1": the key holds the number, not its spelling (observed). */
static const struct {
    const char *given;
    int status;
} spellings[] = {
    { "CredentialAgeDays=1", 200 },
    { "CredentialAgeDays=01", 200 },
    { "CredentialAgeDays=+1", 200 },
    { "CredentialAgeDays=2", 403 },
};

START_TEST(an_age_is_compared_as_a_number)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &dayly, "Action=CreateServiceSpecificCredential", "UserName=bob",
        "ServiceName=bedrock.amazonaws.com", spellings[_i].given, NULL);
    ck_assert_msg(r.status == spellings[_i].status, "%s: %d %.*s", spellings[_i].given, r.status,
                  STR_ARG(r.message));
    iam_fixture_free(f);
}
END_TEST

START_TEST(two_a_service_are_the_most)
{
    struct iam_fixture *f = iam_fixture_new(config);
    static const struct {
        const char *what, *service;
        int status;
    } rows[] = {
        { "the first", "ServiceName=cassandra.amazonaws.com", 200 },
        { "the second", "ServiceName=cassandra.amazonaws.com", 200 },
        { "the third", "ServiceName=cassandra.amazonaws.com", 409 },
        { "one for another service", "ServiceName=logs.amazonaws.com", 200 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                                                      "Action=CreateServiceSpecificCredential",
                                                      "UserName=bob", rows[i].service, NULL);
        iam_fixture_want(&r, rows[i].what, rows[i].status,
                         rows[i].status == 200 ? "" : "LimitExceeded", NULL);
    }
    iam_fixture_free(f);
}
END_TEST

/* ---- lists ---- */

#define CODECOMMIT_ROW                                                                \
    "      <member>\n"                                                                \
    "        <UserName>ann</UserName>\n"                                              \
    "        <Status>Active</Status>\n"                                               \
    "        <ServiceUserName>ann-at-123456789012</ServiceUserName>\n"                \
    "        <CreateDate>2026-01-02T03:04:05Z</CreateDate>\n"                         \
    "        <ServiceSpecificCredentialId>" OLD_ID "</ServiceSpecificCredentialId>\n" \
    "        <ServiceName>codecommit.amazonaws.com</ServiceName>\n"                   \
    "      </member>\n"
#define BEDROCK_ROW                                                                   \
    "      <member>\n"                                                                \
    "        <UserName>ann</UserName>\n"                                              \
    "        <Status>Expired</Status>\n"                                              \
    "        <ServiceCredentialAlias>ann-at-123456789012</ServiceCredentialAlias>\n"  \
    "        <CreateDate>2026-02-02T03:04:05Z</CreateDate>\n"                         \
    "        <ExpirationDate>2026-09-11T12:00:00Z</ExpirationDate>\n"                 \
    "        <ServiceSpecificCredentialId>" KEY_ID "</ServiceSpecificCredentialId>\n" \
    "        <ServiceName>bedrock.amazonaws.com</ServiceName>\n"                      \
    "      </member>\n"
#define LISTED(rows)                                                                             \
    REPLY_RESULT("ListServiceSpecificCredentials",                                               \
                 "    <ServiceSpecificCredentials>\n" rows "    </ServiceSpecificCredentials>\n" \
                 "    <IsTruncated>false</IsTruncated>\n")

static const struct {
    const char *what;
    const char *const *parameters;
    const char *body;
} lists[] = {
    { "of one user, in the order they were made", P("UserName=ann"),
      LISTED(CODECOMMIT_ROW BEDROCK_ROW) },
    { "of one service", P("UserName=ann", "ServiceName=bedrock.amazonaws.com"),
      LISTED(BEDROCK_ROW) },
    { "AllUsers may be false beside a name", P("UserName=ann", "AllUsers=false"),
      LISTED(CODECOMMIT_ROW BEDROCK_ROW) },
    { "of all users", P("AllUsers=true", "ServiceName=bedrock.amazonaws.com"),
      LISTED(BEDROCK_ROW) },
    { "of the root, which has none", P("ServiceName=bedrock.amazonaws.com"),
      REPLY_RESULT("ListServiceSpecificCredentials", "    <ServiceSpecificCredentials/>\n"
                                                     "    <IsTruncated>false</IsTruncated>\n") },
};

/* The action's name before what the row says. */
static struct iam_fixture_reply list(struct iam_fixture *f, const struct iam_fixture_key *as,
                                     const char *const *parameters)
{
    const char *all[16] = { "Action=ListServiceSpecificCredentials" };
    for (size_t i = 0; parameters[i] && i < 14; i++)
        all[i + 1] = parameters[i];
    return iam_fixture_send(f, SERVICE_IAM, as, all);
}

START_TEST(credentials_are_listed)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = list(f, &iam_fixture_root, lists[_i].parameters);
    iam_fixture_want_body(&r, lists[_i].what, lists[_i].body);
    iam_fixture_free(f);
}
END_TEST

START_TEST(they_come_in_pages)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r =
        list(f, &iam_fixture_root, P("UserName=ann", "AllUsers=false", "MaxItems=1"));
#define IN_LIST "ListServiceSpecificCredentialsResult/"
    want_str("is not all", iam_fixture_text(&r, IN_LIST "IsTruncated"), STR("true"));
    const char *marker =
        arena_printf(f->arena, "Marker=%.*s", STR_ARG(iam_fixture_text(&r, IN_LIST "Marker"))).p;
    r = list(f, &iam_fixture_root, P("UserName=ann", marker));
    iam_fixture_want_body(&r, "the rest", LISTED(BEDROCK_ROW));
    iam_fixture_free(f);
}
END_TEST

/* ---- one that there is ---- */

START_TEST(a_credential_is_put_out_of_use)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=UpdateServiceSpecificCredential", "UserName=ann",
        "ServiceSpecificCredentialId=" OLD_ID, "Status=Inactive", NULL);
    iam_fixture_want_body(&r, "nothing to tell", REPLY_EMPTY("UpdateServiceSpecificCredential"));
    r = list(f, &iam_fixture_root, P("UserName=ann"));
    want_str("inactive", iam_fixture_text(&r, IN_LIST "ServiceSpecificCredentials/member/Status"),
             STR("Inactive"));
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_password_is_made_anew)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ResetServiceSpecificCredential",
                         "UserName=ann", "ServiceSpecificCredentialId=" OLD_ID, NULL);
    struct str password = iam_fixture_text(
        &r, "ResetServiceSpecificCredentialResult/ServiceSpecificCredential/ServicePassword");
    iam_fixture_want_body(
        &r, "the same but for the password",
        arena_printf(f->arena,
                     REPLY_RESULT("ResetServiceSpecificCredential",
                                  "    <ServiceSpecificCredential>\n"
                                  "      <CreateDate>2026-01-02T03:04:05Z</CreateDate>\n"
                                  "      <ServiceName>codecommit.amazonaws.com</ServiceName>\n"
                                  "      <ServiceUserName>ann-at-123456789012"
                                  "</ServiceUserName>\n"
                                  "      <ServicePassword>%.*s</ServicePassword>\n"
                                  "      <ServiceSpecificCredentialId>" OLD_ID
                                  "</ServiceSpecificCredentialId>\n"
                                  "      <UserName>ann</UserName>\n"
                                  "      <Status>Active</Status>\n"
                                  "    </ServiceSpecificCredential>\n"),
                     STR_ARG(password))
            .p);
    ck_assert_uint_eq(password.n, 60);
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_credential_is_deleted)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=DeleteServiceSpecificCredential", "UserName=ann",
        "ServiceSpecificCredentialId=" OLD_ID, NULL);
    iam_fixture_want_body(&r, "nothing to tell", REPLY_EMPTY("DeleteServiceSpecificCredential"));
    r = list(f, &iam_fixture_root, P("UserName=ann"));
    iam_fixture_want_body(&r, "the other is left", LISTED(BEDROCK_ROW));
    iam_fixture_free(f);
}
END_TEST

/* ---- refusals ---- */

struct refusal {
    const char *what;
    const struct iam_fixture_key *as; /* NULL: the root */
    const char *const *parameters;
    int status;
    const char *code, *message;
};

#define NOT_FOUND  "The user with name zed cannot be found."
#define NO_SUCH    "No such credential ACCARZPUZDIKZZZZZZZZZ exists"
#define NO_ID      "ServiceSpecificCredentialId=ACCARZPUZDIKZZZZZZZZZ"
#define NO_SERVICE "No such service s3.amazonaws.com is supported for Service Specific Credentials"
#define DENIED(action, resource)                                                            \
    "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: iam:" action \
    " on resource: " resource " because no identity-based policy allows the iam:" action " action"

static const struct refusal refusals[] = {
    { "a service that has none", NULL,
      P("Action=CreateServiceSpecificCredential", "UserName=bob", "ServiceName=s3.amazonaws.com"),
      404, "NoSuchEntity", NO_SERVICE },
    { "no service", NULL, P("Action=CreateServiceSpecificCredential", "UserName=bob"), 400,
      "ValidationError", NULL },
    { "one for nobody", NULL,
      P("Action=CreateServiceSpecificCredential", "UserName=zed",
        "ServiceName=bedrock.amazonaws.com"),
      404, "NoSuchEntity", NOT_FOUND },
    { "nobody may create", &nobody,
      P("Action=CreateServiceSpecificCredential", "UserName=zed", "ServiceName=s3.amazonaws.com"),
      403, "AccessDenied", DENIED("CreateServiceSpecificCredential", "user zed") },
    { "nor who may for another service", &own,
      P("Action=CreateServiceSpecificCredential", "UserName=own",
        "ServiceName=codecommit.amazonaws.com"),
      403, "AccessDenied", NULL },
    { "of a service that has none", NULL,
      P("Action=ListServiceSpecificCredentials", "UserName=ann", "ServiceName=s3.amazonaws.com"),
      404, "NoSuchEntity", NO_SERVICE },
    { "of nobody", NULL, P("Action=ListServiceSpecificCredentials", "UserName=zed"), 404,
      "NoSuchEntity", NOT_FOUND },
    { "a name beside AllUsers", NULL,
      P("Action=ListServiceSpecificCredentials", "UserName=ann", "AllUsers=true"), 400,
      "ValidationError", NULL },
    { "true with a blank", NULL, P("Action=ListServiceSpecificCredentials", "AllUsers= true"), 400,
      "MalformedInput", NULL },
    { "True", NULL, P("Action=ListServiceSpecificCredentials", "AllUsers=True"), 400,
      "MalformedInput", NULL },
    { "who may list its own may not list all", &own,
      P("Action=ListServiceSpecificCredentials", "AllUsers=true"), 403, "AccessDenied", NULL },
    { "nor is told that its name must not stand there", &own,
      P("Action=ListServiceSpecificCredentials", "UserName=own", "AllUsers=true"), 403,
      "AccessDenied", NULL },
    { "nobody may list all", &nobody, P("Action=ListServiceSpecificCredentials", "AllUsers=true"),
      403, "AccessDenied",
      DENIED("ListServiceSpecificCredentials", "arn:aws:iam::123456789012:user/*") },
    { "nobody may list", &nobody, P("Action=ListServiceSpecificCredentials"), 403, "AccessDenied",
      DENIED("ListServiceSpecificCredentials", "user nobody") },
    { "a status that is none", NULL,
      P("Action=UpdateServiceSpecificCredential", "UserName=ann",
        "ServiceSpecificCredentialId=" OLD_ID, "Status=Gone"),
      400, "ValidationError", NULL },
    { "one to update that is not there", NULL,
      P("Action=UpdateServiceSpecificCredential", "UserName=ann", NO_ID, "Status=Active"), 404,
      "NoSuchEntity", NO_SUCH },
    { "one of another", NULL,
      P("Action=UpdateServiceSpecificCredential", "UserName=bob",
        "ServiceSpecificCredentialId=" OLD_ID, "Status=Active"),
      404, "NoSuchEntity", "No such credential " OLD_ID " exists" },
    { "one to update of nobody", NULL,
      P("Action=UpdateServiceSpecificCredential", "UserName=zed", NO_ID, "Status=Active"), 404,
      "NoSuchEntity", NOT_FOUND },
    { "who may for another service may not update", &own,
      P("Action=UpdateServiceSpecificCredential",
        "ServiceSpecificCredentialId=ACCARZPUZDIKCCCCCCCCC", "Status=Active"),
      403, "AccessDenied", NULL },
    { "the root has none", NULL, P("Action=ResetServiceSpecificCredential", NO_ID), 404,
      "NoSuchEntity", NO_SUCH },
    { "an id that is too short", NULL,
      P("Action=ResetServiceSpecificCredential", "UserName=ann",
        "ServiceSpecificCredentialId=ACCA"),
      400, "ValidationError",
      "1 validation error detected: Value at 'serviceSpecificCredentialId' failed to satisfy "
      "constraint: Member must have length greater than or equal to 20" },
    { "nobody may reset", &nobody,
      P("Action=ResetServiceSpecificCredential", "UserName=ann", NO_ID), 403, "AccessDenied",
      DENIED("ResetServiceSpecificCredential", "user ann") },
    { "one to delete that is not there", NULL,
      P("Action=DeleteServiceSpecificCredential", "UserName=ann", NO_ID), 404, "NoSuchEntity",
      NO_SUCH },
    { "nobody may delete", &nobody,
      P("Action=DeleteServiceSpecificCredential", "UserName=ann", NO_ID), 403, "AccessDenied",
      DENIED("DeleteServiceSpecificCredential", "user ann") },
};

START_TEST(refuses)
{
    const struct refusal *row = &refusals[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    struct str before = list(f, &iam_fixture_root, P("AllUsers=true")).body;
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_IAM, row->as ? row->as : &iam_fixture_root, row->parameters);
    iam_fixture_want(&r, row->what, row->status, row->code, row->message);
    want_str("a refusal changes nothing", list(f, &iam_fixture_root, P("AllUsers=true")).body,
             before);
    iam_fixture_free(f);
}
END_TEST

Suite *service_credential_suite(void);

Suite *service_credential_suite(void)
{
    Suite *s = suite_create("service_credential");
    TCase *t = tcase_create("service_credential");
    tcase_add_test(t, a_name_and_a_password_are_made);
    tcase_add_test(t, an_api_key_is_made);
    tcase_add_loop_test(t, an_age_is_read_as_observed, 0, sizeof ages / sizeof ages[0]);
    tcase_add_loop_test(t, an_age_is_compared_as_a_number, 0,
                        sizeof spellings / sizeof spellings[0]);
    tcase_add_test(t, two_a_service_are_the_most);
    tcase_add_loop_test(t, credentials_are_listed, 0, sizeof lists / sizeof lists[0]);
    tcase_add_test(t, they_come_in_pages);
    tcase_add_test(t, a_credential_is_put_out_of_use);
    tcase_add_test(t, a_password_is_made_anew);
    tcase_add_test(t, a_credential_is_deleted);
    tcase_add_loop_test(t, refuses, 0, sizeof refusals / sizeof refusals[0]);
    suite_add_tcase(s, t);
    return s;
}
