#include "scenarios/config.h"
#include "tests/support/runner.h"

/* Every mistake in a config is refused with its place; nothing is ignored. */

#define POLICY                                                                        \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{" \
    "\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/x\"},"                   \
    "\"Action\":\"sts:AssumeRoleWithWebIdentity\"}}"

#define GITHUB "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
#define GITHUB_AUD_ONLY                                                               \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{" \
    "\"Federated\":\"" GITHUB "\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\","     \
    "\"Condition\":{\"StringEquals\":{\"token.actions.githubusercontent.com:aud\":"   \
    "\"sts.amazonaws.com\"}}}}"
#define GITHUB_MUST_EVALUATE                                                             \
    "Trust policy with trusted principal " GITHUB " must evaluate, using StringEquals, " \
    "StringLike or StringEqualsIgnoreCase, token.actions.githubusercontent.com:sub or "  \
    "token.actions.githubusercontent.com:job_workflow_ref which is not scoped to all."

static const struct refusal {
    const char *name, *text, *place, *says;
} refusals[] = {
    { "not JSON", "{\"account\":}", "c.json:1:12", "not valid JSON" },
    { "nothing at all", "", "c.json:1:1", "not valid JSON" },
    { "a list is no config", "[]", "c.json:1:1: $", "expected an object" },
    { "an unknown member is named", "{\n  \"rolls\": []\n}", "c.json:2:12: $.rolls",
      "unknown member \"rolls\"" },
    { "a duplicate member is refused", "{\"roles\":[],\"roles\":[]}", "c.json:1:19",
      "duplicate object key" },
    { "an account id has twelve digits", "{\"account\":\"12345\"}", "c.json:1:12: $.account",
      "twelve decimal digits" },
    { "a region is a name", "{\"region\":\"US East\"}", "c.json:1:11: $.region", "lower-case" },
    { "a dialect is one of two", "{\"dialect\":\"old\"}", "c.json:1:12: $.dialect", "\"classic\"" },
    { "a provider's URL is https", "{\"oidc_providers\":[{\"url\":\"http://x\"}]}",
      "c.json:1:27: $.oidc_providers[0].url", "begins with https://" },
    { "a provider's URL has no query", "{\"oidc_providers\":[{\"url\":\"https://x?y\"}]}",
      "c.json:1:27: $.oidc_providers[0].url", "without query" },
    { "a provider without URL", "{\"oidc_providers\":[{}]}", "c.json:1:20: $.oidc_providers[0]",
      "\"url\" is missing" },
    { "two providers of one URL",
      "{\"oidc_providers\":[{\"url\":\"https://x\"},{\"url\":\"https://x:443\"}]}",
      "c.json:1:40: $.oidc_providers[1]", "already" },
    { "six thumbprints are one too many",
      "{\"oidc_providers\":[{\"url\":\"https://"
      "x\",\"thumbprints\":[\"\",\"\",\"\",\"\",\"\",\"\"]}]}",
      "c.json:1:53: $.oidc_providers[0].thumbprints", "at most 5" },
    { "keys are local or a set",
      "{\"oidc_providers\":[{\"url\":\"https://x\",\"keys\":\"lokal\"}]}",
      "c.json:1:46: $.oidc_providers[0].keys", "expected \"local\"" },
    { "a key set is an object with keys",
      "{\"oidc_providers\":[{\"url\":\"https://x\",\"keys\":{\"jwks\":[]}}]}",
      "c.json:1:54: $.oidc_providers[0].keys.jwks", "" },
    { "a role needs a trust policy", "{\"roles\":[{\"name\":\"r\"}]}", "c.json:1:11: $.roles[0]",
      "\"trust_policy\" is missing" },
    { "a role's name has a pattern", "{\"roles\":[{\"name\":\"a b\",\"trust_policy\":" POLICY "}]}",
      "c.json:1:19: $.roles[0].name", "A-Z" },
    { "a role's path ends in a slash",
      "{\"roles\":[{\"name\":\"r\",\"path\":\"/ci\",\"trust_policy\":" POLICY "}]}",
      "c.json:1:30: $.roles[0].path", "slashes" },
    { "role names differ in more than case",
      "{\"roles\":[{\"name\":\"r\",\"trust_policy\":" POLICY
      "},{\"name\":\"R\",\"trust_policy\":" POLICY "}]}",
      NULL, "already" },
    { "a maximum session has bounds",
      "{\"roles\":[{\"name\":\"r\",\"max_session_duration\":60,\"trust_policy\":" POLICY "}]}",
      "c.json:1:46: $.roles[0].max_session_duration", "3600 to 43200" },
    { "a misspelt operator is named",
      "{\"roles\":[{\"name\":\"r\",\"trust_policy\":{\"Version\":\"2012-10-17\",\"Statement\":{"
      "\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRoleWithWebIdentity\","
      "\"Condition\":{\"StringLikes\":{\"a:b\":\"c\"}}}}}]}",
      NULL, "StringLike" },
    { "a trust policy that IAM would not save is refused with IAM's words",
      "{\"roles\":[{\"name\":\"r\",\"trust_policy\":" GITHUB_AUD_ONLY "}]}",
      "c.json:1:249: $.roles[0].trust_policy.Statement.Condition",
      "IAM refuses this trust policy: \"" GITHUB_MUST_EVALUATE "\"" },
    { "... and where a role's time is not given it is made now",
      "{\"roles\":[{\"name\":\"r\",\"created\":\"2025-06-01T00:00:00Z\",\"trust_"
      "policy\":" GITHUB_AUD_ONLY "}]}",
      NULL, GITHUB_MUST_EVALUATE },
    { "a misspelt action is refused, and the right one named",
      "{\"roles\":[{\"name\":\"r\",\"trust_policy\":{\"Statement\":{\"Effect\":\"Allow\","
      "\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"sts:AssumeRoles\"}}}]}",
      "c.json:1:113: $.roles[0].trust_policy.Statement.Action",
      "\"AssumeRole policy may only specify STS AssumeRole actions.\" (\"sts:AssumeRoles\"" },
    { "an old role's policy has to be grammatical",
      "{\"roles\":[{\"name\":\"r\",\"created\":\"2019-01-01T00:00:00Z\",\"trust_policy\":"
      "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\"}}}]}",
      "c.json:1:84: $.roles[0].trust_policy.Statement", "\"Missing required field Principal\"" },
    { "an old role's policy may name no other actions",
      "{\"roles\":[{\"name\":\"r\",\"created\":\"2019-01-01T00:00:00Z\",\"trust_policy\":"
      "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},"
      "\"Action\":\"s3:GetObject\"}}}]}",
      NULL, "\"AssumeRole policy may only specify STS AssumeRole actions.\"" },
    { "an attached policy is an ARN",
      "{\"roles\":[{\"name\":\"r\",\"attached_policies\":[\"x\"],\"trust_policy\":" POLICY "}]}",
      "c.json:1:44: $.roles[0].attached_policies[0]", "ARN" },
    { "accounts are ids", "{\"accounts\":{\"me\":{}}}", "c.json:1:19: $.accounts.me", "twelve" },
    { "an access key id is used once",
      "{\"credentials\":[{\"access_key_id\":\"a\",\"secret_access_key\":\"b\"},"
      "{\"access_key_id\":\"a\",\"secret_access_key\":\"c\"}]}",
      "c.json:1:80: $.credentials[1].access_key_id", "taken" },
    { "an issuer's alg is known", "{\"issuers\":[{\"url\":\"https://x\",\"alg\":\"HS256\"}]}",
      "c.json:1:38: $.issuers[0].alg", "RS256" },
    { "a source address is one", "{\"source_ip\":\"here\"}", "c.json:1:14: $.source_ip", "IPv4" },
    { "a file that is not there",
      "{\"roles\":[{\"name\":\"r\",\"trust_policy\":{\"$file\":\"no-such.json\"}}]}",
      "c.json:1:47: $.roles[0].trust_policy.$file", "no-such.json" },
    { "a fault does something", "{\"faults\":[{}]}", "c.json:1:12: $.faults[0]", "does nothing" },
    { "a fault is for an action that there is",
      "{\"faults\":[{\"drop\":true},{\"action\":\"AssumeRol\",\"drop\":true}]}",
      "c.json:1:36: $.faults[1].action", "did you mean \"AssumeRole\"?" },
    { "faults are a list", "{\"faults\":{}}", "c.json:1:11: $.faults", "array" },
};

