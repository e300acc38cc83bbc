#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
enum { RED_ZONE = 16 }; /* unusable bytes between two allocations, to be caught walking over */
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
enum { RED_ZONE = 0 };
#endif

/* No object is larger than this; said once, it also lets the compiler see that no size wraps. */
static const size_t ROOM_BYTES_MAX = PTRDIFF_MAX / 2;

enum { BLOCK_BYTES = 8 * 1024 }; /* one exchange with a 1 KB token fits without a second block */

struct block {
    struct block *older;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct deferred {
    struct deferred *older;
    void (*drop)(void *);
    void *object;
};

struct arena {
    struct block *newest;
    struct deferred *deferred;
    size_t bytes;
};

static void *must(void *p)
{
    if (!p)
        abort();
    return p;
}

static struct block *block_new(size_t size)
{
    struct block *b = must(malloc(sizeof *b + size));
    b->older = NULL;
    b->used = 0;
    b->size = size;
    POISON(b->bytes, size);
    return b;
}

static void block_free(struct block *b)
{
    UNPOISON(b->bytes, b->size);
    free(b);
}

struct arena *arena_new_small(size_t bytes)
{
    struct arena *a = must(calloc(1, sizeof *a));
    a->newest = block_new(bytes);
    a->bytes = bytes;
    return a;
}

struct arena *arena_new(void)
{
    return arena_new_small(BLOCK_BYTES);
}

static void run_deferred(struct arena *a)
{
    while (a->deferred) { /* a drop may defer again */
        struct deferred *d = a->deferred;
        a->deferred = d->older;
        d->drop(d->object);
    }
}

void arena_reset(struct arena *a)
{
    run_deferred(a);
    while (a->newest->older) {
        struct block *b = a->newest;
        a->newest = b->older;
        block_free(b);
    }
    a->newest->used = 0;
    a->bytes = a->newest->size;
    POISON(a->newest->bytes, a->newest->size);
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    block_free(a->newest);
    free(a);
}

static struct block *block_with_room(struct arena *a, size_t bytes)
{
    struct block *b = a->newest;
    if (b->size - b->used >= bytes)
        return b;
    /* Later blocks double, up to 1 MiB, so that big worlds cost few blocks. */
    size_t size = b->size < 512 * 1024 ? b->size * 2 : 1024 * 1024;
    if (size < bytes)
        size = bytes;
    b = block_new(size);
    b->older = a->newest;
    a->newest = b;
    a->bytes += size;
    return b;
}

void *arena_room(struct arena *a, size_t bytes)
{
    const size_t align = alignof(max_align_t);
    if (bytes > ROOM_BYTES_MAX)
        abort();
    size_t room = (bytes + align - 1 + RED_ZONE) / align * align;
    if (room == 0)
        room = align;
    struct block *b = block_with_room(a, room);
    void *p = b->bytes + b->used;
    b->used += room;
    UNPOISON(p, bytes);
    return p;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    void *p = arena_room(a, bytes);
    if (bytes && bytes <= ROOM_BYTES_MAX)
        memset(p, 0, bytes);
    return p;
}

void *arena_array_bytes(struct arena *a, size_t n, size_t bytes_each)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, bytes_each, &bytes))
        abort();
    return arena_alloc(a, bytes);
}

char *arena_cstr(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return p;
}

struct str arena_str(struct arena *a, struct str s)
{
    return str_n(arena_cstr(a, s), s.n);
}

struct str arena_concat(struct arena *a, const struct str *parts, size_t n)
{
    size_t bytes = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        if (__builtin_add_overflow(bytes, parts[i].n, &bytes))
            abort();
    char *p = arena_room(a, bytes + 1);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n)
            memcpy(p + at, parts[i].p, parts[i].n);
        at += parts[i].n;
    }
    p[at] = '\0';
    return str_n(p, bytes);
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        abort();
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return str_n(p, (size_t)n);
}

void arena_defer(struct arena *a, void (*drop)(void *object), void *object)
{
    struct deferred *d = arena_make(a, struct deferred);
    d->older = a->deferred;
    d->drop = drop;
    d->object = object;
    a->deferred = d;
}

size_t arena_bytes(const struct arena *a)
{
    return a->bytes;
}
