#include "tests/fakests/call_fixture.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include "base/encode.h"
#include "base/text.h"
#include "fakests/param_iam.h"

#include <regex.h>

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

/* ---- IAM: lists, structures, booleans, enumerations ---- */

struct iam_params {
    struct str user_name, path, description, status, secret;
    struct param_structs tags, entries;
    struct param_list policies, tag_keys, actions, plain, scopes;
    struct param_integer max_items;
    struct param_boolean all_users;
};

static const struct param iam_rows[] = {
    IAM_EXISTING_USER_NAME(REQUIRED, struct iam_params, user_name),
    IAM_PATH(struct iam_params, path),
    IAM_DESCRIPTION(OPTIONAL, struct iam_params, description),
    IAM_ENUM("Status", "Active, Inactive", OPTIONAL, struct iam_params, status),
    IAM_SECRET("Password", 1, 128, &param_pattern_policy, OPTIONAL, struct iam_params, secret),
    IAM_TAGS(OPTIONAL, struct iam_params, tags),
    IAM_CONTEXT_ENTRIES(struct iam_params, entries),
    IAM_DOCUMENTS("PolicyInputList", OPTIONAL, struct iam_params, policies),
    IAM_TAG_KEYS(OPTIONAL, struct iam_params, tag_keys),
    IAM_ACTION_NAMES(OPTIONAL, struct iam_params, actions),
    IAM_TEXTS("Plain", 2, 0, 0, NULL, OPTIONAL, struct iam_params, plain),
    IAM_ENUMS("Filter", "User, Role, Group", OPTIONAL, struct iam_params, scopes),
    IAM_MAX_ITEMS(struct iam_params, max_items),
    IAM_BOOLEAN("AllUsers", OPTIONAL, struct iam_params, all_users),
    PARAM_END,
};

static struct outcome read_iam(struct call_fixture *f, enum service api, struct str text,
                               struct iam_params *p)
{
    struct outcome o = form_read(f->arena, &f->why, text, &f->form);
    f->call.api = api;
    return failed(o) ? o : param_read(&f->call, iam_rows, p);
}

#define USER             "UserName=ada&"
#define TAG(index, k, v) "Tags.member." index ".Key=" k "&Tags.member." index ".Value=" v "&"
#define TEAM(index)      TAG(index, "team", "approved")
#define POLICY(index)    "PolicyInputList.member." index "={}&"
#define AT(place)        "Value at '" place "' failed to satisfy constraint: "
#define NO_NULL(place)   AT(place) "Member must not be null"
#define NO_TAG(index) \
    NO_NULL("tags." index ".member.value") "; " NO_NULL("tags." index ".member.key")
#define ONE         "1 validation error detected: "
#define TAG_PATTERN "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]"
#define PATTERN     "Member must satisfy regular expression pattern: "
#define DOCUMENTS                                                                     \
    "Member must satisfy constraint: [Member must have length less than or equal to " \
    "131072, Member must have length greater than or equal to 1, " PATTERN            \
    "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]+]"
#define TAG_KEYS                                                                      \
    "Member must satisfy constraint: [Member must have length less than or equal to " \
    "128, Member must have length greater than or equal to 1, " PATTERN TAG_PATTERN "+]"
#define TEN_TAGS \
    TEAM("1")    \
    TEAM("2") TEAM("3") TEAM("4") TEAM("5") TEAM("6") TEAM("7") TEAM("8") TEAM("9") TEAM("10")

