#include "fakests/can.h"

#include "fakests/iam/arn.h"
#include "fakests/policy/mentioned.h"
#include "fakests/session.h"

/* ---- the role's session ---- */

#define SESSION_NAME "can"

static struct session *session_of(struct arena *a, const struct can_ask *ask)
{
    const struct role *role = ask->role;
    struct session *s = arena_make(a, struct session);
    s->kind = SESSION_ROLE;
    s->account = role->account;
    s->arn = arn_of_session(a, role->account, role->name, STR(SESSION_NAME));
    s->user_id = arena_join(a, role->id, STR(":" SESSION_NAME));
    s->role_arn = role->arn;
    s->role_id = role->id;
    s->issued_s = ask->now_s;
    return s;
}

static struct call *call_of(struct arena *a, const struct fakests_world *world,
                            const struct can_ask *ask)
{
    struct call *c = arena_make(a, struct call);
    struct http_request *request = arena_make(a, struct http_request);
    struct session *session = session_of(a, ask);
    c->arena = a;
    c->world = world;
    c->request = request; /* one that tells nothing of itself */
    c->now_s = ask->now_s;
    c->api = str_eq_nocase(str_sub(ask->action, 0, 4), STR("iam:")) ? SERVICE_IAM : SERVICE_STS;
    c->caller.account = session->account;
    c->caller.arn = session->arn;
    c->caller.user_id = session->user_id;
    c->caller.session = session;
    return c;
}

/* A role or user that is the resource brings its tags. */
static void take_resource(const struct iam *iam, struct authorize_ask *ask)
{
    const struct role *role = iam_role(iam, ask->resource);
    const struct user *user = iam_user(iam, ask->resource);
    if (role) {
        ask->resource_tags = role->tags;
        ask->n_resource_tags = role->n_tags;
    } else if (user) {
        ask->resource_tags = user->tags;
        ask->n_resource_tags = user->n_tags;
    }
}

/* ---- the context ---- */

/* Keys that are lists, be it of one (IAM User Guide, "Multivalued context keys"). */
static bool is_list(const struct can_given *given)
{
    static const struct str lists[] = { STR_INIT("aws:TagKeys"),
                                        STR_INIT("aws:CalledVia"),
                                        STR_INIT("aws:PrincipalOrgPaths"),
                                        STR_INIT("aws:ResourceOrgPaths"),
                                        STR_INIT("aws:PrincipalServiceNamesList"),
                                        STR_INIT("sts:TransitiveTagKeys") };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (str_eq_nocase(lists[i], given->name))
            return true;
    return given->n != 1;
}

/* A copy, with what is given in place of what was there. */
static struct keys *context_of(struct arena *a, const struct keys *filled,
                               const struct can_ask *ask, struct str other_account)
{
    struct keys *k = arena_make(a, struct keys);
    *k = keys_new(a);
    for (size_t i = 0; i < filled->n; i++) {
        const struct keys_entry *e = &filled->entries[i];
        if (e->is_list)
            keys_put_list(k, e->name, e->values, e->n_values);
        else
            keys_put(k, e->name, e->values[0]);
    }
    if (other_account.n)
        keys_put(k, STR("aws:ResourceAccount"), other_account);
    for (size_t i = 0; i < ask->n_given; i++) {
        const struct can_given *g = &ask->given[i];
        if (is_list(g))
            keys_put_list(k, g->name, g->values, g->n);
        else
            keys_put(k, g->name, g->values[0]);
    }
    return k;
}

static struct str other_account(const struct can_ask *ask)
{
    struct arn arn;
    bool told = arn_read(ask->resource, &arn) && arn_account_valid(arn.account);
    return told && !str_eq(arn.account, ask->role->account) ? arn.account : STR("");
}

/* ---- what was seen ---- */

static const json_t *document_of(struct arena *a, struct str name, struct str text)
{
    struct why why = why_new(a);
    struct json_doc *doc;
    return failed(json_load(a, &why, name, text, JSON_LAST_WINS, &doc)) ? NULL : doc->root;
}

