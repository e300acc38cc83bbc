#include "tests/fakests/call_fixture.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include "base/encode.h"
#include "base/text.h"
#include "base/map.h"
#include "fakests/creds.h"

/* A session with something in every member. */
static struct session a_session(struct arena *a)
{
    struct session s = {
        .kind = SESSION_FEDERATED,
        .access_key_id = STR("ASIARZPUZDIKAAAAAAAA"),
        .secret_access_key = STR("0123456789012345678901234567890123456789"),
        .account = STR(FIXTURE_ACCOUNT),
        .arn = STR("arn:aws:sts::123456789012:assumed-role/Deploy/s"),
        .user_id = STR("AROARZPUZDIKAAAAAAAAA:s"),
        .role_arn = STR("arn:aws:iam::123456789012:role/ci/Deploy"),
        .role_id = STR("AROARZPUZDIKAAAAAAAAA"),
        .user_arn = STR("arn:aws:iam::123456789012:user/staff/Ann"),
        .user_name = STR("Ann"),
        .user_unique_id = STR("AIDARZPUZDIKAAAAAAAAA"),
        .provider = STR("arn:aws:iam::123456789012:oidc-provider/issuer.example.com"),
        .subject = STR("subject \xC3\xA9"),
        .audience = STR("audience"),
        .source_identity = STR("Admin"),
        .policy = STR("{\"Version\":\"2012-10-17\",\"Statement\":[]}"),
        .issued_s = FIXTURE_NOW_S,
        .expires_s = FIXTURE_NOW_S + 3600,
        .mfa_s = FIXTURE_NOW_S - 5,
    };
    s.tags = arena_array(a, struct tag, 2);
    s.tags[0] = (struct tag){ STR("Project"), STR("Automation") };
    s.tags[1] = (struct tag){ STR("Empty"), STR("") };
    s.n_tags = 2;
    s.transitive_keys = arena_array(a, struct str, 1);
    s.transitive_keys[0] = STR("Project");
    s.n_transitive = 1;
    s.policy_arns = arena_array(a, struct str, 1);
    s.policy_arns[0] = STR("arn:aws:iam::aws:policy/ReadOnlyAccess");
    s.n_policy_arns = 1;
    s.amr = arena_array(a, struct str, 2);
    s.amr[0] = STR("authenticated");
    s.amr[1] = STR("issuer.example.com");
    s.n_amr = 2;
    return s;
}

static void want_same_session(const struct session *got, const struct session *wanted)
{
    ck_assert_int_eq(got->kind, wanted->kind);
    want_str("account", got->account, wanted->account);
    want_str("arn", got->arn, wanted->arn);
    want_str("user_id", got->user_id, wanted->user_id);
    want_str("role_arn", got->role_arn, wanted->role_arn);
    want_str("role_id", got->role_id, wanted->role_id);
    want_str("user_arn", got->user_arn, wanted->user_arn);
    want_str("user_name", got->user_name, wanted->user_name);
    want_str("user_unique_id", got->user_unique_id, wanted->user_unique_id);
    want_str("provider", got->provider, wanted->provider);
    want_str("subject", got->subject, wanted->subject);
    want_str("audience", got->audience, wanted->audience);
    want_str("source_identity", got->source_identity, wanted->source_identity);
    want_str("policy", got->policy, wanted->policy);
    ck_assert_int_eq(got->issued_s, wanted->issued_s);
    ck_assert_int_eq(got->expires_s, wanted->expires_s);
    ck_assert_int_eq(got->mfa_s, wanted->mfa_s);
    ck_assert_uint_eq(got->n_tags, wanted->n_tags);
    for (size_t i = 0; i < got->n_tags; i++) {
        want_str("tag key", got->tags[i].key, wanted->tags[i].key);
        want_str("tag value", got->tags[i].value, wanted->tags[i].value);
    }
    ck_assert_uint_eq(got->n_transitive, wanted->n_transitive);
    for (size_t i = 0; i < got->n_transitive; i++)
        want_str("transitive", got->transitive_keys[i], wanted->transitive_keys[i]);
    ck_assert_uint_eq(got->n_policy_arns, wanted->n_policy_arns);
    for (size_t i = 0; i < got->n_policy_arns; i++)
        want_str("policy arn", got->policy_arns[i], wanted->policy_arns[i]);
    ck_assert_uint_eq(got->n_amr, wanted->n_amr);
    for (size_t i = 0; i < got->n_amr; i++)
        want_str("amr", got->amr[i], wanted->amr[i]);
}

/* ---- the bytes of a session ---- */

