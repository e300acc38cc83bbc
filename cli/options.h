#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/fault.h"

/*
 * The command line.  Options are rows in groups (the WORLD, TOKEN and SESSION that several commands
 * share, and a command's own); all commands read into one struct, so an option means the same
 * everywhere.  "--name value" and "--name=value" are the same; of an option given twice the last
 * counts, unless it is a list; a value that begins with "--" must be written with "=".
 */
struct option_list {
    struct str *items;
    size_t n;
};

struct option_number {
    bool given;
    int64_t value;
};

/* Texts are views into argv, and so NUL-terminated; p == NULL: not given. */
struct options {
    /* WORLD */
    struct str config, keys;
    /* TOKEN */
    struct str platform, token_file;
    struct option_list set;
    /* SESSION */
    struct str session_name, policy_file;
    struct option_number duration_s;
    struct option_list policy_arns;
    /* the commands' own */
    struct str role;
    struct str listen, ready_file, state;
    struct option_number rotate_s;
    struct str endpoint;
    struct option_list claim;
    struct str flaw;
    struct option_number lifetime_s;
    bool decode;
    struct str claims_file, trust_policy_file;
    struct option_number at_ms;
    struct option_list provider_client_ids;
    struct option_list context;
    struct str filter, against, record;
    struct option_number jobs;
    bool pseudonymise;
    struct str format;
    bool help;

    struct option_list operands;
    char **command; /* what stands behind "--", ended by NULL; NULL when there is no "--" */
};

enum option_kind {
    OPTION_TEXT,
    OPTION_PATH,    /* like a text, but any bytes */
    OPTION_LIST,    /* of texts, in their order */
    OPTION_CHOICE,  /* one of the words in `value`, "text|json" */
    OPTION_SECONDS, /* a duration, more than nothing */
    OPTION_COUNT,   /* a whole number, 1 to 64 */
    OPTION_TIME,    /* RFC 3339 or epoch seconds, as milliseconds */
    OPTION_FLAG,
};

struct option_row {
    const char *name; /* "--config" */
    enum option_kind kind;
    const char *value; /* what --help calls the value */
    const char *about;
    size_t offset; /* in struct options */
};

struct option_group {
    const char *title;
    const struct option_row *rows; /* ended by name == NULL */
};

extern const struct option_group option_group_world;
extern const struct option_group option_group_token;
extern const struct option_group option_group_session;

/* What a command line may consist of. */
struct options_grammar {
    const struct option_group *const *groups; /* ended by NULL */
    size_t n_operands_max;
    bool takes_command; /* "-- COMMAND [ARG...]"; without, "--" only ends the options */
};

/* Reads the arguments behind the command's name.  Fails with USAGE, naming the nearest option. */
OUTCOME options_read(struct arena *a, struct why *why, const struct options_grammar *grammar,
                     char **args, struct options *out);

/* Whether the choice was made, or is the default because nothing was given. */
bool options_format_is(const struct options *o, const char *name, const char *otherwise);

#endif
