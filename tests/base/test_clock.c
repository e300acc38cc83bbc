#include "tests/support/runner.h"

#include "base/clock.h"
#include "base/entropy.h"
#include "tests/support/guard.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

Suite *clock_suite(void);

/* ---- dates, counted day by day ---- */

struct date {
    int year, month, day;
};

static bool slow_leap(int year)
{
    if (year % 400 == 0)
        return true;
    if (year % 100 == 0)
        return false;
    return year % 4 == 0;
}

static int slow_days(int year, int month)
{
    switch (month) {
    case 2:
        return slow_leap(year) ? 29 : 28;
    case 4:
    case 6:
    case 9:
    case 11:
        return 30;
    default:
        return 31;
    }
}

static void tomorrow(struct date *d)
{
    if (++d->day <= slow_days(d->year, d->month))
        return;
    d->day = 1;
    if (++d->month <= 12)
        return;
    d->month = 1;
    d->year++;
}

/* 1600-01-01 lies 370 years of 365 days and 90 leap days before 1970: day -135140. */
START_TEST(every_day_of_eight_centuries_follows_the_one_before)
{
    struct date d = { 1600, 1, 1 };
    int64_t wanted = -135140, days, ms;
    char text[TIME_TEXT_BYTES], made[TIME_TEXT_BYTES];
    for (; d.year <= 2400; tomorrow(&d), wanted++) {
        if (d.year == 1970 && d.month == 1 && d.day == 1)
            ck_assert_int_eq(wanted, 0);
        WANT(date_to_days(d.year, d.month, d.day, &days) && days == wanted, "%04d-%02d-%02d",
             d.year, d.month, d.day);
        snprintf(made, sizeof made, "%04d-%02d-%02dT12:34:56Z", d.year % 10000, d.month % 100,
                 d.day % 100);
        int64_t epoch_s = wanted * 86400 + 12 * 3600 + 34 * 60 + 56;
        WANT(strcmp(time_write(epoch_s, text), made) == 0, "%s, not %s", text, made);
        WANT(time_read(str_of(made), &ms) && ms == epoch_s * 1000, "%s", made);
    }
    ck_assert_int_eq(wanted, 157420);
}
END_TEST

START_TEST(days_that_do_not_exist_are_refused)
{
    int64_t days = 7;
    for (int year = 1896; year <= 2104; year++)
        for (int month = -1; month <= 14; month++)
            for (int day = -1; day <= 33; day++) {
                bool is = month >= 1 && month <= 12 && day >= 1 && day <= slow_days(year, month);
                WANT(date_to_days(year, month, day, &days) == is, "%d-%d-%d", year, month, day);
            }
    ck_assert(!date_to_days(INT64_MAX, 1, 1, &days));
    ck_assert(!date_to_days(INT64_MIN, 1, 1, &days));
}
END_TEST

/* ---- reading ---- */

static const struct {
    const char *text;
    bool is;
    int64_t ms;
} times[] = {
    { "1970-01-01T00:00:00Z", true, 0 },
    { "2026-11-21T20:17:00Z", true, 1795292220000 },
    { "2026-11-21t20:17:00z", true, 1795292220000 },
    { "2026-11-21 20:17:00Z", true, 1795292220000 },
    { "2026-11-21T20:17:00.5Z", true, 1795292220500 },
    { "2026-11-21T20:17:00.123456789Z", true, 1795292220123 },
    { "2026-11-21T21:17:00+01:00", true, 1795292220000 },
    { "2026-11-21T14:47:00-05:30", true, 1795292220000 },
    { "1969-12-31T23:59:59.999Z", true, -1 },
    { "0000-01-01T00:00:00Z", true, TIME_MIN_S * 1000 },
    { "9999-12-31T23:59:59Z", true, TIME_MAX_S * 1000 },
    { "2024-02-29T00:00:00Z", true, 1709164800000 },
    { "1795292220", true, 1795292220000 },
    { "-1", true, -1000 },
    { "253402300799", true, TIME_MAX_S * 1000 },
    { "253402300800", false, 0 },
    { "-62167219201", false, 0 },
    { "9223372036854775807", false, 0 },
    { "2023-02-29T00:00:00Z", false, 0 },
    { "2026-13-01T00:00:00Z", false, 0 },
    { "2026-11-21T24:00:00Z", false, 0 },
    { "2026-11-21T20:60:00Z", false, 0 },
    { "2026-11-21T20:17:60Z", false, 0 },
    { "2026-11-21T20:17:00", false, 0 },
    { "2026-11-21T20:17:00.Z", false, 0 },
    { "2026-11-21T20:17:00+0100", false, 0 },
    { "2026-11-21T20:17:00+24:00", false, 0 },
    { "2026-11-21T20:17:00Zx", false, 0 },
    { "2026-11-21", false, 0 },
    { "26-11-21T20:17:00Z", false, 0 },
    { "20261121T201700Z", false, 0 },
    { "", false, 0 },
    { "now", false, 0 },
    { "1.5", false, 0 },
};

