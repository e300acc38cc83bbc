#ifndef SCENARIOS_JUDGED_H
#define SCENARIOS_JUDGED_H

#include "scenarios/config.h"

/*
 * Large configs that were judged before.  A test suite starts the same world of thousands of roles
 * hundreds of times, and reading every policy is nearly all of such a start.  So the SHA-256 of a
 * text that was taken is remembered in the keys folder, with this program's version and what
 * start-up warned of: next time its objects are read when somebody asks for them.
 *
 * A config that names files is judged every time, for they may change.  The folder is ours alone
 * (0700), as the keys in it are.
 */
enum { JUDGED_BYTES_MIN = 256 * 1024 }; /* below it a start is short anyway */

/* Sets source->judged and the warnings it had, when the text is known.  keys_dir may be NULL. */
bool judged_find(struct arena *a, const char *keys_dir, struct config_source *source,
                 struct str *warnings);
/* Remembers a text that was taken; a folder that cannot be written is no failure. */
void judged_note(struct arena *a, const char *keys_dir, const struct config_source *source,
                 struct str warnings);

#endif
