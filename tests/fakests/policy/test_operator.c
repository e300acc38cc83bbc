#include "fakests/policy/operator.h"

#include "tests/fakests/policy/fixture.h"

Suite *operator_suite(void);

/* Whether a statement of that Effect matches under the condition. */
static bool holds(struct arena *a, bool allow, const char *condition, const char *context)
{
    struct str statement =
        arena_printf(a, "{'Effect': '%s', 'Action': '*', 'Resource': '*', 'Condition': %s}",
                     allow ? "Allow" : "Deny", condition);
    struct str text =
        arena_printf(a, "{'Version': '2012-10-17', 'Statement': [%.*s]}", STR_ARG(statement));
    struct keys keys = fixture_keys(a, context);
    struct policy_ask ask = {
        .arena = a, .action = STR("a:B"), .resource = STR("*"), .keys = &keys
    };
    struct policy_trace trace;
    const struct policy *p = fixture_policy(a, POLICY_SESSION, text.p);
    enum policy_decision decision = policy_eval(p, &ask, &trace);

    ck_assert_msg(policy_eval(p, &ask, NULL) == decision, "%s: the trace differs", condition);
    ck_assert_msg(trace.decision == decision, "%s: the trace says otherwise", condition);
    bool matched = decision != POLICY_IMPLICIT_DENY;
    ck_assert_msg(trace.statements[0].matched == matched, "%s", condition);
    return matched;
}

#define IAM "arn:aws:iam::123456789012:"

