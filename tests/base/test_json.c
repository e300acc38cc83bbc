#include "tests/support/runner.h"

#include <stdlib.h>

#include "base/json.h"

#include "base/embed.h"
#include "base/encode.h"
#include "base/json_write.h"
#include "tests/support/guard.h"

/* ---- writing: jansson is the oracle ---- */

static const struct written {
    const char *name, *text;
} written[] = {
    { "nothing in an object", "{}" },
    { "nothing in a list", "[]" },
    { "nested nothing", "{\"a\":{},\"b\":[],\"c\":[{}],\"d\":[[]]}" },
    { "scalars", "[true,false,null,0,-1,9223372036854775807,-9223372036854775808,\"\"]" },
    { "fractions", "[0.5,-1.25,1e300,1e-7,100.0,3.141592653589793]" },
    { "every escape", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\"]" },
    { "characters of two to four bytes", "[\"\\u00e9\\u20ac\\ud83d\\ude00\"]" },
    { "keys are text too", "{\"a\\n\\\"b\":1,\"\\u00e9\":2,\"https://x/y:z\":3}" },
    { "members keep their order", "{\"z\":1,\"a\":2,\"m\":{\"y\":1,\"b\":[1,[2,[3,{\"q\":4}]]]}}" },
    { "a token's claims",
      "{\"aud\":[\"a\",\"b\"],\"iat\":1789123721,\"x\":{\"k\":[\"v\"]},\"s\":false}" },
};

START_TEST(json_is_written_as_jansson_writes_it)
{
    struct arena *a = arena_new();
    json_t *v = json_keep(a, json_loads(written[_i].text, JSON_DECODE_ANY, NULL));
    ck_assert_msg(v != NULL, "%s", written[_i].name);
    char *compact = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
    char *pretty = json_dumps(v, JSON_INDENT(2) | JSON_ENCODE_ANY);
    want_str(written[_i].name, json_text(a, v), str_of(compact));
    want_str(written[_i].name, json_text_pretty(a, v), str_of(pretty));
    ck_assert_uint_eq(json_write_length(v), utf8_length(str_of(compact)));
    free(compact);
    free(pretty);
    arena_free(a);
}
END_TEST

START_TEST(every_file_we_ship_is_written_as_jansson_writes_it)
{
    struct arena *a = arena_new();
    const struct embedded *sets[] = { issuer_profile_files, scenario_world_files };
    for (size_t i = 0; i < 2; i++)
        for (const struct embedded *f = sets[i]; f->name; f++) {
            json_t *v = json_keep(a, json_loadb(f->p, f->n, 0, NULL));
            char *compact = json_dumps(v, JSON_COMPACT), *pretty = json_dumps(v, JSON_INDENT(2));
            want_str(f->name, json_text(a, v), str_of(compact));
            want_str(f->name, json_text_pretty(a, v), str_of(pretty));
            ck_assert_uint_eq(json_write_length(v), utf8_length(str_of(compact)));
            free(compact);
            free(pretty);
        }
    arena_free(a);
}
END_TEST

Suite *json_suite(void);

static struct arena *a;
static struct why why;

static void setup(void)
{
    a = arena_new();
    why = why_new(a);
}

static void teardown(void)
{
    arena_free(a);
}

static struct json_doc *load(struct str text, enum json_duplicates duplicates)
{
    struct json_doc *doc = NULL;
    if (failed(json_load(a, &why, STR("file"), guarded(text), duplicates, &doc)))
        ck_assert_ptr_null(doc);
    return doc;
}

/* ---- loading ---- */

