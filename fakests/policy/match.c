#include "fakests/policy/match.h"

static unsigned char byte_at(struct str s, size_t i)
{
    return (unsigned char)s.p[i];
}

static struct str replaced(struct arena *a, struct str s, unsigned char (*with)(unsigned char))
{
    char *p = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)with((unsigned char)p[i]);
    return str_n(p, s.n);
}

/* A stray 0xFE or 0xFF is no UTF-8; as another byte that is none either it stays a mismatch. */
static unsigned char tamed(unsigned char c)
{
    return c == MATCH_ANY || c == MATCH_ONE ? 0xFD : c;
}

static unsigned char wild(unsigned char c)
{
    return c == '*' ? MATCH_ANY : c == '?' ? MATCH_ONE : tamed(c);
}

static unsigned char shown(unsigned char c)
{
    return c == MATCH_ANY ? '*' : c == MATCH_ONE ? '?' : c;
}

bool match_has_wildcard(struct str compiled)
{
    return str_find(compiled, (char)MATCH_ANY) < compiled.n ||
           str_find(compiled, (char)MATCH_ONE) < compiled.n;
}

struct str match_compile(struct arena *a, struct str pattern)
{
    return replaced(a, pattern, wild);
}

struct str match_literal(struct arena *a, struct str text)
{
    return match_has_wildcard(text) ? replaced(a, text, tamed) : text;
}

struct str match_show(struct arena *a, struct str compiled)
{
    return match_has_wildcard(compiled) ? replaced(a, compiled, shown) : compiled;
}

/*
 * Where the UTF-16 unit at `at` ends.  A character of four bytes is two units; its middle, where
 * only a wildcard can stand, begins with a continuation byte, which no literal of a pattern does.
 */
static size_t after_unit(struct str text, size_t at)
{
    unsigned char c = byte_at(text, at);
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 2;
    return n < text.n - at ? at + n : text.n;
}

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

static inline bool same(unsigned char a, unsigned char b, bool nocase)
{
    return nocase ? lower(a) == lower(b) : a == b;
}

/*
 * Moves *at to the first place where the pattern's part behind a '*' may begin; false when there is
 * none.  The first byte of a character stands nowhere within another.
 */
static bool seek(struct str pattern, size_t part, struct str text, size_t *at)
{
    unsigned char c = byte_at(pattern, part);
    if (c == MATCH_ANY || c == MATCH_ONE || (c & 0xC0) == 0x80)
        return true;
    const char *found = *at < text.n ? memchr(text.p + *at, c, text.n - *at) : NULL;
    if (found)
        *at = (size_t)(found - text.p);
    return found;
}

/*
 * Two pointers and the last '*': when a literal fails, that '*' takes one unit more.  An earlier
 * '*' need never be tried again, for whatever it could give up the last one can take.
 */
static inline bool matches(struct str pattern, struct str text, bool nocase)
{
    const size_t none = (size_t)-1;
    size_t p = 0, t = 0, star = none, retry = 0;

    while (t < text.n) {
        unsigned char c = p < pattern.n ? byte_at(pattern, p) : 0;
        bool more = p < pattern.n;
        if (more && c == MATCH_ANY) {
            star = ++p;
            retry = t;
            if (star == pattern.n)
                return true;
        } else if (more && c == MATCH_ONE) {
            t = after_unit(text, t);
            p++;
            continue;
        } else if (more && same(c, byte_at(text, t), nocase)) {
            t++;
            p++;
            continue;
        } else if (star == none) {
            return false;
        } else {
            retry = after_unit(text, retry);
        }
        if (!nocase && !seek(pattern, star, text, &retry))
            return false;
        t = retry;
        p = star;
    }
    while (p < pattern.n && byte_at(pattern, p) == MATCH_ANY)
        p++;
    return p == pattern.n;
}

bool match_like(struct str compiled, struct str text)
{
    return matches(compiled, text, false);
}

bool match_like_nocase(struct str compiled, struct str text)
{
    return matches(compiled, text, true);
}
