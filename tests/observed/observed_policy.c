/*
 * Matches condition.json and trust_write.json of recorded AWS answers, row by row.
 *   observed_policy [FOLDER]      default: $OBSERVED_DIR/aws-observed
 * A row of the policy simulator is put to the policies of POLICY_SIMULATED, which answer as it
 * does.
 */
#include "tests/observed/rows.h"

#include "base/text.h"
#include "fakests/policy/permission.h"
#include "fakests/policy/save.h"
#include "fakests/policy/simulated.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- documents ---- */

/* A policy of the statements; NULL, and why, when it is refused. */
static struct policy *policy_of(struct arena *a, struct why *why, enum policy_kind kind,
                                struct str statements)
{
    struct str text = arena_printf(a, "{\"Version\": \"2012-10-17\", \"Statement\": [%.*s]}",
                                   STR_ARG(statements));
    struct json_at root = json_at_root(rows_document(a, text));
    struct policy *p = NULL;
    *why = why_new(a);
    return failed(policy_read(a, why, &root, kind, &p)) ? NULL : p;
}

/* A statement on any action and resource. */
static struct str statement(struct arena *a, const char *effect, json_t *condition)
{
    struct text t = text_new(a, 1024 * 1024);
    text_printf(&t, "{\"Effect\": \"%s\", \"Action\": \"*\", \"Resource\": \"*\"", effect);
    if (condition)
        text_printf(&t, ", \"Condition\": %.*s", STR_ARG(json_text(a, condition)));
    text_putc(&t, '}');
    return text_str(&t);
}

/* null: absent; a string: one value; an array: a key that is declared a list. */
static struct keys conrows_text(struct arena *a, json_t *row)
{
    struct keys keys = keys_new(a);
    const char *key;
    json_t *value, *item;
    size_t i;
    json_object_foreach(json_object_get(row, "context"), key, value)
    {
        if (json_is_string(value))
            keys_put(&keys, str_of(key), json_str(value));
        if (json_is_array(value))
            keys_put_list(&keys, str_of(key), NULL, 0);
        json_array_foreach(value, i, item) keys_add(&keys, str_of(key), json_str(item));
    }
    return keys;
}

static enum policy_decision decide(struct arena *a, const struct policy *p, json_t *row)
{
    struct keys keys = conrows_text(a, row);
    struct policy_ask ask = { .arena = a,
                              .action = STR("iam:TagUser"),
                              .resource = STR("arn:aws:iam::" ROWS_ACCOUNT ":user/probe"),
                              .keys = &keys };
    struct policy_trace trace;
    enum policy_decision told = policy_eval(p, &ask, &trace);
    if (told != policy_eval(p, &ask, NULL)) {
        fprintf(stderr, "the trace and the decision differ\n");
        exit(2);
    }
    return told;
}

/* ---- condition.json ---- */

/* The engine itself: a session policy that allows under the condition, or allows all and denies
 * under it. */
static enum rows_verdict judge_session(struct arena *a, json_t *row, struct str *reason)
{
    struct str decision = rows_text(row, "decision");
    bool deny = str_eq(rows_text(row, "effect"), STR("Deny"));
    bool also_allow =
        deny || json_is_true(json_object_get(row, "unconditional_allow_also_present"));
    struct str conditional =
        statement(a, deny ? "Deny" : "Allow", json_object_get(row, "condition"));
    struct why why;

    if (str_starts(decision, STR("tag-"))) {
        *reason = STR("the API refused the tag itself");
        return SKIPPED;
    }
    struct policy *p =
        policy_of(a, &why, POLICY_SESSION,
                  also_allow ? arena_printf(a, "%.*s, %.*s", STR_ARG(statement(a, "Allow", NULL)),
                                            STR_ARG(conditional))
                             : conditional);
    struct str got = !p                                  ? STR("policy-rejected")
                     : decide(a, p, row) == POLICY_ALLOW ? STR("allowed")
                                                         : STR("denied");
    *reason = arena_printf(a, "AWS %.*s, here %.*s", STR_ARG(decision), STR_ARG(got));
    return str_starts(decision, str_sub(got, 0, 6)) ? AGREES : DIFFERS;
}

static enum rows_verdict judge_storage(struct arena *a, json_t *row, struct str *reason)
{
    struct why why;
    bool accepted = policy_of(a, &why, POLICY_IDENTITY,
                              statement(a, "Allow", json_object_get(row, "condition")));
    *reason = accepted ? STR("AWS refused it, here it is accepted") : why_text(&why);
    return accepted == json_is_true(json_object_get(row, "accepted")) ? AGREES : DIFFERS;
}

