#include "tests/support/runner.h"

#include "base/encode.h"
#include "tests/support/guard.h"

#include <stdio.h>

START_TEST(only_ascii_letters_are_lowered)
{
    struct arena *a = arena_new();
    want_str("letters", ascii_lower(a, STR("@AZ[`az{-09")), STR("@az[`az{-09"));
    want_str("other bytes", ascii_lower(a, STR("\xC3\x84 \xC4\xB0K")), STR("\xC3\x84 \xC4\xB0k"));
    want_str("nothing", ascii_lower(a, STR("")), STR(""));
    arena_free(a);
}
END_TEST

Suite *encode_suite(void);

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

/* ---- base64url: the text is right when some value has it, found by writing them all ---- */

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* RFC 4648 spelled out bit by bit, for up to 3 bytes. */
static size_t slow_write(const unsigned char *in, size_t n, char out[4])
{
    size_t o = 0;
    for (size_t bit = 0; bit < n * 8; bit += 6) {
        unsigned v = 0;
        for (size_t b = bit; b < bit + 6; b++)
            v = v * 2 + (b < n * 8 && (in[b / 8] >> (7 - b % 8) & 1));
        out[o++] = digits64[v];
    }
    return o;
}

static void round_trip(const unsigned char *in, size_t n)
{
    char slow[4];
    struct str bytes = str_n((const char *)in, n), back;
    struct str wanted = str_n(slow, slow_write(in, n, slow)), text = base64url_write(a, bytes);
    WANT(str_eq(text, wanted) && base64url_read(a, text, &back) && str_eq(back, bytes),
         "\"%.*s\" of length %zu", STR_ARG(text), n);
}

START_TEST(every_value_of_one_and_two_bytes_makes_the_round_trip)
{
    for (unsigned v = 0; v < 1u << 16; v++) {
        unsigned char in[2] = { (unsigned char)v, (unsigned char)(v >> 8) };
        if (v < 1u << 8)
            round_trip(in, 1);
        round_trip(in, 2);
        arena_reset(a);
    }
}
END_TEST

/* Every seventeenth: each byte takes each value beside many others. */
START_TEST(values_of_three_bytes_make_the_round_trip)
{
    for (unsigned v = 0; v < 1u << 24; v += 17) {
        unsigned char in[3] = { (unsigned char)v, (unsigned char)(v >> 8),
                                (unsigned char)(v >> 16) };
        round_trip(in, 3);
        if (v % 64 == 0)
            arena_reset(a);
    }
}
END_TEST

/* The text as a row of bits: whole bytes, then fewer than six bits, all of them zero. */
static bool slow_read(struct str text, unsigned char *out, size_t *n)
{
    unsigned char bits[64];
    size_t n_bits = 0;
    *n = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *digit = text.p[i] ? strchr(digits64, text.p[i]) : NULL;
        if (!digit)
            return false;
        for (int b = 5; b >= 0; b--)
            bits[n_bits++] = (digit - digits64) >> b & 1;
    }
    for (; n_bits - *n * 8 >= 8; ++*n)
        for (size_t b = out[*n] = 0; b < 8; b++)
            out[*n] = (unsigned char)(out[*n] * 2 + bits[*n * 8 + b]);
    for (size_t b = *n * 8; b < n_bits; b++)
        if (bits[b])
            return false;
    return n_bits - *n * 8 < 6;
}

static bool agrees(struct str text, bool *accepted)
{
    unsigned char wanted[8];
    struct str got;
    size_t n;
    bool is = slow_read(text, wanted, &n);
    *accepted = base64url_read(a, text, &got);
    return *accepted == is && (!is || str_eq(got, str_n((char *)wanted, n)));
}

