#include "fakests/trace.h"

#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>

struct trace trace_new(struct arena *a)
{
    return (struct trace){ .arena = a };
}

static void add(struct trace *t, struct trace_check check)
{
    if (t->n_checks == t->checks_capacity) {
        size_t capacity = t->checks_capacity ? t->checks_capacity * 2 : 16;
        struct trace_check *wider = arena_array(t->arena, struct trace_check, capacity);
        if (t->n_checks)
            memcpy(wider, t->checks, t->n_checks * sizeof *wider);
        t->checks = wider;
        t->checks_capacity = capacity;
    }
    t->checks[t->n_checks++] = check;
}

void trace_note(struct trace *t, const char *name, const char *format, ...)
{
    char detail[512];
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    add(t, (struct trace_check){ name, true, arena_str(t->arena, str_of(detail)) });
}

struct outcome trace_fail(struct trace *t, const char *name, const struct why *why)
{
    if (t)
        add(t, (struct trace_check){ name, false, arena_str(t->arena, why->detail) });
    return (struct outcome){ why->fault };
}
