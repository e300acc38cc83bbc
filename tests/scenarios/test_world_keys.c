#include "base/xml.h"
#include "scenarios/world.h"
#include "tests/support/lab_keys.h"
#include "tests/support/runner.h"

#include <pthread.h>

/* The keys of a world's issuers: where they come from, and what changing them does to tokens. */

static struct clock clock_;
static struct entropy entropy;
static struct arena *a;
static struct world *world;

static void set_up(void)
{
    a = arena_new();
    clock_init(&clock_);
    entropy_init_real(&entropy);
}

static void tear_down(void)
{
    world_free(world);
    arena_free(a);
}

static void open_world(struct world_options options)
{
    struct why why = why_new(a);
    options.clock = &clock_;
    options.entropy = &entropy;
    ck_assert_msg(!failed(world_new(&why, &options, &world)), "%.*s", STR_ARG(why_text(&why)));
}

static struct token mint(const char *platform)
{
    struct why why = why_new(a);
    struct token token;
    struct token_ask ask = { .platform = str_of(platform) };
    ck_assert_msg(!failed(world_mint(world, a, &why, &ask, &token)), "%s: %.*s", platform,
                  STR_ARG(why_text(&why)));
    return token;
}

static struct http_response http_at(const char *host, const char *method, const char *target,
                                    struct str body)
{
    struct http_header headers[] = { { STR("host"), str_of(host) } };
    struct http_request request = { .arena = a,
                                    .method = str_of(method),
                                    .target = str_of(target),
                                    .path = str_of(target),
                                    .body = body,
                                    .headers = headers,
                                    .n_headers = 1,
                                    .peer = STR("127.0.0.1") };
    struct http_response response = { .status = 0 };
    world_handle(world, &request, &response);
    return response;
}

static struct http_response http(const char *method, const char *target, struct str body)
{
    return http_at("127.0.0.1:4580", method, target, body);
}

static json_t *body_of(struct http_response response)
{
    json_t *v = json_loadb(response.body.p, response.body.n, 0, NULL);
    ck_assert_msg(v != NULL, "not JSON: %.*s", STR_ARG(response.body));
    return json_keep(a, v);
}

static json_t *published(const char *jwks)
{
    struct http_response r = http("GET", jwks, STR(""));
    ck_assert_int_eq(r.status, 200);
    return json_object_get(body_of(r), "keys");
}

/* POST issuers/WHAT; the answer names the issuer. */
static void tell(const char *what, const char *issuer, const char *more)
{
    struct http_response r = http("POST", arena_printf(a, "/_understudy/issuers/%s", what).p,
                                  arena_printf(a, "{\"issuer\":\"%s\"%s}", issuer, more));
    ck_assert_msg(r.status == 200, "%s: %.*s", what, STR_ARG(r.body));
    want_str(what, json_str(json_object_get(body_of(r), "issuer")), str_of(issuer));
}

struct answer {
    struct str code, message, reason, request_id;
};

static struct str header_of(const struct http_response *r, const char *name)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (str_eq_nocase(r->headers[i].name, str_of(name)))
            return r->headers[i].value;
    return STR("");
}

static struct answer assume(const char *role, struct str token)
{
    struct form_field fields[] = {
        { STR("Version"), STR("2011-06-15") },
        { STR("Action"), STR("AssumeRoleWithWebIdentity") },
        { STR("RoleArn"), arena_printf(a, "arn:aws:iam::123456789012:role/%s", role) },
        { STR("RoleSessionName"), STR("test") },
        { STR("WebIdentityToken"), token },
    };
    struct form form = { fields, 5 };
    struct http_response response;
    struct xml_node *xml;
    struct why why = why_new(a);

    world_call(world, a, &form, &response);
    ck_assert(!failed(xml_read(a, &why, response.body, &xml)));
    return (struct answer){ xml_text(xml, "Error/Code"), xml_text(xml, "Error/Message"),
                            header_of(&response, "x-understudy-reason"),
                            header_of(&response, "x-amzn-requestid") };
}

static void want_good(const char *what, const char *role, struct str token)
{
    struct answer got = assume(role, token);
    ck_assert_msg(!got.code.n, "%s: %.*s: %.*s", what, STR_ARG(got.code), STR_ARG(got.reason));
}