START_TEST(a_session_is_read_as_it_was_written)
{
    struct arena *a = arena_new();
    struct session s = a_session(a), back;
    ck_assert(session_read(a, guarded(session_write(a, &s)), &back));
    want_same_session(&back, &s);
    want_str("key", back.access_key_id, s.access_key_id);
    want_str("secret", back.secret_access_key, s.secret_access_key);

    struct session empty = { .issued_s = -1 };
    ck_assert(session_read(a, session_write(a, &empty), &back));
    want_same_session(&back, &empty);
    arena_free(a);
}
END_TEST

START_TEST(a_session_cut_short_is_refused)
{
    struct arena *a = arena_new();
    struct session s = a_session(a), back = { .subject = STR("untouched") };
    struct str bytes = session_write(a, &s);
    for (size_t n = 0; n < bytes.n; n++)
        ck_assert_msg(!session_read(a, guarded(str_sub(bytes, 0, n)), &back), "%zu bytes", n);
    want_str("output", back.subject, STR("untouched"));
    char *more = arena_alloc(a, bytes.n + 1);
    memcpy(more, bytes.p, bytes.n);
    ck_assert(!session_read(a, str_n(more, bytes.n + 1), &back));
    arena_free(a);
}
END_TEST

/* Of 2^8 values for one byte, those that read at all are written back as they were: one spelling
 * each. */
START_TEST(a_session_has_one_spelling)
{
    struct arena *a = arena_new();
    struct session s = { .subject = STR("x") }, back;
    struct str bytes = session_write(a, &s);
    for (size_t i = 0; i < bytes.n; i++) {
        char *changed = arena_cstr(a, bytes);
        for (int value = 0; value < 256; value++) {
            changed[i] = (char)value;
            if (session_read(a, str_n(changed, bytes.n), &back))
                want_str("spelling", session_write(a, &back), str_n(changed, bytes.n));
        }
    }
    arena_free(a);
}
END_TEST

static const struct {
    const char *name;
    const char *bytes; /* behind version, kind and times */
    size_t n;
} refused[] = {
    { "a length in too many bytes is refused",
      "\x81\x00"
      "x",
      3 },
    { "a length of four bytes is refused", "\x80\x80\x80\x01", 4 },
    { "a length that leads outside is refused", "\xFF\x7Fxxxx", 6 },
    { "more elements than a list may have are refused", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x41\0\0",
      18 },
};

START_TEST(bad_lengths_are_refused)
{
    struct arena *a = arena_new();
    struct session back;
    struct text t = text_new(a, 1024);
    text_put(&t, STR("\x02\0"));
    for (int i = 0; i < 3 * 8; i++)
        text_putc(&t, '\0');
    text_put(&t, str_n(refused[_i].bytes, refused[_i].n));
    for (int i = 0; i < 200; i++)
        text_putc(&t, '\0');
    for (size_t n = 2 + 3 * 8; n <= t.n; n++)
        ck_assert_msg(!session_read(a, str_sub(text_str(&t), 0, n), &back), "%s", refused[_i].name);
    arena_free(a);
}
END_TEST

START_TEST(another_version_is_refused)
{
    struct arena *a = arena_new();
    struct session s = a_session(a), back;
    struct str bytes = session_write(a, &s);
    char *changed = arena_cstr(a, bytes);
    changed[0] = 1;
    ck_assert(!session_read(a, str_n(changed, bytes.n), &back));
    arena_free(a);
}
END_TEST

START_TEST(only_the_four_kinds_are_read)
{
    struct arena *a = arena_new();
    struct session s = a_session(a), back;
    struct str bytes = session_write(a, &s);
    char *changed = arena_cstr(a, bytes);
    for (int kind = 0; kind < 256; kind++) {
        changed[1] = (char)kind;
        ck_assert_msg(session_read(a, str_n(changed, bytes.n), &back) == (kind < 4), "%d", kind);
    }
    arena_free(a);
}
END_TEST

/* ---- credentials ---- */

START_TEST(credentials_look_like_aws_ones)
{
    struct call_fixture *f = call_fixture_new();
    struct session s = a_session(f->arena);
    struct creds c;
    struct str account;
    creds_mint(&f->call, &s, &c);
    ck_assert_uint_eq(c.access_key_id.n, 20);
    want_str("key id", str_sub(c.access_key_id, 0, 12), STR("ASIARZPUZDIK"));
    ck_assert(iam_id_account(f->arena, c.access_key_id, &account));
    want_str("account", account, STR(FIXTURE_ACCOUNT));
    ck_assert_uint_eq(c.secret_access_key.n, 40);
    for (size_t i = 0; i < c.secret_access_key.n; i++)
        ck_assert(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                         c.secret_access_key.p[i]));
    ck_assert(str_starts(c.session_token, STR("IQoJb3JpZ2luX2Vj")));
    ck_assert_uint_ge(c.session_token.n, 300);
    ck_assert_uint_le(c.session_token.n, 1500);
    ck_assert_int_eq(c.expires_s, s.expires_s);
    call_fixture_free(f);
}
END_TEST

