#include "issuer/flaw.h"

#include "base/encode.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "jose/jws.h"
#include "tests/issuer/fixture.h"

/*
 * Each flaw has its defect and no other: the header and claims that changed are named, member for
 * member, and the signature is what the row says.
 */

static struct fixture f;

static void set_up(void)
{
    fixture_init(&f);
}

static void tear_down(void)
{
    fixture_free(&f);
}

enum signature { GOOD, BAD, EMPTY, NO_TOKEN };

/* Changes from the flawless token: "+" added, "-" left out, "=" another value; with the new value.
 */
static const struct {
    const char *flaw, *platform, *header, *claims;
    enum signature signature;
} cases[] = {
    { "expired", "pulumi", "", "=iat:1699995800 =nbf:1699995800 =exp:1699999400", GOOD },
    { "expired", "env0", "", "=iat:1699913000 =exp:1699999400", GOOD },
    { "not-yet-valid", "pulumi", "", "=nbf:1700000600", GOOD },
    { "not-yet-valid", "circleci", "", "+nbf:1700000600", GOOD },
    { "future-iat", "circleci", "", "=iat:1700000600 =exp:1700004200", GOOD },
    { "future-iat", "pulumi", "", "=iat:1700000600 =exp:1700004200", GOOD },
    { "fractional-iat", "circleci", "", "=iat:1700000000.5", GOOD },
    { "null-exp", "circleci", "", "=exp:null", GOOD },
    { "bad-signature", "circleci", "", "", BAD },
    { "wrong-key", "generic", "", "", BAD },
    { "unknown-kid", "circleci", "=kid:\"nobody-publishes-this-key\"", "", GOOD },
    { "empty-kid", "circleci", "=kid:\"\"", "", GOOD },
    { "no-kid", "circleci", "-kid", "", GOOD },
    { "alg-none", "circleci", "=alg:\"none\"", "", EMPTY },
    { "alg-hs256-with-public-key", "circleci", "=alg:\"HS256\"", "", BAD },
    { "alg-ps256", "circleci", "=alg:\"PS256\"", "", GOOD },
    { "crit-header", "circleci", "+crit:[\"b64\"] +b64:true", "", GOOD },
    { "wrong-issuer", "circleci", "", "=iss:\"https://wrong-issuer.example.com\"", GOOD },
    { "issuer-trailing-slash", "pulumi", "", "=iss:\"https://api.pulumi.com/oidc/\"", GOOD },
    { "issuer-trailing-slash", "env0", "", "=iss:\"https://login.app.env0.com\"", GOOD },
    { "wrong-audience", "circleci", "", "=aud:\"wrong-audience.example.com\"", GOOD },
    { "wrong-audience", "env0", "",
      "=aud:\"wrong-audience.example.com\" =azp:\"wrong-audience.example.com\"", GOOD },
    { "wrong-audience", "eks", "", "=aud:\"wrong-audience.example.com\"", GOOD },
    { "wrong-azp", "circleci", "", "+azp:\"wrong-audience.example.com\"", GOOD },
    { "wrong-azp", "env0", "", "=azp:\"wrong-audience.example.com\"", GOOD },
    { "duplicate-audience", "circleci", "", "=aud:\"wrong-audience.example.com\"", GOOD },
    { "duplicate-audience", "env0", "", "=azp:\"wrong-audience.example.com\"", GOOD },
    { "audience-array-two", "pulumi", "", "=aud:[\"contoso\",\"second-audience.example.com\"]",
      GOOD },
    { "audience-array-two", "eks", "",
      "=aud:[\"sts.amazonaws.com\",\"second-audience.example.com\"]", GOOD },
    { "audience-array-two", "env0", "",
      "=aud:[\"https://prod.env0.com\",\"second-audience.example.com\"] -azp", GOOD },
    { "empty-audience", "circleci", "", "=aud:[]", GOOD },
    { "null-sub", "circleci", "", "=sub:null", GOOD },
    { "missing-sub", "circleci", "", "-sub", GOOD },
    { "missing-aud", "circleci", "", "-aud", GOOD },
    { "missing-oidc.circleci.com/project-id", "circleci", "", "-oidc.circleci.com/project-id",
      GOOD },
    { "malformed-tags", "circleci", "",
      "+https://aws.amazon.com/tags:{\"principal_tags\":{\"project\":\"not-in-an-array\"}}", GOOD },
    { "short-source-identity", "circleci", "", "+https://aws.amazon.com/source_identity:\"x\"",
      GOOD },
    { "other-role", "circleci", "",
      "+https://aws.amazon.com/roles:[\"arn:aws:iam::123456789012:role/another-role\"]", GOOD },
    { "truncated", "circleci", "", "", NO_TOKEN },
    { "not-a-jwt", "circleci", "", "", NO_TOKEN },
    { "trailing-newline", "circleci", "", "", NO_TOKEN },
    { "padded", "circleci", "", "", NO_TOKEN },
    { "four-parts", "circleci", "", "", NO_TOKEN },
};

