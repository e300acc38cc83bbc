#include "tests/fakests/iam_fixture.h"
#include "tests/support/runner.h"

#include "base/text.h"
#include "fakests/authorize.h"
#include "fakests/session.h"

/*
 * Who may do what, and how a refusal reads: callers of every kind against policies of every kind,
 * in a world read from its config.
 */
#define A         "arn:aws:iam::123456789012:"
#define S         "arn:aws:sts::123456789012:"
#define ALICE_ID  "AIDARZPUZDIKALICEAAAA"
#define DEPLOY_ID "AROARZPUZDIKDEPLOYAAA"
#define NOBODYS   "arn:aws:iam::aws:policy/NobodyHasThis"

#define ALLOW(action, resource)                                        \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\"," \
    "\"Action\":\"" action "\",\"Resource\":\"" resource "\"}}"
#define DENY(action)                                                              \
    "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:Tag*\",\"Resource\":" \
    "\"*\"},{\"Effect\":\"Deny\",\"Action\":\"" action "\",\"Resource\":\"*\"}]}"
#define HAS(arn)          ",\"attached_policies\":[\"" arn "\"]"
#define WITHIN(arn)       ",\"permissions_boundary\":\"" arn "\""
#define OWN(name, policy) ",\"policies\":{\"" name "\":" policy "}"
#define TRUSTS(who)                                           \
    ",\"trust_policy\":{\"Statement\":{\"Effect\":\"Allow\"," \
    "\"Principal\":{" who "},\"Action\":\"sts:AssumeRole\"}}"
#define ONE(name, more) "{\"name\":\"" name "\"" more "}"

/* clang-format off */
static const char config[] =
    "{\"managed_policies\":["
    ONE("all", ",\"policy\":" ALLOW("*", "*")) ","
    ONE("read", ",\"policy\":" ALLOW("iam:Get*", "*")) "],"
    "\"users\":["
    ONE("alice", ",\"path\":\"/staff/\",\"id\":\"" ALICE_ID "\""
                 ",\"tags\":{\"Team\":\"core\",\"Cost\":\"1\"}" HAS(A "policy/read")
                 OWN("own", ALLOW("iam:UpdateUser", A "user/staff/${aws:username}"))) ","
    ONE("bob", HAS(A "policy/all") WITHIN(A "policy/read")) ","
    ONE("carl", HAS(A "policy/all") OWN("never", DENY("iam:DeleteRole"))) ","
    ONE("dora", "") ","
    ONE("erin", HAS(NOBODYS)) ","
    ONE("finn", HAS(A "policy/all") WITHIN(NOBODYS)) "],"
    "\"roles\":["
    ONE("deploy", ",\"path\":\"/ci/\",\"id\":\"" DEPLOY_ID "\""
                  ",\"tags\":{\"Team\":\"ops\",\"Env\":\"prod\"}" HAS(A "policy/all")
                  TRUSTS("\"AWS\":\"" A "root\"")) ","
    ONE("trusts-root", TRUSTS("\"AWS\":\"" A "root\"")) ","
    ONE("trusts-account", TRUSTS("\"AWS\":\"123456789012\"")) ","
    ONE("trusts-alice", TRUSTS("\"AWS\":\"" A "user/staff/alice\"")) ","
    ONE("trusts-alice-id", TRUSTS("\"AWS\":\"" ALICE_ID "\"")) ","
    ONE("trusts-dora", TRUSTS("\"AWS\":\"" A "user/dora\"")) ","
    ONE("trusts-deploy", TRUSTS("\"AWS\":\"" A "role/ci/deploy\"")) ","
    ONE("trusts-deploy-id", TRUSTS("\"AWS\":\"" DEPLOY_ID "\"")) ","
    ONE("trusts-session", TRUSTS("\"AWS\":\"" S "assumed-role/deploy/me\"")) ","
    ONE("trusts-federated", TRUSTS("\"AWS\":\"" S "federated-user/me\"")) ","
    ONE("trusts-anybody", TRUSTS("\"AWS\":\"*\"")) "],"
    "\"accounts\":{\"210987654321\":{\"roles\":["
    ONE("open", TRUSTS("\"AWS\":\"" A "root\"")) ","
    ONE("shut", TRUSTS("\"AWS\":\"210987654321\"")) ","
    ONE("names", TRUSTS("\"AWS\":[\"" A "user/dora\",\"" A "user/carl\"]")) "]}}}";
