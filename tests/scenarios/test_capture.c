#include "scenarios/capture.h"

#include "base/text.h"
#include "base/xml.h"
#include "http/form.h"
#include "issuer/flaw.h"
#include "issuer/profile.h"
#include "scenarios/test_keys.h"
#include "scenarios/world.h"
#include "tests/support/runner.h"

/*
 * What was decided becomes a scenario that decides the same, and holds nothing that opens anything.
 * Each exchange is a request to a world; its scenario is asked for as a person would, with and
 * without pseudonyms, and only one that replays to the same answer is given out.
 */

static struct arena *a;
static struct clock clock_;
static struct entropy entropy;
static struct test_keys keys;
static struct world *world;

static void set_up(void)
{
    a = arena_new();
}

static void tear_down(void)
{
    world_free(world);
    arena_free(a);
}

/* NULL: the demo world. */
static void open_world(const char *config_text)
{
    const struct world_options options = { .clock = &clock_,
                                           .entropy = &entropy,
                                           .make_key = test_keys_make,
                                           .make_key_context = &keys,
                                           .signing_time_is_clock = true };
    const struct config_source source = { .name = STR("world"), .text = str_of(config_text) };
    struct arena *own = arena_new();
    struct why why = why_new(a);
    struct config *config;
    clock_init(&clock_);
    clock_set(&clock_, INT64_C(1789128000000), true);
    entropy_init_seeded(&entropy, 1);
    struct outcome o = config_text ? config_read(own, &why, &source, &config)
                                   : config_load(own, &why, NULL, &config);
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(why_text(&why)));
    ck_assert_msg(!failed(world_new_with(&why, &options, own, config, &world)), "%.*s",
                  STR_ARG(why_text(&why)));
}

/* ---- requests ---- */

static struct http_response http(const char *method, struct str target, struct str body)
{
    struct http_header headers[] = { { STR("host"), STR("127.0.0.1:4580") } };
    struct str query = target, path = str_cut(&query, '?');
    struct http_request request = { .arena = a,
                                    .method = str_of(method),
                                    .target = target,
                                    .path = path,
                                    .query = query,
                                    .body = body,
                                    .headers = headers,
                                    .n_headers = 1,
                                    .peer = STR("203.0.113.7") };
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

static json_t *control(const char *method, struct str path, const char *body)
{
    struct http_response r = http(method, path, str_of(body));
    ck_assert_msg(r.status == 200, "%.*s %s: %d: %.*s", STR_ARG(path), body, r.status,
                  STR_ARG(r.body));
    return json_keep(a, json_loadb(r.body.p, r.body.n, 0, NULL));
}

static struct str minted(const char *ask)
{
    return json_str(json_object_get(control("POST", STR("/_understudy/token"), ask), "token"));
}

struct params {
    struct form form;
    struct form_field fields[24];
};

/* A field more, another value, or with p == NULL none of that name. */
static void put(struct params *p, struct str name, struct str value)
{
    size_t n = 0;
    for (size_t i = 0; i < p->form.n; i++)
        if (!str_eq(p->fields[i].name, name))
            p->fields[n++] = p->fields[i];
    if (value.p)
        p->fields[n++] = (struct form_field){ name, value };
    p->form = (struct form){ p->fields, n };
}

static void asking(struct params *p, const char *role, struct str token)
{
    p->form = (struct form){ p->fields, 0 };
    put(p, STR("Action"), STR("AssumeRoleWithWebIdentity"));
    put(p, STR("Version"), STR("2011-06-15"));
    put(p, STR("RoleArn"),
        str_starts(str_of(role), STR("arn:"))
            ? str_of(role)
            : arena_printf(a, "arn:aws:iam::123456789012:role/%s", role));
    put(p, STR("RoleSessionName"), STR("s1"));
    put(p, STR("WebIdentityToken"), token);
}

/* ---- what was answered, and its scenario ---- */

struct asked {
    struct http_response response;
    struct xml_node *xml;
    struct str reason, token;
};

static struct asked ask(const struct params *p)
{
    struct why why = why_new(a);
    struct asked asked = { .token = STR("") };
    asked.response = http("POST", STR("/"), form_write(a, &p->form));
    (void)form_find(&p->form, STR("WebIdentityToken"), &asked.token);
    ck_assert_msg(!failed(xml_read(a, &why, asked.response.body, &asked.xml)), "%.*s",
                  STR_ARG(asked.response.body));
    struct str reason = header(&asked.response, STR("x-understudy-reason"));
    asked.reason = str_cut(&reason, ';');
    return asked;
}

static json_t *last_step(const json_t *scenario)
{
    const json_t *steps = json_object_get(scenario, "steps");
    return json_array_get(steps, json_array_size(steps) - 1);
}

/* Nothing that opens anything: no piece of the token, nothing of the credentials. */
static void want_no_secrets(const char *name, const struct asked *asked, struct str text)
{
    static const char *const secret[] = {
        "AssumeRoleWithWebIdentityResult/Credentials/AccessKeyId",
        "AssumeRoleWithWebIdentityResult/Credentials/SecretAccessKey",
        "AssumeRoleWithWebIdentityResult/Credentials/SessionToken",
    };
    struct str rest = asked->token;
    while (rest.n) {
        struct str part = str_cut(&rest, '.');
        ck_assert_msg(part.n < 8 || !str_contains(text, part), "%s: holds %.*s of the token", name,
                      STR_ARG(part));
    }
    for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++) {
        struct str value = xml_text(asked->xml, secret[i]);
        ck_assert_msg((value.n > 0) == (asked->response.status == 200), "%s", secret[i]);
        ck_assert_msg(!value.n || !str_contains(text, value), "%s: holds %s", name, secret[i]);
    }
}

