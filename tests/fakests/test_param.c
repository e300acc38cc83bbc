#include "tests/fakests/call_fixture.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include "base/encode.h"
#include "base/text.h"
#include "fakests/param_iam.h"

/* The parameters of AssumeRoleWithWebIdentity (aws.md 1.2). */
struct params {
    struct str role_arn, session_name, token, policy;
    struct param_structs policy_arns;
    struct param_integer duration_s;
};

static const struct param rows[] = {
    STS_ROLE_ARN("RoleArn", REQUIRED, struct params, role_arn),
    STS_SESSION_NAME("RoleSessionName", 64, REQUIRED, struct params, session_name),
    IAM_SECRET("WebIdentityToken", 4, 20000, NULL, REQUIRED, struct params, token),
    STS_POLICY_ARNS(struct params, policy_arns),
    STS_POLICY(2048, struct params, policy),
    STS_DURATION(900, 43200, struct params, duration_s),
    PARAM_END,
};

#define ROLE  "RoleArn=arn:aws:iam::123456789012:role/Deploy&"
#define NAME  "RoleSessionName=session&"
#define TOKEN "WebIdentityToken=aaaa.bbbb.cccc&"
#define GOOD  ROLE NAME TOKEN
#define ARN_PATTERN                                                                       \
    "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-" \
    "\\u10FFFF]+"

static struct outcome read_form(struct call_fixture *f, struct str text, struct params *p)
{
    struct outcome o = form_read(f->arena, &f->why, text, &f->form);
    return failed(o) ? o : param_read(&f->call, rows, p);
}

