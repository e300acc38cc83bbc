#include "fakests/policy/permission.h"

#include "base/text.h"
#include "tests/fakests/policy/fixture.h"

Suite *permission_suite(void);

#define ACTION  "iam:GetRole"
#define ACCOUNT "123456789012"
#define ROOT    "arn:aws:iam::" ACCOUNT ":root"
#define ROLE    "arn:aws:iam::" ACCOUNT ":role/deploy"
#define CALLER  "arn:aws:sts::" ACCOUNT ":assumed-role/deploy/run-1"

/* Statements of policies that say what, and of one that says who. */
#define ALLOW            "{'Effect': 'Allow', 'Action': 'iam:*', 'Resource': '*'}"
#define DENY             "{'Effect': 'Deny', 'Action': 'iam:Get*', 'Resource': '*'}"
#define NOTHING          "{'Effect': 'Allow', 'Action': 's3:*', 'Resource': '*'}"
#define FOR(effect, who) "{'Effect': '" effect "', 'Principal': {" who "}, 'Action': 'iam:GetRole'}"
#define BUT(effect, who) \
    "{'Effect': '" effect "', 'NotPrincipal': {" who "}, 'Action': 'iam:GetRole'}"
#define AWS(name) "'AWS': '" name "'"

/* The sentences. */
#define ALLOWED       ""
#define NO(policy)    "because no " policy " allows the " ACTION " action"
#define DENIED(place) "with an explicit deny in " place
#define NO_IDENTITY   NO("identity-based policy")
#define NO_BOUNDARY   NO("permissions boundary")
#define NO_SESSION    NO("session policy")
#define NO_RESOURCE   NO("resource-based policy")
#define NO_TRUST      NO("role trust policy")
#define IN_IDENTITY   DENIED("an identity-based policy")
#define IN_BOUNDARY   DENIED("a permissions boundary")
#define IN_SESSION    DENIED("a session policy")
#define IN_RESOURCE   DENIED("a resource-based policy")

enum { POLICIES_MAX = 8 };

static const struct policy_principal as_account[] = { { STR_INIT("AWS"), STR_INIT(ACCOUNT) },
                                                      { STR_INIT("AWS"), STR_INIT(ROOT) } };
static const struct policy_principal as_role[] = { { STR_INIT("AWS"), STR_INIT(ROLE) } };
static const struct policy_principal as_session[] = { { STR_INIT("AWS"), STR_INIT(CALLER) } };

/* The keys are borrowed; so is the caller: known to his account, his role and by himself. */
static struct permission_ask ask_of(struct arena *a, const struct keys *keys)
{
    return (struct permission_ask){
        .ask = { .arena = a,
                 .action = STR(ACTION),
                 .resource = STR("arn:aws:iam::" ACCOUNT ":role/x"),
                 .keys = keys },
        .principals = { [GRANT_ACCOUNT] = as_account,
                        [GRANT_ROLE] = as_role,
                        [GRANT_SESSION] = as_session },
        .n_principals = { [GRANT_ACCOUNT] = 2, [GRANT_ROLE] = 1, [GRANT_SESSION] = 1 },
    };
}

/* A policy of the statements, of that source. */
static void add(struct arena *a, struct permission_ask *ask, struct permission_policy *policies,
                enum policy_source source, const char *statements)
{
    char text[4096];
    enum policy_kind kind = source == SOURCE_RESOURCE ? POLICY_TRUST : POLICY_IDENTITY;
    snprintf(text, sizeof text, "{'Version': '2012-10-17', 'Statement': [%s]}", statements);
    ck_assert_uint_lt(ask->n_policies, POLICIES_MAX);
    policies[ask->n_policies++] =
        (struct permission_policy){ source, STR("p"), fixture_policy(a, kind, text) };
    ask->policies = policies;
}

/* "0.1 2.0": policy and statement. */
static struct str show_matches(struct arena *a, const struct permission *p)
{
    struct text t = text_new(a, 1024);
    for (size_t i = 0; i < p->n_matches; i++)
        text_printf(&t, "%s%zu.%zu", i ? " " : "", p->matches[i].policy, p->matches[i].statement);
    return text_str(&t);
}

