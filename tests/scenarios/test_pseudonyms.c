#include "scenarios/pseudonyms.h"
#include "tests/support/runner.h"

/* Who can be recognised in a scenario, and who stands in. */

static struct arena *a;

static void set_up(void)
{
    a = arena_new();
}

static void tear_down(void)
{
    arena_free(a);
}

static struct str put(const char *text)
{
    json_t *v = json_keep(a, json_loads(text, JSON_DECODE_ANY, NULL));
    ck_assert_msg(v != NULL, "%s", text);
    struct str before = json_text(a, v), after = json_text(a, pseudonyms_put(a, v));
    want_str("the scenario itself", json_text(a, v), before);
    return after;
}

#define UUID  "dabad1c2-62eb-48a6-87ab-fc6ae6589281"
#define UUID1 "00000000-0000-0000-0000-000000000001"
#define UUID2 "00000000-0000-0000-0000-000000000002"

static const struct {
    const char *name, *text, *wanted;
} rows[] = {
    /* addresses */
    { "an e-mail address", "\"jane.doe+ci@example.org\"", "\"user1@example.com\"" },
    { "the same one again, another, the same", "[\"a@b.co\",\"c@b.co\",\"a@b.co\"]",
      "[\"user1@example.com\",\"user2@example.com\",\"user1@example.com\"]" },
    { "within a text", "\"user:a@b.co/x, <a@b.co>.\"",
      "\"user:user1@example.com/x, <user1@example.com>.\"" },
    { "the dot behind it is no part of it", "\"write to a@b.co.\"",
      "\"write to user1@example.com.\"" },
    { "with digits in its domain", "\"a@mail1.b-c.co.uk\"", "\"user1@example.com\"" },
    { "a domain has a dot", "\"a@b\"", "\"a@b\"" },
    { "and an address a name", "\"@b.co\"", "\"@b.co\"" },
    { "a session may be called by it", "{\"RoleSessionName\":\"a_b@c.io\"}",
      "{\"RoleSessionName\":\"user1@example.com\"}" },

    /* UUIDs */
    { "a UUID stays a UUID", "\"" UUID "\"", "\"" UUID1 "\"" },
    { "within a text", "\"org/" UUID "/project/" UUID "\"", "\"org/" UUID1 "/project/" UUID1 "\"" },
    { "one of capitals is another", "[\"" UUID "\",\"DABAD1C2-62EB-48A6-87AB-FC6AE6589281\"]",
      "[\"" UUID1 "\",\"" UUID2 "\"]" },
    { "one of digits alone", "\"12345678-1234-1234-1234-123456789012\"",
      "\"10000000-0000-0000-0000-000000000001\"" },

    /* numbers */
    { "an account in an ARN", "\"arn:aws:iam::210987654321:role/deploy\"",
      "\"arn:aws:iam::100000000001:role/deploy\"" },
    { "one with a zero in front keeps twelve digits", "\"012345678901\"", "\"100000000001\"" },
    { "in keys too", "{\"210987654321\":{\"a\":\"210987654321\"}}",
      "{\"100000000001\":{\"a\":\"100000000001\"}}" },
    { "a number and its text are the same", "{\"repository_id\":74123456,\"sub\":\"r:74123456\"}",
      "{\"repository_id\":10000001,\"sub\":\"r:10000001\"}" },
    { "five digits are an id", "\"run 12345\"", "\"run 10001\"" },
    { "four are a year, or a port", "\"2024 localhost:4580\"", "\"2024 localhost:4580\"" },
    { "a fraction is none", "[1234567.5,true,null]", "[1234567.5,true,null]" },

    /* opaque ids */
    { "an id of letters and digits", "\"tea-csps46i3esus73eojjp0\"",
      "\"tea-id000000000000000001\"" },
    { "one that begins with a digit", "\"0123456789abcdef\"", "\"0000000000000001\"" },
    { "a name has no digits", "\"internationalization\"", "\"internationalization\"" },
    { "or is short", "\"sha256 amd64 oauth2 build17\"", "\"sha256 amd64 oauth2 build17\"" },

    /* what stays */
    { "names that people chose", "\"repo:octo-org/octo-repo:ref:refs/heads/main\"",
      "\"repo:octo-org/octo-repo:ref:refs/heads/main\"" },
    { "hosts", "\"https://token.actions.githubusercontent.com\"",
      "\"https://token.actions.githubusercontent.com\"" },
    { "the version of a policy", "{\"Version\":\"2012-10-17\"}", "{\"Version\":\"2012-10-17\"}" },
    { "a time", "{\"clock\":\"2026-09-11T12:00:00.123456Z\"}",
      "{\"clock\":\"2026-09-11T12:00:00.123456Z\"}" },
    { "but not what begins with one", "\"2026-09-11 by a@b.co\"",
      "\"2026-09-11 by user1@example.com\"" },
    { "times of claims", "{\"iat\":1789128000,\"exp\":1789131600,\"nbf\":1789128000}",
      "{\"iat\":1789128000,\"exp\":1789131600,\"nbf\":1789128000}" },
    { "durations", "{\"DurationSeconds\":\"43201\",\"max_session_duration\":43200}",
      "{\"DurationSeconds\":\"43201\",\"max_session_duration\":43200}" },

    { "keys that an issuer publishes",
      "{\"kid\":\"lIGUNlla3PoKqm4Xj3ZJ\",\"keys\":{\"jwks\":{\"keys\":[{\"n\":"
      "\"lIGUNlla3PoKqm4Xj3ZJ\"}]}}}",
      "{\"kid\":\"lIGUNlla3PoKqm4Xj3ZJ\",\"keys\":{\"jwks\":{\"keys\":[{\"n\":"
      "\"lIGUNlla3PoKqm4Xj3ZJ\"}]}}}" },

    /* messages */
    { "a message's bounds are AWS's", "{\"x\":\"54321\",\"message\":\"54321 is more than 43200\"}",
      "{\"x\":\"10001\",\"message\":\"10001 is more than 43200\"}" },
    { "also where it comes first", "{\"message\":\"54321 is more than 43200\",\"x\":\"54321\"}",
      "{\"message\":\"10001 is more than 43200\",\"x\":\"10001\"}" },
    { "and so are its times",
      "{\"iat\":1789128000,\"message\":\"Token expired: 1789131600 must be after 1789128000\"}",
      "{\"iat\":1789128000,\"message\":\"Token expired: 1789131600 must be after 1789128000\"}" },
    { "but not whom it names", "{\"message\":\"a@b.co and " UUID "\"}",
      "{\"message\":\"user1@example.com and 00000000-0000-0000-0000-000000000002\"}" },
    { "whatever is like it",
      "{\"message\":{\"like\":\"of 210987654321*\"},\"account\":\"210987654321\"}",
      "{\"message\":{\"like\":\"of 100000000001*\"},\"account\":\"100000000001\"}" },
};