/* clang-format on */

static struct iam_fixture *f;
static struct snapshot *now;
static struct fakests service;
static struct http_header headers[] = { { STR_INIT("User-Agent"), STR_INIT("tests/1") } };
static struct http_request request;
static struct why why;
static struct call c;

static void set_up(void)
{
    f = iam_fixture_new(config);
    now = world_now(f->world);
    why = why_new(f->arena);
    service = (struct fakests){ .clock = &f->clock, .entropy = &f->entropy };
    request = (struct http_request){
        .arena = f->arena, .headers = headers, .n_headers = 1, .peer = STR("192.0.2.7")
    };
    c = (struct call){ .arena = f->arena,
                       .why = &why,
                       .service = &service,
                       .world = &now->sts,
                       .request = &request,
                       .api = SERVICE_IAM,
                       .now_s = IAM_FIXTURE_NOW_S };
}

static void tear_down(void)
{
    snapshot_drop(now);
    iam_fixture_free(f);
}

/* ---- callers ---- */

#define ROLE_SESSION(role, id_)                                          \
    .kind = SESSION_ROLE, .arn = STR_INIT(S "assumed-role/" role "/me"), \
    .user_id = STR_INIT(id_ ":me")
#define DEPLOY                                                                   \
    ROLE_SESSION("deploy", DEPLOY_ID), .role_arn = STR_INIT(A "role/ci/deploy"), \
                                       .role_id = STR_INIT(DEPLOY_ID)
#define FEDERATED                                                      \
    .kind = SESSION_FEDERATED, .arn = STR_INIT(S "federated-user/me"), \
    .user_id = STR_INIT("123456789012:me")
#define OF_ALICE                                                                \
    .user_arn = STR_INIT(A "user/staff/alice"), .user_name = STR_INIT("alice"), \
    .user_unique_id = STR_INIT(ALICE_ID)

static struct tag session_tags[] = { { STR_INIT("tEAM"), STR_INIT("mine") },
                                     { STR_INIT("Job"), STR_INIT("7") } };
static struct str amr[] = { STR_INIT("authenticated"), STR_INIT("mfa") };
static struct str read_only[] = { STR_INIT(A "policy/read") };
static struct str nobodys[] = { STR_INIT(NOBODYS) };

static const struct {
    const char *name;
    struct session session;
} sessions[] = {
    { "deploy", { DEPLOY } },
    { "deploy with tags", { DEPLOY, .tags = session_tags, .n_tags = 2 } },
    { "deploy to read", { DEPLOY, .policy = STR_INIT(ALLOW("iam:Get*", "*")) } },
    { "deploy to read by ARN", { DEPLOY, .policy_arns = read_only, .n_policy_arns = 1 } },
    { "deploy by a policy nobody has", { DEPLOY, .policy_arns = nobodys, .n_policy_arns = 1 } },
    { "deploy not to delete", { DEPLOY, .policy = STR_INIT(DENY("iam:DeleteRole")) } },
    { "deploy that was",
      { ROLE_SESSION("deploy", "AROARZPUZDIKANOTHERAA"), .role_arn = STR_INIT(A "role/ci/deploy"),
        .role_id = STR_INIT("AROARZPUZDIKANOTHERAA") } },
    { "gone",
      { ROLE_SESSION("gone", "AROARZPUZDIKGONEAAAAA"), .role_arn = STR_INIT(A "role/gone"),
        .role_id = STR_INIT("AROARZPUZDIKGONEAAAAA") } },
    { "web identity",
      { DEPLOY, .provider = STR_INIT(A "oidc-provider/ci.example.com/x"),
        .subject = STR_INIT("job:1"), .audience = STR_INIT("aud"), .amr = amr, .n_amr = 2,
        .source_identity = STR_INIT("Ann") } },
    { "alice for a while",
      { .kind = SESSION_USER,
        .arn = STR_INIT(A "user/staff/alice"),
        .user_id = STR_INIT(ALICE_ID),
        OF_ALICE } },
    { "alice with MFA",
      { .kind = SESSION_USER,
        .arn = STR_INIT(A "user/staff/alice"),
        .user_id = STR_INIT(ALICE_ID),
        OF_ALICE,
        .mfa_s = IAM_FIXTURE_NOW_S - 90 } },
    { "alice that was",
      { .kind = SESSION_USER,
        .arn = STR_INIT(A "user/staff/alice"),
        .user_id = STR_INIT("AIDARZPUZDIKANOTHERAA"),
        .user_arn = STR_INIT(A "user/staff/alice"),
        .user_name = STR_INIT("alice"),
        .user_unique_id = STR_INIT("AIDARZPUZDIKANOTHERAA") } },
    { "root for a while",
      { .kind = SESSION_ROOT,
        .arn = STR_INIT(A "root"),
        .user_id = STR_INIT("123456789012"),
        .user_arn = STR_INIT(A "root") } },
    { "alice's guest", { FEDERATED, OF_ALICE } },
    { "alice's guest for all",
      { FEDERATED, OF_ALICE, .policy = STR_INIT(ALLOW("*", "*")), .tags = session_tags,
        .n_tags = 2 } },
    { "alice's guest for one",
      { FEDERATED, OF_ALICE, .policy = STR_INIT(ALLOW("iam:GetUser", "*")) } },
    { "root's guest to read",
      { FEDERATED, .user_arn = STR_INIT(A "root"), .policy_arns = read_only, .n_policy_arns = 1 } },
    { "root's guest", { FEDERATED, .user_arn = STR_INIT(A "root") } },
};

