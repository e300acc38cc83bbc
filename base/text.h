#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"

/*
 * Text that grows, in an arena, up to a hard maximum.  Past the maximum nothing more is added and
 * `full` is set: the writer checks once, at the end.
 */
struct text {
    struct arena *arena; /* borrowed */
    char *p;
    size_t n, capacity, max;
    bool full;
};

struct text text_new(struct arena *a, size_t max_bytes);
void text_put(struct text *t, struct str s);
void text_putc(struct text *t, char c);
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What is there so far; valid until the next put.  The byte behind it is NUL. */
struct str text_str(const struct text *t);

#endif
