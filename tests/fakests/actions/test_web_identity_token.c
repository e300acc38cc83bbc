#include "tests/fakests/actions/sts_world.h"

#include "jose/jwk.h"
#include "jose/jws.h"

/* GetWebIdentityToken: AWS as the issuer, its documents, and who gets which token. */

#define ISSUER "https://a1b2c3d4-0000-4000-8000-00000000000a.tokens.sts.global.api.aws"
#define AT     "/issuers/a1b2c3d4-0000-4000-8000-00000000000a.tokens.sts.global.api.aws"
#define HOST   "a1b2c3d4-0000-4000-8000-00000000000a.tokens.sts.global.api.aws"

/* clang-format off */
static const char config[] =
    "{'outbound_federation':{'issuer':'" ISSUER "','enabled':true},"
    "'users':["
    "{'name':'ann','path':'/staff/','tags':{'team':'core'},'policies':{'sts':"
      ALLOW("'sts:*'", "*") "}},"
    "{'name':'bob'},"
    "{'name':'carl','policies':{'self':" ALLOW("'sts:GetWebIdentityToken'",
      "arn:aws:sts::" A ":self") "}},"
    "{'name':'dora','policies':{'limited':{" VERSION ",'Statement':{'Effect':'Allow','Action':"
      "'sts:GetWebIdentityToken','Resource':'*','Condition':{'ForAllValues:StringEquals':{"
      "'sts:IdentityTokenAudience':['https://a.example.com','https://b.example.com']},"
      "'StringEquals':{'sts:SigningAlgorithm':'ES384'},"
      "'NumericLessThanEquals':{'sts:DurationSeconds':300}}}}}}],"
    "'credentials':[{'access_key_id':'test','secret_access_key':'test'},"
      KEY("AKIAANN", "ann") "," KEY("AKIABOB", "bob") "," KEY("AKIACARL", "carl") ","
      KEY("AKIADORA", "dora") "],"
    "'oidc_providers':[{'url':'https://issuer.example.com','client_ids':['sts.amazonaws.com']}],"
    "'roles':["
    ROLE("r", "{" VERSION ",'Statement':[{'Effect':'Allow','Principal':{'AWS':'"
      USER_ARN(A, "staff/ann") "','Federated':'arn:aws:iam::" A ":oidc-provider/"
      "issuer.example.com'},'Action':['sts:AssumeRole','sts:AssumeRoleWithWebIdentity',"
      "'sts:TagSession','sts:SetSourceIdentity']}]}", ",'path':'/ci/','tags':{'team':'core',"
      "'cost':'7'},'policies':{'sts':" ALLOW("'sts:*'", "*") "}")
    "],'accounts':{'" B "':{'users':[{'name':'zoe','policies':{'sts':" ALLOW("'sts:*'", "*") "}}],"
      "'credentials':[" KEY("AKIAZOE", "zoe") "]}}}";
/* clang-format on */

#define ONE "1 validation error detected: "
#define ASK(...) \
    P("Action=GetWebIdentityToken", "Audience.member.1=https://a.example.com", __VA_ARGS__)
#define RS256              "SigningAlgorithm=RS256"
#define ES384              "SigningAlgorithm=ES384"
#define TAG(n, key, value) "Tags.member." n ".Key=" key, "Tags.member." n ".Value=" value

/* ---- a relying party ---- */

static struct http_response get(struct iam_fixture *f, const char *host, const char *path)
{
    struct http_header headers[] = { { STR("Host"), str_of(host) } };
    struct http_request request = { .arena = f->arena,
                                    .method = STR("GET"),
                                    .target = str_of(path),
                                    .path = str_of(path),
                                    .headers = headers,
                                    .n_headers = 1,
                                    .peer = STR("127.0.0.1") };
    struct http_response response = { .status = 0 };
    world_handle(f->world, &request, &response);
    return response;
}

#define OURS "127.0.0.1:4580"

static json_t *document(struct iam_fixture *f, const char *host, const char *path)
{
    struct http_response r = get(f, host, path);
    ck_assert_msg(r.status == 200, "%s: %d %.*s", path, r.status, STR_ARG(r.body));
    json_t *o = json_loadb(r.body.p, r.body.n, 0, NULL);
    ck_assert(o != NULL);
    return json_keep(f->arena, o);
}

