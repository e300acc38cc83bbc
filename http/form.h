#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "base/fault.h"

/* name=value pairs of a query string or an x-www-form-urlencoded body, decoded, in their order. */
struct form_field {
    struct str name, value;
};

struct form {
    struct form_field *fields;
    size_t n;
};

enum { FORM_FIELDS_MAX = 2000 };

/* REQUEST_MALFORMED for a bad percent-encoding, a NUL, what is not UTF-8, or too many fields. */
OUTCOME form_read(struct arena *a, struct why *why, struct str text, struct form *out);
/* The last value of that name; false when there is none. */
bool form_find(const struct form *form, struct str name, struct str *value);

/* The fields as a body or query string, percent-encoded; in the arena. */
struct str form_write(struct arena *a, const struct form *form);

#endif
