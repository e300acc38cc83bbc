#include "base/clock.h"

#include <sched.h>
#include <time.h>

enum {
    MS = 1000,
    NS_PER_MS = 1000 * 1000,
    DAY_S = 86400,
    YEAR_MAX = 1000000000, /* of a date: so that its days fit wherever they go */
};

static int64_t read_ns(clockid_t which)
{
    struct timespec ts;
    clock_gettime(which, &ts);
    return (int64_t)ts.tv_sec * MS * NS_PER_MS + ts.tv_nsec;
}

int64_t clock_machine_s(void)
{
    return read_ns(CLOCK_REALTIME) / NS_PER_MS / MS;
}

int64_t clock_steady_ms(void)
{
    return read_ns(CLOCK_MONOTONIC) / NS_PER_MS;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
    return v < low ? low : v > high ? high : v;
}

/* However far somebody sets or moves it, the time can be written and reckoned with. */
static int64_t in_range_ms(int64_t ms)
{
    return clamp(ms, TIME_MIN_S * MS, TIME_MAX_S * MS);
}

/* What is no number is cut too. */
static double in_range_rate(double rate)
{
    if (!(rate >= CLOCK_RATE_MIN))
        return CLOCK_RATE_MIN;
    return rate > CLOCK_RATE_MAX ? CLOCK_RATE_MAX : rate;
}

/* ---- the hands of a clock: what its readers reckon with ---- */

struct hands {
    int64_t since_ns, shown_ms;
    double rate;
    bool frozen;
};

/* The machine's time, to the millisecond: no sum is ever rounded. */
static const struct hands machine = { .rate = 1 };

static bool runs_as_machine(const struct hands *h)
{
    return h->rate >= 1 && h->rate <= 1;
}

/* Shown time that went by since; the whole range of years at most. */
static int64_t gone_ms(const struct hands *h, int64_t machine_ns)
{
    const double most = (double)((TIME_MAX_S - TIME_MIN_S) * MS);
    int64_t ns = machine_ns - h->since_ns;
    if (h->frozen)
        return 0;
    if (runs_as_machine(h))
        return floor_div(ns, NS_PER_MS);
    double ms = (double)ns * h->rate / NS_PER_MS;
    return (int64_t)(ms < -most ? -most : ms > most ? most : ms);
}

static int64_t shown_ms(const struct hands *h, int64_t machine_ns)
{
    return in_range_ms(h->shown_ms + gone_ms(h, machine_ns));
}

/* The same time, shown since now: what is less than a millisecond stays behind to be counted. */
static void settle(struct hands *h, int64_t machine_ns)
{
    int64_t gone = gone_ms(h, machine_ns);
    h->shown_ms = in_range_ms(h->shown_ms + gone);
    if (h->frozen)
        h->since_ns = machine_ns;
    else if (runs_as_machine(h))
        h->since_ns += gone * NS_PER_MS;
    else
        h->since_ns += (int64_t)((double)gone * NS_PER_MS / h->rate);
}

/*
 * A sequence lock.  Whoever changes makes the version odd, and even again at the end; whoever reads
 * begins anew when the version was odd or is no longer the same.  What a reader sees of a change
 * was stored after the odd version (release), so it sees that version too (acquire).
 */
static bool load(const struct clock *c, struct hands *h)
{
    uint32_t version = atomic_load_explicit(&c->version, memory_order_acquire);
    h->since_ns = atomic_load_explicit(&c->since_ns, memory_order_acquire);
    h->shown_ms = atomic_load_explicit(&c->shown_ms, memory_order_acquire);
    h->rate = atomic_load_explicit(&c->rate, memory_order_acquire);
    h->frozen = atomic_load_explicit(&c->frozen, memory_order_acquire);
    return version % 2 == 0 && atomic_load_explicit(&c->version, memory_order_relaxed) == version;
}

static struct hands read_hands(const struct clock *c)
{
    struct hands h;
    while (!load(c, &h))
        sched_yield(); /* the one who changes it may wait for this processor */
    return h;
}

static struct hands begin_change(struct clock *c)
{
    uint32_t even = atomic_load_explicit(&c->version, memory_order_relaxed) & ~UINT32_C(1);
    while (!atomic_compare_exchange_weak_explicit(&c->version, &even, even + 1,
                                                  memory_order_acq_rel, memory_order_relaxed)) {
        if (even % 2)
            sched_yield();
        even &= ~UINT32_C(1);
    }
    return (struct hands){ .since_ns = atomic_load_explicit(&c->since_ns, memory_order_relaxed),
                           .shown_ms = atomic_load_explicit(&c->shown_ms, memory_order_relaxed),
                           .rate = atomic_load_explicit(&c->rate, memory_order_relaxed),
                           .frozen = atomic_load_explicit(&c->frozen, memory_order_relaxed) };
}

