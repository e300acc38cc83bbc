#include "tests/support/parts.h"

struct comparison {
    struct arena *arena;
    struct str text, differs;
    size_t left; /* values still to be looked at */
};

static bool differ(struct comparison *c, const char *what, struct str got, struct str wanted)
{
    if (!c->differs.n)
        c->differs =
            arena_printf(c->arena, "%s: %.*s, not %.*s", what, STR_ARG(got), STR_ARG(wanted));
    return false;
}

static bool same(struct comparison *c, const char *what, struct str got, struct str wanted)
{
    return str_eq(got, wanted) || differ(c, what, got, wanted);
}

static bool same_places(struct comparison *c, const struct json_at *in_part,
                        const struct json_at *in_whole)
{
    struct json_items items = json_items_of(in_part);
    struct json_at left, right;
    const char *key;
    json_t *value;
    if (!c->left)
        return true;
    c->left--;
    if (!same(c, "place", json_at_place(c->arena, in_part), json_at_place(c->arena, in_whole)) ||
        !same(c, "path", json_at_path(c->arena, in_part), json_at_path(c->arena, in_whole)))
        return false;
    while (json_items_next(&items)) {
        right = json_at_item(in_whole, items.next - 1);
        if (!same_places(c, &items.item, &right))
            return false;
    }
    json_object_foreach(in_whole->value, key, value)
    {
        if (!json_at_member(in_part, key, &left) || !json_at_member(in_whole, key, &right) ||
            !same_places(c, &left, &right))
            return false;
    }
    return true;
}

static bool same_value(struct comparison *c, const struct json_part *part,
                       const struct json_at *in_whole)
{
    struct why why = why_new(c->arena);
    struct json_doc *doc;
    if (failed(json_part_load(c->arena, &why, part, &doc)))
        return differ(c, "refusal", why_text(&why), STR("a value"));
    struct json_at root = json_at_root(doc);
    if (!json_equal(doc->root, in_whole->value))
        return differ(c, "value", json_text(c->arena, doc->root),
                      json_text(c->arena, in_whole->value));
    if (part->text.p != c->text.p + part->anchor.offset)
        return differ(c, "offset", part->text, str_sub(c->text, part->anchor.offset, SIZE_MAX));
    return same(c, "path", part->path, json_at_path(c->arena, in_whole)) &&
           same_places(c, &root, in_whole);
}

static struct outcome cut(struct comparison *c, struct why *why, const struct json_part *part,
                          struct json_parts *out)
{
    struct json_doc *doc;
    *out = (struct json_parts){ 0 };
    if (json_part_kind(part) == '{')
        return json_part_members(c->arena, why, part, out);
    if (json_part_kind(part) == '[')
        return json_part_items(c->arena, why, part, out);
    return json_part_load(c->arena, why, part, &doc);
}

static bool compare(struct comparison *c, const struct json_part *part, const struct json_at *at)
{
    struct why why = why_new(c->arena);
    struct json_parts parts;
    struct json_at child;
    void *member = json_object_iter(at->value);
    if (!c->left)
        return true;
    if (!same_value(c, part, at))
        return false;
    if (failed(cut(c, &why, part, &parts)))
        return differ(c, "refusal", why_text(&why), STR("parts"));
    if (parts.n != json_object_size(at->value) + json_array_size(at->value))
        return differ(c, "parts", part->text, STR("as many as values"));
    for (size_t i = 0; i < parts.n; i++) {
        if (member && (!same(c, "key", parts.items[i].key, str_of(json_object_iter_key(member))) ||
                       !json_at_member(at, json_object_iter_key(member), &child)))
            return false;
        if (!member)
            child = json_at_item(at, i);
        if (!compare(c, &parts.items[i], &child))
            return false;
        member = member ? json_object_iter_next(at->value, member) : NULL;
    }
    return true;
}

/* The first refusal, in the order of the text. */
static struct outcome take_apart(struct comparison *c, struct why *why,
                                 const struct json_part *part)
{
    struct json_parts parts;
    TRY(cut(c, why, part, &parts));
    for (size_t i = 0; i < parts.n; i++)
        TRY(take_apart(c, why, &parts.items[i]));
    return OK;
}

struct str parts_differ(struct arena *a, struct str text, size_t values_max)
{
    /* Blanks behind it are no part: a text that ends too early ends before them. */
    while (text.n && strchr(" \t\r\n", text.p[text.n - 1]) && text.p[text.n - 1])
        text.n--;
    struct comparison c = { .arena = a, .text = text, .left = values_max };
    struct why of_whole = why_new(a), of_parts = why_new(a);
    struct json_part part = json_part_whole(a, STR("file"), text);
    struct json_doc *doc = NULL;
    bool bad = failed(json_load(a, &of_whole, STR("file"), text, JSON_DUPLICATES_REFUSED, &doc));

    if (failed(take_apart(&c, &of_parts, &part)) != bad || of_parts.fault != of_whole.fault)
        differ(&c, "answer", why_text(&of_parts), why_text(&of_whole));
    else if (bad && str_find(text, '\0') == text.n) /* is told first, wherever it stands */
        same(&c, "place", of_parts.place, of_whole.place);
    if (bad)
        return c.differs;
    struct json_at root = json_at_root(doc);
    compare(&c, &part, &root);
    return c.differs;
}
