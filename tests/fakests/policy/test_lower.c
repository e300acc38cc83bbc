#include "fakests/policy/lower.h"

#include "tests/support/guard.h"
#include "tests/support/runner.h"

Suite *lower_suite(void);

static const struct {
    const char *name, *text, *lowered;
} rows[] = {
    { "ASCII", "PrOd-1", "prod-1" },
    { "nothing", "", "" },
    { "accents", "\xC3\x89", "\xC3\xA9" },
    { "a dotless i stays one", "\xC4\xB1", "\xC4\xB1" },
    { "a dotted I becomes two characters", "\xC4\xB0", "i\xCC\x87" },
    { "the Kelvin sign is a k", "\xE2\x84\xAA", "k" },
    { "a long s stays one", "\xC5\xBF", "\xC5\xBF" },
    { "a capital sharp s is a sharp s", "\xE1\xBA\x9E", "\xC3\x9F" },
    { "a sigma alone is not final", "\xCE\xA3", "\xCF\x83" },
    { "a sigma at the end is final", "\xCE\x9F\xCE\xA3", "\xCE\xBF\xCF\x82" },
    { "a sigma in the middle is not", "\xCE\x9F\xCE\xA3\xCE\x91", "\xCE\xBF\xCF\x83\xCE\xB1" },
    { "a word ends at a blank", "\xCE\x9F\xCE\xA3 \xCE\x91", "\xCE\xBF\xCF\x82 \xCE\xB1" },
    { "beyond U+FFFF nothing is lowered", "\xF0\x90\x90\x80", "\xF0\x90\x90\x80" },
    { "but it is a letter behind a sigma", "A\xCE\xA3\xF0\x90\x90\x80",
      "a\xCF\x83\xF0\x90\x90\x80" },
    { "and before one", "\xF0\x90\x90\x80\xCE\xA3", "\xF0\x90\x90\x80\xCF\x82" },
    { "what stands around it is lowered", "A\xF0\x90\x90\x80\xC3\x89",
      "a\xF0\x90\x90\x80\xC3\xA9" },
    { "bytes that are no UTF-8 stay", "A\xFF\xC3", "a\xFF\xC3" },
};

START_TEST(lowers)
{
    struct arena *a = arena_new();
    want_str(rows[_i].name, lower_text(a, guarded(str_of(rows[_i].text))),
             str_of(rows[_i].lowered));
    arena_free(a);
}
END_TEST

START_TEST(almost_is_enough_to_compare)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str text = str_of(rows[i].text);
        ck_assert_msg(str_eq_nocase(lower_almost(a, text), lower_text(a, text)), "%s",
                      rows[i].name);
    }
    struct str ascii = STR("AbC");
    ck_assert_msg(lower_almost(a, ascii).p == ascii.p, "%s", "ASCII takes no memory");
    arena_free(a);
}
END_TEST

Suite *lower_suite(void)
{
    Suite *s = suite_create("lower");
    TCase *t = tcase_create("lower");
    tcase_add_loop_test(t, lowers, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, almost_is_enough_to_compare);
    suite_add_tcase(s, t);
    return s;
}
