#include "base/embed.h"
#include "base/file.h"
#include "base/text.h"
#include "fakests/lint/rule.h"
#include "scenarios/lint_file.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Whole files under lint; the rules one by one are in tests/fakests/lint. */

static struct arena *a;

static void set_up(void)
{
    a = arena_new();
}

static void tear_down(void)
{
    arena_free(a);
}

static struct str listed(const struct findings *f)
{
    struct text t = text_new(a, 64 * 1024);
    for (size_t i = 0; i < f->n; i++)
        text_printf(&t, "%.*s:%zu:%zu %s %s\n", STR_ARG(f->items[i].file), f->items[i].line,
                    f->items[i].column, finding_severity_name(f->items[i].severity),
                    f->items[i].rule->id);
    return text_str(&t);
}

/*
 * The four guides' own policies: CircleCI's first trusts the audience alone, env zero's first asks
 * for no organization, Pulumi's compare an audience with StringLike.  Nothing else in them is
 * loose.
 */
START_TEST(the_demo_world_holds_what_is_loose_in_the_guides)
{
    const struct embedded *demo = scenario_world_files;
    struct findings f = findings_new(a);
    while (strcmp(demo->name, "demo") != 0)
        demo++;
    ck_assert_int_eq(lint_file(&f, STR("demo.json"), str_n(demo->p, demo->n), false),
                     LINT_FILE_CONFIG);
    want_str("findings", listed(&f),
             STR("demo.json:40:26 warning trust-no-subject\n"
                 "demo.json:111:26 warning env0-no-organization\n"
                 "demo.json:159:44 note audience-like\n"
                 "demo.json:181:44 note audience-like\n"));
}
END_TEST

#define TRUST                                                                \
    "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":"     \
    "\"arn:aws:iam::123456789012:oidc-provider/i.example.com\"},\"Action\":" \
    "\"sts:AssumeRoleWithWebIdentity\"}}"

static const struct {
    const char *name, *text;
    enum lint_file_kind kind;
} kinds[] = {
    { "a trust policy has a Statement", TRUST, LINT_FILE_POLICY },
    { "whatever else it has", "{\"Statement\":[],\"roles\":[],\"steps\":[]}", LINT_FILE_POLICY },
    { "a scenario has steps", "{\"steps\":[],\"roles\":[]}", LINT_FILE_SCENARIO },
    { "or calls itself one", "{\"scenario\":\"x\"}", LINT_FILE_SCENARIO },
    { "a config has what configs have", "{\"issuers\":[]}", LINT_FILE_CONFIG },
    { "a schema's name alone is no config", "{\"$schema\":\"x\"}", LINT_FILE_UNKNOWN },
    { "an object of something else is unknown", "{\"a\":1}", LINT_FILE_UNKNOWN },
    { "a text is unknown", "\"Statement\"", LINT_FILE_UNKNOWN },
    { "what is no JSON is unknown", "Statement", LINT_FILE_UNKNOWN },
};

START_TEST(content_says_what_a_file_is)
{
    struct findings f = findings_new(a);
    ck_assert_msg(lint_file(&f, STR("x"), str_of(kinds[_i].text), false) == kinds[_i].kind, "%s",
                  kinds[_i].name);
    ck_assert_msg(kinds[_i].kind != LINT_FILE_UNKNOWN ||
                      (f.n == 1 && f.items[0].severity == LINT_ERROR),
                  "%s", kinds[_i].name);
}
END_TEST

static struct str in_folder(const char *folder, const char *name, const char *text)
{
    struct why why = why_new(a);
    struct str path = arena_printf(a, "%s/%s", folder, name);
    ck_assert_msg(!failed(file_replace(&why, path.p, str_of(text), 0600)), "%.*s",
                  STR_ARG(why_text(&why)));
    return path;
}

/* A finding stands in the file that holds what it is about. */
START_TEST(documents_in_files_of_their_own_are_looked_at)
{
    char folder[] = "/tmp/test-lint-XXXXXX";
    struct findings f = findings_new(a);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct str trust = in_folder(folder, "trust.json", TRUST);
    struct str config = in_folder(
        folder, "config.json",
        "{\"oidc_providers\":[{\"url\":\"https://i.example.com\",\"client_ids\":[\"a\"]}],\n"
        "\"roles\":[{\"name\":\"r\",\"trust_policy\":{\"$file\":\"trust.json\"}},\n"
        "{\"name\":\"s\",\"trust_policy\":{\"$file\":\"none.json\"}}]}");
    struct str scenario = in_folder(
        folder, "scenario.json",
        "{\"scenario\":\"x\",\"steps\":[{\"advance\":1}],\"world\":{\"$file\":\"config.json\"}}");
    struct str text = STR(""), wanted;
    struct why why = why_new(a);
    wanted = arena_printf(a,
                          "%.*s:3:37 error config-invalid\n"
                          "%.*s:1:14 warning trust-no-subject\n",
                          STR_ARG(config), STR_ARG(trust));
    ck_assert(!failed(file_read(a, &why, config.p, 4096, &text)));
    ck_assert_int_eq(lint_file(&f, config, text, true), LINT_FILE_CONFIG);
    want_str("config", listed(&f), wanted);

    f = findings_new(a);
    ck_assert(!failed(file_read(a, &why, scenario.p, 4096, &text)));
    ck_assert_int_eq(lint_file(&f, scenario, text, true), LINT_FILE_SCENARIO);
    want_str("scenario", listed(&f), wanted);

    unlink(trust.p);
    unlink(config.p);
    unlink(scenario.p);
    rmdir(folder);
}
END_TEST

