#include "issuer/claims.h"

#include "base/nearest.h"
#include "base/text.h"
#include "issuer/claims_node.h"

static const struct builtin {
    const char *name;
    bool is_time;
} builtins[] = {
    [CLAIMS_IAT] = { "iat", true },          [CLAIMS_EXP] = { "exp", true },
    [CLAIMS_UUID] = { "uuid", false },       [CLAIMS_ISS] = { "iss", false },
    [CLAIMS_VARIANT] = { "variant", false }, [CLAIMS_ALG] = { "alg", false },
    [CLAIMS_KID] = { "kid", false },         [CLAIMS_X5T] = { "x5t", false },
};
enum {
    BUILTINS = sizeof builtins / sizeof builtins[0],
    OFFSET_MAX_S = 10 * 365 * 86400, /* a token's times stay near its making */
};

/* ---- filters ---- */

static struct str escape_colons(struct arena *a, struct str s)
{
    struct text t = text_new(a, s.n * 3 + 1);
    for (size_t i = 0; i < s.n; i++)
        text_put(&t, s.p[i] == ':' ? STR("%3A") : str_sub(s, i, 1));
    return text_str(&t);
}

static struct str before_slash(struct arena *a, struct str s)
{
    (void)a;
    return str_sub(s, 0, str_find(s, '/'));
}

static struct str after_slash(struct arena *a, struct str s)
{
    (void)a;
    return str_sub(s, str_find(s, '/') + 1, s.n);
}

static const struct claims_filter filters[] = {
    { "escape_colons", escape_colons },
    { "before_slash", before_slash },
    { "after_slash", after_slash },
};
enum { FILTERS = sizeof filters / sizeof filters[0] };

const struct claims_filter *claims_filter_find(struct str name)
{
    for (size_t i = 0; i < FILTERS; i++)
        if (str_eq(str_of(filters[i].name), name))
            return &filters[i];
    return NULL;
}

/* ---- what every step of compiling needs ---- */

struct compiler {
    struct arena *arena;
    struct why *why;
    const struct claims_scope *scope;
};

static struct outcome compile(struct compiler *c, const struct json_at *at,
                              const struct claims_node **out);

static struct outcome find_slot(struct compiler *c, const struct json_at *at, struct str name,
                                size_t *slot)
{
    for (size_t i = 0; i < c->scope->n_slots; i++) {
        if (!str_eq(c->scope->slots[i].name, name))
            continue;
        *slot = i;
        return OK;
    }
    struct nearest near = nearest_new(c->arena, name);
    for (size_t i = 0; i < c->scope->n_slots; i++)
        nearest_add(&near, c->scope->slots[i].name);
    struct str hint = nearest_text(&near);
    return json_fail(at, c->why, FAULT_CONFIG_INVALID,
                     "no parameter \"%.*s\" can be named here; %.*s", STR_ARG(name), STR_ARG(hint));
}

static struct claims_node *node_new(struct compiler *c, enum claims_node_kind kind, unsigned types)
{
    struct claims_node *n = arena_make(c->arena, struct claims_node);
    n->kind = kind;
    n->types = types;
    return n;
}

/* What a node names, whatever contains it names too. */
static void adopt(struct claims_node *n, const struct claims_node *child)
{
    n->uses |= child->uses;
    n->varies |= child->varies;
}

unsigned claims_type_of(const json_t *v)
{
    if (json_is_string(v))
        return CLAIMS_STRING;
    if (json_is_integer(v))
        return CLAIMS_INTEGER;
    if (json_is_boolean(v))
        return CLAIMS_BOOLEAN;
    return json_is_array(v) ? CLAIMS_ARRAY : CLAIMS_OTHER;
}

/* ---- text: "org/{org_id}" ---- */

static struct outcome read_offset(struct compiler *c, const struct json_at *at, struct str text,
                                  struct claims_part *part)
{
    if (!text.n)
        return OK;
    if (!builtins[part->builtin].is_time || !str_to_i64(text, &part->offset_s) ||
        part->offset_s > OFFSET_MAX_S || part->offset_s < -OFFSET_MAX_S)
        return json_fail(at, c->why, FAULT_CONFIG_INVALID,
                         "\"%.*s\" cannot stand behind $%s: only $iat and $exp take seconds, as in "
                         "{$iat-600}",
                         STR_ARG(text), builtins[part->builtin].name);
    return OK;
}

