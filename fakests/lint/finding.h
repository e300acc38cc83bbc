#ifndef FAKESTS_LINT_FINDING_H
#define FAKESTS_LINT_FINDING_H

#include "base/fault.h"

/*
 * What lint found in one file and in the files it names.  Texts live in the arena or are constants.
 */
enum lint_severity { LINT_NOTE, LINT_WARNING, LINT_ERROR };
enum { LINT_SEVERITIES = 3 };

struct lint_rule;

struct finding {
    const struct lint_rule *rule;
    enum lint_severity severity; /* the rule's, but for a role that IAM leaves as it is */
    struct str file, path;       /* path: "$.roles[0].trust_policy" */
    size_t line, column;         /* from 1, columns in characters */
    struct str message, fix;
    size_t sequence; /* in which order they were found */
};

/* Each finding costs a walk through the file to its place, so their number is bounded. */
enum { FINDINGS_MAX = 1000 };

struct findings {
    struct arena *arena; /* borrowed */
    struct finding *items;
    size_t n, capacity;
    bool left_out[LINT_SEVERITIES]; /* whether there are more of these, beyond FINDINGS_MAX */
};

struct findings findings_new(struct arena *a);
/* Whether one more would be left out, its place not worth looking for. */
bool findings_full(const struct findings *f);
/*
 * Adds one; the same rule with the same message at the same place is told once.  `place` is what
 * json_at_place and struct why have, "file:line:column: $.path".
 */
void findings_add(struct findings *f, const struct lint_rule *rule, enum lint_severity severity,
                  struct str place, struct str message, struct str fix);
/* Whether there is an error at that place already. */
bool findings_error_at(const struct findings *f, struct str place);
/* By file, line and column, then as they were found. */
void findings_sort(struct findings *f);

size_t findings_count(const struct findings *f, enum lint_severity severity);

/* "error", "warning", "note". */
const char *finding_severity_name(enum lint_severity severity);

#endif
