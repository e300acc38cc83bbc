#include "tests/fuzz/fuzz.h"

#include "fakests/policy/policy.h"
#include "fakests/policy/save.h"

#include <stdlib.h>

/*
 * A policy document, a line "--", and the context of a request.  Any JSON is a policy or refused
 * with AWS's message and a place; what is refused is never evaluated; a decision follows from the
 * statements that its trace says matched, and is the same without the trace.
 */

static void want(bool holds)
{
    if (!holds)
        abort();
}

/* Cuts "first\n--\nsecond" in two. */
static struct str take_first(struct str *rest)
{
    struct str whole = *rest, mark = STR("\n--\n");
    for (size_t i = 0; i + mark.n <= whole.n; i++) {
        if (!str_starts(str_sub(whole, i, mark.n), mark))
            continue;
        *rest = str_sub(whole, i + mark.n, whole.n);
        return str_n(whole.p, i);
    }
    *rest = str_n(NULL, 0);
    return whole;
}

static json_t *load(struct arena *a, struct str text, struct json_doc **doc)
{
    struct why why = why_new(a);
    return failed(json_load(a, &why, STR("fuzz"), text, JSON_LAST_WINS, doc)) ? NULL : (*doc)->root;
}

static struct keys context_of(struct arena *a, json_t *root)
{
    struct keys keys = keys_new(a);
    const char *key;
    json_t *value, *item;
    size_t i;
    json_object_foreach(root, key, value)
    {
        if (json_is_string(value))
            keys_put(&keys, str_of(key), json_str(value));
        if (json_is_array(value))
            keys_put_list(&keys, str_of(key), NULL, 0);
        json_array_foreach(value, i, item)
        {
            keys_add(&keys, str_of(key), json_str(item));
        }
    }
    return keys;
}

static void check_statement(const struct policy_statement_trace *s)
{
    bool all = s->principal && s->action && s->resource;
    for (size_t i = 0; i < s->n_conditions; i++)
        all = all && s->conditions[i].passed;
    want(s->matched == all);
}

static void evaluate(struct arena *a, const struct policy *p, const struct keys *keys)
{
    static const struct policy_principal callers[] = {
        { STR_INIT("Federated"), STR_INIT("arn:aws:iam::1:oidc-provider/i") },
        { STR_INIT("AWS"), STR_INIT("1") },
    };
    struct policy_ask ask = {
        a, callers, 2, STR("sts:AssumeRoleWithWebIdentity"), STR("arn:aws:s3:::b/k"), keys,
    };
    struct policy_trace trace;
    bool allowed = false, denied = false;
    enum policy_decision decision = policy_eval(p, &ask, &trace);

    want(trace.n_statements == policy_n_statements(p));
    for (size_t i = 0; i < trace.n_statements; i++) {
        check_statement(&trace.statements[i]);
        allowed |= trace.statements[i].matched && trace.statements[i].allow;
        denied |= trace.statements[i].matched && !trace.statements[i].allow;
    }
    want(decision == (denied    ? POLICY_EXPLICIT_DENY
                      : allowed ? POLICY_ALLOW
                                : POLICY_IMPLICIT_DENY));
    want(decision == trace.decision && decision == policy_eval(p, &ask, NULL));
}

static void save(struct arena *a, const struct policy *p, const struct json_at *root)
{
    struct why why = why_new(a);
    if (!failed(policy_save_check(a, &why, p, root)))
        return;
    want(why.fault == FAULT_POLICY_MALFORMED || why.fault == FAULT_POLICY_TOO_LARGE);
    want(why.place.n && why.detail.n && why.arg[0].n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct str rest = str_n((const char *)bytes, n), document = take_first(&rest);
    struct json_doc *doc, *context;
    struct keys keys = context_of(a, load(a, rest, &context));

    for (int kind = 0; kind < POLICY_KINDS && load(a, document, &doc); kind++) {
        struct json_at root = json_at_root(doc);
        struct why why = why_new(a);
        struct policy *p = NULL;
        if (failed(policy_read(a, &why, &root, (enum policy_kind)kind, &p))) {
            want(!p && why.fault == FAULT_POLICY_MALFORMED);
            want(why.place.n && why.detail.n && why.arg[0].n);
            continue;
        }
        evaluate(a, p, &keys);
        if (kind == POLICY_TRUST)
            save(a, p, &root);
    }
    arena_free(a);
    return 0;
}