/* The i-th of authorize_identity_of: inline ones first, in their order. */
static void describe(struct arena *a, const struct fakests_world *world, const struct role *role,
                     const struct permission_policy *seen, size_t i, struct can_policy *out)
{
    *out = (struct can_policy){ .id = seen->id,
                                .name = seen->id,
                                .boundary = seen->source == SOURCE_BOUNDARY,
                                .is_inline = i < role->grants.n_policies,
                                .policy = seen->policy };
    if (out->is_inline) {
        out->document = document_of(a, seen->id, role->grants.policies[i].text);
        return;
    }
    const struct managed_policy *managed = iam_policy(world->iam, seen->id);
    out->name = managed->name;
    out->document = document_of(a, managed->arn, iam_policy_default(managed)->text);
}

bool can_concerns(const struct can_answer *answer, const struct can_policy *policy,
                  const struct policy_statement_trace *s)
{
    if (answer->allowed)
        return s->matched && s->allow;
    if (answer->explicit_deny)
        return s->matched && !s->allow;
    if (answer->source == SOURCE_BOUNDARY && !policy->boundary && s->matched)
        return true; /* what the boundary stands in the way of */
    return s->allow && s->action && !s->matched;
}

static void find_missing(struct arena *a, struct can_answer *out)
{
    struct mentioned m = mentioned_new(a);
    for (size_t i = 0; i < out->n_policies; i++)
        for (size_t j = 0; j < out->policies[i].trace->n_statements; j++)
            if (out->policies[i].trace->statements[j].action)
                mentioned_add_statement(&m, out->policies[i].policy, j);
    out->missing = arena_array(a, struct str, m.n);
    for (size_t i = 0; i < m.n; i++)
        if (!keys_find(out->context, m.keys[i]))
            out->missing[out->n_missing++] = m.keys[i];
}

static void take_answer(struct arena *a, const struct can_ask *ask,
                        const struct permission_ask *asked, const struct permission *seen,
                        struct can_answer *out)
{
    out->role = ask->role;
    out->action = ask->action;
    out->resource = ask->resource;
    out->time_s = ask->now_s;
    out->allowed = seen->decision == POLICY_ALLOW;
    out->explicit_deny = seen->decision == POLICY_EXPLICIT_DENY;
    out->source = seen->source;
    out->because = permission_because(a, seen, ask->action);
    out->has_boundary = asked->has_boundary;
    out->context = asked->ask.keys;
}

static void take_policies(struct arena *a, const struct fakests_world *world,
                          const struct permission_ask *asked, const struct permission *seen,
                          struct can_answer *out)
{
    struct authorize_identity own;
    authorize_identity_of(world->iam, a, &out->role->grants, &own);
    out->unknown = own.unknown;
    out->n_unknown = own.n_unknown;
    out->policies = arena_array(a, struct can_policy, asked->n_policies);
    out->n_policies = asked->n_policies;
    for (size_t i = 0; i < asked->n_policies; i++) {
        describe(a, world, out->role, &asked->policies[i], i, &out->policies[i]);
        out->policies[i].trace = &seen->traces[i];
    }
}

/* Decided twice: the first time fills in what the engine knows of the session. */
const struct can_answer *can_decide(struct arena *a, const struct fakests_world *world,
                                    const struct can_ask *ask)
{
    struct can_answer *out = arena_make(a, struct can_answer);
    struct authorize_ask request = { .action = ask->action, .resource = ask->resource };
    struct permission_ask asked;
    struct permission seen;

    take_resource(world->iam, &request);
    authorize_decide(call_of(a, world, ask), &request, false, &asked, &seen);
    out->other_account = other_account(ask);
    asked.ask.keys = context_of(a, asked.ask.keys, ask, out->other_account);
    permission_decide(&asked, true, &seen);

    take_answer(a, ask, &asked, &seen, out);
    take_policies(a, world, &asked, &seen, out);
    find_missing(a, out);
    if (!out->allowed)
        can_hints_find(a, out);
    return out;
}
