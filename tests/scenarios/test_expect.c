#include "base/text.h"
#include "scenarios/expect.h"
#include "tests/support/runner.h"

/* What a step expects, beside answers: which differ, where, and what would be right there. */

static struct arena *a;

static void set_up(void)
{
    a = arena_new();
}

static void tear_down(void)
{
    arena_free(a);
}

static json_t *value(const char *text)
{
    json_t *v = text ? json_keep(a, json_loads(text, JSON_DECODE_ANY, NULL)) : NULL;
    ck_assert_msg(!text || v, "%s", text);
    return v;
}

/* ---- answers ---- */

#define REFUSED                                                                                  \
    "{\"reason\":\"trust-denied\",\"detail\":\"no statement matches\",\"checks\":[{\"name\":"    \
    "\"token\",\"passed\":true},{\"name\":\"trust-policy\",\"passed\":false},{\"name\":\"x\"}]," \
    "\"statements\":[{\"index\":0,\"matched\":false,\"conditions\":[{\"operator\":"              \
    "\"StringEquals\",\"key\":\"i:aud\",\"passed\":true},{\"operator\":\"StringLike\",\"key\":"  \
    "\"i:sub\",\"passed\":false},{\"operator\":\"Bool\",\"key\":\"aws:SecureTransport\","        \
    "\"passed\":false}]},{\"index\":2,\"matched\":true,\"conditions\":[]}],\"hints\":[{\"id\":"  \
    "\"one\"},{\"id\":\"two\"}]}"
#define ALLOWED "{\"reason\":null,\"checks\":[{\"name\":\"token\",\"passed\":true}],\"hints\":[]}"

enum which { YES, NO, LOST, DARK, LIST, DOCUMENT, PLAIN, GONE };

static const struct {
    bool lost;
    int status;
    const char *code, *message, *result, *explanation;
} answers[] = {
    [YES] = { false, 200, "", "",
              "{\"Credentials\":{\"AccessKeyId\":\"ASIA1\"},\"PackedPolicySize\":\"6\","
              "\"Flag\":\"true\",\"Empty\":\"\",\"Audience\":\"a,b\"}",
              ALLOWED },
    [NO] = { false, 403, "AccessDenied", "Not authorized", NULL, REFUSED },
    [LOST] = { true, 0, "", "", NULL, NULL },
    [DARK] = { false, 403, "AccessDenied", "Not authorized", NULL, NULL },
    [LIST] = { false, 200, "", "",
               "{\"Keys\":[{\"Id\":\"1\",\"Status\":\"Active\"},{\"Id\":\"2\"}],\"None\":\"\","
               "\"a b\":\"c\"}",
               ALLOWED },
    [DOCUMENT] = { false, 200, "", "", "{\"keys\":[],\"n\":5,\"t\":true,\"null\":null}", NULL },
    [PLAIN] = { false, 200, "", "", NULL, NULL },
    [GONE] = { false, 404, "", "", NULL, NULL },
};

static struct expect_answer answer(enum which w)
{
    return (struct expect_answer){ .lost = answers[w].lost,
                                   .status = answers[w].status,
                                   .code = str_of(answers[w].code),
                                   .message = str_of(answers[w].message),
                                   .result = value(answers[w].result),
                                   .explanation = value(answers[w].explanation) };
}

/* ---- rows ---- */

#define BECAUSE(members) "{\"error\":\"AccessDenied\",\"because\":{" members "}}"
#define RESULT(members)  "{\"result\":{" members "}}"
#define PART(member)     "expect.result." member