/* aws.md section 1.5: the same words for keys that cannot be fetched and for one not among them. */
static void want_no_key(const char *what, struct str token, const char *role, const char *reason)
{
    struct answer got = assume(role, token);
    want_str(what, got.code, STR("InvalidIdentityToken"));
    want_str(what, got.message,
             STR("Couldn't retrieve verification key from your identity provider,  please "
                 "reference AssumeRoleWithWebIdentity documentation for requirements"));
    ck_assert_msg(str_starts(got.reason, arena_printf(a, "%s; ", reason)), "%s: %.*s", what,
                  STR_ARG(got.reason));
}

static json_t *listed(const char *issuer)
{
    json_t *all = json_object_get(body_of(http("GET", "/_understudy/issuers", STR(""))), "issuers");
    for (size_t i = 0; i < json_array_size(all); i++)
        if (str_eq(json_str(json_object_get(json_array_get(all, i), "issuer")), str_of(issuer)))
            return json_array_get(all, i);
    return NULL;
}

/* The states of its keys, in order: "published RS256, signing RS256". */
static struct str states(const char *issuer)
{
    json_t *keys = json_object_get(listed(issuer), "keys");
    struct str text = STR("");
    for (size_t i = 0; i < json_array_size(keys); i++) {
        json_t *k = json_array_get(keys, i);
        text = arena_printf(a, "%.*s%s%.*s %.*s", STR_ARG(text), i ? ", " : "",
                            STR_ARG(json_str(json_object_get(k, "state"))),
                            STR_ARG(json_str(json_object_get(k, "alg"))));
    }
    return text;
}

static bool is_down(const char *issuer)
{
    return json_is_true(json_object_get(listed(issuer), "down"));
}

/* ---- keys that are handed in ---- */

struct handed {
    struct str last_ring;
    int n;
};

static struct pkey *hand_in(void *context, struct arena *arena, enum pkey_kind kind,
                            struct str name, struct str *x5c_der)
{
    struct handed *h = context;
    struct why why = why_new(arena);
    struct pkey *k = NULL;
    h->n++;
    h->last_ring = arena_str(a, name);
    ck_assert_int_eq(kind, PKEY_RSA); /* what the demo world's platforms sign with */
    ck_assert(!failed(pkey_read_pem(&why, str_of(lab_key_rsa), &k)));
    *x5c_der = arena_str(arena, STR("\x30\x00"));
    return k;
}

START_TEST(a_world_signs_and_publishes_the_key_it_is_given)
{
    struct handed handed = { .n = 0 };
    open_world((struct world_options){ .make_key = hand_in, .make_key_context = &handed });
    struct token token = mint("pulumi");
    ck_assert_int_eq(handed.n, 1);
    want_str("ring", handed.last_ring, STR("pulumi"));
    json_t *keys = published("/issuers/api.pulumi.com/oidc/.well-known/jwks");
    ck_assert_uint_eq(json_array_size(keys), 1);
    want_str("kid", json_str(json_object_get(json_array_get(keys, 0), "kid")),
             json_str(json_object_get(token.header, "kid")));
    ck_assert_int_eq(handed.n, 1);
}
END_TEST

/* ---- rotating, publishing late ---- */

#define RENDER      "https://oidc.render.com/tea-csps46i3esus73eojjp0"
#define RENDER_ROLE "Render-OIDC-Role"
#define RENDER_PATH "/issuers/oidc.render.com/tea-csps46i3esus73eojjp0"
#define RENDER_JWKS RENDER_PATH "/.well-known/jwks.json"
#define OPENID      "/.well-known/openid-configuration"

static bool has_kid(json_t *keys, const struct token *token)
{
    struct str kid = json_str(json_object_get(token->header, "kid"));
    for (size_t i = 0; i < json_array_size(keys); i++)
        if (str_eq(json_str(json_object_get(json_array_get(keys, i), "kid")), kid))
            return true;
    return false;
}

START_TEST(a_key_published_late_is_unknown_until_it_is_published)
{
    open_world((struct world_options){ .state_path = NULL });
    struct token old = mint("render");
    want_good("at first", RENDER_ROLE, old.text);
    tell("rotate", RENDER, ",\"publish\":false");
    want_str("late", states(RENDER), STR("published RS256, pending RS256"));
    struct token late = mint("render");
    ck_assert(!has_kid(published(RENDER_JWKS), &late));
    ck_assert(has_kid(published(RENDER_JWKS), &old));
    want_no_key("not published", late.text, RENDER_ROLE, "key-unknown");
    want_good("the old key", RENDER_ROLE, old.text);
    tell("publish", RENDER, "");
    want_str("published", states(RENDER), STR("published RS256, signing RS256"));
    ck_assert(has_kid(published(RENDER_JWKS), &late));
    want_good("published", RENDER_ROLE, late.text);
    want_good("the old key still", RENDER_ROLE, old.text);
    tell("retire", RENDER, "");
    want_str("retired", states(RENDER), STR("retired RS256, signing RS256"));
    want_no_key("retired", old.text, RENDER_ROLE, "key-unknown");
    want_good("the only key", RENDER_ROLE, late.text);
}
END_TEST

