#include "base/json_parts.h"

#include "base/encode.h"
#include "base/map.h"

/* ---- skipping ---- */

static const unsigned char blanks[256] = { [' '] = 1, ['\t'] = 1, ['\r'] = 1, ['\n'] = 1 };

/* Ends a number or a literal. */
static const unsigned char ends_word[256] = {
    [' '] = 1, ['\t'] = 1, ['\r'] = 1, ['\n'] = 1, [','] = 1, [':'] = 1,
    ['{'] = 1, ['}'] = 1,  ['['] = 1,  [']'] = 1,  ['"'] = 1,
};

/* All there is to see on the way to the end of an object or array. */
static const unsigned char nests[256] = {
    ['{'] = 1, ['}'] = 1, ['['] = 1, [']'] = 1, ['"'] = 1,
};

static const char *behind_blanks(const char *p, const char *end)
{
    while (p < end && blanks[(unsigned char)*p])
        p++;
    return p;
}

static const char *behind_word(const char *p, const char *end)
{
    while (p < end && !ends_word[(unsigned char)*p])
        p++;
    return p;
}

/* A quote ends the string unless an odd number of backslashes stands before it.  NULL: unended. */
static const char *behind_string(const char *open, const char *end)
{
    for (const char *p = open + 1; (p = memchr(p, '"', (size_t)(end - p))); p++) {
        const char *slashes = p;
        while (slashes[-1] == '\\') /* the opening quote at the latest is none */
            slashes--;
        if ((p - slashes) % 2 == 0)
            return p + 1;
    }
    return NULL;
}

/* NULL when brackets do not fit, a string is unended, or more than `room` levels are nested. */
static const char *behind_nested(const char *p, const char *end, size_t room)
{
    uint64_t objects =
        0; /* the brackets that are open, innermost last: a bit each, JSON_DEPTH_MAX */
    size_t depth = 0;
    for (;; p++) {
        while (p < end && !nests[(unsigned char)*p])
            p++;
        if (p >= end)
            return NULL;
        if (*p == '"') {
            if (!(p = behind_string(p, end)))
                return NULL;
            p--;
        } else if (*p == '{' || *p == '[') {
            if (depth++ >= room)
                return NULL;
            objects = objects << 1 | (*p == '{');
        } else {
            if ((objects & 1) != (*p == '}'))
                return NULL;
            objects >>= 1;
            if (!--depth)
                return p + 1;
        }
    }
}

/* ---- parts ---- */

static char kind_of(struct str text)
{
    char c = text.n ? *text.p : '\0';
    if (c == '-' || (c >= '0' && c <= '9'))
        return '0';
    return c && strchr("{[\"ntf", c) ? c : '\0';
}

/* NULL where no value is, or one that does not end. */
static const char *behind_value(const char *p, const char *end, size_t room)
{
    char kind = kind_of(str_n(p, (size_t)(end - p)));
    if (kind == '{' || kind == '[')
        return behind_nested(p, end, room);
    if (kind == '"')
        return behind_string(p, end);
    return kind ? behind_word(p, end) : NULL;
}

char json_part_kind(const struct json_part *part)
{
    return kind_of(part->text);
}

struct json_part json_part_whole(struct arena *a, struct str name, struct str text)
{
    struct json_part whole = { .name = name, .path = STR("$"), .anchor = { 0, 1, 1 } };
    struct str inside = str_trim(text);
    json_anchor_move(&whole.anchor, text, inside.n ? (size_t)(inside.p - text.p) : text.n);
    (void)a;
    whole.text = inside;
    return whole;
}

struct json_part json_part_of(struct arena *a, const struct json_at *at)
{
    struct json_part part = { .name = at->doc->name,
                              .path = json_at_path(a, at),
                              .anchor = json_at_anchor(at),
                              .depth = at->doc->origin.depth };
    const struct str text = at->doc->text;
    const char *from = text.p + part.anchor.offset;
    const char *end = behind_value(from, text.p + text.n, JSON_DEPTH_MAX);
    if (at->key)
        part.key = str_of(at->key);
    for (const struct json_at *up = at->up; up; up = up->up)
        part.depth++;
    part.text = str_n(from, end ? (size_t)(end - from) : 0);
    return part;
}

struct outcome json_part_want_key(struct arena *a, struct why *why, const struct json_part *member,
                                  const char *const *names)
{
    struct json_doc *doc;
    for (const char *const *name = names; *name; name++)
        if (str_eq(str_of(*name), member->key))
            return OK;
    TRY(json_part_load(a, why, member, &doc));
    struct json_at at = json_at_root(doc);
    return json_fail_unknown(&at, why, member->key, names);
}

struct outcome json_part_load(struct arena *a, struct why *why, const struct json_part *part,
                              struct json_doc **out)
{
    const struct json_origin origin = { part->path, part->anchor, part->depth };
    return json_load_within(a, why, part->name, part->text, JSON_DUPLICATES_REFUSED, &origin, out);
}

/* ---- cutting up ---- */

enum {
    KEYS_COMPARED = 12, /* up to so many it costs less than hashing them */
};

struct cutter {
    struct arena *arena; /* borrowed */
    const struct json_part *whole;
    const char *p, *end;
    struct json_anchor anchor; /* of the part begun last; the offset is of whole->text */
    struct json_part *parts;
    size_t n, capacity;
    struct map keys;
    struct arena *scratch; /* owned; of keys, NULL while there are few */
};

