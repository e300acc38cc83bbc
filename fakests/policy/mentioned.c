#include "fakests/policy/mentioned.h"

#include "base/encode.h"
#include "fakests/policy/compiled.h"

struct mentioned mentioned_new(struct arena *a)
{
    return (struct mentioned){ .arena = a, .seen = map_new(a) };
}

static void add(struct mentioned *m, struct str key)
{
    static char there;
    struct str folded = ascii_lower(m->arena, key);
    if (map_get(&m->seen, folded))
        return;
    map_put(&m->seen, folded, &there);
    if (m->n == m->capacity) {
        size_t wider = m->capacity * 2 + 8;
        struct str *keys = arena_array(m->arena, struct str, wider);
        if (m->n)
            memcpy(keys, m->keys, m->n * sizeof *keys);
        m->keys = keys;
        m->capacity = wider;
    }
    m->keys[m->n++] = key;
}

static void add_variables(struct mentioned *m, const struct variable_template *t)
{
    for (size_t i = 0; t->has_variables && i < t->n; i++)
        if (t->parts[i].key.p)
            add(m, t->parts[i].key);
}

static void add_condition(struct mentioned *m, const struct condition *c)
{
    add(m, c->key);
    for (size_t i = 0; i < c->n_wanted; i++)
        add_variables(m, &c->wanted[i].text);
}

void mentioned_add_statement(struct mentioned *m, const struct policy *p, size_t statement)
{
    const struct compiled_statement *s = &p->statements[statement];
    for (size_t i = 0; i < s->n_resources; i++)
        add_variables(m, &s->resources[i].pattern);
    for (size_t i = 0; i < s->conditions.n; i++)
        add_condition(m, &s->conditions.conditions[i]);
}

void mentioned_add(struct mentioned *m, const struct policy *p)
{
    for (size_t i = 0; i < p->n_statements; i++)
        mentioned_add_statement(m, p, i);
}
