#include "issuer/token.h"

#include "tests/issuer/fixture.h"

/*
 * The tokens themselves: whole claims, in their order, with their JSON types, for each variant and
 * each parameter that changes their shape.  Where a platform's own sample is known it is the
 * expectation.
 */

static struct fixture f;

static void set_up(void)
{
    fixture_init(&f);
}

static void tear_down(void)
{
    fixture_free(&f);
}

static bool is_uuid(struct str s)
{
    bool good = s.n == 36;
    for (size_t i = 0; i < s.n && good; i++)
        good = i == 8 || i == 13 || i == 18 || i == 23
                   ? s.p[i] == '-'
                   : s.p[i] && strchr("0123456789abcdef", s.p[i]) != NULL;
    return good;
}

#define CIRCLE_ISS "'iss':'https://oidc.circleci.com/org/00f45056-5918-4171-9222-b538c76ed3f8'"
#define CIRCLE_AUD "'aud':'00f45056-5918-4171-9222-b538c76ed3f8'"
#define CIRCLE_V1                                                                                 \
    "org/00f45056-5918-4171-9222-b538c76ed3f8/project/dabad1c2-62eb-48a6-87ab-fc6ae6589281/user/" \
    "688c029b-dfed-45bc-af7c-20281a884e2d"
#define CIRCLE_V2 CIRCLE_V1 "/vcs-origin/github.com/organization-123/repo-1/vcs-ref/refs/heads/main"
#define CIRCLE_IDS                                                       \
    "'oidc.circleci.com/org-id':'00f45056-5918-4171-9222-b538c76ed3f8'," \
    "'oidc.circleci.com/project-id':'dabad1c2-62eb-48a6-87ab-fc6ae6589281'"
#define CIRCLE_RUN                                                                       \
    "'oidc.circleci.com/pipeline-id':'a1b6f2ee-7b6b-4f0b-9d53-6d3f1a0f9c01',"            \
    "'oidc.circleci.com/pipeline-definition-id':'c2f3d1b0-4e8a-4a7f-8f7e-0f3b9b6f2d02'," \
    "'oidc.circleci.com/workflow-id':'5d0c7f7e-6a55-4d0e-b7a5-9f6c1d2e3a03',"            \
    "'oidc.circleci.com/job-id':'e8b5c4a9-1f2d-4b3c-9a8e-7d6f5c4b3a04'"
#define CIRCLE_VCS                                                         \
    "'oidc.circleci.com/vcs-origin':'github.com/organization-123/repo-1'," \
    "'oidc.circleci.com/vcs-ref':'refs/heads/main'"
#define CIRCLE_MIDDLE                                            \
    CIRCLE_IDS ",'oidc.circleci.com/context-ids':[]," CIRCLE_RUN \
               ",'oidc.circleci.com/ssh-rerun':false"
#define HOUR "'iat':1700000000,'exp':1700003600"

