#include "cli/exec_role.h"

#include "tests/support/runner.h"

#define TRUST(account, url, action)                                                    \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{" \
    "\"Federated\":"                                                                   \
    "\"arn:aws:iam::" account ":oidc-provider/" url "\"},\"Action\":\"" action "\"}]}"
#define ROLE(name, trust) "{\"name\":\"" name "\",\"trust_policy\":" trust "}"
#define AWWI              "sts:AssumeRoleWithWebIdentity"

static const char config_text[] =
    "{\"account\":\"111111111111\",\"roles\":[" ROLE("Other", TRUST("111111111111", "b.example.com", AWWI)) "," ROLE(
        "Tags",
        TRUST(
            "111111111111", "a.example.com",
            "sts:TagSession")) "," ROLE("First",
                                        TRUST(
                                            "111111111111", "a.example.com",
                                            AWWI)) "," ROLE("Second",
                                                            TRUST(
                                                                "111111111111", "a.example.com",
                                                                "sts:*")) "," ROLE("Slash",
                                                                                   TRUST(
                                                                                       "11111111111"
                                                                                       "1",
                                                                                       "slash."
                                                                                       "example."
                                                                                       "com/",
                                                                                       AWWI)) "],"
                                                                                              "\"ac"
                                                                                              "coun"
                                                                                              "ts\""
                                                                                              ":{"
                                                                                              "\"22"
                                                                                              "2222"
                                                                                              "2222"
                                                                                              "22\""
                                                                                              ":{"
                                                                                              "\"ro"
                                                                                              "les"
                                                                                              "\":"
                                                                                              "[" ROLE(
                                                                                                  "Far",
                                                                                                  TRUST(
                                                                                                      "222222222222",
                                                                                                      "far.example.com",
                                                                                                      AWWI)) "]}}}";

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
    struct config *config;
    struct exec_role role = { 0 };
    const struct exec_role_ask ask = {
        .role = given(cases[_i].role),
        .override = given(cases[_i].override),
        .override_name = STR("ENV0_AWS_ROLE_ARN"),
        .issuer = given(cases[_i].issuer),
    };
    struct outcome o = config_read(a, &why, STR("c.json"), str_of(config_text), true, &config);
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(why_text(&why)));
    o = exec_role_choose(a, &why, config, &ask, &role);
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
