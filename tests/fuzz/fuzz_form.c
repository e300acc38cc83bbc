#include "tests/fuzz/fuzz.h"

#include "fakests/param.h"

#include <assert.h>

struct params {
    struct str text, secret;
    struct param_integer number;
    struct param_list arns;
};

static const struct param rows[] = {
    { "Text", PARAM_TEXT, true, false, 2, 64, &param_pattern_session_name,
      offsetof(struct params, text) },
    { "Secret", PARAM_TEXT, false, true, 1, 8, &param_pattern_policy,
      offsetof(struct params, secret) },
    { "Number", PARAM_INTEGER, false, false, 900, 43200, NULL, offsetof(struct params, number) },
    { "Arns", PARAM_ARN_LIST, false, false, 0, 10, NULL, offsetof(struct params, arns) },
    { .name = NULL },
};

/* A form, decoded and then read as parameters of every type. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct form form;
    struct params p;

    if (!failed(form_read(a, &why, str_n((const char *)bytes, n), &form))) {
        struct call c = { .arena = a, .why = &why, .form = &form };
        if (!failed(param_read(&c, rows, &p))) {
            assert(p.text.n >= 2 && p.text.n <= 64);
            assert(!p.number.present || (p.number.value >= 900 && p.number.value <= 43200));
            assert(p.arns.n <= 10);
        }
    }
    arena_free(a);
    return 0;
}
