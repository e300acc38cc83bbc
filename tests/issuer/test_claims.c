#include "issuer/claims.h"

#include "tests/issuer/fixture.h"

/* The template language, over these parameters. */
enum { NAME, PATH, LIST, NUMBER, YES, NOTHING, EITHER, SLOTS };

static const struct claims_slot slots[SLOTS] = {
    [NAME] = { STR_INIT("name"), CLAIMS_STRING },
    [PATH] = { STR_INIT("path"), CLAIMS_STRING },
    [LIST] = { STR_INIT("list"), CLAIMS_ARRAY },
    [NUMBER] = { STR_INIT("number"), CLAIMS_INTEGER },
    [YES] = { STR_INIT("yes"), CLAIMS_BOOLEAN },
    [NOTHING] = { STR_INIT("nothing"), CLAIMS_STRING },
    [EITHER] = { STR_INIT("either"), CLAIMS_STRING | CLAIMS_ARRAY },
};

static struct fixture f;

static void set_up(void)
{
    f = (struct fixture){ .arena = arena_new() };
    entropy_init_seeded(&f.entropy, 1);
}

static void tear_down(void)
{
    arena_free(f.arena);
}

static struct outcome compile(const char *text, struct why *why, const struct claims_node **out)
{
    static const struct claims_scope scope = { slots, SLOTS,
                                               CLAIMS_MAY(CLAIMS_IAT) | CLAIMS_MAY(CLAIMS_EXP) |
                                                   CLAIMS_MAY(CLAIMS_UUID) |
                                                   CLAIMS_MAY(CLAIMS_ISS) |
                                                   CLAIMS_MAY(CLAIMS_VARIANT) };
    char *p = arena_cstr(f.arena, str_of(text));
    struct json_doc *doc;
    for (char *q = p; *q; q++)
        *q = *q == '\'' ? '"' : *q;
    *why = why_new(f.arena);
    TRY(json_load(f.arena, why, STR("t.json"), str_of(p), JSON_DUPLICATES_REFUSED, &doc));
    struct json_at root = json_at_root(doc);
    return claims_compile(f.arena, why, &root, &scope, out);
}

static struct claims_values values(void)
{
    json_t **v = arena_array(f.arena, json_t *, SLOTS);
    v[NAME] = fixture_json(&f, "'octo:org'");
    v[PATH] = fixture_json(&f, "'owner/repo/x'");
    v[LIST] = fixture_json(&f, "['a','b']");
    v[NUMBER] = fixture_json(&f, "7");
    v[YES] = fixture_json(&f, "true");
    v[NOTHING] = fixture_json(&f, "''");
    v[EITHER] = fixture_json(&f, "['x']");
    return (struct claims_values){ .arena = f.arena,
                                   .entropy = &f.entropy,
                                   .slots = v,
                                   .iat_s = 1000,
                                   .exp_s = 4600,
                                   .iss = STR("https://i"),
                                   .variant = STR("v2") };
}

