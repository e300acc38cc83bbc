#include "base/json_parse.h"

#include "base/embed.h"
#include "base/entropy.h"
#include "base/text.h"
#include "tests/support/guard.h"
#include "tests/support/json_oracle.h"
#include "tests/support/runner.h"

Suite *json_parse_suite(void);

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

/* A copy that ends where an unreadable page begins; gone with the next one. */
static struct str at_edge(struct str s)
{
    enum { EDGE_BYTES = 512 * 1024 };
    static struct str edge;
    if (!edge.n) {
        char *blank = calloc(1, EDGE_BYTES);
        edge = guarded(str_n(blank, EDGE_BYTES));
        free(blank);
    }
    WANT(s.n <= edge.n, "%zu bytes", s.n);
    char *p = (char *)(uintptr_t)edge.p + edge.n - s.n;
    if (s.n)
        memmove(p, s.p, s.n);
    return str_n(p, s.n);
}

/* Both ways with duplicates; whether the text is taken where they are refused. */
static bool agreed(struct str text, size_t levels)
{
    bool strict, loose;
    struct str edge = at_edge(text);
    const char *differs = json_oracle_differs(edge, JSON_DUPLICATES_REFUSED, levels, &strict);
    WANT(!differs, "%s: %.*s", differs, STR_ARG(text));
    differs = json_oracle_differs(edge, JSON_LAST_WINS, levels, &loose);
    WANT(!differs, "%s, of duplicates the last: %.*s", differs, STR_ARG(text));
    return strict;
}

/* ---- named texts ---- */

enum taken { REFUSED, LAST_WINS /* only where duplicates are let pass */, TAKEN };