static const struct {
    const char *name;
    enum service api;
    const char *form;
    const char *message;
} iam_violations[] = {
    /* observed of TagUser and GetContextKeysForCustomPolicy, 2026 */
    { "a gap misses the value, then the key", SERVICE_IAM, USER TEAM("2"),
      "2 validation errors detected: " NO_TAG("1") },
    { "gaps are told one behind the other", SERVICE_IAM, USER TEAM("3"),
      "4 validation errors detected: " NO_TAG("1") "; " NO_TAG("2") },
    { "nine gaps are told as ten errors", SERVICE_IAM, USER TEAM("10"),
      "10 validation errors detected: " NO_TAG("1") "; " NO_TAG("2") "; " NO_TAG("3") "; " NO_TAG(
          "4") "; " NO_TAG("5") },
    { "ten gaps are, too", SERVICE_IAM, USER TEAM("11"),
      "10 validation errors detected: " NO_TAG("1") "; " NO_TAG("2") "; " NO_TAG("3") "; " NO_TAG(
          "4") "; " NO_TAG("5") },
    { "a gap between is told alone", SERVICE_IAM, USER TEAM("1") TAG("3", "other", "approved"),
      "2 validation errors detected: " NO_TAG("2") },
    { "a word where an index belongs is an unknown member of element 1", SERVICE_IAM,
      USER TEAM("one"), "2 validation errors detected: " NO_TAG("1") },
    { "a tag's value has its characters", SERVICE_IAM, USER TAG("1", "team", "bad%0Avalue"),
      ONE AT("tags.1.member.value") PATTERN TAG_PATTERN "*" },
    { "a gap in a list of texts breaks the element's constraints", SERVICE_IAM,
      USER POLICY("1") POLICY("8") POLICY("15"), ONE AT("policyInputList") DOCUMENTS },
    /* by the same words */
    { "a plus sign makes no index", SERVICE_IAM, USER TEAM("%2B1"),
      "2 validation errors detected: " NO_TAG("1") },
    { "half a tag misses the other half", SERVICE_IAM, USER "Tags.member.1.Key=team",
      ONE NO_NULL("tags.1.member.value") },
    { "an empty structure misses everything", SERVICE_IAM,
      USER "Tags.member.1=", "2 validation errors detected: " NO_TAG("1") },
    { "an empty key breaks pattern and length", SERVICE_IAM, USER TAG("1", "", "x"),
      "2 validation errors detected: " AT("tags.1.member.key") PATTERN TAG_PATTERN
      "+; " AT("tags.1.member.key") "Member must have length greater than or equal to 1" },
    { "fifty tags are the most", SERVICE_IAM,
      USER TEN_TAGS TEAM("20") TEAM("30") TEAM("40") TEAM("50") TEAM("51"),
      "10 validation errors detected: " AT(
          "tags") "Member must have length less than or equal to "
                  "50; " NO_TAG("11") "; " NO_TAG("12") "; " NO_TAG("13") "; " NO_TAG(
                      "14") "; " NO_NULL("tags.15.member.value") },
    { "a text that is too short breaks the element's constraints", SERVICE_IAM,
      USER "TagKeys.member.1=a&TagKeys.member.2=", ONE AT("tagKeys") TAG_KEYS },
    { "a text of other characters does, too", SERVICE_IAM, USER "TagKeys.member.1=%23",
      ONE AT("tagKeys") TAG_KEYS },
    { "a list of texts without a pattern has its lengths", SERVICE_IAM,
      USER "ActionNames.member.1=s3",
      ONE AT("actionNames") "Member must satisfy constraint: [Member must have length less than or "
                            "equal to 128, Member must have length greater than or equal to 3]" },
    { "a list without constraints still has no gaps", SERVICE_IAM, USER "Plain.member.2=x",
      ONE AT("plain") "Member must satisfy constraint: [Member must not be null]" },
    { "a list of texts has a greatest length", SERVICE_IAM,
      USER "Plain.member.1=x&Plain.member.2=x&Plain.member.3=x",
      ONE AT("plain") "Member must have length less than or equal to 2" },
    { "a list of words knows its words", SERVICE_IAM,
      USER "Filter.member.1=Role&Filter.member.2=role",
      ONE AT(
          "filter") "Member must satisfy constraint: [Member must satisfy enum value set: [User, "
                    "Role, Group]]" },
    { "an enumeration tells its values", SERVICE_IAM, USER "Status=active",
      ONE AT("status") "Member must satisfy enum value set: [Active, Inactive]" },
    { "nothing is no word", SERVICE_IAM,
      USER "Status=", ONE AT("status") "Member must satisfy enum value set: [Active, Inactive]" },
    { "two words are none", SERVICE_IAM, USER "Status=Active,%20Inactive",
      ONE AT("status") "Member must satisfy enum value set: [Active, Inactive]" },
    { "a member of a structure has its words", SERVICE_IAM,
      USER "ContextEntries.member.1.ContextKeyType=text&ContextEntries.member.1.ContextKeyName=a",
      "2 validation errors detected: " AT(
          "contextEntries.1.member.contextKeyName") "Member must have length greater than or equal "
                                                    "to 5; " AT("contextEntries.1.member."
                                                                "contextKeyType") "Member must "
                                                                                  "satisfy enum "
                                                                                  "value set: "
                                                                                  "[string, "
                                                                                  "stringList, "
                                                                                  "numeric, "
                                                                                  "numericList, "
                                                                                  "boolean, "
                                                                                  "booleanList, "
                                                                                  "ip, ipList, "
                                                                                  "binary, "
                                                                                  "binaryList, "
                                                                                  "date, "
                                                                                  "dateList]" },
    { "a list in a structure has its place", SERVICE_IAM,
      USER "ContextEntries.member.1.ContextKeyValues.member.2=x",
      ONE AT("contextEntries.1.member.contextKeyValues") "Member must satisfy constraint: [Member "
                                                         "must not be null]" },
    { "an absent name is told without a value", SERVICE_IAM, "", ONE NO_NULL("userName") },
    { "so is a wrong one", SERVICE_IAM, "UserName=a/b", ONE AT("userName") PATTERN "[\\w+=,.@-]+" },
    { "an empty name breaks pattern and length", SERVICE_IAM, "UserName=",
      "2 validation errors detected: " AT("userName") PATTERN
      "[\\w+=,.@-]+; " AT("userName") "Member must have length greater than or equal to 1" },
    { "a path begins and ends with a slash", SERVICE_IAM, USER "Path=/a",
      ONE AT("path") PATTERN "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)" },
    { "a description is no C1 control", SERVICE_IAM, USER "Description=%C2%85",
      ONE AT("description") PATTERN "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*" },
    { "no page has no items", SERVICE_IAM, USER "MaxItems=0",
      ONE AT("maxItems") "Member must have value greater than or equal to 1" },
    { "a page has 1000 items at most", SERVICE_IAM, USER "MaxItems=1001",
      ONE AT("maxItems") "Member must have value less than or equal to 1000" },
    /* the same to STS, which quotes */
    { "STS quotes a list of texts", SERVICE_STS, USER "TagKeys.member.1=a&TagKeys.member.3=b",
      ONE "Value '[a, null, b]' at 'tagKeys' failed to satisfy constraint: " TAG_KEYS },
    { "STS says null", SERVICE_STS, USER "Tags.member.1.Key=team",
      ONE "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be "
          "null" },
    { "STS quotes what is in a structure", SERVICE_STS, USER TAG("1", "%23", "x"),
      ONE "Value '#' at 'tags.1.member.key' failed to satisfy constraint: " PATTERN TAG_PATTERN
          "+" },
    { "but nothing that is secret", SERVICE_STS, USER "Password=",
      "2 validation errors detected: " AT("password") PATTERN
      "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+; " AT(
          "password") "Member must have length greater than or equal to 1" },
};