static void want_same_decision(const char *name, const struct asked *asked, const json_t *scenario)
{
    const json_t *expect = json_object_get(last_step(scenario), "expect");
    ck_assert_msg(json_integer_value(json_object_get(expect, "status")) == asked->response.status,
                  "%s: %s", name, json_text(a, expect).p);
    want_str(name, json_str(json_object_get(expect, "error")), xml_text(asked->xml, "Error/Code"));
    want_str(name, json_str(json_object_get(json_object_get(expect, "because"), "reason")),
             asked->reason);
}

static json_t *scenario_of(const char *name, const struct asked *asked, bool pseudonymise)
{
    struct str id = header(&asked->response, STR("x-amzn-requestid"));
    struct http_response r =
        http("GET",
             arena_printf(a, "/_understudy/exchanges/%.*s/scenario%s", STR_ARG(id),
                          pseudonymise ? "?pseudonymise=true" : ""),
             STR(""));
    ck_assert_msg(r.status == 200, "%s%s: %d: %.*s", name, pseudonymise ? ", pseudonymised" : "",
                  r.status, STR_ARG(r.body));
    return json_keep(a, json_loadb(r.body.p, r.body.n, 0, NULL));
}

static json_t *want_scenarios(const char *name, const struct asked *asked)
{
    json_t *plain = scenario_of(name, asked, false), *other = scenario_of(name, asked, true);
    want_no_secrets(name, asked, json_text(a, plain));
    want_no_secrets(name, asked, json_text(a, other));
    want_same_decision(name, asked, plain);
    want_same_decision(name, asked, other);
    return plain;
}

/* ---- every flaw ---- */

static const struct {
    const char *platform, *role;
} platforms[] = { { "circleci", "CircleCI-OIDC-Role" }, { "github", "GitHub-Actions-Role" } };

enum { PLATFORMS = 2 };

static size_t n_flaws(void)
{
    size_t n = 0;
    while (flaws[n].name)
        n++;
    return n;
}

static const char *const missing[] = { "missing-sub", "missing-iss", "missing-aud", "missing-iat",
                                       "missing-exp" };
enum { MISSING = sizeof missing / sizeof missing[0] };

