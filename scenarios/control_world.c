#include "scenarios/control.h"

void control_world_health(void *context, const struct http_request *request,
                          const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct snapshot *s = world_now(w);
    struct audit_counts counts = audit_counts(w->audit);
    json_int_t n_providers = (json_int_t)iam_count(s->iam, IAM_PROVIDER);
    json_int_t n_roles = (json_int_t)iam_count(s->iam, IAM_ROLE);

    (void)match;
    control_json(request, response,
                 json_pack("{s:s, s:s, s:I, s:{s:I, s:I, s:I, s:I, s:I}}", "status", "ok",
                           "version", UNDERSTUDY_VERSION, "uptime_s",
                           (json_int_t)(clock_machine_s() - w->started_machine_s), "counts",
                           "oidc_providers", n_providers, "roles", n_roles, "issuers",
                           (json_int_t)s->config->n_issuers, "exchanges",
                           (json_int_t)counts.exchanges, "refused", (json_int_t)counts.refused));
    snapshot_drop(s);
}

void control_world_get(void *context, const struct http_request *request,
                       const struct route_match *match, struct http_response *response)
{
    struct snapshot *s = world_now(context);
    (void)match;
    control_json(request, response,
                 json_incref(config_document(request->arena, s->config, s->iam)));
    snapshot_drop(s);
}

static void answer_counts(struct world *w, const struct http_request *request,
                          struct http_response *response)
{
    control_world_health(w, request, NULL, response);
}

void control_world_put(void *context, const struct http_request *request,
                       const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    struct outcome o = OK;
    (void)match;
    if (request->body_too_large)
        o = why_set(&why, FAULT_BODY_TOO_LARGE, "a world has at most %d bytes", CONFIG_BYTES_MAX);
    if (!failed(o))
        o = world_replace(w, &why, STR("body"), request->body);
    if (failed(o))
        control_refuse(request, response, &why);
    else
        answer_counts(w, request, response);
}

void control_world_reset(void *context, const struct http_request *request,
                         const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    (void)match;
    if (failed(world_reset(w, &why)))
        control_refuse(request, response, &why);
    else
        answer_counts(w, request, response);
}
