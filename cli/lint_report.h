#ifndef CLI_LINT_REPORT_H
#define CLI_LINT_REPORT_H

#include "fakests/lint/finding.h"

/* What lint found, file by file, in the forms that `understudy lint --format` offers. */
struct lint_report {
    const struct findings *files;
    size_t n_files;
    struct str working_dir; /* absolute; places in SARIF are told from here */
};

/* For people: three lines a finding; ESCs only with `colour`. */
struct str lint_report_text(struct arena *a, const struct lint_report *r, bool colour);
/* docs/lint.md says what it holds; members are added, never renamed. */
struct str lint_report_json(struct arena *a, const struct lint_report *r);
/* SARIF 2.1.0, as code scanning takes it. */
struct str lint_report_sarif(struct arena *a, const struct lint_report *r);

/* "2 errors, 1 warning in 3 files". */
struct str lint_report_summary(struct arena *a, const struct lint_report *r);
/* Whether there is an error among them, told or left out. */
bool lint_report_failed(const struct lint_report *r);

#endif