START_TEST(a_late_key_is_never_the_only_one_and_in_time_is_said_by_true)
{
    open_world((struct world_options){ .state_path = NULL });
    tell("rotate", RENDER, ",\"publish\":false");
    struct token late = mint("render");
    ck_assert_uint_eq(json_array_size(published(RENDER_JWKS)), 1);
    want_no_key("not the one published", late.text, RENDER_ROLE, "key-unknown");
    tell("rotate", RENDER, ",\"publish\":true");
    want_str("rotated", states(RENDER), STR("published RS256, published RS256, signing RS256"));
    want_good("no longer pending", RENDER_ROLE, late.text);
}
END_TEST

static const struct refused_row {
    const char *name, *path, *body, *place;
} refused_rows[] = {
    { "an issuer is needed", "rotate", "{\"publish\":false}", "body:1:1: $" },
    { "late is true or false", "rotate", "{\"issuer\":\"https://a.example\",\"publish\":0}",
      "body:1:41: $.publish" },
    { "a URL begins with https", "rotate", "{\"issuer\":\"http://a.example\"}",
      "body:1:11: $.issuer" },
    { "only a rotation can be late", "publish",
      "{\"issuer\":\"https://a.example\",\"publish\":true}", "body:1:41: $.publish" },
    { "what is down has an issuer", "down", "{}", "body:1:1: $" },
    { "what goes down is a URL", "down", "{\"issuer\":7}", "body:1:11: $.issuer" },
    { "what comes up is an issuer", "up", "{\"issuer\":\"a.example\"}", "body:1:11: $.issuer" },
};

START_TEST(an_issuer_that_cannot_be_understood_is_pointed_at)
{
    const struct refused_row *row = &refused_rows[_i];
    open_world((struct world_options){ .state_path = NULL });
    struct http_response r =
        http("POST", arena_printf(a, "/_understudy/issuers/%s", row->path).p, str_of(row->body));
    ck_assert_msg(r.status == 400, "%s: %d", row->name, r.status);
    want_str(row->name, json_str(json_object_get(body_of(r), "place")), str_of(row->place));
    ck_assert_msg(!listed("https://a.example"), "%s", row->name);
}
END_TEST

/* ---- down ---- */

static const struct document_row {
    const char *host, *path;
} documents[] = {
    { "127.0.0.1:4580", RENDER_PATH OPENID },
    { "127.0.0.1:4580", RENDER_JWKS },
    { "oidc.render.com", "/tea-csps46i3esus73eojjp0" OPENID },
    { "oidc.render.com", "/tea-csps46i3esus73eojjp0/.well-known/jwks.json" },
};
enum { DOCUMENTS = sizeof documents / sizeof documents[0] };

static void want_documents(int status)
{
    for (size_t i = 0; i < DOCUMENTS; i++) {
        struct http_response r = http_at(documents[i].host, "GET", documents[i].path, STR(""));
        ck_assert_msg(r.status == status, "%s: %d", documents[i].path, r.status);
        if (status == 200)
            continue;
        want_str("type", r.content_type, STR("application/problem+json"));
        want_str("reason", json_str(json_object_get(body_of(r), "reason")), STR("idp-unreachable"));
        want_str("cached", header_of(&r, "cache-control"), STR("no-cache"));
    }
}

START_TEST(while_an_issuer_is_down_none_of_its_tokens_is_taken)
{
    open_world((struct world_options){ .state_path = NULL });
    struct token known = mint("render"), other = mint("circleci");
    want_good("before", RENDER_ROLE, known.text);
    want_documents(200);
    tell("down", RENDER, "");
    ck_assert(is_down(RENDER));
    want_documents(503);
    want_no_key("verified before", known.text, RENDER_ROLE, "keys-unavailable");
    want_no_key("made meanwhile", mint("render").text, RENDER_ROLE, "keys-unavailable");
    want_good("another issuer", "CircleCI-OIDC-Role", other.text);
    ck_assert_int_eq(
        http("GET", "/issuers/oidc.render.com/tea-other/.well-known/jwks.json", STR("")).status,
        200);
    tell("down", RENDER, "");
    tell("up", RENDER, "");
    ck_assert(!is_down(RENDER));
    want_documents(200);
    want_good("after", RENDER_ROLE, known.text);
    tell("up", RENDER, "");
}
END_TEST

