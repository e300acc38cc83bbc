#include "tests/fakests/actions/sequence.h"

#include "base/encode.h"

/*
 * Roles and users as principals of trust policies: they exist when they are named, and leave their
 * unique id behind when they go.
 */

#define ROLE(name) "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":role/" name
#define USER(name) "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":user/" name
#define TRUST(aws)                                                                                 \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":" aws \
    "},\"Action\":\"sts:AssumeRole\"}]}"
#define ONE(principal) TRUST("\"" principal "\"")
#define EC2                                                                                       \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":" \
    "\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}"
#define APP_ID "AROARZPUZDIKAPPAPPAP1" /* of account 123456789012, as all new ids tell */
#define ANN_ID "AIDARZPUZDIKANNANNAN1"
#define OLD_ID "AROAI23456789OLDOLD21" /* as ids were before 2019 */

/* The truster names both; theirs does so from another account; kept holds the id of one long gone.
 */
static const char config[] =
    "{\"roles\": [{\"name\": \"app\", \"path\": \"/ci/\", \"id\": \"" APP_ID "\","
    "    \"trust_policy\": " ONE(ROLE(
        "ci/app")) "},"
                   "   {\"name\": \"truster\", \"trust_policy\": " TRUST(
                       "[\"" ROLE("ci/app") "\",\"" USER(
                           "ann") "\",\"" IAM_FIXTURE_ACCOUNT
                                  "\"]") "},"
                                         "   {\"name\": \"kept\", \"trust_policy\": " ONE(
                                             OLD_ID) "}],"
                                                     " \"users\": [{\"name\": \"ann\", \"id\": "
                                                     "\"" ANN_ID "\"}],"
                                                     " \"accounts\": {\"210987654321\": "
                                                     "{\"roles\": [{\"name\": \"theirs\", "
                                                     "\"trust_policy\": "
                                                     "   {\"Version\": \"2012-10-17\", "
                                                     "\"Statement\": {\"Effect\": \"Deny\", "
                                                     "\"Principal\":"
                                                     "     {\"AWS\": "
                                                     "\"arn:aws:iam::123456789012:role\\/ci\\/"
                                                     "app\"},"
                                                     "     \"Action\": \"sts:AssumeRole\"}}}]}}}";

/* ---- whether they exist ---- */

struct principal {
    const char *what;
    const char *document;
    const char *invalid; /* the principal that AWS names; NULL: taken */
};

static const struct principal principals[] = {
    { "a role, path included", ONE(ROLE("ci/app")), NULL },
    { "a user", ONE(USER("ann")), NULL },
    { "an account's root", ONE("arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":root"), NULL },
    { "an account's id", ONE(IAM_FIXTURE_ACCOUNT), NULL },
    { "everybody", ONE("*"), NULL },
    { "a session of a role", ONE("arn:aws:sts::" IAM_FIXTURE_ACCOUNT ":assumed-role/app/s"), NULL },
    { "a federated user", ONE("arn:aws:sts::" IAM_FIXTURE_ACCOUNT ":federated-user/bob"), NULL },
    { "a role of another account that is known", ONE("arn:aws:iam::210987654321:role/theirs"),
      NULL },
    { "anybody of an account that is not", ONE("arn:aws:iam::555555555555:role/any"), NULL },
    { "the unique id of a role", ONE(APP_ID), NULL },
    { "the unique id of a user", ONE(ANN_ID), NULL },
    { "several at once", TRUST("[\"" ROLE("ci/app") "\",\"" USER("ann") "\"]"), NULL },
    { "a role that is not there", ONE(ROLE("none")), ROLE("none") },
    { "a role under another path", ONE(ROLE("app")), ROLE("app") },
    { "a user that is not there", ONE(USER("bob")), USER("bob") },
    { "a role's name for a user", ONE(USER("app")), USER("app") },
    { "a wildcard", ONE(ROLE("*")), ROLE("*") },
    { "a group", ONE("arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":group/g"),
      "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":group/g" },
    { "a session of a role that is not there",
      ONE("arn:aws:sts::" IAM_FIXTURE_ACCOUNT ":assumed-role/none/s"),
      "arn:aws:sts::" IAM_FIXTURE_ACCOUNT ":assumed-role/none/s" },
    { "a role that a known account has not", ONE("arn:aws:iam::210987654321:role/none"),
      "arn:aws:iam::210987654321:role/none" },
    { "a unique id that is nobody's", ONE("AROARZPUZDIKAAAAAAAA1"), "AROARZPUZDIKAAAAAAAA1" },
    { "a unique id from before 2019", ONE(OLD_ID), OLD_ID },
    { "the second of two", TRUST("[\"" ROLE("ci/app") "\",\"" USER("bob") "\"]"), USER("bob") },
    { "the role itself, which is not there yet", ONE(ROLE("new")), ROLE("new") },
};

START_TEST(named_principals_exist)
{
    const struct principal *c = &principals[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    struct str document =
        arena_join(f->arena, STR("AssumeRolePolicyDocument="), str_of(c->document));
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreateRole", "RoleName=new",
                         arena_cstr(f->arena, document), NULL);
    if (!c->invalid)
        iam_fixture_want(&r, c->what, 200, "", NULL);
    else
        iam_fixture_want(
            &r, c->what, 400, "MalformedPolicyDocument",
            arena_cstr(
                f->arena,
                arena_printf(f->arena, "Invalid principal in policy: \"AWS\":\"%s\"", c->invalid)));
    iam_fixture_free(f);
}
END_TEST

/* What GetRole shows of a trust policy, decoded. */
static struct str trust_of(struct iam_fixture *f, const char *role)
{
    struct str text;
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=GetRole", role, NULL);
    iam_fixture_want(&r, role, 200, "", NULL);
    ck_assert(percent_read(f->arena,
                           iam_fixture_text(&r, "GetRoleResult/Role/AssumeRolePolicyDocument"),
                           false, &text));
    return text;
}

/* ---- accounts ---- */

#define ROOT "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":root"

START_TEST(an_account_is_shown_as_its_root)
{
    struct iam_fixture *f = iam_fixture_new(config);
    want_str("of a config", trust_of(f, "RoleName=truster"),
             STR(TRUST("[\"" ROLE("ci/app") "\",\"" USER("ann") "\",\"" ROOT "\"]")));
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=UpdateAssumeRolePolicy",
                         "RoleName=truster", "PolicyDocument=" ONE(IAM_FIXTURE_ACCOUNT), NULL);
    iam_fixture_want(&r, "saved", 200, "", NULL);
    want_str("saved", trust_of(f, "RoleName=truster"), STR(ONE(ROOT)));
    iam_fixture_free(f);
}
END_TEST

/* ---- ids ---- */

START_TEST(an_id_of_somebody_is_shown_as_an_arn)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=UpdateAssumeRolePolicy", "RoleName=truster",
        "PolicyDocument=" TRUST("[\"" APP_ID "\",\"" ANN_ID "\"]"), NULL);
    iam_fixture_want(&r, "saved", 200, "", NULL);
    want_str("both are ARNs", trust_of(f, "RoleName=truster"),
             STR(TRUST("[\"" ROLE("ci/app") "\",\"" USER("ann") "\"]")));
    iam_fixture_free(f);
}
END_TEST

START_TEST(an_id_in_force_may_stay_and_not_come_elsewhere)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=UpdateAssumeRolePolicy", "RoleName=kept",
        "PolicyDocument=" TRUST("[\"" OLD_ID "\",\"" USER("ann") "\"]"), NULL);
    iam_fixture_want(&r, "it stays", 200, "", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=UpdateAssumeRolePolicy",
                         "RoleName=truster", "PolicyDocument=" ONE(OLD_ID), NULL);
    iam_fixture_want(&r, "elsewhere it is unknown", 400, "MalformedPolicyDocument",
                     "Invalid principal in policy: \"AWS\":\"" OLD_ID "\"");
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=UpdateAssumeRolePolicy",
                         "RoleName=kept", "PolicyDocument=" ONE(USER("ann")), NULL);
    iam_fixture_want(&r, "it goes", 200, "", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=UpdateAssumeRolePolicy",
                         "RoleName=kept", "PolicyDocument=" ONE(OLD_ID), NULL);
    iam_fixture_want(&r, "and does not come back", 400, "MalformedPolicyDocument", NULL);
    iam_fixture_free(f);
}
END_TEST

