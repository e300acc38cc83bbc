#include "scenarios/world_state.h"

#include "base/text.h"
#include "fakests/iam/arn.h"

#include <stdlib.h>

/* ---- configs and snapshots, counted ---- */

struct world_config *world_config_hold(struct world_config *c)
{
    atomic_fetch_add(&c->refs, 1);
    return c;
}

void world_config_drop(struct world_config *c)
{
    if (c && atomic_fetch_sub(&c->refs, 1) == 1)
        arena_free(c->arena); /* which holds c itself */
}

static struct snapshot *snapshot_hold(struct snapshot *s)
{
    atomic_fetch_add(&s->refs, 1);
    return s;
}

void snapshot_drop(struct snapshot *s)
{
    if (!s || atomic_fetch_sub(&s->refs, 1) > 1)
        return;
    keystore_view_drop(s->keys);
    token_cache_free(s->sts.verified);
    world_config_drop(s->held);
    free(s);
}

struct snapshot *world_now(struct world *w)
{
    pthread_mutex_lock(&w->lock);
    struct snapshot *s = snapshot_hold(w->now);
    pthread_mutex_unlock(&w->lock);
    return s;
}

static struct snapshot *snapshot_new(struct world *w, struct world_config *held)
{
    struct snapshot *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    atomic_init(&s->refs, 1);
    s->world = w;
    s->held = held;
    s->config = held->config;
    s->keys = keystore_view(w->keystore);
    s->sts = (struct fakests_world){
        .iam = held->config->iam,
        .region = held->config->region,
        .dialect = held->config->dialect,
        .source_ip = held->config->source_ip,
        .verified = token_cache_new(),
        .owner = s,
        .local_prefix = w->local_prefix,
        .local_issuers = held->local_issuers,
        .n_local_issuers = held->n_local_issuers,
    };
    return s;
}

void world_publish(struct world *w, struct world_config *held)
{
    struct snapshot *next = snapshot_new(w, held), *old;
    pthread_mutex_lock(&w->lock);
    old = w->now;
    w->now = next;
    pthread_mutex_unlock(&w->lock);
    if (w->audit)
        audit_settle(w->audit, next);
    snapshot_drop(old);
}

void world_republish(struct world *w)
{
    struct snapshot *s = world_now(w);
    world_publish(w, world_config_hold(s->held));
    snapshot_drop(s);
}

/* ---- keys ---- */

static const struct alg *alg_for(const struct config *c, struct str issuer)
{
    const struct config_issuer *declared = config_issuer_find(c, issuer);
    return declared ? declared->alg : NULL;
}

struct outcome world_view(struct world *w, struct why *why, const struct snapshot *s,
                          const struct keyring_spec *spec, struct keystore_view **out)
{
    const struct keyring *ring = keystore_view_ring(s->keys, spec->name);
    if (ring && keyring_signer(ring, spec->alg)) {
        *out = keystore_view_hold(s->keys);
        return OK;
    }
    TRY(keystore_ensure(w->keystore, why, spec));
    pthread_mutex_lock(&w->changing);
    world_republish(w);
    pthread_mutex_unlock(&w->changing);
    *out = keystore_view(w->keystore);
    return OK;
}

static void drop_view(void *view)
{
    keystore_view_drop(view);
}

static const struct jwks no_keys;

static const struct jwks *published(struct arena *a, const struct keyring *ring)
{
    struct jwks *set = arena_make(a, struct jwks);
    if (!ring)
        return &no_keys;
    set->keys = arena_array(a, struct jwk, ring->n);
    for (size_t i = 0; i < ring->n; i++)
        if (ring->keys[i].state != KEY_RETIRED)
            set->keys[set->n++] =
                (struct jwk){ .kid = ring->keys[i].kid, .key = ring->keys[i].key };
    return set;
}

/* What the STS side verifies with: the keys this process's issuer of that URL publishes. */
static struct outcome local_jwks(void *context, void *owner, struct arena *a, struct why *why,
                                 struct str issuer, bool fresh, const struct jwks **out)
{
    struct world *w = context;
    const struct snapshot *s = owner;
    const struct keyring_spec *spec = map_get(&s->held->keyrings, issuer);

    if (!spec)
        FAIL(why, KEYS_UNAVAILABLE, "no issuer of this process has the URL https://%.*s",
             STR_ARG(issuer));
    if (!fresh) {
        *out = published(a, keystore_view_ring(s->keys, spec->name));
        return OK;
    }
    if (keystore_refresh(w->keystore, spec->name, spec->kid_shape)) {
        pthread_mutex_lock(&w->changing);
        world_republish(w);
        pthread_mutex_unlock(&w->changing);
    }
    struct keystore_view *view = keystore_view(w->keystore);
    arena_defer(a, drop_view, view);
    *out = published(a, keystore_view_ring(view, spec->name));
    return OK;
}

