#include "base/encode.h"

static const char hex_lower[] = "0123456789abcdef";
static const char hex_upper[] = "0123456789ABCDEF";
static const char alphabet64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char alphabet64url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char alphabet32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

struct str hex_write(struct arena *a, const void *bytes, size_t n)
{
    const unsigned char *in = bytes;
    char *out = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = hex_lower[in[i] >> 4];
        out[2 * i + 1] = hex_lower[in[i] & 15];
    }
    return str_n(out, n * 2);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool hex_byte(struct str s, size_t at, char *out)
{
    int high = at + 1 < s.n ? hex_digit(s.p[at]) : -1;
    int low = at + 1 < s.n ? hex_digit(s.p[at + 1]) : -1;
    if (high < 0 || low < 0)
        return false;
    *out = (char)(high << 4 | low);
    return true;
}

bool hex_read(struct arena *a, struct str text, struct str *bytes)
{
    if (text.n % 2)
        return false;
    char *out = arena_alloc(a, text.n / 2 + 1);
    for (size_t i = 0; i < text.n; i += 2)
        if (!hex_byte(text, i, &out[i / 2]))
            return false;
    *bytes = str_n(out, text.n / 2);
    return true;
}

static struct str write64(struct arena *a, struct str bytes, const char *alphabet, bool pad)
{
    const unsigned char *in = (const unsigned char *)bytes.p;
    char *out = arena_alloc(a, (bytes.n + 2) / 3 * 4 + 1);
    size_t o = 0, i = 0;

    for (; i + 2 < bytes.n; i += 3) {
        uint32_t v = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];
        out[o++] = alphabet[v >> 18];
        out[o++] = alphabet[v >> 12 & 63];
        out[o++] = alphabet[v >> 6 & 63];
        out[o++] = alphabet[v & 63];
    }
    if (i < bytes.n) {
        uint32_t v = (uint32_t)in[i] << 16 | (i + 1 < bytes.n ? (uint32_t)in[i + 1] << 8 : 0);
        out[o++] = alphabet[v >> 18];
        out[o++] = alphabet[v >> 12 & 63];
        if (i + 1 < bytes.n)
            out[o++] = alphabet[v >> 6 & 63];
        else if (pad)
            out[o++] = '=';
        if (pad)
            out[o++] = '=';
    }
    return str_n(out, o);
}

struct str base64url_write(struct arena *a, struct str bytes)
{
    return write64(a, bytes, alphabet64url, false);
}

struct str base64_write(struct arena *a, struct str bytes)
{
    return write64(a, bytes, alphabet64, true);
}

/*
 * A digit's value and one, 0 for what is no digit.  Tables, because every token passes here and a
 * processor cannot guess which kind of character comes next.
 */
#define DIGITS64(c62, c63)                                                                      \
    {                                                                                           \
        ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8, \
        ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15,      \
        ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,     \
        ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29,     \
        ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,     \
        ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43,     \
        ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50,     \
        ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,     \
        ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, [c62] = 63, [c63] = 64      \
    }
static const unsigned char digits64[256] = DIGITS64('+', '/');
static const unsigned char digits64url[256] = DIGITS64('-', '_');

/* Takes n characters, up to four, as the upper bits of 24; false when one is no digit. */
static bool read_group(const unsigned char digits[256], const char *p, size_t n, uint32_t *group)
{
    uint32_t v = 0;
    bool good = true;
    for (size_t i = 0; i < 4; i++) {
        unsigned digit = i < n ? digits[(unsigned char)p[i]] : 1;
        good = good && digit;
        v = v << 6 | ((digit - 1) & 63);
    }
    *group = v;
    return good;
}

static bool read64(struct arena *a, struct str text, const unsigned char digits[256],
                   struct str *bytes)
{
    unsigned char *out = arena_alloc(a, text.n / 4 * 3 + 3);
    size_t o = 0, i = 0, rest = text.n % 4;
    uint32_t v;