/* `differs`: "path: wanted, got" and " = value" where one would be right, a line each. */
static const struct {
    const char *name, *expect;
    enum which answer;
    const char *differs;
} rows[] = {
    /* the default */
    { "an answer is to be allowed", NULL, YES, "" },
    { "or it is not as expected", NULL, NO,
      "expect.status: 200, as nothing else is expected, 403 = 403\n" },
    { "nothing expected is the default", "{}", NO,
      "expect.status: 200, as nothing else is expected, 403 = 403\n" },
    { "so is a result alone", RESULT("\"X\":null"), NO,
      "expect.status: 200, as nothing else is expected, 403 = 403\n" },
    { "an error needs no status", "{\"error\":\"AccessDenied\"}", NO, "" },
    { "a document is to be there", NULL, GONE,
      "expect.status: 200, as nothing else is expected, 404 = 404\n" },

    /* status, error, message */
    { "the status said", "{\"status\":403}", NO, "" },
    { "another status", "{\"status\":400}", NO, "expect.status: 400, 403 = 403\n" },
    { "a status beside the right error", "{\"status\":400,\"error\":\"AccessDenied\"}", NO,
      "expect.status: 400, 403 = 403\n" },
    { "another error", "{\"error\":\"ExpiredToken\"}", NO,
      "expect.error: \"ExpiredToken\", \"AccessDenied\" = \"AccessDenied\"\n" },
    { "errors are told apart by their case", "{\"error\":\"accessdenied\"}", NO,
      "expect.error: \"accessdenied\", \"AccessDenied\" = \"AccessDenied\"\n" },
    { "an error that did not come", "{\"error\":\"AccessDenied\"}", YES,
      "expect.error: \"AccessDenied\", it is allowed\n" },
    { "the message said", "{\"status\":403,\"message\":\"Not authorized\"}", NO, "" },
    { "a message like it", "{\"status\":403,\"message\":{\"like\":\"Not a*z?d\"}}", NO, "" },
    { "a star may be nothing", "{\"status\":403,\"message\":{\"like\":\"*Not authorized*\"}}", NO,
      "" },
    { "like is about all of it", "{\"status\":403,\"message\":{\"like\":\"Not\"}}", NO,
      "expect.message: {\"like\":\"Not\"}, \"Not authorized\" = \"Not authorized\"\n" },
    { "a star that is not under like", "{\"status\":403,\"message\":\"Not*\"}", NO,
      "expect.message: \"Not*\", \"Not authorized\" = \"Not authorized\"\n" },
    { "a message that did not come", "{\"message\":\"x\"}", YES,
      "expect.message: \"x\", nothing\n" },
    { "all that differs is told", "{\"status\":400,\"error\":\"X\",\"message\":\"m\"}", NO,
      "expect.status: 400, 403 = 403\n"
      "expect.error: \"X\", \"AccessDenied\" = \"AccessDenied\"\n"
      "expect.message: \"m\", \"Not authorized\" = \"Not authorized\"\n" },

    /* lost */
    { "an answer that is lost", "{\"lost\":true}", LOST, "" },
    { "and was not to be", NULL, LOST, "expect.lost: an answer, no whole answer\n" },
    { "nothing else is told of it", "{\"status\":400,\"error\":\"X\"}", LOST,
      "expect.lost: an answer, no whole answer\n" },
    { "one that was to be lost", "{\"lost\":true}", NO,
      "expect.lost: no whole answer, an answer\n" },

    /* result */
    { "elements that are there", RESULT("\"Credentials\":{\"AccessKeyId\":\"ASIA1\"}"), YES, "" },
    { "others do not matter", RESULT("\"PackedPolicySize\":\"6\""), YES, "" },
    { "no element at all", RESULT(""), YES, "" },
    { "of an answer without a result", RESULT(""), PLAIN, "" },
    { "a number is as XML has it", RESULT("\"PackedPolicySize\":6"), YES, "" },
    { "and differs as one", RESULT("\"PackedPolicySize\":7"), YES,
      PART("PackedPolicySize: 7, \"6\" = \"6\"\n") },
    { "so is a boolean", RESULT("\"Flag\":true"), YES, "" },
    { "and differs", RESULT("\"Flag\":false"), YES, PART("Flag: false, \"true\" = \"true\"\n") },
    { "like within", RESULT("\"Credentials\":{\"AccessKeyId\":{\"like\":\"ASIA*\"}}"), YES, "" },
    { "unlike within", RESULT("\"Credentials\":{\"AccessKeyId\":{\"like\":\"AKIA*\"}}"), YES,
      PART("Credentials.AccessKeyId: {\"like\":\"AKIA*\"}, \"ASIA1\" = \"ASIA1\"\n") },
    { "an element that is not there", RESULT("\"Gone\":\"x\""), YES,
      PART("Gone: \"x\", nothing\n") },
    { "nor below", RESULT("\"Gone\":{\"a\":{\"b\":1}}"), YES, PART("Gone.a.b: 1, nothing\n") },
    { "an element of no answer", RESULT("\"A\":\"x\""), PLAIN, PART("A: \"x\", nothing\n") },
    { "null is absence", RESULT("\"Gone\":null,\"Credentials\":{\"Gone\":null}"), YES, "" },
    { "and presence is not", RESULT("\"Flag\":null"), YES,
      PART("Flag: null, \"true\" = \"true\"\n") },
    { "an empty element is present", RESULT("\"Empty\":null"), YES,
      PART("Empty: null, \"\" = \"\"\n") },
    { "and empty", RESULT("\"Empty\":\"\""), YES, "" },
    { "a text where there are elements", RESULT("\"Credentials\":\"x\""), YES,
      PART("Credentials: \"x\", {\"AccessKeyId\":\"ASIA1\"} = {\"AccessKeyId\":\"ASIA1\"}\n") },
    { "even for what is like all", RESULT("\"Credentials\":{\"like\":\"*\"}"), YES,
      PART("Credentials: {\"like\":\"*\"}, {\"AccessKeyId\":\"ASIA1\"} = "
           "{\"AccessKeyId\":\"ASIA1\"}\n") },
    { "elements where there is a text", RESULT("\"Flag\":{\"a\":1}"), YES,
      PART("Flag: {\"a\":1}, \"true\" = \"true\"\n") },
    { "lists, item by item", RESULT("\"Keys\":[{\"Id\":\"1\"},{\"Id\":{\"like\":\"?\"}}]"), LIST,
      "" },
    { "in their order", RESULT("\"Keys\":[{\"Id\":\"2\"},{\"Id\":\"1\"}]"), LIST,
      PART("Keys[0].Id: \"2\", \"1\" = \"1\"\n") PART("Keys[1].Id: \"1\", \"2\" = \"2\"\n") },
    { "an item that lacks something", RESULT("\"Keys\":[{},{\"Status\":\"Active\"}]"), LIST,
      PART("Keys[1].Status: \"Active\", nothing\n") },
    { "a list has as many items", RESULT("\"Keys\":[{}]"), LIST,
      PART("Keys: [{}], [{\"Id\":\"1\",\"Status\":\"Active\"},{\"Id\":\"2\"}] = "
           "[{\"Id\":\"1\",\"Status\":\"Active\"},{\"Id\":\"2\"}]\n") },
    { "no list is empty that has any", RESULT("\"Keys\":[]"), LIST,
      PART("Keys: [], [{\"Id\":\"1\",\"Status\":\"Active\"},{\"Id\":\"2\"}] = "
           "[{\"Id\":\"1\",\"Status\":\"Active\"},{\"Id\":\"2\"}]\n") },
    { "an empty element is an empty list", RESULT("\"None\":[]"), LIST, "" },
    { "an absent one is none", RESULT("\"Gone\":[]"), LIST, PART("Gone: [], nothing\n") },
    { "an empty element is no list of one", RESULT("\"None\":[\"\"]"), LIST,
      PART("None: [\"\"], \"\" = \"\"\n") },
    { "a list where there is a text", RESULT("\"a b\":[\"c\"]"), LIST,
      "expect.result[\"a b\"]: [\"c\"], \"c\" = \"c\"\n" },
    { "a text where there is a list", RESULT("\"Keys\":\"1\""), LIST,
      PART("Keys: \"1\", [{\"Id\":\"1\",\"Status\":\"Active\"},{\"Id\":\"2\"}] = "
           "[{\"Id\":\"1\",\"Status\":\"Active\"},{\"Id\":\"2\"}]\n") },
    { "a document's values have types", RESULT("\"n\":5,\"t\":true,\"null\":null,\"keys\":[]"),
      DOCUMENT, "" },
    { "which may differ", RESULT("\"n\":6,\"t\":false"), DOCUMENT,
      PART("n: 6, 5 = 5\n") PART("t: false, true = true\n") },

    /* because */
    { "the reason", BECAUSE("\"reason\":\"trust-denied\""), NO, "" },
    { "another reason", BECAUSE("\"reason\":\"expired\""), NO,
      "expect.because.reason: \"expired\", \"trust-denied\" = \"trust-denied\"\n" },
    { "a reason of what is allowed", "{\"because\":{\"reason\":\"expired\"}}", YES,
      "expect.because.reason: \"expired\", nothing\n" },
    { "its sentence", BECAUSE("\"detail\":\"no statement matches\""), NO, "" },
    { "like it", BECAUSE("\"detail\":{\"like\":\"no * matches\"}"), NO, "" },
    { "another sentence", BECAUSE("\"detail\":\"x\""), NO,
      "expect.because.detail: \"x\", \"no statement matches\" = \"no statement matches\"\n" },
    { "a sentence where there is none", "{\"because\":{\"detail\":\"x\"}}", YES,
      "expect.because.detail: \"x\", nothing\n" },
    { "the check that failed", BECAUSE("\"check\":\"trust-policy\""), NO, "" },
    { "one that passed", BECAUSE("\"check\":\"token\""), NO,
      "expect.because.check: \"token\", \"trust-policy\" = \"trust-policy\"\n" },
    { "one that was not made", BECAUSE("\"check\":\"x\""), NO,
      "expect.because.check: \"x\", \"trust-policy\" = \"trust-policy\"\n" },
    { "none failed", "{\"because\":{\"check\":\"token\"}}", YES,
      "expect.because.check: \"token\", nothing\n" },
    { "a statement that does not match", BECAUSE("\"statement\":0"), NO, "" },
    { "one that does", BECAUSE("\"statement\":2"), NO,
      "expect.because.statement: statement 2 does not match, it matches\n" },
    { "one that was not looked at, though it has a place", BECAUSE("\"statement\":1"), NO,
      "expect.because.statement: 1, no such statement was looked at\n" },
    { "a condition that was not met",
      BECAUSE("\"statement\":0,\"operator\":\"StringLike\",\"key\":\"i:sub\""), NO, "" },
    { "another one", BECAUSE("\"statement\":0,\"operator\":\"Bool\""), NO, "" },
    { "its key alone", BECAUSE("\"statement\":0,\"key\":\"aws:SecureTransport\""), NO, "" },
    { "one that was met",
      BECAUSE("\"statement\":0,\"operator\":\"StringEquals\",\"key\":\"i:aud\""), NO,
      "expect.because: StringEquals on i:aud, StringLike on i:sub, Bool on "
      "aws:SecureTransport\n" },
    { "an operator of one and a key of another",
      BECAUSE("\"statement\":0,\"operator\":\"Bool\",\"key\":\"i:sub\""), NO,
      "expect.because: Bool on i:sub, StringLike on i:sub, Bool on aws:SecureTransport\n" },
    { "a key nobody asked for", BECAUSE("\"statement\":0,\"key\":\"i:x\""), NO,
      "expect.because: a condition on i:x, StringLike on i:sub, Bool on aws:SecureTransport\n" },
    { "an operator of no condition", BECAUSE("\"statement\":2,\"operator\":\"Null\""), NO,
      "expect.because: Null on any key, no condition that was not met\n" },
    { "a hint", BECAUSE("\"hint\":\"two\""), NO, "" },
    { "a hint that is not given", BECAUSE("\"hint\":\"three\""), NO,
      "expect.because.hint: \"three\", \"one\", \"two\"\n" },
    { "no hint is given", "{\"because\":{\"hint\":\"one\"}}", YES,
      "expect.because.hint: \"one\", nothing\n" },
    { "who does not say why is not asked",
      BECAUSE("\"reason\":\"x\",\"detail\":\"x\",\"check\":\"x\",\"statement\":9,\"hint\":\"x\""),
      DARK, "" },
    { "but for the rest", "{\"error\":\"X\",\"because\":{\"reason\":\"x\"}}", DARK,
      "expect.error: \"X\", \"AccessDenied\" = \"AccessDenied\"\n" },
};

