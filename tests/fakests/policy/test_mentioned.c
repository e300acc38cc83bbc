#include "base/text.h"
#include "fakests/policy/mentioned.h"
#include "tests/support/runner.h"

/* Statements of a policy of Version 2012-10-17 unless the row says another. */
static const struct row {
    const char *what, *version, *statements, *keys;
} rows[] = {
    { "no key", NULL, "{'Effect':'Allow','Action':'a:b','Resource':'*'}", "" },
    { "a condition's", NULL,
      "{'Effect':'Allow','Action':'a:b','Resource':'*','Condition':{'Null':{'aws:A':'true'},"
      "'StringEquals':{'aws:B':'x','aws:C':['y']}}}",
      "aws:A aws:B aws:C" },
    { "a variable's, its default aside, before the condition's", NULL,
      "{'Effect':'Allow','Action':'a:b','Resource':['arn:aws:s3:::${aws:A}/${aws:B, 'd'}','*'],"
      "'Condition':{'StringLike':{'aws:C':['x${aws:D}','${*}${?}${$}']}}}",
      "aws:A aws:B aws:C aws:D" },
    { "each once, as it is spelt first", NULL,
      "{'Effect':'Allow','Action':'a:b','Resource':'arn:aws:s3:::${aws:UserName}'},"
      "{'Effect':'Deny','Action':'a:b','NotResource':'arn:aws:s3:::${AWS:username}',"
      "'Condition':{'StringEquals':{'aws:USERNAME':'x'}}}",
      "aws:UserName" },
    { "no variable in an older policy", "2008-10-17",
      "{'Effect':'Allow','Action':'a:b','Resource':'arn:aws:s3:::${aws:A}',"
      "'Condition':{'StringEquals':{'aws:B':'${aws:C}'}}}",
      "aws:B" },
};

/* 'a' → "a", but within a variable. */
static struct str quoted(struct arena *a, const char *text)
{
    char *p = arena_cstr(a, str_of(text));
    int within = 0;
    for (size_t i = 0; p[i]; i++) {
        within += p[i] == '{' && i && p[i - 1] == '$';
        within -= within && p[i] == '}';
        if (p[i] == '\'' && !within)
            p[i] = '"';
    }
    return str_of(p);
}

static struct policy *policy_of(struct arena *a, const struct row *row)
{
    struct why why = why_new(a);
    struct json_doc *doc;
    struct policy *policy;
    struct str text = arena_printf(a, "{\"Version\":\"%s\",\"Statement\":[%.*s]}",
                                   row->version ? row->version : "2012-10-17",
                                   STR_ARG(quoted(a, row->statements)));
    ck_assert_msg(!failed(json_load(a, &why, STR("p"), text, JSON_DUPLICATES_REFUSED, &doc)),
                  "%s: %.*s", row->what, STR_ARG(why_text(&why)));
    struct json_at root = json_at_root(doc);
    ck_assert_msg(!failed(policy_read(a, &why, &root, POLICY_IDENTITY, &policy)), "%s: %.*s",
                  row->what, STR_ARG(why_text(&why)));
    return policy;
}

static struct str joined(struct arena *a, const struct mentioned *m)
{
    struct text t = text_new(a, 4096);
    for (size_t i = 0; i < m->n; i++) {
        text_put(&t, i ? STR(" ") : STR(""));
        text_put(&t, m->keys[i]);
    }
    return text_str(&t);
}

START_TEST(policies_mention_keys)
{
    struct arena *a = arena_new();
    struct policy *policy = policy_of(a, &rows[_i]);
    struct mentioned all = mentioned_new(a), each = mentioned_new(a);
    mentioned_add(&all, policy);
    mentioned_add(&all, policy);
    for (size_t i = 0; i < policy_n_statements(policy); i++)
        mentioned_add_statement(&each, policy, i);
    want_str(rows[_i].what, joined(a, &all), str_of(rows[_i].keys));
    want_str(rows[_i].what, joined(a, &each), str_of(rows[_i].keys));
    arena_free(a);
}
END_TEST

Suite *mentioned_suite(void);

Suite *mentioned_suite(void)
{
    Suite *s = suite_create("mentioned");
    TCase *t = tcase_create("mentioned");
    tcase_add_loop_test(t, policies_mention_keys, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(s, t);
    return s;
}
