#include "fakests/policy/save.h"

#include "base/text.h"
#include "tests/fakests/policy/fixture.h"

Suite *save_suite(void);

#define ACCOUNT  "arn:aws:iam::123456789012:"
#define OIDC     ACCOUNT "oidc-provider/"
#define GITHUB   "token.actions.githubusercontent.com"
#define WEB      "'Action': 'sts:AssumeRoleWithWebIdentity'"
#define ONLY_STS "AssumeRole policy may only specify STS AssumeRole actions."
#define GITHUB_SAYS                                                                           \
    "Trust policy with trusted principal " OIDC GITHUB " must evaluate, using StringEquals, " \
    "StringLike or StringEqualsIgnoreCase, " GITHUB ":sub or " GITHUB                         \
    ":job_workflow_ref which is not scoped to all."
#define GITLAB_SAYS                                                                      \
    "Trust policy with trusted principal gitlab.com must evaluate, using StringEquals, " \
    "StringLike "                                                                        \
    "or StringEqualsIgnoreCase, gitlab.com:sub which is not scoped to all."
#define ALLOW(principal, rest) \
    "{'Effect': 'Allow', 'Principal': {'Federated': '" principal "'}, " rest "}"
#define GITLAB(condition) ALLOW(OIDC "gitlab.com", WEB ", 'Condition': {" condition "}")
#define HUB(condition)    ALLOW(OIDC GITHUB, WEB ", 'Condition': {" condition "}")

