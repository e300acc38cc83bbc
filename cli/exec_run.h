#ifndef CLI_EXEC_RUN_H
#define CLI_EXEC_RUN_H

#include "base/fault.h"
#include "cli/signals.h"

/* The child process of `exec`. */
struct exec_child {
    char **command; /* looked up along PATH */
    char **environment;
    const struct signals *signals; /* SIGCHLD among them */
    int64_t tick_ms;               /* 0: never */
    void (*tick)(void *context);   /* called that often while the command runs */
    void *context;
};

/* The signals that go on to the child, and SIGCHLD; for signals_begin. */
extern const int exec_run_signals[];

/*
 * Runs the command to its end.  Signals that processes send to us go on to it; those of the
 * terminal it gets itself, being in the same process group.  Returns its status: what it exited
 * with, 128 plus the signal that ended it, or 126 or 127 when it could not be started, which is
 * told on standard error.
 */
int exec_run(const struct exec_child *child);

/* The signal that arrived before there was a child to send it to; 0: none. */
int exec_run_pending(const struct signals *signals);

#endif