static struct outcome no_builtin(struct compiler *c, const struct json_at *at, struct str hole)
{
    struct nearest near = nearest_new(c->arena, hole);
    for (size_t i = 0; i < BUILTINS; i++)
        if (c->scope->builtins & CLAIMS_MAY(i))
            nearest_add(&near, arena_printf(c->arena, "$%s", builtins[i].name));
    struct str hint = nearest_text(&near);
    return json_fail(at, c->why, FAULT_CONFIG_INVALID, "{%.*s} cannot stand here; %.*s",
                     STR_ARG(hole), STR_ARG(hint));
}

/* "$iat", "$iat-600". */
static struct outcome read_builtin(struct compiler *c, const struct json_at *at, struct str hole,
                                   struct claims_part *part)
{
    size_t n = 1;
    while (n < hole.n && hole.p[n] != '+' && hole.p[n] != '-')
        n++;
    for (size_t i = 0; i < BUILTINS; i++) {
        if (!(c->scope->builtins & CLAIMS_MAY(i)) ||
            !str_eq(str_of(builtins[i].name), str_sub(hole, 1, n - 1)))
            continue;
        part->kind = PART_BUILTIN;
        part->builtin = (enum claims_builtin)i;
        return read_offset(c, at, str_sub(hole, n, hole.n), part);
    }
    return no_builtin(c, at, hole);
}

static struct outcome read_filter(struct compiler *c, const struct json_at *at, struct str name,
                                  struct claims_part *part)
{
    part->filter = claims_filter_find(name);
    if (part->filter)
        return OK;
    struct nearest near = nearest_new(c->arena, name);
    for (size_t i = 0; i < FILTERS; i++)
        nearest_add(&near, str_of(filters[i].name));
    struct str hint = nearest_text(&near);
    return json_fail(at, c->why, FAULT_CONFIG_INVALID, "no filter \"%.*s\"; %.*s", STR_ARG(name),
                     STR_ARG(hint));
}

/* What stands between braces: "org_id", "name|filter", "$iat-600". */
static struct outcome read_hole(struct compiler *c, const struct json_at *at, struct str hole,
                                struct claims_part *part)
{
    if (str_starts(hole, STR("$")))
        return read_builtin(c, at, hole, part);
    bool filtered = str_find(hole, '|') < hole.n;
    struct str name = str_cut(&hole, '|');
    part->kind = PART_SLOT;
    TRY(find_slot(c, at, name, &part->slot));
    return filtered ? read_filter(c, at, hole, part) : OK;
}

/* The next part of a text, which is not empty: a hole, a doubled brace, or what stands before one.
 */
static struct outcome read_part(struct compiler *c, const struct json_at *at, struct str *rest,
                                struct claims_part *part)
{
    size_t n = 0;
    if (str_starts(*rest, STR("{{")) || str_starts(*rest, STR("}}"))) {
        *part = (struct claims_part){ .text = str_sub(*rest, 0, 1) };
        *rest = str_sub(*rest, 2, rest->n);
        return OK;
    }
    if (rest->p[0] == '{' && str_find(*rest, '}') < rest->n) {
        *rest = str_sub(*rest, 1, rest->n);
        return read_hole(c, at, str_cut(rest, '}'), part);
    }
    if (rest->p[0] == '{' || rest->p[0] == '}')
        return json_fail(at, c->why, FAULT_CONFIG_INVALID,
                         "a '%c' without its other half; a brace itself is written twice",
                         rest->p[0]);
    while (n < rest->n && rest->p[n] != '{' && rest->p[n] != '}')
        n++;
    *part = (struct claims_part){ .text = str_sub(*rest, 0, n) };
    *rest = str_sub(*rest, n, rest->n);
    return OK;
}

