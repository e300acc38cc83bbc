#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include "fakests/iam/arn.h"

static const struct {
    const char *name;
    const char *text;
    bool arn, role;
    const char *account, *path, *role_name;
} cases[] = {
    { "a role without a path has the path /", "arn:aws:iam::123456789012:role/Deploy", true, true,
      "123456789012", "/", "Deploy" },
    { "a role's path is what stands before its name", "arn:aws:iam::123456789012:role/ci/eu/Deploy",
      true, true, "123456789012", "/ci/eu/", "Deploy" },
    { "a role of another partition is a role", "arn:aws-cn:iam::123456789012:role/Deploy", true,
      true, "123456789012", "/", "Deploy" },
    { "a resource may hold colons", "arn:aws:iam::123456789012:role/a:b", true, true,
      "123456789012", "/", "a:b" },
    { "a user is no role", "arn:aws:iam::123456789012:user/Deploy", true, false, "123456789012",
      NULL, NULL },
    { "a session is no role", "arn:aws:sts::123456789012:assumed-role/Deploy/s", true, false,
      "123456789012", NULL, NULL },
    { "a role in a region is no role", "arn:aws:iam:us-east-1:123456789012:role/Deploy", true,
      false, "123456789012", NULL, NULL },
    { "an account of eleven digits is none", "arn:aws:iam::12345678901:role/Deploy", true, false,
      "12345678901", NULL, NULL },
    { "an account of thirteen digits is none", "arn:aws:iam::1234567890123:role/Deploy", true,
      false, "1234567890123", NULL, NULL },
    { "an account with a letter is none", "arn:aws:iam::12345678901x:role/Deploy", true, false,
      "12345678901x", NULL, NULL },
    { "a path without a name is no role", "arn:aws:iam::123456789012:role/ci/", true, false,
      "123456789012", NULL, NULL },
    { "a role with no name at all is no role", "arn:aws:iam::123456789012:role/", true, false,
      "123456789012", NULL, NULL },
    { "a blank does not belong into a name", "arn:aws:iam::123456789012:role/De ploy", true, false,
      "123456789012", NULL, NULL },
    { "the account of a bucket is empty", "arn:aws:s3:::bucket/key", true, false, "", NULL, NULL },
    { "five parts are no ARN", "arn:aws:iam::123456789012", false, false, NULL, NULL, NULL },
    { "an ARN begins with arn", "urn:aws:iam::123456789012:role/Deploy", false, false, NULL, NULL,
      NULL },
    { "an ARN has a partition", "arn::iam::123456789012:role/Deploy", false, false, NULL, NULL,
      NULL },
    { "an ARN has a service", "arn:aws:::123456789012:role/Deploy", false, false, NULL, NULL,
      NULL },
    { "an ARN has a resource", "arn:aws:iam::123456789012:", false, false, NULL, NULL, NULL },
    { "nothing is no ARN", "", false, false, NULL, NULL, NULL },
};

START_TEST(arns_are_read)
{
    struct arn arn;
    struct str text = guarded(str_of(cases[_i].text));
    ck_assert_msg(arn_read(text, &arn) == cases[_i].arn, "%s", cases[_i].name);
    if (cases[_i].arn)
        want_str(cases[_i].name, arn.account, str_of(cases[_i].account));
    ck_assert_msg(arn_is_role(text, &arn) == cases[_i].role, "%s", cases[_i].name);
    if (!cases[_i].role)
        return;
    want_str(cases[_i].name, arn_role_path(&arn), str_of(cases[_i].path));
    want_str(cases[_i].name, arn_role_name(&arn), str_of(cases[_i].role_name));
}
END_TEST

START_TEST(a_role_is_written_as_it_was_read)
{
    struct arena *a = arena_new();
    struct arn arn;
    struct str text = STR("arn:aws:iam::123456789012:role/ci/eu/Deploy");
    ck_assert(arn_is_role(text, &arn));
    want_str("role", arn_of_role(a, arn.account, arn_role_path(&arn), arn_role_name(&arn)), text);
    arena_free(a);
}
END_TEST

START_TEST(a_session_drops_the_path_of_its_role)
{
    struct arena *a = arena_new();
    want_str("session", arn_of_session(a, STR("123456789012"), STR("Deploy"), STR("s@1")),
             STR("arn:aws:sts::123456789012:assumed-role/Deploy/s@1"));
    want_str("provider", arn_of_provider(a, STR("123456789012"), STR("login.example.com/")),
             STR("arn:aws:iam::123456789012:oidc-provider/login.example.com/"));
    arena_free(a);
}
END_TEST

Suite *arn_suite(void);

Suite *arn_suite(void)
{
    Suite *s = suite_create("arn");
    TCase *t = tcase_create("arn");
    tcase_add_loop_test(t, arns_are_read, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, a_role_is_written_as_it_was_read);
    tcase_add_test(t, a_session_drops_the_path_of_its_role);
    suite_add_tcase(s, t);
    return s;
}