START_TEST(a_token_with_any_flaw_is_refused_again)
{
    size_t flaw = (size_t)_i / PLATFORMS, n = n_flaws();
    const char *name = flaw < n ? flaws[flaw].name : missing[flaw - n];
    struct params p;
    if (strcmp(name, "missing-<claim>") == 0)
        return; /* the rows behind */
    open_world(NULL);
    struct http_response r = http("POST", STR("/_understudy/token"),
                                  arena_printf(a, "{\"platform\":\"%s\",\"flaw\":\"%s\"}",
                                               platforms[_i % PLATFORMS].platform, name));
    if (r.status != 200)
        return; /* nothing of the kind to spoil in this platform's tokens */
    const json_t *made = json_keep(a, json_loadb(r.body.p, r.body.n, 0, NULL));
    asking(&p, platforms[_i % PLATFORMS].role, json_str(json_object_get(made, "token")));
    struct asked asked = ask(&p);
    want_scenarios(name, &asked);
}
END_TEST

START_TEST(nearly_every_flaw_is_tried)
{
    size_t n = 0;
    open_world(NULL);
    for (size_t i = 0; flaws[i].name; i++)
        n += http("POST", STR("/_understudy/token"),
                  arena_printf(a, "{\"platform\":\"circleci\",\"flaw\":\"%s\"}", flaws[i].name))
                 .status == 200;
    ck_assert_msg(n + 5 >= n_flaws(), "%zu of %zu", n, n_flaws());
}
END_TEST

/* ---- every refusal of a request ---- */

#define POLICY_ARN "arn:aws:iam::123456789012:policy/CircleCI-Deployment-Policy"

static const struct {
    const char *name, *parameter, *value; /* NULL: left out */
    const char *reason;                   /* empty: allowed */
} requests[] = {
    { "all is well", "RoleSessionName", "jane@corp.example.com", "" },
    { "no session name", "RoleSessionName", NULL, "parameter-invalid" },
    { "an empty session name", "RoleSessionName", "", "parameter-invalid" },
    { "one letter", "RoleSessionName", "x", "parameter-invalid" },
    { "letters that no session has", "RoleSessionName", "a b/c", "parameter-invalid" },
    { "a session name in braces", "RoleSessionName", "{name}", "parameter-invalid" },
    { "a session name like a token", "RoleSessionName", "{token}", "parameter-invalid" },
    { "a session name like a document", "RoleSessionName", "{\"a\": 1}", "parameter-invalid" },
    { "no token", "WebIdentityToken", NULL, "parameter-invalid" },
    { "an empty token", "WebIdentityToken", "", "parameter-invalid" },
    { "a short token", "WebIdentityToken", "abc", "parameter-invalid" },
    { "no token at all", "WebIdentityToken", "not-a-token-at-all-really", "" },
    { "no role", "RoleArn", NULL, "parameter-invalid" },
    { "a role that is no ARN", "RoleArn", "CircleCI-OIDC-Role-and-more", "" },
    { "a short role", "RoleArn", "arn", "parameter-invalid" },
    { "a role that is not there", "RoleArn", "arn:aws:iam::123456789012:role/Gone", "" },
    { "a role of another account", "RoleArn", "arn:aws:iam::999999999999:role/CircleCI-OIDC-Role",
      "" },
    { "a user", "RoleArn", "arn:aws:iam::123456789012:user/alice", "" },
    { "the longest that the role allows", "DurationSeconds", "3600", "" },
    { "longer than the role allows", "DurationSeconds", "7200", "duration-over-maximum" },
    { "longer than any", "DurationSeconds", "43201", "parameter-invalid" },
    { "shorter than any", "DurationSeconds", "899", "parameter-invalid" },
    { "a duration that is no number", "DurationSeconds", "1h", "" },
    { "a session policy", "Policy", "{\"Version\": \"2012-10-17\", \"Statement\": []}", "" },
    { "a session policy that is no JSON", "Policy", "{\"Version\"", "" },
    { "a session policy that is none", "Policy", "{ \"Version\" : \"2012-10-17\" }", "" },
    { "an empty session policy", "Policy", "", "parameter-invalid" },
    { "a policy of the account", "PolicyArns.member.1.arn", POLICY_ARN, "" },
    { "a policy that is not there", "PolicyArns.member.1.arn",
      "arn:aws:iam::123456789012:policy/Gone", "" },
    { "a policy that is no ARN", "PolicyArns.member.1.arn", "x", "" },
    { "a policy of AWS's", "PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess",
      "" },
    { "Amazon", "ProviderId", "www.amazon.com", "provider-id-amazon" },
    { "Facebook", "ProviderId", "graph.facebook.com", "provider-id-facebook" },
    { "somebody", "ProviderId", "accounts.example.com", "provider-id-unknown" },
    { "a parameter that nobody knows", "Colour", "green", "" },
    { "tags, which are no parameter of this", "Tags.member.1.Key", "project", "" },
};

