#include "tests/fuzz/fuzz.h"

#include "scenarios/faults.h"

#include <stdlib.h>

/*
 * A fault as POST /_understudy/faults takes it: read, or refused with a place; what it is listed as
 * reads as the same again; and it hits no call but those it is for.
 */

static struct outcome read(struct arena *a, struct why *why, struct str text,
                           struct faults_rule *out)
{
    struct json_doc *doc;
    TRY(json_load(a, why, STR("fuzz"), text, JSON_DUPLICATES_REFUSED, &doc));
    const struct json_at root = json_at_root(doc);
    return faults_read_rule(a, why, &root, out);
}

static json_t *added(struct arena *a, struct faults *f, const struct faults_rule *rule)
{
    struct why why = why_new(a);
    json_t *shown;
    if (failed(faults_add(f, &why, rule, &shown)))
        abort();
    return json_keep(a, shown);
}

/* Without what the list adds to it. */
static struct str as_injected(struct arena *a, json_t *shown)
{
    json_object_del(shown, "id");
    json_object_del(shown, "seen");
    json_object_del(shown, "fired");
    if (!json_object_get(shown, "message") && json_object_get(shown, "error"))
        json_object_set_new(shown, "message", json_string(""));
    return json_text(a, shown);
}

static void want_same_again(struct arena *a, struct faults *f, const struct faults_rule *rule)
{
    struct why why = why_new(a);
    struct faults_rule again;
    struct str first = as_injected(a, added(a, f, rule));
    if (failed(read(a, &why, first, &again)))
        abort();
    struct str second = as_injected(a, added(a, f, &again));
    if (!str_eq(first, second))
        abort();
}

static void want_own_calls(struct arena *a, struct faults *f, const struct faults_rule *rule)
{
    static const struct str others[] = { STR_INIT("discovery"), STR_INIT("jwks"),
                                         STR_INIT("GetRole"), STR_INIT("NoAction") };
    struct fault_hit hit;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const bool its =
            str_eq(rule->action, others[i]) || (str_eq(rule->action, STR("*")) && i > 1);
        if (faults_next(f, a, others[i], &hit) && !its)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct faults *f = faults_new();
    struct faults_rule rule;
    if (!failed(read(a, &why, str_n((const char *)bytes, n), &rule))) {
        want_same_again(a, f, &rule);
        want_own_calls(a, f, &rule);
    } else if (fault_kind(why.fault) != FAULT_KIND_INPUT || !why.detail.n || !why.place.n) {
        abort();
    }
    faults_free(f);
    arena_free(a);
    return 0;
}
