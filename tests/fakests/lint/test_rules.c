#include "base/text.h"
#include "fakests/lint/rule.h"
#include "scenarios/lint_file.h"
#include "tests/fakests/policy/fixture.h"

/*
 * Each rule of lint, row by row: what it finds, and what it lets pass.  A row tells all that is
 * found in its document, "RULE PATH" by place, so that nothing false slips in.
 */

#define ISS      "issuer.example.com"
#define GITHUB   "token.actions.githubusercontent.com"
#define ENV0     "login.app.env0.com/"
#define PULUMI   "api.pulumi.com/oidc"
#define CIRCLECI "oidc.circleci.com/org/0f"
#define RENDER   "oidc.render.com/tea-1"
#define EKS      "oidc.eks.us-west-2.amazonaws.com/id/AB12"

#define ARN(url)  "arn:aws:iam::123456789012:oidc-provider/" url
#define WEB       "'sts:AssumeRoleWithWebIdentity'"
#define WITH_TAGS "['sts:AssumeRoleWithWebIdentity','sts:TagSession']"
#define STATEMENT(effect, url, action, condition)                                      \
    "{'Effect':'" effect "','Principal':{'Federated':'" ARN(url) "'},'Action':" action \
                                                                 ",'Condition':" condition "}"
#define POLICY(statements)    "{'Version':'2012-10-17','Statement':[" statements "]}"
#define ALLOW(url, condition) POLICY(STATEMENT("Allow", url, WEB, condition))
#define EQUALS(key, value)    "{'StringEquals':{'" key "':'" value "'}}"
#define LIKE(key, value)      "{'StringLike':{'" key "':'" value "'}}"
#define SUB(url)              EQUALS(url ":sub", "me")
#define ORGANIZATION          "'aws:RequestTag/organizationId':'66a3'"

#define CONDITION "$.Statement[0].Condition"

#define PROVIDER(url)            "{'url':'https://" url "','client_ids':['client-a','client-b']}"
#define ROLE(members, policy)    "{'name':'r'" members ",'trust_policy':" policy "}"
#define CONFIG(providers, roles) "{'oidc_providers':[" providers "],'roles':[" roles "]}"
#define TRUST                    "$.roles[0].trust_policy.Statement[0]"

