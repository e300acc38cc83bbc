#include "cli/signals.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static bool is_ignored(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void signals_begin(struct signals *s, const int *numbers)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigemptyset(&s->waited_for);
    for (size_t i = 0; numbers[i]; i++)
        if (!is_ignored(numbers[i]))
            sigaddset(&s->waited_for, numbers[i]);
    pthread_sigmask(SIG_BLOCK, &s->waited_for, &s->mask_before);
    s->sigpipe_ignored_before = is_ignored(SIGPIPE);
    sigaction(SIGPIPE, &ignore, NULL);
}

bool signals_next(const struct signals *s, int64_t timeout_ms, siginfo_t *out)
{
    const struct timespec timeout = { timeout_ms / 1000, timeout_ms % 1000 * 1000000 };
    for (;;) {
        int number = timeout_ms < 0 ? sigwaitinfo(&s->waited_for, out)
                                    : sigtimedwait(&s->waited_for, out, &timeout);
        if (number > 0)
            return true;
        if (errno != EINTR)
            return false;
    }
}