static unsigned part_types(const struct compiler *c, const struct claims_part *part)
{
    if (part->kind == PART_BUILTIN)
        return builtins[part->builtin].is_time ? CLAIMS_INTEGER : CLAIMS_STRING;
    if (part->kind == PART_SLOT && !part->filter)
        return c->scope->slots[part->slot].types;
    return CLAIMS_STRING;
}

/* A list has no spelling inside a text. */
static struct outcome want_text_parts(struct compiler *c, const struct json_at *at,
                                      const struct claims_node *n)
{
    for (size_t i = 0; i < n->n; i++) {
        const struct claims_part *part = &n->parts[i];
        if (part->kind == PART_SLOT &&
            c->scope->slots[part->slot].types & (CLAIMS_ARRAY | CLAIMS_OTHER))
            return json_fail(at, c->why, FAULT_CONFIG_INVALID,
                             "\"%.*s\" may be a list, which cannot stand inside a text",
                             STR_ARG(c->scope->slots[part->slot].name));
    }
    return OK;
}

/* Each brace ends a part and begins one. */
static size_t parts_at_most(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '{' || text.p[i] == '}' ? 2 : 0;
    return n;
}

static struct outcome compile_text(struct compiler *c, const struct json_at *at,
                                   struct claims_node **out)
{
    struct str rest = json_str(at->value);
    struct claims_node *n = node_new(c, NODE_TEXT, CLAIMS_STRING);
    n->parts = arena_array(c->arena, struct claims_part, parts_at_most(rest));
    while (rest.n) {
        struct claims_part *part = &n->parts[n->n++];
        TRY(read_part(c, at, &rest, part));
        n->varies |= part->kind == PART_BUILTIN;
        n->uses |= part->kind == PART_SLOT ? UINT64_C(1) << part->slot : 0;
    }
    *out = n;
    if (n->n == 1 && n->parts[0].kind != PART_TEXT && !n->parts[0].filter) {
        n->kind = NODE_VALUE;
        n->types = part_types(c, &n->parts[0]);
        return OK;
    }
    return want_text_parts(c, at, n);
}

/* ---- {"$first": [...]} ---- */

static struct outcome read_condition(struct compiler *c, const struct json_at *at,
                                     struct claims_condition *out)
{
    static const char *const names[] = { "not", NULL };
    struct json_at value = *at;
    out->is_variant = strcmp(at->key, "$variant") == 0;
    if (!out->is_variant)
        TRY(find_slot(c, at, str_of(at->key), &out->slot));
    if (json_is_object(at->value)) {
        TRY(json_want_members(at, c->why, names));
        if (!json_at_member(at, "not", &value))
            return json_fail(at, c->why, FAULT_CONFIG_INVALID, "expected {\"not\": value}");
        out->negated = true;
    }
    unsigned may = out->is_variant ? CLAIMS_STRING : c->scope->slots[out->slot].types;
    if (!(claims_type_of(value.value) & may))
        return json_fail(&value, c->why, FAULT_CONFIG_INVALID, "\"%s\" is never %s", at->key,
                         json_type_name(value.value));
    out->value = value.value;
    return OK;
}

static struct outcome read_conditions(struct compiler *c, const struct json_at *at,
                                      struct claims_case *out)
{
    const char *key;
    json_t *value;
    TRY(json_want_object(at, c->why));
    out->conditions =
        arena_array(c->arena, struct claims_condition, json_object_size(at->value) + 1);
    json_object_foreach(at->value, key, value)
    {
        struct json_at member = { .up = at, .doc = at->doc, .key = key, .value = value };
        TRY(read_condition(c, &member, &out->conditions[out->n++]));
    }
    return OK;
}

static void adopt_case(struct claims_node *n, const struct claims_case *k)
{
    adopt(n, k->node);
    n->types |= k->node->types;
    for (size_t i = 0; i < k->n; i++) {
        n->varies |= k->conditions[i].is_variant;
        n->uses |= k->conditions[i].is_variant ? 0 : UINT64_C(1) << k->conditions[i].slot;
    }
}

