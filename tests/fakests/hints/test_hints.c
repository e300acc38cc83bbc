#include "tests/support/edits.h"
#include "tests/support/lab.h"
#include "tests/support/runner.h"

#include "base/text.h"

/*
 * For each trap: the hint is named, and what it says to write, written there mechanically, lets the
 * exchange through.  For each open door: the edit keeps strangers out and lets the owner in.
 * Documents are written with ' for ".
 */

/* ---- texts ---- */

#define ISSUER   "https://issuer.example.com/x"
#define URL      "issuer.example.com/x"
#define ACCOUNT  "arn:aws:iam::123456789012:"
#define ROLE     ACCOUNT "role/app"
#define ARN(url) ACCOUNT "oidc-provider/" url
#define ME       "'iss':'" ISSUER "','aud':'client','sub':'me'"

#define PROVIDER(url, ids)  "{'url':'" url "','client_ids':[" ids "]}"
#define ROLE_OF(statements) ROLE_AS("'name':'app'", statements)
/* Older than the shared-provider controls, so that every policy that exists can be had. */
#define ROLE_AS(members, statements)                                                        \
    "{" members ",'created':'2024-05-01T00:00:00Z','trust_policy':{'Version':'2012-10-17'," \
    "'Statement':[" statements "]}}"
#define WORLD(providers, statements) \
    "{'oidc_providers':[" providers "],'roles':[" ROLE_OF(statements) "]}"
#define TRUST(who, action, more) "{'Effect':'Allow','Principal':" who ",'Action':" action more "}"
#define FEDERATED(url)           "{'Federated':'" ARN(url) "'}"
#define ASSUME                   "'sts:AssumeRoleWithWebIdentity'"
#define IF(condition)            ",'Condition':{" condition "}"
#define ALLOW(condition)         ALLOW_OF(URL, condition)
#define ALLOW_OF(url, condition) TRUST(FEDERATED(url), ASSUME, IF(condition))
#define HERE(statements)         WORLD(PROVIDER(ISSUER, "'client'"), statements)
/* One whose subjects nobody knows anything about. */
#define ONLY_ME "'StringEquals':{'" URL ":aud':'client','" URL ":sub':'me'}"

#define CIRCLECI     "oidc.circleci.com/org/00f45056-5918-4171-9222-b538c76ed3f8"
#define CIRCLECI_ORG "00f45056-5918-4171-9222-b538c76ed3f8"
#define CIRCLECI_P   "org/" CIRCLECI_ORG "/project/dabad1c2-62eb-48a6-87ab-fc6ae6589281"
#define CIRCLECI_V1  CIRCLECI_P "/user/688c029b-dfed-45bc-af7c-20281a884e2d"
#define CIRCLECI_V2(branch) \
    CIRCLECI_V1 "/vcs-origin/github.com/organization-123/repo-1/vcs-ref/refs/heads/" branch
#define CIRCLECI_TOKEN(sub, branch)                                          \
    "'iss':'https://" CIRCLECI "','aud':'" CIRCLECI_ORG "','sub':'" sub      \
    "','oidc.circleci.com/vcs-origin':'github.com/organization-123/repo-1'," \
    "'oidc.circleci.com/vcs-ref':'refs/heads/" branch "'"
#define CIRCLECI_WORLD(condition) \
    WORLD(PROVIDER("https://" CIRCLECI, "'" CIRCLECI_ORG "'"), ALLOW_OF(CIRCLECI, condition))

#define ENV0     "login.app.env0.com/"
#define ENV0_AZP "hoMiq9PdkRh9LUvVpH4wIErWg50VSG1b"
#define ENV0_SUB "auth0|632b8219674bde0224a96141"
#define ENV0_TAGS                                                                      \
    ",'https://aws.amazon.com/tags':{'principal_tags':{'organizationId':['66a38abf']," \
    "'projectId':['5b44fa6d']}}"
#define ENV0_PLAIN                                                                 \
    "'iss':'https://" ENV0 "','aud':'https://prod.env0.com','azp':'" ENV0_AZP "'," \
    "'sub':'" ENV0_SUB "'"
#define ENV0_WORLD(actions, condition)                 \
    WORLD(PROVIDER("https://" ENV0, "'" ENV0_AZP "'"), \
          TRUST(FEDERATED(ENV0), actions, IF(condition)))
#define WITH_TAGS "['sts:AssumeRoleWithWebIdentity','sts:TagSession']"

#define PULUMI "api.pulumi.com/oidc"
#define PULUMI_WORLD(ids, condition) \
    WORLD(PROVIDER("https://" PULUMI, ids), ALLOW_OF(PULUMI, condition))
#define PULUMI_TOKEN(aud, sub) "'iss':'https://" PULUMI "','aud':'" aud "','sub':'" sub "'"
#define ESC(env)               "pulumi:environments:org:contoso:env:" env

#define GITHUB "token.actions.githubusercontent.com"
#define GITHUB_WORLD(condition) \
    WORLD(PROVIDER("https://" GITHUB, "'sts.amazonaws.com'"), ALLOW_OF(GITHUB, condition))
#define GITHUB_TOKEN(sub, more) \
    "'iss':'https://" GITHUB "','aud':'sts.amazonaws.com','sub':'" sub "'" more
#define GITHUB_SUB "repo:octo-org/octo-repo:ref:refs/heads/main"

#define RENDER "oidc.render.com/tea-csps46i3esus73eojjp0"

/* ---- the bench ---- */

static struct lab lab;

static void set_up(void)
{
    lab_init(&lab);
}

static void tear_down(void)
{
    lab_free(&lab);
}

static json_t *json_from(const char *text)
{
    char *quoted = arena_cstr(lab.arena, str_of(text));
    struct why why = why_new(lab.arena);
    struct json_doc *doc;
    for (char *p = quoted; *p; p++)
        if (*p == '\'')
            *p = '"';
    struct outcome o =
        json_load(lab.arena, &why, STR("row"), str_of(quoted), JSON_DUPLICATES_REFUSED, &doc);
    ck_assert_msg(!failed(o), "%.*s: %s", STR_ARG(why_text(&why)), text);
    return json_keep(lab.arena, json_deep_copy(doc->root));
}

/* Every provider of every account has the bench's keys. */
static void put_keys(json_t *account)
{
    size_t i;
    json_t *provider, *keys;
    json_array_foreach(json_object_get(account, "oidc_providers"), i, provider)
    {
        keys = json_from(arena_printf(lab.arena, "{\"jwks\":%.*s}", STR_ARG(lab_jwks(&lab))).p);
        json_object_set(provider, "keys", keys);
    }
}