static void become_session(const struct session *template)
{
    struct session *s = arena_make(f->arena, struct session);
    *s = *template;
    s->account = STR(IAM_FIXTURE_ACCOUNT);
    s->issued_s = IAM_FIXTURE_NOW_S - 60;
    c.caller = (struct caller){
        .account = s->account, .arn = s->arn, .user_id = s->user_id, .session = s
    };
}

static void become(const char *who)
{
    const struct str account = STR(IAM_FIXTURE_ACCOUNT);
    const struct user *user = iam_user_named(now->sts.iam, account, str_of(who));
    for (size_t i = 0; i < sizeof sessions / sizeof sessions[0]; i++)
        if (strcmp(sessions[i].name, who) == 0) {
            become_session(&sessions[i].session);
            return;
        }
    ck_assert_msg(user || strcmp(who, "root") == 0, "nobody is called %s", who);
    c.caller = (struct caller){ .account = account,
                                .arn = user ? user->arn : STR(A "root"),
                                .user_id = user ? user->id : account };
}

/* ---- what they may do to a role of their account ---- */

#define BECAUSE(kind, action) "because no " kind " allows the " action " action"

static const struct {
    const char *name, *who, *action;
    const char *because; /* NULL: allowed */
} rows[] = {
    { "root may do everything", "root", "iam:DeleteRole", NULL },
    { "and with a session", "root for a while", "iam:DeleteRole", NULL },
    { "a user may do what an attached policy allows", "alice", "iam:GetRole", NULL },
    { "but nothing else", "alice", "iam:DeleteRole",
      BECAUSE("identity-based policy", "iam:DeleteRole") },
    { "a user without policies may do nothing", "dora", "iam:GetRole",
      BECAUSE("identity-based policy", "iam:GetRole") },
    { "a boundary lets through what it allows", "bob", "iam:GetRole", NULL },
    { "and stops what it does not", "bob", "iam:DeleteRole",
      BECAUSE("permissions boundary", "iam:DeleteRole") },
    { "a boundary nobody has stops everything", "finn", "iam:GetRole",
      BECAUSE("permissions boundary", "iam:GetRole") },
    { "a Deny beats an Allow", "carl", "iam:DeleteRole",
      "with an explicit deny in an identity-based policy" },
    { "but for what it does not name", "carl", "iam:GetRole", NULL },
    { "an attached policy nobody has allows nothing", "erin", "iam:GetRole",
      BECAUSE("identity-based policy", "iam:GetRole") },
    { "a user's session may do what the user may", "alice for a while", "iam:GetRole", NULL },
    { "and no more", "alice for a while", "iam:DeleteRole",
      BECAUSE("identity-based policy", "iam:DeleteRole") },
    { "another user of that name is another", "alice that was", "iam:GetRole",
      BECAUSE("identity-based policy", "iam:GetRole") },
    { "a role's session may do what the role may", "deploy", "iam:DeleteRole", NULL },
    { "a session policy lets through what it allows", "deploy to read", "iam:GetRole", NULL },
    { "and stops what it does not", "deploy to read", "iam:DeleteRole",
      BECAUSE("session policy", "iam:DeleteRole") },
    { "a managed one too lets through", "deploy to read by ARN", "iam:GetRole", NULL },
    { "and stops", "deploy to read by ARN", "iam:DeleteRole",
      BECAUSE("session policy", "iam:DeleteRole") },
    { "one nobody has stops everything", "deploy by a policy nobody has", "iam:GetRole",
      BECAUSE("session policy", "iam:GetRole") },
    { "a Deny of the session's counts", "deploy not to delete", "iam:DeleteRole",
      "with an explicit deny in a session policy" },
    { "another role of that name is another", "deploy that was", "iam:GetRole",
      BECAUSE("identity-based policy", "iam:GetRole") },
    { "a role that is gone allows nothing", "gone", "iam:GetRole",
      BECAUSE("identity-based policy", "iam:GetRole") },
    { "a federated user without a policy may do nothing", "alice's guest", "iam:GetRole",
      BECAUSE("session policy", "iam:GetRole") },
    { "with one, what both allow", "alice's guest for all", "iam:GetRole", NULL },
    { "but not what only the session's does", "alice's guest for all", "iam:DeleteRole",
      BECAUSE("identity-based policy", "iam:DeleteRole") },
    { "nor what only the user's does", "alice's guest for one", "iam:GetRole",
      BECAUSE("session policy", "iam:GetRole") },
    { "root's federated user may do what the session's policy allows", "root's guest to read",
      "iam:GetRole", NULL },
    { "and no more", "root's guest to read", "iam:DeleteRole",
      BECAUSE("session policy", "iam:DeleteRole") },
    { "root's too without a policy nothing", "root's guest", "iam:GetRole",
      BECAUSE("session policy", "iam:GetRole") },
};

