#include "issuer/pattern.h"

#include "tests/support/runner.h"

static const struct {
    const char *name, *pattern, *text;
    bool fits;
} cases[] = {
    { "a uuid fits its pattern", "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
      "00f45056-5918-4171-9222-b538c76ed3f8", true },
    { "one digit less does not", "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
      "00f45056-5918-4171-9222-b538c76ed3f", false },
    { "alternatives are alternatives", "^(vcs|webhook)$", "webhook", true },
    { "and nothing else", "^(vcs|webhook)$", "webhooks", false },
    { "a bracket first in its brackets is itself", "^[]x]+$", "x]", true },
    { "a brace in brackets counts nothing", "^[{}]{2}$", "{}", true },
    { "classes are known", "^[[:alpha:]]{3}$", "abc", true },
    { "an escaped letter is itself", "^a\\.b$", "a.b", true },
    { "and no other", "^a\\.b$", "axb", false },
    { "the largest count is taken", "^a{64}$", "a", false },
    { "four levels of groups are taken", "^((((a)+)+)+)+$", "aaa", true },
};

START_TEST(fits_as_it_says)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    const struct pattern *p;
    ck_assert_msg(!failed(pattern_compile(a, &why, str_of(cases[_i].pattern), &p)), "%s: %.*s",
                  cases[_i].name, STR_ARG(why.detail));
    ck_assert_msg(pattern_fits(p, cases[_i].text) == cases[_i].fits, "%s", cases[_i].name);
    arena_free(a);
}
END_TEST

static const struct {
    const char *name, *pattern, *reason;
} refused[] = {
    { "an open group is refused", "(a", "no regular expression" },
    { "an open bracket is refused", "[a", "no regular expression" },
    { "a count of 65 is refused", "a{65}", "repeats too often" },
    { "a count that has no end is refused", "a{1,30000}", "repeats too often" },
    { "a count beyond all numbers is refused", "a{99999999999999999999}", "repeats too often" },
    { "counting a group is refused", "(a{60}){60}", "behind a group" },
    { "counting a count is refused", "a{60}{60}", "behind another" },
    { "repeating a repetition is refused", "a++++++++++++++++++++++++++++++", "behind another" },
    { "five levels of groups are refused", "(((((a)+)+)+)+)+", "nested too deep" },
    { "a back reference is refused", "(a)\\1", "refers back" },
    { "a bracket that hides a group's end hides nothing", "([)]{60}){60}", "behind a group" },
};

START_TEST(refuses_what_grows)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    const struct pattern *p = NULL;
    ck_assert_msg(failed(pattern_compile(a, &why, str_of(refused[_i].pattern), &p)), "%s",
                  refused[_i].name);
    ck_assert_int_eq(why.fault, FAULT_CONFIG_INVALID);
    ck_assert_msg(str_contains(why.detail, str_of(refused[_i].reason)), "%s: %.*s",
                  refused[_i].name, STR_ARG(why.detail));
    ck_assert_ptr_null(p);
    arena_free(a);
}
END_TEST

START_TEST(refuses_length)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    const struct pattern *p;
    char text[PATTERN_BYTES_MAX + 1];
    memset(text, 'a', sizeof text);
    ck_assert(failed(pattern_compile(a, &why, str_n(text, sizeof text), &p)));
    why = why_new(a);
    ck_assert(!failed(pattern_compile(a, &why, str_n(text, sizeof text - 1), &p)));
    arena_free(a);
}
END_TEST

Suite *pattern_suite(void);
Suite *pattern_suite(void)
{
    Suite *s = suite_create("pattern");
    TCase *t = tcase_create("pattern");
    tcase_add_loop_test(t, fits_as_it_says, 0, sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(t, refuses_what_grows, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(t, refuses_length);
    suite_add_tcase(s, t);
    return s;
}
