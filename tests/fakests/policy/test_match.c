#include "fakests/policy/match.h"

#include "base/encode.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include <time.h>

Suite *match_suite(void);

#define FAR  "\xF0\x90\x90\x80" /* U+10400: two UTF-16 units */
#define FAR2 "\xF0\x90\x90\xA8" /* U+10428 */

static const struct {
    const char *name, *pattern, *text;
    bool matches;
} rows[] = {
    { "text matches itself", "repo:acme/a", "repo:acme/a", true },
    { "case counts", "repo:acme/a", "repo:Acme/a", false },
    { "a longer text does not match", "abc", "abcd", false },
    { "a shorter text does not match", "abc", "ab", false },
    { "nothing matches nothing", "", "", true },
    { "nothing matches no text", "", "a", false },
    { "a star matches nothing", "*", "", true },
    { "a question mark does not match nothing", "?", "", false },
    { "stars match nothing", "***", "", true },
    { "a star crosses slashes and colons", "repo:acme/*", "repo:acme/a:ref:refs/heads/main", true },
    { "a star crosses newlines", "a*b", "a\nx\nb", true },
    { "a question mark is a slash too", "a?b", "a/b", true },
    { "a question mark is a newline too", "a?b", "a\nb", true },
    { "an earlier star takes what a later one leaves", "*ab*ab", "abxabab", true },
    { "a star gives back", "a*bc", "abcbcbc", true },
    { "the end counts", "*.example.com", "a.example.com.evil", false },
    { "the beginning counts", "org/1/*", "xorg/1/a", false },
    { "brackets are text", "[a]*", "ab", false },
    { "brackets match brackets", "[a]*", "[a]b", true },
    { "a backslash does not quote a star", "a\\*", "a*", false },
    { "a backslash is text before a star", "a\\*", "a\\zz", true },
    { "two bytes are one character", "a?b",
      "a\xC3\xA9"
      "b",
      true },
    { "three bytes are one character", "a?b",
      "a\xE2\x82\xAC"
      "b",
      true },
    { "a combining accent is a character", "e?", "e\xCC\x81", true },
    { "a character beyond U+FFFF is not one unit", "?", FAR, false },
    { "a character beyond U+FFFF is two units", "??", FAR, true },
    { "one beyond U+FFFF in the middle is two", "a??b", "a" FAR "b", true },
    { "and is not one", "a?b", "a" FAR "b", false },
    { "a star may end within it", "a*?b", "a" FAR "b", true },
    { "a star may begin within it", "a?*b", "a" FAR "b", true },
    { "it matches itself and a unit more", FAR "?", FAR "x", true },
    { "but not itself and half of another", FAR "?", FAR FAR2, false },
    { "halves of two do not make one", "*" FAR, FAR FAR2, false },
    { "its bytes are no characters", "*\x90", FAR, false },
    { "a star finds it behind others", "*" FAR2, FAR FAR FAR2, true },
};

START_TEST(matches_as_documented)
{
    struct arena *a = arena_new();
    struct str pattern = match_compile(a, guarded(str_of(rows[_i].pattern)));
    bool got = match_like(guarded(pattern), guarded(str_of(rows[_i].text)));
    ck_assert_msg(got == rows[_i].matches, "%s", rows[_i].name);
    arena_free(a);
}
END_TEST

static const struct {
    const char *name, *pattern, *text;
    bool matches;
} nocase_rows[] = {
    { "actions have no case", "STS:assumerolewithwebidentity", "sts:AssumeRoleWithWebIdentity",
      true },
    { "with wildcards too", "sts:assume*", "sts:AssumeRole", true },
    { "a question mark", "sts:assumerol?", "sts:AssumeRole", true },
    { "another letter is another", "sts:assumerolf", "sts:AssumeRole", false },
    { "only ASCII letters have two cases", "@", "`", false },
    { "a bracket is not a brace", "[", "{", false },
};

START_TEST(ignores_ascii_case_when_asked)
{
    struct arena *a = arena_new();
    struct str pattern = match_compile(a, str_of(nocase_rows[_i].pattern));
    ck_assert_msg(match_like_nocase(pattern, str_of(nocase_rows[_i].text)) ==
                      nocase_rows[_i].matches,
                  "%s", nocase_rows[_i].name);
    arena_free(a);
}
END_TEST

/* ---- the oracle: UTF-16 units, and recursion ---- */

struct units {
    uint16_t u[32];
    size_t n;
};