START_TEST(a_session_token_opens_to_its_session)
{
    struct call_fixture *f = call_fixture_new();
    struct session s = a_session(f->arena), back;
    struct creds c;
    creds_mint(&f->call, &s, &c);
    ck_assert(creds_open(f->arena, &f->service.sealing, c.session_token, &back));
    want_same_session(&back, &s);
    want_str("key", back.access_key_id, c.access_key_id);
    want_str("secret", back.secret_access_key, c.secret_access_key);
    call_fixture_free(f);
}
END_TEST

START_TEST(a_changed_session_token_does_not_open)
{
    struct call_fixture *f = call_fixture_new();
    struct session s = a_session(f->arena), back;
    struct creds c;
    creds_mint(&f->call, &s, &c);
    for (size_t i = 0; i < c.session_token.n; i++) {
        char *changed = arena_cstr(f->arena, c.session_token);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        ck_assert_msg(
            !creds_open(f->arena, &f->service.sealing, str_n(changed, c.session_token.n), &back),
            "character %zu", i);
    }
    for (size_t n = 0; n < c.session_token.n; n++)
        ck_assert_msg(
            !creds_open(f->arena, &f->service.sealing, str_sub(c.session_token, 0, n), &back),
            "%zu characters", n);
    call_fixture_free(f);
}
END_TEST

START_TEST(another_servers_session_token_does_not_open)
{
    struct call_fixture *f = call_fixture_new();
    struct session s = a_session(f->arena), back;
    struct seal_key other = f->service.sealing;
    struct creds c;
    creds_mint(&f->call, &s, &c);
    other.bytes[31] ^= 1;
    ck_assert(!creds_open(f->arena, &other, c.session_token, &back));
    ck_assert(!creds_open(f->arena, &f->service.sealing, STR("IQoJb3JpZ2luX2Vj"), &back));
    ck_assert(!creds_open(f->arena, &f->service.sealing, STR("not base64 at all"), &back));
    call_fixture_free(f);
}
END_TEST

/* The same bytes sealed for another purpose under the same key are no session token. */
START_TEST(what_was_sealed_for_something_else_does_not_open)
{
    struct call_fixture *f = call_fixture_new();
    struct session s = a_session(f->arena), back;
    struct str sealed = seal(f->arena, &f->service.sealing, &f->entropy,
                             session_write(f->arena, &s), STR("something else"));
    char *bytes = arena_alloc(f->arena, 12 + sealed.n);
    memcpy(bytes, "!\n\torigin_ec", 12);
    memcpy(bytes + 12, sealed.p, sealed.n);
    ck_assert(!creds_open(f->arena, &f->service.sealing,
                          base64_write(f->arena, str_n(bytes, 12 + sealed.n)), &back));
    call_fixture_free(f);
}
END_TEST

START_TEST(a_thousand_credentials_are_distinct)
{
    enum { N = 1000 };
    struct call_fixture *f = call_fixture_new();
    struct session s = a_session(f->arena);
    struct map seen = map_new(f->arena);
    for (int i = 0; i < N; i++) {
        struct creds c;
        creds_mint(&f->call, &s, &c);
        map_put(&seen, c.access_key_id, &s);
        map_put(&seen, c.secret_access_key, &s);
        map_put(&seen, c.session_token, &s);
    }
    ck_assert_uint_eq(seen.n, 3 * N);
    call_fixture_free(f);
}
END_TEST

Suite *creds_suite(void);

Suite *creds_suite(void)
{
    Suite *s = suite_create("creds");
    TCase *t = tcase_create("session");
    tcase_add_test(t, a_session_is_read_as_it_was_written);
    tcase_add_test(t, a_session_cut_short_is_refused);
    tcase_add_test(t, a_session_has_one_spelling);
    tcase_add_loop_test(t, bad_lengths_are_refused, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(t, another_version_is_refused);
    tcase_add_test(t, only_the_four_kinds_are_read);
    suite_add_tcase(s, t);
    t = tcase_create("creds");
    tcase_add_test(t, credentials_look_like_aws_ones);
    tcase_add_test(t, a_session_token_opens_to_its_session);
    tcase_add_test(t, a_changed_session_token_does_not_open);
    tcase_add_test(t, another_servers_session_token_does_not_open);
    tcase_add_test(t, what_was_sealed_for_something_else_does_not_open);
    tcase_add_test(t, a_thousand_credentials_are_distinct);
    suite_add_tcase(s, t);
    return s;
}
