#include "fakests/explain.h"

#include "fakests/plain.h"
#include "tests/support/lab.h"
#include "tests/support/runner.h"

/* ---- the bench ---- */

#define ISSUER "issuer.example.com"
#define ROLE   "arn:aws:iam::123456789012:role/app"

static struct lab lab;

static void set_up(void)
{
    lab_init(&lab);
}

static void tear_down(void)
{
    lab_free(&lab);
}

/* ' for ". */
static struct str quoted(const char *text)
{
    char *p = arena_cstr(lab.arena, str_of(text));
    for (char *c = p; *c; c++)
        if (*c == '\'')
            *c = '"';
    return str_of(p);
}

static struct explanation *explain(const char *condition, const char *claims)
{
    struct str statements = quoted(condition);
    lab_world(&lab,
              arena_printf(lab.arena,
                           "{\"oidc_providers\":[{\"url\":\"https://" ISSUER "\",\"client_ids\":"
                           "[\"client\"],\"keys\":{\"jwks\":%.*s}}],\"roles\":[{\"name\":\"app\","
                           "\"trust_policy\":{\"Version\":\"2012-10-17\",\"Statement\":[{"
                           "\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::"
                           "123456789012:oidc-provider/" ISSUER "\"},\"Action\":[\"sts:"
                           "AssumeRoleWithWebIdentity\",\"sts:TagSession\"],\"Condition\":{%.*s}}]}"
                           "}]}",
                           STR_ARG(lab_jwks(&lab)), STR_ARG(statements)));
    struct explain_ask ask = { .role_arn = STR(ROLE),
                               .session_name = STR("session"),
                               .token = lab_token(&lab, quoted(claims)),
                               .signature = EXPLAIN_CHECK,
                               .now_s = LAB_NOW_S };
    return explain_web_identity(lab.arena, &lab.service, &lab.world, &ask);
}

#define CLAIMS(more) \
    "{'iss':'https://" ISSUER "','aud':'client','iat':1789123711,'exp':1789127311" more "}"

/* ---- the page ---- */

static const char golden[] =
    "denied  AssumeRoleWithWebIdentity  trust-denied\n"
    "\n"
    "  role      arn:aws:iam::123456789012:role/app\n"
    "  time      2026-09-11T10:48:41Z\n"
    "  AWS says  403 AccessDenied: Not authorized to perform\n"
    "            sts:AssumeRoleWithWebIdentity\n"
    "  because   sts:AssumeRoleWithWebIdentity: no Allow statement of the trust\n"
    "            policy matches\n"
    "\n"
    "Claims (signature valid), and the condition keys they became\n"
    "  iss   https://issuer.example.com\n"
    "        \xE2\x86\x92 the provider, which Principal names\n"
    "  aud   client\n"
    "        \xE2\x86\x92 issuer.example.com:aud, issuer.example.com:oaud\n"
    "  iat   1789123711\n"
    "        \xE2\x86\x92 checked against the clock: 2026-09-11T10:48:31Z\n"
    "  exp   1789127311\n"
    "        \xE2\x86\x92 checked against the clock: 2026-09-11T11:48:31Z\n"
    "  sub   team:blue:env:staging\n"
    "        \xE2\x86\x92 issuer.example.com:sub\n"
    "\n"
    "Claims that became no condition key\n"
    "  job                               {\"id\":7}\n"
    "\n"
    "Checks\n"
    "  \xE2\x9C\x93 20 passed\n"
    "  \xE2\x9C\x97 trust-policy: sts:AssumeRoleWithWebIdentity: no Allow statement of the trust\n"
    "    policy matches\n"
    "\n"
    "Statement 0 (Allow) does not match\n"
    "  \xE2\x9C\x93 Principal     "
    "arn:aws:iam::123456789012:oidc-provider/issuer.example.com\n"
    "  \xE2\x9C\x93 Action        sts:AssumeRoleWithWebIdentity, sts:TagSession\n"
    "  \xE2\x9C\x93 StringEquals  issuer.example.com:aud\n"
    "  \xE2\x9C\x97 StringLike    issuer.example.com:sub\n"
    "      wanted     team:*:env:prod*\n"
    "      got     team:blue:env:staging\n"
    "                            ^\n"
    "      or      team:red:*\n"
    "\n"
    "Hints\n"
    "  value-differs\n"
    "    the role wants sub with \"prod*\" where this token has \"staging\" (from\n"
    "    character 15 on): admit it if this is who is meant\n"
    "    in the trust policy: add\n"
    "      /Statement/0/Condition/StringLike/issuer.example.com:sub/-\n"
    "      \"team:blue:env:staging\"\n";

