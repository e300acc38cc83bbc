#include "fakests/policy/nearest.h"

#include "tests/support/runner.h"

Suite *nearest_suite(void);

static const struct str words[] = { STR_INIT("StringEquals"), STR_INIT("StringLike"),
                                    STR_INIT("Bool") };

static const struct {
    const char *name, *word, *nearest;
} rows[] = {
    { "the word itself", "StringLike", "StringLike" },
    { "a letter too few", "StringEqual", "StringEquals" },
    { "a letter too many", "StringsLike", "StringLike" },
    { "two letters swapped", "StrinGleike", "StringLike" },
    { "case aside", "BOOL", "Bool" },
    { "something else altogether", "Principal", "" },
    { "nothing", "", "" },
    { "far too long a word",
      "StringEqualsStringEqualsStringEqualsStringEqualsStringEqualsStringEquals", "" },
};

START_TEST(finds)
{
    want_str(rows[_i].name, nearest_of(str_of(rows[_i].word), words, 3), str_of(rows[_i].nearest));
}
END_TEST

START_TEST(the_first_of_equals)
{
    static const struct str twins[] = { STR_INIT("ab1"), STR_INIT("ab2") };
    want_str("the first", nearest_of(STR("ab3"), twins, 2), STR("ab1"));
    want_str("none of none", nearest_of(STR("ab3"), NULL, 0), STR(""));
}
END_TEST

Suite *nearest_suite(void)
{
    Suite *s = suite_create("nearest");
    TCase *t = tcase_create("nearest");
    tcase_add_loop_test(t, finds, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, the_first_of_equals);
    suite_add_tcase(s, t);
    return s;
}
