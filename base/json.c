#include "base/json.h"

#include "base/encode.h"
#include "base/json_parse.h"
#include "base/json_write.h"
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- places: a scanner over text that was accepted, or is about to be judged ---- */

struct scan {
    struct str text;
    size_t at;
};

static char peek(const struct scan *s)
{
    return s->at < s->text.n ? s->text.p[s->at] : '\0';
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blank(struct scan *s)
{
    while (s->at < s->text.n && blank(s->text.p[s->at]))
        s->at++;
}

/* Whether c ends a number or a literal. */
static bool ends_word(char c)
{
    return blank(c) || (c && strchr(",:{}[]\"", c));
}

/* Moves behind a string; *inside is what stood between the quotes. */
static void skip_string(struct scan *s, struct str *inside)
{
    size_t from = ++s->at;
    while (s->at < s->text.n && s->text.p[s->at] != '"')
        s->at += s->text.p[s->at] == '\\' ? 2 : 1;
    if (s->at > s->text.n)
        s->at = s->text.n;
    *inside = str_sub(s->text, from, s->at - from);
    s->at++;
}

static void skip_value(struct scan *s)
{
    struct str inside;
    size_t depth = 0;
    do {
        skip_blank(s);
        char c = peek(s);
        if (c == '"') {
            skip_string(s, &inside);
        } else if (c == '{' || c == '[') {
            depth++;
            s->at++;
        } else if (c == '}' || c == ']') {
            depth--;
            s->at++;
        } else if (c == ',' || c == ':') {
            s->at++;
        } else {
            while (s->at < s->text.n && !ends_word(s->text.p[s->at]))
                s->at++;
        }
    } while (depth && s->at < s->text.n);
}

static bool same_key(struct str raw, const char *key)
{
    if (!str_contains(raw, STR("\\")))
        return str_eq(raw, str_of(key));
    /* An escaped key: let jansson read it. */
    json_t *v = json_loadb(raw.p - 1, raw.n + 2, JSON_DECODE_ANY, NULL);
    bool same = v && str_eq(json_str(v), str_of(key));
    json_decref(v);
    return same;
}

/* Goes to the last member so named: where duplicates are let pass, the last one counts. */
static void enter_member(struct scan *s, const char *key)
{
    struct str raw;
    size_t found = ++s->at;
    for (skip_blank(s); peek(s) == '"'; skip_blank(s)) {
        skip_string(s, &raw);
        skip_blank(s);
        s->at++; /* ':' */
        skip_blank(s);
        if (same_key(raw, key))
            found = s->at;
        skip_value(s);
        skip_blank(s);
        s->at += peek(s) == ',';
    }
    s->at = found;
}

static void enter_item(struct scan *s, size_t index)
{
    s->at++;
    for (size_t i = 0; i < index && s->at < s->text.n; i++) {
        skip_value(s);
        skip_blank(s);
        s->at += peek(s) == ',';
    }
    skip_blank(s);
}

static void walk(struct scan *s, const struct json_at *at)
{
    if (at->anchor) {
        s->at = at->anchor->offset;
        return;
    }
    if (!at->up) {
        skip_blank(s);
        return;
    }
    walk(s, at->up);
    if (at->key)
        enter_member(s, at->key);
    else
        enter_item(s, at->index);
}

/* The characters in n bytes: those bytes that continue none.  Eight at a time. */
static size_t characters(const char *p, size_t n)
{
    const uint64_t ones = UINT64_MAX / 255;
    size_t count = n;
    for (uint64_t word; n >= sizeof word; p += sizeof word, n -= sizeof word) {
        memcpy(&word, p, sizeof word);
        uint64_t continued = word >> 7 & ~(word >> 6) & ones;
        count -= continued * ones >> 56; /* the sum of the eight */
    }
    while (n--)
        count -= ((unsigned char)*p++ & 0xC0) == 0x80;
    return count;
}

void json_anchor_move(struct json_anchor *anchor, struct str text, size_t offset)
{
    if (offset > text.n)
        offset = text.n;
    if (offset <= anchor->offset)
        return;
    const char *p = text.p + anchor->offset, *end = text.p + offset, *eol;
    while ((eol = memchr(p, '\n', (size_t)(end - p)))) {
        anchor->line++;
        anchor->column = 1;
        p = eol + 1;
    }
    anchor->column += characters(p, (size_t)(end - p));
    anchor->offset = offset;
}

/* The document's first byte: offset 0 of its own text, line and column of the larger one. */
static struct json_anchor first_byte(const struct json_origin *origin)
{
    if (!origin->anchor.line)
        return (struct json_anchor){ 0, 1, 1 };
    return (struct json_anchor){ 0, origin->anchor.line, origin->anchor.column };
}

static struct json_anchor locate(const struct json_at *at)
{
    struct scan s = { at->doc->text, 0 };
    struct json_anchor a = first_byte(&at->doc->origin);
    walk(&s, at);
    while (at && !at->anchor)
        at = at->up;
    if (at)
        a = *at->anchor;
    json_anchor_move(&a, s.text, s.at);
    return a;
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

struct json_anchor json_at_anchor(const struct json_at *at)
{
    return locate(at);
}

static bool plain_key(struct str key)
{
    if (!key.n || !(letter(*key.p) || *key.p == '$'))
        return false;
    for (size_t i = 1; i < key.n; i++)
        if (!letter(key.p[i]) && !(key.p[i] >= '0' && key.p[i] <= '9'))
            return false;
    return true;
}

struct str json_path_member(struct arena *a, struct str path, struct str key)
{
    if (plain_key(key))
        return arena_join(a, path, STR("."), key);
    json_t *v = json_of(key);
    struct str quoted = json_text(a, v);
    json_decref(v);
    return arena_join(a, path, STR("["), quoted, STR("]"));
}

struct str json_path_item(struct arena *a, struct str path, size_t index)
{
    char digits[24], *end = digits + sizeof digits, *p = end;
    *--p = ']';
    do
        *--p = (char)('0' + index % 10);
    while (index /= 10);
    *--p = '[';
    return arena_join(a, path, str_n(p, (size_t)(end - p)));
}

static void put_path(struct text *t, const struct json_at *at)
{
    if (!at->up) {
        text_put(t, at->doc->origin.path.n ? at->doc->origin.path : STR("$"));
        return;
    }
    put_path(t, at->up);
    if (at->key)
        text_put(t, json_path_member(t->arena, STR(""), str_of(at->key)));
    else
        text_put(t, json_path_item(t->arena, STR(""), at->index));
}

struct str json_at_path(struct arena *a, const struct json_at *at)
{
    struct text t = text_new(a, 64 * 1024);
    put_path(&t, at);
    return text_str(&t);
}

struct str json_at_place(struct arena *a, const struct json_at *at)
{
    struct json_anchor found = locate(at);
    struct str path = json_at_path(a, at);
    return arena_printf(a, "%.*s:%zu:%zu: %.*s", STR_ARG(at->doc->name), found.line, found.column,
                        STR_ARG(path));
}

/* ---- loading ---- */

/* The offset at which nesting first exceeds the bound, or text.n; depth: of what is around it. */
static size_t too_deep(struct str text, size_t depth)
{
    struct str inside;
    for (struct scan s = { text, 0 }; s.at < text.n;) {
        char c = text.p[s.at];
        if (c == '"') {
            skip_string(&s, &inside);
            continue;
        }
        if ((c == '{' || c == '[') && ++depth > JSON_DEPTH_MAX)
            return s.at;
        if ((c == '}' || c == ']') && depth)
            depth--;
        s.at++;
    }
    return text.n;
}

static void drop_json(void *v)
{
    json_decref(v);
}

json_t *json_keep(struct arena *a, json_t *v)
{
    if (v)
        arena_defer(a, drop_json, v);
    return v;
}

/* Like the detail, the place of the first failure stays. */
static void set_place(struct why *why, struct str name, size_t line, size_t column)
{
    if (why->fault == FAULT_NONE)
        why->place = arena_printf(why->arena, "%.*s:%zu:%zu", STR_ARG(name), line, column);
}

static void set_place_of_byte(struct why *why, struct str name, struct json_anchor at,
                              struct str text, size_t offset)
{
    json_anchor_move(&at, text, offset);
    set_place(why, name, at.line, at.column);
}

/* jansson counts the lines from 1 and the characters it has read of the last one. */
static void set_place_of_error(struct why *why, struct str name, struct json_anchor first,
                               const json_error_t *error)
{
    size_t line = error->line > 1 ? (size_t)error->line : 1;
    size_t column =
        (line > 1 ? 0 : first.column - 1) + (size_t)(error->column > 0 ? error->column : 0);
    set_place(why, name, first.line + line - 1, column ? column : 1);
}

/*
 * What is wrong with a text that json_parse does not take.  Jansson words it, and decides: should
 * it take the text, it is one.
 */
static struct outcome refuse(struct why *why, struct str name, struct str text,
                             enum json_duplicates duplicates, const struct json_origin *origin,
                             json_t **out)
{
    const struct json_anchor first = first_byte(origin);
    size_t deep = too_deep(text, origin->depth), nul = str_find(text, '\0');
    json_error_t error;
    size_t flags =
        JSON_DECODE_ANY | (duplicates == JSON_DUPLICATES_REFUSED ? JSON_REJECT_DUPLICATES : 0);

    if (deep < text.n) {
        set_place_of_byte(why, name, first, text, deep);
        FAIL(why, JSON_TOO_DEEP, "nested deeper than %d levels", JSON_DEPTH_MAX);
    }
    if (nul < text.n) { /* jansson would let one pass behind a number or a literal */
        set_place_of_byte(why, name, first, text, nul);
        FAIL(why, JSON_INVALID, "not valid JSON: a NUL byte");
    }
    json_t *root = json_loadb(text.n ? text.p : "", text.n, flags, &error);
    if (!root) {
        set_place_of_error(why, name, first, &error);
        FAIL(why, JSON_INVALID, "not valid JSON: %s", error.text);
    }
    assert(!root); /* json_parse takes what jansson takes */
    *out = root;
    return OK;
}

struct outcome json_load_within(struct arena *a, struct why *why, struct str name, struct str text,
                                enum json_duplicates duplicates, const struct json_origin *origin,
                                struct json_doc **out)
{
    size_t levels = origin->depth < JSON_DEPTH_MAX ? JSON_DEPTH_MAX - origin->depth : 0;
    json_t *root = json_parse(text, duplicates, levels);
    if (!root)
        TRY(refuse(why, name, text, duplicates, origin, &root));
    struct json_doc *doc = arena_make(a, struct json_doc);
    *doc = (struct json_doc){
        .name = name, .text = text, .root = json_keep(a, root), .origin = *origin
    };
    *out = doc;
    return OK;
}

struct outcome json_load(struct arena *a, struct why *why, struct str name, struct str text,
                         enum json_duplicates duplicates, struct json_doc **out)
{
    const struct json_origin whole = { 0 };
    return json_load_within(a, why, name, text, duplicates, &whole, out);
}

/* ---- walking ---- */

struct json_at json_at_root(const struct json_doc *doc)
{
    return (struct json_at){ .doc = doc, .value = doc->root };
}

bool json_at_member(const struct json_at *at, const char *key, struct json_at *out)
{
    json_t *v = json_object_get(at->value, key);
    if (!v)
        return false;
    *out = (struct json_at){ .up = at, .doc = at->doc, .key = key, .value = v };
    return true;
}

struct json_at json_at_item(const struct json_at *at, size_t index)
{
    return (struct json_at){
        .up = at, .doc = at->doc, .index = index, .value = json_array_get(at->value, index)
    };
}

struct json_items json_items_of(const struct json_at *list)
{
    return (struct json_items){ .list = *list };
}

bool json_items_next(struct json_items *it)
{
    struct scan s = { it->list.doc->text, it->anchor.offset };
    if (it->next >= json_array_size(it->list.value))
        return false;
    if (!it->next) {
        it->anchor = locate(&it->list);
        s.at = it->anchor.offset;
        enter_item(&s, 0);
    } else {
        skip_value(&s);
        skip_blank(&s);
        s.at += peek(&s) == ',';
        skip_blank(&s);
    }
    json_anchor_move(&it->anchor, s.text, s.at);
    it->item = json_at_item(&it->list, it->next++);
    it->item.anchor = &it->anchor;
    return true;
}

struct outcome json_fail(const struct json_at *at, struct why *why, enum fault fault,
                         const char *format, ...)
{
    va_list args;
    if (why->fault == FAULT_NONE)
        why->place = json_at_place(why->arena, at);
    va_start(args, format);
    struct outcome o = why_vset(why, fault, format, args);
    va_end(args);
    return o;
}

const char *json_type_name(const json_t *v)
{
    if (!v)
        return "nothing";
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a fractional number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a boolean";
    case JSON_NULL:
        return "null";
    }
    return "nothing";
}

static struct outcome wrong_type(const struct json_at *at, struct why *why, const char *wanted)
{
    return json_fail(at, why, FAULT_CONFIG_INVALID, "expected %s, found %s", wanted,
                     json_type_name(at->value));
}

struct outcome json_want_object(const struct json_at *at, struct why *why)
{
    return json_is_object(at->value) ? OK : wrong_type(at, why, "an object");
}

struct outcome json_want_array(const struct json_at *at, struct why *why)
{
    return json_is_array(at->value) ? OK : wrong_type(at, why, "an array");
}

struct outcome json_want_str(const struct json_at *at, struct why *why, struct str *out)
{
    if (!json_is_string(at->value))
        return wrong_type(at, why, "a string");
    *out = json_str(at->value);
    return OK;
}

struct outcome json_want_i64(const struct json_at *at, struct why *why, int64_t *out)
{
    if (!json_is_integer(at->value))
        return wrong_type(at, why, "an integer");
    *out = json_integer_value(at->value);
    return OK;
}

struct outcome json_want_bool(const struct json_at *at, struct why *why, bool *out)
{
    if (!json_is_boolean(at->value))
        return wrong_type(at, why, "true or false");
    *out = json_is_true(at->value);
    return OK;
}

static bool among(const char *key, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(key, *names) == 0)
            return true;
    return false;
}