static const struct {
    const char *name, *platform, *set, *wanted;
} cases[] = {
    /* Render */
    { "Render: a service", "render", "{}",
      "{'iss':'https://oidc.render.com/tea-csps46i3esus73eojjp0','aud':'sts.amazonaws.com',"
      "'sub':'workspace:tea-csps46i3esus73eojjp0:environment:default:service:"
      "srv-d9tarvad0e5s738nfj6g'," HOUR "}" },
    { "Render: another service in an environment", "render/service",
      "{'workspace_id':'tea-d8f29999rddc73c7ij1g','environment_id':'evm-d8f2q6q8qa3s738h6sm0',"
      "'service_id':'srv-d8f2q759j78s73fo7bvg'}",
      "{'iss':'https://oidc.render.com/tea-d8f29999rddc73c7ij1g','aud':'sts.amazonaws.com',"
      "'sub':'workspace:tea-d8f29999rddc73c7ij1g:environment:evm-d8f2q6q8qa3s738h6sm0:service:"
      "srv-d8f2q759j78s73fo7bvg'," HOUR "}" },
    { "Render: a cron job is crn-", "render/cron", "{}",
      "{'iss':'https://oidc.render.com/tea-csps46i3esus73eojjp0','aud':'sts.amazonaws.com',"
      "'sub':'workspace:tea-csps46i3esus73eojjp0:environment:default:service:"
      "crn-d9tarvad0e5s738nfj6g'," HOUR "}" },

    /* env zero: the sample of its documentation */
    { "env0: the documented sample", "env0",
      "{'sub':'auth0|63021f2ce98a11d0678ed6fe',"
      "'organization_id':'66a38abf-69bc-4cb7-ad73-7f61e389079f',"
      "'project_id':'5b44fa6d-ecfd-40ab-8e69-14d6fe7c638c','template_name':'Test Tempalte',"
      "'audience':'https://app.env0.com','env0_tag':'production-workload'}",
      "{'https://aws.amazon.com/tags':{'principal_tags':{"
      "'organizationId':['66a38abf-69bc-4cb7-ad73-7f61e389079f'],"
      "'projectId':['5b44fa6d-ecfd-40ab-8e69-14d6fe7c638c'],"
      "'templateId':['dc9808e2-44d3-48dd-b12a-31a08927ee6e'],"
      "'environmentId':['9c3ca3cf-870d-4db4-9c60-5adf37faab45'],"
      "'deployerEmail':['test@test.com'],'deploymentType':['deploy'],"
      "'env0Tag':['production-workload']}},"
      "'apiKeyType':'oidc','organization':'66a38abf-69bc-4cb7-ad73-7f61e389079f',"
      "'organizationId':'66a38abf-69bc-4cb7-ad73-7f61e389079f',"
      "'projectId':'5b44fa6d-ecfd-40ab-8e69-14d6fe7c638c','projectName':'Test Project',"
      "'templateId':'dc9808e2-44d3-48dd-b12a-31a08927ee6e','templateName':'Test Tempalte',"
      "'environmentId':'9c3ca3cf-870d-4db4-9c60-5adf37faab45',"
      "'environmentName':'Dev Test Environment','workspaceName':'env09c3ca3',"
      "'deployerEmail':'test@test.com','deploymentLogId':'96e2b169-5e4a-44a4-876b-4a5d26f4412c',"
      "'deploymentType':'deploy',"
      "'https://env0.com/apiKeyType':'oidc',"
      "'https://env0.com/organization':'66a38abf-69bc-4cb7-ad73-7f61e389079f',"
      "'https://env0.com/organizationId':'66a38abf-69bc-4cb7-ad73-7f61e389079f',"
      "'https://env0.com/projectId':'5b44fa6d-ecfd-40ab-8e69-14d6fe7c638c',"
      "'https://env0.com/projectName':'Test Project',"
      "'https://env0.com/templateId':'dc9808e2-44d3-48dd-b12a-31a08927ee6e',"
      "'https://env0.com/templateName':'Test Tempalte',"
      "'https://env0.com/environmentId':'9c3ca3cf-870d-4db4-9c60-5adf37faab45',"
      "'https://env0.com/environmentName':'Dev Test Environment',"
      "'https://env0.com/workspaceName':'env09c3ca3',"
      "'https://env0.com/deploymentLogId':'96e2b169-5e4a-44a4-876b-4a5d26f4412c',"
      "'https://env0.com/deploymentType':'deploy',"
      "'https://env0.com/deployerEmail':'test@test.com',"
      "'https://env0.com/env0Tag':'production-workload','env0Tag':'production-workload',"
      "'iss':'https://login.app.env0.com/','sub':'auth0|63021f2ce98a11d0678ed6fe',"
      "'aud':'https://app.env0.com','iat':1700000000,'exp':1700086400,"
      "'azp':'hoMiq9PdkRh9LUvVpH4wIErWg50VSG1b','gty':'password'}" },

    /* Pulumi */
    { "Pulumi Deployments", "pulumi", "{}",
      "{'iss':'https://api.pulumi.com/oidc','aud':'contoso',"
      "'sub':'pulumi:deploy:org:contoso:project:Core:stack:dev:operation:update:scope:write',"
      "'org':'contoso','project':'Core','stack':'dev','stackId':'contoso/Core/dev',"
      "'operation':'update','deployment':'12','scope':'write','iat':1700000000,"
      "'nbf':1700000000,'exp':1700003600}" },
    { "Pulumi Deployments: another stack, destroyed", "pulumi/deploy",
      "{'organization':'acme','project':'Web','stack':'prod','operation':'destroy',"
      "'deployment':'7'}",
      "{'iss':'https://api.pulumi.com/oidc','aud':'acme',"
      "'sub':'pulumi:deploy:org:acme:project:Web:stack:prod:operation:destroy:scope:write',"
      "'org':'acme','project':'Web','stack':'prod','stackId':'acme/Web/prod',"
      "'operation':'destroy','deployment':'7','scope':'write','iat':1700000000,"
      "'nbf':1700000000,'exp':1700003600}" },
    { "Pulumi ESC: the legacy default project has the bare audience and name", "pulumi/esc", "{}",
      "{'iss':'https://api.pulumi.com/oidc','aud':'contoso',"
      "'sub':'pulumi:environments:org:contoso:env:development','org':'contoso',"
      "'env':'development','current_env':'development','root_env':'development',"
      "'trigger_user':'personA','iat':1700000000,'nbf':1700000000,'exp':1700003600}" },
    { "Pulumi ESC: in a project, the audience is aws:<organization>", "pulumi/esc",
      "{'project':'proj'}",
      "{'iss':'https://api.pulumi.com/oidc','aud':'aws:contoso',"
      "'sub':'pulumi:environments:org:contoso:env:proj/development','org':'contoso',"
      "'env':'proj/development','current_env':'proj/development','root_env':'proj/development',"
      "'trigger_user':'personA','iat':1700000000,'nbf':1700000000,'exp':1700003600}" },
    { "Pulumi ESC: subjectAttributes make the subject, in their order", "pulumi/esc",
      "{'project':'project','subject_attributes':['currentEnvironment.name','pulumi.user.login']}",
      "{'iss':'https://api.pulumi.com/oidc','aud':'aws:contoso',"
      "'sub':'pulumi:environments:pulumi.organization.login:contoso:currentEnvironment.name:"
      "project/development:pulumi.user.login:personA','org':'contoso',"
      "'env':'project/development','current_env':'project/development',"
      "'root_env':'project/development','trigger_user':'personA','iat':1700000000,"
      "'nbf':1700000000,'exp':1700003600}" },
    { "Pulumi ESC: subjectAttributes in the default project", "pulumi/esc",
      "{'subject_attributes':['currentEnvironment.name']}",
      "{'iss':'https://api.pulumi.com/oidc','aud':'contoso',"
      "'sub':'pulumi:environments:pulumi.organization.login:contoso:currentEnvironment.name:"
      "development','org':'contoso','env':'development','current_env':'development',"
      "'root_env':'development','trigger_user':'personA','iat':1700000000,'nbf':1700000000,"
      "'exp':1700003600}" },
    { "Pulumi ESC through IaC: the subject is the literal <yaml>", "pulumi/esc-iac", "{}",
      "{'iss':'https://api.pulumi.com/oidc','aud':'contoso',"
      "'sub':'pulumi:environments:org:contoso:env:<yaml>','org':'contoso','env':'<yaml>',"
      "'current_env':'development','root_env':'<yaml>','trigger_user':'personA',"
      "'iat':1700000000,'nbf':1700000000,'exp':1700003600}" },
    { "Pulumi ESC through IaC: whatever the environment", "pulumi/esc-iac",
      "{'project':'proj','environment':'other'}",
      "{'iss':'https://api.pulumi.com/oidc','aud':'aws:contoso',"
      "'sub':'pulumi:environments:org:contoso:env:<yaml>','org':'contoso','env':'<yaml>',"
      "'current_env':'proj/other','root_env':'<yaml>','trigger_user':'personA',"
      "'iat':1700000000,'nbf':1700000000,'exp':1700003600}" },
    { "Pulumi v2", "pulumi/v2",
      "{'project':'proj','organization_id':'org-1','environment_id':'env-1'}",
      "{'iss':'https://api.pulumi.com/oidc/v2','aud':'sts.amazonaws.com',"
      "'sub':'pulumi:org:org-1:env:env-1','jti':'<uuid>','iat':1700000000,'nbf':1700000000,"
      "'exp':1700003600,'https://pulumi.com/org':'contoso','https://pulumi.com/org_id':'org-1',"
      "'https://pulumi.com/current_env':'proj/development',"
      "'https://pulumi.com/current_env_id':'env-1',"
      "'https://pulumi.com/root_env':'proj/development'}" },
    { "Pulumi v2: the optional claims", "pulumi/v2",
      "{'organization_id':'o','environment_id':'e','root_environment_id':'r','actor':'a',"
      "'actor_id':'i','audience':'mine'}",
      "{'iss':'https://api.pulumi.com/oidc/v2','aud':'mine','sub':'pulumi:org:o:env:e',"
      "'jti':'<uuid>','iat':1700000000,'nbf':1700000000,'exp':1700003600,"
      "'https://pulumi.com/org':'contoso','https://pulumi.com/org_id':'o',"
      "'https://pulumi.com/current_env':'default/development',"
      "'https://pulumi.com/current_env_id':'e','https://pulumi.com/root_env':'default/development',"
      "'https://pulumi.com/root_env_id':'r','https://pulumi.com/actor':'a',"
      "'https://pulumi.com/actor_id':'i'}" },

    /* CircleCI */
    { "CircleCI V1", "circleci", "{}",
      "{" CIRCLE_ISS "," CIRCLE_AUD ",'sub':'" CIRCLE_V1 "'," CIRCLE_MIDDLE "," CIRCLE_VCS "," HOUR
      "}" },
    { "CircleCI V2 names repository and branch too", "circleci/v2", "{}",
      "{" CIRCLE_ISS "," CIRCLE_AUD ",'sub':'" CIRCLE_V2 "'," CIRCLE_MIDDLE "," CIRCLE_VCS "," HOUR
      "}" },
    { "CircleCI V2 by a custom webhook: V1's subject, no vcs claims", "circleci/v2",
      "{'trigger':'webhook'}",
      "{" CIRCLE_ISS "," CIRCLE_AUD ",'sub':'" CIRCLE_V1 "'," CIRCLE_MIDDLE "," HOUR "}" },
    { "CircleCI V1 by a custom webhook has no vcs claims either", "circleci/v1",
      "{'trigger':'webhook'}",
      "{" CIRCLE_ISS "," CIRCLE_AUD ",'sub':'" CIRCLE_V1 "'," CIRCLE_MIDDLE "," HOUR "}" },
    { "CircleCI: a custom audience", "circleci", "{'audience':'name'}",
      "{" CIRCLE_ISS ",'aud':'name','sub':'" CIRCLE_V1 "'," CIRCLE_MIDDLE "," CIRCLE_VCS "," HOUR
      "}" },
    { "CircleCI: several custom audiences", "circleci", "{'audience':['one','two']}",
      "{" CIRCLE_ISS ",'aud':['one','two'],'sub':'" CIRCLE_V1 "'," CIRCLE_MIDDLE "," CIRCLE_VCS
      "," HOUR "}" },
    { "CircleCI: several custom audiences given as text", "circleci",
      "{'audience':'[\\'one\\',\\'two\\']'}",
      "{" CIRCLE_ISS ",'aud':['one','two'],'sub':'" CIRCLE_V1 "'," CIRCLE_MIDDLE "," CIRCLE_VCS
      "," HOUR "}" },
    { "CircleCI --root-issuer", "circleci", "{'root_issuer':true}",
      "{'iss':'https://oidc.circleci.com'," CIRCLE_AUD ",'sub':'" CIRCLE_V1 "'," CIRCLE_MIDDLE
      "," CIRCLE_VCS "," HOUR "}" },
    { "CircleCI: text becomes the boolean and the array that they are", "circleci",
      "{'ssh_rerun':'true','context_ids':'[\\'05ad3418-d221-484f-99fb-46dc6b0f569b\\']'}",
      "{" CIRCLE_ISS "," CIRCLE_AUD ",'sub':'" CIRCLE_V1 "'," CIRCLE_IDS
      ",'oidc.circleci.com/context-ids':['05ad3418-d221-484f-99fb-46dc6b0f569b']," CIRCLE_RUN
      ",'oidc.circleci.com/ssh-rerun':true," CIRCLE_VCS "," HOUR "}" },
    { "CircleCI: claims that came later can be left out", "circleci",
      "{'pipeline_id':'','pipeline_definition_id':'','workflow_id':'','job_id':''}",
      "{" CIRCLE_ISS "," CIRCLE_AUD ",'sub':'" CIRCLE_V1 "'," CIRCLE_IDS
      ",'oidc.circleci.com/context-ids':[],'oidc.circleci.com/ssh-rerun':false," CIRCLE_VCS "," HOUR
      "}" },

    /* GitHub: the real token of July 2025, but for its times */
    { "GitHub: a pull request, as a real token was", "github",
      "{'repository':'github/actions-oidc-debugger','repository_id':'487920697',"
      "'repository_owner_id':'9919','repository_visibility':'public','actor':'GrantBirki',"
      "'actor_id':'23362539','enterprise':'github','enterprise_id':'11468','pull_request':'27',"
      "'head_ref':'release-setup','workflow':'Test Debugger Action',"
      "'workflow_path':'.github/workflows/action-test.yml','run_number':'33',"
      "'audience':'https://github.com/github'}",
      "{'actor':'GrantBirki','actor_id':'23362539','aud':'https://github.com/github',"
      "'base_ref':'main','enterprise':'github','enterprise_id':'11468',"
      "'event_name':'pull_request','exp':1700021600,'head_ref':'release-setup','iat':1700000000,"
      "'iss':'https://token.actions.githubusercontent.com',"
      "'job_workflow_ref':'github/actions-oidc-debugger/.github/workflows/action-test.yml@refs/"
      "pull/27/merge','job_workflow_sha':'7f93a73b8273af5d35fcd70661704c1cadc57054',"
      "'jti':'<uuid>','nbf':1699999700,'ref':'refs/pull/27/merge','ref_protected':'false',"
      "'ref_type':'branch','repository':'github/actions-oidc-debugger',"
      "'repository_id':'487920697','repository_owner':'github','repository_owner_id':'9919',"
      "'repository_visibility':'public','run_attempt':'1','run_id':'16055869479',"
      "'run_number':'33','runner_environment':'github-hosted',"
      "'sha':'7f93a73b8273af5d35fcd70661704c1cadc57054',"
      "'sub':'repo:github/actions-oidc-debugger:pull_request','workflow':'Test Debugger Action',"
      "'workflow_ref':'github/actions-oidc-debugger/.github/workflows/action-test.yml@refs/pull/"
      "27/merge','workflow_sha':'7f93a73b8273af5d35fcd70661704c1cadc57054'}" },

    /* EKS */
    { "EKS: aud is an array, kubernetes.io an object", "eks", "{}",
      "{'aud':['sts.amazonaws.com'],'exp':1700086400,'iat':1700000000,"
      "'iss':'https://oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',"
      "'jti':'<uuid>','kubernetes.io':{'namespace':'default',"
      "'node':{'name':'ip-10-0-0-1','uid':'52a9cd3e-1c0a-4a6f-9e5e-0d8a3d7b2f11'},"
      "'pod':{'name':'my-pod','uid':'eb7ac8d4-9d6b-4b6e-8f0a-0d5d4b4a6c10'},"
      "'serviceaccount':{'name':'my-sa','uid':'14ee3fa4-a7e2-420f-9f9a-dbc4507c3798'}},"
      "'nbf':1700000000,'sub':'system:serviceaccount:default:my-sa'}" },
    { "EKS: an older cluster names no node", "eks",
      "{'node':'','namespace':'web','service_account':'s3','region':'eu-west-1',"
      "'cluster_id':'0123456789ABCDEF0123456789ABCDEF','audience':['sts.amazonaws.com','x']}",
      "{'aud':['sts.amazonaws.com','x'],'exp':1700086400,'iat':1700000000,"
      "'iss':'https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF',"
      "'jti':'<uuid>','kubernetes.io':{'namespace':'web',"
      "'pod':{'name':'my-pod','uid':'eb7ac8d4-9d6b-4b6e-8f0a-0d5d4b4a6c10'},"
      "'serviceaccount':{'name':'s3','uid':'14ee3fa4-a7e2-420f-9f9a-dbc4507c3798'}},"
      "'nbf':1700000000,'sub':'system:serviceaccount:web:s3'}" },

    /* any */
    { "generic: what AWS needs", "generic", "{}",
      "{'iss':'https://issuer.example.com','sub':'user-1','aud':'sts.amazonaws.com'," HOUR "}" },
    { "generic: any issuer", "generic",
      "{'issuer':'https://i.example.com/a/b/','sub':'me','aud':['a','b']}",
      "{'iss':'https://i.example.com/a/b/','sub':'me','aud':['a','b']," HOUR "}" },
};

