#include "base/nearest.h"

#include "base/text.h"

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Levenshtein's distance, one row of the table at a time. */
size_t nearest_distance(struct str a, struct str b)
{
    size_t row[NEAREST_COMPARED_MAX + 1];
    if (a.n > NEAREST_COMPARED_MAX || b.n > NEAREST_COMPARED_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            bool same = str_eq_nocase(str_n(a.p + i - 1, 1), str_n(b.p + j - 1, 1));
            size_t replaced = diagonal + !same;
            diagonal = row[j];
            row[j] = least(replaced, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[b.n];
}

/* The first distance that is no slip any more. */
static size_t too_far(struct str word)
{
    return word.n / 3 + 2;
}

struct str nearest_of(struct str word, const struct str *candidates, size_t n)
{
    struct str best = { NULL, 0 };
    size_t fewest = too_far(word);
    for (size_t i = 0; i < n; i++) {
        size_t d = nearest_distance(word, candidates[i]);
        if (d < fewest) {
            fewest = d;
            best = candidates[i];
        }
    }
    return best;
}

struct nearest nearest_new(struct arena *a, struct str given)
{
    return (struct nearest){ .arena = a, .given = given, .distance = too_far(given) };
}

static void keep(struct nearest *n, struct str name)
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
}

void nearest_add(struct nearest *n, struct str name)
{
    size_t d = nearest_distance(n->given, name);
    keep(n, name);
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
    text_printf(&t, "%s are%s", n->best.n ? "There" : "there", n->n ? ": " : " none");
    for (size_t i = 0; i < n->n; i++)
        text_printf(&t, "%s%.*s", i ? ", " : "", STR_ARG(n->names[i]));
    return text_str(&t);
}