static const struct {
    const char *name;
    struct str text;
    enum taken taken;
} texts[] = {
    { "an empty object", STR_INIT("{}"), TAKEN },
    { "an empty array", STR_INIT("[]"), TAKEN },
    { "blanks everywhere",
      STR_INIT(" \t\r\n{ \"a\"\t:\r\n[ 1 ,\n\n2 ] , \"b\" : { } , \"c\" : [ ] } \n"), TAKEN },
    { "no blank anywhere", STR_INIT("{\"a\":[1,-2,true,null,\"x\",{}],\"b\":false}"), TAKEN },
    { "members out of order", STR_INIT("{\"z\":1,\"a\":2,\"m\":3,\"b\":4,\"\":5}"), TAKEN },
    { "a string alone", STR_INIT("\"x\""), TAKEN },
    { "an empty string", STR_INIT("\"\""), TAKEN },
    { "true alone", STR_INIT("true"), TAKEN },
    { "false alone", STR_INIT("false"), TAKEN },
    { "null alone", STR_INIT("null"), TAKEN },
    { "nothing", { NULL, 0 }, REFUSED },
    { "blanks only", STR_INIT(" \n\t\r"), REFUSED },
    { "a form feed for a blank", STR_INIT("\f[]"), REFUSED },
    { "a vertical tab for a blank", STR_INIT("[\v]"), REFUSED },
    { "a no-break space for a blank", STR_INIT("[\xC2\xA0]"), REFUSED },
    { "a byte order mark", STR_INIT("\xEF\xBB\xBF{}"), REFUSED },
    { "two values", STR_INIT("1 2"), REFUSED },
    { "two objects", STR_INIT("{}{}"), REFUSED },
    { "a comma behind it", STR_INIT("{},"), REFUSED },
    { "a bracket behind it", STR_INIT("[]]"), REFUSED },
    { "a NUL byte behind it", STR_INIT("{}\0"), REFUSED },
    { "a NUL byte before it", STR_INIT("\0{}"), REFUSED },
    { "a NUL byte behind an integer", STR_INIT("[1\0]"), REFUSED },
    { "a NUL byte behind a fraction", STR_INIT("[1.5\0]"), REFUSED },
    { "a NUL byte behind an exponent", STR_INIT("[1e5\0,2]"), REFUSED },
    { "a NUL byte behind a word", STR_INIT("[true\0]"), REFUSED },
    { "a NUL byte in a string", STR_INIT("\"a\0b\""), REFUSED },
    { "a comment", STR_INIT("[] // x"), REFUSED },
    { "a comment within", STR_INIT("[/**/]"), REFUSED },
    { "single quotes", STR_INIT("['a']"), REFUSED },

    { "an array unended", STR_INIT("["), REFUSED },
    { "an array unended behind an item", STR_INIT("[1"), REFUSED },
    { "an array unended behind a comma", STR_INIT("[1,"), REFUSED },
    { "an object unended", STR_INIT("{"), REFUSED },
    { "an object unended behind a key", STR_INIT("{\"a\""), REFUSED },
    { "an object unended behind a colon", STR_INIT("{\"a\":"), REFUSED },
    { "an object unended behind a value", STR_INIT("{\"a\":1"), REFUSED },
    { "an object unended behind a comma", STR_INIT("{\"a\":1,"), REFUSED },
    { "a comma too many in an array", STR_INIT("[1,]"), REFUSED },
    { "a comma too many in an object", STR_INIT("{\"a\":1,}"), REFUSED },
    { "a comma first in an array", STR_INIT("[,1]"), REFUSED },
    { "a comma first in an object", STR_INIT("{,\"a\":1}"), REFUSED },
    { "a comma alone", STR_INIT("[,]"), REFUSED },
    { "two commas", STR_INIT("[1,,2]"), REFUSED },
    { "a comma too few in an array", STR_INIT("[1 2]"), REFUSED },
    { "a comma too few in an object", STR_INIT("{\"a\":1 \"b\":2}"), REFUSED },
    { "a colon too few", STR_INIT("{\"a\" 1}"), REFUSED },
    { "a colon too many", STR_INIT("{\"a\"::1}"), REFUSED },
    { "a colon for a comma", STR_INIT("[1:2]"), REFUSED },
    { "a comma for a colon", STR_INIT("{\"a\",1}"), REFUSED },
    { "no value", STR_INIT("{\"a\":}"), REFUSED },
    { "no key", STR_INIT("{:1}"), REFUSED },
    { "a number for a key", STR_INIT("{1:1}"), REFUSED },
    { "a word for a key", STR_INIT("{null:1}"), REFUSED },
    { "a key without quotes", STR_INIT("{a:1}"), REFUSED },
    { "an array ended as an object", STR_INIT("[1}"), REFUSED },
    { "an object ended as an array", STR_INIT("{\"a\":1]"), REFUSED },
    { "brackets that cross", STR_INIT("[{]}"), REFUSED },
    { "a closing bracket alone", STR_INIT("]"), REFUSED },

    { "a word too short", STR_INIT("tru"), REFUSED },
    { "a word too long", STR_INIT("truee"), REFUSED },
    { "two words in one", STR_INIT("[truefalse]"), REFUSED },
    { "a word in capitals", STR_INIT("True"), REFUSED },
    { "a word that ends otherwise", STR_INIT("[falze]"), REFUSED },
    { "null too short, in an array", STR_INIT("[nul]"), REFUSED },
    { "a word behind a word", STR_INIT("[null null]"), REFUSED },
    { "not a number", STR_INIT("NaN"), REFUSED },
    { "infinity", STR_INIT("[-Infinity]"), REFUSED },

    { "integers", STR_INIT("[0,-0,1,-1,10,1234567890]"), TAKEN },
    { "the largest integer", STR_INIT("9223372036854775807"), TAKEN },
    { "the smallest integer", STR_INIT("-9223372036854775808"), TAKEN },
    { "one more than the largest", STR_INIT("9223372036854775808"), REFUSED },
    { "one less than the smallest", STR_INIT("-9223372036854775809"), REFUSED },
    { "twice 64 bits", STR_INIT("[36893488147419103232]"), REFUSED },
    { "a digit more than any integer", STR_INIT("[10000000000000000000]"), REFUSED },
    { "a leading zero", STR_INIT("01"), REFUSED },
    { "a leading zero below zero", STR_INIT("-01"), REFUSED },
    { "two zeros", STR_INIT("[00]"), REFUSED },
    { "a leading zero before a fraction", STR_INIT("00.5"), REFUSED },
    { "a minus alone", STR_INIT("-"), REFUSED },
    { "a minus alone in an array", STR_INIT("[-]"), REFUSED },
    { "two minus signs", STR_INIT("--1"), REFUSED },
    { "a minus apart", STR_INIT("- 1"), REFUSED },
    { "a plus", STR_INIT("+1"), REFUSED },
    { "hexadecimal", STR_INIT("0x10"), REFUSED },
    { "a digit group", STR_INIT("1_000"), REFUSED },
    { "full-width digits", STR_INIT("\xEF\xBC\x91"), REFUSED },
    { "fractions", STR_INIT("[0.5,-0.0,1.0,3.141592653589793,0.1,1.25e-3]"), TAKEN },
    { "exponents", STR_INIT("[1e0,1E5,1e+5,1e-5,-2E-10,0e0,1.5E+300]"), TAKEN },
    { "an integer with an exponent is a fraction", STR_INIT("[1e2]"), TAKEN },
    { "the largest double", STR_INIT("1.7976931348623157e308"), TAKEN },
    { "over the largest double", STR_INIT("[1e309]"), REFUSED },
    { "under the smallest double", STR_INIT("[-1e309]"), REFUSED },
    { "less than any double", STR_INIT("[1e-400,-1e-400,5e-324]"), TAKEN },
    { "an exponent of many digits", STR_INIT("[1e00000000000000000000000000000000005]"), TAKEN },
    { "no digit behind the point", STR_INIT("1."), REFUSED },
    { "no digit between point and exponent", STR_INIT("1.e5"), REFUSED },
    { "no digit before the point", STR_INIT(".5"), REFUSED },
    { "no digit between minus and point", STR_INIT("-.5"), REFUSED },
    { "no digit in the exponent", STR_INIT("1e"), REFUSED },
    { "only a sign in the exponent", STR_INIT("[1e+]"), REFUSED },
    { "two signs in the exponent", STR_INIT("[1e+-5]"), REFUSED },
    { "two points", STR_INIT("1.5.5"), REFUSED },
    { "two exponents", STR_INIT("1e5e5"), REFUSED },
    { "a fraction in the exponent", STR_INIT("1e5.5"), REFUSED },
    { "a difference", STR_INIT("1.5-3"), REFUSED },
    { "a difference of integers", STR_INIT("[5-3]"), REFUSED },
    { "a comma for a point", STR_INIT("1,5"), REFUSED },
    { "an exponent alone", STR_INIT("e5"), REFUSED },
    { "a letter behind a number", STR_INIT("[1x]"), REFUSED },
    { "a string behind a number", STR_INIT("[1\"x\"]"), REFUSED },

    { "every short escape", STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), TAKEN },
    { "escapes among text", STR_INIT("[\"a\\\"b\",\"\\\\\",\"c\\\\\\\"\",\"\\n\\nd\"]"), TAKEN },
    { "hexadecimal escapes", STR_INIT("\"\\u0001\\u001F\\u0041\\u00e9\\u20AC\\uFFff\""), TAKEN },
    { "a surrogate pair", STR_INIT("\"x\\ud83d\\ude00y\""), TAKEN },
    { "the first and the last pair", STR_INIT("\"\\uD800\\uDC00\\uDBFF\\uDFFF\""), TAKEN },
    { "characters that are none of Unicode's", STR_INIT("\"\\uFFFE\\uFFFF\\ufdd0\""), TAKEN },
    { "keys with escapes", STR_INIT("{\"a\\n\\\"b\":1,\"\\u00e9\":2,\"\\/\":\"\\/\"}"), TAKEN },
    { "escapes in the keys above", STR_INIT("{\"\\na\":{\"\\tb\":{\"\\fc\":\"\\rd\"},\"e\":0}}"),
      TAKEN },
    { "NUL escaped", STR_INIT("\"\\u0000\""), REFUSED },
    { "NUL escaped in a key", STR_INIT("{\"a\\u0000\":1}"), REFUSED },
    { "NUL escaped in text", STR_INIT("[\"a\\u0000b\"]"), REFUSED },
    { "a high surrogate alone", STR_INIT("\"\\ud83d\""), REFUSED },
    { "a high surrogate before text", STR_INIT("\"\\ud83dxxxxxx\""), REFUSED },
    { "a high surrogate before an escape", STR_INIT("\"\\ud83d\\n\\u0041\""), REFUSED },
    { "a high surrogate before a letter", STR_INIT("\"\\ud83d\\u0041\""), REFUSED },
    { "two high surrogates", STR_INIT("\"\\ud83d\\ud83d\""), REFUSED },
    { "a low surrogate alone", STR_INIT("\"\\ude00\""), REFUSED },
    { "a pair turned around", STR_INIT("\"\\ude00\\ud83d\""), REFUSED },
    { "half a pair, cut", STR_INIT("\"\\ud83d\\ude0\""), REFUSED },
    { "an unknown escape", STR_INIT("\"\\x41\""), REFUSED },
    { "an escaped quote of the other kind", STR_INIT("\"\\'\""), REFUSED },
    { "an escape in capitals", STR_INIT("\"\\N\""), REFUSED },
    { "a capital U", STR_INIT("\"\\U0041\""), REFUSED },
    { "an octal escape", STR_INIT("\"\\0\""), REFUSED },
    { "an escaped line break", STR_INIT("\"\\\n\""), REFUSED },
    { "an escaped character of two bytes", STR_INIT("\"\\\xC3\xA9\""), REFUSED },
    { "too few hexadecimal digits", STR_INIT("\"\\u004\""), REFUSED },
    { "no hexadecimal digit", STR_INIT("\"\\u00g0\""), REFUSED },
    { "a sign for a hexadecimal digit", STR_INIT("\"\\u+041\""), REFUSED },
    { "a blank for a hexadecimal digit", STR_INIT("\"\\u 041\""), REFUSED },
    { "a string unended", STR_INIT("\"abc"), REFUSED },
    { "a string unended by an escape", STR_INIT("\"abc\\\""), REFUSED },
    { "a string unended in an escape", STR_INIT("\"abc\\"), REFUSED },
    { "a string unended in a hexadecimal escape", STR_INIT("\"\\u00"), REFUSED },
    { "a line break in a string", STR_INIT("\"a\nb\""), REFUSED },
    { "a tab in a string", STR_INIT("[\"\t\"]"), REFUSED },
    { "a control character behind an escape", STR_INIT("\"\\n\x01\""), REFUSED },
    { "a control character behind eight letters", STR_INIT("\"abcdefgh\x1F\""), REFUSED },
    { "a line break in a key", STR_INIT("{\"a\n\":1}"), REFUSED },
    { "DEL in a string", STR_INIT("\"\x7F\""), TAKEN },

    { "characters of two to four bytes", STR_INIT("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""),
      TAKEN },
    { "the same behind eight letters", STR_INIT("[\"abcdefgh\xC3\xA9\xE2\x82\xAC\"]"), TAKEN },
    { "the same in a key", STR_INIT("{\"\xC3\xA9\":\"\xF0\x9F\x98\x80\\n\xC3\xA9\"}"), TAKEN },
    { "the last character", STR_INIT("\"\xF4\x8F\xBF\xBF\""), TAKEN },
    { "one behind the last character", STR_INIT("\"\xF4\x90\x80\x80\""), REFUSED },
    { "a byte that continues nothing", STR_INIT("\"\x80\""), REFUSED },
    { "a character cut by the quote", STR_INIT("\"\xE2\x82\""), REFUSED },
    { "a character cut by an escape", STR_INIT("\"\xE2\\u0082\xAC\""), REFUSED },
    { "a character cut by the end", STR_INIT("\"\xC3"), REFUSED },
    { "an overlong form", STR_INIT("\"\xC0\xAF\""), REFUSED },
    { "an overlong form of three bytes", STR_INIT("\"\xE0\x9F\xBF\""), REFUSED },
    { "a surrogate in UTF-8", STR_INIT("\"\xED\xA0\x80\""), REFUSED },
    { "a pair in UTF-8", STR_INIT("\"\xED\xA0\xBD\xED\xB8\x80\""), REFUSED },
    { "Latin-1", STR_INIT("\"caf\xE9\""), REFUSED },
    { "broken UTF-8 behind an escape", STR_INIT("\"\\n\xFF\""), REFUSED },
    { "broken UTF-8 in a key", STR_INIT("{\"\xFF\":1}"), REFUSED },
    { "broken UTF-8 between values", STR_INIT("[1\xFF,2]"), REFUSED },

    { "a member twice", STR_INIT("{\"a\":1,\"b\":2,\"a\":3}"), LAST_WINS },
    { "a member twice, once escaped", STR_INIT("{\"a\":1,\"\\u0061\":[2]}"), LAST_WINS },
    { "the empty key twice", STR_INIT("{\"\":1,\"\":1}"), LAST_WINS },
    { "a member twice in a member twice", STR_INIT("{\"a\":{\"b\":1,\"b\":2},\"a\":3}"),
      LAST_WINS },
    { "a member twice, deep", STR_INIT("[[{\"x\":[{\"k\":null,\"k\":null}]}]]"), LAST_WINS },
    { "a member twice, the second no value", STR_INIT("{\"a\":1,\"a\":x}"), REFUSED },
    { "the same key at two levels", STR_INIT("{\"a\":{\"a\":1},\"b\":{\"a\":2}}"), TAKEN },
    { "keys that differ in case or in length", STR_INIT("{\"a\":1,\"A\":2,\"aa\":3}"), TAKEN },
};

