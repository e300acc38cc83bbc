#include "cli/assume.h"
#include "cli/assume_format.h"

#include "tests/support/runner.h"

static const char success[] =
    "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
    "  <AssumeRoleWithWebIdentityResult>\n"
    "    <Audience>aud</Audience>\n"
    "    <AssumedRoleUser>\n"
    "      <AssumedRoleId>AROAX:s</AssumedRoleId>\n"
    "      <Arn>arn:aws:sts::123456789012:assumed-role/R/s</Arn>\n"
    "    </AssumedRoleUser>\n"
    "    <Provider>arn:aws:iam::123456789012:oidc-provider/a.example.com</Provider>\n"
    "    <PackedPolicySize>7</PackedPolicySize>\n"
    "    <Credentials>\n"
    "      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>\n"
    "      <SecretAccessKey>se'cr/et+</SecretAccessKey>\n"
    "      <SessionToken>IQo$token</SessionToken>\n"
    "      <Expiration>2026-09-11T13:00:00Z</Expiration>\n"
    "    </Credentials>\n"
    "    <SubjectFromWebIdentityToken>sub</SubjectFromWebIdentityToken>\n"
    "  </AssumeRoleWithWebIdentityResult>\n"
    "  <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\n"
    "</AssumeRoleWithWebIdentityResponse>\n";

static const char refusal[] =
    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
    "<Code>AccessDenied</Code><Message>Not "
    "authorized</Message></Error><RequestId>r</RequestId></ErrorResponse>";

/* --- formats --- */

static const struct {
    const char *format;
    const char *wanted;
} formats[] = {
    { "text", "AccessKeyId      ASIAEXAMPLE\n"
              "SecretAccessKey  se'cr/et+\n"
              "SessionToken     IQo$token\n"
              "Expiration       2026-09-11T13:00:00Z\n"
              "AssumedRole      arn:aws:sts::123456789012:assumed-role/R/s\n" },
    { "process", "{\"Version\":1,\"AccessKeyId\":\"ASIAEXAMPLE\",\"SecretAccessKey\":\"se'cr/et+\","
                 "\"SessionToken\":\"IQo$token\",\"Expiration\":\"2026-09-11T13:00:00Z\"}" },
    { "json", "{\"Credentials\":{\"AccessKeyId\":\"ASIAEXAMPLE\",\"SecretAccessKey\":\"se'cr/et+\","
              "\"SessionToken\":\"IQo$token\",\"Expiration\":\"2026-09-11T13:00:00Z\"},"
              "\"SubjectFromWebIdentityToken\":\"sub\","
              "\"AssumedRoleUser\":{\"AssumedRoleId\":\"AROAX:s\","
              "\"Arn\":\"arn:aws:sts::123456789012:assumed-role/R/s\"},\"PackedPolicySize\":7,"
              "\"Provider\":\"arn:aws:iam::123456789012:oidc-provider/"
              "a.example.com\",\"Audience\":\"aud\"}" },
    { "env", "export AWS_ACCESS_KEY_ID='ASIAEXAMPLE'\n"
             "export AWS_SECRET_ACCESS_KEY='se'\\''cr/et+'\n"
             "export AWS_SESSION_TOKEN='IQo$token'\n" },
};

/* JSON without its white space, so that the table says what is in it and not how it is laid out. */
static struct str compact(struct arena *a, struct str text)
{
    struct why why = why_new(a);
    struct json_doc *doc;
    ck_assert_msg(!failed(json_load(a, &why, STR("output"), text, JSON_DUPLICATES_REFUSED, &doc)),
                  "%.*s", STR_ARG(text));
    return json_text(a, doc->root);
}

