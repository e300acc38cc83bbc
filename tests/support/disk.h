#ifndef TESTS_SUPPORT_DISK_H
#define TESTS_SUPPORT_DISK_H

#include "base/arena.h"

/*
 * What a kill or a power cut would leave of a folder, at any moment of what is done to it.
 *
 * While a folder is watched, this program's pwrite, ftruncate, rename, unlink, fsync and fdatasync
 * pass through here: after each, and half-way through a pwrite, `step` is called, and may ask what
 * is left.  Syncs are remembered instead of done, so that watching is quick.  One folder
 * without folders in it, one thread.
 */
void disk_watch(const char *dir, void (*step)(void *context), void *context);
void disk_unwatch(void);

/*
 * From the nth call on (1 is the next), so many calls fail with EIO.  A pwrite that fails has
 * written half; a sync has put everything on disk all the same when `synced`, else nothing.
 */
void disk_fail(size_t nth, size_t n_calls, bool synced);
/* Calls since disk_watch, failed ones included. */
size_t disk_calls(void);
/* Whether the last call that failed was to sync the folder. */
bool disk_failed_to_sync_names(void);

enum disk_loss {
    DISK_KILLED,          /* nothing is lost: the process was killed, the machine runs on */
    DISK_ALL_LOST,        /* names and bytes are as they were synced */
    DISK_BYTES_LOST,      /* names are as they are, bytes as they were synced */
    DISK_BYTES_ZEROED,    /* and lengths are as they are, zeros filling up */
    DISK_NAMES_LOST,      /* names are as they were synced, for files as they are */
    DISK_FIRST_NAME_LOST, /* of the names, the first one only */
    DISK_FIRST_NAME_KEPT, /* all but that */
    DISK_LOSSES
};
enum { DISK_FILES_MAX = 16 };
struct disk_left {
    struct disk_file {
        const char *name;
        struct str bytes;
    } files[DISK_FILES_MAX];
    size_t n;
};
/* Names and bytes live in the arena. */
void disk_left(struct arena *a, enum disk_loss loss, struct disk_left *out);
/* Makes a folder hold that and nothing else. */
void disk_put(const struct disk_left *left, const char *dir);

#endif