/* What every answer has to keep to. */
static void want_sound(const char *name, const struct permission_ask *ask,
                       const struct permission *p)
{
    WANT((p->decision == POLICY_ALLOW) == (p->reason == PERMISSION_ALLOWED), "%s: reason", name);
    WANT((p->decision == POLICY_EXPLICIT_DENY) == (p->reason == PERMISSION_DENIED_EXPLICITLY),
         "%s: decision", name);
    WANT(p->decision != POLICY_IMPLICIT_DENY || !p->n_matches, "%s: matches", name);
    for (size_t i = 0; p->traces && i < p->n_matches; i++) {
        const struct policy_trace *t = &p->traces[p->matches[i].policy];
        const struct policy_statement_trace *s = &t->statements[p->matches[i].statement];
        WANT(s->matched && s->allow == (p->decision == POLICY_ALLOW), "%s: match %zu", name, i);
    }
    for (size_t i = 0; p->traces && i < ask->n_policies; i++)
        WANT(p->traces[i].n_statements == policy_n_statements(ask->policies[i].policy),
             "%s: trace %zu", name, i);
}

/* Cheap, with statements and with traces the answer is the same; the last of them is given. */
static struct permission decide(const char *name, struct permission_ask *ask)
{
    struct permission cheap, listed, traced;
    permission_decide(ask, false, &cheap);
    ask->want_matches = true;
    permission_decide(ask, false, &listed);
    permission_decide(ask, true, &traced);
    want_sound(name, ask, &listed);
    want_sound(name, ask, &traced);
    WANT(!cheap.n_matches && !cheap.traces && !listed.traces && traced.traces,
         "%s: told too much or too little", name);
    WANT(cheap.decision == traced.decision && listed.decision == traced.decision &&
             cheap.reason == traced.reason && cheap.source == traced.source &&
             cheap.boundary_allows == traced.boundary_allows && listed.source == traced.source &&
             listed.n_matches == traced.n_matches,
         "%s: the trace and the decision differ", name);
    return traced;
}

/* ---- named rows ---- */

/* Policies that are not named are not there. */
struct row {
    const char *name;
    const char *identity, *identity_too, *boundary, *session, *session_too, *resource,
        *resource_too;
    const char *because, *matches;
    bool has_boundary, has_session, root, cross_account, trust;
};

