#include "base/xml.h"
#include "scenarios/world.h"
#include "tests/support/runner.h"

#include <pthread.h>
#include <unistd.h>

/* The wiring: token in, credentials out, under a clock and a world that can be changed. */

static struct clock clock_;
static struct entropy entropy;
static struct arena *a;
static struct world *world;

static void set_up(void)
{
    struct why why;
    a = arena_new();
    why = why_new(a);
    clock_init(&clock_);
    entropy_init_real(&entropy);
    struct world_options options = { .clock = &clock_, .entropy = &entropy };
    ck_assert_msg(!failed(world_new(&why, &options, &world)), "%.*s", STR_ARG(why_text(&why)));
}

static void tear_down(void)
{
    arena_free(a);
    world_free(world);
}

static struct str mint(const char *platform, const char *set, const char *flaw)
{
    struct why why = why_new(a);
    struct token token;
    struct token_ask ask = { .platform = str_of(platform), .flaw = str_of(flaw) };
    if (*set)
        ask.set = json_keep(a, json_loads(set, 0, NULL));
    ck_assert_msg(!failed(world_mint(world, a, &why, &ask, &token)), "%s: %.*s", platform,
                  STR_ARG(why_text(&why)));
    return token.text;
}

struct answer {
    int status;
    struct str code, reason, request_id;
    struct xml_node *xml;
};

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
    struct answer answer = { .status = 0 };
    struct why why = why_new(a);

    world_call(world, a, &form, &response);
    answer.status = response.status;
    for (size_t i = 0; i < response.n_headers; i++) {
        if (str_eq(response.headers[i].name, STR("x-understudy-reason")))
            answer.reason = response.headers[i].value;
        if (str_eq(response.headers[i].name, STR("x-amzn-requestid")))
            answer.request_id = response.headers[i].value;
    }
    ck_assert(!failed(xml_read(a, &why, response.body, &answer.xml)));
    answer.code = xml_text(answer.xml, "Error/Code");
    return answer;
}

