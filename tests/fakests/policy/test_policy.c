#include "fakests/policy/policy.h"

#include "base/text.h"
#include "tests/fakests/policy/fixture.h"

Suite *policy_suite(void);

#define TRUST(inside)                                                                              \
    "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Principal': {'Federated': 'p'}, " \
    "'Action': 'a:B'" inside "}}"
#define IDENTITY(inside)                                                           \
    "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action': 'a:B', " \
    "'Resource': '*'" inside "}}"
#define SYNTAX "Syntax error in policy."

static const struct {
    const char *name;
    enum policy_kind kind;
    const char *text;
} accepted[] = {
    { "one statement", POLICY_TRUST, TRUST("") },
    { "a list of statements", POLICY_TRUST,
      "{'Statement': [{'Effect': 'Deny', 'Principal': '*', 'Action': ['a:B', 'c:D']}]}" },
    { "the old version", POLICY_TRUST,
      "{'Version': '2008-10-17', 'Statement': {'Effect': 'Deny', 'Principal': '*', 'Action': "
      "'*'}}" },
    { "every element of a trust policy", POLICY_TRUST,
      "{'Version': '2012-10-17', 'Id': 'x', 'Statement': {'Sid': 'One', 'Effect': 'Allow', "
      "'Principal': {'AWS': ['*', '1'], 'Federated': 'f', 'Service': [], 'CanonicalUser': 'c'}, "
      "'Action': ['a:B'], 'Condition': {'Null': {'k:x': 'true'}}}}" },
    { "NotPrincipal and NotAction", POLICY_TRUST,
      "{'Statement': {'Effect': 'Deny', 'NotPrincipal': {'AWS': '1'}, 'NotAction': 'a:B'}}" },
    { "no condition at all", POLICY_TRUST, TRUST(", 'Condition': {}") },
    { "any word with no keys", POLICY_TRUST, TRUST(", 'Condition': {'Whatever': {}}") },
    { "a key with no values", POLICY_TRUST, TRUST(", 'Condition': {'StringLike': {'k:x': []}}") },
    { "a key without a prefix", POLICY_TRUST, TRUST(", 'Condition': {'StringLike': {'k': 'a'}}") },
    { "empty Sids, twice", POLICY_IDENTITY,
      "{'Statement': [{'Sid': '', 'Effect': 'Deny', 'Action': '*', 'Resource': '*'}, "
      "{'Sid': '', 'Effect': 'Deny', 'Action': '*', 'Resource': '*'}]}" },
    { "resources with wildcards and variables", POLICY_IDENTITY,
      "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action': 's3:Get*', "
      "'Resource': ['arn:aws:s3:::b/${aws:username}/*', '*']}}" },
    { "NotResource", POLICY_SESSION,
      "{'Statement': {'Effect': 'Deny', 'Action': '*', 'NotResource': 'arn:aws:s3:::b'}}" },
    { "every set operator", POLICY_TRUST,
      TRUST(", 'Condition': {'ForAnyValue:StringLikeIfExists': {'k:x': 'a'}, "
            "'ForAllValues:NumericLessThan': {'k:x': '1'}}") },
    { "numbers and booleans for values", POLICY_TRUST,
      TRUST(", 'Condition': {'Bool': {'k:x': true}, 'NumericLessThan': {'k:x': [1, 1.5]}}") },
    { "a literal with a variable", POLICY_TRUST,
      TRUST(", 'Condition': {'ArnLike': {'k:x': '${k:y}'}}") },
    { "malformed numbers in a session policy", POLICY_SESSION,
      IDENTITY(", 'Condition': {'NumericEquals': {'k:x': 'NaN'}}") },
    { "malformed dates in a session policy", POLICY_SESSION,
      IDENTITY(", 'Condition': {'DateEquals': {'k:x': 'soon'}}") },
    { "malformed addresses in a session policy", POLICY_SESSION,
      IDENTITY(", 'Condition': {'IpAddress': {'k:x': '2001:db8::1/0'}}") },
    { "malformed ARNs in a session policy", POLICY_SESSION,
      IDENTITY(", 'Condition': {'ArnLike': {'k:x': 'x'}}") },
    { "any word under Bool and Null", POLICY_IDENTITY,
      IDENTITY(", 'Condition': {'Bool': {'k:x': 'yes'}, 'Null': {'k:x': 'TRUE'}}") },
};

