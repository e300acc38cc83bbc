#include "fakests/policy/decimal.h"

#include "base/arena.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include <stdio.h>
#include <stdlib.h>

Suite *decimal_suite(void);

static const struct {
    const char *name, *left, *right;
    int order;
} rows[] = {
    { "a number equals itself", "1", "1", 0 },
    { "leading zeros say nothing", "01", "1", 0 },
    { "a plus says nothing", "+1", "1", 0 },
    { "trailing zeros say nothing", "1.0", "1", 0 },
    { "exponents are read", "1e0", "1", 0 },
    { "exponents move the point", "12e-1", "1.2", 0 },
    { "large exponents too", "1E+3", "1000.000", 0 },
    { "no digit before the point", ".5", "0.5", 0 },
    { "no digit behind the point", "5.", "5", 0 },
    { "minus zero is zero", "-0.0", "0", 0 },
    { "zero is zero at any exponent", "0e99", "0", 0 },
    { "ten is not one", "10", "1", 1 },
    { "numbers do not compare as text", "9", "10", -1 },
    { "negative ones the other way round", "-9", "-10", 1 },
    { "below zero is less", "-0.001", "0", -1 },
    { "and less than what is above", "-5", "5", -1 },
    { "nothing is rounded", "1.00000000000000000000000000000001", "1", 1 },
    { "nothing is rounded beyond 2^64", "18446744073709551617", "18446744073709551616", 1 },
    { "a tenth is a tenth", "0.1", "0.10000000000000000555", -1 },
    { "huge exponents compare", "1e2147483647", "9e2147483646", 1 },
    { "tiny ones too", "1e-2147483648", "0", 1 },
};

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

START_TEST(compares)
{
    struct decimal l, r;
    ck_assert(decimal_read(guarded(str_of(rows[_i].left)), &l));
    ck_assert(decimal_read(guarded(str_of(rows[_i].right)), &r));
    ck_assert_msg(sign(decimal_cmp(&l, &r)) == rows[_i].order, "%s", rows[_i].name);
    ck_assert_msg(sign(decimal_cmp(&r, &l)) == -rows[_i].order, "%s, swapped", rows[_i].name);
}
END_TEST

static const char *const no_numbers[] = {
    "",
    " 1",
    "1 ",
    "NaN",
    "Infinity",
    "-Infinity",
    "one",
    "1,000",
    "0x10",
    ".",
    "+",
    "-",
    "e5",
    "1e",
    "1e+",
    "1e1.5",
    "1.2.3",
    "--1",
    "1_0",
    "1e2147483648",
    "1e-2147483649",
    "1e99999999999999999999",
    "1f",
    "1d",
    "\xD9\xA1",
};

START_TEST(refuses_what_is_no_number)
{
    struct decimal d;
    ck_assert_msg(!decimal_read(guarded(str_of(no_numbers[_i])), &d), "\"%s\"", no_numbers[_i]);
}
END_TEST

/* The oracle: both numbers written out with forty digits before and behind the point. */
static void written_out(const char *sign_and_digits, int point, char out[82])
{
    size_t n = strlen(sign_and_digits);
    memset(out, '0', 80);
    out[80] = '\0';
    for (size_t i = 0; i < n; i++)
        out[40 - point + (int)i] = sign_and_digits[i];
}

START_TEST(agrees_with_the_oracle)
{
    static const char *const digits[] = { "0", "1", "5", "10", "05", "50", "105", "0500", "99" };
    enum { N = sizeof digits / sizeof digits[0], POINTS = 4 };
    struct arena *a = arena_new();
    for (size_t i = 0; i < N * POINTS; i++)
        for (size_t j = 0; j < N * POINTS; j++) {
            /* the value is digits * 10^-shift */
            int shift_i = (int)(i / N), shift_j = (int)(j / N);
            const char *x = digits[i % N], *y = digits[j % N];
            char slow_x[82], slow_y[82];
            struct decimal l, r;
            written_out(x, (int)strlen(x) - shift_i, slow_x);
            written_out(y, (int)strlen(y) - shift_j, slow_y);
            ck_assert(decimal_read(arena_printf(a, "%se-%d", x, shift_i), &l));
            ck_assert(decimal_read(arena_printf(a, "%se-%d", y, shift_j), &r));
            ck_assert_msg(sign(decimal_cmp(&l, &r)) == sign(strcmp(slow_x, slow_y)),
                          "%se-%d and %se-%d", x, shift_i, y, shift_j);
            arena_reset(a);
        }
    arena_free(a);
}
END_TEST

/* Every way to put a point into four digits, against integers. */
START_TEST(points_agree_with_integers)
{
    struct arena *a = arena_new();
    for (int x = 0; x < 2000; x += 7)
        for (int y = 0; y < 2000; y += 11)
            for (int places = 0; places < 4; places++) {
                int scale = places == 0 ? 1 : places == 1 ? 10 : places == 2 ? 100 : 1000;
                struct decimal l, r;
                struct str left = places ? arena_printf(a, "%d.%0*d", x / scale, places, x % scale)
                                         : arena_printf(a, "%d", x);
                struct str right = arena_printf(a, "%de-%d", y, places);
                if (!decimal_read(left, &l) || !decimal_read(right, &r) ||
                    sign(decimal_cmp(&l, &r)) != (x > y) - (x < y))
                    ck_abort_msg("%.*s and %.*s", STR_ARG(left), STR_ARG(right));
                arena_reset(a);
            }
    arena_free(a);
}
END_TEST

Suite *decimal_suite(void)
{
    Suite *s = suite_create("decimal");
    TCase *t = tcase_create("decimal");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, compares, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(t, refuses_what_is_no_number, 0, sizeof no_numbers / sizeof no_numbers[0]);
    tcase_add_test(t, agrees_with_the_oracle);
    tcase_add_test(t, points_agree_with_integers);
    suite_add_tcase(s, t);
    return s;
}