static struct str listed(const struct mismatches *m)
{
    struct text t = text_new(a, 64 * 1024);
    for (size_t i = 0; i < m->n; i++) {
        text_printf(&t, "%.*s: %.*s, %.*s", STR_ARG(m->items[i].path), STR_ARG(m->items[i].wanted),
                    STR_ARG(m->items[i].got));
        if (m->items[i].value)
            text_printf(&t, " = %s", json_text(a, m->items[i].value).p);
        text_putc(&t, '\n');
    }
    return text_str(&t);
}

static struct mismatches compared(json_t *expect, const struct expect_answer *got)
{
    struct mismatches m = { .n = 0 };
    const struct expect e = { expect };
    expect_compare(a, &e, got, &m);
    return m;
}

START_TEST(an_answer_differs_where_it_does)
{
    struct expect_answer got = answer(rows[_i].answer);
    struct mismatches m = compared(value(rows[_i].expect), &got);
    want_str(rows[_i].name, listed(&m), str_of(rows[_i].differs));
}
END_TEST

/* Every row is an expectation that a file may hold. */
START_TEST(what_is_compared_can_be_written)
{
    struct why why = why_new(a);
    struct expect e;
    struct json_doc *doc;
    const char *text = rows[_i].expect ? rows[_i].expect : "{}";
    ck_assert(!failed(json_load(a, &why, STR("e"), str_of(text), JSON_DUPLICATES_REFUSED, &doc)));
    struct json_at root = json_at_root(doc);
    ck_assert_msg(!failed(expect_read(&root, &why, true, &e)), "%s: %.*s", rows[_i].name,
                  STR_ARG(why_text(&why)));
    ck_assert(json_equal(e.value, doc->root));
    ck_assert_int_eq(expect_wants_because(&e), strstr(text, "because") != NULL);
}
END_TEST

