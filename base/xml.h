#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/fault.h"
#include "base/text.h"

/*
 * XML in the spelling of AWS's Query protocol replies (aws.md section 1.4): two spaces a level, one
 * leaf a line, a final newline, no declaration, and in text only &, < and > escaped (an apostrophe
 * and a quotation mark stand as they are; libxml2's writer cannot be told to leave the latter
 * alone). Characters that XML 1.0 does not allow become '?'.
 */
struct xml {
    struct text *out; /* borrowed */
    int depth;
};

struct xml xml_new(struct text *out);
/* <name> or <name xmlns="...">, to be ended by xml_close with the same name. */
void xml_open(struct xml *x, const char *name, const char *xmlns);
void xml_close(struct xml *x, const char *name);
/* <name>value</name>; an empty value is written <name/>, as AWS does. */
void xml_leaf(struct xml *x, const char *name, struct str value);
void xml_leaf_i64(struct xml *x, const char *name, int64_t value);

/* The text with '?' for what no XML 1.0 document may hold, and otherwise as it is; in the arena. */
struct str xml_clean(struct arena *a, struct str s);

/* An element that was read; prefixes and attributes are dropped. */
struct xml_node {
    struct str name, text;
    struct xml_node *first_child, *next;
};

/*
 * Reads a document with libxml2: no network, no entities, no DTD.  JSON_INVALID's counterpart here
 * is PEER_UNINTELLIGIBLE, for only answers of servers are read.
 */
OUTCOME xml_read(struct arena *a, struct why *why, struct str text, struct xml_node **root);
/* The node's descendant along "A/B/C", or NULL. */
const struct xml_node *xml_find(const struct xml_node *node, const char *path);
/* Its text, or empty. */
struct str xml_text(const struct xml_node *node, const char *path);

#endif