static struct outcome read_text(struct arena *a, struct why *why, const char *name, struct str text,
                                bool files_allowed, struct config **out)
{
    const struct config_source source = { .name = str_of(name),
                                          .text = text,
                                          .files_allowed = files_allowed };
    return config_read(a, why, &source, out);
}

START_TEST(mistakes_are_refused_with_their_place)
{
    const struct refusal *row = &refusals[_i];
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct config *c;
    ck_assert_msg(failed(read_text(a, &why, "c.json", str_of(row->text), true, &c)), "%s",
                  row->name);
    if (row->place)
        want_str(row->name, why.place, str_of(row->place));
    ck_assert_msg(str_contains(why.detail, str_of(row->says)), "%s: says \"%.*s\"", row->name,
                  STR_ARG(why.detail));
    ck_assert_int_eq(fault_kind(why.fault), FAULT_KIND_INPUT);
    arena_free(a);
}
END_TEST

START_TEST(json_ten_thousand_deep_is_refused)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct config *c;
    char *p = arena_alloc(a, 10001);
    memset(p, '[', 10000);
    ck_assert_int_eq(read_text(a, &why, "c.json", str_n(p, 10000), true, &c).fault,
                     FAULT_JSON_TOO_DEEP);
    want_str("place", why.place, STR("c.json:1:65"));
    arena_free(a);
}
END_TEST

