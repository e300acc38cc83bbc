#include "cli/tell.h"
#include "tests/support/runner.h"

#include <unistd.h>

/* Lines about exchanges go to a stderr that may be anything. */

static struct explanation *refusal(struct arena *a)
{
    struct explanation *e = arena_make(a, struct explanation);
    e->action = STR("Nonsense");
    e->why = why_new(a);
    (void)why_set(&e->why, FAULT_ACTION_UNKNOWN, "no such action");
    return e;
}

START_TEST(a_pipe_that_nobody_reads_holds_nobody_up)
{
    struct arena *a = arena_new();
    struct explanation *e = refusal(a);
    char first[6] = "";
    int fds[2], before = dup(STDERR_FILENO);
    ck_assert_int_eq(pipe(fds), 0);
    dup2(fds[1], STDERR_FILENO);
    for (int i = 0; i < 3000; i++) /* a pipe takes 64 KiB, a thousand such lines */
        tell_exchange_line(NULL, e);
    dup2(before, STDERR_FILENO);
    ck_assert_int_eq(read(fds[0], first, sizeof first), sizeof first);
    ck_assert_int_eq(memcmp(first, "denied", sizeof first), 0);
    close(before);
    close(fds[0]);
    close(fds[1]);
    arena_free(a);
}
END_TEST

Suite *tell_suite(void);

Suite *tell_suite(void)
{
    Suite *s = suite_create("tell");
    TCase *t = tcase_create("tell");
    tcase_set_timeout(t, 20);
    tcase_add_test(t, a_pipe_that_nobody_reads_holds_nobody_up);
    suite_add_tcase(s, t);
    return s;
}