START_TEST(callers_may_do_what_their_policies_say)
{
    const char *action = rows[_i].action;
    struct authorize_ask ask = { .action = str_of(action),
                                 .resource = STR(A "role/ci/deploy"),
                                 .shown = STR("role deploy") };
    become(rows[_i].who);
    struct outcome o = authorize(&c, &ask);
    if (!rows[_i].because) {
        ck_assert_msg(!failed(o), "%s: %.*s", rows[_i].name, STR_ARG(why.arg[0]));
        return;
    }
    ck_assert_msg(o.fault == FAULT_ACCESS_DENIED, "%s", rows[_i].name);
    want_str(rows[_i].name, why.arg[0],
             arena_printf(f->arena,
                          "User: %.*s is not authorized to perform: %s on resource: role deploy %s",
                          STR_ARG(c.caller.arn), action, rows[_i].because));
}
END_TEST

static const struct {
    const char *name, *action, *resource, *shown; /* NULL: as the resource */
    const char *message;                          /* behind the caller */
} sentences[] = {
    { "a resource is called as one says", "iam:GetRole", "arn", "role deploy",
      "iam:GetRole on resource: role deploy " BECAUSE("identity-based policy", "iam:GetRole") },
    { "or by its ARN", "iam:GetRole", "arn", NULL,
      "iam:GetRole on resource: arn " BECAUSE("identity-based policy", "iam:GetRole") },
    { "or not at all", "sts:DecodeAuthorizationMessage", "*", "",
      "sts:DecodeAuthorizationMessage " BECAUSE("identity-based policy",
                                                "sts:DecodeAuthorizationMessage") },
    { "AssumeRole does not say why", "sts:AssumeRole", "arn", NULL,
      "sts:AssumeRole on resource: arn" },
    { "nor what goes with it: tags", "sts:TagSession", "arn", NULL,
      "sts:TagSession on resource: arn" },
    { "and the source identity", "sts:SetSourceIdentity", "arn", NULL,
      "sts:SetSourceIdentity on resource: arn" },
};