START_TEST(files_are_not_for_worlds_sent_over_http)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct config *c;
    struct str text =
        STR("{\"roles\":[{\"name\":\"r\",\"trust_policy\":{\"$file\":\"/etc/hostname\"}}]}");
    ck_assert(failed(read_text(a, &why, "body", text, false, &c)));
    ck_assert(str_contains(why.detail, STR("cannot name files")));
    arena_free(a);
}
END_TEST

START_TEST(the_demo_world_is_a_valid_config)
{
    static const char *const names[] = { "CircleCI-OIDC-Role", "CircleCI-Project-Role",
                                         "Render-OIDC-Role",   "Env0-OIDC-Role",
                                         "Env0-Project-Role",  "Pulumi-Deploy-Role",
                                         "Pulumi-ESC-Role",    "GitHub-Actions-Role" };
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct config *c;
    ck_assert_msg(!failed(config_load(a, &why, NULL, &c)), "%.*s", STR_ARG(why_text(&why)));
    size_t n_warnings;
    (void)iam_warnings(c->iam, a, &n_warnings);
    ck_assert_uint_eq(n_warnings, 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_msg(iam_role(c->iam, config_role_arn(a, c->iam, str_of(names[i]))) != NULL, "%s",
                      names[i]);
    ck_assert_ptr_nonnull(
        iam_provider(c->iam, STR("123456789012"), STR("https://login.app.env0.com/")));
    ck_assert_ptr_null(
        iam_provider(c->iam, STR("123456789012"), STR("https://login.app.env0.com")));
    arena_free(a);
}
END_TEST

START_TEST(a_role_that_trusts_a_provider_nobody_registered_is_warned_of)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct config *c;
    struct str text = STR("{\"roles\":[{\"name\":\"r\",\"trust_policy\":" POLICY "}]}");
    ck_assert(!failed(read_text(a, &why, "c.json", text, true, &c)));
    size_t n_warnings;
    struct str *warnings = iam_warnings(c->iam, a, &n_warnings);
    ck_assert_uint_eq(n_warnings, 1);
    ck_assert(str_contains(warnings[0], STR("not registered")));
    arena_free(a);
}
END_TEST

