#include "scenarios/world_state.h"

#include "http/route.h"

#include <arpa/inet.h>

/* The control side, /_understudy/...: JSON in, JSON or an RFC 9457 problem out. */

/* ---- answering ---- */

static void answer_json(const struct http_request *request, struct http_response *response,
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
    answer_json(request, response, o);
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

static void refuse(const struct http_request *request, struct http_response *response,
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

static struct outcome body_read(const struct http_request *request, struct why *why,
                                struct json_doc **doc)
{
    if (request->body_too_large)
        FAIL(why, BODY_TOO_LARGE, "the body is over the bound of this path");
    return json_load(request->arena, why, STR("body"), request->body, JSON_DUPLICATES_REFUSED, doc);
}

/* The text member `key` of a body that has only that. */
static struct outcome body_text(const struct http_request *request, struct why *why,
                                const char *key, struct str *out)
{
    const char *const names[] = { key, NULL };
    struct json_doc *doc;
    struct json_at member;
    TRY(body_read(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, names));
    if (!json_at_member(&root, key, &member))
        return json_fail(&root, why, FAULT_CONFIG_INVALID, "\"%s\" is missing", key);
    return json_want_str(&member, why, out);
}

/* ---- health ---- */

static void get_health(void *context, const struct http_request *request,
                       const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct snapshot *s = world_now(w);
    struct audit_counts counts = audit_counts(w->audit);
    json_int_t n_providers = (json_int_t)iam_count(s->iam, IAM_PROVIDER);
    json_int_t n_roles = (json_int_t)iam_count(s->iam, IAM_ROLE);

    (void)match;
    answer_json(request, response,
                json_pack("{s:s, s:s, s:I, s:{s:I, s:I, s:I, s:I, s:I}}", "status", "ok", "version",
                          UNDERSTUDY_VERSION, "uptime_s",
                          (json_int_t)(clock_machine_s() - w->started_machine_s), "counts",
                          "oidc_providers", n_providers, "roles", n_roles, "issuers",
                          (json_int_t)s->config->n_issuers, "exchanges",
                          (json_int_t)counts.exchanges, "refused", (json_int_t)counts.refused));
    snapshot_drop(s);
}

/* ---- token ---- */

static const char *const token_members[] = { "platform", "set",      "claims",     "header",
                                             "flaw",     "audience", "lifetime_s", NULL };

static struct outcome optional_object(const struct json_at *root, struct why *why, const char *key,
                                      json_t **out)
{
    struct json_at member;
    if (!json_at_member(root, key, &member))
        return OK;
    TRY(json_want_object(&member, why));
    *out = member.value;
    return OK;
}

static struct outcome token_ask_read(const struct http_request *request, struct why *why,
                                     struct token_ask *ask)
{
    struct json_doc *doc;
    struct json_at at;
    TRY(body_read(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, token_members));
    if (!json_at_member(&root, "platform", &at))
        return json_fail(&root, why, FAULT_CONFIG_INVALID, "\"platform\" is missing");
    TRY(json_want_str(&at, why, &ask->platform));
    TRY(optional_object(&root, why, "set", &ask->set));
    TRY(optional_object(&root, why, "claims", &ask->claims));
    TRY(optional_object(&root, why, "header", &ask->header));
    if (json_at_member(&root, "flaw", &at))
        TRY(json_want_str(&at, why, &ask->flaw));
    if (json_at_member(&root, "audience", &at))
        ask->audience = at.value;
    if (json_at_member(&root, "lifetime_s", &at))
        TRY(json_want_i64(&at, why, &ask->lifetime_s));
    return OK;
}

static void post_token(void *context, const struct http_request *request,
                       const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    struct token_ask ask = { .lifetime_s = 0 };
    struct token token;
    struct outcome o = token_ask_read(request, &why, &ask);

    (void)match;
    if (!failed(o))
        o = world_mint(w, request->arena, &why, &ask, &token);
    if (failed(o)) {
        refuse(request, response, &why);
        return;
    }
    json_t *answer = json_object();
    json_object_set_new(answer, "token", json_of(token.text));
    json_object_set(answer, "header", token.header ? token.header : json_null());
    json_object_set(answer, "claims", token.claims ? token.claims : json_null());
    answer_json(request, response, answer);
}

/* ---- clock ---- */

static void answer_clock(struct world *w, const struct http_request *request,
                         struct http_response *response)
{
    char time[TIME_TEXT_BYTES];
    answer_json(request, response,
                json_pack("{s:s, s:I, s:b}", "now", time_write(clock_now_s(w->clock), time),
                          "epoch_s", (json_int_t)clock_now_s(w->clock), "frozen",
                          (int)atomic_load(&w->clock->frozen)));
}

static void get_clock(void *context, const struct http_request *request,
                      const struct route_match *match, struct http_response *response)
{
    (void)match;
    answer_clock(context, request, response);
}

static struct outcome clock_read(const struct http_request *request, struct why *why,
                                 struct clock *clock)
{
    static const char *const names[] = { "now", "frozen", NULL };
    int64_t now_ms = clock_now_ms(clock);
    bool frozen = atomic_load(&clock->frozen);
    struct json_doc *doc;
    struct json_at at;

    TRY(body_read(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, names));
    if (json_at_member(&root, "now", &at)) {
        struct str text =
            json_is_integer(at.value) ? json_text(request->arena, at.value) : json_str(at.value);
        if (!time_read(text, &now_ms))
            return json_fail(&at, why, FAULT_CONFIG_INVALID,
                             "expected an RFC 3339 time or seconds since 1970");
    }
    if (json_at_member(&root, "frozen", &at))
        TRY(json_want_bool(&at, why, &frozen));
    clock_set(clock, now_ms, frozen);
    return OK;
}

static void put_clock(void *context, const struct http_request *request,
                      const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    (void)match;
    if (failed(clock_read(request, &why, w->clock)))
        refuse(request, response, &why);
    else
        answer_clock(w, request, response);
}

/* "61m", or a number of seconds. */
static struct outcome advance(const struct http_request *request, struct why *why,
                              struct clock *clock)
{
    static const char *const names[] = { "by", NULL };
    struct json_doc *doc;
    struct json_at by;
    int64_t seconds;

    TRY(body_read(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, names));
    if (!json_at_member(&root, "by", &by))
        return json_fail(&root, why, FAULT_CONFIG_INVALID, "\"by\" is missing");
    struct str text =
        json_is_integer(by.value) ? json_text(request->arena, by.value) : json_str(by.value);
    if (!duration_read(text, &seconds))
        return json_fail(&by, why, FAULT_CONFIG_INVALID,
                         "expected a duration such as \"90s\", \"61m\" or \"1h30m\", or seconds");
    clock_advance(clock, seconds * 1000);
    return OK;
}

static void post_advance(void *context, const struct http_request *request,
                         const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    (void)match;
    if (failed(advance(request, &why, w->clock)))
        refuse(request, response, &why);
    else
        answer_clock(w, request, response);
}

/* ---- issuers ---- */

static void change_keys(struct world *w, const struct http_request *request,
                        struct http_response *response,
                        struct outcome (*change)(struct world *, struct why *, struct str))
{
    struct why why = why_new(request->arena);
    struct str issuer;
    struct outcome o = body_text(request, &why, "issuer", &issuer);
    if (!failed(o) && !str_starts(issuer, STR("https://"))) {
        why.place = STR("body: $.issuer");
        o = why_set(&why, FAULT_CONFIG_INVALID, "an issuer's URL begins with https://");
    }
    if (!failed(o))
        o = change(w, &why, issuer);
    if (failed(o)) {
        refuse(request, response, &why);
        return;
    }
    answer_json(request, response, json_pack("{s:o}", "issuer", json_of(issuer)));
}

static void post_rotate(void *context, const struct http_request *request,
                        const struct route_match *match, struct http_response *response)
{
    (void)match;
    change_keys(context, request, response, world_rotate);
}

static void post_retire(void *context, const struct http_request *request,
                        const struct route_match *match, struct http_response *response)
{
    (void)match;
    change_keys(context, request, response, world_retire);
}

/* ---- exchanges ---- */

static void get_exchanges(void *context, const struct http_request *request,
                          const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    (void)match;
    answer_json(request, response,
                json_pack("{s:o}", "exchanges", audit_list(w->audit, request->arena)));
}

static void get_exchange(void *context, const struct http_request *request,
                         const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    json_t *found = audit_find(w->audit, request->arena, match->captures[0]);
    if (found) {
        answer_json(request, response, found);
        return;
    }
    (void)why_set(&why, FAULT_PATH_UNKNOWN, "no exchange \"%.*s\" is kept; the last %d are",
                  STR_ARG(str_sub(match->captures[0], 0, 100)), AUDIT_RECORDS_MAX);
    control_problem(request, response, 404, &why);
}

/* ---- world ---- */

static void get_world(void *context, const struct http_request *request,
                      const struct route_match *match, struct http_response *response)
{
    struct snapshot *s = world_now(context);
    (void)match;
    answer_json(request, response, json_incref(config_document(request->arena, s->config, s->iam)));
    snapshot_drop(s);
}

static void answer_counts(struct world *w, const struct http_request *request,
                          struct http_response *response)
{
    get_health(w, request, NULL, response);
}

static void put_world(void *context, const struct http_request *request,
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
        refuse(request, response, &why);
    else
        answer_counts(w, request, response);
}

static void post_reset(void *context, const struct http_request *request,
                       const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    (void)match;
    if (failed(world_reset(w, &why)))
        refuse(request, response, &why);
    else
        answer_counts(w, request, response);
}

static const struct route routes[] = {
    { "GET", "/_understudy/health", get_health },
    { "POST", "/_understudy/token", post_token },
    { "GET", "/_understudy/clock", get_clock },
    { "PUT", "/_understudy/clock", put_clock },
    { "POST", "/_understudy/clock/advance", post_advance },
    { "POST", "/_understudy/issuers/rotate", post_rotate },
    { "POST", "/_understudy/issuers/retire", post_retire },
    { "GET", "/_understudy/exchanges", get_exchanges },
    { "GET", "/_understudy/exchanges/{}", get_exchange },
    { "GET", "/_understudy/world", get_world },
    { "PUT", "/_understudy/world", put_world },
    { "POST", "/_understudy/reset", post_reset },
    { "POST", "/moto-api/reset", post_reset },
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
        refuse(request, response, &why);
    else
        answer_route(route_run(routes, w, request, response), request, response);
    return true;
}
