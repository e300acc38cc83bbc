#include "fakests/policy/simulated.h"

#include "tests/fakests/policy/fixture.h"

Suite *simulated_suite(void);

/* Whether a statement of that Effect matches under the condition, to policies of that kind. */
static bool holds(struct arena *a, enum policy_kind kind, const char *effect, const char *condition,
                  const struct keys *keys)
{
    static const struct policy_principal caller = { STR_INIT("AWS"), STR_INIT("123456789012") };
    const char *who =
        kind == POLICY_SIMULATED_RESOURCE ? "'Principal': {'AWS': '123456789012'}, " : "";
    struct str text = arena_printf(a,
                                   "{'Statement': {'Effect': '%s', %s'Action': 's3:Get*', "
                                   "'Resource': '*', 'Condition': %s}}",
                                   effect, who, condition);
    struct policy_ask ask = { .arena = a,
                              .principals = &caller,
                              .n_principals = 1,
                              .action = STR("s3:GetObject"),
                              .resource = STR("arn:aws:s3:::bucket/key"),
                              .keys = keys };
    struct policy_trace trace;
    const struct policy *p = fixture_policy(a, kind, text.p);
    enum policy_decision decision = policy_eval(p, &ask, &trace);
    ck_assert_msg(policy_eval(p, &ask, NULL) == decision, "%s: the trace differs", condition);
    return decision != POLICY_IMPLICIT_DENY;
}

static const struct {
    const char *name, *condition, *context;
    bool engine, simulator;
} conditions[] = {
    /* where they differ: one wanted value cannot be read */
    { "a word is no address to either", "{'IpAddress': {'k:ip': 'a-word'}}", "{'k:ip': '10.0.0.1'}",
      false, false },
    { "negated it is false to the simulator", "{'NotIpAddress': {'k:ip': 'a-word'}}",
      "{'k:ip': '10.0.0.1'}", true, false },
    { "a word in front hides the network behind it",
      "{'IpAddress': {'k:ip': ['a-word', '10.0.0.0/8']}}", "{'k:ip': '10.0.0.1'}", true, false },
    { "a network in front matches before the word",
      "{'IpAddress': {'k:ip': ['10.0.0.0/8', 'a-word']}}", "{'k:ip': '10.0.0.1'}", true, true },
    { "a network that does not match leaves the word to stop at",
      "{'IpAddress': {'k:ip': ['10.0.0.0/8', 'a-word']}}", "{'k:ip': '11.0.0.1'}", false, false },
    { "so negated too", "{'NotIpAddress': {'k:ip': ['10.0.0.0/8', 'a-word']}}",
      "{'k:ip': '11.0.0.1'}", true, false },
    { "negated, a word in front", "{'NotIpAddress': {'k:ip': ['a-word', '10.0.0.0/8']}}",
      "{'k:ip': '11.0.0.1'}", true, false },
    { "host bits of IPv6", "{'NotIpAddress': {'k:ip': '2001:db8::9/64'}}",
      "{'k:ip': '2001:db8::9'}", true, false },
    { "host bits before length 0", "{'NotIpAddress': {'k:ip': '::1/0'}}", "{'k:ip': '::1'}", true,
      false },
    { "too many bits", "{'NotIpAddress': {'k:ip': '10.0.0.0/33'}}", "{'k:ip': '10.0.0.1'}", true,
      false },
    { "dots in IPv6", "{'NotIpAddress': {'k:ip': '::ffff:10.0.0.0/104'}}", "{'k:ip': '10.0.0.1'}",
      true, false },
    { "host bits hide the network behind them",
      "{'IpAddress': {'k:ip': ['2001:db8::9/64', '2001:db8::/64']}}", "{'k:ip': '2001:db8::1'}",
      true, false },
    { "and not the one in front", "{'IpAddress': {'k:ip': ['2001:db8::/64', '2001:db8::9/64']}}",
      "{'k:ip': '2001:db8::1'}", true, true },
    { "IfExists changes nothing for a key that is there",
      "{'NotIpAddressIfExists': {'k:ip': 'a-word'}}", "{'k:ip': '10.0.0.1'}", true, false },
    { "every value of a list stops there", "{'ForAllValues:NotIpAddress': {'k:ip': 'a-word'}}",
      "{'k:ip': ['10.0.0.1', '10.0.0.2']}", true, false },
    { "any of them too", "{'ForAnyValue:NotIpAddress': {'k:ip': 'a-word'}}",
      "{'k:ip': ['10.0.0.1', '10.0.0.2']}", true, false },

    /* and where they do not */
    { "host bits of IPv4 are ignored", "{'IpAddress': {'k:ip': '10.0.0.9/24'}}",
      "{'k:ip': '10.0.0.1'}", true, true },
    { "a third colon is not seen", "{'IpAddress': {'k:ip': '2001:db8::1/128'}}",
      "{'k:ip': '2001:db8:::1'}", true, true },
    { "a request's word is no address", "{'NotIpAddress': {'k:ip': '10.0.0.0/8'}}",
      "{'k:ip': 'a-word'}", false, false },
    { "an absent key meets a negated operator before any word",
      "{'NotIpAddress': {'k:ip': 'a-word'}}", "{}", true, true },
    { "an absent key fails a positive one", "{'IpAddress': {'k:ip': 'a-word'}}", "{}", false,
      false },
    { "no number among numbers", "{'NumericEquals': {'k:n': ['many', '5']}}", "{'k:n': '5'}", true,
      true },
    { "no date among dates", "{'DateNotEquals': {'k:d': 'soon'}}", "{'k:d': '2030'}", true, true },
};

