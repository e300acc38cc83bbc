#include "base/text.h"
#include "tests/fakests/policy/fixture.h"

Suite *eval_suite(void);

#define P         FIXTURE_PROVIDER
#define FEDERATED "'Principal': {'Federated': '" P "'}"
#define ALLOW_ALL "{'Effect': 'Allow', " FEDERATED ", 'Action': '*'}"
#define AUD       "issuer.example.com/path:aud"

struct row {
    const char *name, *statements, *context;
    enum policy_decision decision;
};

/* A web token's caller in front of a trust policy. */
static const struct row trust_rows[] = {
    { "no statement for the caller is an implicit deny",
      "{'Effect': 'Allow', 'Principal': {'Federated': 'other'}, 'Action': '*'}", "{}",
      POLICY_IMPLICIT_DENY },
    { "an Allow allows", ALLOW_ALL, "{}", POLICY_ALLOW },
    { "a Deny before an Allow denies",
      "{'Effect': 'Deny', " FEDERATED ", 'Action': '*'}, " ALLOW_ALL, "{}", POLICY_EXPLICIT_DENY },
    { "a Deny behind an Allow denies",
      ALLOW_ALL ", {'Effect': 'Deny', " FEDERATED ", 'Action': '*'}", "{}", POLICY_EXPLICIT_DENY },
    { "a Deny behind two Allows denies",
      ALLOW_ALL ", " ALLOW_ALL ", {'Effect': 'Deny', " FEDERATED ", 'Action': '*'}", "{}",
      POLICY_EXPLICIT_DENY },
    { "a Deny alone allows nobody it spares",
      "{'Effect': 'Deny', 'Principal': {'Federated': 'other'}, 'Action': '*'}", "{}",
      POLICY_IMPLICIT_DENY },
    { "a Deny whose condition fails denies nobody",
      "{'Effect': 'Deny', " FEDERATED
      ", 'Action': '*', 'Condition': {'StringEquals': {'k:x': 'b'}}}, " ALLOW_ALL,
      "{'k:x': 'a'}", POLICY_ALLOW },
    { "a Deny of another principal in front denies nobody else",
      "{'Effect': 'Deny', 'Principal': {'Federated': 'other'}, 'Action': '*'}, " ALLOW_ALL, "{}",
      POLICY_ALLOW },
    { "an Allow whose condition fails is none",
      "{'Effect': 'Allow', " FEDERATED
      ", 'Action': '*', 'Condition': {'StringLike': {'k:x': 'b*'}}}",
      "{'k:x': 'a'}", POLICY_IMPLICIT_DENY },
    { "the principal of one statement does not help another's condition",
      "{'Effect': 'Allow', " FEDERATED
      ", 'Action': '*', 'Condition': {'StringEquals': {'k:x': 'b'}}}, "
      "{'Effect': 'Allow', 'Principal': {'Federated': 'other'}, 'Action': '*', "
      "'Condition': {'StringEquals': {'k:x': 'a'}}}",
      "{'k:x': 'a'}", POLICY_IMPLICIT_DENY },
    { "the action of one statement does not help another's principal",
      "{'Effect': 'Allow', " FEDERATED ", 'Action': 'sts:TagSession'}, "
      "{'Effect': 'Allow', 'Principal': {'Federated': 'other'}, 'Action': '" FIXTURE_ACTION "'}",
      "{}", POLICY_IMPLICIT_DENY },
    { "one of several statements is enough",
      "{'Effect': 'Allow', 'Principal': {'Federated': 'other'}, 'Action': '*'}, " ALLOW_ALL, "{}",
      POLICY_ALLOW },

    /* principals */
    { "a star means callers with credentials, not this one",
      "{'Effect': 'Allow', 'Principal': '*', 'Action': '*'}", "{}", POLICY_IMPLICIT_DENY },
    { "an AWS star neither", "{'Effect': 'Allow', 'Principal': {'AWS': '*'}, 'Action': '*'}", "{}",
      POLICY_IMPLICIT_DENY },
    { "a Federated star is a name",
      "{'Effect': 'Allow', 'Principal': {'Federated': '*'}, 'Action': '*'}", "{}",
      POLICY_IMPLICIT_DENY },
    { "wildcards in a principal are text",
      "{'Effect': 'Allow', 'Principal': {'Federated': "
      "'arn:aws:iam::123456789012:oidc-provider/*'}, "
      "'Action': '*'}",
      "{}", POLICY_IMPLICIT_DENY },
    { "a provider's ARN has case",
      "{'Effect': 'Allow', 'Principal': {'Federated': "
      "'arn:aws:iam::123456789012:oidc-provider/Issuer.example.com/path'}, 'Action': '*'}",
      "{}", POLICY_IMPLICIT_DENY },
    { "a slash at its end makes it another",
      "{'Effect': 'Allow', 'Principal': {'Federated': '" P "/'}, 'Action': '*'}", "{}",
      POLICY_IMPLICIT_DENY },
    { "the same name of another kind is another",
      "{'Effect': 'Allow', 'Principal': {'AWS': '" P "'}, 'Action': '*'}", "{}",
      POLICY_IMPLICIT_DENY },
    { "one of several names is enough",
      "{'Effect': 'Allow', 'Principal': {'AWS': '*', 'Federated': ['other', '" P
      "']}, 'Action': '*'}",
      "{}", POLICY_ALLOW },
    { "NotPrincipal spares whom it names",
      "{'Effect': 'Deny', 'NotPrincipal': {'Federated': '" P "'}, 'Action': '*'}, " ALLOW_ALL, "{}",
      POLICY_ALLOW },
    { "and nobody else",
      "{'Effect': 'Deny', 'NotPrincipal': {'Federated': 'other'}, 'Action': '*'}, " ALLOW_ALL, "{}",
      POLICY_EXPLICIT_DENY },

    /* actions */
    { "actions have no case",
      "{'Effect': 'Allow', " FEDERATED ", 'Action': 'STS:assumeROLEwithwebidentity'}", "{}",
      POLICY_ALLOW },
    { "actions have wildcards",
      "{'Effect': 'Allow', " FEDERATED ", 'Action': ['a:B', 'sts:AssumeRole?ithWeb*']}", "{}",
      POLICY_ALLOW },
    { "AssumeRole is another action",
      "{'Effect': 'Allow', " FEDERATED ", 'Action': 'sts:AssumeRole'}", "{}",
      POLICY_IMPLICIT_DENY },
    { "NotAction leaves out what it names",
      "{'Effect': 'Allow', " FEDERATED ", 'NotAction': ['a:B', 'sts:Assume*']}", "{}",
      POLICY_IMPLICIT_DENY },
    { "and nothing else", "{'Effect': 'Allow', " FEDERATED ", 'NotAction': 'sts:TagSession'}", "{}",
      POLICY_ALLOW },

    /* what peers get wrong */
    { "an absent key does not fail a negated operator",
      "{'Effect': 'Allow', " FEDERATED ", 'Action': '*', 'Condition': {'StringNotEquals': {'" AUD
      "': 'x'}}}",
      "{}", POLICY_ALLOW },
    { "an absent key does not fail ForAllValues",
      "{'Effect': 'Allow', " FEDERATED
      ", 'Action': '*', 'Condition': {'ForAllValues:StringEquals': {'" AUD "': 'x'}}}",
      "{}", POLICY_ALLOW },
    { "an absent key fails StringEquals",
      "{'Effect': 'Allow', " FEDERATED ", 'Action': '*', 'Condition': {'StringEquals': {'" AUD
      "': 'x'}}}",
      "{}", POLICY_IMPLICIT_DENY },
    { "a key of an issuer with a path is found",
      "{'Effect': 'Allow', " FEDERATED ", 'Action': '*', 'Condition': {'StringEquals': {'" AUD
      "': 'x'}}}",
      "{'" AUD "': 'x'}", POLICY_ALLOW },
    { "in other letters too",
      "{'Effect': 'Allow', " FEDERATED
      ", 'Action': '*', 'Condition': {'StringEquals': {'ISSUER.example.com/PATH:Aud': 'x'}}}",
      "{'" AUD "': 'x'}", POLICY_ALLOW },
    { "with a slash more it is another key",
      "{'Effect': 'Allow', " FEDERATED
      ", 'Action': '*', 'Condition': {'StringEquals': {'issuer.example.com/path/:aud': 'x'}}}",
      "{'" AUD "': 'x'}", POLICY_IMPLICIT_DENY },
    { "a list of audiences is not one audience",
      "{'Effect': 'Allow', " FEDERATED
      ", 'Action': '*', 'Condition': {'StringEquals': {'issuer.example.com/path:amr': 'x'}}}",
      "{'issuer.example.com/path:amr': ['x']}", POLICY_IMPLICIT_DENY },
    { "a pattern that does not match permits nobody",
      "{'Effect': 'Allow', " FEDERATED ", 'Action': '*', 'Condition': {'StringLike': {'" AUD
      "': 'repo:acme/*'}}}",
      "{'" AUD "': 'repo:acme-malicious/x'}", POLICY_IMPLICIT_DENY },
    { "every condition of a statement counts",
      "{'Effect': 'Allow', " FEDERATED ", 'Action': '*', 'Condition': {'StringEquals': {'" AUD
      "': 'x'}, 'StringLike': {'issuer.example.com/path:sub': 'a*'}}}",
      "{'" AUD "': 'x', 'issuer.example.com/path:sub': 'b'}", POLICY_IMPLICIT_DENY },

    /* the language's versions */
    { "variables are put in",
      "{'Effect': 'Allow', " FEDERATED
      ", 'Action': '*', 'Condition': {'StringEquals': {'k:x': '${k:y}'}}}",
      "{'k:x': 'a', 'k:y': 'a'}", POLICY_ALLOW },
};