static struct http_response http(const char *method, const char *target, const char *host,
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

#define OURS "127.0.0.1:4580"

static json_t *body_of(struct http_response response)
{
    json_t *v = json_loadb(response.body.p, response.body.n, 0, NULL);
    ck_assert_msg(v != NULL, "not JSON: %.*s", STR_ARG(response.body));
    return json_keep(a, v);
}

static const struct exchange_row {
    const char *name, *platform, *set, *role, *code, *reason;
} exchange_rows[] = {
    { "CircleCI's own token", "circleci", "", "CircleCI-OIDC-Role", "", "" },
    { "CircleCI's V2 token", "circleci/v2", "", "CircleCI-OIDC-Role", "", "" },
    { "CircleCI, the right project", "circleci", "", "CircleCI-Project-Role", "", "" },
    { "CircleCI, another project", "circleci",
      "{\"project_id\":\"9d1c0000-0000-4000-8000-000000000000\"}", "CircleCI-Project-Role",
      "AccessDenied", "trust-denied" },
    { "CircleCI, another organisation", "circleci",
      "{\"org_id\":\"11111111-2222-4333-8444-555555555555\"}", "CircleCI-OIDC-Role",
      "InvalidIdentityToken", "issuer-unregistered" },
    { "Render's service", "render", "", "Render-OIDC-Role", "", "" },
    { "Render, another service", "render", "{\"service_id\":\"srv-other\"}", "Render-OIDC-Role",
      "AccessDenied", "trust-denied" },
    { "env0", "env0", "", "Env0-OIDC-Role", "", "" },
    { "env0, the right project", "env0", "", "Env0-Project-Role", "", "" },
    { "env0, another project", "env0", "{\"project_id\":\"5b44fa6d-ecfd-40ab-8e69-14d6fe7c638c\"}",
      "Env0-Project-Role", "AccessDenied", "trust-denied" },
    { "Pulumi Deployments", "pulumi", "", "Pulumi-Deploy-Role", "", "" },
    { "Pulumi Deployments, another project", "pulumi", "{\"project\":\"Edge\"}",
      "Pulumi-Deploy-Role", "AccessDenied", "trust-denied" },
    { "Pulumi ESC", "pulumi/esc", "", "Pulumi-ESC-Role", "", "" },
    { "Pulumi ESC through IaC sends <yaml>", "pulumi/esc-iac", "", "Pulumi-ESC-Role",
      "AccessDenied", "trust-denied" },
    { "GitHub Actions", "github", "", "GitHub-Actions-Role", "", "" },
    { "GitHub's immutable subject", "github/immutable", "", "GitHub-Actions-Role", "AccessDenied",
      "trust-denied" },
};

START_TEST(the_demo_world_answers_as_the_guides_say)
{
    const struct exchange_row *row = &exchange_rows[_i];
    struct answer got = assume(row->role, mint(row->platform, row->set, ""));
    want_str(row->name, got.code, str_of(row->code));
    if (*row->reason)
        ck_assert_msg(str_starts(got.reason, str_of(row->reason)), "%s: %.*s", row->name,
                      STR_ARG(got.reason));
}
END_TEST

START_TEST(a_token_lives_as_long_as_the_clock_says)
{
    clock_set(&clock_, clock_now_ms(&clock_), true); /* making the first key takes a while */
    struct str token = mint("circleci", "", "");
    want_str("fresh", assume("CircleCI-OIDC-Role", token).code, STR(""));
    clock_advance(&clock_, (3600 + 299) * 1000);
    want_str("tolerated", assume("CircleCI-OIDC-Role", token).code, STR(""));
    clock_advance(&clock_, 3 * 1000);
    want_str("expired, though its signature is remembered",
             assume("CircleCI-OIDC-Role", token).code, STR("ExpiredTokenException"));
}
END_TEST

START_TEST(a_rotated_key_verifies_until_it_is_retired)
{
    struct why why = why_new(a);
    struct str issuer = STR("https://oidc.circleci.com/org/00f45056-5918-4171-9222-b538c76ed3f8");
    struct str old = mint("circleci", "", "");
    ck_assert(!failed(world_rotate(world, &why, issuer)));
    struct str newer = mint("circleci", "", "");
    want_str("old key, still published", assume("CircleCI-OIDC-Role", old).code, STR(""));
    want_str("new key", assume("CircleCI-OIDC-Role", newer).code, STR(""));
    ck_assert(!failed(world_retire(world, &why, issuer)));
    struct answer got = assume("CircleCI-OIDC-Role", old);
    want_str("old key, retired", got.code, STR("InvalidIdentityToken"));
    ck_assert(str_starts(got.reason, STR("key-unknown")));
    want_str("new key, after", assume("CircleCI-OIDC-Role", newer).code, STR(""));
}
END_TEST

START_TEST(a_replaced_world_forgets_verified_tokens)
{
    struct why why = why_new(a);
    struct str token = mint("circleci", "", "");
    want_str("before", assume("CircleCI-OIDC-Role", token).code, STR(""));
    ck_assert(!failed(world_replace(world, &why, STR("body"), STR("{}"))));
    want_str("after", assume("CircleCI-OIDC-Role", token).code, STR("InvalidIdentityToken"));
    ck_assert(!failed(world_reset(world, &why)));
    want_str("reset", assume("CircleCI-OIDC-Role", token).code, STR(""));
}
END_TEST

START_TEST(a_world_that_cannot_be_read_changes_nothing)
{
    struct http_response r =
        http("PUT", "/_understudy/world", OURS, STR("{\"roles\":[{\"name\":1}]}"));
    ck_assert_int_eq(r.status, 400);
    want_str("type", r.content_type, STR("application/problem+json"));
    json_t *problem = body_of(r);
    want_str("place", json_str(json_object_get(problem, "place")),
             STR("body:1:19: $.roles[0].name"));
    want_str("still", assume("CircleCI-OIDC-Role", mint("circleci", "", "")).code, STR(""));
}
END_TEST

START_TEST(a_world_with_a_policy_that_iam_would_not_save_is_refused_as_iam_does)
{
    struct http_response r = http(
        "PUT", "/_understudy/world", OURS,
        STR("{\"roles\":[{\"name\":\"r\",\"trust_policy\":{\"Statement\":{\"Effect\":\"Allow\","
            "\"Principal\":{\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/gitlab.com\"},"
            "\"Action\":\"sts:AssumeRoleWithWebIdentity\"}}}]}"));
    ck_assert_int_eq(r.status, 400);
    json_t *problem = body_of(r);
    want_str("place", json_str(json_object_get(problem, "place")),
             STR("body:1:81: $.roles[0].trust_policy.Statement.Principal"));
    ck_assert(
        str_contains(json_str(json_object_get(problem, "detail")),
                     STR("must evaluate, using StringEquals, StringLike or "
                         "StringEqualsIgnoreCase, gitlab.com:sub which is not scoped to all.")));
}
END_TEST

START_TEST(an_exchange_is_explained_afterwards)
{
    struct str token =
        mint("circleci", "{\"project_id\":\"9d1c0000-0000-4000-8000-000000000000\"}", "");
    struct answer got = assume("CircleCI-Project-Role", token);
    struct http_response r =
        http("GET", arena_printf(a, "/_understudy/exchanges/%.*s", STR_ARG(got.request_id)).p, OURS,
             STR(""));
    ck_assert_int_eq(r.status, 200);
    json_t *e = body_of(r);
    want_str("decision", json_str(json_object_get(e, "decision")), STR("denied"));
    want_str("reason", json_str(json_object_get(e, "reason")), STR("trust-denied"));
    want_str("signature", json_str(json_object_get(json_object_get(e, "token"), "signature")),
             STR("valid"));
    json_t *statement = json_array_get(json_object_get(e, "statements"), 0);
    json_t *condition = json_array_get(json_object_get(statement, "conditions"), 1);
    want_str("operator", json_str(json_object_get(condition, "operator")), STR("StringLike"));
    ck_assert(json_is_false(json_object_get(condition, "passed")));
    ck_assert(json_array_size(json_object_get(condition, "got")) == 1);
    ck_assert(!str_contains(r.body, str_sub(token, 0, 32))); /* no raw token, no signature */
    ck_assert(!str_contains(r.body, str_sub(token, token.n - 32, token.n)));
}
END_TEST

static const struct flaw_row {
    const char *flaw, *code, *reason;
} flaw_rows[] = {
    { "expired", "ExpiredTokenException", "token-expired" },
    { "not-yet-valid", "InvalidIdentityToken", "token-not-yet-valid" },
    { "future-iat", "InvalidIdentityToken", "token-from-future" },
    { "bad-signature", "InvalidIdentityToken", "signature-invalid" },
    { "unknown-kid", "InvalidIdentityToken", "key-unknown" },
    { "alg-none", "InvalidIdentityToken", "algorithm-unsupported" },
    { "alg-hs256-with-public-key", "InvalidIdentityToken", "algorithm-unsupported" },
    { "wrong-issuer", "InvalidIdentityToken", "issuer-unregistered" },
    { "wrong-audience", "InvalidIdentityToken", "audience-unregistered" },
    { "missing-sub", "InvalidIdentityToken", "claim-missing" },
    { "truncated", "InvalidIdentityToken", NULL },
    { "not-a-jwt", "InvalidIdentityToken", "token-malformed" },
};

START_TEST(a_flawed_token_meets_its_refusal_and_its_explanation_agrees)
{
    const struct flaw_row *row = &flaw_rows[_i];
    struct answer got = assume("CircleCI-OIDC-Role", mint("circleci", "", row->flaw));
    want_str(row->flaw, got.code, str_of(row->code));
    if (row->reason)
        ck_assert_msg(str_starts(got.reason, str_of(row->reason)), "%s: %.*s", row->flaw,
                      STR_ARG(got.reason));
    json_t *e = body_of(
        http("GET", arena_printf(a, "/_understudy/exchanges/%.*s", STR_ARG(got.request_id)).p, OURS,
             STR("")));
    struct str reason = json_str(json_object_get(e, "reason"));
    ck_assert_msg(str_starts(got.reason, reason), "%s: explained as %.*s", row->flaw,
                  STR_ARG(reason));
}
END_TEST

static const struct host_row {
    const char *name, *host;
    int status;
} host_rows[] = {
    { "our own host", OURS, 200 },
    { "localhost with our port", "localhost:4580", 200 },
    { "another port", "localhost:80", 403 },
    { "a web site", "evil.example.com", 403 },
    { "a web site with our port", "evil.example.com:4580", 403 },
    { "no host", "", 403 },
};

START_TEST(the_control_side_answers_to_our_host_only)
{
    struct http_response r = http("GET", "/_understudy/health", host_rows[_i].host, STR(""));
    ck_assert_msg(r.status == host_rows[_i].status, "%s: %d", host_rows[_i].name, r.status);
}
END_TEST

START_TEST(a_foreign_origin_is_refused)
{
    struct http_header headers[] = { { STR("host"), STR(OURS) },
                                     { STR("origin"), STR("https://evil.example.com") } };
    struct http_request request = { .arena = a,
                                    .method = STR("POST"),
                                    .path = STR("/_understudy/reset"),
                                    .headers = headers,
                                    .n_headers = 2 };
    struct http_response response = { .status = 0 };
    world_handle(world, &request, &response);
    ck_assert_int_eq(response.status, 403);
    headers[1].value = STR("http://" OURS);
    world_handle(world, &request, &response);
    ck_assert_int_eq(response.status, 200);
}
END_TEST

START_TEST(issuer_documents_are_found_by_path_and_by_host)
{
    struct http_response by_path =
        http("GET", "/issuers/login.app.env0.com/.well-known/openid-configuration", OURS, STR(""));
    ck_assert_int_eq(by_path.status, 200);
    want_str("issuer", json_str(json_object_get(body_of(by_path), "issuer")),
             STR("https://login.app.env0.com/"));
    struct http_response by_host =
        http("GET", "/org/00f45056-5918-4171-9222-b538c76ed3f8/.well-known/jwks-pub.json",
             "oidc.circleci.com", STR(""));
    ck_assert_int_eq(by_host.status, 200);
    ck_assert_uint_eq(json_array_size(json_object_get(body_of(by_host), "keys")), 1);
}
END_TEST

static const char *const circleci_hosts[] = { "oidc.circleci.com", "oidc.circleci.com:4580",
                                              "OIDC.CircleCI.com" };

START_TEST(the_host_may_have_a_port_and_any_case)
{
    struct http_response r =
        http("GET", "/.well-known/openid-configuration", circleci_hosts[_i], STR(""));
    ck_assert_int_eq(r.status, 200);
    want_str(circleci_hosts[_i], json_str(json_object_get(body_of(r), "issuer")),
             STR("https://oidc.circleci.com"));
}
END_TEST

static const struct method_row {
    const char *name, *method, *path, *allow;
} method_rows[] = {
    { "the AWS side takes GET and POST", "PUT", "/", "GET, POST" },
    { "under its other names as well", "DELETE", "/iam", "GET, POST" },
    { "a control path tells its methods", "DELETE", "/_understudy/clock", "GET, HEAD, PUT" },
    { "and the only one", "GET", "/_understudy/reset", "POST" },
};

START_TEST(a_method_that_is_not_served_is_told_which_are)
{
    const struct method_row *row = &method_rows[_i];
    struct http_response r = http(row->method, row->path, OURS, STR(""));
    struct str allow = STR("");
    ck_assert_int_eq(r.status, 405);
    for (size_t i = 0; i < r.n_headers; i++)
        if (str_eq(r.headers[i].name, STR("Allow")))
            allow = r.headers[i].value;
    want_str(row->name, allow, str_of(row->allow));
}
END_TEST

START_TEST(an_issuer_with_a_port_is_found_by_its_host)
{
    (void)mint("generic", "{\"issuer\":\"https://ci.example.com:8443/x\"}", "");
    struct http_response r =
        http("GET", "/x/.well-known/openid-configuration", "ci.example.com:8443", STR(""));
    ck_assert_int_eq(r.status, 200);
}
END_TEST

START_TEST(any_issuer_that_signed_is_served)
{
    const char *path = "/issuers/ci.example.com/.well-known/openid-configuration";
    ck_assert_int_eq(http("GET", path, OURS, STR("")).status, 404);
    (void)mint("generic", "{\"issuer\":\"https://ci.example.com\"}", "");
    struct http_response r = http("GET", path, OURS, STR(""));
    ck_assert_int_eq(r.status, 200);
    want_str("issuer", json_str(json_object_get(body_of(r), "issuer")),
             STR("https://ci.example.com"));
}
END_TEST

START_TEST(a_local_issuer_is_the_url_it_is_served_under)
{
    struct why why = why_new(a);
    const char *iss = "http://" OURS "/issuers/ci.example.com";
    ck_assert(!failed(world_replace(
        world, &why, STR("body"),
        STR("{\"issuers\":[{\"url\":\"https://ci.example.com\",\"alg\":\"ES256\",\"local\":true}],"
            "\"oidc_providers\":[{\"url\":\"https://ci.example.com\",\"client_ids\":[\"x\"]}],"
            "\"roles\":[{\"name\":\"r\",\"trust_policy\":{\"Version\":\"2012-10-17\",\"Statement\":"
            "{"
            "\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::123456789012:"
            "oidc-provider/ci.example.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\","
            "\"Condition\":{\"StringEquals\":{\"ci.example.com:sub\":\"me\"}}}}}]}"))));
    struct str token =
        mint("generic", "{\"issuer\":\"https://ci.example.com\",\"sub\":\"me\",\"aud\":\"x\"}", "");
    want_str("answer", assume("r", token).code, STR(""));
    struct http_response r =
        http("GET", "/issuers/ci.example.com/.well-known/openid-configuration", OURS, STR(""));
    want_str("issuer", json_str(json_object_get(body_of(r), "issuer")), str_of(iss));
}
END_TEST

static const struct bound_row {
    const char *name, *method, *path, *host;
    size_t bytes;
} bound_rows[] = {
    { "a world may be large", "PUT", "/_understudy/world", OURS, 64 * 1024 * 1024 },
    { "a stranger's may not", "PUT", "/_understudy/world", "evil.example.com", 1024 * 1024 },
    { "what is no new world may not", "POST", "/_understudy/world", OURS, 1024 * 1024 },
    { "nothing else may", "POST", "/", OURS, 1024 * 1024 },
};

START_TEST(only_a_new_world_may_be_large)
{
    const struct bound_row *row = &bound_rows[_i];
    struct http_header host = { STR("host"), str_of(row->host) };
    struct http_request request = { .arena = a,
                                    .method = str_of(row->method),
                                    .path = str_of(row->path),
                                    .headers = &host,
                                    .n_headers = 1 };
    size_t bytes = world_body_bytes_max(world, &request);
    ck_assert_msg(bytes == row->bytes, "%s: %zu", row->name, bytes);
}
END_TEST

/* Twenty conditions about a list of 1,500 values: the explanation of a refusal takes 250 KB. */
static struct str talkative_world(void)
{
    static const char *const operators[] = {
        "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
    };
    struct text t = text_new(a, 64 * 1024);
    text_put(&t, STR("{\"oidc_providers\":[{\"url\":\"https://ci.example.com\",\"client_ids\":"
                     "[\"x\"]}],\"roles\":[{\"name\":\"r\",\"trust_policy\":{\"Version\":"
                     "\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                     "{\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/ci.example.com\"},"
                     "\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{"
                     "\"StringEquals\":{\"ci.example.com:sub\":\"nobody\"}"));
    for (int i = 0; i < 20; i++)
        text_printf(&t, ",\"%s:%s%s\":{\"ci.example.com:amr\":\"1\"}",
                    i % 2 ? "ForAnyValue" : "ForAllValues", operators[i / 4],
                    i / 2 % 2 ? "IfExists" : "");
    text_put(&t, STR("}}]}}]}"));
    return text_str(&t);
}

static struct str talkative_token(void)
{
    struct why why = why_new(a);
    struct token_ask ask = { .platform = STR("generic") };
    struct token token;
    json_t *amr = json_array();
    for (int i = 0; i < 1500; i++)
        json_array_append_new(amr, json_sprintf("m%d", i));
    ask.set = json_keep(a, json_pack("{s:s, s:s}", "issuer", "https://ci.example.com", "aud", "x"));
    ask.claims = json_keep(a, json_pack("{s:o}", "amr", amr));
    ck_assert_msg(!failed(world_mint(world, a, &why, &ask, &token)), "%.*s",
                  STR_ARG(why_text(&why)));
    return token.text;
}

START_TEST(explanations_of_old_worlds_stay_within_the_bound)
{
    enum { EXCHANGES = 80, WORLDS = 6 };
    struct why why = why_new(a);
    struct str text = talkative_world(), token = talkative_token();
    struct answer got = { .status = 0 };
    for (int i = 0; i < EXCHANGES + WORLDS; i++) {
        if (i == 0 || i >= EXCHANGES)
            ck_assert_msg(!failed(world_replace(world, &why, STR("body"), text)), "%.*s",
                          STR_ARG(why_text(&why)));
        got = assume("r", token);
        want_str("code", got.code, STR("AccessDenied"));
    }
    json_t *list =
        json_object_get(body_of(http("GET", "/_understudy/exchanges", OURS, STR(""))), "exchanges");
    size_t n = json_array_size(list);
    ck_assert_msg(n >= WORLDS && n < EXCHANGES, "%zu are kept", n);
    for (size_t i = 0; i < n; i++) {
        struct str id = json_str(json_object_get(json_array_get(list, i), "request_id"));
        struct http_response r = http(
            "GET", arena_printf(a, "/_understudy/exchanges/%.*s", STR_ARG(id)).p, OURS, STR(""));
        ck_assert_int_eq(r.status, 200);
        ck_assert(json_array_size(json_object_get(body_of(r), "statements")) == 1);
    }
}
END_TEST

START_TEST(a_reset_clock_runs_with_the_machines)
{
    struct why why = why_new(a);
    clock_set(&clock_, 0, true);
    ck_assert(!failed(world_reset(world, &why)));
    int64_t ahead = clock_now_s(&clock_) - clock_machine_s();
    ck_assert_msg(ahead >= -1 && ahead <= 1, "%lld s", (long long)ahead);
}
END_TEST

START_TEST(the_clock_can_be_set_frozen_and_advanced)
{
    struct http_response r = http("PUT", "/_understudy/clock", OURS,
                                  STR("{\"now\":\"2030-01-01T00:00:00Z\",\"frozen\":true}"));
    ck_assert_int_eq(r.status, 200);
    r = http("POST", "/_understudy/clock/advance", OURS, STR("{\"by\":\"61m\"}"));
    want_str("now", json_str(json_object_get(body_of(r), "now")), STR("2030-01-01T01:01:00Z"));
    r = http("POST", "/_understudy/clock/advance", OURS, STR("{\"by\":60}"));
    want_str("seconds", json_str(json_object_get(body_of(r), "now")), STR("2030-01-01T01:02:00Z"));
    ck_assert_int_eq(
        http("POST", "/_understudy/clock/advance", OURS, STR("{\"by\":\"later\"}")).status, 400);
    r = http("PUT", "/_understudy/clock", OURS, STR("{\"now\":\"soon\"}"));
    ck_assert_int_eq(r.status, 400);
    want_str(
        "unchanged",
        json_str(json_object_get(body_of(http("GET", "/_understudy/clock", OURS, STR(""))), "now")),
        STR("2030-01-01T01:02:00Z"));
}
END_TEST

static json_t *clock_now_shown(void)
{
    return body_of(http("GET", "/_understudy/clock", OURS, STR("")));
}

START_TEST(the_clock_runs_at_the_rate_it_is_given_until_a_reset)
{
    struct why why = why_new(a);
    ck_assert_int_eq(json_integer_value(json_object_get(clock_now_shown(), "rate")), 1);
    struct http_response r = http("PUT", "/_understudy/clock", OURS, STR("{\"rate\":3600}"));
    ck_assert_int_eq(r.status, 200);
    ck_assert_int_eq(json_integer_value(json_object_get(body_of(r), "rate")), 3600);
    int64_t before_ms = clock_now_ms(&clock_);
    usleep(10000);
    ck_assert_int_ge(clock_now_ms(&clock_) - before_ms, 36000);
    r = http("PUT", "/_understudy/clock", OURS, STR("{\"frozen\":true,\"now\":7}"));
    ck_assert_int_eq(json_integer_value(json_object_get(body_of(r), "rate")), 3600);
    r = http("PUT", "/_understudy/clock", OURS, STR("{\"rate\":0.5}"));
    ck_assert(json_is_real(json_object_get(body_of(r), "rate")));
    ck_assert(json_is_true(json_object_get(body_of(r), "frozen")));
    ck_assert_int_eq(json_integer_value(json_object_get(body_of(r), "epoch_s")), 7);
    ck_assert(!failed(world_reset(world, &why)));
    ck_assert_int_eq(json_integer_value(json_object_get(clock_now_shown(), "rate")), 1);
}
END_TEST

static const struct clock_row {
    const char *name, *body, *place;
} clock_rows[] = {
    { "a rate of nothing is none", "{\"now\":5,\"rate\":0}", "body:1:17: $.rate" },
    { "no clock runs backwards", "{\"frozen\":false,\"rate\":-1}", "body:1:24: $.rate" },
    { "a rate has a bound", "{\"rate\":1000001}", "body:1:9: $.rate" },
    { "a rate is a number", "{\"rate\":\"fast\"}", "body:1:9: $.rate" },
    { "null is no rate", "{\"rate\":null}", "body:1:9: $.rate" },
    { "yes is not true", "{\"now\":5,\"frozen\":\"yes\"}", "body:1:19: $.frozen" },
    { "soon is no time", "{\"rate\":2,\"now\":\"soon\"}", "body:1:17: $.now" },
    { "a clock has no speed", "{\"now\":5,\"speed\":2}", "body:1:18: $.speed" },
};

START_TEST(a_clock_that_cannot_be_set_so_is_left_as_it_was)
{
    const struct clock_row *row = &clock_rows[_i];
    clock_set(&clock_, 1000, true);
    struct http_response r = http("PUT", "/_understudy/clock", OURS, str_of(row->body));
    ck_assert_msg(r.status == 400, "%s: %d", row->name, r.status);
    want_str(row->name, json_str(json_object_get(body_of(r), "place")), str_of(row->place));
    struct clock_state now = clock_look(&clock_);
    ck_assert_msg(now.now_ms == 1000 && now.frozen && now.rate >= 1 && now.rate <= 1, "%s",
                  row->name);
}
END_TEST

static void *replace_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < 40; i++) {
        struct arena *own = arena_new();
        struct why why = why_new(own);
        if (failed(i % 2 ? world_reset(world, &why)
                         : world_replace(world, &why, STR("body"), STR("{}"))))
            abort();
        arena_free(own);
    }
    return NULL;
}

