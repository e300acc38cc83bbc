#ifndef FAKESTS_HINTS_QUOTE_H
#define FAKESTS_HINTS_QUOTE_H

#include "base/arena.h"

/* A value as a sentence can hold it: the whole, or its beginning and "...". */
struct str quote_short(struct arena *a, struct str s);

/* For printf's %.*s, where a case is at hand. */
#define QUOTE(s) STR_ARG(quote_short(c->arena, (s)))

#endif
