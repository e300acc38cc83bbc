#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/fault.h"

#include <jansson.h>

/*
 * Strict JSON (RFC 8259) on top of jansson.  Every failure names its place, as
 * "file:line:column: $.roles[0].name": jansson keeps no positions, so the text is kept and the
 * place is looked up by walking it again, which costs nothing until something is wrong.
 */

enum {
    /* Nesting that a person could write; bounds the recursion of every reader. */
    JSON_DEPTH_MAX = 64,
};

/* Where in a text a value begins: an offset in bytes; line and column from 1, in characters. */
struct json_anchor {
    size_t offset, line, column;
};

/*
 * Of a document that is a part of a larger text: where it stands there.  All places told of it are
 * then places of the larger text.  All zero for a document that is a whole text.
 */
struct json_origin {
    struct str path;           /* of the root: "$.roles[44]"; empty means "$" */
    struct json_anchor anchor; /* where the document's text begins; line 0 means at the start */
    size_t depth;              /* the objects and arrays around it */
};

struct json_doc {
    struct str name; /* file name, "body", "token claims": what a message calls it */
    struct str text; /* borrowed: must live as long as the document */
    json_t *root;    /* owned by the arena the document was loaded into */
    struct json_origin origin;
};

enum json_duplicates { JSON_DUPLICATES_REFUSED, JSON_LAST_WINS };

/*
 * Parses text, a whole JSON text of any type.  Fails with JSON_TOO_DEEP or JSON_INVALID.  Duplicate
 * members are refused, or the last one counts, as the caller says.
 */
OUTCOME json_load(struct arena *a, struct why *why, struct str name, struct str text,
                  enum json_duplicates duplicates, struct json_doc **out);

/* The same for a text that is a part of a larger one; the bound on nesting counts from there. */
OUTCOME json_load_within(struct arena *a, struct why *why, struct str name, struct str text,
                         enum json_duplicates duplicates, const struct json_origin *origin,
                         struct json_doc **out);

/* Moves forward to an offset of the text, counting lines and characters on the way. */
void json_anchor_move(struct json_anchor *anchor, struct str text, size_t offset);

/* "$.roles" and "name" make "$.roles.name" (or ["..."] around the key); and 44 "$.roles[44]". */
struct str json_path_member(struct arena *a, struct str path, struct str key);
struct str json_path_item(struct arena *a, struct str path, size_t index);

/* A value and the way to it from the root.  Lives on the stack of whoever walks the document. */
struct json_at {
    const struct json_at *up; /* NULL at the root */
    const struct json_doc *doc;
    const char *key; /* of a member; NULL for an array element */
    size_t index;    /* of an element */
    json_t *value;
    /* NULL: not known, looked up from the root when it matters.  The offset is of the document's
     * text, line and column are those of the larger text it may be a part of. */
    const struct json_anchor *anchor;
};

struct json_at json_at_root(const struct json_doc *doc);
/* The member `key`; false when at is no object or has none. */
bool json_at_member(const struct json_at *at, const char *key, struct json_at *out);
struct json_at json_at_item(const struct json_at *at, size_t index);

/*
 * The items of an array in turn.  Places in them are looked up from the item, not from the root:
 * for whoever tells of many places in one long list.  Must stay where it is while it is used.
 */
struct json_items {
    struct json_at list, item;
    struct json_anchor anchor; /* of the item */
    size_t next;
};
struct json_items json_items_of(const struct json_at *list);
/* Puts the next one into it->item; false when there is none. */
bool json_items_next(struct json_items *it);

/* Where the value begins: offset in at->doc->text, line and column of the whole text. */
struct json_anchor json_at_anchor(const struct json_at *at);
/* "$.roles[0].name", with ["..."] around keys that are not identifiers. */
struct str json_at_path(struct arena *a, const struct json_at *at);
/* "file:line:column: $.path". */
struct str json_at_place(struct arena *a, const struct json_at *at);

/* Refuses the value at `at`: sets why's place, then its detail. */
struct outcome json_fail(const struct json_at *at, struct why *why, enum fault fault,
                         const char *format, ...) __attribute__((format(printf, 4, 5)))
__attribute__((warn_unused_result));

/* The refusal of a member at `at` whose key is none of `names`, ended by NULL. */
struct outcome json_fail_unknown(const struct json_at *at, struct why *why, struct str key,
                                 const char *const *names) __attribute__((warn_unused_result));

/* Typed getters: CONFIG_INVALID "expected a string, found a number" at the value's place. */
OUTCOME json_want_object(const struct json_at *at, struct why *why);
OUTCOME json_want_array(const struct json_at *at, struct why *why);
/* The text lives as long as the document. */
OUTCOME json_want_str(const struct json_at *at, struct why *why, struct str *out);
OUTCOME json_want_i64(const struct json_at *at, struct why *why, int64_t *out);
OUTCOME json_want_bool(const struct json_at *at, struct why *why, bool *out);
/* An object all of whose members are among `names` (ended by NULL); the message lists them. */
OUTCOME json_want_members(const struct json_at *at, struct why *why, const char *const *names);

/* The text of a JSON string; empty when v is none. */
struct str json_str(const json_t *v);
/* "a string", "an object", ...: for messages. */
const char *json_type_name(const json_t *v);
/* The value as compact JSON (members in their order), in the arena. */
struct str json_text(struct arena *a, const json_t *v);
struct str json_text_pretty(struct arena *a, const json_t *v);
/* A JSON string over s; bytes that are not UTF-8 become U+FFFD.  A new reference. */
json_t *json_of(struct str s);
/* Gives a reference to the arena and returns it borrowed. */
json_t *json_keep(struct arena *a, json_t *v);

#endif