START_TEST(reads_times)
{
    int64_t ms = 77;
    bool is = time_read(guarded(str_of(times[_i].text)), &ms);
    ck_assert_msg(is == times[_i].is, "\"%s\"", times[_i].text);
    ck_assert_msg(ms == (is ? times[_i].ms : 77), "\"%s\" gave %" PRId64, times[_i].text, ms);
}
END_TEST

START_TEST(reads_and_writes_the_basic_format)
{
    static const char *const wrong[] = { "20261121T201700",   "20261121t201700Z",
                                         "20261121T201760Z",  "20261321T201700Z",
                                         "20261121T201700ZZ", "2026-11-21T20:17:00Z",
                                         "20261121T2017Z",    "" };
    char text[TIME_TEXT_BYTES];
    int64_t s = 0;
    ck_assert(time_read_basic(guarded(STR("20261121T201700Z")), &s));
    ck_assert_int_eq(s, 1795292220);
    ck_assert_str_eq(time_write_basic(s, text), "20261121T201700Z");
    ck_assert_str_eq(time_write_basic(0, text), "19700101T000000Z");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!time_read_basic(guarded(str_of(wrong[i])), &s), "\"%s\"", wrong[i]);
}
END_TEST

START_TEST(writes_years_with_four_digits_and_cuts_what_has_more)
{
    char text[TIME_TEXT_BYTES];
    ck_assert_str_eq(time_write(TIME_MIN_S, text), "0000-01-01T00:00:00Z");
    ck_assert_str_eq(time_write(INT64_MIN, text), "0000-01-01T00:00:00Z");
    ck_assert_str_eq(time_write(TIME_MAX_S + 1, text), "9999-12-31T23:59:59Z");
    ck_assert_str_eq(time_write(INT64_MAX, text), "9999-12-31T23:59:59Z");
    ck_assert_str_eq(time_write_basic(-61000000000, text), "00361226T113320Z");
}
END_TEST

static const struct {
    const char *text;
    bool is;
    int64_t s;
} durations[] = {
    { "900", true, 900 },
    { "0", true, 0 },
    { "900s", true, 900 },
    { "15m", true, 900 },
    { "1h30m", true, 5400 },
    { "1h30m5s", true, 5405 },
    { "1h5s", true, 3605 },
    { "2d", true, 172800 },
    { "1d1h1m1s", true, 90061 },
    { "90m", true, 5400 },
    { "0h0m0s", true, 0 },
    { "9999999999d", true, 863999999913600 },
    { "", false, 0 },
    { "s", false, 0 },
    { "1h30", false, 0 },
    { "30m1h", false, 0 },
    { "1h1h", false, 0 },
    { "1.5h", false, 0 },
    { "-5m", false, 0 },
    { "+5m", false, 0 },
    { " 5m", false, 0 },
    { "5m ", false, 0 },
    { "5 m", false, 0 },
    { "5ms", false, 0 },
    { "5H", false, 0 },
    { "5w", false, 0 },
    { "10000000000d", false, 0 },
    { "99999999999999999999s", false, 0 },
};

START_TEST(reads_durations)
{
    int64_t s = 77;
    bool is = duration_read(guarded(str_of(durations[_i].text)), &s);
    ck_assert_msg(is == durations[_i].is, "\"%s\"", durations[_i].text);
    ck_assert_msg(s == (is ? durations[_i].s : 77), "\"%s\" gave %" PRId64, durations[_i].text, s);
}
END_TEST