START_TEST(every_short_text_is_read_as_the_oracle_reads_it)
{
    static const char alphabet[] = "AQgwBZz059-_+/=. \0\xC3";
    enum { LETTERS = sizeof alphabet - 1, TEXTS = LETTERS * LETTERS * LETTERS };
    size_t n_accepted = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        char text[3] = { alphabet[i % LETTERS], alphabet[i / LETTERS % LETTERS],
                         alphabet[i / LETTERS / LETTERS] };
        for (size_t n = 0; n <= 3; n++) {
            bool accepted;
            WANT(agrees(str_n(text, n), &accepted), "\"%.*s\"", (int)n, text);
            n_accepted += accepted;
        }
    }
    ck_assert_uint_gt(n_accepted, 1000);
}
END_TEST

static const struct {
    const char *name;
    struct str text, bytes;
    bool is;
} base64s[] = {
    { "RFC 4648 section 10, nothing", STR_INIT(""), STR_INIT(""), true },
    { "one byte takes two pads", STR_INIT("Zg=="), STR_INIT("f"), true },
    { "two bytes take one", STR_INIT("Zm8="), STR_INIT("fo"), true },
    { "three bytes take none", STR_INIT("Zm9v"), STR_INIT("foo"), true },
    { "four bytes", STR_INIT("Zm9vYg=="), STR_INIT("foob"), true },
    { "the last two digits are + and /", STR_INIT("+/+/"), STR_INIT("\xFB\xFF\xBF"), true },
    { "padding is not optional", STR_INIT("Zg"), STR_INIT(""), false },
    { "half a padding is none", STR_INIT("Zg="), STR_INIT(""), false },
    { "padding alone", STR_INIT("===="), STR_INIT(""), false },
    { "three pads", STR_INIT("Z==="), STR_INIT(""), false },
    { "padding in the middle", STR_INIT("Zg==Zg=="), STR_INIT(""), false },
    { "padding too much", STR_INIT("Zm9v===="), STR_INIT(""), false },
    { "spare bits", STR_INIT("Zh=="), STR_INIT(""), false },
    { "spare bits of two bytes", STR_INIT("Zm9="), STR_INIT(""), false },
    { "line breaks", STR_INIT("Zm9v\nZm9"), STR_INIT(""), false },
    { "the URL alphabet", STR_INIT("-_-_"), STR_INIT(""), false },
};

START_TEST(base64_is_read_strictly)
{
    struct str got, text = guarded(base64s[_i].text);
    bool is = base64_read(a, text, &got);
    ck_assert_msg(is == base64s[_i].is, "%s", base64s[_i].name);
    if (!is)
        return;
    want_str(base64s[_i].name, got, base64s[_i].bytes);
    want_str(base64s[_i].name, base64_write(a, got), text);
}
END_TEST

/* ---- hexadecimal, base32 ---- */

START_TEST(hex_is_written_low_and_read_either_way)
{
    struct str got;
    want_str("written", hex_write(a, "\x00\x9F\xFF", 3), STR("009fff"));
    ck_assert(hex_read(a, guarded(STR("009fFF")), &got));
    want_str("read", got, STR("\x00\x9F\xFF"));
    ck_assert(hex_read(a, STR(""), &got) && got.n == 0);
    ck_assert(!hex_read(a, guarded(STR("0")), &got));
    ck_assert(!hex_read(a, guarded(STR("0g")), &got));
    ck_assert(!hex_read(a, guarded(STR(" 0")), &got));
    ck_assert(!hex_read(a, guarded(STR("0x10")), &got));
}
END_TEST

START_TEST(base32_has_the_alphabet_of_access_key_ids)
{
    want_str("RFC 4648 section 10", base32_write(a, "fooba", 5), STR("MZXW6YTB"));
    want_str("zeros", base32_write(a, "\0\0\0\0\0", 5), STR("AAAAAAAA"));
    want_str("ones", base32_write(a, "\xFF\xFF\xFF\xFF\xFF", 5), STR("77777777"));
    want_str("two groups", base32_write(a, "fooba\0\0\0\0\1", 10), STR("MZXW6YTBAAAAAAAB"));
}
END_TEST

/* ---- percent ---- */

