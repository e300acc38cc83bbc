#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

#include "base/arena.h"

/*
 * Bytes as text and back.  Everything that decodes is strict: foreign characters, impossible
 * lengths and non-zero spare bits are refused, so one value has one spelling.  Results live in the
 * arena.
 */

/* Lower-case hexadecimal. */
struct str hex_write(struct arena *a, const void *bytes, size_t n);
bool hex_read(struct arena *a, struct str text, struct str *bytes);

/* RFC 4648 section 5, without padding, as JOSE wants it. */
struct str base64url_write(struct arena *a, struct str bytes);
bool base64url_read(struct arena *a, struct str text, struct str *bytes);

/* RFC 4648 section 4, with padding. */
struct str base64_write(struct arena *a, struct str bytes);
bool base64_read(struct arena *a, struct str text, struct str *bytes);

/* RFC 4648 section 6 alphabet (A-Z, 2-7); n is a multiple of 5, so there is no padding. */
struct str base32_write(struct arena *a, const void *bytes, size_t n);

/* Percent-encodes all but RFC 3986 unreserved characters, "%2F" in upper case, space as %20. */
struct str percent_write(struct arena *a, struct str bytes);
/*
 * Percent-decodes; '+' is a space when `form` (application/x-www-form-urlencoded).  False for a '%'
 * without two hexadecimal digits.
 */
bool percent_read(struct arena *a, struct str text, bool form, struct str *bytes);

/* A copy with ASCII letters in lower case; every other byte as it is. */
struct str ascii_lower(struct arena *a, struct str s);

/* Whether the bytes are UTF-8 (RFC 3629: no surrogates, no overlong forms, up to U+10FFFF). */
bool utf8_valid(struct str s);
/* Takes the next character off *s; the bytes must be valid UTF-8 and not empty. */
uint32_t utf8_next(struct str *s);
/* Length in characters (code points) of valid UTF-8. */
size_t utf8_length(struct str s);

#endif