#define GOLDEN_CONDITION                                                \
    "'StringEquals':{'" ISSUER ":aud':'client'},'StringLike':{'" ISSUER \
    ":sub':['team:red:*','team:*:env:prod*']}"
#define GOLDEN_CLAIMS CLAIMS(",'sub':'team:blue:env:staging','job':{'id':7}")

START_TEST(a_refusal_is_a_page)
{
    want_str("page", explain_page(lab.arena, explain(GOLDEN_CONDITION, GOLDEN_CLAIMS), false),
             str_of(golden));
}
END_TEST

/* Without what switches colours. */
static struct str stripped(struct str page)
{
    struct text t = text_new(lab.arena, page.n + 1);
    for (size_t i = 0; i < page.n; i++)
        if (page.p[i] == '\033')
            i += str_find(str_sub(page, i, page.n), 'm');
        else
            text_putc(&t, page.p[i]);
    return text_str(&t);
}

START_TEST(colour_changes_nothing_else)
{
    struct explanation *e = explain(GOLDEN_CONDITION, GOLDEN_CLAIMS);
    struct str page = explain_page(lab.arena, e, true);
    ck_assert(str_starts(page, STR("\033[31mdenied\033[0m")));
    want_str("stripped", stripped(page), str_of(golden));
}
END_TEST

#define LONG_VALUE                                                                          \
    "org/00f45056-5918-4171-9222-b538c76ed3f8/project/dabad1c2-62eb-48a6-87ab-fc6ae6589281" \
    "/user/688c029b-dfed-45bc-af7c-20281a884e2d/vcs-origin/github.com/organization-123/r"

static const struct shape {
    const char *name, *condition, *claims, *holds;
} shapes[] = {
    { "long values are laid side by side around the difference",
      "'StringEquals':{'" ISSUER ":sub':'" LONG_VALUE "/x'}", CLAIMS(",'sub':'" LONG_VALUE "/y'"),
      "/x\n      got     \xE2\x80\xA6" },
    { "a difference at the beginning of long values",
      "'StringEquals':{'" ISSUER ":sub':'x" LONG_VALUE "'}", CLAIMS(",'sub':'y" LONG_VALUE "'"),
      "\n              ^\n" },
    { "a key that is not there", "'StringEquals':{'" ISSUER ":team':'blue'}",
      CLAIMS(",'sub':'me','team':'blue'"), "note    the key is absent\n" },
    { "many wanted values", "'StringEquals':{'" ISSUER ":sub':['a','b','c','d','e','f','g','h']}",
      CLAIMS(",'sub':'me'"), "and 2 more\n" },
    { "a list", "'ForAnyValue:StringEquals':{'" ISSUER ":sub':'me','" ISSUER ":amr':'x'}",
      CLAIMS(",'sub':'me','amr':['a','b']"), "      got     a\n              b\n" },
    { "no value at all", "'StringEquals':{'" ISSUER ":sub':'me'}", CLAIMS(",'sub':''"),
      "  sub   (empty)\n" },
    { "tags are keys", "'StringEquals':{'" ISSUER ":sub':'me'}",
      CLAIMS(",'sub':'you','https://aws.amazon.com/tags':{'principal_tags':{'a':['b']}}"),
      "\xE2\x86\x92 aws:TagKeys, aws:RequestTag/a\n" },
    { "azp is the audience", "'StringEquals':{'" ISSUER ":sub':'me'}",
      CLAIMS(",'sub':'you','azp':'client'"),
      "  azp   client\n        \xE2\x86\x92 " ISSUER ":aud\n" },
    { "a stranger's text moves no cursor", "'StringEquals':{'" ISSUER ":sub':'me'}",
      CLAIMS(",'sub':'\\u001b[2Jx\\u009b2J','\\u001bclaim':'y\\nz'"), "got     ?[2Jx?2J\n" },
    { "an allowance with an open door", "'StringEquals':{'" ISSUER ":aud':'client'}",
      CLAIMS(",'sub':'me'"), "  no-sub-condition (an open door)\n" },
};

