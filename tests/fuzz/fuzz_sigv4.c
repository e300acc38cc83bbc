#include "tests/fuzz/fuzz.h"
#include "tests/support/http_text.h"

#include "fakests/sigv4.h"

#include <assert.h>

/* A raw request: reading its signature, and the stages behind it, whatever it says. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct sigv4_options options[] = { { true, false }, { false, true } };
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct http_request request;
    struct sigv4 s;

    if (http_text_read(a, str_n((const char *)bytes, n), &request)) {
        struct outcome o = sigv4_read(a, &why, &request, &s);
        assert(failed(o) == (why.fault != FAULT_NONE));
        for (size_t i = 0; !failed(o) && i < 2; i++) {
            sigv4_canonical_request(a, &request, &options[i], &s);
            sigv4_string_to_sign(a, &s);
            sigv4_signature(a, STR("secret"), &s);
            assert(s.calculated.n == 64);
        }
    }
    arena_free(a);
    return 0;
}