static const struct {
    const char *name;
    struct str text;
    bool is;
} texts[] = {
    { "an object", STR_INIT("{\"a\": [1, 2.5, \"x\", true, null]}"), true },
    { "a string alone", STR_INIT("\"x\""), true },
    { "a number alone", STR_INIT("-1.5e3"), true },
    { "blanks around it", STR_INIT(" \t\r\n[] \n"), true },
    { "nothing", STR_INIT(""), false },
    { "blanks only", STR_INIT(" "), false },
    { "something behind it", STR_INIT("{} {}"), false },
    { "a comma too much", STR_INIT("[1,]"), false },
    { "a comma too few", STR_INIT("[1 2]"), false },
    { "a comment", STR_INIT("{} // x"), false },
    { "single quotes", STR_INIT("{'a': 1}"), false },
    { "no quotes", STR_INIT("{a: 1}"), false },
    { "a leading zero", STR_INIT("01"), false },
    { "a leading plus", STR_INIT("+1"), false },
    { "not a number", STR_INIT("NaN"), false },
    { "an unfinished string", STR_INIT("\"abc"), false },
    { "an unfinished escape", STR_INIT("\"abc\\"), false },
    { "a raw line break in a string", STR_INIT("\"a\nb\""), false },
    { "a lonely surrogate", STR_INIT("\"\\ud800\""), false },
    { "broken UTF-8", STR_INIT("\"\xC3\""), false },
    { "a NUL byte", STR_INIT("{}\0"), false },
    { "a NUL byte behind a number", STR_INIT("[1\0, 2]"), false },
    { "a NUL byte behind a literal", STR_INIT("[true\0]"), false },
    { "a byte order mark", STR_INIT("\xEF\xBB\xBF{}"), false },
    { "the same member twice", STR_INIT("{\"a\": 1, \"a\": 2}"), false },
    { "the same member twice, once escaped", STR_INIT("{\"a\": 1, \"\\u0061\": 2}"), false },
};

START_TEST(takes_json_and_nothing_else)
{
    bool is = load(texts[_i].text, JSON_DUPLICATES_REFUSED) != NULL;
    ck_assert_msg(is == texts[_i].is, "%s", texts[_i].name);
    ck_assert_msg(is || why.fault == FAULT_JSON_INVALID, "%s", texts[_i].name);
    ck_assert_msg(is || str_starts(why_text(&why), STR("file:")), "%s", texts[_i].name);
}
END_TEST

START_TEST(of_duplicates_the_last_counts_when_they_are_let_pass)
{
    struct json_doc *doc = load(STR("{\"a\": 1, \"b\": 0, \"\\u0061\": 2}"), JSON_LAST_WINS);
    ck_assert_int_eq(json_integer_value(json_object_get(doc->root, "a")), 2);
}
END_TEST

static struct str nested(size_t levels, const char *open, const char *close, const char *inside)
{
    struct text t = text_new(a, 1 << 20);
    for (size_t i = 0; i < levels; i++)
        text_put(&t, str_of(open));
    text_put(&t, str_of(inside));
    for (size_t i = 0; i < levels; i++)
        text_put(&t, str_of(close));
    return text_str(&t);
}

START_TEST(sixty_four_levels_are_taken_and_one_more_is_not)
{
    static const char *const ways[][3] = {
        { "[", "]", "" },
        { "{\"k\":", "}", "1" },
        { "[\"]\\\"}\", ", "]", "0" }, /* brackets in strings are text */
        { " [ {\"a\":[[", "]]}]", "" },
    };
    size_t per = _i == 3 ? 4 : 1;
    ck_assert(load(nested(64 / per, ways[_i][0], ways[_i][1], ways[_i][2]), JSON_LAST_WINS));
    ck_assert(!load(nested(64 / per + 1, ways[_i][0], ways[_i][1], ways[_i][2]), JSON_LAST_WINS));
    ck_assert_int_eq(why.fault, FAULT_JSON_TOO_DEEP);
}
END_TEST

START_TEST(a_hundred_thousand_levels_do_no_harm)
{
    ck_assert(!load(nested(100000, "[", "", ""), JSON_LAST_WINS));
    ck_assert_int_eq(why.fault, FAULT_JSON_TOO_DEEP);
    want_str("place", why.place, STR("file:1:65"));
}
END_TEST

START_TEST(many_values_side_by_side_are_not_deep)
{
    ck_assert(
        load(arena_printf(a, "[0%.*s]", STR_ARG(nested(300, ",[{}]", "", ""))), JSON_LAST_WINS));
}
END_TEST