static struct outcome read_case(struct compiler *c, const struct json_at *at,
                                struct claims_case *out)
{
    static const char *const names[] = { "if", "value", NULL };
    struct json_at condition, value;
    TRY(json_want_members(at, c->why, names));
    if (json_at_member(at, "if", &condition))
        TRY(read_conditions(c, &condition, out));
    if (!json_at_member(at, "value", &value))
        return json_fail(at, c->why, FAULT_CONFIG_INVALID, "a case needs a \"value\"");
    return compile(c, &value, &out->node);
}

static struct outcome compile_first(struct compiler *c, const struct json_at *at,
                                    struct claims_node **out)
{
    struct claims_node *n = node_new(c, NODE_FIRST, 0);
    struct json_at cases;
    json_at_member(at, "$first", &cases);
    TRY(json_want_array(&cases, c->why));
    n->n = json_array_size(cases.value);
    n->cases = arena_array(c->arena, struct claims_case, n->n + 1);
    for (size_t i = 0; i < n->n; i++) {
        struct json_at item = json_at_item(&cases, i);
        TRY(read_case(c, &item, &n->cases[i]));
        adopt_case(n, &n->cases[i]);
    }
    if (!n->n)
        return json_fail(&cases, c->why, FAULT_CONFIG_INVALID, "expected at least one case");
    *out = n;
    return OK;
}

/* ---- {"$each": "list", "of": {...}} ---- */

static struct outcome read_each_texts(struct compiler *c, const struct json_at *at,
                                      struct claims_node *n)
{
    const char *key;
    json_t *value;
    TRY(json_want_object(at, c->why));
    n->members = arena_array(c->arena, struct claims_member, json_object_size(at->value) + 1);
    json_object_foreach(at->value, key, value)
    {
        struct json_at member = { .up = at, .doc = at->doc, .key = key, .value = value };
        struct claims_member *m = &n->members[n->n++];
        m->key = key;
        TRY(compile(c, &member, &m->node));
        if (m->node->types != CLAIMS_STRING)
            return json_fail(&member, c->why, FAULT_CONFIG_INVALID, "expected a text");
        adopt(n, m->node);
    }
    return OK;
}

static struct outcome compile_each(struct compiler *c, const struct json_at *at,
                                   struct claims_node **out)
{
    static const char *const names[] = { "$each", "of", NULL };
    struct claims_node *n = node_new(c, NODE_EACH, CLAIMS_STRING);
    struct json_at list, texts;
    struct str name;
    TRY(json_want_members(at, c->why, names));
    json_at_member(at, "$each", &list);
    TRY(json_want_str(&list, c->why, &name));
    TRY(find_slot(c, &list, name, &n->slot));
    if (c->scope->slots[n->slot].types != CLAIMS_ARRAY)
        return json_fail(&list, c->why, FAULT_CONFIG_INVALID, "\"%.*s\" is no list", STR_ARG(name));
    if (!json_at_member(at, "of", &texts))
        return json_fail(at, c->why, FAULT_CONFIG_INVALID,
                         "expected \"of\", an object of texts by element");
    TRY(read_each_texts(c, &texts, n));
    n->uses |= UINT64_C(1) << n->slot;
    *out = n;
    return OK;
}

/* ---- objects, arrays ---- */

static struct outcome read_member(struct compiler *c, const struct json_at *at,
                                  struct claims_node *n)
{
    struct str name = str_of(at->key);
    struct claims_member *m = &n->members[n->n++];
    m->optional = str_ends(name, STR("?"));
    m->key = arena_cstr(c->arena, str_sub(name, 0, name.n - m->optional));
    for (size_t i = 0; i + 1 < n->n; i++)
        if (strcmp(n->members[i].key, m->key) == 0)
            return json_fail(at, c->why, FAULT_CONFIG_INVALID,
                             "\"%s\" is there already, with or without its ?", m->key);
    TRY(compile(c, at, &m->node));
    adopt(n, m->node);
    return OK;
}

