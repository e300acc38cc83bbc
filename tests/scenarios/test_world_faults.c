#include "base/xml.h"
#include "scenarios/world.h"
#include "tests/support/runner.h"

/* Injected faults in a world: which are in force when, and what a client gets. */

static struct clock clock_;
static struct entropy entropy;
static struct arena *a;
static struct world *world;

#define FIRST                                                                               \
    "{\"faults\":[{\"action\":\"GetCallerIdentity\",\"error\":\"Throttling\",\"times\":1}," \
    "{\"action\":\"jwks\",\"status\":503,\"times\":1},"                                     \
    "{\"action\":\"discovery\",\"delay_ms\":5,\"drop\":true,\"truncate\":9,\"times\":1}]}"

static void set_up(void)
{
    struct arena *own = arena_new(); /* the world's */
    struct config *config;
    const struct config_source source = { .name = STR("first"), .text = STR(FIRST) };
    const struct world_options options = { .clock = &clock_, .entropy = &entropy };
    a = arena_new();
    struct why why = why_new(a);
    clock_init(&clock_);
    entropy_init_real(&entropy);
    ck_assert_msg(!failed(config_read(own, &why, &source, &config)), "%.*s",
                  STR_ARG(why_text(&why)));
    ck_assert(!failed(world_new_with(&why, &options, own, config, &world)));
}

static void tear_down(void)
{
    world_free(world);
    arena_free(a);
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

static struct str header(const struct http_response *r, struct str name)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (str_eq(r->headers[i].name, name))
            return r->headers[i].value;
    return STR("");
}

static struct http_response ask_caller(void)
{
    return http("POST", "/", STR("Action=GetCallerIdentity&Version=2011-06-15"));
}

static struct str code_of(struct http_response r)
{
    struct why why = why_new(a);
    struct xml_node *xml;
    ck_assert(!failed(xml_read(a, &why, r.body, &xml)));
    return xml_text(xml, "Error/Code");
}

#define UNSIGNED STR("MissingAuthenticationToken")

START_TEST(the_config_s_faults_are_in_force_from_the_start)
{
    want_str("first", code_of(ask_caller()), STR("Throttling"));
    want_str("second", code_of(ask_caller()), UNSIGNED);
}
END_TEST

START_TEST(a_reset_counts_them_from_zero)
{
    want_str("first", code_of(ask_caller()), STR("Throttling"));
    ck_assert_int_eq(http("POST", "/_understudy/reset", STR("")).status, 200);
    want_str("after the reset", code_of(ask_caller()), STR("Throttling"));
    want_str("and once more", code_of(ask_caller()), UNSIGNED);
}
END_TEST

START_TEST(a_new_world_has_its_own)
{
    ck_assert_int_eq(
        http("PUT", "/_understudy/world", STR("{\"faults\":[{\"status\":500,\"times\":1}]}"))
            .status,
        200);
    want_str("the new", code_of(ask_caller()), STR("InternalFailure"));
    want_str("not the old", code_of(ask_caller()), UNSIGNED);
    ck_assert_int_eq(http("POST", "/_understudy/reset", STR("")).status, 200);
    want_str("the old again", code_of(ask_caller()), STR("Throttling"));
}
END_TEST

START_TEST(what_was_injected_outlives_another_world)
{
    ck_assert_int_eq(http("POST", "/_understudy/faults",
                          STR("{\"error\":\"AccessDenied\",\"after\":2,\"times\":1}"))
                         .status,
                     200);
    ck_assert_int_eq(
        http("PUT", "/_understudy/world", STR("{\"faults\":[{\"status\":500,\"times\":2}]}"))
            .status,
        200);
    want_str("the new world's", code_of(ask_caller()), STR("InternalFailure"));
    want_str("and again", code_of(ask_caller()), STR("InternalFailure"));
    want_str("the injected one", code_of(ask_caller()), STR("AccessDenied"));
    want_str("no more", code_of(ask_caller()), UNSIGNED);
    ck_assert_int_eq(http("POST", "/_understudy/reset", STR("")).status, 200);
    want_str("the first world's", code_of(ask_caller()), STR("Throttling"));
    want_str("and nothing injected", code_of(ask_caller()), UNSIGNED);
}
END_TEST

START_TEST(a_world_that_cannot_be_read_leaves_them_as_they_are)
{
    ck_assert_int_eq(http("PUT", "/_understudy/world", STR("{\"faults\":[{}]}")).status, 400);
    want_str("first", code_of(ask_caller()), STR("Throttling"));
}
END_TEST