START_TEST(every_byte_is_percent_encoded_as_the_rfc_says)
{
    struct str back, byte, text;
    char wanted[4];
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        bool plain = i && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789-._~",
                                 i);
        snprintf(wanted, sizeof wanted, plain ? "%c" : "%%%02X", (unsigned)i);
        byte = str_n(&c, 1);
        text = percent_write(a, byte);
        want_str("encoded", text, str_of(wanted));
        ck_assert_msg(percent_read(a, text, i % 2, &back) && str_eq(back, byte), "byte %d", i);
    }
}
END_TEST

/* Two hexadecimal digits follow every per cent sign, or the text is wrong; all else stands for
 * itself. */
static bool slow_percent(const char *text, bool form, char *out)
{
    unsigned v;
    while (*text) {
        char pair[3] = "";
        if (*text != '%') {
            *out++ = *text == '+' && form ? ' ' : *text;
            text++;
            continue;
        }
        strncat(pair, text + 1, 2);
        if (strspn(pair, "0123456789abcdefABCDEF") != 2)
            return false;
        sscanf(pair, "%x", &v);
        *out++ = (char)v;
        text += 3;
    }
    *out = '\0';
    return true;
}

START_TEST(every_short_text_is_percent_decoded_as_the_oracle_does)
{
    static const char alphabet[] = "%+a2F G\xFF";
    enum { LETTERS = sizeof alphabet - 1 };
    size_t n_texts = 1;
    for (size_t n = 0; n <= 5; n++, n_texts *= LETTERS)
        for (size_t i = 0; i < n_texts * 2; i++) {
            char text[6] = "", wanted[6];
            struct str got;
            size_t rest = i / 2;
            for (size_t j = 0; j < n; j++, rest /= LETTERS)
                text[j] = alphabet[rest % LETTERS];
            bool is = slow_percent(text, i % 2, wanted);
            bool read = percent_read(a, str_n(text, n), i % 2, &got);
            WANT(is == read && (!is || str_eq(got, str_of(wanted))), "\"%s\"", text);
            arena_reset(a);
        }
}
END_TEST

START_TEST(a_cut_escape_is_refused_without_reading_on)
{
    static const char *const cut[] = { "%", "a%", "%2", "a%2", "%%", "%4g", "%g4", "% 4" };
    struct str got;
    ck_assert(!percent_read(a, guarded(str_of(cut[_i])), false, &got));
}
END_TEST

/* ---- UTF-8 ---- */

/* The one spelling of a code point (RFC 3629 section 3). */
static size_t utf8_spell(uint32_t v, unsigned char out[4])
{
    if (v < 0x80) {
        out[0] = (unsigned char)v;
        return 1;
    }
    size_t n = v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;
    static const unsigned char marks[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = n; i-- > 1; v >>= 6)
        out[i] = (unsigned char)(0x80 | (v & 0x3F));
    out[0] = (unsigned char)(marks[n] | v);
    return n;
}

START_TEST(every_code_point_is_valid_but_surrogates)
{
    for (uint32_t v = 0; v <= 0x110000; v++) {
        unsigned char bytes[4];
        struct str s = str_n((char *)bytes, utf8_spell(v, bytes)), rest = s;
        bool is = (v < 0xD800 || v > 0xDFFF) && v < 0x110000;
        WANT(utf8_valid(s) == is, "U+%04X", (unsigned)v);
        if (!is)
            continue;
        WANT(utf8_next(&rest) == v && rest.n == 0, "U+%04X", (unsigned)v);
        WANT(utf8_length(s) == 1, "U+%04X", (unsigned)v);
    }
}
END_TEST

/* Every row of two bytes, and of three and four over the bytes where something changes. */
static bool is_spelling(struct str s)
{
    static const uint32_t first[] = { 0, 0, 0x80, 0x800, 0x10000, 0x110000 };
    unsigned char bytes[4];
    const unsigned char *p = (const unsigned char *)s.p;
    uint32_t v = s.n == 2 ? p[0] & 0x1Fu : s.n == 3 ? p[0] & 0x0Fu : p[0] & 0x07u;
    for (size_t i = 1; i < s.n; i++)
        v = v << 6 | (p[i] & 0x3F);
    return v >= first[s.n] && v < first[s.n + 1] && (v < 0xD800 || v > 0xDFFF) &&
           utf8_spell(v, bytes) == s.n && memcmp(bytes, p, s.n) == 0;
}