START_TEST(a_request_is_answered_the_same_again)
{
    struct params p;
    open_world(NULL);
    asking(&p, "CircleCI-OIDC-Role", minted("{\"platform\":\"circleci\"}"));
    put(&p, str_of(requests[_i].parameter), str_of(requests[_i].value));
    struct asked asked = ask(&p);
    if (requests[_i].reason[0])
        want_str(requests[_i].name, asked.reason, str_of(requests[_i].reason));
    want_scenarios(requests[_i].name, &asked);
}
END_TEST

START_TEST(too_large_a_session_policy_is_too_large_again)
{
    struct params p;
    struct text t = text_new(a, 16 * 1024);
    open_world(NULL);
    asking(&p, "CircleCI-OIDC-Role", minted("{\"platform\":\"circleci\"}"));
    for (int i = 0; i < 2048; i++)
        text_putc(&t, 'x');
    put(&p, STR("Policy"),
        arena_printf(a,
                     "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
                     "\"s3:*\",\"Resource\":\"arn:aws:s3:::%s\"}]}",
                     text_str(&t).p));
    struct asked asked = ask(&p);
    ck_assert_int_eq(asked.response.status, 400);
    want_scenarios("too large", &asked);
}
END_TEST

/* ---- other worlds ---- */

#define ISSUER   "https://ci.example.com"
#define PROVIDER "{\"url\":\"" ISSUER "\",\"client_ids\":[\"sts.amazonaws.com\"]}"
#define TRUST(account, condition)                                                               \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"              \
    "\"sts:AssumeRoleWithWebIdentity\",\"Principal\":{\"Federated\":\"arn:aws:iam::" account    \
    ":oidc-provider/ci.example.com\"},\"Condition\":{\"StringEquals\":{\"ci.example.com:aud\":" \
    "\"sts.amazonaws.com\"}" condition "}}]}"
#define THINGS(account, provider, condition) \
    "\"oidc_providers\":[" provider          \
    "],\"roles\":[{\"name\":\"r\",\"trust_policy\":" TRUST(account, condition) "}]"
#define TOKEN                                                                                  \
    "{\"platform\":\"generic\",\"set\":{\"issuer\":\"" ISSUER "\"},\"claims\":{\"sub\":\"s\"," \
    "\"aud\":\"sts.amazonaws.com\",\"email\":\"jane@corp.example.com\"}}"
#define TAGGED                                                                                 \
    "{\"platform\":\"generic\",\"set\":{\"issuer\":\"" ISSUER "\"},\"claims\":{\"sub\":\"s\"," \
    "\"aud\":\"sts.amazonaws.com\",\"https://aws.amazon.com/tags\":{\"principal_tags\":{"      \
    "\"project\":[\"web\"]}}}}"
#define WITH_KEYS(keys_) \
    "{\"url\":\"" ISSUER \
    "\",\"client_ids\":[\"sts.amazonaws.com\"],\"keys\":{\"jwks\":{\"keys\":[" keys_ "]}}}"