static struct policy_ask web_ask(struct arena *a, const struct keys *keys)
{
    static const struct policy_principal web[] = { { STR_INIT("Federated"), STR_INIT(P) } };
    return (struct policy_ask){ .arena = a,
                                .principals = web,
                                .n_principals = 1,
                                .action = STR(FIXTURE_ACTION),
                                .keys = keys };
}

static struct policy *policy_of(struct arena *a, enum policy_kind kind, const char *version,
                                const char *statements)
{
    return fixture_policy(
        a, kind, arena_printf(a, "{'Version': '%s', 'Statement': [%s]}", version, statements).p);
}

static void want_decision(const struct policy *p, const struct policy_ask *ask, const char *name,
                          enum policy_decision wanted)
{
    struct policy_trace trace;
    ck_assert_msg(policy_eval(p, ask, NULL) == wanted, "%s", name);
    ck_assert_msg(policy_eval(p, ask, &trace) == wanted, "%s, traced", name);
    ck_assert_msg(trace.decision == wanted, "%s, in the trace", name);
    ck_assert_msg(trace.n_statements == policy_n_statements(p), "%s", name);
}

START_TEST(decides_on_trust)
{
    struct arena *a = arena_new();
    const struct row *r = &trust_rows[_i];
    struct keys keys = fixture_keys(a, r->context);
    struct policy_ask ask = web_ask(a, &keys);
    want_decision(policy_of(a, POLICY_TRUST, "2012-10-17", r->statements), &ask, r->name,
                  r->decision);
    arena_free(a);
}
END_TEST

