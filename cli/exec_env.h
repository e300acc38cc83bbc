#ifndef CLI_EXEC_ENV_H
#define CLI_EXEC_ENV_H

#include "base/arena.h"
#include "cli/exec_folder.h"

/*
 * The environment of a command run by `exec`: that of the caller, less everything by which an AWS
 * SDK could find real credentials or another endpoint, and with what a job on the platform would
 * find.
 */
struct exec_variable {
    struct str name, value;
};

struct exec_variables {
    struct arena *arena; /* borrowed */
    struct exec_variable *items;
    size_t n, capacity;
};

struct exec_variables exec_variables_new(struct arena *a);
/* Adds a variable, or replaces the one of that name. */
void exec_variables_put(struct exec_variables *v, struct str name, struct str value);

/* What the AWS SDKs read. */
struct exec_facts {
    struct str role_arn, session_name, region;
    struct str url; /* of the server */
    const struct exec_folder *folder;
};
void exec_env_put_facts(struct exec_variables *v, const struct exec_facts *facts,
                        char *const *caller);

/* The caller's variables but for the leaks and those that are set, then those; ended by NULL. */
char **exec_env_build(struct arena *a, char *const *caller, const struct exec_variables *set);

/* Whether a variable of that name could lead an SDK to real credentials, or elsewhere than to us.
 */
bool exec_env_leaks(struct str name);

/* The value of a variable; p == NULL when there is none. */
struct str exec_env_find(char *const *environment, const char *name);

#endif
