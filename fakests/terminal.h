#ifndef FAKESTS_TERMINAL_H
#define FAKESTS_TERMINAL_H

#include "base/text.h"

/*
 * Pages for a terminal, of explanations and of `can`.  Lines end at 80 columns; a value that is
 * longer stands on a line of its own, whole, so that it can be copied.
 */
enum {
    TERMINAL_COLUMNS = 80,
    TERMINAL_LABEL = 12, /* the column behind "  AWS says  " */
    TERMINAL_BYTES_MAX = 4 * 1024 * 1024,
};

struct terminal {
    struct text text;
    bool colour;
};

enum terminal_paint {
    TERMINAL_PLAIN,
    TERMINAL_BOLD,
    TERMINAL_GOOD,
    TERMINAL_BAD,
    TERMINAL_MARK,
    TERMINAL_FAINT,
};

struct terminal terminal_new(struct arena *a, bool colour);

/* Text of strangers: nothing in it moves the cursor. */
void terminal_put(struct terminal *t, enum terminal_paint paint, struct str s);
void terminal_spaces(struct terminal *t, size_t n);
/* Without the spaces that waited for a value which then got a line of its own. */
void terminal_line_end(struct terminal *t);
/* Words from the column `at` on; the following lines begin at `indent`. */
void terminal_words(struct terminal *t, struct str s, size_t at, size_t indent);
/* A value behind what stands in the line up to `at`, or on a line of its own. */
void terminal_value(struct terminal *t, struct str s, size_t at, size_t indent);
void terminal_heading(struct terminal *t, struct str s);
void terminal_label(struct terminal *t, const char *label);
/* A tick or a cross. */
void terminal_mark(struct terminal *t, bool passed);
/* JSON, line by line, at that column. */
void terminal_json(struct terminal *t, struct str pretty, size_t indent);

#endif
