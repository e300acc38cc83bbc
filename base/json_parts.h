#ifndef BASE_JSON_PARTS_H
#define BASE_JSON_PARTS_H

#include "base/json.h"

/*
 * A JSON text taken apart without being parsed: the members of its object, the items of an array,
 * each as the piece of text it is.  A world of thousands of roles is cut up in milliseconds, and a
 * role is parsed when somebody asks for it.
 *
 * A part remembers where it stands.  What is wrong with it is told with file, line, column and JSON
 * path of the whole text, as if that had been parsed: "world.json:812:7: $.roles[44].name".
 */
struct json_part {
    struct str name;           /* of the whole text, as in json_load */
    struct str text;           /* this value, without blanks around it: a view */
    struct str path;           /* "$", "$.roles", "$.roles[44]" */
    struct str key;            /* of a member, decoded; empty for an item */
    struct json_anchor anchor; /* where it begins in the whole text */
    size_t depth;              /* the objects and arrays around it */
};

struct json_parts {
    struct json_part *items;
    size_t n;
};

/* The whole text as a part; nothing is looked at yet. */
struct json_part json_part_whole(struct arena *a, struct str name, struct str text);

/* The text of a value of a document that was parsed, as a part of it. */
struct json_part json_part_of(struct arena *a, const struct json_at *at);

/* '{', '[', '"', 'n' (null), 't', 'f', '0' for a number, '\0' for nothing at all. */
char json_part_kind(const struct json_part *part);

/*
 * The members of an object, in their order; the items of an array.  Fails with CONFIG_INVALID
 * "expected an object, found ..." for another type, and with JSON_INVALID where the text cannot be
 * cut up: an unended string, brackets that do not fit, a comma too many, a duplicate key; with
 * JSON_TOO_DEEP where it is nested too deep.  Place and message are json_load's.  What stands
 * inside the parts is not judged, but for their brackets and the ends of their strings.
 */
OUTCOME json_part_members(struct arena *a, struct why *why, const struct json_part *part,
                          struct json_parts *out);
OUTCOME json_part_items(struct arena *a, struct why *why, const struct json_part *part,
                        struct json_parts *out);

/* A member whose key is among `names` (ended by NULL), as json_want_members wants it. */
OUTCOME json_part_want_key(struct arena *a, struct why *why, const struct json_part *member,
                           const char *const *names);

/* Parses the part.  Strict, as json_load is; JSON_TOO_DEEP counts from the whole text's root. */
OUTCOME json_part_load(struct arena *a, struct why *why, const struct json_part *part,
                       struct json_doc **out);

#endif
