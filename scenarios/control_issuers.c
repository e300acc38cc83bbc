#include "scenarios/control.h"

#include <stdlib.h>

static const struct str SCHEME = STR_INIT("https://");

/* ---- changing keys, going down ---- */

struct ask {
    struct str issuer;
    bool late;
};

static struct outcome read_issuer(const struct json_at *root, struct why *why, struct str *out)
{
    struct json_at at;
    if (!json_at_member(root, "issuer", &at))
        return json_fail(root, why, FAULT_CONFIG_INVALID, "\"issuer\" is missing");
    TRY(json_want_str(&at, why, out));
    if (!str_starts(*out, SCHEME))
        return json_fail(&at, why, FAULT_CONFIG_INVALID, "an issuer's URL begins with https://");
    return OK;
}

static struct outcome read_ask(const struct http_request *request, struct why *why,
                               const char *const *members, struct ask *out)
{
    struct json_doc *doc;
    struct json_at at;
    bool publish = true;
    TRY(control_body(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, members));
    TRY(read_issuer(&root, why, &out->issuer));
    if (json_at_member(&root, "publish", &at))
        TRY(json_want_bool(&at, why, &publish));
    out->late = !publish;
    return OK;
}

static void answer_change(const struct http_request *request, struct http_response *response,
                          const struct why *why, struct outcome o, struct str issuer)
{
    if (failed(o))
        control_refuse(request, response, why);
    else
        control_json(request, response, json_pack("{s:o}", "issuer", json_of(issuer)));
}

void control_issuers_rotate(void *context, const struct http_request *request,
                            const struct route_match *match, struct http_response *response)
{
    static const char *const members[] = { "issuer", "publish", NULL };
    struct why why = why_new(request->arena);
    struct ask ask = { .late = false };
    struct outcome o = read_ask(request, &why, members, &ask);
    (void)match;
    if (!failed(o))
        o = (ask.late ? world_rotate_late : world_rotate)(context, &why, ask.issuer);
    answer_change(request, response, &why, o, ask.issuer);
}

static void change_one(struct world *w, const struct http_request *request,
                       struct http_response *response,
                       struct outcome (*change)(struct world *, struct why *, struct str issuer))
{
    static const char *const members[] = { "issuer", NULL };
    struct why why = why_new(request->arena);
    struct ask ask = { .late = false };
    struct outcome o = read_ask(request, &why, members, &ask);
    if (!failed(o))
        o = change(w, &why, ask.issuer);
    answer_change(request, response, &why, o, ask.issuer);
}

void control_issuers_publish(void *context, const struct http_request *request,
                             const struct route_match *match, struct http_response *response)
{
    (void)match;
    change_one(context, request, response, world_publish_keys);
}

void control_issuers_retire(void *context, const struct http_request *request,
                            const struct route_match *match, struct http_response *response)
{
    (void)match;
    change_one(context, request, response, world_retire);
}

void control_issuers_down(void *context, const struct http_request *request,
                          const struct route_match *match, struct http_response *response)
{
    (void)match;
    change_one(context, request, response, world_down);
}

void control_issuers_up(void *context, const struct http_request *request,
                        const struct route_match *match, struct http_response *response)
{
    (void)match;
    change_one(context, request, response, world_up);
}

/* ---- the list ---- */

struct listing {
    struct world *w;
    const struct snapshot *s;
    struct arena *arena;
    struct str *urls;
    size_t n;
};

static void add(struct listing *l, struct str url)
{
    l->urls[l->n++] = url;
}

static bool is_among(const struct str *urls, size_t n, struct str url)
{
    for (size_t i = 0; i < n; i++)
        if (outages_same(urls[i], url))
            return true;
    return false;
}

/* Whose keys are local, what a config declares, AWS's own issuers, and what is down. */
static void collect(struct listing *l)
{
    const struct config *c = l->s->config;
    struct iam_list providers = iam_list(l->s->iam, l->arena, IAM_PROVIDER, STR(""));
    struct iam_list accounts = iam_list(l->s->iam, l->arena, IAM_ACCOUNT, STR(""));
    size_t n_down;
    struct str *down = outages_list(l->w->outages, l->arena, &n_down);

    l->urls =
        arena_array(l->arena, struct str, c->n_issuers + providers.n + accounts.n + n_down + 1);
    for (size_t i = 0; i < c->n_issuers; i++)
        add(l, c->issuers[i].url);
    for (size_t i = 0; i < providers.n; i++)
        if (iam_object_provider(providers.items[i])->origin == KEYS_LOCAL)
            add(l, arena_join(l->arena, SCHEME, iam_object_provider(providers.items[i])->url));
    for (size_t i = 0; i < accounts.n; i++) {
        const struct account *a = iam_account(l->s->iam, iam_object_account(accounts.items[i]));
        if (a && a->outbound_issuer.n)
            add(l, a->outbound_issuer);
    }
    for (size_t i = 0, known = l->n; i < n_down; i++)
        if (!is_among(l->urls, known, down[i]))
            add(l, down[i]);
}

static int by_url(const void *one, const void *other)
{
    return str_cmp(*(const struct str *)one, *(const struct str *)other);
}

static json_t *keys_json(const struct keyring *ring)
{
    json_t *keys = json_array();
    for (size_t i = 0; ring && i < ring->n; i++) {
        const struct keyring_key *k = &ring->keys[i];
        json_array_append_new(keys, json_pack("{s:o, s:o, s:s}", "kid", json_of(k->kid), "alg",
                                              json_of(k->alg->name), "state",
                                              keyring_state_name(k->state)));
    }
    return keys;
}

/* As they are now: another process that shares the keys may have made or changed some. */
static json_t *issuer_json(const struct listing *l, struct str url)
{
    struct keyring_spec spec = world_keyring(l->arena, l->s, url);
    (void)keystore_refresh(l->w->keystore, spec.name, spec.kid_shape);
    struct keystore_view *view = keystore_view(l->w->keystore);
    json_t *keys = keys_json(keystore_view_ring(view, spec.name));
    keystore_view_drop(view);
    return json_pack("{s:o, s:b, s:o}", "issuer", json_of(url), "down",
                     (int)outages_has(l->w->outages, url), "keys", keys);
}

void control_issuers_list(void *context, const struct http_request *request,
                          const struct route_match *match, struct http_response *response)
{
    struct snapshot *s = world_now(context);
    struct listing l = { .w = context, .s = s, .arena = request->arena };
    json_t *issuers = json_array();
    (void)match;
    collect(&l);
    qsort(l.urls, l.n, sizeof l.urls[0], by_url);
    for (size_t i = 0; i < l.n; i++)
        if (i == 0 || !str_eq(l.urls[i], l.urls[i - 1]))
            json_array_append_new(issuers, issuer_json(&l, l.urls[i]));
    snapshot_drop(s);
    control_json(request, response, json_pack("{s:o}", "issuers", issuers));
}
