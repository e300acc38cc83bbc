#include "tests/fuzz/fuzz.h"

#include "tests/support/json_oracle.h"

/*
 * Strict JSON: json_parse takes what jansson takes, as the same values.  Whatever was accepted is
 * looked at everywhere, each value names its place, and the place lies inside the text; what is
 * written again is read again as the same value.
 */

static void want_place(struct arena *a, const struct json_at *at)
{
    struct str place = json_at_place(a, at);
    struct str name = str_cut(&place, ':');
    int64_t line = 0, column = 0;
    bool read =
        str_to_i64(str_cut(&place, ':'), &line) && str_to_i64(str_cut(&place, ':'), &column);
    if (!str_eq(name, STR("fuzz")) || !read || line < 1 || column < 1 ||
        (size_t)line > at->doc->text.n + 1 || (size_t)column > at->doc->text.n + 1)
        abort();
}

static void visit(struct arena *a, const struct json_at *at, int *budget)
{
    if ((*budget)-- <= 0)
        return;
    want_place(a, at);
    for (size_t i = 0; i < json_array_size(at->value); i++) {
        struct json_at item = json_at_item(at, i);
        visit(a, &item, budget);
    }
    const char *key;
    json_t *value;
    json_object_foreach(at->value, key, value)
    {
        struct json_at member;
        if (!json_at_member(at, key, &member) || member.value != value)
            abort();
        visit(a, &member, budget);
    }
}

static void want_same_again(struct arena *a, const struct json_doc *doc)
{
    struct why why = why_new(a);
    struct json_doc *again;
    struct str text = json_text(a, doc->root);
    if (failed(json_load(a, &why, STR("again"), text, JSON_DUPLICATES_REFUSED, &again)) ||
        !json_equal(doc->root, again->root))
        abort();
}

static void load(struct arena *a, struct str text, enum json_duplicates duplicates)
{
    struct why why = why_new(a);
    struct json_doc *doc;
    if (failed(json_load(a, &why, STR("fuzz"), text, duplicates, &doc))) {
        if (why.fault != FAULT_JSON_INVALID && why.fault != FAULT_JSON_TOO_DEEP)
            abort();
        return;
    }
    int budget =
        200; /* a place is found by walking from the start: quadratic, and that is fine once */
    struct json_at root = json_at_root(doc);
    visit(a, &root, &budget);
    want_same_again(a, doc);
}

static void compare(struct str text, enum json_duplicates duplicates)
{
    bool taken;
    if (json_oracle_differs(text, duplicates, JSON_DEPTH_MAX, &taken) ||
        json_oracle_differs(text, duplicates, text.n % 4, &taken))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct str text = str_n((const char *)bytes, n);
    compare(text, JSON_DUPLICATES_REFUSED);
    compare(text, JSON_LAST_WINS);
    load(a, text, JSON_DUPLICATES_REFUSED);
    load(a, text, JSON_LAST_WINS);
    arena_free(a);
    return 0;
}
