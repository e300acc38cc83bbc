#ifndef CLI_EXEC_FOLDER_H
#define CLI_EXEC_FOLDER_H

#include "base/fault.h"

/*
 * The private folder of one `exec`: 0700, its files 0600, gone when the command is.
 *
 *   token                  what AWS_WEB_IDENTITY_TOKEN_FILE names
 *   aws/config, ...        empty
 *   home/                  links to what is in the real home, but for .aws, which is new and empty
 *   models/                endpoint rule sets for clients older than AWS_ENDPOINT_URL
 *   root/                  where a platform's absolute paths begin
 */
struct exec_folder {
    const char *path;
    const char *token, *config, *credentials, *boto, *home, *models, *root;
};

/*
 * Makes it below `parent` ("/tmp").  home == NULL: there is no real one.  url is that of the
 * server. Fails with FILE_UNWRITABLE and leaves nothing behind.  Paths live in the arena.
 */
OUTCOME exec_folder_make(struct arena *a, struct why *why, const char *parent, const char *home,
                         struct str url, struct exec_folder *out);

/* Writes a new file, with the directories above it. */
OUTCOME exec_folder_write(struct why *why, const char *path, struct str bytes);

/* Removes it with whatever the command left in it; follows no links. */
void exec_folder_remove(const struct exec_folder *folder);

/* A rule set of one rule (Smithy rules engine) that sends every call to url. */
struct str exec_folder_rules(struct arena *a, struct str url);

#endif