static const struct jwks *keys(struct iam_fixture *f)
{
    struct why why = why_new(f->arena);
    struct http_response r = get(f, OURS, AT "/.well-known/jwks.json");
    struct json_doc *doc;
    struct jwks *set;
    ck_assert(!failed(json_load(f->arena, &why, STR("jwks"), r.body, JSON_LAST_WINS, &doc)));
    struct json_at root = json_at_root(doc);
    ck_assert(!failed(jwks_read(f->arena, &why, &root, &set)));
    return set;
}

/* The claims, once the signature was verified with the published key. */
static json_t *verified(struct iam_fixture *f, const struct iam_fixture_reply *r, const char *alg)
{
    struct why why = why_new(f->arena);
    struct jws *jws;
    struct pkey *key;
    struct str token = iam_fixture_text(r, "GetWebIdentityTokenResult/WebIdentityToken");
    ck_assert_msg(!failed(jws_split(f->arena, &why, token, &jws)), "%.*s", STR_ARG(r->body));
    json_t *header = json_at_root(jws->header_json).value;
    want_str("alg", json_str(json_object_get(header, "alg")), str_of(alg));
    want_str("typ", json_str(json_object_get(header, "typ")), STR("JWT"));
    ck_assert(!failed(jwks_find(&why, keys(f), json_str(json_object_get(header, "kid")),
                                alg_find(str_of(alg)), &key)));
    ck_assert(jws_verifies(jws, alg_find(str_of(alg)), key));
    return json_at_root(jws->claims_json).value;
}

static void want_json(struct iam_fixture *f, const char *what, const json_t *got,
                      const char *wanted)
{
    want_str(what, got ? json_text(f->arena, got) : STR("nothing"), str_of(wanted));
}

/* Without jti, which is an id of its own. */
static void want_claims(struct iam_fixture *f, const char *what, json_t *claims, const char *wanted)
{
    ck_assert_uint_eq(json_str(json_object_get(claims, "jti")).n, 36);
    json_object_del(claims, "jti");
    want_json(f, what, claims, wanted);
}

/* ---- the reply and the claims ---- */

#define IAT "1789128000"

START_TEST(a_users_token_says_who_they_are)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply r = iam_fixture_send(
        f, SERVICE_STS, &ann, ASK(RS256, TAG("1", "job", "42"), TAG("2", "aws:x", "")));
    iam_fixture_want_body(
        &r, "reply",
        arena_printf(f->arena,
                     "<GetWebIdentityTokenResponse xmlns=\"" STS_XMLNS "\">\n"
                     "  <GetWebIdentityTokenResult>\n"
                     "    <WebIdentityToken>%.*s</WebIdentityToken>\n"
                     "    <Expiration>2026-09-11T12:05:00.000Z</Expiration>\n"
                     "  </GetWebIdentityTokenResult>\n" REPLY_END("GetWebIdentityToken"),
                     STR_ARG(iam_fixture_text(&r, "GetWebIdentityTokenResult/WebIdentityToken")))
            .p);
    want_claims(
        f, "claims", verified(f, &r, "RS256"),
        "{\"aud\":\"https://a.example.com\",\"sub\":\"" USER_ARN(
            A, "staff/ann") "\","
                            "\"https://sts.amazonaws.com/\":{\"aws_account\":\"" A "\","
                            "\"source_region\":\"us-east-1\",\"principal_id\":\"" USER_ARN(
                                A, "staff/ann") "\","
                                                "\"principal_tags\":{\"team\":\"core\"},"
                                                "\"request_tags\":{\"job\":\"42\",\"aws:x\":\"\"}},"
                                                "\"iss\":\"" ISSUER
                                                "\",\"exp\":1789128300,\"iat\":" IAT "}");
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_roles_token_says_where_its_session_comes_from)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct why why = why_new(f->arena);
    struct token token;
    json_t *claims =
        json_keep(f->arena, json_loads("{\"https://aws.amazon.com/source_identity\":\"Admin\","
                                       "\"https://aws.amazon.com/tags\":{\"principal_tags\":"
                                       "{\"Team\":[\"edge\"]}}}",
                                       0, NULL));
    struct token_ask ask = { .platform = STR("generic"), .claims = claims };
    ck_assert(!failed(world_mint(f->world, f->arena, &why, &ask, &token)));
    struct iam_fixture_key s = sts_world_session(
        f, "role", NULL,
        P("Action=AssumeRoleWithWebIdentity", "RoleArn=" ROLE_ARN(A, "ci/r"), "RoleSessionName=s1",
          arena_join(f->arena, STR("WebIdentityToken="), token.text).p));
    struct iam_fixture_reply r = iam_fixture_send(
        f, SERVICE_STS, &s,
        ASK("Audience.member.2=b", "Audience.member.3=b", ES384, "DurationSeconds=3600"));
    iam_fixture_want(&r, "token", 200, "", NULL);
    want_claims(
        f, "claims", verified(f, &r, "ES384"),
        "{\"aud\":[\"https://a.example.com\",\"b\",\"b\"],"
        "\"sub\":\"" ROLE_ARN(
            A, "ci/r") "\","
                       "\"https://sts.amazonaws.com/\":{\"aws_account\":\"" A "\","
                       "\"source_region\":\"us-east-1\",\"principal_id\":\"" ROLE_ARN(
                           A, "ci/r") "\","
                                      "\"original_session_exp\":\"2026-09-11T13:00:00Z\","
                                      "\"source_identity\":\"Admin\","
                                      "\"federated_provider\":\"arn:aws:iam::" A
                                      ":oidc-provider/issuer.example.com\","
                                      "\"principal_tags\":{\"Team\":\"edge\",\"cost\":\"7\"}},"
                                      "\"iss\":\"" ISSUER "\",\"exp\":1789131600,\"iat\":" IAT "}");
    iam_fixture_free(f);
}
END_TEST

