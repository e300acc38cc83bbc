#include "tests/fakests/actions/reply_text.h"
#include "tests/support/runner.h"

/* An account's alias, its outbound web identity federation, its summary. */

static const char config[] =
    "{\"users\": [{\"name\": \"nobody\"}],"
    " \"credentials\": [{\"access_key_id\": \"test\", \"secret_access_key\": \"test\"},"
    "  {\"access_key_id\": \"AKIANOBODY\", \"secret_access_key\": \"n\", \"user\": \"nobody\"}],"
    " \"account_alias\": \"first\","
    " \"accounts\": {\"210987654321\": {\"account_alias\": \"theirs\", \"credentials\": ["
    "  {\"access_key_id\": \"AKIATHEIRS\", \"secret_access_key\": \"t\"}]}}}";

static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };
static const struct iam_fixture_key theirs = { STR_INIT("AKIATHEIRS"), STR_INIT("t"), { NULL, 0 } };

struct row {
    const char *what;
    const struct iam_fixture_key *as; /* NULL: the root */
    const char *const *parameters;
    int status;
    const char *code, *message; /* message NULL: any */
    const char *body;           /* of a success */
};

#define ALIASES(list) \
    REPLY_RESULT("ListAccountAliases", list "    <IsTruncated>false</IsTruncated>\n")
#define ONE_ALIAS(alias)                         \
    ALIASES("    <AccountAliases>\n"             \
            "      <member>" alias "</member>\n" \
            "    </AccountAliases>\n")
#define DENIED(action)                                                                      \
    "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: iam:" action \
    " on resource: * because no identity-based policy allows the iam:" action " action"
#define PATTERN                                                                           \
    "1 validation error detected: Value at 'accountAlias' failed to satisfy constraint: " \
    "Member must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$"

