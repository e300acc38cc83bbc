#include "scenarios/judged.h"

#include "base/file.h"
#include "tests/support/runner.h"

#include <check.h>
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void setup(void)
{
    strcpy(folder, "/tmp/understudy-judged.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    struct arena *a = arena_new();
    struct str dir = file_join(a, str_of(folder), STR("judged"));
    DIR *d = opendir(dir.p);
    for (struct dirent *e; d && (e = readdir(d));)
        (void)unlink(file_join(a, dir, str_of(e->d_name)).p);
    if (d)
        closedir(d);
    (void)rmdir(dir.p);
    (void)rmdir(folder);
    arena_free(a);
}

/* A text of that size with `inside` in it. */
static struct config_source source_of(struct arena *a, const char *inside, size_t bytes)
{
    char *text = arena_alloc(a, bytes + 1);
    size_t n = strlen(inside);
    memset(text, ' ', bytes);
    memcpy(text, inside, n < bytes ? n : bytes);
    return (struct config_source){ .name = STR("c.json"), .text = str_n(text, bytes) };
}

static const struct {
    const char *name;
    const char *noted, *asked;
    size_t bytes;
    bool with_folder, known;
} cases[] = {
    { "a large text that was noted is known", "{}", "{}", JUDGED_BYTES_MIN, true, true },
    { "another text is not", "{}", "[]", JUDGED_BYTES_MIN, true, false },
    { "nothing is known of what was not noted", NULL, "{}", JUDGED_BYTES_MIN, true, false },
    { "a small text is judged every time", "{}", "{}", JUDGED_BYTES_MIN - 1, true, false },
    { "a policy in a file is judged every time", "{\"$file\"", "{\"$file\"", JUDGED_BYTES_MIN, true,
      false },
    { "a key set in a file is judged every time", "{\"jwks_file\"", "{\"jwks_file\"",
      JUDGED_BYTES_MIN, true, false },
    { "so is a file however it is spelled", "{\"\\u0024file\"", "{\"\\u0024file\"",
      JUDGED_BYTES_MIN, true, false },
    { "without a folder nothing is known", "{}", "{}", JUDGED_BYTES_MIN, false, false },
};

START_TEST(what_was_judged_is_known)
{
    struct arena *a = arena_new();
    const char *dir = cases[_i].with_folder ? folder : NULL;
    struct str warnings = STR("none");
    if (cases[_i].noted) {
        struct config_source noted = source_of(a, cases[_i].noted, cases[_i].bytes);
        judged_note(a, dir, &noted, STR("warning: a\nwarning: b\n"));
    }
    struct config_source asked = source_of(a, cases[_i].asked, cases[_i].bytes);
    ck_assert_msg(judged_find(a, dir, &asked, &warnings) == cases[_i].known, "%s", cases[_i].name);
    ck_assert_msg(asked.judged == cases[_i].known, "%s", cases[_i].name);
    want_str(cases[_i].name, warnings,
             cases[_i].known ? STR("warning: a\nwarning: b\n") : STR("none"));
    arena_free(a);
}
END_TEST

START_TEST(a_note_of_another_version_is_none)
{
    struct arena *a = arena_new();
    struct str warnings;
    struct why why = why_new(a);
    struct config_source s = source_of(a, "{}", JUDGED_BYTES_MIN);
    judged_note(a, folder, &s, STR(""));
    struct str dir = file_join(a, str_of(folder), STR("judged"));
    DIR *d = opendir(dir.p);
    size_t n = 0;
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.') {
            n++;
            ck_assert(!failed(file_place(&why, file_join(a, dir, str_of(e->d_name)).p,
                                         STR("understudy 0.0.0\n"), 0600)));
        }
    closedir(d);
    ck_assert_uint_eq(n, 1);
    ck_assert(!judged_find(a, folder, &s, &warnings));
    arena_free(a);
}
END_TEST

Suite *judged_suite(void);

Suite *judged_suite(void)
{
    Suite *s = suite_create("judged");
    TCase *t = tcase_create("judged");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, what_was_judged_is_known, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, a_note_of_another_version_is_none);
    suite_add_tcase(s, t);
    return s;
}
