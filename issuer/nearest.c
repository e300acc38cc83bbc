#include "issuer/nearest.h"

#include "base/text.h"

enum { COMPARED_MAX = 64 }; /* longer names are nobody's slip of the finger */

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Levenshtein: how many letters have to be put in, left out or exchanged. */
static size_t distance(struct str a, struct str b)
{
    size_t row[COMPARED_MAX + 1];
    if (a.n > COMPARED_MAX || b.n > COMPARED_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a.p[i - 1] != b.p[j - 1]));
            diagonal = above;
        }
    }
    return row[b.n];
}

struct nearest nearest_new(struct arena *a, struct str given)
{
    /* Farther than a third of the letters it is another word. */
    return (struct nearest){ .arena = a, .given = given, .distance = given.n / 3 + 2 };
}

void nearest_add(struct nearest *n, struct str name)
{
    if (n->n == n->capacity) {
        size_t capacity = n->capacity ? n->capacity * 2 : 16;
        struct str *names = arena_array(n->arena, struct str, capacity);
        for (size_t i = 0; i < n->n; i++)
            names[i] = n->names[i];
        n->names = names;
        n->capacity = capacity;
    }
    n->names[n->n++] = name;
    size_t d = distance(n->given, name);
    if (d < n->distance) {
        n->distance = d;
        n->best = name;
    }
}

struct str nearest_text(const struct nearest *n)
{
    struct text t = text_new(n->arena, 64 * 1024);
    if (n->best.n)
        text_printf(&t, "did you mean \"%.*s\"?  ", STR_ARG(n->best));
    text_put(&t, n->n ? STR("There are: ") : STR("There are none"));
    for (size_t i = 0; i < n->n; i++)
        text_printf(&t, "%s%.*s", i ? ", " : "", STR_ARG(n->names[i]));
    return text_str(&t);
}
