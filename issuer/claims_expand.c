#include "issuer/claims.h"

#include "base/text.h"
#include "issuer/claims_node.h"

static struct outcome expand(const struct claims_node *n, struct claims_values *v, struct why *why,
                             json_t **out);

/* Derived values can be made to double at each step: what is made is counted, and bounded. */
static struct outcome spend(struct claims_values *v, struct why *why, size_t bytes)
{
    v->spent += bytes + 1;
    if (v->spent > CLAIMS_BYTES_MAX)
        FAIL(why, PLATFORM_PARAMETER, "the claims come to more than %d bytes", CLAIMS_BYTES_MAX);
    return OK;
}

/* ---- values as text ---- */

static struct str slot_text(struct arena *a, const json_t *value)
{
    if (json_is_integer(value))
        return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? STR("true") : STR("false");
    return json_str(value);
}

static int64_t time_of(const struct claims_part *part, const struct claims_values *v)
{
    return (part->builtin == CLAIMS_IAT ? v->iat_s : v->exp_s) + part->offset_s;
}

static struct str uuid(const struct claims_values *v)
{
    char text[UUID_TEXT_BYTES];
    return arena_str(v->arena, str_of(entropy_uuid(v->entropy, text)));
}

static struct str builtin_text(const struct claims_part *part, const struct claims_values *v)
{
    switch (part->builtin) {
    case CLAIMS_IAT:
    case CLAIMS_EXP:
        return arena_printf(v->arena, "%lld", (long long)time_of(part, v));
    case CLAIMS_UUID:
        return uuid(v);
    case CLAIMS_ISS:
        return v->iss;
    case CLAIMS_VARIANT:
        return v->variant;
    case CLAIMS_ALG:
        return v->alg;
    case CLAIMS_KID:
        return v->kid;
    case CLAIMS_X5T:
        return v->x5t;
    }
    return STR("");
}

static struct str part_text(const struct claims_part *part, const struct claims_values *v)
{
    struct str s = part->text;
    if (part->kind == PART_SLOT)
        s = slot_text(v->arena, v->slots[part->slot]);
    else if (part->kind == PART_BUILTIN)
        s = builtin_text(part, v);
    return part->filter ? part->filter->apply(v->arena, s) : s;
}

/* Everything here came out of JSON or is ASCII, so it is UTF-8 without looking again. */
static json_t *string_of(struct str s)
{
    return json_stringn_nocheck(s.n ? s.p : "", s.n);
}

static struct outcome expand_text(const struct claims_node *n, struct claims_values *v,
                                  struct why *why, json_t **out)
{
    struct text t = text_new(v->arena, CLAIMS_BYTES_MAX);
    for (size_t i = 0; i < n->n; i++)
        text_put(&t, part_text(&n->parts[i], v));
    TRY(spend(v, why, t.full ? CLAIMS_BYTES_MAX : t.n));
    *out = string_of(text_str(&t));
    return OK;
}

/* ---- values with their type ---- */

/* Containers are made anew: the token's claims may be changed, the profile's never. */
static struct outcome copy(const json_t *value, struct claims_values *v, struct why *why,
                           json_t **out)
{
    if (!json_is_array(value)) {
        TRY(spend(v, why, json_str(value).n));
        *out = json_deep_copy(value);
        return OK;
    }
    json_t *array = json_array();
    for (size_t i = 0; i < json_array_size(value); i++) {
        json_t *item;
        struct outcome o = copy(json_array_get(value, i), v, why, &item);
        if (failed(o)) {
            json_decref(array);
            return o;
        }
        json_array_append_new(array, item);
    }
    *out = array;
    return OK;
}

static struct outcome expand_value(const struct claims_node *n, struct claims_values *v,
                                   struct why *why, json_t **out)
{
    const struct claims_part *part = &n->parts[0];
    if (part->kind == PART_SLOT)
        return copy(v->slots[part->slot], v, why, out);
    if (n->types == CLAIMS_INTEGER)
        *out = json_integer(time_of(part, v));
    else
        *out = string_of(builtin_text(part, v));
    return spend(v, why, 0);
}

/* ---- $first, $each ---- */

static bool holds(const struct claims_condition *c, const struct claims_values *v)
{
    bool same = c->is_variant ? str_eq(v->variant, json_str(c->value))
                              : json_equal(v->slots[c->slot], c->value);
    return same != c->negated;
}

