#include "base/json_parts.h"

#include "base/entropy.h"
#include "base/text.h"
#include "tests/support/guard.h"
#include "tests/support/parts.h"
#include "tests/support/runner.h"

Suite *json_parts_suite(void);

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

static struct json_part whole(struct str text)
{
    return json_part_whole(a, STR("file"), text.p ? guarded(text) : text);
}

static struct outcome cut(const struct json_part *part, char kind, struct json_parts *out)
{
    return kind == '{' ? json_part_members(a, &why, part, out)
                       : json_part_items(a, &why, part, out);
}

/* ---- the whole text ---- */

static const struct {
    const char *name;
    struct str text;
    const char *inside;
    char kind;
    size_t offset, line, column;
} wholes[] = {
    { "an object", STR_INIT("{}"), "{}", '{', 0, 1, 1 },
    { "an array in blanks", STR_INIT(" \r\n\t[1] \n"), "[1]", '[', 4, 2, 2 },
    { "a string", STR_INIT("\n\n  \"x\""), "\"x\"", '"', 4, 3, 3 },
    { "null", STR_INIT("null"), "null", 'n', 0, 1, 1 },
    { "true", STR_INIT("true"), "true", 't', 0, 1, 1 },
    { "false", STR_INIT("false"), "false", 'f', 0, 1, 1 },
    { "a number", STR_INIT("7"), "7", '0', 0, 1, 1 },
    { "zero", STR_INIT("0"), "0", '0', 0, 1, 1 },
    { "nine", STR_INIT("9"), "9", '0', 0, 1, 1 },
    { "a number below zero", STR_INIT("-7.5"), "-7.5", '0', 0, 1, 1 },
    { "nothing", { NULL, 0 }, "", '\0', 0, 1, 1 },
    { "blanks only", STR_INIT(" \n "), "", '\0', 3, 2, 2 },
    { "no JSON", STR_INIT("x"), "x", '\0', 0, 1, 1 },
    { "a NUL byte", STR_INIT("\0"), NULL, '\0', 0, 1, 1 },
};

START_TEST(a_whole_text_is_a_part)
{
    struct json_part part = whole(wholes[_i].text);
    if (wholes[_i].inside)
        want_str(wholes[_i].name, part.text, str_of(wholes[_i].inside));
    ck_assert_msg(json_part_kind(&part) == wholes[_i].kind, "%s", wholes[_i].name);
    want_str("path", part.path, STR("$"));
    want_str("name", part.name, STR("file"));
    ck_assert_uint_eq(part.anchor.offset, wholes[_i].offset);
    ck_assert_uint_eq(part.anchor.line, wholes[_i].line);
    ck_assert_uint_eq(part.anchor.column, wholes[_i].column);
}
END_TEST

/* ---- cutting up ---- */

