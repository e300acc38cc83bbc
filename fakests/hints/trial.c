#include "fakests/hints/trial.h"

#include "fakests/hints/patch.h"
#include "fakests/hints/statement.h"
#include "fakests/policy/save.h"

static bool is_trust_policy(const struct hint_edit *e)
{
    return e->target && strcmp(e->target, "trust-policy") == 0;
}

static struct outcome read_policy(struct arena *a, const json_t *document, struct policy **policy,
                                  struct json_doc *doc)
{
    struct why ignored = why_new(a);
    *doc = (struct json_doc){ .name = STR("edited"), .text = json_text(a, document) };
    doc->root = (json_t *)(uintptr_t)document;
    struct json_at root = json_at_root(doc);
    return policy_read(a, &ignored, &root, POLICY_TRUST, policy);
}

static bool is_stored(struct arena *a, const struct policy *policy, const struct json_doc *doc)
{
    struct why ignored = why_new(a);
    struct json_at root = json_at_root(doc);
    return !failed(policy_save_check(a, &ignored, policy, &root));
}

/* The edited policy, unless IAM would refuse it (a policy it would refuse anyway may stay so). */
static struct policy *edited(const struct hint_case *c, const struct hint_edit *e)
{
    json_t *document = patch_applied(c->arena, c->trust_document, e);
    struct json_doc before, after;
    struct policy *old, *new;
    if (!document || failed(read_policy(c->arena, document, &new, &after)) ||
        failed(read_policy(c->arena, c->trust_document, &old, &before)))
        return NULL;
    if (is_stored(c->arena, new, &after) || !is_stored(c->arena, old, &before))
        return new;
    return NULL;
}

static enum policy_decision decide(const struct hint_case *c, const struct policy *policy,
                                   struct policy_trace *trace)
{
    struct policy_ask ask = { .arena = c->arena,
                              .principals = c->principals,
                              .n_principals = c->n_principals,
                              .action = c->trace->evaluated_action,
                              .resource = c->role->arn,
                              .keys = c->trace->context };
    return policy_eval(policy, &ask, trace);
}

/* An Allow is to match, a Deny is not to. */
static bool is_nearer(const struct policy_statement_trace *before,
                      const struct policy_statement_trace *after, unsigned steps)
{
    if (before->allow)
        return statement_distance(after) + steps <= statement_distance(before);
    return before->matched && !after->matched;
}

bool trial_helps(const struct hint_case *c, const struct statement *s, const struct hint_edit *e,
                 unsigned steps)
{
    struct policy_trace after;
    if (!is_trust_policy(e))
        return true;
    struct policy *policy = edited(c, e);
    if (!policy)
        return false;
    decide(c, policy, &after);
    return is_nearer(s->trace, &after.statements[s->trace->index], steps);
}

bool trial_keeps(const struct hint_case *c, const struct hint_edit *e)
{
    struct policy_trace after;
    if (!is_trust_policy(e))
        return true;
    struct policy *policy = edited(c, e);
    return policy && decide(c, policy, &after) == POLICY_ALLOW;
}

bool trial_stored(const struct hint_case *c, const struct hint_edit *e)
{
    return !is_trust_policy(e) || edited(c, e);
}
