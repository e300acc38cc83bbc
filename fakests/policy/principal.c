#include "fakests/policy/principal.h"

#include "base/text.h"

static const struct str types[] = {
    STR_INIT("AWS"),
    STR_INIT("Federated"),
    STR_INIT("Service"),
    STR_INIT("CanonicalUser"),
};
enum { TYPES = sizeof types / sizeof types[0] };

static struct outcome refuse_empty(const struct json_at *at, struct why *why)
{
    return element_refuse(at, why, STR("Missing required field Principal cannot be empty!"),
                          "the element names nobody");
}

static void add(struct principal_set *set, struct str type, struct str value)
{
    bool anyone = str_eq(type, types[0]) && str_eq(value, STR("*"));
    set->entries[set->n++] = (struct principal){ type, value, anyone };
}

static struct outcome read_anyone(struct arena *a, struct why *why, const struct json_at *at,
                                  struct principal_set *set)
{
    struct str text = json_str(at->value);
    if (!text.n)
        return refuse_empty(at, why);
    if (!str_eq(text, STR("*")))
        return element_refuse(
            at, why, STR(ELEMENT_SYNTAX),
            "\"%.*s\" is to stand behind its kind, as in {\"Federated\": \"...\"}; "
            "only \"*\" stands alone",
            STR_ARG(str_sub(text, 0, 200)));
    set->entries = arena_array(a, struct principal, 1);
    add(set, types[0], STR("*"));
    return OK;
}

/* The entries of all types together. */
static size_t count(json_t *object)
{
    const char *key;
    json_t *value;
    size_t n = 0;
    json_object_foreach(object, key, value)
    {
        n += json_is_array(value) ? json_array_size(value) : 1;
    }
    return n;
}

static struct outcome read_type(struct arena *a, struct why *why, const struct json_at *at,
                                struct principal_set *set)
{
    struct element_list values;
    struct str type = arena_str(a, str_of(at->key));
    TRY(element_strings(a, why, at, ELEMENT_STRINGS, &values));
    for (size_t i = 0; i < values.n; i++) {
        if (!values.texts[i].n)
            return refuse_empty(at, why);
        add(set, type, values.texts[i]);
    }
    return OK;
}

struct outcome principal_read(struct arena *a, struct why *why, const struct json_at *at,
                              struct principal_set *out)
{
    struct principal_set set = { 0 };
    const char *key;
    json_t *value;

    if (json_is_string(at->value)) {
        TRY(read_anyone(a, why, at, &set));
    } else {
        TRY(element_want_members(at, why, "a principal", types, TYPES));
        set.entries = arena_array(a, struct principal, count(at->value));
        json_object_foreach(at->value, key, value)
        {
            struct json_at member = element_member(at, key, value);
            TRY(read_type(a, why, &member, &set));
        }
        if (!set.n)
            return refuse_empty(at, why);
    }
    *out = set;
    return OK;
}

static bool is_caller(const struct principal *p, const struct policy_principal *caller)
{
    if (!str_eq(p->type, caller->type))
        return false;
    return p->anyone || str_eq(p->value, caller->value);
}

bool principal_matches(const struct principal_set *set, const struct policy_principal *callers,
                       size_t n)
{
    for (size_t i = 0; i < set->n; i++)
        for (size_t j = 0; j < n; j++)
            if (is_caller(&set->entries[i], &callers[j]))
                return !set->negated;
    return set->negated;
}