/* The exact texts: where one was observed, the row says where. */
static const struct {
    const char *name;
    const char *form;
    const char *message;
} violations[] = {
    { "a session name keeps its pattern (tfaction#1934)", ROLE TOKEN "RoleSessionName=x/y",
      "1 validation error detected: Value 'x/y' at 'roleSessionName' failed to satisfy constraint: "
      "Member must satisfy regular expression pattern: [\\w+=,.@-]*" },
    { "a short role ARN is told in full (aws-sdk-java-v2#6129)",
      NAME TOKEN "RoleArn=arn:aws:iam::123456",
      "1 validation error detected: Value 'arn:aws:iam::123456' at 'roleArn' failed to satisfy "
      "constraint: Member must have length greater than or equal to 20" },
    { "the pattern comes before the length, and errors are joined by semicolons (aws-runas#80)",
      NAME TOKEN "RoleArn=",
      "2 validation errors detected: Value '' at 'roleArn' failed to satisfy constraint: Member "
      "must "
      "satisfy regular expression pattern: " ARN_PATTERN
      "; Value '' at 'roleArn' failed to satisfy "
      "constraint: Member must have length greater than or equal to 20" },
    { "an absent member is null", NAME TOKEN,
      "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member "
      "must "
      "not be null" },
    { "an absent token is null too (fog-aws#550)", ROLE NAME,
      "1 validation error detected: Value null at 'webIdentityToken' failed to satisfy constraint: "
      "Member must not be null" },
    { "members are told in the order of the rows", "",
      "3 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member "
      "must "
      "not be null; Value null at 'roleSessionName' failed to satisfy constraint: Member must not "
      "be "
      "null; Value null at 'webIdentityToken' failed to satisfy constraint: Member must not be "
      "null" },
    { "a token's value is never printed", ROLE NAME "WebIdentityToken=abc",
      "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: "
      "Member "
      "must have length greater than or equal to 4" },
    { "a session name of one character is too short", ROLE TOKEN "RoleSessionName=x",
      "1 validation error detected: Value 'x' at 'roleSessionName' failed to satisfy constraint: "
      "Member "
      "must have length greater than or equal to 2" },
    { "a session name of 65 characters is too long",
      ROLE TOKEN
      "RoleSessionName=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff12345",
      "1 validation error detected: Value "
      "'aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff12345' at 'roleSessionName' "
      "failed "
      "to satisfy constraint: Member must have length less than or equal to 64" },
    { "a duration under 900 is too small", GOOD "DurationSeconds=899",
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: "
      "Member must have value greater than or equal to 900" },
    { "a duration over 43200 is too large (noobaa-core#8254)", GOOD "DurationSeconds=43201",
      "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy "
      "constraint: "
      "Member must have value less than or equal to 43200" },
    { "an integer is printed as the number it is", GOOD "DurationSeconds=%2B007",
      "1 validation error detected: Value '7' at 'durationSeconds' failed to satisfy constraint: "
      "Member "
      "must have value greater than or equal to 900" },
    { "a negative integer is one", GOOD "DurationSeconds=-1",
      "1 validation error detected: Value '-1' at 'durationSeconds' failed to satisfy constraint: "
      "Member "
      "must have value greater than or equal to 900" },
    { "an empty policy breaks pattern and length", GOOD "Policy=",
      "2 validation errors detected: Value '' at 'policy' failed to satisfy constraint: Member "
      "must "
      "satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+; Value '' at "
      "'policy' "
      "failed to satisfy constraint: Member must have length greater than or equal to 1" },
    { "a policy is Latin-1", GOOD "Policy=%E1%88%B4",
      "1 validation error detected: Value '\xE1\x88\xB4' at 'policy' failed to satisfy constraint: "
      "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
    { "an element of a list has its place", GOOD "PolicyArns.member.1.arn=arn:short",
      "1 validation error detected: Value 'arn:short' at 'policyArns.1.member.arn' failed to "
      "satisfy "
      "constraint: Member must have length greater than or equal to 20" },
    { "a gap in a list is a missing member",
      GOOD "PolicyArns.member.2.arn=arn:aws:iam::aws:policy/ReadOnlyAccess",
      "1 validation error detected: Value null at 'policyArns.1.member.arn' failed to satisfy "
      "constraint: Member must not be null" },
    { "an index has no plus sign",
      GOOD "PolicyArns.member.%2B1.arn=arn:aws:iam::aws:policy/ReadOnlyAccess",
      "1 validation error detected: Value null at 'policyArns.1.member.arn' failed to satisfy "
      "constraint: Member must not be null" },
    { "a name where an index belongs is a member of element 1 (TagUser member.one)",
      GOOD "PolicyArns.member.one.arn=arn:aws:iam::aws:policy/ReadOnlyAccess",
      "1 validation error detected: Value null at 'policyArns.1.member.arn' failed to satisfy "
      "constraint: Member must not be null" },
};

START_TEST(violations_are_told_in_aws_words)
{
    struct call_fixture *f = call_fixture_new();
    struct params p = { .policy = STR("untouched") };
    struct outcome o = read_form(f, str_of(violations[_i].form), &p);
    ck_assert_msg(o.fault == FAULT_PARAMETER_INVALID, "%s: fault %d", violations[_i].name, o.fault);
    want_str(violations[_i].name, f->why.arg[0], str_of(violations[_i].message));
    want_str("output", p.policy, STR("untouched"));
    ck_assert(!str_contains(f->why.detail, STR("aaaa.bbbb")));
    call_fixture_free(f);
}
END_TEST

#define P(index) "&PolicyArns.member." index ".arn=arn:aws:iam::aws:policy/ReadOnlyAccess"

static const struct {
    const char *name;
    const char *form;
    const char *message; /* "": none is known */
} malformed[] = {
    { "blanks do not belong to an integer", "DurationSeconds=+900+", "" },
    { "a fraction is no integer", "DurationSeconds=900.0", "" },
    { "an exponent is no integer", "DurationSeconds=9e2", "" },
    { "nothing is no integer", "DurationSeconds=", "" },
    { "an integer fits 32 bits", "DurationSeconds=2147483648", "" },
    { "an integer fits 32 bits below, too", "DurationSeconds=-2147483649", "" },
    { "index 0 is none", P("0"), "0 is not a valid index" },
    { "index 00 is none", P("00"), "0 is not a valid index" },
    { "a negative index is none", P("-1"), "-1 is not a valid index" },
    { "the first index may skip ten at most", P("12"),
      "Excessively sparse input would skip 11 list elements" },
    { "a later index may skip ten at most", P("1") P("12"),
      "Excessively sparse input would skip 11 list elements" },
    { "an index counts where it stands", P("22") P("1"),
      "Excessively sparse input would skip 21 list elements" },
    { "large numbers are grouped", P("1234568"),
      "Excessively sparse input would skip 1,234,567 list elements" },
    { "an index has a limit", P("214748370"), "Index 214748370 is illegal" },
    { "an index may overflow anything", P("99999999999999999999"),
      "Index 99999999999999999999 is illegal" },
    { "two indexes do not stand together", P("1.0"),
      "Two index elements may not occur back to back" },
    { "an element of a list of structures is no value", "PolicyArns.member.1=arn",
      "Unexpected complex element termination" },
    { "a list is no value", "PolicyArns=arn", "Unexpected list element termination" },
    { "an index follows member only (aws-sdk-go#161)", "PolicyArns.1.arn=x",
      "Top level element may not be treated as a list" },
    { "nor does it follow an unknown name", "Entries.1.Id=x",
      "Top level element may not be treated as a list" },
    { "a text has nothing below it (amazonka#209)", "RoleArn.Arn=x",
      "Start of list found where not expected" },
    { "an integer has nothing below it", "DurationSeconds.member.1=900",
      "Start of list found where not expected" },
    { "a structure's text has nothing below it", "PolicyArns.member.1.arn.member.1=x",
      "Start of list found where not expected" },
};

START_TEST(undecodable_parameters_come_first)
{
    struct call_fixture *f = call_fixture_new();
    struct params p;
    /* No required parameter is there, and still the syntax is what is told. */
    struct outcome o = read_form(f, str_of(malformed[_i].form), &p);
    ck_assert_msg(o.fault == FAULT_REQUEST_MALFORMED, "%s: fault %d", malformed[_i].name, o.fault);
    want_str(malformed[_i].name, f->why.arg[0], str_of(malformed[_i].message));
    ck_assert_msg(f->why.detail.n > 0, "%s", malformed[_i].name);
    call_fixture_free(f);
}
END_TEST

static const struct {
    const char *name;
    const char *form;
    int64_t duration_s; /* 0: absent */
    size_t n_arns;
} accepted[] = {
    { "the required ones are enough", GOOD, 0, 0 },
    { "leading zeros count nothing", GOOD "DurationSeconds=0900", 900, 0 },
    { "a plus sign is fine", GOOD "DurationSeconds=%2B900", 900, 0 },
    { "the maximum is allowed", GOOD "DurationSeconds=43200", 43200, 0 },
    { "the last of two counts", GOOD "DurationSeconds=901&DurationSeconds=902", 902, 0 },
    { "two ARNs are two", GOOD P("1") P("2"), 0, 2 },
    { "01 is 1", GOOD P("01"), 0, 1 },
    { "one element may be spelt twice", GOOD P("1") P("01"), 0, 1 },
    { "order does not matter", GOOD P("2") P("1"), 0, 2 },
    { "an empty list is a list", GOOD "PolicyArns=", 0, 0 },
    { "an unknown member of an element is ignored", GOOD "PolicyArns.member.1.Other=x" P("1"), 0,
      1 },
    { "unknown parameters are ignored", GOOD "Tags.member.1.Key=k&Nonsense=1", 0, 0 },
    { "what is below a list and not below member is ignored", GOOD "PolicyArns.entry.1.arn=x", 0,
      0 },
    { "an unknown member may have members", GOOD "PolicyArns.member.1.Other.member.9=x" P("1"), 0,
      1 },
};

START_TEST(good_parameters_are_accepted)
{
    struct call_fixture *f = call_fixture_new();
    struct params p = { .duration_s = { false, 0 } };
    struct outcome o = read_form(f, str_of(accepted[_i].form), &p);
    ck_assert_msg(!failed(o), "%s: %.*s", accepted[_i].name, STR_ARG(f->why.arg[0]));
    ck_assert_int_eq(p.duration_s.present, accepted[_i].duration_s != 0);
    ck_assert_int_eq(p.duration_s.value, accepted[_i].duration_s);
    ck_assert_uint_eq(p.policy_arns.n, accepted[_i].n_arns);
    const struct str *arns = p.policy_arns.items;
    for (size_t i = 0; i < p.policy_arns.n; i++)
        want_str("arn", arns[i], STR("arn:aws:iam::aws:policy/ReadOnlyAccess"));
    want_str("role", p.role_arn, STR("arn:aws:iam::123456789012:role/Deploy"));
    ck_assert(p.policy.p == NULL);
    call_fixture_free(f);
}
END_TEST

START_TEST(eleven_violations_are_told_as_ten)
{
    struct call_fixture *f = call_fixture_new();
    struct params p;
    ck_assert(read_form(f, STR("PolicyArns.member.11.arn=arn"), &p).fault ==
              FAULT_PARAMETER_INVALID);
    ck_assert(
        str_starts(f->why.arg[0], STR("10 validation errors detected: Value null at 'roleArn'")));
    ck_assert(str_contains(f->why.arg[0], STR("'policyArns.6.member.arn'")));
    ck_assert(!str_contains(f->why.arg[0], STR("'policyArns.7.member.arn'")));
    call_fixture_free(f);
}
END_TEST

START_TEST(eleven_policy_arns_are_too_many)
{
    struct call_fixture *f = call_fixture_new();
    struct params p;
    struct str form =
        STR(GOOD P("1") P("2") P("3") P("4") P("5") P("6") P("7") P("8") P("9") P("10") P("11"));
    ck_assert(read_form(f, form, &p).fault == FAULT_PARAMETER_INVALID);
    ck_assert(
        str_ends(f->why.arg[0],
                 STR("arn:aws:iam::aws:policy/ReadOnlyAccess]' at 'policyArns' failed to satisfy "
                     "constraint: Member must have length less than or equal to 10")));
    call_fixture_free(f);
}
END_TEST

/* Limits count characters, not bytes: 2048 two-byte characters are a policy, 2049 are none. */
START_TEST(lengths_count_characters)
{
    struct call_fixture *f = call_fixture_new();
    struct params p;
    struct text t = text_new(f->arena, 1024 * 1024);
    text_put(&t, STR(GOOD "Policy="));
    for (int i = 0; i < 2048 + _i; i++)
        text_put(&t, STR("%C3%A9"));
    ck_assert_int_eq(failed(read_form(f, text_str(&t), &p)), _i);
    if (_i)
        ck_assert(
            str_ends(f->why.arg[0], STR("Member must have length less than or equal to 2048")));
    else
        ck_assert_uint_eq(p.policy.n, 4096);
    call_fixture_free(f);
}
END_TEST

START_TEST(an_endless_value_is_quoted_in_part)
{
    struct call_fixture *f = call_fixture_new();
    struct params p;
    struct text t = text_new(f->arena, 8 * 1024 * 1024);
    text_put(&t, STR(NAME TOKEN "RoleArn=a"));
    for (int i = 0; i < 400 * 1000; i++)
        text_put(&t, STR("%C3%A9"));
    ck_assert(read_form(f, text_str(&t), &p).fault == FAULT_PARAMETER_INVALID);
    ck_assert(utf8_valid(f->why.arg[0]));
    ck_assert_uint_lt(f->why.arg[0].n, 70 * 1024);
    call_fixture_free(f);
}
END_TEST

static const struct {
    const char *name;
    const char *text;
    bool valid;
    int64_t value;
} integers[] = {
    { "digits are an integer", "900", true, 900 },
    { "leading zeros are dropped", "0900", true, 900 },
    { "a plus sign is dropped", "+900", true, 900 },
    { "a minus sign counts", "-900", true, -900 },
    { "the largest is 2^31 - 1", "2147483647", true, INT32_MAX },
    { "the smallest is -2^31", "-2147483648", true, INT32_MIN },
    { "2^31 is too large", "2147483648", false, 0 },
    { "-2^31 - 1 is too small", "-2147483649", false, 0 },
    { "a blank before is refused", " 900", false, 0 },
    { "a blank behind is refused", "900 ", false, 0 },
    { "a line end is refused", "1\n", false, 0 },
    { "a fraction is refused", "900.0", false, 0 },
    { "an exponent is refused", "9e2", false, 0 },
    { "hexadecimal is refused", "0x10", false, 0 },
    { "two signs are refused", "+-1", false, 0 },
    { "a sign alone is refused", "+", false, 0 },
    { "nothing is refused", "", false, 0 },
};

START_TEST(integers_have_the_query_protocols_syntax)
{
    int64_t value = 0;
    ck_assert_msg(param_integer_read(guarded(str_of(integers[_i].text)), &value) ==
                      integers[_i].valid,
                  "%s", integers[_i].name);
    ck_assert_int_eq(value, integers[_i].value);
}
END_TEST

/* The oracle of a pattern: the ranges it prints, as a list. */
static bool in_ranges(const uint32_t (*ranges)[2], size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

START_TEST(patterns_allow_what_they_print)
{
    static const uint32_t arn[][2] = { { 9, 0xA },           { 0xD, 0xD },     { 0x20, 0x7E },
                                       { 0x85, 0x85 },       { 0xA0, 0xD7FF }, { 0xE000, 0xFFFD },
                                       { 0x10000, 0x10FFFF } };
    static const uint32_t policy[][2] = { { 9, 0xA }, { 0xD, 0xD }, { 0x20, 0xFF } };
    static const uint32_t word[][2] = { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' } };
    for (uint32_t c = 0; c < 0x110000; c += c < 0x400 ? 1 : 0x0F) {
        ck_assert_int_eq(param_pattern_arn.allows(c), in_ranges(arn, 7, c));
        ck_assert_int_eq(param_pattern_policy.allows(c), in_ranges(policy, 3, c));
        ck_assert_int_eq(param_pattern_word.allows(c), in_ranges(word, 4, c));
        bool name = in_ranges(word, 4, c) || (c && c < 0x80 && strchr("+=,.@-", (int)c));
        ck_assert_int_eq(param_pattern_session_name.allows(c), name);
    }
}
END_TEST

Suite *param_suite(void);

Suite *param_suite(void)
{
    Suite *s = suite_create("param");
    TCase *t = tcase_create("param");
    tcase_add_loop_test(t, violations_are_told_in_aws_words, 0,
                        sizeof violations / sizeof violations[0]);
    tcase_add_loop_test(t, undecodable_parameters_come_first, 0,
                        sizeof malformed / sizeof malformed[0]);
    tcase_add_loop_test(t, good_parameters_are_accepted, 0, sizeof accepted / sizeof accepted[0]);
    tcase_add_test(t, eleven_violations_are_told_as_ten);
    tcase_add_test(t, eleven_policy_arns_are_too_many);
    tcase_add_loop_test(t, lengths_count_characters, 0, 2);
    tcase_add_test(t, an_endless_value_is_quoted_in_part);
    tcase_add_loop_test(t, integers_have_the_query_protocols_syntax, 0,
                        sizeof integers / sizeof integers[0]);
    tcase_add_test(t, patterns_allow_what_they_print);
    suite_add_tcase(s, t);
    return s;
}
