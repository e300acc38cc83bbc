#include "cli/tell.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

bool tell_colour(int fd)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (no_color && no_color[0]) /* "when present and not an empty string": no-color.org */
        return false;
    return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

struct str tell_painted(struct arena *a, struct str text, bool good, bool colour)
{
    size_t word = str_find(text, ' ');
    if (!colour)
        return text;
    return arena_printf(a, "\033[%sm%.*s\033[0m%.*s", good ? "32" : "31",
                        STR_ARG(str_sub(text, 0, word)), STR_ARG(str_sub(text, word, text.n)));
}

/*
 * A test fixture may give us a pipe for stderr and never read it.  Exchanges do not wait for it,
 * nor does the end of the server: what finds no room soon is lost, and while there is none nothing
 * waits at all.  A pipe that can be written takes PIPE_BUF bytes.
 */
static bool has_room(void)
{
    enum { WAIT_MS = 200 };
    static _Atomic bool stalled;
    struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };
    stalled = poll(&p, 1, stalled ? 0 : WAIT_MS) == 0;
    return !stalled;
}

static void say(struct str text)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock); /* lines of two exchanges stay apart */
    while (text.n && has_room()) {
        ssize_t n = write(STDERR_FILENO, text.p, text.n < PIPE_BUF ? text.n : PIPE_BUF);
        if (n < 0 && errno != EINTR)
            break;
        text = str_sub(text, n > 0 ? (size_t)n : 0, text.n);
    }
    pthread_mutex_unlock(&lock);
}

static void tell(void *context, const struct explanation *e,
                 struct str (*write)(struct arena *a, const struct explanation *e))
{
    struct arena *a = arena_new();
    struct str text =
        tell_painted(a, str_trim(write(a, e)), e->allowed, tell_colour(STDERR_FILENO));
    say(arena_printf(a, "%.*s\n", STR_ARG(text)));
    if (context)
        atomic_store((atomic_bool *)context, true);
    arena_free(a);
}

void tell_exchange_line(void *context, const struct explanation *e)
{
    tell(context, e, explain_line_and_hints);
}

void tell_exchange_lines(void *context, const struct explanation *e)
{
    tell(context, e, explain_lines);
}