/* Each part as: path key line:column text. */
static const struct {
    const char *name;
    struct str text;
    const char *parts;
} cuts[] = {
    { "an empty object", STR_INIT("{}"), "" },
    { "an empty object with blanks", STR_INIT(" { \n } "), "" },
    { "an empty array", STR_INIT("[]"), "" },
    { "an empty array with blanks", STR_INIT("[\t\r\n ]"), "" },
    { "one member", STR_INIT("{\"a\":1}"), "$.a a 1:6 1\n" },
    { "one item", STR_INIT("[1]"), "$[0]  1:2 1\n" },
    { "every type", STR_INIT("[{},[],\"\",0,-1.5e+3,true,false,null]"),
      "$[0]  1:2 {}\n$[1]  1:5 []\n$[2]  1:8 \"\"\n$[3]  1:11 0\n$[4]  1:13 -1.5e+3\n"
      "$[5]  1:21 true\n$[6]  1:26 false\n$[7]  1:32 null\n" },
    { "members with blanks everywhere", STR_INIT("\n{ \"a\" : 1 ,\r\n\t\"b\"\n:\n[ 1 , 2 ] }\n"),
      "$.a a 2:9 1\n$.b b 5:1 [ 1 , 2 ]\n" },
    { "items with blanks everywhere", STR_INIT(" [ 1 ,\n 2\n, \n3\t] "),
      "$[0]  1:4 1\n$[1]  2:2 2\n$[2]  4:1 3\n" },
    { "nested brackets", STR_INIT("[[[],[{}]],{\"a\":[{\"b\":{}}]},3]"),
      "$[0]  1:2 [[],[{}]]\n$[1]  1:12 {\"a\":[{\"b\":{}}]}\n$[2]  1:29 3\n" },
    { "brackets in strings are text", STR_INIT("{\"]}\":\"{[\",\"x\":[\"}]\",{\"[\":\"}\"}]}"),
      "$[\"]}\"] ]} 1:7 \"{[\"\n$.x x 1:16 [\"}]\",{\"[\":\"}\"}]\n" },
    { "commas and colons in strings are text", STR_INIT("[\",\",\":\",[\",\"]]"),
      "$[0]  1:2 \",\"\n$[1]  1:6 \":\"\n$[2]  1:10 [\",\"]\n" },
    { "an escaped quote ends nothing", STR_INIT("[\"\\\"]\",\"\\\"\",[\"\\\"]\"]]"),
      "$[0]  1:2 \"\\\"]\"\n$[1]  1:8 \"\\\"\"\n$[2]  1:13 [\"\\\"]\"]\n" },
    { "a quote behind an escaped backslash ends the string",
      STR_INIT("[\"\\\\\",\"\\\\\\\"\",\"\\\\\\\\\",[\"\\\\\"]]"),
      "$[0]  1:2 \"\\\\\"\n$[1]  1:7 \"\\\\\\\"\"\n$[2]  1:14 \"\\\\\\\\\"\n$[3]  1:21 "
      "[\"\\\\\"]\n" },
    { "escaped keys are decoded",
      STR_INIT("{\"\\u0061\":1,\"a\\\"\\\\\":2,\"\\ud83d\\ude00\\n\":3}"),
      "$.a a 1:11 1\n$[\"a\\\"\\\\\"] a\"\\ 1:21 2\n"
      "$[\"\xF0\x9F\x98\x80\\n\"] \xF0\x9F\x98\x80\n 1:40 3\n" },
    { "keys that are no identifiers", STR_INIT("{\"\":1,\"a b\":2,\"7\":3,\"$x\":4,\"_\":5}"),
      "$[\"\"]  1:5 1\n$[\"a b\"] a b 1:13 2\n$[\"7\"] 7 1:19 3\n$.$x $x 1:26 4\n$._ _ 1:32 5\n" },
    { "columns are characters", STR_INIT("{\"\xC3\xA4\":\"\xE2\x82\xAC\",\"b\":2}"),
      "$[\"\xC3\xA4\"] \xC3\xA4 1:6 \"\xE2\x82\xAC\"\n$.b b 1:14 2\n" },
    { "keys that differ in case or in length are two", STR_INIT("{\"a\":1,\"A\":2,\"aa\":3}"),
      "$.a a 1:6 1\n$.A A 1:12 2\n$.aa aa 1:19 3\n" },
    { "what stands in a part is not judged", STR_INIT("[tru,1x,[,],{a},\"\\x\",[1 2],{,}]"),
      "$[0]  1:2 tru\n$[1]  1:6 1x\n$[2]  1:9 [,]\n$[3]  1:13 {a}\n$[4]  1:17 \"\\x\"\n"
      "$[5]  1:22 [1 2]\n$[6]  1:28 {,}\n" },
};

START_TEST(a_text_is_cut_up)
{
    struct json_part part = whole(cuts[_i].text);
    struct json_parts parts = { 0 };
    struct text shown = text_new(a, 4096);
    struct outcome o = cut(&part, json_part_kind(&part), &parts);
    ck_assert_msg(!failed(o), "%s: %.*s", cuts[_i].name, STR_ARG(why_text(&why)));
    for (size_t i = 0; i < parts.n; i++) {
        const struct json_part *p = &parts.items[i];
        text_printf(&shown, "%.*s %.*s %zu:%zu %.*s\n", STR_ARG(p->path), STR_ARG(p->key),
                    p->anchor.line, p->anchor.column, STR_ARG(p->text));
        ck_assert_ptr_eq(p->text.p, part.text.p + (p->anchor.offset - part.anchor.offset));
        ck_assert_uint_eq(p->depth, 1);
        want_str("name", p->name, STR("file"));
    }
    want_str(cuts[_i].name, text_str(&shown), str_of(cuts[_i].parts));
}
END_TEST