static struct outcome expand_first(const struct claims_node *n, struct claims_values *v,
                                   struct why *why, json_t **out)
{
    for (size_t i = 0; i < n->n; i++) {
        const struct claims_case *k = &n->cases[i];
        size_t j = 0;
        while (j < k->n && holds(&k->conditions[j], v))
            j++;
        if (j == k->n)
            return expand(k->node, v, why, out);
    }
    *out = NULL;
    return OK;
}

static struct outcome expand_element(const struct claims_node *n, struct str element,
                                     struct claims_values *v, struct why *why, struct text *t)
{
    json_t *value;
    for (size_t i = 0; i < n->n; i++) {
        if (!str_eq(str_of(n->members[i].key), element))
            continue;
        TRY(expand(n->members[i].node, v, why, &value));
        text_put(t, json_str(value));
        json_decref(value);
        return OK;
    }
    struct text known = text_new(v->arena, CLAIMS_BYTES_MAX);
    for (size_t i = 0; i < n->n; i++)
        text_printf(&known, "%s%s", i ? ", " : "", n->members[i].key);
    FAIL(why, PLATFORM_PARAMETER, "\"%.*s\" cannot stand in the list; there are: %.*s",
         STR_ARG(element), STR_ARG(text_str(&known)));
}

static struct outcome expand_each(const struct claims_node *n, struct claims_values *v,
                                  struct why *why, json_t **out)
{
    const json_t *list = v->slots[n->slot];
    struct text t = text_new(v->arena, CLAIMS_BYTES_MAX);
    for (size_t i = 0; i < json_array_size(list); i++)
        TRY(expand_element(n, json_str(json_array_get(list, i)), v, why, &t));
    *out = string_of(text_str(&t));
    return OK;
}

/* ---- objects, arrays ---- */

static bool is_empty(const json_t *v)
{
    return json_is_null(v) || (json_is_string(v) && json_string_length(v) == 0) ||
           (json_is_array(v) && json_array_size(v) == 0) ||
           (json_is_object(v) && json_object_size(v) == 0);
}

static struct outcome put_member(const struct claims_member *m, struct claims_values *v,
                                 struct why *why, json_t *object)
{
    json_t *value;
    TRY(expand(m->node, v, why, &value));
    if (value && !(m->optional && is_empty(value)))
        json_object_set_new_nocheck(object, m->key, value);
    else
        json_decref(value);
    return OK;
}

static struct outcome expand_object(const struct claims_node *n, struct claims_values *v,
                                    struct why *why, json_t **out)
{
    json_t *object = json_object();
    struct outcome o = spend(v, why, 0);
    for (size_t i = 0; i < n->n && !failed(o); i++)
        o = put_member(&n->members[i], v, why, object);
    if (failed(o))
        json_decref(object);
    else
        *out = object;
    return o;
}

static struct outcome put_item(const struct claims_node *n, struct claims_values *v,
                               struct why *why, json_t *array)
{
    json_t *value;
    TRY(expand(n, v, why, &value));
    if (value)
        json_array_append_new(array, value);
    return OK;
}

static struct outcome expand_array(const struct claims_node *n, struct claims_values *v,
                                   struct why *why, json_t **out)
{
    json_t *array = json_array();
    struct outcome o = spend(v, why, 0);
    for (size_t i = 0; i < n->n && !failed(o); i++)
        o = put_item(n->items[i], v, why, array);
    if (failed(o))
        json_decref(array);
    else
        *out = array;
    return o;
}

static struct outcome expand(const struct claims_node *n, struct claims_values *v, struct why *why,
                             json_t **out)
{
    switch (n->kind) {
    case NODE_SCALAR:
        *out = json_deep_copy(n->scalar);
        return OK;
    case NODE_TEXT:
        return expand_text(n, v, why, out);
    case NODE_VALUE:
        return expand_value(n, v, why, out);
    case NODE_OBJECT:
        return expand_object(n, v, why, out);
    case NODE_ARRAY:
        return expand_array(n, v, why, out);
    case NODE_FIRST:
        return expand_first(n, v, why, out);
    case NODE_EACH:
        return expand_each(n, v, why, out);
    }
    FAIL(why, INTERNAL, "a template of no kind");
}

struct outcome claims_expand(const struct claims_node *n, struct claims_values *v, struct why *why,
                             json_t **out)
{
    return expand(n, v, why, out);
}