    for (; i + 4 <= text.n; i += 4) {
        if (!read_group(digits, text.p + i, 4, &v))
            return false;
        out[o++] = (unsigned char)(v >> 16);
        out[o++] = (unsigned char)(v >> 8);
        out[o++] = (unsigned char)v;
    }
    if (rest) {
        if (rest == 1 || !read_group(digits, text.p + i, rest, &v))
            return false;
        if (v & (rest == 2 ? 0xFFFF : 0xFF)) /* spare bits: "QQ" and "QR" would be the same byte */
            return false;
        out[o++] = (unsigned char)(v >> 16);
        if (rest == 3)
            out[o++] = (unsigned char)(v >> 8);
    }
    *bytes = str_n((char *)out, o);
    return true;
}

bool base64url_read(struct arena *a, struct str text, struct str *bytes)
{
    return read64(a, text, digits64url, bytes);
}

bool base64_read(struct arena *a, struct str text, struct str *bytes)
{
    if (text.n % 4)
        return false;
    for (int pad = 0; pad < 2 && text.n && text.p[text.n - 1] == '='; pad++)
        text.n--;
    return read64(a, text, digits64, bytes);
}

struct str base32_write(struct arena *a, const void *bytes, size_t n)
{
    const unsigned char *in = bytes;
    char *out = arena_alloc(a, n / 5 * 8 + 1);
    size_t o = 0;
    for (size_t i = 0; i + 4 < n; i += 5) {
        uint64_t v = 0;
        for (size_t j = 0; j < 5; j++)
            v = v << 8 | in[i + j];
        for (int shift = 35; shift >= 0; shift -= 5)
            out[o++] = alphabet32[v >> shift & 31];
    }
    return str_n(out, o);
}

static bool unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

struct str percent_write(struct arena *a, struct str bytes)
{
    char *out = arena_alloc(a, bytes.n * 3 + 1);
    size_t o = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        if (unreserved(bytes.p[i])) {
            out[o++] = bytes.p[i];
            continue;
        }
        out[o++] = '%';
        out[o++] = hex_upper[c >> 4];
        out[o++] = hex_upper[c & 15];
    }
    return str_n(out, o);
}

bool percent_read(struct arena *a, struct str text, bool form, struct str *bytes)
{
    char *out = arena_alloc(a, text.n + 1);
    size_t o = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '%') {
            if (!hex_byte(text, i + 1, &c))
                return false;
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        out[o++] = c;
    }
    *bytes = str_n(out, o);
    return true;
}

/* The length of the sequence a first byte announces, and the least code point it may spell. */
static size_t sequence(unsigned char first, uint32_t *least, uint32_t *bits)
{
    if (first < 0x80) {
        *least = 0;
        *bits = first;
        return 1;
    }
    if (first >= 0xC2 && first < 0xE0) {
        *least = 0x80;
        *bits = first & 0x1F;
        return 2;
    }
    if (first >= 0xE0 && first < 0xF0) {
        *least = 0x800;
        *bits = first & 0x0F;
        return 3;
    }
    if (first >= 0xF0 && first < 0xF5) {
        *least = 0x10000;
        *bits = first & 0x07;
        return 4;
    }
    return 0;
}

bool utf8_valid(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n;) {
        uint32_t least, v;
        size_t n = sequence(p[i], &least, &v);
        if (n == 0 || n > s.n - i)
            return false;
        for (size_t j = 1; j < n; j++) {
            if ((p[i + j] & 0xC0) != 0x80)
                return false;
            v = v << 6 | (p[i + j] & 0x3F);
        }
        if (v < least || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
            return false;
        i += n;
    }
    return true;
}

uint32_t utf8_next(struct str *s)
{
    const unsigned char *p = (const unsigned char *)s->p;
    uint32_t least, v;
    size_t n = sequence(p[0], &least, &v);
    if (n == 0 || n > s->n) { /* a broken promise: one byte at a time, never past the end */
        v = p[0];
        n = 1;
    }
    for (size_t j = 1; j < n; j++)
        v = v << 6 | (p[j] & 0x3F);
    *s = str_sub(*s, n, s->n);
    return v;
}

size_t utf8_length(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

struct str ascii_lower(struct arena *a, struct str s)
{
    char *p = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] - 'A' + 'a');
    return str_n(p, s.n);
}
