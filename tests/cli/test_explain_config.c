#include "cli/explain_config.h"

#include "tests/support/runner.h"

static const char base[] =
    "{\"account\":\"111111111111\","
    "\"oidc_providers\":[{\"url\":\"https://a.example.com\",\"client_ids\":[\"one\"]}],"
    "\"roles\":[{\"name\":\"R\",\"path\":\"/"
    "\",\"max_session_duration\":7200,\"trust_policy\":{}}]}";

static const struct {
    const char *name;
    struct explain_config_ask ask;
    const char *wanted; /* the document */
    bool guessed;
} cases[] = {
    { "a role that is there gets the policy and keeps the rest",
      { .role_arn = STR_INIT("arn:aws:iam::111111111111:role/R"),
        .trust_policy_path = STR_INIT("/t.json") },
      "{\"account\":\"111111111111\","
      "\"oidc_providers\":[{\"url\":\"https://a.example.com\",\"client_ids\":[\"one\"]}],"
      "\"roles\":[{\"name\":\"R\",\"path\":\"/\",\"max_session_duration\":7200,"
      "\"trust_policy\":{\"$file\":\"/t.json\"}}]}",
      false },
    { "a role nobody configured is added, with its path",
      { .role_arn = STR_INIT("arn:aws:iam::111111111111:role/ci/New"),
        .trust_policy_path = STR_INIT("/t.json") },
      "{\"account\":\"111111111111\","
      "\"oidc_providers\":[{\"url\":\"https://a.example.com\",\"client_ids\":[\"one\"]}],"
      "\"roles\":[{\"name\":\"R\",\"path\":\"/"
      "\",\"max_session_duration\":7200,\"trust_policy\":{}},"
      "{\"name\":\"New\",\"path\":\"/ci/\",\"trust_policy\":{\"$file\":\"/t.json\"}}]}",
      false },
    { "an account nobody configured is added, and the issuer's provider in it",
      { .role_arn = STR_INIT("arn:aws:iam::222222222222:role/R"),
        .trust_policy_path = STR_INIT("/t.json"),
        .issuer = STR_INIT("https://b.example.com"),
        .client_ids = &(const struct str)STR_INIT("x"),
        .n_client_ids = 1 },
      "{\"account\":\"111111111111\","
      "\"oidc_providers\":[{\"url\":\"https://a.example.com\",\"client_ids\":[\"one\"]}],"
      "\"roles\":[{\"name\":\"R\",\"path\":\"/"
      "\",\"max_session_duration\":7200,\"trust_policy\":{}}],"
      "\"accounts\":{\"222222222222\":{\"roles\":[{\"name\":\"R\",\"path\":\"/\","
      "\"trust_policy\":{\"$file\":\"/t.json\"}}],"
      "\"oidc_providers\":[{\"url\":\"https://b.example.com\",\"client_ids\":[\"x\"]}]}}}",
      false },
    { "a provider nobody configured is taken to have the token's audience",
      { .role_arn = STR_INIT("arn:aws:iam::111111111111:role/R"),
        .issuer = STR_INIT("https://b.example.com"),
        .token_audiences = &(const struct str)STR_INIT("aud"),
        .n_token_audiences = 1 },
      "{\"account\":\"111111111111\","
      "\"oidc_providers\":[{\"url\":\"https://a.example.com\",\"client_ids\":[\"one\"]},"
      "{\"url\":\"https://b.example.com\",\"client_ids\":[\"aud\"]}],"
      "\"roles\":[{\"name\":\"R\",\"path\":\"/"
      "\",\"max_session_duration\":7200,\"trust_policy\":{}}]}",
      true },
    { "a provider that is there keeps its client ids, whatever the token holds",
      { .role_arn = STR_INIT("arn:aws:iam::111111111111:role/R"),
        .issuer = STR_INIT("https://a.example.com"),
        .token_audiences = &(const struct str)STR_INIT("aud"),
        .n_token_audiences = 1 },
      base,
      false },
    { "unless the command line says which",
      { .role_arn = STR_INIT("arn:aws:iam::111111111111:role/R"),
        .issuer = STR_INIT("https://a.example.com"),
        .client_ids = &(const struct str)STR_INIT("two"),
        .n_client_ids = 1 },
      "{\"account\":\"111111111111\","
      "\"oidc_providers\":[{\"url\":\"https://a.example.com\",\"client_ids\":[\"two\"]}],"
      "\"roles\":[{\"name\":\"R\",\"path\":\"/"
      "\",\"max_session_duration\":7200,\"trust_policy\":{}}]}",
      false },
    { "an issuer that AWS would not register is not registered",
      { .role_arn = STR_INIT("arn:aws:iam::111111111111:role/R"),
        .issuer = STR_INIT("http://b.example.com") },
      base,
      false },
    { "what is no role's ARN changes nothing",
      { .role_arn = STR_INIT("nonsense"),
        .trust_policy_path = STR_INIT("/t.json"),
        .issuer = STR_INIT("https://b.example.com") },
      base,
      false },
};

START_TEST(documents_are_changed)
{
    struct arena *a = arena_new();
    bool guessed = !cases[_i].guessed;
    json_t *document = json_keep(a, json_loads(base, 0, NULL));
    json_t *wanted = json_keep(a, json_loads(cases[_i].wanted, 0, NULL));
    ck_assert_ptr_nonnull(document);
    ck_assert_ptr_nonnull(wanted);
    json_t *got =
        json_keep(a, explain_config(a, document, STR("111111111111"), &cases[_i].ask, &guessed));
    want_str(cases[_i].name, json_text(a, got), json_text(a, wanted));
    ck_assert_msg(guessed == cases[_i].guessed, "%s", cases[_i].name);
    arena_free(a);
}
END_TEST

START_TEST(the_loaded_document_stays_as_it_was)
{
    struct arena *a = arena_new();
    bool guessed;
    json_t *document = json_keep(a, json_loads(base, 0, NULL));
    struct str before = json_text(a, document);
    json_keep(a, explain_config(a, document, STR("111111111111"), &cases[0].ask, &guessed));
    want_str("the document", json_text(a, document), before);
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