static struct units units_of(struct str s)
{
    struct units out = { { 0 }, 0 };
    while (s.n) {
        uint32_t c = utf8_next(&s);
        if (c > 0xFFFF) {
            out.u[out.n++] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        out.u[out.n++] = (uint16_t)c;
    }
    return out;
}

static bool slow(const uint16_t *p, size_t n_p, const uint16_t *t, size_t n_t)
{
    if (!n_p)
        return !n_t;
    if (*p == '*')
        return slow(p + 1, n_p - 1, t, n_t) || (n_t && slow(p, n_p, t + 1, n_t - 1));
    return n_t && (*p == '?' || *p == *t) && slow(p + 1, n_p - 1, t + 1, n_t - 1);
}

/* The k-th string over the letters, counted by length and then in order; false when it is too long.
 */
static bool nth(size_t k, const struct str *letters, size_t n_letters, size_t max, char *out,
                struct str *s)
{
    size_t length = 0, of_length = 1;
    *s = str_n(out, 0);
    while (k >= of_length) {
        k -= of_length;
        of_length *= n_letters;
        if (++length > max)
            return false;
    }
    for (size_t i = 0; i < length; i++) {
        struct str letter = letters[k % n_letters];
        memcpy(out + s->n, letter.p, letter.n);
        s->n += letter.n;
        k /= n_letters;
    }
    return true;
}

START_TEST(agrees_with_the_oracle_on_every_short_input)
{
    static const struct str in_patterns[] = { STR_INIT("a"), STR_INIT("*"), STR_INIT("?"),
                                              STR_INIT(FAR) };
    static const struct str in_texts[] = { STR_INIT("a"), STR_INIT("b"), STR_INIT(FAR) };
    static char pattern_bytes[64], text_bytes[64];
    struct str pattern, text;
    struct arena *a = arena_new();

    for (size_t i = 0; nth(i, in_patterns, 4, 5, pattern_bytes, &pattern); i++) {
        struct str compiled = match_compile(a, pattern);
        struct units p = units_of(pattern);
        for (size_t j = 0; nth(j, in_texts, 3, 5, text_bytes, &text); j++) {
            struct units t = units_of(text);
            if (match_like(compiled, text) != slow(p.u, p.n, t.u, t.n))
                ck_abort_msg("\"%.*s\" on \"%.*s\"", STR_ARG(pattern), STR_ARG(text));
        }
        arena_reset(a);
    }
    arena_free(a);
}
END_TEST

/* Six letters over a smaller alphabet, where stars and mistakes get in each other's way. */
START_TEST(agrees_with_the_oracle_on_longer_inputs)
{
    static const struct str in_patterns[] = { STR_INIT("a"), STR_INIT("b"), STR_INIT("*") };
    static const struct str in_texts[] = { STR_INIT("a"), STR_INIT("b") };
    static char pattern_bytes[64], text_bytes[64];
    struct str pattern, text;
    struct arena *a = arena_new();

    for (size_t i = 0; nth(i, in_patterns, 3, 6, pattern_bytes, &pattern); i++) {
        struct str compiled = match_compile(a, pattern);
        struct units p = units_of(pattern);
        for (size_t j = 0; nth(j, in_texts, 2, 7, text_bytes, &text); j++) {
            struct units t = units_of(text);
            if (match_like(compiled, text) != slow(p.u, p.n, t.u, t.n))
                ck_abort_msg("\"%.*s\" on \"%.*s\"", STR_ARG(pattern), STR_ARG(text));
        }
        arena_reset(a);
    }
    arena_free(a);
}
END_TEST

START_TEST(bytes_that_are_no_utf8_do_no_harm)
{
    static const struct str texts[] = { STR_INIT("\xF0"),     STR_INIT("\xE2\x82"),
                                        STR_INIT("\x80\x80"), STR_INIT("\xFE"),
                                        STR_INIT("\xFF"),     STR_INIT("a\xF0\x90") };
    static const char *const patterns[] = { "*", "?", "??", "a?", "*?", "?*?", "*a*" };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (size_t j = 0; j < sizeof patterns / sizeof patterns[0]; j++) {
            struct str compiled = match_compile(a, str_of(patterns[j]));
            bool got = match_like(compiled, guarded(texts[i]));
            ck_assert_msg(got || j > 0, "a star matches anything");
        }
    arena_free(a);
}
END_TEST

/* A value that holds the bytes that stand for wildcards must not become one. */
START_TEST(literals_hold_no_wildcards)
{
    struct arena *a = arena_new();
    struct str forged = match_literal(a, STR("a\xFE"));
    ck_assert(!match_has_wildcard(forged));
    ck_assert(!match_like(forged, STR("a-and-anything")));
    forged = match_compile(a, STR("\xFF\xFE"));
    ck_assert(!match_has_wildcard(forged));
    want_str("text that is none of that is untouched", match_literal(a, STR("a*?")), STR("a*?"));
    want_str("a pattern reads as it was written", match_show(a, match_compile(a, STR("a*?b"))),
             STR("a*?b"));
    arena_free(a);
}
END_TEST

/* |pattern| * |text| steps at most: a matcher that tries every star anew would not end today. */
START_TEST(many_stars_take_no_longer_than_the_product)
{
    struct arena *a = arena_new();
    char *text = arena_alloc(a, 20000), *pattern = arena_alloc(a, 1000);
    memset(text, 'a', 20000);
    for (size_t i = 0; i < 999; i++)
        pattern[i] = i % 2 ? 'a' : '*';
    pattern[999] = 'b';
    struct str compiled = match_compile(a, str_n(pattern, 1000));
    clock_t from = clock();
    ck_assert(!match_like(compiled, str_n(text, 20000)));
    ck_assert_msg((double)(clock() - from) / CLOCKS_PER_SEC < 2, "%s", "it takes far too long");
    arena_free(a);
}
END_TEST

Suite *match_suite(void)
{
    Suite *s = suite_create("match");
    TCase *t = tcase_create("match");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, matches_as_documented, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(t, ignores_ascii_case_when_asked, 0,
                        sizeof nocase_rows / sizeof nocase_rows[0]);
    tcase_add_test(t, agrees_with_the_oracle_on_every_short_input);
    tcase_add_test(t, agrees_with_the_oracle_on_longer_inputs);
    tcase_add_test(t, bytes_that_are_no_utf8_do_no_harm);
    tcase_add_test(t, literals_hold_no_wildcards);
    tcase_add_test(t, many_stars_take_no_longer_than_the_product);
    suite_add_tcase(s, t);
    return s;
}