static const struct row rows[] = {
    /* an explicit deny in any of them */
    { "no policy at all allows nothing", .because = NO_IDENTITY },
    { "an identity's allow is enough", .identity = ALLOW, .because = ALLOWED, .matches = "0.0" },
    { "another action's is not", .identity = NOTHING, .because = NO_IDENTITY },
    { "one of several policies of the identity is enough", .identity = NOTHING,
      .identity_too = ALLOW, .because = ALLOWED, .matches = "1.0" },
    { "each statement that allows is told", .identity = NOTHING ", " ALLOW ", " ALLOW,
      .identity_too = ALLOW, .because = ALLOWED, .matches = "0.1 0.2 1.0" },
    { "a deny of the identity wins", .identity = ALLOW ", " DENY, .because = IN_IDENTITY,
      .matches = "0.1" },
    { "in another of its policies too", .identity = ALLOW, .identity_too = DENY,
      .because = IN_IDENTITY, .matches = "1.0" },
    { "a deny of the boundary wins", .identity = ALLOW, .boundary = ALLOW ", " DENY,
      .because = IN_BOUNDARY, .matches = "1.1" },
    { "a deny of the session wins", .identity = ALLOW, .session = ALLOW ", " DENY,
      .because = IN_SESSION, .matches = "1.1" },
    { "a deny of the resource wins", .identity = ALLOW, .resource = FOR("Deny", AWS(CALLER)),
      .because = IN_RESOURCE, .matches = "1.0" },
    { "a deny for the role is one for its session", .identity = ALLOW,
      .resource = FOR("Allow", AWS(CALLER)) ", " FOR("Deny", AWS(ROLE)), .because = IN_RESOURCE,
      .matches = "1.1" },
    { "a deny for the account by its root's ARN too", .identity = ALLOW,
      .resource = FOR("Allow", AWS(CALLER)) ", " FOR("Deny", AWS(ROOT)), .because = IN_RESOURCE,
      .matches = "1.1" },
    { "and by its number", .identity = ALLOW, .resource = FOR("Deny", AWS(ACCOUNT)),
      .because = IN_RESOURCE, .matches = "1.0" },
    { "and for everybody", .identity = ALLOW, .resource = FOR("Deny", AWS("*")),
      .because = IN_RESOURCE, .matches = "1.0" },
    { "a deny for somebody else denies nothing", .identity = ALLOW,
      .resource = FOR("Deny", AWS("arn:aws:iam::" ACCOUNT ":role/other")), .because = ALLOWED,
      .matches = "0.0" },
    { "every statement that denies is told, whoever is named", .identity = DENY ", " ALLOW,
      .boundary = DENY ", " DENY, .session = NOTHING ", " DENY, .resource = FOR("Deny", AWS(ROLE)),
      .because = IN_IDENTITY, .matches = "0.0 1.0 1.1 2.1 3.0" },
    { "a deny names the resource before the session", .session = DENY,
      .resource = FOR("Deny", AWS(ROLE)), .because = IN_RESOURCE, .matches = "0.0 1.0" },
    { "and the session before the boundary", .boundary = DENY, .session = DENY,
      .because = IN_SESSION, .matches = "0.0 1.0" },
    { "NotPrincipal spares who is named under every spelling", .identity = ALLOW,
      .resource = BUT("Deny", "'AWS': ['" ACCOUNT "', '" ROLE "', '" CALLER "']"),
      .because = ALLOWED, .matches = "0.0" },
    { "and not one whose account is left out", .identity = ALLOW,
      .resource = BUT("Deny", "'AWS': ['" ROLE "', '" CALLER "']"), .because = IN_RESOURCE,
      .matches = "1.0" },
    { "and not one whose role is left out", .identity = ALLOW,
      .resource = BUT("Deny", "'AWS': ['" ROOT "', '" CALLER "']"), .because = IN_RESOURCE,
      .matches = "1.0" },
    { "and nobody who has a boundary", .identity = ALLOW, .boundary = ALLOW,
      .resource = BUT("Deny", "'AWS': ['" ACCOUNT "', '" ROLE "', '" CALLER "']"),
      .because = IN_RESOURCE, .matches = "2.0" },
    { "an allow with NotPrincipal gains nothing by a boundary", .boundary = ALLOW,
      .resource = BUT("Allow", "'AWS': ['" ACCOUNT "', '" ROLE "', '" CALLER "']"),
      .because = NO_IDENTITY },

    /* the identity's side */
    { "a boundary that allows lets through", .identity = ALLOW, .boundary = ALLOW,
      .because = ALLOWED, .matches = "0.0" },
    { "a boundary that does not refuses", .identity = ALLOW, .boundary = NOTHING,
      .because = NO_BOUNDARY },
    { "a boundary allows nothing by itself", .boundary = ALLOW, .because = NO_IDENTITY },
    { "a boundary that was not read refuses", .identity = ALLOW, .has_boundary = true,
      .because = NO_BOUNDARY },
    { "a session policy that allows lets through", .identity = ALLOW, .session = ALLOW,
      .because = ALLOWED, .matches = "0.0" },
    { "a session policy that does not refuses", .identity = ALLOW, .session = NOTHING,
      .because = NO_SESSION },
    { "one of several session policies is enough", .identity = ALLOW, .session = NOTHING,
      .session_too = ALLOW, .because = ALLOWED, .matches = "0.0" },
    { "a session policy allows nothing by itself", .session = ALLOW, .because = NO_IDENTITY },
    { "session policies that were not read refuse", .identity = ALLOW, .has_session = true,
      .because = NO_SESSION },
    { "of two that lack the session is named", .identity = ALLOW, .boundary = NOTHING,
      .session = NOTHING, .because = NO_SESSION },
    { "and the boundary before the identity", .boundary = NOTHING, .because = NO_BOUNDARY },

    /* root */
    { "root needs no policy", .root = true, .because = ALLOWED, .matches = "" },
    { "an identity's policies do not hold for root", .root = true, .identity = DENY,
      .because = ALLOWED, .matches = "" },
    { "nor do they allow root anything", .root = true, .identity = ALLOW, .because = ALLOWED,
      .matches = "" },
    { "and are not told beside another's deny", .root = true, .identity = DENY, .boundary = DENY,
      .resource = FOR("Deny", AWS(ROOT)), .because = IN_RESOURCE, .matches = "2.0" },
    { "a boundary neither", .root = true, .boundary = DENY, .because = ALLOWED, .matches = "" },
    { "a resource's deny does", .root = true, .resource = FOR("Deny", AWS(ROOT)),
      .because = IN_RESOURCE, .matches = "0.0" },
    { "a session's deny does", .root = true, .session = ALLOW ", " DENY, .because = IN_SESSION,
      .matches = "0.1" },
    { "a session made by root has no more than its policies", .root = true, .session = NOTHING,
      .because = NO_SESSION },
    { "root is not let into another account", .root = true, .cross_account = true,
      .because = NO_RESOURCE },
    { "but by its grant", .root = true, .cross_account = true, .resource = FOR("Allow", AWS(ROOT)),
      .because = ALLOWED, .matches = "0.0" },
    { "a NotPrincipal may spare root, which has no boundary", .root = true, .boundary = NOTHING,
      .resource = BUT("Deny", "'AWS': ['" ACCOUNT "', '" ROLE "', '" CALLER "']"),
      .because = ALLOWED, .matches = "" },

    /* a grant in the caller's own account */
    { "a grant to the session is enough", .resource = FOR("Allow", AWS(CALLER)), .because = ALLOWED,
      .matches = "0.0" },
    { "even without the boundary", .boundary = NOTHING, .resource = FOR("Allow", AWS(CALLER)),
      .because = ALLOWED, .matches = "1.0" },
    { "even without the session's policies", .session = NOTHING,
      .resource = FOR("Allow", AWS(CALLER)), .because = ALLOWED, .matches = "1.0" },
    { "but not against a deny of them", .session = DENY, .resource = FOR("Allow", AWS(CALLER)),
      .because = IN_SESSION, .matches = "0.0" },
    { "a grant to everybody is one to the session", .boundary = NOTHING,
      .resource = FOR("Allow", AWS("*")), .because = ALLOWED, .matches = "1.0" },
    { "a grant to the role needs no policy of the identity", .identity = NOTHING,
      .resource = FOR("Allow", AWS(ROLE)), .because = ALLOWED, .matches = "1.0" },
    { "within the boundary", .boundary = NOTHING, .resource = FOR("Allow", AWS(ROLE)),
      .because = NO_BOUNDARY },
    { "within the session's policies", .session = NOTHING, .resource = FOR("Allow", AWS(ROLE)),
      .because = NO_SESSION },
    { "when both allow, it is allowed", .boundary = ALLOW, .session = ALLOW,
      .resource = FOR("Allow", AWS(ROLE)), .because = ALLOWED, .matches = "2.0" },
    { "the strongest grant counts", .boundary = NOTHING,
      .resource = FOR("Allow", AWS(CALLER)) ", " FOR("Allow", AWS(ROLE)), .because = ALLOWED,
      .matches = "1.0 1.1" },
    { "in whatever order", .boundary = NOTHING,
      .resource = FOR("Allow", AWS(ROLE)) ", " FOR("Allow", AWS(CALLER)), .because = ALLOWED,
      .matches = "1.0 1.1" },
    { "in whichever policy", .boundary = NOTHING, .resource = FOR("Allow", AWS(CALLER)),
      .resource_too = FOR("Allow", AWS(ROLE)), .because = ALLOWED, .matches = "1.0 2.0" },
    { "a grant to the account leaves it to the identity's policies",
      .resource = FOR("Allow", AWS(ROOT)), .because = NO_IDENTITY },
    { "which may allow", .identity = ALLOW, .resource = FOR("Allow", AWS(ROOT)), .because = ALLOWED,
      .matches = "0.0 1.0" },
    { "within the boundary again", .identity = ALLOW, .boundary = NOTHING,
      .resource = FOR("Allow", AWS(ACCOUNT)), .because = NO_BOUNDARY },
    { "a grant to somebody else is none", .resource = FOR("Allow", AWS("210987654321")),
      .because = NO_IDENTITY },
    { "a grant by another name's kind is none", .resource = FOR("Allow", "'Federated': '" ROLE "'"),
      .because = NO_IDENTITY },
    { "an allow that a boundary stops is not told as one that decided", .identity = ALLOW,
      .boundary = NOTHING, .resource = FOR("Allow", AWS(CALLER)), .because = ALLOWED,
      .matches = "2.0" },
    { "both sides that allow are told", .identity = ALLOW, .resource = FOR("Allow", AWS(CALLER)),
      .because = ALLOWED, .matches = "0.0 1.0" },

    /* across accounts */
    { "another account wants a grant", .cross_account = true, .identity = ALLOW,
      .because = NO_RESOURCE },
    { "and an allow", .cross_account = true, .resource = FOR("Allow", AWS(CALLER)),
      .because = NO_IDENTITY },
    { "any grant will do", .cross_account = true, .identity = ALLOW,
      .resource = FOR("Allow", AWS(ACCOUNT)), .because = ALLOWED, .matches = "0.0 1.0" },
    { "a role's too", .cross_account = true, .identity = ALLOW, .resource = FOR("Allow", AWS(ROLE)),
      .because = ALLOWED, .matches = "0.0 1.0" },
    { "no grant passes the boundary there", .cross_account = true, .identity = ALLOW,
      .boundary = NOTHING, .resource = FOR("Allow", AWS(CALLER)), .because = NO_BOUNDARY },
    { "nor the session's policies", .cross_account = true, .identity = ALLOW, .session = NOTHING,
      .resource = FOR("Allow", AWS(CALLER)), .because = NO_SESSION },
    { "of two sides that lack the identity's is named", .cross_account = true,
      .because = NO_IDENTITY },

    /* trust policies */
    { "nobody gets into a role but by its trust policy", .trust = true, .identity = ALLOW,
      .because = NO_TRUST },
    { "not even root", .trust = true, .root = true, .because = NO_TRUST },
    { "its grant to a session is enough", .trust = true, .resource = FOR("Allow", AWS(CALLER)),
      .because = ALLOWED, .matches = "0.0" },
    { "its grant to a role within the boundary", .trust = true, .boundary = NOTHING,
      .resource = FOR("Allow", AWS(ROLE)), .because = NO_BOUNDARY },
    { "its grant to the account delegates", .trust = true, .resource = FOR("Allow", AWS(ROOT)),
      .because = NO_IDENTITY },
    { "to whom the identity's policies allow", .trust = true, .identity = ALLOW,
      .resource = FOR("Allow", AWS(ROOT)), .because = ALLOWED, .matches = "0.0 1.0" },
    { "its deny is called so", .trust = true, .identity = ALLOW, .resource = FOR("Deny", AWS(ROLE)),
      .because = DENIED("the role trust policy"), .matches = "1.0" },
    { "another's deny is called as ever", .trust = true, .identity = DENY,
      .resource = FOR("Allow", AWS(CALLER)), .because = IN_IDENTITY, .matches = "0.0" },
};