/* Moves behind the character c and the blanks around it. */
static bool take(struct cutter *c, char wanted)
{
    c->p = behind_blanks(c->p, c->end);
    if (c->p == c->end || *c->p != wanted)
        return false;
    c->p = behind_blanks(c->p + 1, c->end);
    return true;
}

static bool read_key(struct arena *a, struct str quoted, struct str *out)
{
    struct str raw = str_sub(quoted, 1, quoted.n - 2);
    bool plain = true;
    for (size_t i = 0; i < raw.n && plain; i++)
        plain = (unsigned char)raw.p[i] >= 0x20 && raw.p[i] != '\\';
    if (plain) {
        *out = raw;
        return utf8_valid(raw);
    }
    json_t *v = json_loadb(quoted.p, quoted.n, JSON_DECODE_ANY, NULL);
    *out = arena_str(a, json_str(v));
    json_decref(v);
    return v != NULL;
}

/* False for a key that was there before. */
static bool new_key(struct cutter *c, struct str key)
{
    if (!c->scratch) {
        for (size_t i = 0; i < c->n; i++)
            if (str_eq(c->parts[i].key, key))
                return false;
        if (c->n < KEYS_COMPARED)
            return true;
        c->scratch = arena_new();
        c->keys = map_new(c->scratch);
        for (size_t i = 0; i < c->n; i++)
            map_put(&c->keys, c->parts[i].key, c);
    }
    if (map_get(&c->keys, key))
        return false;
    map_put(&c->keys, key, c);
    return true;
}

static bool take_key(struct cutter *c, struct str *out)
{
    const char *open = c->p;
    if (open == c->end || *open != '"' || !(c->p = behind_string(open, c->end)))
        return false;
    return read_key(c->arena, str_n(open, (size_t)(c->p - open)), out) && new_key(c, *out) &&
           take(c, ':');
}

static bool take_value(struct cutter *c, struct str *out)
{
    const char *from = c->p;
    c->p = behind_value(from, c->end, JSON_DEPTH_MAX - 1 - c->whole->depth);
    if (!c->p)
        return false;
    *out = str_n(from, (size_t)(c->p - from));
    return true;
}

static struct json_part *room_for_one(struct cutter *c)
{
    if (c->n == c->capacity) {
        size_t capacity = c->capacity ? c->capacity * 2 : 8;
        struct json_part *parts = arena_room(c->arena, capacity * sizeof *parts);
        if (c->n)
            memcpy(parts, c->parts, c->n * sizeof *parts);
        c->parts = parts;
        c->capacity = capacity;
    }
    return &c->parts[c->n++];
}

static void add(struct cutter *c, struct str key, struct str text, bool member)
{
    const struct json_part *whole = c->whole;
    json_anchor_move(&c->anchor, whole->text, (size_t)(text.p - whole->text.p));
    struct json_anchor anchor = c->anchor;
    anchor.offset += whole->anchor.offset;
    struct str path = member ? json_path_member(c->arena, whole->path, key)
                             : json_path_item(c->arena, whole->path, c->n);
    *room_for_one(c) = (struct json_part){ whole->name, text, path, key, anchor, whole->depth + 1 };
}

/* False when the text is no object, or no array. */
static bool cut_up(struct cutter *c, bool members)
{
    struct str key = { 0 }, text;
    char close = members ? '}' : ']';
    if (c->whole->depth >= JSON_DEPTH_MAX || !take(c, members ? '{' : '['))
        return false;
    if (!take(c, close)) {
        do {
            if ((members && !take_key(c, &key)) || !take_value(c, &text))
                return false;
            add(c, key, text, members);
        } while (take(c, ','));
        if (!take(c, close))
            return false;
    }
    return c->p == c->end;
}

/*
 * What is wrong with a part that could not be cut up: a parser is asked, and says of it what it
 * would say of the whole text.
 */
static struct outcome refuse(struct arena *a, struct why *why, const struct json_part *part,
                             bool members)
{
    struct json_doc *doc;
    TRY(json_part_load(a, why, part, &doc));
    struct json_at root = json_at_root(doc);
    TRY(members ? json_want_object(&root, why) : json_want_array(&root, why));
    return json_fail(&root, why, FAULT_JSON_INVALID, "not valid JSON: it cannot be cut up");
}

static struct outcome cut(struct arena *a, struct why *why, const struct json_part *part,
                          bool members, struct json_parts *out)
{
    if (!part->text.n)
        return refuse(a, why, part, members);
    struct cutter c = {
        .arena = a,
        .whole = part,
        .p = part->text.p,
        .end = part->text.p + part->text.n,
        .anchor = { 0, part->anchor.line, part->anchor.column },
    };
    bool done = cut_up(&c, members);
    arena_free(c.scratch);
    if (!done)
        return refuse(a, why, part, members);
    *out = (struct json_parts){ c.parts, c.n };
    return OK;
}

struct outcome json_part_members(struct arena *a, struct why *why, const struct json_part *part,
                                 struct json_parts *out)
{
    return cut(a, why, part, true, out);
}

struct outcome json_part_items(struct arena *a, struct why *why, const struct json_part *part,
                               struct json_parts *out)
{
    return cut(a, why, part, false, out);
}