START_TEST(claims_are_the_platforms)
{
    struct token_ask ask = { .platform = str_of(cases[_i].platform),
                             .set = fixture_json(&f, cases[_i].set) };
    struct token t = fixture_mint(&f, &ask);
    if (is_uuid(json_str(json_object_get(t.claims, "jti"))))
        json_object_set_new(t.claims, "jti", json_string("<uuid>"));
    want_json(&f, cases[_i].name, t.claims, cases[_i].wanted);
}
END_TEST

/* The token of October 2022, all of it, stands in ours; what is more is documented since. */
START_TEST(circlecis_observed_token_is_contained_in_ours)
{
    static const char observed[] =
        "{'sub':'org/00f45056-5918-4171-9222-b538c76ed3f8/project/dabad1c2-62eb-48a6-87ab-"
        "fc6ae6589281/user/688c029b-dfed-45bc-af7c-20281a884e2d',"
        "'aud':'00f45056-5918-4171-9222-b538c76ed3f8',"
        "'oidc.circleci.com/project-id':'dabad1c2-62eb-48a6-87ab-fc6ae6589281',"
        "'oidc.circleci.com/context-ids':['05ad3418-d221-484f-99fb-46dc6b0f569b'],"
        "'iss':'https://oidc.circleci.com/org/00f45056-5918-4171-9222-b538c76ed3f8',"
        "'exp':1665056032,'iat':1665052432}";
    json_t *wanted = fixture_json(&f, observed), *value;
    const char *key;
    struct token_ask ask = { .platform = STR("circleci"),
                             .set = fixture_json(
                                 &f, "{'context_ids':['05ad3418-d221-484f-99fb-46dc6b0f569b']}") };
    clock_set(&f.clock, INT64_C(1665052432000), true);
    struct token t = fixture_mint(&f, &ask);
    json_object_foreach(wanted, key, value)
        ck_assert_msg(json_equal(value, json_object_get(t.claims, key)), "%s", key);
}
END_TEST

