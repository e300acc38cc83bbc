#include "scenarios/world_state.h"

#include "base/encode.h"
#include "scenarios/capture.h"
#include "scenarios/world_outbound.h"

#include <inttypes.h>

/* One port, three sides: control, issuer, AWS. */

static void drop_snapshot(void *s)
{
    snapshot_drop(s);
}

/* ---- issuer side ---- */

struct serving {
    struct world *w;
    const struct snapshot *s;
};

static struct keystore_view *serving_view(void *context, const struct keyring_spec *spec)
{
    struct serving *v = context;
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct keystore_view *view = NULL;
    if (failed(world_view(v->w, &why, v->s, spec, &view)))
        view = keystore_view_hold(v->s->keys);
    arena_free(a);
    return view;
}

static const struct alg *serving_alg(void *context, struct str issuer)
{
    const struct serving *v = context;
    return world_alg(v->s, issuer);
}

static bool serving_outage(void *context, struct str issuer, const struct http_request *request,
                           struct http_response *response)
{
    const struct serving *v = context;
    return world_answer_outage(v->w, issuer, request, response);
}

static struct str serving_iss(void *context, struct arena *a, struct str issuer)
{
    struct serving *v = context;
    return world_local_iss(v->w, v->s, a, issuer);
}

/* Whether tokens of that issuer were signed with these keys: any URL can be one, by the generic
 * profile. */
static bool has_signed(const struct serving *v, struct str issuer)
{
    struct arena *a = arena_new();
    struct keyring_spec spec = world_keyring(a, v->s, issuer);
    /* `understudy token` with the same keys may have been the first to sign for it. */
    (void)keystore_refresh(v->w->keystore, spec.name, spec.kid_shape);
    struct keystore_view *now = keystore_view(v->w->keystore);
    bool signed_ = keystore_view_ring(now, spec.name) != NULL;
    keystore_view_drop(now);
    arena_free(a);
    return signed_;
}

/* A provider of any account whose tokens this process signs. */
static bool is_local_provider(struct serving *v, struct str issuer)
{
    struct arena *a = arena_new_small(1024);
    struct iam_list accounts = iam_list(v->s->iam, a, IAM_ACCOUNT, STR(""));
    bool found = false;
    for (size_t i = 0; i < accounts.n && !found; i++) {
        const struct provider *p =
            iam_provider(v->s->iam, iam_object_account(accounts.items[i]), issuer);
        found = p && p->origin == KEYS_LOCAL;
    }
    arena_free(a);
    return found;
}

/* Declared issuers, URLs of a platform we know, local providers, and who was given tokens. */
static bool serving_is_ours(void *context, struct str issuer)
{
    struct serving *v = context;
    if (config_issuer_find(v->s->config, issuer) ||
        profiles_for_issuer(v->s->config->profiles, issuer))
        return true;
    if (!str_starts(issuer, STR("https://")))
        return false;
    return is_local_provider(v, issuer) || has_signed(v, issuer);
}

static bool answer_document(const struct issuer_documents *documents, struct str text, bool by_host,
                            const struct http_request *request, struct http_response *response)
{
    const struct serving *v = documents->context;
    return world_outbound_answer(v->w, v->s, text, by_host, request, response) ||
           issuer_answer(documents, text, by_host, request, response);
}

/* Names have no case, though an issuer's URL has; and whoever reaches this port by another name
 * says that port too. */
static bool answer_by_host(const struct issuer_documents *documents, struct str host,
                           struct str path, const struct http_request *request,
                           struct http_response *response)
{
    struct arena *a = request->arena;
    struct str name = str_sub(host, 0, str_find(host, ':'));
    const struct str names[] = { host, name, ascii_lower(a, name) };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (answer_document(documents, arena_join(a, names[i], path), true, request, response))
            return true;
    return false;
}

static bool answer_issuer(struct world *w, const struct http_request *request,
                          struct http_response *response)
{
    static const struct str prefix = STR_INIT("/issuers/");
    struct snapshot *s = world_now(w);
    struct serving context = { w, s };
    struct issuer_documents documents = { .profiles = s->config->profiles,
                                          .view_for = serving_view,
                                          .alg_for = serving_alg,
                                          .iss_for = serving_iss,
                                          .is_ours = serving_is_ours,
                                          .answer_outage = serving_outage,
                                          .context = &context,
                                          .base_url = w->base_url };
    struct str host = http_header(request, "host"), path;

    arena_defer(request->arena, drop_snapshot, s);
    if (!percent_read(request->arena, request->path, false, &path))
        return false;
    if (str_starts(path, prefix))
        return answer_document(&documents, str_sub(path, prefix.n, path.n), false, request,
                               response);
    if (!host.n || control_host_is_ours(w, host))
        return false;
    return answer_by_host(&documents, host, path, request, response);
}

