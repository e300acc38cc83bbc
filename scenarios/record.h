#ifndef SCENARIOS_RECORD_H
#define SCENARIOS_RECORD_H

#include "base/fault.h"

/*
 * serve --record FILE: each exchange as one line, a scenario (scenarios/capture.h) that `understudy
 * replay FILE` plays; one that no scenario can tell is {"exchange": ...}, which replay passes over.
 * Lines are appended, each in one write, so that servers may share a file; one that was cut
 * by a crash is closed when the file is opened again, and only it is lost.  Safe from several
 * threads.
 */
struct record;

/* FILE_UNWRITABLE.  Made 0600: claims may be personal. */
OUTCOME record_open(struct why *why, const char *path, struct record **out);
/* A line without its end; one that cannot be written is counted. */
void record_add(struct record *r, struct str line);
/* How many lines could not be written. */
size_t record_lost(struct record *r);
/* NULL is fine. */
void record_close(struct record *r);

#endif
