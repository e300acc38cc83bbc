#include "fakests/iam/walk.h"

#include "fakests/iam/object.h"

struct walk {
    struct iam_list list; /* with room for all */
    struct str account, text;
};

/* JSON may spell any character as an escape: a text that has one is not looked through. */
static bool may_mention(struct str json, struct str text)
{
    return str_contains(json, text) || str_find(json, '\\') < json.n;
}

static void see(void *context, void *value)
{
    struct walk *w = context;
    const struct iam_object *o = value;
    if ((!w->account.n || str_eq(o->account, w->account)) && may_mention(o->text, w->text))
        w->list.items[w->list.n++] = o;
}

struct iam_list iam_mentioning(const struct iam *iam, struct arena *a, enum iam_kind kind,
                               struct str account, struct str text)
{
    struct walk w = { .account = account, .text = text };
    w.list.items = arena_array(a, const struct iam_object *, iam_count(iam, kind));
    trie_each(iam->objects[kind], see, &w);
    return w.list;
}

/* Every text holds the empty one. */
struct iam_list iam_unordered(const struct iam *iam, struct arena *a, enum iam_kind kind,
                              struct str account)
{
    return iam_mentioning(iam, a, kind, account, STR(""));
}
