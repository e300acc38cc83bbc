#include "fakests/lint/lint.h"

#include "base/clock.h"
#include "fakests/iam/document.h"
#include "fakests/lint/review.h"
#include "fakests/policy/save.h"

/* ---- refusals ---- */

static const char *rule_of(enum fault fault)
{
    if (fault == FAULT_JSON_INVALID || fault == FAULT_JSON_TOO_DEEP)
        return "json-invalid";
    if (fault == FAULT_POLICY_MALFORMED)
        return "policy-malformed";
    return fault == FAULT_POLICY_TOO_LARGE ? "save-quota" : "config-invalid";
}

/* AWS's message, and behind it what a person is told. */
static void tell(struct findings *out, const struct why *why, const char *id,
                 enum lint_severity severity)
{
    const struct lint_rule *rule = rule_get(id);
    struct str message = why->arg[0].n ? arena_printf(out->arena, "%.*s (%.*s)",
                                                      STR_ARG(why->arg[0]), STR_ARG(why->detail))
                                       : why->detail;
    findings_add(out, rule, severity, why->place, message, str_of(rule->fix));
}

void lint_refusal(struct findings *out, const struct why *why)
{
    bool of_policy = why->fault == FAULT_POLICY_MALFORMED || why->fault == FAULT_POLICY_TOO_LARGE;
    if (!of_policy || !findings_error_at(out, why->place))
        tell(out, why, rule_of(why->fault), LINT_ERROR);
}

/* ---- one policy ---- */

enum { DOCUMENT_MAX = 131072 }; /* of CreateRole's AssumeRolePolicyDocument (aws.md section 7) */

struct reading {
    struct findings *out;
    struct arena *arena;
    const struct json_at *document;
    bool predates; /* the controls do not bind the role */
    bool too_long; /* for CreateRole to look at: so are we content with the first refusals */
    struct review_statement *statements;
    size_t n_statements;
};

static bool told(struct reading *d, struct outcome o, const struct why *why, const char *id,
                 enum lint_severity severity)
{
    if (failed(o))
        tell(d->out, why, id, severity);
    return failed(o);
}

static bool unreadable(struct reading *d, const struct json_at *at, struct policy **out)
{
    struct why why = why_new(d->arena);
    return told(d, policy_read(d->arena, &why, at, POLICY_TRUST, out), &why, "policy-malformed",
                LINT_ERROR);
}

static bool refused(struct reading *d, const struct json_at *at, const struct policy *p)
{
    struct why why = why_new(d->arena);
    return told(d, policy_save_rules(d->arena, &why, p, at), &why, "save-refused", LINT_ERROR);
}

static bool uncontrolled(struct reading *d, const struct json_at *at, const struct policy *p)
{
    struct why why = why_new(d->arena);
    return told(d, policy_save_controls(d->arena, &why, p, at), &why, "save-shared-provider",
                d->predates ? LINT_WARNING : LINT_ERROR);
}

/* What stands in the place of the other statements while one is looked at: IAM takes it. */
static json_t *placeholder(struct arena *a)
{
    json_t *s = json_keep(a, json_object()), *who = json_object();
    json_object_set_new(who, "AWS", json_string("123456789012"));
    json_object_set_new(s, "Effect", json_string("Deny"));
    json_object_set_new(s, "Principal", who);
    json_object_set_new(s, "Action", json_string("sts:AssumeRole"));
    return s;
}

/*
 * The document with all statements but one replaced, and of the rest only a Version that is one: an
 * error elsewhere would be met first.  Places are found by path, so they stay right.
 */
static json_t *alone(struct reading *d, json_t *statement, json_t *filling, size_t index)
{
    json_t *version = json_object_get(d->document->value, "Version");
    json_t *root = json_keep(d->arena, json_object()), *list = json_array();
    for (size_t i = 0; i < d->n_statements; i++)
        json_array_append(list, i == index ? statement : filling);
    json_object_set_new(root, "Statement", list);
    if (str_eq(json_str(version), STR("2012-10-17")))
        json_object_set(root, "Version", version);
    return root;
}

/* Each way through here reads all statements once more; IAM's quota ends at some 25 of them. */
enum { ALONE_MAX = 64 };

static void read_alone(struct reading *d, json_t *statements)
{
    json_t *filling = placeholder(d->arena);
    for (size_t i = 0; i < d->n_statements && i < ALONE_MAX; i++) {
        struct json_at at = *d->document;
        struct policy *p;
        at.value = alone(d, json_array_get(statements, i), filling, i);
        if (unreadable(d, &at, &p))
            continue;
        review_statement_init(&d->statements[i], d->arena, &p->statements[i], i);
        (void)refused(d, &at, p);
        d->statements[i].uncontrolled = uncontrolled(d, &at, p);
    }
}

static void read_together(struct reading *d, const struct policy *p, bool controlled)
{
    for (size_t i = 0; i < d->n_statements; i++) {
        review_statement_init(&d->statements[i], d->arena, &p->statements[i], i);
        d->statements[i].uncontrolled = !controlled;
    }
}