START_TEST(the_root_and_a_users_session_get_theirs)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &iam_fixture_root, ASK(RS256));
    iam_fixture_want(&r, "the root", 200, "", NULL);
    want_str("sub", json_str(json_object_get(verified(f, &r, "RS256"), "sub")),
             STR("arn:aws:iam::" A ":root"));
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_key s = sts_world_session(f, "session", &ann, P("Action=GetSessionToken"));
    r = iam_fixture_send(f, SERVICE_STS, &s, ASK(RS256));
    iam_fixture_want(&r, "a user's session", 200, "", NULL);
    json_t *claims = verified(f, &r, "RS256");
    want_str("sub", json_str(json_object_get(claims, "sub")), STR(USER_ARN(A, "staff/ann")));
    want_json(f, "its end",
              json_object_get(json_object_get(claims, "https://sts.amazonaws.com/"),
                              "original_session_exp"),
              "\"2026-09-12T00:00:00Z\"");
    iam_fixture_free(f);
}
END_TEST

/* ---- refusals ---- */

#define SELF            "arn:aws:sts::" A ":self"
#define BECAUSE(action) " because no identity-based policy allows the " action " action"

static const struct {
    const char *name, *key;
    const char *const *parameters;
    int status;
    const char *code, *message;
} rows[] = {
    { "a user without the permission", "AKIABOB", ASK(RS256), 403, "AccessDenied",
      NOT_AUTHORIZED(USER_ARN(A, "bob"), "sts:GetWebIdentityToken", SELF)
          BECAUSE("sts:GetWebIdentityToken") },
    { "with it for themselves", "AKIACARL", ASK(RS256), 200, "", NULL },
    { "tags want another", "AKIACARL", ASK(RS256, TAG("1", "k", "v")), 403, "AccessDenied",
      NOT_AUTHORIZED(USER_ARN(A, "carl"), "sts:TagGetWebIdentityToken", SELF)
          BECAUSE("sts:TagGetWebIdentityToken") },
    { "the audiences, algorithm and duration that are allowed", "AKIADORA",
      ASK("Audience.member.2=https://b.example.com", ES384), 200, "", NULL },
    { "another audience beside", "AKIADORA", ASK("Audience.member.2=https://c.example.com", ES384),
      403, "AccessDenied", NULL },
    { "another algorithm", "AKIADORA", ASK(RS256), 403, "AccessDenied", NULL },
    { "a longer duration", "AKIADORA", ASK(ES384, "DurationSeconds=301"), 403, "AccessDenied",
      NULL },
    { "an account where it was not enabled", "AKIAZOE", ASK(RS256), 403,
      "OutboundWebIdentityFederationDisabledException",
      "The outbound web identity federation feature is not enabled for this account. To use this "
      "feature, you must first enable it through the Amazon Web Services Management Console or "
      "API." },
    { "audience and algorithm are required", "AKIAANN", P("Action=GetWebIdentityToken"), 400,
      "ValidationError",
      "2 validation errors detected: Value null at 'audience' failed to satisfy constraint: Member "
      "must not be null; Value null at 'signingAlgorithm' failed to satisfy constraint: Member "
      "must not be null" },
    { "another algorithm of JOSE", "AKIAANN", ASK("SigningAlgorithm=ES256"), 400, "ValidationError",
      NULL },
    { "59 seconds", "AKIAANN", ASK(RS256, "DurationSeconds=59"), 400, "ValidationError",
      ONE "Value '59' at 'durationSeconds' failed to satisfy constraint: Member must have value "
          "greater than or equal to 60" },
    { "60 seconds", "AKIAANN", ASK(RS256, "DurationSeconds=60"), 200, "", NULL },
    { "3,600 seconds", "AKIAANN", ASK(RS256, "DurationSeconds=3600"), 200, "", NULL },
    { "3,601 seconds", "AKIAANN", ASK(RS256, "DurationSeconds=3601"), 400, "ValidationError",
      NULL },
    { "an empty audience", "AKIAANN", P("Action=GetWebIdentityToken", "Audience.member.1=", RS256),
      400, "ValidationError", NULL },
    { "ten audiences", "AKIAANN",
      ASK("Audience.member.2=2", "Audience.member.3=3", "Audience.member.4=4",
          "Audience.member.5=5", "Audience.member.6=6", "Audience.member.7=7",
          "Audience.member.8=8", "Audience.member.9=9", "Audience.member.10=10", RS256),
      200, "", NULL },
    { "eleven", "AKIAANN",
      ASK("Audience.member.2=2", "Audience.member.3=3", "Audience.member.4=4",
          "Audience.member.5=5", "Audience.member.6=6", "Audience.member.7=7",
          "Audience.member.8=8", "Audience.member.9=9", "Audience.member.10=10",
          "Audience.member.11=11", RS256),
      400, "ValidationError", NULL },
    { "a tag key twice", "AKIAANN", ASK(RS256, TAG("1", "k", "1"), TAG("2", "K", "2")), 400,
      "InvalidParameterValue",
      "Duplicate tag keys found. Please note that Tag keys are case insensitive." },
};

