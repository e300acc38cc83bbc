#include "fakests/policy/variable.h"

#include "fakests/policy/match.h"
#include "tests/fakests/policy/fixture.h"

Suite *variable_suite(void);

#define CONTEXT                                                                             \
    "{'aws:username': 'ann', 'aws:empty': '', 'aws:star': 'a*?$', 'aws:PrincipalTag/a b': " \
    "'blank',"                                                                              \
    " 'aws:TagKeys': ['one'], 'aws:none': []}"

static const struct {
    const char *name, *text, *filled; /* NULL: cannot be filled */
} rows[] = {
    { "text is text", "a*b?", "a*b?" },
    { "nothing is nothing", "", "" },
    { "a key's value is put in", "x-${aws:username}-y", "x-ann-y" },
    { "keys have no case", "${AWS:UserName}", "ann" },
    { "twice as well", "${aws:username}${aws:username}", "annann" },
    { "an empty value is a value", "[${aws:empty}]", "[]" },
    { "a tag's name may hold blanks", "${aws:PrincipalTag/a b}", "blank" },
    { "blanks around the name are none of it", "${ aws:username }", "ann" },
    { "an absent key has no value", "${aws:userid}", NULL },
    { "and spoils what stands around it", "x${aws:username}${aws:userid}", NULL },
    { "a default stands in", "${aws:userid, 'nobody'}", "nobody" },
    { "without a blank too", "${aws:userid,'nobody'}", "nobody" },
    { "an empty default is one", "[${aws:userid, ''}]", "[]" },
    { "a value wins over a default", "${aws:username, 'nobody'}", "ann" },
    { "an empty value wins over a default", "[${aws:empty, 'nobody'}]", "[]" },
    { "a list has no single value, not even of one", "${aws:TagKeys}", NULL },
    { "and no default helps", "${aws:TagKeys, 'nobody'}", NULL },
    { "an empty list neither", "${aws:none, 'nobody'}", NULL },
    { "a default may hold braces", "${aws:userid, '}{'}", "}{" },
    { "a star as text", "${*}", "*" },
    { "a question mark as text", "a${?}b", "a?b" },
    { "a dollar as text", "${$}{aws:username}", "${aws:username}" },
    { "an open brace alone is text", "${aws:username", "${aws:username" },
    { "no name is text", "${}", "${}" },
    { "no quotation marks is text", "${aws:userid, nobody}", "${aws:userid, nobody}" },
    { "one quotation mark is text", "${aws:userid, 'nobody}", "${aws:userid, 'nobody}" },
    { "more behind the default is text", "${aws:userid, 'a' b}", "${aws:userid, 'a' b}" },
    { "a dollar is text", "$aws:username", "$aws:username" },
    { "what is put in is not looked at again", "${aws:star}${*}", "a*?$*" },
};

START_TEST(fills)
{
    struct arena *a = arena_new();
    struct keys keys = fixture_keys(a, CONTEXT);
    struct variable_template t =
        variable_read(a, guarded(str_of(rows[_i].text)), VARIABLE_SUBSTITUTE);
    struct str got = STR("untouched");
    bool filled = variable_fill(&t, &keys, a, &got);
    ck_assert_msg(filled == (rows[_i].filled != NULL), "%s", rows[_i].name);
    want_str(rows[_i].name, got, rows[_i].filled ? str_of(rows[_i].filled) : STR("untouched"));
    arena_free(a);
}
END_TEST

START_TEST(the_old_version_knows_no_variables)
{
    struct arena *a = arena_new();
    struct keys keys = fixture_keys(a, CONTEXT);
    struct str got;
    struct variable_template t = variable_read(a, STR("${aws:username}${*}"), VARIABLE_PLAIN);
    ck_assert(!t.has_variables && variable_fill(&t, &keys, a, &got));
    want_str("it is text", got, STR("${aws:username}${*}"));
    arena_free(a);
}
END_TEST

static const struct {
    const char *name, *pattern, *text;
    bool matches;
} patterns[] = {
    { "a star in the pattern is a wildcard", "${aws:username}*", "ann-and-more", true },
    { "a star that is put in is a star", "${aws:star}", "a*?$", true },
    { "and matches nothing else", "${aws:star}", "axx?$", false },
    { "a star in a default is a star", "${aws:userid, '*'}", "x", false },
    { "an escaped star is a star", "a${*}", "a*", true },
    { "and matches nothing else", "a${*}", "ab", false },
    { "beside a wildcard", "${*}*", "*b", true },
    { "an escaped question mark is one", "a${?}", "ab", false },
    { "in text that is no variable wildcards stay", "${*", "${xyz", true },
};

START_TEST(wildcards_are_what_the_policy_wrote)
{
    struct arena *a = arena_new();
    struct keys keys = fixture_keys(a, CONTEXT);
    struct variable_template t =
        variable_read(a, str_of(patterns[_i].pattern), VARIABLE_SUBSTITUTE | VARIABLE_WILDCARDS);
    struct str filled;
    ck_assert(variable_fill(&t, &keys, a, &filled));
    ck_assert_msg(match_like(filled, str_of(patterns[_i].text)) == patterns[_i].matches, "%s",
                  patterns[_i].name);
    arena_free(a);
}
END_TEST

/* A header's bytes reach the context as they came: they must not smuggle a wildcard in. */
START_TEST(no_byte_of_a_value_is_a_wildcard)
{
    struct arena *a = arena_new();
    struct keys keys = keys_new(a);
    struct str filled;
    keys_put(&keys, STR("aws:UserAgent"), STR("\xFE"));
    struct variable_template t =
        variable_read(a, STR("${aws:UserAgent}"), VARIABLE_SUBSTITUTE | VARIABLE_WILDCARDS);
    ck_assert(variable_fill(&t, &keys, a, &filled));
    ck_assert(!match_like(filled, STR("anything")));
    arena_free(a);
}
END_TEST

Suite *variable_suite(void)
{
    Suite *s = suite_create("variable");
    TCase *t = tcase_create("variable");
    tcase_add_loop_test(t, fills, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, the_old_version_knows_no_variables);
    tcase_add_loop_test(t, wildcards_are_what_the_policy_wrote, 0,
                        sizeof patterns / sizeof patterns[0]);
    tcase_add_test(t, no_byte_of_a_value_is_a_wildcard);
    suite_add_tcase(s, t);
    return s;
}