static void check_quota(struct reading *d, const struct policy *p)
{
    struct why why = why_new(d->arena);
    (void)told(d, policy_save_quota(d->arena, &why, p, d->document), &why, "save-quota",
               LINT_ERROR);
}

static void read_statements(struct reading *d)
{
    json_t *statements = json_object_get(d->document->value, "Statement");
    bool many = json_is_array(statements);
    struct policy *p = NULL;
    bool readable = !unreadable(d, d->document, &p);
    bool savable = readable && !refused(d, d->document, p);
    bool controlled = savable && !uncontrolled(d, d->document, p);

    d->n_statements = many ? json_array_size(statements) : 1;
    d->statements = arena_array(d->arena, struct review_statement, d->n_statements);
    for (size_t i = 0; i < d->n_statements; i++)
        d->statements[i].index = i;
    if (many && !controlled && !d->too_long)
        read_alone(d, statements);
    else if (readable && !d->too_long)
        read_together(d, p, controlled);
    if (readable)
        check_quota(d, p);
}

/* ---- the rules ---- */

static void review_one(struct review *r, const struct lint_rule *rule)
{
    const struct condition_list *list = &r->now->s->conditions;
    r->rule = rule;
    if (rule->statement)
        rule->statement(r);
    for (size_t i = 0; rule->condition && i < list->n; i++)
        rule->condition(r, &list->conditions[i]);
}

static void review_all(struct review *r)
{
    size_t n;
    const struct lint_rule *rules = rule_all(&n);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < r->n_statements; j++) {
            r->now = &r->statements[j];
            if (r->now->s)
                review_one(r, &rules[i]);
        }
        r->rule = &rules[i];
        if (rules[i].role && r->role)
            rules[i].role(r);
    }
}

void lint_trust_policy(struct findings *out, const struct json_at *document,
                       const struct lint_role *role)
{
    struct reading d = { .out = out,
                         .arena = out->arena,
                         .document = document,
                         .predates = role && iam_role_predates_controls(role->created_s) };
    d.too_long = json_text(d.arena, document->value).n > DOCUMENT_MAX;
    read_statements(&d);
    struct review r = { .out = out,
                        .iam = role ? role->iam : NULL,
                        .account = role ? role->account : NULL,
                        .role = role ? role->at : NULL,
                        .document = document,
                        .statements = d.statements,
                        .n_statements = d.n_statements };
    review_all(&r);
}

/* ---- configs ---- */

struct walking {
    struct findings *out;
    const struct iam *iam;
    const struct account *account;
    bool files_allowed;
};

static int64_t created_s(const struct json_at *role)
{
    int64_t ms = 0;
    (void)time_read(json_str(json_object_get(role->value, "created")), &ms);
    return ms / 1000;
}

static void walk_role(struct walking *w, const struct json_at *at)
{
    struct lint_role role = { w->iam, w->account, at, created_s(at) };
    struct why why = why_new(w->out->arena);
    struct json_at trust, document;
    if (json_at_member(at, "trust_policy", &trust) &&
        !failed(document_resolve(w->out->arena, &why, &trust, w->files_allowed, &document)))
        lint_trust_policy(w->out, &document, &role);
}

/* The provider that this object was read as; NULL: it was refused. */
static const struct provider *provider_at(const struct walking *w, const struct json_at *at)
{
    struct str url = json_str(json_object_get(at->value, "url"));
    return iam_provider(w->iam, w->account->id, url);
}

static void walk_provider(struct walking *w, const struct json_at *at)
{
    struct review r = { .out = w->out, .iam = w->iam, .account = w->account, .provider_at = at };
    size_t n;
    const struct lint_rule *rules = rule_all(&n);
    r.provider = provider_at(w, at);
    for (size_t i = 0; r.provider && i < n; i++) {
        r.rule = &rules[i];
        if (rules[i].provider)
            rules[i].provider(&r);
    }
}

static void walk_list(struct walking *w, const struct json_at *account, const char *name,
                      void (*walk)(struct walking *w, const struct json_at *at))
{
    struct json_at list;
    if (!json_at_member(account, name, &list))
        return;
    struct json_items items = json_items_of(&list);
    while (json_items_next(&items))
        walk(w, &items.item);
}

static void walk_account(struct walking *w, const struct json_at *at, struct str id)
{
    w->account = iam_account(w->iam, id);
    if (!w->account)
        return;
    walk_list(w, at, "oidc_providers", walk_provider);
    walk_list(w, at, "roles", walk_role);
}

void lint_config(struct findings *out, const struct json_at *root, const struct iam *iam,
                 struct str default_account, bool files_allowed)
{
    struct walking w = { .out = out, .iam = iam, .files_allowed = files_allowed };
    struct json_at accounts;
    const char *key;
    json_t *value;

    walk_account(&w, root, default_account);
    if (!json_at_member(root, "accounts", &accounts))
        return;
    json_object_foreach(accounts.value, key, value)
    {
        struct json_at at = { .up = &accounts, .doc = accounts.doc, .key = key, .value = value };
        walk_account(&w, &at, str_of(key));
    }
}