/* ---- condition.json: the policy simulator ---- */

#define CALLER "arn:aws:iam::" ROWS_ACCOUNT ":user/caller"
static const struct str decisions[] = { STR_INIT("implicitDeny"), STR_INIT("allowed"),
                                        STR_INIT("explicitDeny") };

/* The type its values were given with: "..., ContextKeyType ip; ..."; NULL when none is told. */
static const struct simulated_type *type_of(json_t *row)
{
    struct str mark = STR("ContextKeyType "), how = rows_text(row, "how");
    while (how.n && !str_starts(how, mark))
        how = str_sub(how, 1, how.n);
    struct str name = str_sub(how, mark.n, how.n);
    return simulated_type_find(str_cut(&name, ';'));
}

/* Whether the simulator refuses a value of the request for its type. */
static bool refuses_values(struct arena *a, json_t *row)
{
    const struct simulated_type *type = type_of(row);
    struct keys keys = conrows_text(a, row);
    for (size_t i = 0; type && i < keys.n; i++)
        for (size_t j = 0; j < keys.entries[i].n_values; j++)
            if (!simulated_type_fits(a, type, keys.entries[i].values[j]))
                return true;
    return false;
}

/* A row without "actions" is itself the one it asks for. */
static struct str action_of(json_t *action)
{
    struct str name = rows_text(action, "action");
    return name.n ? name : STR("s3:GetObject");
}

/* An Allow of that action under its condition; its Resource is "*" unless it names one. */
static void put_statement(struct text *t, struct arena *a, json_t *action, const char *who)
{
    static const char *const elements[] = { "Resource", "NotResource" };
    json_t *condition = json_object_get(action, "condition");
    struct str name = action_of(action), resource = STR("\"Resource\": \"*\"");
    for (size_t i = 0; i < 2; i++)
        if (json_object_get(action, elements[i]))
            resource = arena_printf(a, "\"%s\": %.*s", elements[i],
                                    STR_ARG(json_text(a, json_object_get(action, elements[i]))));
    text_printf(t, "%s{\"Effect\": \"Allow\", \"Action\": \"%.*s\", %s%.*s", t->n ? ", " : "",
                STR_ARG(name), who, STR_ARG(resource));
    if (condition)
        text_printf(t, ", \"Condition\": %.*s", STR_ARG(json_text(a, condition)));
    text_putc(t, '}');
}

/* What a row asks the simulator: its statements in one policy, the caller's or the resource's. */
struct simulation {
    struct permission_policy policies[2];
    size_t n_policies;
    struct keys keys;
    struct str resource;
};

static bool put_policy(struct arena *a, struct simulation *s, enum policy_source source,
                       struct str statements, struct str *reason)
{
    struct why why;
    struct policy *p =
        policy_of(a, &why, source == SOURCE_RESOURCE ? POLICY_SIMULATED_RESOURCE : POLICY_SIMULATED,
                  statements);
    if (!p)
        *reason = why_text(&why);
    s->policies[s->n_policies++] = (struct permission_policy){ source, STR(""), p };
    return p;
}

static bool simulation_of(struct arena *a, json_t *row, struct simulation *s, struct str *reason)
{
    struct text t = text_new(a, 1024 * 1024);
    bool of_resource =
        str_starts(rows_text(row, "where"), STR("the condition is in a resource policy"));
    const char *who = of_resource ? "\"Principal\": {\"AWS\": \"" CALLER "\"}, " : "";
    json_t *actions = json_object_get(row, "actions"), *action;
    size_t i;

    *s =
        (struct simulation){ .keys = conrows_text(a, row), .resource = rows_text(row, "resource") };
    if (!s->resource.n)
        s->resource = STR("arn:aws:s3:::bucket/object");
    json_array_foreach(actions, i, action) put_statement(&t, a, action, who);
    if (!actions)
        put_statement(&t, a, row, who);
    if (of_resource && !put_policy(a, s, SOURCE_IDENTITY,
                                   STR("{\"Effect\": \"Allow\", \"Action\": "
                                       "\"iam:ListUsers\", \"Resource\": \"*\"}"),
                                   reason))
        return false;
    return put_policy(a, s, of_resource ? SOURCE_RESOURCE : SOURCE_IDENTITY, text_str(&t), reason);
}

