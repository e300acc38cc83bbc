#include "tests/observed/wire.h"

#include "base/text.h"

/*
 * condition.json: conditions in the session policy of somebody who tags a user, in policies that
 * are put, and in the simulator.
 */
#define ROLE "arn:aws:iam::" ROWS_ACCOUNT ":role/session"

enum { POLICY_BYTES_MAX = 128 * 1024 };

struct conditions {
    struct wire wire;
    struct iam_fixture_key user; /* who assumes the role: root may not */
};

static const struct {
    const char *action, *input;
} set_ups[] = {
    { "CreateUser", "{\"UserName\": \"probe\"}" },
    { "CreateRole", "{\"RoleName\": \"session\", \"AssumeRolePolicyDocument\": {\"Version\": "
                    "\"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": "
                    "{\"AWS\": \"" ROWS_ACCOUNT "\"}, \"Action\": \"sts:AssumeRole\"}}}" },
    { "AttachRolePolicy", "{\"RoleName\": \"session\", \"PolicyArn\": "
                          "\"arn:aws:iam::aws:policy/AdministratorAccess\"}" },
};

/* ---- the session ---- */

static void put_statement(struct text *t, struct arena *a, const char *effect, json_t *condition)
{
    text_printf(t, "{\"Effect\":\"%s\",\"Action\":\"*\",\"Resource\":\"*\"", effect);
    if (condition)
        text_printf(t, ",\"Condition\":%.*s", STR_ARG(wire_document(a, condition)));
    text_putc(t, '}');
}

/* Allows under the condition, or allows all and denies under it. */
static struct str policy_of(struct arena *a, json_t *row)
{
    struct text t = text_new(a, POLICY_BYTES_MAX);
    bool deny = str_eq(rows_text(row, "effect"), STR("Deny"));
    text_put(&t, STR("{\"Version\":\"2012-10-17\",\"Statement\":["));
    if (deny || json_is_true(json_object_get(row, "unconditional_allow_also_present"))) {
        put_statement(&t, a, "Allow", NULL);
        text_putc(&t, ',');
    }
    put_statement(&t, a, deny ? "Deny" : "Allow", json_object_get(row, "condition"));
    text_put(&t, STR("]}"));
    return text_str(&t);
}

static struct iam_fixture_reply assume(struct conditions *c, struct str policy)
{
    struct wire_form form = wire_form(&c->wire, "AssumeRole");
    wire_put(&form, STR("RoleArn"), STR(ROLE));
    wire_put(&form, STR("RoleSessionName"), STR("observed"));
    wire_put(&form, STR("Policy"), policy);
    return wire_send(&c->wire, SERVICE_STS, &c->user, &form);
}

static struct iam_fixture_reply tag(struct conditions *c, const struct iam_fixture_key *as,
                                    json_t *tags)
{
    struct wire_form form = wire_form(&c->wire, "TagUser");
    wire_put(&form, STR("UserName"), STR("probe"));
    wire_put_json(&form, STR("Tags"), tags);
    return wire_send(&c->wire, SERVICE_IAM, as, &form);
}

/* A user has 50 tags at most. */
static void untag(struct conditions *c, json_t *tags)
{
    struct wire_form form = wire_form(&c->wire, "UntagUser");
    size_t i;
    json_t *one;
    wire_put(&form, STR("UserName"), STR("probe"));
    json_array_foreach(tags, i, one)
    {
        wire_put(&form, arena_printf(c->wire.arena, "TagKeys.member.%zu", i + 1),
                 rows_text(one, "Key"));
    }
    (void)wire_send(&c->wire, SERVICE_IAM, &iam_fixture_root, &form);
}

static enum rows_verdict judge_session(struct arena *a, struct conditions *c, json_t *row,
                                       struct str *reason)
{
    struct str wanted = rows_text(row, "code"), got;
    json_t *tags = json_object_get(row, "tags");
    struct iam_fixture_reply r = assume(c, policy_of(a, row));
    if (r.status == 200) {
        struct iam_fixture_key as = iam_fixture_credentials(&r);
        r = tag(c, &as, tags);
        got = r.code.n ? r.code : STR("Success");
    } else {
        got = arena_join(a, STR("AssumeRole:"), r.code);
    }
    if (r.status == 200)
        untag(c, tags);
    return str_eq(got, wanted)
               ? AGREES
               : rows_differ(a, reason, "AWS %.*s, here %.*s: %.*s (%.*s)", STR_ARG(wanted),
                             STR_ARG(got), STR_ARG(r.message), STR_ARG(r.reason));
}

/* ---- policies that are put ---- */

/* Every way a document gets into IAM says the same to it. */
static const struct {
    const char *action, *input;
} stores[] = {
    { "PutUserPolicy", "\"UserName\": \"probe\", \"PolicyName\": \"p\"" },
    { "PutRolePolicy", "\"RoleName\": \"session\", \"PolicyName\": \"p\"" },
    { "CreatePolicy", "\"PolicyName\": \"p\"" },
};

