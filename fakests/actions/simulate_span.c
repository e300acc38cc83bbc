#include "fakests/actions/simulate.h"

/*
 * AWS counts as its parser goes: a statement begins where what stands before it ends - the list's
 * bracket, the statement before, its own brace where Statement is no list - and ends behind its
 * brace; lines and columns from 1.  Seen in the samples of the API reference and of the AWS CLI:
 *
 *     {"Version":"2012-10-17","Statement":[{ ... }]}       from 38, behind the bracket
 *     {"Version":"2012-10-17","Statement":{ ... }}         from 38 too, behind the brace
 */

static struct json_anchor behind(struct str text, struct json_anchor at, size_t bytes)
{
    json_anchor_move(&at, text, at.offset + bytes);
    return at;
}

/* The last member of that name, or NULL. */
static const struct json_part *member(const struct json_parts *members, struct str key)
{
    const struct json_part *found = NULL;
    for (size_t i = 0; i < members->n; i++)
        if (str_eq(members->items[i].key, key))
            found = &members->items[i];
    return found;
}

static void list_spans(struct arena *a, struct str text, const struct json_part *list, size_t n,
                       struct simulate_span *out)
{
    struct why why = why_new(a);
    struct json_anchor at = behind(text, list->anchor, 1);
    struct json_parts items;
    if (failed(json_part_items(a, &why, list, &items)))
        return;
    for (size_t i = 0; i < items.n && i < n; i++) {
        const struct json_part *item = &items.items[i];
        out[i].start = at;
        at = out[i].end = behind(text, item->anchor, item->text.n);
    }
}

struct simulate_span *simulate_spans(struct arena *a, struct str text, size_t n_statements)
{
    struct simulate_span *spans = arena_array(a, struct simulate_span, n_statements);
    struct why why = why_new(a);
    struct json_part whole = json_part_whole(a, STR("policy"), text);
    struct json_parts members;
    const struct json_part *statements;

    if (failed(json_part_members(a, &why, &whole, &members)))
        return spans;
    statements = member(&members, STR("Statement"));
    if (statements && json_part_kind(statements) == '[') {
        list_spans(a, text, statements, n_statements, spans);
    } else if (statements && n_statements) {
        spans[0].start = behind(text, statements->anchor, 1);
        spans[0].end = behind(text, statements->anchor, statements->text.n);
    }
    return spans;
}