static struct token mint(const char *platform, const char *flaw)
{
    struct token_ask ask = { .platform = str_of(platform), .flaw = str_of(flaw) };
    entropy_init_seeded(&f.entropy, 1); /* so that a jti is the same in both */
    return fixture_mint(&f, &ask);
}

/* "=exp:1 +nbf:2 -kid", in the order of the flawless members, then of the new ones. */
static struct str changes(const json_t *before, const json_t *after)
{
    struct str s = STR("");
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)before, key, value)
    {
        const json_t *now = json_object_get(after, key);
        struct str text = json_text(f.arena, now);
        const char *space = s.n ? " " : "";
        if (!now)
            s = arena_printf(f.arena, "%.*s%s-%s", STR_ARG(s), space, key);
        else if (!json_equal(value, now))
            s = arena_printf(f.arena, "%.*s%s=%s:%.*s", STR_ARG(s), space, key, STR_ARG(text));
    }
    json_object_foreach((json_t *)(uintptr_t)after, key, value)
    {
        struct str text = json_text(f.arena, value);
        if (!json_object_get(before, key))
            s = arena_printf(f.arena, "%.*s%s+%s:%.*s", STR_ARG(s), s.n ? " " : "", key,
                             STR_ARG(text));
    }
    return s;
}

static bool verifies(const struct token *t, const struct jws *jws)
{
    struct keyring_spec spec = token_keyring(f.arena, f.profiles, t->issuer, NULL);
    struct keystore_view *view = keystore_view(f.keys);
    const struct keyring_key *key = keyring_signer(keystore_view_ring(view, spec.name), spec.alg);
    bool good = key && jws_verifies(jws, key->alg, key->key);
    keystore_view_drop(view);
    return good;
}

START_TEST(has_its_defect_and_no_other)
{
    const char *name = cases[_i].flaw;
    struct why why = why_new(f.arena);
    struct token before = mint(cases[_i].platform, "");
    struct token after = mint(cases[_i].platform, name);
    struct jws *jws;
    want_str(name, changes(before.header, after.header), str_of(cases[_i].header));
    want_str(name, changes(before.claims, after.claims), str_of(cases[_i].claims));
    want_str(name, after.issuer, before.issuer);
    bool split = !failed(jws_split(f.arena, &why, after.text, &jws));
    ck_assert_msg(split == (cases[_i].signature != NO_TOKEN), "%s: %.*s", name,
                  STR_ARG(why.detail));
    if (!split)
        return;
    ck_assert_msg(json_equal(jws->header_json->root, after.header), "%s: header", name);
    ck_assert_msg(json_equal(jws->claims_json->root, after.claims), "%s: claims", name);
    ck_assert_msg(verifies(&after, jws) == (cases[_i].signature == GOOD), "%s: signature", name);
    ck_assert_msg((jws->signature.n == 0) == (cases[_i].signature == EMPTY), "%s: length", name);
}
END_TEST