static const struct {
    const char *name, *condition, *context;
    bool holds;
} rows[] = {
    /* presence */
    { "a key that is absent fails an operator", "{'StringEquals': {'k:x': 'a'}}", "{}", false },
    { "and meets a negated one", "{'StringNotEquals': {'k:x': 'a'}}", "{}", true },
    { "every negated one: like", "{'StringNotLike': {'k:x': '*'}}", "{}", true },
    { "every negated one: case", "{'StringNotEqualsIgnoreCase': {'k:x': 'a'}}", "{}", true },
    { "every negated one: numbers", "{'NumericNotEquals': {'k:x': '1'}}", "{}", true },
    { "every negated one: dates", "{'DateNotEquals': {'k:x': '2030'}}", "{}", true },
    { "every negated one: addresses", "{'NotIpAddress': {'k:x': '10.0.0.0/8'}}", "{}", true },
    { "every negated one: ARNs", "{'ArnNotLike': {'k:x': 'arn:a:b:c:d:e'}}", "{}", true },
    { "Bool is not negated by being false", "{'Bool': {'k:x': 'false'}}", "{}", false },
    { "IfExists holds without the key", "{'StringEqualsIfExists': {'k:x': 'a'}}", "{}", true },
    { "IfExists holds with the value", "{'StringEqualsIfExists': {'k:x': 'a'}}", "{'k:x': 'a'}",
      true },
    { "IfExists does not skip a key with another value", "{'StringEqualsIfExists': {'k:x': 'a'}}",
      "{'k:x': 'b'}", false },
    { "IfExists does not skip an empty value", "{'StringEqualsIfExists': {'k:x': 'a'}}",
      "{'k:x': ''}", false },
    { "IfExists does not skip an empty list", "{'StringEqualsIfExists': {'k:x': 'a'}}",
      "{'k:x': []}", false },
    { "key names have no case", "{'StringEquals': {'K:X': 'a'}}", "{'k:x': 'a'}", true },
    { "all keys of an operator have to hold", "{'StringEquals': {'k:x': 'a', 'k:y': 'a'}}",
      "{'k:x': 'a', 'k:y': 'b'}", false },
    { "all operators have to hold", "{'StringEquals': {'k:x': 'a'}, 'StringLike': {'k:x': 'b*'}}",
      "{'k:x': 'a'}", false },
    { "no condition holds", "{}", "{}", true },
    { "an operator without keys holds", "{'StringEquals': {}}", "{}", true },
    { "one of several values is enough", "{'StringEquals': {'k:x': ['a', 'b']}}", "{'k:x': 'b'}",
      true },
    { "a negated one wants none of several", "{'StringNotEquals': {'k:x': ['a', 'b']}}",
      "{'k:x': 'b'}", false },
    { "no value is matched by nothing", "{'StringEquals': {'k:x': []}}", "{'k:x': 'a'}", false },
    { "and nothing is excluded by none", "{'StringNotEquals': {'k:x': []}}", "{'k:x': 'a'}", true },

    /* strings */
    { "case counts", "{'StringEquals': {'k:x': 'a'}}", "{'k:x': 'A'}", false },
    { "a star is a star under StringEquals", "{'StringEquals': {'k:x': '*'}}", "{'k:x': 'a'}",
      false },
    { "a question mark too", "{'StringEquals': {'k:x': '?'}}", "{'k:x': '?'}", true },
    { "an empty text equals an empty text", "{'StringEquals': {'k:x': ''}}", "{'k:x': ''}", true },
    { "a number for a string", "{'StringEquals': {'k:x': 12}}", "{'k:x': '12'}", true },
    { "a boolean for a string", "{'StringEquals': {'k:x': true}}", "{'k:x': 'true'}", true },
    { "case aside", "{'StringEqualsIgnoreCase': {'k:x': 'PROD'}}", "{'k:x': 'prod'}", true },
    { "case aside, the other way round", "{'StringEqualsIgnoreCase': {'k:x': 'prod'}}",
      "{'k:x': 'PrOd'}", true },
    { "case aside, negated", "{'StringNotEqualsIgnoreCase': {'k:x': 'PROD'}}", "{'k:x': 'prod'}",
      false },
    { "case aside a star is a star", "{'StringEqualsIgnoreCase': {'k:x': '*'}}", "{'k:x': 'a'}",
      false },
    { "a final sigma is lower case", "{'StringEqualsIgnoreCase': {'k:x': '\xCE\x9F\xCE\xA3'}}",
      "{'k:x': '\xCE\xBF\xCF\x82'}", true },
    { "and no other sigma is there", "{'StringEqualsIgnoreCase': {'k:x': '\xCE\x9F\xCE\xA3'}}",
      "{'k:x': '\xCE\xBF\xCF\x83'}", false },
    { "beyond U+FFFF case counts", "{'StringEqualsIgnoreCase': {'k:x': '\xF0\x90\x90\x80'}}",
      "{'k:x': '\xF0\x90\x90\xA8'}", false },
    { "SS is no sharp s", "{'StringEqualsIgnoreCase': {'k:x': '\xC3\x9F'}}", "{'k:x': 'SS'}",
      false },
    { "like", "{'StringLike': {'k:x': 'repo:acme/*'}}", "{'k:x': 'repo:acme/a:ref'}", true },
    { "like has case", "{'StringLike': {'k:x': 'repo:Acme/*'}}", "{'k:x': 'repo:acme/a'}", false },
    { "not like", "{'StringNotLike': {'k:x': ['a*', 'b*']}}", "{'k:x': 'ba'}", false },
    { "like takes UTF-16 units", "{'StringLike': {'k:x': '?'}}", "{'k:x': '\xF0\x90\x90\x80'}",
      false },

    /* variables */
    { "a variable is put in", "{'StringEquals': {'k:x': '${k:y}'}}", "{'k:x': 'a', 'k:y': 'a'}",
      true },
    { "a star put in is a star", "{'StringLike': {'k:x': '${k:y}'}}", "{'k:x': 'ab', 'k:y': 'a*'}",
      false },
    { "without a value nothing matches", "{'StringLike': {'k:x': '*${k:y}'}}", "{'k:x': 'a'}",
      false },
    { "and so a negated operator holds", "{'StringNotLike': {'k:x': '*${k:y}'}}", "{'k:x': 'a'}",
      true },
    { "the other values count still", "{'StringEquals': {'k:x': ['${k:y}', 'a']}}", "{'k:x': 'a'}",
      true },
    { "a default is put in", "{'StringEquals': {'k:x': '${k:y, `a`}'}}", "{'k:x': 'a'}", true },
    { "a list is no value", "{'StringEquals': {'k:x': '${k:y}'}}", "{'k:x': 'a', 'k:y': ['a']}",
      false },
    { "and meets a negated operator", "{'StringNotEquals': {'k:x': '${k:y, `a`}'}}",
      "{'k:x': 'a', 'k:y': ['a']}", true },
    { "put in before case is set aside", "{'StringEqualsIgnoreCase': {'k:x': '${k:y}'}}",
      "{'k:x': '\xCE\xBF\xCF\x82', 'k:y': '\xCE\x9F\xCE\xA3'}", true },
    { "numbers know no variables", "{'NumericEquals': {'k:x': '${k:y}'}}",
      "{'k:x': '1', 'k:y': '1'}", false },
    { "an ARN from a variable", "{'ArnLike': {'k:x': '${k:y}'}}",
      "{'k:x': '" IAM "user/a', 'k:y': '" IAM "user/a'}", true },

    /* numbers */
    { "numbers are compared as numbers", "{'NumericEquals': {'k:x': '10'}}", "{'k:x': '1e1'}",
      true },
    { "a JSON number", "{'NumericLessThanEquals': {'k:x': 3600}}", "{'k:x': '3600.0'}", true },
    { "a JSON fraction is what it says", "{'NumericEquals': {'k:x': [0.1, 1.0]}}", "{'k:x': '0.1'}",
      true },
    { "a JSON fraction that is none", "{'NumericEquals': {'k:x': [0.1, 1.0]}}", "{'k:x': '1'}",
      true },
    { "a JSON number with an exponent", "{'NumericEquals': {'k:x': 1.5e300}}", "{'k:x': '15e299'}",
      true },
    { "less", "{'NumericLessThan': {'k:x': '10'}}", "{'k:x': '9'}", true },
    { "less is not equal", "{'NumericLessThan': {'k:x': '10'}}", "{'k:x': '10'}", false },
    { "greater", "{'NumericGreaterThan': {'k:x': '9'}}", "{'k:x': '10'}", true },
    { "greater is not equal", "{'NumericGreaterThan': {'k:x': '9'}}", "{'k:x': '9'}", false },
    { "greater or equal", "{'NumericGreaterThanEquals': {'k:x': '9'}}", "{'k:x': '9'}", true },
    { "greater or equal is not less", "{'NumericGreaterThanEquals': {'k:x': '9'}}",
      "{'k:x': '8.999'}", false },
    { "less or equal is not greater", "{'NumericLessThanEquals': {'k:x': '9'}}", "{'k:x': '9.001'}",
      false },
    { "not equal", "{'NumericNotEquals': {'k:x': '1'}}", "{'k:x': '01'}", false },
    { "no number equals nothing", "{'NumericEquals': {'k:x': '1'}}", "{'k:x': 'one'}", false },
    { "and differs from all", "{'NumericNotEquals': {'k:x': '1'}}", "{'k:x': 'one'}", true },
    { "no number is not less", "{'NumericLessThan': {'k:x': '1'}}", "{'k:x': ''}", false },
    { "a wanted value that is none matches nothing", "{'NumericEquals': {'k:x': 'NaN'}}",
      "{'k:x': 'NaN'}", false },
    { "and so all differ from it", "{'NumericNotEquals': {'k:x': 'NaN'}}", "{'k:x': '1'}", true },

    /* dates */
    { "a day is its midnight", "{'DateEquals': {'k:x': '2030-01-01T00:00:00Z'}}",
      "{'k:x': '2030-01-01'}", true },
    { "an epoch is a date", "{'DateEquals': {'k:x': '2030-01-01'}}", "{'k:x': '1893456000'}",
      true },
    { "before", "{'DateLessThan': {'k:x': '2030-01-01'}}", "{'k:x': '2029-12-31T23:59:59.999Z'}",
      true },
    { "not before", "{'DateLessThan': {'k:x': '2030-01-01'}}", "{'k:x': '2030-01-01'}", false },
    { "until", "{'DateLessThanEquals': {'k:x': '2030-01-01'}}", "{'k:x': '2030-01-01'}", true },
    { "after", "{'DateGreaterThan': {'k:x': '2030-01-01'}}", "{'k:x': '2030-01-01T00:00:00.001Z'}",
      true },
    { "from", "{'DateGreaterThanEquals': {'k:x': '2030-01-01'}}", "{'k:x': '2030-01-01'}", true },
    { "other than", "{'DateNotEquals': {'k:x': '2030-01-01'}}", "{'k:x': '2030-01-01'}", false },
    { "no date equals nothing", "{'DateEquals': {'k:x': '2030-01-01'}}", "{'k:x': 'soon'}", false },
    { "and differs from all", "{'DateNotEquals': {'k:x': '2030-01-01'}}", "{'k:x': 'soon'}", true },
    { "and is not later", "{'DateGreaterThan': {'k:x': '2030-01-01'}}", "{'k:x': 'soon'}", false },

    /* booleans */
    { "true in any case", "{'Bool': {'k:x': 'true'}}", "{'k:x': 'TrUe'}", true },
    { "on the other side as well", "{'Bool': {'k:x': 'TRUE'}}", "{'k:x': 'true'}", true },
    { "a JSON boolean", "{'Bool': {'k:x': true}}", "{'k:x': 'true'}", true },
    { "anything else is false", "{'Bool': {'k:x': 'false'}}", "{'k:x': 'yes'}", true },
    { "nothing is false", "{'Bool': {'k:x': 'false'}}", "{'k:x': ''}", true },
    { "blanks make it false", "{'Bool': {'k:x': 'true'}}", "{'k:x': ' true '}", false },
    { "one is false", "{'Bool': {'k:x': 'true'}}", "{'k:x': '1'}", false },

    /* binary */
    { "base64 equals itself", "{'BinaryEquals': {'k:x': 'YQ=='}}", "{'k:x': 'YQ=='}", true },
    { "other bytes differ", "{'BinaryEquals': {'k:x': 'YQ=='}}", "{'k:x': 'Yg=='}", false },
    { "blanks are no base64", "{'BinaryEquals': {'k:x': 'YQ=='}}", "{'k:x': ' YQ== '}", false },

    /* addresses */
    { "an address in a network", "{'IpAddress': {'k:x': '192.0.2.0/24'}}", "{'k:x': '192.0.2.1'}",
      true },
    { "one outside", "{'NotIpAddress': {'k:x': '192.0.2.0/24'}}", "{'k:x': '192.0.3.1'}", true },
    { "no address is in no network", "{'IpAddress': {'k:x': '192.0.2.0/24'}}", "{'k:x': 'x'}",
      false },
    { "and outside none", "{'NotIpAddress': {'k:x': '192.0.2.0/24'}}", "{'k:x': 'x'}", false },
    { "a network that is none holds nobody", "{'IpAddress': {'k:x': 'x'}}", "{'k:x': '192.0.2.1'}",
      false },
    { "and all are outside", "{'NotIpAddress': {'k:x': 'x'}}", "{'k:x': '192.0.2.1'}", true },
    { "another wanted network counts still", "{'IpAddress': {'k:x': ['x', '192.0.2.0/24']}}",
      "{'k:x': '192.0.2.1'}", true },

    /* ARNs */
    { "an ARN within a pattern", "{'ArnLike': {'k:x': 'arn:aws:iam::*:user/*'}}",
      "{'k:x': '" IAM "user/a'}", true },
    { "ArnEquals is ArnLike", "{'ArnEquals': {'k:x': 'arn:aws:iam::*:user/?'}}",
      "{'k:x': '" IAM "user/a'}", true },
    { "another kind of resource", "{'ArnLike': {'k:x': 'arn:aws:iam::*:user/*'}}",
      "{'k:x': '" IAM "role/a'}", false },
    { "a star stays within its part", "{'ArnLike': {'k:x': 'arn:aws:*:user/*:x:y'}}",
      "{'k:x': '" IAM "user/a'}", false },
    { "the last part may hold colons", "{'ArnLike': {'k:x': 'arn:aws:sns:*:*:a*'}}",
      "{'k:x': 'arn:aws:sns:r:1:a:b:c'}", true },
    { "case counts in ARNs", "{'ArnLike': {'k:x': 'arn:aws:iam::*:user/A'}}",
      "{'k:x': '" IAM "user/a'}", false },
    { "not like", "{'ArnNotLike': {'k:x': 'arn:aws:iam::*:user/*'}}", "{'k:x': '" IAM "role/a'}",
      true },
    { "no ARN is like nothing", "{'ArnLike': {'k:x': 'arn:*:*:*:*:*'}}", "{'k:x': 'x'}", false },
    { "and unlike nothing", "{'ArnNotEquals': {'k:x': 'arn:aws:iam::*:user/*'}}", "{'k:x': 'x'}",
      false },
    { "a match before a malformed one settles it",
      "{'ArnLike': {'k:x': ['arn:aws:iam::*:user/*', 'x']}}", "{'k:x': '" IAM "user/a'}", true },

    /* Null */
    { "Null wants the key absent", "{'Null': {'k:x': 'true'}}", "{}", true },
    { "Null does not want it present", "{'Null': {'k:x': 'true'}}", "{'k:x': 'a'}", false },
    { "Null false wants it present", "{'Null': {'k:x': 'false'}}", "{'k:x': 'a'}", true },
    { "an empty text is present", "{'Null': {'k:x': 'false'}}", "{'k:x': ''}", true },
    { "an empty list is present", "{'Null': {'k:x': 'false'}}", "{'k:x': []}", true },
    { "TRUE is true", "{'Null': {'k:x': 'TRUE'}}", "{'k:x': 'a'}", false },
    { "any other word is false", "{'Null': {'k:x': 'yes'}}", "{'k:x': 'a'}", true },
    { "a JSON boolean is a word", "{'Null': {'k:x': true}}", "{}", true },
    { "of two words one is enough", "{'Null': {'k:x': ['true', 'false']}}", "{}", true },

    /* lists */
    { "an operator for one value fails a list", "{'StringEquals': {'k:x': 'a'}}", "{'k:x': ['a']}",
      false },
    { "negated as well", "{'StringNotEquals': {'k:x': 'b'}}", "{'k:x': ['a']}", false },
    { "with IfExists as well", "{'StringNotEqualsIfExists': {'k:x': 'b'}}", "{'k:x': ['a']}",
      false },
    { "an empty list as well", "{'StringNotEquals': {'k:x': 'b'}}", "{'k:x': []}", false },
    { "any value", "{'ForAnyValue:StringLike': {'k:x': 'a*'}}", "{'k:x': ['b', 'ab']}", true },
    { "no value", "{'ForAnyValue:StringLike': {'k:x': 'a*'}}", "{'k:x': ['b', 'cb']}", false },
    { "any value of none", "{'ForAnyValue:StringLike': {'k:x': '*'}}", "{'k:x': []}", false },
    { "any value of an absent key", "{'ForAnyValue:StringLike': {'k:x': '*'}}", "{}", false },
    { "any value of an absent key, negated", "{'ForAnyValue:StringNotLike': {'k:x': '*'}}", "{}",
      false },
    { "any value of an absent key, if it exists",
      "{'ForAnyValue:StringLikeIfExists': {'k:x': 'a'}}", "{}", true },
    { "any value other than", "{'ForAnyValue:StringNotEquals': {'k:x': 'a'}}",
      "{'k:x': ['a', 'b']}", true },
    { "all values", "{'ForAllValues:StringEquals': {'k:x': ['a', 'b']}}", "{'k:x': ['b', 'a']}",
      true },
    { "not all values", "{'ForAllValues:StringEquals': {'k:x': ['a', 'b']}}", "{'k:x': ['b', 'c']}",
      false },
    { "all values of none", "{'ForAllValues:StringEquals': {'k:x': 'a'}}", "{'k:x': []}", true },
    { "all values of an absent key", "{'ForAllValues:StringEquals': {'k:x': 'a'}}", "{}", true },
    { "all values other than", "{'ForAllValues:StringNotEquals': {'k:x': 'a'}}",
      "{'k:x': ['a', 'b']}", false },
    { "a single value is a list of one", "{'ForAnyValue:StringEquals': {'k:x': 'a'}}",
      "{'k:x': 'a'}", true },
    { "all of one value that cannot be read", "{'ForAllValues:NumericNotEquals': {'k:x': '1'}}",
      "{'k:x': ['one', '2']}", true },
};

