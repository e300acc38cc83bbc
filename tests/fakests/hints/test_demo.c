#include "scenarios/world.h"
#include "tests/support/runner.h"

/* The demo world, as the guides set it up: what is right is left alone, what is loose is told. */

static struct clock now;
static struct entropy entropy;
static struct arena *a;
static struct world *world;

static void set_up(void)
{
    a = arena_new();
    struct why why = why_new(a);
    clock_init(&now);
    entropy_init_real(&entropy);
    struct world_options options = { .clock = &now, .entropy = &entropy };
    ck_assert_msg(!failed(world_new(&why, &options, &world)), "%.*s", STR_ARG(why_text(&why)));
}

static void tear_down(void)
{
    arena_free(a);
    world_free(world);
}

static struct explanation *explain(const char *platform, const char *set, const char *role)
{
    struct why why = why_new(a);
    struct token token;
    struct token_ask mint = { .platform = str_of(platform) };
    if (*set)
        mint.set = json_keep(a, json_loads(set, 0, NULL));
    ck_assert_msg(!failed(world_mint(world, a, &why, &mint, &token)), "%.*s",
                  STR_ARG(why_text(&why)));
    struct explain_ask ask = { .role_arn =
                                   arena_printf(a, "arn:aws:iam::123456789012:role/%s", role),
                               .session_name = STR("session"),
                               .token = token.text,
                               .signature = EXPLAIN_CHECK,
                               .now_s = clock_now_s(&now) };
    return world_explain(world, a, &ask);
}

static const struct row {
    const char *name, *platform, *set, *role;
    bool allowed;
    const char *hints;
} rows[] = {
    { "CircleCI's guide looks at the audience only", "circleci", "", "CircleCI-OIDC-Role", true,
      "no-sub-condition " },
    { "its V2 token too", "circleci/v2", "", "CircleCI-OIDC-Role", true, "no-sub-condition " },
    { "one project", "circleci", "", "CircleCI-Project-Role", true, "" },
    { "one project, V2", "circleci/v2", "", "CircleCI-Project-Role", true, "" },
    { "Render", "render", "", "Render-OIDC-Role", true, "" },
    { "env0", "env0", "", "Env0-OIDC-Role", true, "" },
    { "env0, one project", "env0", "", "Env0-Project-Role", true, "" },
    { "Pulumi Deployments", "pulumi", "", "Pulumi-Deploy-Role", true, "" },
    { "Pulumi ESC", "pulumi/esc", "", "Pulumi-ESC-Role", true, "" },
    { "GitHub", "github", "", "GitHub-Actions-Role", true, "" },

    { "another project of CircleCI", "circleci",
      "{\"project_id\":\"11111111-2222-4333-8444-555555555555\"}", "CircleCI-Project-Role", false,
      "value-differs " },
    { "another organization of CircleCI", "circleci",
      "{\"org_id\":\"11111111-2222-4333-8444-555555555555\"}", "CircleCI-OIDC-Role", false,
      "provider-missing " },
    { "an organization of CircleCI that is one letter off", "circleci",
      "{\"org_id\":\"00f45056-5918-4171-9222-b538c76ed3f9\"}", "CircleCI-OIDC-Role", false,
      "provider-misspelt " },
    { "CircleCI's root issuer", "circleci", "{\"root_issuer\":true}", "CircleCI-OIDC-Role", false,
      "provider-missing " },
    { "Render's cron job", "render/cron", "", "Render-OIDC-Role", false, "value-differs " },
    { "another environment of Pulumi", "pulumi/esc", "{\"environment\":\"production\"}",
      "Pulumi-ESC-Role", false, "value-differs " },
    { "an environment of a project of Pulumi", "pulumi/esc", "{\"project\":\"proj\"}",
      "Pulumi-ESC-Role", false, "pulumi-audience-prefix value-differs " },
    { "an environment that Pulumi IaC opens", "pulumi/esc-iac", "", "Pulumi-ESC-Role", false,
      "pulumi-yaml-environment " },
    { "the organization in another case", "pulumi", "{\"organization\":\"Contoso\"}",
      "Pulumi-Deploy-Role", false, "audience-misspelt " },
    { "GitHub's immutable subject", "github/immutable", "", "GitHub-Actions-Role", false,
      "github-immutable-subject " },
    { "the owner in another case", "github", "{\"repository\":\"Octo-Org/octo-repo\"}",
      "GitHub-Actions-Role", false, "value-case " },
    { "another branch", "github", "{\"branch\":\"feature\"}", "GitHub-Actions-Role", false,
      "value-differs " },
    { "the role of another platform", "github", "", "Render-OIDC-Role", false,
      "role-trusts-others " },
    { "no such role", "github", "", "GitHub-Action-Role", false, "role-misspelt " },
    { "no such role by far", "github", "", "x", false, "" },
    { "an issuer of nobody", "eks", "", "GitHub-Actions-Role", false, "provider-missing " },
};

START_TEST(says_this_and_no_more)
{
    const struct row *row = &rows[_i];
    struct explanation *e = explain(row->platform, row->set, row->role);
    struct str ids = STR("");
    ck_assert_msg(e->allowed == row->allowed, "%s: %.*s", row->name, STR_ARG(e->why.detail));
    for (size_t i = 0; i < e->hints.n; i++)
        ids = arena_printf(a, "%.*s%s ", STR_ARG(ids), e->hints.items[i].id);
    want_str(row->name, ids, str_of(row->hints));
}
END_TEST

Suite *demo_suite(void);

Suite *demo_suite(void)
{
    Suite *s = suite_create("fakests/demo");
    TCase *t = tcase_create("demo");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, says_this_and_no_more, 0, sizeof rows / sizeof rows[0]);
    suite_add_tcase(s, t);
    return s;
}
