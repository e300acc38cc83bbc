#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * How much of a core's time vanishes: reads the clock in a tight loop and adds up the gaps that
 * this loop cannot have made itself.  A busy host takes cores away without saying so in /proc/stat.
 * Prints the share in percent.
 */

enum { GAP_NS = 20000 }; /* a timer interrupt takes a few microseconds */

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

int main(int argc, char **argv)
{
    int64_t length = (argc > 1 ? atoi(argv[1]) : 300) * INT64_C(1000000), lost = 0;
    int64_t from = now_ns(), last = from, t = from;
    while (t - from < length) {
        t = now_ns();
        if (t - last > GAP_NS)
            lost += t - last;
        last = t;
    }
    printf("%.1f\n", 100.0 * (double)lost / (double)length);
    return 0;
}