START_TEST(a_token_is_given_as_aws_gives_it)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key key = sts_world_key(f, rows[_i].key);
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &key, rows[_i].parameters);
    iam_fixture_want(&r, rows[_i].name, rows[_i].status, rows[_i].code, rows[_i].message);
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_token_does_not_outlive_its_session)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_key s =
        sts_world_session(f, "session", &ann,
                          P("Action=AssumeRole", "RoleArn=" ROLE_ARN(A, "ci/r"),
                            "RoleSessionName=s1", "DurationSeconds=900"));
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_STS, &s, ASK(RS256, "DurationSeconds=900"));
    iam_fixture_want(&r, "to its end", 200, "", NULL);
    r = iam_fixture_send(f, SERVICE_STS, &s, ASK(RS256, "DurationSeconds=901"));
    iam_fixture_want(&r, "a second more", 403, "SessionDurationEscalationException",
                     "The requested token duration would extend the session beyond its original "
                     "expiration time. You cannot use this operation to extend the lifetime of a "
                     "session beyond what was granted when the session was originally created.");
    iam_fixture_free(f);
}
END_TEST

/* So many bytes more in the audience are as many in the payload. */
START_TEST(claims_are_14984_bytes_at_most)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    const char *parameters[120] = { "Action=GetWebIdentityToken", RS256 };
    size_t at = 2;
    for (size_t i = 1; i <= 9; i++)
        parameters[at++] = arena_printf(f->arena, "Audience.member.%zu=%01000zu", i, i).p;
    for (size_t i = 1; i <= 14; i++) {
        parameters[at++] = arena_printf(f->arena, "Tags.member.%zu.Key=%0100zu", i, i).p;
        parameters[at++] = arena_printf(f->arena, "Tags.member.%zu.Value=%0256zu", i, i).p;
    }
    const size_t last = at;
    parameters[last] = "Audience.member.10=x";
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &ann, parameters);
    iam_fixture_want(&r, "shorter", 200, "", NULL);
    struct why why = why_new(f->arena);
    struct jws *jws;
    ck_assert(!failed(jws_split(
        f->arena, &why, iam_fixture_text(&r, "GetWebIdentityTokenResult/WebIdentityToken"), &jws)));
    size_t room = 14984 - jws->payload.n;
    ck_assert_msg(room < 999, "%zu", room);
    for (int more = 0; more < 2; more++) {
        parameters[last] =
            arena_printf(f->arena, "Audience.member.10=%0*d", (int)room + 1 + more, 7).p;
        r = iam_fixture_send(f, SERVICE_STS, &ann, parameters);
        iam_fixture_want(&r, more ? "a byte more" : "the longest", more ? 400 : 200,
                         more ? "JWTPayloadSizeExceededException" : "",
                         more ? "The requested token payload size exceeds the maximum allowed "
                                "size. Reduce the number of request tags included in the "
                                "GetWebIdentityToken API call to reduce the token payload size."
                              : NULL);
    }
    iam_fixture_free(f);
}
END_TEST