START_TEST(credentials_are_printed)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct assume_answer answer;
    struct text out = text_new(a, 4096);
    ck_assert(!failed(assume_read(a, &why, 200, (struct str){ 0 }, str_of(success), &answer)));
    for (const struct assume_format *f = assume_formats; f->name; f++)
        if (strcmp(f->name, formats[_i].format) == 0)
            f->write(&answer, &out);
    struct str text = text_str(&out);
    if (str_starts(text, STR("{")))
        text = compact(a, text);
    want_str(formats[_i].format, text, str_of(formats[_i].wanted));
    arena_free(a);
}
END_TEST

START_TEST(what_is_not_in_the_answer_is_not_printed)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct assume_answer answer;
    struct text out = text_new(a, 4096);
    const char bare[] =
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
        "<AccessKeyId>A</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResult>"
        "</AssumeRoleWithWebIdentityResponse>";
    ck_assert(!failed(assume_read(a, &why, 200, (struct str){ 0 }, str_of(bare), &answer)));
    assume_formats[1].write(&answer, &out);
    want_str("json", compact(a, text_str(&out)),
             STR("{\"Credentials\":{\"AccessKeyId\":\"A\"},\"AssumedRoleUser\":{}}"));
    arena_free(a);
}
END_TEST

static const struct {
    const char *text, *quoted;
} words[] = {
    { "", "''" },
    { "plain", "'plain'" },
    { "$HOME `x` \"y\" \\z", "'$HOME `x` \"y\" \\z'" },
    { "it's", "'it'\\''s'" },
    { "''", "''\\'''\\'''" },
    { "two\nlines", "'two\nlines'" },
};

START_TEST(words_are_quoted_for_a_shell)
{
    struct arena *a = arena_new();
    struct text out = text_new(a, 100);
    assume_format_quote(str_of(words[_i].text), &out);
    want_str(words[_i].text, text_str(&out), str_of(words[_i].quoted));
    arena_free(a);
}
END_TEST

/* --- answers --- */

static const struct {
    const char *name;
    int status;
    const char *body, *reason;
    enum fault read;   /* what assume_read says */
    enum fault answer; /* what kind of no it is */
} answers[] = {
    { "credentials are a yes", 200, success, "", FAULT_NONE, FAULT_NONE },
    { "a refusal is a no", 403, refusal, "", FAULT_NONE, FAULT_PEER_REFUSED },
    { "so is that of bad input", 400, refusal, "parameter-invalid; x", FAULT_NONE,
      FAULT_PEER_REFUSED },
    { "a server's own failure is not a no", 503, refusal, "", FAULT_NONE, FAULT_PEER_UNREACHABLE },
    { "HTML is no answer", 502, "<html><body>Bad gateway</body></html>", "",
      FAULT_PEER_UNINTELLIGIBLE, 0 },
    { "JSON is no answer", 200, "{\"ok\":true}", "", FAULT_PEER_UNINTELLIGIBLE, 0 },
    { "nothing is no answer", 200, "", "", FAULT_PEER_UNINTELLIGIBLE, 0 },
    { "another action's reply is no answer", 200, "<GetCallerIdentityResponse/>", "",
      FAULT_PEER_UNINTELLIGIBLE, 0 },
    { "credentials with an error's status are none", 400, success, "", FAULT_PEER_UNINTELLIGIBLE,
      0 },
};

START_TEST(answers_are_understood)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct assume_answer answer = { 0 };
    struct outcome o = assume_read(a, &why, answers[_i].status, str_of(answers[_i].reason),
                                   str_of(answers[_i].body), &answer);
    ck_assert_msg(o.fault == answers[_i].read, "%s: %s", answers[_i].name, fault_reason(o.fault));
    if (!failed(o)) {
        ck_assert_msg(assume_fault(&answer) == answers[_i].answer, "%s: %s", answers[_i].name,
                      fault_reason(assume_fault(&answer)));
        ck_assert_msg(answer.allowed == (answers[_i].answer == FAULT_NONE), "%s", answers[_i].name);
    }
    arena_free(a);
}
END_TEST

