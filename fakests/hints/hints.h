#ifndef FAKESTS_HINTS_HINTS_H
#define FAKESTS_HINTS_HINTS_H

#include "base/json.h"

/*
 * What to change: named diagnoses over the explanation of an exchange.  docs/why-denied.md lists
 * them for people, and is checked against the table.
 */

enum hint_kind {
    HINT_FIX,     /* stands in the way of the exchange, or names who can take it out of the way */
    HINT_WARNING, /* lets in more than anybody means to */
};

/* One operation of RFC 6902 on a named document. */
struct hint_edit {
    const char *target; /* "trust-policy", "provider", "role", "request"; NULL: nothing to edit */
    struct str of;      /* ARN of the role or provider whose document that is */
    const char *op;     /* "add", "replace", "remove" */
    struct str path;    /* JSON Pointer (RFC 6901) */
    json_t *value;      /* borrowed; NULL for "remove" */
};

struct hint {
    const char *id;
    enum hint_kind kind;
    struct str text; /* one sentence: what is wrong, and what to write */
    struct hint_edit edit;
};

struct hints {
    struct hint *items;
    size_t n;
};

/* A row of the table, for documentation and tests. */
struct hint_about {
    const char *id, *about;
    enum hint_kind kind;
};
/* The nth; false behind the last. */
bool hints_about(size_t n, struct hint_about *out);

struct hint_case;
/*
 * Reads the table from top to bottom.  Every edit of a trust policy was tried: one that would not
 * bring this exchange further is not given.  Lives in the case's arena.
 */
struct hints hints_find(struct hint_case *c);

/* A new reference. */
json_t *hints_json(const struct hints *h);

#endif
