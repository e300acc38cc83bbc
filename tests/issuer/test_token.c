#include "issuer/token.h"

#include "jose/jws.h"
#include "tests/issuer/fixture.h"

static struct fixture f;

static void set_up(void)
{
    fixture_init(&f);
}

static void tear_down(void)
{
    fixture_free(&f);
}

static const struct keyring_key *signer_of(const struct token *t, struct keystore_view **view)
{
    struct str alg = json_str(json_object_get(t->header, "alg"));
    struct keyring_spec spec = token_keyring(f.arena, f.profiles, t->issuer, alg_find(alg));
    *view = keystore_view(f.keys);
    return keyring_signer(keystore_view_ring(*view, spec.name), spec.alg);
}

/* What was signed is what the header and claims say, and the published key verifies it. */
static void want_signed(const char *what, const struct token *t)
{
    struct why why = why_new(f.arena);
    struct keystore_view *view;
    struct jws *jws;
    want_ok(&why, jws_split(f.arena, &why, t->text, &jws));
    ck_assert_msg(json_equal(jws->header_json->root, t->header), "%s: header", what);
    ck_assert_msg(json_equal(jws->claims_json->root, t->claims), "%s: claims", what);
    const struct keyring_key *key = signer_of(t, &view);
    ck_assert_msg(key && jws_verifies(jws, key->alg, key->key), "%s: signature", what);
    want_str(what, json_str(json_object_get(t->header, "kid")), key->kid);
    keystore_view_drop(view);
}

START_TEST(every_platforms_token_verifies)
{
    for (size_t i = 0; i < f.profiles->n; i++) {
        const struct profile *p = &f.profiles->all[i];
        for (size_t j = 0; j < p->n_variants; j++) {
            struct token_ask ask = { .platform =
                                         arena_printf(f.arena, "%.*s/%.*s", STR_ARG(p->name),
                                                      STR_ARG(p->variants[j].name)) };
            struct token t = fixture_mint(&f, &ask);
            want_signed(arena_cstr(f.arena, ask.platform), &t);
            ck_assert_ptr_eq(t.variant, &p->variants[j]);
        }
    }
}
END_TEST

START_TEST(every_algorithm_signs)
{
    for (size_t i = 0; alg_at(i); i++) {
        struct token_ask ask = { .platform = STR("generic"),
                                 .set = json_keep(f.arena,
                                                  json_pack("{s:s}", "alg", alg_at(i)->name.p)) };
        struct token t = fixture_mint(&f, &ask);
        want_str("alg", json_str(json_object_get(t.header, "alg")), alg_at(i)->name);
        want_signed(alg_at(i)->name.p, &t);
    }
}
END_TEST

/* ---- overrides ---- */

static const struct {
    const char *name, *ask, *wanted; /* over generic: set, claims, header, audience, lifetime_s */
    const char *remove;
} cases[] = {
    { "claims are added", "{'claims':{'x':[1]}}",
      "{'iss':'https://issuer.example.com','sub':'user-1','aud':'sts.amazonaws.com',"
      "'iat':1700000000,'exp':1700003600,'x':[1]}",
      NULL },
    { "claims replace those of the platform, in their place", "{'claims':{'sub':{'a':null}}}",
      "{'iss':'https://issuer.example.com','sub':{'a':null},'aud':'sts.amazonaws.com',"
      "'iat':1700000000,'exp':1700003600}",
      NULL },
    { "claims are left out", "{}",
      "{'iss':'https://issuer.example.com','aud':'sts.amazonaws.com','iat':1700000000,"
      "'exp':1700003600}",
      "sub" },
    { "leaving out what is not there changes nothing", "{}",
      "{'iss':'https://issuer.example.com','sub':'user-1','aud':'sts.amazonaws.com',"
      "'iat':1700000000,'exp':1700003600}",
      "nbf" },
    { "an audience replaces aud", "{'audience':'a'}",
      "{'iss':'https://issuer.example.com','sub':'user-1','aud':'a','iat':1700000000,"
      "'exp':1700003600}",
      NULL },
    { "an audience may be a list", "{'audience':['a','b']}",
      "{'iss':'https://issuer.example.com','sub':'user-1','aud':['a','b'],'iat':1700000000,"
      "'exp':1700003600}",
      NULL },
    { "a claim wins over an audience, an audience over a parameter",
      "{'set':{'aud':'x'},'audience':'y','claims':{'aud':'z'}}",
      "{'iss':'https://issuer.example.com','sub':'user-1','aud':'z','iat':1700000000,"
      "'exp':1700003600}",
      NULL },
    { "a lifetime moves exp", "{'lifetime_s':60}",
      "{'iss':'https://issuer.example.com','sub':'user-1','aud':'sts.amazonaws.com',"
      "'iat':1700000000,'exp':1700000060}",
      NULL },
};