static const struct {
    const char *name, *statements, *aws; /* NULL: accepted */
    const char *place;                   /* its end */
} rows[] = {
    { "an ordinary provider", ALLOW(OIDC "issuer.example.com", WEB), NULL, NULL },
    { "nobody need have registered it", ALLOW(OIDC "nobody.example.com/x/", WEB), NULL, NULL },

    /* elements */
    { "Allow with NotPrincipal",
      "{'Effect': 'Allow', 'NotPrincipal': {'AWS': '123456789012'}, " WEB "}",
      "Allow with NotPrincipal is not allowed.", "$.Statement[0].NotPrincipal" },
    { "Deny with NotPrincipal",
      "{'Effect': 'Deny', 'NotPrincipal': {'AWS': '123456789012'}, " WEB "}",
      "AssumeRole policy must not contain NotPrincipal field.", "$.Statement[0].NotPrincipal" },
    { "every action of a trust policy",
      ALLOW(
          OIDC "i.example.com",
          "'Action': ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity', "
          "'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext']"),
      NULL, NULL },
    { "another service's action", ALLOW(OIDC "i.example.com", "'Action': 's3:GetObject'"), ONLY_STS,
      "$.Statement[0].Action" },
    { "another action of STS", ALLOW(OIDC "i.example.com", "'Action': 'sts:GetCallerIdentity'"),
      ONLY_STS, "$.Statement[0].Action" },
    { "a wildcard", ALLOW(OIDC "i.example.com", "'Action': 'sts:*'"), ONLY_STS,
      "$.Statement[0].Action" },
    { "a wildcard at the end", ALLOW(OIDC "i.example.com", "'Action': 'sts:AssumeRole*'"), ONLY_STS,
      "$.Statement[0].Action" },
    { "every action", ALLOW(OIDC "i.example.com", "'Action': '*'"), ONLY_STS,
      "$.Statement[0].Action" },
    { "other letters, though they would match",
      ALLOW(OIDC "i.example.com", "'Action': 'STS:assumerolewithwebidentity'"), ONLY_STS,
      "$.Statement[0].Action" },
    { "one wrong action of two",
      ALLOW(OIDC "i.example.com", "'Action': ['sts:AssumeRole', 's3:GetObject']"), ONLY_STS,
      "$.Statement[0].Action" },
    { "a Deny of a wrong action", "{'Effect': 'Deny', 'Principal': '*', 'Action': 's3:*'}",
      ONLY_STS, "$.Statement[0].Action" },
    { "NotAction", ALLOW(OIDC "i.example.com", "'NotAction': 'sts:AssumeRole'"), ONLY_STS,
      "$.Statement[0].NotAction" },
    { "the second statement is judged as well",
      ALLOW(OIDC "i.example.com", WEB) ", " ALLOW(OIDC "i.example.com", "'Action': 'a:B'"),
      ONLY_STS, "$.Statement[1].Action" },

    /* principals */
    { "the built-in providers",
      "{'Effect': 'Deny', 'Principal': {'Federated': ['accounts.google.com', 'www.amazon.com', "
      "'graph.facebook.com', 'cognito-identity.amazonaws.com']}, " WEB "}",
      NULL, NULL },
    { "a SAML provider", ALLOW(ACCOUNT "saml-provider/x", "'Action': 'sts:AssumeRoleWithSAML'"),
      NULL, NULL },
    { "an issuer without its ARN", ALLOW("oidc.circleci.com/org/x", WEB),
      "Invalid principal in policy: \"Federated\":\"oidc.circleci.com/org/x\"",
      "$.Statement[0].Principal" },
    { "an ARN of something else", ALLOW(ACCOUNT "role/x", WEB),
      "Invalid principal in policy: \"Federated\":\"" ACCOUNT "role/x\"",
      "$.Statement[0].Principal" },
    { "an ARN without an account", ALLOW("arn:aws:iam::12345:oidc-provider/x", WEB),
      "Invalid principal in policy: \"Federated\":\"arn:aws:iam::12345:oidc-provider/x\"",
      "$.Statement[0].Principal" },
    { "an ARN of no provider", ALLOW(OIDC, WEB),
      "Invalid principal in policy: \"Federated\":\"" OIDC "\"", "$.Statement[0].Principal" },
    { "a star is no provider", ALLOW("*", WEB), "Invalid principal in policy: \"Federated\":\"*\"",
      "$.Statement[0].Principal" },
    { "AWS principals of every kind",
      "{'Effect': 'Allow', 'Principal': {'AWS': ['*', '123456789012', '" ACCOUNT "root', '" ACCOUNT
      "role/x/y', 'arn:aws:sts::123456789012:assumed-role/r/s', 'AROAIOSFODNN7EXAMPLE1']}, "
      "'Action': 'sts:AssumeRole'}",
      NULL, NULL },
    { "everyone", "{'Effect': 'Allow', 'Principal': '*', 'Action': 'sts:AssumeRole'}", NULL, NULL },
    { "an AWS principal that is none",
      "{'Effect': 'Allow', 'Principal': {'AWS': 'me'}, 'Action': 'sts:AssumeRole'}",
      "Invalid principal in policy: \"AWS\":\"me\"", "$.Statement[0].Principal" },
    { "a service",
      "{'Effect': 'Allow', 'Principal': {'Service': 'ec2.amazonaws.com'}, "
      "'Action': 'sts:AssumeRole'}",
      NULL, NULL },
    { "a service that is none",
      "{'Effect': 'Allow', 'Principal': {'Service': 'ec2'}, 'Action': 'sts:AssumeRole'}",
      "Invalid principal in policy: \"SERVICE\":\"ec2\"", "$.Statement[0].Principal" },
    { "a service of a region, one of China, one in a domain of Amazon",
      "{'Effect': 'Allow', 'Principal': {'Service': ['logs.us-east-1.amazonaws.com', "
      "'ec2.amazonaws.com.cn', 'alexa-appkit.amazon.com']}, 'Action': 'sts:AssumeRole'}",
      NULL, NULL },
    { "a service of somebody else",
      "{'Effect': 'Allow', 'Principal': {'Service': ['ec2.amazonaws.com', 'ci.example.com']}, "
      "'Action': 'sts:AssumeRole'}",
      "Invalid principal in policy: \"SERVICE\":\"ci.example.com\"", "$.Statement[0].Principal" },
    { "the services' domain alone (aws-cdk-examples#801)",
      "{'Effect': 'Allow', 'Principal': {'Service': 'amazonaws.com'}, 'Action': 'sts:AssumeRole'}",
      "Invalid principal in policy: \"SERVICE\":\"amazonaws.com\"", "$.Statement[0].Principal" },

    /* application ids */
    { "Cognito without a condition", ALLOW("cognito-identity.amazonaws.com", WEB),
      "A condition block must be present for the Cognito provider", "$.Statement[0].Principal" },
    { "Google without a condition", ALLOW("accounts.google.com", WEB),
      "Policy trusting accounts.google.com requires a StringEquals condition on an application id",
      "$.Statement[0].Principal" },
    { "Google with an audience",
      ALLOW("accounts.google.com",
            WEB ", 'Condition': {'StringEquals': {'accounts.google.com:aud': 'x'}}"),
      NULL, NULL },
    { "any audience, even all",
      ALLOW("accounts.google.com",
            WEB ", 'Condition': {'StringEquals': {'accounts.google.com:aud': '*'}}"),
      NULL, NULL },
    { "in other letters it is not seen",
      ALLOW("accounts.google.com",
            WEB ", 'Condition': {'StringEquals': {'ACCOUNTS.GOOGLE.COM:AUD': 'x'}}"),
      "Policy trusting accounts.google.com requires a StringEquals condition on an application id",
      "$.Statement[0].Condition" },
    { "an application of Amazon",
      ALLOW("www.amazon.com",
            WEB ", 'Condition': {'ForAnyValue:StringEquals': {'www.amazon.com:app_id': 'x'}}"),
      NULL, NULL },
    { "a pattern is no equality",
      ALLOW("graph.facebook.com",
            WEB ", 'Condition': {'StringLike': {'graph.facebook.com:app_id': 'x'}}"),
      "Policy trusting graph.facebook.com requires a StringEquals condition on an application id",
      "$.Statement[0].Condition" },
    { "nor is a condition that may be absent",
      ALLOW("www.amazon.com",
            WEB ", 'Condition': {'StringEqualsIfExists': {'www.amazon.com:app_id': 'x'}}"),
      "Policy trusting www.amazon.com requires a StringEquals condition on an application id",
      "$.Statement[0].Condition" },
    { "tagging alone needs no application",
      ALLOW("accounts.google.com", "'Action': 'sts:TagSession'"), NULL, NULL },

    /* shared providers */
    { "a shared provider without a condition", ALLOW(OIDC "gitlab.com", WEB), GITLAB_SAYS,
      "$.Statement[0].Principal" },
    { "with its subject", GITLAB("'StringEquals': {'gitlab.com:sub': 'mine'}"), NULL, NULL },
    { "with a pattern", GITLAB("'StringLike': {'gitlab.com:sub': 'mine:*'}"), NULL, NULL },
    { "case aside", GITLAB("'StringEqualsIgnoreCase': {'GitLab.com:SUB': 'mine'}"), NULL, NULL },
    { "with a set operator", GITLAB("'ForAllValues:StringLike': {'gitlab.com:sub': 'm*'}"), NULL,
      NULL },
    { "with an audience alone", GITLAB("'StringEquals': {'gitlab.com:aud': 'mine'}"), GITLAB_SAYS,
      "$.Statement[0].Condition" },
    { "scoped to all", GITLAB("'StringLike': {'gitlab.com:sub': '*'}"), GITLAB_SAYS,
      "$.Statement[0].Condition" },
    { "scoped to all among others", GITLAB("'StringLike': {'gitlab.com:sub': ['mine', '*']}"),
      GITLAB_SAYS, "$.Statement[0].Condition" },
    { "two stars pass", GITLAB("'StringLike': {'gitlab.com:sub': '**'}"), NULL, NULL },
    { "no value passes", GITLAB("'StringLike': {'gitlab.com:sub': []}"), NULL, NULL },
    { "an empty value passes", GITLAB("'StringLike': {'gitlab.com:sub': ''}"), NULL, NULL },
    { "a negated operator does not count", GITLAB("'StringNotLike': {'gitlab.com:sub': 'x'}"),
      GITLAB_SAYS, "$.Statement[0].Condition" },
    { "nor one that may be absent", GITLAB("'StringLikeIfExists': {'gitlab.com:sub': 'x'}"),
      GITLAB_SAYS, "$.Statement[0].Condition" },
    { "nor Null", GITLAB("'Null': {'gitlab.com:sub': 'false'}"), GITLAB_SAYS,
      "$.Statement[0].Condition" },
    { "a good operator beside a bad one passes",
      GITLAB("'StringEquals': {'gitlab.com:sub': 'x'}, 'StringLike': {'gitlab.com:sub': '*'}"),
      NULL, NULL },
    { "an issuer below it is another", ALLOW(OIDC "gitlab.com/private", WEB), NULL, NULL },
    { "a Deny needs no scope",
      "{'Effect': 'Deny', 'Principal': {'Federated': '" OIDC "gitlab.com'}, " WEB "}", NULL, NULL },
    { "tagging alone needs no scope", ALLOW(OIDC "gitlab.com", "'Action': 'sts:TagSession'"), NULL,
      NULL },
    { "every statement needs its own",
      GITLAB("'StringEquals': {'gitlab.com:sub': 'x'}") ", " ALLOW(OIDC "gitlab.com", WEB),
      GITLAB_SAYS, "$.Statement[1].Principal" },
    { "Pulumi wants the audience",
      ALLOW(OIDC "api.pulumi.com/oidc",
            WEB ", 'Condition': {'StringLike': {'api.pulumi.com/oidc:sub': 'x'}}"),
      "Trust policy with trusted principal api.pulumi.com/oidc must evaluate, using StringEquals, "
      "StringLike or StringEqualsIgnoreCase, api.pulumi.com/oidc:aud which is not scoped to all.",
      "$.Statement[0].Condition" },
    { "one issuer wants the session's name",
      ALLOW(OIDC "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d",
            WEB ", 'Condition': {'StringEquals': {'sts:RoleSessionName': 'x'}}"),
      NULL, NULL },
    { "CircleCI's issuers are not shared", ALLOW(OIDC "oidc.circleci.com/org/x", WEB), NULL, NULL },

    /* GitHub */
    { "GitHub without a condition", ALLOW(OIDC GITHUB, WEB), GITHUB_SAYS,
      "$.Statement[0].Principal" },
    { "GitHub with its subject", HUB("'StringLike': {'" GITHUB ":sub': 'repo:*'}"), NULL, NULL },
    { "GitHub with its workflow", HUB("'StringLike': {'" GITHUB ":job_workflow_ref': 'x'}"), NULL,
      NULL },
    { "a star in front is all", HUB("'StringLike': {'" GITHUB ":sub': '*:main'}"), GITHUB_SAYS,
      "$.Statement[0].Condition" },
    { "two stars are all", HUB("'StringLike': {'" GITHUB ":sub': '**'}"), GITHUB_SAYS,
      "$.Statement[0].Condition" },
    { "a blank is all", HUB("'StringLike': {'" GITHUB ":sub': ' '}"), GITHUB_SAYS,
      "$.Statement[0].Condition" },
    { "a question mark is not", HUB("'StringLike': {'" GITHUB ":sub': '?*'}"), NULL, NULL },
    { "nor is no value", HUB("'StringLike': {'" GITHUB ":sub': []}"), NULL, NULL },
    { "nor is a variable", HUB("'StringLike': {'" GITHUB ":sub': '${aws:username}'}"), NULL, NULL },
    { "a good subject does not mend a bad workflow",
      HUB("'StringEquals': {'" GITHUB ":sub': 'x', '" GITHUB ":job_workflow_ref': '*'}"),
      GITHUB_SAYS, "$.Statement[0].Condition" },
    { "an issuer below GitHub's has keys of its own",
      ALLOW(OIDC GITHUB "/private", WEB ", 'Condition': {'StringEquals': {'" GITHUB ":sub': 'x'}}"),
      "Trust policy with trusted principal " OIDC GITHUB "/private must evaluate, using "
      "StringEquals, StringLike or StringEqualsIgnoreCase, " GITHUB "/private:sub or " GITHUB
      "/private:job_workflow_ref which is not scoped to all.",
      "$.Statement[0].Condition" },
};

