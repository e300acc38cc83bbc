#ifndef SCENARIOS_REPLAY_H
#define SCENARIOS_REPLAY_H

#include "scenarios/play.h"

/*
 * Many scenarios: found in files and folders, played side by side, told in order.
 *
 * A folder means every *.json below it, in the order of the paths' bytes; files there that are no
 * scenarios (worlds, policies) are passed over.  A file that is named has to be one.  A *.jsonl is
 * a record (scenarios/record.h): a scenario a line; a line that was cut is left out and told, and
 * what no scenario could tell (a signed call) is passed over.
 */
struct replay_options {
    const struct str *paths; /* NUL-terminated */
    size_t n_paths;
    struct str filter;   /* of titles and paths, without regard to case; empty: all */
    size_t n_jobs;       /* 0: one a core */
    struct str against;  /* a URL; empty: in this process */
    bool write_expected; /* put what was answered into the files, in place of what was expected */
    /* Told after each, from any thread, one at a time; may be NULL. */
    void (*progress)(void *context, size_t n_done, size_t n_all, size_t n_failed);
    void *progress_context;
};

struct replay_entry {
    struct str file; /* as it was given, or found */
    size_t line;     /* of a record; 0: the whole file */
    struct str title;
    bool bad; /* it could not be read: */
    struct why why;
    struct play_result result;
    size_t n_written;    /* expectations that were put into the file */
    struct arena *arena; /* of what is kept of it */
};

struct replay {
    struct replay_entry *entries;
    size_t n;
    size_t n_passed, n_failed, n_skipped, n_bad, n_unchecked;
    size_t n_filtered; /* left out by the filter */
    size_t n_others;   /* files of folders that are no scenarios */
    struct str *notes; /* what a person should know: lines cut short */
    size_t n_notes;
};

/*
 * Plays them all; everything lives in the arena.  Fails only for what stands in the way of all of
 * them: a path that cannot be read (FILE_UNREADABLE), a server that is not there.
 */
OUTCOME replay_run(struct arena *a, struct why *why, const struct replay_options *options,
                   struct replay *out);

#endif