static const struct {
    struct str text;
    const char *place;
} wrong[] = {
    { STR_INIT("{\n  \"a\": 1,\n  \"b\": x\n}"), "file:3:" },
    { STR_INIT("[1,\n2,\n\n,3]"), "file:4:" },
    { STR_INIT("{\"a\":\n  {\"b\": 1,\n   \"b\": 2}}"), "file:3:" },
    { STR_INIT(""), "file:1:" },
};

START_TEST(a_wrong_place_is_named_by_its_line)
{
    ck_assert(!load(wrong[_i].text, JSON_DUPLICATES_REFUSED));
    ck_assert_msg(str_starts(why_text(&why), str_of(wrong[_i].place)), "%.*s",
                  STR_ARG(why_text(&why)));
}
END_TEST

START_TEST(the_first_failure_keeps_its_place)
{
    ck_assert(!load(STR("\n\n?"), JSON_LAST_WINS));
    struct str first = why_text(&why);
    ck_assert(!load(STR("?"), JSON_LAST_WINS));
    ck_assert(!load(nested(99, "[", "", ""), JSON_LAST_WINS));
    want_str("place and detail", why_text(&why), first);
    ck_assert(str_starts(first, STR("file:3:")));
}
END_TEST

/* ---- places ---- */

static const char places_text[] = /* line and column are what an editor shows */
    "{\n"
    "  \"roles\": [ { \"name\": \"a\" },\n"
    "\t     {\"name\" : [true,\n"
    "[ -1.5e3 , \"}]\\\"\" , {\"x\":{}} ]]} ],\n"
    "  \"a b\": 1, \"\\u0061\\\"\": 2, \"\": 3,\n"
    "  \"\xC3\xA4\xE2\x82\xAC\": {\"after\": 4},\n"
    "  \"twice\": {\"x\": 1},   \"twice\": {\"y\": 5}\n"
    "}\n";

static const struct {
    const char *way[6]; /* a member's key, or "#2" for an element */
    const char *place;
} places[] = {
    { { NULL }, "1:1: $" },
    { { "roles" }, "2:12: $.roles" },
    { { "roles", "#0" }, "2:14: $.roles[0]" },
    { { "roles", "#0", "name" }, "2:24: $.roles[0].name" },
    { { "roles", "#1" }, "3:7: $.roles[1]" },
    { { "roles", "#1", "name" }, "3:17: $.roles[1].name" },
    { { "roles", "#1", "name", "#0" }, "3:18: $.roles[1].name[0]" },
    { { "roles", "#1", "name", "#1" }, "4:1: $.roles[1].name[1]" },
    { { "roles", "#1", "name", "#1", "#0" }, "4:3: $.roles[1].name[1][0]" },
    { { "roles", "#1", "name", "#1", "#1" }, "4:12: $.roles[1].name[1][1]" },
    { { "roles", "#1", "name", "#1", "#2" }, "4:21: $.roles[1].name[1][2]" },
    { { "a b" }, "5:10: $[\"a b\"]" },
    { { "a\"" }, "5:25: $[\"a\\\"\"]" },
    { { "" }, "5:32: $[\"\"]" },
    { { "\xC3\xA4\xE2\x82\xAC" }, "6:9: $[\"\xC3\xA4\xE2\x82\xAC\"]" },
    { { "\xC3\xA4\xE2\x82\xAC", "after" }, "6:19: $[\"\xC3\xA4\xE2\x82\xAC\"].after" },
    { { "twice" }, "7:33: $.twice" },
    { { "twice", "y" }, "7:39: $.twice.y" },
};