static struct outcome check(struct arena *a, struct why *why, struct str text, bool with_place)
{
    struct json_at root = json_at_root(fixture_json(a, text.p));
    struct policy *p;
    *why = why_new(a);
    TRY(policy_read(a, why, &root, POLICY_TRUST, &p));
    return policy_save_check(a, why, p, with_place ? &root : NULL);
}

START_TEST(saves_what_iam_saves)
{
    struct arena *a = arena_new();
    struct str text =
        arena_printf(a, "{'Version': '2012-10-17', 'Statement': [%s]}", rows[_i].statements);
    for (int with_place = 0; with_place < 2; with_place++) {
        struct why why;
        struct outcome o = check(a, &why, text, with_place);
        ck_assert_msg(failed(o) == (rows[_i].aws != NULL), "%s: %.*s", rows[_i].name,
                      STR_ARG(why_text(&why)));
        if (!rows[_i].aws)
            continue;
        ck_assert_int_eq(why.fault, FAULT_POLICY_MALFORMED);
        want_str(rows[_i].name, why.arg[0], str_of(rows[_i].aws));
        ck_assert_msg(why.detail.n > 0, "%s", rows[_i].name);
        ck_assert_msg(with_place ? str_ends(why.place, str_of(rows[_i].place)) : !why.place.n,
                      "%s: at %.*s", rows[_i].name, STR_ARG(why.place));
    }
    arena_free(a);
}
END_TEST

