#ifndef SCENARIOS_REPLAY_FILES_H
#define SCENARIOS_REPLAY_FILES_H

#include "base/fault.h"

/* Where the scenarios are: paths of files, and lines of records. */
struct replay_file {
    struct str path; /* NUL-terminated */
    bool named;      /* on the command line, not found in a folder */
    bool record;     /* *.jsonl */
};

struct replay_files {
    struct replay_file *items;
    size_t n, capacity;
};

/* FILE_UNREADABLE naming the path.  Adds files in order; folders are walked without following links
 * to folders. */
OUTCOME replay_files_find(struct arena *a, struct why *why, struct str path,
                          struct replay_files *out);

#endif
