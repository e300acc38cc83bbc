#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/str.h"

#include <stdatomic.h>

/* The years RFC 3339 can spell, 0000 to 9999; every clock stays within them. */
#define TIME_MIN_S INT64_C(-62167219200)
#define TIME_MAX_S INT64_C(253402300799)

/*
 * What time it is: the machine's time shifted by an offset, or standing still.  Handed in wherever
 * time matters, never reached for.  Safe to read and to set from several threads.
 */
struct clock {
    _Atomic int64_t offset_ms; /* added to the machine's time while running */
    _Atomic int64_t frozen_ms; /* the time while frozen */
    _Atomic bool frozen;
};

/* A running clock that shows the machine's time. */
void clock_init(struct clock *c);
/* The same for a clock that others may be reading. */
void clock_reset(struct clock *c);
/* Milliseconds, and whole seconds, since the epoch. */
int64_t clock_now_ms(const struct clock *c);
int64_t clock_now_s(const struct clock *c);
/* Sets the time; it stands still from there when frozen, else it runs on. */
void clock_set(struct clock *c, int64_t now_ms, bool frozen);
void clock_advance(struct clock *c, int64_t by_ms);

/* The machine's own time, which no control moves (SigV4's 15 minutes are counted in it). */
int64_t clock_machine_s(void);
/* Milliseconds since some moment in the past: for intervals, whoever sets the machine's time. */
int64_t clock_steady_ms(void);

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
