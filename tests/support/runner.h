#ifndef TESTS_SUPPORT_RUNNER_H
#define TESTS_SUPPORT_RUNNER_H

#include <check.h>

#include "base/str.h"

/*
 * Runs the suites (ended by NULL) and returns the exit status.  With arguments, only suites so
 * named. Check forks every test, so a leak, a crash or an overrun fails the one test that has it.
 */
int run_suites(Suite *(*const suites[])(void), int argc, char **argv);

/*
 * For conditions asked many thousand times: Check writes a line to its parent at each ck_assert,
 * this says nothing until it fails.
 */
#define WANT(condition, ...)           \
    do {                               \
        if (!(condition))              \
            ck_abort_msg(__VA_ARGS__); \
    } while (0)

/* Equal text, or the test fails printing both. */
void want_str(const char *what, struct str got, struct str wanted);

#endif