/* ---- refusals ---- */

static const struct {
    const char *name;
    struct str text;
    char as;
    const char *place;
} broken[] = {
    { "nothing", { NULL, 0 }, '{', "file:1:1" },
    { "nothing", { NULL, 0 }, '[', "file:1:1" },
    { "blanks only", STR_INIT(" \n "), '{', "file:2:1" },
    { "an object unended", STR_INIT("{"), '{', "file:1:1" },
    { "an array unended", STR_INIT("["), '[', "file:1:1" },
    { "an array unended behind an item", STR_INIT("[\n1"), '[', "file:2:1" },
    { "an array unended behind a comma", STR_INIT("[\n1,"), '[', "file:2:2" },
    { "an object unended behind a key", STR_INIT("{\"a\""), '{', "file:1:4" },
    { "an object unended behind a colon", STR_INIT("{\"a\":"), '{', "file:1:5" },
    { "an object unended behind a member", STR_INIT("{\"a\":1"), '{', "file:1:6" },
    { "an object unended behind a comma", STR_INIT("{\"a\":1,"), '{', "file:1:7" },
    { "a key unended", STR_INIT("{\"a"), '{', "file:1:3" },
    { "a key unended by an escape", STR_INIT("{\"a\\\""), '{', "file:1:5" },
    { "a string unended", STR_INIT("[1,\n \"a]"), '[', "file:2:4" },
    { "a string unended by an escape", STR_INIT("[\"a\\\"]"), '[', "file:1:6" },
    { "a string unended by half an escape", STR_INIT("[\"a\\"), '[', "file:1:4" },
    { "a string unended in an item", STR_INIT("[[\"a]]"), '[', "file:1:6" },
    { "an item unended", STR_INIT("[[1]"), '[', "file:1:4" },
    { "a member unended", STR_INIT("{\"a\":{\"b\":1}"), '{', "file:1:12" },
    { "an array ended as an object", STR_INIT("[1}"), '[', "file:1:3" },
    { "an object ended as an array", STR_INIT("{\"a\":1]"), '{', "file:1:7" },
    { "an item ended by another bracket", STR_INIT("[[1}]"), '[', "file:1:4" },
    { "a member ended by another bracket", STR_INIT("{\"a\":{\"b\":[1}]}"), '{', "file:1:13" },
    { "brackets that cross", STR_INIT("[[{]}]"), '[', "file:1:4" },
    { "a bracket too many", STR_INIT("[1]]"), '[', "file:1:4" },
    { "an object behind it", STR_INIT("{}\n{}"), '{', "file:2:1" },
    { "a word behind it", STR_INIT("[] x"), '[', "file:1:4" },
    { "a NUL byte behind it", STR_INIT("{}\0"), '{', "file:1:3" },
    { "a comma too many in an array", STR_INIT("[1,]"), '[', "file:1:4" },
    { "a comma too many in an object", STR_INIT("{\"a\":1,}"), '{', "file:1:8" },
    { "a comma at the beginning of an array", STR_INIT("[,1]"), '[', "file:1:2" },
    { "a comma at the beginning of an object", STR_INIT("{,\"a\":1}"), '{', "file:1:2" },
    { "two commas", STR_INIT("[1,,2]"), '[', "file:1:4" },
    { "a comma too few in an array", STR_INIT("[1 2]"), '[', "file:1:4" },
    { "a comma too few in an object", STR_INIT("{\"a\":1 \"b\":2}"), '{', "file:1:10" },
    { "a comma too few behind a string", STR_INIT("[\"a\"\"b\"]"), '[', "file:1:7" },
    { "a comma too few behind an array", STR_INIT("[[]1]"), '[', "file:1:4" },
    { "a colon in an array", STR_INIT("[\"a\":1]"), '[', "file:1:5" },
    { "no colon", STR_INIT("{\"a\" 1}"), '{', "file:1:6" },
    { "two colons", STR_INIT("{\"a\"::1}"), '{', "file:1:6" },
    { "no value", STR_INIT("{\"a\":}"), '{', "file:1:6" },
    { "no key", STR_INIT("{:1}"), '{', "file:1:2" },
    { "a key without quotes", STR_INIT("{a:1}"), '{', "file:1:2" },
    { "a key in single quotes", STR_INIT("{'a':1}"), '{', "file:1:2" },
    { "a number for a key", STR_INIT("{1:1}"), '{', "file:1:2" },
    { "an object for a key", STR_INIT("{{}:1}"), '{', "file:1:2" },
    { "a value that no value begins like", STR_INIT("{\n \"a\": x}"), '{', "file:2:7" },
    { "an item that no value begins like", STR_INIT("[+1]"), '[', "file:1:2" },
    { "a comment", STR_INIT("[ // x\n1]"), '[', "file:1:3" },
    { "a byte order mark", STR_INIT("\xEF\xBB\xBF{}"), '{', "file:1:1" },
    { "broken UTF-8 between the parts", STR_INIT("[1,\xC3]"), '[', "file:1:3" },
    { "broken UTF-8 in a key", STR_INIT("{\"\xC3\":1}"), '{', "file:1:2" },
    { "a raw line break in a key", STR_INIT("{\"a\nb\":1}"), '{', "file:1:3" },
    { "an unknown escape in a key", STR_INIT("{\"\\x\":1}"), '{', "file:1:4" },
    { "a lonely surrogate in a key", STR_INIT("{\"\\ud800\":1}"), '{', "file:1:9" },
    { "a NUL in a key", STR_INIT("{\"\\u0000\":1}"), '{', "file:1:9" },
    { "a key twice", STR_INIT("{\"a\": 1,\n \"a\": 2}"), '{', "file:2:4" },
    { "a key twice, once escaped", STR_INIT("{\"a\":1,\"\\u0061\":2}"), '{', "file:1:15" },
    { "the empty key twice", STR_INIT("{\"\":1,\"\":2}"), '{', "file:1:8" },
    { "a string that is no string, for an object", STR_INIT("\"abc"), '{', "file:1:4" },
    { "a word that is no word, for an array", STR_INIT("nul"), '[', "file:1:3" },
    { "an array that is none, for an object", STR_INIT("[1,]"), '{', "file:1:4" },
};

