#include "tests/observed/wire.h"

#include "base/text.h"

/* Rows of condition.json that were put to the policy simulator. */

#define CALLER   "arn:aws:iam::" ROWS_ACCOUNT ":user/caller"
#define RESOURCE "arn:aws:s3:::bucket/object"

enum { POLICY_BYTES_MAX = 128 * 1024 };

/* ---- what a row asks ---- */

/* A row without "actions" is itself the one it asks for. */
static struct str action_of(json_t *action)
{
    struct str name = rows_text(action, "action");
    return name.n ? name : STR("s3:GetObject");
}

/* An Allow of that action under its condition; its Resource is "*" unless it names one. */
static void put_statement(struct text *t, struct arena *a, json_t *action, const char *who)
{
    static const char *const members[] = { "Resource", "NotResource", "Condition" };
    static const char *const from[] = { "Resource", "NotResource", "condition" };
    struct str name = action_of(action);
    text_printf(t, "%s{\"Effect\": \"Allow\", \"Action\": \"%.*s\"%s", t->n ? ", " : "",
                STR_ARG(name), who);
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++)
        if (json_object_get(action, from[i]))
            text_printf(t, ", \"%s\": %.*s", members[i],
                        STR_ARG(wire_document(a, json_object_get(action, from[i]))));
    if (!json_object_get(action, "Resource") && !json_object_get(action, "NotResource"))
        text_put(t, STR(", \"Resource\": \"*\""));
    text_putc(t, '}');
}

static struct str policy_of(struct arena *a, json_t *row, const char *who)
{
    struct text t = text_new(a, POLICY_BYTES_MAX);
    json_t *actions = json_object_get(row, "actions"), *action;
    size_t i;
    if (json_object_get(row, "policy"))
        return wire_document(a, json_object_get(row, "policy"));
    json_array_foreach(actions, i, action) put_statement(&t, a, action, who);
    if (!actions)
        put_statement(&t, a, row, who);
    return arena_printf(a, "{\"Version\": \"2012-10-17\", \"Statement\": [%.*s]}",
                        STR_ARG(text_str(&t)));
}

/* "..., ContextKeyType ip; ...": the type its values were given with. */
static struct str type_of(json_t *row)
{
    struct str mark = STR("ContextKeyType "), how = rows_text(row, "how");
    while (how.n && !str_starts(how, mark))
        how = str_sub(how, 1, how.n);
    struct str name = str_sub(how, mark.n, how.n);
    name = str_cut(&name, ';');
    return name.n ? name : STR("string");
}

/* null: absent; a string: one value; an array: a list. */
static void put_context(struct wire_form *form, struct arena *a, json_t *row)
{
    const char *key;
    json_t *value;
    size_t n = 0;
    json_object_foreach(json_object_get(row, "context"), key, value)
    {
        if (json_is_null(value))
            continue;
        struct str at = arena_printf(a, "ContextEntries.member.%zu.", ++n);
        struct str list = json_is_array(value) ? STR("List") : STR("");
        wire_put(form, arena_join(a, at, STR("ContextKeyName")), str_of(key));
        wire_put(form, arena_join(a, at, STR("ContextKeyType")), arena_join(a, type_of(row), list));
        if (json_is_array(value))
            wire_put_json(form, arena_join(a, at, STR("ContextKeyValues")), value);
        else
            wire_put(form, arena_join(a, at, STR("ContextKeyValues.member.1")), json_str(value));
    }
}

static void put_policies(struct wire_form *form, struct arena *a, json_t *row)
{
    bool of_resource =
        str_starts(rows_text(row, "where"), STR("the condition is in a resource policy"));
    if (!of_resource) {
        wire_put(form, STR("PolicyInputList.member.1"), policy_of(a, row, ""));
        return;
    }
    wire_put(form, STR("PolicyInputList.member.1"),
             STR("{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", "
                 "\"Action\": \"iam:ListUsers\", \"Resource\": \"*\"}}"));
    wire_put(form, STR("ResourcePolicy"),
             policy_of(a, row, ", \"Principal\": {\"AWS\": \"" CALLER "\"}"));
    wire_put(form, STR("CallerArn"), STR(CALLER));
}

static void put_actions(struct wire_form *form, struct arena *a, json_t *row)
{
    json_t *actions = json_object_get(row, "actions"), *action;
    size_t i;
    if (!actions)
        wire_put(form, STR("ActionNames.member.1"), action_of(row));
    json_array_foreach(actions, i, action)
    {
        wire_put(form, arena_printf(a, "ActionNames.member.%zu", i + 1), action_of(action));
    }
}

static void put_resources(struct wire_form *form, struct arena *a, json_t *row)
{
    const char *resource;
    json_t *decision;
    size_t n = 0;
    json_object_foreach(json_object_get(row, "per_resource"), resource, decision)
    {
        wire_put(form, arena_printf(a, "ResourceArns.member.%zu", ++n), str_of(resource));
    }
    if (!n)
        wire_put(form, STR("ResourceArns.member.1"),
                 rows_text(row, "resource").n ? rows_text(row, "resource") : STR(RESOURCE));
}

