#include "base/file.h"
#include "fakests/action.h"
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

static size_t rows_of(struct str rest)
{
    size_t n = 0;
    while (rest.n)
        n += str_starts(str_cut(&rest, '\n'), STR("| `"));
    return n;
}

START_TEST(no_reason_is_documented_that_is_none)
{
    struct arena *a = arena_new();
    ck_assert_uint_eq(rows_of(document(a, "docs/reasons.md")), fault_count());
    arena_free(a);
}
END_TEST

static const struct {
    const char *path;
    enum service service;
} pages[] = { { "docs/iam.md", SERVICE_IAM }, { "docs/sts.md", SERVICE_STS } };

/* What stands between a page's heading "Actions" and the next one. */
static struct str actions_of(struct str text)
{
    static const struct str heading = STR_INIT("\n## Actions\n"), next = STR_INIT("\n## ");
    while (text.n && !str_starts(text, heading))
        text = str_sub(text, 1, text.n);
    struct str all = str_sub(text, heading.n, text.n);
    size_t n = 0;
    while (n < all.n && !str_starts(str_sub(all, n, all.n), next))
        n++;
    return str_sub(all, 0, n);
}

START_TEST(every_action_is_documented_and_no_other)
{
    struct arena *a = arena_new();
    struct str table = actions_of(document(a, pages[_i].path));
    const struct action *action;
    size_t n = 0;
    for (size_t i = 0; (action = action_at(i)) != NULL; i++) {
        struct str row = arena_printf(a, "\n| `%s` | ", action->name);
        if (action->service != pages[_i].service)
            continue;
        ck_assert_msg(str_contains(table, row), "%s lacks %s", pages[_i].path, action->name);
        n++;
    }
    ck_assert_uint_gt(n, 0);
    ck_assert_uint_eq(rows_of(table), n);
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
    tcase_add_loop_test(t, every_action_is_documented_and_no_other, 0,
                        sizeof pages / sizeof pages[0]);
    suite_add_tcase(s, t);
    return s;
}
