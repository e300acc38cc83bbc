#include "tests/fakests/actions/sts_world.h"

/* Roles assumed with the credentials of roles; what a session hands on to the next. */

/* clang-format off */
static const char config[] =
    "{'users':[{'name':'ann'}],"
    "'credentials':[{'access_key_id':'test','secret_access_key':'test'}," KEY("AKIAANNANNANNANN", "ann") "],"
    "'oidc_providers':[{'url':'https://issuer.example.com','client_ids':['sts.amazonaws.com']}],"
    "'roles':["
    ROLE("first", "{" VERSION ",'Statement':[{'Effect':'Allow','Principal':{'AWS':'"
      USER_ARN(A, "ann") "','Federated':'arn:aws:iam::" A ":oidc-provider/issuer.example.com'},"
      "'Action':['sts:AssumeRole','sts:AssumeRoleWithWebIdentity','sts:TagSession',"
      "'sts:SetSourceIdentity']}]}", ",'path':'/ci/','max_session_duration':43200,"
      "'tags':{'team':'core'},'policies':{'sts':" ALLOW("'sts:*'", "*") "}") ","
    ROLE("second", TRUST(ROLE_ARN(A, "ci/first"), ALL, ""),
      ",'max_session_duration':43200,'policies':{'sts':" ALLOW("'sts:*'", "*") "}") ","
    ROLE("third", TRUST(ROLE_ARN(A, "second"), ALL, ""), "") ","
    ROLE("untagged", TRUST(ROLE_ARN(A, "ci/first"), "['sts:AssumeRole','sts:SetSourceIdentity']",
      ""), "") ","
    ROLE("unnamed", TRUST(ROLE_ARN(A, "ci/first"), "['sts:AssumeRole','sts:TagSession']", ""), "")
      ","
    ROLE("of-session", TRUST(SESSION_ARN(A, "first", "s1"), ALL, ""), "") ","
    ROLE("of-core", TRUST("arn:aws:iam::" A ":root", ALL,
      ",'Condition':{'StringEquals':{'aws:PrincipalTag/team':'core'}}"), "") ","
    ROLE("of-apollo", TRUST("arn:aws:iam::" A ":root", ALL,
      ",'Condition':{'StringEquals':{'aws:PrincipalTag/project':'apollo'}}"), "") ","
    ROLE("of-admin", TRUST("arn:aws:iam::" A ":root", ALL,
      ",'Condition':{'StringEquals':{'aws:SourceIdentity':'Admin'}}"), "") ","
    ROLE("one-key", "{" VERSION ",'Statement':[{'Effect':'Allow','Principal':{'AWS':'"
      ROLE_ARN(A, "ci/first") "'},'Action':'sts:AssumeRole'},{'Effect':'Allow','Principal':{'AWS':'"
      ROLE_ARN(A, "ci/first") "'},'Action':'sts:TagSession','Condition':{"
      "'ForAllValues:StringEquals':{'aws:TagKeys':['project']}}}]}", "")
    "]}";
/* clang-format on */

#define FIRST "ci/first"
#define ASSUME(role, ...) \
    P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, role), "RoleSessionName=s1", __VA_ARGS__)
#define PLAIN                "DurationSeconds=900"
#define TAG(n, key, value)   "Tags.member." n ".Key=" key, "Tags.member." n ".Value=" value
#define S1                   SESSION_ARN(A, "first", "s1")
#define DENIED(action, role) NOT_AUTHORIZED(S1, action, ROLE_ARN(A, role))
#define CONFLICT                                                                         \
    "One of the specified transitive tag keys can't be set because it conflicts with a " \
    "transitive tag key from the calling session."

