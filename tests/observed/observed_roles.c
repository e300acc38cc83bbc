/*
 * Matches the roles of iam.json, trust_write.json and query.json of recorded AWS answers, row by
 * row, over signed calls to a whole world.
 *   observed_roles [FOLDER]      default: $OBSERVED_DIR/aws-observed
 */
#include "base/encode.h"
#include "base/file.h"
#include "tests/fakests/iam_fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 16 * 1024 * 1024, PARAMETERS = 64 };

/* A role that the rows of updates are about. */
#define PROBE_TRUST                                                                                \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":" \
    "\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"

struct tally {
    size_t passed, failed;
    size_t bad; /* of the row under review */
};

static struct str text_of(json_t *row, const char *key)
{
    return json_str(json_object_get(row, key));
}

static void differs(struct tally *t, json_t *row, const char *what, struct str got,
                    struct str wanted)
{
    t->bad++;
    printf("mismatch: %.*s: %s: got %.*s, wanted %.*s\n", STR_ARG(text_of(row, "id")), what,
           STR_ARG(str_sub(got, 0, 400)), STR_ARG(str_sub(wanted, 0, 400)));
}

static void want(struct tally *t, json_t *row, const char *what, struct str got, struct str wanted)
{
    if (!str_eq(got, wanted))
        differs(t, row, what, got, wanted);
}

static void ended(struct tally *t)
{
    if (t->bad)
        t->failed++;
    else
        t->passed++;
    t->bad = 0;
}

/* ---- inputs ---- */

/* A value of a row as a parameter's: {"$repeat": TEXT, "count": N} is N times the text. */
static struct str value_of(struct arena *a, json_t *v)
{
    json_t *unit = json_object_get(v, "$repeat");
    if (!unit)
        return json_is_string(v) ? json_str(v) : json_text(a, v);
    struct text t = text_new(a, 1024 * 1024);
    for (json_int_t i = json_integer_value(json_object_get(v, "count")); i > 0; i--)
        text_put(&t, json_str(unit));
    return text_str(&t);
}

struct parameters {
    struct arena *arena;
    const char *items[PARAMETERS + 1];
    size_t n;
};

static void add(struct parameters *p, struct str name, struct str value)
{
    if (p->n < PARAMETERS)
        p->items[p->n++] = arena_cstr(p->arena, arena_join(p->arena, name, STR("="), value));
}

static void add_tags(struct parameters *p, json_t *tags)
{
    size_t i;
    json_t *tag;
    json_array_foreach(tags, i, tag)
    {
        add(p, arena_printf(p->arena, "Tags.member.%zu.Key", i + 1), text_of(tag, "Key"));
        add(p, arena_printf(p->arena, "Tags.member.%zu.Value", i + 1), text_of(tag, "Value"));
    }
}

static void add_input(struct parameters *p, json_t *input)
{
    const char *key;
    json_t *value;
    json_object_foreach(input, key, value)
    {
        if (json_is_array(value))
            add_tags(p, value);
        else
            add(p, str_of(key), value_of(p->arena, value));
    }
}

static struct iam_fixture_reply send(struct iam_fixture *f, const struct parameters *p)
{
    return iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, p->items);
}

/* ---- replies ---- */

static const struct xml_node *child(const struct xml_node *node, const char *name)
{
    const struct xml_node *n = node ? node->first_child : NULL;
    while (n && !str_eq(n->name, str_of(name)))
        n = n->next;
    return n;
}

static size_t children(const struct xml_node *node)
{
    size_t n = 0;
    for (const struct xml_node *c = node->first_child; c; c = c->next)
        n++;
    return n;
}

static void compare(struct iam_fixture *f, struct tally *t, json_t *row, const char *what,
                    const struct xml_node *got, json_t *wanted);

/* "$ROLE_ID" and the like stand for anything. */
static void compare_text(struct iam_fixture *f, struct tally *t, json_t *row, const char *what,
                         const struct xml_node *got, json_t *wanted)
{
    struct str text = json_is_string(wanted) ? json_str(wanted) : json_text(f->arena, wanted);
    if (!str_starts(text, STR("$")))
        want(t, row, what, got->text, text);
}

static void compare_document(struct iam_fixture *f, struct tally *t, json_t *row,
                             const struct xml_node *got, json_t *wanted)
{
    struct str text;
    if (!percent_read(f->arena, got->text, false, &text))
        differs(t, row, "a document", got->text, STR("percent-encoded"));
    else
        want(t, row, "a document", text, json_text(f->arena, wanted));
}

static void compare_list(struct iam_fixture *f, struct tally *t, json_t *row, const char *what,
                         const struct xml_node *got, json_t *wanted)
{
    size_t i;
    json_t *item;
    const struct xml_node *member = got->first_child;
    if (children(got) != json_array_size(wanted))
        differs(t, row, what, arena_printf(f->arena, "%zu members", children(got)),
                arena_printf(f->arena, "%zu", json_array_size(wanted)));
    json_array_foreach(wanted, i, item)
    {
        if (member)
            compare(f, t, row, what, member, item);
        member = member ? member->next : NULL;
    }
}