struct outcome json_fail_unknown(const struct json_at *at, struct why *why, struct str key,
                                 const char *const *names)
{
    struct text list = text_new(why->arena, 2048);
    for (const char *const *n = names; *n; n++)
        text_printf(&list, "%s%s", n == names ? "" : ", ", *n);
    return json_fail(at, why, FAULT_CONFIG_INVALID, "unknown member \"%.*s\"; expected one of: %s",
                     STR_ARG(key), text_str(&list).p);
}

struct outcome json_want_members(const struct json_at *at, struct why *why,
                                 const char *const *names)
{
    const char *key;
    json_t *value;
    TRY(json_want_object(at, why));
    json_object_foreach(at->value, key, value)
    {
        if (among(key, names))
            continue;
        struct json_at member = { .up = at, .doc = at->doc, .key = key, .value = value };
        return json_fail_unknown(&member, why, str_of(key), names);
    }
    return OK;
}

/* ---- values ---- */

struct str json_str(const json_t *v)
{
    return json_is_string(v) ? str_n(json_string_value(v), json_string_length(v)) : STR("");
}

static struct str dump(struct arena *a, const json_t *v, int indent)
{
    struct text t = text_new(a, SIZE_MAX / 4);
    if (!v)
        return STR("null");
    json_write(&t, v, indent);
    return text_str(&t);
}

struct str json_text(struct arena *a, const json_t *v)
{
    return dump(a, v, JSON_WRITE_COMPACT);
}

struct str json_text_pretty(struct arena *a, const json_t *v)
{
    return dump(a, v, JSON_WRITE_PRETTY);
}

json_t *json_of(struct str s)
{
    if (utf8_valid(s))
        return json_stringn_nocheck(s.n ? s.p : "", s.n);
    struct arena *a = arena_new();
    struct text t = text_new(a, s.n * 3 + 1);
    while (s.n) {
        size_t n = s.n < 4 ? s.n : 4;
        while (n && !utf8_valid(str_sub(s, 0, n)))
            n--;
        text_put(&t, n ? str_sub(s, 0, n) : STR("\xEF\xBF\xBD"));
        s = str_sub(s, n ? n : 1, s.n);
    }
    json_t *v = json_stringn_nocheck(text_str(&t).p, t.n);
    arena_free(a);
    return v;
}
