#include "cli/schema.h"

#include "base/embed.h"
#include "base/json.h"
#include "base/text.h"

#include <assert.h>

#define OTHERS STR("urn:understudy:schema:")

static const struct embedded *find(struct str name)
{
    for (const struct embedded *f = schema_files; f->name; f++)
        if (str_eq(str_of(f->name), name))
            return f;
    return NULL;
}

static json_t *load(struct arena *a, const struct embedded *f)
{
    struct why why = why_new(a);
    struct json_doc *doc = NULL;
    bool ours_is_json = !failed(
        json_load(a, &why, str_of(f->name), str_n(f->p, f->n), JSON_DUPLICATES_REFUSED, &doc));
    assert(ours_is_json);
    return ours_is_json ? doc->root : NULL;
}

struct bundle {
    struct arena *a;
    json_t *defs; /* of the schemas that are named */
};

static void gather(struct bundle *b, json_t *value);

static void gather_all(struct bundle *b, struct str name)
{
    const struct embedded *other = find(name);
    assert(other);
    json_t *defs = json_object_get(load(b->a, other), "$defs"), *def;
    const char *key;
    json_object_foreach(defs, key, def)
    {
        if (json_object_get(b->defs, key))
            continue;
        json_object_set(b->defs, key, def);
        gather(b, def);
    }
}

/* "urn:understudy:schema:config#/$defs/role" becomes "#/$defs/role". */
static void take_home(struct bundle *b, json_t *schema)
{
    struct str ref = json_str(json_object_get(schema, "$ref"));
    if (!str_starts(ref, OTHERS))
        return;
    struct str pointer = arena_str(b->a, str_sub(ref, OTHERS.n, ref.n));
    struct str name = str_cut(&pointer, '#');
    json_object_set_new(schema, "$ref", json_of(arena_join(b->a, STR("#"), pointer)));
    gather_all(b, name);
}

static void gather(struct bundle *b, json_t *value)
{
    const char *key;
    json_t *inner;
    size_t i;
    take_home(b, value);
    json_object_foreach(value, key, inner) gather(b, inner);
    json_array_foreach(value, i, inner) gather(b, inner);
}

struct str schema_text(struct arena *a, struct str name)
{
    const struct embedded *f = find(name);
    if (!f)
        return (struct str){ 0 };
    if (!str_contains(str_n(f->p, f->n), STR("\"$ref\": \"urn:")))
        return str_n(f->p, f->n);
    json_t *root = load(a, f);
    struct bundle b = { a, json_keep(a, json_object()) };
    gather(&b, root);
    json_object_update(json_object_get(root, "$defs"), b.defs);
    return arena_join(a, json_text_pretty(a, root), STR("\n"));
}