static const struct row {
    const char *rule; /* what the row is about: found, or not */
    const char *name;
    const char *document;
    const char *found; /* all of it */
} rows[] = {
    /* ---- refusals ---- */
    { "json-invalid", "what is no JSON is told with its place", "{'Statement':[}",
      "json-invalid $" },
    { "json-invalid", "two operators of one name are no valid policy",
      ALLOW(ISS, "{'StringLike':{'" ISS ":sub':'a'},'StringLike':{'" ISS ":aud':'b'}}"),
      "json-invalid $" },
    { "json-invalid", "65 levels are one too many",
      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]"
      "]]"
      "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
      "json-invalid $" },
    { "json-invalid", "JSON is no finding", ALLOW(ISS, SUB(ISS)), "" },
    { "document-unknown", "a list is none of the three", "[]", "document-unknown $" },
    { "document-unknown", "a manifest is none of the three", "{'name':'x','version':'1'}",
      "document-unknown $" },
    { "document-unknown", "an empty object is none of the three", "{}", "document-unknown $" },
    { "document-unknown", "a policy is one of them", ALLOW(ISS, SUB(ISS)), "" },
    { "document-unknown", "a config is one of them", "{'roles':[]}", "" },
    { "document-unknown", "a scenario is one of them", "{'scenario':'x','steps':[{'advance':1}]}",
      "" },

    { "config-invalid", "every mistake of a config is told, not the first only",
      "{'regio':'x','account':'12','oidc_providers':[{'url':'http://x'},{}],'users':[{'name':'a "
      "b'}],"
      "'roles':[{'name':'r'},{'name':'s','tags':[],'trust_policy':" ALLOW(ISS, SUB(ISS)) "}]}",
      "config-invalid $.regio; config-invalid $.account; config-invalid $.oidc_providers[0].url; "
      "config-invalid $.oidc_providers[1]; config-invalid $.users[0].name; "
      "config-invalid $.roles[0]; config-invalid $.roles[1].tags; "
      "provider-unregistered $.roles[1].trust_policy.Statement[0].Principal" },
    { "config-invalid", "a scenario's steps are read",
      "{'scenario':'x','steps':[{'advance':'soon'}]}", "config-invalid $.steps[0].advance" },
    { "config-invalid", "a scenario's world is looked at",
      "{'scenario':'x','world':{'roles':[{'name':'r'}]},'steps':[{'advance':1}]}",
      "config-invalid $.world.roles[0]" },
    { "config-invalid", "accounts of a config are looked at",
      "{'accounts':{'9':{},'999999999999':{'roles':[{'name':'r','trust_policy':{}}]}}}",
      "config-invalid $.accounts['9']; "
      "policy-malformed $.accounts['999999999999'].roles[0].trust_policy" },
    { "config-invalid", "a role's own policies are looked at",
      CONFIG(PROVIDER(ISS),
             ROLE(",'policies':{'p':{'Statement':{'Effect':'Allow','Action':'s3:*'}}}",
                  ALLOW(ISS, SUB(ISS)))),
      "policy-malformed $.roles[0].policies.p.Statement" },
    { "config-invalid", "a config that a server takes has none",
      CONFIG(PROVIDER(ISS), ROLE("", ALLOW(ISS, SUB(ISS)))), "" },

    { "policy-malformed", "a policy is to have a statement", "{'Statement':[]}",
      "policy-malformed $.Statement" },
    { "policy-malformed", "every statement is read, though the first is wrong",
      POLICY("{'Effect':'Allow'},{'Effect':'allow','Principal':'*','Action':" WEB
             "}," STATEMENT("Allow", ISS, WEB, SUB(ISS)) ",7"),
      "policy-malformed $.Statement[0]; policy-malformed $.Statement[1].Effect; "
      "policy-malformed $.Statement[3]" },
    { "policy-malformed", "a wrong Version does not hide a wrong statement",
      "{'Version':'2020-01-01','Statement':[" STATEMENT("Allow", ISS, WEB,
                                                        "{'StringLikes':{'a':'b'}}") "]}",
      "policy-malformed $.Version; policy-malformed $.Statement[0].Condition.StringLikes" },
    { "policy-malformed", "statements that are right are looked at beside wrong ones",
      POLICY("{'Effect':'Allow'}," STATEMENT("Allow", ISS, WEB, "{}")),
      "policy-malformed $.Statement[0]; trust-no-subject $.Statement[1].Condition" },
    { "policy-malformed", "Sids are compared across statements",
      POLICY("{'Sid':'a','Effect':'Allow','Principal':{'AWS':'123456789012'},'Action':"
             "'sts:AssumeRole'},{'Sid':'a','Effect':'Allow','Principal':{'AWS':'123456789012'},"
             "'Action':'sts:TagSession'}"),
      "policy-malformed $.Statement[1].Sid" },
    { "policy-malformed", "in a config it is told once",
      CONFIG(PROVIDER(ISS), ROLE("", "{'Statement':[{'Effect':'Allow'}]}")),
      "policy-malformed $.roles[0].trust_policy.Statement[0]" },
    { "policy-malformed", "a grammatical policy is not", ALLOW(ISS, SUB(ISS)), "" },

    { "save-refused", "every statement's action is looked at",
      POLICY(STATEMENT("Allow", ISS, "'sts:*'", SUB(ISS)) "," STATEMENT("Allow", ISS, "'s3:Get'",
                                                                        SUB(ISS))),
      "save-refused $.Statement[0].Action; save-refused $.Statement[1].Action" },
    { "save-refused", "a principal that is none",
      POLICY("{'Effect':'Allow','Principal':{'Federated':'" ISS "'},'Action':" WEB "}"),
      "save-refused $.Statement[0].Principal" },
    { "save-refused", "Google wants an application id",
      "{'Statement':{'Effect':'Allow','Principal':{'Federated':'accounts.google.com'},"
      "'Action':" WEB "}}",
      "save-refused $.Statement.Principal" },
    { "save-refused", "in a config it is told once",
      CONFIG(PROVIDER(ISS), ROLE("", POLICY(STATEMENT("Allow", ISS, "'sts:*'", SUB(ISS))))),
      "save-refused " TRUST ".Action" },
    { "save-refused", "what CreateRole takes is not", ALLOW(ISS, SUB(ISS)), "" },

    { "save-shared-provider", "GitHub wants sub", ALLOW(GITHUB, EQUALS(GITHUB ":aud", "x")),
      "save-shared-provider " CONDITION },
    { "save-shared-provider", "every statement is looked at",
      POLICY(STATEMENT("Allow", GITHUB, WEB, "{}") "," STATEMENT("Allow", "gitlab.com", WEB, "{}")),
      "save-shared-provider $.Statement[0].Condition; save-shared-provider "
      "$.Statement[1].Condition" },
    { "save-shared-provider", "of a role made before the controls it is a warning",
      CONFIG(PROVIDER(GITHUB), ROLE(",'created':'2024-05-01T00:00:00Z'", ALLOW(GITHUB, "{}"))),
      "save-shared-provider " TRUST ".Condition" },
    { "save-shared-provider", "with sub it is not",
      ALLOW(GITHUB, EQUALS(GITHUB ":sub", "repo:a/b")), "" },

    /* ---- who gets in ---- */
    { "trust-no-subject", "an audience alone lets everybody in",
      ALLOW(CIRCLECI, EQUALS(CIRCLECI ":aud", "0f")), "trust-no-subject " CONDITION },
    { "trust-no-subject", "no condition at all lets everybody in",
      POLICY("{'Effect':'Allow','Principal':{'Federated':'" ARN(ISS) "'},'Action':" WEB "}"),
      "trust-no-subject $.Statement[0]" },
    { "trust-no-subject", "the session name is the caller's own choice",
      ALLOW(ISS, EQUALS("sts:RoleSessionName", "deploy")), "trust-no-subject " CONDITION },
    { "trust-no-subject", "leaving some out lets all others in",
      ALLOW(ISS, "{'StringNotLike':{'" ISS ":sub':'bad'}}"), "trust-no-subject " CONDITION },
    { "trust-no-subject", "Pulumi's audience is an organization and no project",
      ALLOW(PULUMI, EQUALS(PULUMI ":aud", "contoso")), "trust-no-subject " CONDITION },
    { "trust-no-subject", "a subject is one", ALLOW(ISS, SUB(ISS)), "" },
    { "trust-no-subject", "a project id is one",
      ALLOW(CIRCLECI, EQUALS(CIRCLECI ":oidc.circleci.com/project-id", "1a")), "" },
    { "trust-no-subject", "session tags are one",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS, "{'StringEquals':{" ORGANIZATION "}}")), "" },
    { "trust-no-subject", "the roles claim is one",
      ALLOW(ISS, "{'Bool':{'sts:RoleAuthorizedByIdp':'true'}}"), "" },
    { "trust-no-subject", "Google's audience is one's own application",
      POLICY("{'Effect':'Allow','Principal':{'Federated':'accounts.google.com'},'Action':" WEB
             ",'Condition':" EQUALS("accounts.google.com:aud", "app") "}"),
      "" },
    { "trust-no-subject", "a Deny lets nobody in",
      POLICY(STATEMENT("Deny", ISS, WEB, EQUALS(ISS ":aud", "x"))), "" },
    { "trust-no-subject", "sts:AssumeRole is another story",
      "{'Statement':{'Effect':'Allow','Principal':{'AWS':'123456789012'},'Action':'sts:AssumeRole'}"
      "}",
      "" },

    { "wildcard-matches-all", "a star is every subject", ALLOW(ISS, LIKE(ISS ":sub", "*")),
      "wildcard-matches-all " CONDITION ".StringLike['" ISS ":sub']" },
    { "wildcard-matches-all", "so are two, and one with a question mark",
      ALLOW(ISS, "{'StringLike':{'" ISS ":sub':['a','**','?*','?','a?']}}"),
      "wildcard-matches-all " CONDITION ".StringLike['" ISS ":sub'][1]; "
      "wildcard-matches-all " CONDITION ".StringLike['" ISS ":sub'][2]" },
    { "wildcard-matches-all", "CircleCI's subjects all begin with the organization",
      ALLOW(CIRCLECI, LIKE(CIRCLECI ":sub", "org/0f/project/*")),
      "wildcard-matches-all " CONDITION ".StringLike['" CIRCLECI ":sub']" },
    { "wildcard-matches-all", "... whatever stands between wildcards",
      ALLOW(CIRCLECI, LIKE(CIRCLECI ":sub", "org/0f/project/*/user/*")),
      "wildcard-matches-all " CONDITION ".StringLike['" CIRCLECI ":sub']" },
    { "wildcard-matches-all", "Render's subjects all begin with the workspace",
      ALLOW(RENDER, LIKE(RENDER ":sub", "workspace:tea-1:*")),
      "wildcard-matches-all " CONDITION ".StringLike['" RENDER ":sub']" },
    { "wildcard-matches-all", "every service account of a cluster",
      ALLOW(EKS, LIKE(EKS ":sub", "system:serviceaccount:*:*")),
      "wildcard-matches-all " CONDITION ".StringLike['" EKS ":sub']" },
    { "wildcard-matches-all", "everything of a Pulumi organization",
      ALLOW(PULUMI, "{'StringEquals':{'" PULUMI ":aud':'contoso'},'StringLike':{'" PULUMI
                    ":sub':'pulumi:*'}}"),
      "wildcard-matches-all " CONDITION ".StringLike['" PULUMI ":sub']" },
    { "wildcard-matches-all", "every organization of env zero",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS, LIKE("aws:RequestTag/organizationId", "*"))),
      "wildcard-matches-all " CONDITION ".StringLike['aws:RequestTag/organizationId']" },
    { "wildcard-matches-all", "one project is not everything",
      ALLOW(CIRCLECI, LIKE(CIRCLECI ":sub", "org/0f/project/1a/user/*")), "" },
    { "wildcard-matches-all", "one branch is not everything",
      ALLOW(CIRCLECI, LIKE(CIRCLECI ":sub", "org/0f/project/*/user/*/vcs-origin/*/vcs-ref/main")),
      "" },
    { "wildcard-matches-all", "one service in any environment is not everything",
      ALLOW(RENDER, LIKE(RENDER ":sub", "workspace:tea-1:environment:*:service:srv-1")), "" },
    { "wildcard-matches-all", "one namespace is not everything",
      ALLOW(EKS, LIKE(EKS ":sub", "system:serviceaccount:prod:*")), "" },
    { "wildcard-matches-all", "an organization's deployments are not its environments",
      ALLOW(PULUMI, "{'StringEquals':{'" PULUMI ":aud':'contoso'},'StringLike':{'" PULUMI
                    ":sub':'pulumi:deploy:org:contoso:*'}}"),
      "" },
    { "wildcard-matches-all", "a tag with any value asks that it be there",
      POLICY(STATEMENT("Allow", ISS, WITH_TAGS,
                       "{'StringLike':{'aws:RequestTag/team':'*'},'StringEquals':{'" ISS
                       ":sub':'me'}}")),
      "" },

    { "wildcard-crosses-owners", "an owner's name that goes on",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "repo:acme*")),
      "wildcard-crosses-owners " CONDITION ".StringLike['" GITHUB ":sub']" },
    { "wildcard-crosses-owners", "any owner at all, which IAM takes",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "repo:*")),
      "wildcard-crosses-owners " CONDITION ".StringLike['" GITHUB ":sub']" },
    { "wildcard-crosses-owners", "any owner's production",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "repo:*:environment:production")),
      "wildcard-crosses-owners " CONDITION ".StringLike['" GITHUB ":sub']" },
    { "wildcard-crosses-owners", "one character is a wildcard too",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "repo:acm?/app:*")),
      "wildcard-crosses-owners " CONDITION ".StringLike['" GITHUB ":sub']" },
    { "wildcard-crosses-owners", "within the word before the owner",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "re*main")),
      "wildcard-crosses-owners " CONDITION ".StringLike['" GITHUB ":sub']" },
    { "wildcard-crosses-owners", "a repository of any owner",
      ALLOW(GITHUB, LIKE(GITHUB ":repository", "acme*")),
      "save-shared-provider " CONDITION "; "
      "wildcard-crosses-owners " CONDITION ".StringLike['" GITHUB ":repository']" },
    { "wildcard-crosses-owners", "a group of GitLab",
      ALLOW("gitlab.com", LIKE("gitlab.com:sub", "project_path:group*")),
      "wildcard-crosses-owners " CONDITION ".StringLike['gitlab.com:sub']" },
    { "wildcard-crosses-owners", "a wildcard in front, whatever the issuer",
      ALLOW(ISS, LIKE(ISS ":sub", "*:ref:refs/heads/main")),
      "wildcard-crosses-owners " CONDITION ".StringLike['" ISS ":sub']" },
    { "wildcard-crosses-owners", "an audience that goes on",
      ALLOW(PULUMI, "{'StringLike':{'" PULUMI ":aud':'contoso*','" PULUMI
                    ":sub':'pulumi:deploy:org:contoso:*'}}"),
      "wildcard-crosses-owners " CONDITION ".StringLike['" PULUMI ":aud']" },
    { "wildcard-crosses-owners", "an audience that goes on behind a separator",
      ALLOW(PULUMI, "{'StringLike':{'" PULUMI ":aud':'contoso-*','" PULUMI
                    ":sub':'pulumi:deploy:org:contoso:*'}}"),
      "wildcard-crosses-owners " CONDITION ".StringLike['" PULUMI ":aud']" },
    { "wildcard-crosses-owners", "behind the owner's slash it may stand",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "repo:acme/*")), "" },
    { "wildcard-crosses-owners", "within a repository's name it may stand",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "repo:acme/app-*:ref:refs/heads/main")), "" },
    { "wildcard-crosses-owners", "an owner's number follows its name",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "repo:acme@12/app@*:ref:refs/heads/main")), "" },
    { "wildcard-crosses-owners", "a custom subject is not known",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "workflow:deploy*")), "" },
    { "wildcard-crosses-owners", "where the audience is the owner the subject need not name it",
      ALLOW("oidc.vercel.com", "{'StringEquals':{'oidc.vercel.com:aud':'https://vercel.com/acme'},"
                               "'StringLike':{'oidc.vercel.com:sub':'owner:*:project:web:*'}}"),
      "" },
    { "wildcard-crosses-owners", "a name without wildcard is whole",
      ALLOW(GITHUB, LIKE(GITHUB ":sub", "repo:acme/app:environment:prod")), "" },

    { "audience-like", "StringLike on an audience without wildcard",
      ALLOW(ISS, "{'StringLike':{'" ISS ":aud':'a','" ISS ":sub':'me:*'}}"),
      "audience-like " CONDITION ".StringLike['" ISS ":aud']" },
    { "audience-like", "StringEquals on it is right",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":aud':'a'},'StringLike':{'" ISS ":sub':'me:*'}}"), "" },

    { "if-exists", "on a subject it takes IAM's control away",
      ALLOW(GITHUB, "{'StringEqualsIfExists':{'" GITHUB ":sub':'repo:a/b'}}"),
      "save-shared-provider " CONDITION "; "
      "if-exists " CONDITION ".StringEqualsIfExists['" GITHUB ":sub']" },
    { "if-exists", "on a claim that may be absent it lets those in",
      ALLOW(GITHUB, "{'StringLike':{'" GITHUB ":sub':'repo:a/*'},'StringEqualsIfExists':{'" GITHUB
                    ":environment':'prod'}}"),
      "if-exists " CONDITION ".StringEqualsIfExists['" GITHUB ":environment']" },
    { "if-exists", "a session tag may be missing, but not the one that env zero's guide asks for",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{'" ENV0
                       ":sub':'auth0|1'},'StringEqualsIfExists':{" ORGANIZATION "}}")),
      "env0-no-organization " CONDITION },
    { "if-exists", "on a key of the request it is the usual thing",
      ALLOW(ISS,
            "{'StringEquals':{'" ISS ":sub':'me'},'BoolIfExists':{'aws:ViaAWSService':'false'}}"),
      "" },

    { "for-all-values", "it holds of an absent claim",
      ALLOW(ISS, "{'ForAllValues:StringEquals':{'" ISS ":sub':'me'}}"),
      "for-all-values " CONDITION "['ForAllValues:StringEquals']['" ISS ":sub']" },
    { "for-all-values", "Null that wants the key absent is no help",
      ALLOW(ISS, "{'ForAllValues:StringLike':{'" ISS ":amr':'a'},'Null':{'" ISS
                 ":amr':'true'},'StringEquals':{'" ISS ":sub':'me'}}"),
      "for-all-values " CONDITION "['ForAllValues:StringLike']['" ISS ":amr']" },
    { "for-all-values", "with Null it is right",
      ALLOW(ISS, "{'ForAllValues:StringLike':{'" ISS ":amr':'a'},'Null':{'" ISS
                 ":amr':'false'},'StringEquals':{'" ISS ":sub':'me'}}"),
      "" },
    { "for-all-values", "of aws:TagKeys it asks for no other tags",
      POLICY(STATEMENT("Allow", ISS, WITH_TAGS,
                       "{'ForAllValues:StringEquals':{'aws:TagKeys':['a']},'StringEquals':{'" ISS
                       ":sub':'me'}}")),
      "" },
    { "for-all-values", "a Deny only denies more",
      POLICY(STATEMENT("Deny", ISS, WEB, "{'ForAllValues:StringEquals':{'" ISS ":amr':'a'}}")),
      "" },

    { "principal-anyone", "every AWS account",
      "{'Statement':{'Effect':'Allow','Principal':'*','Action':'sts:AssumeRole'}}",
      "principal-anyone $.Statement.Principal" },
    { "principal-anyone", "every AWS account, spelt out",
      "{'Statement':{'Effect':'Allow','Principal':{'AWS':'*'},'Action':'sts:AssumeRole'}}",
      "principal-anyone $.Statement.Principal" },
    { "principal-anyone", "no web token comes in as anyone",
      "{'Statement':{'Effect':'Allow','Principal':'*','Action':" WEB "}}",
      "principal-anyone $.Statement.Principal" },
    { "principal-anyone", "an organization's accounts are not every account",
      "{'Statement':{'Effect':'Allow','Principal':'*','Action':'sts:AssumeRole','Condition':"
      "{'StringEquals':{'aws:PrincipalOrgID':'o-1'}}}}",
      "" },

    { "env0-no-organization", "the guide's first policy",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{'" ENV0 ":aud':'a','" ENV0 ":sub':'auth0|1'}}")),
      "env0-no-organization " CONDITION },
    { "env0-no-organization", "keeping one organization out is no gate",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{'" ENV0 ":sub':'auth0|1'},'StringNotEquals':{" ORGANIZATION
                       "}}")),
      "env0-no-organization " CONDITION },
    { "env0-no-organization", "the guide's second policy",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{'" ENV0 ":sub':'auth0|1'," ORGANIZATION "}}")),
      "" },

    { "env0-tag", "env0Tag is anybody's text",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{'aws:RequestTag/env0Tag':'prod'," ORGANIZATION "}}")),
      "env0-tag " CONDITION ".StringEquals['aws:RequestTag/env0Tag']" },
    { "env0-tag", "tag keys have no case",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{'AWS:requesttag/ENV0TAG':'prod'," ORGANIZATION "}}")),
      "env0-tag " CONDITION ".StringEquals['AWS:requesttag/ENV0TAG']" },
    { "env0-tag", "projectId is not",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{'aws:RequestTag/projectId':'p'," ORGANIZATION "}}")),
      "" },

    { "statement-shadowed", "an audience alone beside a subject",
      POLICY(STATEMENT("Allow", ISS, WEB,
                       "{'StringEquals':{'" ISS ":aud':'a','" ISS
                       ":sub':'me'}}") "," STATEMENT("Allow", ISS, WEB, EQUALS(ISS ":aud", "a"))),
      "statement-shadowed $.Statement[0]; trust-no-subject $.Statement[1].Condition" },
    { "statement-shadowed", "of two that say the same the second is told",
      POLICY(STATEMENT("Allow", ISS, WEB, SUB(ISS)) "," STATEMENT("Allow", ISS, WEB, SUB(ISS))),
      "statement-shadowed $.Statement[1]" },
    { "statement-shadowed", "a Deny of all that is allowed",
      POLICY(
          STATEMENT("Allow", ISS, WEB, SUB(ISS)) ",{'Effect':'Deny','Principal':{'Federated':'" ARN(
              ISS) "'},'Action':" WEB "}"),
      "statement-shadowed $.Statement[0]" },
    { "statement-shadowed", "a Deny of some is not one of all",
      POLICY(STATEMENT("Allow", ISS, WEB, SUB(ISS)) "," STATEMENT("Deny", ISS, WEB,
                                                                  EQUALS(ISS ":email", "x"))),
      "" },
    { "statement-shadowed", "statements about two subjects are two",
      POLICY(STATEMENT("Allow", ISS, WEB, SUB(ISS)) "," STATEMENT("Allow", ISS, WEB,
                                                                  EQUALS(ISS ":sub", "you"))),
      "" },
    { "statement-shadowed", "an action more is not the same",
      POLICY(STATEMENT("Allow", ISS, WEB, SUB(ISS)) "," STATEMENT(
          "Allow", ISS, WITH_TAGS, "{'StringEquals':{'" ISS ":sub':'me','aws:RequestTag/a':'b'}}")),
      "" },

    /* ---- what never matches ---- */
    { "key-never-filled", "iss is no key", ALLOW(ISS, EQUALS(ISS ":iss", "https://" ISS)),
      "key-never-filled " CONDITION ".StringEquals['" ISS ":iss']" },
    { "key-never-filled", "azp is no key",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":azp':'a','" ISS ":sub':'b'}}"),
      "key-never-filled " CONDITION ".StringEquals['" ISS ":azp']" },
    { "key-never-filled", "CircleCI's branch is no key",
      ALLOW(CIRCLECI, EQUALS(CIRCLECI ":oidc.circleci.com/vcs-ref", "refs/heads/main")),
      "key-never-filled " CONDITION ".StringEquals['" CIRCLECI ":oidc.circleci.com/vcs-ref']" },
    { "key-never-filled", "Pulumi's stack is no key",
      ALLOW(PULUMI, "{'StringEquals':{'" PULUMI ":aud':'contoso','" PULUMI ":stack':'dev'}}"),
      "key-never-filled " CONDITION ".StringEquals['" PULUMI ":stack']" },
    { "key-never-filled", "GitHub's repository_owner is no key",
      ALLOW(GITHUB,
            "{'StringEquals':{'" GITHUB ":sub':'repo:a/b','" GITHUB ":repository_owner':'a'}}"),
      "key-never-filled " CONDITION ".StringEquals['" GITHUB ":repository_owner']" },
    { "key-never-filled", "a Deny on such a key denies nothing",
      POLICY(STATEMENT("Deny", ISS, WEB, EQUALS(ISS ":team", "red"))),
      "key-never-filled " CONDITION ".StringEquals['" ISS ":team']" },
    { "key-never-filled", "tags of the session are not there yet",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{'" ENV0
                       ":sub':'auth0|1','aws:PrincipalTag/organizationId':'66a3'}}")),
      "key-never-filled " CONDITION ".StringEquals['aws:PrincipalTag/organizationId']" },
    { "key-never-filled", "there was no second factor",
      ALLOW(ISS,
            "{'StringEquals':{'" ISS ":sub':'me'},'Bool':{'aws:MultiFactorAuthPresent':'true'}}"),
      "key-never-filled " CONDITION ".Bool['aws:MultiFactorAuthPresent']" },
    { "key-never-filled", "what every issuer has",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'a','" ISS ":oaud':'b','" ISS
                 ":email':'c'},'ForAnyValue:StringEquals':{'" ISS ":amr':'d'}}"),
      "" },
    { "key-never-filled", "what GitHub has besides",
      ALLOW(GITHUB, "{'StringEquals':{'" GITHUB ":sub':'repo:a/b','" GITHUB
                    ":environment':'prod','" GITHUB ":Ref':'refs/heads/main'}}"),
      "" },
    { "key-never-filled", "what the request has",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'me','aws:RequestedRegion':'us-east-1'},"
                 "'IpAddress':{'aws:SourceIp':'192.0.2.0/24'}}"),
      "" },
    { "key-never-filled", "another statement's callers may have it",
      "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Principal':{'AWS':'123456789012'},"
      "'Action':'sts:AssumeRole','Condition':" EQUALS("sts:ExternalId", "x") "}}",
      "" },

    { "key-of-other-provider", "env zero's slash is missing",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{'login.app.env0.com:sub':'auth0|1'," ORGANIZATION "}}")),
      "key-of-other-provider " CONDITION ".StringEquals['login.app.env0.com:sub']" },
    { "key-of-other-provider", "a slash too many",
      ALLOW(PULUMI, "{'StringEquals':{'" PULUMI ":aud':'contoso','" PULUMI "/:sub':'x'}}"),
      "trust-no-subject " CONDITION "; "
      "key-of-other-provider " CONDITION ".StringEquals['" PULUMI "/:sub']" },
    { "key-of-other-provider", "https:// is not part of a key",
      ALLOW(ISS, "{'StringEquals':{'https://" ISS ":sub':'me'}}"),
      "trust-no-subject " CONDITION "; "
      "key-of-other-provider " CONDITION ".StringEquals['https://" ISS ":sub']" },
    { "key-of-other-provider", "another organization's key",
      ALLOW(CIRCLECI, EQUALS("oidc.circleci.com/org/ff:sub", "org/ff/project/1/user/2")),
      "trust-no-subject " CONDITION "; "
      "key-of-other-provider " CONDITION ".StringEquals['oidc.circleci.com/org/ff:sub']" },
    { "key-of-other-provider", "a bare claim is no key", ALLOW(ISS, EQUALS("sub", "me")),
      "trust-no-subject " CONDITION "; key-of-other-provider " CONDITION ".StringEquals.sub" },
    { "key-of-other-provider", "keys have no case",
      ALLOW(ISS, EQUALS("ISSUER.example.com:SUB", "me")), "" },
    { "key-of-other-provider", "keys of AWS's own are no provider's",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'me','aws:ResourceTag/team':'a','iam:x':'b'}}"),
      "" },

    { "providers-share-condition", "a key of one of two",
      POLICY("{'Effect':'Allow','Principal':{'Federated':['" ARN(ISS) "','" ARN(
          "other.example.com") "']},'Action':" WEB ",'Condition':" SUB(ISS) "}"),
      "providers-share-condition " CONDITION ".StringEquals['" ISS ":sub']" },
    { "providers-share-condition", "a key that both have",
      POLICY("{'Effect':'Allow','Principal':{'Federated':['" ARN(ISS) "','" ARN(
          "other.example.com") "']},'Action':" WITH_TAGS
                               ",'Condition':" EQUALS("aws:RequestTag/team", "red") "}"),
      "" },

    { "scalar-on-list-key", "amr is a list",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'me','" ISS ":amr':'x'}}"),
      "scalar-on-list-key " CONDITION ".StringEquals['" ISS ":amr']" },
    { "scalar-on-list-key", "tag keys are a list, also to a Deny",
      POLICY(STATEMENT("Deny", ISS, WEB, EQUALS("aws:TagKeys", "x"))),
      "scalar-on-list-key " CONDITION ".StringEquals['aws:TagKeys']" },
    { "scalar-on-list-key", "ForAnyValue is for lists, and Null for anything",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'me'},'ForAnyValue:StringEquals':{'" ISS
                 ":amr':'x'},'Null':{'aws:TagKeys':'true'}}"),
      "" },

    { "no-wanted-values", "nothing is ever in an empty list",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':[]}}"),
      "no-wanted-values " CONDITION ".StringEquals['" ISS ":sub']" },
    { "no-wanted-values", "a list of one is not empty",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':['me']}}"), "" },

    { "wildcard-under-equals", "a star under StringEquals",
      ALLOW(CIRCLECI, EQUALS(CIRCLECI ":sub", "org/0f/project/1a/user/*")),
      "wildcard-under-equals " CONDITION ".StringEquals['" CIRCLECI ":sub']" },
    { "wildcard-under-equals", "a question mark under StringEqualsIgnoreCase, in a list",
      ALLOW(ISS, "{'StringEqualsIgnoreCase':{'" ISS ":sub':['me','m?']}}"),
      "wildcard-under-equals " CONDITION ".StringEqualsIgnoreCase['" ISS ":sub'][1]" },
    { "wildcard-under-equals", "under StringLike it is one", ALLOW(ISS, LIKE(ISS ":sub", "me:*")),
      "" },
    { "wildcard-under-equals", "${*} means the character", ALLOW(ISS, EQUALS(ISS ":sub", "me${*}")),
      "" },
    { "wildcard-under-equals", "a query has a question mark",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'me','aws:Referer':'https://x/?a'}}"), "" },

    { "variable-without-version", "the older language has no variables",
      "{'Statement':" STATEMENT("Allow", ISS, WEB, LIKE(ISS ":sub", "${aws:userid}:*")) "}",
      "variable-without-version $.Statement.Condition.StringLike['" ISS ":sub']" },
    { "variable-without-version", "the newer one has",
      ALLOW(ISS, LIKE(ISS ":sub", "${aws:userid}:*")), "" },

    { "key-twice", "two spellings of one key",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'a','ISSUER.EXAMPLE.COM:SUB':'b'}}"),
      "key-twice " CONDITION ".StringEquals['ISSUER.EXAMPLE.COM:SUB']" },
    { "key-twice", "one key under two operators",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'a'},'StringNotLike':{'" ISS ":sub':'b*'}}"), "" },

    { "action-not-called", "sts:AssumeRole with a provider",
      POLICY(STATEMENT("Allow", ISS, "'sts:AssumeRole'", SUB(ISS))),
      "action-not-called $.Statement[0].Action" },
    { "action-not-called", "sts:AssumeRoleWithWebIdentity without one",
      POLICY("{'Effect':'Allow','Principal':{'AWS':'123456789012'},'Action':" WEB "}"),
      "action-not-called $.Statement[0].Principal" },
    { "action-not-called", "tags may be allowed by a statement of their own",
      POLICY(STATEMENT("Allow", ISS, WEB, SUB(ISS)) "," STATEMENT("Allow", ISS, "'sts:TagSession'",
                                                                  SUB(ISS))),
      "" },

    { "tag-session-missing", "env zero's tokens always have tags",
      ALLOW(ENV0, "{'StringEquals':{'" ENV0 ":sub':'auth0|1'," ORGANIZATION "}}"),
      "tag-session-missing $.Statement[0].Action" },
    { "tag-session-missing", "a tag that is wanted has to be allowed",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'me','aws:RequestTag/team':'red'}}"),
      "tag-session-missing $.Statement[0].Action" },
    { "tag-session-missing", "another statement may allow it",
      POLICY(STATEMENT("Allow", ENV0, WEB, "{'StringEquals':{" ORGANIZATION "}}") "," STATEMENT(
          "Allow", ENV0, "'sts:TagSession'", "{}")),
      "" },
    { "tag-session-missing", "nobody wants tags", ALLOW(ISS, SUB(ISS)), "" },

    { "source-identity-missing", "a source identity that is wanted has to be allowed",
      ALLOW(ISS, EQUALS("sts:SourceIdentity", "admin")),
      "source-identity-missing $.Statement[0].Action" },
    { "source-identity-missing", "and is",
      POLICY(STATEMENT("Allow", ISS, "['sts:AssumeRoleWithWebIdentity','sts:SetSourceIdentity']",
                       EQUALS("sts:SourceIdentity", "admin"))),
      "" },

    /* ---- the world around ---- */
    { "issuer-spelling", "env zero's issuer ends in a slash",
      POLICY(STATEMENT("Allow", "login.app.env0.com", WITH_TAGS,
                       "{'StringEquals':{" ORGANIZATION "}}")),
      "issuer-spelling $.Statement[0].Principal" },
    { "issuer-spelling", "CircleCI's does not", ALLOW(CIRCLECI "/", EQUALS(CIRCLECI "/:sub", "x")),
      "issuer-spelling $.Statement[0].Principal" },
    { "issuer-spelling", "nobody's is in capitals",
      ALLOW("GitLab.com", EQUALS("gitlab.com:sub", "x")),
      "issuer-spelling $.Statement[0].Principal" },
    { "issuer-spelling", "an issuer that nobody knows is right as it is",
      ALLOW(ISS "/", EQUALS(ISS "/:sub", "x")), "" },

    { "provider-spelling", "env zero's issuer ends in a slash",
      CONFIG(PROVIDER("login.app.env0.com"), ""), "provider-spelling $.oidc_providers[0].url" },
    { "provider-spelling", "and so it is registered", CONFIG(PROVIDER(ENV0), ""), "" },
    { "provider-no-client-ids", "no audience is accepted", CONFIG("{'url':'https://" ISS "'}", ""),
      "provider-no-client-ids $.oidc_providers[0]" },
    { "provider-no-client-ids", "one is", CONFIG(PROVIDER(ISS), ""), "" },

    { "provider-unregistered", "nobody registered it", CONFIG("", ROLE("", ALLOW(ISS, SUB(ISS)))),
      "provider-unregistered " TRUST ".Principal" },
    { "provider-unregistered", "it is another account's",
      "{'accounts':{'999999999999':" CONFIG(PROVIDER(ISS), ROLE("", ALLOW(ISS, SUB(ISS)))) "}}",
      "provider-unregistered "
      "$.accounts['999999999999'].roles[0].trust_policy.Statement[0].Principal" },
    { "provider-unregistered", "it is registered",
      CONFIG(PROVIDER(ISS), ROLE("", ALLOW(ISS, SUB(ISS)))), "" },
    { "provider-unregistered", "of a policy by itself nobody knows", ALLOW(ISS, SUB(ISS)), "" },
    { "provider-unregistered", "a built-in provider is registered everywhere",
      CONFIG("",
             ROLE("", POLICY("{'Effect':'Allow','Principal':{'Federated':'accounts.google.com'},"
                             "'Action':" WEB
                             ",'Condition':" EQUALS("accounts.google.com:aud", "app") "}"))),
      "" },

    { "audience-unregistered", "no client id",
      CONFIG(PROVIDER(ISS), ROLE("", ALLOW(ISS, "{'StringEquals':{'" ISS ":aud':'client-c','" ISS
                                                ":sub':'me'}}"))),
      "audience-unregistered " TRUST ".Condition.StringEquals['" ISS ":aud']" },
    { "audience-unregistered", "case counts",
      CONFIG(PROVIDER(ISS),
             ROLE("", ALLOW(ISS, "{'StringEquals':{'" ISS ":aud':['client-a','Client-b'],'" ISS
                                 ":sub':'me'}}"))),
      "audience-unregistered " TRUST ".Condition.StringEquals['" ISS ":aud'][1]" },
    { "audience-unregistered", "unless it is not to count",
      CONFIG(PROVIDER(ISS),
             ROLE("", ALLOW(ISS, "{'StringEqualsIgnoreCase':{'" ISS
                                 ":aud':['client-a','Client-b'],'" ISS ":sub':'me'}}"))),
      "" },
    { "audience-unregistered", "a client id",
      CONFIG(PROVIDER(ISS), ROLE("", ALLOW(ISS, "{'StringEquals':{'" ISS ":aud':'client-a','" ISS
                                                ":sub':'me'}}"))),
      "" },

    { "session-long", "twelve hours for a job",
      CONFIG(PROVIDER(ISS), ROLE(",'max_session_duration':43200", ALLOW(ISS, SUB(ISS)))),
      "session-long $.roles[0].max_session_duration" },
    { "session-long", "four hours are enough",
      CONFIG(PROVIDER(ISS), ROLE(",'max_session_duration':14400", ALLOW(ISS, SUB(ISS)))), "" },
    { "session-long", "a role for people may have twelve",
      CONFIG("", ROLE(",'max_session_duration':43200",
                      "{'Statement':{'Effect':'Allow','Principal':{'AWS':'123456789012'},'Action':"
                      "'sts:AssumeRole'}}")),
      "" },
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static struct str listed(struct arena *a, const struct findings *f)
{
    struct text t = text_new(a, 64 * 1024);
    for (size_t i = 0; i < f->n; i++)
        text_printf(&t, "%s%s %.*s", i ? "; " : "", f->items[i].rule->id,
                    STR_ARG(f->items[i].path));
    return text_str(&t);
}