START_TEST(takes_what_jansson_takes)
{
    bool strict, loose;
    const char *name = texts[_i].name;
    struct str text = texts[_i].text.p ? guarded(texts[_i].text) : texts[_i].text;
    const char *differs = json_oracle_differs(text, JSON_DUPLICATES_REFUSED, 64, &strict);
    ck_assert_msg(!differs, "%s: %s", name, differs);
    differs = json_oracle_differs(text, JSON_LAST_WINS, 64, &loose);
    ck_assert_msg(!differs, "%s, of duplicates the last: %s", name, differs);
    ck_assert_msg(strict == (texts[_i].taken == TAKEN), "%s", name);
    ck_assert_msg(loose == (texts[_i].taken != REFUSED), "%s, of duplicates the last", name);
}
END_TEST

START_TEST(no_beginning_of_a_text_is_taken_for_more_than_it_is)
{
    struct str text = texts[_i].text;
    for (size_t n = 0; n <= text.n; n++) {
        agreed(str_sub(text, 0, n), 64);
        agreed(arena_join(a, STR("["), str_sub(text, 0, n), STR("]")), 64);
        agreed(arena_join(a, STR("{\"\\n\":"), str_sub(text, 0, n)), 64);
    }
}
END_TEST

/* Line and column as jansson tells them, the message too. */
START_TEST(a_refusal_is_told_in_jansson_s_words)
{
    struct why why = why_new(a);
    struct str text = texts[_i].text;
    struct json_doc *doc = NULL;
    json_error_t error;
    bool bad = failed(json_load(a, &why, STR("x"), text, JSON_DUPLICATES_REFUSED, &doc));
    ck_assert_msg(bad == (texts[_i].taken != TAKEN), "%s", texts[_i].name);
    if (!bad || str_find(text, '\0') < text.n)
        return;
    ck_assert_ptr_null(
        json_loadb(text.n ? text.p : "", text.n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error));
    want_str(texts[_i].name, why.detail, arena_printf(a, "not valid JSON: %s", error.text));
    want_str(texts[_i].name, why.place,
             arena_printf(a, "x:%d:%d", error.line, error.column ? error.column : 1));
    ck_assert_ptr_null(doc);
}
END_TEST

