#include "fakests/actions/members.h"
#include "fakests/actions/simulate.h"

/*
 * "IAM might return fewer than the MaxItems number of results even when there are more results
 * available" (API reference): a page ends where evaluating it would take too long, or telling it
 * too much room.
 */
enum {
    WORK_BYTES_MAX = 64 * 1024 * 1024, /* of policies, counted once for each evaluation */
    PAGE_BYTES = 4 * 1024 * 1024,
    RESULT_BYTES_MAX = 32 * 1024 * 1024, /* of one action */
};

static const char *const decisions[] = {
    [POLICY_IMPLICIT_DENY] = "implicitDeny",
    [POLICY_ALLOW] = "allowed",
    [POLICY_EXPLICIT_DENY] = "explicitDeny",
};

/* ---- writing ---- */

struct telling {
    struct call *c;
    struct simulation *s;
    const struct str *missing;
    size_t n_missing;
    struct xml x;
};

static void put_position(struct xml *x, const char *name, const struct json_anchor *at)
{
    xml_open(x, name, NULL);
    xml_leaf_i64(x, "Column", (int64_t)at->column);
    xml_leaf_i64(x, "Line", (int64_t)at->line);
    xml_close(x, name);
}

static const struct simulate_span *span_of(struct telling *t, const struct permission_match *m)
{
    struct simulate_document *d = &t->s->policies.documents[m->policy];
    if (!d->spans)
        d->spans = simulate_spans(t->c->arena, d->text,
                                  policy_n_statements(t->s->policies.items[m->policy].policy));
    return &d->spans[m->statement];
}

static void put_matches(struct telling *t, const struct permission_match *matches, size_t n)
{
    members_open(&t->x, "MatchedStatements", n);
    for (size_t i = 0; i < n; i++) {
        const struct simulate_span *span = span_of(t, &matches[i]);
        xml_open(&t->x, "member", NULL);
        xml_leaf(&t->x, "SourcePolicyId", t->s->policies.items[matches[i].policy].id);
        put_position(&t->x, "EndPosition", &span->end);
        xml_leaf(&t->x, "SourcePolicyType",
                 str_of(t->s->policies.documents[matches[i].policy].type));
        put_position(&t->x, "StartPosition", &span->start);
        xml_close(&t->x, "member");
    }
    members_close(&t->x, "MatchedStatements", n);
}

static void put_missing(struct telling *t, bool told)
{
    members_texts(&t->x, "MissingContextValues", t->missing, told ? t->n_missing : 0);
}

static void put_detail(struct xml *x, const char *kind, enum policy_decision decision)
{
    xml_open(x, "entry", NULL);
    xml_leaf(x, "key", str_of(kind));
    xml_leaf(x, "value", str_of(decisions[decision]));
    xml_close(x, "entry");
}

/* "populated for only cross-account simulations". */
static void put_details(struct telling *t, const struct simulate_verdict *v)
{
    if (!v->cross_account) {
        xml_leaf(&t->x, "EvalDecisionDetails", STR(""));
        return;
    }
    xml_open(&t->x, "EvalDecisionDetails", NULL);
    put_detail(&t->x, "IAM Policy", v->says[SOURCE_IDENTITY]);
    put_detail(&t->x, "Resource Policy", v->says[SOURCE_RESOURCE]);
    if (t->s->policies.has_boundary)
        put_detail(&t->x, "Permissions Boundary Policy", v->says[SOURCE_BOUNDARY]);
    xml_close(&t->x, "EvalDecisionDetails");
}

static void put_flag(struct xml *x, const char *outer, const char *inner, bool value)
{
    xml_open(x, outer, NULL);
    xml_leaf(x, inner, value ? STR("true") : STR("false"));
    xml_close(x, outer);
}

static void put_boundary(struct telling *t, bool allows)
{
    if (t->s->policies.has_boundary)
        put_flag(&t->x, "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary",
                 allows);
}

/* Where it stands among the others is inferred. */
static void put_organization(struct telling *t, bool allows)
{
    if (t->s->n_levels)
        put_flag(&t->x, "OrganizationsDecisionDetail", "AllowedByOrganizations", allows);
}

/* ---- results ---- */

static void put_resource(struct telling *t, struct str resource, const struct simulate_verdict *v)
{
    xml_open(&t->x, "member", NULL);
    if (v->cross_account)
        put_details(t, v);
    put_boundary(t, v->boundary_allows);
    put_matches(t, v->matches, v->n_matches);
    xml_leaf(&t->x, "EvalResourceDecision", str_of(decisions[v->decision]));
    put_missing(t, true);
    xml_leaf(&t->x, "EvalResourceName", resource);
    xml_close(&t->x, "member");
}