static struct token_ask ask_of(const char *text)
{
    json_t *v = fixture_json(&f, text);
    return (struct token_ask){
        .platform = STR("generic"),
        .set = json_object_get(v, "set"),
        .claims = json_object_get(v, "claims"),
        .header = json_object_get(v, "header"),
        .audience = json_object_get(v, "audience"),
        .lifetime_s = json_integer_value(json_object_get(v, "lifetime_s")),
        .flaw = json_str(json_object_get(v, "flaw")),
    };
}

START_TEST(overrides)
{
    struct token_ask ask = ask_of(cases[_i].ask);
    struct str remove[1] = { str_of(cases[_i].remove) };
    ask.remove = remove;
    ask.n_remove = cases[_i].remove ? 1 : 0;
    struct token t = fixture_mint(&f, &ask);
    want_json(&f, cases[_i].name, t.claims, cases[_i].wanted);
    want_signed(cases[_i].name, &t);
}
END_TEST

START_TEST(header_members_are_added_and_replaced)
{
    struct token_ask ask = ask_of("{'header':{'typ':'at+jwt','x':1}}");
    struct token t = fixture_mint(&f, &ask);
    want_str("typ", json_str(json_object_get(t.header, "typ")), STR("at+jwt"));
    ck_assert_int_eq(json_integer_value(json_object_get(t.header, "x")), 1);
    want_signed("header", &t);
}
END_TEST

/* The caller's JSON is read, never changed, whatever a flaw does afterwards. */
START_TEST(what_was_asked_for_stays_as_it_was)
{
    static const char text[] = "{'claims':{'aud':['a'],'x':{'y':1}},'set':{'sub':'s'},"
                               "'audience':['b'],'header':{'z':[1]},'flaw':'wrong-audience'}";
    json_t *v = fixture_json(&f, text);
    struct token_ask ask = { .platform = STR("generic"),
                             .set = json_object_get(v, "set"),
                             .claims = json_object_get(v, "claims"),
                             .header = json_object_get(v, "header"),
                             .audience = json_object_get(v, "audience"),
                             .flaw = STR("wrong-audience") };
    struct token t = fixture_mint(&f, &ask);
    json_array_clear(json_object_get(t.header, "z"));
    json_object_clear(json_object_get(t.claims, "x"));
    want_json(&f, "ask", v, text);
}
END_TEST

static const struct {
    const char *name, *ask, *reason;
    enum fault fault;
} refused[] = {
    { "set must be an object", "{'set':[]}", "\"set\": expected an object", FAULT_CONFIG_INVALID },
    { "claims must be an object", "{'claims':'x'}",
      "\"claims\": expected an object, found a string", FAULT_CONFIG_INVALID },
    { "header must be an object", "{'header':1}", "\"header\": expected an object",
      FAULT_CONFIG_INVALID },
    { "an audience is no number", "{'audience':1}", "\"audience\": expected a string or an array",
      FAULT_CONFIG_INVALID },
    { "an audience is no list of numbers", "{'audience':['a',1]}", "\"audience\": expected",
      FAULT_CONFIG_INVALID },
    { "a lifetime is not negative", "{'lifetime_s':-1}", "\"lifetime_s\": expected seconds",
      FAULT_CONFIG_INVALID },
    { "a lifetime is no century", "{'lifetime_s':3153600000}", "\"lifetime_s\": expected seconds",
      FAULT_CONFIG_INVALID },
    { "an unknown flaw is refused, the nearest named", "{'flaw':'bad-signatur'}",
      "no flaw \"bad-signatur\"; did you mean \"bad-signature\"?", FAULT_FLAW_UNKNOWN },
    { "a claim that is not there cannot be missing", "{'flaw':'missing-nbf'}",
      "\"missing-nbf\" has nothing to spoil", FAULT_FLAW_UNKNOWN },
    { "missing alone names no claim", "{'flaw':'missing-'}", "no flaw \"missing-\"",
      FAULT_FLAW_UNKNOWN },
};