/* ---- the issuer's documents ---- */

static const struct {
    const char *name, *host, *path, *jwks_uri;
} places[] = {
    { "under /issuers/", OURS, AT "/.well-known/openid-configuration",
      "http://" OURS AT "/.well-known/jwks.json" },
    { "by its own name", HOST, "/.well-known/openid-configuration",
      ISSUER "/.well-known/jwks.json" },
    { "in another case, with a port",
      "A1B2C3D4-0000-4000-8000-00000000000A.tokens.STS.global."
      "api.aws:443",
      "/.well-known/openid-configuration", ISSUER "/.well-known/jwks.json" },
};

START_TEST(the_discovery_document_is_that_of_aws)
{
    struct iam_fixture *f = sts_world_new(config, "");
    json_t *o = document(f, places[_i].host, places[_i].path);
    want_json(f, places[_i].name, o,
              arena_printf(f->arena,
                           "{\"claims_supported\":[\"sub\",\"iss\",\"aud\",\"exp\",\"iat\","
                           "\"jti\",\"https://sts.amazonaws.com/\"],"
                           "\"id_token_signing_alg_values_supported\":[\"RS256\",\"ES384\"],"
                           "\"issuer\":\"" ISSUER "\",\"jwks_uri\":\"%s\","
                           "\"subject_types_supported\":[\"public\"]}",
                           places[_i].jwks_uri)
                  .p);
    iam_fixture_free(f);
}
END_TEST

/* Before the first token, so that whoever fetches them then need not come again. */
START_TEST(both_keys_are_published)
{
    struct iam_fixture *f = sts_world_new(config, "");
    const struct jwks *set = keys(f);
    ck_assert_uint_eq(set->n, 2);
    ck_assert(pkey_kind(set->keys[0].key) == PKEY_RSA);
    ck_assert(pkey_kind(set->keys[1].key) == PKEY_P384);
    ck_assert_uint_eq(keys(f)->n, 2);
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_rotated_issuer_has_new_keys_and_keeps_the_old)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct why why = why_new(f->arena);
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply old[] = { iam_fixture_send(f, SERVICE_STS, &ann, ASK(RS256)),
                                       iam_fixture_send(f, SERVICE_STS, &ann, ASK(ES384)) };
    ck_assert(!failed(world_rotate(f->world, &why, STR(ISSUER))));
    ck_assert_uint_eq(keys(f)->n, 4);
    (void)verified(f, &old[0], "RS256");
    (void)verified(f, &old[1], "ES384");
    for (int i = 0; i < 2; i++) {
        struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &ann, ASK(i ? ES384 : RS256));
        (void)verified(f, &r, i ? "ES384" : "RS256");
    }
    ck_assert(!failed(world_retire(f->world, &why, STR(ISSUER))));
    ck_assert_uint_eq(keys(f)->n, 2);
    iam_fixture_free(f);
}
END_TEST

START_TEST(an_issuer_rotated_late_publishes_both_keys_and_may_go_down)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct why why = why_new(f->arena);
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    (void)iam_fixture_send(f, SERVICE_STS, &ann, ASK(RS256));
    ck_assert(!failed(world_rotate_late(f->world, &why, STR(ISSUER))));
    ck_assert_uint_eq(keys(f)->n, 2);
    struct iam_fixture_reply late[] = { iam_fixture_send(f, SERVICE_STS, &ann, ASK(RS256)),
                                        iam_fixture_send(f, SERVICE_STS, &ann, ASK(ES384)) };
    ck_assert(!failed(world_publish_keys(f->world, &why, STR(ISSUER))));
    ck_assert_uint_eq(keys(f)->n, 4);
    (void)verified(f, &late[0], "RS256");
    (void)verified(f, &late[1], "ES384");
    ck_assert(!failed(world_down(f->world, &why, STR(ISSUER))));
    ck_assert_int_eq(get(f, OURS, AT "/.well-known/jwks.json").status, 503);
    ck_assert_int_eq(get(f, OURS, AT "/.well-known/openid-configuration").status, 503);
    ck_assert(!failed(world_up(f->world, &why, STR(ISSUER))));
    ck_assert_int_eq(get(f, OURS, AT "/.well-known/openid-configuration").status, 200);
    iam_fixture_free(f);
}
END_TEST

