#include "issuer/issuer.h"

#include "jose/jwk.h"
#include "jose/jws.h"
#include "tests/issuer/fixture.h"

static struct fixture f;
static struct issuer_documents documents;
static bool keys_are_gone;

/* Ours: every platform's issuer, and two that no profile knows, alike but for a slash. */
static bool is_ours(void *context, struct str issuer)
{
    (void)context;
    return profiles_for_issuer(f.profiles, issuer) ||
           str_eq(issuer, STR("https://issuer.example.com/a")) ||
           str_eq(issuer, STR("https://slash.example.com/"));
}

static struct keystore_view *view_for(void *context, const struct keyring_spec *spec)
{
    struct why why = why_new(f.arena);
    (void)context;
    if (keys_are_gone || failed(keystore_ensure(f.keys, &why, spec)))
        return NULL;
    return keystore_view(f.keys);
}

static void set_up(void)
{
    fixture_init(&f);
    keys_are_gone = false;
    documents = (struct issuer_documents){ .profiles = f.profiles,
                                           .view_for = view_for,
                                           .alg_for = fixture_alg,
                                           .iss_for = fixture_iss,
                                           .is_ours = is_ours,
                                           .context = &f,
                                           .base_url = STR("http://127.0.0.1:4580") };
}

static void tear_down(void)
{
    fixture_free(&f);
}

static bool ask(const char *method, const char *path, bool by_host, struct http_response *response)
{
    struct http_request request = { .arena = f.arena, .method = str_of(method) };
    *response = (struct http_response){ .status = 0 };
    return issuer_answer(&documents, str_of(path), by_host, &request, response);
}

static json_t *get(const char *path, bool by_host)
{
    struct http_response response;
    struct why why = why_new(f.arena);
    struct json_doc *doc;
    ck_assert_msg(ask("GET", path, by_host, &response), "%s is not served", path);
    ck_assert_int_eq(response.status, 200);
    want_str("type", response.content_type, STR("application/json"));
    want_ok(&why,
            json_load(f.arena, &why, STR("body"), response.body, JSON_DUPLICATES_REFUSED, &doc));
    return doc->root;
}

#define ORG "00f45056-5918-4171-9222-b538c76ed3f8"

static const struct {
    const char *name, *issuer_path, *issuer, *jwks_path;
} cases[] = {
    { "CircleCI", "oidc.circleci.com/org/" ORG, "https://oidc.circleci.com/org/" ORG,
      "/.well-known/jwks-pub.json" },
    { "CircleCI's root issuer", "oidc.circleci.com", "https://oidc.circleci.com",
      "/.well-known/jwks-pub.json" },
    { "Render", "oidc.render.com/tea-abc", "https://oidc.render.com/tea-abc",
      "/.well-known/jwks.json" },
    { "env0: the final slash goes before /.well-known and stays in issuer", "login.app.env0.com",
      "https://login.app.env0.com/", "/.well-known/jwks.json" },
    { "Pulumi", "api.pulumi.com/oidc", "https://api.pulumi.com/oidc", "/.well-known/jwks" },
    { "Pulumi v2", "api.pulumi.com/oidc/v2", "https://api.pulumi.com/oidc/v2",
      "/.well-known/jwks" },
    { "GitHub", "token.actions.githubusercontent.com",
      "https://token.actions.githubusercontent.com", "/.well-known/jwks" },
    { "EKS", "oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
      "https://oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE", "/keys" },
    { "an issuer that no platform has", "issuer.example.com/a", "https://issuer.example.com/a",
      "/.well-known/jwks.json" },
    { "another, with a final slash", "slash.example.com", "https://slash.example.com/",
      "/.well-known/jwks.json" },
};

static const char *join(const char *a, const char *b)
{
    return arena_printf(f.arena, "%s%s", a, b).p;
}

START_TEST(discovery_by_path)
{
    json_t *doc = get(join(cases[_i].issuer_path, "/.well-known/openid-configuration"), false);
    want_str(cases[_i].name, json_str(json_object_get(doc, "issuer")), str_of(cases[_i].issuer));
    want_str(cases[_i].name, json_str(json_object_get(doc, "jwks_uri")),
             arena_printf(f.arena, "http://127.0.0.1:4580/issuers/%s%s", cases[_i].issuer_path,
                          cases[_i].jwks_path));
    /* OpenID Connect Discovery 1.0 section 3: REQUIRED */
    ck_assert(json_array_size(json_object_get(doc, "response_types_supported")) > 0);
    ck_assert(json_array_size(json_object_get(doc, "subject_types_supported")) > 0);
    want_json(&f, cases[_i].name, json_object_get(doc, "id_token_signing_alg_values_supported"),
              "['RS256']");
}
END_TEST

