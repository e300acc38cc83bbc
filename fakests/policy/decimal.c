#include "fakests/policy/decimal.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "e+12" at the front of s, and nothing behind it; absent is 0. */
static bool read_exponent(struct str s, int64_t *out)
{
    *out = 0;
    if (!s.n)
        return true;
    if (s.p[0] != 'e' && s.p[0] != 'E')
        return false;
    return str_to_i64(str_sub(s, 1, s.n), out) && *out >= INT32_MIN && *out <= INT32_MAX;
}

/* Cuts the zeros off both ends of "00120.500" and counts which power its first digit has. */
static void normalise(struct decimal *d, struct str mantissa, int64_t exponent)
{
    size_t point = str_find(mantissa, '.'), from = 0, to = mantissa.n;
    while (from < to && (mantissa.p[from] == '0' || mantissa.p[from] == '.'))
        from++;
    while (to > from && (mantissa.p[to - 1] == '0' || mantissa.p[to - 1] == '.'))
        to--;
    d->digits = str_n(mantissa.p + from, to - from);
    d->power = exponent + (from < point ? (int64_t)(point - from) - 1 : -(int64_t)(from - point));
    if (!d->digits.n)
        d->negative = false; /* -0 is 0 */
}

bool decimal_read(struct str s, struct decimal *out)
{
    struct decimal d = { .negative = s.n && s.p[0] == '-' };
    size_t n = 0, n_digits = 0, n_points = 0;
    int64_t exponent;

    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = str_n(s.p + 1, s.n - 1);
    for (; n < s.n && (is_digit(s.p[n]) || s.p[n] == '.'); n++) {
        n_digits += is_digit(s.p[n]);
        n_points += s.p[n] == '.';
    }
    if (!n_digits || n_points > 1 || !read_exponent(str_sub(s, n, s.n), &exponent))
        return false;
    normalise(&d, str_n(s.p, n), exponent);
    *out = d;
    return true;
}

/* The next digit of what is left, '0' when nothing is. */
static char next_digit(struct str *digits)
{
    if (digits->n && digits->p[0] == '.')
        *digits = str_n(digits->p + 1, digits->n - 1);
    if (!digits->n)
        return '0';
    char c = digits->p[0];
    *digits = str_n(digits->p + 1, digits->n - 1);
    return c;
}

static int cmp_magnitude(const struct decimal *a, const struct decimal *b)
{
    struct str x = a->digits, y = b->digits;
    if (!x.n || !y.n)
        return (x.n > 0) - (y.n > 0);
    if (a->power != b->power)
        return a->power < b->power ? -1 : 1;
    while (x.n || y.n) {
        char c = next_digit(&x), d = next_digit(&y);
        if (c != d)
            return c < d ? -1 : 1;
    }
    return 0;
}

int decimal_cmp(const struct decimal *a, const struct decimal *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    int order = cmp_magnitude(a, b);
    return a->negative ? -order : order;
}
