#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

struct text text_new(struct arena *a, size_t max_bytes)
{
    return (struct text){ .arena = a, .max = max_bytes };
}

static bool room_for(struct text *t, size_t more)
{
    size_t want = t->n + more + 1;
    if (t->full || more > t->max || t->n > t->max - more) {
        t->full = true;
        return false;
    }
    if (want > t->capacity) {
        size_t capacity = t->capacity ? t->capacity * 4 : 512;
        if (capacity < want)
            capacity = want;
        char *p = arena_room(t->arena, capacity);
        if (t->n)
            memcpy(p, t->p, t->n);
        t->p = p;
        t->capacity = capacity;
    }
    return true;
}

void text_put(struct text *t, struct str s)
{
    if (!s.n || !room_for(t, s.n))
        return;
    memcpy(t->p + t->n, s.p, s.n);
    t->n += s.n;
    t->p[t->n] = '\0';
}

void text_putc(struct text *t, char c)
{
    if (t->full || t->n == t->max || t->n + 1 >= t->capacity) {
        text_put(t, str_n(&c, 1));
        return;
    }
    t->p[t->n++] = c;
    t->p[t->n] = '\0';
}

void text_printf(struct text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0 && room_for(t, (size_t)n)) {
        vsnprintf(t->p + t->n, (size_t)n + 1, format, again);
        t->n += (size_t)n;
    }
    va_end(again);
}

struct str text_str(const struct text *t)
{
    return t->p ? str_n(t->p, t->n) : STR("");
}
