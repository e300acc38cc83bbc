#include "base/file.h"
#include "tests/support/runner.h"

/* What the documents list is what the program has: no more, no less. */

static struct str document(struct arena *a, const char *path)
{
    struct why why = why_new(a);
    struct str text;
    ck_assert_msg(!failed(file_read(a, &why, path, 1024 * 1024, &text)), "%.*s",
                  STR_ARG(why.detail));
    return text;
}

START_TEST(every_reason_is_documented)
{
    struct arena *a = arena_new();
    struct str text = document(a, "docs/reasons.md");
    for (size_t i = 1; i <= fault_count(); i++) {
        enum fault f = (enum fault)i;
        struct str row = arena_printf(a, "| `%s` | %s |", fault_reason(f), fault_sentence(f));
        ck_assert_msg(str_contains(text, row), "docs/reasons.md lacks %.*s", STR_ARG(row));
    }
    arena_free(a);
}
END_TEST

START_TEST(no_reason_is_documented_that_is_none)
{
    struct arena *a = arena_new();
    struct str rest = document(a, "docs/reasons.md");
    size_t n = 0;
    while (rest.n)
        n += str_starts(str_cut(&rest, '\n'), STR("| `"));
    ck_assert_uint_eq(n, fault_count());
    arena_free(a);
}
END_TEST

Suite *docs_suite(void);

Suite *docs_suite(void)
{
    Suite *s = suite_create("docs");
    TCase *t = tcase_create("lists");
    tcase_add_test(t, every_reason_is_documented);
    tcase_add_test(t, no_reason_is_documented_that_is_none);
    suite_add_tcase(s, t);
    return s;
}
