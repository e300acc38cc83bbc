#include "fakests/lint/platform.h"

#include "base/text.h"
#include "fakests/policy/match.h"

/* "a*" against "abc": an issuer against a row, in which '*' is any text. */
static bool fits(struct arena *a, const char *row, struct str issuer)
{
    return match_like(match_compile(a, str_of(row)), issuer);
}

bool platform_has_wildcard(struct str pattern)
{
    return str_find(pattern, '*') < pattern.n || str_find(pattern, '?') < pattern.n;
}

bool platform_matches_all(struct str pattern)
{
    for (size_t i = 0; i < pattern.n; i++)
        if (pattern.p[i] != '*' && pattern.p[i] != '?')
            return false;
    return str_find(pattern, '*') < pattern.n;
}

/* ---- tenants ---- */

/* In a claim of these issuers the tenant's name follows `head` and ends before one of `ends`. */
static const struct tenant {
    const char *issuer;
    struct str claim, head;
    const char *ends;
} tenants[] = {
    { "token.actions.*", STR_INIT("sub"), STR_INIT("repo:"), "/@" },
    { "token.actions.*", STR_INIT("sub"), STR_INIT("repository_owner:"), ":" },
    { "token.actions.*", STR_INIT("repository"), STR_INIT(""), "/" },
    { "token.actions.*", STR_INIT("job_workflow_ref"), STR_INIT(""), "/" },
    { "gitlab.com", STR_INIT("sub"), STR_INIT("project_path:"), "/" },
    { "agent.buildkite.com", STR_INIT("sub"), STR_INIT("organization:"), ":" },
    { "app.terraform.io", STR_INIT("sub"), STR_INIT("organization:"), ":" },
    { "scalr.io", STR_INIT("sub"), STR_INIT("account:"), ":" },
};

static bool wildcard(char c)
{
    return c == '*' || c == '?';
}

static size_t common(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

static enum platform_tenant tenant_of(const struct tenant *t, struct str pattern)
{
    size_t at = common(pattern, t->head);
    if (at < t->head.n) /* a wildcard within "repo:" lets any owner follow */
        return at < pattern.n && wildcard(pattern.p[at]) ? PLATFORM_TENANT_CROSSED
                                                         : PLATFORM_TENANT_UNKNOWN;
    for (; at < pattern.n; at++) {
        if (wildcard(pattern.p[at]))
            return PLATFORM_TENANT_CROSSED;
        if (strchr(t->ends, pattern.p[at]))
            break;
    }
    return PLATFORM_TENANT_KEPT;
}

enum platform_tenant platform_tenant(struct str issuer, struct str claim, struct str pattern)
{
    enum platform_tenant found = PLATFORM_TENANT_UNKNOWN;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof tenants / sizeof tenants[0]; i++) {
        if (!str_eq_nocase(claim, tenants[i].claim) || !fits(a, tenants[i].issuer, issuer))
            continue;
        found = tenant_of(&tenants[i], pattern);
        if (found != PLATFORM_TENANT_UNKNOWN)
            break;
    }
    arena_free(a);
    return found;
}

/* ---- subjects ---- */

/*
 * Shapes of sub where the issuer, or the audience, is one tenant's own; '%' stands for the last
 * segment of the issuer, "$" for a name that nobody has written into a policy.
 */