static const struct {
    const char *name, *platform, *wanted;
} headers[] = {
    { "CircleCI's header, and a kid of 64 bytes", "circleci",
      "{'kid':'86','typ':'JWT','alg':'RS256'}" },
    { "GitHub's header has an x5t", "github", "{'typ':'JWT','alg':'RS256','x5t':'27','kid':'40'}" },
    { "EKS has no typ, and a kid of 40 digits", "eks", "{'alg':'RS256','kid':'40'}" },
    { "env0's header, with a kid as Auth0's", "env0", "{'alg':'RS256','typ':'JWT','kid':'21'}" },
    { "Pulumi's header", "pulumi", "{'alg':'RS256','kid':'43','typ':'JWT'}" },
    { "Render's header", "render", "{'alg':'RS256','kid':'43','typ':'JWT'}" },
};

/* Of what depends on the key only the length is compared. */
START_TEST(headers_are_the_platforms)
{
    static const char *const of_key[] = { "kid", "x5t" };
    struct token_ask ask = { .platform = str_of(headers[_i].platform) };
    struct token t = fixture_mint(&f, &ask);
    for (size_t i = 0; i < 2; i++) {
        json_t *v = json_object_get(t.header, of_key[i]);
        if (v)
            json_object_set_new(t.header, of_key[i], json_sprintf("%zu", json_string_length(v)));
    }
    want_json(&f, headers[_i].name, t.header, headers[_i].wanted);
}
END_TEST

