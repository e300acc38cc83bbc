#include "cli/command.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>

enum { NOTE_BYTES_MAX = 64 * 1024, NAME_COLUMNS = 26 };

int command_status(const struct command *command, enum fault fault)
{
    switch (fault_kind(fault)) {
    case FAULT_KIND_DENIED:
        return COMMAND_NO;
    case FAULT_KIND_INPUT:
        return COMMAND_BAD_INPUT;
    case FAULT_KIND_COULD_NOT:
        return command && command->could_not ? command->could_not : COMMAND_COULD_NOT;
    }
    abort();
}

static void help_row(FILE *out, const struct option_row *row)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", row->name, row->value ? " " : "",
             row->value ? row->value : "");
    fprintf(out, "  %-*s %s\n", NAME_COLUMNS, name, row->about);
}

void command_help(FILE *out, const struct command *command)
{
    fprintf(out, "usage: understudy %s %s\n\n%s\n", command->name, command->synopsis,
            command->about);
    if (command->more)
        fprintf(out, "\n%s\n", command->more);
    for (const struct option_group *const *g = command->grammar.groups; *g; g++) {
        fprintf(out, "\n%s\n", (*g)->title);
        for (const struct option_row *row = (*g)->rows; row->name; row++)
            help_row(out, row);
    }
    if (command->help_more)
        command->help_more(out);
}

/* What is quoted from input must neither break the line nor steer the terminal. */
static void make_printable(char *p)
{
    for (; *p; p++) {
        const unsigned char second = (unsigned char)p[1];
        if ((unsigned char)*p < ' ' || *p == '\x7f')
            *p = '?';
        else if (*p == '\xC2' && second >= 0x80 && second < 0xA0) /* U+0080 to U+009F */
            memset(p, '?', 2);
    }
}

void command_note(const char *format, ...)
{
    char *line = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&line, format, args);
    va_end(args);
    if (n < 0)
        abort();
    make_printable(line);
    fprintf(stderr, "understudy: %s\n", line);
    free(line);
}
