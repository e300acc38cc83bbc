#include "scenarios/world.h"
#include "tests/support/lab_keys.h"
#include "tests/support/runner.h"

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

static struct http_response http(const char *method, const char *target, struct str body)
{
    struct http_header headers[] = { { STR("host"), STR("127.0.0.1:4580") } };
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

Suite *world_keys_suite(void);

Suite *world_keys_suite(void)
{
    Suite *s = suite_create("scenarios/world keys");
    TCase *t = tcase_create("rows");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, a_world_signs_and_publishes_the_key_it_is_given);
    suite_add_tcase(s, t);
    return s;
}
