#include "tests/fuzz/fuzz.h"

#include "jose/jws.h"

#include <stdlib.h>

/* A token in compact form: split; what came of it is two objects, and nothing lies outside the
 * token. */

static bool within(struct str part, struct str whole)
{
    return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct str token = str_n((const char *)bytes, n);
    struct jws *jws;
    if (!failed(jws_split(a, &why, token, &jws))) {
        if (!within(jws->signing_input, token) || !json_is_object(jws->header_json->root) ||
            !json_is_object(jws->claims_json->root))
            abort();
    } else if (why.fault != FAULT_TOKEN_MALFORMED) {
        abort();
    }
    arena_free(a);
    return 0;
}