START_TEST(every_file_we_ship_is_read_as_jansson_reads_it)
{
    const struct embedded *sets[] = { issuer_profile_files, scenario_world_files, schema_files };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        for (const struct embedded *f = sets[i]; f->name; f++)
            ck_assert_msg(agreed(str_n(f->p, f->n), 64), "%s", f->name);
}
END_TEST

/* ---- every text of few characters ---- */

static const struct {
    const char *characters, *before, *behind;
    size_t n;
} small[] = {
    { "{}[]:,\"1", "", "", 5 },
    { "[]{},: \"", "[", "]", 4 },
    { "-+01.eE,", "", "", 5 },
    { "-0129.e]", "[", "", 5 },
    { "\\\"unq/ \x01", "\"", "\"", 5 },
    { "\\u0d8c", "\"\\u", "\"", 5 },
    { "\\ud8c0", "\"\\ud8", "\\udc00\"", 5 },
    { "/09:@AFG`afg", "\"\\u0", "1\"", 2 }, /* the first and last hexadecimal digits, and beside */
    { "truefalsn", "", "", 5 },
    { "ab\\n:\",1", "{\"a\":1,\"", "\":2}", 5 },
};

START_TEST(every_text_of_few_characters_is_read_as_jansson_reads_it)
{
    struct str before = str_of(small[_i].before), behind = str_of(small[_i].behind);
    size_t base = strlen(small[_i].characters), count = 1, taken = 0, refused = 0;
    char text[32];
    memcpy(text, before.p, before.n);
    for (size_t n = 0; n <= small[_i].n; n++, count *= base)
        for (size_t i = 0; i < count; i++) {
            char *p = text + before.n;
            for (size_t rest = i, k = 0; k < n; k++, rest /= base)
                *p++ = small[_i].characters[rest % base];
            memcpy(p, behind.p, behind.n);
            bool is = agreed(str_n(text, before.n + n + behind.n), 64);
            *(is ? &taken : &refused) += 1;
        }
    ck_assert_uint_gt(taken, 0);
    ck_assert_uint_gt(refused, 0);
}
END_TEST

