#include "fakests/difference.h"

#include "fakests/policy/match.h"
#include "tests/support/runner.h"

static const struct row {
    const char *name, *wanted, *got;
    enum difference_rule rule;
    size_t at_wanted, at_got;
} rows[] = {
    { "equal texts differ at their end", "abc", "abc", DIFFERENCE_EXACT, 3, 3 },
    { "the first other letter", "abc", "abd", DIFFERENCE_EXACT, 2, 2 },
    { "one is the other's beginning", "ab", "abc", DIFFERENCE_EXACT, 2, 2 },
    { "nothing is the beginning of everything", "", "abc", DIFFERENCE_EXACT, 0, 0 },
    { "a star is a star", "a*", "abc", DIFFERENCE_EXACT, 1, 1 },
    { "case counts", "aBc", "abc", DIFFERENCE_EXACT, 1, 1 },
    { "case does not count", "aBc", "abd", DIFFERENCE_NOCASE, 2, 2 },
    { "not within a character", "a\xC3\xA9", "a\xC3\xA8", DIFFERENCE_EXACT, 1, 1 },
    { "a pattern that matches is walked to its end", "a*c", "abbc", DIFFERENCE_PATTERN, 3, 4 },
    { "behind a star the farthest point counts", "w:*:service:srv-x", "w:a:b:service:srv-y",
      DIFFERENCE_PATTERN, 16, 18 },
    { "what no star can bridge", "repo:o/*:ref", "repo:o/r:env", DIFFERENCE_PATTERN, 9, 9 },
    { "a question mark takes one", "a?c", "abd", DIFFERENCE_PATTERN, 2, 2 },
    { "text behind the pattern's end", "org/user", "org/user/vcs", DIFFERENCE_PATTERN, 8, 8 },
};

START_TEST(finds_the_first_difference)
{
    const struct row *row = &rows[_i];
    struct arena *a = arena_new();
    struct difference d = difference_find(a, row->rule, str_of(row->wanted), str_of(row->got));
    ck_assert_msg(d.wanted == row->at_wanted && d.got == row->at_got, "%s: %zu and %zu", row->name,
                  d.wanted, d.got);
    arena_free(a);
}
END_TEST

/* ---- every short pattern and text, beside match_like ---- */

enum { LENGTH = 4 };

static size_t write(size_t number, const char *letters, size_t n_letters, char out[LENGTH])
{
    size_t n = 0;
    for (; number && n < LENGTH; number /= n_letters + 1)
        if (number % (n_letters + 1))
            out[n++] = letters[number % (n_letters + 1) - 1];
    return n;
}

static bool reaches(struct arena *a, struct str pattern, struct str text)
{
    struct str compiled = match_compile(a, pattern);
    for (size_t n = 0; n <= text.n; n++)
        if (match_like(compiled, str_sub(text, 0, n)))
            return true;
    return false;
}

/* So far it matches, and the pattern one longer matches no beginning of the text. */
static void check(struct arena *a, struct str pattern, struct str text)
{
    struct difference d = difference_find(a, DIFFERENCE_PATTERN, pattern, text);
    struct str so_far = match_compile(a, str_sub(pattern, 0, d.wanted));
    WANT(match_like(so_far, str_sub(text, 0, d.got)), "\"%.*s\" and \"%.*s\" do not fit so far",
         STR_ARG(pattern), STR_ARG(text));
    WANT(d.wanted == pattern.n || !reaches(a, str_sub(pattern, 0, d.wanted + 1), text),
         "\"%.*s\" and \"%.*s\" fit farther", STR_ARG(pattern), STR_ARG(text));
}

START_TEST(a_pattern_is_walked_as_far_as_it_can_match)
{
    char x[LENGTH], y[LENGTH];
    struct arena *a = arena_new();
    for (size_t i = 0; i < 625; i++)
        for (size_t j = 0; j < 81; j++) {
            check(a, str_n(x, write(i, "ab*?", 4, x)), str_n(y, write(j, "ab", 2, y)));
            arena_reset(a);
        }
    arena_free(a);
}
END_TEST

START_TEST(long_texts_are_compared_at_their_beginning)
{
    static char longer[100 * 1000];
    struct arena *a = arena_new();
    memset(longer, 'a', sizeof longer);
    struct str s = str_n(longer, sizeof longer);
    struct difference d = difference_find(a, DIFFERENCE_PATTERN, s, s);
    ck_assert_uint_eq(d.wanted, 4096);
    ck_assert_uint_eq(d.got, 4096);
    arena_free(a);
}
END_TEST

Suite *difference_suite(void);

Suite *difference_suite(void)
{
    Suite *s = suite_create("fakests/difference");
    TCase *t = tcase_create("difference");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, finds_the_first_difference, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, a_pattern_is_walked_as_far_as_it_can_match);
    tcase_add_test(t, long_texts_are_compared_at_their_beginning);
    suite_add_tcase(s, t);
    return s;
}