static bool is_one_word(struct str line)
{
    struct str trimmed = str_trim(line);
    return str_find(trimmed, ' ') == trimmed.n;
}

START_TEST(lines_end_at_eighty_columns_and_hold_no_control_characters)
{
    const struct shape *row = &shapes[_i];
    struct str page = explain_page(lab.arena, explain(row->condition, row->claims), false);
    ck_assert_msg(str_contains(page, str_of(row->holds)), "%s: no \"%s\" in:\n%.*s", row->name,
                  row->holds, STR_ARG(page));
    for (struct str rest = page; rest.n;) {
        struct str line = str_cut(&rest, '\n');
        struct text plain = text_new(lab.arena, 2 * line.n + 1);
        ck_assert_msg(plain_columns(line) <= 80 || is_one_word(line), "%s: %zu columns: %.*s",
                      row->name, plain_columns(line), STR_ARG(line));
        ck_assert_msg(!str_ends(line, STR(" ")), "%s: ends with a space: %.*s", row->name,
                      STR_ARG(line));
        plain_put(&plain, line);
        want_str(row->name, text_str(&plain), line);
    }
}
END_TEST

/* ---- the log ---- */

START_TEST(a_log_has_the_hints_of_a_refusal_below_it)
{
    struct explanation *e = explain(GOLDEN_CONDITION, GOLDEN_CLAIMS);
    ck_assert(str_contains(explain_lines(lab.arena, e), STR("\n    hint: value-differs: ")));
    ck_assert(
        str_contains(explain_line_and_hints(lab.arena, e), STR("\n    hint: value-differs: ")));
    ck_assert(!str_contains(explain_line(lab.arena, e), STR("hint")));
}
END_TEST

START_TEST(an_allowance_is_one_line_whatever_could_be_said)
{
    struct explanation *e =
        explain("'StringEquals':{'" ISSUER ":aud':'client'}", CLAIMS(",'sub':'me'"));
    ck_assert_uint_eq(e->hints.n, 1);
    ck_assert(!str_contains(explain_line_and_hints(lab.arena, e), STR("hint")));
}
END_TEST

START_TEST(at_most_three_hints_are_logged)
{
    struct explanation *e = explain(GOLDEN_CONDITION, GOLDEN_CLAIMS);
    struct hint many[5] = { { .id = "a" }, { .id = "b" }, { .id = "c" }, { .id = "d" } };
    e->hints = (struct hints){ many, 4 };
    struct str lines = explain_lines(lab.arena, e);
    ck_assert(str_contains(lines, STR("hint: c")) && !str_contains(lines, STR("hint: d")));
}
END_TEST

Suite *explain_page_suite(void);

Suite *explain_page_suite(void)
{
    Suite *s = suite_create("fakests/explain_page");
    TCase *t = tcase_create("page");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, a_refusal_is_a_page);
    tcase_add_test(t, colour_changes_nothing_else);
    tcase_add_loop_test(t, lines_end_at_eighty_columns_and_hold_no_control_characters, 0,
                        sizeof shapes / sizeof shapes[0]);
    tcase_add_test(t, a_log_has_the_hints_of_a_refusal_below_it);
    tcase_add_test(t, an_allowance_is_one_line_whatever_could_be_said);
    tcase_add_test(t, at_most_three_hints_are_logged);
    suite_add_tcase(s, t);
    return s;
}
