#include "fakests/difference.h"

enum { COMPARED_MAX = 4096 }; /* of each side: the walk takes their product of steps */

static bool same(enum difference_rule rule, char a, char b)
{
    return rule == DIFFERENCE_NOCASE ? str_eq_nocase(str_n(&a, 1), str_n(&b, 1)) : a == b;
}

/* Not within a character of UTF-8: the first of its bytes is what differs. */
static size_t character(struct str s, size_t at)
{
    while (at && at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static struct difference walk(enum difference_rule rule, struct str wanted, struct str got)
{
    size_t n = 0;
    while (n < wanted.n && n < got.n && same(rule, wanted.p[n], got.p[n]))
        n++;
    return (struct difference){ n, n };
}

static size_t first(const bool *set, size_t n)
{
    size_t i = 0;
    while (i < n && !set[i])
        i++;
    return i;
}

/* From the offsets one step of the pattern leads to others; false when to none. */
static bool step(char wanted, struct str got, const bool *from, bool *to)
{
    size_t least = first(from, got.n + 1);
    bool any = false;
    for (size_t i = 0; i <= got.n; i++) {
        bool before = i > 0 && from[i - 1];
        to[i] = wanted == '*'   ? i >= least
                : wanted == '?' ? before
                                : before && got.p[i - 1] == wanted;
        any |= to[i];
    }
    return any;
}

static struct difference walk_pattern(struct arena *a, struct str wanted, struct str got)
{
    bool *at = arena_array(a, bool, got.n + 1), *then = arena_array(a, bool, got.n + 1);
    size_t i = 0;
    at[0] = true;
    for (; i < wanted.n && step(wanted.p[i], got, at, then); i++) {
        bool *swap = at;
        at = then;
        then = swap;
    }
    return (struct difference){ i, first(at, got.n + 1) };
}

struct difference difference_find(struct arena *a, enum difference_rule rule, struct str wanted,
                                  struct str got)
{
    struct str x = str_sub(wanted, 0, COMPARED_MAX), y = str_sub(got, 0, COMPARED_MAX);
    struct difference d = rule == DIFFERENCE_PATTERN ? walk_pattern(a, x, y) : walk(rule, x, y);
    return (struct difference){ character(wanted, d.wanted), character(got, d.got) };
}