/* ---- bytes of strings ---- */

/* Seventeen letters: two words of eight and a byte; the string, and the key. */
START_TEST(every_byte_at_every_place_of_a_string_is_read_as_jansson_reads_it)
{
    static const char letters[] = "abcdefghijklmnopq";
    for (size_t n = 1; n < sizeof letters; n++)
        for (size_t at = 0; at < n; at++)
            for (int byte = 0; byte < 256; byte++) {
                char text[64] = "{\"", *p = text + 2;
                memcpy(p, letters, n);
                p[at] = (char)byte;
                memcpy(p + n, "\":0}", 4);
                bool key = agreed(str_n(text, n + 6), 64);
                text[1] = '[';
                text[0] = ' ';
                memmove(p + 1, p, n);
                *p = '"';
                memcpy(p + 1 + n, "\"]", 2);
                WANT(agreed(str_n(text, n + 5), 64) == key, "%.*s", (int)n + 5, text);
                WANT(byte == '\\' || key == (byte >= 0x20 && byte < 0x80 && byte != '"'),
                     "0x%x at %zu of %zu", (unsigned)byte, at, n);
            }
}
END_TEST

START_TEST(every_two_bytes_of_a_string_are_read_as_jansson_reads_them)
{
    size_t taken = 0;
    for (unsigned i = 0; i <= 0xFFFF; i++) {
        const char text[] = { '"', (char)(i >> 8), (char)(i & 0xFF), '"' };
        taken += agreed(str_n(text, sizeof text), 64);
    }
    /* 94 plain bytes, one followed by another; eight short escapes; characters of two bytes */
    ck_assert_uint_eq(taken, 94 * 94 + 8 + (0xDF - 0xC1) * 64);
}
END_TEST

