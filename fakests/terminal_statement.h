#ifndef FAKESTS_TERMINAL_STATEMENT_H
#define FAKESTS_TERMINAL_STATEMENT_H

#include "base/json.h"
#include "fakests/policy/policy.h"
#include "fakests/terminal.h"

/*
 * A policy's statement as a page tells it: element by element, what was wanted beside what was got,
 * under a heading "Statement 0 (Allow, Sid) does not match".
 */
struct terminal_statement {
    const struct policy_statement_trace *seen;
    const json_t *document; /* the policy's, for the elements' texts; NULL: not at hand */
    struct str of;          /* what the policy is called; empty: there is but one */
    bool who, what;         /* Principal; Resource */
};

void terminal_statement_put(struct terminal *t, const struct terminal_statement *s);

#endif
