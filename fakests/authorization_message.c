#include "fakests/authorization_message.h"

#include "base/encode.h"

/* Names what is sealed, so that nothing else sealed under the same key passes for it. */
#define BOUND "understudy authorization message 1"

/* {"items": [...]}, as every list of the message is written; takes the array over. */
static json_t *items(json_t *array)
{
    json_t *o = json_object();
    json_object_set_new(o, "items", array);
    return o;
}

static json_t *value_of(struct str text)
{
    json_t *o = json_object();
    json_object_set_new(o, "value", json_of(text));
    return o;
}

static json_t *conditions_of(const struct keys *keys)
{
    json_t *all = json_array();
    for (size_t i = 0; i < keys->n; i++) {
        json_t *one = json_object(), *values = json_array();
        for (size_t j = 0; j < keys->entries[i].n_values; j++)
            json_array_append_new(values, value_of(keys->entries[i].values[j]));
        json_object_set_new(one, "key", json_of(keys->entries[i].name));
        json_object_set_new(one, "values", items(values));
        json_array_append_new(all, one);
    }
    return items(all);
}

static json_t *principal_of(const struct caller *who, const struct keys *keys)
{
    const struct keys_entry *name = keys_find(keys, STR("aws:username"));
    json_t *o = json_object();
    json_object_set_new(o, "id", json_of(who->user_id));
    if (name && name->n_values)
        json_object_set_new(o, "name", json_of(name->values[0]));
    json_object_set_new(o, "arn", json_of(who->arn));
    return o;
}

/*
 * The members and their order are those of the example in the STS API reference.  It shows no
 * matched statement; what one looks like is not documented, so none is listed, although
 * explicitDeny says that there is one.
 */
static json_t *message_of(struct call *c, const struct permission_ask *asked,
                          const struct permission *seen)
{
    json_t *o = json_keep(c->arena, json_object()), *context = json_object();
    json_object_set_new(o, "allowed", json_false());
    json_object_set_new(o, "explicitDeny",
                        json_boolean(seen->reason == PERMISSION_DENIED_EXPLICITLY));
    json_object_set_new(o, "matchedStatements", items(json_array()));
    json_object_set_new(o, "failures", items(json_array()));
    json_object_set_new(context, "principal", principal_of(&c->caller, asked->ask.keys));
    json_object_set_new(context, "action", json_of(asked->ask.action));
    json_object_set_new(context, "resource", json_of(asked->ask.resource));
    json_object_set_new(context, "conditions", conditions_of(asked->ask.keys));
    json_object_set_new(o, "context", context);
    return o;
}

struct str authorization_message_write(struct call *c, const struct permission_ask *asked,
                                       const struct permission *seen)
{
    struct str json = json_text(c->arena, message_of(c, asked, seen));
    struct str sealed = seal(c->arena, &c->service->sealing, c->service->entropy, json, STR(BOUND));
    struct str encoded = base64url_write(c->arena, sealed);
    return encoded.n <= AUTHORIZATION_MESSAGE_HEADER_MAX ? encoded : STR("");
}

bool authorization_message_read(struct arena *a, const struct seal_key *key, struct str encoded,
                                struct str *json)
{
    struct str sealed;
    return base64url_read(a, encoded, &sealed) && unseal(a, key, sealed, STR(BOUND), json);
}
