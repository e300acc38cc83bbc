#include "cli/exec_env.h"

/*
 * The AWS_ variables that go.  Not all of them: pipelines keep names of their own under AWS_, as
 * the CircleCI guide's AWS_ECR_REGISTRY, and settings such as AWS_PAGER do no harm.  A word
 * anywhere in the name catches credentials, profiles and endpoints of SDKs still to come.
 */
static const char *const leaking_words[] = {
    "ACCESS_KEY", "SECRET",  "TOKEN",     "CREDENTIAL", "PROFILE",  "CONTAINER", "ENDPOINT",
    "ROLE",       "SESSION", "SSO",       "LOGIN",      "METADATA", "REGION",    "SIGV4A",
    "AUTH",       "CONFIG",  "CA_BUNDLE", "DATA_PATH",  NULL,
};

/* Whole beginnings: the second credentials of the JavaScript SDK v2, Terraform's endpoints. */
static const char *const leaking_beginnings[] = { "AMAZON_", "TF_AWS_", NULL };

bool exec_env_leaks(struct str name)
{
    for (size_t i = 0; leaking_beginnings[i]; i++)
        if (str_starts(name, str_of(leaking_beginnings[i])))
            return true;
    if (!str_starts(name, STR("AWS_")))
        return false;
    for (size_t i = 0; leaking_words[i]; i++)
        if (str_contains(name, str_of(leaking_words[i])))
            return true;
    return false;
}

struct exec_variables exec_variables_new(struct arena *a)
{
    return (struct exec_variables){ .arena = a };
}

static struct exec_variable *find(const struct exec_variables *v, struct str name)
{
    for (size_t i = 0; i < v->n; i++)
        if (str_eq(v->items[i].name, name))
            return &v->items[i];
    return NULL;
}

static struct exec_variable *more(struct exec_variables *v)
{
    if (v->n == v->capacity) {
        v->capacity = v->capacity ? v->capacity * 2 : 32;
        struct exec_variable *items = arena_array(v->arena, struct exec_variable, v->capacity);
        if (v->n)
            memcpy(items, v->items, v->n * sizeof *items);
        v->items = items;
    }
    return &v->items[v->n++];
}

void exec_variables_put(struct exec_variables *v, struct str name, struct str value)
{
    struct exec_variable *there = find(v, name);
    if (!there)
        there = more(v);
    *there = (struct exec_variable){ name, value };
}

struct str exec_env_find(char *const *environment, const char *name)
{
    size_t n = strlen(name);
    for (; *environment; environment++)
        if (strncmp(*environment, name, n) == 0 && (*environment)[n] == '=')
            return str_of(*environment + n + 1);
    return (struct str){ 0 };
}

/*
 * What goes past a proxy: loopback; and the names under which AWS's own endpoints are known,
 * because botocore up to 1.29 chooses the proxy by them before the rule set leads it to us.
 */
static struct str direct_hosts(struct arena *a, struct str region)
{
    const char *domain = str_starts(region, STR("cn-")) ? "amazonaws.com.cn" : "amazonaws.com";
    return arena_printf(a, "127.0.0.1,localhost,::1,sts.%s,sts.%.*s.%s,iam.%s", domain,
                        STR_ARG(region), domain, domain);
}

/*
 * Some clients read one spelling first and some the other, so what only one of them says is carried
 * over: else setting the other would hide it.
 */
static struct str no_proxy(struct arena *a, struct str own, struct str other, struct str direct)
{
    struct str before = own.n ? own : other;
    return arena_printf(a, "%.*s%s%.*s", STR_ARG(before), before.n ? "," : "", STR_ARG(direct));
}

static void put_proxies(struct exec_variables *v, struct str region, char *const *caller)
{
    struct str direct = direct_hosts(v->arena, region);
    struct str upper = exec_env_find(caller, "NO_PROXY"), lower = exec_env_find(caller, "no_proxy");
    exec_variables_put(v, STR("NO_PROXY"), no_proxy(v->arena, upper, lower, direct));
    exec_variables_put(v, STR("no_proxy"), no_proxy(v->arena, lower, upper, direct));
}

void exec_env_put_facts(struct exec_variables *v, const struct exec_facts *facts,
                        char *const *caller)
{
    const struct exec_folder *f = facts->folder;
    const struct exec_variable rows[] = {
        { STR("AWS_ROLE_ARN"), facts->role_arn },
        { STR("AWS_ROLE_SESSION_NAME"), facts->session_name },
        { STR("AWS_WEB_IDENTITY_TOKEN_FILE"), str_of(f->token) },
        { STR("AWS_ENDPOINT_URL_STS"), facts->url },
        { STR("AWS_ENDPOINT_URL_IAM"), facts->url },
        { STR("AWS_REGION"), facts->region },
        { STR("AWS_DEFAULT_REGION"), facts->region },
        { STR("AWS_CONFIG_FILE"), str_of(f->config) },
        { STR("AWS_SHARED_CREDENTIALS_FILE"), str_of(f->credentials) },
        { STR("AWS_EC2_METADATA_DISABLED"), STR("true") },
        { STR("AWS_DATA_PATH"), str_of(f->models) },
        { STR("BOTO_CONFIG"),
          str_of(f->boto) }, /* botocore still reads boto 2's /etc/boto.cfg, ~/.boto */
        { STR("HOME"), str_of(f->home) },
        { STR("UNDERSTUDY_ROOT"), str_of(f->root) },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        exec_variables_put(v, rows[i].name, rows[i].value);
    put_proxies(v, facts->region, caller);
}

static bool kept(const struct exec_variables *set, const char *assignment)
{
    struct str rest = str_of(assignment);
    struct str name = str_cut(&rest, '=');
    return !exec_env_leaks(name) && !find(set, name);
}

char **exec_env_build(struct arena *a, char *const *caller, const struct exec_variables *set)
{
    size_t n = 0, n_caller = 0;
    while (caller[n_caller])
        n_caller++;
    char **out = arena_array(a, char *, n_caller + set->n + 1);
    for (size_t i = 0; i < n_caller; i++)
        if (kept(set, caller[i]))
            out[n++] = caller[i];
    for (size_t i = 0; i < set->n; i++)
        out[n++] = arena_cstr(a, arena_printf(a, "%.*s=%.*s", STR_ARG(set->items[i].name),
                                              STR_ARG(set->items[i].value)));
    return out;
}