/* ---- the clock ---- */

START_TEST(a_frozen_clock_moves_only_when_moved)
{
    struct clock c;
    clock_init(&c);
    clock_set(&c, 1500, true);
    usleep(2000);
    ck_assert_int_eq(clock_now_ms(&c), 1500);
    ck_assert_int_eq(clock_now_s(&c), 1);
    clock_advance(&c, 61 * 60 * 1000);
    ck_assert_int_eq(clock_now_ms(&c), 1500 + 61 * 60 * 1000);
    clock_set(&c, -1, true);
    ck_assert_int_eq(clock_now_s(&c), -1);
}
END_TEST

START_TEST(a_running_clock_runs_on_from_where_it_was_set)
{
    struct clock c;
    clock_init(&c);
    int64_t machine_s = clock_machine_s();
    ck_assert_int_le(clock_now_s(&c) - machine_s, 1);
    clock_set(&c, 1000000, false);
    usleep(3000);
    ck_assert_int_gt(clock_now_ms(&c), 1000000);
    ck_assert_int_lt(clock_now_ms(&c), 1000000 + 30000);
    clock_advance(&c, 3600000);
    ck_assert_int_gt(clock_now_ms(&c), 4600000);
    ck_assert_int_lt(clock_now_ms(&c), 4600000 + 30000);
    ck_assert_int_le(clock_machine_s() - machine_s, 30); /* nothing moves the machine's time */
}
END_TEST

/* ---- its rate ---- */

static int64_t machine_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* A reading, between two of the machine's: what went by between two readings has bounds then. */
struct moment {
    int64_t before_ns, now_ms, after_ns;
};

static struct moment moment(const struct clock *c)
{
    struct moment m;
    m.before_ns = machine_ns();
    m.now_ms = clock_now_ms(c);
    m.after_ns = machine_ns();
    return m;
}

/* Both ends are cut to the millisecond, so one may be missing and one too many. */
static void want_rate(const char *what, const struct moment *from, const struct moment *to,
                      double rate)
{
    double gone = (double)(to->now_ms - from->now_ms);
    double least = (double)(to->before_ns - from->after_ns) * rate / 1e6 - 1.001;
    double most = (double)(to->after_ns - from->before_ns) * rate / 1e6 + 1.001;
    ck_assert_msg(gone >= least && gone <= most, "%s at %g: %g ms, not %g to %g", what, rate, gone,
                  least, most);
}

static const double rates[] = { 1, 60, 0.5, 3.75, 1e6, 1e-6, 7 };
enum { RATES = sizeof rates / sizeof rates[0] };

START_TEST(a_clock_runs_at_its_rate_from_where_it_was)
{
    struct clock c;
    clock_init(&c);
    if (_i % 2)
        clock_set(&c, INT64_C(946684800000), false);
    clock_set_rate(&c, rates[_i / 2]);
    struct moment from = moment(&c);
    usleep(4000);
    struct moment to = moment(&c);
    want_rate("running", &from, &to, rates[_i / 2]);
}
END_TEST

/* Each rate to each other: what went by shortly before counts at the old rate only. */
START_TEST(a_change_of_rate_makes_no_jump)
{
    struct clock c;
    clock_init(&c);
    for (int i = 0; i < RATES * RATES; i++) {
        double old = rates[i / RATES], now = rates[i % RATES];
        clock_set_rate(&c, old);
        clock_set(&c, 0, false);
        for (int j = 0; j < 200; j++)
            clock_now_ms(&c);
        struct moment from = moment(&c);
        clock_set_rate(&c, now);
        struct moment to = moment(&c);
        WANT(to.now_ms >= from.now_ms, "from %g to %g it went back", old, now);
        double most =
            (double)(to.after_ns - from.before_ns) * (old > now ? old : now) / 1e6 + 1.001;
        WANT((double)(to.now_ms - from.now_ms) <= most, "from %g to %g: %g ms, over %g", old, now,
             (double)(to.now_ms - from.now_ms), most);
    }
}
END_TEST

