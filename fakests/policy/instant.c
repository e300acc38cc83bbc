#include "fakests/policy/instant.h"

#include "base/clock.h"

/* The years a 64-bit count of milliseconds reaches; observed as IAM's bound too. */
#define YEAR_MIN INT64_C(-292275054)
#define YEAR_MAX INT64_C(292278993)
enum { DAY_S = 86400, MS = 1000, FRACTION_DIGITS_MAX = 9 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(const struct str *s)
{
    return s->n ? s->p[0] : '\0';
}

static bool take(struct str *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = str_n(s->p + 1, s->n - 1);
    return true;
}

/* At least `min` digits, as many as there are up to `max`. */
static bool take_number(struct str *s, size_t min, size_t max, int64_t *out)
{
    size_t n = 0;
    int64_t value = 0;
    while (n < max && n < s->n && is_digit(s->p[n]))
        value = value * 10 + (s->p[n++] - '0');
    if (n < min)
        return false;
    *s = str_sub(*s, n, s->n);
    *out = value;
    return true;
}

static size_t count_digits(struct str s)
{
    size_t n = 0;
    while (n < s.n && is_digit(s.p[n]))
        n++;
    return n;
}

static bool take_year(struct str *s, int64_t *year)
{
    bool minus = peek(s) == '-';
    if (minus || peek(s) == '+')
        *s = str_n(s->p + 1, s->n - 1);
    if (!take_number(s, 1, 9, year))
        return false;
    *year = minus ? -*year : *year;
    return *year >= YEAR_MIN && *year <= YEAR_MAX;
}

/* ISO 8601 week dates: week 1 holds 4 January, days count from Monday. */
static bool week_to_days(int64_t year, int64_t week, int64_t day, int64_t *days)
{
    int64_t fourth, next_fourth, monday, weekday;
    if (week < 1 || day < 1 || day > 7 || !date_to_days(year, 1, 4, &fourth) ||
        !date_to_days(year + 1, 1, 4, &next_fourth))
        return false;
    weekday = ((fourth + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday, day 3 */
    monday = fourth - weekday;
    *days = monday + (week - 1) * 7 + day - 1;
    weekday = ((next_fourth + 3) % 7 + 7) % 7;
    return *days < next_fourth - weekday;
}

static bool day_of_year_to_days(int64_t year, int64_t day, int64_t *days)
{
    int64_t first, last;
    if (!date_to_days(year, 1, 1, &first) || !date_to_days(year, 12, 31, &last))
        return false;
    *days = first + day - 1;
    return day >= 1 && *days <= last;
}

/* What follows the year: nothing, -MM, -MM-DD, -DDD, -Www or -Www-D. */
static bool take_date(struct str *s, int64_t *days)
{
    int64_t year, month = 1, day = 1;
    if (!take_year(s, &year))
        return false;
    if (peek(s) != '-')
        return date_to_days(year, 1, 1, days);
    *s = str_n(s->p + 1, s->n - 1);
    if (take(s, 'W') || take(s, 'w')) {
        if (!take_number(s, 1, 2, &month) || (take(s, '-') && !take_number(s, 1, 1, &day)))
            return false;
        return week_to_days(year, month, day, days);
    }
    if (count_digits(*s) == 3)
        return take_number(s, 3, 3, &day) && day_of_year_to_days(year, day, days);
    if (!take_number(s, 1, 2, &month) || (take(s, '-') && !take_number(s, 1, 2, &day)))
        return false;
    return date_to_days(year, (int)month, (int)day, days);
}

/* ".5" as a part of `unit_ms`; *present says whether there was one. */
static bool take_fraction(struct str *s, int64_t unit_ms, int64_t *ms, bool *present)
{
    int64_t value, scale = 1;
    *present = peek(s) == '.' || peek(s) == ',';
    if (!*present)
        return true;
    *s = str_n(s->p + 1, s->n - 1);
    size_t n = count_digits(*s);
    if (n > FRACTION_DIGITS_MAX || !take_number(s, 1, FRACTION_DIGITS_MAX, &value))
        return false;
    while (n--)
        scale *= 10;
    *ms += value * unit_ms / scale;
    return true;
}

/* HH, HH:mm or HH:mm:ss, the last of them with a fraction if it likes. */
static bool take_time(struct str *s, int64_t *ms)
{
    static const struct {
        int64_t unit_ms, below;
    } units[] = { { 3600 * MS, 24 }, { 60 * MS, 60 }, { MS, 60 } };
    int64_t value;
    bool fraction;

    *ms = 0;
    for (size_t i = 0; i < 3; i++) {
        if (!take_number(s, 1, 2, &value) || value >= units[i].below)
            return false;
        *ms += value * units[i].unit_ms;
        if (!take_fraction(s, units[i].unit_ms, ms, &fraction))
            return false;
        if (fraction || i == 2 || !take(s, ':'))
            return true;
    }
    return true;
}

/* Z, +HH, +HHmm or +HH:mm; absent is UTC. */
static bool take_zone(struct str *s, int64_t *offset_s)
{
    int64_t hours, minutes = 0;
    bool minus = peek(s) == '-';
    *offset_s = 0;
    if (!s->n || take(s, 'Z') || take(s, 'z'))
        return true;
    if (!minus && peek(s) != '+')
        return false;
    *s = str_n(s->p + 1, s->n - 1);
    if (!take_number(s, 2, 2, &hours) || hours > 23)
        return false;
    if ((take(s, ':') || s->n) && !take_number(s, 2, 2, &minutes))
        return false;
    *offset_s = (hours * 3600 + minutes * 60) * (minus ? -1 : 1);
    return minutes < 60;
}

static bool read_epoch(struct str s, struct instant *out)
{
    int64_t epoch_s;
    if (count_digits(s) == s.n && s.n == 4)
        return false;
    if (!str_to_i64(s, &epoch_s))
        return false;
    *out = (struct instant){ epoch_s, 0 };
    return true;
}

bool instant_read(struct str s, struct instant *out)
{
    int64_t days, ms = 0, offset_s = 0;

    if (read_epoch(s, out))
        return true;
    if (!take_date(&s, &days))
        return false;
    if (take(&s, 'T') || take(&s, 't')) {
        if (is_digit(peek(&s)) && !take_time(&s, &ms))
            return false;
        if (!take_zone(&s, &offset_s))
            return false;
    }
    if (s.n)
        return false;
    *out = (struct instant){ days * DAY_S + ms / MS - offset_s, (int)(ms % MS) };
    return true;
}

int instant_cmp(const struct instant *a, const struct instant *b)
{
    if (a->epoch_s != b->epoch_s)
        return a->epoch_s < b->epoch_s ? -1 : 1;
    return (a->ms > b->ms) - (a->ms < b->ms);
}