START_TEST(a_refusal_keeps_code_and_message)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct assume_answer answer;
    ck_assert(!failed(assume_read(a, &why, 403, (struct str){ 0 }, str_of(refusal), &answer)));
    want_str("code", answer.code, STR("AccessDenied"));
    want_str("message", answer.message, STR("Not authorized"));
    ck_assert_uint_eq(assume_value(&answer, "Credentials/AccessKeyId").n, 0);
    arena_free(a);
}
END_TEST

/* --- parameters --- */

START_TEST(the_session_options_become_parameters)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct str arns[] = { STR("arn:a"), STR("arn:b") }, value;
    const struct options o = {
        .duration_s = { true, 900 },
        .policy_arns = { arns, 2 },
    };
    const struct assume_ask ask = { STR("role"), STR("session"), STR("token") };
    struct form form;
    ck_assert(!failed(assume_form(a, &why, &o, &ask, &form)));
    const char *const wanted[][2] = {
        { "Action", "AssumeRoleWithWebIdentity" },
        { "Version", "2011-06-15" },
        { "RoleArn", "role" },
        { "RoleSessionName", "session" },
        { "WebIdentityToken", "token" },
        { "DurationSeconds", "900" },
        { "PolicyArns.member.1.arn", "arn:a" },
        { "PolicyArns.member.2.arn", "arn:b" },
    };
    ck_assert_uint_eq(form.n, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < form.n; i++) {
        ck_assert(form_find(&form, str_of(wanted[i][0]), &value));
        want_str(wanted[i][0], value, str_of(wanted[i][1]));
    }
    arena_free(a);
}
END_TEST

START_TEST(what_is_not_asked_is_not_sent)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    const struct options o = { 0 };
    const struct assume_ask ask = { STR("role"), STR("session"), STR("token") };
    struct form form;
    struct str value;
    ck_assert(!failed(assume_form(a, &why, &o, &ask, &form)));
    ck_assert(!form_find(&form, STR("DurationSeconds"), &value));
    ck_assert(!form_find(&form, STR("Policy"), &value));
    arena_free(a);
}
END_TEST

START_TEST(a_policy_that_cannot_be_read_is_refused)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    const struct options o = { .policy_file = STR("/nonexistent/policy.json") };
    const struct assume_ask ask = { STR("role"), STR("session"), STR("token") };
    struct form form;
    ck_assert_int_eq(assume_form(a, &why, &o, &ask, &form).fault, FAULT_FILE_UNREADABLE);
    arena_free(a);
}
END_TEST

START_TEST(a_thousand_policy_arns_are_refused_and_not_written_past_the_end)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct str *arns = arena_array(a, struct str, 1000);
    const struct options o = { .policy_arns = { arns, 1000 }, .duration_s = { true, 1 } };
    const struct assume_ask ask = { STR("role"), STR("session"), STR("token") };
    struct form form;
    ck_assert_int_eq(assume_form(a, &why, &o, &ask, &form).fault, FAULT_USAGE);
    arena_free(a);
}
END_TEST

Suite *assume_suite(void);
Suite *assume_suite(void)
{
    Suite *s = suite_create("assume");
    TCase *t = tcase_create("assume");
    tcase_add_loop_test(t, credentials_are_printed, 0, sizeof formats / sizeof formats[0]);
    tcase_add_test(t, what_is_not_in_the_answer_is_not_printed);
    tcase_add_loop_test(t, words_are_quoted_for_a_shell, 0, sizeof words / sizeof words[0]);
    tcase_add_loop_test(t, answers_are_understood, 0, sizeof answers / sizeof answers[0]);
    tcase_add_test(t, a_refusal_keeps_code_and_message);
    tcase_add_test(t, the_session_options_become_parameters);
    tcase_add_test(t, what_is_not_asked_is_not_sent);
    tcase_add_test(t, a_policy_that_cannot_be_read_is_refused);
    tcase_add_test(t, a_thousand_policy_arns_are_refused_and_not_written_past_the_end);
    suite_add_tcase(s, t);
    return s;
}
