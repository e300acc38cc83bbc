#include "cli/exec_role.h"

#include "base/text.h"
#include "tests/support/runner.h"

/* The roles of the world, in config order; the default account is 111111111111. */
static const struct {
    const char *account, *name, *trusts, *action;
} roles[] = {
    { "111111111111", "Other", "b.example.com", "sts:AssumeRoleWithWebIdentity" },
    { "111111111111", "Tags", "a.example.com", "sts:TagSession" },
    { "111111111111", "First", "a.example.com", "sts:AssumeRoleWithWebIdentity" },
    { "111111111111", "Second", "a.example.com", "sts:AssumeRoleWithWebIdentity" },
    { "111111111111", "Slash", "slash.example.com/", "sts:AssumeRoleWithWebIdentity" },
    { "222222222222", "Far", "far.example.com", "sts:AssumeRoleWithWebIdentity" },
};

static void add_roles(struct text *t, const char *account)
{
    const char *comma = "";
    text_put(t, STR("\"roles\":["));
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (strcmp(roles[i].account, account) != 0)
            continue;
        text_printf(t,
                    "%s{\"name\":\"%s\",\"trust_policy\":{\"Version\":\"2012-10-17\",\"Statement\":"
                    "[{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Principal\":{\"Federated\":"
                    "\"arn:aws:iam::%s:oidc-provider/%s\"}}]}}",
                    comma, roles[i].name, roles[i].action, account, roles[i].trusts);
        comma = ",";
    }
    text_putc(t, ']');
}

static struct config *world(struct arena *a)
{
    struct why why = why_new(a);
    struct text t = text_new(a, 16384);
    struct config *config = NULL;

    text_put(&t, STR("{\"account\":\"111111111111\","));
    add_roles(&t, "111111111111");
    text_put(&t, STR(",\"accounts\":{\"222222222222\":{"));
    add_roles(&t, "222222222222");
    text_put(&t, STR("}}}"));
    const struct config_source source = { .name = STR("c.json"), .text = text_str(&t) };
    struct outcome o = config_read(a, &why, &source, &config);
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(why_text(&why)));
    return config;
}

static const struct {
    const char *name;
    const char *role, *override, *issuer;
    const char *arn;     /* NULL: refused */
    const char *because; /* a part of it */
} cases[] = {
    { "the first role that trusts the issuer is taken", NULL, NULL, "https://a.example.com",
      "arn:aws:iam::111111111111:role/First", "first role that trusts https://a.example.com" },
    { "another issuer has another role", NULL, NULL, "https://b.example.com",
      "arn:aws:iam::111111111111:role/Other", "b.example.com" },
    { "the final slash of an issuer counts", NULL, NULL, "https://slash.example.com/",
      "arn:aws:iam::111111111111:role/Slash", "slash.example.com/" },
    { "without the slash nobody trusts it", NULL, NULL, "https://slash.example.com", NULL, NULL },
    { "roles of other accounts come after those of the default one", NULL, NULL,
      "https://far.example.com", "arn:aws:iam::222222222222:role/Far", "far.example.com" },
    { "an issuer that nobody trusts has no role", NULL, NULL, "https://c.example.com", NULL, NULL },
    { "an issuer without https has none", NULL, NULL, "http://a.example.com", NULL, NULL },
    { "a token without issuer has none", NULL, NULL, "", NULL, NULL },
    { "--role goes before everything", "Second", "Other", "https://a.example.com",
      "arn:aws:iam::111111111111:role/Second", "" },
    { "--role may be an ARN of anywhere", "arn:aws:iam::999999999999:role/X", NULL, "",
      "arn:aws:iam::999999999999:role/X", "" },
    { "the platform's variable goes before the guess", NULL,
      "arn:aws:iam::111111111111:role/Second", "https://a.example.com",
      "arn:aws:iam::111111111111:role/Second", "from ENV0_AWS_ROLE_ARN" },
    { "an empty variable says nothing", NULL, "", "https://a.example.com",
      "arn:aws:iam::111111111111:role/First", "first role" },
    { "what is no role is left for AWS to refuse", "arn:aws:iam::1:user/x", NULL, "",
      "arn:aws:iam::1:user/x", "" },
};

static struct str given(const char *text)
{
    return text ? str_of(text) : (struct str){ 0 };
}

START_TEST(roles_are_chosen)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct exec_role role = { 0 };
    const struct exec_role_ask ask = {
        .role = given(cases[_i].role),
        .override = given(cases[_i].override),
        .override_name = STR("ENV0_AWS_ROLE_ARN"),
        .issuer = given(cases[_i].issuer),
    };
    struct outcome o = exec_role_choose(a, &why, world(a), &ask, &role);
    if (!cases[_i].arn) {
        ck_assert_msg(o.fault == FAULT_USAGE && !role.arn.p, "%s", cases[_i].name);
        ck_assert(str_contains(why.detail, STR("--role")));
    } else {
        ck_assert_msg(!failed(o), "%s: %.*s", cases[_i].name, STR_ARG(why.detail));
        want_str(cases[_i].name, role.arn, str_of(cases[_i].arn));
        ck_assert_msg(cases[_i].because[0] ? str_contains(role.because, str_of(cases[_i].because))
                                           : role.because.n == 0,
                      "%s: because \"%.*s\"", cases[_i].name, STR_ARG(role.because));
    }
    arena_free(a);
}
END_TEST

Suite *exec_role_suite(void);
Suite *exec_role_suite(void)
{
    Suite *s = suite_create("exec_role");
    TCase *t = tcase_create("exec_role");
    tcase_add_loop_test(t, roles_are_chosen, 0, sizeof cases / sizeof cases[0]);
    suite_add_tcase(s, t);
    return s;
}
