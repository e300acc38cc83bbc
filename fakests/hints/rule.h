#ifndef FAKESTS_HINTS_RULE_H
#define FAKESTS_HINTS_RULE_H

#include "fakests/explain.h"
#include "fakests/hints/hints.h"
#include "fakests/web_identity.h"

/* One explained exchange, as far as it came: what the rules look at. */
struct hint_case {
    struct arena *arena;
    const struct iam *iam;
    const struct explain_ask *ask;
    const struct trace *trace;
    const struct web_identity *who;
    json_t *trust_document;  /* the role's, as JSON */
    const struct role *role; /* NULL: no such role, or not looked for */
    enum fault fault;        /* FAULT_NONE: allowed */
    struct policy_principal principals[2];
    size_t n_principals;
    struct statement *closest; /* the Allow statement that comes nearest to allowing; or NULL */
};

/* One key below one operator of a statement, in the document and as it was evaluated. */
struct clause {
    const struct statement *statement;
    const struct policy_condition_trace *trace;
    struct str key, suffix;         /* "oidc.example.com:sub" and its "sub" */
    bool own;                       /* the key begins with the provider's URL and a colon */
    struct str base;                /* "StringLike" of "ForAnyValue:StringLikeIfExists" */
    struct str set;                 /* "ForAnyValue:", "ForAllValues:", or empty */
    bool if_exists, negated;        /* negated: StringNotEquals and its like */
    const struct keys_entry *entry; /* what the request has; NULL: nothing */
    json_t *block, *value;          /* the operator's object; the wanted value or values */
    struct str at_block, at;        /* JSON Pointers to both */
};

struct statement {
    const struct policy_statement_trace *trace;
    json_t *document, *condition; /* condition NULL: the statement has none */
    struct str at, at_condition;
    struct clause *clauses;
    size_t n_clauses;
};

/*
 * A rule says whether it applies, and then fills in text and edit.  It may leave the edit out.
 * Each rule has one of these forms.
 */
typedef bool hint_of_case(const struct hint_case *c, struct hint *out);
typedef bool hint_of_statement(const struct hint_case *c, const struct statement *s,
                               struct hint *out);
typedef bool hint_of_clause(const struct hint_case *c, const struct clause *k, struct hint *out);

#endif