START_TEST(a_change_of_keys_does_not_count_them_anew)
{
    want_str("first", code_of(ask_caller()), STR("Throttling"));
    ck_assert_int_eq(http("POST", "/_understudy/issuers/rotate",
                          STR("{\"issuer\":\"https://oidc.render.com/tea-a\"}"))
                         .status,
                     200);
    want_str("second", code_of(ask_caller()), UNSIGNED);
}
END_TEST

START_TEST(the_world_shows_the_config_s_faults)
{
    struct http_response r = http("GET", "/_understudy/world", STR(""));
    json_t *shown = json_keep(a, json_loadb(r.body.p, r.body.n, 0, NULL));
    ck_assert(json_equal(shown, json_keep(a, json_loads(FIRST, 0, NULL))));
}
END_TEST

START_TEST(the_banner_counts_them)
{
    ck_assert_msg(str_contains(world_banner(world, a), STR(", 3 faults to inject (first)\n")),
                  "%.*s", STR_ARG(world_banner(world, a)));
}
END_TEST

START_TEST(an_injected_refusal_is_on_record)
{
    struct http_response refused = ask_caller();
    struct str id = header(&refused, STR("x-amzn-requestid"));
    want_str("reason", header(&refused, STR("x-understudy-reason")),
             STR("injected; fault 1 answers with 400 Throttling"));
    struct http_response r =
        http("GET", arena_printf(a, "/_understudy/exchanges/%.*s", STR_ARG(id)).p, STR(""));
    json_t *shown = json_keep(a, json_loadb(r.body.p, r.body.n, 0, NULL));
    want_str("decision", json_str(json_object_get(shown, "decision")), STR("denied"));
    want_str("reason", json_str(json_object_get(shown, "reason")), STR("injected"));
    json_t *aws = json_object_get(shown, "aws");
    want_str("code", json_str(json_object_get(aws, "code")), STR("Throttling"));
    ck_assert_int_eq(json_integer_value(json_object_get(aws, "status")), 400);
}
END_TEST

/* ---- documents of issuers ---- */

#define BELOW "/issuers/oidc.render.com/tea-csps46i3esus73eojjp0/.well-known/"

START_TEST(a_document_may_be_an_error)
{
    struct http_response r = http("GET", BELOW "jwks.json", STR(""));
    ck_assert_int_eq(r.status, 503);
    want_str("type", r.content_type, STR("application/problem+json"));
    json_t *problem = json_keep(a, json_loadb(r.body.p, r.body.n, 0, NULL));
    want_str("reason", json_str(json_object_get(problem, "reason")), STR("injected"));
    want_str("detail", json_str(json_object_get(problem, "detail")),
             STR("fault 2 answers with 503"));
    ck_assert_int_eq(http("GET", BELOW "jwks.json", STR("")).status, 200);
}
END_TEST

static const char *const discovery_paths[] = { BELOW "openid-configuration",
                                               BELOW "openid%2Dconfiguration" };

START_TEST(a_document_may_be_late_cut_and_lost)
{
    struct http_response r = http("GET", discovery_paths[_i], STR(""));
    ck_assert(r.status == 200 && r.delay_ms == 5 && r.drop && r.truncate_to == 9);
    r = http("GET", discovery_paths[_i], STR(""));
    ck_assert(r.status == 200 && !r.delay_ms && !r.drop && !r.truncate_to);
}
END_TEST

START_TEST(what_is_no_document_is_not_hit)
{
    ck_assert_int_eq(http("GET", BELOW "jwks", STR("")).status, 404);
    ck_assert_int_eq(http("GET", "/_understudy/health", STR("")).status, 200);
    ck_assert_int_eq(http("GET", BELOW "jwks.json", STR("")).status, 503);
}
END_TEST

Suite *world_faults_suite(void);
Suite *world_faults_suite(void)
{
    Suite *s = suite_create("scenarios/world_faults");
    TCase *t = tcase_create("world_faults");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, the_config_s_faults_are_in_force_from_the_start);
    tcase_add_test(t, a_reset_counts_them_from_zero);
    tcase_add_test(t, a_new_world_has_its_own);
    tcase_add_test(t, what_was_injected_outlives_another_world);
    tcase_add_test(t, a_world_that_cannot_be_read_leaves_them_as_they_are);
    tcase_add_test(t, a_change_of_keys_does_not_count_them_anew);
    tcase_add_test(t, the_world_shows_the_config_s_faults);
    tcase_add_test(t, the_banner_counts_them);
    tcase_add_test(t, an_injected_refusal_is_on_record);
    tcase_add_test(t, a_document_may_be_an_error);
    tcase_add_loop_test(t, a_document_may_be_late_cut_and_lost, 0, 2);
    tcase_add_test(t, what_is_no_document_is_not_hit);
    suite_add_tcase(s, t);
    return s;
}
