#include "scenarios/world_state.h"

#include "base/text.h"
#include "fakests/iam/arn.h"
#include "scenarios/judged.h"
#include "scenarios/world_outbound.h"

#include <stdlib.h>

/* ---- configs and snapshots, counted ---- */

struct world_config *world_config_hold(struct world_config *c)
{
    atomic_fetch_add(&c->refs, 1);
    return c;
}

void world_config_drop(struct world_config *c)
{
    if (!c || atomic_fetch_sub(&c->refs, 1) > 1)
        return;
    token_cache_free(c->verified);
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
    iam_drop(s->iam);
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

static struct snapshot *snapshot_new(struct world *w, struct world_config *held, struct iam *iam)
{
    struct snapshot *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    atomic_init(&s->refs, 1);
    s->world = w;
    s->held = held;
    s->config = held->config;
    s->iam = iam;
    s->keys = keystore_view(w->keystore);
    s->sts = (struct fakests_world){
        .iam = iam,
        .region = held->config->region,
        .dialect = held->config->dialect,
        .source_ip = held->config->source_ip,
        .since_s = held->since_s,
        .verified = held->verified,
        .owner = s,
        .local_prefix = w->local_prefix,
        .local_issuers = held->local_issuers,
        .n_local_issuers = held->n_local_issuers,
    };
    return s;
}

void world_publish(struct world *w, struct world_config *held, struct iam *iam)
{
    struct snapshot *next = snapshot_new(w, held, iam), *old;
    pthread_mutex_lock(&w->lock);
    old = w->now;
    w->now = next;
    pthread_mutex_unlock(&w->lock);
    if (old && old->held != held)
        audit_settle(w->audit, held);
    snapshot_drop(old);
}

void world_republish(struct world *w)
{
    struct snapshot *s = world_now(w);
    world_publish(w, world_config_hold(s->held), iam_hold(s->iam));
    snapshot_drop(s);
}

/* ---- keys ---- */

const struct alg *world_alg(const struct snapshot *s, struct str issuer)
{
    const struct config_issuer *declared = config_issuer_find(s->config, issuer);
    return declared ? declared->alg : NULL;
}

struct keyring_spec world_keyring(struct arena *a, const struct snapshot *s, struct str issuer)
{
    return token_keyring(a, s->config->profiles, issuer, world_alg(s, issuer));
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
        if (keyring_state_publishes(ring->keys[i].state))
            set->keys[set->n++] =
                (struct jwk){ .kid = ring->keys[i].kid, .key = ring->keys[i].key };
    return set;
}

/*
 * What the STS side verifies with: the keys this process's issuer of that URL publishes.  AWS keeps
 * keys for a while, so that a token it has met may outlive an outage; here an outage counts at
 * once, for a test that says an issuer is down means to see what that does.
 */
static struct outcome local_jwks(void *context, void *owner, struct arena *a, struct why *why,
                                 struct str issuer, bool fresh, const struct jwks **out)
{
    struct world *w = context;
    const struct snapshot *s = owner;
    const struct str url = arena_join(a, STR("https://"), issuer);
    const struct keyring_spec spec = world_keyring(a, s, url);

    if (outages_has(w->outages, url))
        FAIL(why, KEYS_UNAVAILABLE,
             "%.*s is down: its discovery document and its keys cannot be fetched", STR_ARG(url));
    if (!fresh) {
        *out = published(a, keystore_view_ring(s->keys, spec.name));
        return OK;
    }
    if (keystore_refresh(w->keystore, spec.name, spec.kid_shape)) {
        pthread_mutex_lock(&w->changing);
        world_republish(w);
        pthread_mutex_unlock(&w->changing);
    }
    struct keystore_view *view = keystore_view(w->keystore);
    arena_defer(a, drop_view, view);
    *out = published(a, keystore_view_ring(view, spec.name));
    return OK;
}

/* ---- making a world ---- */

static struct world_config *world_config_new(const struct world *w, struct arena *arena,
                                             const struct config *config)
{
    struct world_config *held = arena_make(arena, struct world_config);
    atomic_init(&held->refs, 1);
    held->arena = arena;
    held->config = config;
    held->since_s = clock_now_s(w->clock);
    held->verified = token_cache_new();
    held->local_issuers = arena_array(arena, struct str, config->n_issuers);
    for (size_t i = 0; i < config->n_issuers; i++)
        if (config->issuers[i].local)
            held->local_issuers[held->n_local_issuers++] =
                str_sub(config->issuers[i].url, 8, config->issuers[i].url.n);
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

static const void *bulk_of(void *s)
{
    return ((struct snapshot *)s)->held;
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
    w->faults = faults_new();
    w->outages = outages_new();
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
    static const struct audit_world worlds = { hold_world, drop_world, sts_of, bulk_of };
    TRY(keystore_open(why, options->keys_dir, w->clock, w->entropy, &w->keystore));
    if (options->make_key)
        keystore_make_with(w->keystore, options->make_key, options->make_key_context);
    if (options->record_path)
        TRY(record_open(why, options->record_path, &w->record));
    TRY(keystore_sealing_key(w->keystore, why, &w->service.sealing));
    w->service.clock = w->clock;
    w->service.entropy = w->entropy;
    w->service.signing_time_is_clock = options->signing_time_is_clock;
    w->service.keys = (struct key_source){ local_jwks, w };
    w->service.outbound = world_outbound_signer(w);
    w->service.keeper = (struct iam_keeper){ world_keep, w };
    w->service.faults = (struct fault_source){ faults_next, w->faults };
    w->audit = audit_new(&w->service, &worlds);
    return OK;
}

/* The world begins; the config's arena is its own from now on. */
static void begin(struct world *w, struct arena *arena, const struct config *config,
                  struct iam *iam)
{
    w->first_held = world_config_new(w, arena, config);
    w->first_iam = iam;
    faults_set(w->faults, &config->faults);
    world_publish(w, world_config_hold(w->first_held), iam_hold(iam));
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
    begin(w, arena, config, iam_hold(config->iam));
    *out = w;
    return OK;
}

/* What IAM accepts and people rarely mean, a line each. */
static struct str warning_lines(struct arena *a, const struct iam *iam)
{
    struct text t = text_new(a, 16 * 1024 * 1024);
    size_t n;
    struct str *warnings = iam_warnings(iam, a, &n);
    for (size_t i = 0; i < n; i++)
        text_printf(&t, "warning: %.*s\n", STR_ARG(warnings[i]));
    return text_str(&t);
}

/* A large config is judged once, and its note has what start-up warns of. */
static struct outcome config_given(struct world *w, struct why *why,
                                   const struct world_options *options, struct arena *arena,
                                   struct config **config)
{
    struct config_source source;
    TRY(config_source_load(arena, why, options->config_path, &source));
    bool known = judged_find(w->arena, options->keys_dir, &source, &w->warnings);
    TRY(config_read(arena, why, &source, config));
    if (known || source.text.n < JUDGED_BYTES_MIN)
        return OK;
    w->warnings = warning_lines(w->arena, (*config)->iam);
    judged_note(arena, options->keys_dir, &source, w->warnings);
    return OK;
}

static struct outcome config_of(struct world *w, struct why *why,
                                const struct world_options *options, struct arena *arena,
                                struct config **config, struct iam **iam)
{
    if (options->state_path)
        return world_keep_open(w, why, options, arena, config, iam);
    TRY(config_given(w, why, options, arena, config));
    *iam = iam_hold((*config)->iam);
    return OK;
}

struct outcome world_new(struct why *why, const struct world_options *options, struct world **out)
{
    struct arena *arena = arena_new();
    struct world *w = world_alloc(options);
    struct config *config;
    struct iam *iam;
    struct outcome o = config_of(w, why, options, arena, &config, &iam);
    if (!failed(o)) {
        o = world_open(w, why, options);
        if (failed(o))
            iam_drop(iam);
    }
    if (failed(o)) {
        arena_free(arena);
        world_free(w);
        return o;
    }
    begin(w, arena, config, iam);
    *out = w;
    return OK;
}

void world_free(struct world *w)
{
    if (!w)
        return;
    audit_free(w->audit);
    record_close(w->record);
    faults_free(w->faults);
    outages_free(w->outages);
    world_keep_close(w);
    snapshot_drop(w->now);
    iam_drop(w->first_iam);
    world_config_drop(w->first_held);
    if (w->keystore)
        keystore_close(w->keystore);
    wipe(&w->service.sealing, sizeof w->service.sealing);
    pthread_mutex_destroy(&w->lock);
    pthread_mutex_destroy(&w->changing);
    arena_free(w->arena);
    free(w);
}

size_t world_record_lost(const struct world *w)
{
    return w->record ? record_lost(w->record) : 0;
}

/* ---- changing it ---- */

/* In force with its faults, and on disk before that; both are taken over, whatever comes of it. */
static struct outcome put_in_place(struct world *w, struct why *why, struct world_config *held,
                                   struct iam *iam,
                                   void (*put_faults)(struct faults *, const struct faults_rules *))
{
    pthread_mutex_lock(&w->changing);
    struct outcome o = world_keep_all(w, why, held->config, iam);
    if (!failed(o)) {
        put_faults(w->faults, &held->config->faults);
        world_publish(w, held, iam);
    }
    pthread_mutex_unlock(&w->changing);
    if (failed(o)) {
        world_config_drop(held);
        iam_drop(iam);
    }
    return o;
}

struct outcome world_replace(struct world *w, struct why *why, struct str name, struct str text)
{
    const struct config_source source = { .name = name, .text = text };
    struct arena *arena = arena_new();
    struct config *config;
    struct outcome o = config_read(arena, why, &source, &config);
    if (failed(o)) {
        arena_free(arena);
        return o;
    }
    return put_in_place(w, why, world_config_new(w, arena, config), iam_hold(config->iam),
                        faults_configure);
}

struct outcome world_reset(struct world *w, struct why *why)
{
    TRY(put_in_place(w, why, world_config_hold(w->first_held), iam_hold(w->first_iam), faults_set));
    audit_clear(w->audit);
    clock_reset(w->clock);
    outages_clear(w->outages);
    return OK;
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
    return world_alg(m->s, issuer);
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
    struct text t = text_new(a, 1024 * 1024);
    size_t n_providers = iam_count(s->iam, IAM_PROVIDER), n_roles = iam_count(s->iam, IAM_ROLE);

    text_printf(&t, "in force: %zu OIDC provider%s, %zu role%s, %zu declared issuer%s", n_providers,
                n_providers == 1 ? "" : "s", n_roles, n_roles == 1 ? "" : "s", s->config->n_issuers,
                s->config->n_issuers == 1 ? "" : "s");
    if (s->config->faults.n)
        text_printf(&t, ", %zu fault%s to inject", s->config->faults.n,
                    s->config->faults.n == 1 ? "" : "s");
    text_printf(&t, " (%.*s)\n", STR_ARG(s->config->name));
    /* of a state file that we wrote, people were warned when they made it */
    text_put(&t, w->warnings.n || s->config->judged ? w->warnings : warning_lines(a, s->iam));
    text_put(&t, w->state_notes);
    snapshot_drop(s);
    return text_str(&t);
}