static const struct {
    const char *name, *config, *token, *role;
    const char *before; /* a fault, or of an issuer that is down "-"; NULL: nothing */
    const char *reason, *holds;
} worlds[] = {
    { "the classic dialect", "{\"dialect\":\"classic\"," THINGS("123456789012", PROVIDER, "") "}",
      TOKEN, "arn:aws:iam::123456789012:role/Gone", NULL, NULL, "\"dialect\":\"classic\"" },
    { "a default account of one's own",
      "{\"account\":\"210987654321\"," THINGS("210987654321", PROVIDER, "") "}", TOKEN,
      "arn:aws:iam::210987654321:role/r", NULL, "", "\"account\":\"210987654321\"" },
    { "another account than the default one",
      "{\"accounts\":{\"210987654321\":{" THINGS("210987654321", PROVIDER, "") "}}}", TOKEN,
      "arn:aws:iam::210987654321:role/r", NULL, "", "\"account\":\"210987654321\"" },
    { "a role that trusts another account's provider",
      "{\"accounts\":{\"210987654321\":{\"oidc_providers\":[" PROVIDER "]}},\"roles\":[{\"name\":"
      "\"r\",\"trust_policy\":" TRUST("210987654321", "") "}]}",
      TOKEN, "r", NULL, NULL, "" },
    { "a caller from where callers may be",
      "{" THINGS("123456789012", PROVIDER,
                 ",\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"}") "}",
      TOKEN, "r", NULL, "", "\"source_ip\":\"203.0.113.7\"" },
    { "a caller from elsewhere",
      "{" THINGS("123456789012", PROVIDER,
                 ",\"IpAddress\":{\"aws:SourceIp\":\"198.51.100.0/24\"}") "}",
      TOKEN, "r", NULL, "trust-denied", "\"operator\":\"IpAddress\"" },
    { "callers are where the config says",
      "{\"source_ip\":\"198.51.100.9\"," THINGS(
          "123456789012", PROVIDER, ",\"IpAddress\":{\"aws:SourceIp\":\"198.51.100.0/24\"}") "}",
      TOKEN, "r", NULL, "", "\"source_ip\":\"198.51.100.9\"" },
    { "tags that the role may not be given", "{" THINGS("123456789012", PROVIDER, "") "}", TAGGED,
      "r", NULL, "tag-session-denied", "principal_tags" },
    { "a provider without the token's audience",
      "{" THINGS("123456789012", "{\"url\":\"" ISSUER "\",\"client_ids\":[\"other\"]}", "") "}",
      TOKEN, "r", NULL, NULL, "\"client_ids\":[\"other\"]" },
    { "no provider",
      "{\"roles\":[{\"name\":\"r\",\"trust_policy\":" TRUST("123456789012", "") "}]}", TOKEN, "r",
      NULL, NULL, "" },
    { "a key set that is empty", "{" THINGS("123456789012", WITH_KEYS(""), "") "}", TOKEN, "r",
      NULL, NULL, "" },
    { "a key that cannot be used",
      "{" THINGS("123456789012",
                 WITH_KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"AQAB\",\"e\":\"AQAB\"}"),
                 "") "}",
      "{\"platform\":\"generic\",\"set\":{\"issuer\":\"" ISSUER "\"},\"header\":{\"kid\":\"k\"},"
      "\"claims\":{\"sub\":\"s\",\"aud\":\"sts.amazonaws.com\"}}",
      "r", NULL, NULL, "" },
    { "an issuer that is down", "{" THINGS("123456789012", PROVIDER, "") "}", TOKEN, "r", "-",
      "keys-unavailable", "\"down\":\"" ISSUER "\"" },
    { "a fault that was injected", "{" THINGS("123456789012", PROVIDER, "") "}", TOKEN, "r",
      "{\"action\":\"AssumeRoleWithWebIdentity\",\"error\":\"Throttling\"}", "injected",
      "\"fault\":{" },
    { "a fault of one's own words", "{" THINGS("123456789012", PROVIDER, "") "}", TOKEN, "r",
      "{\"error\":\"IDPCommunicationError\",\"status\":400,\"message\":\"called 12345 times\"}",
      "injected", "\"fault\":{" },
};

static void put_before(const char *before)
{
    if (!before)
        return;
    if (strcmp(before, "-") == 0)
        control("POST", STR("/_understudy/issuers/down"), "{\"issuer\":\"" ISSUER "\"}");
    else
        control("POST", STR("/_understudy/faults"), before);
}