/* ---- what would be expected of an answer ---- */

#define NO_EXPECTED                                                                           \
    "{\"status\":403,\"error\":\"AccessDenied\",\"message\":\"Not authorized\",\"because\":{" \
    "\"reason\":\"trust-denied\"}}"

static const char *const of_answers[] = {
    [YES] = "{\"status\":200}",
    [NO] = NO_EXPECTED,
    [LOST] = "{\"lost\":true}",
    [DARK] = "{\"status\":403,\"error\":\"AccessDenied\",\"message\":\"Not authorized\"}",
    [LIST] = "{\"status\":200}",
    [DOCUMENT] = "{\"status\":200}",
    [PLAIN] = "{\"status\":200}",
    [GONE] = "{\"status\":404}",
};

START_TEST(what_is_expected_of_an_answer_fits_it_and_its_like_alone)
{
    struct expect_answer mine = answer((enum which)_i);
    json_t *expect = expect_of(a, &mine);
    want_str("expected", json_text(a, expect), str_of(of_answers[_i]));
    for (size_t k = 0; k < sizeof answers / sizeof answers[0]; k++) {
        struct expect_answer other = answer((enum which)k);
        struct mismatches m = compared(expect, &other);
        bool alike = other.lost == mine.lost && other.status == mine.status;
        ck_assert_msg((m.n == 0) == alike, "of answer %d, beside %zu: %.*s", _i, k,
                      STR_ARG(listed(&m)));
    }
}
END_TEST

Suite *expect_suite(void);

Suite *expect_suite(void)
{
    Suite *s = suite_create("scenarios/expect");
    TCase *t = tcase_create("expect");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, an_answer_differs_where_it_does, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(t, what_is_compared_can_be_written, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(t, what_is_expected_of_an_answer_fits_it_and_its_like_alone, 0,
                        sizeof answers / sizeof answers[0]);
    suite_add_tcase(s, t);
    return s;
}
