#include "tests/fakests/call_fixture.h"
#include "tests/support/runner.h"

#include "fakests/reply.h"

static const struct str request_id = STR_INIT("00000000-0000-0000-0000-000000000000");

static const struct {
    const char *name;
    struct aws_error error;
    enum service service;
    size_t bytes; /* 0: not known from a capture */
    const char *document;
} errors[] = {
    { "the envelope has the 390 bytes of a live one (aws-sdk-rust#827)",
      { 400, "InvalidIdentityToken",
        STR_INIT(
            "Couldn't retrieve verification key from your identity provider,  please reference "
            "AssumeRoleWithWebIdentity documentation for requirements"),
        false, NULL },
      SERVICE_STS,
      390,
      "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
      "  <Error>\n"
      "    <Type>Sender</Type>\n"
      "    <Code>InvalidIdentityToken</Code>\n"
      "    <Message>Couldn't retrieve verification key from your identity provider,  please "
      "reference "
      "AssumeRoleWithWebIdentity documentation for requirements</Message>\n"
      "  </Error>\n"
      "  <RequestId>00000000-0000-0000-0000-000000000000</RequestId>\n"
      "</ErrorResponse>\n" },
    { "a failure of ours is the receiver's, and IAM has its own namespace",
      { 500, "InternalFailure", STR_INIT("a < b & \"c\""), true, NULL },
      SERVICE_IAM,
      0,
      "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n"
      "  <Error>\n"
      "    <Type>Receiver</Type>\n"
      "    <Code>InternalFailure</Code>\n"
      "    <Message>a &lt; b &amp; \"c\"</Message>\n"
      "  </Error>\n"
      "  <RequestId>00000000-0000-0000-0000-000000000000</RequestId>\n"
      "</ErrorResponse>\n" },
    { "an error may bring its namespace, and no message is no element",
      { 400, "MalformedInput", STR_INIT(""), false, "http://example.com/ns" },
      SERVICE_STS,
      0,
      "<ErrorResponse xmlns=\"http://example.com/ns\">\n"
      "  <Error>\n"
      "    <Type>Sender</Type>\n"
      "    <Code>MalformedInput</Code>\n"
      "  </Error>\n"
      "  <RequestId>00000000-0000-0000-0000-000000000000</RequestId>\n"
      "</ErrorResponse>\n" },
};

START_TEST(errors_are_byte_exact)
{
    struct arena *a = arena_new();
    struct str document = reply_error(a, &errors[_i].error, errors[_i].service, request_id);
    want_str(errors[_i].name, document, str_of(errors[_i].document));
    if (errors[_i].bytes)
        ck_assert_uint_eq(document.n, errors[_i].bytes);
    arena_free(a);
}
END_TEST

START_TEST(a_success_wraps_its_result)
{
    struct call_fixture *f = call_fixture_new();
    struct reply r;
    f->call.request_id = request_id;
    reply_open(&r, &f->call, "GetThing", true);
    xml_leaf(&r.xml, "Thing", STR("it's <one>"));
    want_str("with a result", reply_close(&r, true),
             STR("<GetThingResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
                 "  <GetThingResult>\n"
                 "    <Thing>it's &lt;one&gt;</Thing>\n"
                 "  </GetThingResult>\n"
                 "  <ResponseMetadata>\n"
                 "    <RequestId>00000000-0000-0000-0000-000000000000</RequestId>\n"
                 "  </ResponseMetadata>\n"
                 "</GetThingResponse>\n"));
    f->call.api = SERVICE_IAM;
    reply_open(&r, &f->call, "DeleteThing", false);
    want_str("without one", reply_close(&r, false),
             STR("<DeleteThingResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n"
                 "  <ResponseMetadata>\n"
                 "    <RequestId>00000000-0000-0000-0000-000000000000</RequestId>\n"
                 "  </ResponseMetadata>\n"
                 "</DeleteThingResponse>\n"));
    call_fixture_free(f);
}
END_TEST

Suite *reply_suite(void);

Suite *reply_suite(void)
{
    Suite *s = suite_create("reply");
    TCase *t = tcase_create("reply");
    tcase_add_loop_test(t, errors_are_byte_exact, 0, sizeof errors / sizeof errors[0]);
    tcase_add_test(t, a_success_wraps_its_result);
    suite_add_tcase(s, t);
    return s;
}