static const struct subject {
    const char *issuer;
    const char *shapes[3];
    const char *example;
    bool together; /* only what fits all the shapes fits everything; else they are versions */
} subjects[] = {
    { .issuer = "oidc.circleci.com/org/*",
      .shapes = { "org/%/project/$/user/$", "org/%/project/$/user/$/vcs-origin/$/vcs-ref/$" },
      .example = "org/%/project/PROJECT_ID/user/*" },
    { .issuer = "oidc.render.com/*",
      .shapes = { "workspace:%:environment:$:service:$" },
      .example = "workspace:%:environment:*:service:SERVICE_ID" },
    { .issuer = "oidc.eks.*.amazonaws.com/id/*",
      .shapes = { "system:serviceaccount:$:$" },
      .example = "system:serviceaccount:NAMESPACE:NAME" },
    { .issuer = "api.pulumi.com/oidc",
      .shapes = { "pulumi:deploy:org:$:project:$:stack:$:operation:$:scope:write",
                  "pulumi:environments:org:$:env:$" },
      .example = "pulumi:deploy:org:ORGANIZATION:project:PROJECT:*",
      .together = true },
    { .issuer = "api.pulumi.com/oidc/v2",
      .shapes = { "pulumi:org:$:env:$" },
      .example = "pulumi:org:ORG_ID:env:ENVIRONMENT_ID" },
    { .issuer = "*.app.spacelift.io",
      .shapes = { "space:$:stack:$:run_type:$:scope:$" },
      .example = "space:SPACE_ID:stack:STACK_ID:*" },
    { .issuer = "oidc.vercel.com/*",
      .shapes = { "owner:%:project:$:environment:$" },
      .example = "owner:%:project:PROJECT:environment:production" },
    { .issuer = "token.actions.*", .example = "repo:OWNER/REPOSITORY:ref:refs/heads/main" },
    { .issuer = "gitlab.com", .example = "project_path:GROUP/PROJECT:ref_type:branch:ref:main" },
    { .issuer = "agent.buildkite.com", .example = "organization:ORGANIZATION:pipeline:PIPELINE:*" },
    { .issuer = "app.terraform.io",
      .example = "organization:ORGANIZATION:project:PROJECT:workspace:WORKSPACE:*" },
    { .issuer = "login.app.env0.com/", .example = "auth0|ID_OF_YOUR_ORGANIZATION" },
};

static const struct subject *subject_of(struct arena *a, struct str issuer)
{
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        if (fits(a, subjects[i].issuer, issuer))
            return &subjects[i];
    return NULL;
}

static struct str last_segment(struct str issuer)
{
    size_t from = issuer.n;
    while (from && issuer.p[from - 1] != '/')
        from--;
    return str_sub(issuer, from, issuer.n);
}

static struct str fill(struct arena *a, const char *shape, struct str issuer)
{
    struct text t = text_new(a, 4096);
    for (; *shape; shape++) {
        if (*shape == '%')
            text_put(&t, last_segment(issuer));
        else if (*shape == '$')
            text_put(&t, STR("\x01nobody\x01"));
        else
            text_putc(&t, *shape);
    }
    return text_str(&t);
}

bool platform_every_subject(struct arena *a, struct str issuer, struct str pattern)
{
    const struct subject *s = subject_of(a, issuer);
    struct str compiled = match_compile(a, pattern);
    size_t n = 0, fitting = 0;
    for (; s && n < 3 && s->shapes[n]; n++)
        fitting += match_like(compiled, fill(a, s->shapes[n], issuer));
    return fitting && (fitting == n || !s->together);
}

struct str platform_example_subject(struct arena *a, struct str issuer)
{
    const struct subject *s = subject_of(a, issuer);
    return s ? fill(a, s->example, issuer) : STR("");
}

/* ---- spellings ---- */

/* Issuers that are one for everybody, and those that differ in their last segment only. */
static const struct str spellings[] = {
    STR_INIT("login.app.env0.com/"),
    STR_INIT("api.pulumi.com/oidc"),
    STR_INIT("token.actions.githubusercontent.com"),
    STR_INIT("gitlab.com"),
    STR_INIT("agent.buildkite.com"),
    STR_INIT("app.terraform.io"),
};
static const struct str families[] = {
    STR_INIT("oidc.circleci.com/org/"),
    STR_INIT("oidc.render.com/"),
};

static struct str without_slash(struct str s)
{
    return str_ends(s, STR("/")) ? str_n(s.p, s.n - 1) : s;
}

struct str platform_right_spelling(struct str issuer)
{
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        if (str_eq_nocase(without_slash(issuer), without_slash(spellings[i])))
            return str_eq(issuer, spellings[i]) ? STR("") : spellings[i];
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (str_starts(issuer, families[i]) && issuer.n > families[i].n + 1 &&
            str_ends(issuer, STR("/")))
            return without_slash(issuer);
    return STR("");
}

bool platform_is_env0(struct str issuer)
{
    struct str host = without_slash(issuer);
    return str_eq_nocase(host, STR("login.app.env0.com")) ||
           str_eq_nocase(host, STR("login.dev.env0.com"));
}