START_TEST(every_row_is_shown_above)
{
    for (const struct flaw *w = flaws; w->name; w++) {
        bool shown = false;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            struct str claim;
            shown |= flaw_find(str_of(cases[i].flaw), &claim) == w;
        }
        ck_assert_msg(shown, "%s has no case", w->name);
    }
}
END_TEST

START_TEST(every_row_stands_in_the_documentation)
{
    struct why why = why_new(f.arena);
    struct str page;
    want_ok(&why, file_read(f.arena, &why, "docs/flaws.md", 1 << 20, &page));
    for (const struct flaw *w = flaws; w->name; w++) {
        struct str row = arena_printf(f.arena, "| `%s` | %s | ", w->name, w->about);
        if (strcmp(w->reason, "none") != 0)
            row = arena_printf(f.arena, "%.*s`%s` |\n", STR_ARG(row), w->reason);
        ck_assert_msg(str_contains(page, row), "docs/flaws.md lacks: %.*s", STR_ARG(row));
    }
}
END_TEST

static bool is_reason(const char *name)
{
    for (size_t i = 0; i <= fault_count(); i++)
        if (strcmp(fault_reason((enum fault)i), name) == 0)
            return true;
    return false;
}

START_TEST(every_row_says_what_it_is_and_what_it_meets)
{
    for (const struct flaw *w = flaws; w->name; w++) {
        ck_assert_msg(w->about && *w->about, "%s says nothing", w->name);
        ck_assert_msg(is_reason(w->reason), "%s: no reason %s", w->name, w->reason);
        ck_assert_msg(w->before || w->payload || w->after, "%s does nothing", w->name);
        for (const struct flaw *other = flaws; other < w; other++)
            ck_assert_msg(strcmp(other->name, w->name) != 0, "%s twice", w->name);
    }
}
END_TEST

START_TEST(the_names_are_found)
{
    struct str claim = STR("");
    for (const struct flaw *w = flaws; w->name; w++)
        if (!str_starts(str_of(w->name), STR("missing-")))
            ck_assert_ptr_eq(flaw_find(str_of(w->name), &claim), w);
    want_str("no claim yet", claim, STR(""));
    const struct flaw *missing = flaw_find(STR("missing-sub"), &claim);
    ck_assert_ptr_nonnull(missing);
    want_str("claim", claim, STR("sub"));
    want_str("reason", str_of(missing->reason), STR("claim-missing"));
    ck_assert_ptr_null(flaw_find(STR("missing-"), &claim));
    ck_assert_ptr_null(flaw_find(STR(""), &claim));
    ck_assert_ptr_null(flaw_find(STR("Expired"), &claim));
}
END_TEST

/* A short-lived token must not be expired before it becomes valid. */
START_TEST(not_yet_valid_is_not_expired)
{
    struct token_ask ask = { .platform = STR("generic"),
                             .lifetime_s = 60,
                             .flaw = STR("not-yet-valid") };
    struct token t = fixture_mint(&f, &ask);
    ck_assert_int_gt(json_integer_value(json_object_get(t.claims, "exp")),
                     json_integer_value(json_object_get(t.claims, "nbf")));
}
END_TEST

START_TEST(the_secret_of_hs256_is_the_public_key)
{
    struct token t = mint("circleci", "alg-hs256-with-public-key");
    struct keystore_view *view = keystore_view(f.keys);
    const struct keyring_key *key = keystore_view_ring(view, STR("circleci"))->keys;
    struct str base64 = base64_write(f.arena, pkey_spki(f.arena, key->key));
    struct str pem = STR("-----BEGIN PUBLIC KEY-----\n");
    for (size_t i = 0; i < base64.n; i += 64)
        pem = arena_printf(f.arena, "%.*s%.*s\n", STR_ARG(pem), STR_ARG(str_sub(base64, i, 64)));
    pem = arena_printf(f.arena, "%.*s-----END PUBLIC KEY-----\n", STR_ARG(pem));

    struct why why = why_new(f.arena);
    struct jws *jws;
    uint8_t mac[SHA256_BYTES];
    want_ok(&why, jws_split(f.arena, &why, t.text, &jws));
    hmac_sha256(pem, jws->signing_input, mac);
    ck_assert(str_eq(jws->signature, str_n((const char *)mac, sizeof mac)));
    keystore_view_drop(view);
}
END_TEST