START_TEST(accepts)
{
    struct arena *a = arena_new();
    struct why why;
    struct policy *p = fixture_read(a, &why, accepted[_i].kind, accepted[_i].text);
    ck_assert_msg(p != NULL, "%s: %.*s", accepted[_i].name, STR_ARG(why_text(&why)));
    arena_free(a);
}
END_TEST

static const struct {
    const char *name;
    enum policy_kind kind;
    const char *text, *place, *detail, *aws;
} refused[] = {
    /* the document */
    { "a list", POLICY_TRUST, "[]", "test:1:1: $", "a policy is to be an object, not an array",
      SYNTAX },
    { "a text", POLICY_TRUST, "'x'", "test:1:1: $", "not a string", SYNTAX },
    { "nothing in it", POLICY_TRUST, "{}", "test:1:1: $", "no Statement",
      "Could not parse the policy: Statement is empty!" },
    { "no statements in it", POLICY_TRUST, "{'Statement': []}", "test:1:15: $.Statement",
      "no statement", "Could not parse the policy: Statement is empty!" },
    { "a misspelt element", POLICY_TRUST, "{\n  'Statment': []}", "test:2:15: $.Statment",
      "did you mean \"Statement\"?", SYNTAX },
    { "an element of nothing", POLICY_TRUST, "{'Zzzzzzzzz': 1}", "test:1:15: $.Zzzzzzzzz",
      "expected one of: Version, Id, Statement", SYNTAX },
    { "a version that is none", POLICY_TRUST, "{'Version': '2013-10-17', 'Statement': {}}",
      "test:1:13: $.Version", "2012-10-17", "The policy must contain a valid version string" },
    { "a version that is a number", POLICY_TRUST, "{'Version': 2012, 'Statement': {}}",
      "test:1:13: $.Version", "2012-10-17", "The policy must contain a valid version string" },
    { "an Id that is a list", POLICY_TRUST, "{'Id': [], 'Statement': {}}", "test:1:8: $.Id",
      "Id is to be a string, not an array", SYNTAX },
    { "a statement that is a text", POLICY_TRUST, "{'Statement': ['x']}",
      "test:1:16: $.Statement[0]", "a statement is to be an object, not a string", SYNTAX },

    /* statements */
    { "a misspelt element of a statement", POLICY_TRUST,
      "{'Statement': {'Efect': 'Allow', 'Principal': '*', 'Action': '*'}}",
      "test:1:25: $.Statement.Efect", "did you mean \"Effect\"?", SYNTAX },
    { "an element in other letters", POLICY_TRUST,
      "{'Statement': {'effect': 'Allow', 'Principal': '*', 'Action': '*'}}",
      "test:1:26: $.Statement.effect", "did you mean \"Effect\"?", SYNTAX },
    { "no Effect", POLICY_TRUST, "{'Statement': [{'Principal': '*', 'Action': '*'}]}",
      "test:1:16: $.Statement[0]", "no Effect", "Missing required field Effect" },
    { "an Effect in other letters", POLICY_TRUST,
      "{'Statement': {'Effect': 'allow', 'Principal': '*', 'Action': '*'}}",
      "test:1:26: $.Statement.Effect", "\"Allow\" or \"Deny\", in that spelling, not \"allow\"",
      SYNTAX },
    { "an Effect that is a boolean", POLICY_TRUST,
      "{'Statement': {'Effect': true, 'Principal': '*', 'Action': '*'}}",
      "test:1:26: $.Statement.Effect", "not a boolean", SYNTAX },
    { "a Sid that is a number", POLICY_TRUST, TRUST(", 'Sid': 1"), "$.Statement.Sid",
      "Sid is to be a string", SYNTAX },
    { "a Sid with a blank", POLICY_TRUST, TRUST(", 'Sid': 'a b'"), "$.Statement.Sid",
      "letters and digits",
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
      "expression [0-9A-Za-z]*" },
    { "a Sid twice", POLICY_IDENTITY,
      "{'Statement': [{'Sid': 'a', 'Effect': 'Deny', 'Action': '*', 'Resource': '*'}, "
      "{'Sid': 'a', 'Effect': 'Deny', 'Action': '*', 'Resource': '*'}]}",
      "test:1:88: $.Statement[1].Sid", "the Sid \"a\" already",
      "The Statement Ids in the policy are not unique" },

    /* who, in a trust policy */
    { "no Principal", POLICY_TRUST, "{'Statement': {'Effect': 'Allow', 'Action': 'a:B'}}",
      "test:1:15: $.Statement", "no Principal", "Missing required field Principal" },
    { "Principal twice over", POLICY_TRUST, TRUST(", 'NotPrincipal': '*'"),
      "$.Statement.NotPrincipal", "Principal or NotPrincipal, not both", SYNTAX },
    { "nobody", POLICY_TRUST,
      "{'Statement': {'Effect': 'Allow', 'Principal': {}, 'Action': 'a:B'}}",
      "test:1:48: $.Statement.Principal", "names nobody",
      "Missing required field Principal cannot be empty!" },
    { "nobody of a kind", POLICY_TRUST,
      "{'Statement': {'Effect': 'Allow', 'Principal': {'AWS': []}, 'Action': 'a:B'}}",
      "test:1:48: $.Statement.Principal", "names nobody",
      "Missing required field Principal cannot be empty!" },
    { "an empty name", POLICY_TRUST,
      "{'Statement': {'Effect': 'Allow', 'Principal': {'AWS': ''}, 'Action': 'a:B'}}",
      "test:1:56: $.Statement.Principal.AWS", "names nobody",
      "Missing required field Principal cannot be empty!" },
    { "a name without its kind", POLICY_TRUST,
      "{'Statement': {'Effect': 'Allow', 'Principal': 'arn:x', 'Action': 'a:B'}}",
      "test:1:48: $.Statement.Principal", "only \"*\" stands alone", SYNTAX },
    { "a misspelt kind", POLICY_TRUST,
      "{'Statement': {'Effect': 'Allow', 'Principal': {'Federate': 'p'}, 'Action': 'a:B'}}",
      "test:1:61: $.Statement.Principal.Federate", "did you mean \"Federated\"?", SYNTAX },
    { "a name that is a number", POLICY_TRUST,
      "{'Statement': {'Effect': 'Allow', 'Principal': {'AWS': ['1', 2]}, 'Action': 'a:B'}}",
      "test:1:62: $.Statement.Principal.AWS[1]", "expected a string, found an integer", SYNTAX },
    { "a resource in a trust policy", POLICY_TRUST, TRUST(", 'Resource': '*'"),
      "$.Statement.Resource", "no Resource", "Has prohibited field Resource" },
    { "a resource left out in a trust policy", POLICY_TRUST, TRUST(", 'NotResource': '*'"),
      "$.Statement.NotResource", "no Resource", "AssumeRole policy must not contain resources." },

    /* what */
    { "no Action", POLICY_TRUST, "{'Statement': {'Effect': 'Allow', 'Principal': '*'}}",
      "test:1:15: $.Statement", "no Action", "Missing required field Action" },
    { "no action in it", POLICY_TRUST,
      "{'Statement': {'Effect': 'Allow', 'Principal': '*', 'Action': []}}",
      "test:1:63: $.Statement.Action", "names no action",
      "Missing required field Action cannot be empty!" },
    { "an action that is an object", POLICY_TRUST,
      "{'Statement': {'Effect': 'Allow', 'Principal': '*', 'Action': {}}}",
      "test:1:63: $.Statement.Action", "expected a string, found an object", SYNTAX },
    { "Action twice over", POLICY_TRUST, TRUST(", 'NotAction': 'a:B'"), "$.Statement.NotAction",
      "Action or NotAction, not both", SYNTAX },
    { "no Action in an identity policy", POLICY_IDENTITY,
      "{'Statement': {'Effect': 'Allow', 'Resource': '*'}}", "test:1:15: $.Statement", "no Action",
      "Policy statement must contain actions." },
    { "an action without a service", POLICY_IDENTITY,
      "{'Statement': {'Effect': 'Allow', 'Action': ['a:B', 'GetObject'], 'Resource': '*'}}",
      "test:1:53: $.Statement.Action[1]", "name its service",
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc." },
    { "an action with two colons", POLICY_IDENTITY,
      "{'Statement': {'Effect': 'Allow', 'Action': 's3:Get:Object', 'Resource': '*'}}",
      "test:1:45: $.Statement.Action", "more than one colon",
      "Actions/Condition can contain only one colon." },
    { "an action of no service", POLICY_IDENTITY,
      "{'Statement': {'Effect': 'Allow', 'Action': 's 3:Get', 'Resource': '*'}}",
      "test:1:45: $.Statement.Action", "names no service", "Vendor s 3 is not valid" },
    { "no Resource", POLICY_SESSION, "{'Statement': {'Effect': 'Allow', 'Action': 'a:B'}}",
      "test:1:15: $.Statement", "no Resource", "Policy statement must contain resources." },
    { "no resource in it", POLICY_SESSION,
      "{'Statement': {'Effect': 'Allow', 'Action': 'a:B', 'Resource': []}}",
      "test:1:64: $.Statement.Resource", "names no resource",
      "Policy statement must contain resources." },
    { "a resource that is no ARN", POLICY_IDENTITY,
      "{'Statement': {'Effect': 'Allow', 'Action': 'a:B', 'Resource': ['*', 'bucket']}}",
      "test:1:70: $.Statement.Resource[1]", "neither an ARN nor \"*\"",
      "Resource bucket must be in ARN format or \"*\"." },
    { "a principal in an identity policy", POLICY_IDENTITY, IDENTITY(", 'Principal': '*'"),
      "$.Statement.Principal", "only a trust policy says who", "Has prohibited field Principal" },
    { "a principal left out in one", POLICY_SESSION, IDENTITY(", 'NotPrincipal': '*'"),
      "$.Statement.NotPrincipal", "only a trust policy says who",
      "Has prohibited field NotPrincipal" },

    /* conditions */
    { "a Condition that is a list", POLICY_TRUST, TRUST(", 'Condition': []"),
      "$.Statement.Condition", "an object of operators, not an array", SYNTAX },
    { "an operator that holds a text", POLICY_TRUST, TRUST(", 'Condition': {'StringLike': 'x'}"),
      "$.Statement.Condition.StringLike", "an object of keys and values, not a string", SYNTAX },
    { "a misspelt operator", POLICY_TRUST, TRUST(", 'Condition': {'StringLikes': {'k:x': 'a'}}"),
      "$.Statement.Condition.StringLikes",
      "unknown condition operator \"StringLikes\"; did you mean \"StringLike\"?",
      "Invalid Condition type : StringLikes" },
    { "an operator in other letters", POLICY_TRUST,
      TRUST(", 'Condition': {'stringequals': {'k:x': 'a'}}"), "$.Statement.Condition.stringequals",
      "did you mean \"StringEquals\"?", "Invalid Condition type : stringequals" },
    { "a set operator without its colon", POLICY_TRUST,
      TRUST(", 'Condition': {'ForAllValuesStringEquals': {'k:x': 'a'}}"),
      "$.Statement.Condition.ForAllValuesStringEquals",
      "did you mean \"ForAllValues:StringEquals\"?",
      "Invalid Condition type : ForAllValuesStringEquals" },
    { "a set operator with two colons", POLICY_TRUST,
      TRUST(", 'Condition': {'ForAnyValue::StringLike': {'k:x': 'a'}}"),
      "$.Statement.Condition[\"ForAnyValue::StringLike\"]",
      "did you mean \"ForAnyValue:StringLike\"?",
      "Invalid Condition type : ForAnyValue::StringLike" },
    { "a misspelt set operator", POLICY_TRUST,
      TRUST(", 'Condition': {'ForAnyValues:StringLikeIfExists': {'k:x': 'a'}}"),
      "$.Statement.Condition[\"ForAnyValues:StringLikeIfExists\"]",
      "did you mean \"ForAnyValue:StringLikeIfExists\"?",
      "Invalid Condition type : ForAnyValues:StringLikeIfExists" },
    { "an operator like no other", POLICY_TRUST, TRUST(", 'Condition': {'Zz': {'k:x': 'a'}}"),
      "$.Statement.Condition.Zz", "unknown condition operator \"Zz\"",
      "Invalid Condition type : Zz" },
    { "Null and IfExists", POLICY_TRUST, TRUST(", 'Condition': {'NullIfExists': {'k:x': 'a'}}"),
      "$.Statement.Condition.NullIfExists", "Null takes neither", SYNTAX },
    { "Null and a set operator", POLICY_TRUST,
      TRUST(", 'Condition': {'ForAnyValue:Null': {'k:x': 'a'}}"),
      "$.Statement.Condition[\"ForAnyValue:Null\"]", "Null takes neither", SYNTAX },
    { "a value that is an object", POLICY_TRUST,
      TRUST(", 'Condition': {'StringLike': {'k:x': ['a', {}]}}"),
      "$.Statement.Condition.StringLike[\"k:x\"][1]",
      "expected a string, a number or a boolean, found an object", SYNTAX },
    { "a value that is null", POLICY_TRUST, TRUST(", 'Condition': {'StringLike': {'k:x': null}}"),
      "$.Statement.Condition.StringLike[\"k:x\"]", "found null", SYNTAX },
    { "a malformed number", POLICY_TRUST,
      TRUST(", 'Condition': {'NumericEquals': {'k:x': ['1', 'one']}}"),
      "$.Statement.Condition.NumericEquals[\"k:x\"][1]", "\"one\" is not a decimal number",
      SYNTAX },
    { "a malformed date", POLICY_IDENTITY, IDENTITY(", 'Condition': {'DateLessThan': {'k:x': ''}}"),
      "$.Statement.Condition.DateLessThan[\"k:x\"]", "not an ISO 8601 date", SYNTAX },
    { "a malformed network", POLICY_TRUST,
      TRUST(", 'Condition': {'IpAddress': {'k:x': '2001:db8::5/64'}}"),
      "$.Statement.Condition.IpAddress[\"k:x\"]", "not an address or network", SYNTAX },
    { "a malformed ARN", POLICY_IDENTITY,
      IDENTITY(", 'Condition': {'ArnLikeIfExists': {'k:x': 'user/a'}}"),
      "$.Statement.Condition.ArnLikeIfExists[\"k:x\"]", "not an ARN", SYNTAX },
    { "malformed base64", POLICY_TRUST,
      TRUST(", 'Condition': {'BinaryEquals': {'k:x': 'no-binary'}}"),
      "$.Statement.Condition.BinaryEquals[\"k:x\"]", "not base64", SYNTAX },
    { "malformed base64 in a session policy as well", POLICY_SESSION,
      IDENTITY(", 'Condition': {'BinaryEquals': {'k:x': 'no-binary'}}"),
      "$.Statement.Condition.BinaryEquals[\"k:x\"]", "not base64", SYNTAX },
};

START_TEST(refuses_and_says_where_and_why)
{
    struct arena *a = arena_new();
    struct why why;
    const char *name = refused[_i].name;
    struct policy *p = fixture_read(a, &why, refused[_i].kind, refused[_i].text);
    ck_assert_msg(!p, "%s", name);
    ck_assert_msg(why.fault == FAULT_POLICY_MALFORMED, "%s", name);
    ck_assert_msg(str_ends(why.place, str_of(refused[_i].place)), "%s: at %.*s", name,
                  STR_ARG(why.place));
    ck_assert_msg(str_contains(why.detail, str_of(refused[_i].detail)), "%s: %.*s", name,
                  STR_ARG(why.detail));
    want_str(name, why.arg[0], str_of(refused[_i].aws));
    arena_free(a);
}
END_TEST

/* ---- any JSON at all ---- */

static const char *const odd[] = {
    "null",
    "true",
    "0",
    "-1.5e300",
    "''",
    "'x'",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "{'': ''}",
    "['a', 1]",
    "[{}]",
    "{'AWS': null}",
    "'*'",
    "'\\u0001'",
    "[{'Effect': 'Allow'}]",
    "{'StringLike': {'': [null]}}",
};
enum { ODD = sizeof odd / sizeof odd[0] };

/* Puts `with` in the place of the n-th value below v, counted depth first; true when it did. */
static bool put_nth(json_t *v, size_t *n, json_t *with)
{
    const char *key;
    json_t *child;
    size_t i;
    json_object_foreach(v, key, child)
    {
        if ((*n)-- == 0)
            return json_object_set(v, key, with) == 0;
        if (put_nth(child, n, with))
            return true;
    }
    json_array_foreach(v, i, child)
    {
        if ((*n)-- == 0)
            return json_array_set(v, i, with) == 0;
        if (put_nth(child, n, with))
            return true;
    }
    return false;
}

static void want_answer(struct arena *a, struct json_doc *doc, enum policy_kind kind)
{
    struct json_at root = json_at_root(doc);
    struct policy *p = NULL;
    struct why why = why_new(a);
    struct outcome o = policy_read(a, &why, &root, kind, &p);
    struct str text = json_text(a, doc->root);
    ck_assert_msg(failed(o) == (p == NULL), "%.*s", STR_ARG(text));
    ck_assert_msg(!failed(o) || (why.fault == FAULT_POLICY_MALFORMED && why.place.n &&
                                 why.detail.n && why.arg[0].n),
                  "%.*s", STR_ARG(text));
}

/* Every value of a policy replaced by every odd one: an answer, and a reason where it is no. */
START_TEST(odd_values_anywhere_are_answered)
{
    static const char *const texts[] = {
        "{'Version': '2012-10-17', 'Id': 'i', 'Statement': [{'Sid': 's', 'Effect': 'Allow', "
        "'Principal': {'AWS': ['a'], 'Federated': 'f'}, 'Action': ['a:B'], "
        "'Condition': {'StringLike': {'k:x': ['a', '${k:y}']}, 'Null': {'k:x': 'true'}, "
        "'ArnLike': {'k:x': 'arn:a:b:c:d:e'}, 'IpAddress': {'k:x': '::/0'}}}]}",
        "{'Version': '2012-10-17', 'Statement': [{'Sid': 's', 'Effect': 'Allow', "
        "'Action': ['a:B'], 'Resource': ['*'], "
        "'Condition': {'BinaryEquals': {'k:x': ['YQ==']}, 'DateLessThan': {'k:x': '2030'}}}]}",
    };
    for (size_t t = 0; t < 2; t++)
        for (size_t o = 0; o < ODD; o++) {
            bool more = true;
            for (size_t n = 0; more; n++) {
                struct arena *a = arena_new();
                struct json_doc *doc = fixture_json(a, texts[t]);
                size_t at = n;
                more = put_nth(doc->root, &at, fixture_json(a, odd[o])->root);
                want_answer(a, doc, t ? POLICY_IDENTITY : POLICY_TRUST);
                want_answer(a, doc, t ? POLICY_SESSION : POLICY_TRUST);
                arena_free(a);
            }
        }
}
END_TEST

START_TEST(odd_documents_are_answered)
{
    for (int kind = 0; kind < 3; kind++) {
        struct arena *a = arena_new();
        want_answer(a, fixture_json(a, odd[_i]), (enum policy_kind)kind);
        arena_free(a);
    }
}
END_TEST

START_TEST(deep_documents_are_answered)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 4096);
    text_put(&t, STR("{'Statement': "));
    for (int i = 0; i < JSON_DEPTH_MAX - 1; i++)
        text_putc(&t, '[');
    for (int i = 0; i < JSON_DEPTH_MAX - 1; i++)
        text_putc(&t, ']');
    text_putc(&t, '}');
    want_answer(a, fixture_json(a, text_str(&t).p), POLICY_TRUST);
    arena_free(a);
}
END_TEST