START_TEST(a_refusal_reads_as_awss)
{
    struct authorize_ask ask = { .action = str_of(sentences[_i].action),
                                 .resource = str_of(sentences[_i].resource),
                                 .shown = str_of(sentences[_i].shown) };
    become("dora");
    ck_assert_int_eq(authorize(&c, &ask).fault, FAULT_ACCESS_DENIED);
    want_str(sentences[_i].name, why.arg[0],
             arena_printf(f->arena, "User: " A "user/dora is not authorized to perform: %s",
                          sentences[_i].message));
}
END_TEST

static const struct {
    const char *name, *who, *action, *detail;
} details[] = {
    { "no policy allows it", "dora", "iam:GetRole",
      "iam:GetRole on *: because no identity-based policy allows the iam:GetRole action" },
    { "the statement that denies", "carl", "iam:DeleteRole",
      "iam:DeleteRole on *: with an explicit deny in an identity-based policy; statement 1 of "
      "never denies it" },
    { "a policy that is not here", "erin", "iam:GetRole",
      "iam:GetRole on *: because no identity-based policy allows the iam:GetRole action; " NOBODYS
      " has no document here, and allows nothing" },
};

START_TEST(the_reason_names_what_is_to_be_changed)
{
    struct authorize_ask ask = { .action = str_of(details[_i].action), .resource = STR("*") };
    become(details[_i].who);
    ck_assert_int_eq(authorize(&c, &ask).fault, FAULT_ACCESS_DENIED);
    want_str(details[_i].name, why.detail, str_of(details[_i].detail));
}
END_TEST

/* ---- resources with a policy of their own ---- */

static const struct {
    const char *name, *who, *role;
    bool allowed;
} trusting[] = {
    { "an account is trusted by its root's ARN: a user with permission gets in", "carl",
      "trusts-root", true },
    { "one without does not", "dora", "trusts-root", false },
    { "an account is trusted by its id", "carl", "trusts-account", true },
    { "root gets in where its account is trusted", "root", "trusts-root", true },
    { "and not where somebody else is", "root", "trusts-alice", false },
    { "a user named needs no other permission", "dora", "trusts-dora", true },
    { "a user with a path", "alice", "trusts-alice", true },
    { "a user by the unique id", "alice", "trusts-alice-id", true },
    { "another user of that name is another", "alice that was", "trusts-alice-id", false },
    { "a user's session is the user", "alice for a while", "trusts-alice", true },
    { "another user is not", "bob", "trusts-alice", false },
    { "a role named", "deploy", "trusts-deploy", true },
    { "a role by the unique id", "deploy", "trusts-deploy-id", true },
    { "another role of that name is not", "deploy that was", "trusts-deploy", false },
    { "nor by the unique id", "deploy that was", "trusts-deploy-id", false },
    { "a role named, and a session policy that does not allow it", "deploy to read",
      "trusts-deploy", false },
    { "the session named, and a session policy that does not allow it", "deploy to read",
      "trusts-session", true },
    { "another session is not", "gone", "trusts-session", false },
    { "a federated user named", "alice's guest", "trusts-federated", true },
    { "the user who asked for it is named, and no session policy allows it", "alice's guest",
      "trusts-alice", false },
    { "and one does", "alice's guest for all", "trusts-alice", true },
    { "by the unique id too", "alice's guest for all", "trusts-alice-id", true },
    { "anybody with credentials", "dora", "trusts-anybody", true },
};

static bool may_assume(struct str account, const char *role_name)
{
    const struct role *role = iam_role_named(now->sts.iam, account, str_of(role_name));
    ck_assert_msg(role != NULL, "no role %s", role_name);
    struct authorize_ask ask = { .action = STR("sts:AssumeRole"),
                                 .resource = role->arn,
                                 .resource_account = role->account,
                                 .resource_policy = role->trust };
    return !failed(authorize(&c, &ask));
}

START_TEST(a_trust_policy_knows_callers_under_their_names)
{
    become(trusting[_i].who);
    ck_assert_msg(may_assume(STR(IAM_FIXTURE_ACCOUNT), trusting[_i].role) == trusting[_i].allowed,
                  "%s", trusting[_i].name);
}
END_TEST

static const struct {
    const char *name, *who, *role;
    bool allowed;
} abroad[] = {
    { "both accounts allow it", "carl", "open", true },
    { "the caller's does not", "dora", "open", false },
    { "the role's does not", "carl", "shut", false },
    { "the role names the caller, whose account does not", "dora", "names", false },
    { "the role names the caller, whose account does", "carl", "names", true },
    { "a role's session", "deploy", "open", true },
    { "within its session policy only", "deploy to read", "open", false },
    { "root too needs the role's trust", "root", "shut", false },
    { "and has it", "root", "open", true },
};