START_TEST(the_old_version_has_no_variables)
{
    struct arena *a = arena_new();
    const char *statement = "{'Effect': 'Allow', " FEDERATED
                            ", 'Action': '*', 'Condition': {'StringEquals': {'k:x': '${k:y}'}}}";
    struct keys same = fixture_keys(a, "{'k:x': 'a', 'k:y': 'a'}");
    struct keys literal = fixture_keys(a, "{'k:x': '${k:y}'}");
    struct policy_ask ask = web_ask(a, &same);
    const struct policy *p = policy_of(a, POLICY_TRUST, "2008-10-17", statement);
    want_decision(p, &ask, "nothing is put in", POLICY_IMPLICIT_DENY);
    ask.keys = &literal;
    want_decision(p, &ask, "the text is the text", POLICY_ALLOW);
    arena_free(a);
}
END_TEST

/* A caller with credentials, known under several names. */
static const struct {
    const char *name, *principal;
    bool allowed;
} aws_rows[] = {
    { "a star", "'*'", true },
    { "an AWS star", "{'AWS': '*'}", true },
    { "the account", "{'AWS': '123456789012'}", true },
    { "the account's root", "{'AWS': 'arn:aws:iam::123456789012:root'}", true },
    { "the role itself", "{'AWS': 'arn:aws:iam::123456789012:role/r'}", true },
    { "another role", "{'AWS': 'arn:aws:iam::123456789012:role/s'}", false },
    { "a service", "{'Service': 'ec2.amazonaws.com'}", false },
};