static struct outcome compile_members(struct compiler *c, const struct json_at *at,
                                      struct claims_node **out)
{
    struct claims_node *n = node_new(c, NODE_OBJECT, CLAIMS_OTHER);
    const char *key;
    json_t *value;
    n->members = arena_array(c->arena, struct claims_member, json_object_size(at->value) + 1);
    json_object_foreach(at->value, key, value)
    {
        struct json_at member = { .up = at, .doc = at->doc, .key = key, .value = value };
        if (key[0] == '$')
            return json_fail(&member, c->why, FAULT_CONFIG_INVALID,
                             "\"%s\" cannot stand here; there are {\"$first\": [...]} and "
                             "{\"$each\": \"list\", \"of\": {...}}, for single values",
                             key);
        TRY(read_member(c, &member, n));
    }
    *out = n;
    return OK;
}

static struct outcome compile_object(struct compiler *c, const struct json_at *at,
                                     struct claims_node **out)
{
    if (json_object_get(at->value, "$first") && json_object_size(at->value) == 1)
        return compile_first(c, at, out);
    if (json_object_get(at->value, "$each"))
        return compile_each(c, at, out);
    return compile_members(c, at, out);
}

static struct outcome compile_array(struct compiler *c, const struct json_at *at,
                                    struct claims_node **out)
{
    struct claims_node *n = node_new(c, NODE_ARRAY, CLAIMS_ARRAY);
    n->n = json_array_size(at->value);
    n->items = arena_array(c->arena, const struct claims_node *, n->n + 1);
    for (size_t i = 0; i < n->n; i++) {
        struct json_at item = json_at_item(at, i);
        TRY(compile(c, &item, &n->items[i]));
        adopt(n, n->items[i]);
    }
    *out = n;
    return OK;
}

static struct outcome compile(struct compiler *c, const struct json_at *at,
                              const struct claims_node **out)
{
    struct claims_node *n;
    if (json_is_string(at->value)) {
        TRY(compile_text(c, at, &n));
    } else if (json_is_object(at->value)) {
        TRY(compile_object(c, at, &n));
    } else if (json_is_array(at->value)) {
        TRY(compile_array(c, at, &n));
    } else {
        n = node_new(c, NODE_SCALAR, claims_type_of(at->value));
        n->scalar = at->value;
    }
    *out = n;
    return OK;
}

struct outcome claims_compile(struct arena *a, struct why *why, const struct json_at *at,
                              const struct claims_scope *scope, const struct claims_node **out)
{
    struct compiler c = { a, why, scope };
    return compile(&c, at, out);
}

struct outcome claims_compile_object(struct arena *a, struct why *why, const struct json_at *at,
                                     const struct claims_scope *scope,
                                     const struct claims_node **out)
{
    struct compiler c = { a, why, scope };
    struct claims_node *n;
    TRY(json_want_object(at, why));
    TRY(compile_members(&c, at, &n));
    *out = n;
    return OK;
}

/* ---- compiled templates ---- */

static struct claims_member *member_of(const struct claims_node *n, const char *key)
{
    for (size_t i = 0; i < n->n; i++)
        if (strcmp(n->members[i].key, key) == 0)
            return &n->members[i];
    return NULL;
}

const struct claims_node *claims_merge(struct arena *a, const struct claims_node *base,
                                       const struct claims_node *over)
{
    struct claims_node *n = arena_make(a, struct claims_node);
    *n = *base;
    n->members = arena_array(a, struct claims_member, base->n + over->n + 1);
    for (size_t i = 0; i < base->n; i++)
        n->members[i] = base->members[i];
    for (size_t i = 0; i < over->n; i++) {
        struct claims_member *old = member_of(n, over->members[i].key);
        *(old ? old : &n->members[n->n++]) = over->members[i];
    }
    n->uses = 0; /* what was replaced names nothing any more */
    for (size_t i = 0; i < n->n; i++)
        adopt(n, n->members[i].node);
    return n;
}

unsigned claims_types(const struct claims_node *n)
{
    return n->types;
}

uint64_t claims_uses(const struct claims_node *n)
{
    return n->uses;
}

bool claims_is_total(const struct claims_node *n)
{
    if (n->kind != NODE_FIRST)
        return true;
    for (size_t i = 0; i < n->n; i++)
        if (!claims_is_total(n->cases[i].node))
            return false;
    return n->cases[n->n - 1].n == 0;
}

bool claims_is_constant(const struct claims_node *n)
{
    return !n->uses && !n->varies;
}
