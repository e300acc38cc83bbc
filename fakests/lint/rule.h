#ifndef FAKESTS_LINT_RULE_H
#define FAKESTS_LINT_RULE_H

#include "fakests/lint/finding.h"
#include "fakests/policy/compiled.h"

struct review;

/*
 * A rule of lint: one row of the table in rule.c.  docs/lint.md lists them for people, and is
 * checked against the table.  An id is never renamed.
 */
struct lint_rule {
    const char *id;
    enum lint_severity severity;
    const char *about;     /* what is wrong */
    const char *why;       /* what comes of it */
    const char *fix;       /* what to write, where the place does not tell it better */
    const char *reference; /* where that is documented */

    /* What looks for it; none where a refusal is told as it comes. */
    void (*condition)(const struct review *r, const struct condition *k);
    void (*statement)(const struct review *r);
    void (*role)(const struct review *r);
    void (*provider)(const struct review *r);
};

/* All rows. */
const struct lint_rule *rule_all(size_t *n);
/* The rule of that id, which must exist. */
const struct lint_rule *rule_get(const char *id);

#endif