static const struct {
    const char *name;
    const char *const *first, *const *second;
    int status;
    const char *code, *message;
} chains[] = {
    { "a role is trusted by its ARN, path included", ASSUME(FIRST, PLAIN), ASSUME("second", PLAIN),
      200, "", NULL },
    { "or one session of it", ASSUME(FIRST, PLAIN), ASSUME("of-session", PLAIN), 200, "", NULL },
    { "not another session",
      P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, FIRST), "RoleSessionName=s2"),
      ASSUME("of-session", PLAIN), 403, "AccessDenied",
      NOT_AUTHORIZED(SESSION_ARN(A, "first", "s2"), "sts:AssumeRole", ROLE_ARN(A, "of-session")) },
    { "the role before the last is not trusted for it", ASSUME(FIRST, PLAIN),
      ASSUME("third", PLAIN), 403, "AccessDenied", DENIED("sts:AssumeRole", "third") },
    { "a session's policy holds for the next",
      ASSUME(FIRST, "Policy={\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iam:*\","
                    "\"Resource\":\"*\"}}"),
      ASSUME("second", PLAIN), 403, "AccessDenied", DENIED("sts:AssumeRole", "second") },
    { "an hour is the most", ASSUME(FIRST, "DurationSeconds=43200"),
      ASSUME("second", "DurationSeconds=3600"), 200, "", NULL },
    { "a second more is too long, whatever the role's maximum",
      ASSUME(FIRST, "DurationSeconds=43200"), ASSUME("second", "DurationSeconds=3601"), 400,
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
      "chaining." },
    { "tags of the role are the session's", ASSUME(FIRST, PLAIN), ASSUME("of-core", PLAIN), 200, "",
      NULL },
    { "unless the session has others", ASSUME(FIRST, TAG("1", "Team", "edge")),
      ASSUME("of-core", PLAIN), 403, "AccessDenied", DENIED("sts:AssumeRole", "of-core") },
    { "tags of the session are", ASSUME(FIRST, TAG("1", "project", "apollo")),
      ASSUME("of-apollo", PLAIN), 200, "", NULL },
    { "tags that are not handed on need no permission", ASSUME(FIRST, TAG("1", "k", "v")),
      ASSUME("untagged", PLAIN), 200, "", NULL },
    { "tags that are need it", ASSUME(FIRST, TAG("1", "k", "v"), "TransitiveTagKeys.member.1=k"),
      ASSUME("untagged", PLAIN), 403, "AccessDenied", DENIED("sts:TagSession", "untagged") },
    { "and are no keys of the request",
      ASSUME(FIRST, TAG("1", "other", "v"), "TransitiveTagKeys.member.1=other"),
      ASSUME("one-key", PLAIN), 200, "", NULL },
    { "whose keys may be limited",
      ASSUME(FIRST, TAG("1", "other", "v"), "TransitiveTagKeys.member.1=other"),
      ASSUME("one-key", TAG("1", "more", "v")), 403, "AccessDenied",
      DENIED("sts:TagSession", "one-key") },
    { "one that is handed on cannot be set",
      ASSUME(FIRST, TAG("1", "project", "apollo"), "TransitiveTagKeys.member.1=project"),
      ASSUME("second", TAG("1", "PROJECT", "gemini")), 400, "InvalidParameterValue", CONFLICT },
    { "not even to what it is",
      ASSUME(FIRST, TAG("1", "project", "apollo"), "TransitiveTagKeys.member.1=project"),
      ASSUME("second", TAG("1", "project", "apollo")), 400, "InvalidParameterValue", CONFLICT },
    { "one that is not can", ASSUME(FIRST, TAG("1", "project", "apollo")),
      ASSUME("second", TAG("1", "project", "gemini")), 200, "", NULL },
    { "a source identity wants its permission again", ASSUME(FIRST, "SourceIdentity=Admin"),
      ASSUME("unnamed", PLAIN), 403, "AccessDenied", DENIED("sts:SetSourceIdentity", "unnamed") },
    { "it cannot be changed", ASSUME(FIRST, "SourceIdentity=Admin"),
      ASSUME("second", "SourceIdentity=Other"), 400, "ValidationError",
      "The source identity is already set for this assume role session" },
    { "it can be said again", ASSUME(FIRST, "SourceIdentity=Admin"),
      ASSUME("second", "SourceIdentity=Admin"), 200, "", NULL },
    { "it can be set where there is none", ASSUME(FIRST, PLAIN),
      ASSUME("second", "SourceIdentity=Admin"), 200, "", NULL },
    { "it is a key of what the session asks", ASSUME(FIRST, "SourceIdentity=Admin"),
      ASSUME("of-admin", PLAIN), 200, "", NULL },
    { "another is another", ASSUME(FIRST, "SourceIdentity=admin"), ASSUME("of-admin", PLAIN), 403,
      "AccessDenied", DENIED("sts:AssumeRole", "of-admin") },
};