static void enter(const json_t *config)
{
    json_t *whole = json_keep(lab.arena, json_deep_copy(config)), *account;
    const char *id;
    put_keys(whole);
    json_object_foreach(json_object_get(whole, "accounts"), id, account) put_keys(account);
    lab_world(&lab, json_text(lab.arena, whole));
}

/* The claims with times: an hour, begun ten seconds ago, where the row says no others. */
static struct str token_of(const char *claims)
{
    json_t *all = json_from(arena_printf(lab.arena, "{%s}", claims).p);
    if (!json_object_get(all, "iat"))
        json_object_set_new(all, "iat", json_integer(LAB_NOW_S - 10));
    if (!json_object_get(all, "exp"))
        json_object_set_new(all, "exp", json_integer(LAB_NOW_S + 3590));
    return lab_token(&lab, json_text(lab.arena, all));
}

static struct str parameter(const json_t *request, const char *name)
{
    const json_t *v = json_object_get(request, name);
    if (json_is_integer(v))
        return json_text(lab.arena, v);
    return v ? json_str(v) : str_n(NULL, 0);
}

/* As a client asks. */
static bool is_let_in(const json_t *request, const char *claims)
{
    struct lab_reply reply;
    struct lab_field fields[] = {
        { "Action", STR("AssumeRoleWithWebIdentity") },
        { "RoleArn", parameter(request, "RoleArn") },
        { "RoleSessionName", STR("session") },
        { "WebIdentityToken", token_of(claims) },
        { "DurationSeconds", parameter(request, "DurationSeconds") },
    };
    lab_call(&lab, fields, fields[4].value.p ? 5 : 4, &reply);
    return reply.code.n == 0;
}

/* As explanations print them. */
static json_t *explain(const json_t *request, const char *claims)
{
    const json_t *duration = json_object_get(request, "DurationSeconds");
    struct explain_ask ask = { .role_arn = parameter(request, "RoleArn"),
                               .session_name = STR("session"),
                               .has_duration = duration != NULL,
                               .duration_s = json_integer_value(duration),
                               .token = token_of(claims),
                               .signature = EXPLAIN_CHECK,
                               .now_s = LAB_NOW_S };
    struct explanation *e = explain_web_identity(lab.arena, &lab.service, &lab.world, &ask);
    return json_object_get(json_keep(lab.arena, explain_json(lab.arena, e)), "hints");
}

static json_t *hint_named(const json_t *hints, const char *id)
{
    for (size_t i = 0; i < json_array_size(hints); i++)
        if (str_eq(json_str(json_object_get(json_array_get(hints, i), "id")), str_of(id)))
            return json_array_get(hints, i);
    return NULL;
}

static json_t *request_from(const char *more)
{
    json_t *request = json_from(more ? more : "{}");
    if (!json_object_get(request, "RoleArn"))
        json_object_set_new(request, "RoleArn", json_string(ROLE));
    return request;
}

static bool is_fix(const json_t *hint)
{
    return str_eq(json_str(json_object_get(hint, "kind")), STR("fix"));
}

/* ---- what refuses, and what would let in ---- */

