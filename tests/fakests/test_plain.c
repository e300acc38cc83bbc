#include "fakests/plain.h"

#include "tests/support/runner.h"

static const struct row {
    const char *name, *text, *shown;
    size_t columns, within;
} rows[] = {
    { "text is shown as it is", "me \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80",
      "me \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", 8, 80 },
    { "an escape sequence moves nothing", "\x1B[31mred", "?[31mred", 8, 80 },
    { "a line stays one line", "a\nb\r\tc\x7F", "a?b??c?", 7, 80 },
    { "C1 controls too",
      "a\xC2\x9B"
      "31mb",
      "a?31mb", 6, 80 },
    { "what is no UTF-8",
      "a\xFF\xC3"
      "b",
      "a??b", 4, 80 },
    { "an overlong slash", "\xC0\xAF", "??", 2, 80 },
    { "what is too long ends with an ellipsis", "abcdef", "abc" PLAIN_ELLIPSIS, 6, 4 },
    { "not within a character", "\xC3\xA9\xC3\xA9\xC3\xA9", "\xC3\xA9" PLAIN_ELLIPSIS, 3, 2 },
    { "what just fits is whole", "abcd", "abcd", 4, 4 },
    { "nothing", "", "", 0, 0 },
};

START_TEST(shows_what_a_terminal_may_see)
{
    const struct row *row = &rows[_i];
    struct arena *a = arena_new();
    struct text t = text_new(a, 1000);
    plain_put_within(&t, str_of(row->text), row->within);
    want_str(row->name, text_str(&t), str_of(row->shown));
    ck_assert_msg(plain_columns(str_of(row->text)) == row->columns, "%s: %zu columns", row->name,
                  plain_columns(str_of(row->text)));
    arena_free(a);
}
END_TEST

Suite *plain_suite(void);

Suite *plain_suite(void)
{
    Suite *s = suite_create("fakests/plain");
    TCase *t = tcase_create("plain");
    tcase_add_loop_test(t, shows_what_a_terminal_may_see, 0, sizeof rows / sizeof rows[0]);
    suite_add_tcase(s, t);
    return s;
}