START_TEST(callers_with_credentials_have_several_names)
{
    static const struct policy_principal names[] = {
        { STR_INIT("AWS"), STR_INIT("arn:aws:iam::123456789012:role/r") },
        { STR_INIT("AWS"), STR_INIT("arn:aws:iam::123456789012:root") },
        { STR_INIT("AWS"), STR_INIT("123456789012") },
    };
    struct arena *a = arena_new();
    struct keys keys = keys_new(a);
    struct policy_ask ask = { a, names, 3, STR("sts:AssumeRole"), STR(""), &keys };
    struct str statement =
        arena_printf(a, "{'Effect': 'Allow', 'Principal': %s, 'Action': 'sts:AssumeRole'}",
                     aws_rows[_i].principal);
    want_decision(policy_of(a, POLICY_TRUST, "2012-10-17", statement.p), &ask, aws_rows[_i].name,
                  aws_rows[_i].allowed ? POLICY_ALLOW : POLICY_IMPLICIT_DENY);
    arena_free(a);
}
END_TEST

/* ---- identity and session policies ---- */

#define BUCKET "arn:aws:s3:::bucket/home/ann/file"

static const struct {
    const char *name, *resource; /* with its element */
    bool matches;
} resources[] = {
    { "a star is every resource", "'Resource': '*'", true },
    { "the resource itself", "'Resource': '" BUCKET "'", true },
    { "a pattern", "'Resource': 'arn:aws:s3:::bucket/*'", true },
    { "a star goes beyond colons", "'Resource': 'arn:aws:*/file'", true },
    { "resources have case", "'Resource': 'arn:aws:s3:::Bucket/*'", false },
    { "one of several", "'Resource': ['arn:aws:s3:::x', 'arn:aws:s3:::bucket/home/*']", true },
    { "a variable", "'Resource': 'arn:aws:s3:::bucket/home/${aws:username}/*'", true },
    { "a variable's star is none", "'Resource': 'arn:aws:s3:::bucket/home/${k:star}/file'", false },
    { "a variable without a value names nothing", "'Resource': 'arn:aws:s3:::*${aws:userid}'",
      false },
    { "NotResource leaves out what it names", "'NotResource': 'arn:aws:s3:::bucket/*'", false },
    { "and nothing else", "'NotResource': ['arn:aws:s3:::x', 'arn:aws:s3:::y']", true },
    { "a variable without a value leaves out nothing",
      "'NotResource': 'arn:aws:s3:::*${aws:userid}'", true },
};

START_TEST(resources_match)
{
    for (int allow = 0; allow < 2; allow++)
        for (int kind = POLICY_IDENTITY; kind <= POLICY_SESSION; kind++) {
            struct arena *a = arena_new();
            struct keys keys = fixture_keys(a, "{'aws:username': 'ann', 'k:star': '*'}");
            struct policy_ask ask = {
                .arena = a, .action = STR("s3:GetObject"), .resource = STR(BUCKET), .keys = &keys
            };
            struct str statement = arena_printf(a, "{'Effect': '%s', 'Action': 's3:Get*', %s}",
                                                allow ? "Allow" : "Deny", resources[_i].resource);
            want_decision(policy_of(a, (enum policy_kind)kind, "2012-10-17", statement.p), &ask,
                          resources[_i].name,
                          !resources[_i].matches ? POLICY_IMPLICIT_DENY
                          : allow                ? POLICY_ALLOW
                                                 : POLICY_EXPLICIT_DENY);
            arena_free(a);
        }
}
END_TEST

/* ---- the trace ---- */

static struct policy_condition_trace traced(struct arena *a, const char *condition,
                                            const char *context)
{
    struct keys keys = fixture_keys(a, context);
    struct policy_ask ask = web_ask(a, &keys);
    struct policy_trace trace;
    struct str statement = arena_printf(
        a, "{'Effect': 'Allow', " FEDERATED ", 'Action': '*', 'Condition': {%s}}", condition);
    policy_eval(policy_of(a, POLICY_TRUST, "2012-10-17", statement.p), &ask, &trace);
    ck_assert_uint_eq(trace.n_statements, 1);
    ck_assert_uint_eq(trace.statements[0].n_conditions, 1);
    return trace.statements[0].conditions[0];
}