/* All have to be allowed; a Deny is told before what is merely not allowed. */
static struct simulate_verdict together(const struct simulate_verdict *all, size_t n)
{
    struct simulate_verdict sum = all[0];
    if (n == 1)
        return sum;
    sum.n_matches = 0; /* observed, where one of them was denied */
    for (size_t i = 1; i < n; i++) {
        const struct simulate_verdict *v = &all[i];
        if (v->decision == POLICY_EXPLICIT_DENY || sum.decision == POLICY_ALLOW)
            sum.decision = v->decision;
        sum.boundary_allows &= v->boundary_allows;
        sum.organization_allows &= v->organization_allows;
        sum.cross_account |= v->cross_account;
        for (size_t j = 0; j < POLICY_SOURCES; j++)
            if (v->says[j] == POLICY_EXPLICIT_DENY || sum.says[j] == POLICY_ALLOW)
                sum.says[j] = v->says[j];
    }
    return sum;
}

/* Several resources are told as the service's template of an ARN; that of S3 was seen. */
static struct str resource_name(const struct simulation *s, struct str action)
{
    if (s->n_resources == 1)
        return s->resources[0];
    if (str_starts(action, STR("s3:")))
        return STR("arn:aws:s3:::${BucketName}/${KeyName}");
    return STR("*");
}

/*
 * What the SCPs do not let through is told without the rest: "policy evaluation does not proceed
 * any further and this parameter is not returned" of EvalDecisionDetails;
 * amazon-ecs-exec-checker#70 has such an answer.
 */
static void put_action(struct telling *t, struct str action, const struct simulate_verdict *all)
{
    const struct simulation *s = t->s;
    struct simulate_verdict sum = together(all, s->n_resources);
    bool goes_on = sum.organization_allows, named = s->resources_named && goes_on;
    bool told = goes_on && !(sum.cross_account && sum.decision == POLICY_IMPLICIT_DENY);

    xml_open(&t->x, "member", NULL);
    if (named)
        put_details(t, &sum);
    put_organization(t, sum.organization_allows);
    if (goes_on)
        put_boundary(t, sum.boundary_allows);
    put_matches(t, sum.matches, told ? sum.n_matches : 0);
    put_missing(t, !named);
    xml_leaf(&t->x, "EvalResourceName", resource_name(s, action));
    xml_leaf(&t->x, "EvalDecision",
             str_of(decisions[goes_on ? sum.decision : POLICY_IMPLICIT_DENY]));
    xml_leaf(&t->x, "EvalActionName", action);
    if (named) {
        xml_open(&t->x, "ResourceSpecificResults", NULL);
        for (size_t i = 0; i < s->n_resources; i++)
            put_resource(t, s->resources[i], &all[i]);
        xml_close(&t->x, "ResourceSpecificResults");
    }
    xml_close(&t->x, "member");
}

static void tell_action(struct telling *t, struct str action)
{
    struct arena *scratch = arena_new();
    struct simulate_verdict *all = arena_array(scratch, struct simulate_verdict, t->s->n_resources);
    for (size_t i = 0; i < t->s->n_resources; i++)
        simulate_judge(t->s, action, t->s->resources[i], scratch, &all[i]);
    put_action(t, action, all);
    arena_free(scratch);
}

/* ---- the page ---- */

/* An action may be asked twice: a marker tells its place. */
static struct str *places(struct arena *a, size_t n)
{
    struct str *keys = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++)
        keys[i] = arena_printf(a, "%05zu", i);
    return keys;
}

/* A page of that many at most; with fewer the marker is another. */
static struct outcome page_of(struct call *c, const struct simulate_params *p,
                              const struct simulation *s, size_t most, struct page *page)
{
    struct page_ask ask = p->page;
    struct str *keys = places(c->arena, s->n_actions);
    TRY(page_find(c, &ask, keys, s->n_actions, page));
    if (page->end - page->first <= most)
        return OK;
    ask.max_items = (struct param_integer){ true, (int64_t)most };
    return page_find(c, &ask, keys, s->n_actions, page);
}

static struct outcome too_large(struct call *c)
{
    c->why->arg[0] = STR("The simulation is too large to be evaluated."); /* inferred */
    FAIL(c->why, POLICY_EVALUATION,
         "one action on all the resources is more than this server does");
}

struct outcome simulate_reply(struct call *c, const struct simulate_params *p, struct simulation *s,
                              struct str *document)
{
    struct text results = text_new(c->arena, PAGE_BYTES + RESULT_BYTES_MAX);
    struct telling t = { .c = c, .s = s, .x = { &results, 3 } };
    size_t work = (s->policies.bytes + 1) * s->n_resources, done = 0;
    struct page page;
    struct reply r;
    struct str *missing;

    if (work > WORK_BYTES_MAX)
        return too_large(c);
    TRY(page_of(c, p, s, WORK_BYTES_MAX / work, &page));
    simulate_missing(c, s, &missing, &t.n_missing);
    t.missing = missing;
    while (page.first + done < page.end && results.n < PAGE_BYTES)
        tell_action(&t, s->actions[page.first + done++]);
    if (results.full)
        return too_large(c);
    TRY(page_of(c, p, s, done, &page));
    reply_open(&r, c, arena_cstr(c->arena, c->action), true);
    page_write(&r.xml, &page);
    members_open(&r.xml, "EvaluationResults", done);
    text_put(&r.text, text_str(&results));
    members_close(&r.xml, "EvaluationResults", done);
    *document = reply_close(&r, true);
    return OK;
}