START_TEST(stops_at_what_is_no_address)
{
    struct arena *a = arena_new();
    static const char *const effects[] = { "Allow", "Deny" };
    struct keys keys = fixture_keys(a, conditions[_i].context);
    const char *condition = conditions[_i].condition;
    for (size_t i = 0; i < 2; i++) {
        ck_assert_msg(holds(a, POLICY_SESSION, effects[i], condition, &keys) ==
                          conditions[_i].engine,
                      "%s: the engine, %s", conditions[_i].name, effects[i]);
        ck_assert_msg(holds(a, POLICY_SIMULATED, effects[i], condition, &keys) ==
                          conditions[_i].simulator,
                      "%s: the simulator, %s", conditions[_i].name, effects[i]);
        ck_assert_msg(holds(a, POLICY_SIMULATED_RESOURCE, effects[i], condition, &keys) ==
                          conditions[_i].simulator,
                      "%s: its resource's policy, %s", conditions[_i].name, effects[i]);
    }
    arena_free(a);
}
END_TEST

START_TEST(only_the_operators_of_addresses_stop)
{
    size_t n, stop = 0;
    const struct operator_row *rows = operator_all(&n);
    for (size_t i = 0; i < n; i++)
        if (simulated_stops(&rows[i])) {
            ck_assert(str_ends(rows[i].name, STR("IpAddress")));
            stop++;
        }
    ck_assert_uint_eq(stop, 2);
}
END_TEST

/* The trace says why, lest somebody take it for AWS's engine. */
START_TEST(a_trace_tells_of_the_simulator)
{
    struct arena *a = arena_new();
    struct keys keys = fixture_keys(a, "{'k:ip': '10.0.0.1'}");
    struct policy_ask ask = {
        .arena = a, .action = STR("a:B"), .resource = STR("*"), .keys = &keys
    };
    struct policy_trace trace;
    policy_eval(fixture_policy(a, POLICY_SIMULATED,
                               "{'Statement': {'Effect': 'Allow', 'Action': '*', 'Resource': '*', "
                               "'Condition': {'IpAddress': {'k:ip': 'a-word'}}}}"),
                &ask, &trace);
    want_str("the note", str_of(trace.statements[0].conditions[0].note),
             STR("a wanted value is no address: there the simulator stops, with false"));
    arena_free(a);
}
END_TEST

