#include "fakests/iam/change.h"

/* Each element before all that stand behind it; one that is not here keeps its place behind them.
 */
static const char *const order[] = {
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition",
};
enum { N_ORDER = sizeof order / sizeof order[0] };

static size_t rank(const char *name)
{
    size_t i = 0;
    while (i < N_ORDER && strcmp(order[i], name) != 0)
        i++;
    return i;
}

static json_t *statement(json_t *given)
{
    const char *name;
    json_t *value;
    if (!json_is_object(given))
        return json_incref(given);
    json_t *out = json_object();
    for (size_t i = 0; i <= N_ORDER; i++)
        json_object_foreach(given, name, value) if (rank(name) == i)
            json_object_set(out, name, value);
    return out;
}

static json_t *statements(json_t *given)
{
    size_t i;
    json_t *item;
    if (!json_is_array(given))
        return statement(given);
    json_t *out = json_array();
    json_array_foreach(given, i, item) json_array_append_new(out, statement(item));
    return out;
}

struct str iam_trust_canonical(struct arena *a, json_t *document)
{
    const char *name;
    json_t *value, *out = json_keep(a, json_object());
    json_object_foreach(document, name, value)
    {
        if (strcmp(name, "Statement") == 0)
            json_object_set_new(out, name, statements(value));
        else
            json_object_set(out, name, value);
    }
    return json_text(a, out);
}