static enum policy_decision simulate(struct arena *a, const struct simulation *s, struct str action)
{
    static const struct policy_principal caller = { STR_INIT("AWS"), STR_INIT(CALLER) };
    struct permission_ask ask = {
        .ask = { .arena = a, .action = action, .resource = s->resource, .keys = &s->keys },
        .policies = s->policies,
        .n_policies = s->n_policies,
        .principals = { [GRANT_SESSION] = &caller },
        .n_principals = { [GRANT_SESSION] = 1 },
    };
    struct permission told, traced;
    permission_decide(&ask, false, &told);
    permission_decide(&ask, true, &traced);
    if (told.decision != traced.decision) {
        fprintf(stderr, "the trace and the decision differ\n");
        exit(2);
    }
    return told.decision;
}

static enum rows_verdict judge_simulated(struct arena *a, const struct simulation *s,
                                         json_t *action, struct str *reason)
{
    struct str wanted = rows_text(action, "decision"),
               got = decisions[simulate(a, s, action_of(action))];
    bool matched = json_is_true(json_object_get(action, "matched"));
    if (!wanted.n)
        wanted = rows_text(action, "aggregate_decision");
    *reason = arena_printf(a, "AWS %.*s (%s), here %.*s: %.*s", STR_ARG(wanted),
                           matched ? "matched" : "not", STR_ARG(got),
                           STR_ARG(json_text(a, json_object_get(action, "condition"))));
    return str_eq(got, wanted) && str_eq(got, STR("allowed")) == matched ? AGREES : DIFFERS;
}

static enum rows_verdict judge_simulation(struct arena *a, json_t *row, struct str *reason)
{
    bool refused = refuses_values(a, row);
    struct simulation s;
    json_t *actions = json_object_get(row, "actions"), *action;
    size_t i;

    *reason =
        refused ? STR("here the value is none of its type") : STR("here its values are taken");
    if (refused || str_eq(rows_text(row, "code"), STR("InvalidInput")))
        return refused == str_eq(rows_text(row, "code"), STR("InvalidInput")) ? AGREES : DIFFERS;
    if (!simulation_of(a, row, &s, reason))
        return DIFFERS;
    json_array_foreach(actions, i, action)
    {
        if (judge_simulated(a, &s, action, reason) == DIFFERS)
            return DIFFERS;
    }
    return actions ? AGREES : judge_simulated(a, &s, row, reason);
}

/* A whole policy, and what it says to one action on each resource. */
static enum rows_verdict judge_simulated_policy(struct arena *a, json_t *row, struct str *reason)
{
    struct json_at root =
        json_at_root(rows_document(a, json_text(a, json_object_get(row, "policy"))));
    struct why why = why_new(a);
    struct policy *p;
    struct simulation s = { .keys = conrows_text(a, row), .n_policies = 1 };
    const char *resource;
    json_t *wanted;

    if (failed(policy_read(a, &why, &root, POLICY_SIMULATED, &p))) {
        *reason = why_text(&why);
        return DIFFERS;
    }
    s.policies[0] = (struct permission_policy){ SOURCE_IDENTITY, STR(""), p };
    json_object_foreach(json_object_get(row, "per_resource"), resource, wanted)
    {
        s.resource = str_of(resource);
        struct str got = decisions[simulate(a, &s, rows_text(row, "action"))];
        *reason = arena_printf(a, "here %.*s", STR_ARG(got));
        if (!str_eq(got, json_str(wanted)) || !str_eq(got, rows_text(row, "aggregate_decision")))
            return DIFFERS;
    }
    return AGREES;
}

/* ListPoliciesGrantingServiceAccess lists a policy that lets some resource of the service be used.
 */
static enum rows_verdict judge_listing(struct arena *a, json_t *row, struct str *reason)
{
    json_t *document_of = json_object_get(row, "policy");
    json_t *first = json_array_get(json_object_get(document_of, "Statement"), 0);
    struct json_at root = json_at_root(rows_document(a, json_text(a, document_of)));
    struct why why = why_new(a);
    struct policy *p;
    struct keys keys = keys_new(a);
    struct policy_ask ask = { .arena = a,
                              .action = STR("s3:GetObject"),
                              .resource = rows_text(first, "Resource"),
                              .keys = &keys };
    if (failed(policy_read(a, &why, &root, POLICY_IDENTITY, &p))) {
        *reason = why_text(&why);
        return DIFFERS;
    }
    bool granted = policy_eval(p, &ask, NULL) == POLICY_ALLOW;
    *reason = granted ? STR("here it grants access") : STR("here it grants none");
    return granted == json_is_true(json_object_get(row, "policy_listed_for_s3")) ? AGREES : DIFFERS;
}

