#include "cli/exec_run.h"

#include "cli/command.h"
#include "tests/support/runner.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
    const char *name;
    const char *command[4];
    int status;
} ends[] = {
    { "a command that is content gives 0", { "true" }, 0 },
    { "a command's own status is passed on", { "sh", "-c", "exit 7" }, 7 },
    { "125 of the command is its own", { "sh", "-c", "exit 125" }, 125 },
    { "a signal gives 128 and its number", { "sh", "-c", "kill -9 $$" }, 137 },
    { "a command that is not there gives 127", { "/nonexistent/command" }, COMMAND_NOT_FOUND },
    { "nor is it on PATH", { "no-such-command-anywhere" }, COMMAND_NOT_FOUND },
    { "a file that is no program gives 126", { "/etc/passwd" }, COMMAND_NOT_EXECUTABLE },
    { "a folder is no program", { "/tmp" }, COMMAND_NOT_EXECUTABLE },
    { "the environment is the given one",
      { "sh", "-c", "test \"$GIVEN\" = yes && test -z \"$HOME\"" },
      0 },
    { "SIGPIPE ends the command as ever",
      { "sh", "-c", "kill -PIPE $$" },
      COMMAND_SIGNALLED + SIGPIPE },
    { "the command can be interrupted",
      { "sh", "-c", "kill -INT $$" },
      COMMAND_SIGNALLED + SIGINT },
};

static struct arena *kept; /* as long as the test's process */

/* Arguments are not const, literals are. */
static char **copies(const char *const *list, size_t n)
{
    if (!kept)
        kept = arena_new();
    char **out = arena_array(kept, char *, n + 1);
    for (size_t i = 0; i < n && list[i]; i++)
        out[i] = arena_cstr(kept, str_of(list[i]));
    return out;
}

static struct exec_child child_of(const char *const command[4], struct signals *signals)
{
    static const char *const environment[] = { "GIVEN=yes", "PATH=/usr/bin:/bin" };
    setenv("PATH", "/usr/bin:/bin", 1);
    signals_begin(signals, exec_run_signals);
    return (struct exec_child){
        .command = copies(command, 4),
        .environment = copies(environment, 2),
        .signals = signals,
    };
}

START_TEST(statuses)
{
    struct signals signals;
    struct exec_child child = child_of(ends[_i].command, &signals);
    int status = exec_run(&child);
    ck_assert_msg(status == ends[_i].status, "%s: %d", ends[_i].name, status);
}
END_TEST

static const int passed_on[] = { SIGTERM, SIGHUP, SIGUSR1, SIGALRM, SIGXCPU, SIGPWR };

/* Somebody sends us a signal a little later. */
static void *send_later(void *number)
{
    usleep(200 * 1000);
    kill(getpid(), *(const int *)number);
    return NULL;
}

START_TEST(a_signal_sent_to_us_reaches_the_command)
{
    static const char script[] = "trap 'exit 9' TERM HUP USR1 ALRM XCPU PWR; "
                                 "while :; do sleep 0.05; done";
    static const char *const command[4] = { "sh", "-c", script };
    struct signals signals;
    struct exec_child child = child_of(command, &signals);
    int number = passed_on[_i];
    pthread_t sender;
    ck_assert_int_eq(pthread_create(&sender, NULL, send_later, &number), 0);
    ck_assert_int_eq(exec_run(&child), 9);
    pthread_join(sender, NULL);
}
END_TEST

static void count(void *n)
{
    ++*(int *)n;
}

START_TEST(ticks_come_while_the_command_runs)
{
    static const char *const command[4] = { "sleep", "0.5" };
    int n = 0;
    struct signals signals;
    struct exec_child child = child_of(command, &signals);
    child.tick_ms = 100;
    child.tick = count;
    child.context = &n;
    ck_assert_int_eq(exec_run(&child), 0);
    ck_assert_msg(n >= 1 && n <= 5, "%d ticks", n);
}
END_TEST

START_TEST(a_signal_before_the_command_is_not_lost)
{
    struct signals signals;
    signals_begin(&signals, exec_run_signals);
    ck_assert_int_eq(exec_run_pending(&signals), 0);
    kill(getpid(), SIGTERM);
    ck_assert_int_eq(exec_run_pending(&signals), SIGTERM);
}
END_TEST

START_TEST(an_ignored_signal_stays_ignored)
{
    struct signals signals;
    siginfo_t info;
    signal(SIGHUP, SIG_IGN);
    signals_begin(&signals, exec_run_signals);
    kill(getpid(), SIGHUP);
    ck_assert(!signals_next(&signals, 50, &info));
}
END_TEST

Suite *exec_run_suite(void);
Suite *exec_run_suite(void)
{
    Suite *s = suite_create("exec_run");
    TCase *t = tcase_create("exec_run");
    tcase_add_loop_test(t, statuses, 0, sizeof ends / sizeof ends[0]);
    tcase_add_loop_test(t, a_signal_sent_to_us_reaches_the_command, 0,
                        sizeof passed_on / sizeof passed_on[0]);
    tcase_add_test(t, ticks_come_while_the_command_runs);
    tcase_add_test(t, a_signal_before_the_command_is_not_lost);
    tcase_add_test(t, an_ignored_signal_stays_ignored);
    suite_add_tcase(s, t);
    return s;
}
