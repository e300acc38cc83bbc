#ifndef TESTS_SUPPORT_JSON_ORACLE_H
#define TESTS_SUPPORT_JSON_ORACLE_H

#include "base/json_parse.h"

#include <stdlib.h>

/*
 * What json_parse says of a text, told by jansson: its values come from json_loadb, the depth is
 * counted byte by byte, and a NUL byte is no JSON wherever it stands.
 */

static inline size_t json_oracle_depth(struct str text)
{
    size_t depth = 0, deepest = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']'))
            depth--;
        if (depth > deepest)
            deepest = depth;
    }
    return deepest;
}

/* A new reference, or NULL. */
static inline json_t *json_oracle_load(struct str text, enum json_duplicates duplicates,
                                       size_t levels)
{
    size_t flags =
        JSON_DECODE_ANY | (duplicates == JSON_DUPLICATES_REFUSED ? JSON_REJECT_DUPLICATES : 0);
    if (str_find(text, '\0') < text.n)
        return NULL;
    json_t *v = json_loadb(text.n ? text.p : "", text.n, flags, NULL);
    if (v && json_oracle_depth(text) > levels) {
        json_decref(v);
        return NULL;
    }
    return v;
}

/* Equal, and the same bytes when they are printed: members in the same order. */
static inline bool json_oracle_same(const json_t *left, const json_t *right)
{
    char *l = json_dumps(left, JSON_COMPACT | JSON_ENCODE_ANY);
    char *r = json_dumps(right, JSON_COMPACT | JSON_ENCODE_ANY);
    bool same = l && r && strcmp(l, r) == 0 && json_equal(left, right);
    free(l);
    free(r);
    return same;
}

/* NULL when json_parse and the oracle agree; *taken says on what. */
static inline const char *json_oracle_differs(struct str text, enum json_duplicates duplicates,
                                              size_t levels, bool *taken)
{
    json_t *wanted = json_oracle_load(text, duplicates, levels);
    json_t *got = json_parse(text, duplicates, levels);
    const char *differs = NULL;
    *taken = wanted != NULL;
    if (wanted && !got)
        differs = "refused, and jansson takes it";
    else if (got && !wanted)
        differs = "taken, and jansson refuses it";
    else if (got && !json_oracle_same(got, wanted))
        differs = "another value than jansson's";
    json_decref(wanted);
    json_decref(got);
    return differs;
}

#endif
