#include "base/json_write.h"

#include <inttypes.h>
#include <stdio.h>

struct writer {
    struct text *t;
    int indent, depth;
};

/* RFC 8259 section 7: what must be escaped. */
static bool must_escape(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

/* The letter that spells it behind a backslash; '\0' where there is none. */
static char escape_letter(char c)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* a character, and how it is spelt */
    for (size_t i = 0; i + 1 < sizeof letters; i += 2)
        if (letters[i] == c)
            return letters[i + 1];
    return '\0';
}

static void put_escape(struct text *t, char c)
{
    char letter = escape_letter(c);
    if (letter)
        text_put(t, str_n((const char[]){ '\\', letter }, 2));
    else
        text_printf(t, "\\u%04X", (unsigned)(unsigned char)c);
}

static void put_string(struct text *t, struct str s)
{
    text_putc(t, '"');
    while (s.n) {
        size_t n = 0;
        while (n < s.n && !must_escape(s.p[n]))
            n++;
        text_put(t, str_sub(s, 0, n));
        if (n < s.n)
            put_escape(t, s.p[n]);
        s = str_sub(s, n + 1, s.n);
    }
    text_putc(t, '"');
}

static void put_integer(struct text *t, json_int_t v)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, v);
    text_put(t, str_n(digits, (size_t)n));
}

static int take(const char *p, size_t n, void *into)
{
    text_put(into, str_n(p, n));
    return 0;
}

static void new_line(struct writer *w)
{
    if (!w->indent)
        return;
    text_putc(w->t, '\n');
    for (int i = 0; i < w->depth * w->indent; i++)
        text_putc(w->t, ' ');
}

static void put_value(struct writer *w, const json_t *v);

static void put_object(struct writer *w, const json_t *v)
{
    json_t *object = (json_t *)(uintptr_t)v, *value; /* jansson iterates over non-const ones only */
    const char *key;
    size_t n = 0;

    text_putc(w->t, '{');
    w->depth++;
    json_object_foreach(object, key, value)
    {
        if (n++)
            text_putc(w->t, ',');
        new_line(w);
        put_string(w->t, str_of(key));
        text_put(w->t, w->indent ? STR(": ") : STR(":"));
        put_value(w, value);
    }
    w->depth--;
    if (n)
        new_line(w);
    text_putc(w->t, '}');
}

static void put_array(struct writer *w, const json_t *v)
{
    size_t n = json_array_size(v);
    text_putc(w->t, '[');
    w->depth++;
    for (size_t i = 0; i < n; i++) {
        if (i)
            text_putc(w->t, ',');
        new_line(w);
        put_value(w, json_array_get(v, i));
    }
    w->depth--;
    if (n)
        new_line(w);
    text_putc(w->t, ']');
}

static void put_value(struct writer *w, const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        put_object(w, v);
        break;
    case JSON_ARRAY:
        put_array(w, v);
        break;
    case JSON_STRING:
        put_string(w->t, str_n(json_string_value(v), json_string_length(v)));
        break;
    case JSON_INTEGER:
        put_integer(w->t, json_integer_value(v));
        break;
    case JSON_REAL: /* the shortest spelling that reads back is jansson's business */
        (void)json_dump_callback(v, take, w->t, JSON_ENCODE_ANY);
        break;
    case JSON_TRUE:
        text_put(w->t, STR("true"));
        break;
    case JSON_FALSE:
        text_put(w->t, STR("false"));
        break;
    case JSON_NULL:
        text_put(w->t, STR("null"));
        break;
    }
}

void json_write(struct text *t, const json_t *v, int indent)
{
    struct writer w = { t, indent, 0 };
    put_value(&w, v);
}

/* ---- measuring ---- */

static size_t string_length(struct str s)
{
    size_t n = 2;
    for (size_t i = 0; i < s.n; i++)
        if (must_escape(s.p[i]))
            n += escape_letter(s.p[i]) ? 2 : 6;
        else
            n += ((unsigned char)s.p[i] & 0xC0) != 0x80; /* bytes that do not begin a character */
    return n;
}

static size_t object_length(const json_t *v)
{
    json_t *object = (json_t *)(uintptr_t)v, *value; /* as above */
    const char *key;
    size_t n = 0, members = 0;
    json_object_foreach(object, key, value)
    {
        n += string_length(str_of(key)) + 1 + json_write_length(value);
        members++;
    }
    return 2 + n + (members ? members - 1 : 0);
}

static size_t array_length(const json_t *v)
{
    size_t items = json_array_size(v), n = 2 + (items ? items - 1 : 0);
    for (size_t i = 0; i < items; i++)
        n += json_write_length(json_array_get(v, i));
    return n;
}

size_t json_write_length(const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        return object_length(v);
    case JSON_ARRAY:
        return array_length(v);
    case JSON_STRING:
        return string_length(str_n(json_string_value(v), json_string_length(v)));
    case JSON_INTEGER:
        return (size_t)snprintf(NULL, 0, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    case JSON_REAL:
        return json_dumpb(v, NULL, 0, JSON_ENCODE_ANY);
    case JSON_FALSE:
        return 5;
    case JSON_TRUE:
    case JSON_NULL:
        return 4;
    }
    return 0;
}
