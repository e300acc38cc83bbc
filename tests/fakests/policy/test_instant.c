#include "fakests/policy/instant.h"

#include "base/arena.h"
#include "base/clock.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include <inttypes.h>

Suite *instant_suite(void);

#define S2030 INT64_C(1893456000) /* 2030-01-01T00:00:00Z */

static const struct {
    const char *name, *text;
    int64_t epoch_s;
    int ms;
} rows[] = {
    { "a year is its first moment", "2030", S2030, 0 },
    { "a month", "2030-02", S2030 + 31 * 86400, 0 },
    { "a day is its midnight in UTC", "2030-01-02", S2030 + 86400, 0 },
    { "minutes", "2030-01-01T10:30Z", S2030 + 37800, 0 },
    { "seconds", "2030-01-01T10:30:15Z", S2030 + 37815, 0 },
    { "a fraction", "2030-01-01T10:30:15.5Z", S2030 + 37815, 500 },
    { "milliseconds", "2030-01-01T00:00:00.123Z", S2030, 123 },
    { "what is finer is cut off", "2030-01-01T00:00:00.1239999Z", S2030, 123 },
    { "an offset east is earlier", "2030-01-01T02:00:00+02:00", S2030, 0 },
    { "an offset west is later", "2029-12-31T19:00:00-05:00", S2030, 0 },
    { "no zone is UTC", "2030-01-01T00:00:00", S2030, 0 },
    { "epoch seconds", "1893456000", S2030, 0 },
    { "epoch seconds with a plus", "+1893456000", S2030, 0 },
    { "the epoch itself", "0", 0, 0 },
    { "before it", "-1", -1, 0 },
    { "before it, with a fraction", "1969-12-31T23:59:59.5Z", -1, 500 },
    { "the largest epoch there is", "9223372036854775807", INT64_MAX, 0 },
    { "small letters", "2030-01-01t00:00:00z", S2030, 0 },
    { "one digit an hour", "2030-01-01T1:00Z", S2030 + 3600, 0 },
    { "a T and nothing behind it", "2030-01-01T", S2030, 0 },
    { "a year of two digits is one", "01T", INT64_C(-62135596800), 0 },
    { "an offset of hours alone", "2030-01-01T23:00:00+23", S2030, 0 },
    { "an offset without a colon", "2030-01-01T05:30:00+0530", S2030, 0 },
    { "a fraction of an hour", "2030-01-01T10.5Z", S2030 + 37800, 0 },
    { "a fraction behind a comma", "2030-01-01T00:00:00,25Z", S2030, 250 },
    { "the day of a year", "2030-032", S2030 + 31 * 86400, 0 },
    { "the last of a leap year", "2028-366", INT64_C(1861833600), 0 },
    { "a week begins on Monday", "2030-W01", S2030 - 86400, 0 },
    { "a day of a week", "2030-W01-2", S2030, 0 },
    { "a leap day", "2028-02-29", INT64_C(1835395200), 0 },
};

START_TEST(reads)
{
    struct instant got;
    ck_assert_msg(instant_read(guarded(str_of(rows[_i].text)), &got), "%s", rows[_i].name);
    ck_assert_msg(got.epoch_s == rows[_i].epoch_s && got.ms == rows[_i].ms,
                  "%s: %" PRId64 " s, %d ms", rows[_i].name, got.epoch_s, got.ms);
}
END_TEST

static const char *const no_dates[] = {
    "",
    " 2030-01-01",
    "2030-01-01 ",
    "not-a-date",
    "2030-13",
    "2030-00",
    "2030-02-30",
    "2029-02-29",
    "2030-01-01T24:00Z",
    "2030-01-01T10:60Z",
    "2030-01-01T10:00:60Z",
    "2030-01-01 00:00:00Z",
    "2030-01-01T00:00:00+1",
    "2030-01-01T00:00:00+24:00",
    "2030-01-01T00:00:00+10:60",
    "2030-01-01T00:00:00+10:",
    "2030-01-01T00:00:00.Z",
    "2030-01-01T00:00:00.1234567890Z",
    "2030-01-01T00:00:00Zx",
    "2030-01-01T00:",
    "2030-01-01Z",
    "2030-000",
    "2030-366",
    "2030-W00",
    "2030-W53",
    "2030-W01-0",
    "2030-W01-8",
    "2030-",
    "2030-01-",
    "2030/01/01",
    "1893456000.5",
    "9223372036854775808",
    "292278994-01",
    "T",
    "-",
    "+",
    "2030-01\r01",
    "2030-01-01\x54\x1A",
};