static void end_change(struct clock *c, const struct hands *h)
{
    atomic_store_explicit(&c->since_ns, h->since_ns, memory_order_release);
    atomic_store_explicit(&c->shown_ms, h->shown_ms, memory_order_release);
    atomic_store_explicit(&c->rate, h->rate, memory_order_release);
    atomic_store_explicit(&c->frozen, h->frozen, memory_order_release);
    atomic_fetch_add_explicit(&c->version, 1, memory_order_release);
}

/* ---- the clock ---- */

void clock_init(struct clock *c)
{
    atomic_init(&c->version, 0);
    atomic_init(&c->since_ns, machine.since_ns);
    atomic_init(&c->shown_ms, machine.shown_ms);
    atomic_init(&c->rate, machine.rate);
    atomic_init(&c->frozen, machine.frozen);
}

void clock_reset(struct clock *c)
{
    (void)begin_change(c);
    end_change(c, &machine);
}

int64_t clock_now_ms(const struct clock *c)
{
    struct hands h = read_hands(c);
    return h.frozen ? h.shown_ms : shown_ms(&h, read_ns(CLOCK_REALTIME));
}

int64_t time_floor_s(int64_t epoch_ms)
{
    return floor_div(epoch_ms, MS);
}

int64_t clock_now_s(const struct clock *c)
{
    return time_floor_s(clock_now_ms(c));
}

struct clock_state clock_look(const struct clock *c)
{
    struct hands h = read_hands(c);
    return (struct clock_state){ shown_ms(&h, read_ns(CLOCK_REALTIME)), h.rate, h.frozen };
}

void clock_change(struct clock *c, const struct clock_state *to, unsigned parts)
{
    struct hands h = begin_change(c);
    int64_t machine_ns = read_ns(CLOCK_REALTIME);
    settle(&h, machine_ns);
    if (parts & CLOCK_NOW) {
        h.shown_ms = in_range_ms(to->now_ms);
        h.since_ns = machine_ns;
    }
    if (parts & CLOCK_RATE) {
        h.rate = in_range_rate(to->rate);
        h.since_ns = machine_ns; /* what stayed behind went by at the old rate */
    }
    if (parts & CLOCK_FROZEN)
        h.frozen = to->frozen;
    end_change(c, &h);
}

void clock_set(struct clock *c, int64_t now_ms, bool frozen)
{
    const struct clock_state to = { .now_ms = now_ms, .frozen = frozen };
    clock_change(c, &to, CLOCK_NOW | CLOCK_FROZEN);
}

void clock_set_rate(struct clock *c, double rate)
{
    const struct clock_state to = { .rate = rate };
    clock_change(c, &to, CLOCK_RATE);
}

void clock_advance(struct clock *c, int64_t by_ms)
{
    const int64_t most = (TIME_MAX_S - TIME_MIN_S) * MS;
    struct hands h = begin_change(c);
    settle(&h, read_ns(CLOCK_REALTIME));
    h.shown_ms = in_range_ms(h.shown_ms + clamp(by_ms, -most, most));
    end_change(c, &h);
}

/* A date counted from its day: gmtime would take the C library's time zone lock at every exchange.
 */
static void civil(int64_t days, int *year, int *month, int *day)
{
    /* Years that begin in March, in eras of 400: the leap day is then the last of its year. */
    int64_t since = days + 719468, era = floor_div(since, 146097), of_era = since - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * m + 2) / 5) + 1;
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

static char *put_digits(char *out, int v, int n)
{
    for (int i = n - 1; i >= 0; i--, v /= 10)
        out[i] = (char)('0' + v % 10);
    return out + n;
}

static char *put_mark(char *out, char mark)
{
    *out = mark;
    return out + (mark != '\0');
}

static const char *put(int64_t epoch_s, bool basic, char out[TIME_TEXT_BYTES])
{
    const char dash = basic ? '\0' : '-', colon = basic ? '\0' : ':';
    int64_t s = clamp(epoch_s, TIME_MIN_S, TIME_MAX_S), days = floor_div(s, DAY_S);
    int of_day = (int)(s - days * DAY_S), year, month, day;
    char *p = out;

    civil(days, &year, &month, &day);
    p = put_mark(put_digits(p, year, 4), dash);
    p = put_mark(put_digits(p, month, 2), dash);
    p = put_mark(put_digits(p, day, 2), 'T');
    p = put_mark(put_digits(p, of_day / 3600, 2), colon);
    p = put_mark(put_digits(p, of_day / 60 % 60, 2), colon);
    p = put_mark(put_digits(p, of_day % 60, 2), 'Z');
    *p = '\0';
    return out;
}

const char *time_write(int64_t epoch_s, char out[TIME_TEXT_BYTES])
{
    return put(epoch_s, false, out);
}

const char *time_write_ms(int64_t epoch_ms, char out[TIME_TEXT_BYTES])
{
    int64_t ms = ((epoch_ms % 1000) + 1000) % 1000;
    put((epoch_ms - ms) / 1000, false, out);
    char *p = out + strlen(out) - 1; /* in place of the Z */
    *p++ = '.';
    p = put_mark(put_digits(p, (int)ms, 3), 'Z');
    *p = '\0';
    return out;
}