START_TEST(refuses)
{
    struct token_ask ask = ask_of(refused[_i].ask);
    struct token t = { .text = STR("untouched") };
    struct why why;
    ck_assert_msg(failed(fixture_try(&f, &why, &ask, &t)), "%s", refused[_i].name);
    ck_assert_int_eq(why.fault, refused[_i].fault);
    want_part(refused[_i].name, why.detail, refused[_i].reason);
    want_str(refused[_i].name, t.text, STR("untouched"));
}
END_TEST

/* ---- which key, which alg, which iss ---- */

START_TEST(a_config_may_give_an_issuer_another_alg)
{
    struct token_ask ask = { .platform = STR("circleci") };
    f.config_alg = alg_find(STR("ES256"));
    struct token t = fixture_mint(&f, &ask);
    want_str("alg", json_str(json_object_get(t.header, "alg")), STR("ES256"));
    want_signed("ES256", &t);
}
END_TEST

START_TEST(what_was_set_wins_over_the_config)
{
    struct token_ask ask = ask_of("{'set':{'alg':'ES384'}}");
    f.config_alg = alg_find(STR("ES256"));
    struct token t = fixture_mint(&f, &ask);
    want_str("set", json_str(json_object_get(t.header, "alg")), STR("ES384"));
    ask.set = NULL;
    t = fixture_mint(&f, &ask);
    want_str("default", json_str(json_object_get(t.header, "alg")), STR("ES256"));
}
END_TEST

START_TEST(a_signer_need_not_know_configs)
{
    struct token_ask ask = { .platform = STR("generic") };
    f.signer.alg_for = NULL;
    f.signer.iss_for = NULL;
    struct token t = fixture_mint(&f, &ask);
    want_signed("no hooks", &t);
}
END_TEST

START_TEST(a_local_issuer_says_where_it_is_served)
{
    struct token_ask ask = { .platform = STR("generic") };
    f.local_iss = STR("http://127.0.0.1:4580/issuers/issuer.example.com");
    struct token t = fixture_mint(&f, &ask);
    want_str("iss", json_str(json_object_get(t.claims, "iss")), f.local_iss);
    want_str("issuer", t.issuer, STR("https://issuer.example.com"));
    want_signed("local", &t);
}
END_TEST

/* A platform signs with one set of keys, by whatever name its token was asked for. */
START_TEST(generic_tokens_of_a_platforms_issuer_have_its_keys)
{
    struct token_ask ask = { .platform = STR("circleci") };
    struct token own = fixture_mint(&f, &ask);
    ask.platform = STR("generic");
    ask.set = json_keep(f.arena, json_pack("{s:s}", "issuer", own.issuer.p));
    struct token generic = fixture_mint(&f, &ask);
    want_str("kid", json_str(json_object_get(generic.header, "kid")),
             json_str(json_object_get(own.header, "kid")));
}
END_TEST

START_TEST(other_issuers_have_keys_of_their_own)
{
    struct token_ask ask = ask_of("{'set':{'issuer':'https://one.example.com','alg':'ES256'}}");
    struct token one = fixture_mint(&f, &ask);
    ask = ask_of("{'set':{'issuer':'https://two.example.com','alg':'ES256'}}");
    struct token two = fixture_mint(&f, &ask);
    ck_assert(!str_eq(json_str(json_object_get(one.header, "kid")),
                      json_str(json_object_get(two.header, "kid"))));
}
END_TEST

START_TEST(v1_and_v2_of_one_job_agree)
{
    struct token_ask ask = { .platform = STR("circleci/v1") };
    struct token v1 = fixture_mint(&f, &ask);
    ask.platform = STR("circleci/v2");
    struct token v2 = fixture_mint(&f, &ask);
    ck_assert(json_equal(v1.header, v2.header));
    json_object_set(v1.claims, "sub", json_object_get(v2.claims, "sub"));
    ck_assert_msg(json_equal(v1.claims, v2.claims), "%s", "more than sub differs");
}
END_TEST