static enum rows_verdict judge_condition(struct arena *a, void *context, json_t *row,
                                         struct str *reason)
{
    (void)context;
    struct str how = rows_text(row, "how");
    if (str_starts(how, STR("IAM TagUser")))
        return judge_session(a, row, reason);
    if (str_starts(how, STR("IAM PutUserPolicy")))
        return judge_storage(a, row, reason);
    if (str_starts(how, STR("SimulateCustomPolicy")))
        return json_object_get(row, "policy") ? judge_simulated_policy(a, row, reason)
                                              : judge_simulation(a, row, reason);
    if (json_object_get(row, "policy_listed_for_s3"))
        return judge_listing(a, row, reason);
    *reason = json_object_get(row, "fact") ? STR("prose: the policy tests say it")
                                           : STR("another API's answer");
    return SKIPPED;
}

/* ---- trust_write.json ---- */

static struct outcome save(struct arena *a, struct why *why, struct str text)
{
    struct json_at root = json_at_root(rows_document(a, text));
    struct policy *p;
    *why = why_new(a);
    TRY(policy_read(a, why, &root, POLICY_TRUST, &p));
    return policy_save_check(a, why, p, &root);
}

static struct str code_of(enum fault fault)
{
    return fault == FAULT_NONE               ? STR("")
           : fault == FAULT_POLICY_TOO_LARGE ? STR("LimitExceeded")
                                             : STR("MalformedPolicyDocument");
}

static enum rows_verdict judge_document(struct arena *a, json_t *row, struct str *reason)
{
    json_t *expect = json_object_get(row, "expect");
    struct why why;
    struct outcome o = save(a, &why, json_text_pretty(a, json_object_get(row, "document")));
    *reason = failed(o) ? arena_printf(a, "refused: %.*s (%.*s)", STR_ARG(why.arg[0]),
                                       STR_ARG(why_text(&why)))
                        : STR("accepted");
    if (json_is_true(json_object_get(expect, "ok")))
        return failed(o) ? DIFFERS : AGREES;
    return str_eq(code_of(o.fault), rows_text(expect, "code")) &&
                   str_eq(why.arg[0], rows_text(expect, "message"))
               ? AGREES
               : DIFFERS;
}

/* A fact told in prose: the issuer's statement is refused without that key, and accepted with it.
 */
static enum rows_verdict judge_required_key(struct arena *a, json_t *row, struct str *reason)
{
    struct str issuer = rows_text(row, "issuer"), key = rows_text(row, "required_condition_key");
    struct str head = arena_printf(
        a,
        "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": "
        "{\"Federated\": \"arn:aws:iam::" ROWS_ACCOUNT ":oidc-provider/%.*s\"}, \"Action\": "
        "\"sts:AssumeRoleWithWebIdentity\"",
        STR_ARG(issuer));
    struct why without, with;
    bool refused = failed(save(a, &without, arena_printf(a, "%.*s}}", STR_ARG(head))));
    bool accepted = !failed(
        save(a, &with,
             arena_printf(a, "%.*s, \"Condition\": {\"StringEquals\": {\"%.*s\": \"owned\"}}}}",
                          STR_ARG(head), STR_ARG(key))));
    *reason = arena_printf(a, "refused without: %d, accepted with: %d", refused, accepted);
    return refused && accepted && str_contains(without.arg[0], key) ? AGREES : DIFFERS;
}

static enum rows_verdict judge_trust(struct arena *a, void *context, json_t *row,
                                     struct str *reason)
{
    (void)context;
    if (json_object_get(row, "document"))
        return judge_document(a, row, reason);
    if (json_object_get(row, "required_condition_key"))
        return judge_required_key(a, row, reason);
    *reason = STR("no document");
    return SKIPPED;
}

int main(int argc, char **argv)
{
    const struct rows_judge condition = { .judge = judge_condition },
                            trust = { .judge = judge_trust };
    struct rows_tally tally = { { 0 } };
    char folder[4096];

    if (!rows_folder(argc, argv, folder, sizeof folder))
        return 2;
    rows_judge_file(folder, "condition.json", &condition, &tally);
    rows_judge_file(folder, "trust_write.json", &trust, &tally);
    return rows_close(&tally);
}
