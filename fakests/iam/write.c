#include "fakests/iam/write.h"

#include "base/clock.h"

/* ---- small values; what is not there is not written ---- */

static void put_text(json_t *o, const char *key, struct str value)
{
    if (value.n)
        json_object_set_new(o, key, json_of(value));
}

/* An empty one that was given is shown (observed of roles), one that was not given is none. */
static void put_description(json_t *o, struct str value)
{
    if (value.p)
        json_object_set_new(o, "description", json_of(value));
}

static void put_time(json_t *o, const char *key, int64_t epoch_s)
{
    char time[TIME_TEXT_BYTES];
    if (epoch_s)
        json_object_set_new(o, key, json_string(time_write(epoch_s, time)));
}

static void put_texts(json_t *o, const char *key, const struct str *items, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_of(items[i]));
    json_object_set_new(o, key, list);
}

static void put_tags(struct arena *a, json_t *o, const struct tag *tags, size_t n)
{
    json_t *object = json_object();
    for (size_t i = 0; i < n; i++)
        json_object_set_new(object, arena_cstr(a, tags[i].key), json_of(tags[i].value));
    if (n)
        json_object_set_new(o, "tags", object);
    else
        json_decref(object);
}

/* A document that was compiled from this text: it is JSON. */
static void put_document(json_t *o, const char *key, struct str text)
{
    json_t *document = json_loadb(text.p, text.n, JSON_DECODE_ANY, NULL);
    json_object_set_new(o, key, document ? document : json_object());
}

static void put_path(json_t *o, struct str path)
{
    if (!str_eq(path, STR("/")))
        put_text(o, "path", path);
}

static void put_grants(struct arena *a, json_t *o, const struct grants *g)
{
    json_t *policies = json_object();
    for (size_t i = 0; i < g->n_policies; i++)
        put_document(policies, arena_cstr(a, g->policies[i].name), g->policies[i].text);
    if (g->n_policies)
        json_object_set(o, "policies", policies);
    json_decref(policies);
    if (g->n_attached)
        put_texts(o, "attached_policies", g->attached, g->n_attached);
    put_text(o, "permissions_boundary", g->boundary);
}

static struct str finished(struct arena *a, json_t *o)
{
    struct str text = json_text(a, o);
    json_decref(o);
    return text;
}

/* ---- objects ---- */

struct str iam_provider_text(struct arena *a, const struct provider *p)
{
    char time[TIME_TEXT_BYTES];
    json_t *o = json_object(), *keys = json_object();
    json_object_set_new(o, "url", json_of(arena_join(a, STR("https://"), p->url)));
    put_texts(o, "client_ids", p->client_ids, p->n_client_ids);
    if (p->n_thumbprints)
        put_texts(o, "thumbprints", p->thumbprints, p->n_thumbprints);
    put_tags(a, o, p->tags, p->n_tags);
    if (p->created_ms)
        json_object_set_new(o, "created", json_string(time_write_ms(p->created_ms, time)));
    if (p->origin == KEYS_JWKS) {
        put_document(keys, "jwks", p->jwks_text);
        json_object_set(o, "keys", keys);
    }
    json_decref(keys);
    return finished(a, o);
}

struct str iam_role_text(struct arena *a, const struct role *r)
{
    enum { SESSION_DEFAULT_S = 3600 };
    json_t *o = json_object();
    put_text(o, "name", r->name);
    put_path(o, r->path);
    put_text(o, "id", r->id);
    put_description(o, r->description);
    if (r->max_session_duration_s != SESSION_DEFAULT_S)
        json_object_set_new(o, "max_session_duration", json_integer(r->max_session_duration_s));
    put_time(o, "created", r->created_s);
    put_tags(a, o, r->tags, r->n_tags);
    put_document(o, "trust_policy", r->trust_text);
    put_grants(a, o, &r->grants);
    return finished(a, o);
}

static void put_versions(json_t *o, const struct managed_policy *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->n_versions; i++) {
        json_t *v = json_object();
        json_object_set_new(v, "version", json_integer(m->versions[i].number));
        put_time(v, "created", m->versions[i].created_s);
        put_document(v, "policy", m->versions[i].text);
        json_array_append_new(list, v);
    }
    json_object_set_new(o, "versions", list);
    json_object_set_new(o, "default_version", json_integer(m->default_version));
    json_object_set_new(o, "last_version", json_integer(m->last_version));
}

struct str iam_policy_text(struct arena *a, const struct managed_policy *m)
{
    json_t *o = json_object();
    put_text(o, "name", m->name);
    put_path(o, m->path);
    put_text(o, "id", m->id);
    put_description(o, m->description);
    put_time(o, "created", m->created_s);
    put_time(o, "updated", m->updated_s);
    put_tags(a, o, m->tags, m->n_tags);
    if (m->n_versions == 1 && m->last_version == 1)
        put_document(o, "policy", m->versions[0].text);
    else
        put_versions(o, m);
    return finished(a, o);
}

static void put_service_credentials(json_t *o, const struct user *u)
{
    json_t *list = json_array();
    for (size_t i = 0; i < u->n_service_credentials; i++) {
        const struct service_credential *c = &u->service_credentials[i];
        json_t *one = json_object();
        put_text(one, "id", c->id);
        put_text(one, "service_name", c->service_name);
        put_text(one, "user_name", c->user_name);
        put_text(one, "password", c->password);
        json_object_set_new(one, "status", json_string(c->active ? "Active" : "Inactive"));
        put_time(one, "created", c->created_s);
        put_time(one, "expires", c->expires_s);
        json_array_append_new(list, one);
    }
    json_object_set_new(o, "service_credentials", list);
}

struct str iam_user_text(struct arena *a, const struct user *u)
{
    json_t *o = json_object();
    put_text(o, "name", u->name);
    put_path(o, u->path);
    put_text(o, "id", u->id);
    put_time(o, "created", u->created_s);
    put_tags(a, o, u->tags, u->n_tags);
    put_grants(a, o, &u->grants);
    if (u->n_service_credentials)
        put_service_credentials(o, u);
    return finished(a, o);
}

struct str iam_credential_text(struct arena *a, const struct credential *c)
{
    json_t *o = json_object();
    put_text(o, "access_key_id", c->access_key_id);
    put_text(o, "secret_access_key", c->secret_access_key);
    put_text(o, "user", c->user);
    if (c->inactive)
        json_object_set_new(o, "status", json_string("Inactive"));
    put_time(o, "created", c->created_s);
    return finished(a, o);
}

struct str iam_account_text(struct arena *a, const struct account *account)
{
    json_t *o = json_object(), *outbound = json_object();
    put_text(o, "account_alias", account->alias);
    put_text(outbound, "issuer", account->outbound_issuer);
    json_object_set_new(outbound, "enabled", json_boolean(account->outbound_enabled));
    if (account->outbound_issuer.n)
        json_object_set(o, "outbound_federation", outbound);
    json_decref(outbound);
    return finished(a, o);
}
