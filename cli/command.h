#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

#include <stdio.h>

/* What the program ends with. */
enum command_status {
    COMMAND_YES = 0,
    COMMAND_NO = 1,        /* the answer is no */
    COMMAND_BAD_INPUT = 2, /* the command line, a file, a value */
    COMMAND_COULD_NOT = 3, /* port taken, file unwritable, endpoint unreachable */
    /* of exec, which otherwise ends as its command did (the numbers of env(1) and of the shells) */
    COMMAND_EXEC_FAILED = 125,
    COMMAND_NOT_EXECUTABLE = 126,
    COMMAND_NOT_FOUND = 127,
    COMMAND_SIGNALLED = 128, /* plus the signal's number */
};

/*
 * One command of the program, a row of the table in main.c.  `run` prints its answer to standard
 * output and nothing else there; its outcome is a refusal to be printed by main, else *status says
 * how it ended (COMMAND_YES beforehand).
 */
struct command {
    const char *name;
    const char *synopsis; /* behind the name */
    const char *about;    /* one line */
    const char *more;     /* paragraphs for --help, or NULL */
    struct options_grammar grammar;
    int could_not; /* the status for what could not be done; 0: COMMAND_COULD_NOT */
    OUTCOME (*run)(struct arena *a, struct why *why, const struct options *o, int *status);
    void (*help_more)(FILE *out); /* lists for --help that are made of tables; may be NULL */
};

extern const struct command cmd_serve;
extern const struct command cmd_exec;
extern const struct command cmd_assume;
extern const struct command cmd_token;
extern const struct command cmd_explain;
extern const struct command cmd_can;
extern const struct command cmd_lint;
extern const struct command cmd_replay;
extern const struct command cmd_capture;
extern const struct command cmd_platforms;
extern const struct command cmd_schema;

/* What a refusal ends the program with. */
int command_status(const struct command *command, enum fault fault);

void command_help(FILE *out, const struct command *command);

/* "understudy: ..." as one line on standard error, for people. */
void command_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
