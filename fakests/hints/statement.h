#ifndef FAKESTS_HINTS_STATEMENT_H
#define FAKESTS_HINTS_STATEMENT_H

#include "fakests/hints/rule.h"

/* The statement of that index, of the role's trust policy as it was evaluated. */
struct statement statement_read(const struct hint_case *c, size_t index);

/*
 * How much keeps the statement from matching: 0 when it does.  A key that is absent weighs more
 * than one with another value, so that naming the right key is a step ahead.
 */
unsigned statement_distance(const struct policy_statement_trace *s);
/* What a clause that does not hold adds to it. */
unsigned statement_clause_distance(const struct policy_condition_trace *t);
/* The distance, with a Principal that names this provider but for a slip near, and another one far.
 */
unsigned statement_rank(const struct hint_case *c, const struct statement *s);
/* From there on the statement is about somebody else. */
enum { STATEMENT_FAR = 100 };

/* "oidc.example.com/x:sub" → "oidc.example.com/x" and "sub"; a port's colon does not count. */
void statement_split_key(struct str key, struct str *prefix, struct str *suffix);
/* The wanted values of a clause, variables put in where that can be done. */
struct str statement_wanted(const struct clause *k, size_t i);
/* A positive condition on one of the provider's own keys with that suffix; or NULL. */
const struct clause *statement_clause_on(const struct statement *s, struct str suffix);

#endif