START_TEST(huge_documents_are_read)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 8 * 1024 * 1024);
    text_put(&t, STR("{'Version': '2012-10-17', 'Statement': ["));
    for (int i = 0; i < 3000; i++)
        text_printf(&t,
                    "%s{'Sid': 's%d', 'Effect': 'Allow', 'Principal': {'AWS': '%d'}, 'Action': "
                    "'a:B', 'Condition': {'StringLike': {'k:%d': '${k:y}*'}}}",
                    i ? "," : "", i, i, i);
    text_put(&t, STR("]}"));
    struct policy *p = fixture_policy(a, POLICY_TRUST, text_str(&t).p);
    ck_assert_uint_eq(policy_n_statements(p), 3000);
    t = text_new(a, 1024 * 1024);
    text_put(&t, STR("{'Statement': {'Effect': 'Allow', 'Principal': {'AWS': '"));
    for (int i = 0; i < 100000; i++)
        text_putc(&t, 'x');
    text_put(&t, STR("'}, 'Action': '*'}}"));
    ck_assert_uint_gt(policy_size(fixture_policy(a, POLICY_TRUST, text_str(&t).p)), 100000);
    arena_free(a);
}
END_TEST

/* What was read stays when the document is gone: a policy outlives the request that brought it. */
START_TEST(a_policy_needs_its_document_no_more)
{
    struct arena *a = arena_new(), *request = arena_new();
    struct why why = why_new(a);
    struct policy *p = NULL;
    struct json_at root = json_at_root(fixture_json(
        request, TRUST(", 'Sid': 'one', 'Condition': {'StringLike': {'k:x': ['a', '${k:y}']}}")));
    ck_assert(!failed(policy_read(a, &why, &root, POLICY_TRUST, &p)));
    arena_free(request);

    struct keys keys = fixture_keys(a, "{'k:x': 'b', 'k:y': 'b'}");
    struct policy_principal who = { STR("Federated"), STR("p") };
    struct policy_ask ask = { a, &who, 1, STR("a:B"), STR(""), &keys };
    struct policy_trace trace;
    ck_assert_int_eq(policy_eval(p, &ask, &trace), POLICY_ALLOW);
    want_str("its Sid", trace.statements[0].sid, STR("one"));
    want_str("its value", trace.statements[0].conditions[0].wanted[1], STR("${k:y}"));
    arena_free(a);
}
END_TEST

