#include "scenarios/report.h"

#include "base/xml.h"
#include "tests/scenarios/replay_fixture.h"

/* What came of a replay, as text, as TAP and as JUnit's XML. */

#define OTHER \
    "{\"mint\":{\"platform\":\"render\",\"set\":{\"service_id\":\"srv-other\"}},\"save\":\"t\"}"
#define ASSUME                                                                        \
    "{\"call\":{\"Action\":\"AssumeRoleWithWebIdentity\",\"RoleArn\":"                \
    "\"arn:aws:iam::123456789012:role/Render-OIDC-Role\",\"RoleSessionName\":\"s1\"," \
    "\"WebIdentityToken\":\"{t}\"}}"

static void make_library(void)
{
    put_file("lib/a.json", STR(PASSES("it is \\u001b[31mgood\\nor not \\\\ #1 \\u00e4")));
    put_file("lib/b.json", STR(FAILS("it <is> \\\"not\\\" & allowed")));
    put_file("lib/c.json", STR("{\"scenario\":\"t\",\n\"steps\":[{\"clock\":\"x\"}]}"));
    put_file("lib/d.json", STR(TITLED("denied", OTHER "," ASSUME)));
    put_file("lib/e #\\\x1B\xFF.json", STR("{\"steps\":[]}"));
}

/* One that no file of ours can be: of a server that is no understudy. */
static struct replay_entry skipped = { .file = STR_INIT("lib/s.json"),
                                       .line = 7,
                                       .title = STR_INIT("a # token"),
                                       .result = { .verdict = PLAY_SKIPPED,
                                                   .skipped = STR_INIT("mint: nobody # there") } };

static struct replay of_library(void)
{
    make_library();
    struct replay r = replayed("lib", NULL);
    struct replay_entry *more = arena_array(a, struct replay_entry, r.n + 1);
    memcpy(more, r.entries, r.n * sizeof *more);
    more[r.n++] = skipped;
    r.entries = more;
    r.n_skipped = 1;
    return r;
}

#define UNSIGNED_SAYS                                                                      \
    "MissingAuthenticationToken: Request is missing Authentication Token (authentication-" \
    "missing; neither an Authorization header nor X-Amz-Algorithm in the query)\n"
#define SUB_KEY   "oidc.render.com/tea-csps46i3esus73eojjp0:sub"
#define WORKSPACE "workspace:tea-csps46i3esus73eojjp0:environment:"

/* `I` is the indentation of a format. */
#define OF_B(I)                                                             \
    I "lib/b.json:1:50: $.steps[0]: GetCallerIdentity\n" I                  \
      "expect.status: wanted 200, as nothing else is expected, got 403\n" I \
      "answered: 403 " UNSIGNED_SAYS
#define OF_C(I) \
    I "lib/c.json:2:19: $.steps[0].clock: expected a time, RFC 3339 or seconds since 1970\n"
#define OF_D(I)                                                                               \
    I "lib/d.json:1:106: $.steps[1]: AssumeRoleWithWebIdentity\n" I                           \
      "expect.status: wanted 200, as nothing else is expected, got 403\n" I                   \
      "answered: 403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity "  \
      "(trust-denied; sts:AssumeRoleWithWebIdentity: no Allow statement of the trust policy " \
      "matches)\n" I "statement 0 (Allow) does not match\n" I "  StringLike " SUB_KEY         \
      ": wanted [\"" WORKSPACE "*:service:srv-d9tarvad0e5s738nfj6g\"], got [\"" WORKSPACE     \
      "default:service:srv-other\"]\n" I                                                      \
      "hint value-differs: the role wants sub with \"d9tarvad0e5s738nfj6g\" where this "      \
      "token has \"other\" (from character 68 on): admit it if this is who is meant\n"
#define OF_E(I) \
    I "lib/e #\\??.json:1:1: $: \"scenario\" is missing: a sentence that is true when it passes\n"

START_TEST(people_are_told_in_lines)
{
    struct replay r = of_library();
    /* A line of the report a line. */
    /* clang-format off */
    static const char lines[] =
        "ok    lib/a.json  it is ?[31mgood?or not \\ #1 \xC3\xA4\n"
        "FAIL  lib/b.json  it <is> \"not\" & allowed\n"
        OF_B("      ")
        "BAD   lib/c.json\n"
        OF_C("      ")
        "FAIL  lib/d.json  denied\n"
        OF_D("      ")
        "BAD   lib/e #\\??.json\n"
        OF_E("      ")
        "skip  lib/s.json:7  a # token\n"
        "      mint: nobody # there\n"
        "6 scenarios: 1 passed, 2 failed, 1 skipped, 2 not readable\n";
    /* clang-format on */
    want_str("text", report_text(a, &r, false), str_of(lines));
}
END_TEST

START_TEST(colours_are_of_words_alone)
{
    struct replay r = of_library();
    struct str text = report_text(a, &r, true);
    static const char *const painted[] = { "\x1B[32mok  \x1B[0m  lib/a",
                                           "\x1B[31mFAIL\x1B[0m  lib/b",
                                           "\x1B[31mBAD \x1B[0m  lib/c",
                                           "\x1B[33mskip\x1B[0m  lib/s" };
    size_t n = 0;
    for (size_t i = 0; i < 4; i++)
        ck_assert_msg(str_contains(text, str_of(painted[i])), "%.*s", STR_ARG(text));
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == 0x1B;
    ck_assert_uint_eq(n, 12);
}
END_TEST