START_TEST(up_to_four_bytes_at_the_edges_of_utf8_are_read_as_jansson_reads_them)
{
    static const char edges[] = "a\x7F\x80\x8F\x90\x9F\xA0\xBF\xC1\xC2\xDF\xE0\xED\xEF\xF0\xF4\xF5";
    enum { EDGES = sizeof edges - 1 };
    size_t taken = 0;
    for (size_t i = 0; i < EDGES * EDGES * EDGES * EDGES; i++) {
        const char text[] = { '"',
                              edges[i % EDGES],
                              edges[i / EDGES % EDGES],
                              edges[i / EDGES / EDGES % EDGES],
                              edges[i / EDGES / EDGES / EDGES],
                              '"' };
        taken += agreed(str_n(text, sizeof text), 64);
    }
    ck_assert_uint_gt(taken, 16);
}
END_TEST

/* Four thousand of them a round; in pairs the surrogates, what is beside them, and a few others. */
START_TEST(every_hexadecimal_escape_is_read_as_jansson_reads_it)
{
    for (int i = _i * 0x1000; i < (_i + 1) * 0x1000; i++) {
        struct str unit = arena_printf(a, i & 1 ? "\\u%04x" : "\\u%04X", (unsigned)i);
        bool is = agreed(arena_join(a, STR("\""), unit, STR("\"")), 64);
        WANT(is == (i && !(i >= 0xD800 && i <= 0xDFFF)), "%.*s", STR_ARG(unit));
        if (i % 64 && (i < 0xD7F0 || i > 0xE00F))
            continue;
        agreed(arena_join(a, STR("{\""), unit, STR("\":1}")), 64);
        bool low = agreed(arena_join(a, STR("\"\\ud9ab"), unit, STR("\"")), 64);
        WANT(low == (i >= 0xDC00 && i <= 0xDFFF), "%.*s", STR_ARG(unit));
        bool high = agreed(arena_join(a, STR("\""), unit, STR("\\udeEF\"")), 64);
        WANT(high == (i >= 0xD800 && i <= 0xDBFF), "%.*s", STR_ARG(unit));
    }
}
END_TEST

/* ---- sizes ---- */

static struct str repeated(struct str s, size_t times)
{
    struct text t = text_new(a, 1024 * 1024);
    while (times--)
        text_put(&t, s);
    return text_str(&t);
}