START_TEST(what_cannot_be_cut_up_is_refused_as_json_load_refuses_it)
{
    struct json_part part = whole(broken[_i].text);
    struct json_parts parts = { NULL, 77 };
    struct why of_whole = why_new(a);
    struct json_doc *doc;
    ck_assert_msg(failed(cut(&part, broken[_i].as, &parts)), "%s", broken[_i].name);
    ck_assert_msg(why.fault == FAULT_JSON_INVALID, "%s", broken[_i].name);
    ck_assert(parts.n == 77 && !parts.items);
    ck_assert(failed(
        json_load(a, &of_whole, STR("file"), broken[_i].text, JSON_DUPLICATES_REFUSED, &doc)));
    want_str(broken[_i].name, why.place, str_of(broken[_i].place));
    want_str(broken[_i].name, why.detail, of_whole.detail);
}
END_TEST

static const struct {
    struct str text;
    char as;
    const char *answer;
} others[] = {
    { STR_INIT("[]"), '{', "file:1:1: $: expected an object, found an array" },
    { STR_INIT("\n \"x\""), '{', "file:2:2: $: expected an object, found a string" },
    { STR_INIT("7"), '{', "file:1:1: $: expected an object, found an integer" },
    { STR_INIT("7.5"), '{', "file:1:1: $: expected an object, found a fractional number" },
    { STR_INIT("true"), '{', "file:1:1: $: expected an object, found a boolean" },
    { STR_INIT("null"), '{', "file:1:1: $: expected an object, found null" },
    { STR_INIT("{}"), '[', "file:1:1: $: expected an array, found an object" },
    { STR_INIT("\"x\""), '[', "file:1:1: $: expected an array, found a string" },
    { STR_INIT("-7"), '[', "file:1:1: $: expected an array, found an integer" },
    { STR_INIT("false"), '[', "file:1:1: $: expected an array, found a boolean" },
    { STR_INIT("null"), '[', "file:1:1: $: expected an array, found null" },
};

