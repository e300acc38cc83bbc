#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/str.h"

#include <stdatomic.h>

/* The years RFC 3339 can spell, 0000 to 9999; every clock stays within them. */
#define TIME_MIN_S INT64_C(-62167219200)
#define TIME_MAX_S INT64_C(253402300799)

/*
 * What time it is: the machine's time shifted, run through at a rate, or standing still.  Handed in
 * wherever time matters, never reached for.  Safe to read and to set from several threads: a reader
 * sees all of a change or nothing of it, and takes no lock.
 */
struct clock {
    _Atomic uint32_t version; /* odd while it is being changed */
    _Atomic int64_t since_ns; /* at this moment of the machine */
    _Atomic int64_t shown_ms; /* it showed this, */
    _Atomic double rate;      /* and ran on so many times as fast, */
    _Atomic bool frozen;      /* unless it stands still */
};

/* The fastest goes eleven days in a second, the slowest a second in eleven days. */
#define CLOCK_RATE_MIN 1e-6
#define CLOCK_RATE_MAX 1e6

/* What a clock shows and how it runs; for clock_change, which of it is to be changed. */
struct clock_state {
    int64_t now_ms;
    double rate;
    bool frozen;
};
enum clock_part { CLOCK_NOW = 1, CLOCK_RATE = 2, CLOCK_FROZEN = 4 };

/* A running clock that shows the machine's time. */
void clock_init(struct clock *c);
/* The same for a clock that others may be reading. */
void clock_reset(struct clock *c);
struct clock_state clock_look(const struct clock *c);
/* Takes over the parts (of enum clock_part) of `to`, all at one moment; the rest goes on. */
void clock_change(struct clock *c, const struct clock_state *to, unsigned parts);
/* Milliseconds, and whole seconds, since the epoch. */
int64_t clock_now_ms(const struct clock *c);
int64_t clock_now_s(const struct clock *c);
/* Sets the time; it stands still from there when frozen, else it runs on at its rate. */
void clock_set(struct clock *c, int64_t now_ms, bool frozen);
/* Runs so many times as fast as the machine's from now on, cut to the bounds above. */
void clock_set_rate(struct clock *c, double rate);
void clock_advance(struct clock *c, int64_t by_ms);

/* The machine's own time, which no control moves (SigV4's 15 minutes are counted in it). */
int64_t clock_machine_s(void);
/* Milliseconds since some moment in the past: for intervals, whoever sets the machine's time. */
int64_t clock_steady_ms(void);

/* The second that a millisecond lies in, before 1970 too. */
int64_t time_floor_s(int64_t epoch_ms);

enum { TIME_TEXT_BYTES = 32 };
/* RFC 3339 in UTC, "2026-11-21T20:17:00Z"; a time out of range is cut to it.  Returns out. */
const char *time_write(int64_t epoch_s, char out[TIME_TEXT_BYTES]);
/* The same with milliseconds, "2026-11-21T20:17:00.123Z". */
const char *time_write_ms(int64_t epoch_ms, char out[TIME_TEXT_BYTES]);
/* ISO 8601 basic format as SigV4 has it, "20261121T201700Z". */
const char *time_write_basic(int64_t epoch_s, char out[TIME_TEXT_BYTES]);
/* RFC 3339 (any offset, optional fraction) or epoch seconds in range; false when it is neither. */
bool time_read(struct str s, int64_t *epoch_ms);
/* "20261121T201700Z" → epoch seconds. */
bool time_read_basic(struct str s, int64_t *epoch_s);
/* "900", "900s", "15m", "1h30m", "1h30m5s", "2d" → seconds; false when it is none of these. */
bool duration_read(struct str s, int64_t *seconds);
/* Days since the epoch of a proleptic Gregorian date; false when there is no such day. */
bool date_to_days(int64_t year, int month, int day, int64_t *days);

#endif