START_TEST(one_role_leads_to_another)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANNANNANNANN");
    struct iam_fixture_key s = sts_world_session(f, chains[_i].name, &ann, chains[_i].first);
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &s, chains[_i].second);
    iam_fixture_want(&r, chains[_i].name, chains[_i].status, chains[_i].code, chains[_i].message);
    iam_fixture_free(f);
}
END_TEST

/* Two links further on a transitive tag and the source identity are still there. */
START_TEST(what_is_handed_on_is_handed_on_again)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANNANNANNANN");
    struct iam_fixture_key one =
        sts_world_session(f, "first", &ann,
                          ASSUME(FIRST, TAG("1", "project", "apollo"), TAG("2", "once", "x"),
                                 "TransitiveTagKeys.member.1=project", "SourceIdentity=Admin"));
    struct iam_fixture_key two =
        sts_world_session(f, "second", &one, ASSUME("second", TAG("1", "cost", "7")));
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_STS, &two, ASSUME("of-apollo", TAG("1", "once", "y")));
    iam_fixture_want(&r, "the tag is there; the one that was not handed on can be set", 200, "",
                     NULL);
    want_str("source identity", iam_fixture_text(&r, "AssumeRoleResult/SourceIdentity"),
             STR("Admin"));
    r = iam_fixture_send(f, SERVICE_STS, &two, ASSUME("third", TAG("1", "project", "gemini")));
    iam_fixture_want(&r, "and cannot be set", 400, "InvalidParameterValue", CONFLICT);
    r = iam_fixture_send(f, SERVICE_STS, &two, ASSUME("of-admin", "SourceIdentity=Other"));
    iam_fixture_want(&r, "nor the source identity", 400, "ValidationError", NULL);
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_session_ends_and_leads_nowhere)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANNANNANNANN");
    struct iam_fixture_key s = sts_world_session(f, "first", &ann, ASSUME(FIRST, PLAIN));
    clock_advance(&f->clock, 899 * 1000);
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &s, ASSUME("second", PLAIN));
    iam_fixture_want(&r, "a second before", 200, "", NULL);
    clock_advance(&f->clock, 1000);
    r = iam_fixture_send(f, SERVICE_STS, &s, ASSUME("second", PLAIN));
    iam_fixture_want(&r, "at its end", 403, "ExpiredToken",
                     "The security token included in the request is expired");
    iam_fixture_free(f);
}
END_TEST

/* A trust policy holds the role's unique id: another role of the same name is not trusted. */
START_TEST(a_role_made_again_is_another)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANNANNANNANN");
    const char *trust =
        "AssumeRolePolicyDocument={\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
        "\"Principal\":{\"AWS\":\"" USER_ARN(A, "ann") "\"},\"Action\":\"sts:AssumeRole\"}}";
    const char *policy = "PolicyDocument={\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":"
                         "\"Allow\",\"Action\":\"sts:*\",\"Resource\":\"*\"}}";
    const char *const *const calls[] = {
        P("Action=DeleteRolePolicy", "RoleName=first", "PolicyName=sts"),
        P("Action=DeleteRole", "RoleName=first"),
        P("Action=CreateRole", "RoleName=first", "Path=/ci/", trust),
        P("Action=PutRolePolicy", "RoleName=first", "PolicyName=sts", policy),
    };
    struct iam_fixture_key old = sts_world_session(f, "before", &ann, ASSUME(FIRST, PLAIN));
    struct iam_fixture_reply r;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        r = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, calls[i]);
        iam_fixture_want(&r, calls[i][0], 200, "", NULL);
    }
    struct iam_fixture_key young = sts_world_session(f, "after", &ann, ASSUME(FIRST, PLAIN));
    r = iam_fixture_send(f, SERVICE_STS, &young, ASSUME("second", PLAIN));
    iam_fixture_want(&r, "the new role's session", 403, "AccessDenied",
                     DENIED("sts:AssumeRole", "second"));
    r = iam_fixture_send(f, SERVICE_STS, &old, ASSUME("second", PLAIN));
    ck_assert_msg(r.status == 200 || str_eq(r.code, STR("AccessDenied")), "%d", r.status);
    want_str("whose it still is", sts_world_who(f, &old), STR(S1));
    iam_fixture_free(f);
}
END_TEST