START_TEST(iam_tells_violations_without_values)
{
    struct call_fixture *f = call_fixture_new();
    struct iam_params p = { .user_name = STR("untouched") };
    struct outcome o = read_iam(f, iam_violations[_i].api, str_of(iam_violations[_i].form), &p);
    ck_assert_msg(o.fault == FAULT_PARAMETER_INVALID, "%s: fault %d: %.*s", iam_violations[_i].name,
                  o.fault, STR_ARG(f->why.arg[0]));
    want_str(iam_violations[_i].name, f->why.arg[0], str_of(iam_violations[_i].message));
    want_str("output", p.user_name, STR("untouched"));
    call_fixture_free(f);
}
END_TEST

static const struct {
    const char *name;
    const char *form;
    const char *message; /* "": none is known */
} iam_malformed[] = {
    /* observed of TagUser and GetContextKeysForCustomPolicy */
    { "a text has nothing below it, whatever a plus sign may mean", POLICY("%2B1"),
      "Start of list found where not expected" },
    { "twelve is too far", POLICY("12"), "Excessively sparse input would skip 11 list elements" },
    { "sixteen is farther", POLICY("16"), "Excessively sparse input would skip 15 list elements" },
    { "one and twelve are too far apart", POLICY("1") POLICY("12"),
      "Excessively sparse input would skip 11 list elements" },
    { "what comes later does not help", POLICY("22") POLICY("1"),
      "Excessively sparse input would skip 21 list elements" },
    { "49 is too far", TEAM("49"), "Excessively sparse input would skip 48 list elements" },
    { "51 is, too", TEAM("51"), "Excessively sparse input would skip 50 list elements" },
    { "there is no element 0", TEAM("0"), "0 is not a valid index" },
    { "two indexes do not stand together", TEAM("1.0"),
      "Two index elements may not occur back to back" },
    /* by the same rules */
    { "nor do they among texts", POLICY("1.0"), "Two index elements may not occur back to back" },
    { "there is no text 0", POLICY("0"), "0 is not a valid index" },
    { "nor one below it", POLICY("-1"), "-1 is not a valid index" },
    { "a word is no index of a text", POLICY("one"), "Start of list found where not expected" },
    { "a text of a list has no members (peddler#48)", POLICY("1.Foo"),
      "Start of list found where not expected" },
    { "a list in a structure has the same indexes",
      "ContextEntries.member.1.ContextKeyValues.member.12=x",
      "Excessively sparse input would skip 11 list elements" },
    { "each list in a structure begins anew",
      "ContextEntries.member.1.ContextKeyValues.member.8=x&"
      "ContextEntries.member.2.ContextKeyValues.member.15=x",
      "Excessively sparse input would skip 14 list elements" },
    { "a list in a structure is no text", "ContextEntries.member.1.ContextKeyValues=x",
      "Unexpected list element termination" },
    { "true has no capital", "AllUsers=True", "" },
    { "true is not shouted", "AllUsers=TRUE", "" },
    { "no blank stands before true", "AllUsers=%20true", "" },
    { "no blank stands around true", "AllUsers=%09true%0A", "" },
    { "a number is no truth", "AllUsers=1", "" },
    { "nothing is neither true nor false", "AllUsers=", "" },
    { "a truth has nothing below it", "AllUsers.member.1=true",
      "Start of list found where not expected" },
    { "blanks make no integer", "MaxItems=%201%20", "" },
    { "a fraction makes no integer", "MaxItems=1.0", "" },
    { "an exponent makes no integer", "MaxItems=1e0", "" },
};

