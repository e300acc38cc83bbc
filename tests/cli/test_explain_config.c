#include "cli/explain_config.h"

#include "tests/support/runner.h"

/* The documents of the table, in JSON with ' for ". */
#define DOCUMENT(providers, roles, more) \
    "{'account':'111111111111','oidc_providers':[" providers "],'roles':[" roles "]" more "}"
#define PROVIDER(url, id) "{'url':'https://" url "','client_ids':['" id "']}"
#define ROLE_R(policy) \
    "{'name':'R','path':'/','max_session_duration':7200,'trust_policy':" policy "}"
#define ROLE(name, path)   "{'name':'" name "','path':'" path "','trust_policy':" CHANGED "}"
#define POLICY             "{'Version':'2012-10-17'}"
#define CHANGED            POLICY ",'created':'2025-01-01T00:00:00Z'"
#define BASE               DOCUMENT(PROVIDER("a.example.com", "one"), ROLE_R("{}"), "")
#define ARN(account, rest) STR_INIT("arn:aws:iam::" account ":role/" rest)
#define R                  ARN("111111111111", "R")

static const struct str aud = STR_INIT("aud"), two = STR_INIT("two");

static const struct {
    const char *name;
    bool with_policy;
    struct explain_config_ask ask;
    const char *wanted;
    bool guessed;
} cases[] = {
    { "a role that is there gets the policy and keeps the rest",
      true,
      { .role_arn = R },
      DOCUMENT(PROVIDER("a.example.com", "one"), ROLE_R(CHANGED), ""),
      false },
    { "a role nobody configured is added, with its path",
      true,
      { .role_arn = ARN("111111111111", "ci/New") },
      DOCUMENT(PROVIDER("a.example.com", "one"), ROLE_R("{}") "," ROLE("New", "/ci/"), ""),
      false },
    { "an account nobody configured is added, and the issuer's provider in it",
      true,
      { .role_arn = ARN("222222222222", "R"),
        .issuer = STR_INIT("https://b.example.com"),
        .client_ids = &two,
        .n_client_ids = 1 },
      DOCUMENT(PROVIDER("a.example.com", "one"), ROLE_R("{}"),
               ",'accounts':{'222222222222':{'roles':[" ROLE(
                   "R", "/") "],"
                             "'oidc_providers':[" PROVIDER("b.example.com", "two") "]}}"),
      false },
    { "a provider nobody configured is taken to have the token's audience",
      false,
      { .role_arn = R,
        .issuer = STR_INIT("https://b.example.com"),
        .token_audiences = &aud,
        .n_token_audiences = 1 },
      DOCUMENT(PROVIDER("a.example.com", "one") "," PROVIDER("b.example.com", "aud"), ROLE_R("{}"),
               ""),
      true },
    { "unless the command line says which it has",
      false,
      { .role_arn = R,
        .issuer = STR_INIT("https://b.example.com"),
        .token_audiences = &aud,
        .n_token_audiences = 1,
        .client_ids = &two,
        .n_client_ids = 1 },
      DOCUMENT(PROVIDER("a.example.com", "one") "," PROVIDER("b.example.com", "two"), ROLE_R("{}"),
               ""),
      false },
    { "a provider that is there keeps its client ids, whatever the token holds",
      false,
      { .role_arn = R,
        .issuer = STR_INIT("https://a.example.com"),
        .token_audiences = &aud,
        .n_token_audiences = 1 },
      BASE,
      false },
    { "it too has what the command line says",
      false,
      { .role_arn = R,
        .issuer = STR_INIT("https://a.example.com"),
        .client_ids = &two,
        .n_client_ids = 1 },
      DOCUMENT(PROVIDER("a.example.com", "two"), ROLE_R("{}"), ""),
      false },
    { "an issuer that AWS would not register is not registered",
      false,
      { .role_arn = R, .issuer = STR_INIT("http://b.example.com") },
      BASE,
      false },
    { "what is no role's ARN changes nothing",
      true,
      { .role_arn = STR_INIT("nonsense"), .issuer = STR_INIT("https://b.example.com") },
      BASE,
      false },
};

static json_t *document(struct arena *a, const char *text)
{
    char *json = arena_cstr(a, str_of(text));
    for (char *p = json; *p; p++)
        if (*p == '\'')
            *p = '"';
    json_t *v = json_keep(a, json_loads(json, 0, NULL));
    ck_assert_msg(v != NULL, "%s", json);
    return v;
}

START_TEST(documents_are_changed)
{
    struct arena *a = arena_new();
    bool guessed = !cases[_i].guessed;
    struct explain_config_ask ask = cases[_i].ask;
    if (cases[_i].with_policy)
        ask.trust_policy = document(a, POLICY);
    json_t *got =
        json_keep(a, explain_config(a, document(a, BASE), STR("111111111111"), &ask, &guessed));
    want_str(cases[_i].name, json_text(a, got), json_text(a, document(a, cases[_i].wanted)));
    ck_assert_msg(guessed == cases[_i].guessed, "%s", cases[_i].name);
    arena_free(a);
}
END_TEST

START_TEST(the_loaded_document_stays_as_it_was)
{
    struct arena *a = arena_new();
    bool guessed;
    json_t *loaded = document(a, BASE);
    struct explain_config_ask ask = cases[0].ask;
    ask.trust_policy = document(a, POLICY);
    json_keep(a, explain_config(a, loaded, STR("111111111111"), &ask, &guessed));
    want_str("the document", json_text(a, loaded), json_text(a, document(a, BASE)));
    arena_free(a);
}
END_TEST

Suite *explain_config_suite(void);
Suite *explain_config_suite(void)
{
    Suite *s = suite_create("explain_config");
    TCase *t = tcase_create("explain_config");
    tcase_add_loop_test(t, documents_are_changed, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, the_loaded_document_stays_as_it_was);
    suite_add_tcase(s, t);
    return s;
}