START_TEST(another_type_is_refused_by_its_name)
{
    struct json_part part = whole(others[_i].text);
    struct json_parts parts;
    ck_assert(failed(cut(&part, others[_i].as, &parts)));
    ck_assert_int_eq(why.fault, FAULT_CONFIG_INVALID);
    want_str("answer", why_text(&why), str_of(others[_i].answer));
}
END_TEST

/* The part on the way: a key, or "#2" for an item. */
static struct json_part part_at(struct str text, const char *const *way)
{
    struct json_part part = whole(text);
    struct json_parts parts = { 0 };
    for (; *way; way++) {
        size_t i = 0;
        ck_assert(!failed(cut(&part, **way == '#' ? '[' : '{', &parts)));
        if (**way == '#')
            i = (size_t)((*way)[1] - '0');
        else
            while (i < parts.n && !str_eq(parts.items[i].key, str_of(*way)))
                i++;
        ck_assert_uint_lt(i, parts.n);
        part = parts.items[i];
    }
    return part;
}

static const struct {
    const char *name;
    struct str text;
    const char *way[4];
    char as; /* '\0': parsed */
    const char *answer;
} within[] = {
    { "a member of another type",
      STR_INIT("{\n  \"roles\": 7}"),
      { "roles" },
      '[',
      "file:2:12: $.roles: expected an array, found an integer" },
    { "an item of another type",
      STR_INIT("{\"roles\": [{},\n    []]}"),
      { "roles", "#1" },
      '{',
      "file:2:5: $.roles[1]: expected an object, found an array" },
    { "a word that is none",
      STR_INIT("{\"a\": [1,\n  tru]}"),
      { "a", "#1" },
      '\0',
      "file:2:5: not valid JSON: invalid token near 'tru'" },
    { "a comma too many in a part",
      STR_INIT("[ {\"a\": [1,]} ]"),
      { "#0" },
      '\0',
      "file:1:12: not valid JSON: unexpected token near ']'" },
    { "a comma too many in a later line of a part",
      STR_INIT("[ {\"a\":\n [1,]} ]"),
      { "#0" },
      '\0',
      "file:2:5: not valid JSON: unexpected token near ']'" },
    { "a comma too many, found by cutting",
      STR_INIT("{\"\xC3\xA4\": {\"a\": [1,]}}"),
      { "\xC3\xA4", "a" },
      '[',
      "file:1:16: not valid JSON: unexpected token near ']'" },
    { "a NUL byte in a part",
      STR_INIT("{\"a\": [1,\n 2\0]}"),
      { "a", "#1" },
      '\0',
      "file:2:3: not valid JSON: a NUL byte" },
    { "a key twice in a part",
      STR_INIT("[0,\n {\"a\": 1, \"a\": 2}]"),
      { "#1" },
      '{',
      "file:2:13: not valid JSON: duplicate object key near '\"a\"'" },
    { "a key twice in a part, parsed",
      STR_INIT("[0,\n {\"a\": 1, \"a\": 2}]"),
      { "#1" },
      '\0',
      "file:2:13: not valid JSON: duplicate object key near '\"a\"'" },
};

START_TEST(what_is_wrong_with_a_part_is_told_of_the_whole_text)
{
    struct json_part part = part_at(within[_i].text, within[_i].way);
    struct json_parts parts;
    struct json_doc *doc = NULL;
    struct outcome o =
        within[_i].as ? cut(&part, within[_i].as, &parts) : json_part_load(a, &why, &part, &doc);
    ck_assert_msg(failed(o) && !doc, "%s", within[_i].name);
    want_str(within[_i].name, why_text(&why), str_of(within[_i].answer));
}
END_TEST