START_TEST(a_duplicate_audience_stands_twice_in_the_text)
{
    struct token t = mint("circleci", "duplicate-audience");
    struct why why = why_new(f.arena);
    struct jws *jws;
    want_ok(&why, jws_split(f.arena, &why, t.text, &jws));
    ck_assert(str_starts(jws->payload, STR("{\"aud\":\"00f45056-5918-4171-9222-b538c76ed3f8\","
                                           "\"iss\":")));
    want_part("the second", jws->payload, "\"aud\":\"wrong-audience.example.com\"");
}
END_TEST

/* Every other half of a token: none may still be three good parts. */
START_TEST(texts_are_spoilt_as_they_say)
{
    struct token good = mint("circleci", "");
    want_str("truncated", mint("circleci", "truncated").text,
             str_sub(good.text, 0, good.text.n / 2));
    want_str("newline", mint("circleci", "trailing-newline").text,
             arena_printf(f.arena, "%.*s\n", STR_ARG(good.text)));
    want_str("padded", mint("circleci", "padded").text,
             arena_printf(f.arena, "%.*s==", STR_ARG(good.text)));
    want_str("four parts", mint("circleci", "four-parts").text,
             arena_printf(f.arena, "%.*s.e30", STR_ARG(good.text)));
    ck_assert(str_find(mint("circleci", "not-a-jwt").text, '.') ==
              mint("circleci", "not-a-jwt").text.n);
}
END_TEST

/* A claim that is gone, or of an odd type, must not bring a flaw down. */
START_TEST(flaws_bear_with_odd_claims)
{
    static const char *const odd[] = { "{}",
                                       "{'iat':'x','exp':'y','nbf':null,'aud':7,'iss':1,'sub':[]}",
                                       "{'aud':[],'azp':''}" };
    static struct str gone[] = { STR_INIT("iss"), STR_INIT("aud"), STR_INIT("exp"), STR_INIT("iat"),
                                 STR_INIT("sub") };
    for (const struct flaw *w = flaws; w->name; w++) {
        for (size_t i = 0; i < 3; i++) {
            struct token_ask ask = { .platform = STR("generic"),
                                     .flaw = str_of(w->name),
                                     .claims = fixture_json(&f, odd[i]),
                                     .remove = gone,
                                     .n_remove = i ? 0 : 5 };
            struct token t;
            struct why why;
            if (failed(fixture_try(&f, &why, &ask, &t)))
                ck_assert_msg(why.fault == FAULT_FLAW_UNKNOWN, "%s: %.*s", w->name,
                              STR_ARG(why.detail));
        }
    }
}
END_TEST

Suite *flaw_suite(void);
Suite *flaw_suite(void)
{
    Suite *s = suite_create("flaw");
    TCase *t = tcase_create("flaw");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, has_its_defect_and_no_other, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, every_row_is_shown_above);
    tcase_add_test(t, every_row_stands_in_the_documentation);
    tcase_add_test(t, every_row_says_what_it_is_and_what_it_meets);
    tcase_add_test(t, the_names_are_found);
    tcase_add_test(t, not_yet_valid_is_not_expired);
    tcase_add_test(t, the_secret_of_hs256_is_the_public_key);
    tcase_add_test(t, a_duplicate_audience_stands_twice_in_the_text);
    tcase_add_test(t, texts_are_spoilt_as_they_say);
    tcase_add_test(t, flaws_bear_with_odd_claims);
    suite_add_tcase(s, t);
    return s;
}