START_TEST(what_took_part_is_in_the_scenario)
{
    struct params p;
    open_world(worlds[_i].config);
    asking(&p, worlds[_i].role, minted(worlds[_i].token));
    put_before(worlds[_i].before);
    struct asked asked = ask(&p);
    if (worlds[_i].reason)
        want_str(worlds[_i].name, asked.reason, str_of(worlds[_i].reason));
    else
        ck_assert_msg(asked.response.status != 200, "%s: allowed", worlds[_i].name);
    struct str text = json_text(a, want_scenarios(worlds[_i].name, &asked));
    ck_assert_msg(str_contains(text, str_of(worlds[_i].holds)), "%s: no %s in %.*s",
                  worlds[_i].name, worlds[_i].holds, STR_ARG(text));
}
END_TEST

/* A key of the config with a member that AWS verifies nothing with. */
START_TEST(a_key_of_the_config_stays_as_useless_as_it_was)
{
    struct params p;
    open_world("{" THINGS("123456789012", PROVIDER, "") "}");
    struct str token =
        minted("{\"platform\":\"generic\",\"set\":{\"issuer\":\"" ISSUER "\"},\"header\":{\"kid\":"
               "\"of-theirs\"},\"claims\":{\"sub\":\"s\",\"aud\":\"sts.amazonaws.com\"}}");
    json_t *set = control("GET", STR("/issuers/ci.example.com/.well-known/jwks.json"), "");
    json_t *key = json_array_get(json_object_get(set, "keys"), 0);
    json_object_set_new(key, "kid", json_string("of-theirs"));
    json_object_set_new(key, "key_ops", json_pack("[s]", "verify"));
    control("PUT", STR("/_understudy/world"),
            arena_printf(
                a, "{%s}",
                arena_printf(a, THINGS("123456789012", WITH_KEYS("%s"), ""), json_text(a, key).p).p)
                .p);
    asking(&p, "r", token);
    struct asked asked = ask(&p);
    want_str("reason", asked.reason, STR("key-unusable"));
    struct str text = json_text(a, want_scenarios("key_ops", &asked));
    ck_assert_msg(str_contains(text, STR("key_ops")), "%.*s", STR_ARG(text));
}
END_TEST

/* ---- what took no part ---- */

START_TEST(nothing_else_of_the_world_is_told)
{
    struct params p;
    static const char *const others[] = { "Render",      "env0",
                                          "Pulumi",      "Deployment-Policy",
                                          "thumbprints", "description" };
    open_world(NULL);
    asking(&p, "CircleCI-OIDC-Role", minted("{\"platform\":\"circleci\"}"));
    struct asked asked = ask(&p);
    ck_assert_int_eq(asked.response.status, 200);
    struct str text = json_text(a, want_scenarios("allowed", &asked));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        ck_assert_msg(!str_contains(text, str_of(others[i])), "%s in %.*s", others[i],
                      STR_ARG(text));
}
END_TEST

/* ---- pseudonyms ---- */

/* Every platform's own token, at a role that asks for its sub and aud, decides the same. */
static const char *const every_platform[] = { "circleci", "eks",    "env0",  "generic",
                                              "github",   "pulumi", "render" };

static struct str world_for(const json_t *claims, bool refuse)
{
    struct str iss = json_str(json_object_get(claims, "iss")), host = str_sub(iss, 8, iss.n);
    const json_t *aud = json_object_get(claims, json_object_get(claims, "azp") ? "azp" : "aud");
    struct str audience =
        json_is_array(aud) ? json_text(a, json_array_get(aud, 0)) : json_text(a, aud);
    return arena_printf(
        a,
        "{\"oidc_providers\":[{\"url\":\"%.*s\",\"client_ids\":[%.*s]}],\"roles\":[{\"name\":\"r\","
        "\"trust_policy\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
        "\"Principal\":{\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/%.*s\"},"
        "\"Action\":[\"sts:AssumeRoleWithWebIdentity\",\"sts:TagSession\"],\"Condition\":{"
        "\"StringEquals\":{\"%.*s:aud\":%.*s,\"%.*s:sub\":%.*s}}}]}}]}",
        STR_ARG(iss), STR_ARG(audience), STR_ARG(host), STR_ARG(host), STR_ARG(audience),
        STR_ARG(host),
        STR_ARG(refuse ? STR("\"somebody-else\"") : json_text(a, json_object_get(claims, "sub"))));
}

