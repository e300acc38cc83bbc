#include "fakests/policy/permission.h"

/* Sets of sources. */
enum {
    IDENTITY = 1 << SOURCE_IDENTITY,
    BOUNDARY = 1 << SOURCE_BOUNDARY,
    SESSION = 1 << SOURCE_SESSION,
    RESOURCE = 1 << SOURCE_RESOURCE,
    LIMITS = BOUNDARY | SESSION,
    OWN = IDENTITY | LIMITS, /* the identity's side */
};

/* What was heard from the policies. */
struct heard {
    enum policy_decision says[POLICY_SOURCES];
    bool there[POLICY_SOURCES];
    enum permission_grant grant; /* the strongest the resource's policy gives */
};

/* ---- hearing the policies ---- */

/* Root has neither policies nor a boundary: users and roles have. */
static bool applies(const struct permission_ask *ask, enum policy_source source)
{
    return !ask->root || !((1u << source) & (IDENTITY | BOUNDARY));
}

static void note(struct heard *h, enum policy_source source, enum policy_decision decision)
{
    if (decision > h->says[source]) /* implicit deny, allow, explicit deny */
        h->says[source] = decision;
}

/* A statement matched when it did for the caller under any spelling. */
static void merge(struct policy_trace *all, const struct policy_trace *one)
{
    if (!all->statements) {
        *all = *one;
        return;
    }
    for (size_t i = 0; i < one->n_statements; i++) {
        all->statements[i].principal |= one->statements[i].principal;
        all->statements[i].matched |= one->statements[i].matched;
    }
    if (one->decision > all->decision)
        all->decision = one->decision;
}

/* Nobody is allowed anything, even where a NotPrincipal does not name him. */
static void only_deny(struct policy_trace *t)
{
    for (size_t i = 0; i < t->n_statements; i++)
        if (t->statements[i].allow)
            t->statements[i].principal = t->statements[i].matched = false;
    if (t->decision == POLICY_ALLOW)
        t->decision = POLICY_IMPLICIT_DENY;
}

/* The resource's policy to the caller as that grant spells him; GRANT_NONE is nobody. */
static enum policy_decision hear_spelling(const struct permission_ask *ask, const struct policy *p,
                                          enum permission_grant grant, struct policy_trace *trace)
{
    struct policy_trace one;
    struct policy_ask as = ask->ask;
    as.principals = ask->principals[grant];
    as.n_principals = grant == GRANT_NONE ? 0 : ask->n_principals[grant];
    enum policy_decision decision = policy_eval(p, &as, trace ? &one : NULL);
    if (grant == GRANT_NONE && decision == POLICY_ALLOW)
        decision = POLICY_IMPLICIT_DENY;
    if (!trace)
        return decision;
    if (grant == GRANT_NONE)
        only_deny(&one);
    merge(trace, &one);
    return decision;
}

/*
 * "The NotPrincipal element with a Deny effect will always deny any IAM principal that has a
 * permissions boundary policy attached, regardless of the values specified in the NotPrincipal
 * element" (IAM User Guide, "Permissions boundaries"): as if it were nobody that it could name.
 */
static void hear_resource(const struct permission_ask *ask, const struct policy *p, bool boundary,
                          struct heard *h, struct policy_trace *trace)
{
    bool known = false;
    for (enum permission_grant grant = GRANT_ACCOUNT; grant <= GRANT_SESSION; grant++) {
        if (!ask->n_principals[grant])
            continue;
        known = true;
        enum policy_decision decision = hear_spelling(ask, p, grant, trace);
        note(h, SOURCE_RESOURCE, decision);
        if (decision == POLICY_ALLOW && grant > h->grant)
            h->grant = grant;
    }
    if (boundary || !known)
        note(h, SOURCE_RESOURCE, hear_spelling(ask, p, GRANT_NONE, trace));
}

static void hear_all(const struct permission_ask *ask, struct heard *h, struct policy_trace *traces)
{
    h->there[SOURCE_BOUNDARY] = ask->has_boundary;
    h->there[SOURCE_SESSION] = ask->has_session;
    for (size_t i = 0; i < ask->n_policies; i++)
        h->there[ask->policies[i].source] = true;
    bool boundary = h->there[SOURCE_BOUNDARY] && applies(ask, SOURCE_BOUNDARY);
    for (size_t i = 0; i < ask->n_policies; i++) {
        const struct permission_policy *p = &ask->policies[i];
        struct policy_trace *trace = traces ? &traces[i] : NULL;
        if (p->source == SOURCE_RESOURCE)
            hear_resource(ask, p->policy, boundary, h, trace);
        else if (applies(ask, p->source))
            note(h, p->source, policy_eval(p->policy, &ask->ask, trace));
        else if (trace)
            policy_eval(p->policy, &ask->ask, trace);
    }
}

/* ---- concluding ---- */

/* The sources that allow; what does not limit allows. */
static unsigned allowing(const struct permission_ask *ask, const struct heard *h)
{
    unsigned set = ask->root ? IDENTITY | BOUNDARY : 0;
    for (unsigned source = 0; source < POLICY_SOURCES; source++) {
        bool limits = (1u << source) & LIMITS;
        if ((limits && !h->there[source]) || h->says[source] == POLICY_ALLOW)
            set |= 1u << source;
    }
    return set;
}