/* ---- making a world ---- */

static void keyrings_fill(struct world_config *held)
{
    const struct config *c = held->config;
    held->keyrings = map_new(held->arena);
    for (size_t i = 0; i < c->iam->n_accounts; i++)
        for (size_t j = 0; j < c->iam->accounts[i].n_providers; j++) {
            const struct provider *p = &c->iam->accounts[i].providers[j];
            struct str url = arena_printf(held->arena, "https://%.*s", STR_ARG(p->url));
            struct keyring_spec *spec = arena_make(held->arena, struct keyring_spec);
            if (p->origin != KEYS_LOCAL || map_get(&held->keyrings, p->url))
                continue;
            *spec = token_keyring(held->arena, c->profiles, url, alg_for(c, url));
            map_put(&held->keyrings, p->url, spec);
        }
}

static struct world_config *world_config_new(struct arena *arena, const struct config *config)
{
    struct world_config *held = arena_make(arena, struct world_config);
    atomic_init(&held->refs, 1);
    held->arena = arena;
    held->config = config;
    held->local_issuers = arena_array(arena, struct str, config->n_issuers);
    for (size_t i = 0; i < config->n_issuers; i++)
        if (config->issuers[i].local)
            held->local_issuers[held->n_local_issuers++] =
                str_sub(config->issuers[i].url, 8, config->issuers[i].url.n);
    keyrings_fill(held);
    return held;
}

static void *hold_world(void *s)
{
    return snapshot_hold(s);
}

static void drop_world(void *s)
{
    snapshot_drop(s);
}

static const struct fakests_world *sts_of(void *s)
{
    return &((struct snapshot *)s)->sts;
}

static struct world *world_alloc(const struct world_options *options)
{
    struct world *w = calloc(1, sizeof *w);
    if (!w || pthread_mutex_init(&w->lock, NULL) != 0 ||
        pthread_mutex_init(&w->changing, NULL) != 0)
        abort();
    w->arena = arena_new();
    w->clock = options->clock;
    w->entropy = options->entropy;
    w->on_exchange = options->on_exchange;
    w->on_exchange_context = options->on_exchange_context;
    w->tell_allowed = options->tell_allowed;
    w->started_machine_s = clock_machine_s();
    world_set_base_url(w, STR("http://127.0.0.1:4580"));
    return w;
}

static struct outcome world_open(struct world *w, struct why *why,
                                 const struct world_options *options)
{
    static const struct audit_world worlds = { hold_world, drop_world, sts_of };
    TRY(keystore_open(why, options->keys_dir, w->clock, w->entropy, &w->keystore));
    TRY(keystore_sealing_key(w->keystore, why, &w->service.sealing));
    w->service.clock = w->clock;
    w->service.entropy = w->entropy;
    w->service.keys = (struct key_source){ local_jwks, w };
    w->audit = audit_new(&w->service, &worlds);
    return OK;
}

struct outcome world_new_with(struct why *why, const struct world_options *options,
                              struct arena *arena, const struct config *config, struct world **out)
{
    struct world *w = world_alloc(options);
    struct outcome o = world_open(w, why, options);
    if (failed(o)) {
        world_free(w);
        return o;
    }
    w->first_name = arena_str(w->arena, config->doc->name);
    w->first_text = arena_str(w->arena, config->doc->text);
    w->first_files_allowed = true;
    world_publish(w, world_config_new(arena, config));
    *out = w;
    return OK;
}

struct outcome world_new(struct why *why, const struct world_options *options, struct world **out)
{
    struct arena *arena = arena_new();
    struct config *config;
    struct outcome o = config_load(arena, why, options->config_path, &config);
    if (!failed(o))
        o = world_new_with(why, options, arena, config, out);
    if (failed(o))
        arena_free(arena);
    return o;
}

void world_free(struct world *w)
{
    if (!w)
        return;
    audit_free(w->audit);
    snapshot_drop(w->now);
    if (w->keystore)
        keystore_close(w->keystore);
    wipe(&w->service.sealing, sizeof w->service.sealing);
    pthread_mutex_destroy(&w->lock);
    pthread_mutex_destroy(&w->changing);
    arena_free(w->arena);
    free(w);
}

/* ---- changing it ---- */

static struct outcome replace(struct world *w, struct why *why, struct str name, struct str text,
                              bool files_allowed)
{
    struct arena *arena = arena_new();
    struct config *config;
    struct outcome o = config_read(arena, why, name, text, files_allowed, &config);
    if (failed(o)) {
        arena_free(arena);
        return o;
    }
    pthread_mutex_lock(&w->changing);
    world_publish(w, world_config_new(arena, config));
    pthread_mutex_unlock(&w->changing);
    return OK;
}

