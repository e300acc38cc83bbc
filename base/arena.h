#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

#include <stddef.h>

/*
 * Memory given back at once.  An arena belongs to the process, to one request, to one snapshot of
 * the world or to one scenario step; it is not shared between threads while it grows.
 *
 * Allocation cannot fail: everything from outside is bounded before it is stored, so running out of
 * memory means the machine is broken, and the process aborts.  What an arena returns is zeroed and
 * aligned for any type; it is valid until arena_reset or arena_free.  Under AddressSanitizer the
 * unused part of each block is poisoned, so an overrun is seen although malloc is not involved.
 */
struct arena;

struct arena *arena_new(void);
/* One that begins with `bytes`: for what is kept by the thousand. */
struct arena *arena_new_small(size_t bytes);
/* Runs the deferred calls, newest first, and releases everything.  NULL is fine. */
void arena_free(struct arena *a);
/* The same, but keeps the first block for the next use. */
void arena_reset(struct arena *a);

void *arena_alloc(struct arena *a, size_t bytes);
/* The same, not zeroed: for buffers that are about to be filled. */
void *arena_room(struct arena *a, size_t bytes);
void *arena_array_bytes(struct arena *a, size_t n, size_t bytes_each);
#define arena_make(a, type)     ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_array_bytes((a), (n), sizeof(type)))

/* A copy of s; the byte behind it is NUL, so that .p may go to a library. */
struct str arena_str(struct arena *a, struct str s);
/* A NUL-terminated copy for a library that asks for one. */
char *arena_cstr(struct arena *a, struct str s);
/* The parts one behind the other, NUL-terminated: what printf("%.*s%.*s") does, at a tenth of its
 * cost. */
struct str arena_concat(struct arena *a, const struct str *parts, size_t n);
#define arena_join(a, ...)                                 \
    arena_concat((a), (const struct str[]){ __VA_ARGS__ }, \
                 sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
struct str arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Calls drop(object) when the arena is reset or freed: ties what a library made to the arena. */
void arena_defer(struct arena *a, void (*drop)(void *object), void *object);

/* Bytes in use, blocks included. */
size_t arena_bytes(const struct arena *a);

#endif
