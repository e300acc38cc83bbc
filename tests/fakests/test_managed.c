#include "fakests/iam/managed.h"

#include "tests/support/runner.h"

/* AWS's own policies that are compiled in, and the names of those that are not. */

#define AWS(name) "arn:aws:iam::aws:policy/" name

static const char *const here[] = {
    AWS("AdministratorAccess"),
    AWS("AmazonEC2ContainerRegistryFullAccess"),
    AWS("AmazonEC2ContainerRegistryPowerUser"),
    AWS("AmazonEC2ContainerRegistryReadOnly"),
    AWS("AmazonS3FullAccess"),
    AWS("AmazonS3ReadOnlyAccess"),
    AWS("IAMFullAccess"),
    AWS("IAMReadOnlyAccess"),
    AWS("PowerUserAccess"),
};

START_TEST(what_is_compiled_in_is_whole)
{
    size_t n;
    const struct managed_policy *m = iam_managed_by_aws(str_of(here[_i]));
    const struct managed_policy *all = iam_managed_all(&n);
    ck_assert_msg(m != NULL, "%s", here[_i]);
    ck_assert_msg(n == sizeof here / sizeof here[0] && m == &all[_i], "%s: not in its place",
                  here[_i]);
    ck_assert(str_eq(m->account, STR("aws")) && m->id.n == 21 && m->description.n);
    ck_assert(str_starts(m->id, STR("ANPA")) && str_eq(m->path, STR("/")));
    ck_assert(m->n_versions == 1 && m->versions[0].number == m->default_version);
    ck_assert(m->last_version == m->default_version && m->created_s && m->updated_s);
    ck_assert(policy_n_statements(m->versions[0].policy) > 0);
    ck_assert(str_starts(m->versions[0].text, STR("{\"Version\":\"2012-10-17\",\"Statement\":[{")));
    ck_assert(iam_managed_plausible(m->arn));
}
END_TEST

static const struct {
    const char *what, *arn;
    bool plausible;
} names[] = {
    { "a name of a policy that is not here", AWS("ReadOnlyAccess"), true },
    { "a path", AWS("service-role/AWSLambdaBasicExecutionRole"), true },
    { "two", AWS("a/b/C"), true },
    { "an account's", "arn:aws:iam::123456789012:policy/ReadOnlyAccess", false },
    { "no policy", "arn:aws:iam::aws:role/x", false },
    { "a name alone", "ReadOnlyAccess", false },
    { "a blank", AWS("Read Only"), false },
    { "no name", AWS(""), false },
    { "a path without a name", AWS("service-role/"), false },
    { "an empty path element", AWS("a//B"), false },
    { "a region", "arn:aws:iam:us-east-1:aws:policy/X", false },
    { "129 characters",
      AWS("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
      false },
    { "128 characters",
      AWS("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
      true },
};

START_TEST(names_are_plausible)
{
    ck_assert_msg(iam_managed_plausible(str_of(names[_i].arn)) == names[_i].plausible, "%s",
                  names[_i].what);
}
END_TEST

START_TEST(others_are_not_here)
{
    ck_assert(iam_managed_by_aws(STR(AWS("ReadOnlyAccess"))) == NULL);
    ck_assert(iam_managed_by_aws(STR(AWS("path/AdministratorAccess"))) == NULL);
    ck_assert(iam_managed_by_aws(STR("")) == NULL);
}
END_TEST

Suite *managed_suite(void);

Suite *managed_suite(void)
{
    Suite *s = suite_create("managed");
    TCase *t = tcase_create("managed");
    tcase_add_loop_test(t, what_is_compiled_in_is_whole, 0, sizeof here / sizeof here[0]);
    tcase_add_loop_test(t, names_are_plausible, 0, sizeof names / sizeof names[0]);
    tcase_add_test(t, others_are_not_here);
    suite_add_tcase(s, t);
    return s;
}