static const struct {
    const char *name, *template, *wanted; /* wanted NULL: nothing */
} cases[] = {
    { "plain JSON stays what it is", "{'a':[1,2.5,true,null,'x',{}]}",
      "{'a':[1,2.5,true,null,'x',{}]}" },
    { "a parameter stands inside text", "'org/{path}/user/{name}'",
      "'org/owner/repo/x/user/octo:org'" },
    { "a text that is one parameter keeps its type: array", "'{list}'", "['a','b']" },
    { "a text that is one parameter keeps its type: integer", "'{number}'", "7" },
    { "a text that is one parameter keeps its type: boolean", "'{yes}'", "true" },
    { "inside text a number is its digits", "'n={number}'", "'n=7'" },
    { "inside text a boolean is its word", "'{yes}!'", "'true!'" },
    { "a doubled brace is a brace", "'{{{name}}}'", "'{octo:org}'" },
    { "only doubled braces", "'{{}}'", "'{}'" },
    { "an empty text stays", "''", "''" },
    { "filters: colons are escaped", "'x:{name|escape_colons}'", "'x:octo%3Aorg'" },
    { "filters: what stands before the first slash", "'{path|before_slash}'", "'owner'" },
    { "filters: what stands behind the first slash", "'{path|after_slash}'", "'repo/x'" },
    { "filters: without a slash all stands before it", "'{name|before_slash}'", "'octo:org'" },
    { "filters: without a slash nothing stands behind it", "'{name|after_slash}'", "''" },
    { "a filtered number is text", "'{number|escape_colons}'", "'7'" },
    { "a time is a number", "'{$iat}'", "1000" },
    { "a time may be earlier", "'{$iat-300}'", "700" },
    { "a time may be later", "'{$exp+5}'", "4605" },
    { "a time inside text is its digits", "'at {$iat}'", "'at 1000'" },
    { "iss and variant", "['{$iss}','{$variant}']", "['https://i','v2']" },
    { "an optional member stays when it has a value", "{'a?':'{name}'}", "{'a':'octo:org'}" },
    { "an optional member goes when it is empty text", "{'a?':'{nothing}','b':1}", "{'b':1}" },
    { "an optional member goes when it is an empty array", "{'a?':[]}", "{}" },
    { "an optional member goes when it is null", "{'a?':null}", "{}" },
    { "an optional member stays when it is false or 0", "{'a?':false,'b?':0}",
      "{'a':false,'b':0}" },
    { "without the mark empty text stays", "{'a':'{nothing}'}", "{'a':''}" },
    { "$first takes the first case that applies",
      "{'$first':[{'if':{'name':'x'},'value':1},{'if':{'yes':true},'value':2},{'value':3}]}", "2" },
    { "$first takes the one without if when none does",
      "{'$first':[{'if':{'name':'x'},'value':1},{'value':'{name}'}]}", "'octo:org'" },
    { "all conditions of a case must hold",
      "{'$first':[{'if':{'yes':true,'number':8},'value':1},{'value':2}]}", "2" },
    { "a condition may be negated",
      "{'$first':[{'if':{'nothing':{'not':''}},'value':1},{'if':{'name':{'not':''}},'value':2}]}",
      "2" },
    { "a list can be compared", "{'$first':[{'if':{'list':['a','b']},'value':1}]}", "1" },
    { "the variant can be asked for", "{'$first':[{'if':{'$variant':'v2'},'value':1}]}", "1" },
    { "a member for which no case applies is absent",
      "{'a':{'$first':[{'if':{'yes':false},'value':1}]},'b':2}", "{'b':2}" },
    { "an element for which no case applies is absent",
      "[{'$first':[{'if':{'yes':false},'value':1}]},2]", "[2]" },
    { "nothing at all may be left", "{'$first':[{'if':{'yes':false},'value':1}]}", NULL },
    { "$each writes the texts of the elements in their order",
      "{'$each':'list','of':{'b':'-B{number}','a':'-A'}}", "'-A-B7'" },
    { "$first may stand in $first",
      "{'$first':[{'value':{'$first':[{'if':{'yes':true},'value':[1]}]}}]}", "[1]" },
};

START_TEST(expands)
{
    const struct claims_node *n;
    struct claims_values v = values();
    struct why why;
    json_t *got;
    want_ok(&why, compile(cases[_i].template, &why, &n));
    want_ok(&why, claims_expand(n, &v, &why, &got));
    json_keep(f.arena, got);
    if (cases[_i].wanted)
        want_json(&f, cases[_i].name, got, cases[_i].wanted);
    else
        ck_assert_msg(got == NULL, "%s", cases[_i].name);
}
END_TEST

static const struct {
    const char *name, *template, *place, *reason;
} refused[] = {
    { "an unknown parameter is refused, the nearest named", "{'sub':['{nam}']}", "$.sub[0]",
      "did you mean \"name\"?" },
    { "an empty hole is refused", "'{}'", "$", "no parameter \"\"" },
    { "an open brace is refused", "'a{name'", "$", "a '{' without" },
    { "a closing brace alone is refused", "'a}'", "$", "a '}' without" },
    { "an unknown filter is refused", "'{name|upper}'", "$", "no filter \"upper\"" },
    { "an unknown builtin is refused", "'{$now}'", "$", "{$now} cannot stand here" },
    { "a builtin that belongs elsewhere is refused", "'{$kid}'", "$", "There are: $iat, $exp" },
    { "an offset that is no number is refused", "'{$iat-x}'", "$", "only $iat and $exp" },
    { "an offset of a hundred years is refused", "'{$iat+3153600000}'", "$", "only $iat and $exp" },
    { "an offset of what is no time is refused", "'{$iss+5}'", "$", "only $iat and $exp" },
    { "a list inside text is refused", "'x{list}'", "$", "may be a list" },
    { "what may be a list inside text is refused", "'x{either}'", "$", "may be a list" },
    { "an unknown $ form is refused", "{'a':{'$firts':[]}}", "$.a.$firts", "cannot stand here" },
    { "$first beside other members is refused", "{'$first':[],'b':1}", "$.$first",
      "cannot stand here" },
    { "$first wants an array", "{'$first':{}}", "$.$first", "expected an array" },
    { "$first wants a case", "{'$first':[]}", "$.$first", "at least one case" },
    { "a case wants a value", "{'$first':[{'if':{}}]}", "$.$first[0]", "needs a \"value\"" },
    { "a case has no other members", "{'$first':[{'when':{},'value':1}]}", "$.$first[0].when",
      "if, value" },
    { "a condition names a parameter", "{'$first':[{'if':{'nmae':''},'value':1}]}",
      "$.$first[0].if.nmae", "did you mean \"name\"?" },
    { "a condition compares like with like", "{'$first':[{'if':{'yes':'true'},'value':1}]}",
      "$.$first[0].if.yes", "\"yes\" is never a string" },
    { "a negation holds a value", "{'$first':[{'if':{'name':{}},'value':1}]}",
      "$.$first[0].if.name", "expected {\"not\": value}" },
    { "$each wants a list", "{'$each':'name','of':{}}", "$.$each", "\"name\" is no list" },
    { "$each wants its texts", "{'$each':'list'}", "$", "expected \"of\"" },
    { "the texts of $each are texts", "{'$each':'list','of':{'a':1}}", "$.of.a",
      "expected a text" },
    { "a member with and without ? is refused", "{'a':1,'a?':2}", "$[\"a?\"]",
      "\"a\" is there already" },
};