/* One after the other over one world. */
static const struct row alias_steps[] = {
    { "the config's", NULL, P("Action=ListAccountAliases"), 200, "", NULL, ONE_ALIAS("first") },
    { "another takes its place", NULL, P("Action=CreateAccountAlias", "AccountAlias=second-1"), 200,
      "", NULL, REPLY_EMPTY("CreateAccountAlias") },
    { "and is the only one", NULL, P("Action=ListAccountAliases", "MaxItems=1"), 200, "", NULL,
      ONE_ALIAS("second-1") },
    { "its own", NULL, P("Action=CreateAccountAlias", "AccountAlias=second-1"), 409,
      "EntityAlreadyExists", "The account alias second-1 already exists.", NULL },
    { "another account's", NULL, P("Action=CreateAccountAlias", "AccountAlias=theirs"), 409,
      "EntityAlreadyExists", "The account alias theirs already exists.", NULL },
    { "the first is free again", &theirs, P("Action=CreateAccountAlias", "AccountAlias=first"), 200,
      "", NULL, REPLY_EMPTY("CreateAccountAlias") },
    { "an alias that is not this account's", NULL,
      P("Action=DeleteAccountAlias", "AccountAlias=first"), 404, "NoSuchEntity",
      "The account alias first cannot be found.", NULL },
    { "it is deleted", NULL, P("Action=DeleteAccountAlias", "AccountAlias=second-1"), 200, "", NULL,
      REPLY_EMPTY("DeleteAccountAlias") },
    { "none is left", NULL, P("Action=ListAccountAliases"), 200, "", NULL,
      ALIASES("    <AccountAliases/>\n") },
    { "none can be deleted", NULL, P("Action=DeleteAccountAlias", "AccountAlias=second-1"), 404,
      "NoSuchEntity", NULL, NULL },
    { "the other account keeps its own", &theirs, P("Action=ListAccountAliases"), 200, "", NULL,
      ONE_ALIAS("first") },
    { "capitals", NULL, P("Action=CreateAccountAlias", "AccountAlias=First"), 400,
      "ValidationError", PATTERN, NULL },
    { "two hyphens", NULL, P("Action=CreateAccountAlias", "AccountAlias=a--b"), 400,
      "ValidationError", PATTERN, NULL },
    { "a hyphen at the end", NULL, P("Action=DeleteAccountAlias", "AccountAlias=abc-"), 400,
      "ValidationError", PATTERN, NULL },
    { "no alias", NULL, P("Action=CreateAccountAlias"), 400, "ValidationError", NULL, NULL },
    { "63 characters", NULL,
      P("Action=CreateAccountAlias",
        "AccountAlias=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
      200, "", NULL, REPLY_EMPTY("CreateAccountAlias") },
    { "64 characters", NULL,
      P("Action=CreateAccountAlias",
        "AccountAlias=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
      400, "ValidationError", NULL, NULL },
    { "nobody may create", &nobody, P("Action=CreateAccountAlias", "AccountAlias=abc"), 403,
      "AccessDenied", DENIED("CreateAccountAlias"), NULL },
    { "nobody may delete", &nobody, P("Action=DeleteAccountAlias", "AccountAlias=abc"), 403,
      "AccessDenied", DENIED("DeleteAccountAlias"), NULL },
    { "nobody may list", &nobody, P("Action=ListAccountAliases"), 403, "AccessDenied",
      DENIED("ListAccountAliases"), NULL },
};

static void run(struct iam_fixture *f, const struct row *row)
{
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_IAM, row->as ? row->as : &iam_fixture_root, row->parameters);
    iam_fixture_want(&r, row->what, row->status, row->code, row->message);
    if (row->body)
        iam_fixture_want_body(&r, row->what, row->body);
}

START_TEST(an_account_has_one_alias)
{
    struct iam_fixture *f = iam_fixture_new(config);
    for (size_t i = 0; i < sizeof alias_steps / sizeof alias_steps[0]; i++)
        run(f, &alias_steps[i]);
    iam_fixture_free(f);
}
END_TEST

/* ---- outbound web identity federation ---- */

static const struct row outbound_steps[] = {
    { "not enabled yet", NULL, P("Action=GetOutboundWebIdentityFederationInfo"), 404,
      "FeatureDisabled", NULL, NULL },
    { "nothing to disable", NULL, P("Action=DisableOutboundWebIdentityFederation"), 404,
      "FeatureDisabled", NULL, NULL },
    { "nobody may enable", &nobody, P("Action=EnableOutboundWebIdentityFederation"), 403,
      "AccessDenied", DENIED("EnableOutboundWebIdentityFederation"), NULL },
    { "nobody may disable", &nobody, P("Action=DisableOutboundWebIdentityFederation"), 403,
      "AccessDenied", DENIED("DisableOutboundWebIdentityFederation"), NULL },
    { "nobody may look", &nobody, P("Action=GetOutboundWebIdentityFederationInfo"), 403,
      "AccessDenied", DENIED("GetOutboundWebIdentityFederationInfo"), NULL },
};

static struct iam_fixture_reply call(struct iam_fixture *f, const char *action)
{
    return iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, action, NULL);
}

#define ENABLED(issuer)                                                           \
    arena_printf(f->arena,                                                        \
                 REPLY_RESULT("EnableOutboundWebIdentityFederation",              \
                              "    <IssuerIdentifier>%.*s</IssuerIdentifier>\n"), \
                 STR_ARG(issuer))                                                 \
        .p

START_TEST(an_account_keeps_its_issuer)
{
    struct iam_fixture *f = iam_fixture_new(config);
    for (size_t i = 0; i < sizeof outbound_steps / sizeof outbound_steps[0]; i++)
        run(f, &outbound_steps[i]);
    struct iam_fixture_reply r = call(f, "Action=EnableOutboundWebIdentityFederation");
    struct str issuer =
        iam_fixture_text(&r, "EnableOutboundWebIdentityFederationResult/IssuerIdentifier");
    iam_fixture_want_body(&r, "enabled", ENABLED(issuer));
    ck_assert_msg(issuer.n == strlen("https://") + 36 + strlen(".tokens.sts.global.api.aws") &&
                      str_starts(issuer, STR("https://")) &&
                      str_ends(issuer, STR(".tokens.sts.global.api.aws")),
                  "%.*s", STR_ARG(issuer));
    r = call(f, "Action=EnableOutboundWebIdentityFederation");
    iam_fixture_want(&r, "twice", 409, "FeatureEnabled", NULL);
    r = call(f, "Action=GetOutboundWebIdentityFederationInfo");
    iam_fixture_want_body(
        &r, "as it was told",
        arena_printf(f->arena,
                     REPLY_RESULT("GetOutboundWebIdentityFederationInfo",
                                  "    <IssuerIdentifier>%.*s</IssuerIdentifier>\n"
                                  "    <JwtVendingEnabled>true</JwtVendingEnabled>\n"),
                     STR_ARG(issuer))
            .p);
    r = call(f, "Action=DisableOutboundWebIdentityFederation");
    iam_fixture_want_body(&r, "disabled", REPLY_EMPTY("DisableOutboundWebIdentityFederation"));
    r = call(f, "Action=GetOutboundWebIdentityFederationInfo");
    iam_fixture_want(&r, "off", 404, "FeatureDisabled", NULL);
    r = call(f, "Action=EnableOutboundWebIdentityFederation");
    iam_fixture_want_body(&r, "the same issuer again", ENABLED(issuer));
    iam_fixture_free(f);
}
END_TEST