START_TEST(a_value_is_named_by_line_column_and_path)
{
    struct json_doc *doc = load(str_of(places_text), JSON_LAST_WINS);
    struct json_at at[7] = { json_at_root(doc) };
    size_t n = 0;
    for (; places[_i].way[n]; n++)
        if (places[_i].way[n][0] == '#')
            at[n + 1] = json_at_item(&at[n], (size_t)(places[_i].way[n][1] - '0'));
        else
            ck_assert(json_at_member(&at[n], places[_i].way[n], &at[n + 1]));
    ck_assert_ptr_nonnull(at[n].value);
    want_str("place", json_at_place(a, &at[n]), arena_printf(a, "file:%s", places[_i].place));
    ck_assert(str_ends(str_of(places[_i].place), json_at_path(a, &at[n])));
}
END_TEST

static void want_same_place(const struct json_at *anchored, const struct json_at *plain)
{
    want_str("place", json_at_place(a, anchored), json_at_place(a, plain));
}

/* Down both ways at once: through items in turn, and by index from the root. */
static void compare_places(const struct json_at *anchored, const struct json_at *plain)
{
    const char *key;
    json_t *value;
    struct json_at left, right;
    struct json_items items = json_items_of(anchored);
    want_same_place(anchored, plain);
    for (size_t i = 0; json_items_next(&items); i++) {
        right = json_at_item(plain, i);
        ck_assert_ptr_eq(items.item.value, right.value);
        compare_places(&items.item, &right);
    }
    ck_assert_uint_eq(items.next, json_array_size(plain->value));
    json_object_foreach(plain->value, key, value)
    {
        ck_assert(json_at_member(anchored, key, &left) && json_at_member(plain, key, &right));
        compare_places(&left, &right);
    }
}

START_TEST(items_in_turn_have_the_places_that_items_have)
{
    static const char *const more[] = { places_text, "[]",
                                        "[ 1 ,\n [\"]\" , {\"a\":[true,null]}]\n,2]" };
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        struct json_at root = json_at_root(load(str_of(more[i]), JSON_LAST_WINS));
        compare_places(&root, &root);
    }
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
    struct json_doc *doc = load(STR("{\"a\": [1]}"), JSON_LAST_WINS);
    struct json_at root = json_at_root(doc), member, unused;
    ck_assert(!json_at_member(&root, "b", &member));
    ck_assert(json_at_member(&root, "a", &member));
    ck_assert(!json_at_member(&member, "a", &unused));
    ck_assert_ptr_null(json_at_item(&member, 1).value);
    ck_assert_ptr_null(json_at_item(&root, 0).value);
}
END_TEST

/* ---- wanting types ---- */

static struct outcome want(int what, const struct json_at *at)
{
    static const char *const names[] = { "a", "b", NULL };
    struct str text;
    int64_t number;
    bool truth;
    switch (what) {
    case 0:
        return json_want_object(at, &why);
    case 1:
        return json_want_array(at, &why);
    case 2:
        return json_want_str(at, &why, &text);
    case 3:
        return json_want_i64(at, &why, &number);
    case 4:
        return json_want_bool(at, &why, &truth);
    default:
        return json_want_members(at, &why, names);
    }
}

static const struct {
    const char *value, *detail[6]; /* what each of the six says; NULL is yes */
} typed[] = {
    { "{\"a\": 1}",
      { NULL, "expected an array, found an object", "expected a string, found an object",
        "expected an integer, found an object", "expected true or false, found an object", NULL } },
    { "{\"c\": 1}",
      { NULL, "expected an array, found an object", "expected a string, found an object",
        "expected an integer, found an object", "expected true or false, found an object",
        "unknown member \"c\"; expected one of: a, b" } },
    { "[1]",
      { "expected an object, found an array", NULL, "expected a string, found an array",
        "expected an integer, found an array", "expected true or false, found an array",
        "expected an object, found an array" } },
    { "\"x\"",
      { "expected an object, found a string", "expected an array, found a string", NULL,
        "expected an integer, found a string", "expected true or false, found a string",
        "expected an object, found a string" } },
    { "7",
      { "expected an object, found an integer", "expected an array, found an integer",
        "expected a string, found an integer", NULL, "expected true or false, found an integer",
        "expected an object, found an integer" } },
    { "7.0",
      { "expected an object, found a fractional number",
        "expected an array, found a fractional number",
        "expected a string, found a fractional number",
        "expected an integer, found a fractional number",
        "expected true or false, found a fractional number",
        "expected an object, found a fractional number" } },
    { "false",
      { "expected an object, found a boolean", "expected an array, found a boolean",
        "expected a string, found a boolean", "expected an integer, found a boolean", NULL,
        "expected an object, found a boolean" } },
    { "null",
      { "expected an object, found null", "expected an array, found null",
        "expected a string, found null", "expected an integer, found null",
        "expected true or false, found null", "expected an object, found null" } },
};