/* ---- looking at it ---- */

START_TEST(blanks_do_not_count)
{
    struct arena *a = arena_new();
    struct policy *tight = fixture_policy(
        a, POLICY_TRUST, "{'Statement':{'Effect':'Deny','Principal':'*','Action':'a b\xC3\xA9'}}");
    struct policy *loose = fixture_policy(
        a, POLICY_TRUST,
        "{ 'Statement' :\n\t{ 'Effect' : 'Deny', 'Principal' : '*', 'Action' : 'a b\xC3\xA9' } }");
    ck_assert_uint_eq(policy_size(tight), 63);
    ck_assert_uint_eq(policy_size(loose), 63);
    arena_free(a);
}
END_TEST

static void gather(void *context, size_t statement, struct str principal)
{
    text_printf(context, "%zu=%.*s ", statement, STR_ARG(principal));
}

START_TEST(federated_principals_are_shown)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 1024);
    struct policy *p = fixture_policy(
        a, POLICY_TRUST,
        "{'Statement': [{'Effect': 'Allow', 'Principal': {'AWS': 'no', 'Federated': ['a', 'b']}, "
        "'Action': '*'}, {'Effect': 'Deny', 'Principal': '*', 'Action': '*'}, "
        "{'Effect': 'Allow', 'Principal': {'Federated': 'c'}, 'Action': '*'}]}");
    policy_each_federated(p, gather, &t);
    want_str("all of them", text_str(&t), STR("0=a 0=b 2=c "));
    arena_free(a);
}
END_TEST