static struct permission_ask ask_of_row(struct arena *a, const struct row *row,
                                        const struct keys *keys, struct permission_policy *policies)
{
    const struct {
        enum policy_source source;
        const char *statements;
    } named[] = {
        { SOURCE_IDENTITY, row->identity },     { SOURCE_IDENTITY, row->identity_too },
        { SOURCE_BOUNDARY, row->boundary },     { SOURCE_SESSION, row->session },
        { SOURCE_SESSION, row->session_too },   { SOURCE_RESOURCE, row->resource },
        { SOURCE_RESOURCE, row->resource_too },
    };
    struct permission_ask ask = ask_of(a, keys);
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (named[i].statements)
            add(a, &ask, policies, named[i].source, named[i].statements);
    ask.has_boundary = row->has_boundary || row->boundary;
    ask.has_session = row->has_session || row->session;
    ask.root = row->root;
    ask.cross_account = row->cross_account;
    ask.trust = row->trust;
    return ask;
}

START_TEST(decides_as_documented)
{
    struct arena *a = arena_new();
    const struct row *row = &rows[_i];
    struct keys keys = keys_new(a);
    struct permission_policy policies[POLICIES_MAX];
    struct permission_ask ask = ask_of_row(a, row, &keys, policies);
    struct permission p = decide(row->name, &ask);

    want_str(row->name, permission_because(a, &p, STR(ACTION)), str_of(row->because));
    want_str(row->name, show_matches(a, &p), str_of(row->matches));
    arena_free(a);
}
END_TEST