static bool slow_utf8(struct str s)
{
    if (s.n == 0)
        return true;
    if ((unsigned char)s.p[0] < 0x80)
        return slow_utf8(str_sub(s, 1, s.n));
    for (size_t n = 2; n <= 4 && n <= s.n; n++)
        if (is_spelling(str_sub(s, 0, n)))
            return slow_utf8(str_sub(s, n, s.n));
    return false;
}

START_TEST(every_short_row_of_bytes_is_judged_as_the_oracle_judges)
{
    static const unsigned char edges[] = { 0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                           0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xEC, 0xED, 0xEE,
                                           0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF };
    enum { EDGES = sizeof edges };
    size_t n_rows = EDGES * EDGES * EDGES * EDGES;
    for (size_t i = 0; i < n_rows; i++) {
        char row[4];
        size_t rest = i;
        for (size_t j = 0; j < 4; j++, rest /= EDGES)
            row[j] = (char)edges[rest % EDGES];
        for (size_t n = 1; n <= 4; n++)
            if (utf8_valid(str_n(row, n)) != slow_utf8(str_n(row, n)))
                ck_abort_msg("%02x %02x %02x %02x, length %zu", row[0] & 0xFF, row[1] & 0xFF,
                             row[2] & 0xFF, row[3] & 0xFF, n);
    }
}
END_TEST

START_TEST(utf8_is_counted_in_characters_and_never_read_past_its_end)
{
    struct str s = guarded(STR("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
    ck_assert_uint_eq(utf8_length(s), 4);
    ck_assert_uint_eq(utf8_next(&s), 'a');
    ck_assert_uint_eq(utf8_next(&s), 0xE4);
    ck_assert_uint_eq(utf8_next(&s), 0x20AC);
    ck_assert_uint_eq(utf8_next(&s), 0x1F600);
    ck_assert_uint_eq(s.n, 0);
    for (size_t n = 1; n < 4; n++)
        ck_assert(!utf8_valid(guarded(str_n("\xF0\x9F\x98\x80", n))));
    s = guarded(STR("\xF0\x9F\x98"));
    ck_assert_uint_eq(utf8_next(&s), 0xF0); /* a broken promise costs one byte, no more */
    ck_assert_uint_eq(s.n, 2);
}
END_TEST

Suite *encode_suite(void)
{
    Suite *s = suite_create("encode");
    TCase *t = tcase_create("encode");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, every_value_of_one_and_two_bytes_makes_the_round_trip);
    tcase_add_test(t, values_of_three_bytes_make_the_round_trip);
    tcase_add_test(t, every_short_text_is_read_as_the_oracle_reads_it);
    tcase_add_loop_test(t, base64_is_read_strictly, 0, sizeof base64s / sizeof base64s[0]);
    tcase_add_test(t, hex_is_written_low_and_read_either_way);
    tcase_add_test(t, base32_has_the_alphabet_of_access_key_ids);
    tcase_add_test(t, every_byte_is_percent_encoded_as_the_rfc_says);
    tcase_add_test(t, every_short_text_is_percent_decoded_as_the_oracle_does);
    tcase_add_loop_test(t, a_cut_escape_is_refused_without_reading_on, 0, 8);
    tcase_add_test(t, every_code_point_is_valid_but_surrogates);
    tcase_add_test(t, every_short_row_of_bytes_is_judged_as_the_oracle_judges);
    tcase_add_test(t, only_ascii_letters_are_lowered);
    tcase_add_test(t, utf8_is_counted_in_characters_and_never_read_past_its_end);
    suite_add_tcase(s, t);
    return s;
}