START_TEST(a_value_in_a_part_is_named_by_its_place_in_the_whole_text)
{
    static const char *const way[] = { "a b", "#1", NULL };
    struct json_part part =
        part_at(STR("{\n \"a b\": [0, {\"x\": [1,\n  {\"y z\": \"\"}]}]}"), way);
    struct json_doc *doc = NULL;
    ck_assert(!failed(json_part_load(a, &why, &part, &doc)));
    struct json_at root = json_at_root(doc), x, item, y;
    ck_assert(json_at_member(&root, "x", &x));
    item = json_at_item(&x, 1);
    ck_assert(json_at_member(&item, "y z", &y));
    want_str("root", json_at_place(a, &root), STR("file:2:13: $[\"a b\"][1]"));
    want_str("same line", json_at_place(a, &x), STR("file:2:19: $[\"a b\"][1].x"));
    want_str("next line", json_at_place(a, &y), STR("file:3:11: $[\"a b\"][1].x[1][\"y z\"]"));
    ck_assert(failed(json_want_i64(&y, &why, &(int64_t){ 0 })));
    want_str("refusal", why_text(&why),
             STR("file:3:11: $[\"a b\"][1].x[1][\"y z\"]: expected an integer, found a string"));
}
END_TEST

START_TEST(the_first_refusal_stays)
{
    struct json_part first = whole(STR("\n[")), second = whole(STR("{"));
    struct json_parts parts;
    ck_assert(failed(cut(&first, '[', &parts)));
    struct str told = why_text(&why);
    ck_assert(failed(cut(&second, '{', &parts)));
    ck_assert(failed(cut(&second, '[', &parts)));
    want_str("answer", why_text(&why), told);
    ck_assert(str_starts(told, STR("file:2:1: ")));
}
END_TEST

/* ---- duplicate keys ---- */

/* n members; the one at `again` has the key of the one at `of`. */
static struct str members(size_t n, size_t of, size_t again)
{
    struct text t = text_new(a, 16 * 1024 * 1024);
    text_putc(&t, '{');
    for (size_t i = 0; i < n; i++)
        text_printf(&t, "%s\"k%zu\":%zu", i ? "," : "", i == again ? of : i, i);
    text_putc(&t, '}');
    return text_str(&t);
}

START_TEST(any_two_equal_keys_are_found_among_few_and_among_many)
{
    struct json_parts parts;
    for (size_t n = 2; n < 32; n++)
        for (size_t again = 1; again < n; again++)
            for (size_t of = 0; of < again; of++) {
                struct json_part part = json_part_whole(a, STR("file"), members(n, of, again));
                why = why_new(a);
                WANT(failed(cut(&part, '{', &parts)), "%zu keys, %zu as %zu", n, again, of);
                WANT(str_contains(why.detail, STR("duplicate object key")), "%s", why.detail.p);
            }
}
END_TEST

START_TEST(many_members_do_not_take_long)
{
    enum { MANY = 100000 }; /* compared each with each they take minutes */
    struct json_parts parts;
    struct json_part part = whole(members(MANY, 0, MANY));
    ck_assert(!failed(cut(&part, '{', &parts)));
    ck_assert_uint_eq(parts.n, MANY);
    for (size_t i = 0; i < MANY; i++)
        WANT(str_eq(parts.items[i].text, arena_printf(a, "%zu", i)), "%zu", i);
    part = whole(members(MANY, 7, MANY - 1));
    ck_assert(failed(cut(&part, '{', &parts)));
}
END_TEST

/* ---- depth ---- */

static struct str nested(size_t levels, const char *open, const char *close)
{
    struct text t = text_new(a, 1024 * 1024);
    for (size_t i = 0; i < levels; i++)
        text_put(&t, str_of(open));
    text_putc(&t, '0');
    for (size_t i = 0; i < levels; i++)
        text_put(&t, str_of(close));
    return text_str(&t);
}

static const char *const ways[][2] = { { "[", "]" }, { "{\"k\":", "}" } };

START_TEST(sixty_four_levels_are_cut_up_and_one_more_is_not)
{
    struct json_part part = whole(nested(64, ways[_i][0], ways[_i][1]));
    struct json_parts parts;
    struct json_doc *doc;
    for (size_t level = 0; level < 64; level++) {
        ck_assert_uint_eq(part.depth, level);
        ck_assert(!failed(json_part_load(a, &why, &part, &doc)));
        ck_assert(!failed(cut(&part, *ways[_i][0], &parts)));
        part = parts.items[0];
    }
    want_str("innermost", part.text, STR("0"));
    part = whole(nested(65, ways[_i][0], ways[_i][1]));
    ck_assert(failed(cut(&part, *ways[_i][0], &parts)));
    ck_assert_int_eq(why.fault, FAULT_JSON_TOO_DEEP);
    want_str("place", why.place, _i ? STR("file:1:321") : STR("file:1:65"));
}
END_TEST

