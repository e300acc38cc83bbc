#include "scenarios/answer.h"

#include "base/xml.h"

static bool is_list(const struct xml_node *node)
{
    for (const struct xml_node *c = node->first_child; c; c = c->next)
        if (!str_eq(c->name, STR("member")))
            return false;
    return node->first_child != NULL;
}

static json_t *value_of(struct arena *a, const struct xml_node *node);

static json_t *members_of(struct arena *a, const struct xml_node *node)
{
    json_t *o = json_object();
    for (const struct xml_node *c = node->first_child; c; c = c->next)
        json_object_set_new(o, arena_cstr(a, c->name), value_of(a, c));
    return o;
}

static json_t *items_of(struct arena *a, const struct xml_node *node)
{
    json_t *list = json_array();
    for (const struct xml_node *c = node->first_child; c; c = c->next)
        json_array_append_new(list, value_of(a, c));
    return list;
}

/* Replies are nested a few levels deep; xml_read bounds what is not. */
static json_t *value_of(struct arena *a, const struct xml_node *node)
{
    if (!node->first_child)
        return json_of(node->text);
    return is_list(node) ? items_of(a, node) : members_of(a, node);
}

static const struct xml_node *result_of(const struct xml_node *root)
{
    for (const struct xml_node *c = root->first_child; c; c = c->next)
        if (str_ends(c->name, STR("Result")))
            return c;
    return NULL;
}

struct outcome answer_read(struct arena *a, struct why *why, int status, struct str body,
                           struct answer *out)
{
    struct answer answer = { .result = NULL };
    struct why ignored = why_new(a);
    struct xml_node *root = NULL;
    if (failed(xml_read(a, &ignored, body, &root)))
        FAIL(why, PEER_UNINTELLIGIBLE,
             "expected AWS's XML, found HTTP status %d and %zu bytes of something else", status,
             body.n);
    const struct xml_node *result = result_of(root);
    answer.code = xml_text(root, "Error/Code");
    answer.message = xml_text(root, "Error/Message");
    if (result)
        answer.result = json_keep(a, members_of(a, result));
    if (!answer.code.n && (status != 200 || !str_ends(root->name, STR("Response"))))
        FAIL(why, PEER_UNINTELLIGIBLE, "neither a result nor an error in the answer (HTTP %d)",
             status);
    *out = answer;
    return OK;
}

static const json_t *member_named(const json_t *object, struct str name)
{
    char key[128]; /* elements of AWS's replies have short names */
    if (name.n >= sizeof key)
        return NULL;
    memcpy(key, name.p, name.n);
    key[name.n] = '\0';
    return json_object_get(object, key);
}

struct str answer_text(const json_t *result, struct str path)
{
    while (path.n && result) {
        struct str name = str_cut(&path, '.');
        int64_t index;
        if (json_is_array(result) && str_to_i64(name, &index) && index >= 0)
            result = json_array_get(result, (size_t)index);
        else
            result = member_named(result, name);
    }
    return json_is_string(result) ? json_str(result) : (struct str){ 0 };
}