START_TEST(holds_as_documented)
{
    struct arena *a = arena_new();
    for (int allow = 0; allow < 2; allow++)
        ck_assert_msg(holds(a, allow, rows[_i].condition, rows[_i].context) == rows[_i].holds,
                      "%s (%s)", rows[_i].name, allow ? "Allow" : "Deny");
    arena_free(a);
}
END_TEST

/* A malformed wanted ARN, met where the request's is none: an Allow fails, a Deny matches. */
static const struct {
    const char *condition, *context;
    bool deny_holds;
} malformed_arns[] = {
    { "{'ArnLike': {'k:x': 'x'}}", "{'k:x': '" IAM "user/a'}", true },
    { "{'ArnNotLike': {'k:x': 'x'}}", "{'k:x': '" IAM "user/a'}", true },
    { "{'ArnEquals': {'k:x': ['x', '" IAM "user/a']}}", "{'k:x': '" IAM "user/a'}", true },
    { "{'ArnNotEquals': {'k:x': ['" IAM "role/a', 'x']}}", "{'k:x': '" IAM "user/a'}", true },
    { "{'ArnLike': {'k:x': '${k:y}'}}", "{'k:x': '" IAM "user/a', 'k:y': 'x'}", true },
    { "{'ArnLike': {'k:x': 'arn:aws:iam::1'}}", "{'k:x': '" IAM "user/a'}", true },
    { "{'ArnLike': {'k:x': 'x:aws:iam::1:user/a'}}", "{'k:x': '" IAM "user/a'}", true },
    { "{'ArnLike': {'k:x': 'x'}}", "{'k:x': 'x'}", false },
    { "{'ArnNotLike': {'k:x': 'x'}}", "{'k:x': 'x'}", false },
    { "{'ArnNotLike': {'k:x': ['" IAM "user/a', 'x']}}", "{'k:x': '" IAM "user/a'}", false },
};

