#include "fakests/hints/subject.h"

#include "base/text.h"
#include "fakests/policy/match.h"

/* org/O/project/P/user/U and what V2 puts behind it: the user changes. */
static struct str circleci_pattern(struct arena *a, struct str subject)
{
    static const struct str user = STR_INIT("/user/");
    for (size_t i = 0; i + user.n <= subject.n; i++)
        if (str_starts(str_sub(subject, i, subject.n), user))
            return arena_printf(a, "%.*s*", STR_ARG(str_sub(subject, 0, i + user.n)));
    return subject;
}

/* pulumi:deploy:org:O:project:P:stack:S:operation:X:scope:write: the operation changes. */
static struct str pulumi_pattern(struct arena *a, struct str subject)
{
    static const struct str operation = STR_INIT(":operation:");
    for (size_t i = 0; i + operation.n <= subject.n; i++)
        if (str_starts(str_sub(subject, i, subject.n), operation))
            return arena_printf(a, "%.*s:*", STR_ARG(str_sub(subject, 0, i)));
    return subject;
}

static const struct platform {
    const char *issuers; /* without https://; '*' as in StringLike */
    struct str (*pattern)(struct arena *a, struct str subject);
    const char *everyone;
} platforms[] = {
    { "oidc.circleci.com/org/*", circleci_pattern, "every project of the CircleCI organization" },
    { "oidc.render.com/*", NULL, "every service of the Render workspace" },
    { "login.app.env0.com/", NULL, "every env zero organization (they share the audience)" },
    { "api.pulumi.com/oidc*", pulumi_pattern,
      "every stack and environment of the Pulumi organization" },
    { "token.actions.githubusercontent.com*", NULL, "every repository on GitHub" },
};

static const struct platform *platform_of(struct str issuer)
{
    char compiled[64];
    for (size_t i = 0; i < sizeof platforms / sizeof platforms[0]; i++) {
        struct str pattern = str_of(platforms[i].issuers);
        for (size_t j = 0; j < pattern.n; j++)
            compiled[j] = pattern.p[j] == '*' ? (char)MATCH_ANY : pattern.p[j];
        if (match_like(str_n(compiled, pattern.n), issuer))
            return &platforms[i];
    }
    return NULL;
}

static bool is(struct str issuer, const char *beginning)
{
    const struct platform *p = platform_of(issuer);
    return p && str_starts(str_of(p->issuers), str_of(beginning));
}

bool subject_is_circleci(struct str issuer)
{
    return is(issuer, "oidc.circleci.com/");
}

bool subject_is_github(struct str issuer)
{
    return is(issuer, "token.actions.");
}

bool subject_is_pulumi(struct str issuer)
{
    return is(issuer, "api.pulumi.com/");
}

struct str subject_pattern(struct arena *a, struct str issuer, struct str subject)
{
    const struct platform *p = platform_of(issuer);
    return p && p->pattern ? p->pattern(a, subject) : subject;
}

const char *subject_everyone(struct str issuer)
{
    const struct platform *p = platform_of(issuer);
    return p ? p->everyone : "whoever gets a token for that audience from this issuer";
}

struct str subject_circleci_v1(struct str subject)
{
    static const struct str origin = STR_INIT("/vcs-origin/");
    for (size_t i = 0; i + origin.n <= subject.n; i++)
        if (str_starts(str_sub(subject, i, subject.n), origin))
            return str_sub(subject, 0, i);
    return subject;
}

/* "name@123" → "name"; false when there is no number. */
static bool without_id(struct str *name)
{
    size_t at = str_find(*name, '@');
    int64_t id;
    if (at == name->n || !str_to_i64(str_sub(*name, at + 1, name->n), &id))
        return false;
    name->n = at;
    return true;
}

bool subject_github_classic(struct arena *a, struct str subject, struct str *out)
{
    struct str rest = subject;
    if (!str_eq(str_cut(&rest, ':'), STR("repo")))
        return false;
    struct str name = str_cut(&rest, ':'), owner = str_cut(&name, '/');
    if (!without_id(&owner) || !without_id(&name))
        return false;
    *out = arena_printf(a, "repo:%.*s/%.*s:%.*s", STR_ARG(owner), STR_ARG(name), STR_ARG(rest));
    return true;
}
