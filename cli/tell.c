#include "cli/tell.h"

#include <stdatomic.h>
#include <stdio.h>
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

static void tell(void *context, const struct explanation *e,
                 struct str (*write)(struct arena *a, const struct explanation *e))
{
    struct arena *a = arena_new();
    struct str text =
        tell_painted(a, str_trim(write(a, e)), e->allowed, tell_colour(STDERR_FILENO));
    fprintf(stderr, "%.*s\n", STR_ARG(text));
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
