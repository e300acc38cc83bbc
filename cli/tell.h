#ifndef CLI_TELL_H
#define CLI_TELL_H

#include "fakests/explain.h"

/*
 * Exchanges as lines on standard error, for world_options.on_exchange; from any thread, each
 * exchange in one write.  `context` is NULL, or an atomic_bool that becomes true.
 */
void tell_exchange_line(void *context, const struct explanation *e);
/* The same with the checks, statements and conditions below it. */
void tell_exchange_lines(void *context, const struct explanation *e);

/* The first word of what an explanation says, green or red: only on a terminal, never with
 * NO_COLOR. */
struct str tell_painted(struct arena *a, struct str text, bool good, bool colour);

/* Whether a stream may be painted. */
bool tell_colour(int fd);

#endif