/* The same of a user. */
START_TEST(a_user_made_again_is_another)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_reply r;
    const char *const *const calls[] = {
        P("Action=DeleteAccessKey", "UserName=ann", "AccessKeyId=AKIAANNANNANNANN"),
        P("Action=DeleteUser", "UserName=ann"),
        P("Action=CreateUser", "UserName=ann"),
    };
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANNANNANNANN");
    struct iam_fixture_key s = sts_world_session(f, "before", &ann, P("Action=GetSessionToken"));
    r = iam_fixture_send(f, SERVICE_STS, &s, ASSUME(FIRST, PLAIN));
    iam_fixture_want(&r, "her session", 200, "", NULL);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        r = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, calls[i]);
        iam_fixture_want(&r, calls[i][0], 200, "", NULL);
    }
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreateAccessKey",
                         "UserName=ann", NULL);
    struct iam_fixture_key young = iam_fixture_access_key(&r);
    r = iam_fixture_send(f, SERVICE_STS, &young, ASSUME(FIRST, PLAIN));
    iam_fixture_want(&r, "the new ann", 403, "AccessDenied",
                     NOT_AUTHORIZED(USER_ARN(A, "ann"), "sts:AssumeRole", ROLE_ARN(A, FIRST)));
    want_str("the old one's key", sts_world_who(f, &ann), STR("InvalidClientTokenId"));
    want_str("the old one's session", sts_world_who(f, &s), STR("InvalidClientTokenId"));
    iam_fixture_free(f);
}
END_TEST

/* A session of a web identity chains like any other: its transitive tags and source identity come
 * from the token. */
START_TEST(a_web_identity_chains_too)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct why why = why_new(f->arena);
    struct token token;
    json_error_t error;
    json_t *claims = json_keep(
        f->arena,
        json_loads("{\"https://aws.amazon.com/source_identity\":\"Admin\","
                   "\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"project\":[\"apollo\"]},"
                   "\"transitive_tag_keys\":[\"project\"]}}",
                   0, &error));
    struct token_ask ask = { .platform = STR("generic"), .claims = claims };
    ck_assert_msg(!failed(world_mint(f->world, f->arena, &why, &ask, &token)), "%.*s",
                  STR_ARG(why_text(&why)));
    const char *text = arena_join(f->arena, STR("WebIdentityToken="), token.text).p;
    struct iam_fixture_key s =
        sts_world_session(f, "with a token", NULL,
                          P("Action=AssumeRoleWithWebIdentity", "RoleArn=" ROLE_ARN(A, FIRST),
                            "RoleSessionName=s1", "DurationSeconds=43200", text));
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_STS, &s, ASSUME("second", "DurationSeconds=3601"));
    iam_fixture_want(&r, "an hour", 400, "ValidationError", NULL);
    r = iam_fixture_send(f, SERVICE_STS, &s, ASSUME("second", TAG("1", "project", "gemini")));
    iam_fixture_want(&r, "the tag", 400, "InvalidParameterValue", CONFLICT);
    r = iam_fixture_send(f, SERVICE_STS, &s, ASSUME("second", PLAIN));
    iam_fixture_want(&r, "the chain", 200, "", NULL);
    want_str("source identity", iam_fixture_text(&r, "AssumeRoleResult/SourceIdentity"),
             STR("Admin"));
    iam_fixture_free(f);
}
END_TEST

Suite *role_chain_suite(void);

Suite *role_chain_suite(void)
{
    Suite *s = suite_create("role_chain");
    TCase *t = tcase_create("chains");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, one_role_leads_to_another, 0, sizeof chains / sizeof chains[0]);
    tcase_add_test(t, what_is_handed_on_is_handed_on_again);
    tcase_add_test(t, a_session_ends_and_leads_nowhere);
    tcase_add_test(t, a_role_made_again_is_another);
    tcase_add_test(t, a_user_made_again_is_another);
    tcase_add_test(t, a_web_identity_chains_too);
    suite_add_tcase(s, t);
    return s;
}