/* Fuzzing found none of these; they are what a person would try first. */
static const char *const odd[] = {
    "",
    "{",
    "{\"Statement\":null}",
    "{\"Statement\":7}",
    "{\"Statement\":[null,[],{},7,\"x\"]}",
    "{\"Statement\":{\"Condition\":null}}",
    "{\"Statement\":[],\"Statement\":[]}",
    "{\"Version\":{},\"Statement\":[{},{}]}",
    "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":[\"\"]},\"Action\":\"\"}}",
    "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":[],\"Condition\":{}}}",
    "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":"
    "\"arn:aws:iam::123456789012:oidc-provider/:\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\","
    "\"Condition\":{\"StringLike\":{\":\":\"*\",\"::\":\"\",\"\":[],\":::sub\":\"?\"}}}}",
    "{\"roles\":null}",
    "{\"roles\":{}}",
    "{\"roles\":[null,7,[],{}]}",
    "{\"roles\":[{\"trust_policy\":null,\"created\":7}]}",
    "{\"roles\":[{\"trust_policy\":{\"$file\":null}}]}",
    "{\"oidc_providers\":[null,{\"url\":null},{\"url\":\"https://\"}]}",
    "{\"accounts\":[]}",
    "{\"accounts\":{\"123456789012\":{},\"x\":null,\"999999999999\":null}}",
    "{\"steps\":1,\"world\":null}",
    "{\"steps\":1,\"world\":[]}",
    "{\"scenario\":null,\"world\":{\"$file\":\"x\",\"y\":1}}",
    "{\"platforms\":[null,{},\"x\"],\"issuers\":[7],\"credentials\":[7],\"faults\":[7]}",
    "\xFF\xFE",
    "[\"\\u0000\"]",
};

START_TEST(nothing_makes_it_stumble)
{
    struct findings f = findings_new(a);
    (void)lint_file(&f, STR("odd.json"), guarded(str_of(odd[_i])), false);
    for (size_t i = 0; i < f.n; i++) {
        ck_assert(f.items[i].line >= 1 && f.items[i].column >= 1 && f.items[i].message.n);
        want_str("file", f.items[i].file, STR("odd.json"));
    }
}
END_TEST

/* docs/lint.md has a row for each rule, with the table's own words. */
START_TEST(the_page_lists_every_rule)
{
    size_t n;
    const struct lint_rule *rules = rule_all(&n);
    struct why why = why_new(a);
    struct str page;
    ck_assert(!failed(file_read(a, &why, "docs/lint.md", 1024 * 1024, &page)));
    for (size_t i = 0; i < n; i++) {
        struct str row = arena_printf(a, "\n| `%s` | %s | %s | %s | %s | %s |\n", rules[i].id,
                                      finding_severity_name(rules[i].severity), rules[i].about,
                                      rules[i].why, rules[i].fix, rules[i].reference);
        ck_assert_msg(str_contains(page, row), "docs/lint.md lacks the row%.*s", STR_ARG(row));
    }
}
END_TEST

START_TEST(the_page_lists_no_rule_that_is_none)
{
    struct why why = why_new(a);
    struct str page;
    ck_assert(!failed(file_read(a, &why, "docs/lint.md", 1024 * 1024, &page)));
    while (page.n) {
        struct str line = str_cut(&page, '\n');
        if (!str_starts(line, STR("| `")))
            continue;
        struct str id = str_sub(line, 3, line.n), rest = line;
        for (int i = 0; i < 2; i++)
            (void)str_cut(&rest, '|');
        struct str severity = str_trim(str_cut(&rest, '|'));
        if (str_eq(severity, STR("error")) || str_eq(severity, STR("warning")) ||
            str_eq(severity, STR("note")))
            ck_assert_ptr_nonnull(rule_get(arena_cstr(a, str_cut(&id, '`'))));
    }
}
END_TEST

Suite *lint_file_suite(void);

Suite *lint_file_suite(void)
{
    Suite *s = suite_create("scenarios/lint_file");
    TCase *t = tcase_create("rows");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, the_demo_world_holds_what_is_loose_in_the_guides);
    tcase_add_loop_test(t, content_says_what_a_file_is, 0, sizeof kinds / sizeof kinds[0]);
    tcase_add_test(t, documents_in_files_of_their_own_are_looked_at);
    tcase_add_loop_test(t, nothing_makes_it_stumble, 0, sizeof odd / sizeof odd[0]);
    tcase_add_test(t, the_page_lists_every_rule);
    tcase_add_test(t, the_page_lists_no_rule_that_is_none);
    suite_add_tcase(s, t);
    return s;
}