/* The present wins over the past: what is in the view when a token is made signs it. */
START_TEST(after_a_rotation_the_new_key_signs)
{
    struct token_ask ask = ask_of("{'set':{'alg':'ES256'}}");
    struct token before = fixture_mint(&f, &ask);
    struct keyring_spec spec =
        token_keyring(f.arena, f.profiles, before.issuer, alg_find(STR("ES256")));
    struct why why = why_new(f.arena);
    want_ok(&why, keystore_rotate(f.keys, &why, &spec));
    struct token after = fixture_mint(&f, &ask);
    ck_assert(!str_eq(json_str(json_object_get(before.header, "kid")),
                      json_str(json_object_get(after.header, "kid"))));
    want_signed("after", &after);
}
END_TEST

static struct outcome no_keys(void *context, struct why *why, const struct keyring_spec *spec,
                              struct keystore_view **view)
{
    (void)context;
    (void)view;
    FAIL(why, KEY_MALFORMED, "%.*s: torn", STR_ARG(spec->name));
}

START_TEST(without_a_key_there_is_no_token)
{
    struct token_ask ask = { .platform = STR("env0") };
    struct token t;
    struct why why;
    f.signer.find = no_keys;
    ck_assert(failed(fixture_try(&f, &why, &ask, &t)));
    ck_assert_int_eq(why.fault, FAULT_KEY_MALFORMED);
    want_str("detail", why.detail, STR("env0: torn"));
}
END_TEST

static const struct {
    const char *name, *platform, *set, *wanted;
} sessions[] = {
    { "CircleCI's is the guide's", "circleci", "{}", "circleci-test-oidc-auth" },
    { "Pulumi ESC's is the guide's", "pulumi/esc", "{}", "pulumi-environments-session" },
    { "Pulumi Deployments' names the stack", "pulumi", "{}", "pulumi-deploy-contoso-Core-dev" },
    { "GitHub's is the action's", "github", "{}", "GitHubActions" },
    { "Render's names the service", "render", "{}", "render-srv-d9tarvad0e5s738nfj6g" },
    { "what may not stand in a session name is a hyphen", "pulumi", "{'stack':'a/b'}",
      "pulumi-deploy-contoso-Core-a-b" },
    { "64 characters are the most", "pulumi",
      "{'stack':'0123456789012345678901234567890123456789012345678901234567890123456789'}",
      "pulumi-deploy-contoso-Core-0123456789012345678901234567890123456" },
};

START_TEST(session_names_are_what_aws_takes)
{
    struct token_ask ask = { .platform = str_of(sessions[_i].platform),
                             .set = fixture_json(&f, sessions[_i].set) };
    struct token t = fixture_mint(&f, &ask);
    want_str(sessions[_i].name, t.session_name, str_of(sessions[_i].wanted));
    ck_assert_uint_le(t.session_name.n, 64);
}
END_TEST

START_TEST(the_same_seed_makes_the_same_token)
{
    struct token_ask ask = { .platform = STR("github") };
    entropy_init_seeded(&f.entropy, 7);
    struct token one = fixture_mint(&f, &ask);
    entropy_init_seeded(&f.entropy, 7);
    struct token two = fixture_mint(&f, &ask);
    want_str("token", two.text, one.text);
}
END_TEST

Suite *token_suite(void);
Suite *token_suite(void)
{
    Suite *s = suite_create("token");
    TCase *t = tcase_create("token");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, every_platforms_token_verifies);
    tcase_add_test(t, every_algorithm_signs);
    tcase_add_loop_test(t, overrides, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, header_members_are_added_and_replaced);
    tcase_add_test(t, what_was_asked_for_stays_as_it_was);
    tcase_add_loop_test(t, refuses, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(t, a_config_may_give_an_issuer_another_alg);
    tcase_add_test(t, what_was_set_wins_over_the_config);
    tcase_add_test(t, a_signer_need_not_know_configs);
    tcase_add_test(t, a_local_issuer_says_where_it_is_served);
    tcase_add_test(t, generic_tokens_of_a_platforms_issuer_have_its_keys);
    tcase_add_test(t, other_issuers_have_keys_of_their_own);
    tcase_add_test(t, v1_and_v2_of_one_job_agree);
    tcase_add_test(t, after_a_rotation_the_new_key_signs);
    tcase_add_test(t, without_a_key_there_is_no_token);
    tcase_add_loop_test(t, session_names_are_what_aws_takes, 0,
                        sizeof sessions / sizeof sessions[0]);
    tcase_add_test(t, the_same_seed_makes_the_same_token);
    suite_add_tcase(s, t);
    return s;
}
