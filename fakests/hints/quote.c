#include "fakests/hints/quote.h"

enum { QUOTED_MAX = 400 }; /* longer than any subject of a platform */

/* Not within a character of UTF-8. */
static size_t cut_at(struct str s)
{
    size_t n = QUOTED_MAX;
    while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return n;
}

struct str quote_short(struct arena *a, struct str s)
{
    if (s.n <= QUOTED_MAX)
        return s;
    return arena_printf(a, "%.*s...", STR_ARG(str_sub(s, 0, cut_at(s))));
}
