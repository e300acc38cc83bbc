#include "fakests/policy/nearest.h"

enum { WORD_MAX = 64 }; /* longer ones are no misspelling of ours */

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Levenshtein's distance, one row of the table at a time. */
static size_t distance(struct str a, struct str b)
{
    size_t row[WORD_MAX + 1];
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

struct str nearest_of(struct str word, const struct str *candidates, size_t n)
{
    struct str best = { NULL, 0 };
    size_t fewest = word.n / 2 + 1;
    if (word.n > WORD_MAX)
        return best;
    for (size_t i = 0; i < n; i++) {
        if (candidates[i].n > WORD_MAX)
            continue;
        size_t d = distance(word, candidates[i]);
        if (d < fewest) {
            fewest = d;
            best = candidates[i];
        }
    }
    return best;
}
