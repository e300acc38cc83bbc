#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Signals as a queue that the main thread reads: they are blocked before any other thread exists,
 * so that no thread is interrupted by one and none gets lost.  A signal that was ignored when the
 * program started (nohup, a shell's background job) stays ignored.
 */
struct signals {
    sigset_t waited_for;
    sigset_t mask_before; /* for a child */
    bool sigpipe_ignored_before;
};

/* numbers end with 0.  SIGPIPE is ignored from here on: a peer that is gone is an error of write.
 */
void signals_begin(struct signals *s, const int *numbers);

/* The next signal; false when the time is over.  timeout_ms < 0: no end. */
bool signals_next(const struct signals *s, int64_t timeout_ms, siginfo_t *out);

#endif
