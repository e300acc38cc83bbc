#include "issuer/claims.h"

#include "issuer/claims_node.h"

enum { ISSUER_BYTES_MAX = 1024 }; /* a provider URL has at most 255 characters (aws.md section 3) */

struct search {
    bool (*accepts)(const void *context, size_t slot, struct str value);
    const void *context;
    struct str bound[CLAIMS_SLOTS_MAX];
};

/* Whether the parts from `i` on fit all of the text. */
static bool fits(struct search *s, const struct claims_node *n, size_t i, struct str text)
{
    const struct claims_part *part = &n->parts[i];
    if (i == n->n)
        return text.n == 0;
    if (part->kind == PART_TEXT)
        return str_starts(text, part->text) &&
               fits(s, n, i + 1, str_sub(text, part->text.n, text.n));
    for (size_t length = 1; length <= text.n && text.p[length - 1] != '/'; length++) {
        struct str value = str_sub(text, 0, length);
        if (!fits(s, n, i + 1, str_sub(text, length, text.n)) ||
            !s->accepts(s->context, part->slot, value))
            continue;
        s->bound[part->slot] = value;
        return true;
    }
    return false;
}

static size_t fixed_length(const struct claims_node *n)
{
    size_t length = 0;
    for (size_t i = 0; i < n->n; i++)
        length += n->parts[i].kind == PART_TEXT ? n->parts[i].text.n : 0;
    return length;
}

static size_t match_text(const struct claims_node *n, struct str text, struct search *s,
                         size_t best, struct str bound[CLAIMS_SLOTS_MAX])
{
    size_t length = fixed_length(n);
    if (length <= best)
        return best;
    memset(s->bound, 0, sizeof s->bound);
    if (!fits(s, n, 0, text))
        return best;
    memcpy(bound, s->bound, sizeof s->bound);
    return length;
}

/* Nodes nest as deep as the JSON they came from, which is bounded. */
static size_t match(const struct claims_node *n, struct str text, struct search *s, size_t best,
                    struct str bound[CLAIMS_SLOTS_MAX])
{
    if (n->kind == NODE_TEXT || n->kind == NODE_VALUE)
        return match_text(n, text, s, best, bound);
    for (size_t i = 0; n->kind == NODE_FIRST && i < n->n; i++)
        best = match(n->cases[i].node, text, s, best, bound);
    return best;
}

size_t claims_match(const struct claims_node *n, struct str text,
                    bool (*accepts)(const void *context, size_t slot, struct str value),
                    const void *context, struct str bound[CLAIMS_SLOTS_MAX])
{
    struct search s = { .accepts = accepts, .context = context };
    return text.n > ISSUER_BYTES_MAX ? 0 : match(n, text, &s, 0, bound);
}

static const char *unreadable(const struct claims_node *n)
{
    size_t holes = 0;
    uint64_t seen = 0;
    for (size_t i = 0; i < n->n; i++) {
        const struct claims_part *part = &n->parts[i];
        if (part->kind == PART_BUILTIN || part->filter)
            return "only parameters may stand here, without a filter";
        if (part->kind == PART_SLOT && i && n->parts[i - 1].kind == PART_SLOT)
            return "two parameters side by side could not be told apart in a URL";
        if (part->kind == PART_SLOT && ++holes > CLAIMS_ISSUER_HOLES_MAX)
            return "it holds too many parameters";
        if (part->kind == PART_SLOT && seen & UINT64_C(1) << part->slot)
            return "a parameter can stand here only once";
        seen |= part->kind == PART_SLOT ? UINT64_C(1) << part->slot : 0;
    }
    return n->n ? NULL : "expected a URL";
}

struct outcome claims_want_matchable(const struct claims_node *n, struct why *why,
                                     const struct json_at *at, uint64_t *slots)
{
    const char *refused = n->types == CLAIMS_STRING ? NULL : "expected a text";
    if (!refused && n->kind == NODE_FIRST) {
        *slots = UINT64_MAX;
        for (size_t i = 0; i < n->n; i++) {
            uint64_t one;
            TRY(claims_want_matchable(n->cases[i].node, why, at, &one));
            *slots &= one;
        }
        return OK;
    }
    if (!refused && n->kind == NODE_EACH)
        refused = "\"$each\" cannot stand here";
    if (!refused)
        refused = unreadable(n);
    if (refused)
        return json_fail(at, why, FAULT_CONFIG_INVALID, "%s", refused);
    *slots = n->uses;
    return OK;
}
