#include "tests/fakests/actions/sts_world.h"

/* Encoded authorization messages, and DecodeAuthorizationMessage. */

/* clang-format off */
static const char config[] =
    "{'users':["
    "{'name':'ann','policies':{'sts':" ALLOW("'sts:*'", "*") "}},"
    "{'name':'bob','id':'AIDARZPUZDIKBOB000001'},"
    "{'name':'carl','policies':{'never':{" VERSION ",'Statement':{'Effect':'Deny','Action':'*',"
      "'Resource':'*'}}}}],"
    "'credentials':[{'access_key_id':'test','secret_access_key':'test'},"
      KEY("AKIAANN", "ann") "," KEY("AKIABOB", "bob") "," KEY("AKIACARL", "carl") "],"
    "'roles':[" ROLE("r", TRUST(USER_ARN(A, "ann"), ALL, ""), "") "]}";
/* clang-format on */

/* "" when it has none. */
static struct str message_of(const struct iam_fixture_reply *r)
{
    return r->authorization_message;
}

static struct iam_fixture_reply decode(struct iam_fixture *f, const struct iam_fixture_key *as,
                                       struct str message)
{
    return iam_fixture_call(f, SERVICE_STS, as, "Action=DecodeAuthorizationMessage",
                            arena_join(f->arena, STR("EncodedMessage="), message).p, NULL);
}

static struct iam_fixture_reply get_role(struct iam_fixture *f, const char *key)
{
    struct iam_fixture_key as = sts_world_key(f, key);
    return iam_fixture_call(f, SERVICE_IAM, &as, "Action=GetRole", "RoleName=r", NULL);
}

static json_t *decoded(struct iam_fixture *f, struct str message)
{
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply r = decode(f, &ann, message);
    iam_fixture_want(&r, "decode", 200, "", NULL);
    struct str text = iam_fixture_text(&r, "DecodeAuthorizationMessageResult/DecodedMessage");
    json_t *o = json_loadb(text.p, text.n, 0, NULL);
    ck_assert_msg(o != NULL, "%.*s", STR_ARG(text));
    return json_keep(f->arena, o);
}

static void want_json(struct iam_fixture *f, const char *what, const json_t *got,
                      const char *wanted)
{
    want_str(what, got ? json_text(f->arena, got) : STR("nothing"), str_of(wanted));
}

static json_t *condition(json_t *message, const char *key)
{
    json_t *all = json_object_get(
               json_object_get(json_object_get(message, "context"), "conditions"), "items"),
           *one;
    size_t i;
    json_array_foreach(all, i, one)
    {
        if (str_eq_nocase(json_str(json_object_get(one, "key")), str_of(key)))
            return json_object_get(one, "values");
    }
    return NULL;
}

START_TEST(a_refusal_says_why_in_a_message)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_reply r = get_role(f, "AKIABOB");
    iam_fixture_want(&r, "bob", 403, "AccessDenied", NULL);
    json_t *m = decoded(f, message_of(&r)), *context = json_object_get(m, "context");
    want_json(f, "allowed", json_object_get(m, "allowed"), "false");
    want_json(f, "explicitDeny", json_object_get(m, "explicitDeny"), "false");
    want_json(f, "matchedStatements", json_object_get(m, "matchedStatements"), "{\"items\":[]}");
    want_json(f, "failures", json_object_get(m, "failures"), "{\"items\":[]}");
    want_json(
        f, "principal", json_object_get(context, "principal"),
        "{\"id\":\"AIDARZPUZDIKBOB000001\",\"name\":\"bob\",\"arn\":\"" USER_ARN(A, "bob") "\"}");
    want_json(f, "action", json_object_get(context, "action"), "\"iam:GetRole\"");
    want_json(f, "resource", json_object_get(context, "resource"), "\"" ROLE_ARN(A, "r") "\"");
    want_json(f, "a condition key", condition(m, "aws:PrincipalArn"),
              "{\"items\":[{\"value\":\"" USER_ARN(A, "bob") "\"}]}");
    ck_assert(condition(m, "aws:PrincipalTag/none") == NULL);
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_message_tells_an_explicit_deny)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_reply r = get_role(f, "AKIACARL");
    want_json(f, "explicitDeny", json_object_get(decoded(f, message_of(&r)), "explicitDeny"),
              "true");
    iam_fixture_free(f);
}
END_TEST