START_TEST(a_role_of_another_account_takes_both)
{
    become(abroad[_i].who);
    ck_assert_msg(may_assume(STR("210987654321"), abroad[_i].role) == abroad[_i].allowed, "%s",
                  abroad[_i].name);
}
END_TEST

/* ---- the context ---- */

static const struct tag resource_tags[] = { { STR_INIT("Owner"), STR_INIT("core") } };
static const struct tag request_tags[] = { { STR_INIT("Env"), STR_INIT("test") },
                                           { STR_INIT("env"), STR_INIT("prod") } };
static const struct str tag_keys[] = { STR_INIT("Old") };
static const struct authorize_key own_keys[] = { { STR_INIT("iam:PolicyARN"), STR_INIT("arn") },
                                                 { STR_INIT("iam:PermissionsBoundary"),
                                                   { NULL, 0 } } };

static const struct str transitive[] = { STR_INIT("Env") };
static const struct authorize_list own_lists[] = {
    { STR_INIT("sts:TransitiveTagKeys"), transitive, 1 },
    { STR_INIT("sts:IdentityTokenAudience"), NULL, 0 },
};

static const struct {
    const char *who, *key;
    const char *value; /* lists as [a,b]; NULL: absent */
} contexts[] = {
    { "root", "aws:PrincipalArn", A "root" },
    { "root", "aws:PrincipalType", "Account" },
    { "root", "aws:userid", "123456789012" },
    { "root", "aws:username", NULL },
    { "root", "aws:TokenIssueTime", NULL },
    { "root", "aws:MultiFactorAuthPresent", NULL },
    { "alice", "aws:PrincipalArn", A "user/staff/alice" },
    { "alice", "aws:PrincipalAccount", "123456789012" },
    { "alice", "aws:PrincipalType", "User" },
    { "alice", "aws:userid", ALICE_ID },
    { "alice", "aws:username", "alice" },
    { "alice", "aws:PrincipalTag/Team", "core" },
    { "alice", "aws:PrincipalTag/Cost", "1" },
    { "alice", "aws:PrincipalTag/Job", NULL },
    { "alice", "aws:PrincipalIsAWSService", "false" },
    { "alice", "aws:TokenIssueTime", NULL },
    { "alice", "aws:MultiFactorAuthPresent", NULL },
    { "alice", "aws:SourceIdentity", NULL },
    { "alice", "aws:FederatedProvider", NULL },
    { "alice for a while", "aws:username", "alice" },
    { "alice for a while", "aws:PrincipalType", "User" },
    { "alice for a while", "aws:TokenIssueTime", "2026-09-11T11:59:00Z" },
    { "alice for a while", "aws:MultiFactorAuthPresent", "false" },
    { "alice for a while", "aws:MultiFactorAuthAge", NULL },
    { "alice with MFA", "aws:MultiFactorAuthPresent", "true" },
    { "alice with MFA", "aws:MultiFactorAuthAge", "90" },
    { "alice that was", "aws:username", NULL },
    { "alice that was", "aws:PrincipalTag/Team", NULL },
    { "deploy with tags", "aws:PrincipalArn", A "role/ci/deploy" },
    { "deploy with tags", "aws:PrincipalType", "AssumedRole" },
    { "deploy with tags", "aws:userid", DEPLOY_ID ":me" },
    { "deploy with tags", "aws:username", NULL },
    { "deploy with tags", "aws:PrincipalTag/Team", "mine" },
    { "deploy with tags", "aws:PrincipalTag/Env", "prod" },
    { "deploy with tags", "aws:PrincipalTag/Job", "7" },
    { "deploy with tags", "aws:TokenIssueTime", "2026-09-11T11:59:00Z" },
    { "deploy with tags", "aws:MultiFactorAuthPresent", "false" },
    { "gone", "aws:PrincipalArn", A "role/gone" },
    { "web identity", "aws:FederatedProvider", A "oidc-provider/ci.example.com/x" },
    { "web identity", "ci.example.com/x:sub", "job:1" },
    { "web identity", "ci.example.com/x:aud", "aud" },
    { "web identity", "ci.example.com/x:amr", "[authenticated,mfa]" },
    { "web identity", "ci.example.com/x:oaud", NULL },
    { "web identity", "aws:SourceIdentity", "Ann" },
    { "alice's guest for all", "aws:PrincipalArn", S "federated-user/me" },
    { "alice's guest for all", "aws:PrincipalType", "FederatedUser" },
    { "alice's guest for all", "aws:userid", "123456789012:me" },
    { "alice's guest for all", "aws:username", NULL },
    { "alice's guest for all", "aws:PrincipalTag/Team", "mine" },
    { "alice's guest for all", "aws:PrincipalTag/Cost", "1" },
    { "root's guest", "aws:PrincipalType", "FederatedUser" },
    { "dora", "aws:SourceIp", "192.0.2.7" },
    { "dora", "aws:UserAgent", "tests/1" },
    { "dora", "aws:Referer", NULL },
    { "dora", "aws:SecureTransport", "true" },
    { "dora", "aws:CurrentTime", "2026-09-11T12:00:00Z" },
    { "dora", "aws:EpochTime", "1789128000" },
    { "dora", "aws:RequestedRegion", "us-east-1" },
    { "dora", "aws:ViaAWSService", "false" },
    { "dora", "aws:ResourceAccount", "123456789012" },
    { "dora", "aws:ResourceTag/Owner", "core" },
    { "dora", "iam:ResourceTag/Owner", "core" },
    { "dora", "aws:RequestTag/Env", "prod" },
    { "dora", "aws:TagKeys", "[Env,env,Old]" },
    { "dora", "iam:PolicyARN", "arn" },
    { "dora", "iam:PermissionsBoundary", NULL },
    { "dora", "sts:TransitiveTagKeys", "[Env]" },
    { "dora", "sts:IdentityTokenAudience", NULL },
};