START_TEST(refuses_what_is_no_date)
{
    struct instant got;
    ck_assert_msg(!instant_read(guarded(str_of(no_dates[_i])), &got), "\"%s\"", no_dates[_i]);
}
END_TEST

static const struct {
    const char *left, *right;
    int order;
} orders[] = {
    { "2030-01-01", "2030-01-01T00:00:00Z", 0 },
    { "2030-01-01T00:00:00.001Z", "2030-01-01T00:00:00Z", 1 },
    { "2030-01-01T00:00:00.0009Z", "2030-01-01T00:00:00Z", 0 },
    { "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", -1 },
    { "9223372036854775807", "9223372036854775806", 1 },
};

START_TEST(compares_to_the_millisecond)
{
    struct instant l, r;
    ck_assert(instant_read(str_of(orders[_i].left), &l));
    ck_assert(instant_read(str_of(orders[_i].right), &r));
    ck_assert_int_eq(instant_cmp(&l, &r), orders[_i].order);
    ck_assert_int_eq(instant_cmp(&r, &l), -orders[_i].order);
}
END_TEST

/* Each of some 60,000 days, in three spellings, against the clock's own reader. */
START_TEST(agrees_with_the_clock_on_every_day)
{
    struct arena *a = arena_new();
    struct instant got;
    int64_t ms, days, day_of_year = 0;
    for (int64_t year = 1890; year <= 2060; year++) {
        day_of_year = 0;
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= 31; day++) {
                struct str date = arena_printf(a, "%04" PRId64 "-%02d-%02d", year, month, day);
                bool real = date_to_days(year, month, day, &days);
                if (instant_read(date, &got) != real || (real && got.epoch_s != days * 86400))
                    ck_abort_msg("%.*s", STR_ARG(date));
                if (!real)
                    continue;
                date = arena_printf(a, "%.*sT01:02:03.25-04:30", STR_ARG(date));
                if (!time_read(date, &ms) || !instant_read(date, &got) ||
                    got.epoch_s * 1000 + got.ms != ms)
                    ck_abort_msg("%.*s", STR_ARG(date));
                date = arena_printf(a, "%04" PRId64 "-%03" PRId64, year, ++day_of_year);
                if (!instant_read(date, &got) || got.epoch_s != days * 86400)
                    ck_abort_msg("%.*s", STR_ARG(date));
                arena_reset(a);
            }
    }
    arena_free(a);
}
END_TEST

/* Weeks: day after day from a Monday on, week and weekday count up by themselves. */
START_TEST(weeks_follow_one_another)
{
    struct arena *a = arena_new();
    struct instant got;
    int64_t day;
    ck_assert(date_to_days(1995, 1, 2, &day)); /* 1995-W01-1 */
    for (int year = 1995; year < 2045; year++)
        for (int week = 1; week <= 53; week++) {
            struct str text = arena_printf(a, "%d-W%02d-1", year, week);
            if (!instant_read(text, &got)) {
                ck_assert_msg(week == 53, "%.*s", STR_ARG(text));
                continue;
            }
            ck_assert_msg(got.epoch_s == day * 86400, "%.*s", STR_ARG(text));
            day += 7;
            arena_reset(a);
        }
    arena_free(a);
}
END_TEST

Suite *instant_suite(void)
{
    Suite *s = suite_create("instant");
    TCase *t = tcase_create("instant");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, reads, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(t, refuses_what_is_no_date, 0, sizeof no_dates / sizeof no_dates[0]);
    tcase_add_loop_test(t, compares_to_the_millisecond, 0, sizeof orders / sizeof orders[0]);
    tcase_add_test(t, agrees_with_the_clock_on_every_day);
    tcase_add_test(t, weeks_follow_one_another);
    suite_add_tcase(s, t);
    return s;
}