START_TEST(a_request_sees_exactly_one_world)
{
    pthread_t thread;
    struct str token = mint("circleci", "", "");
    pthread_create(&thread, NULL, replace_often, NULL);
    for (int i = 0; i < 400; i++) {
        struct answer got = assume("CircleCI-OIDC-Role", token);
        ck_assert_msg(got.code.n == 0 || str_starts(got.reason, STR("issuer-unregistered")), "%.*s",
                      STR_ARG(got.reason));
    }
    pthread_join(thread, NULL);
}
END_TEST

Suite *world_suite(void);

Suite *world_suite(void)
{
    Suite *s = suite_create("scenarios/world");
    TCase *t = tcase_create("rows");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, the_demo_world_answers_as_the_guides_say, 0,
                        sizeof exchange_rows / sizeof exchange_rows[0]);
    tcase_add_loop_test(t, a_flawed_token_meets_its_refusal_and_its_explanation_agrees, 0,
                        sizeof flaw_rows / sizeof flaw_rows[0]);
    tcase_add_loop_test(t, the_control_side_answers_to_our_host_only, 0,
                        sizeof host_rows / sizeof host_rows[0]);
    tcase_add_test(t, a_token_lives_as_long_as_the_clock_says);
    tcase_add_test(t, a_rotated_key_verifies_until_it_is_retired);
    tcase_add_test(t, a_replaced_world_forgets_verified_tokens);
    tcase_add_test(t, a_world_that_cannot_be_read_changes_nothing);
    tcase_add_test(t, an_exchange_is_explained_afterwards);
    tcase_add_test(t, a_world_with_a_policy_that_iam_would_not_save_is_refused_as_iam_does);
    tcase_add_test(t, a_foreign_origin_is_refused);
    tcase_add_test(t, issuer_documents_are_found_by_path_and_by_host);
    tcase_add_loop_test(t, the_host_may_have_a_port_and_any_case, 0,
                        sizeof circleci_hosts / sizeof circleci_hosts[0]);
    tcase_add_loop_test(t, a_method_that_is_not_served_is_told_which_are, 0,
                        sizeof method_rows / sizeof method_rows[0]);
    tcase_add_test(t, an_issuer_with_a_port_is_found_by_its_host);
    tcase_add_test(t, any_issuer_that_signed_is_served);
    tcase_add_test(t, a_local_issuer_is_the_url_it_is_served_under);
    tcase_add_test(t, the_clock_can_be_set_frozen_and_advanced);
    tcase_add_test(t, the_clock_runs_at_the_rate_it_is_given_until_a_reset);
    tcase_add_loop_test(t, a_clock_that_cannot_be_set_so_is_left_as_it_was, 0,
                        sizeof clock_rows / sizeof clock_rows[0]);
    tcase_add_test(t, a_request_sees_exactly_one_world);
    tcase_add_test(t, a_reset_clock_runs_with_the_machines);
    tcase_add_test(t, explanations_of_old_worlds_stay_within_the_bound);
    tcase_add_loop_test(t, only_a_new_world_may_be_large, 0,
                        sizeof bound_rows / sizeof bound_rows[0]);
    suite_add_tcase(s, t);
    return s;
}
