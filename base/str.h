#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Borrowed text: n bytes at p, not NUL-terminated, owned by somebody else (usually an arena or the
 * bytes of a request).  Passed by value.  Functions that cut a str return views into it and copy
 * nothing.  An empty str may have p == NULL.
 */
struct str {
    const char *p;
    size_t n;
};

/* A str over a string literal; sizeof makes the compiler count. */
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* The same as an initializer of static tables. */
#define STR_INIT(literal)               \
    {                                   \
        "" literal, sizeof(literal) - 1 \
    }
/*
 * printf("%.*s", STR_ARG(s)); the length is cut to INT_MAX by the bounds on all our inputs.  s is
 * evaluated three times: no call that costs or may answer differently.
 */
#define STR_ARG(s) (int)(s).n, (s).n ? (s).p : ""

static inline struct str str_of(const char *text)
{
    return (struct str){ text, text ? strlen(text) : 0 };
}

static inline struct str str_n(const char *p, size_t n)
{
    return (struct str){ p, n };
}

bool str_eq(struct str a, struct str b);
/* ASCII letters compare equal in either case, every other byte only to itself. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Byte order, shorter first when one is the other's beginning; <0, 0, >0. */
int str_cmp(struct str a, struct str b);

/* Offset of the first c, or s.n when there is none. */
size_t str_find(struct str s, char c);
bool str_contains(struct str s, struct str needle);

/* The bytes from offset `from`, at most n of them; both are cut to what is there. */
struct str str_sub(struct str s, size_t from, size_t n);
/* Moves *rest behind the next `sep` and returns what stood before it; without one, all of it. */
struct str str_cut(struct str *rest, char sep);
/* Without leading and trailing ASCII spaces, tabs, CR and LF. */
struct str str_trim(struct str s);

/*
 * A whole decimal integer: optional sign, then digits, nothing else.  False, *out untouched, when
 * it is not one or does not fit.
 */
bool str_to_i64(struct str s, int64_t *out);

/* FNV-1a; str_hash_nocase folds ASCII letters first.  Not for secrets. */
uint32_t str_hash(struct str s);
uint32_t str_hash_nocase(struct str s);

#endif
