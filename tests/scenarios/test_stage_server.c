#include "scenarios/stage_server.h"
#include "tests/support/runner.h"

/* Where AWS is; what is played on a server, tests/cli/case_replay.py tells. */

static const struct {
    const char *name, *host;
    bool aws;
} hosts[] = {
    { "the global endpoint is AWS's", "sts.amazonaws.com", true },
    { "so is that of a region", "sts.eu-west-1.amazonaws.com", true },
    { "and IAM's", "iam.amazonaws.com", true },
    { "a port of this machine is not", "127.0.0.1:4580", false },
    { "nor a name that ends nearly so", "sts.notamazonaws.com", false },
    { "nor one that begins so", "sts.amazonaws.com.example.com", false },
};

START_TEST(aws_is_told_apart)
{
    ck_assert_msg(stage_server_is_aws(str_of(hosts[_i].host)) == hosts[_i].aws, "%s",
                  hosts[_i].name);
}
END_TEST

Suite *stage_server_suite(void);

Suite *stage_server_suite(void)
{
    Suite *s = suite_create("scenarios/stage_server");
    TCase *t = tcase_create("rows");
    tcase_add_loop_test(t, aws_is_told_apart, 0, sizeof hosts / sizeof hosts[0]);
    suite_add_tcase(s, t);
    return s;
}
