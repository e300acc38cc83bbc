#include "tests/fuzz/fuzz.h"

#include "scenarios/config.h"

#include <stdlib.h>

/*
 * A config as PUT /_understudy/world takes it: read whole, or refused with a place; and what it
 * says it is reads as the same again.
 */

static struct outcome read(struct arena *a, struct why *why, struct str text, struct config **out)
{
    const struct config_source source = { .name = STR("fuzz"), .text = text };
    return config_read(a, why, &source, out);
}

static void want_same_again(struct arena *a, const struct config *first)
{
    struct why why = why_new(a);
    struct config *again;
    json_t *shown = config_document(a, first, first->iam);
    if (failed(read(a, &why, json_text(a, shown), &again)) ||
        !json_equal(shown, config_document(a, again, again->iam)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct config *config;
    if (!failed(read(a, &why, str_n((const char *)bytes, n), &config)))
        want_same_again(a, config);
    else if (fault_kind(why.fault) != FAULT_KIND_INPUT || !why.detail.n)
        abort();
    arena_free(a);
    return 0;
}