static struct findings lint(struct arena *a, const char *document)
{
    struct findings f = findings_new(a);
    (void)lint_file(&f, STR("test.json"), fixture_text(a, document), false);
    return f;
}

START_TEST(finds_this_and_nothing_else)
{
    struct arena *a = arena_new();
    struct findings f = lint(a, rows[_i].document);
    want_str(rows[_i].name, listed(a, &f), fixture_text(a, rows[_i].found));
    arena_free(a);
}
END_TEST

static bool names(const struct row *row, const char *rule)
{
    struct str list = str_of(row->found);
    while (list.n)
        if (str_starts(str_trim(str_cut(&list, ';')), str_of(rule)))
            return true;
    return false;
}

/* save-quota is tested below, with a policy too long to write down. */
START_TEST(each_rule_is_found_in_one_row_and_not_in_another)
{
    size_t n;
    const struct lint_rule *rules = rule_all(&n);
    for (size_t i = 0; i < n; i++) {
        bool found = strcmp(rules[i].id, "save-quota") == 0, passed = found;
        for (size_t j = 0; j < ROWS; j++) {
            bool named = names(&rows[j], rules[i].id);
            found |= named;
            passed |= !named && strcmp(rows[j].rule, rules[i].id) == 0;
        }
        ck_assert_msg(found, "no row finds %s", rules[i].id);
        ck_assert_msg(passed, "no row lets pass what %s might find", rules[i].id);
    }
}
END_TEST

