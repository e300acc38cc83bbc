#include "tests/support/runner.h"

#include "base/str.h"
#include "tests/support/guard.h"

#include <inttypes.h>

Suite *str_suite(void);

static const struct {
    const char *name;
    struct str left, right;
    int order;
    bool equal, equal_nocase;
} comparisons[] = {
    { "equal text is equal", STR_INIT("abc"), STR_INIT("abc"), 0, true, true },
    { "nothing equals nothing, wherever it points", { NULL, 0 }, STR_INIT(""), 0, true, true },
    { "case counts", STR_INIT("abc"), STR_INIT("aBc"), 1, false, true },
    { "only letters have two cases", STR_INIT("@["), STR_INIT("`{"), -1, false, false },
    { "bytes over 127 have one case", STR_INIT("\xC3\x84"), STR_INIT("\xC3\xA4"), -1, false,
      false },
    { "a beginning comes first", STR_INIT("ab"), STR_INIT("abc"), -1, false, false },
    { "bytes compare unsigned", STR_INIT("\xFF"), STR_INIT("a"), 1, false, false },
    { "NUL is a byte like others", STR_INIT("a\0b"), STR_INIT("a\0c"), -1, false, false },
};

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

START_TEST(compares)
{
    struct str l = guarded(comparisons[_i].left), r = guarded(comparisons[_i].right);
    const char *name = comparisons[_i].name;
    ck_assert_msg(sign(str_cmp(l, r)) == comparisons[_i].order, "%s", name);
    ck_assert_msg(sign(str_cmp(r, l)) == -comparisons[_i].order, "%s, swapped", name);
    ck_assert_msg(str_eq(l, r) == comparisons[_i].equal, "%s", name);
    ck_assert_msg(str_eq_nocase(l, r) == comparisons[_i].equal_nocase, "%s", name);
    if (comparisons[_i].equal)
        ck_assert_msg(str_hash(l) == str_hash(r), "%s, and so do the hashes", name);
    if (comparisons[_i].equal_nocase)
        ck_assert_msg(str_hash_nocase(l) == str_hash_nocase(r), "%s, and so do the hashes", name);
}
END_TEST

static const struct {
    const char *name;
    struct str s, part;
    bool starts, ends, contains;
} parts[] = {
    { "nothing is everywhere in nothing", { NULL, 0 }, { NULL, 0 }, true, true, true },
    { "nothing is everywhere", STR_INIT("ab"), STR_INIT(""), true, true, true },
    { "all of it is in it", STR_INIT("ab"), STR_INIT("ab"), true, true, true },
    { "more than all of it is not", STR_INIT("ab"), STR_INIT("abc"), false, false, false },
    { "nothing contains no something", { NULL, 0 }, STR_INIT("a"), false, false, false },
    { "a beginning", STR_INIT("abc"), STR_INIT("ab"), true, false, true },
    { "an end", STR_INIT("abc"), STR_INIT("bc"), false, true, true },
    { "a middle", STR_INIT("abc"), STR_INIT("b"), false, false, true },
    { "a false start does not hide a match", STR_INIT("aab"), STR_INIT("ab"), false, true, true },
};

START_TEST(finds_parts)
{
    struct str s = guarded(parts[_i].s), part = guarded(parts[_i].part);
    if (!parts[_i].s.p)
        s = parts[_i].s;
    ck_assert_msg(str_starts(s, part) == parts[_i].starts, "%s: starts", parts[_i].name);
    ck_assert_msg(str_ends(s, part) == parts[_i].ends, "%s: ends", parts[_i].name);
    ck_assert_msg(str_contains(s, part) == parts[_i].contains, "%s: contains", parts[_i].name);
}
END_TEST

START_TEST(cuts_as_many_pieces_as_there_are)
{
    struct str rest = guarded(STR("a/bc//d"));
    want_str("first", str_cut(&rest, '/'), STR("a"));
    want_str("second", str_cut(&rest, '/'), STR("bc"));
    want_str("an empty piece", str_cut(&rest, '/'), STR(""));
    want_str("last", str_cut(&rest, '/'), STR("d"));
    want_str("nothing is left", rest, STR(""));
    want_str("and stays so", str_cut(&rest, '/'), STR(""));
}
END_TEST

START_TEST(takes_parts_cut_to_what_is_there)
{
    struct str s = guarded(STR("abcdef"));
    want_str("middle", str_sub(s, 2, 3), STR("cde"));
    want_str("to the end", str_sub(s, 4, SIZE_MAX), STR("ef"));
    want_str("behind the end", str_sub(s, 6, 1), STR(""));
    want_str("far behind the end", str_sub(s, SIZE_MAX, SIZE_MAX), STR(""));
    ck_assert_uint_eq(str_find(s, 'f'), 5);
    ck_assert_uint_eq(str_find(s, 'x'), 6);
    ck_assert_uint_eq(str_find(str_n(NULL, 0), 'x'), 0);
}
END_TEST

START_TEST(trims_blanks_only)
{
    want_str("both ends", str_trim(guarded(STR(" \t\r\n a b \n"))), STR("a b"));
    want_str("blanks only", str_trim(guarded(STR(" \r\n\t"))), STR(""));
    want_str("other bytes stay", str_trim(guarded(STR("\v\xA0x\0"))), STR("\v\xA0x\0"));
}
END_TEST

static const struct {
    const char *text;
    bool is;
    int64_t value;
} integers[] = {
    { "0", true, 0 },
    { "-0", true, 0 },
    { "+900", true, 900 },
    { "0900", true, 900 },
    { "9223372036854775807", true, INT64_MAX },
    { "-9223372036854775808", true, INT64_MIN },
    { "00000000000000000000000000000001", true, 1 },
    { "9223372036854775808", false, 0 },
    { "-9223372036854775809", false, 0 },
    { "99999999999999999999", false, 0 },
    { "", false, 0 },
    { "-", false, 0 },
    { "+", false, 0 },
    { "--1", false, 0 },
    { "1-", false, 0 },
    { " 1", false, 0 },
    { "1 ", false, 0 },
    { "1.0", false, 0 },
    { "1e3", false, 0 },
    { "0x10", false, 0 },
};

START_TEST(reads_integers_and_nothing_else)
{
    int64_t value = 77, wanted = integers[_i].is ? integers[_i].value : 77;
    bool is = str_to_i64(guarded(str_of(integers[_i].text)), &value);
    ck_assert_msg(is == integers[_i].is, "\"%s\"", integers[_i].text);
    ck_assert_msg(value == wanted, "\"%s\" gave %" PRId64, integers[_i].text, value);
}
END_TEST

Suite *str_suite(void)
{
    Suite *s = suite_create("str");
    TCase *t = tcase_create("str");
    tcase_add_loop_test(t, compares, 0, sizeof comparisons / sizeof comparisons[0]);
    tcase_add_loop_test(t, finds_parts, 0, sizeof parts / sizeof parts[0]);
    tcase_add_test(t, cuts_as_many_pieces_as_there_are);
    tcase_add_test(t, takes_parts_cut_to_what_is_there);
    tcase_add_test(t, trims_blanks_only);
    tcase_add_loop_test(t, reads_integers_and_nothing_else, 0,
                        sizeof integers / sizeof integers[0]);
    suite_add_tcase(s, t);
    return s;
}
