#include "tests/fuzz/fuzz.h"

#include "tests/support/parts.h"

#include <stdlib.h>

/*
 * A text cut up into parts: what json_load says of the whole is said of the parts, and every value
 * and every refusal has the same place.
 */

enum { VALUES_MAX = 200 }; /* a place is found by walking from the start: quadratic */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    if (parts_differ(a, str_n((const char *)bytes, n), VALUES_MAX).n)
        abort();
    arena_free(a);
    return 0;
}
