#include "fakests/can.h"
#include "tests/fakests/iam_fixture.h"
#include "tests/support/runner.h"

/*
 * `can` beside what a session of the role is answered: each row is asked both ways.  The command's
 * page, its JSON and its hints are looked at in tests/cli/case_can.py.
 */

#define ACCOUNT IAM_FIXTURE_ACCOUNT
#define ARN     "arn:aws:iam::" ACCOUNT ":"
#define TRUST                                                                                 \
    "\"trust_policy\": {\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\"," \
    " \"Principal\": {\"AWS\": \"" ARN "root\"}, \"Action\": \"sts:AssumeRole\"}]}"
#define POLICY(statements) "{\"Version\": \"2012-10-17\", \"Statement\": [" statements "]}"
#define STATEMENT(effect, action, resource, condition)                                          \
    "{\"Effect\": \"" effect "\", \"Action\": \"" action "\", \"Resource\": \"" resource "\", " \
    "\"Condition\": {" condition "}}"

static const char config[] =
    "{\"region\": \"eu-west-1\", \"source_ip\": \"203.0.113.7\","
    " \"users\": [{\"name\": \"ann\", \"tags\": {\"team\": \"web\"}}, {\"name\": \"bob\"},"
    "  {\"name\": \"caller\", \"policies\": {\"p\": " POLICY(STATEMENT(
        "Allow", "sts:*", "*",
        "")) "}}],"
             " \"managed_policies\": [{\"name\": \"limit\", \"policy\": " POLICY(
                 STATEMENT("Allow", "iam:GetUser", "*", "") "," STATEMENT(
                     "Allow", "iam:ListRoles", "*",
                     "")) "}],"
                          " \"roles\": ["
                          "  {\"name\": \"free\", \"tags\": {\"team\": "
                          "\"web\"}, " TRUST ", \"policies\": {\"p\": " POLICY(STATEMENT(
                              "Allow", "iam:GetUser", ARN "user/*",
                              "\"StringEquals\": "
                              "{\"aws:ResourceTag/team\": "
                              "\"${aws:PrincipalTag/team}\"}") "," STATEMENT("Allow", "iam:GetRole",
                                                                             ARN "role/free",
                                                                             "\"IpAddress\": "
                                                                             "{\"aws:SourceIp\": "
                                                                             "\"203.0.113.0/24\"},"
                                                                             "\"StringEquals\": "
                                                                             "{\"aws:"
                                                                             "RequestedRegion\": "
                                                                             "\"us-east-1\"}") "," STATEMENT("Allow", "iam:List*", "*", "\"DateGreaterThan\": {\"aws:CurrentTime\": \"2020-01-01T00:00:00Z\"}") "," STATEMENT("Deny", "iam:ListUsers", "*", "\"ArnLike\": {\"aws:PrincipalArn\": \"" ARN "role/fr?e\"}") "," STATEMENT("Allow",
                                                                                                                                                                                                                                                                                                                                       "iam:GetAccountSummary", "*",
                                                                                                                                                                                                                                                                                                                                       "\"StringLike\": {\"aws:userid\": \"AROA*:can\"},"
                                                                                                                                                                                                                                                                                                                                       "\"Bool\": {\"aws:MultiFactorAuthPresent\": \"false\"}") "," STATEMENT("Allow", "iam:ListAccountAliases", "*", "\"Null\": {\"aws:username\": \"true\"}")) "}},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "  {\"name\": \"limited\", " TRUST
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 ", \"policies\": {\"p\": " POLICY(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     STATEMENT("Allow", "iam:*", "*", "")) "},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "   \"permissions_boundary\": \"" ARN
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "policy/limit\"},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "  {\"name\": \"bare\", " TRUST
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "}],"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           " \"credentials\": [{\"access_key_id\": \"test\", \"secret_access_key\": \"test\"},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "  {\"access_key_id\": \"AKIACALLER\", \"secret_access_key\": \"c\", \"user\": \"caller\"}]}";

static const struct iam_fixture_key caller = { STR_INIT("AKIACALLER"), STR_INIT("c"), { NULL, 0 } };

static const struct row {
    const char *what, *role, *action, *resource;
    const char *parameter; /* of the call */
    bool allowed;
} rows[] = {
    { "a resource's tag is the role's", "free", "GetUser", ARN "user/ann", "UserName=ann", true },
    { "another's is not", "free", "GetUser", ARN "user/bob", "UserName=bob", false },
    { "address and region", "free", "GetRole", ARN "role/free", "RoleName=free", true },
    { "another resource", "free", "GetRole", ARN "role/bare", "RoleName=bare", false },
    { "a pattern of actions", "free", "ListRoles", ARN "role/", "MaxItems=1", true },
    { "a Deny", "free", "ListUsers", ARN "user/", "MaxItems=1", false },
    { "an id of the session", "free", "GetAccountSummary", "*", "MaxItems=1", true },
    { "a key that role sessions have not", "free", "ListAccountAliases", "*", "MaxItems=1", true },
    { "what the boundary allows", "limited", "ListRoles", ARN "role/", "MaxItems=1", true },
    { "what it does not", "limited", "ListUsers", ARN "user/", "MaxItems=1", false },
    { "nothing at all", "bare", "ListRoles", ARN "role/", "MaxItems=1", false },
};

static const char *printed(struct iam_fixture *f, const char *head, const char *tail)
{
    return arena_printf(f->arena, "%s%s", head, tail).p;
}

/* As a session called "can" is answered. */
static bool session_may(struct iam_fixture *f, const struct row *row)
{
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_STS, &caller, "Action=AssumeRole",
                                                  printed(f, "RoleArn=" ARN "role/", row->role),
                                                  "RoleSessionName=can", NULL);
    iam_fixture_want(&r, row->what, 200, "", NULL);
    struct iam_fixture_key key = iam_fixture_credentials(&r);
    r = iam_fixture_call(f, SERVICE_IAM, &key, printed(f, "Action=", row->action), row->parameter,
                         NULL);
    ck_assert_msg(r.status == 200 || r.status == 403, "%s: %d", row->what, r.status);
    return r.status == 200;
}

static bool can(struct iam_fixture *f, const struct row *row)
{
    struct snapshot *now = world_now(f->world);
    struct can_ask ask = { .action = str_of(printed(f, "iam:", row->action)),
                           .resource = str_of(row->resource),
                           .now_s = IAM_FIXTURE_NOW_S };
    ask.role = iam_role_named(now->iam, STR(ACCOUNT), str_of(row->role));
    const struct can_answer *answer = can_decide(f->arena, &now->sts, &ask);
    bool allowed = answer->allowed;
    ck_assert_msg(allowed == (answer->because.n == 0), "%s: %.*s", row->what,
                  STR_ARG(answer->because));
    snapshot_drop(now);
    return allowed;
}

START_TEST(a_session_gets_what_can_says)
{
    struct iam_fixture *f = iam_fixture_new(config);
    const struct row *row = &rows[_i];
    ck_assert_msg(session_may(f, row) == row->allowed, "%s: the session", row->what);
    ck_assert_msg(can(f, row) == row->allowed, "%s: can", row->what);
    iam_fixture_free(f);
}
END_TEST

Suite *can_suite(void);

Suite *can_suite(void)
{
    Suite *s = suite_create("can");
    TCase *t = tcase_create("can");
    tcase_add_loop_test(t, a_session_gets_what_can_says, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(s, t);
    return s;
}
