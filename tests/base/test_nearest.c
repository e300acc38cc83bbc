#include "base/nearest.h"

#include "tests/support/runner.h"

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

/* Levenshtein's definition, word for word. */
static size_t slow(struct str a, struct str b)
{
    if (!a.n || !b.n)
        return a.n + b.n;
    size_t replaced = slow(str_sub(a, 1, a.n), str_sub(b, 1, b.n)) + (a.p[0] != b.p[0]);
    size_t removed = slow(str_sub(a, 1, a.n), b) + 1, inserted = slow(a, str_sub(b, 1, b.n)) + 1;
    size_t least = replaced < removed ? replaced : removed;
    return least < inserted ? least : inserted;
}

enum { LETTERS = 2, LENGTH = 4, WORDS = 31 };

static size_t word_write(size_t number, char out[LENGTH])
{
    size_t n = 0;
    for (number++; number > 1; number /= LETTERS)
        out[n++] = (char)('a' + number % LETTERS);
    return n;
}

START_TEST(distance_is_the_definition)
{
    char a[LENGTH], b[LENGTH];
    for (size_t i = 0; i < WORDS; i++)
        for (size_t j = 0; j < WORDS; j++) {
            struct str x = str_n(a, word_write(i, a)), y = str_n(b, word_write(j, b));
            WANT(nearest_distance(x, y) == slow(x, y), "\"%.*s\" and \"%.*s\"", STR_ARG(x),
                 STR_ARG(y));
        }
}
END_TEST

START_TEST(too_long_is_near_to_nothing)
{
    static char longer[NEAREST_COMPARED_MAX + 1];
    struct str whole = str_n(longer, sizeof longer);
    memset(longer, 'a', sizeof longer);
    ck_assert(nearest_distance(whole, whole) == SIZE_MAX);
    ck_assert(nearest_distance(str_sub(whole, 1, whole.n), str_sub(whole, 2, whole.n)) == 1);
}
END_TEST

static const struct {
    const char *name, *given, *wanted;
} cases[] = {
    { "a letter left out is found", "projct_id",
      "did you mean \"project_id\"?  There are: org_id, project_id, user_id" },
    { "a letter too many is found", "userr_id",
      "did you mean \"user_id\"?  There are: org_id, project_id, user_id" },
    { "an exchanged letter is found", "arg_id",
      "did you mean \"org_id\"?  There are: org_id, project_id, user_id" },
    { "another word is not taken for one of these", "colour",
      "there are: org_id, project_id, user_id" },
    { "nothing is near to nothing", "", "there are: org_id, project_id, user_id" },
    { "a text longer than any name is not compared",
      "org_idorg_idorg_idorg_idorg_idorg_idorg_idorg_idorg_idorg_idorg_idorg_id",
      "there are: org_id, project_id, user_id" },
};

START_TEST(says_what_was_meant)
{
    static const char *const names[] = { "org_id", "project_id", "user_id" };
    struct arena *a = arena_new();
    struct nearest n = nearest_new(a, str_of(cases[_i].given));
    for (size_t i = 0; i < 3; i++)
        nearest_add(&n, str_of(names[i]));
    want_str(cases[_i].name, nearest_text(&n), str_of(cases[_i].wanted));
    arena_free(a);
}
END_TEST

START_TEST(lists_any_number)
{
    struct arena *a = arena_new();
    struct nearest n = nearest_new(a, STR("x"));
    want_str("none", nearest_text(&n), STR("there are none"));
    for (int i = 0; i < 100; i++)
        nearest_add(&n, arena_printf(a, "name%d", i));
    ck_assert(str_contains(nearest_text(&n), STR("name0, name1, ")));
    ck_assert(str_ends(nearest_text(&n), STR(", name99")));
    arena_free(a);
}
END_TEST

Suite *nearest_suite(void);
Suite *nearest_suite(void)
{
    Suite *s = suite_create("nearest");
    TCase *t = tcase_create("nearest");
    tcase_add_loop_test(t, finds, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, the_first_of_equals);
    tcase_add_test(t, distance_is_the_definition);
    tcase_add_test(t, too_long_is_near_to_nothing);
    tcase_add_loop_test(t, says_what_was_meant, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, lists_any_number);
    suite_add_tcase(s, t);
    return s;
}
