#include "scenarios/world_outbound.h"

/* The keys of a world's issuers, and whether they can be fetched. */

static struct outcome put_in_place(struct world *w, struct outcome changed)
{
    if (failed(changed))
        return changed;
    pthread_mutex_lock(&w->changing);
    world_republish(w);
    pthread_mutex_unlock(&w->changing);
    return OK;
}

static struct outcome rotate(struct world *w, struct why *why, struct str issuer, bool late)
{
    struct snapshot *s = world_now(w);
    struct keyring_spec spec = world_keyring(why->arena, s, issuer);
    /* The old key stays published, also where nobody has asked for it yet. */
    struct outcome o = late ? keystore_ensure(w->keystore, why, &spec) : OK;
    if (!failed(o))
        o = late ? keystore_rotate_late(w->keystore, why, &spec)
                 : keystore_rotate(w->keystore, why, &spec);
    if (!failed(o))
        o = world_outbound_rotate(w, why, s, issuer, late);
    snapshot_drop(s);
    return put_in_place(w, o);
}

struct outcome world_rotate(struct world *w, struct why *why, struct str issuer)
{
    return rotate(w, why, issuer, false);
}

struct outcome world_rotate_late(struct world *w, struct why *why, struct str issuer)
{
    return rotate(w, why, issuer, true);
}

static struct outcome change_ring(struct world *w, struct why *why, struct str issuer,
                                  struct outcome (*change)(struct keystore *, struct why *,
                                                           struct str))
{
    struct snapshot *s = world_now(w);
    struct str ring = world_keyring(why->arena, s, issuer).name;
    struct outcome o = change(w->keystore, why, ring);
    snapshot_drop(s);
    return put_in_place(w, o);
}

struct outcome world_publish_keys(struct world *w, struct why *why, struct str issuer)
{
    return change_ring(w, why, issuer, keystore_publish);
}

struct outcome world_retire(struct world *w, struct why *why, struct str issuer)
{
    return change_ring(w, why, issuer, keystore_retire);
}

struct outcome world_down(struct world *w, struct why *why, struct str issuer)
{
    return outages_begin(w->outages, why, issuer);
}

struct outcome world_up(struct world *w, struct why *why, struct str issuer)
{
    (void)why;
    outages_end(w->outages, issuer);
    return OK;
}

bool world_answer_outage(struct world *w, struct str issuer, const struct http_request *request,
                         struct http_response *response)
{
    struct why why = why_new(request->arena);
    if (!outages_has(w->outages, issuer))
        return false;
    (void)why_set(&why, FAULT_IDP_UNREACHABLE, "%.*s is down, until POST /_understudy/issuers/up",
                  STR_ARG(issuer));
    control_problem(request, response, 503, &why);
    http_response_header(response, STR("Cache-Control"), STR("no-cache"));
    return true;
}