static enum rows_verdict judge_storage(struct arena *a, struct conditions *c, json_t *row,
                                       struct str *reason)
{
    struct text t = text_new(a, POLICY_BYTES_MAX);
    enum rows_verdict v = AGREES;
    put_statement(&t, a, "Allow", json_object_get(row, "condition"));
    for (size_t i = 0; i < sizeof stores / sizeof stores[0] && v == AGREES; i++) {
        struct str input = arena_printf(a,
                                        "{%s, \"PolicyDocument\": {\"Version\": \"2012-10-17\", "
                                        "\"Statement\": [%.*s]}}",
                                        stores[i].input, STR_ARG(text_str(&t)));
        struct iam_fixture_reply r = wire_call(&c->wire, stores[i].action, input.p);
        v = wire_judge_error(a, &r, row, reason);
        if (r.status == 200 && str_eq(str_of(stores[i].action), STR("CreatePolicy")))
            wire_set_up(&c->wire, "DeletePolicy",
                        "{\"PolicyArn\": \"arn:aws:iam::" ROWS_ACCOUNT ":policy/p\"}");
    }
    wire_call(&c->wire, "DeleteRolePolicy", "{\"RoleName\": \"session\", \"PolicyName\": \"p\"}");
    return v;
}

/* ---- facts told in prose ---- */

/* What follows from them: conditions, ' in the place of ", with what an Allow and a Deny under them
 * do. */
struct claim {
    const char *id, *condition, *tags;
    bool simulated; /* put to the simulator: tags cannot have the characters */
    bool allows, denies;
};

#define VALUE "'aws:RequestTag/value': "
#define NAME  "'arn:aws:iam::" ROWS_ACCOUNT ":user/test'"

static const struct claim claims[] = {
    { "prose#01", "'StringEquals': {" VALUE "'x'}", "'other': 'x'", false, false, false },
    { "prose#01", "'NumericLessThan': {" VALUE "'2'}", "'other': '1'", false, false, false },
    { "prose#01", "'StringNotEquals': {" VALUE "'x'}", "'other': 'x'", false, true, true },
    { "prose#01", "'NotIpAddress': {" VALUE "'10.0.0.0/8'}", "'other': 'x'", false, true, true },
    { "prose#01", "'StringEqualsIfExists': {" VALUE "'x'}", "'other': 'y'", false, true, true },
    { "prose#01", "'ForAllValues:StringLike': {" VALUE "'x'}", "'other': 'y'", false, true, true },
    { "prose#01", "'ForAnyValue:StringLike': {" VALUE "'*'}", "'other': 'y'", false, false, false },
    { "prose#02", "'Null': {" VALUE "'false'}", "'value': ''", false, true, true },
    { "prose#02", "'Null': {" VALUE "'true'}", "'value': ''", false, false, false },
    { "prose#02", "'Null': {" VALUE "'true'}", "'other': ''", false, true, true },
    { "prose#05", "'DateLessThan': {" VALUE "'2026-01-01T00:00:00.002Z'}",
      "'value': '2026-01-01T00:00:00.001Z'", false, true, true },
    { "prose#05", "'DateEquals': {" VALUE "'2026-01-01T00:00:00.002Z'}",
      "'value': '2026-01-01T00:00:00.001Z'", false, false, false },
    { "prose#05", "'NumericEquals': {" VALUE "'1'}", "'value': '+0001'", false, true, true },
    { "prose#05", "'NumericEquals': {" VALUE "'9007199254740993'}", "'value': '9007199254740992'",
      false, false, false },
    { "prose#05", "'NumericEquals': {" VALUE "'0.1'}", "'value': '0.10'", false, true, true },
    { "prose#07", "'ArnLike': {" VALUE "'${aws:RequestTag/pattern}'}",
      "'value': " NAME ", 'pattern': 'none'", false, false, true },
    { "prose#07", "'ArnLike': {" VALUE "'${aws:RequestTag/pattern}'}",
      "'value': 'none', 'pattern': 'none'", false, false, false },
    { "prose#08", "'IpAddress': {" VALUE "'not-an-ip'}", "'value': '192.0.2.1'", false, false,
      false },
    { "prose#08", "'NotIpAddress': {" VALUE "'not-an-ip'}", "'value': '192.0.2.1'", false, true,
      true },
    { "prose#08", "'NotIpAddress': {" VALUE "'not-an-ip'}", "'value': '192.0.2.1'", true, false,
      false },
    { "prose#08", "'IpAddress': {" VALUE "['192.0.2.0/24', 'not-an-ip']}", "'value': '192.0.2.1'",
      true, true, true },
    { "prose#08", "'IpAddress': {" VALUE "['not-an-ip', '192.0.2.0/24']}", "'value': '192.0.2.1'",
      true, false, false },
    { "prose#10",
      "'StringLike': {" VALUE "'?"
      "?'}",
      "'value': '\\ud801\\udc00'", false, true, true },
    { "prose#10", "'StringLike': {" VALUE "'?'}", "'value': '\\ud801\\udc00'", false, false,
      false },
    { "prose#10", "'StringLike': {" VALUE "'a*c'}", "'value': 'a/b:c'", false, true, true },
    { "prose#10", "'StringLike': {" VALUE "'a*c'}", "'value': 'a\\nc'", true, true, true },
    { "prose#10", "'StringLike': {" VALUE "'[a]'}", "'value': '[a]'", true, true, true },
    { "prose#10", "'StringLike': {" VALUE "'[a]'}", "'value': 'a'", true, false, false },
    { "prose#10", "'StringLike': {" VALUE "'a\\\\*'}", "'value': 'a\\\\b'", true, true, true },
    { "prose#10", "'StringLike': {" VALUE "'a\\\\*'}", "'value': 'a*'", true, false, false },
    { "prose#11", "'StringLike': {" VALUE "'${aws:RequestTag/pattern}'}",
      "'value': 'ab', 'pattern': 'a*'", true, false, false },
    { "prose#11", "'StringLike': {" VALUE "'${aws:RequestTag/pattern}'}",
      "'value': 'a*', 'pattern': 'a*'", true, true, true },
};