START_TEST(malformed_arns_deny)
{
    struct arena *a = arena_new();
    const char *condition = malformed_arns[_i].condition, *context = malformed_arns[_i].context;
    ck_assert_msg(!holds(a, true, condition, context), "%s", condition);
    ck_assert_msg(holds(a, false, condition, context) == malformed_arns[_i].deny_holds, "%s",
                  condition);
    arena_free(a);
}
END_TEST

/* ---- set operators against the sentences of the reference ---- */

enum { SCALAR, ANY, ALL };

struct situation {
    int set;
    bool negated, if_exists, present, is_list;
    unsigned got[3];
    size_t n_got;
    unsigned wanted; /* bits of the values 0..2 */
};

static bool one_holds(const struct situation *s, unsigned value)
{
    return ((s->wanted >> value & 1) != 0) != s->negated;
}

static bool slow(const struct situation *s)
{
    size_t n = 0;
    if (!s->present)
        return s->if_exists || s->set == ALL || (s->set == SCALAR && s->negated);
    if (s->set == SCALAR)
        return !s->is_list && one_holds(s, s->got[0]);
    for (size_t i = 0; i < s->n_got; i++)
        n += one_holds(s, s->got[i]);
    return s->set == ANY ? n > 0 : n == s->n_got;
}

static struct str letters(struct arena *a, const unsigned *values, size_t n)
{
    struct str s = STR("[");
    for (size_t i = 0; i < n; i++)
        s = arena_printf(a, "%.*s%s'%c'", STR_ARG(s), i ? ", " : "", (int)('a' + values[i]));
    return arena_printf(a, "%.*s]", STR_ARG(s));
}

