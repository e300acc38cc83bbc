#include "tests/support/edits.h"

#include "fakests/iam/arn.h"

#include <stdio.h>
#include <stdlib.h>

enum { TOKEN_MAX = 4096 };

/* The next token of a JSON Pointer, "~1" and "~0" read back. */
static const char *next_token(const char *pointer, char token[TOKEN_MAX])
{
    size_t n = 0;
    for (pointer++; *pointer && *pointer != '/'; pointer++) {
        char c = *pointer;
        if (c == '~') {
            pointer++;
            c = *pointer == '1' ? '/' : '~';
        }
        token[n++] = c;
        if (n == TOKEN_MAX)
            abort();
    }
    token[n] = '\0';
    return pointer;
}

static json_t *child(json_t *at, const char *token)
{
    if (json_is_array(at))
        return json_array_get(at, strtoul(token, NULL, 10));
    return json_object_get(at, token);
}

static bool change(json_t *at, const char *token, const char *op, json_t *value)
{
    size_t index = strtoul(token, NULL, 10);
    bool there = child(at, token) != NULL, remove = strcmp(op, "remove") == 0;
    if (strcmp(op, "add") != 0 && !there)
        return false;
    if (json_is_object(at))
        return remove ? !json_object_del(at, token) : !json_object_set(at, token, value);
    if (!json_is_array(at))
        return false;
    if (remove)
        return !json_array_remove(at, index);
    if (strcmp(op, "replace") == 0)
        return !json_array_set(at, index, value);
    if (strcmp(token, "-") == 0)
        index = json_array_size(at);
    return !json_array_insert(at, index, value);
}

bool edits_patch(json_t **document, const json_t *operation)
{
    const char *op = json_string_value(json_object_get(operation, "op"));
    const char *rest = json_string_value(json_object_get(operation, "path"));
    json_t *at = *document, *value = json_object_get(operation, "value");
    char token[TOKEN_MAX];
    if (!op || !rest)
        return false;
    if (!*rest) {
        json_decref(*document);
        *document = json_deep_copy(value);
        return true;
    }
    for (rest = next_token(rest, token); *rest; rest = next_token(rest, token))
        at = child(at, token);
    return change(at, token, op, value);
}

/* ---- the documents of a config ---- */

static json_t *account(json_t *config, struct str id)
{
    char name[64];
    json_t *of_id;
    snprintf(name, sizeof name, "%.*s", STR_ARG(id));
    if (str_eq(id, STR("123456789012")))
        return config;
    of_id = json_object_get(json_object_get(config, "accounts"), name);
    return of_id;
}

/* The element of a list whose ARN, put together from its members, is the one asked for. */
static json_t *find(struct arena *a, json_t *list, struct arn *arn, struct str text)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        struct str url = json_str(json_object_get(item, "url")), path = STR("/"), here;
        if (json_object_get(item, "path"))
            path = json_str(json_object_get(item, "path"));
        if (url.n)
            here = arn_of_provider(a, arn->account, str_sub(url, 8, url.n));
        else
            here = arn_of_role(a, arn->account, path, json_str(json_object_get(item, "name")));
        if (str_eq(here, text))
            return item;
    }
    return NULL;
}

static bool apply_to_member(json_t *owner, const char *member, const json_t *edit)
{
    json_t *document = json_incref(json_object_get(owner, member));
    bool done = edits_patch(&document, edit);
    json_object_set_new(owner, member, document);
    return done;
}

static bool add_provider(json_t *account, const json_t *edit)
{
    if (!json_object_get(account, "oidc_providers"))
        json_object_set_new(account, "oidc_providers", json_array());
    return !json_array_append_new(json_object_get(account, "oidc_providers"),
                                  json_deep_copy(json_object_get(edit, "value")));
}

static bool apply_to_config(struct arena *a, json_t *config, struct str target, const json_t *edit)
{
    struct str of = json_str(json_object_get(edit, "of"));
    bool provider = str_eq(target, STR("provider"));
    struct arn arn;
    if (!arn_read(of, &arn))
        return false;
    json_t *owner = account(config, arn.account);
    json_t *list = json_object_get(owner, provider ? "oidc_providers" : "roles");
    json_t *item = find(a, list, &arn, of);
    if (provider && !json_str(json_object_get(edit, "path")).n)
        return !item && owner && add_provider(owner, edit);
    if (!item)
        return false;
    if (str_eq(target, STR("trust-policy")))
        return apply_to_member(item, "trust_policy", edit);
    return edits_patch(&item, edit);
}

bool edits_apply(json_t *config, json_t *request, const json_t *edit)
{
    struct str target = json_str(json_object_get(edit, "target"));
    struct arena *a = arena_new();
    bool done = str_eq(target, STR("request")) ? edits_patch(&request, edit)
                                               : apply_to_config(a, config, target, edit);
    arena_free(a);
    return done;
}