/*
 * The sources that have to allow.  "If a resource-based policy grants permission directly to the
 * IAM user or the session principal that is making the request, then an implicit deny in an
 * identity-based policy, a permissions boundary, or a session policy does not impact the final
 * decision"; "that grant permissions to an IAM role ARN are limited by an implicit deny in a
 * permissions boundary or session policy"; "IAM role trust policies ... must explicitly allow
 * access" (IAM User Guide, "How AWS enforcement code logic evaluates requests").
 */
static unsigned needed(const struct permission_ask *ask, enum permission_grant grant)
{
    static const unsigned at_home[] = {
        [GRANT_NONE] = OWN,
        [GRANT_ACCOUNT] = OWN,
        [GRANT_ROLE] = LIMITS,
        [GRANT_SESSION] = 0,
    };
    if (ask->cross_account)
        return OWN | RESOURCE;
    return ask->trust && grant == GRANT_NONE ? RESOURCE : at_home[grant];
}

/*
 * Of several sources that refuse AWS names one ("includes only one of those policy types in the
 * error message"), and documents no order.
 */
static const enum policy_source denies_first[POLICY_SOURCES] = { SOURCE_IDENTITY, SOURCE_RESOURCE,
                                                                 SOURCE_SESSION, SOURCE_BOUNDARY };
static const enum policy_source lacks_first[POLICY_SOURCES] = { SOURCE_SESSION, SOURCE_BOUNDARY,
                                                                SOURCE_IDENTITY, SOURCE_RESOURCE };

static void refuse(struct permission *out, enum permission_reason reason, enum policy_source source)
{
    out->reason = reason;
    out->source = source;
    out->decision =
        reason == PERMISSION_DENIED_EXPLICITLY ? POLICY_EXPLICIT_DENY : POLICY_IMPLICIT_DENY;
}

static void conclude(const struct heard *h, unsigned missing, struct permission *out)
{
    for (size_t i = 0; i < POLICY_SOURCES; i++)
        if (h->says[denies_first[i]] == POLICY_EXPLICIT_DENY) {
            refuse(out, PERMISSION_DENIED_EXPLICITLY, denies_first[i]);
            return;
        }
    for (size_t i = 0; i < POLICY_SOURCES; i++)
        if (missing & 1u << lacks_first[i]) {
            refuse(out, PERMISSION_NOT_ALLOWED, lacks_first[i]);
            return;
        }
    out->decision = POLICY_ALLOW;
}

/* ---- the statements that decided ---- */

/* An identity's Allow behind a boundary that does not let it through decided nothing. */
static bool decides(const struct permission_ask *ask, enum policy_source source,
                    enum policy_decision decision, unsigned allows)
{
    if (decision != POLICY_ALLOW)
        return decision == POLICY_EXPLICIT_DENY && applies(ask, source);
    if (source == SOURCE_IDENTITY)
        return !ask->root && (allows & OWN) == OWN;
    return source == SOURCE_RESOURCE;
}

static size_t list_statements(size_t policy, const struct policy_trace *t, bool allow,
                              struct permission_match *out)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_statements; i++)
        if (t->statements[i].matched && t->statements[i].allow == allow)
            out[n++] = (struct permission_match){ policy, i };
    return n;
}

static void list_matches(const struct permission_ask *ask, const struct policy_trace *traces,
                         unsigned allows, struct permission *out)
{
    bool allow = out->decision == POLICY_ALLOW;
    size_t most = 0;
    for (size_t i = 0; i < ask->n_policies; i++)
        most += traces[i].n_statements;
    out->matches = arena_array(ask->ask.arena, struct permission_match, most);
    for (size_t i = 0; i < ask->n_policies; i++)
        if (decides(ask, ask->policies[i].source, out->decision, allows))
            out->n_matches += list_statements(i, &traces[i], allow, out->matches + out->n_matches);
}

void permission_decide(const struct permission_ask *ask, bool trace, struct permission *out)
{
    struct heard h = { 0 };
    struct permission p = { .trust = ask->trust };
    struct policy_trace *traces = NULL;

    if (trace || ask->want_matches)
        traces = arena_array(ask->ask.arena, struct policy_trace, ask->n_policies);
    hear_all(ask, &h, traces);
    unsigned allows = allowing(ask, &h);
    p.boundary_allows = allows & BOUNDARY;
    conclude(&h, needed(ask, h.grant) & ~allows, &p);
    if (traces)
        list_matches(ask, traces, allows, &p);
    p.traces = trace ? traces : NULL;
    *out = p;
}

/* ---- AWS's words ---- */

struct str permission_because(struct arena *a, const struct permission *p, struct str action)
{
    static const struct {
        const char *nobody, *somebody;
    } names[POLICY_SOURCES] = {
        [SOURCE_IDENTITY] = { "no identity-based policy", "an identity-based policy" },
        [SOURCE_BOUNDARY] = { "no permissions boundary", "a permissions boundary" },
        [SOURCE_SESSION] = { "no session policy", "a session policy" },
        [SOURCE_RESOURCE] = { "no resource-based policy", "a resource-based policy" },
    };
    bool trust = p->trust && p->source == SOURCE_RESOURCE;
    switch (p->reason) {
    case PERMISSION_DENIED_EXPLICITLY:
        return arena_printf(a, "with an explicit deny in %s",
                            trust ? "the role trust policy" : names[p->source].somebody);
    case PERMISSION_NOT_ALLOWED:
        return arena_printf(a, "because %s allows the %.*s action",
                            trust ? "no role trust policy" : names[p->source].nobody,
                            STR_ARG(action));
    case PERMISSION_ALLOWED:
        break;
    }
    return STR("");
}