START_TEST(each_type_is_told_from_the_others)
{
    struct json_doc *doc = load(arena_printf(a, "[0, %s]", typed[_i].value), JSON_LAST_WINS);
    struct json_at root = json_at_root(doc), at = json_at_item(&root, 1);
    for (int what = 0; what < 6; what++) {
        const char *detail = typed[_i].detail[what];
        why = why_new(a);
        struct outcome o = want(what, &at);
        ck_assert_msg(failed(o) == (detail != NULL), "%s, %d", typed[_i].value, what);
        if (!detail)
            continue;
        ck_assert_int_eq(o.fault, FAULT_CONFIG_INVALID);
        want_str(typed[_i].value, why.detail, str_of(detail));
        ck_assert(str_starts(why.place, STR("file:1:")) && str_contains(why.place, STR(": $[1]")));
    }
}
END_TEST

START_TEST(an_unknown_member_is_shown_at_its_own_place)
{
    struct json_doc *doc = load(STR("{\"a\": 1,\n \"x y\": 2}"), JSON_LAST_WINS);
    struct json_at root = json_at_root(doc);
    ck_assert(failed(want(5, &root)));
    want_str("text", why_text(&why),
             STR("file:2:9: $[\"x y\"]: unknown member \"x y\"; expected one of: a, b"));
}
END_TEST

START_TEST(a_long_detail_is_kept_whole)
{
    struct json_doc *doc = load(STR("[]"), JSON_LAST_WINS);
    struct json_at root = json_at_root(doc);
    struct str many = nested(2000, "\xC3\xA4", "", "");
    ck_assert(failed(json_fail(&root, &why, FAULT_CONFIG_INVALID, "%.*s", STR_ARG(many))));
    want_str("detail", why.detail, many);
}
END_TEST

/* ---- values ---- */

