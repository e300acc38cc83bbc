#include "tests/fakests/call_fixture.h"
#include "tests/support/runner.h"

#include "fakests/action.h"

static const struct {
    const char *name;
    enum service service;
    const char *action;
    bool found, is_signed;
} actions[] = {
    { "a web identity needs no signature", SERVICE_STS, "AssumeRoleWithWebIdentity", true, false },
    { "a caller's identity does", SERVICE_STS, "GetCallerIdentity", true, true },
    { "so does an access key's account", SERVICE_STS, "GetAccessKeyInfo", true, true },
    { "STS's actions are not IAM's", SERVICE_IAM, "GetCallerIdentity", false, false },
    { "names are case-sensitive", SERVICE_STS, "getCallerIdentity", false, false },
    { "a beginning is no name", SERVICE_STS, "GetCaller", false, false },
    { "nothing is no name", SERVICE_STS, "", false, false },
};

START_TEST(actions_are_found_by_name)
{
    const struct action *found = action_find(actions[_i].service, str_of(actions[_i].action));
    ck_assert_msg((found != NULL) == actions[_i].found, "%s", actions[_i].name);
    if (found)
        ck_assert_msg(found->signed_ == actions[_i].is_signed, "%s", actions[_i].name);
}
END_TEST

#define REPLY(action, inside)                                                    \
    "<" action "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n" \
    "  <" action "Result>\n" inside "  </" action "Result>\n"                    \
    "  <ResponseMetadata>\n"                                                     \
    "    <RequestId>00000000-0000-4000-8000-000000000000</RequestId>\n"          \
    "  </ResponseMetadata>\n"                                                    \
    "</" action "Response>\n"

static struct outcome run(const char *name, struct call_fixture *f, struct str *document)
{
    return action_find(SERVICE_STS, str_of(name))->run(&f->call, document);
}

START_TEST(a_caller_is_told_in_the_live_order)
{
    struct call_fixture *f = call_fixture_new();
    struct str document;
    f->call.caller = (struct caller){ .account = STR(FIXTURE_ACCOUNT),
                                      .arn = STR("arn:aws:sts::123456789012:assumed-role/R/s"),
                                      .user_id = STR("AROARZPUZDIKAAAAAAAAA:s") };
    ck_assert(!failed(run("GetCallerIdentity", f, &document)));
    want_str(
        "document", document,
        STR(REPLY("GetCallerIdentity", "    <Arn>arn:aws:sts::123456789012:assumed-role/R/s</Arn>\n"
                                       "    <UserId>AROARZPUZDIKAAAAAAAAA:s</UserId>\n"
                                       "    <Account>123456789012</Account>\n")));
    call_fixture_free(f);
}
END_TEST

static const struct {
    const char *name;
    const char *key;
    const char *account; /* NULL: refused with */
    enum fault fault;
} keys[] = {
    { "a configured key has its account, however short", "test", FIXTURE_ACCOUNT, FAULT_NONE },
    { "a user's key has its account", FIXTURE_ALICE_KEY, FIXTURE_ACCOUNT, FAULT_NONE },
    { "a temporary key encodes its account", "ASIAY34FZKBOKMUTVV7A", "609629065308", FAULT_NONE },
    { "a long-term key does, too", "AKIAY34FZKBOKMUTVV7A", "609629065308", FAULT_NONE },
    { "a role's id is no access key", "AROAY34FZKBOKMUTVV7A", NULL, FAULT_ACCESS_KEY_UNKNOWN },
    { "a key of the old generation is unknown", "AKIAIOSFODNN7EXAMPLE", NULL,
      FAULT_ACCESS_KEY_UNKNOWN },
    { "a short key nobody configured breaks the limit", "AKIA", NULL, FAULT_PARAMETER_INVALID },
    { "a key consists of word characters", "AKIA-OSFODNN7EXAMPLE", NULL, FAULT_PARAMETER_INVALID },
};

START_TEST(keys_tell_their_account)
{
    struct call_fixture *f = call_fixture_new();
    struct form_field field = { STR("AccessKeyId"), str_of(keys[_i].key) };
    struct str document = STR("");
    f->form = (struct form){ &field, 1 };
    struct outcome o = run("GetAccessKeyInfo", f, &document);
    ck_assert_msg(o.fault == keys[_i].fault, "%s: fault %d", keys[_i].name, o.fault);
    if (keys[_i].account) {
        struct str inside = arena_printf(f->arena, "    <Account>%s</Account>\n", keys[_i].account);
        ck_assert_msg(str_contains(document, inside), "%s", keys[_i].name);
    }
    call_fixture_free(f);
}
END_TEST

START_TEST(a_key_is_required)
{
    struct call_fixture *f = call_fixture_new();
    struct str document;
    ck_assert(run("GetAccessKeyInfo", f, &document).fault == FAULT_PARAMETER_INVALID);
    want_str("message", f->why.arg[0],
             STR("1 validation error detected: Value null at 'accessKeyId' failed to satisfy "
                 "constraint: Member must not be null"));
    call_fixture_free(f);
}
END_TEST

Suite *identity_suite(void);

Suite *identity_suite(void)
{
    Suite *s = suite_create("identity");
    TCase *t = tcase_create("identity");
    tcase_add_loop_test(t, actions_are_found_by_name, 0, sizeof actions / sizeof actions[0]);
    tcase_add_test(t, a_caller_is_told_in_the_live_order);
    tcase_add_loop_test(t, keys_tell_their_account, 0, sizeof keys / sizeof keys[0]);
    tcase_add_test(t, a_key_is_required);
    suite_add_tcase(s, t);
    return s;
}
