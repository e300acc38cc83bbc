#include "scenarios/control.h"

#include <arpa/inet.h>

/* The control side, /_understudy/...: JSON in, JSON or an RFC 9457 problem out. */

/* ---- answering ---- */

void control_json(const struct http_request *request, struct http_response *response,
                  json_t *document)
{
    response->status = 200;
    response->content_type = STR("application/json");
    response->body =
        arena_printf(request->arena, "%.*s\n", STR_ARG(json_text_pretty(request->arena, document)));
    json_decref(document);
}

void control_problem(const struct http_request *request, struct http_response *response, int status,
                     const struct why *why)
{
    json_t *o = json_object();
    json_object_set_new(o, "type", json_string("about:blank"));
    json_object_set_new(o, "title", json_string(fault_sentence(why->fault)));
    json_object_set_new(o, "status", json_integer(status));
    json_object_set_new(o, "reason", json_string(fault_reason(why->fault)));
    json_object_set_new(o, "detail", json_of(why->detail));
    if (why->place.n)
        json_object_set_new(o, "place", json_of(why->place));
    control_json(request, response, o);
    response->status = status;
    response->content_type = STR("application/problem+json");
}

static int status_of(enum fault fault)
{
    if (fault == FAULT_BODY_TOO_LARGE)
        return 413;
    switch (fault_kind(fault)) {
    case FAULT_KIND_DENIED:
        return 403;
    case FAULT_KIND_INPUT:
        return 400;
    case FAULT_KIND_COULD_NOT:
        return 500;
    }
    return 500;
}

void control_refuse(const struct http_request *request, struct http_response *response,
                    const struct why *why)
{
    control_problem(request, response, status_of(why->fault), why);
}

/* ---- who may ask ---- */

static struct str host_name(struct str host)
{
    if (host.n && host.p[0] == '[')
        return str_sub(host, 0, str_find(host, ']') + 1);
    return str_sub(host, 0, str_find(host, ':'));
}

static bool loopback_name(struct str name)
{
    return str_eq_nocase(name, STR("localhost")) || str_eq(name, STR("127.0.0.1")) ||
           str_eq(name, STR("[::1]"));
}

/* An address, or a name without a dot: no web site on the Internet has either as its origin's host.
 */
static bool private_name(struct arena *a, struct str name)
{
    unsigned char address[sizeof(struct in6_addr)];
    if (name.n && name.p[0] == '[')
        return true;
    return str_find(name, '.') == name.n || inet_pton(AF_INET, arena_cstr(a, name), address) == 1;
}

bool control_host_is_ours(const struct world *w, struct str host)
{
    struct str own = str_sub(w->base_url, 7, w->base_url.n); /* behind http:// */
    struct str name = host_name(host), own_name = host_name(own);
    if (str_eq_nocase(host, own))
        return true;
    if (w->wide) {
        struct arena *a = arena_new();
        bool ours = private_name(a, name);
        arena_free(a);
        return ours;
    }
    struct str port = str_sub(host, name.n, host.n), own_port = str_sub(own, own_name.n, own.n);
    return loopback_name(name) && str_eq(port, own_port);
}

static struct outcome check_caller(const struct world *w, const struct http_request *request,
                                   struct why *why)
{
    struct str host = http_header(request, "host"), origin = http_header(request, "origin");
    if (!control_host_is_ours(w, host))
        FAIL(why, HOST_FOREIGN, "Host \"%.*s\" is not %.*s", STR_ARG(str_sub(host, 0, 200)),
             STR_ARG(w->base_url));
    if (origin.p && !(str_starts(origin, STR("http://")) &&
                      control_host_is_ours(w, str_sub(origin, 7, origin.n))))
        FAIL(why, ORIGIN_FOREIGN, "Origin \"%.*s\" is not %.*s", STR_ARG(str_sub(origin, 0, 200)),
             STR_ARG(w->base_url));
    return OK;
}

bool control_may_ask(const struct world *w, const struct http_request *request)
{
    struct why why = why_new(request->arena);
    return !failed(check_caller(w, request, &why));
}

/* ---- reading bodies ---- */

struct outcome control_body(const struct http_request *request, struct why *why,
                            struct json_doc **doc)
{
    if (request->body_too_large)
        FAIL(why, BODY_TOO_LARGE, "the body is over the bound of this path");
    return json_load(request->arena, why, STR("body"), request->body, JSON_DUPLICATES_REFUSED, doc);
}

/* ---- the routes ---- */

static const struct route routes[] = {
    { "GET", "/_understudy/health", control_world_health },
    { "POST", "/_understudy/token", control_token_post },
    { "POST", "/_understudy/session", control_session_post },
    { "GET", "/_understudy/clock", control_clock_get },
    { "PUT", "/_understudy/clock", control_clock_put },
    { "POST", "/_understudy/clock/advance", control_clock_advance },
    { "GET", "/_understudy/issuers", control_issuers_list },
    { "POST", "/_understudy/issuers/rotate", control_issuers_rotate },
    { "POST", "/_understudy/issuers/publish", control_issuers_publish },
    { "POST", "/_understudy/issuers/retire", control_issuers_retire },
    { "POST", "/_understudy/issuers/down", control_issuers_down },
    { "POST", "/_understudy/issuers/up", control_issuers_up },
    { "GET", "/_understudy/exchanges", control_exchanges_list },
    { "GET", "/_understudy/exchanges/{}", control_exchanges_get },
    { "GET", "/_understudy/exchanges/{}/scenario", control_exchanges_scenario },
    { "GET", "/_understudy/faults", control_faults_list },
    { "POST", "/_understudy/faults", control_faults_post },
    { "DELETE", "/_understudy/faults", control_faults_clear },
    { "DELETE", "/_understudy/faults/{}", control_faults_remove },
    { "GET", "/_understudy/world", control_world_get },
    { "PUT", "/_understudy/world", control_world_put },
    { "POST", "/_understudy/reset", control_world_reset },
    { "POST", "/moto-api/reset", control_world_reset },
    { NULL, NULL, NULL },
};

static void answer_route(enum route_result result, const struct http_request *request,
                         struct http_response *response)
{
    struct why why = why_new(request->arena);
    if (result == ROUTE_NO_PATH) {
        (void)why_set(&why, FAULT_PATH_UNKNOWN, "nothing is served at %.*s",
                      STR_ARG(str_sub(request->path, 0, 200)));
        control_problem(request, response, 404, &why);
    } else if (result == ROUTE_NO_METHOD) {
        (void)why_set(&why, FAULT_METHOD_NOT_ALLOWED, "%.*s does not answer %.*s",
                      STR_ARG(str_sub(request->path, 0, 200)), STR_ARG(request->method));
        control_problem(request, response, 405, &why);
    }
}

bool control_handle(struct world *w, const struct http_request *request,
                    struct http_response *response)
{
    struct why why = why_new(request->arena);
    if (!str_starts(request->path, STR("/_understudy/")) &&
        !str_starts(request->path, STR("/moto-api/")))
        return false;
    if (failed(check_caller(w, request, &why)))
        control_refuse(request, response, &why);
    else
        answer_route(route_run(routes, w, request, response), request, response);
    return true;
}