START_TEST(moving_a_clock_keeps_its_rate)
{
    struct clock c;
    clock_init(&c);
    clock_set_rate(&c, 40);
    clock_set(&c, 1000000, false);
    clock_advance(&c, 1000);
    struct moment from = moment(&c);
    ck_assert_int_ge(from.now_ms, 1001000);
    usleep(2000);
    struct moment to = moment(&c);
    want_rate("set and advanced", &from, &to, 40);
    ck_assert(clock_look(&c).rate >= 40 && clock_look(&c).rate <= 40);
}
END_TEST

/* Less than a millisecond is not lost each time a clock is touched. */
START_TEST(touching_a_clock_often_does_not_slow_it)
{
    struct clock c;
    clock_init(&c);
    clock_set_rate(&c, rates[_i]);
    struct moment from = moment(&c);
    for (int i = 0; i < 20000; i++)
        clock_advance(&c, 0);
    struct moment to = moment(&c);
    want_rate("touched", &from, &to, rates[_i]);
}
END_TEST

START_TEST(a_frozen_clock_stands_still_at_any_rate)
{
    const struct clock_state runs = { .frozen = false };
    struct clock c;
    clock_init(&c);
    clock_set(&c, 5000, true);
    clock_set_rate(&c, rates[_i]);
    usleep(2000);
    ck_assert_int_eq(clock_now_ms(&c), 5000);
    clock_advance(&c, 1000);
    ck_assert_int_eq(clock_now_ms(&c), 6000);
    struct moment from = { machine_ns(), 6000, machine_ns() };
    clock_change(&c, &runs, CLOCK_FROZEN);
    from.after_ns = machine_ns();
    usleep(1000);
    struct moment to = moment(&c);
    want_rate("thawed", &from, &to, rates[_i]);
}
END_TEST

START_TEST(a_clock_that_is_reset_is_the_machines)
{
    struct clock c;
    clock_init(&c);
    clock_set_rate(&c, 1e6);
    clock_set(&c, 1, _i);
    clock_reset(&c);
    for (int i = 0; i < 1000; i++) {
        struct moment m = moment(&c);
        WANT(m.now_ms >= m.before_ns / 1000000 && m.now_ms <= m.after_ns / 1000000,
             "%" PRId64 " ms is not the machine's %" PRId64 " ns", m.now_ms, m.after_ns);
    }
    ck_assert(!clock_look(&c).frozen);
    ck_assert(clock_look(&c).rate >= 1 && clock_look(&c).rate <= 1);
}
END_TEST

static const struct {
    const char *name;
    double asked, runs;
} cut_rates[] = {
    { "none is the least", 0, CLOCK_RATE_MIN },
    { "backwards is the least", -60, CLOCK_RATE_MIN },
    { "what is no number is the least", NAN, CLOCK_RATE_MIN },
    { "the least is kept", CLOCK_RATE_MIN, CLOCK_RATE_MIN },
    { "a third is kept", 1.0 / 3, 1.0 / 3 },
    { "the greatest is kept", CLOCK_RATE_MAX, CLOCK_RATE_MAX },
    { "over the greatest is the greatest", 1.5e6, CLOCK_RATE_MAX },
    { "infinity is the greatest", INFINITY, CLOCK_RATE_MAX },
};

START_TEST(a_rate_is_cut_to_its_bounds)
{
    struct clock c;
    clock_init(&c);
    clock_set_rate(&c, cut_rates[_i].asked);
    double runs = clock_look(&c).rate;
    ck_assert_msg(runs >= cut_rates[_i].runs && runs <= cut_rates[_i].runs, "%s: %g",
                  cut_rates[_i].name, runs);
}
END_TEST

/* ---- many at once ---- */

static struct clock common;

/* Three states in which nothing fits to the others. */
static const struct clock_state states[] = { { INT64_C(1000000000000), 2, true },
                                             { INT64_C(-2000000000000), 0.25, true },
                                             { INT64_C(3000000000000), 1e6, true } };

static void *change_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < 30000; i++)
        clock_change(&common, &states[i % 3], CLOCK_NOW | CLOCK_RATE | CLOCK_FROZEN);
    return NULL;
}

static bool is_a_state(const struct clock_state *s)
{
    for (int i = 0; i < 3; i++)
        if (s->now_ms == states[i].now_ms && s->frozen == states[i].frozen &&
            s->rate >= states[i].rate && s->rate <= states[i].rate)
            return true;
    return false;
}

