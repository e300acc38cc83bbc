#include "scenarios/world_patch.h"

/* Lists whose items have a name, and the member that is it. */
static const struct named_list {
    const char *list, *name;
} named_lists[] = {
    { "roles", "name" },         { "users", "name" },  { "managed_policies", "name" },
    { "oidc_providers", "url" }, { "issuers", "url" }, { "credentials", "access_key_id" },
};

/* Objects that are merged member by member; all others are documents, and replaced whole. */
static const char *const merged[] = { "accounts", "tags", "policies" };

static const char *name_member(const char *list)
{
    for (size_t i = 0; i < sizeof named_lists / sizeof named_lists[0]; i++)
        if (strcmp(named_lists[i].list, list) == 0)
            return named_lists[i].name;
    return NULL;
}

static bool is_merged(const char *key)
{
    for (size_t i = 0; i < sizeof merged / sizeof merged[0]; i++)
        if (strcmp(merged[i], key) == 0)
            return true;
    return false;
}

static size_t find(const json_t *list, const char *member, const json_t *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (name && json_equal(json_object_get(item, member), name))
            break;
    }
    return i;
}

/* `every`: its members are things themselves (accounts by their id). */
static void merge(json_t *into, const json_t *patch, bool every);

static void merge_item(json_t *list, const char *member, json_t *item)
{
    size_t at = find(list, member, json_object_get(item, member));
    bool known = at < json_array_size(list);
    if (json_is_true(json_object_get(item, "$remove"))) {
        if (known)
            json_array_remove(list, at);
        else /* nothing of that name: told when the world is read */
            json_array_append(list, item);
    } else if (known) {
        merge(json_array_get(list, at), item, false);
    } else {
        json_array_append_new(list, json_deep_copy(item));
    }
}

static void merge_list(json_t *into, const char *key, const json_t *items)
{
    size_t i;
    json_t *item, *list = json_object_get(into, key);
    if (!json_is_array(list)) {
        json_object_set_new(into, key, json_array());
        list = json_object_get(into, key);
    }
    json_array_foreach(items, i, item) merge_item(list, name_member(key), item);
}

static void merge(json_t *into, const json_t *patch, bool every)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)patch, key, value)
    {
        json_t *old = json_object_get(into, key);
        if (json_is_null(value))
            json_object_del(into, key);
        else if (name_member(key) && json_is_array(value))
            merge_list(into, key, value);
        else if ((every || is_merged(key)) && json_is_object(old) && json_is_object(value))
            merge(old, value, strcmp(key, "accounts") == 0);
        else
            json_object_set_new(into, key, json_deep_copy(value));
    }
}

json_t *world_patch(struct arena *a, const json_t *world, const json_t *patch)
{
    json_t *result = json_keep(a, json_deep_copy(world));
    merge(result, patch, false);
    return result;
}
