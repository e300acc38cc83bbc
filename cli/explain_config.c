#include "cli/explain_config.h"

#include "fakests/iam/arn.h"

/* The member, made when it is missing. */
static json_t *member(json_t *object, const char *name, json_t *(*make)(void))
{
    json_t *v = json_object_get(object, name);
    if (!v) {
        json_object_set_new(object, name, make());
        v = json_object_get(object, name);
    }
    return v;
}

/* Where an account's roles and providers stand: at the root for the default one. */
static json_t *account_object(struct arena *a, json_t *root, struct str default_account,
                              struct str account)
{
    if (str_eq(account, default_account))
        return root;
    return member(member(root, "accounts", json_object), arena_cstr(a, account), json_object);
}

static json_t *find_role(json_t *roles, struct str name)
{
    size_t i;
    json_t *role;
    json_array_foreach(roles, i, role)
    {
        if (str_eq(json_str(json_object_get(role, "name")), name))
            return role;
    }
    return NULL;
}

static json_t *add_role(json_t *roles, const struct arn *arn)
{
    json_t *role = json_object();
    json_object_set_new(role, "name", json_of(arn_role_name(arn)));
    json_object_set_new(role, "path", json_of(arn_role_path(arn)));
    json_array_append_new(roles, role);
    return role;
}

static void put_role(json_t *account, const struct arn *arn, json_t *trust_policy)
{
    json_t *roles = member(account, "roles", json_array);
    json_t *role = find_role(roles, arn_role_name(arn));
    if (!role)
        role = add_role(roles, arn);
    json_object_set(role, "trust_policy", trust_policy);
    /* One that IAM keeps from before its controls is explained as AWS decides on it. */
    json_object_set_new(role, "created", json_string("2025-01-01T00:00:00Z"));
}

static json_t *find_provider(json_t *providers, struct str issuer)
{
    size_t i;
    json_t *provider;
    json_array_foreach(providers, i, provider)
    {
        if (str_eq(json_str(json_object_get(provider, "url")), issuer))
            return provider;
    }
    return NULL;
}

static json_t *array_of(const struct str *items, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_of(items[i]));
    return array;
}

static bool put_provider(json_t *account, const struct explain_config_ask *ask)
{
    json_t *providers = member(account, "oidc_providers", json_array);
    json_t *provider = find_provider(providers, ask->issuer);
    bool guess = !provider && !ask->n_client_ids;
    if (!provider) {
        provider = json_object();
        json_object_set_new(provider, "url", json_of(ask->issuer));
        json_array_append_new(providers, provider);
    }
    if (guess)
        json_object_set_new(provider, "client_ids",
                            array_of(ask->token_audiences, ask->n_token_audiences));
    else if (ask->n_client_ids)
        json_object_set_new(provider, "client_ids", array_of(ask->client_ids, ask->n_client_ids));
    return guess;
}

json_t *explain_config(struct arena *a, const json_t *document, struct str default_account,
                       const struct explain_config_ask *ask, bool *guessed)
{
    json_t *root = json_deep_copy(document);
    struct arn arn;

    *guessed = false;
    if (!arn_is_role(ask->role_arn, &arn))
        return root;
    json_t *account = account_object(a, root, default_account, arn.account);
    if (ask->trust_policy)
        put_role(account, &arn, ask->trust_policy);
    if (str_starts(ask->issuer, STR("https://")))
        *guessed = put_provider(account, ask);
    return root;
}