START_TEST(texts_of_any_length_are_taken)
{
    static const size_t lengths[] = { 1, 7, 8, 9, 255, 256, 257, 511, 512, 513, 5000, 20000 };
    size_t n = lengths[_i];
    static const char *const characters[] = { "x", "\\n", "\xC3\xA9", "\\u20ac" };
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        struct str long_one = repeated(str_of(characters[i]), n);
        ck_assert(agreed(arena_join(a, STR("\""), long_one, STR("\"")), 64));
        ck_assert(agreed(arena_join(a, STR("{\""), long_one, STR("\":1}")), 64));
        ck_assert(agreed(arena_join(a, STR("{\""), long_one, STR("\":\""), long_one,
                                    STR("x\\t\",\"k\\n\":{\"\\\\"), long_one, STR("\":1}}")),
                         64));
        ck_assert(!agreed(arena_join(a, STR("\""), long_one, STR("\x01\"")), 64));
    }
    struct str ones = repeated(STR("1"), n);
    ck_assert(agreed(arena_join(a, STR("["), ones, STR("]")), 64) == (n < 19));
    ck_assert(agreed(arena_join(a, STR("[0."), ones, STR("]")), 64));
    ck_assert(agreed(arena_join(a, STR("["), ones, STR(".5]")), 64) == (n < 309));
    ck_assert(agreed(arena_join(a, STR("[0"), repeated(STR(",0"), n), STR("]")), 64));
    ck_assert(
        agreed(arena_join(a, repeated(STR(" \n"), n), STR("[]"), repeated(STR("\t"), n)), 64));
}
END_TEST

START_TEST(objects_of_many_members_keep_their_order)
{
    struct text t = text_new(a, 1024 * 1024);
    for (int i = 0; i < 5000; i++)
        text_printf(&t, "%s\"k%d\":%d", i ? "," : "{", i * 7919 % 5000, i);
    ck_assert(agreed(arena_join(a, text_str(&t), STR("}")), 64));
    ck_assert(!agreed(arena_join(a, text_str(&t), STR(",\"k0\":0}")), 64));
}
END_TEST

static const char *const nests[][3] = {
    { "[", "]", "" },
    { "{\"k\":", "}", "1" },
    { "[\"]\\\"}\", ", "]", "0" }, /* brackets in strings are text */
    { "{\"\\u007B\":0,\"a\":", "}", "\"[[[\"" },
};

START_TEST(as_many_levels_are_taken_as_may_be_nested)
{
    for (size_t levels = 0; levels <= 66; levels++) {
        struct str open = repeated(str_of(nests[_i][0]), levels);
        struct str close = repeated(str_of(nests[_i][1]), levels);
        struct str inside = levels || *nests[_i][2] ? str_of(nests[_i][2]) : STR("1");
        struct str text = arena_join(a, open, inside, close);
        for (size_t bound = levels ? levels - 1 : 0; bound <= levels + 1; bound++)
            WANT(agreed(text, bound) == (levels <= bound), "%zu of %zu", levels, bound);
        WANT(agreed(text, 0) == !levels && agreed(text, 1000), "%zu", levels);
        /* side by side they are not deeper */
        WANT(agreed(arena_join(a, STR("["), text, STR(","), text, STR(",[],{}]")), levels + 1) ==
                 (levels > 0),
             "%zu", levels);
    }
}
END_TEST

START_TEST(a_hundred_thousand_levels_do_no_harm)
{
    ck_assert(!agreed(repeated(STR("["), 100000), 64));
    ck_assert(!agreed(repeated(STR("{\"\":"), 50000), 64));
}
END_TEST

/* ---- any text ---- */

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
    text_put(t, str_of(ONE_OF("", "", "", "", " ", "\n", "\t", "\r\n  ", "          ")));
}

static void put_string(struct text *t)
{
    text_putc(t, '"');
    for (size_t n = below(4); n; n--)
        text_put(t, str_of(ONE_OF("a", "b", "c0", "a longer run of letters, with a comma",
                                  "https://oidc.circleci.com/org", "\xC3\xA4", "\xE2\x82\xAC",
                                  "\xF0\x9F\x98\x80", "\\\"", "\\\\", "\\/", "\\b\\f\\n\\r\\t",
                                  "\\u0061", "\\u00E9", "\\uabcd", "\\ud83d\\ude00", "{}", "[", "]",
                                  ",", ":", " ", "\x7F")));
    text_putc(t, '"');
}

