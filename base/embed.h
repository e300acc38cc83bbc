#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

/* A file compiled into the program by cmake/embed.cmake; a table ends with name == NULL. */
struct embedded {
    const char *name; /* the file's name without directory and extension */
    const char *p;
    size_t n;
};

extern const struct embedded issuer_profile_files[]; /* issuer/profiles: *.json */
extern const struct embedded scenario_world_files[]; /* scenarios/worlds: *.json */
extern const struct embedded scenario_key_files[];   /* scenarios/keys: *.pem */
extern const struct embedded schema_files[];         /* any schema/: *.json */
extern const struct embedded managed_policy_files[]; /* fakests/iam/managed: *.json */

#endif