/* The controls are not retroactive: an older role stays as it is. */
START_TEST(a_role_older_than_the_controls_is_warned_of)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct config *c;
    struct str text =
        STR("{\"oidc_providers\":[{\"url\":\"https://token.actions.githubusercontent.com\"}],"
            "\"roles\":[{\"name\":\"r\",\"created\":\"2025-05-31T23:59:59Z\",\"trust_"
            "policy\":" GITHUB_AUD_ONLY "}]}");
    ck_assert_msg(!failed(read_text(a, &why, "c.json", text, true, &c)), "%.*s",
                  STR_ARG(why_text(&why)));
    size_t n_warnings;
    struct str *warnings = iam_warnings(c->iam, a, &n_warnings);
    ck_assert_uint_eq(n_warnings, 1);
    ck_assert_msg(str_contains(warnings[0], STR(GITHUB_MUST_EVALUATE)) &&
                      str_contains(warnings[0], STR("role/r:")),
                  "%.*s", STR_ARG(warnings[0]));
    arena_free(a);
}
END_TEST

/* 2,048 characters are the quota, whatever the role's age. */
static struct outcome read_long(struct arena *a, struct why *why, size_t characters,
                                const char *created)
{
    static const char head[] = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
                               "\"123456789012\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{"
                               "\"StringEquals\":{\"aws:userid\":\"",
                      tail[] = "\"}}}}";
    size_t filling = characters - (sizeof head - 1) - (sizeof tail - 1);
    struct config *c;
    char *fill = arena_alloc(a, filling + 1);
    memset(fill, 'x', filling);
    return read_text(a, why, "c.json",
                     arena_printf(a,
                                  "{\"roles\":[{\"name\":\"r\",\"created\":\"%s\","
                                  "\"trust_policy\":%s%s%s}]}",
                                  created, head, fill, tail),
                     true, &c);
}

START_TEST(a_trust_policy_has_a_quota)
{
    static const char *const times[] = { "2019-01-01T00:00:00Z", "2026-01-01T00:00:00Z" };
    struct arena *a = arena_new();
    struct why why = why_new(a);
    ck_assert_msg(!failed(read_long(a, &why, 2048, times[_i])), "%.*s", STR_ARG(why_text(&why)));
    ck_assert_int_eq(read_long(a, &why, 2049, times[_i]).fault, FAULT_POLICY_TOO_LARGE);
    want_str("place", why.place, STR("c.json:1:71: $.roles[0].trust_policy"));
    ck_assert(str_contains(why.detail, STR("Cannot exceed quota for ACLSizePerRole: 2048")));
    arena_free(a);
}
END_TEST

START_TEST(what_get_world_shows_reads_back_the_same)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct config *c, *again;
    ck_assert(!failed(config_load(a, &why, NULL, &c)));
    struct str shown = json_text(a, config_document(a, c, c->iam));
    ck_assert(!failed(read_text(a, &why, "body", shown, false, &again)));
    want_str("again", json_text(a, config_document(a, again, again->iam)), shown);
    arena_free(a);
}
END_TEST

Suite *config_suite(void);

Suite *config_suite(void)
{
    Suite *s = suite_create("scenarios/config");
    TCase *t = tcase_create("rows");
    tcase_add_loop_test(t, mistakes_are_refused_with_their_place, 0,
                        sizeof refusals / sizeof refusals[0]);
    tcase_add_test(t, json_ten_thousand_deep_is_refused);
    tcase_add_test(t, files_are_not_for_worlds_sent_over_http);
    tcase_add_test(t, the_demo_world_is_a_valid_config);
    tcase_add_test(t, a_role_that_trusts_a_provider_nobody_registered_is_warned_of);
    tcase_add_test(t, a_role_older_than_the_controls_is_warned_of);
    tcase_add_loop_test(t, a_trust_policy_has_a_quota, 0, 2);
    tcase_add_test(t, what_get_world_shows_reads_back_the_same);
    suite_add_tcase(s, t);
    return s;
}
