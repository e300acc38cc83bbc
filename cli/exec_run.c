#include "cli/exec_run.h"

#include "base/clock.h"
#include "cli/command.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whatever would end us by default: the child would stay behind, and the folder with its token. */
const int exec_run_signals[] = {
    SIGCHLD, SIGINT,  SIGTERM,   SIGHUP,  SIGQUIT, SIGUSR1, SIGUSR2,
    SIGALRM, SIGXCPU, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR,  0,
};

/* The child starts with the signal mask and the SIGPIPE that we were started with. */
static int spawn(const struct exec_child *child, pid_t *pid)
{
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset(&defaults);
    if (!child->signals->sigpipe_ignored_before)
        sigaddset(&defaults, SIGPIPE);
    int error = posix_spawnattr_init(&attributes);
    if (error)
        return error;
    posix_spawnattr_setsigmask(&attributes, &child->signals->mask_before);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error =
        posix_spawnp(pid, child->command[0], NULL, &attributes, child->command, child->environment);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static bool has_ended(pid_t pid, int *status)
{
    int raw;
    if (waitpid(pid, &raw, WNOHANG) != pid)
        return false;
    *status = WIFSIGNALED(raw) ? COMMAND_SIGNALLED + WTERMSIG(raw) : WEXITSTATUS(raw);
    return true;
}

/* What the terminal sends has a positive si_code, and reached the child already. */
static void pass_on(pid_t pid, const siginfo_t *signal)
{
    if (signal->si_signo != SIGCHLD && signal->si_code <= 0)
        kill(pid, signal->si_signo);
}

static int64_t until(int64_t deadline_ms)
{
    int64_t left = deadline_ms - clock_steady_ms();
    return left > 0 ? left : 0;
}

static int attend(const struct exec_child *child, pid_t pid)
{
    int64_t next_ms = clock_steady_ms() + child->tick_ms;
    siginfo_t signal;
    int status;

    while (!has_ended(pid, &status)) {
        if (signals_next(child->signals, child->tick_ms ? until(next_ms) : -1, &signal)) {
            pass_on(pid, &signal);
        } else if (child->tick_ms) {
            child->tick(child->context);
            next_ms = clock_steady_ms() + child->tick_ms;
        }
    }
    return status;
}

int exec_run(const struct exec_child *child)
{
    pid_t pid;
    int error = spawn(child, &pid);
    if (error) {
        command_note("%s: %s", child->command[0], strerror(error));
        return error == ENOENT || error == ENOTDIR ? COMMAND_NOT_FOUND : COMMAND_NOT_EXECUTABLE;
    }
    return attend(child, pid);
}

int exec_run_pending(const struct signals *signals)
{
    siginfo_t signal;
    while (signals_next(signals, 0, &signal))
        if (signal.si_signo != SIGCHLD)
            return signal.si_signo;
    return 0;
}
