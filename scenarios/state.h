#ifndef SCENARIOS_STATE_H
#define SCENARIOS_STATE_H

#include "base/fault.h"

#include <stdint.h>

/*
 * serve --state FILE: every acknowledged change is on disk before the reply.
 *
 * FILE is a config (docs/config.md), written whole and renamed into place.  FILE.journal, beside
 * it, holds what changed since: one record a line, each with a checksum, appended and synced.  It
 * begins with the SHA-256 of the FILE it continues, so that a journal is never applied to a file it
 * does not belong to.  When it has outgrown FILE, and at a clean end, both become one FILE again.
 *
 * What a kill can leave is recovered from: a last record cut short was never acknowledged and is
 * dropped; a FILE renamed before its journal was begun anew is recognised, for the old journal's
 * last record names it.  Anything else that does not fit - a record whose checksum is wrong, a
 * journal of another file, a journal without its file, a journal that is not one - is refused with
 * its reason, and neither file is touched.
 *
 * Both files are 0600: a config may hold secret access keys.  One server uses a FILE at a time: it
 * locks FILE.journal.lock.  Names that begin with FILE.journal. are its own; state_close takes them
 * away, those a kill left included.  Not safe from several threads: the world serialises its
 * changes.
 */
struct state;

struct state_found {
    bool exists;         /* a FILE was there */
    struct str snapshot; /* its text */
    bool ours;           /* byte for byte what this version wrote: it was judged before */
    struct str *records; /* since then, in order */
    size_t n_records;
    bool cut; /* a last record that was cut short was dropped */
};

/*
 * Reads what is there (nothing at all is fine) and takes the lock; texts live in the arena.
 * `version` is this program's: what another wrote is not `ours`.  Fails with FILE_UNREADABLE,
 * STATE_INVALID (place: the file and line), STATE_IN_USE, or FILE_UNWRITABLE where no lock can be
 * made.  Nothing else is written yet.
 */
OUTCOME state_open(struct arena *a, struct why *why, const char *path, struct str version,
                   struct state **out, struct state_found *found);
/* Unlocks; what was appended stays appended.  NULL is fine. */
void state_close(struct state *s);

/*
 * Puts the snapshot in place of FILE and begins an empty journal for it: to be called once after
 * state_open when FILE was not there or is not ours, before the first append; and whenever the
 * world is replaced or the journal is to be folded in.  On failure the old files are still in
 * force; but where the disk fails as FILE has just been renamed, nobody can say which ones it will
 * show after a power cut, and appends fail until a replacement succeeds.
 */
OUTCOME state_replace(struct state *s, struct why *why, struct str snapshot);
/*
 * Appends a record (no newline in it) and returns once it is on disk.  On failure (FILE_UNWRITABLE)
 * the record is not in the journal: a part of it that was written is cut off again, and while even
 * that fails every later append fails too.
 */
OUTCOME state_append(struct state *s, struct why *why, struct str record);
/* The journal has outgrown the snapshot (and a sensible minimum): time for state_replace.  Where
 * that failed it is time again once as much has been appended since. */
bool state_is_long(const struct state *s);
/* Records appended or found since the snapshot. */
size_t state_n_records(const struct state *s);

#endif