START_TEST(a_reader_sees_all_of_a_change_or_nothing)
{
    pthread_t threads[2];
    clock_init(&common);
    clock_change(&common, &states[0], CLOCK_NOW | CLOCK_RATE | CLOCK_FROZEN);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, change_often, NULL);
    for (int i = 0; i < 30000; i++) {
        struct clock_state s = clock_look(&common);
        WANT(is_a_state(&s), "%" PRId64 " ms at %g", s.now_ms, s.rate);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}
END_TEST

static void *advance_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20000; i++)
        clock_advance(&common, 3);
    return NULL;
}

START_TEST(no_advance_is_lost_among_others)
{
    pthread_t threads[4];
    clock_init(&common);
    clock_set(&common, 0, true);
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, advance_often, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(clock_now_ms(&common), 4 * 20000 * 3);
}
END_TEST

START_TEST(a_clock_stays_within_the_years_that_can_be_written)
{
    static const int64_t extremes[] = { INT64_MAX, INT64_MIN, TIME_MAX_S * 1000,
                                        TIME_MIN_S * 1000 };
    struct clock c;
    clock_init(&c);
    clock_set_rate(&c, _i ? CLOCK_RATE_MAX : 1);
    for (int round = 0; round < 40; round++) {
        int64_t by = extremes[round % 4], before = clock_now_ms(&c);
        if (round % 3)
            clock_advance(&c, by);
        else
            clock_set(&c, by, round % 2);
        ck_assert_int_ge(clock_now_ms(&c), TIME_MIN_S * 1000);
        ck_assert_int_le(clock_now_ms(&c), TIME_MAX_S * 1000);
        if (by > 0)
            ck_assert_int_ge(clock_now_ms(&c), before);
        else
            ck_assert_int_le(clock_now_ms(&c), before + (_i ? INT64_C(30000000000) : 30000));
    }
}
END_TEST

/* ---- entropy ---- */

START_TEST(a_seed_gives_the_same_bytes_whatever_the_pieces_are)
{
    struct entropy one, two;
    char left[64], right[64];
    entropy_init_seeded(&one, 1);
    entropy_init_seeded(&two, 1);
    entropy_fill(&one, left, 64);
    entropy_fill(&two, right, 32);
    entropy_fill(&two, right + 32, 32);
    ck_assert_mem_eq(left, right, 64);
    entropy_init_seeded(&two, 2);
    entropy_fill(&two, right, 64);
    ck_assert_mem_ne(left, right, 64);
    /* SplitMix64's first number from the seed 0, as its authors publish it, least byte first */
    entropy_init_seeded(&one, 0);
    entropy_fill(&one, left, 8);
    ck_assert_mem_eq(left, "\xAF\xCD\x1D\x7B\x39\xA8\x20\xE2", 8);
}
END_TEST

START_TEST(real_entropy_does_not_repeat_itself_whatever_the_size)
{
    struct entropy e;
    static const size_t sizes[] = { 8, 12, 16, 255, 256, 257, 1024, 5000 };
    unsigned char was[5000] = { 0 }, is[5000];
    entropy_init_real(&e);
    for (int i = 0; i < 2000; i++) {
        size_t n = sizes[i % 8];
        memset(is, 0, sizeof is);
        entropy_fill(&e, is, n);
        WANT(memcmp(is, was, 8) != 0, "%zu bytes began like those before", n);
        WANT(memcmp(is + n - 8, "\0\0\0\0\0\0\0\0", 8) != 0, "%zu bytes were not filled", n);
        memcpy(was, is, sizeof was);
    }
}
END_TEST

START_TEST(a_forked_process_draws_other_bytes)
{
    struct entropy e;
    char parent[16], child[16];
    int pipe_fd[2];
    entropy_init_real(&e);
    entropy_fill(&e, parent, sizeof parent); /* now the pool holds bytes both would draw */
    ck_assert_int_eq(pipe(pipe_fd), 0);
    pid_t pid = fork();
    if (pid == 0) {
        entropy_fill(&e, child, sizeof child);
        _exit(write(pipe_fd[1], child, sizeof child) != sizeof child);
    }
    entropy_fill(&e, parent, sizeof parent);
    ck_assert_int_eq(read(pipe_fd[0], child, sizeof child), sizeof child);
    waitpid(pid, NULL, 0);
    ck_assert_mem_ne(parent, child, sizeof parent);
    close(pipe_fd[0]);
    close(pipe_fd[1]);
}
END_TEST

