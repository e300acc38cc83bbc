#include "base/fault.h"

#include <stdio.h>

struct row {
    const char *reason;
    enum fault_kind kind;
    const char *sentence;
};

static const struct row rows[] = { { "none", FAULT_KIND_DENIED, "no fault" },
#define FAULT_ROW(id, reason, kind, sentence) { reason, FAULT_KIND_##kind, sentence },
                                   FAULTS(FAULT_ROW)
#undef FAULT_ROW
};

size_t fault_count(void)
{
    return sizeof rows / sizeof rows[0] - 1;
}

const char *fault_reason(enum fault f)
{
    return rows[f].reason;
}

const char *fault_sentence(enum fault f)
{
    return rows[f].sentence;
}

enum fault_kind fault_kind(enum fault f)
{
    return rows[f].kind;
}

struct why why_new(struct arena *a)
{
    return (struct why){ .arena = a };
}

struct outcome why_vset(struct why *why, enum fault fault, const char *format, va_list args)
{
    if (why->fault == FAULT_NONE) {
        va_list again;
        va_copy(again, args);
        int n = vsnprintf(NULL, 0, format, args);
        char *p = arena_alloc(why->arena, (size_t)(n < 0 ? 0 : n) + 1);
        if (n >= 0)
            vsnprintf(p, (size_t)n + 1, format, again);
        va_end(again);
        why->fault = fault;
        why->detail = str_of(p);
    }
    return (struct outcome){ why->fault };
}

struct outcome why_set(struct why *why, enum fault fault, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct outcome o = why_vset(why, fault, format, args);
    va_end(args);
    return o;
}

struct str why_text(const struct why *why)
{
    if (!why->place.n)
        return why->detail;
    return arena_printf(why->arena, "%.*s: %.*s", STR_ARG(why->place), STR_ARG(why->detail));
}
