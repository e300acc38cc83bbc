#ifndef SCENARIOS_LINT_FILE_H
#define SCENARIOS_LINT_FILE_H

#include "fakests/lint/lint.h"

/*
 * One file under the rules of lint.  What it is, its content says: a trust policy has a Statement,
 * a scenario steps, a config what a config has.
 */
enum lint_file_kind {
    LINT_FILE_UNKNOWN, /* and that is a finding */
    LINT_FILE_POLICY,
    LINT_FILE_CONFIG,
    LINT_FILE_SCENARIO, /* its steps are read, its world is looked at */
};

/* `name` is the file's path, for places and for relative {"$file"}s.  Adds to *out, sorted. */
enum lint_file_kind lint_file(struct findings *out, struct str name, struct str text,
                              bool files_allowed);

#endif