static void compare(struct arena *a, const struct situation *s)
{
    static const char *const sets[] = { "", "ForAnyValue:", "ForAllValues:" };
    unsigned wanted[3];
    size_t n_wanted = 0;
    for (unsigned v = 0; v < 3; v++)
        if (s->wanted >> v & 1)
            wanted[n_wanted++] = v;
    struct str condition = arena_printf(a, "{'%sString%sEquals%s': {'k:x': %s}}", sets[s->set],
                                        s->negated ? "Not" : "", s->if_exists ? "IfExists" : "",
                                        letters(a, wanted, n_wanted).p);
    struct str context = !s->present ? STR("{}")
                         : s->is_list
                             ? arena_printf(a, "{'k:x': %s}", letters(a, s->got, s->n_got).p)
                             : arena_printf(a, "{'k:x': '%c'}", (int)('a' + s->got[0]));
    if (holds(a, true, condition.p, context.p) != slow(s))
        ck_abort_msg("%s in %s", condition.p, context.p);
}

/* Every set operator, negated and not, with and without IfExists, on every list of up to two. */
START_TEST(set_operators_agree_with_the_oracle)
{
    for (unsigned k = 0; k < 3 * 2 * 2 * 8; k++) {
        struct arena *a = arena_new();
        struct situation s = {
            .set = (int)(k % 3), .negated = k / 3 % 2, .if_exists = k / 6 % 2, .wanted = k / 12
        };
        compare(a, &s); /* absent */
        s.present = true;
        for (unsigned v = 0; v < 3; v++) {
            s.got[0] = v;
            s.n_got = 1;
            s.is_list = false;
            compare(a, &s);
            s.is_list = true;
            compare(a, &s);
            s.n_got = 2;
            for (s.got[1] = 0; s.got[1] < 3; s.got[1]++)
                compare(a, &s);
        }
        s.n_got = 0;
        compare(a, &s);
        arena_free(a);
    }
}
END_TEST

/* ---- the table ---- */

START_TEST(the_table_is_complete)
{
    size_t n;
    const struct operator_row *rows_of = operator_all(&n);
    ck_assert_uint_eq(n, 27);
    for (size_t i = 0; i < n; i++) {
        ck_assert_ptr_eq(operator_find(rows_of[i].name), &rows_of[i]);
        ck_assert(rows_of[i].read_wanted && rows_of[i].read_got && rows_of[i].matches);
    }
    ck_assert_ptr_null(operator_find(STR("stringequals")));
    want_str("the nearest", operator_nearest(STR("StringEqual")), STR("StringEquals"));
}
END_TEST

Suite *operator_suite(void)
{
    Suite *s = suite_create("operator");
    TCase *t = tcase_create("operator");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, holds_as_documented, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(t, malformed_arns_deny, 0,
                        sizeof malformed_arns / sizeof malformed_arns[0]);
    tcase_add_test(t, set_operators_agree_with_the_oracle);
    tcase_add_test(t, the_table_is_complete);
    suite_add_tcase(s, t);
    return s;
}
