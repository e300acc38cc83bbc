#ifndef ISSUER_CLAIMS_NODE_H
#define ISSUER_CLAIMS_NODE_H

#include "issuer/claims.h"

/* What claims.c compiles a template to, claims_expand.c expands and claims_match.c reads back. */

struct claims_filter {
    const char *name;
    struct str (*apply)(struct arena *a, struct str s);
};
/* NULL when there is none of that name. */
const struct claims_filter *claims_filter_find(struct str name);

enum claims_part_kind { PART_TEXT, PART_SLOT, PART_BUILTIN };

struct claims_part {
    enum claims_part_kind kind;
    struct str text; /* of PART_TEXT */
    size_t slot;
    enum claims_builtin builtin;
    int64_t offset_s; /* of a time */
    const struct claims_filter *filter;
};

struct claims_member {
    const char *key; /* as it will stand in the token */
    bool optional;   /* left out when its value is empty */
    const struct claims_node *node;
};

/* A condition of a case: a slot or $variant equals a value, or does not. */
struct claims_condition {
    bool is_variant, negated;
    size_t slot;
    json_t *value; /* borrowed from the document */
};

struct claims_case {
    struct claims_condition *conditions;
    size_t n;
    const struct claims_node *node;
};

enum claims_node_kind {
    NODE_SCALAR, /* a number, true, false or null */
    NODE_TEXT,   /* parts, one behind another */
    NODE_VALUE,  /* one part, with its JSON type */
    NODE_OBJECT,
    NODE_ARRAY,
    NODE_FIRST,
    NODE_EACH, /* members: texts by element */
};

struct claims_node {
    enum claims_node_kind kind;
    unsigned types;
    uint64_t uses;
    bool varies; /* names a builtin */
    json_t *scalar;
    struct claims_part *parts;
    struct claims_member *members;
    const struct claims_node **items;
    struct claims_case *cases;
    size_t slot; /* the list of NODE_EACH */
    size_t n;    /* of parts, members, items or cases */
};

#endif