/* Faults injected for the documents of issuers: in place of this one, or to its reply. */
static void strike_document(struct world *w, const struct http_request *request,
                            struct http_response *response)
{
    static const struct str discovery = STR_INIT("/.well-known/openid-configuration");
    struct arena *a = request->arena;
    struct why why = why_new(a);
    struct fault_hit hit;
    struct str path = request->path;

    (void)percent_read(a, request->path, false, &path);
    if (!faults_next(w->faults, a, str_ends(path, discovery) ? FAULTS_DISCOVERY : FAULTS_JWKS,
                     &hit))
        return;
    if (hit.status) {
        struct str detail =
            arena_printf(a, "fault %" PRId64 " answers with %d", hit.id, hit.status);
        if (hit.message.n)
            detail = hit.message;
        (void)why_set(&why, FAULT_INJECTED, "%.*s", STR_ARG(detail));
        *response = (struct http_response){ .status = 0 };
        control_problem(request, response, hit.status, &why);
    }
    response->delay_ms = hit.delay_ms;
    response->drop = hit.drop;
    response->truncate_to = hit.truncate_to;
}

/* ---- AWS side ---- */

static void tell(struct world *w, struct arena *a, const struct snapshot *s,
                 const struct fakests_exchange *x)
{
    if (!w->on_exchange || (x->why.fault == FAULT_NONE && !w->tell_allowed))
        return;
    w->on_exchange(w->on_exchange_context, audit_explain(a, &w->service, &s->sts, x));
}

static json_t *summary(const struct fakests_exchange *x)
{
    bool refused = x->why.fault != FAULT_NONE;
    char time[TIME_TEXT_BYTES];
    return json_pack("{s:{s:o, s:s, s:o, s:s, s:o, s:o, s:o}}", "exchange", "request_id",
                     json_of(x->request_id), "time", time_write(x->time_s, time), "action",
                     json_of(x->action), "decision", refused ? "denied" : "allowed", "reason",
                     refused ? json_string(fault_reason(x->why.fault)) : json_null(), "detail",
                     json_of(x->why.detail), "caller", json_of(x->caller_arn));
}

static void record(struct world *w, struct arena *a, const struct snapshot *s,
                   const struct fakests_exchange *x)
{
    static const struct form nothing;
    struct why why = why_new(a);
    json_t *line;
    if (!w->record)
        return;
    const struct capture_ask ask = { .explanation = audit_explain(a, &w->service, &s->sts, x),
                                     .form = x->form ? x->form : &nothing,
                                     .caller = x->caller,
                                     .config = s->config,
                                     .iam = s->iam,
                                     .source_ip = x->peer };
    if (failed(capture_untried(a, &why, &ask, &line)))
        line = json_keep(a, summary(x));
    record_add(w->record, json_text(a, line));
}

static void answer_aws(struct world *w, const struct http_request *request,
                       struct http_response *response)
{
    struct fakests_exchange x = { .time_s = 0 };
    struct snapshot *s = world_now(w);
    arena_defer(request->arena, drop_snapshot, s);
    fakests_handle(&w->service, &s->sts, request, response, &x);
    audit_add(w->audit, &x, s);
    record(w, request->arena, s, &x);
    tell(w, request->arena, s, &x);
}

void world_call(struct world *w, struct arena *a, const struct form *parameters,
                struct http_response *response)
{
    struct http_request request = { .arena = a, .peer = STR("127.0.0.1"), .path = STR("/") };
    struct fakests_exchange x = { .time_s = 0 };
    struct snapshot *s = world_now(w);
    arena_defer(a, drop_snapshot, s);
    *response = (struct http_response){ .status = 0 };
    fakests_call(&w->service, &s->sts, &request, parameters, response, &x);
    audit_add(w->audit, &x, s);
    record(w, a, s, &x);
    tell(w, a, s, &x);
}

/* ---- the port ---- */

static bool is_get(const struct http_request *request)
{
    return str_eq(request->method, STR("GET")) || str_eq(request->method, STR("HEAD"));
}

void world_handle(void *world, const struct http_request *request, struct http_response *response)
{
    struct world *w = world;
    struct why why = why_new(request->arena);

    if (control_handle(w, request, response))
        return;
    if (is_get(request) && answer_issuer(w, request, response)) {
        strike_document(w, request, response);
        return;
    }
    if (fakests_is_for(request)) {
        answer_aws(w, request, response);
        return;
    }
    (void)why_set(&why, FAULT_PATH_UNKNOWN, "nothing is served at %.*s; see /_understudy/health",
                  STR_ARG(str_sub(request->path, 0, 200)));
    control_problem(request, response, 404, &why);
}

size_t world_body_bytes_max(void *world, const struct http_request *request)
{
    if (str_eq(request->method, STR("PUT")) && str_eq(request->path, STR("/_understudy/world")) &&
        control_may_ask(world, request))
        return CONFIG_BYTES_MAX;
    return 1024 * 1024; /* a CreateRole document of 131,072 characters, percent-encoded, and room */
}