START_TEST(why_it_was_refused_is_still_known_when_the_issuer_is_up_again)
{
    open_world((struct world_options){ .state_path = NULL });
    struct token token = mint("render");
    tell("down", RENDER, "");
    struct answer refused = assume(RENDER_ROLE, token.text);
    tell("up", RENDER, "");
    json_t *e = body_of(
        http("GET", arena_printf(a, "/_understudy/exchanges/%.*s", STR_ARG(refused.request_id)).p,
             STR("")));
    want_str("decision", json_str(json_object_get(e, "decision")), STR("denied"));
    want_str("reason", json_str(json_object_get(e, "reason")), STR("keys-unavailable"));
}
END_TEST

START_TEST(a_reset_brings_all_up_and_another_config_does_not)
{
    struct why why = why_new(a);
    open_world((struct world_options){ .state_path = NULL });
    tell("down", RENDER, "");
    tell("down", "https://nobody.example", "");
    ck_assert(!failed(world_replace(world, &why, STR("body"), STR("{}"))));
    ck_assert(is_down(RENDER));
    ck_assert(is_down("https://nobody.example"));
    ck_assert(!failed(world_reset(world, &why)));
    ck_assert(!is_down(RENDER));
    ck_assert_ptr_null(listed("https://nobody.example"));
    want_good("after a reset", RENDER_ROLE, mint("render").text);
}
END_TEST

/* env0's issuer ends with a slash, which is nowhere in the addresses of its documents. */
START_TEST(a_final_slash_makes_no_difference_to_an_outage)
{
    open_world((struct world_options){ .state_path = NULL });
    struct token token = mint("env0");
    tell("down", "https://login.app.env0.com", "");
    ck_assert(is_down("https://login.app.env0.com/"));
    ck_assert_ptr_null(listed("https://login.app.env0.com"));
    want_no_key("down", token.text, "Env0-OIDC-Role", "keys-unavailable");
    ck_assert_int_eq(http("GET", "/issuers/login.app.env0.com" OPENID, STR("")).status, 503);
    tell("up", "https://login.app.env0.com/", "");
    want_good("up", "Env0-OIDC-Role", token.text);
}
END_TEST

/* {"keys": {"jwks": ...}} is what AWS would have fetched: it needs nobody to be up. */
START_TEST(keys_that_a_config_gives_are_there_while_their_issuer_is_down)
{
    struct why why = why_new(a);
    open_world((struct world_options){ .state_path = NULL });
    struct token token = mint("render");
    struct http_response jwks = http("GET", RENDER_JWKS, STR(""));
    json_t *config = body_of(http("GET", "/_understudy/world", STR("")));
    json_t *providers = json_object_get(config, "oidc_providers");
    for (size_t i = 0; i < json_array_size(providers); i++)
        if (str_eq(json_str(json_object_get(json_array_get(providers, i), "url")), STR(RENDER)))
            json_object_set_new(json_array_get(providers, i), "keys",
                                json_pack("{s:O}", "jwks", body_of(jwks)));
    ck_assert_msg(!failed(world_replace(world, &why, STR("body"), json_text(a, config))), "%.*s",
                  STR_ARG(why_text(&why)));
    tell("down", RENDER, "");
    want_good("given keys", RENDER_ROLE, token.text);
    want_documents(503);
}
END_TEST

START_TEST(only_so_many_are_down_at_once)
{
    struct why why = why_new(a);
    open_world((struct world_options){ .state_path = NULL });
    for (int i = 0; i < 1024; i++)
        ck_assert(!failed(world_down(world, &why, arena_printf(a, "https://i%d.example", i))));
    struct http_response r =
        http("POST", "/_understudy/issuers/down", STR("{\"issuer\":\"" RENDER "\"}"));
    ck_assert_int_eq(r.status, 400);
    tell("down", "https://i0.example", "");
    tell("up", "https://i512.example", "");
    ck_assert(is_down("https://i1023.example"));
    tell("down", RENDER, "");
    ck_assert(is_down(RENDER));
}
END_TEST