static bool is_uuid_v4(const char *uuid)
{
    for (size_t at = 0; at < 36; at++) {
        bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        if (!uuid[at] || !strchr(dash ? "-" : at == 14 ? "4" : "0123456789abcdef", uuid[at]))
            return false;
    }
    return strchr("89ab", uuid[19]) && !uuid[36];
}

START_TEST(uuids_are_of_version_4)
{
    struct entropy e;
    char uuid[UUID_TEXT_BYTES], other[UUID_TEXT_BYTES];
    entropy_init_real(&e);
    for (int i = 0; i < 500; i++) {
        WANT(is_uuid_v4(entropy_uuid(&e, uuid)), "%s", uuid);
        WANT(strcmp(uuid, entropy_uuid(&e, other)) != 0, "%s twice", uuid);
    }
}
END_TEST

static struct entropy shared;

static void *draw(void *out)
{
    for (size_t i = 0; i < 1000; i++)
        entropy_fill(&shared, (uint64_t *)out + i, 8);
    return NULL;
}

static int compare(const void *l, const void *r)
{
    uint64_t x = *(const uint64_t *)l, y = *(const uint64_t *)r;
    return (x > y) - (x < y);
}

START_TEST(threads_never_draw_the_same)
{
    static uint64_t drawn[4000];
    pthread_t threads[4];
    if (_i)
        entropy_init_real(&shared);
    else
        entropy_init_seeded(&shared, 42);
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, draw, drawn + i * 1000);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    qsort(drawn, 4000, sizeof drawn[0], compare);
    for (size_t i = 1; i < 4000; i++)
        WANT(drawn[i - 1] != drawn[i], "a number was drawn twice");
}
END_TEST

Suite *clock_suite(void)
{
    Suite *s = suite_create("clock");
    TCase *t = tcase_create("clock");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, every_day_of_eight_centuries_follows_the_one_before);
    tcase_add_test(t, days_that_do_not_exist_are_refused);
    tcase_add_loop_test(t, reads_times, 0, sizeof times / sizeof times[0]);
    tcase_add_test(t, reads_and_writes_the_basic_format);
    tcase_add_test(t, writes_years_with_four_digits_and_cuts_what_has_more);
    tcase_add_loop_test(t, reads_durations, 0, sizeof durations / sizeof durations[0]);
    tcase_add_test(t, a_frozen_clock_moves_only_when_moved);
    tcase_add_test(t, a_running_clock_runs_on_from_where_it_was_set);
    tcase_add_loop_test(t, a_clock_stays_within_the_years_that_can_be_written, 0, 2);
    tcase_add_loop_test(t, a_clock_runs_at_its_rate_from_where_it_was, 0, 2 * RATES);
    tcase_add_test(t, a_change_of_rate_makes_no_jump);
    tcase_add_test(t, moving_a_clock_keeps_its_rate);
    tcase_add_loop_test(t, touching_a_clock_often_does_not_slow_it, 0, RATES);
    tcase_add_loop_test(t, a_frozen_clock_stands_still_at_any_rate, 0, RATES);
    tcase_add_loop_test(t, a_clock_that_is_reset_is_the_machines, 0, 2);
    tcase_add_loop_test(t, a_rate_is_cut_to_its_bounds, 0, sizeof cut_rates / sizeof cut_rates[0]);
    tcase_add_test(t, a_reader_sees_all_of_a_change_or_nothing);
    tcase_add_test(t, no_advance_is_lost_among_others);
    suite_add_tcase(s, t);
    t = tcase_create("entropy");
    tcase_add_test(t, a_seed_gives_the_same_bytes_whatever_the_pieces_are);
    tcase_add_test(t, real_entropy_does_not_repeat_itself_whatever_the_size);
    tcase_add_test(t, a_forked_process_draws_other_bytes);
    tcase_add_test(t, uuids_are_of_version_4);
    tcase_add_loop_test(t, threads_never_draw_the_same, 0, 2);
    suite_add_tcase(s, t);
    return s;
}
