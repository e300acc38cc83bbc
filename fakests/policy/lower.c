#include "fakests/policy/lower.h"

#include "base/encode.h"
#include "base/text.h"

#include <stdlib.h>
#include <unicase.h>

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static struct str lower_ascii(struct arena *a, struct str s)
{
    char *p = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] | 0x20);
    return str_n(p, s.n);
}

static bool beyond_bmp(char c)
{
    return (unsigned char)c >= 0xF0;
}

/* The end of the run at `from` whose characters are all of four bytes, or all of fewer. */
static size_t run_end(struct str s, size_t from)
{
    bool far = beyond_bmp(s.p[from]);
    size_t at = from;
    while (at < s.n && beyond_bmp(s.p[at]) == far)
        for (at++; at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80;)
            at++;
    return at;
}

static const uint8_t *bytes(struct str s, size_t at)
{
    return (const uint8_t *)s.p + at;
}

/* Lowers the characters from `from` to `to`, seeing what stands before and behind them. */
static void put_lowered(struct text *t, struct str s, size_t from, size_t to)
{
    size_t n = 0;
    uint8_t *p =
        u8_ct_tolower(bytes(s, from), to - from, u8_casing_prefix_context(bytes(s, 0), from),
                      u8_casing_suffix_context(bytes(s, to), s.n - to), NULL, NULL, NULL, &n);
    if (!p && to > from)
        abort(); /* out of memory: the text was checked to be UTF-8 */
    text_put(t, str_n((const char *)p, n));
    free(p);
}

struct str lower_text(struct arena *a, struct str s)
{
    size_t end;
    if (is_ascii(s) || !utf8_valid(s))
        return lower_ascii(a, s);
    struct text t =
        text_new(a, s.n * 3); /* no character's lower case is over three times as long */
    for (size_t at = 0; at < s.n; at = end) {
        end = run_end(s, at);
        if (beyond_bmp(s.p[at]))
            text_put(&t, str_sub(s, at, end - at));
        else
            put_lowered(&t, s, at, end);
    }
    return text_str(&t);
}

struct str lower_almost(struct arena *a, struct str s)
{
    return is_ascii(s) ? s : lower_text(a, s);
}