START_TEST(pseudonyms_keep_what_every_platform_s_token_decides)
{
    const char *platform = every_platform[_i / 2];
    bool refuse = _i % 2;
    struct params p;
    open_world(NULL);
    const char *body = arena_printf(a, "{\"platform\":\"%s\"}", platform).p;
    const json_t *made = control("POST", STR("/_understudy/token"), body);
    const json_t *claims = json_object_get(made, "claims");
    control("PUT", STR("/_understudy/world"), world_for(claims, refuse).p);
    asking(&p, "r", minted(body));
    struct asked asked = ask(&p);
    ck_assert_msg((asked.response.status == 200) == !refuse, "%s: %.*s", platform,
                  STR_ARG(asked.response.body));
    want_scenarios(platform, &asked);
}
END_TEST

/* No profile was added without a row above. */
START_TEST(every_platform_is_among_them)
{
    const struct profiles *set = profiles_builtin();
    ck_assert_uint_eq(set->n, sizeof every_platform / sizeof every_platform[0]);
}
END_TEST

/* A policy that asks for the beginning of an id: it is said that it cannot be pseudonymised. */
START_TEST(what_hangs_on_a_part_of_an_id_is_refused)
{
    struct params p;
    open_world(
        "{\"oidc_providers\":[" PROVIDER "],\"roles\":[{\"name\":\"r\",\"trust_policy\":" TRUST(
            "123456789012", ",\"StringLike\":{\"ci.example.com:sub\":\"tea-csps46*\"}") "}]}");
    asking(&p, "r",
           minted("{\"platform\":\"generic\",\"set\":{\"issuer\":\"" ISSUER "\"},\"claims\":{"
                  "\"sub\":\"tea-csps46i3esus73eojjp0\",\"aud\":\"sts.amazonaws.com\"}}"));
    struct asked asked = ask(&p);
    ck_assert_int_eq(asked.response.status, 200);
    scenario_of("part of an id", &asked, false);
    struct str id = header(&asked.response, STR("x-amzn-requestid"));
    struct http_response r =
        http("GET",
             arena_printf(a, "/_understudy/exchanges/%.*s/scenario?pseudonymise=true", STR_ARG(id)),
             STR(""));
    ck_assert_int_eq(r.status, 409);
    ck_assert_msg(str_contains(r.body, STR("capture-impossible")) &&
                      str_contains(r.body, STR("403 AccessDenied")),
                  "%.*s", STR_ARG(r.body));
}
END_TEST

/* ---- what is asked of the control side ---- */

START_TEST(an_exchange_that_is_not_there_is_told)
{
    open_world(NULL);
    ck_assert_int_eq(http("GET", STR("/_understudy/exchanges/none/scenario"), STR("")).status, 404);
    struct http_response r =
        http("GET", STR("/_understudy/exchanges/none/scenario?pseudonymise=maybe"), STR(""));
    ck_assert_int_eq(r.status, 400);
    ck_assert(str_contains(r.body, STR("expected true or false")));
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof(table)[0])

Suite *capture_suite(void);

Suite *capture_suite(void)
{
    Suite *s = suite_create("scenarios/capture");
    TCase *t = tcase_create("capture");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_token_with_any_flaw_is_refused_again, 0,
                        (int)(n_flaws() + MISSING) * PLATFORMS);
    tcase_add_test(t, nearly_every_flaw_is_tried);
    tcase_add_loop_test(t, a_request_is_answered_the_same_again, 0, ROWS(requests));
    tcase_add_test(t, too_large_a_session_policy_is_too_large_again);
    tcase_add_loop_test(t, what_took_part_is_in_the_scenario, 0, ROWS(worlds));
    tcase_add_test(t, a_key_of_the_config_stays_as_useless_as_it_was);
    tcase_add_test(t, nothing_else_of_the_world_is_told);
    tcase_add_loop_test(t, pseudonyms_keep_what_every_platform_s_token_decides, 0,
                        2 * ROWS(every_platform));
    tcase_add_test(t, every_platform_is_among_them);
    tcase_add_test(t, what_hangs_on_a_part_of_an_id_is_refused);
    tcase_add_test(t, an_exchange_that_is_not_there_is_told);
    suite_add_tcase(s, t);
    return s;
}