const char *time_write_basic(int64_t epoch_s, char out[TIME_TEXT_BYTES])
{
    return put(epoch_s, true, out);
}

static bool leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int64_t year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool date_to_days(int64_t year, int month, int day, int64_t *days)
{
    if (year < -YEAR_MAX || year > YEAR_MAX)
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return false;
    int64_t before = year - 1; /* whole years since year 1; 719162 days lie before 1970 */
    int64_t n =
        before * 365 + floor_div(before, 4) - floor_div(before, 100) + floor_div(before, 400);
    for (int m = 1; m < month; m++)
        n += days_in(year, m);
    *days = n + day - 1 - 719162;
    return true;
}

/* Exactly n digits at the front of *s, taken away. */
static bool digits(struct str *s, size_t n, int *out)
{
    int value = 0;
    if (s->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        value = value * 10 + (s->p[i] - '0');
    }
    *s = str_sub(*s, n, s->n);
    *out = value;
    return true;
}

static bool take(struct str *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = str_sub(*s, 1, s->n);
    return true;
}

static bool join(int year, int month, int day, int hour, int minute, int second, int64_t *epoch_s)
{
    int64_t days;
    if (!date_to_days(year, month, day, &days) || hour > 23 || minute > 59 || second > 59)
        return false;
    *epoch_s = days * DAY_S + hour * 3600 + minute * 60 + second;
    return true;
}

/* RFC 3339 5.6 time-offset: Z, or a sign with hours and minutes. */
static bool zone(struct str *s, int64_t *offset_s)
{
    int hour, minute;
    bool minus;
    if (take(s, 'Z') || take(s, 'z')) {
        *offset_s = 0;
        return true;
    }
    minus = s->n && s->p[0] == '-';
    if (!take(s, '+') && !take(s, '-'))
        return false;
    if (!digits(s, 2, &hour) || !take(s, ':') || !digits(s, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *offset_s = (hour * 3600 + minute * 60) * (minus ? -1 : 1);
    return true;
}

static bool fraction(struct str *s, int *ms)
{
    int digit, scale = 100;
    *ms = 0;
    if (!take(s, '.'))
        return true;
    if (!s->n || s->p[0] < '0' || s->p[0] > '9')
        return false;
    while (digits(s, 1, &digit)) {
        *ms += digit * scale;
        scale /= 10;
    }
    return true;
}

bool time_read(struct str s, int64_t *epoch_ms)
{
    int year, month, day, hour, minute, second, ms;
    int64_t epoch_s, offset_s;

    if (str_to_i64(s, &epoch_s)) {
        if (epoch_s < TIME_MIN_S || epoch_s > TIME_MAX_S)
            return false;
        *epoch_ms = epoch_s * MS;
        return true;
    }
    if (!digits(&s, 4, &year) || !take(&s, '-') || !digits(&s, 2, &month) || !take(&s, '-') ||
        !digits(&s, 2, &day))
        return false;
    if (!take(&s, 'T') && !take(&s, 't') && !take(&s, ' '))
        return false;
    if (!digits(&s, 2, &hour) || !take(&s, ':') || !digits(&s, 2, &minute) || !take(&s, ':') ||
        !digits(&s, 2, &second) || !fraction(&s, &ms) || !zone(&s, &offset_s) || s.n)
        return false;
    if (!join(year, month, day, hour, minute, second, &epoch_s))
        return false;
    *epoch_ms = (epoch_s - offset_s) * MS + ms;
    return true;
}

bool time_read_basic(struct str s, int64_t *epoch_s)
{
    int year, month, day, hour, minute, second;
    if (!digits(&s, 4, &year) || !digits(&s, 2, &month) || !digits(&s, 2, &day) || !take(&s, 'T') ||
        !digits(&s, 2, &hour) || !digits(&s, 2, &minute) || !digits(&s, 2, &second) ||
        !take(&s, 'Z') || s.n)
        return false;
    return join(year, month, day, hour, minute, second, epoch_s);
}

static int64_t unit_s(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return DAY_S;
    default:
        return 0;
    }
}

bool duration_read(struct str s, int64_t *seconds)
{
    int64_t total = 0, last_unit = INT64_MAX;
    bool bare = true;

    if (!s.n)
        return false;
    while (s.n) {
        size_t n = 0;
        int64_t value, unit;
        while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
            n++;
        if (n == 0 || n > 10 || !str_to_i64(str_sub(s, 0, n), &value))
            return false;
        s = str_sub(s, n, s.n);
        unit = s.n ? unit_s(s.p[0]) : bare ? 1 : 0;
        if (unit == 0 || unit >= last_unit)
            return false; /* "5s1h" and "1h2h" say nothing clear */
        s = str_sub(s, 1, s.n);
        total += value * unit;
        last_unit = unit;
        bare = false;
    }
    *seconds = total;
    return true;
}
