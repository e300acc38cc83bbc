#include "fakests/iam/mention.h"

#include "fakests/iam/object.h"

/* JSON may spell any character as an escape: a text that has one is not looked through. */
static bool may_mention(struct str json, struct str text)
{
    return str_contains(json, text) || str_find(json, '\\') < json.n;
}

struct iam_list iam_mentioning(const struct iam *iam, struct arena *a, enum iam_kind kind,
                               struct str text)
{
    struct iam_list list = iam_list(iam, a, kind, STR(""));
    size_t n = 0;
    for (size_t i = 0; i < list.n; i++)
        if (may_mention(list.items[i]->text, text))
            list.items[n++] = list.items[i];
    list.n = n;
    return list;
}