/* A policy that is there limits, though nobody said that the kind is. */
START_TEST(what_is_listed_is_there)
{
    static const struct row row = { "listed", .identity = ALLOW, .boundary = NOTHING };
    struct arena *a = arena_new();
    struct keys keys = keys_new(a);
    struct permission_policy policies[POLICIES_MAX];
    struct permission_ask ask = ask_of_row(a, &row, &keys, policies);
    ask.has_boundary = false;
    struct permission p = decide("listed", &ask);
    ck_assert(p.decision == POLICY_IMPLICIT_DENY && p.source == SOURCE_BOUNDARY);
    ck_assert(!p.boundary_allows);
    arena_free(a);
}
END_TEST

/* A web token's caller is known by his provider alone: the other lists are empty. */
START_TEST(lists_that_are_empty_are_not_asked)
{
    static const struct policy_principal provider = { STR_INIT("Federated"),
                                                      STR_INIT(FIXTURE_PROVIDER) };
    static const struct {
        const char *statements;
        enum policy_decision decision;
    } cases[] = {
        { FOR("Allow", "'Federated': '" FIXTURE_PROVIDER "'"), POLICY_ALLOW },
        { FOR("Allow", "'Federated': 'other'"), POLICY_IMPLICIT_DENY },
        { FOR("Allow", AWS("*")), POLICY_IMPLICIT_DENY },
        { FOR("Allow", "'Federated': '" FIXTURE_PROVIDER
                       "'") ", " BUT("Deny", "'Federated': '" FIXTURE_PROVIDER "'"),
          POLICY_ALLOW },
        { FOR("Allow", "'Federated': '" FIXTURE_PROVIDER "'") ", " BUT("Deny",
                                                                       "'Federated': 'other'"),
          POLICY_EXPLICIT_DENY },
    };
    struct arena *a = arena_new();
    struct keys keys = keys_new(a);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct permission_policy policies[POLICIES_MAX];
        struct permission_ask ask = ask_of(a, &keys);
        ask.n_principals[GRANT_ACCOUNT] = ask.n_principals[GRANT_ROLE] = 0;
        ask.principals[GRANT_SESSION] = &provider;
        ask.trust = true;
        add(a, &ask, policies, SOURCE_RESOURCE, cases[i].statements);
        ck_assert_int_eq(decide(cases[i].statements, &ask).decision, cases[i].decision);
    }
    arena_free(a);
}
END_TEST