/* Its members and no others. */
static void compare_object(struct iam_fixture *f, struct tally *t, json_t *row, const char *what,
                           const struct xml_node *got, json_t *wanted)
{
    const char *key;
    json_t *value;
    for (const struct xml_node *c = got->first_child; c; c = c->next)
        if (!json_object_get(wanted, arena_cstr(f->arena, c->name)))
            differs(t, row, what, c->name, STR("no such member"));
    json_object_foreach(wanted, key, value)
    {
        const struct xml_node *member = child(got, key);
        if (!member)
            differs(t, row, what, STR("nothing"), str_of(key));
        else if (str_ends(str_of(key), STR("Document")))
            compare_document(f, t, row, member, value);
        else
            compare(f, t, row, key, member, value);
    }
}

static void compare(struct iam_fixture *f, struct tally *t, json_t *row, const char *what,
                    const struct xml_node *got, json_t *wanted)
{
    if (json_is_object(wanted))
        compare_object(f, t, row, what, got, wanted);
    else if (json_is_array(wanted))
        compare_list(f, t, row, what, got, wanted);
    else
        compare_text(f, t, row, what, got, wanted);
}

/* "code" is a refusal's; what a client's own library refuses, the service refuses so. */
static void compare_outcome(struct tally *t, json_t *row, const struct iam_fixture_reply *r)
{
    json_t *expect = json_object_get(row, "expect");
    struct str code = text_of(expect, "code"), message = text_of(expect, "message");
    bool ok = json_is_true(json_object_get(expect, "ok")) || str_eq(code, STR("Success"));
    if (str_eq(code, STR("ParamValidation")))
        code = STR("ValidationError");
    want(t, row, "code", r->code, ok ? STR("") : code);
    if (!ok && message.n)
        want(t, row, "message", r->message, message);
}

/* ---- roles in sequence: iam.json ---- */

static void judge_wire(struct iam_fixture *f, struct tally *t, json_t *row)
{
    struct parameters p = { .arena = f->arena };
    json_t *output = json_object_get(json_object_get(row, "expect"), "output");
    if (!str_starts(text_of(row, "id"), STR("role_wire_aws#")))
        return;
    add(&p, STR("Action"), text_of(row, "api"));
    add_input(&p, json_object_get(row, "input"));
    struct iam_fixture_reply r = send(f, &p);
    compare_outcome(t, row, &r);
    char *result = arena_cstr(f->arena, arena_join(f->arena, text_of(row, "api"), STR("Result")));
    const struct xml_node *got = child(r.xml, result);
    if (!got)
        differs(t, row, "reply", r.body, STR("a result"));
    else if (child(got, "IsTruncated")) /* the recording left it out */
        json_object_set_new(output, "IsTruncated", json_false());
    if (got)
        compare(f, t, row, "result", got, output);
    ended(t);
}

/* ---- documents: trust_write.json ---- */

static void judge_document(struct tally *t, json_t *row, const char *action, const char *parameter,
                           const char *name)
{
    struct iam_fixture *f =
        iam_fixture_new("{\"roles\": [{\"name\": \"probe\", \"trust_policy\": " PROBE_TRUST "}]}");
    struct parameters p = { .arena = f->arena };
    add(&p, STR("Action"), str_of(action));
    add(&p, STR("RoleName"), str_of(name));
    add(&p, str_of(parameter), json_text(f->arena, json_object_get(row, "document")));
    struct iam_fixture_reply r = send(f, &p);
    compare_outcome(t, row, &r);
    iam_fixture_free(f);
}

static void judge_trust(struct iam_fixture *f, struct tally *t, json_t *row)
{
    (void)f;
    if (!json_object_get(row, "document"))
        return;
    judge_document(t, row, "UpdateAssumeRolePolicy", "PolicyDocument", "probe");
    judge_document(t, row, "CreateRole", "AssumeRolePolicyDocument", "new");
    ended(t);
}

/* ---- inputs: query.json ---- */

/* A role as it was before the row: as it is afterwards, but for what the row changes. */
static struct iam_fixture *before(struct arena *a, json_t *row)
{
    json_t *after = json_object_get(json_object_get(row, "expect"), "state_after");
    json_t *role = json_pack("{s:s, s:s, s:o}", "name", "probe", "description", "before",
                             "trust_policy", json_loads(PROBE_TRUST, 0, NULL));
    json_t *description = json_object_get(after, "Description");
    json_t *duration = json_object_get(after, "MaxSessionDuration");
    bool changed = str_eq(text_of(json_object_get(row, "expect"), "code"), STR("Success")) &&
                   json_object_get(json_object_get(row, "input"), "Description");
    if (description && !changed)
        json_object_set_new(role, "description", json_of(value_of(a, description)));
    if (duration)
        json_object_set(role, "max_session_duration", duration);
    json_t *config = json_keep(a, json_pack("{s:[o]}", "roles", role));
    return iam_fixture_new(arena_cstr(a, json_text(a, config)));
}