START_TEST(whom_a_text_names_is_replaced)
{
    want_str(rows[_i].name, put(rows[_i].text), str_of(rows[_i].wanted));
}
END_TEST

/* Two that differ stay two, however many there are. */
START_TEST(a_thousand_stay_a_thousand)
{
    json_t *list = json_keep(a, json_array()), *seen = json_keep(a, json_object());
    for (int i = 0; i < 1000; i++) {
        json_array_append_new(list, json_of(arena_printf(a, "%05d", 20000 + i)));
        json_array_append_new(list, json_of(arena_printf(a, "abcdefgh%012d", i)));
        json_array_append_new(list, json_of(arena_printf(a, "u%d@a.co", i)));
    }
    const json_t *put_ = pseudonyms_put(a, list);
    for (size_t i = 0; i < json_array_size(put_); i++) {
        struct str from = json_str(json_array_get(list, i)), to = json_str(json_array_get(put_, i));
        WANT(!str_eq(from, to) && (i % 3 == 2 || from.n == to.n), "%.*s became %.*s", STR_ARG(from),
             STR_ARG(to));
        json_object_set_new(seen, to.p, json_true());
    }
    ck_assert_uint_eq(json_object_size(seen), 3000);
}
END_TEST

START_TEST(it_is_the_same_each_time)
{
    const char *text = "{\"a\":\"" UUID " a@b.co\",\"b\":[\"210987654321\",74123456]}";
    want_str("again", put(text), put(text));
}
END_TEST

Suite *pseudonyms_suite(void);

Suite *pseudonyms_suite(void)
{
    Suite *s = suite_create("scenarios/pseudonyms");
    TCase *t = tcase_create("pseudonyms");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, whom_a_text_names_is_replaced, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, a_thousand_stay_a_thousand);
    tcase_add_test(t, it_is_the_same_each_time);
    suite_add_tcase(s, t);
    return s;
}