/* Who has no name at all is allowed by no resource policy, and spared by none. */
START_TEST(nobody_is_let_in)
{
    static const char *const statements[] = { FOR("Allow", AWS("*")),
                                              BUT("Allow", AWS("210987654321")),
                                              BUT("Deny", AWS("210987654321")) };
    struct arena *a = arena_new();
    struct keys keys = keys_new(a);
    for (size_t i = 0; i < 3; i++) {
        struct permission_policy policies[POLICIES_MAX];
        struct permission_ask ask = ask_of(a, &keys);
        memset(ask.n_principals, 0, sizeof ask.n_principals);
        add(a, &ask, policies, SOURCE_RESOURCE, statements[i]);
        struct permission p = decide(statements[i], &ask);
        ck_assert_int_eq(p.decision, i == 2 ? POLICY_EXPLICIT_DENY : POLICY_IMPLICIT_DENY);
        ck_assert_int_eq(p.traces[0].statements[0].matched, i == 2);
    }
    arena_free(a);
}
END_TEST

/* The trace of a resource's policy tells what matched under any spelling, once a statement. */
START_TEST(a_trace_joins_the_spellings)
{
    static const struct row row = { "trace", .identity = NOTHING ", " ALLOW,
                                    .resource = FOR("Allow", AWS(ROLE)) ", " FOR(
                                        "Allow", AWS("210987654321")) ", " FOR("Allow",
                                                                               AWS(CALLER)) };
    struct arena *a = arena_new();
    struct keys keys = keys_new(a);
    struct permission_policy policies[POLICIES_MAX];
    struct permission_ask ask = ask_of_row(a, &row, &keys, policies);
    struct permission p = decide("trace", &ask);
    const struct policy_trace *own = &p.traces[0], *resource = &p.traces[1];

    ck_assert_int_eq(own->decision, POLICY_ALLOW);
    ck_assert(!own->statements[0].matched && own->statements[1].matched);
    ck_assert_int_eq(resource->decision, POLICY_ALLOW);
    ck_assert(resource->statements[0].matched && resource->statements[0].principal);
    ck_assert(!resource->statements[1].matched && !resource->statements[1].principal);
    ck_assert(resource->statements[2].matched && resource->statements[2].principal);
    arena_free(a);
}
END_TEST