/* ---- what it answers ---- */

static const struct xml_node *result_of(const struct iam_fixture_reply *r, struct str action)
{
    const struct xml_node *results =
        xml_find(r->xml, "SimulateCustomPolicyResult/EvaluationResults");
    const struct xml_node *n = results ? results->first_child : NULL;
    while (n && !str_eq_nocase(xml_text(n, "EvalActionName"), action))
        n = n->next;
    return n;
}

static enum rows_verdict judge_decision(struct arena *a, json_t *action,
                                        const struct iam_fixture_reply *r, struct str *reason)
{
    const struct xml_node *result = result_of(r, action_of(action));
    struct str wanted = rows_text(action, "decision");
    struct str got = result ? xml_text(result, "EvalDecision") : STR("(no result)");
    if (!wanted.n)
        wanted = rows_text(action, "aggregate_decision");
    return str_eq(got, wanted)
               ? AGREES
               : rows_differ(a, reason, "AWS %.*s, here %.*s: %.*s", STR_ARG(wanted), STR_ARG(got),
                             STR_ARG(json_text(a, json_object_get(action, "condition"))));
}

static enum rows_verdict judge_resources(struct arena *a, json_t *row,
                                         const struct iam_fixture_reply *r, struct str *reason)
{
    const struct xml_node *result = result_of(r, action_of(row));
    const struct xml_node *each = result ? xml_find(result, "ResourceSpecificResults") : NULL;
    const char *resource;
    json_t *wanted;
    json_object_foreach(json_object_get(row, "per_resource"), resource, wanted)
    {
        struct str got = STR("(no result)");
        for (const struct xml_node *n = each ? each->first_child : NULL; n; n = n->next)
            if (str_eq(xml_text(n, "EvalResourceName"), str_of(resource)))
                got = xml_text(n, "EvalResourceDecision");
        if (!str_eq(got, json_str(wanted)))
            return rows_differ(a, reason, "%s: AWS %.*s, here %.*s", resource,
                               STR_ARG(json_str(wanted)), STR_ARG(got));
    }
    return AGREES;
}

static enum rows_verdict judge_decisions(struct arena *a, json_t *row,
                                         const struct iam_fixture_reply *r, struct str *reason)
{
    json_t *actions = json_object_get(row, "actions"), *action;
    enum rows_verdict v = AGREES;
    size_t i;
    if (r->status != 200)
        return rows_differ(a, reason, "AWS succeeds, here %.*s: %.*s", STR_ARG(r->code),
                           STR_ARG(r->message));
    json_array_foreach(actions, i, action)
    {
        v = v == AGREES ? judge_decision(a, action, r, reason) : v;
    }
    if (!actions)
        v = judge_decision(a, row, r, reason);
    return v == AGREES ? judge_resources(a, row, r, reason) : v;
}

/* ---- policies that grant access to a service ---- */

static enum rows_verdict judge_listing(struct arena *a, struct wire *w, json_t *row,
                                       struct str *reason)
{
    struct wire_form form = wire_form(w, "PutUserPolicy");
    wire_put(&form, STR("UserName"), STR("probe"));
    wire_put(&form, STR("PolicyName"), STR("p"));
    wire_put(&form, STR("PolicyDocument"), policy_of(a, row, ""));
    struct iam_fixture_reply r = wire_send(w, SERVICE_IAM, &iam_fixture_root, &form);
    if (r.status != 200)
        return rows_differ(a, reason, "the policy is refused: %.*s", STR_ARG(r.message));
    r = wire_call(w, "ListPoliciesGrantingServiceAccess",
                  "{\"Arn\": \"arn:aws:iam::" ROWS_ACCOUNT
                  ":user/probe\", \"ServiceNamespaces\": [\"s3\"]}");
    if (r.status != 200)
        return rows_differ(a, reason, "%.*s: %.*s", STR_ARG(r.code), STR_ARG(r.message));
    const struct xml_node *policies =
        xml_find(r.xml, "ListPoliciesGrantingServiceAccessResult/PoliciesGrantingServiceAccess/"
                        "member/Policies/member");
    bool listed = json_is_true(json_object_get(row, "policy_listed_for_s3"));
    return !policies == !listed ? AGREES : rows_differ(a, reason, "listed: %d", policies != NULL);
}

enum rows_verdict wire_judge_simulation(struct arena *a, struct wire *w, json_t *row,
                                        struct str *reason)
{
    struct wire_form form = wire_form(w, "SimulateCustomPolicy");
    struct str code = rows_text(row, "code");
    if (json_object_get(row, "policy_listed_for_s3"))
        return judge_listing(a, w, row, reason);
    put_policies(&form, a, row);
    put_actions(&form, a, row);
    put_resources(&form, a, row);
    put_context(&form, a, row);
    struct iam_fixture_reply r = wire_send(w, SERVICE_IAM, &iam_fixture_root, &form);
    return code.n && !str_eq(code, STR("Success")) ? wire_judge_error(a, &r, row, reason)
                                                   : judge_decisions(a, row, &r, reason);
}