START_TEST(iam_tells_what_it_cannot_decode)
{
    struct call_fixture *f = call_fixture_new();
    struct iam_params p;
    /* The required name is not there, and still the syntax is what is told. */
    struct outcome o = read_iam(f, SERVICE_IAM, str_of(iam_malformed[_i].form), &p);
    ck_assert_msg(o.fault == FAULT_REQUEST_MALFORMED, "%s: fault %d", iam_malformed[_i].name,
                  o.fault);
    want_str(iam_malformed[_i].name, f->why.arg[0], str_of(iam_malformed[_i].message));
    call_fixture_free(f);
}
END_TEST

/* What was read, as text: "tags(k=v) policies({})"; a list that is absent is not shown. */
static void show_list(struct text *t, const char *name, const struct param_list *list)
{
    if (!list->present && !list->n)
        return;
    text_printf(t, " %s(", name);
    for (size_t i = 0; i < list->n; i++)
        text_printf(t, "%s%.*s", i ? "," : "", STR_ARG(list->items[i]));
    text_putc(t, ')');
}

static void show_tags(struct text *t, const struct param_structs *tags)
{
    const struct tag *items = tags->items;
    if (!tags->present && !tags->n)
        return;
    text_put(t, STR(" tags("));
    for (size_t i = 0; i < tags->n; i++)
        text_printf(t, "%s%.*s=%.*s", i ? "," : "", STR_ARG(items[i].key), STR_ARG(items[i].value));
    text_putc(t, ')');
}

static void show_entries(struct text *t, const struct param_structs *entries)
{
    const struct param_iam_context *items = entries->items;
    for (size_t i = 0; i < entries->n; i++) {
        text_printf(t, " entry(%.*s:%.*s", STR_ARG(items[i].name), STR_ARG(items[i].type));
        show_list(t, "values", &items[i].values);
        text_putc(t, ')');
    }
}