/* What costs nothing to decide takes nothing from the arena. */
START_TEST(a_cheap_answer_allocates_nothing)
{
    static const struct row row = { "cheap", .identity = ALLOW, .boundary = ALLOW, .session = ALLOW,
                                    .resource = FOR("Allow", AWS(ROLE)) };
    struct arena *a = arena_new(), *asked = arena_new();
    struct keys keys = keys_new(a);
    struct permission_policy policies[POLICIES_MAX];
    struct permission_ask ask = ask_of_row(a, &row, &keys, policies);
    struct permission p;
    size_t before = arena_bytes(asked);
    ask.ask.arena = asked;
    for (size_t i = 0; i < 10000; i++)
        permission_decide(&ask, false, &p);
    ck_assert_uint_eq(arena_bytes(asked), before);
    ck_assert_int_eq(p.decision, POLICY_ALLOW);
    arena_free(asked);
    arena_free(a);
}
END_TEST

/* ---- every combination ---- */

enum said { ABSENT, SAYS_ALLOW, SAYS_NOTHING, SAYS_DENY, SAID };
enum granted { NO_GRANT, TO_ACCOUNT, TO_ROLE, TO_SESSION, DENIES, GRANTED };

struct combination {
    enum said identity, boundary, session;
    enum granted resource;
    bool root, cross_account, trust;
};

static const char *const said_statements[SAID] = { NULL, ALLOW, NOTHING, DENY };
static const char *const granted_statements[GRANTED] = {
    FOR("Allow", AWS("210987654321")),
    FOR("Allow", AWS(ROOT)),
    FOR("Allow", AWS(ROLE)),
    FOR("Allow", AWS(CALLER)),
    FOR("Allow", AWS(CALLER)) ", " FOR("Deny", AWS(ROLE)),
};

