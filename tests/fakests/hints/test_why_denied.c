#include "base/file.h"
#include "fakests/aws_error.h"
#include "fakests/hints/hints.h"
#include "tests/support/runner.h"

/* docs/why-denied.md is found by pasting AWS's sentence, and leaves no diagnosis out. */

static struct arena *arena;
static struct str page;

static void set_up(void)
{
    arena = arena_new();
    struct why why = why_new(arena);
    struct outcome o = file_read(arena, &why, "docs/why-denied.md", 1 << 20, &page);
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(why.detail));
}

static void tear_down(void)
{
    arena_free(arena);
}

START_TEST(every_diagnosis_has_a_row_with_the_words_of_the_table)
{
    struct hint_about about;
    size_t n = 0;
    for (; hints_about(n, &about); n++) {
        struct str row = arena_printf(arena, "\n| `%s` | %s | ", about.id, about.about);
        ck_assert_msg(str_contains(page, row), "docs/why-denied.md lacks:%.*s", STR_ARG(row));
    }
    ck_assert_uint_gt(n, 40);
}
END_TEST

static bool is_diagnosis(struct str id)
{
    struct hint_about about;
    for (size_t n = 0; hints_about(n, &about); n++)
        if (str_eq(str_of(about.id), id))
            return true;
    return false;
}

START_TEST(every_row_of_a_diagnosis_is_in_the_table)
{
    struct str rest = page;
    size_t rows = 0;
    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        if (!str_starts(line, STR("| `")) || str_find(line, ' ') == line.n)
            continue;
        struct str id = str_sub(line, 3, line.n);
        id = str_cut(&id, '`');
        if (str_find(id, ' ') < id.n) /* one of AWS's sentences */
            continue;
        ck_assert_msg(is_diagnosis(id), "docs/why-denied.md has `%.*s`", STR_ARG(id));
        rows++;
    }
    ck_assert_uint_gt(rows, 40);
}
END_TEST

/* What AssumeRoleWithWebIdentity can be refused for, in AWS's words; N and M stand for numbers. */
static const struct sentence {
    enum fault fault;
    const char *arg[2];
} sentences[] = {
    { FAULT_TRUST_DENIED, { 0 } },
    { FAULT_ROLE_UNKNOWN, { 0 } },
    { FAULT_TAG_SESSION_DENIED, { 0 } },
    { FAULT_SOURCE_IDENTITY_DENIED, { 0 } },
    { FAULT_ISSUER_UNREGISTERED, { "ISSUER" } },
    { FAULT_AUDIENCE_UNREGISTERED, { 0 } },
    { FAULT_TOKEN_EXPIRED, { "N", "M" } },
    { FAULT_TOKEN_FROM_FUTURE, { "N" } },
    { FAULT_TOKEN_NOT_YET_VALID, { "N", "M" } },
    { FAULT_DURATION_OVER_MAXIMUM, { 0 } },
    { FAULT_ROLE_ARN_INVALID, { 0 } },
    { FAULT_KEYS_UNAVAILABLE, { 0 } },
    { FAULT_KEY_UNKNOWN, { 0 } },
    { FAULT_SIGNATURE_INVALID, { 0 } },
    { FAULT_ALGORITHM_UNSUPPORTED, { 0 } },
    { FAULT_TOKEN_MALFORMED, { 0 } },
    { FAULT_TOKEN_CRITICAL_HEADER, { 0 } },
    { FAULT_CLAIM_MISSING, { "CLAIM" } },
    { FAULT_AUDIENCE_EMPTY, { "aud" } },
    { FAULT_AUDIENCE_AMBIGUOUS, { 0 } },
    { FAULT_TIMESTAMP_INVALID, { 0 } },
    { FAULT_SESSION_TAGS_MALFORMED, { 0 } },
    { FAULT_ROLES_CLAIM_OTHER_ROLE, { 0 } },
    { FAULT_ROLES_CLAIM_MALFORMED, { 0 } },
    { FAULT_ROLES_CLAIM_EMPTY, { 0 } },
    { FAULT_PROVIDER_ID_AMAZON, { 0 } },
    { FAULT_PROVIDER_ID_UNKNOWN, { 0 } },
    { FAULT_SUBJECT_NULL, { 0 } },
    { FAULT_PACKED_POLICY_TOO_LARGE, { "N" } },
};

/* A heading, or the first cell of a row. */
static void want_sentence(const struct sentence *row, enum dialect dialect)
{
    struct why why = { .fault = row->fault, .arg = { str_of(row->arg[0]), str_of(row->arg[1]) } };
    struct aws_error aws = aws_error_of(arena, &why, dialect, SERVICE_STS);
    struct str heading = arena_printf(arena, "\n## %.*s\n", STR_ARG(aws.message));
    struct str cell = arena_printf(arena, "\n| `%.*s` | ", STR_ARG(aws.message));
    ck_assert_msg(str_contains(page, heading) || str_contains(page, cell),
                  "docs/why-denied.md lacks: %.*s", STR_ARG(aws.message));
}

START_TEST(every_sentence_of_aws_can_be_found)
{
    want_sentence(&sentences[_i], DIALECT_CURRENT);
    want_sentence(&sentences[_i], DIALECT_CLASSIC);
}
END_TEST

Suite *why_denied_suite(void);

Suite *why_denied_suite(void)
{
    Suite *s = suite_create("fakests/why_denied");
    TCase *t = tcase_create("page");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, every_diagnosis_has_a_row_with_the_words_of_the_table);
    tcase_add_test(t, every_row_of_a_diagnosis_is_in_the_table);
    tcase_add_loop_test(t, every_sentence_of_aws_can_be_found, 0,
                        sizeof sentences / sizeof sentences[0]);
    suite_add_tcase(s, t);
    return s;
}