static const struct {
    const char *name, *statements;
    bool might;
} mights[] = {
    { "an Allow without conditions",
      "{'Effect': 'Allow', 'Principal': {'Federated': 'p'}, "
      "'Action': 'sts:assumerolewithwebidentity'}",
      true },
    { "one with conditions",
      "{'Effect': 'Allow', 'Principal': {'Federated': 'p'}, 'Action': "
      "'sts:*', 'Condition': {'StringEquals': {'k:x': 'a'}}}",
      true },
    { "another principal", "{'Effect': 'Allow', 'Principal': {'Federated': 'q'}, 'Action': '*'}",
      false },
    { "everyone with credentials", "{'Effect': 'Allow', 'Principal': '*', 'Action': '*'}", false },
    { "another action", "{'Effect': 'Allow', 'Principal': {'Federated': 'p'}, 'Action': 'a:B'}",
      false },
    { "a Deny", "{'Effect': 'Deny', 'Principal': {'Federated': 'p'}, 'Action': '*'}", false },
    { "a Deny that always matches",
      "{'Effect': 'Allow', 'Principal': {'Federated': 'p'}, 'Action': "
      "'*'}, {'Effect': 'Deny', 'Principal': {'Federated': 'p'}, "
      "'Action': '*'}",
      false },
    { "a Deny under a condition",
      "{'Effect': 'Allow', 'Principal': {'Federated': 'p'}, 'Action': "
      "'*'}, {'Effect': 'Deny', 'Principal': {'Federated': 'p'}, "
      "'Action': '*', 'Condition': {'Null': {'k:x': 'true'}}}",
      true },
};