/* The rules once more, plainly: what is written first is said first. */
static const char *oracle(const struct combination *c)
{
    bool user = !c->root; /* or a role: who has policies */
    bool granted = c->resource == TO_ACCOUNT || c->resource == TO_ROLE || c->resource == TO_SESSION;
    bool session = c->session == ABSENT || c->session == SAYS_ALLOW;
    bool boundary = c->root || c->boundary == ABSENT || c->boundary == SAYS_ALLOW;
    bool identity = c->root || c->identity == SAYS_ALLOW;

    if (user && c->identity == SAYS_DENY)
        return IN_IDENTITY;
    if (c->resource == DENIES)
        return c->trust ? DENIED("the role trust policy") : IN_RESOURCE;
    if (c->session == SAYS_DENY)
        return IN_SESSION;
    if (user && c->boundary == SAYS_DENY)
        return IN_BOUNDARY;
    if (c->resource == TO_SESSION && !c->cross_account)
        return ALLOWED;
    if (c->trust && !granted && !c->cross_account)
        return NO_TRUST;
    if (!session)
        return NO_SESSION;
    if (!boundary)
        return NO_BOUNDARY;
    if (c->resource == TO_ROLE && !c->cross_account)
        return ALLOWED;
    if (!identity)
        return NO_IDENTITY;
    if (c->cross_account && !granted)
        return c->trust ? NO_TRUST : NO_RESOURCE;
    return ALLOWED;
}

static struct combination combination_of(size_t k)
{
    struct combination c = { 0 };
    c.identity = (enum said)(k % SAID), k /= SAID;
    c.boundary = (enum said)(k % SAID), k /= SAID;
    c.session = (enum said)(k % SAID), k /= SAID;
    c.resource = (enum granted)(k % GRANTED), k /= GRANTED;
    c.root = k % 2, k /= 2;
    c.cross_account = k % 2, k /= 2;
    c.trust = k % 2;
    return c;
}
enum { COMBINATIONS = SAID * SAID * SAID * GRANTED * 2 * 2 * 2 };

START_TEST(every_combination_agrees_with_the_oracle)
{
    struct arena *a = arena_new();
    size_t allowed = 0;
    for (size_t k = 0; k < COMBINATIONS; k++, arena_reset(a)) {
        struct combination c = combination_of(k);
        const struct row row = { .identity = said_statements[c.identity],
                                 .boundary = said_statements[c.boundary],
                                 .session = said_statements[c.session],
                                 .resource = granted_statements[c.resource],
                                 .root = c.root,
                                 .cross_account = c.cross_account,
                                 .trust = c.trust };
        char name[32];
        struct keys keys = keys_new(a);
        struct permission_policy policies[POLICIES_MAX];
        struct permission_ask ask = ask_of_row(a, &row, &keys, policies);
        snprintf(name, sizeof name, "combination %zu", k);
        struct permission p = decide(name, &ask);
        struct str because = permission_because(a, &p, STR(ACTION));

        WANT(str_eq(because, str_of(oracle(&c))),
             "%s: identity %d boundary %d session %d resource %d root %d cross %d trust %d: "
             "\"%.*s\", not \"%s\"",
             name, c.identity, c.boundary, c.session, c.resource, c.root, c.cross_account, c.trust,
             STR_ARG(because), oracle(&c));
        WANT(p.boundary_allows == (c.root || c.boundary == ABSENT || c.boundary == SAYS_ALLOW),
             "%s: the boundary", name);
        allowed += p.decision == POLICY_ALLOW;
    }
    ck_assert_uint_gt(allowed, 100);
    arena_free(a);
}
END_TEST

Suite *permission_suite(void)
{
    Suite *s = suite_create("permission");
    TCase *t = tcase_create("permission");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, decides_as_documented, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, what_is_listed_is_there);
    tcase_add_test(t, lists_that_are_empty_are_not_asked);
    tcase_add_test(t, nobody_is_let_in);
    tcase_add_test(t, a_trace_joins_the_spellings);
    tcase_add_test(t, a_cheap_answer_allocates_nothing);
    tcase_add_test(t, every_combination_agrees_with_the_oracle);
    suite_add_tcase(s, t);
    return s;
}