static const struct {
    const char *name;
    struct str bytes, text;
} made[] = {
    { "plain text stays", STR_INIT("a\"\xC3\xA4"), STR_INIT("\"a\\\"\xC3\xA4\"") },
    { "nothing is an empty string", { NULL, 0 }, STR_INIT("\"\"") },
    { "a NUL is escaped", STR_INIT("a\0b"), STR_INIT("\"a\\u0000b\"") },
    { "a stray byte is replaced",
      STR_INIT("a\xFF"
               "b"),
      STR_INIT("\"a\xEF\xBF\xBD"
               "b\"") },
    { "what is good around it stays", STR_INIT("\xC3\xA4\x80\xF0\x9F\x98\x80"),
      STR_INIT("\"\xC3\xA4\xEF\xBF\xBD\xF0\x9F\x98\x80\"") },
    { "a cut character is replaced byte by byte", STR_INIT("\xE2\x82"),
      STR_INIT("\"\xEF\xBF\xBD\xEF\xBF\xBD\"") },
    { "a surrogate is no character", STR_INIT("\xED\xA0\x80"),
      STR_INIT("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"") },
    { "an overlong form is no character", STR_INIT("\xC0\xAF"),
      STR_INIT("\"\xEF\xBF\xBD\xEF\xBF\xBD\"") },
};

START_TEST(any_bytes_become_a_json_string)
{
    json_t *v = json_of(guarded(made[_i].bytes));
    want_str(made[_i].name, json_text(a, v), made[_i].text);
    json_decref(v);
}
END_TEST

START_TEST(text_keeps_the_order_of_members)
{
    struct json_doc *doc = load(STR("{\"z\": [1, {}], \"a\": \"\\u00e4\"}"), JSON_LAST_WINS);
    want_str("compact", json_text(a, doc->root), STR("{\"z\":[1,{}],\"a\":\"\xC3\xA4\"}"));
    want_str("pretty", json_text_pretty(a, doc->root),
             STR("{\n  \"z\": [\n    1,\n    {}\n  ],\n  \"a\": \"\xC3\xA4\"\n}"));
    want_str("a string's text", json_str(json_object_get(doc->root, "a")), STR("\xC3\xA4"));
    want_str("no string, no text", json_str(doc->root), STR(""));
    want_str("nothing, no text", json_str(NULL), STR(""));
}
END_TEST

/* ---- faults ---- */

START_TEST(every_fault_has_a_name_of_its_own_a_kind_and_a_sentence)
{
    for (size_t i = 1; i <= fault_count(); i++) {
        enum fault f = (enum fault)i;
        const char *reason = fault_reason(f);
        ck_assert_msg(strspn(reason, "abcdefghijklmnopqrstuvwxyz-0123456789") == strlen(reason),
                      "%s", reason);
        ck_assert_msg(fault_sentence(f)[0] && strlen(fault_sentence(f)) < 80, "%s", reason);
        ck_assert_msg(fault_kind(f) >= FAULT_KIND_DENIED && fault_kind(f) <= FAULT_KIND_COULD_NOT,
                      "%s", reason);
        for (size_t j = 1; j < i; j++)
            ck_assert_str_ne(reason, fault_reason((enum fault)j));
    }
    ck_assert_str_eq(fault_reason(FAULT_NONE), "none");
    ck_assert_str_eq(fault_reason(FAULT_TOKEN_EXPIRED), "token-expired");
}
END_TEST

START_TEST(the_first_reason_is_kept)
{
    ck_assert_int_eq(why_set(&why, FAULT_USAGE, "first %d", 1).fault, FAULT_USAGE);
    ck_assert_int_eq(why_set(&why, FAULT_INTERNAL, "second").fault, FAULT_USAGE);
    want_str("text", why_text(&why), STR("first 1"));
}
END_TEST

Suite *json_suite(void)
{
    Suite *s = suite_create("json");
    TCase *t = tcase_create("json");
    tcase_add_loop_test(t, json_is_written_as_jansson_writes_it, 0,
                        sizeof written / sizeof written[0]);
    tcase_add_test(t, every_file_we_ship_is_written_as_jansson_writes_it);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, takes_json_and_nothing_else, 0, sizeof texts / sizeof texts[0]);
    tcase_add_test(t, of_duplicates_the_last_counts_when_they_are_let_pass);
    tcase_add_loop_test(t, sixty_four_levels_are_taken_and_one_more_is_not, 0, 4);
    tcase_add_test(t, a_hundred_thousand_levels_do_no_harm);
    tcase_add_test(t, many_values_side_by_side_are_not_deep);
    tcase_add_loop_test(t, a_wrong_place_is_named_by_its_line, 0, sizeof wrong / sizeof wrong[0]);
    tcase_add_test(t, the_first_failure_keeps_its_place);
    tcase_add_loop_test(t, a_value_is_named_by_line_column_and_path, 0,
                        sizeof places / sizeof places[0]);
    tcase_add_test(t, items_in_turn_have_the_places_that_items_have);
    tcase_add_test(t, what_is_not_there_is_not_found);
    tcase_add_loop_test(t, each_type_is_told_from_the_others, 0, sizeof typed / sizeof typed[0]);
    tcase_add_test(t, an_unknown_member_is_shown_at_its_own_place);
    tcase_add_test(t, a_long_detail_is_kept_whole);
    tcase_add_loop_test(t, any_bytes_become_a_json_string, 0, sizeof made / sizeof made[0]);
    tcase_add_test(t, text_keeps_the_order_of_members);
    tcase_add_test(t, every_fault_has_a_name_of_its_own_a_kind_and_a_sentence);
    tcase_add_test(t, the_first_reason_is_kept);
    suite_add_tcase(s, t);
    return s;
}