START_TEST(each_row_is_about_a_rule)
{
    for (size_t i = 0; i < ROWS; i++)
        ck_assert_ptr_nonnull(rule_get(rows[i].rule));
}
END_TEST

/* A policy of so many characters. */
static struct str long_policy(struct arena *a, size_t characters)
{
    struct str head = fixture_text(a, "{'Statement':{'Effect':'Allow','Principal':{'AWS':"
                                      "'123456789012'},'Action':'sts:AssumeRole','Condition':{"
                                      "'StringEquals':{'aws:userid':'");
    struct text t = text_new(a, 1024 * 1024);
    text_put(&t, head);
    while (t.n < characters - 5)
        text_putc(&t, 'x');
    text_put(&t, STR("\"}}}}"));
    return text_str(&t);
}

START_TEST(the_quota_is_2048_characters)
{
    struct arena *a = arena_new();
    for (size_t extra = 0; extra < 2; extra++) {
        struct findings f = findings_new(a);
        (void)lint_file(&f, STR("test.json"), long_policy(a, 2048 + extra), false);
        want_str("found", listed(a, &f), extra ? STR("save-quota $") : STR(""));
    }
    arena_free(a);
}
END_TEST

/* What IAM says is told to the letter, and what a person can do about it. */
static const struct {
    const char *name, *document, *says;
} texts[] = {
    { "a missing element", "{'Statement':{'Effect':'Allow'}}",
      "Missing required field Principal (the statement has no Principal)" },
    { "a wrong action", POLICY(STATEMENT("Allow", ISS, "'sts:assume'", SUB(ISS))),
      "AssumeRole policy may only specify STS AssumeRole actions. (\"sts:assume\" is" },
    { "a shared provider", ALLOW("gitlab.com", "{}"),
      "Trust policy with trusted principal gitlab.com must evaluate, using StringEquals, "
      "StringLike "
      "or StringEqualsIgnoreCase, gitlab.com:sub which is not scoped to all. (" },
    { "how far the audience is off",
      CONFIG(PROVIDER(ISS), ROLE("", ALLOW(ISS, "{'StringEquals':{'" ISS ":aud':'Client-a','" ISS
                                                ":sub':'me'}}"))),
      "\"Client-a\" is no client id of https://" ISS },
    { "that nothing matches", ALLOW(ISS, EQUALS(ISS ":iss", "x")),
      "so the statement never matches" },
    { "that everything matches",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'me'},'StringNotEquals':{'" ISS ":team':'x'}}"),
      "so the condition always holds" },
};