static struct str show(struct arena *a, const struct iam_params *p)
{
    struct text t = text_new(a, 64 * 1024);
    text_put(&t, p->user_name);
    if (p->path.p)
        text_printf(&t, " path(%.*s)", STR_ARG(p->path));
    if (p->description.p)
        text_printf(&t, " description(%.*s)", STR_ARG(p->description));
    if (p->status.p)
        text_printf(&t, " status(%.*s)", STR_ARG(p->status));
    show_tags(&t, &p->tags);
    show_entries(&t, &p->entries);
    show_list(&t, "policies", &p->policies);
    show_list(&t, "keys", &p->tag_keys);
    show_list(&t, "plain", &p->plain);
    show_list(&t, "filter", &p->scopes);
    if (p->max_items.present)
        text_printf(&t, " max(%d)", (int)p->max_items.value);
    if (p->all_users.present)
        text_printf(&t, " all(%s)", p->all_users.value ? "true" : "false");
    return text_str(&t);
}

static const struct {
    const char *name;
    const char *form;
    const char *shown;
} iam_accepted[] = {
    { "the required ones are enough", USER, "ada" },
    { "a tag is one", USER TEAM("1"), "ada tags(team=approved)" },
    { "an index may have zeros before it", USER TEAM("01"), "ada tags(team=approved)" },
    { "one element may be spelt in two ways", USER "Tags.member.01.Key=team&Tags.member.1.Value=x",
      "ada tags(team=x)" },
    { "an unknown member is ignored", USER TEAM("1") "Tags.member.1.Unknown=ignored",
      "ada tags(team=approved)" },
    { "elements may come in any order", USER TAG("2", "b", "2") TAG("1", "a", "1"),
      "ada tags(a=1,b=2)" },
    { "keys may stand twice: the action judges them", USER TAG("1", "a", "1") TAG("2", "a", "2"),
      "ada tags(a=1,a=2)" },
    { "an empty value is a value", USER TAG("1", "a", ""), "ada tags(a=)" },
    { "the last of two values counts", USER TAG("1", "a", "1") "Tags.member.1.Value=2",
      "ada tags(a=2)" },
    { "letters of any script are tags", USER TAG("1", "%D0%BA%E2%80%A8%C2%BD", "%C3%A9"),
      "ada tags(\xD0\xBA\xE2\x80\xA8\xC2\xBD=\xC3\xA9)" },
    { "an empty list is present", USER "Tags=", "ada tags()" },
    { "an empty list of texts is, too", USER "TagKeys=", "ada keys()" },
    { "an empty list adds nothing to a full one", USER "Tags=&" TEAM("1"),
      "ada tags(team=approved)" },
    { "without an index the first element is meant", USER "Tags.member.Key=a&Tags.member.Value=b",
      "ada tags(a=b)" },
    { "of texts, too", USER "TagKeys.member=a", "ada keys(a)" },
    { "texts have their order", USER "TagKeys.member.2=b&TagKeys.member.01=a", "ada keys(a,b)" },
    { "an unconstrained text may be empty", USER "Plain.member.1=&Plain.member.2=x",
      "ada plain(,x)" },
    { "words are words", USER "Filter.member.1=Role&Status=Inactive",
      "ada status(Inactive) filter(Role)" },
    { "structures hold lists",
      USER "ContextEntries.member.1.ContextKeyName=aws:a&"
           "ContextEntries.member.2.ContextKeyValues.member.1=x&"
           "ContextEntries.member.1.ContextKeyValues.member.2=2&"
           "ContextEntries.member.2.ContextKeyType=string&"
           "ContextEntries.member.1.ContextKeyValues.member.1=1&"
           "ContextEntries.member.3.ContextKeyValues=",
      "ada entry(aws:a: values(1,2)) entry(:string values(x)) entry(: values())" },
    { "documents are read", USER POLICY("01") POLICY("2"), "ada policies({},{})" },
    { "true is true", USER "AllUsers=true", "ada all(true)" },
    { "false is false", USER "AllUsers=false", "ada all(false)" },
    { "integers drop their sign and zeros", USER "MaxItems=%2B01", "ada max(1)" },
    { "a description may be empty", USER "Description=", "ada description()" },
    { "a path may be the root", USER "Path=/", "ada path(/)" },
    { "what no row names is ignored", USER "Nonsense.member.99.Key=x&Tags.Key=y&.=&a..b=", "ada" },
};