START_TEST(the_trace_tells_wanted_and_got)
{
    struct arena *a = arena_new();
    struct policy_condition_trace c =
        traced(a, "'ForAnyValue:StringLikeIfExists': {'K:X': ['a${k:y}*', '${k:none}', 'c?']}",
               "{'k:x': ['b', 'c'], 'k:y': '*'}");
    want_str("the operator as it is written", c.operator, STR("ForAnyValue:StringLikeIfExists"));
    want_str("the key as it is written", c.key, STR("K:X"));
    ck_assert_uint_eq(c.n_wanted, 3);
    want_str("a value as it is written", c.wanted[0], STR("a${k:y}*"));
    want_str("a value as it stands now", c.wanted_now[0], STR("a**"));
    ck_assert_msg(c.wanted_now[1].p == NULL, "%s", "a value that could not be filled");
    want_str("a value without variables", c.wanted_now[2], STR("c?"));
    ck_assert_uint_eq(c.n_got, 2);
    want_str("a value of the request", c.got[1], STR("c"));
    ck_assert(c.present && !c.passed);
    ck_assert_ptr_nonnull(c.note);
    arena_free(a);
}
END_TEST

static const struct {
    const char *condition, *context, *note; /* a part of it; NULL: none */
} notes[] = {
    { "'StringEquals': {'k:x': 'a'}", "{'k:x': 'b'}", NULL },
    { "'StringEquals': {'k:x': 'a'}", "{'k:x': 'a'}", NULL },
    { "'StringEquals': {'k:x': 'a'}", "{}", "the key is absent" },
    { "'StringNotEquals': {'k:x': 'a'}", "{}", "satisfies a negated operator" },
    { "'StringEqualsIfExists': {'k:x': 'a'}", "{}", "satisfies IfExists" },
    { "'ForAllValues:StringEquals': {'k:x': 'a'}", "{}", "satisfies ForAllValues" },
    { "'ForAllValues:StringEquals': {'k:x': 'a'}", "{'k:x': []}", "the list is empty" },
    { "'ForAnyValue:StringEquals': {'k:x': 'a'}", "{'k:x': []}", "wants a value" },
    { "'StringEquals': {'k:x': 'a'}", "{'k:x': ['a']}", "the key is a list" },
    { "'StringEquals': {'k:x': '${k:y}'}", "{'k:x': 'a'}", "no single value" },
    { "'NumericEquals': {'k:x': '1'}", "{'k:x': 'a'}", "not a number" },
    { "'DateEquals': {'k:x': '1'}", "{'k:x': 'a'}", "not a date" },
    { "'NotIpAddress': {'k:x': '::/0'}", "{'k:x': 'a'}", "not an IP address" },
    { "'ArnNotLike': {'k:x': 'arn:a:b:c:d:e'}", "{'k:x': 'a'}", "not an ARN" },
    { "'ArnLike': {'k:x': '${k:y}'}", "{'k:x': 'arn:a:b:c:d:e', 'k:y': 'a'}",
      "a wanted value is no ARN" },
    { "'Null': {'k:x': 'true'}", "{'k:x': 'a'}", NULL },
};

START_TEST(the_trace_says_what_values_do_not)
{
    struct arena *a = arena_new();
    struct policy_condition_trace c = traced(a, notes[_i].condition, notes[_i].context);
    if (!notes[_i].note)
        ck_assert_msg(!c.note, "%s: %s", notes[_i].condition, c.note);
    else
        ck_assert_msg(c.note && strstr(c.note, notes[_i].note), "%s in %s: %s", notes[_i].condition,
                      notes[_i].context, c.note ? c.note : "nothing");
    arena_free(a);
}
END_TEST

/* Nothing is left out because something before it failed. */
START_TEST(the_trace_evaluates_everything)
{
    struct arena *a = arena_new();
    struct keys keys = fixture_keys(a, "{'k:x': 'a'}");
    struct policy_ask ask = web_ask(a, &keys);
    struct policy_trace t;
    policy_eval(policy_of(a, POLICY_TRUST, "2012-10-17",
                          "{'Effect': 'Deny', " FEDERATED ", 'Action': '*'}, "
                          "{'Sid': 'two', 'Effect': 'Allow', 'Principal': '*', 'Action': 'a:B', "
                          "'Condition': {'StringEquals': {'k:x': 'b', 'k:y': 'b'}, "
                          "'StringLike': {'k:x': '*'}}}"),
                &ask, &t);
    ck_assert_uint_eq(t.n_statements, 2);
    ck_assert(t.statements[0].matched && !t.statements[0].allow);
    struct policy_statement_trace *s = &t.statements[1];
    ck_assert_uint_eq(s->index, 1);
    want_str("its Sid", s->sid, STR("two"));
    ck_assert(s->allow && !s->matched && !s->principal && !s->action && s->resource);
    ck_assert_uint_eq(s->n_conditions, 3);
    ck_assert(!s->conditions[0].passed && !s->conditions[1].passed && s->conditions[2].passed);
    ck_assert(!s->conditions[1].present && s->conditions[2].present);
    arena_free(a);
}
END_TEST