START_TEST(the_depth_of_a_part_counts_from_the_root)
{
    struct json_part part = whole(nested(2, ways[_i][0], ways[_i][1]));
    struct json_parts parts;
    struct json_doc *doc;
    part.depth = 62;
    ck_assert(!failed(json_part_load(a, &why, &part, &doc)));
    ck_assert(!failed(cut(&part, *ways[_i][0], &parts)));
    for (part.depth = 63; part.depth < 66; part.depth++) {
        why = why_new(a);
        ck_assert(failed(json_part_load(a, &why, &part, &doc)));
        ck_assert_int_eq(why.fault, FAULT_JSON_TOO_DEEP);
        why = why_new(a);
        ck_assert(failed(cut(&part, *ways[_i][0], &parts)));
        ck_assert_int_eq(why.fault, FAULT_JSON_TOO_DEEP);
    }
}
END_TEST

START_TEST(a_hundred_thousand_levels_do_no_harm)
{
    struct json_part part = whole(nested(100000, "[", ""));
    struct json_parts parts;
    ck_assert(failed(cut(&part, '[', &parts)));
    ck_assert_int_eq(why.fault, FAULT_JSON_TOO_DEEP);
}
END_TEST

/* ---- the parts are the whole: json_load is the oracle ---- */

static struct entropy chance;

static size_t below(size_t n)
{
    uint32_t bytes;
    entropy_fill(&chance, &bytes, sizeof bytes);
    return bytes % n;
}