/* ---- GetAccountSummary ---- */

#define ALLOW "{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}"

static struct str summed(const struct iam_fixture_reply *r, const char *key)
{
    const struct xml_node *map = xml_find(r->xml, "GetAccountSummaryResult/SummaryMap");
    for (const struct xml_node *e = map->first_child; e; e = e->next)
        if (str_eq(xml_text(e, "key"), str_of(key)))
            return xml_text(e, "value");
    return STR("absent");
}

static const struct {
    const char *key, *value;
} sums[] = {
    { "Users", "2" },
    { "Roles", "1" },
    { "Policies", "1" },
    { "PolicyVersionsInUse", "2" },
    { "Providers", "1" },
    { "AccountAccessKeysPresent", "1" },
    { "UsersQuota", "5000" },
    { "AccessKeysPerUserQuota", "2" },
    { "UserPolicySizeQuota", "2048" },
    { "Groups", "0" },
};

START_TEST(what_there_is_is_counted)
{
    struct iam_fixture *f = iam_fixture_new(
        "{\"users\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"
        " \"oidc_providers\": [{\"url\": \"https://ci.example.com\"}],"
        " \"roles\": [{\"name\": \"r\", \"trust_policy\": {\"Version\": \"2012-10-17\","
        " \"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"Service\":"
        " \"ec2.amazonaws.com\"}, \"Action\": \"sts:AssumeRole\"}}}],"
        " \"managed_policies\": [{\"name\": \"m\", \"default_version\": 1, \"last_version\": 2, "
        "\"versions\": ["
        " {\"version\": 1, \"policy\": {\"Version\": \"2012-10-17\", \"Statement\": " ALLOW "}},"
        " {\"version\": 2, \"policy\": {\"Version\": \"2012-10-17\", \"Statement\": " ALLOW "}}]}],"
        " \"accounts\": {\"210987654321\": {\"users\": [{\"name\": \"c\"}]}}}");
    struct iam_fixture_reply r = call(f, "Action=GetAccountSummary");
    iam_fixture_want(&r, "the summary", 200, "", NULL);
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        want_str(sums[i].key, summed(&r, sums[i].key), str_of(sums[i].value));
    ck_assert(str_contains(r.body, STR("    <SummaryMap>\n"
                                       "      <entry>\n"
                                       "        <key>AccessKeysPerUserQuota</key>\n"
                                       "        <value>2</value>\n"
                                       "      </entry>\n")));
    iam_fixture_free(f);
}
END_TEST

START_TEST(nobody_may_count)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &nobody, "Action=GetAccountSummary", NULL);
    iam_fixture_want(&r, "nobody", 403, "AccessDenied", DENIED("GetAccountSummary"));
    iam_fixture_free(f);
}
END_TEST

Suite *account_suite(void);

Suite *account_suite(void)
{
    Suite *s = suite_create("account");
    TCase *t = tcase_create("account");
    tcase_add_test(t, an_account_has_one_alias);
    tcase_add_test(t, an_account_keeps_its_issuer);
    tcase_add_test(t, what_there_is_is_counted);
    tcase_add_test(t, nobody_may_count);
    suite_add_tcase(s, t);
    return s;
}