START_TEST(iam_parameters_are_read)
{
    struct call_fixture *f = call_fixture_new();
    struct iam_params p;
    struct outcome o = read_iam(f, SERVICE_IAM, str_of(iam_accepted[_i].form), &p);
    ck_assert_msg(!failed(o), "%s: %.*s", iam_accepted[_i].name, STR_ARG(f->why.arg[0]));
    want_str(iam_accepted[_i].name, show(f->arena, &p), str_of(iam_accepted[_i].shown));
    call_fixture_free(f);
}
END_TEST

START_TEST(a_full_form_takes_little_memory)
{
    struct call_fixture *f = call_fixture_new();
    struct iam_params p;
    struct text t = text_new(f->arena, 1024 * 1024);
    text_put(&t, STR(USER));
    for (int i = 1; i < FORM_FIELDS_MAX; i++)
        text_printf(&t, "ContextEntries.member.%d.ContextKeyValues.member.11=x&", i);
    struct outcome o = form_read(f->arena, &f->why, text_str(&t), &f->form);
    ck_assert(!failed(o));
    size_t before = arena_bytes(f->arena);
    f->call.api = SERVICE_IAM;
    o = param_read(&f->call, iam_rows, &p);
    ck_assert(o.fault == FAULT_PARAMETER_INVALID);
    ck_assert_uint_lt(arena_bytes(f->arena) - before, 4 * 1024 * 1024);
    call_fixture_free(f);
}
END_TEST

/* ---- patterns of whole texts, against POSIX regular expressions ---- */

static const struct {
    const char *name;
    const struct param_pattern *pattern;
    const char *posix;
    const char *alphabet;
} whole[] = {
    { "path", &param_pattern_path, "^((/)|(/[!-~]+/))$", "/a~ \x7F" },
    { "policy path", &param_pattern_policy_path, "^(((/[A-Za-z0-9.,+@=_-]+)*)/)$", "/a,_!" },
    { "path prefix", &param_pattern_path_prefix, "^/[!-\x7F]*$", "/a \x7F" },
    { "version", &param_pattern_version_id, "^v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?$", "v10.a-" },
    /* no two hyphens together, and none at an end; the lengths are asked apart */
    { "alias", &param_pattern_account_alias,
      "^[a-z0-9]((-?[a-z0-9])(-?[a-z0-9])+|-[a-z0-9]|"
      "[a-z0-9]-?[a-z0-9])$",
      "a0-A" },
    { "IAM's name", &param_pattern_name, "^[A-Za-z0-9_+=,.@-]+$", "aZ@/ -" },
    { "session name", &param_pattern_session_name, "^[A-Za-z0-9_+=,.@-]*$", "aZ@/ -" },
    { "external id", &param_pattern_external_id, "^[A-Za-z0-9_+=,.@:/-]*$", "a:/!_\n" },
    { "serial number", &param_pattern_serial_number, "^[A-Za-z0-9_+=/:,.@-]*$", "a:/!_\n" },
    { "device", &param_pattern_mfa_serial, "^[A-Za-z0-9_+=/:,.@-]+$", "a:/!_" },
    { "token code", &param_pattern_token_code, "^[0-9]*$", "09a-" },
    { "device's code", &param_pattern_mfa_code, "^[0-9]+$", "09a-" },
    { "id", &param_pattern_id, "^[A-Za-z0-9_]+$", "aA_-" },
    { "namespace", &param_pattern_namespace, "^[A-Za-z0-9_-]*$", "aA_-." },
    { "SAML provider", &param_pattern_saml_name, "^[A-Za-z0-9_.-]+$", "aA_-.@" },
    { "private key", &param_pattern_private_key_id, "^[A-Z0-9]+$", "aA0_" },
    { "marker", &param_pattern_marker, "^[ -\x7F]+$", "a \n~" },
    { "description", &param_pattern_description, "^[\t\n\r -~]*$", "a\t\x7F\x1F~" },
    { "document", &param_pattern_document, "^[\t\n\r -~]+$", "a\t\x7F\x1F~" },
    { "tag key", &param_pattern_tag_key, "^[A-Za-z0-9 _.:/=+@-]+$", "a /#(\n" },
    { "tag value", &param_pattern_tag_value, "^[A-Za-z0-9 _.:/=+@-]*$", "a /#(\n" },
};