START_TEST(refuses_with_the_place)
{
    const struct claims_node *n = NULL;
    struct why why;
    ck_assert_msg(failed(compile(refused[_i].template, &why, &n)), "%s", refused[_i].name);
    ck_assert_int_eq(why.fault, FAULT_CONFIG_INVALID);
    ck_assert_msg(str_starts(why.place, STR("t.json:1:")) &&
                      str_ends(why.place, arena_printf(f.arena, ": %s", refused[_i].place)),
                  "%s: place is %.*s", refused[_i].name, STR_ARG(why.place));
    want_part(refused[_i].name, why.detail, refused[_i].reason);
    ck_assert_ptr_null(n);
}
END_TEST

START_TEST(each_knows_its_elements_only)
{
    const struct claims_node *n;
    struct claims_values v = values();
    struct why why;
    json_t *got;
    want_ok(&why, compile("{'$each':'list','of':{'a':'A','c':'C'}}", &why, &n));
    ck_assert(failed(claims_expand(n, &v, &why, &got)));
    ck_assert_int_eq(why.fault, FAULT_PLATFORM_PARAMETER);
    want_part("each", why.detail, "\"b\" cannot stand in the list; there are: a, c");
}
END_TEST

START_TEST(a_uuid_is_new_each_time)
{
    const struct claims_node *n;
    struct claims_values v = values();
    struct why why;
    json_t *got;
    want_ok(&why, compile("['{$uuid}','{$uuid}']", &why, &n));
    want_ok(&why, claims_expand(n, &v, &why, &got));
    json_keep(f.arena, got);
    struct str first = json_str(json_array_get(got, 0)), second = json_str(json_array_get(got, 1));
    ck_assert_uint_eq(first.n, 36);
    ck_assert(first.p[14] == '4');
    ck_assert(!str_eq(first, second));
}
END_TEST

/* What an expansion makes is the caller's own: changing it must not reach the template. */
START_TEST(an_expansion_shares_nothing)
{
    const struct claims_node *n;
    struct claims_values v = values();
    struct why why;
    json_t *first, *second;
    want_ok(&why, compile("{'a':['x'],'b':{'c':1},'d':'{list}'}", &why, &n));
    want_ok(&why, claims_expand(n, &v, &why, &first));
    json_array_append_new(json_object_get(first, "a"), json_string("changed"));
    json_object_set_new(json_object_get(first, "b"), "c", json_true());
    json_array_clear(json_object_get(first, "d"));
    want_ok(&why, claims_expand(n, &v, &why, &second));
    want_json(&f, "the second expansion", second, "{'a':['x'],'b':{'c':1},'d':['a','b']}");
    json_decref(first);
    json_decref(second);
}
END_TEST

START_TEST(merging_replaces_by_name_and_appends)
{
    const struct claims_node *base, *over;
    struct claims_values v = values();
    struct why why;
    json_t *got;
    want_ok(&why, compile("{'a':1,'b?':'{name}','c':3}", &why, &base));
    want_ok(&why, compile("{'d':'{path}','b':'new'}", &why, &over));
    const struct claims_node *both = claims_merge(f.arena, base, over);
    want_ok(&why, claims_expand(both, &v, &why, &got));
    want_json(&f, "merged", json_keep(f.arena, got), "{'a':1,'b':'new','c':3,'d':'owner/repo/x'}");
    ck_assert_msg(claims_uses(both) == UINT64_C(1) << PATH, "%s",
                  "what was replaced is still counted as used");
}
END_TEST

/* ---- reading texts back ---- */

static bool short_values(const void *context, size_t slot, struct str value)
{
    (void)context;
    (void)slot;
    return value.n <= 8;
}