START_TEST(tells_what_it_might_allow)
{
    struct arena *a = arena_new();
    struct str text = arena_printf(a, "{'Statement': [%s]}", mights[_i].statements);
    struct policy_principal who = { STR("Federated"), STR("p") };
    ck_assert_msg(policy_might_allow(fixture_policy(a, POLICY_TRUST, text.p), STR(FIXTURE_ACTION),
                                     &who) == mights[_i].might,
                  "%s", mights[_i].name);
    arena_free(a);
}
END_TEST

Suite *policy_suite(void)
{
    Suite *s = suite_create("policy");
    TCase *t = tcase_create("policy");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, accepts, 0, sizeof accepted / sizeof accepted[0]);
    tcase_add_loop_test(t, refuses_and_says_where_and_why, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(t, odd_values_anywhere_are_answered);
    tcase_add_loop_test(t, odd_documents_are_answered, 0, ODD);
    tcase_add_test(t, deep_documents_are_answered);
    tcase_add_test(t, huge_documents_are_read);
    tcase_add_test(t, a_policy_needs_its_document_no_more);
    tcase_add_test(t, blanks_do_not_count);
    tcase_add_test(t, federated_principals_are_shown);
    tcase_add_loop_test(t, tells_what_it_might_allow, 0, sizeof mights / sizeof mights[0]);
    suite_add_tcase(s, t);
    return s;
}