START_TEST(a_message_says)
{
    struct arena *a = arena_new();
    struct findings f = lint(a, texts[_i].document);
    ck_assert_msg(f.n > 0, "%s: nothing found", texts[_i].name);
    struct str says = str_of(texts[_i].says); /* holds quotes as they are */
    ck_assert_msg(str_contains(f.items[0].message, says), "%s: %.*s", texts[_i].name,
                  STR_ARG(f.items[0].message));
    arena_free(a);
}
END_TEST

/* A fix names the exact key and value to write. */
static const struct {
    const char *name, *document, *fix;
} fixes[] = {
    { "CircleCI's subject", ALLOW(CIRCLECI, "{}"),
      "add \"" CIRCLECI ":sub\": \"org/0f/project/PROJECT_ID/user/*\" under \"StringLike\"" },
    { "a key that carries the value", ALLOW(ISS, EQUALS(ISS ":azp", "x")),
      "compare \"" ISS ":aud\", which holds azp where a token has one" },
    { "env zero's claims",
      POLICY(STATEMENT("Allow", ENV0, WITH_TAGS,
                       "{'StringEquals':{" ORGANIZATION ",'" ENV0 ":projectId':'p'}}")),
      "compare \"aws:RequestTag/projectId\", if it is one of env zero's session tags" },
    { "the key as it is spelt",
      ALLOW(ISS, "{'StringEquals':{'" ISS ":sub':'me','https://" ISS ":email':'x'}}"),
      "write \"" ISS ":email\"" },
    { "the provider that was meant",
      CONFIG(PROVIDER("issuer.example.org"), ROLE("", ALLOW(ISS, SUB(ISS)))),
      "did you mean .../oidc-provider/issuer.example.org?" },
    { "the audience that was meant",
      CONFIG(PROVIDER(ISS), ROLE("", ALLOW(ISS, "{'StringEquals':{'" ISS ":aud':'client_b','" ISS
                                                ":sub':'me'}}"))),
      "did you mean \"client-b\"?" },
};