START_TEST(patterns_match_what_they_print)
{
    enum { LONGEST = 5 };
    const size_t n = strlen(whole[_i].alphabet);
    size_t texts = 1, matched = 0;
    regex_t oracle;
    ck_assert_int_eq(regcomp(&oracle, whole[_i].posix, REG_EXTENDED | REG_NOSUB), 0);
    for (size_t length = 0; length <= LONGEST; length++, texts *= n)
        for (size_t k = 0; k < texts; k++) {
            char text[LONGEST + 1] = "";
            for (size_t i = 0, rest = k; i < length; i++, rest /= n)
                text[i] = whole[_i].alphabet[rest % n];
            bool wanted = regexec(&oracle, text, 0, NULL, 0) == 0;
            matched += wanted;
            WANT(param_pattern_matches(whole[_i].pattern, str_of(text)) == wanted,
                 "%s: \"%s\" %s match", whole[_i].name, text, wanted ? "should" : "should not");
        }
    ck_assert_uint_gt(matched, 0);
    regfree(&oracle);
}
END_TEST

static const struct {
    const char *name;
    const struct param_pattern *pattern;
    const char *text;
    bool matches;
} beyond_ascii[] = {
    { "a no-break space is no description", &param_pattern_description, "\xC2\xA0", false },
    { "the next character is", &param_pattern_description, "\xC2\xA1", true },
    { "Latin-1 ends a description", &param_pattern_description, "\xC3\xBF", true },
    { "what is beyond does not belong to it", &param_pattern_description, "\xC4\x80", false },
    { "a no-break space is a policy of STS", &param_pattern_policy, "\xC2\xA0", true },
    { "and a marker", &param_pattern_marker, "\xC2\xA0", true },
    { "but no document of IAM", &param_pattern_document, "{}\xC2\xA0", false },
    { "a name is ASCII", &param_pattern_name, "\xC3\xA9", false },
    { "digits are ASCII", &param_pattern_token_code, "\xD9\xA1", false },
    { "a path is ASCII", &param_pattern_path, "/\xC3\xA9/", false },
    { "a letter is a tag", &param_pattern_tag_key, "\xE4\xB8\xAD", true },
    { "a digit of any script is a tag", &param_pattern_tag_key, "\xD9\xA1", true },
    { "a line separator is a tag", &param_pattern_tag_key, "\xE2\x80\xA8", true },
    { "a combining accent is none", &param_pattern_tag_key, "e\xCC\x81", false },
    { "an emoji is none", &param_pattern_tag_key, "\xF0\x9F\x98\x80", false },
    { "a dash that is no hyphen is none", &param_pattern_tag_key, "\xE2\x80\x93", false },
};

START_TEST(patterns_go_beyond_ascii)
{
    ck_assert_msg(
        param_pattern_matches(beyond_ascii[_i].pattern, guarded(str_of(beyond_ascii[_i].text))) ==
            beyond_ascii[_i].matches,
        "%s", beyond_ascii[_i].name);
}
END_TEST

START_TEST(an_alias_has_63_characters_at_most)
{
    const char text[] = "a12345678-b12345678-c12345678-d12345678-e12345678-f12345678-g123";
    ck_assert(param_pattern_matches(&param_pattern_account_alias, guarded(str_n(text, 63))));
    ck_assert(!param_pattern_matches(&param_pattern_account_alias, guarded(str_n(text, 64))));
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
    tcase_add_loop_test(t, iam_tells_violations_without_values, 0,
                        sizeof iam_violations / sizeof iam_violations[0]);
    tcase_add_loop_test(t, iam_tells_what_it_cannot_decode, 0,
                        sizeof iam_malformed / sizeof iam_malformed[0]);
    tcase_add_loop_test(t, iam_parameters_are_read, 0,
                        sizeof iam_accepted / sizeof iam_accepted[0]);
    tcase_add_test(t, a_full_form_takes_little_memory);
    tcase_add_loop_test(t, patterns_match_what_they_print, 0, sizeof whole / sizeof whole[0]);
    tcase_add_loop_test(t, patterns_go_beyond_ascii, 0,
                        sizeof beyond_ascii / sizeof beyond_ascii[0]);
    tcase_add_test(t, an_alias_has_63_characters_at_most);
    suite_add_tcase(s, t);
    return s;
}