START_TEST(tap_is_of_version_14)
{
    struct replay r = of_library();
    /* clang-format off */
    static const char lines[] =
        "TAP version 14\n"
        "1..6\n"
        "ok 1 - it is ?[31mgood?or not \\\\ \\#1 \xC3\xA4 (lib/a.json)\n"
        "not ok 2 - it <is> \"not\" & allowed (lib/b.json)\n"
        "  ---\n  message: |\n"
        OF_B("    ")
        "  ...\n"
        "not ok 3 - lib/c.json\n"
        "  ---\n  message: |\n"
        OF_C("    ")
        "  ...\n"
        "not ok 4 - denied (lib/d.json)\n"
        "  ---\n  message: |\n"
        OF_D("    ")
        "  ...\n"
        "not ok 5 - lib/e \\#\\\\??.json\n"
        "  ---\n  message: |\n"
        OF_E("    ")
        "  ...\n"
        "ok 6 - a \\# token (lib/s.json:7) # SKIP mint: nobody \\# there\n";
    /* clang-format on */
    want_str("TAP", report_tap(a, &r), str_of(lines));
}
END_TEST

START_TEST(tap_of_nothing_is_a_plan_of_none)
{
    const struct replay none = { .n = 0 };
    want_str("TAP", report_tap(a, &none), STR("TAP version 14\n1..0\n"));
}
END_TEST

/* How many elements of that name are below. */
static size_t n_named(const struct xml_node *node, struct str name)
{
    size_t n = 0;
    for (const struct xml_node *c = node->first_child; c; c = c->next)
        n += str_eq(c->name, name) + n_named(c, name);
    return n;
}

START_TEST(junit_counts_what_it_lists)
{
    struct replay r = of_library();
    struct why why = why_new(a);
    struct xml_node *root;
    struct str text = report_junit(a, &r);
    ck_assert_msg(!failed(xml_read(a, &why, text, &root)), "%.*s", STR_ARG(text));
    want_str("root", root->name, STR("testsuites"));
    ck_assert_uint_eq(n_named(root, STR("testsuite")), 1);
    ck_assert_uint_eq(n_named(root, STR("testcase")), r.n);
    ck_assert_uint_eq(n_named(root, STR("failure")), r.n_failed);
    ck_assert_uint_eq(n_named(root, STR("error")), r.n_bad);
    ck_assert_uint_eq(n_named(root, STR("skipped")), r.n_skipped);
    ck_assert(str_contains(text, STR("<testsuites tests=\"6\" failures=\"2\" errors=\"2\" "
                                     "skipped=\"1\">\n  <testsuite name=\"understudy replay\" "
                                     "tests=\"6\" failures=\"2\" errors=\"2\" skipped=\"1\">\n")));
    const struct xml_node *first = root->first_child->first_child;
    want_str("failure", xml_text(first->next, "failure"), str_trim(STR(OF_B(""))));
    want_str("error", xml_text(first->next->next, "error"), str_trim(STR(OF_C(""))));
}
END_TEST

START_TEST(junit_names_each_by_its_title_and_its_place)
{
    struct replay r = of_library();
    static const char *const cases[] = {
        "<testcase name=\"it is ?[31mgood&#10;or not \\ #1 \xC3\xA4\" classname=\"lib/a.json\" "
        "file=\"lib/a.json\"/>\n",
        "<testcase name=\"it &lt;is&gt; &quot;not&quot; &amp; allowed\" classname=\"lib/b.json\" "
        "file=\"lib/b.json\">\n      <failure message=\"lib/b.json:1:50: $.steps[0]: "
        "GetCallerIdentity\">",
        "<testcase name=\"lib/c.json\" classname=\"lib/c.json\" file=\"lib/c.json\">\n"
        "      <error message=\"lib/c.json:2:19: $.steps[0].clock: expected a time, RFC 3339 or "
        "seconds since 1970\">",
        "<testcase name=\"lib/e #\\??.json\"",
        "<testcase name=\"a # token\" classname=\"lib/s.json:7\" file=\"lib/s.json\">\n"
        "      <skipped message=\"mint: nobody # there\"/>\n",
    };
    struct str text = report_junit(a, &r);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_msg(str_contains(text, str_of(cases[i])), "no %s in %.*s", cases[i],
                      STR_ARG(text));
}
END_TEST

static const struct {
    struct replay replay;
    const char *wanted;
} summaries[] = {
    { { .n = 0 }, "0 scenarios: 0 passed, 0 failed" },
    { { .n = 1, .n_passed = 1 }, "1 scenario: 1 passed, 0 failed" },
    { { .n = 9, .n_passed = 4, .n_failed = 2, .n_skipped = 2, .n_bad = 1 },
      "9 scenarios: 4 passed, 2 failed, 2 skipped, 1 not readable" },
    { { .n = 2, .n_passed = 2, .n_unchecked = 3 },
      "2 scenarios: 2 passed, 0 failed; of 3 answers nobody there says why" },
};

START_TEST(a_summary_counts)
{
    want_str("summary", report_summary(a, &summaries[_i].replay), str_of(summaries[_i].wanted));
}
END_TEST

Suite *report_suite(void);

Suite *report_suite(void)
{
    Suite *s = suite_create("scenarios/report");
    TCase *t = tcase_create("report");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, people_are_told_in_lines);
    tcase_add_test(t, colours_are_of_words_alone);
    tcase_add_test(t, tap_is_of_version_14);
    tcase_add_test(t, tap_of_nothing_is_a_plan_of_none);
    tcase_add_test(t, junit_counts_what_it_lists);
    tcase_add_test(t, junit_names_each_by_its_title_and_its_place);
    tcase_add_loop_test(t, a_summary_counts, 0, sizeof summaries / sizeof summaries[0]);
    suite_add_tcase(s, t);
    return s;
}
