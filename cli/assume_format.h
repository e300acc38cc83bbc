#ifndef CLI_ASSUME_FORMAT_H
#define CLI_ASSUME_FORMAT_H

#include "base/text.h"
#include "cli/assume.h"

/* How `assume` prints the credentials it was given. */
struct assume_format {
    const char *name;
    void (*write)(const struct assume_answer *answer, struct text *out);
};

/* The rows, the default first, ended by name == NULL. */
extern const struct assume_format assume_formats[];

/* One word of a POSIX shell, whatever the text holds. */
void assume_format_quote(struct str s, struct text *out);

#endif
