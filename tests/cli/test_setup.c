#include "cli/setup.h"

#include "cli/command.h"
#include "cli/serving.h"
#include "cli/tell.h"
#include "tests/support/runner.h"

static const struct {
    const char *name, *xdg, *home, *wanted;
} folders[] = {
    { "XDG_STATE_HOME is the place", "/state", "/home/u", "/state/understudy/keys" },
    { "else it is below HOME", NULL, "/home/u", "/home/u/.local/state/understudy/keys" },
    { "an empty XDG_STATE_HOME is none", "", "/home/u", "/home/u/.local/state/understudy/keys" },
    { "a relative XDG_STATE_HOME is none", "state", "/home/u",
      "/home/u/.local/state/understudy/keys" },
    { "without either there is no place", NULL, NULL, NULL },
    { "a relative HOME is none", NULL, "home", NULL },
};

START_TEST(keys_have_a_place)
{
    struct arena *a = arena_new();
    const char *got = setup_keys_default(a, folders[_i].xdg, folders[_i].home);
    if (!folders[_i].wanted)
        ck_assert_msg(!got, "%s: %s", folders[_i].name, got);
    else
        want_str(folders[_i].name, str_of(got), str_of(folders[_i].wanted));
    arena_free(a);
}
END_TEST

static const struct {
    const char *address;
    bool loopback;
    const char *url;
} addresses[] = {
    { "127.0.0.1", true, "http://127.0.0.1:4580" },
    { "127.9.9.9", true, "http://127.9.9.9:4580" },
    { "::1", true, "http://[::1]:4580" },
    { "0.0.0.0", false, "http://127.0.0.1:4580" },
    { "::", false, "http://[::1]:4580" },
    { "192.0.2.1", false, "http://192.0.2.1:4580" },
    { "128.0.0.1", false, "http://128.0.0.1:4580" },
    { "2001:db8::1", false, "http://[2001:db8::1]:4580" },
};

START_TEST(addresses_are_told_apart)
{
    struct arena *a = arena_new();
    ck_assert_msg(serving_is_loopback(addresses[_i].address) == addresses[_i].loopback, "%s",
                  addresses[_i].address);
    want_str(addresses[_i].address, serving_url(a, addresses[_i].address, 4580),
             str_of(addresses[_i].url));
    arena_free(a);
}
END_TEST

START_TEST(only_the_first_word_is_painted)
{
    struct arena *a = arena_new();
    want_str("plain", tell_painted(a, STR("denied  x"), false, false), STR("denied  x"));
    want_str("no", tell_painted(a, STR("denied  x"), false, true), STR("\033[31mdenied\033[0m  x"));
    want_str("yes", tell_painted(a, STR("allowed"), true, true), STR("\033[32mallowed\033[0m"));
    arena_free(a);
}
END_TEST

static const struct {
    const struct command *command;
    enum fault fault;
    int status;
} statuses[] = {
    { &cmd_assume, FAULT_TRUST_DENIED, 1 },
    { &cmd_assume, FAULT_USAGE, 2 },
    { &cmd_assume, FAULT_CONFIG_INVALID, 2 },
    { &cmd_serve, FAULT_ADDRESS_IN_USE, 3 },
    { &cmd_token, FAULT_FILE_UNWRITABLE, 3 },
    { &cmd_exec, FAULT_FILE_UNWRITABLE, 125 },
    { &cmd_exec, FAULT_USAGE, 2 },
    { &cmd_exec, FAULT_PEER_REFUSED, 1 },
};

START_TEST(refusals_have_their_status)
{
    ck_assert_int_eq(command_status(statuses[_i].command, statuses[_i].fault), statuses[_i].status);
}
END_TEST

Suite *setup_suite(void);
Suite *setup_suite(void)
{
    Suite *s = suite_create("setup");
    TCase *t = tcase_create("setup");
    tcase_add_loop_test(t, keys_have_a_place, 0, sizeof folders / sizeof folders[0]);
    tcase_add_loop_test(t, addresses_are_told_apart, 0, sizeof addresses / sizeof addresses[0]);
    tcase_add_test(t, only_the_first_word_is_painted);
    tcase_add_loop_test(t, refusals_have_their_status, 0, sizeof statuses / sizeof statuses[0]);
    suite_add_tcase(s, t);
    return s;
}