static const struct {
    const char *name, *template, *text;
    size_t fixed; /* 0: does not fit */
    const char *bound_name;
} matches[] = {
    { "a parameter takes a path segment", "'https://x/{name}'", "https://x/abc", 10, "abc" },
    { "but not two", "'https://x/{name}'", "https://x/a/b", 0, "" },
    { "and not nothing", "'https://x/{name}'", "https://x/", 0, "" },
    { "a parameter ends where the rest fits", "'https://{name}.x.y/z'", "https://a.x.x.y/z", 14,
      "a.x" },
    { "what is not accepted does not fit", "'https://x/{name}'", "https://x/123456789", 0, "" },
    { "no fixed part, no fit", "'{name}'", "abc", 0, "" },
    { "the longest case counts, not the first",
      "{'$first':[{'if':{'yes':true},'value':'h/{name}'},{'value':'h/long/{name}'}]}", "h/long/x",
      7, "x" },
    { "and not the last",
      "{'$first':[{'if':{'yes':true},'value':'h/l{name}'},{'value':'h/{name}'}]}", "h/lx", 3, "x" },
    { "a shorter case fits too",
      "{'$first':[{'if':{'yes':true},'value':'h/{name}'},{'value':'h/long/{name}'}]}", "h/x", 2,
      "x" },
    { "a text without parameters fits itself only", "'h/x'", "h/x", 3, NULL },
    { "and nothing longer", "'h/x'", "h/x/", 0, NULL },
};

START_TEST(reads_back)
{
    struct str bound[CLAIMS_SLOTS_MAX];
    const struct claims_node *n;
    struct why why;
    want_ok(&why, compile(matches[_i].template, &why, &n));
    size_t fixed = claims_match(n, str_of(matches[_i].text), short_values, NULL, bound);
    ck_assert_msg(fixed == matches[_i].fixed, "%s: %zu", matches[_i].name, fixed);
    if (fixed && matches[_i].bound_name)
        want_str(matches[_i].name, bound[NAME], str_of(matches[_i].bound_name));
}
END_TEST

static const struct {
    const char *name, *template, *reason;
} unreadable[] = {
    { "two parameters side by side", "'h/{name}{path}'", "side by side" },
    { "one parameter twice", "'h/{name}/{name}'", "only once" },
    { "a filter", "'h/{name|escape_colons}'", "without a filter" },
    { "a builtin", "'h/{$variant}'", "only parameters" },
    { "a list", "['h']", "expected a text" },
    { "a number", "'{number}'", "expected a text" },
    { "a case that is no text", "{'$first':[{'value':1}]}", "expected a text" },
    { "$each", "{'$each':'list','of':{}}", "cannot stand here" },
    { "empty text", "''", "expected a URL" },
};

START_TEST(says_what_cannot_be_read_back)
{
    const struct claims_node *n;
    struct json_doc doc = { .name = STR("t"),
                            .text = STR("x"),
                            .root = json_keep(f.arena, json_true()) };
    struct json_at at = json_at_root(&doc);
    struct why why;
    uint64_t in_all;
    want_ok(&why, compile(unreadable[_i].template, &why, &n));
    ck_assert_msg(failed(claims_want_matchable(n, &why, &at, &in_all)), "%s", unreadable[_i].name);
    want_part(unreadable[_i].name, why.detail, unreadable[_i].reason);
}
END_TEST

START_TEST(what_all_cases_name_can_be_relied_on)
{
    const struct claims_node *n;
    struct json_doc doc = { .name = STR("t"), .text = STR("x") };
    struct json_at at = json_at_root(&doc);
    struct why why;
    uint64_t in_all;
    want_ok(&why, compile("{'$first':[{'if':{'yes':true},'value':'h/{name}'},"
                          "{'value':'i/{name}/{path}'}]}",
                          &why, &n));
    want_ok(&why, claims_want_matchable(n, &why, &at, &in_all));
    ck_assert_uint_eq(in_all, UINT64_C(1) << NAME);
}
END_TEST

Suite *claims_suite(void);
Suite *claims_suite(void)
{
    Suite *s = suite_create("claims");
    TCase *t = tcase_create("claims");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, expands, 0, sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(t, refuses_with_the_place, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(t, each_knows_its_elements_only);
    tcase_add_test(t, a_uuid_is_new_each_time);
    tcase_add_test(t, an_expansion_shares_nothing);
    tcase_add_test(t, merging_replaces_by_name_and_appends);
    tcase_add_loop_test(t, reads_back, 0, sizeof matches / sizeof matches[0]);
    tcase_add_loop_test(t, says_what_cannot_be_read_back, 0,
                        sizeof unreadable / sizeof unreadable[0]);
    tcase_add_test(t, what_all_cases_name_can_be_relied_on);
    suite_add_tcase(s, t);
    return s;
}