struct outcome world_replace(struct world *w, struct why *why, struct str name, struct str text)
{
    return replace(w, why, name, text, false);
}

struct outcome world_reset(struct world *w, struct why *why)
{
    TRY(replace(w, why, w->first_name, w->first_text, w->first_files_allowed));
    audit_clear(w->audit);
    clock_reset(w->clock);
    return OK;
}

static struct outcome change_keys(struct world *w, struct why *why, struct str issuer, bool retire)
{
    struct snapshot *s = world_now(w);
    struct keyring_spec spec =
        token_keyring(why->arena, s->config->profiles, issuer, alg_for(s->config, issuer));
    struct outcome o = retire ? keystore_retire(w->keystore, why, spec.name)
                              : keystore_rotate(w->keystore, why, &spec);
    snapshot_drop(s);
    if (failed(o))
        return o;
    pthread_mutex_lock(&w->changing);
    world_republish(w);
    pthread_mutex_unlock(&w->changing);
    return OK;
}

struct outcome world_rotate(struct world *w, struct why *why, struct str issuer)
{
    return change_keys(w, why, issuer, false);
}

struct outcome world_retire(struct world *w, struct why *why, struct str issuer)
{
    return change_keys(w, why, issuer, true);
}

void world_set_base_url(struct world *w, struct str url)
{
    w->base_url = arena_str(w->arena, url);
    w->local_prefix = arena_printf(w->arena, "%.*s/issuers/", STR_ARG(url));
    if (w->now)
        world_republish(w);
}

void world_set_wide(struct world *w, bool wide)
{
    w->wide = wide;
}

/* ---- minting and explaining ---- */

struct minting {
    struct world *w;
    const struct snapshot *s;
};

static struct outcome mint_find(void *context, struct why *why, const struct keyring_spec *spec,
                                struct keystore_view **view)
{
    struct minting *m = context;
    return world_view(m->w, why, m->s, spec, view);
}

static const struct alg *mint_alg(void *context, struct str issuer)
{
    struct minting *m = context;
    return alg_for(m->s->config, issuer);
}

struct str world_local_iss(const struct world *w, const struct snapshot *s, struct arena *a,
                           struct str issuer)
{
    const struct config_issuer *declared = config_issuer_find(s->config, issuer);
    if (!declared || !declared->local)
        return STR("");
    return arena_printf(a, "%.*s%.*s", STR_ARG(w->local_prefix),
                        STR_ARG(str_sub(issuer, 8, issuer.n)));
}

static struct str mint_iss(void *context, struct arena *a, struct str issuer)
{
    struct minting *m = context;
    return world_local_iss(m->w, m->s, a, issuer);
}

struct outcome world_mint(struct world *w, struct arena *a, struct why *why,
                          const struct token_ask *ask, struct token *out)
{
    struct snapshot *s = world_now(w);
    struct minting m = { w, s };
    struct token_signer signer = { mint_find, &m, mint_alg, mint_iss };
    arena_defer(a, drop_world, s); /* the token borrows the profile */
    return token_mint(a, why, s->config->profiles, &signer, w->clock, w->entropy, ask, out);
}

struct explanation *world_explain(struct world *w, struct arena *a, const struct explain_ask *ask)
{
    struct snapshot *s = world_now(w);
    arena_defer(a, drop_world, s);
    return explain_web_identity(a, &w->service, &s->sts, ask);
}

/* ---- the banner ---- */

struct str world_banner(struct world *w, struct arena *a)
{
    struct snapshot *s = world_now(w);
    const struct iam *iam = s->config->iam;
    struct text t = text_new(a, 1024 * 1024);
    size_t n_providers = 0, n_roles = 0;

    for (size_t i = 0; i < iam->n_accounts; i++) {
        n_providers += iam->accounts[i].n_providers;
        n_roles += iam->accounts[i].n_roles;
    }
    text_printf(&t, "in force: %zu OIDC provider%s, %zu role%s, %zu declared issuer%s (%.*s)\n",
                n_providers, n_providers == 1 ? "" : "s", n_roles, n_roles == 1 ? "" : "s",
                s->config->n_issuers, s->config->n_issuers == 1 ? "" : "s",
                STR_ARG(s->config->doc->name));
    for (size_t i = 0; i < iam->n_warnings; i++)
        text_printf(&t, "warning: %.*s\n", STR_ARG(iam->warnings[i]));
    snapshot_drop(s);
    return text_str(&t);
}