static const struct {
    const char *name, *platform, *set, *wanted;
} subjects[] = {
    { "GitHub: a branch", "github", "{}", "repo:octo-org/octo-repo:ref:refs/heads/main" },
    { "GitHub: another branch", "github", "{'branch':'dev'}",
      "repo:octo-org/octo-repo:ref:refs/heads/dev" },
    { "GitHub: a tag", "github", "{'tag':'v1'}", "repo:octo-org/octo-repo:ref:refs/tags/v1" },
    { "GitHub: a pull request", "github", "{'event_name':'pull_request'}",
      "repo:octo-org/octo-repo:pull_request" },
    { "GitHub: a pull request by its number", "github", "{'pull_request':'5'}",
      "repo:octo-org/octo-repo:pull_request" },
    { "GitHub: an environment", "github", "{'environment':'prod'}",
      "repo:octo-org/octo-repo:environment:prod" },
    { "GitHub: an environment wins over a pull request", "github",
      "{'environment':'prod','event_name':'pull_request'}",
      "repo:octo-org/octo-repo:environment:prod" },
    { "GitHub: a colon in an environment is %3A", "github", "{'environment':'prod:eu'}",
      "repo:octo-org/octo-repo:environment:prod%3Aeu" },
    { "GitHub: another repository", "github", "{'repository':'acme/web'}",
      "repo:acme/web:ref:refs/heads/main" },
    { "GitHub immutable: a branch", "github/immutable", "{}",
      "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main" },
    { "GitHub immutable: an environment", "github/immutable", "{'environment':'prod'}",
      "repo:octo-org@123456/octo-repo@456789:environment:prod" },
    { "GitHub immutable: another repository's ids", "github/immutable",
      "{'repository':'acme/web','repository_id':'2','repository_owner_id':'1'}",
      "repo:acme@1/web@2:ref:refs/heads/main" },
    { "CircleCI V2: a tag of a fork", "circleci/v2",
      "{'vcs_origin':'github.com/fork/repo-1','vcs_ref':'refs/heads/pull/7'}",
      CIRCLE_V1 "/vcs-origin/github.com/fork/repo-1/vcs-ref/refs/heads/pull/7" },
    { "Pulumi ESC: every attribute, the organization not twice", "pulumi/esc",
      "{'subject_attributes':['rootEnvironment.name','pulumi.organization.login',"
      "'pulumi.user.login','currentEnvironment.name']}",
      "pulumi:environments:pulumi.organization.login:contoso:rootEnvironment.name:development:"
      "pulumi.user.login:personA:currentEnvironment.name:development" },
};

