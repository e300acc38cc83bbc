#include "fakests/plain.h"

#include "base/encode.h"

/* The next character; false when the byte begins none. */
static bool next(struct str *rest, struct str *one)
{
    struct str before = *rest;
    if ((unsigned char)rest->p[0] < 0x80) {
        *one = str_sub(*rest, 0, 1);
        *rest = str_sub(*rest, 1, rest->n);
        return true;
    }
    for (size_t n = 2; n <= 4 && n <= before.n; n++) {
        if (!utf8_valid(str_sub(before, 0, n)))
            continue;
        *one = str_sub(before, 0, n);
        *rest = str_sub(before, n, before.n);
        return true;
    }
    *one = str_sub(before, 0, 1);
    *rest = str_sub(before, 1, before.n);
    return false;
}

static bool is_control(struct str one)
{
    unsigned char first = (unsigned char)one.p[0];
    if (one.n == 1)
        return first < 0x20 || first == 0x7F;
    return one.n == 2 && first == 0xC2 && (unsigned char)one.p[1] < 0xA0; /* U+0080 to U+009F */
}

void plain_put(struct text *t, struct str s)
{
    struct str one;
    while (s.n) {
        bool whole = next(&s, &one);
        text_put(t, whole && !is_control(one) ? one : STR("?"));
    }
}

size_t plain_columns(struct str s)
{
    struct str one;
    size_t n = 0;
    for (; s.n; n++)
        (void)next(&s, &one);
    return n;
}

struct str plain_first(struct str s, size_t columns)
{
    struct str rest = s, one;
    while (rest.n && columns--)
        (void)next(&rest, &one);
    return str_sub(s, 0, s.n - rest.n);
}

void plain_put_within(struct text *t, struct str s, size_t columns)
{
    if (plain_first(s, columns).n == s.n) {
        plain_put(t, s);
        return;
    }
    plain_put(t, plain_first(s, columns ? columns - 1 : 0));
    text_put(t, STR(PLAIN_ELLIPSIS));
}