static struct str value_of(const struct keys *keys, const char *name)
{
    const struct keys_entry *e = keys_find(keys, str_of(name));
    struct text t = text_new(f->arena, 1024);
    if (!e)
        return STR("(absent)");
    if (!e->is_list)
        return e->values[0];
    for (size_t i = 0; i < e->n_values; i++)
        text_printf(&t, "%c%.*s", i ? ',' : '[', STR_ARG(e->values[i]));
    text_putc(&t, ']');
    return text_str(&t);
}

static const struct keys *context(struct authorize_ask ask)
{
    struct permission_ask asked;
    struct permission seen;
    authorize_decide(&c, &ask, false, &asked, &seen);
    return asked.ask.keys;
}

START_TEST(the_context_is_the_callers_and_the_requests)
{
    const char *value = contexts[_i].value;
    become(contexts[_i].who);
    struct authorize_ask ask = { .action = STR("iam:TagRole"),
                                 .resource = STR("*"),
                                 .resource_tags = resource_tags,
                                 .n_resource_tags = 1,
                                 .request_tags = request_tags,
                                 .n_request_tags = 2,
                                 .tag_keys = tag_keys,
                                 .n_tag_keys = 1,
                                 .keys = own_keys,
                                 .n_keys = 2,
                                 .lists = own_lists,
                                 .n_lists = 2 };
    want_str(arena_printf(f->arena, "%s: %s", contexts[_i].who, contexts[_i].key).p,
             value_of(context(ask), contexts[_i].key), str_of(value ? value : "(absent)"));
}
END_TEST

START_TEST(some_keys_depend_on_what_is_asked)
{
    struct authorize_ask ask = { .action = STR("sts:AssumeRole"),
                                 .resource = STR("*"),
                                 .resource_tags = resource_tags,
                                 .n_resource_tags = 1,
                                 .resource_account = STR("210987654321") };
    become("dora");
    want_str("STS's AssumeRole", value_of(context(ask), "iam:ResourceTag/Owner"), STR("core"));
    want_str("another account's", value_of(context(ask), "aws:ResourceAccount"),
             STR("210987654321"));
    want_str("nothing is tagged", value_of(context(ask), "aws:TagKeys"), STR("(absent)"));
    ask.action = STR("s3:GetObject");
    want_str("not S3's", value_of(context(ask), "iam:ResourceTag/Owner"), STR("(absent)"));
    want_str("all services", value_of(context(ask), "aws:ResourceTag/Owner"), STR("core"));
    now->sts.region = STR("eu-west-1");
    want_str("IAM is in one region", value_of(context(ask), "aws:RequestedRegion"),
             STR("us-east-1"));
    c.api = SERVICE_STS;
    want_str("STS is not", value_of(context(ask), "aws:RequestedRegion"), STR("eu-west-1"));
}
END_TEST