/* ---- going ---- */

#define AFTER_APP TRUST("[\"" APP_ID "\",\"" USER("ann") "\",\"" ROOT "\"]")
#define AFTER_ANN TRUST("[\"" ROLE("ci/app") "\",\"" ANN_ID "\",\"" ROOT "\"]")

static const struct {
    const char *what, *remove, *name, *create, *document, *trust;
} goings[] = {
    { "a role", "Action=DeleteRole", "RoleName=app", "Action=CreateRole",
      "AssumeRolePolicyDocument=" EC2, AFTER_APP },
    { "a user", "Action=DeleteUser", "UserName=ann", "Action=CreateUser", "Unknown=x", AFTER_ANN },
};

START_TEST(who_goes_leaves_the_id)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                                                  goings[_i].remove, goings[_i].name, NULL);
    iam_fixture_want(&r, goings[_i].what, 200, "", NULL);
    want_str("its id stands in its place", trust_of(f, "RoleName=truster"),
             str_of(goings[_i].trust));
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, goings[_i].create, goings[_i].name,
                         "Path=/ci/", goings[_i].document, NULL);
    iam_fixture_want(&r, "one of that name", 200, "", NULL);
    want_str("is not trusted", trust_of(f, "RoleName=truster"), str_of(goings[_i].trust));
    iam_fixture_free(f);
}
END_TEST

/* Whatever account they are of, and however their text spells it. */
START_TEST(other_accounts_are_told)
{
    struct iam_fixture *f = iam_fixture_new(config);
    iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=DeleteRole", "RoleName=app", NULL);
    struct snapshot *s = world_now(f->world);
    const struct role *theirs = iam_role(s->sts.iam, STR("arn:aws:iam::210987654321:role/theirs"));
    ck_assert(theirs != NULL);
    ck_assert_msg(str_contains(theirs->trust_text, STR(APP_ID)), "%.*s",
                  STR_ARG(theirs->trust_text));
    snapshot_drop(s);
    iam_fixture_free(f);
}
END_TEST

#define LOOP(tcase, test, table) \
    tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof(table)[0])

Suite *principals_suite(void);

Suite *principals_suite(void)
{
    Suite *s = suite_create("actions/principals");
    TCase *t = tcase_create("principals");
    LOOP(t, named_principals_exist, principals);
    tcase_add_test(t, an_account_is_shown_as_its_root);
    tcase_add_test(t, an_id_of_somebody_is_shown_as_an_arn);
    tcase_add_test(t, an_id_in_force_may_stay_and_not_come_elsewhere);
    LOOP(t, who_goes_leaves_the_id, goings);
    tcase_add_test(t, other_accounts_are_told);
    suite_add_tcase(s, t);
    return s;
}