START_TEST(a_fix_says)
{
    struct arena *a = arena_new();
    struct findings f = lint(a, fixes[_i].document);
    ck_assert_msg(f.n == 1, "%s: %zu found", fixes[_i].name, f.n);
    want_str(fixes[_i].name, f.items[0].fix, str_of(fixes[_i].fix));
    arena_free(a);
}
END_TEST

START_TEST(a_place_has_line_and_column)
{
    struct arena *a = arena_new();
    struct findings f = lint(a, "{\n  'Statement': [\n    {'Effect':'Allow',\n     'Principal':'*',"
                                "\n     'Action': 'sts:AssumeRole'}]}");
    ck_assert_uint_eq(f.n, 1);
    want_str("file", f.items[0].file, STR("test.json"));
    ck_assert_uint_eq(f.items[0].line, 4);
    ck_assert_uint_eq(f.items[0].column, 18);
    ck_assert_int_eq(f.items[0].severity, LINT_WARNING);
    arena_free(a);
}
END_TEST

/* The controls are not retroactive; everything else of an older role is as wrong as of a new one.
 */
START_TEST(severity_follows_the_age_of_a_role)
{
    static const char *const created[] = { "2025-05-31T23:59:59Z", "2025-06-01T00:00:00Z" };
    struct arena *a = arena_new();
    for (int i = 0; i < 2; i++) {
        struct str document = arena_printf(
            a, CONFIG(PROVIDER(GITHUB), ROLE(",'created':'%s'", ALLOW(GITHUB, "{}"))), created[i]);
        struct findings f = lint(a, document.p);
        ck_assert_uint_eq(f.n, 1);
        ck_assert_int_eq(f.items[0].severity, i ? LINT_ERROR : LINT_WARNING);
    }
    arena_free(a);
}
END_TEST