/* ---- what the kinds may hold ---- */

#define STATEMENT(inside) "{'Statement': {'Effect': 'Allow', 'Action': 's3:Get*'" inside "}}"
#define WHO               ", 'Principal': '*'"
#define WHAT              ", 'Resource': '*'"

static const struct {
    const char *name;
    enum policy_kind kind;
    const char *text;
    const char *refusal; /* AWS's words, or NULL */
} documents[] = {
    { "a simulated policy has a Resource", POLICY_SIMULATED, STATEMENT(WHAT), NULL },
    { "it has to", POLICY_SIMULATED, STATEMENT(""), "Policy statement must contain resources." },
    { "it has no Principal", POLICY_SIMULATED, STATEMENT(WHO WHAT),
      "Has prohibited field Principal" },
    { "nor a NotPrincipal", POLICY_SIMULATED, STATEMENT(", 'NotPrincipal': '*'" WHAT),
      "Has prohibited field NotPrincipal" },
    { "a resource's policy has both", POLICY_SIMULATED_RESOURCE, STATEMENT(WHO WHAT), NULL },
    { "it has to say who", POLICY_SIMULATED_RESOURCE, STATEMENT(WHAT),
      "Missing required field Principal" },
    { "it has to say what", POLICY_SIMULATED_RESOURCE, STATEMENT(WHO),
      "Policy statement must contain resources." },
    { "its actions name a service", POLICY_SIMULATED_RESOURCE,
      "{'Statement': {'Effect': 'Allow', 'Action': 'Get*'" WHO WHAT "}}",
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc." },
    { "an address that is none is read", POLICY_SIMULATED,
      STATEMENT(WHAT ", 'Condition': {'IpAddress': {'k:ip': 'a-word'}}"), NULL },
    { "IAM does not store it", POLICY_IDENTITY,
      STATEMENT(WHAT ", 'Condition': {'IpAddress': {'k:ip': 'a-word'}}"),
      "Syntax error in policy." },
    { "a number that is none is read", POLICY_SIMULATED_RESOURCE,
      STATEMENT(WHO WHAT ", 'Condition': {'NumericEquals': {'k:n': 'a-word'}}"), NULL },
    { "what is no base64 is not", POLICY_SIMULATED,
      STATEMENT(WHAT ", 'Condition': {'BinaryEquals': {'k:b': '!'}}"), "Syntax error in policy." },
    { "an operator that is none is not", POLICY_SIMULATED,
      STATEMENT(WHAT ", 'Condition': {'IpAddresses': {'k:ip': '10.0.0.1'}}"),
      "Invalid Condition type : IpAddresses" },
    { "an operator without keys is read", POLICY_SIMULATED,
      STATEMENT(WHAT ", 'Condition': {'IpAddress': {}}"), NULL },
};

START_TEST(reads_what_the_simulator_takes)
{
    struct arena *a = arena_new();
    struct why why;
    bool read = fixture_read(a, &why, documents[_i].kind, documents[_i].text) != NULL;
    ck_assert_msg(read == !documents[_i].refusal, "%s", documents[_i].name);
    if (!read)
        want_str(documents[_i].name, why.arg[0], str_of(documents[_i].refusal));
    arena_free(a);
}
END_TEST

/* A resource's policy is for whom and what it names. */
START_TEST(a_resource_policy_looks_at_both)
{
    static const struct {
        const char *who, *resource;
        bool allowed;
    } cases[] = { { "1", "arn:aws:s3:::b/k", true },
                  { "2", "arn:aws:s3:::b/k", false },
                  { "1", "arn:aws:s3:::c/k", false } };
    struct arena *a = arena_new();
    struct keys keys = keys_new(a);
    const struct policy *p =
        fixture_policy(a, POLICY_SIMULATED_RESOURCE,
                       STATEMENT(", 'Principal': {'AWS': '1'}, 'Resource': 'arn:aws:s3:::b/*'"));
    for (size_t i = 0; i < 3; i++) {
        struct policy_principal who = { STR("AWS"), str_of(cases[i].who) };
        struct policy_ask ask = {
            a, &who, 1, STR("s3:GetObject"), str_of(cases[i].resource), &keys
        };
        ck_assert_int_eq(policy_eval(p, &ask, NULL) == POLICY_ALLOW, cases[i].allowed);
    }
    arena_free(a);
}
END_TEST

/* ---- types ---- */

static const struct {
    const char *name, *type, *value;
    bool fits;
} values[] = {
    { "any text is a string", "string", "a-word", true },
    { "an empty one too", "string", "", true },
    { "an address", "ip", "10.0.0.1", true },
    { "an address with zeros", "ip", "010.000.000.001", true },
    { "an address of IPv6", "ip", "2001:db8::1", true },
    { "a mapped one", "ip", "::ffff:10.0.0.1", true },
    { "a third colon", "ip", "2001:db8:::1", true },
    { "a colon at the end", "ip", "2001:db8::1:", true },
    { "behind all eight groups", "ip", "2001:db8:0:0:0:0:0:1:", true },
    { "a colon in front", "ip", ":2001:db8::1", true },
    { "three colons alone", "ip", ":::", true },
    { "a network is no address", "ip", "10.0.0.1/32", false },
    { "a word neither", "ip", "a-word", false },
    { "one number neither", "ip", "167772161", false },
    { "nothing neither", "ip", "", false },
    { "four colons", "ip", "2001:db8::::1", false },
    { "two gaps", "ip", "2001::db8::1", false },
    { "dots in IPv6", "ip", "2001:db8::10.0.0.1", false },
    { "a gap before dots", "ip", "::ffff:::10.0.0.1", false },
    { "a zone", "ip", "fe80::1%1", false },
    { "brackets", "ip", "[2001:db8::1]", false },
    { "of a list too", "ipList", "a-word", false },
    { "a number", "numeric", "-1.5", true },
    { "no number", "numericList", "many", false },
    { "a date", "date", "2030-01-01T00:00:00Z", true },
    { "no date", "dateList", "soon", false },
    { "a boolean", "boolean", "True", true },
    { "no boolean", "booleanList", "yes", false },
    { "base64", "binary", "QQ==", true },
    { "no base64", "binaryList", "QQ", false },
};

START_TEST(values_fit_their_type)
{
    struct arena *a = arena_new();
    const struct simulated_type *type = simulated_type_find(str_of(values[_i].type));
    ck_assert_msg(type != NULL, "%s", values[_i].name);
    ck_assert_msg(simulated_type_fits(a, type, guarded(str_of(values[_i].value))) ==
                      values[_i].fits,
                  "%s", values[_i].name);
    ck_assert_int_eq(type->is_list, str_ends(type->name, STR("List")));
    arena_free(a);
}
END_TEST

START_TEST(other_types_are_unknown)
{
    static const char *const names[] = { "", "IP", "iplist", "ip ", "address", "list" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_msg(!simulated_type_find(guarded(str_of(names[i]))), "%s", names[i]);
}
END_TEST

Suite *simulated_suite(void)
{
    Suite *s = suite_create("simulated");
    TCase *t = tcase_create("simulated");
    tcase_add_loop_test(t, stops_at_what_is_no_address, 0,
                        sizeof conditions / sizeof conditions[0]);
    tcase_add_test(t, only_the_operators_of_addresses_stop);
    tcase_add_test(t, a_trace_tells_of_the_simulator);
    tcase_add_loop_test(t, reads_what_the_simulator_takes, 0,
                        sizeof documents / sizeof documents[0]);
    tcase_add_test(t, a_resource_policy_looks_at_both);
    tcase_add_loop_test(t, values_fit_their_type, 0, sizeof values / sizeof values[0]);
    tcase_add_test(t, other_types_are_unknown);
    suite_add_tcase(s, t);
    return s;
}