/* Without variables, and without a trace, a decision takes no memory. */
START_TEST(a_decision_takes_no_memory)
{
    struct arena *a = arena_new(), *asked = arena_new();
    struct keys keys = fixture_keys(a, "{'k:x': 'Abc', 'k:y': '12', 'k:z': ['a', 'b'], "
                                       "'k:ip': '10.1.2.3', 'k:arn': 'arn:a:b:c:d:e'}");
    struct policy_ask ask = web_ask(asked, &keys);
    const struct policy *p = policy_of(
        a, POLICY_TRUST, "2012-10-17",
        "{'Effect': 'Allow', " FEDERATED ", 'Action': '*', 'Condition': {"
        "'StringEquals': {'k:x': 'Abc'}, 'StringEqualsIgnoreCase': {'k:x': 'aBC'}, "
        "'StringLike': {'k:x': 'A*'}, 'NumericLessThan': {'k:y': 13}, 'Bool': {'k:x': false}, "
        "'DateGreaterThan': {'k:y': '1'}, 'IpAddress': {'k:ip': '10.0.0.0/8'}, "
        "'ArnLike': {'k:arn': 'arn:*:b:c:d:e'}, 'ForAllValues:StringLike': {'k:z': ['a', 'b']}, "
        "'Null': {'k:none': true}}}");
    size_t before = arena_bytes(asked);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(policy_eval(p, &ask, NULL), POLICY_ALLOW);
    ck_assert_uint_eq(arena_bytes(asked), before);
    arena_free(asked);
    arena_free(a);
}
END_TEST

/* A list claim may hold thousands of values, a policy hundreds of variables. */
START_TEST(variables_are_put_in_once_a_condition)
{
    enum { WANTED = 200, VALUES = 1000, SUBJECT = 5000 };
    struct arena *a = arena_new(), *asked = arena_new();
    struct text t = text_new(a, 64 * 1024);
    struct keys keys = keys_new(a);
    char subject[SUBJECT];
    memset(subject, 's', sizeof subject);
    keys_put(&keys, STR("k:sub"), str_n(subject, sizeof subject));
    for (int i = 0; i < VALUES; i++)
        keys_add(&keys, STR("k:amr"), STR("v"));
    text_put(&t, STR("{'Effect': 'Allow', " FEDERATED ", 'Action': '*', 'Condition': "
                     "{'ForAnyValue:StringEquals': {'k:amr': ['x'"));
    for (int i = 0; i < WANTED; i++)
        text_put(&t, STR(", '${k:sub}'"));
    text_put(&t, STR("]}}}"));
    const struct policy *p = policy_of(a, POLICY_TRUST, "2012-10-17", text_str(&t).p);
    struct policy_ask ask = web_ask(asked, &keys);
    ck_assert_int_eq(policy_eval(p, &ask, NULL), POLICY_IMPLICIT_DENY);
    ck_assert_msg(arena_bytes(asked) < 4 * WANTED * SUBJECT, "%zu bytes", arena_bytes(asked));
    arena_free(asked);
    arena_free(a);
}
END_TEST

Suite *eval_suite(void)
{
    Suite *s = suite_create("eval");
    TCase *t = tcase_create("eval");
    tcase_add_loop_test(t, decides_on_trust, 0, sizeof trust_rows / sizeof trust_rows[0]);
    tcase_add_test(t, the_old_version_has_no_variables);
    tcase_add_loop_test(t, callers_with_credentials_have_several_names, 0,
                        sizeof aws_rows / sizeof aws_rows[0]);
    tcase_add_loop_test(t, resources_match, 0, sizeof resources / sizeof resources[0]);
    tcase_add_test(t, the_trace_tells_wanted_and_got);
    tcase_add_loop_test(t, the_trace_says_what_values_do_not, 0, sizeof notes / sizeof notes[0]);
    tcase_add_test(t, the_trace_evaluates_everything);
    tcase_add_test(t, a_decision_takes_no_memory);
    tcase_add_test(t, variables_are_put_in_once_a_condition);
    suite_add_tcase(s, t);
    return s;
}
