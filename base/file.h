#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/fault.h"

/*
 * Whole files.  Paths are NUL-terminated.  Failures name the path and the system's reason.
 */

/* The bytes of a file, or of standard input for "-"; at most max_bytes, else FILE_UNREADABLE. */
OUTCOME file_read(struct arena *a, struct why *why, const char *path, size_t max_bytes,
                  struct str *out);

/*
 * Replaces the file at once: a temporary file beside it, made with `mode`, is written, synced and
 * renamed into place, so that a reader sees the old bytes or the new ones and never a part.
 */
OUTCOME file_replace(struct why *why, const char *path, struct str bytes, unsigned mode);
/* The same without waiting for the disk: for files that a crash may take with it. */
OUTCOME file_place(struct why *why, const char *path, struct str bytes, unsigned mode);

/*
 * Waits until the names in the folder that holds the file are on disk: a file that was made or
 * renamed there stays after a power cut.  False with errno.  Where folders cannot be synced there
 * is nothing to wait for.
 */
bool file_sync_dir(struct arena *a, const char *path);

/* Makes a directory and the missing ones above it, with `mode`; fine when it is there. */
OUTCOME file_make_dirs(struct why *why, const char *path, unsigned mode);

/* The directory part of a path ("." when there is none), in the arena. */
struct str file_dir(struct arena *a, struct str path);
/* `path` as seen from the directory `dir`: unchanged when absolute.  In the arena. */
struct str file_join(struct arena *a, struct str dir, struct str path);

#endif