START_TEST(variables_in_policies_are_the_callers)
{
    struct authorize_ask ask = { .action = STR("iam:UpdateUser"),
                                 .resource = STR(A "user/staff/alice") };
    become("alice");
    ck_assert(!failed(authorize(&c, &ask)));
    ask.resource = STR(A "user/staff/bob");
    ck_assert(failed(authorize(&c, &ask)));
}
END_TEST

/* ---- what identities have, and what was seen ---- */

static struct authorize_identity identity(const char *user)
{
    struct authorize_identity out;
    authorize_identity_of(
        now->sts.iam, f->arena,
        &iam_user_named(now->sts.iam, STR(IAM_FIXTURE_ACCOUNT), str_of(user))->grants, &out);
    return out;
}

START_TEST(an_identity_has_its_policies_by_name_and_by_arn)
{
    struct authorize_identity i = identity("carl");
    ck_assert_uint_eq(i.n_policies, 2);
    want_str("inline", i.policies[0].id, STR("never"));
    want_str("attached", i.policies[1].id, STR(A "policy/all"));
    ck_assert(i.policies[0].source == SOURCE_IDENTITY && i.policies[1].source == SOURCE_IDENTITY);
    ck_assert(!i.has_boundary && i.n_unknown == 0);

    i = identity("bob");
    ck_assert_uint_eq(i.n_policies, 2);
    ck_assert(i.has_boundary && i.policies[1].source == SOURCE_BOUNDARY);
    want_str("boundary", i.policies[1].id, STR(A "policy/read"));

    i = identity("finn");
    ck_assert(i.has_boundary && i.n_policies == 1 && i.n_unknown == 1);
    want_str("unknown", i.unknown[0], STR(NOBODYS));

    i = identity("dora");
    ck_assert(!i.has_boundary && i.n_policies == 0 && i.n_unknown == 0);
}
END_TEST

START_TEST(what_was_seen_can_be_told)
{
    struct authorize_ask ask = { .action = STR("iam:DeleteRole"), .resource = STR("*") };
    struct permission_ask asked;
    struct permission seen;
    become("carl");
    authorize_decide(&c, &ask, true, &asked, &seen);
    ck_assert_int_eq(seen.decision, POLICY_EXPLICIT_DENY);
    ck_assert_int_eq(seen.source, SOURCE_IDENTITY);
    ck_assert(seen.traces && asked.n_policies == 2);
    ck_assert_uint_eq(seen.traces[0].n_statements, 2);
    ck_assert(seen.traces[0].statements[1].matched && !seen.traces[0].statements[1].allow);
    ck_assert(failed(authorize(&c, &ask)));
}
END_TEST

Suite *authorize_suite(void);

Suite *authorize_suite(void)
{
    Suite *s = suite_create("authorize");
    TCase *t = tcase_create("authorize");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, callers_may_do_what_their_policies_say, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(t, a_refusal_reads_as_awss, 0, sizeof sentences / sizeof sentences[0]);
    tcase_add_loop_test(t, the_reason_names_what_is_to_be_changed, 0,
                        sizeof details / sizeof details[0]);
    tcase_add_loop_test(t, a_trust_policy_knows_callers_under_their_names, 0,
                        sizeof trusting / sizeof trusting[0]);
    tcase_add_loop_test(t, a_role_of_another_account_takes_both, 0,
                        sizeof abroad / sizeof abroad[0]);
    tcase_add_loop_test(t, the_context_is_the_callers_and_the_requests, 0,
                        sizeof contexts / sizeof contexts[0]);
    tcase_add_test(t, some_keys_depend_on_what_is_asked);
    tcase_add_test(t, variables_in_policies_are_the_callers);
    tcase_add_test(t, an_identity_has_its_policies_by_name_and_by_arn);
    tcase_add_test(t, what_was_seen_can_be_told);
    suite_add_tcase(s, t);
    return s;
}