static void *flicker(void *unused)
{
    (void)unused;
    for (int i = 0; i < 400; i++) {
        struct arena *own = arena_new();
        struct why why = why_new(own);
        if (failed((i % 2 ? world_up : world_down)(world, &why, STR(RENDER))))
            abort();
        arena_free(own);
    }
    return NULL;
}

START_TEST(an_issuer_that_comes_and_goes_is_there_or_not)
{
    pthread_t thread;
    open_world((struct world_options){ .state_path = NULL });
    struct token token = mint("render");
    pthread_create(&thread, NULL, flicker, NULL);
    for (int i = 0; i < 200; i++) {
        struct answer got = assume(RENDER_ROLE, token.text);
        ck_assert_msg(!got.code.n || str_starts(got.reason, STR("keys-unavailable")), "%.*s",
                      STR_ARG(got.reason));
    }
    pthread_join(thread, NULL);
    want_good("up at the end", RENDER_ROLE, token.text);
}
END_TEST

/* ---- the list ---- */

START_TEST(the_list_has_who_signs_here_and_who_is_down_once_each)
{
    struct why why = why_new(a);
    struct str text = STR("");
    open_world((struct world_options){ .state_path = NULL });
    ck_assert_msg(
        !failed(world_replace(
            world, &why, STR("body"),
            STR("{\"issuers\":[{\"url\":\"https://b.example\",\"alg\":\"ES256\"},"
                "{\"url\":\"https://d.example\"}],"
                "\"oidc_providers\":[{\"url\":\"https://b.example\",\"client_ids\":[\"x\"]},"
                "{\"url\":\"https://a.example\",\"client_ids\":[\"x\"]},"
                "{\"url\":\"https://given.example\",\"client_ids\":[\"x\"],"
                "\"keys\":{\"jwks\":{\"keys\":[]}}}],"
                "\"accounts\":{\"999999999999\":{\"oidc_providers\":["
                "{\"url\":\"https://a.example\",\"client_ids\":[\"x\"]}]}}}"))),
        "%.*s", STR_ARG(why_text(&why)));
    tell("down", "https://c.example", "");
    tell("down", "https://a.example", "");
    tell("rotate", "https://b.example", "");
    json_t *all = json_object_get(body_of(http("GET", "/_understudy/issuers", STR(""))), "issuers");
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *one = json_array_get(all, i);
        text = arena_printf(a, "%.*s%s%.*s%s", STR_ARG(text), i ? " " : "",
                            STR_ARG(json_str(json_object_get(one, "issuer"))),
                            json_is_true(json_object_get(one, "down")) ? " (down)" : "");
    }
    want_str("list", text,
             STR("https://a.example (down) https://b.example https://c.example (down) "
                 "https://d.example"));
    want_str("keys", states("https://b.example"), STR("signing ES256"));
    want_str("no keys yet", states("https://d.example"), STR(""));
}
END_TEST

Suite *world_keys_suite(void);

Suite *world_keys_suite(void)
{
    Suite *s = suite_create("scenarios/world keys");
    TCase *t = tcase_create("rows");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, a_world_signs_and_publishes_the_key_it_is_given);
    tcase_add_test(t, a_key_published_late_is_unknown_until_it_is_published);
    tcase_add_test(t, a_late_key_is_never_the_only_one_and_in_time_is_said_by_true);
    tcase_add_loop_test(t, an_issuer_that_cannot_be_understood_is_pointed_at, 0,
                        sizeof refused_rows / sizeof refused_rows[0]);
    tcase_add_test(t, while_an_issuer_is_down_none_of_its_tokens_is_taken);
    tcase_add_test(t, why_it_was_refused_is_still_known_when_the_issuer_is_up_again);
    tcase_add_test(t, a_reset_brings_all_up_and_another_config_does_not);
    tcase_add_test(t, a_final_slash_makes_no_difference_to_an_outage);
    tcase_add_test(t, keys_that_a_config_gives_are_there_while_their_issuer_is_down);
    tcase_add_test(t, only_so_many_are_down_at_once);
    tcase_add_test(t, an_issuer_that_comes_and_goes_is_there_or_not);
    tcase_add_test(t, the_list_has_who_signs_here_and_who_is_down_once_each);
    suite_add_tcase(s, t);
    return s;
}
