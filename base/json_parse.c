#include "base/json_parse.h"

#include "base/encode.h"

enum { SHORT_BYTES = 256 }; /* hardly a key is longer */

struct reader {
    const char *p, *end;
    enum json_duplicates duplicates;
    size_t levels;         /* that may still be nested */
    struct arena *scratch; /* owned; NULL until it is needed */
    char *room;            /* for what jansson copies at once: short_room, or in scratch */
    size_t room_bytes;
    char short_room[SHORT_BYTES];
};

static struct arena *scratch(struct reader *r)
{
    if (!r->scratch)
        r->scratch = arena_new();
    return r->scratch;
}

/* A buffer; what was in it before is gone. */
static char *room(struct reader *r, size_t bytes)
{
    if (bytes > r->room_bytes) {
        r->room_bytes = bytes * 2;
        r->room = arena_room(scratch(r), r->room_bytes);
    }
    return r->room;
}

/* ---- between values ---- */

static const unsigned char blanks[256] = { [' '] = 1, ['\t'] = 1, ['\r'] = 1, ['\n'] = 1 };

static void skip_blanks(struct reader *r)
{
    while (r->p < r->end && blanks[(unsigned char)*r->p])
        r->p++;
}

/* Moves behind c, when it comes next. */
static bool take(struct reader *r, char c)
{
    skip_blanks(r);
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* ---- strings ---- */

/* Stands for itself in a string: ASCII but the quote, the backslash and control characters. */
static bool plain(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

/*
 * The first byte that is not plain, or the end.  Eight at a time: the highest bit of a byte is set
 * where it is no ASCII, or went below zero when 0x20 was taken away, or 1 from its difference to
 * the quote or the backslash.  A borrow only reaches a byte beside one that is found already.
 */
static const char *behind_plain(const char *p, const char *end)
{
    const uint64_t ones = UINT64_MAX / 255;
    for (uint64_t w; (size_t)(end - p) >= sizeof w; p += sizeof w) {
        memcpy(&w, p, sizeof w);
        uint64_t quotes = (w ^ ones * '"') - ones, slashes = (w ^ ones * '\\') - ones;
        if ((w | (w - ones * 0x20) | quotes | slashes) & ones << 7)
            break;
    }
    while (p < end && plain(*p))
        p++;
    return p;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Takes "\uXXXX" off *raw. */
static bool take_unit(struct str *raw, uint32_t *out)
{
    if (raw->n < 6 || raw->p[0] != '\\' || raw->p[1] != 'u')
        return false;
    *out = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(raw->p[i]);
        if (digit < 0)
            return false;
        *out = *out << 4 | (uint32_t)digit;
    }
    *raw = str_sub(*raw, 6, raw->n);
    return true;
}

/*
 * RFC 8259 section 7: what is not in the Basic Multilingual Plane is spelt as a UTF-16 surrogate
 * pair.  Halves of one are no characters (section 8.2 leaves them to us), and NUL is none to
 * jansson.
 */
static bool take_character(struct str *raw, uint32_t *out)
{
    uint32_t low;
    if (!take_unit(raw, out) || *out == 0 || (*out >= 0xDC00 && *out <= 0xDFFF))
        return false;
    if (*out < 0xD800 || *out > 0xDBFF)
        return true;
    if (!take_unit(raw, &low) || low < 0xDC00 || low > 0xDFFF)
        return false;
    *out = 0x10000 + ((*out - 0xD800) << 10 | (low - 0xDC00));
    return true;
}

static char *put_utf8(char *t, uint32_t c)
{
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char first[] = { 0x00, 0xC0, 0xE0, 0xF0 };
    *t++ = (char)(first[more] | c >> 6 * more);
    while (more--)
        *t++ = (char)(0x80 | (c >> 6 * more & 0x3F));
    return t;
}

static char *take_escape(struct str *raw, char *t)
{
    static const char says[256] = { ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t' };
    uint32_t c;
    char letter = says[(unsigned char)raw->p[1]];
    if (letter) {
        *raw = str_sub(*raw, 2, raw->n);
        *t = letter;
        return t + 1;
    }
    return take_character(raw, &c) ? put_utf8(t, c) : NULL;
}

/* What the text between the quotes says, in the room; never longer than its spelling. */
static bool unescape(struct reader *r, struct str raw, struct str *out)
{
    char *from = room(r, raw.n), *t = from;
    while (raw.n && t) {
        size_t run = str_find(raw, '\\');
        memcpy(t, raw.p, run);
        t += run;
        raw = str_sub(raw, run, raw.n);
        if (raw.n)
            t = take_escape(&raw, t);
    }
    if (t)
        *out = str_n(from, (size_t)(t - from));
    return t != NULL;
}

/* The same for a string of which p is the first byte that is not plain, nor ends it. */
static bool take_odd_string(struct reader *r, const char *p, struct str *out)
{
    bool escapes = false;
    while (p < r->end && *p != '"') {
        if ((unsigned char)*p < 0x20)
            return false;
        escapes |= *p == '\\';
        if (*p == '\\' && ++p == r->end)
            return false;
        p = behind_plain(p + 1, r->end);
    }
    struct str raw = str_n(r->p, (size_t)(p - r->p));
    if (p == r->end || !utf8_valid(raw))
        return false;
    r->p = p + 1;
    *out = raw;
    return !escapes || unescape(r, raw, out);
}

/* From behind the opening quote.  A view of the text, or what is in the room until its next use. */
static bool take_string(struct reader *r, struct str *out)
{
    const char *p = behind_plain(r->p, r->end);
    if (p == r->end || *p != '"')
        return take_odd_string(r, p, out);
    *out = str_n(r->p, (size_t)(p - r->p));
    r->p = p + 1;
    return true;
}

/* ---- values ---- */

static json_t *take_value(struct reader *r);

static json_t *take_text(struct reader *r)
{
    struct str s;
    r->p++;
    return take_string(r, &s) ? json_stringn_nocheck(s.p, s.n) : NULL;
}

static json_t *take_word(struct reader *r, struct str word, json_t *value)
{
    if (!str_starts(str_n(r->p, (size_t)(r->end - r->p)), word))
        return NULL;
    r->p += word.n;
    return value;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Left to jansson, as writing is: strtod reads what the locale takes for a decimal point. */
static json_t *take_real(struct reader *r, const char *from)
{
    static const unsigned char more[256] = {
        ['+'] = 1, ['-'] = 1, ['.'] = 1, ['e'] = 1, ['E'] = 1
    };
    while (r->p < r->end && (digit(*r->p) || more[(unsigned char)*r->p]))
        r->p++;
    return json_loadb(from, (size_t)(r->p - from), JSON_DECODE_ANY, NULL);
}

static json_t *take_number(struct reader *r)
{
    const char *from = r->p;
    int64_t value;
    r->p += *r->p == '-';
    const char *first = r->p;
    while (r->p < r->end && digit(*r->p))
        r->p++;
    if (r->p < r->end && (*r->p == '.' || *r->p == 'e' || *r->p == 'E'))
        return take_real(r, from);
    if (r->p - first > 1 && *first == '0')
        return NULL;
    return str_to_i64(str_n(from, (size_t)(r->p - from)), &value) ? json_integer(value) : NULL;
}

/* Until 2.14 jansson took only keys that end in NUL. */
static bool set_member(struct reader *r, json_t *object, struct str key, json_t *value)
{
    char *p = room(r, key.n + 1);
    memcpy(p, key.p, key.n);
    p[key.n] = '\0';
    return json_object_set_new_nocheck(object, p, value) == 0;
}

static bool take_member(struct reader *r, json_t *object)
{
    struct str key;
    size_t before = json_object_size(object);
    if (!take(r, '"') || !take_string(r, &key) || !take(r, ':'))
        return false;
    if (key.p == r->room) /* which the value may need */
        key = arena_str(scratch(r), key);
    json_t *value = take_value(r);
    if (!value || !set_member(r, object, key, value))
        return false;
    return r->duplicates == JSON_LAST_WINS || json_object_size(object) > before;
}

static bool take_members(struct reader *r, json_t *object)
{
    if (take(r, '}'))
        return true;
    do
        if (!take_member(r, object))
            return false;
    while (take(r, ','));
    return take(r, '}');
}

static bool take_items(struct reader *r, json_t *array)
{
    if (take(r, ']'))
        return true;
    do
        if (json_array_append_new(array, take_value(r)) != 0)
            return false;
    while (take(r, ','));
    return take(r, ']');
}

static json_t *take_nested(struct reader *r, bool object)
{
    if (!r->levels)
        return NULL;
    json_t *v = object ? json_object() : json_array();
    r->p++;
    r->levels--;
    bool taken = object ? take_members(r, v) : take_items(r, v);
    r->levels++;
    if (taken)
        return v;
    json_decref(v);
    return NULL;
}

static json_t *take_value(struct reader *r)
{
    skip_blanks(r);
    if (r->p == r->end)
        return NULL;
    switch (*r->p) {
    case '{':
        return take_nested(r, true);
    case '[':
        return take_nested(r, false);
    case '"':
        return take_text(r);
    case 't':
        return take_word(r, STR("true"), json_true());
    case 'f':
        return take_word(r, STR("false"), json_false());
    case 'n':
        return take_word(r, STR("null"), json_null());
    default:
        return take_number(r);
    }
}

json_t *json_parse(struct str text, enum json_duplicates duplicates, size_t levels)
{
    const char *from = text.n ? text.p : ""; /* to NULL nothing can be added, not even 0 */
    struct reader r = {
        .p = from, .end = from + text.n, .duplicates = duplicates, .levels = levels
    };
    r.room = r.short_room;
    r.room_bytes = sizeof r.short_room;
    json_t *root = take_value(&r);
    skip_blanks(&r);
    if (r.p < r.end) {
        json_decref(root);
        root = NULL;
    }
    arena_free(r.scratch);
    return root;
}
