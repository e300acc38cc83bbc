#include "http/form.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#define BYTES(literal) STR_INIT(literal)

static const struct {
    const char *name;
    struct str text;
    size_t n; /* SIZE_MAX: refused */
    struct {
        struct str name, value;
    } fields[3];
    const char *detail; /* a part of the refusal's */
} cases[] = {
    { "nothing holds nothing", BYTES(""), 0, { { BYTES(""), BYTES("") } }, NULL },
    { "a pair", BYTES("a=b"), 1, { { BYTES("a"), BYTES("b") } }, NULL },
    { "pairs keep their order and may repeat",
      BYTES("b=1&a=2&b=3"),
      3,
      { { BYTES("b"), BYTES("1") }, { BYTES("a"), BYTES("2") }, { BYTES("b"), BYTES("3") } },
      NULL },
    { "without '=' the value is empty",
      BYTES("a&b="),
      2,
      { { BYTES("a"), BYTES("") }, { BYTES("b"), BYTES("") } },
      NULL },
    { "a name may be empty", BYTES("=x"), 1, { { BYTES(""), BYTES("x") } }, NULL },
    { "only the first '=' separates",
      BYTES("a=b=c=="),
      1,
      { { BYTES("a"), BYTES("b=c==") } },
      NULL },
    { "empty pieces do not count",
      BYTES("&&a=1&&&b=2&"),
      2,
      { { BYTES("a"), BYTES("1") }, { BYTES("b"), BYTES("2") } },
      NULL },
    { "percent-encoding is undone in names and values",
      BYTES("%61%3D=%26%3d%25"),
      1,
      { { BYTES("a="), BYTES("&=%") } },
      NULL },
    { "plus is a space", BYTES("a+b=+c+"), 1, { { BYTES("a b"), BYTES(" c ") } }, NULL },
    { "an encoded plus stays one", BYTES("a=%2B%2b"), 1, { { BYTES("a"), BYTES("++") } }, NULL },
    { "UTF-8 may stand raw or encoded",
      BYTES("n=\xC3\xA9%C3%A9"),
      1,
      { { BYTES("n"), BYTES("\xC3\xA9\xC3\xA9") } },
      NULL },
    { "a character may be half raw, half encoded",
      BYTES("n=\xC3%A9"),
      1,
      { { BYTES("n"), BYTES("\xC3\xA9") } },
      NULL },
    { "';' separates nothing", BYTES("a=1;b=2"), 1, { { BYTES("a"), BYTES("1;b=2") } }, NULL },
    { "an ARN passes through",
      BYTES("RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FR"),
      1,
      { { BYTES("RoleArn"), BYTES("arn:aws:iam::123456789012:role/R") } },
      NULL },
    { "a lone % is refused",
      BYTES("ok=1&Policy=%"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "\"Policy\"" },
    { "a cut-off escape is refused",
      BYTES("Policy=%4"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "\"Policy\"" },
    { "an escape does not reach over &",
      BYTES("a=%4&1=b"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "\"a\"" },
    { "no hexadecimal digits are refused",
      BYTES("a=%zz"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "hexadecimal" },
    { "a bad escape in a name is refused",
      BYTES("a%b=1"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "\"a%b\"" },
    { "a raw NUL is refused",
      BYTES("a=b\0c"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "\"a\" holds a NUL" },
    { "an encoded NUL is refused",
      BYTES("a=b%00c"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "\"a\" holds a NUL" },
    { "a NUL in a name is refused, and not printed",
      BYTES("x\0y=1"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "\"x?y\"" },
    { "half a character is refused",
      BYTES("a=%C3"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "\"a\" is not UTF-8" },
    { "an overlong form is refused",
      BYTES("a=%C0%80"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "not UTF-8" },
    { "a surrogate is refused",
      BYTES("a=%ED%A0%80"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "not UTF-8" },
    { "raw Latin-1 is refused, and not printed",
      BYTES("n\xE9=1"),
      SIZE_MAX,
      { { BYTES(""), BYTES("") } },
      "\"n?\"" },
};

START_TEST(reads_as_documented)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct form form = { NULL, 77 };
    const struct outcome o = form_read(a, &why, guarded(cases[_i].text), &form);
    if (cases[_i].n == SIZE_MAX) {
        ck_assert_int_eq(o.fault, FAULT_REQUEST_MALFORMED);
        ck_assert_uint_eq(form.n, 77);
        ck_assert_msg(str_contains(why.detail, str_of(cases[_i].detail)), "%.*s",
                      STR_ARG(why.detail));
        arena_free(a);
        return;
    }
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(why.detail));
    ck_assert_uint_eq(form.n, cases[_i].n);
    for (size_t i = 0; i < form.n; i++) {
        want_str(cases[_i].name, form.fields[i].name, cases[_i].fields[i].name);
        want_str(cases[_i].name, form.fields[i].value, cases[_i].fields[i].value);
    }
    arena_free(a);
}
END_TEST

START_TEST(the_last_value_of_a_name_is_found)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct form form;
    struct str value = STR("untouched");
    ck_assert(!failed(form_read(a, &why, STR("a=1&b=2&a=3&c"), &form)));
    ck_assert(form_find(&form, STR("a"), &value));
    want_str("a", value, STR("3"));
    ck_assert(form_find(&form, STR("c"), &value));
    want_str("c", value, STR(""));
    value = STR("untouched");
    ck_assert(!form_find(&form, STR("A"), &value));
    want_str("missing", value, STR("untouched"));
    arena_free(a);
}
END_TEST

/* Copies of a 1 KB token for every caller would be a waste. */
START_TEST(a_value_without_escapes_is_not_copied)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct form form;
    const struct str text = STR("WebIdentityToken=eyJhbGciOiJFUzI1NiJ9.e30.c2ln");
    ck_assert(!failed(form_read(a, &why, text, &form)));
    ck_assert_ptr_eq(form.fields[0].value.p, text.p + sizeof "WebIdentityToken");
    arena_free(a);
}
END_TEST

START_TEST(the_number_of_fields_is_bounded)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct form form;
    char *p = arena_alloc(a, ((size_t)FORM_FIELDS_MAX + 1) * 3);
    for (size_t i = 0; i <= FORM_FIELDS_MAX; i++)
        memcpy(p + i * 2, "a&", 2);
    ck_assert(!failed(form_read(a, &why, str_n(p, FORM_FIELDS_MAX * 2), &form)));
    ck_assert_uint_eq(form.n, FORM_FIELDS_MAX);
    const struct outcome o = form_read(a, &why, str_n(p, FORM_FIELDS_MAX * 2 + 1), &form);
    ck_assert_int_eq(o.fault, FAULT_REQUEST_MALFORMED);
    arena_free(a);
}
END_TEST

/* --- an oracle, byte by byte --- */

struct plain {
    char name[8][8], value[8][8];
    size_t name_bytes[8], value_bytes[8], n;
};

static int digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at && (c | 0x20) != ' ' && c > ' ' ? (int)(at - digits) : -1;
}

/* Writes what the bytes seem to spell as UTF-8 again: only the one right spelling comes back. */
static size_t oracle_character(const char *p, size_t n)
{
    const unsigned char first = (unsigned char)p[0];
    const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    unsigned value = length == 1 ? first : first & (0x7FU >> length);
    if (length > n || value == 0)
        return 0;
    for (size_t i = 1; i < length; i++)
        value = value * 64 + ((unsigned char)p[i] & 63);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    char again[4];
    const size_t wanted = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    static const unsigned marks[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = wanted; i > 1; i--, value /= 64)
        again[i - 1] = (char)(0x80 | (value & 63));
    again[0] = (char)(marks[wanted] | value);
    return !surrogate && value < 0x10FFFF && wanted == length && memcmp(again, p, length) == 0
               ? length
               : 0;
}

static bool oracle_text(const char *p, size_t n)
{
    while (n) {
        const size_t length = oracle_character(p, n);
        if (!length)
            return false;
        p += length;
        n -= length;
    }
    return true;
}

static bool oracle_decode(const char *p, size_t n, char *out, size_t *out_bytes)
{
    size_t o = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '%') {
            if (i + 2 >= n || digit(p[i + 1]) < 0 || digit(p[i + 2]) < 0)
                return false;
            out[o++] = (char)(digit(p[i + 1]) * 16 + digit(p[i + 2]));
            i += 2;
        } else {
            out[o++] = p[i] == '+' ? ' ' : p[i];
        }
    }
    *out_bytes = o;
    return oracle_text(out, o);
}

static bool oracle(struct str text, struct plain *out)
{
    size_t from = 0;
    out->n = 0;
    for (size_t i = 0; i <= text.n; i++) {
        if (i < text.n && text.p[i] != '&')
            continue;
        size_t equals = from;
        while (equals < i && text.p[equals] != '=')
            equals++;
        const size_t value = equals < i ? equals + 1 : i;
        if (i > from) {
            if (!oracle_decode(text.p + from, equals - from, out->name[out->n],
                               &out->name_bytes[out->n]) ||
                !oracle_decode(text.p + value, i - value, out->value[out->n],
                               &out->value_bytes[out->n]))
                return false;
            out->n++;
        }
        from = i + 1;
    }
    return true;
}

static void agree(struct arena *a, struct str text)
{
    struct why why = why_new(a);
    struct form form;
    struct plain plain;
    const bool accepted = !failed(form_read(a, &why, text, &form));
    const bool wanted = oracle(text, &plain);
    ck_assert_msg(accepted == wanted, "\"%.*s\" %s", STR_ARG(text),
                  wanted ? "refused" : "accepted");
    if (!wanted)
        return;
    ck_assert_uint_eq(form.n, plain.n);
    for (size_t i = 0; i < form.n; i++) {
        want_str("name", form.fields[i].name, str_n(plain.name[i], plain.name_bytes[i]));
        want_str("value", form.fields[i].value, str_n(plain.value[i], plain.value_bytes[i]));
    }
}

START_TEST(agrees_with_the_oracle_on_every_short_text)
{
    static const char alphabet[] = { 'a', '=', '&', '%', '+', '4', '0', 'C', '\0', '\xC3', '\xA9' };
    enum { LENGTH = 5, LETTERS = sizeof alphabet };
    const struct str room = guarded(STR("....."));
    struct arena *a = arena_new();
    for (size_t n = 0; n <= LENGTH; n++) {
        char *p = (char *)(uintptr_t)room.p + LENGTH - n; /* ends at the unreadable page */
        size_t texts = 1;
        for (size_t i = 0; i < n; i++)
            texts *= LETTERS;
        for (size_t t = 0; t < texts; t++) {
            for (size_t i = 0, rest = t; i < n; i++, rest /= LETTERS)
                p[i] = alphabet[rest % LETTERS];
            agree(a, str_n(p, n));
            arena_reset(a);
        }
    }
    arena_free(a);
}
END_TEST

Suite *form_suite(void);
Suite *form_suite(void)
{
    Suite *s = suite_create("form");
    TCase *c = tcase_create("form");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, reads_as_documented, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(c, the_last_value_of_a_name_is_found);
    tcase_add_test(c, a_value_without_escapes_is_not_copied);
    tcase_add_test(c, the_number_of_fields_is_bounded);
    tcase_add_test(c, agrees_with_the_oracle_on_every_short_text);
    suite_add_tcase(s, c);
    return s;
}
