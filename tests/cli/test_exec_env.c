#include "cli/exec_env.h"

#include "tests/support/runner.h"

#define DIRECT \
    "127.0.0.1,localhost,::1,sts.amazonaws.com,sts.eu-west-1.amazonaws.com,iam.amazonaws.com"

static const struct {
    const char *name;
    const char *variable;
    bool leaks;
} leaks[] = {
    { "the access key goes", "AWS_ACCESS_KEY_ID", true },
    { "the secret goes", "AWS_SECRET_ACCESS_KEY", true },
    { "the session token goes", "AWS_SESSION_TOKEN", true },
    { "boto 2's session token goes", "AWS_SECURITY_TOKEN", true },
    { "Java's old names go", "AWS_SECRET_KEY", true },
    { "the second set of the JavaScript SDK v2 goes", "AMAZON_ACCESS_KEY_ID", true },
    { "a profile goes", "AWS_PROFILE", true },
    { "the CLI's profile goes", "AWS_DEFAULT_PROFILE", true },
    { "a credential file goes", "AWS_CREDENTIAL_FILE", true },
    { "the credentials' expiry goes", "AWS_CREDENTIAL_EXPIRATION", true },
    { "container credentials go", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", true },
    { "their authorization goes", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", true },
    { "another role goes", "AWS_ROLE_ARN", true },
    { "another token goes", "AWS_WEB_IDENTITY_TOKEN_FILE", true },
    { "a bearer token goes", "AWS_BEARER_TOKEN_BEDROCK", true },
    { "single sign-on goes", "AWS_SSO_ACCOUNT_ID", true },
    { "the login cache goes", "AWS_LOGIN_CACHE_DIRECTORY", true },
    { "another endpoint goes", "AWS_ENDPOINT_URL", true },
    { "a service's endpoint goes", "AWS_ENDPOINT_URL_S3", true },
    { "what turns endpoints off goes", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", true },
    { "what chooses among STS's endpoints goes", "AWS_STS_REGIONAL_ENDPOINTS", true },
    { "FIPS endpoints go", "AWS_USE_FIPS_ENDPOINT", true },
    { "another certificate bundle goes", "AWS_CA_BUNDLE", true },
    { "the config file goes", "AWS_CONFIG_FILE", true },
    { "other models go", "AWS_DATA_PATH", true },
    { "the instance's metadata service goes", "AWS_EC2_METADATA_SERVICE_ENDPOINT", true },
    { "another signing scheme goes", "AWS_AUTH_SCHEME_PREFERENCE", true },
    { "Terraform's endpoint goes", "TF_AWS_STS_ENDPOINT", true },
    { "the pager stays", "AWS_PAGER", false },
    { "retries stay", "AWS_MAX_ATTEMPTS", false },
    { "the retry mode stays", "AWS_RETRY_MODE", false },
    { "auto-prompt stays", "AWS_CLI_AUTO_PROMPT", false },
    { "the output format stays", "AWS_DEFAULT_OUTPUT", false },
    { "the CircleCI guide's registry stays", "AWS_ECR_REGISTRY", false },
    { "the CircleCI guide's service stays", "AWS_APP_RUNNER_SERVICE_ARN", false },
    { "the CircleCI guide's app stays", "AWS_AMPLIFY_APP_ID", false },
    { "the account's number stays", "AWS_ACCOUNT_ID", false },
    { "PATH stays", "PATH", false },
    { "somebody else's token stays", "GITHUB_TOKEN", false },
    { "a name that only holds AWS_ stays", "MY_AWS_ACCESS_KEY_ID", false },
    { "no name is no leak", "", false },
};

START_TEST(leaks_are_known)
{
    ck_assert_msg(exec_env_leaks(str_of(leaks[_i].variable)) == leaks[_i].leaks, "%s: %s",
                  leaks[_i].name, leaks[_i].variable);
}
END_TEST

static const struct exec_folder folder = {
    .path = "/p",
    .token = "/p/token",
    .config = "/p/aws/config",
    .credentials = "/p/aws/credentials",
    .boto = "/p/aws/boto.cfg",
    .home = "/p/home",
    .models = "/p/models",
    .root = "/p/root",
};

/* Environments are not const, literals are. */
static char **copies(struct arena *a, const char *const *list)
{
    size_t n = 0;
    while (list[n])
        n++;
    char **out = arena_array(a, char *, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = arena_cstr(a, str_of(list[i]));
    return out;
}

/* The environment of a command whose caller had these variables. */
static char **built(struct arena *a, const char *const *variables)
{
    char **caller = copies(a, variables);
    const struct exec_facts facts = {
        .role_arn = STR("arn:aws:iam::123456789012:role/R"),
        .session_name = STR("s"),
        .region = STR("eu-west-1"),
        .url = STR("http://127.0.0.1:1"),
        .folder = &folder,
    };
    struct exec_variables v = exec_variables_new(a);
    exec_env_put_facts(&v, &facts, caller);
    return exec_env_build(a, caller, &v);
}

static const char *const trapped[] = {
    "PATH=/bin",
    "HOME=/root",
    "AWS_PROFILE=prod",
    "AWS_ACCESS_KEY_ID=AKIAREAL",
    "AWS_REGION=us-west-2",
    "AWS_DEFAULT_REGION=us-west-1",
    "AWS_PAGER=",
    "AWS_ROLE_ARN=arn:other",
    "AWS_ENDPOINT_URL=http://real",
    "EQUALS=a=b",
    "UNDERSTUDY_ROOT=/old",
    NULL,
};

static const struct {
    const char *name;
    const char *variable;
    const char *value; /* NULL: not there */
} values[] = {
    { "PATH is handed on", "PATH", "/bin" },
    { "a value with equals signs is handed on whole", "EQUALS", "a=b" },
    { "an empty setting is handed on", "AWS_PAGER", "" },
    { "a profile is not handed on", "AWS_PROFILE", NULL },
    { "an access key is not handed on", "AWS_ACCESS_KEY_ID", NULL },
    { "an endpoint for all services is not handed on", "AWS_ENDPOINT_URL", NULL },
    { "the role is ours", "AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/R" },
    { "the session name is set", "AWS_ROLE_SESSION_NAME", "s" },
    { "the token file is set", "AWS_WEB_IDENTITY_TOKEN_FILE", "/p/token" },
    { "STS is here", "AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1" },
    { "IAM is here", "AWS_ENDPOINT_URL_IAM", "http://127.0.0.1:1" },
    { "the region is the config's", "AWS_REGION", "eu-west-1" },
    { "boto3's region is the same", "AWS_DEFAULT_REGION", "eu-west-1" },
    { "the config file is private", "AWS_CONFIG_FILE", "/p/aws/config" },
    { "the credentials file is private", "AWS_SHARED_CREDENTIALS_FILE", "/p/aws/credentials" },
    { "boto 2's file is private", "BOTO_CONFIG", "/p/aws/boto.cfg" },
    { "the metadata service is not asked", "AWS_EC2_METADATA_DISABLED", "true" },
    { "old clients find the rule set", "AWS_DATA_PATH", "/p/models" },
    { "HOME is private", "HOME", "/p/home" },
    { "the platform's paths have a root", "UNDERSTUDY_ROOT", "/p/root" },
    { "loopback goes past a proxy", "NO_PROXY", DIRECT },
    { "in lower case too", "no_proxy", DIRECT },
};

START_TEST(variables_are_as_they_should_be)
{
    struct arena *a = arena_new();
    struct str value = exec_env_find(built(a, trapped), values[_i].variable);
    if (!values[_i].value)
        ck_assert_msg(!value.p, "%s: %.*s", values[_i].name, STR_ARG(value));
    else
        ck_assert_msg(value.p && str_eq(value, str_of(values[_i].value)), "%s: \"%.*s\"",
                      values[_i].name, STR_ARG(value));
    arena_free(a);
}
END_TEST

START_TEST(no_variable_is_there_twice)
{
    struct arena *a = arena_new();
    char **env = built(a, trapped);
    for (size_t i = 0; env[i]; i++) {
        struct str name = str_of(env[i]);
        name = str_cut(&name, '=');
        struct str first = exec_env_find(env, arena_cstr(a, name));
        ck_assert_msg(first.p == env[i] + name.n + 1, "%.*s is there twice", STR_ARG(name));
    }
    arena_free(a);
}
END_TEST

static const struct {
    const char *name;
    const char *caller[3];
    const char *upper, *lower;
} proxies[] = {
    { "what stands in both is kept in each",
      { "NO_PROXY=a", "no_proxy=b", NULL },
      "a," DIRECT,
      "b," DIRECT },
    { "what stands in one is not hidden by the other",
      { "NO_PROXY=corp.example", NULL },
      "corp.example," DIRECT,
      "corp.example," DIRECT },
    { "in either direction",
      { "no_proxy=corp.example", NULL },
      "corp.example," DIRECT,
      "corp.example," DIRECT },
};

START_TEST(proxies_are_told_of_loopback)
{
    struct arena *a = arena_new();
    char **env = built(a, proxies[_i].caller);
    want_str(proxies[_i].name, exec_env_find(env, "NO_PROXY"), str_of(proxies[_i].upper));
    want_str(proxies[_i].name, exec_env_find(env, "no_proxy"), str_of(proxies[_i].lower));
    arena_free(a);
}
END_TEST

START_TEST(what_the_platform_sets_comes_last)
{
    struct arena *a = arena_new();
    const char *const caller[] = { "AWS_ACCESS_KEY_ID=AKIAREAL", NULL };
    struct exec_variables v = exec_variables_new(a);
    exec_variables_put(&v, STR("AWS_ACCESS_KEY_ID"), STR("first"));
    exec_variables_put(&v, STR("AWS_ACCESS_KEY_ID"), STR("ASIAOURS"));
    char **env = exec_env_build(a, copies(a, caller), &v);
    want_str("the only variable", str_of(env[0]), STR("AWS_ACCESS_KEY_ID=ASIAOURS"));
    ck_assert_ptr_null(env[1]);
    arena_free(a);
}
END_TEST

START_TEST(many_variables_fit)
{
    struct arena *a = arena_new();
    char *const caller[] = { NULL };
    struct exec_variables v = exec_variables_new(a);
    for (int i = 0; i < 100; i++)
        exec_variables_put(&v, arena_printf(a, "V%d", i), arena_printf(a, "%d", i));
    char **env = exec_env_build(a, caller, &v);
    want_str("the first", exec_env_find(env, "V0"), STR("0"));
    want_str("the last", exec_env_find(env, "V99"), STR("99"));
    arena_free(a);
}
END_TEST

Suite *exec_env_suite(void);
Suite *exec_env_suite(void)
{
    Suite *s = suite_create("exec_env");
    TCase *t = tcase_create("exec_env");
    tcase_add_loop_test(t, leaks_are_known, 0, sizeof leaks / sizeof leaks[0]);
    tcase_add_loop_test(t, variables_are_as_they_should_be, 0, sizeof values / sizeof values[0]);
    tcase_add_test(t, no_variable_is_there_twice);
    tcase_add_loop_test(t, proxies_are_told_of_loopback, 0, sizeof proxies / sizeof proxies[0]);
    tcase_add_test(t, what_the_platform_sets_comes_last);
    tcase_add_test(t, many_variables_fit);
    suite_add_tcase(s, t);
    return s;
}