START_TEST(subjects_follow_the_parameters)
{
    struct token_ask ask = { .platform = str_of(subjects[_i].platform),
                             .set = fixture_json(&f, subjects[_i].set) };
    struct token t = fixture_mint(&f, &ask);
    want_str(subjects[_i].name, json_str(json_object_get(t.claims, "sub")),
             str_of(subjects[_i].wanted));
}
END_TEST

static const struct {
    const char *name, *platform, *set, *claim, *wanted; /* NULL: absent */
} claims[] = {
    { "env0Tag is absent unless set", "env0", "{}", "env0Tag", NULL },
    { "so is its duplicate", "env0", "{}", "https://env0.com/env0Tag", NULL },
    { "aud of env0 is the one that was seen", "env0", "{}", "aud", "'https://prod.env0.com'" },
    { "the guide's project is env0's default", "env0", "{}", "projectId",
      "'1a433171-217e-4f58-9b4e-308d4d77902f'" },
    { "the guide's subject is env0's default", "env0", "{}", "sub",
      "'auth0|632b8219674bde0224a96141'" },
    { "GitHub: without an environment no claim", "github", "{}", "environment", NULL },
    { "GitHub: an environment", "github", "{'environment':'prod:eu'}", "environment", "'prod:eu'" },
    { "GitHub: without an enterprise no claim", "github", "{}", "enterprise", NULL },
    { "GitHub: check_run_id when given", "github", "{'check_run_id':'9'}", "check_run_id", "'9'" },
    { "GitHub: and not otherwise", "github", "{}", "check_run_id", NULL },
    { "GitHub: head_ref is empty for a push", "github", "{}", "head_ref", "''" },
    { "GitHub: the type of a tag", "github", "{'tag':'v1'}", "ref_type", "'tag'" },
    { "GitHub: the owner follows the repository", "github", "{'repository':'acme/web'}",
      "repository_owner", "'acme'" },
    { "GitHub: numbers are text", "github", "{}", "run_number", "'10'" },
    { "GitHub: an enterprise's issuer", "github", "{'enterprise_slug':'octo'}", "iss",
      "'https://token.actions.githubusercontent.com/octo'" },
    { "GitHub: data residency", "github", "{'ghe_subdomain':'octo'}", "iss",
      "'https://token.actions.octo.ghe.com'" },
    { "GitHub: both", "github", "{'ghe_subdomain':'octo','enterprise_slug':'s'}", "iss",
      "'https://token.actions.octo.ghe.com/s'" },
    { "Pulumi ESC has no jti", "pulumi/esc", "{}", "jti", NULL },
    { "Pulumi Deployments has no jti", "pulumi", "{}", "jti", NULL },
    { "CircleCI has no nbf", "circleci", "{}", "nbf", NULL },
    { "CircleCI has no jti", "circleci", "{}", "jti", NULL },
    { "env0 has no nbf", "env0", "{}", "nbf", NULL },
    { "Render has no nbf", "render", "{}", "nbf", NULL },
};