static void put_number(struct text *t)
{
    text_put(t, str_of(ONE_OF("", "", "-")));
    text_put(t, str_of(ONE_OF("0", "1", "42", "1795305893", "922337203685477580",
                              "9223372036854775807", "9223372036854775808")));
    text_put(t, str_of(ONE_OF("", "", "", "", ".5", ".0", ".125e2", "e0", "E-7", "e+300")));
}

static void put_value(struct text *t, size_t depth);

static void put_nested(struct text *t, size_t depth, bool object)
{
    text_putc(t, object ? '{' : '[');
    put_blank(t);
    for (size_t n = below(6); n; n--) {
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

static void put_value(struct text *t, size_t depth)
{
    size_t kind = below(depth ? 7 : 4);
    if (kind < 2)
        put_string(t);
    else if (kind == 2)
        put_number(t);
    else if (kind == 3)
        text_put(t, str_of(ONE_OF("true", "false", "null", "{}", "[]")));
    else
        put_nested(t, depth, kind > 4);
}

/* A bit turned, a byte gone, one put in or in its place, the end cut off, a piece put elsewhere. */
static struct str damaged(struct str text)
{
    size_t i = below(text.n), n = below(5);
    struct str before = str_sub(text, 0, i), behind = str_sub(text, i, text.n);
    struct str byte =
        str_of(ONE_OF("\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "x", "\xC3", "\x80", "\x01",
                      "1", "-", ".", "e", " ", "u", "\\u0000", "\\ud800", "\"a\":", "null"));
    char turned;
    switch (below(6)) {
    case 0:
        turned = (char)(text.p[i] ^ 1 << below(8));
        return arena_join(a, before, str_n(&turned, 1), str_sub(behind, 1, text.n));
    case 1:
        return arena_join(a, before, str_sub(behind, 1, text.n));
    case 2:
        return arena_join(a, before, byte, behind);
    case 3:
        return arena_join(a, before, byte, str_sub(behind, 1, text.n));
    case 4:
        return arena_join(a, before, str_sub(text, below(text.n), n), behind);
    default:
        return before;
    }
}

START_TEST(any_text_is_read_as_jansson_reads_it)
{
    enum { TEXTS = 400, DAMAGES = 8 };
    size_t taken = 0, refused = 0;
    entropy_init_seeded(&chance, (uint64_t)_i + 1);
    for (size_t i = 0; i < TEXTS; i++) {
        struct text t = text_new(a, 1024 * 1024);
        put_blank(&t);
        put_value(&t, 4);
        put_blank(&t);
        struct str text = text_str(&t);
        for (size_t d = 0; d < DAMAGES && text.n; d++, text = damaged(text)) {
            bool is = agreed(text, 64);
            *(is ? &taken : &refused) += 1;
            agreed(text, below(6));
        }
    }
    ck_assert_uint_gt(taken, TEXTS / 2);
    ck_assert_uint_gt(refused, TEXTS / 2);
}
END_TEST

#define ROWS(test, rows) tcase_add_loop_test(t, test, 0, sizeof(rows) / sizeof(rows)[0])

Suite *json_parse_suite(void)
{
    Suite *s = suite_create("json_parse");
    TCase *t = tcase_create("json_parse");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120); /* all texts of few characters are many */
    ROWS(takes_what_jansson_takes, texts);
    ROWS(no_beginning_of_a_text_is_taken_for_more_than_it_is, texts);
    ROWS(a_refusal_is_told_in_jansson_s_words, texts);
    tcase_add_test(t, every_file_we_ship_is_read_as_jansson_reads_it);
    ROWS(every_text_of_few_characters_is_read_as_jansson_reads_it, small);
    tcase_add_test(t, every_byte_at_every_place_of_a_string_is_read_as_jansson_reads_it);
    tcase_add_test(t, every_two_bytes_of_a_string_are_read_as_jansson_reads_them);
    tcase_add_test(t, up_to_four_bytes_at_the_edges_of_utf8_are_read_as_jansson_reads_them);
    tcase_add_loop_test(t, every_hexadecimal_escape_is_read_as_jansson_reads_it, 0, 16);
    tcase_add_loop_test(t, texts_of_any_length_are_taken, 0, 12);
    tcase_add_test(t, objects_of_many_members_keep_their_order);
    ROWS(as_many_levels_are_taken_as_may_be_nested, nests);
    tcase_add_test(t, a_hundred_thousand_levels_do_no_harm);
    tcase_add_loop_test(t, any_text_is_read_as_jansson_reads_it, 0, 8);
    suite_add_tcase(s, t);
    return s;
}