static json_t *tags_of(struct arena *a, json_t *object, bool simulated)
{
    json_t *list = json_keep(a, simulated ? json_object() : json_array()), *value;
    const char *key;
    json_object_foreach(object, key, value)
    {
        char *name = arena_cstr(a, arena_printf(a, "aws:RequestTag/%s", key));
        if (simulated)
            json_object_set(list, name, value);
        else
            json_array_append_new(list, json_pack("{s:s, s:O}", "Key", key, "Value", value));
    }
    return list;
}

/* As a row that was recorded. */
static enum rows_verdict judge_claim(struct arena *a, struct conditions *c, const struct claim *k,
                                     bool deny, struct str *reason)
{
    struct str text = arena_printf(a, "{'condition': {%s}, 'tags': {%s}}", k->condition, k->tags);
    json_t *row = rows_document(a, rows_replaced(a, text, STR("'"), STR("\"")))->root;
    json_t *tags = tags_of(a, json_object_get(row, "tags"), k->simulated);
    bool matches = deny ? k->denies : k->allows;
    json_object_set(row, k->simulated ? "context" : "tags", tags);
    json_object_set_new(row, "effect", json_string(deny ? "Deny" : "Allow"));
    json_object_set_new(row, "code", json_string(matches == deny ? "AccessDenied" : "Success"));
    json_object_set_new(row, "aggregate_decision",
                        json_string(matches ? "allowed" : "implicitDeny"));
    if (!k->simulated)
        return judge_session(a, c, row, reason);
    json_object_del(row, "code");
    return wire_judge_simulation(a, &c->wire, row, reason);
}

static enum rows_verdict judge_fact(struct arena *a, struct conditions *c, struct str id,
                                    struct str *reason)
{
    enum rows_verdict v = SKIPPED;
    *reason = STR("nothing is known to follow from it");
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        struct str why = STR("");
        if (!str_eq(id, str_of(claims[i].id)))
            continue;
        v = judge_claim(a, c, &claims[i], false, &why);
        if (v == AGREES && !claims[i].simulated)
            v = judge_claim(a, c, &claims[i], true, &why);
        if (v != AGREES)
            return rows_differ(a, reason, "%s %s: %.*s", claims[i].condition, claims[i].tags,
                               STR_ARG(why));
    }
    return v;
}

/* ---- the file ---- */

static enum rows_verdict judge(struct arena *a, void *context, json_t *row, struct str *reason)
{
    struct conditions *c = context;
    struct str how = rows_text(row, "how");
    if (str_starts(how, STR("IAM TagUser")))
        return judge_session(a, c, row, reason);
    if (str_starts(how, STR("IAM PutUserPolicy")))
        return judge_storage(a, c, row, reason);
    if (how.n)
        return wire_judge_simulation(a, &c->wire, row, reason);
    return judge_fact(a, c, rows_text(row, "id"), reason);
}

void wire_conditions(const char *folder, struct rows_tally *tally)
{
    struct conditions c = { .user = { .access_key_id = { NULL, 0 } } };
    wire_init(&c.wire);
    for (size_t i = 0; i < sizeof set_ups / sizeof set_ups[0]; i++)
        wire_set_up(&c.wire, set_ups[i].action, set_ups[i].input);
    c.user =
        wire_user(&c.wire, "caller",
                  "{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Resource\": \"*\"}");
    rows_judge_file(folder, "condition.json", &(struct rows_judge){ judge, &c }, tally);
    wire_free(&c.wire);
}