static const struct trap {
    const char *name, *id, *world, *claims, *request;
} traps[] = {
    { "an issuer registered in another account only is to be registered in the role's",
      "provider-in-other-account",
      "{'roles':[" ROLE_OF(ALLOW(
          ONLY_ME)) "],'accounts':{'999999999999':{'oidc_providers':[" PROVIDER(ISSUER,
                                                                                "'client'") "]}}}",
      ME, NULL },
    { "the role of that name in the account that knows the issuer may be the one",
      "role-in-other-account",
      "{'roles':[" ROLE_OF(ALLOW(
          ONLY_ME)) "],'accounts':{'999999999999':{'oidc_providers':"
                    "[" PROVIDER(ISSUER, "'client'") "],'roles':[{'name':'app','trust_policy'"
                                                     ":{'Version':'2012-10-17',"
                                                     "'Statement':{'Effect':'Allow','Action'"
                                                     ":" ASSUME ",'Principal':{'Federated':"
                                                     "'arn:aws:iam::999999999999:oidc-"
                                                     "provider/" URL "'}" IF(ONLY_ME) "}}}]}}}",
      ME, NULL },
    { "a final slash makes another provider", "provider-trailing-slash",
      "{'oidc_providers':[" PROVIDER(
          "https://login.app.env0.com",
          "'" ENV0_AZP "'") "],'roles':[" ROLE_OF(TRUST(FEDERATED(ENV0), ASSUME,
                                                        IF("'StringEquals':{'" ENV0
                                                           ":sub':'" ENV0_SUB "'}"))) "]}",
      ENV0_PLAIN, NULL },
    { "the case of the URL makes another provider", "provider-case",
      WORLD(PROVIDER("https://Issuer.Example.com/x", "'client'"), ALLOW(ONLY_ME)), ME, NULL },
    { "a port makes another provider", "provider-port",
      WORLD(PROVIDER("https://issuer.example.com/x", "'client'"),
            ALLOW_OF("issuer.example.com:8443/x",
                     "'StringEquals':{'issuer.example.com:8443/x:sub':'me'}")),
      "'iss':'https://issuer.example.com:8443/x','aud':'client','sub':'me'", NULL },
    { "a misspelt provider is named", "provider-misspelt",
      WORLD(PROVIDER("https://isuer.example.com/x", "'client'"), ALLOW(ONLY_ME)), ME, NULL },
    { "the provider of another CircleCI organization is nearly the right one", "provider-misspelt",
      WORLD(PROVIDER("https://oidc.circleci.com/org/00f45056-5918-4171-9222-b538c76ed3f9",
                     "'" CIRCLECI_ORG "'"),
            ALLOW_OF(CIRCLECI, "'StringEquals':{'" CIRCLECI ":sub':'" CIRCLECI_V1 "'}")),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"), NULL },
    { "an issuer nobody registered is to be registered", "provider-missing",
      WORLD(PROVIDER("https://" GITHUB, "'sts.amazonaws.com'"), ALLOW(ONLY_ME)), ME, NULL },

    { "a role under a path is asked for with it", "role-path",
      "{'oidc_providers':[" PROVIDER(ISSUER, "'client'") "],'roles':[" ROLE_AS(
          "'name':'app','path':'/ci/'", ALLOW(ONLY_ME)) "]}",
      ME, NULL },
    { "a role is asked for in its own case", "role-path", HERE(ALLOW(ONLY_ME)), ME,
      "{'RoleArn':'" ACCOUNT "role/App'}" },
    { "a misspelt role is named", "role-misspelt", HERE(ALLOW(ONLY_ME)), ME,
      "{'RoleArn':'" ACCOUNT "role/ap'}" },
    { "the ARN of a session is not the role's", "role-arn-of-session", HERE(ALLOW(ONLY_ME)), ME,
      "{'RoleArn':'arn:aws:sts::123456789012:assumed-role/app/session'}" },
    { "a role that trusts the issuer is named beside one that does not", "role-trusts-others",
      "{'oidc_providers':[" PROVIDER(ISSUER, "'client'") "," PROVIDER(
          "https://" GITHUB,
          "'sts'") "],'roles':[" ROLE_OF(ALLOW_OF(GITHUB,
                                                  "'StringLike':{'" GITHUB
                                                  ":sub':'repo:o/*'}")) "," ROLE_AS("'name':'"
                                                                                    "deploy'",
                                                                                    ALLOW(
                                                                                        ONLY_ME)) "]}",
      ME, NULL },

    { "env0's audience is its azp, not its aud", "audience-is-azp",
      WORLD(PROVIDER("https://" ENV0, "'https://prod.env0.com'"),
            TRUST(FEDERATED(ENV0), ASSUME, IF("'StringEquals':{'" ENV0 ":sub':'" ENV0_SUB "'}"))),
      ENV0_PLAIN, NULL },
    { "a condition on env0's audience wants its azp", "audience-is-azp",
      ENV0_WORLD(ASSUME, "'StringEquals':{'" ENV0 ":aud':'https://prod.env0.com','" ENV0
                         ":sub':'" ENV0_SUB "'}"),
      ENV0_PLAIN, NULL },
    { "the azp stands beside other wanted audiences", "audience-is-azp",
      ENV0_WORLD(ASSUME, "'StringEquals':{'" ENV0 ":aud':['other','https://prod.env0.com'],'" ENV0
                         ":sub':'" ENV0_SUB "'}"),
      ENV0_PLAIN, NULL },
    { "an ESC audience against a bare organization that is registered", "pulumi-audience-prefix",
      PULUMI_WORLD("'contoso'", "'StringLike':{'" PULUMI ":sub':'" ESC("*") "'}"),
      PULUMI_TOKEN("aws:contoso", ESC("proj/dev")), NULL },
    { "an ESC audience against a bare organization that is wanted", "pulumi-audience-prefix",
      PULUMI_WORLD("'contoso','aws:contoso'",
                   "'StringEquals':{'" PULUMI ":aud':'contoso'},'StringLike':{'" PULUMI
                   ":sub':'" ESC("*") "'}"),
      PULUMI_TOKEN("aws:contoso", ESC("proj/dev")), NULL },
    { "a Deployments audience against the ESC one", "pulumi-audience-prefix",
      PULUMI_WORLD("'contoso','aws:contoso'",
                   "'StringEquals':{'" PULUMI ":aud':'aws:contoso'},'StringLike':{'" PULUMI
                   ":sub':'pulumi:deploy:org:contoso:*'}"),
      PULUMI_TOKEN("contoso", "pulumi:deploy:org:contoso:project:Core:stack:dev:operation:update:"
                              "scope:write"),
      NULL },
    { "a client id in another case is nearly the audience", "audience-misspelt",
      PULUMI_WORLD("'Contoso'", "'StringLike':{'" PULUMI ":sub':'" ESC("*") "'}"),
      PULUMI_TOKEN("contoso", ESC("dev")), NULL },
    { "an audience that is not registered is to be", "audience-unregistered",
      WORLD(PROVIDER("https://" CIRCLECI, "'sts.amazonaws.com'"),
            ALLOW_OF(CIRCLECI, "'StringEquals':{'" CIRCLECI ":sub':'" CIRCLECI_V1 "'}")),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"), NULL },
    { "a provider without any client id gets its first", "audience-unregistered",
      WORLD("{'url':'" ISSUER "'}", ALLOW(ONLY_ME)), ME, NULL },

    { "a session longer than the role allows is asked for shorter", "duration-over-maximum",
      HERE(ALLOW(ONLY_ME)), ME, "{'DurationSeconds':7200}" },
    { "or the role allows longer ones", "role-maximum-too-short", HERE(ALLOW(ONLY_ME)), ME,
      "{'DurationSeconds':7200}" },

    { "a Deny without a condition excepts the caller", "explicit-deny",
      HERE(ALLOW(ONLY_ME) ",{'Sid':'NoRobots','Effect':'Deny','Principal':" FEDERATED(
          URL) ",'Action':" ASSUME "}"),
      ME, NULL },
    { "a Deny with a condition excepts the caller", "explicit-deny",
      HERE(ALLOW(ONLY_ME) ",{'Effect':'Deny','Principal':" FEDERATED(URL) ",'Action':" ASSUME IF(
          "'StringLike':{'" URL ":sub':'m*'}") "}"),
      ME, NULL },
    { "a Deny that excepts somebody excepts the caller too", "explicit-deny",
      HERE(ALLOW(ONLY_ME) ",{'Effect':'Deny','Principal':" FEDERATED(URL) ",'Action':" ASSUME IF(
          "'StringNotEquals':{'" URL ":sub':'you'}") "}"),
      ME, NULL },
    { "a Deny that excepts several excepts the caller too", "explicit-deny",
      HERE(ALLOW(ONLY_ME) ",{'Effect':'Deny','Principal':" FEDERATED(URL) ",'Action':" ASSUME IF(
          "'StringNotEquals':{'" URL ":sub':['you','her']}") "}"),
      ME, NULL },
    { "a Deny whose exception has https:// in its key denies everybody", "key-has-scheme",
      HERE(ALLOW(ONLY_ME) ",{'Effect':'Deny','Principal':" FEDERATED(URL) ",'Action':" ASSUME IF(
          "'StringNotEquals':{'" ISSUER ":sub':'me'}") "}"),
      ME, NULL },

    { "Principal without env0's final slash is another provider", "principal-trailing-slash",
      WORLD(PROVIDER("https://" ENV0, "'" ENV0_AZP "'"),
            TRUST(FEDERATED("login.app.env0.com"), ASSUME,
                  IF("'StringEquals':{'" ENV0 ":sub':'" ENV0_SUB "'}"))),
      ENV0_PLAIN, NULL },
    { "Principal in another case is another provider", "principal-case",
      HERE(TRUST(FEDERATED("Issuer.example.com/x"), ASSUME, IF(ONLY_ME))), ME, NULL },
    { "https:// does not belong into Principal", "principal-has-scheme",
      HERE(TRUST(FEDERATED(ISSUER), ASSUME, IF(ONLY_ME))), ME, NULL },
    { "a provider of another account cannot be trusted", "principal-other-account",
      HERE(TRUST("{'Federated':'arn:aws:iam::999999999999:oidc-provider/" URL "'}", ASSUME,
                 IF(ONLY_ME))),
      ME, NULL },
    { "the issuer's path belongs into Principal", "principal-missing-path",
      WORLD(PROVIDER("https://" CIRCLECI, "'" CIRCLECI_ORG "'"),
            TRUST(FEDERATED("oidc.circleci.com"), ASSUME,
                  IF("'StringEquals':{'" CIRCLECI ":sub':'" CIRCLECI_V1 "'}"))),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"), NULL },
    { "a misspelt Principal is named", "principal-misspelt",
      HERE(TRUST(FEDERATED("isuer.example.com/x"), ASSUME, IF(ONLY_ME))), ME, NULL },
    { "one of several principals is misspelt", "principal-misspelt",
      HERE(TRUST("{'Federated':['" ARN("other.example.org") "','" ARN("isuer.example.com/x") "']}",
                 ASSUME, IF(ONLY_ME))),
      ME, NULL },
    { "AWS: * lets no web identity in", "principal-anyone",
      HERE(TRUST("{'AWS':'*'}", ASSUME, IF(ONLY_ME))), ME, NULL },
    { "* lets no web identity in", "principal-anyone", HERE(TRUST("'*'", ASSUME, IF(ONLY_ME))), ME,
      NULL },
    { "a role's ARN as the principal is another caller", "principal-role-arn",
      HERE(TRUST("{'AWS':'" ROLE "'}", ASSUME, IF(ONLY_ME))), ME, NULL },
    { "an account as the principal is another caller", "principal-role-arn",
      HERE(TRUST("{'AWS':['" ACCOUNT "root']}", ASSUME, IF(ONLY_ME))), ME, NULL },

    { "sts:AssumeRole is another action", "action-assume-role",
      HERE(TRUST(FEDERATED(URL), "'sts:AssumeRole'", IF(ONLY_ME))), ME, NULL },
    { "sts:AssumeRole among others is another action", "action-assume-role",
      HERE(TRUST(FEDERATED(URL), "['sts:TagSession','sts:AssumeRole']", IF(ONLY_ME))), ME, NULL },
    { "sts:AssumeRoleWithWebIdentity can be forgotten", "action-missing",
      HERE(TRUST(FEDERATED(URL), "'sts:TagSession'", IF(ONLY_ME))), ME, NULL },
    { "session tags want sts:TagSession", "tag-session-missing",
      ENV0_WORLD(ASSUME, "'StringEquals':{'" ENV0 ":sub':'" ENV0_SUB "'}"), ENV0_PLAIN ENV0_TAGS,
      NULL },
    { "session tags want sts:TagSession beside other actions", "tag-session-missing",
      ENV0_WORLD("['sts:AssumeRoleWithWebIdentity']",
                 "'StringEquals':{'" ENV0 ":sub':'" ENV0_SUB "'}"),
      ENV0_PLAIN ENV0_TAGS, NULL },
    { "a source identity wants sts:SetSourceIdentity", "set-source-identity-missing",
      HERE(ALLOW(ONLY_ME)), ME ",'https://aws.amazon.com/source_identity':'admin'", NULL },

    { "https:// does not belong into a condition key", "key-has-scheme",
      HERE(ALLOW("'StringEquals':{'" ISSUER ":sub':'me'}")), ME, NULL },
    { "env0's final slash belongs into the condition key", "key-trailing-slash",
      ENV0_WORLD(ASSUME, "'StringEquals':{'login.app.env0.com:sub':'" ENV0_SUB "'}"), ENV0_PLAIN,
      NULL },
    { "a slash too many does not belong into the condition key", "key-trailing-slash",
      HERE(ALLOW("'StringEquals':{'" URL "/:sub':'me'}")), ME, NULL },
    { "the key of another organization is never filled", "key-other-issuer",
      CIRCLECI_WORLD("'StringEquals':{'oidc.circleci.com/org/11111111-2222-4333-8444-555555555555"
                     ":aud':'" CIRCLECI_ORG "','" CIRCLECI ":sub':'" CIRCLECI_V1 "'}"),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"), NULL },
    { "the key of another workspace is never filled", "key-other-issuer",
      WORLD(PROVIDER("https://" RENDER, "'sts.amazonaws.com'"),
            ALLOW_OF(RENDER, "'StringEquals':{'oidc.render.com/tea-other:sub':'w'}")),
      "'iss':'https://" RENDER "','aud':'sts.amazonaws.com','sub':'w'", NULL },
    { "a session tag is aws:RequestTag when the session begins", "key-principal-tag",
      ENV0_WORLD(WITH_TAGS, "'StringEquals':{'" ENV0 ":sub':'" ENV0_SUB
                            "','aws:PrincipalTag/projectId':'5b44fa6d'}"),
      ENV0_PLAIN ENV0_TAGS, NULL },
    { ":iss is no key", "key-iss",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':'me','" URL ":iss':'" ISSUER "'}")), ME, NULL },
    { ":iss is no key where it is the only condition", "key-iss",
      HERE(ALLOW("'StringEquals':{'" URL ":iss':'" ISSUER "'}")), ME, NULL },
    { ":azp is shown as :aud", "key-azp",
      ENV0_WORLD(ASSUME,
                 "'StringEquals':{'" ENV0 ":azp':'" ENV0_AZP "','" ENV0 ":sub':'" ENV0_SUB "'}"),
      ENV0_PLAIN, NULL },
    { ":azp beside :aud has nothing more to say", "key-azp",
      ENV0_WORLD(ASSUME, "'StringEquals':{'" ENV0 ":azp':'" ENV0_AZP "','" ENV0 ":aud':'" ENV0_AZP
                         "','" ENV0 ":sub':'" ENV0_SUB "'}"),
      ENV0_PLAIN, NULL },
    { "CircleCI's branch stands in the V2 sub", "circleci-vcs-key",
      CIRCLECI_WORLD("'StringEquals':{'" CIRCLECI ":oidc.circleci.com/vcs-ref':'refs/heads/main'}"),
      CIRCLECI_TOKEN(CIRCLECI_V2("main"), "main"), NULL },
    { "CircleCI's branch refines a condition on the project", "circleci-vcs-key",
      CIRCLECI_WORLD("'StringLike':{'" CIRCLECI ":sub':'" CIRCLECI_P "/user/*','" CIRCLECI
                     ":oidc.circleci.com/vcs-ref':'refs/heads/main'}"),
      CIRCLECI_TOKEN(CIRCLECI_V2("main"), "main"), NULL },
    { "CircleCI's repository stands in the V2 sub", "circleci-vcs-key",
      CIRCLECI_WORLD("'StringEquals':{'" CIRCLECI
                     ":oidc.circleci.com/vcs-origin':'github.com/organization-123/repo-1'}"),
      CIRCLECI_TOKEN(CIRCLECI_V2("main"), "main"), NULL },
    { "GitHub's repository_owner stands in sub", "key-never-filled",
      GITHUB_WORLD("'StringEquals':{'" GITHUB ":repository_owner':'octo-org'}"),
      GITHUB_TOKEN(GITHUB_SUB, ",'repository_owner':'octo-org'"), NULL },
    { "a claim that stands nowhere leaves sub itself", "key-never-filled",
      GITHUB_WORLD("'StringEquals':{'" GITHUB ":event_name':'push'}"),
      GITHUB_TOKEN(GITHUB_SUB, ",'event_name':'push'"), NULL },
    { "a misspelt key of the issuer is named", "key-misspelt",
      HERE(ALLOW("'StringEquals':{'" URL ":subj':'me'}")), ME, NULL },
    { "a misspelt global key is named", "key-misspelt",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':'me','sts:SessionName':'session'}")), ME, NULL },
    { "a misspelt tag is named", "key-misspelt",
      ENV0_WORLD(WITH_TAGS, "'StringEquals':{'" ENV0 ":sub':'" ENV0_SUB
                            "','aws:RequestTag/project_id':'5b44fa6d'}"),
      ENV0_PLAIN ENV0_TAGS, NULL },

    { "amr is a list", "list-under-scalar-operator",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':'me','" URL ":amr':'authenticated'}")),
      ME ",'amr':['authenticated','x']", NULL },
    { "a list of one is a list", "list-under-scalar-operator",
      HERE(ALLOW("'StringLike':{'" URL ":sub':'me','" URL ":amr':'auth*'}")),
      ME ",'amr':['authenticated']", NULL },
    { "a negated operator for one value does not match a list", "list-under-scalar-operator",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':'me'},'StringNotEquals':{'" URL
                 ":amr':'unauthenticated'}")),
      ME ",'amr':['authenticated']", NULL },
    { "the names of tags have a case", "tag-key-case",
      ENV0_WORLD(WITH_TAGS, "'StringEquals':{'" ENV0 ":sub':'" ENV0_SUB
                            "'},'ForAllValues:StringEquals':{'aws:TagKeys':["
                            "'OrganizationId','ProjectId']}"),
      ENV0_PLAIN ENV0_TAGS, NULL },
    { "* under StringEquals is a star", "wildcard-under-equals",
      CIRCLECI_WORLD("'StringEquals':{'" CIRCLECI ":aud':'" CIRCLECI_ORG "','" CIRCLECI
                     ":sub':'" CIRCLECI_P "/user/*'}"),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"), NULL },
    { "? under StringEquals is a question mark", "wildcard-under-equals",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':'m?'}")), ME, NULL },
    { "* under StringEqualsIgnoreCase is a star", "wildcard-under-equals",
      HERE(ALLOW("'StringEqualsIgnoreCase':{'" URL ":sub':'m*'}")), ME, NULL },
    { "* among other values moves with them", "wildcard-under-equals",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':['you','m*']},'StringLike':{'" URL ":aud':'cl*'}")),
      ME, NULL },
    { "through Pulumi IaC an environment is called <yaml>", "pulumi-yaml-environment",
      PULUMI_WORLD("'contoso'", "'StringLike':{'" PULUMI ":sub':'" ESC("development") "'}"),
      PULUMI_TOKEN("contoso", ESC("<yaml>")), NULL },
    { "through esc an environment has its name", "pulumi-yaml-environment",
      PULUMI_WORLD("'contoso'", "'StringEquals':{'" PULUMI ":sub':'" ESC("<yaml>") "'}"),
      PULUMI_TOKEN("contoso", ESC("development")), NULL },
    { "V2 goes on where V1 ends", "circleci-v2-subject",
      CIRCLECI_WORLD("'StringEquals':{'" CIRCLECI ":sub':'" CIRCLECI_V1 "'}"),
      CIRCLECI_TOKEN(CIRCLECI_V2("main"), "main"), NULL },
    { "V2 goes on where a V1 pattern ends", "circleci-v2-subject",
      CIRCLECI_WORLD("'StringLike':{'" CIRCLECI ":sub':'org/*/user/688c029b-dfed-45bc-af7c-"
                     "20281a884e2d'}"),
      CIRCLECI_TOKEN(CIRCLECI_V2("main"), "main"), NULL },
    { "an immutable subject against a classic one", "github-immutable-subject",
      GITHUB_WORLD("'StringEquals':{'" GITHUB ":sub':'" GITHUB_SUB "'}"),
      GITHUB_TOKEN("repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main", ""), NULL },
    { "an immutable subject against a repository's pattern", "github-immutable-subject",
      GITHUB_WORLD("'StringLike':{'" GITHUB ":sub':'repo:octo-org/octo-repo:*'}"),
      GITHUB_TOKEN("repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main", ""), NULL },
    { "an immutable subject against an owner's pattern", "github-immutable-subject",
      GITHUB_WORLD("'StringLike':{'" GITHUB ":sub':['repo:x/*','repo:octo-org/*']}"),
      GITHUB_TOKEN("repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main", ""), NULL },
    { "the case of a value counts", "value-case",
      PULUMI_WORLD("'contoso'", "'StringEquals':{'" PULUMI ":aud':'Contoso'},'StringLike':{'" PULUMI
                                ":sub':'" ESC("*") "'}"),
      PULUMI_TOKEN("contoso", ESC("dev")), NULL },
    { "the case of a pattern counts", "value-case",
      GITHUB_WORLD("'StringLike':{'" GITHUB ":sub':'repo:Octo-Org/*:ref:refs/heads/M?in'}"),
      GITHUB_TOKEN(GITHUB_SUB, ""), NULL },
    { "another project is admitted, whoever starts it", "value-differs",
      CIRCLECI_WORLD("'StringLike':{'" CIRCLECI ":sub':'org/" CIRCLECI_ORG
                     "/project/other/user/*'}"),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"), NULL },
    { "another value is admitted beside the others", "value-differs",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':['you','her']}")), ME, NULL },
    { "a value with a star in it is admitted for itself", "value-differs",
      HERE(ALLOW("'StringLike':{'" URL ":sub':'you'}")),
      "'iss':'" ISSUER "','aud':'client','sub':'star*struck?'", NULL },
    { "all values of a list are admitted", "value-differs",
      ENV0_WORLD(WITH_TAGS, "'StringEquals':{'" ENV0 ":sub':'" ENV0_SUB
                            "'},'ForAllValues:StringEquals':{'aws:TagKeys':'projectId'}"),
      ENV0_PLAIN ENV0_TAGS, NULL },
    { "one value of a list is admitted", "value-differs",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':'me'},'ForAnyValue:StringEquals':{'" URL
                 ":amr':'x'}")),
      ME ",'amr':['authenticated','y']", NULL },
    { "a statement that is an object is edited too", "value-differs",
      "{'oidc_providers':[" PROVIDER(ISSUER,
                                     "'client'") "],'roles':[{'name':'app','trust_policy':"
                                                 "{'Version':'2012-10-17','Statement':" ALLOW(
                                                     "'StringEquals':{'" URL ":sub':'you'}") "}}]}",
      ME, NULL },
    { "of several statements the one that comes nearest is told", "wildcard-under-equals",
      HERE(
          TRUST(FEDERATED(GITHUB), ASSUME, IF("'StringLike':{'" GITHUB ":sub':'repo:o/*'}")) "," ALLOW(
              "'StringEquals':{'" URL ":sub':'you','" URL
              ":aud':'other'}") "," ALLOW("'StringEquals':{'" URL
                                          ":sub':'m*'}") "," TRUST("{'AWS':'" ACCOUNT "root'}",
                                                                   "'sts:AssumeRole'", "")),
      ME, NULL },
};

START_TEST(a_trap_is_named_and_its_edit_lets_in)
{
    const struct trap *row = &traps[_i];
    json_t *config = json_from(row->world), *request = request_from(row->request);
    enter(config);
    ck_assert_msg(!is_let_in(request, row->claims), "%s: is let in as it is", row->name);
    json_t *hints = explain(request, row->claims), *hint = hint_named(hints, row->id);
    ck_assert_msg(hint != NULL, "%s: no %s in %.*s", row->name, row->id,
                  STR_ARG(json_text(lab.arena, hints)));
    /* No wrong hints either: every edit that is offered lets in, each on its own. */
    for (size_t i = 0; i < json_array_size(hints); i++) {
        json_t *one = json_array_get(hints, i);
        json_t *edited = json_keep(lab.arena, json_deep_copy(config));
        json_t *asked = json_keep(lab.arena, json_deep_copy(request));
        if (!is_fix(one))
            continue;
        ck_assert_msg(edits_apply(edited, asked, json_object_get(one, "edit")),
                      "%s: the edit does not fit: %.*s", row->name,
                      STR_ARG(json_text(lab.arena, one)));
        enter(edited);
        ck_assert_msg(is_let_in(asked, row->claims), "%s: not let in after %.*s", row->name,
                      STR_ARG(json_text(lab.arena, one)));
    }
}
END_TEST

/* ---- what no document can change ---- */

static const struct remedy {
    const char *name, *id, *world, *claims, *better, *says;
} remedies[] = {
    { "an expired token is replaced", "token-expired", HERE(ALLOW(ONLY_ME)),
      ME ",'iat':1789116121,'exp':1789119721", ME, "1 h 6 min 40 s before" },
    { "a token that expired within the tolerance and a minute", "token-expired",
      HERE(ALLOW(ONLY_ME)), ME ",'iat':1789120000,'exp':1789123371", ME, "5 min 50 s before" },
    { "an iat ahead of the clock", "clock-skew", HERE(ALLOW(ONLY_ME)),
      ME ",'iat':1789124121,'exp':1789127721", ME, "6 min 40 s after" },
    { "an nbf ahead of the clock", "clock-skew", HERE(ALLOW(ONLY_ME)), ME ",'nbf':1789124121", ME,
      "nbf" },
    { "IAM drops :443, and no provider can match", "provider-port", HERE(ALLOW(ONLY_ME)),
      "'iss':'https://issuer.example.com:443/x','aud':'client','sub':'me'", ME, ":443" },
    { "an issuer without https:// cannot be registered", "provider-missing", HERE(ALLOW(ONLY_ME)),
      "'iss':'http://127.0.0.1:8080','aud':'client','sub':'me'", ME, "https://" },
    { "a V1 token has no branch in it", "circleci-vcs-key",
      CIRCLECI_WORLD("'StringEquals':{'" CIRCLECI ":oidc.circleci.com/vcs-ref':'refs/heads/main'}"),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"), NULL, "/vcs-ref/refs/heads/main" },
    { "a V1 token against a V2 pattern", "circleci-v1-subject",
      CIRCLECI_WORLD("'StringLike':{'" CIRCLECI ":sub':'" CIRCLECI_P
                     "/user/*/vcs-origin/*/vcs-ref/refs/heads/main'}"),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"), CIRCLECI_TOKEN(CIRCLECI_V2("main"), "main"),
      "CIRCLE_OIDC_TOKEN_V2" },
    { "a token whose claim the policy does not want gets no edit", "key-never-filled",
      GITHUB_WORLD("'StringEquals':{'" GITHUB ":repository_owner':'acme'}"),
      GITHUB_TOKEN(GITHUB_SUB, ",'repository_owner':'octo-org'"), NULL, "repository_owner" },
    { "a claim the token lacks", "key-absent",
      GITHUB_WORLD("'StringEquals':{'" GITHUB ":environment':'prod'}"),
      GITHUB_TOKEN(GITHUB_SUB, ""), GITHUB_TOKEN(GITHUB_SUB, ",'environment':'prod'"),
      "environment" },
    { "a tag the token lacks", "key-absent",
      ENV0_WORLD(WITH_TAGS, "'StringEquals':{'aws:RequestTag/deploymentType':'deploy'}"),
      ENV0_PLAIN ENV0_TAGS, NULL, "organizationId, projectId" },
    { "a key that is nobody's", "key-absent",
      HERE(ALLOW("'StringEquals':{'aws:PrincipalArn':'arn:aws:iam::123456789012:role/x'}")), ME,
      NULL, "aws:PrincipalArn" },
    { "a role that trusts others only, and no role that trusts this issuer", "role-trusts-others",
      HERE(ALLOW_OF(GITHUB, "'StringLike':{'" GITHUB ":sub':'repo:o/*'}")), ME, NULL, URL },
};

START_TEST(what_no_document_can_change_is_named_without_an_edit)
{
    const struct remedy *row = &remedies[_i];
    json_t *request = request_from(NULL);
    enter(json_from(row->world));
    ck_assert_msg(!is_let_in(request, row->claims), "%s: is let in as it is", row->name);
    json_t *hints = explain(request, row->claims), *hint = hint_named(hints, row->id);
    ck_assert_msg(hint != NULL, "%s: no %s in %.*s", row->name, row->id,
                  STR_ARG(json_text(lab.arena, hints)));
    ck_assert_msg(json_is_null(json_object_get(hint, "edit")), "%s: an edit: %.*s", row->name,
                  STR_ARG(json_text(lab.arena, hint)));
    ck_assert_msg(str_contains(json_str(json_object_get(hint, "text")), str_of(row->says)),
                  "%s: no \"%s\" in %.*s", row->name, row->says,
                  STR_ARG(json_text(lab.arena, hint)));
    if (row->better)
        ck_assert_msg(is_let_in(request, row->better), "%s: the better token is refused",
                      row->name);
}
END_TEST

/* ---- open doors ---- */

static const struct door {
    const char *name, *id, *world, *owner, *stranger;
} doors[] = {
    { "the guide's audience alone lets the whole organization in", "no-sub-condition",
      CIRCLECI_WORLD("'StringEquals':{'" CIRCLECI ":aud':'" CIRCLECI_ORG "'}"),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"),
      CIRCLECI_TOKEN("org/" CIRCLECI_ORG "/project/11111111/user/688c029b", "main") },
    { "a star for a subject is no condition", "no-sub-condition",
      WORLD(PROVIDER("https://" RENDER, "'sts.amazonaws.com'"),
            ALLOW_OF(RENDER, "'StringLike':{'" RENDER ":sub':'*'}")),
      "'iss':'https://" RENDER "','aud':'sts.amazonaws.com','sub':'workspace:w:service:mine'",
      "'iss':'https://" RENDER "','aud':'sts.amazonaws.com','sub':'workspace:w:service:yours'" },
    { "no condition at all lets everybody in", "no-sub-condition",
      HERE(TRUST(FEDERATED(URL), ASSUME, "")), ME,
      "'iss':'" ISSUER "','aud':'client','sub':'you'" },
    { "the audience under StringLike lets everybody in", "no-sub-condition",
      PULUMI_WORLD("'contoso'", "'StringLike':{'" PULUMI ":aud':'contoso'}"),
      PULUMI_TOKEN("contoso", "pulumi:deploy:org:contoso:project:Core:stack:dev:operation:update:"
                              "scope:write"),
      PULUMI_TOKEN("contoso", ESC("anything")) },
    { "the audience under StringEquals gets the subject beside it", "no-sub-condition",
      GITHUB_WORLD("'StringEquals':{'" GITHUB ":aud':'sts.amazonaws.com'}"),
      GITHUB_TOKEN(GITHUB_SUB, ""), GITHUB_TOKEN("repo:evil/repo:ref:refs/heads/main", "") },
    { "keeping one subject out lets all others in", "no-sub-condition",
      HERE(ALLOW("'StringNotEquals':{'" URL ":sub':'her'}")), ME,
      "'iss':'" ISSUER "','aud':'client','sub':'you'" },
    { "ForAllValues is satisfied by a token without the claim", "for-all-values-missing-claim",
      GITHUB_WORLD("'ForAllValues:StringEquals':{'" GITHUB ":environment':'prod'}"),
      GITHUB_TOKEN(GITHUB_SUB, ",'environment':'prod'"), GITHUB_TOKEN(GITHUB_SUB, "") },
    { "ForAllValues over amr is satisfied by a token without it", "for-all-values-missing-claim",
      HERE(ALLOW("'StringLike':{'" URL ":sub':'*e'},'ForAllValues:StringEquals':{'" URL
                 ":amr':['authenticated','x']}")),
      ME ",'amr':['authenticated']", ME },
    { "IfExists is satisfied by a token without the claim", "if-exists-missing-claim",
      GITHUB_WORLD("'StringEqualsIfExists':{'" GITHUB ":environment':'prod'}"),
      GITHUB_TOKEN(GITHUB_SUB, ",'environment':'prod'"), GITHUB_TOKEN(GITHUB_SUB, "") },
};

/* Whoever's exchange is explained, the door is seen. */
static void close_door(const struct door *row, const char *explained)
{
    json_t *config = json_from(row->world), *request = request_from(NULL);
    enter(config);
    ck_assert_msg(is_let_in(request, row->owner) && is_let_in(request, row->stranger),
                  "%s: the door is not open", row->name);
    json_t *hints = explain(request, explained), *hint = hint_named(hints, row->id);
    ck_assert_msg(hint && !is_fix(hint), "%s: no warning %s in %.*s", row->name, row->id,
                  STR_ARG(json_text(lab.arena, hints)));
    ck_assert_msg(edits_apply(config, request, json_object_get(hint, "edit")),
                  "%s: the edit does not fit: %.*s", row->name,
                  STR_ARG(json_text(lab.arena, hint)));
    enter(config);
}

START_TEST(an_open_door_is_seen_by_its_owner_and_closed)
{
    const struct door *row = &doors[_i];
    json_t *request = request_from(NULL);
    close_door(row, row->owner);
    ck_assert_msg(is_let_in(request, row->owner), "%s: the owner is shut out", row->name);
    ck_assert_msg(!is_let_in(request, row->stranger), "%s: the stranger still gets in", row->name);
    ck_assert_msg(!hint_named(explain(request, row->owner), row->id), "%s: warned of for ever",
                  row->name);
}
END_TEST

START_TEST(a_missing_claim_is_seen_through_the_stranger_too)
{
    const struct door *row = &doors[_i];
    json_t *request = request_from(NULL);
    if (strstr(row->id, "missing-claim") == NULL)
        return;
    close_door(row, row->stranger);
    ck_assert_msg(is_let_in(request, row->owner), "%s: the owner is shut out", row->name);
    ck_assert_msg(!is_let_in(request, row->stranger), "%s: the stranger still gets in", row->name);
}
END_TEST

/* ---- nothing to say ---- */

static const struct silence {
    const char *name, *world, *claims;
} silences[] = {
    { "the audience and the subject", HERE(ALLOW(ONLY_ME)), ME },
    { "a pattern with a star at its end",
      GITHUB_WORLD("'StringEquals':{'" GITHUB ":aud':'sts.amazonaws.com'},'StringLike':{'" GITHUB
                   ":sub':'repo:octo-org/octo-repo:*'}"),
      GITHUB_TOKEN(GITHUB_SUB, "") },
    { "a provider's own key in place of the subject",
      GITHUB_WORLD("'StringEquals':{'" GITHUB ":repository':'octo-org/octo-repo'}"),
      GITHUB_TOKEN(GITHUB_SUB, ",'repository':'octo-org/octo-repo'") },
    { "session tags in place of the subject",
      ENV0_WORLD(WITH_TAGS, "'StringEquals':{'aws:RequestTag/organizationId':'66a38abf'}"),
      ENV0_PLAIN ENV0_TAGS },
    { "which tags may be passed",
      ENV0_WORLD(WITH_TAGS, "'StringEquals':{'" ENV0 ":sub':'" ENV0_SUB
                            "'},'ForAllValues:StringEquals':{'aws:TagKeys':['organizationId',"
                            "'projectId']}"),
      ENV0_PLAIN ENV0_TAGS },
    { "which tags may be passed, and none are",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':'me'},'ForAllValues:StringEquals':{'aws:TagKeys':"
                 "['a']}")),
      ME },
    { "ForAllValues that is guarded by Null",
      HERE(ALLOW("'StringEquals':{'" URL ":sub':'me'},'Null':{'" URL ":amr':'false'},"
                 "'ForAllValues:StringEquals':{'" URL ":amr':'x'}")),
      ME ",'amr':['x']" },
    { "ForAllValues over a claim that is always there",
      HERE(ALLOW("'ForAllValues:StringEquals':{'" URL ":sub':'me'}")), ME },
    { "the roles claim decides", HERE(ALLOW("'Bool':{'sts:RoleAuthorizedByIdp':'true'}")),
      ME ",'https://aws.amazon.com/roles':['" ROLE "']" },
    { "a statement for somebody else beside one's own",
      HERE(TRUST("{'AWS':'*'}", "'sts:AssumeRole'", "") "," ALLOW(ONLY_ME) "," ALLOW_OF(
          GITHUB, "'StringEquals':{'" GITHUB ":aud':'sts.amazonaws.com'}")),
      ME },
    { "a Deny that does not match",
      HERE(ALLOW(ONLY_ME) ",{'Effect':'Deny','Principal':" FEDERATED(URL) ",'Action':" ASSUME IF(
          "'StringEquals':{'" URL ":sub':'you'}") "}"),
      ME },
};

START_TEST(where_nothing_is_wrong_nothing_is_said)
{
    const struct silence *row = &silences[_i];
    json_t *request = request_from(NULL);
    enter(json_from(row->world));
    ck_assert_msg(is_let_in(request, row->claims), "%s: is not let in", row->name);
    json_t *hints = explain(request, row->claims);
    ck_assert_msg(json_array_size(hints) == 0, "%s: %.*s", row->name,
                  STR_ARG(json_text(lab.arena, hints)));
}
END_TEST

/* ---- several mistakes at once ---- */

static const struct chain {
    const char *name, *world, *claims, *request;
    size_t n_ids;
    const char *ids[8];
} chains[] = {
    { "env0 set up without its slash, with its aud, and without sts:TagSession",
      WORLD(PROVIDER("https://login.app.env0.com", "'https://prod.env0.com'"),
            TRUST(FEDERATED("login.app.env0.com"), ASSUME,
                  IF("'StringEquals':{'login.app.env0.com:aud':'https://prod.env0.com',"
                     "'login.app.env0.com:sub':'" ENV0_SUB "'}"))),
      ENV0_PLAIN ENV0_TAGS,
      "{'DurationSeconds':18000}",
      7,
      { "provider-trailing-slash", "principal-trailing-slash", "key-trailing-slash",
        "audience-is-azp", "key-trailing-slash", "tag-session-missing", "duration-over-maximum" } },
    { "an ordinary role's policy, turned to CircleCI by hand",
      CIRCLECI_WORLD("'StringEquals':{'https://" CIRCLECI ":sub':'" CIRCLECI_P "/user/*'}"),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"),
      NULL,
      2,
      { "key-has-scheme", "wildcard-under-equals" } },
    { "the key of another organization, and its id",
      CIRCLECI_WORLD("'StringEquals':{'oidc.circleci.com/org/1:aud':'1','" CIRCLECI
                     ":sub':'" CIRCLECI_V1 "'}"),
      CIRCLECI_TOKEN(CIRCLECI_V1, "main"),
      NULL,
      2,
      { "key-other-issuer", "value-differs" } },
};

START_TEST(the_first_edit_again_and_again_lets_in)
{
    const struct chain *row = &chains[_i];
    json_t *config = json_from(row->world), *request = request_from(row->request);
    for (size_t i = 0; i < row->n_ids; i++) {
        enter(config);
        ck_assert_msg(!is_let_in(request, row->claims), "%s: let in before %s", row->name,
                      row->ids[i]);
        json_t *hints = explain(request, row->claims), *first = json_array_get(hints, 0);
        want_str(row->name, json_str(json_object_get(first, "id")), str_of(row->ids[i]));
        ck_assert_msg(edits_apply(config, request, json_object_get(first, "edit")), "%s: %.*s",
                      row->name, STR_ARG(json_text(lab.arena, first)));
    }
    enter(config);
    ck_assert_msg(is_let_in(request, row->claims), "%s: is not let in at the end", row->name);
}
END_TEST

/* ---- the table ---- */

static bool is_tried(const char *id)
{
    for (size_t i = 0; i < sizeof traps / sizeof traps[0]; i++)
        if (strcmp(traps[i].id, id) == 0)
            return true;
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++)
        if (strcmp(remedies[i].id, id) == 0)
            return true;
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++)
        if (strcmp(doors[i].id, id) == 0)
            return true;
    return false;
}

START_TEST(every_diagnosis_has_a_row_above)
{
    struct hint_about about;
    for (size_t n = 0; hints_about(n, &about); n++)
        ck_assert_msg(is_tried(about.id), "no row tries %s", about.id);
}
END_TEST

Suite *hints_suite(void);

Suite *hints_suite(void)
{
    Suite *s = suite_create("fakests/hints");
    TCase *t = tcase_create("rows");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, a_trap_is_named_and_its_edit_lets_in, 0, sizeof traps / sizeof traps[0]);
    tcase_add_loop_test(t, what_no_document_can_change_is_named_without_an_edit, 0,
                        sizeof remedies / sizeof remedies[0]);
    tcase_add_loop_test(t, an_open_door_is_seen_by_its_owner_and_closed, 0,
                        sizeof doors / sizeof doors[0]);
    tcase_add_loop_test(t, a_missing_claim_is_seen_through_the_stranger_too, 0,
                        sizeof doors / sizeof doors[0]);
    tcase_add_loop_test(t, where_nothing_is_wrong_nothing_is_said, 0,
                        sizeof silences / sizeof silences[0]);
    tcase_add_loop_test(t, the_first_edit_again_and_again_lets_in, 0,
                        sizeof chains / sizeof chains[0]);
    tcase_add_test(t, every_diagnosis_has_a_row_above);
    suite_add_tcase(s, t);
    return s;
}
