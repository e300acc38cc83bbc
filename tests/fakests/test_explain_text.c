#include "fakests/explain.h"
#include "tests/support/runner.h"

/* What is written for people must not steer their terminal: an Action may be anything. */

static const struct row {
    const char *name, *action, *shown;
} rows[] = {
    { "an action stands as it is", "AssumeRole", "denied  AssumeRole  " },
    { "letters of other alphabets stay", "R\xC3\xB6lle \xE2\x82\xAC",
      "denied  R\xC3\xB6lle \xE2\x82\xAC  " },
    { "an escape sequence is broken", "a\x1B]0;x\x07", "denied  a?]0;x?  " },
    { "a line cannot be forged", "a\nallowed  b", "denied  a?allowed  b  " },
};

START_TEST(what_strangers_sent_is_shown_harmless)
{
    const struct row *row = &rows[_i];
    struct arena *a = arena_new();
    struct explanation e = { .action = str_of(row->action), .why = why_new(a) };
    (void)why_set(&e.why, FAULT_ACTION_UNKNOWN, "%s", row->action);
    struct str line = explain_line(a, &e), lines = explain_lines(a, &e);
    ck_assert_msg(str_starts(line, str_of(row->shown)), "%s: %.*s", row->name, STR_ARG(line));
    ck_assert_msg(str_starts(lines, str_of(row->shown)), "%s: %.*s", row->name, STR_ARG(lines));
    arena_free(a);
}
END_TEST

Suite *explain_text_suite(void);

Suite *explain_text_suite(void)
{
    Suite *s = suite_create("explain_text");
    TCase *t = tcase_create("rows");
    tcase_add_loop_test(t, what_strangers_sent_is_shown_harmless, 0, sizeof rows / sizeof rows[0]);
    suite_add_tcase(s, t);
    return s;
}
