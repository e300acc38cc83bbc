#ifndef SCENARIOS_REPORT_H
#define SCENARIOS_REPORT_H

#include "scenarios/replay.h"

/*
 * What came of a replay, as text.  The same replay gives the same bytes: there are no times, no
 * signatures and no credentials in it.
 */

/* For people: a line each, and below what failed the step, what was wanted and got, and why. */
struct str report_text(struct arena *a, const struct replay *r, bool colour);
/* Test Anything Protocol, version 14 (testanything.org). */
struct str report_tap(struct arena *a, const struct replay *r);
/* JUnit's XML: one testsuite, a testcase each. */
struct str report_junit(struct arena *a, const struct replay *r);
/* "120 scenarios: 118 passed, 1 failed, 1 skipped". */
struct str report_summary(struct arena *a, const struct replay *r);

/* What there is to say of one that failed, without indentation: for all formats. */
struct str report_failure(struct arena *a, const struct replay_entry *e);

#endif