static const char *one_of(const char *const *choices, size_t n)
{
    return choices[below(n)];
}
#define ONE_OF(...)                              \
    one_of((const char *const[]){ __VA_ARGS__ }, \
           sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static void put_blank(struct text *t)
{
    text_put(t, str_of(ONE_OF("", "", "", " ", "\n", "\t", "\r\n  ", "\n\n ")));
}

static void put_string(struct text *t)
{
    text_putc(t, '"');
    for (size_t n = below(4); n; n--)
        text_put(t, str_of(ONE_OF("a", "b", "\xC3\xA4", "\xF0\x9F\x98\x80", "\\\"", "\\\\", "\\n",
                                  "\\u0061", "\\ud83d\\ude00", "{", "}", "[", "]", ",", ":", " ")));
    text_putc(t, '"');
}

static void put_value(struct text *t, size_t depth)
{
    size_t kind = below(depth ? 5 : 3);
    bool object = kind == 4;
    if (kind == 0)
        put_string(t);
    else if (kind < 3)
        text_put(t, str_of(ONE_OF("0", "-1", "2.5e-3", "true", "false", "null", "{}", "[]")));
    if (kind < 3)
        return;
    text_putc(t, object ? '{' : '[');
    put_blank(t);
    for (size_t n = below(5); n; n--) {
        if (object) {
            put_string(t);
            put_blank(t);
            text_putc(t, ':');
            put_blank(t);
        }
        put_value(t, depth - 1);
        put_blank(t);
        if (n > 1) {
            text_putc(t, ',');
            put_blank(t);
        }
    }
    text_putc(t, object ? '}' : ']');
}

/* One byte gone, doubled, or another. */
static struct str damaged(struct str text)
{
    size_t i = below(text.n);
    struct str byte = str_of(ONE_OF("", "", "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "x",
                                    "\xC3", "\x01", "1", " "));
    return arena_join(a, str_sub(text, 0, i), byte, str_sub(text, i + below(2), text.n));
}

START_TEST(the_parts_of_a_text_are_the_values_json_load_finds)
{
    static const char *const texts[] = {
        "{\"roles\":[{\"name\":\"a\"},\n{\"b\" : [true,\n[ -1e3 , \"}]\\\"\" , {\"x\":{}} ]]}\n]}",
        "[[[[]]],{\"a\":{\"a\":{\"a\":[]}}}]",
        " \n [ ] ",
        "\"\\u0061\"",
        "[12345678901234567890]",
        "[1e999]",
        "[1.]",
        "[\"\\u0000\"]",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        want_str(texts[i], parts_differ(a, guarded(str_of(texts[i])), SIZE_MAX), STR(""));
}
END_TEST

START_TEST(the_parts_of_any_text_are_the_values_json_load_finds)
{
    enum { TEXTS = 150, DAMAGES = 6 };
    size_t taken = 0, refused = 0;
    entropy_init_seeded(&chance, (uint64_t)_i + 1);
    for (size_t i = 0; i < TEXTS; i++) {
        struct text t = text_new(a, 1024 * 1024);
        put_blank(&t);
        put_value(&t, 4);
        struct str text = text_str(&t);
        for (size_t d = 0; d < DAMAGES && text.n; d++, text = damaged(text)) {
            struct why unsaid = why_new(a);
            struct json_doc *doc;
            struct str differs = parts_differ(a, d ? text : guarded(text), 2000);
            WANT(!differs.n, "%.*s\n%.*s", STR_ARG(differs), STR_ARG(text));
            bool bad =
                failed(json_load(a, &unsaid, STR("file"), text, JSON_DUPLICATES_REFUSED, &doc));
            *(bad ? &refused : &taken) += 1;
        }
    }
    ck_assert_uint_gt(taken, TEXTS / 2);
    ck_assert_uint_gt(refused, TEXTS / 2);
}
END_TEST

/* ---- lines and columns ---- */

static struct json_anchor slowly(struct str text, size_t offset)
{
    struct json_anchor at = { offset, 1, 1 };
    for (size_t i = 0; i < offset; i++) {
        at.column += ((unsigned char)text.p[i] & 0xC0) != 0x80;
        if (text.p[i] == '\n') {
            at.line++;
            at.column = 1;
        }
    }
    return at;
}

START_TEST(lines_and_characters_are_counted_from_any_byte_to_any_other)
{
    entropy_init_seeded(&chance, 5);
    struct text t = text_new(a, 4096);
    while (t.n < 200)
        text_put(&t, str_of(ONE_OF("a", "bc", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                   "\x80\xBF\xFF\x7F", "a long run of letters", "\n", "\n\n")));
    struct str text = guarded(text_str(&t));
    for (size_t from = 0; from <= text.n; from++)
        for (size_t to = from; to <= text.n; to++) {
            struct json_anchor got = slowly(text, from), wanted = slowly(text, to);
            json_anchor_move(&got, text, to);
            WANT(got.offset == wanted.offset && got.line == wanted.line &&
                     got.column == wanted.column,
                 "%zu to %zu: %zu:%zu", from, to, got.line, got.column);
        }
}
END_TEST

#define ROWS(test, rows) tcase_add_loop_test(t, test, 0, sizeof(rows) / sizeof(rows)[0])

Suite *json_parts_suite(void)
{
    Suite *s = suite_create("json_parts");
    TCase *t = tcase_create("json_parts");
    tcase_add_checked_fixture(t, setup, teardown);
    ROWS(a_whole_text_is_a_part, wholes);
    ROWS(a_text_is_cut_up, cuts);
    ROWS(what_cannot_be_cut_up_is_refused_as_json_load_refuses_it, broken);
    ROWS(another_type_is_refused_by_its_name, others);
    ROWS(what_is_wrong_with_a_part_is_told_of_the_whole_text, within);
    tcase_add_test(t, a_value_in_a_part_is_named_by_its_place_in_the_whole_text);
    tcase_add_test(t, the_first_refusal_stays);
    tcase_add_test(t, any_two_equal_keys_are_found_among_few_and_among_many);
    tcase_add_test(t, many_members_do_not_take_long);
    ROWS(sixty_four_levels_are_cut_up_and_one_more_is_not, ways);
    ROWS(the_depth_of_a_part_counts_from_the_root, ways);
    tcase_add_test(t, a_hundred_thousand_levels_do_no_harm);
    tcase_add_test(t, the_parts_of_a_text_are_the_values_json_load_finds);
    tcase_add_loop_test(t, the_parts_of_any_text_are_the_values_json_load_finds, 0, 4);
    tcase_add_test(t, lines_and_characters_are_counted_from_any_byte_to_any_other);
    suite_add_tcase(s, t);
    return s;
}