START_TEST(a_misspelt_action_is_named)
{
    struct arena *a = arena_new();
    struct why why;
    ck_assert(
        failed(check(a, &why,
                     STR("{'Statement': " ALLOW(OIDC "i.example.com",
                                                "'Action': 'sts:AssumeRoleWithWebIdendity'") "}"),
                     true)));
    ck_assert_msg(str_contains(why.detail, STR("did you mean \"sts:AssumeRoleWithWebIdentity\"?")),
                  "%.*s", STR_ARG(why.detail));
    ck_assert_msg(str_ends(why.place, STR("$.Statement.Action")), "%.*s", STR_ARG(why.place));
    arena_free(a);
}
END_TEST

/* The control is younger than many roles: the rest has to hold for those as well. */
START_TEST(controls_can_be_left_out)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct policy *p =
        fixture_policy(a, POLICY_TRUST, "{'Statement': " ALLOW(OIDC "gitlab.com", WEB) "}");
    ck_assert(!failed(policy_save_rules(a, &why, p, NULL)));
    ck_assert(!failed(policy_save_quota(a, &why, p, NULL)));
    ck_assert(failed(policy_save_controls(a, &why, p, NULL)));
    arena_free(a);
}
END_TEST

/* A trust policy of exactly so many characters, with blanks all over. */
static struct outcome check_size(struct arena *a, struct why *why, size_t characters)
{
    static const char before[] =
        "{ 'Statement' : { 'Sid' : '%.*s' , 'Effect' : 'Allow' , 'Principal' : '*' ,\n"
        " 'Action' : 'sts:AssumeRole' } }";
    char *sid = arena_alloc(a, characters);
    memset(sid, 'x', characters);
    size_t rest = policy_size(fixture_policy(a, POLICY_TRUST, arena_printf(a, before, 0, "").p));
    return check(a, why, arena_printf(a, before, (int)(characters - rest), sid), true);
}

START_TEST(the_quota_counts_characters)
{
    struct arena *a = arena_new();
    struct why why;
    ck_assert(!failed(check_size(a, &why, 2048)));
    ck_assert(failed(check_size(a, &why, 2049)));
    ck_assert_int_eq(why.fault, FAULT_POLICY_TOO_LARGE);
    want_str("AWS's message", why.arg[0], STR("Cannot exceed quota for ACLSizePerRole: 2048"));
    ck_assert(str_ends(why.place, STR("$")) && str_contains(why.detail, STR("2049")));
    arena_free(a);
}
END_TEST

Suite *save_suite(void)
{
    Suite *s = suite_create("save");
    TCase *t = tcase_create("save");
    tcase_add_loop_test(t, saves_what_iam_saves, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, a_misspelt_action_is_named);
    tcase_add_test(t, controls_can_be_left_out);
    tcase_add_test(t, the_quota_counts_characters);
    suite_add_tcase(s, t);
    return s;
}