static void compare_state(struct iam_fixture *f, struct tally *t, json_t *row, const char *name)
{
    json_t *after = json_object_get(json_object_get(row, "expect"), "state_after");
    struct parameters p = { .arena = f->arena };
    if (!after)
        return;
    add(&p, STR("Action"), STR("GetRole"));
    add(&p, STR("RoleName"), str_of(name));
    struct iam_fixture_reply r = send(f, &p);
    want(t, row, "description", iam_fixture_text(&r, "GetRoleResult/Role/Description"),
         value_of(f->arena, json_object_get(after, "Description")));
    want(t, row, "duration", iam_fixture_text(&r, "GetRoleResult/Role/MaxSessionDuration"),
         value_of(f->arena, json_object_get(after, "MaxSessionDuration")));
}

static void judge_input(struct iam_fixture *unused, struct tally *t, json_t *row)
{
    struct str api = text_of(row, "api");
    bool create = str_eq(api, STR("IAM CreateRole"));
    (void)unused;
    if (!str_contains(text_of(row, "id"), STR("resource_inputs#")) ||
        !(create || str_starts(api, STR("IAM UpdateRole"))))
        return;
    struct arena *a = arena_new();
    struct iam_fixture *f = before(a, row);
    struct parameters p = { .arena = f->arena };
    add(&p, STR("Action"), str_sub(api, strlen("IAM "), api.n));
    add(&p, STR("RoleName"), create ? STR("new") : STR("probe"));
    if (create)
        add(&p, STR("AssumeRolePolicyDocument"), STR(PROBE_TRUST));
    add_input(&p, json_object_get(row, "input"));
    struct iam_fixture_reply r = send(f, &p);
    compare_outcome(t, row, &r);
    compare_state(f, t, row, create ? "new" : "probe");
    ended(t);
    iam_fixture_free(f);
    arena_free(a);
}

/* ---- files ---- */

static struct str with_account(struct arena *a, struct str text)
{
    const struct str mark = STR("$ACCOUNT");
    struct text t = text_new(a, FILE_BYTES_MAX * 2);
    while (text.n) {
        size_t n = str_starts(text, mark) ? mark.n : 0;
        text_put(&t, n ? STR(IAM_FIXTURE_ACCOUNT) : str_sub(text, 0, 1));
        text = str_sub(text, n ? n : 1, text.n);
    }
    return text_str(&t);
}

static void judge_file(const char *folder, const char *name, struct tally *t,
                       void (*judge)(struct iam_fixture *, struct tally *, json_t *))
{
    struct iam_fixture *f = iam_fixture_new(NULL);
    struct arena *a = f->arena;
    struct why why = why_new(a);
    struct json_doc *doc;
    struct str text;
    json_t *row;
    size_t i;
    char *path = arena_cstr(a, arena_printf(a, "%s/%s", folder, name));
    if (failed(file_read(a, &why, path, FILE_BYTES_MAX, &text)) ||
        failed(json_load(a, &why, str_of(name), with_account(a, text), JSON_LAST_WINS, &doc))) {
        fprintf(stderr, "%.*s\n", STR_ARG(why_text(&why)));
        exit(2);
    }
    json_array_foreach(doc->root, i, row) judge(f, t, row);
    iam_fixture_free(f);
}

static struct tally all;
static char folder[4096];

/* The fixture speaks to a running test of Check. */
START_TEST(rows_agree)
{
    judge_file(folder, "iam.json", &all, judge_wire);
    judge_file(folder, "trust_write.json", &all, judge_trust);
    judge_file(folder, "query.json", &all, judge_input);
}
END_TEST

static bool run(void)
{
    Suite *s = suite_create("observed_roles");
    TCase *t = tcase_create("rows");
    SRunner *runner;
    tcase_add_test(t, rows_agree);
    suite_add_tcase(s, t);
    runner = srunner_create(s);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_SILENT);
    bool ran = srunner_ntests_failed(runner) == 0;
    srunner_free(runner);
    return ran;
}

int main(int argc, char **argv)
{
    const char *above = getenv("OBSERVED_DIR");
    if (argc < 2 && !above) {
        fprintf(stderr, "usage: observed_roles FOLDER\n");
        return 2;
    }
    if (argc > 1)
        snprintf(folder, sizeof folder, "%s", argv[1]);
    else
        snprintf(folder, sizeof folder, "%s/aws-observed", above);
    if (!run()) {
        fprintf(stderr, "observed_roles: did not come to the end\n");
        return 2;
    }
    printf("observed roles: %zu rows, %zu mismatches\n", all.passed + all.failed, all.failed);
    printf("%zu passed, %zu failed\n", all.passed, all.failed);
    return all.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