START_TEST(claims_follow_the_parameters)
{
    struct token_ask ask = { .platform = str_of(claims[_i].platform),
                             .set = fixture_json(&f, claims[_i].set) };
    struct token t = fixture_mint(&f, &ask);
    const json_t *got = json_object_get(t.claims, claims[_i].claim);
    if (claims[_i].wanted)
        want_json(&f, claims[_i].name, got, claims[_i].wanted);
    else
        ck_assert_msg(got == NULL, "%s", claims[_i].name);
}
END_TEST

START_TEST(env0_has_no_tag_for_a_tag_that_is_not_set)
{
    struct token_ask ask = { .platform = STR("env0") };
    struct token t = fixture_mint(&f, &ask);
    const json_t *tags = json_object_get(t.claims, "https://aws.amazon.com/tags");
    ck_assert_uint_eq(json_object_size(tags), 1);
    ck_assert_uint_eq(json_object_size(json_object_get(tags, "principal_tags")), 6);
}
END_TEST

/* A value a parameter takes that is not its default. */
static json_t *other_value(const struct profile_parameter *p)
{
    static const char *const tries[] = { "'x'",
                                         "'7'",
                                         "'evm-x'",
                                         "'srv-x'",
                                         "'tea-x'",
                                         "'public'",
                                         "'tag'",
                                         "'true'",
                                         "'self-hosted'",
                                         "'webhook'",
                                         "'destroy'",
                                         "'refs/heads/other'",
                                         "'a/b'",
                                         "'ES256'",
                                         "'https://other.example.com'",
                                         "'99999999-0000-4000-8000-999999999999'",
                                         "'0123456789ABCDEF0123456789ABCDEF'",
                                         "['99999999-0000-4000-8000-999999999999']",
                                         "['pulumi.user.login']",
                                         "['other']",
                                         "true",
                                         "5" };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        json_t *v = fixture_json(&f, tries[i]);
        if (profile_accepts(p, v) && !json_equal(v, p->value))
            return v;
    }
    ck_abort_msg("no value for %s", p->name.p);
    return NULL;
}

/* Without its times and uuid, which change by themselves, and with what the header and issuer say.
 */
static struct str picture(const struct profile_variant *v, const char *parameter, json_t *value)
{
    struct token_ask ask = { .platform = arena_printf(f.arena, "%.*s/%.*s",
                                                      STR_ARG(v->profile->name), STR_ARG(v->name)),
                             .set = json_keep(f.arena, json_object()) };
    if (parameter)
        json_object_set(ask.set, parameter, value);
    struct token t = fixture_mint(&f, &ask);
    json_object_del(t.claims, "jti");
    struct str claims_text = json_text(f.arena, t.claims), header = json_text(f.arena, t.header);
    return arena_printf(f.arena, "%.*s %.*s %.*s", STR_ARG(header), STR_ARG(claims_text),
                        STR_ARG(t.session_name));
}

/* Every parameter of every variant does something, and one it does not use is refused. */
START_TEST(every_parameter_changes_the_token)
{
    for (size_t i = 0; i < f.profiles->n; i++) {
        const struct profile *p = &f.profiles->all[i];
        for (size_t j = 0; j < p->n_variants * p->n_parameters; j++) {
            const struct profile_variant *v = &p->variants[j / p->n_parameters];
            const struct profile_parameter *q = &p->parameters[j % p->n_parameters];
            json_t *value = other_value(q);
            if (!(v->uses & UINT64_C(1) << (j % p->n_parameters)))
                continue;
            struct str before = picture(v, NULL, NULL), after = picture(v, q->name.p, value);
            ck_assert_msg(!str_eq(before, after), "%.*s/%.*s: %.*s changes nothing",
                          STR_ARG(p->name), STR_ARG(v->name), STR_ARG(q->name));
        }
    }
}
END_TEST