START_TEST(discovery_by_host)
{
    json_t *doc = get(join(cases[_i].issuer_path, "/.well-known/openid-configuration"), true);
    want_str(cases[_i].name, json_str(json_object_get(doc, "issuer")), str_of(cases[_i].issuer));
    want_str(cases[_i].name, json_str(json_object_get(doc, "jwks_uri")),
             arena_printf(f.arena, "https://%s%s", cases[_i].issuer_path, cases[_i].jwks_path));
}
END_TEST

/* The jwks_uri of the discovery document leads to the key that signed. */
START_TEST(the_jwks_verifies_the_token)
{
    struct token_ask asked = { .platform = STR("generic"),
                               .set = json_keep(f.arena,
                                                json_pack("{s:s}", "issuer", cases[_i].issuer)) };
    struct token t = fixture_mint(&f, &asked);
    struct json_doc doc = { .name = STR("jwks"),
                            .text = STR("{}"),
                            .root = get(join(cases[_i].issuer_path, cases[_i].jwks_path), false) };
    struct json_at root = json_at_root(&doc);
    struct why why = why_new(f.arena);
    struct pkey *key;
    struct jwks *set;
    struct jws *jws;
    want_ok(&why, jwks_read(f.arena, &why, &root, &set));
    want_ok(&why, jws_split(f.arena, &why, t.text, &jws));
    struct str kid = json_str(json_object_get(t.header, "kid"));
    want_ok(&why, jwks_find(&why, set, kid, alg_find(STR("RS256")), &key));
    ck_assert_msg(jws_verifies(jws, alg_find(STR("RS256")), key), "%s", cases[_i].name);
}
END_TEST

START_TEST(circlecis_discovery_document)
{
    want_json(&f, "document",
              get("oidc.circleci.com/org/" ORG "/.well-known/openid-configuration", true),
              "{'issuer':'https://oidc.circleci.com/org/" ORG "',"
              "'jwks_uri':'https://oidc.circleci.com/org/" ORG "/.well-known/jwks-pub.json',"
              "'response_types_supported':['id_token'],"
              "'subject_types_supported':['public','pairwise'],"
              "'id_token_signing_alg_values_supported':['RS256'],'scopes_supported':['openid'],"
              "'claims_supported':['sub','aud','exp','iat','iss','jti',"
              "'oidc.circleci.com/project-id','oidc.circleci.com/context-ids']}");
}
END_TEST

START_TEST(the_alg_of_a_config_is_announced)
{
    f.config_alg = alg_find(STR("ES256"));
    json_t *doc = get("oidc.render.com/tea-abc/.well-known/openid-configuration", false);
    want_json(&f, "alg", json_object_get(doc, "id_token_signing_alg_values_supported"),
              "['ES256']");
    json_t *keys =
        json_object_get(get("oidc.render.com/tea-abc/.well-known/jwks.json", false), "keys");
    ck_assert_uint_eq(json_array_size(keys), 1);
    want_str("kty", json_str(json_object_get(json_array_get(keys, 0), "kty")), STR("EC"));
}
END_TEST

START_TEST(a_local_issuer_is_called_by_where_it_is_served)
{
    f.local_iss = STR("http://127.0.0.1:4580/issuers/issuer.example.com/a");
    json_t *doc = get("issuer.example.com/a/.well-known/openid-configuration", false);
    want_str("issuer", json_str(json_object_get(doc, "issuer")), f.local_iss);
    want_str("jwks_uri", json_str(json_object_get(doc, "jwks_uri")),
             STR("http://127.0.0.1:4580/issuers/issuer.example.com/a/.well-known/jwks.json"));
}
END_TEST

START_TEST(a_published_key_says_what_it_is)
{
    json_t *keys = json_object_get(
        get("oidc.circleci.com/org/" ORG "/.well-known/jwks-pub.json", false), "keys");
    const json_t *key = json_array_get(keys, 0);
    ck_assert_uint_eq(json_array_size(keys), 1);
    want_str("kty", json_str(json_object_get(key, "kty")), STR("RSA"));
    want_str("use", json_str(json_object_get(key, "use")), STR("sig"));
    want_str("alg", json_str(json_object_get(key, "alg")), STR("RS256"));
    ck_assert_uint_eq(json_str(json_object_get(key, "kid")).n, 86);
    ck_assert_uint_eq(json_array_size(json_object_get(key, "x5c")), 1);
    ck_assert_ptr_null(json_object_get(key, "d"));
}
END_TEST

