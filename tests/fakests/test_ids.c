#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include "base/entropy.h"
#include "fakests/iam/ids.h"

static const struct {
    const char *name;
    const char *id;
    const char *account; /* NULL: it encodes none */
} cases[] = {
    { "a published temporary key tells its account", "ASIAY34FZKBOKMUTVV7A", "609629065308" },
    { "a unique id has a character more", "AROAY34FZKBOKMUTVV7AQ", "609629065308" },
    { "account 0 is all A behind the generation's Q", "ASIAQAAAAAAAAAAAAAAA", "000000000000" },
    { "the largest account has twelve nines", "ASIA6RVFFB77QAAAAAAA", "999999999999" },
    { "a larger number is no account", "ASIA6RVFFCAAAAAAAAAA", NULL },
    { "an id of the old generation encodes nothing", "AKIAIOSFODNN7EXAMPLE", NULL },
    { "the digit 1 is not of base32", "ASIAY34FZKBOKMUTVV71", NULL },
    { "lower case is not of base32", "ASIAy34fzkbokmutvv7a", NULL },
    { "a prefix is upper-case letters", "asiaY34FZKBOKMUTVV7A", NULL },
    { "nineteen characters are no id", "ASIAY34FZKBOKMUTVV7", NULL },
    { "twenty-two characters are no id", "AROAY34FZKBOKMUTVV7AQQ", NULL },
    { "a config's short key id encodes nothing", "test", NULL },
    { "nothing encodes nothing", "", NULL },
};

START_TEST(ids_tell_their_account)
{
    struct arena *a = arena_new();
    struct str account = STR("untouched");
    bool found = iam_id_account(a, guarded(str_of(cases[_i].id)), &account);
    ck_assert_msg(found == (cases[_i].account != NULL), "%s", cases[_i].name);
    want_str(cases[_i].name, account,
             cases[_i].account ? str_of(cases[_i].account) : STR("untouched"));
    arena_free(a);
}
END_TEST

static const char *const accounts[] = { "000000000000", "000000000001", "123456789012",
                                        "609629065308", "999999999999" };

START_TEST(every_account_is_read_back)
{
    struct arena *a = arena_new();
    struct entropy e;
    entropy_init_seeded(&e, 3);
    for (int i = 0; i < 200; i++) {
        uint8_t random[ID_RANDOM_BYTES];
        struct str account;
        entropy_fill(&e, random, sizeof random);
        struct str key = iam_unique_id(a, "ASIA", str_of(accounts[_i]), ID_KEY_CHARACTERS, random);
        struct str unique =
            iam_unique_id(a, "AROA", str_of(accounts[_i]), ID_UNIQUE_CHARACTERS, random);
        ck_assert_uint_eq(key.n, 20);
        ck_assert_uint_eq(unique.n, 21);
        ck_assert(iam_id_account(a, key, &account));
        want_str("key", account, str_of(accounts[_i]));
        ck_assert(iam_id_account(a, unique, &account));
        want_str("unique id", account, str_of(accounts[_i]));
    }
    arena_free(a);
}
END_TEST

START_TEST(the_documented_account_begins_as_aws_has_it)
{
    struct arena *a = arena_new();
    const uint8_t random[ID_RANDOM_BYTES] = { 0 };
    want_str(
        "key",
        str_sub(iam_unique_id(a, "ASIA", STR("123456789012"), ID_KEY_CHARACTERS, random), 0, 12),
        STR("ASIARZPUZDIK"));
    arena_free(a);
}
END_TEST

START_TEST(an_arn_always_gives_the_same_id)
{
    struct arena *a = arena_new();
    struct str one = STR("arn:aws:iam::123456789012:role/One");
    struct str two = STR("arn:aws:iam::123456789012:role/Two");
    struct str id = iam_id_of_arn(a, "AROA", STR("123456789012"), one);
    want_str("again", iam_id_of_arn(a, "AROA", STR("123456789012"), one), id);
    want_str("prefix", str_sub(id, 0, 12), STR("AROARZPUZDIK"));
    ck_assert(!str_eq(id, iam_id_of_arn(a, "AROA", STR("123456789012"), two)));
    ck_assert(!str_eq(str_sub(id, 4, 21),
                      str_sub(iam_id_of_arn(a, "AIDA", STR("999999999999"), one), 4, 21)));
    arena_free(a);
}
END_TEST

Suite *ids_suite(void);

Suite *ids_suite(void)
{
    Suite *s = suite_create("ids");
    TCase *t = tcase_create("ids");
    tcase_add_loop_test(t, ids_tell_their_account, 0, sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(t, every_account_is_read_back, 0, sizeof accounts / sizeof accounts[0]);
    tcase_add_test(t, the_documented_account_begins_as_aws_has_it);
    tcase_add_test(t, an_arn_always_gives_the_same_id);
    suite_add_tcase(s, t);
    return s;
}
