#include "tests/fuzz/fuzz.h"

#include "fakests/session.h"

#include <assert.h>

/* The bytes inside a session token: what reads at all is written back as it was. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct str text = str_n((const char *)bytes, n);
    struct session session;
    if (session_read(a, text, &session))
        assert(str_eq(session_write(a, &session), text));
    arena_free(a);
    return 0;
}