START_TEST(only_refusals_by_policies_have_one)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=GetRole", "RoleName=r", NULL);
    want_str("a success", message_of(&r), STR(""));
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=GetRole", "RoleName=none",
                         NULL);
    want_str("another refusal", message_of(&r), STR(""));
    r = iam_fixture_call(f, SERVICE_IAM, NULL, "Action=GetRole", "RoleName=r", NULL);
    want_str("an unsigned request", message_of(&r), STR(""));
    iam_fixture_free(f);
}
END_TEST

START_TEST(decoding_wants_its_permission)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_reply denied = get_role(f, "AKIABOB");
    struct iam_fixture_key bob = sts_world_key(f, "AKIABOB");
    struct iam_fixture_reply r = decode(f, &bob, message_of(&denied));
    iam_fixture_want(
        &r, "bob", 403, "AccessDenied",
        "User: " USER_ARN(
            A, "bob") " is not authorized to perform: "
                      "sts:DecodeAuthorizationMessage because no identity-based policy allows the "
                      "sts:DecodeAuthorizationMessage action");
    r = decode(f, &iam_fixture_root, message_of(&denied));
    iam_fixture_want(&r, "the root", 200, "", NULL);
    iam_fixture_free(f);
}
END_TEST

START_TEST(what_this_server_did_not_seal_is_refused)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    struct iam_fixture_reply denied = get_role(f, "AKIABOB"), r;
    struct str message = message_of(&denied);
    char *changed = arena_cstr(f->arena, message);
    changed[message.n / 2] = changed[message.n / 2] == 'A' ? 'B' : 'A';
    struct iam_fixture_reply session =
        iam_fixture_call(f, SERVICE_STS, &ann, "Action=GetSessionToken", NULL);
    const struct {
        const char *name;
        struct str text;
    } rows[] = {
        { "a changed message", str_n(changed, message.n) },
        { "half of one", str_sub(message, 0, message.n / 2) },
        { "one with a line break", arena_join(f->arena, message, STR("\n")) },
        { "no base64url", STR("!!!") },
        { "what was sealed for something else", iam_fixture_credentials(&session).session_token },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        r = decode(f, &ann, rows[i].text);
        iam_fixture_want(&r, rows[i].name, 400, "InvalidAuthorizationMessageException",
                         "Message is not valid");
    }
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_message_has_its_limits)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key ann = sts_world_key(f, "AKIAANN");
    char *text = arena_alloc(f->arena, 10241);
    memset(text, 'A', 10241);
    struct iam_fixture_reply r = decode(f, &ann, str_n(text, 10240));
    iam_fixture_want(&r, "the longest", 400, "InvalidAuthorizationMessageException", NULL);
    r = decode(f, &ann, str_n(text, 10241));
    iam_fixture_want(&r, "a character more", 400, "ValidationError", NULL);
    r = iam_fixture_call(f, SERVICE_STS, &ann, "Action=DecodeAuthorizationMessage", NULL);
    iam_fixture_want(&r, "none", 400, "ValidationError",
                     "1 validation error detected: Value null at 'encodedMessage' failed to "
                     "satisfy constraint: Member must not be null");
    iam_fixture_free(f);
}
END_TEST

/* Condition keys may be longer than a message: then there is none. */
START_TEST(a_message_over_the_maximum_is_left_out)
{
    struct iam_fixture *f = sts_world_new(config, "");
    struct iam_fixture_key bob = sts_world_key(f, "AKIABOB");
    const char *parameters[130] = { "Action=CreateRole", "RoleName=new",
                                    "AssumeRolePolicyDocument={}" };
    size_t at = 3;
    for (size_t i = 1; i <= 50; i++) {
        parameters[at++] = arena_printf(f->arena, "Tags.member.%zu.Key=%0128zu", i, i).p;
        parameters[at++] = arena_printf(f->arena, "Tags.member.%zu.Value=%0256zu", i, i).p;
    }
    parameters[at] = NULL;
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_IAM, &bob, parameters);
    iam_fixture_want(&r, "bob", 403, "AccessDenied", NULL);
    want_str("no message", message_of(&r), STR(""));
    iam_fixture_free(f);
}
END_TEST

Suite *authorization_message_suite(void);

Suite *authorization_message_suite(void)
{
    Suite *s = suite_create("authorization_message");
    TCase *t = tcase_create("messages");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_refusal_says_why_in_a_message);
    tcase_add_test(t, a_message_tells_an_explicit_deny);
    tcase_add_test(t, only_refusals_by_policies_have_one);
    tcase_add_test(t, decoding_wants_its_permission);
    tcase_add_test(t, what_this_server_did_not_seal_is_refused);
    tcase_add_test(t, a_message_has_its_limits);
    tcase_add_test(t, a_message_over_the_maximum_is_left_out);
    suite_add_tcase(s, t);
    return s;
}
