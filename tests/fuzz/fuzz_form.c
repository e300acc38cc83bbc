#include "tests/fuzz/fuzz.h"

#include "fakests/param_iam.h"

#include <assert.h>

struct params {
    struct str text, secret;
    struct param_integer number;
    struct param_boolean flag;
    struct param_list texts;
    struct param_structs arns, entries;
};

static const struct param rows[] = {
    IAM_TEXT("Text", 2, 64, &param_pattern_session_name, REQUIRED, struct params, text),
    IAM_SECRET("Secret", 1, 8, &param_pattern_policy, OPTIONAL, struct params, secret),
    IAM_INTEGER("Number", 900, 43200, OPTIONAL, struct params, number),
    IAM_BOOLEAN("Flag", OPTIONAL, struct params, flag),
    IAM_TEXTS("Texts", 10, 1, 64, &param_pattern_tag_key, OPTIONAL, struct params, texts),
    IAM_STRUCTS("Arns", 10, param_iam_policy_arn_rows, struct str, OPTIONAL, struct params, arns),
    IAM_STRUCTS("Entries", 10, param_iam_context_rows, struct param_iam_context, OPTIONAL,
                struct params, entries),
    PARAM_END,
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
            assert(!p.flag.value || p.flag.present);
            assert(p.texts.n <= 10 && p.arns.n <= 10 && p.entries.n <= 10);
            for (size_t i = 0; i < p.texts.n; i++)
                assert(p.texts.items[i].n >= 1);
        }
    }
    arena_free(a);
    return 0;
}