/* Rotated keys stay, retired ones go. */
START_TEST(the_jwks_follows_the_ring)
{
    struct keyring_spec spec = token_keyring(
        f.arena, f.profiles, STR("https://api.pulumi.com/oidc"), alg_find(STR("ES256")));
    static const char path[] = "api.pulumi.com/oidc/.well-known/jwks";
    struct why why = why_new(f.arena);
    f.config_alg = spec.alg;
    ck_assert_uint_eq(json_array_size(json_object_get(get(path, false), "keys")), 1);
    want_ok(&why, keystore_rotate(f.keys, &why, &spec));
    ck_assert_uint_eq(json_array_size(json_object_get(get(path, false), "keys")), 2);
    want_ok(&why, keystore_retire(f.keys, &why, spec.name));
    json_t *keys = json_object_get(get(path, false), "keys");
    ck_assert_uint_eq(json_array_size(keys), 1);
    struct keystore_view *v = keystore_view(f.keys);
    want_str("kid", json_str(json_object_get(json_array_get(keys, 0), "kid")),
             keyring_signer(keystore_view_ring(v, spec.name), spec.alg)->kid);
    keystore_view_drop(v);
}
END_TEST

START_TEST(a_ring_that_is_not_there_is_an_empty_set)
{
    struct keyring_spec spec = { .name = STR("nobody") };
    struct keystore_view *v = keystore_view(f.keys);
    want_json(&f, "jwks", issuer_jwks(f.arena, v, &spec), "{'keys':[]}");
    keystore_view_drop(v);
}
END_TEST

START_TEST(documents_are_not_to_be_kept_by_caches)
{
    struct http_response response;
    ck_assert(ask("GET", "api.pulumi.com/oidc/.well-known/jwks", false, &response));
    ck_assert_uint_eq(response.n_headers, 1);
    want_str("name", response.headers[0].name, STR("Cache-Control"));
    want_str("value", response.headers[0].value, STR("no-cache"));
}
END_TEST

START_TEST(keys_that_cannot_be_had_are_an_error_not_an_empty_set)
{
    struct http_response response;
    keys_are_gone = true;
    ck_assert(ask("GET", "api.pulumi.com/oidc/.well-known/jwks", false, &response));
    ck_assert_int_eq(response.status, 503);
}
END_TEST

START_TEST(head_is_answered_as_get)
{
    struct http_response response;
    ck_assert(ask("HEAD", "api.pulumi.com/oidc/.well-known/jwks", false, &response));
    ck_assert_int_eq(response.status, 200);
}
END_TEST

static const struct {
    const char *name, *method, *path;
} elsewhere[] = {
    { "nothing is served at the issuer itself", "GET", "api.pulumi.com/oidc" },
    { "nothing is served at the root", "GET", "" },
    { "nothing is served of nobody", "GET", "/.well-known/openid-configuration" },
    { "an issuer that is not ours is not served", "GET",
      "other.example.com/.well-known/openid-configuration" },
    { "nor its keys", "GET", "other.example.com/.well-known/jwks.json" },
    { "a JWKS lies where its platform has it, and nowhere else", "GET",
      "api.pulumi.com/oidc/.well-known/jwks.json" },
    { "EKS's path is not CircleCI's", "GET", "oidc.circleci.com/org/" ORG "/keys" },
    { "an organization that CircleCI cannot have is not served", "GET",
      "oidc.circleci.com/org/acme/.well-known/openid-configuration" },
    { "two slashes are one too many", "GET",
      "login.app.env0.com//.well-known/openid-configuration" },
    { "what follows the document is something else", "GET",
      "api.pulumi.com/oidc/.well-known/jwks/x" },
    { "nothing is posted to an issuer", "POST", "api.pulumi.com/oidc/.well-known/jwks" },
    { "case counts", "GET", "api.pulumi.com/oidc/.well-known/JWKS" },
};

START_TEST(is_not_served)
{
    struct http_response response;
    ck_assert_msg(!ask(elsewhere[_i].method, elsewhere[_i].path, _i % 2 == 0, &response), "%s",
                  elsewhere[_i].name);
    ck_assert_int_eq(response.status, 0);
}
END_TEST

Suite *issuer_suite(void);
Suite *issuer_suite(void)
{
    Suite *s = suite_create("issuer");
    TCase *t = tcase_create("issuer");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, discovery_by_path, 0, sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(t, discovery_by_host, 0, sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(t, the_jwks_verifies_the_token, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, circlecis_discovery_document);
    tcase_add_test(t, the_alg_of_a_config_is_announced);
    tcase_add_test(t, a_local_issuer_is_called_by_where_it_is_served);
    tcase_add_test(t, a_published_key_says_what_it_is);
    tcase_add_test(t, the_jwks_follows_the_ring);
    tcase_add_test(t, a_ring_that_is_not_there_is_an_empty_set);
    tcase_add_test(t, documents_are_not_to_be_kept_by_caches);
    tcase_add_test(t, keys_that_cannot_be_had_are_an_error_not_an_empty_set);
    tcase_add_test(t, head_is_answered_as_get);
    tcase_add_loop_test(t, is_not_served, 0, sizeof elsewhere / sizeof elsewhere[0]);
    suite_add_tcase(s, t);
    return s;
}