/* A file with more mistakes than anybody reads costs no more than those that are told. */
START_TEST(findings_are_bounded_and_it_is_said_when_there_are_more)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 16 * 1024 * 1024);
    struct findings f = findings_new(a);
    text_put(&t, STR("{\"roles\":["));
    for (int i = 0; i < 1500; i++)
        text_printf(&t, "%s{\"name\":\"%d\"}", i ? "," : "", i);
    text_put(&t, STR("]}"));
    (void)lint_file(&f, STR("test.json"), text_str(&t), false);
    ck_assert_uint_eq(f.n, FINDINGS_MAX);
    ck_assert_uint_eq(findings_count(&f, LINT_ERROR), FINDINGS_MAX);
    ck_assert(f.left_out[LINT_ERROR] && !f.left_out[LINT_WARNING]);
    arena_free(a);
}
END_TEST

START_TEST(a_policy_of_many_statements_is_read_all_the_same)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 16 * 1024 * 1024);
    struct findings f = findings_new(a);
    text_put(&t, STR("{\"Statement\":["));
    for (int i = 0; i < 3000; i++)
        text_printf(&t,
                    "%s{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"%012d\"},\"Action\":"
                    "\"sts:%s\"}",
                    i ? "," : "", i, i == 2999 ? "Nothing" : "AssumeRole");
    text_put(&t, STR("]}"));
    (void)lint_file(&f, STR("test.json"), text_str(&t), false);
    want_str("found", listed(a, &f), STR("save-quota $; save-refused $.Statement[2999].Action"));
    arena_free(a);
}
END_TEST

Suite *rules_suite(void);

Suite *rules_suite(void)
{
    Suite *s = suite_create("fakests/lint/rules");
    TCase *t = tcase_create("rows");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, finds_this_and_nothing_else, 0, ROWS);
    tcase_add_test(t, each_rule_is_found_in_one_row_and_not_in_another);
    tcase_add_test(t, each_row_is_about_a_rule);
    tcase_add_test(t, the_quota_is_2048_characters);
    tcase_add_loop_test(t, a_message_says, 0, sizeof texts / sizeof texts[0]);
    tcase_add_loop_test(t, a_fix_says, 0, sizeof fixes / sizeof fixes[0]);
    tcase_add_test(t, a_place_has_line_and_column);
    tcase_add_test(t, severity_follows_the_age_of_a_role);
    tcase_add_test(t, findings_are_bounded_and_it_is_said_when_there_are_more);
    tcase_add_test(t, a_policy_of_many_statements_is_read_all_the_same);
    suite_add_tcase(s, t);
    return s;
}