/* ---- refusals ---- */

static const struct {
    const char *name, *platform, *set, *reason;
} refused[] = {
    { "an unknown parameter is refused, the nearest and all named", "circleci", "{'projct_id':'x'}",
      "circleci/v1 has no parameter \"projct_id\"; did you mean \"project_id\"?  There are: "
      "org_id, "
      "project_id, user_id," },
    { "a derived value is no parameter", "circleci", "{'v1_sub':'x'}", "has no parameter" },
    { "a parameter of another variant is refused", "pulumi/esc", "{'stack':'x'}",
      "pulumi/esc makes no use of the parameter \"stack\"" },
    { "a text that does not match is refused, with name, value and pattern", "circleci",
      "{'org_id':'acme'}",
      "circleci: the parameter \"org_id\" cannot be \"acme\"; expected a string matching "
      "^[0-9a-f]{8}-" },
    { "an empty text for what must not be empty", "env0", "{'sub':''}", "\"sub\" cannot be \"\"" },
    { "a word for a boolean", "circleci", "{'ssh_rerun':'yes'}",
      "\"ssh_rerun\" cannot be \"yes\"; expected true or false" },
    { "a text for a list", "circleci", "{'context_ids':'x'}",
      "\"context_ids\" cannot be \"x\"; expected an array of strings, as JSON" },
    { "a list with something that does not match", "circleci", "{'context_ids':['x']}",
      "\"context_ids\" cannot be [\"x\"]" },
    { "a list with a number", "circleci", "{'audience':['x',1]}",
      "\"audience\" cannot be [\"x\",1]; expected a string or an array of strings" },
    { "a number for a text", "pulumi", "{'deployment':12}", "\"deployment\" cannot be 12" },
    { "null", "pulumi", "{'stack':null}", "\"stack\" cannot be null" },
    { "an operation that there is not", "pulumi", "{'operation':'up'}",
      "\"operation\" cannot be \"up\"" },
    { "an attribute that there is not", "pulumi/esc", "{'subject_attributes':['user']}",
      "\"subject_attributes\" cannot be [\"user\"]" },
    { "an issuer that is no https URL", "generic", "{'issuer':'http://x'}",
      "\"issuer\" cannot be \"http://x\"" },
    { "an algorithm that AWS does not take", "generic", "{'alg':'HS256'}",
      "\"alg\" cannot be \"HS256\"" },
};

START_TEST(refuses_parameters)
{
    struct token_ask ask = { .platform = str_of(refused[_i].platform),
                             .set = fixture_json(&f, refused[_i].set) };
    struct token t;
    struct why why;
    ck_assert_msg(failed(fixture_try(&f, &why, &ask, &t)), "%s", refused[_i].name);
    ck_assert_int_eq(why.fault, FAULT_PLATFORM_PARAMETER);
    want_part(refused[_i].name, why.detail, refused[_i].reason);
}
END_TEST

START_TEST(the_second_token_of_a_job_passes_over_what_it_does_not_use)
{
    struct token_ask ask = { .platform = STR("pulumi/esc"),
                             .set = fixture_json(&f, "{'stack':'x','environment':'e'}"),
                             .lenient = true };
    struct token t = fixture_mint(&f, &ask);
    want_str("env", json_str(json_object_get(t.claims, "env")), STR("e"));
    ask.set = fixture_json(&f, "{'stak':'x'}");
    struct why why;
    ck_assert_msg(failed(fixture_try(&f, &why, &ask, &t)), "%s", "but not over what nobody uses");
}
END_TEST

Suite *platforms_suite(void);
Suite *platforms_suite(void)
{
    Suite *s = suite_create("platforms");
    TCase *t = tcase_create("platforms");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, claims_are_the_platforms, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, circlecis_observed_token_is_contained_in_ours);
    tcase_add_loop_test(t, headers_are_the_platforms, 0, sizeof headers / sizeof headers[0]);
    tcase_add_loop_test(t, subjects_follow_the_parameters, 0, sizeof subjects / sizeof subjects[0]);
    tcase_add_loop_test(t, claims_follow_the_parameters, 0, sizeof claims / sizeof claims[0]);
    tcase_add_test(t, env0_has_no_tag_for_a_tag_that_is_not_set);
    tcase_add_test(t, every_parameter_changes_the_token);
    tcase_add_loop_test(t, refuses_parameters, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(t, the_second_token_of_a_job_passes_over_what_it_does_not_use);
    suite_add_tcase(s, t);
    return s;
}