/* The issuer is the account's once it was enabled, and stays where it is. */
START_TEST(enabling_and_disabling_turn_the_tap)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &ann, ASK(RS256)), token = r;
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                         "Action=DisableOutboundWebIdentityFederation", NULL);
    iam_fixture_want(&r, "disable", 200, "", NULL);
    r = iam_fixture_send(f, SERVICE_STS, &ann, ASK(RS256));
    iam_fixture_want(&r, "disabled", 403, "OutboundWebIdentityFederationDisabledException", NULL);
    (void)verified(f, &token, "RS256");
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                         "Action=EnableOutboundWebIdentityFederation", NULL);
    want_str("issuer",
             iam_fixture_text(&r, "EnableOutboundWebIdentityFederationResult/"
                                  "IssuerIdentifier"),
             STR(ISSUER));
    r = iam_fixture_send(f, SERVICE_STS, &ann, ASK(RS256));
    iam_fixture_want(&r, "enabled again", 200, "", NULL);
    iam_fixture_free(f);
}
END_TEST

START_TEST(an_issuer_nobody_has_is_not_served)
{
    struct iam_fixture *f = sts_world_new("{}", "");
    ck_assert_int_eq(get(f, OURS, AT "/.well-known/openid-configuration").status, 404);
    ck_assert_int_eq(get(f, OURS, AT "/.well-known/jwks.json").status, 404);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=EnableOutboundWebIdentityFederation", NULL);
    struct str issuer = iam_fixture_text(&r, "EnableOutboundWebIdentityFederationResult/"
                                             "IssuerIdentifier");
    const char *path = arena_join(f->arena, STR("/issuers/"), str_sub(issuer, 8, issuer.n),
                                  STR("/.well-known/openid-configuration"))
                           .p;
    want_str("once it was enabled", json_str(json_object_get(document(f, OURS, path), "issuer")),
             issuer);
    iam_fixture_free(f);
}
END_TEST

/* "local": true: iss is the URL under which the documents are. */
START_TEST(a_local_issuer_is_where_it_says)
{
    struct iam_fixture *f =
        sts_world_new("{'outbound_federation':{'issuer':'" ISSUER "','enabled':true},"
                      "'issuers':[{'url':'" ISSUER "','local':true}]}",
                      "");
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, &iam_fixture_root, ASK(RS256));
    want_str("iss", json_str(json_object_get(verified(f, &r, "RS256"), "iss")),
             STR("http://" OURS AT));
    want_str("issuer",
             json_str(json_object_get(document(f, OURS, AT "/.well-known/openid-configuration"),
                                      "issuer")),
             STR("http://" OURS AT));
    iam_fixture_free(f);
}
END_TEST

Suite *web_identity_token_suite(void);

Suite *web_identity_token_suite(void)
{
    Suite *s = suite_create("web_identity_token");
    TCase *t = tcase_create("tokens");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_users_token_says_who_they_are);
    tcase_add_test(t, a_roles_token_says_where_its_session_comes_from);
    tcase_add_test(t, the_root_and_a_users_session_get_theirs);
    tcase_add_loop_test(t, a_token_is_given_as_aws_gives_it, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, a_token_does_not_outlive_its_session);
    tcase_add_test(t, claims_are_14984_bytes_at_most);
    suite_add_tcase(s, t);
    t = tcase_create("documents");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, the_discovery_document_is_that_of_aws, 0,
                        sizeof places / sizeof places[0]);
    tcase_add_test(t, both_keys_are_published);
    tcase_add_test(t, a_rotated_issuer_has_new_keys_and_keeps_the_old);
    tcase_add_test(t, an_issuer_rotated_late_publishes_both_keys_and_may_go_down);
    tcase_add_test(t, enabling_and_disabling_turn_the_tap);
    tcase_add_test(t, an_issuer_nobody_has_is_not_served);
    tcase_add_test(t, a_local_issuer_is_where_it_says);
    suite_add_tcase(s, t);
    return s;
}
