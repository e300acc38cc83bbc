#include "fakests/fakests.h"

#include "fakests/reply.h"
#include "fakests/sigv4.h"

#include <inttypes.h>

bool fakests_is_for(const struct http_request *request)
{
    static const struct str paths[] = { STR_INIT("/"),     STR_INIT("/sts"),  STR_INIT("/iam"),
                                        STR_INIT("/sts/"), STR_INIT("/iam/"), STR_INIT("") };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (str_eq(request->path, paths[i]))
            return true;
    return false;
}

static const struct str version_sts = STR_INIT("2011-06-15"), version_iam = STR_INIT("2010-05-08");

static bool version_known(struct str version)
{
    return str_eq(version, version_sts) || str_eq(version, version_iam);
}

/* The service of a Version, or of the path when there is none. */
static enum service service_of(const struct call *c)
{
    struct str version;
    if (form_find(c->form, STR("Version"), &version))
        return str_eq(version, version_iam) ? SERVICE_IAM : SERVICE_STS;
    return c->request && str_starts(c->request->path, STR("/iam")) ? SERVICE_IAM : SERVICE_STS;
}

static struct outcome find_action(struct call *c, const struct action **out)
{
    struct str version = STR("");
    if (!form_find(c->form, STR("Action"), &c->action))
        FAIL(c->why, ACTION_MISSING, "the request has no Action parameter");
    bool known = !form_find(c->form, STR("Version"), &version) || version_known(version);
    *out = known ? action_find(c->api, c->action) : NULL;
    if (*out)
        return OK;
    c->why->arg[0] = c->action;
    c->why->arg[1] = version;
    FAIL(c->why, ACTION_UNKNOWN, "no action \"%.*s\" in version \"%.*s\"",
         STR_ARG(str_sub(c->action, 0, 128)), STR_ARG(str_sub(version, 0, 32)));
}

/* A fault that somebody injected for this action: perhaps an error in place of running it. */
static struct outcome take_fault(struct call *c)
{
    const struct fault_source *source = &c->service->faults;
    if (!source->next || !source->next(source->context, c->arena, c->action, &c->hit) ||
        !c->hit.code.n)
        return OK;
    c->why->arg[0] = c->hit.code;
    c->why->arg[1] = c->hit.message;
    FAIL(c->why, INJECTED, "fault %" PRId64 " answers with %d %.*s", c->hit.id, c->hit.status,
         STR_ARG(c->hit.code));
}

static struct outcome run(struct call *c, struct str *document)
{
    const struct action *action;
    c->api = service_of(c);
    TRY(find_action(c, &action));
    TRY(take_fault(c));
    if (action->signed_)
        TRY(sigv4_authenticate(c));
    const struct iam_keeper *keeper = &c->service->keeper;
    return action->changes ? keeper->keep(keeper->context, c, action->run, document)
                           : action->run(c, document);
}

/* "REASON; one ASCII sentence": anything else in the detail becomes '?'. */
static struct str reason_header(struct arena *a, const struct why *why)
{
    struct str s = arena_printf(a, "%s; %.*s", fault_reason(why->fault), STR_ARG(why->detail));
    char *p = (char *)arena_cstr(a, s);
    size_t n = s.n < 1024 ? s.n : 1024;
    for (size_t i = 0; i < n; i++)
        if (p[i] < ' ' || p[i] > '~')
            p[i] = '?';
    return str_n(p, n);
}

static struct aws_error error_of(const struct call *c)
{
    struct aws_error e = aws_error_of(c->arena, c->why, c->world->dialect, c->api);
    if (c->why->fault == FAULT_INJECTED) { /* whoever injected it chose the status too */
        e.status = c->hit.status;
        e.receiver = e.status >= 500;
    }
    return e;
}

static void answer(struct call *c, struct outcome o, struct str document,
                   struct http_response *response, struct fakests_exchange *exchange)
{
    response->status = 200;
    response->content_type = STR("text/xml");
    http_response_header(response, STR("x-amzn-requestid"), c->request_id);
    if (failed(o)) {
        exchange->aws = error_of(c);
        document = reply_error(c->arena, &exchange->aws, c->api, c->request_id);
        response->status = exchange->aws.status;
        if (response->status == 405) /* RFC 9110 15.5.6 */
            http_response_header(response, STR("Allow"), STR("GET, POST"));
        http_response_header(response, STR("x-understudy-reason"), reason_header(c->arena, c->why));
        if (c->authorization_message.n)
            http_response_header(response, STR("x-understudy-authorization-message"),
                                 c->authorization_message);
    }
    response->body = document;
    response->delay_ms = c->hit.delay_ms;
    response->drop = c->hit.drop;
    response->truncate_to = c->hit.truncate_to;
    exchange->request_id = c->request_id;
    exchange->action = c->action;
    exchange->time_s = c->now_s;
    exchange->why = *c->why;
    exchange->web_identity = c->web_identity;
    exchange->form = c->form;
    if (c->caller.arn.n) {
        struct caller *caller = arena_make(c->arena, struct caller);
        *caller = c->caller;
        exchange->caller = caller;
    }
    exchange->caller_arn = c->caller.arn;
    exchange->peer = c->request->peer;
    exchange->user_agent = http_header(c->request, "user-agent");
}

static void open_call(struct call *c, const struct fakests *service,
                      const struct fakests_world *world, const struct http_request *request,
                      struct why *why)
{
    char *id = arena_alloc(request->arena, UUID_TEXT_BYTES);
    *why = why_new(request->arena);
    *c = (struct call){ .arena = request->arena,
                        .why = why,
                        .service = service,
                        .world = world,
                        .request = request,
                        .now_s = clock_now_s(service->clock),
                        .request_id = str_of(entropy_uuid(service->entropy, id)) };
}

void fakests_call(const struct fakests *service, const struct fakests_world *world,
                  const struct http_request *request, const struct form *form,
                  struct http_response *response, struct fakests_exchange *exchange)
{
    struct call c;
    struct why why;
    struct str document = STR("");
    open_call(&c, service, world, request, &why);
    c.form = form;
    struct outcome o = run(&c, &document);
    answer(&c, o, document, response, exchange);
}

static struct outcome decode(const struct http_request *request, struct why *why, struct form *form)
{
    const bool post = str_eq(request->method, STR("POST"));
    if (!post && !str_eq(request->method, STR("GET")))
        FAIL(why, METHOD_NOT_ALLOWED, "the method is %.*s, neither POST nor GET",
             STR_ARG(str_sub(request->method, 0, 32)));
    if (request->body_too_large)
        FAIL(why, BODY_TOO_LARGE, "the body is over %d bytes", 1024 * 1024);
    return form_read(request->arena, why, post ? request->body : request->query, form);
}

void fakests_handle(const struct fakests *service, const struct fakests_world *world,
                    const struct http_request *request, struct http_response *response,
                    struct fakests_exchange *exchange)
{
    struct form *form = arena_make(request->arena, struct form); /* the exchange borrows it */
    struct why why = why_new(request->arena), opened;
    struct call c;
    struct outcome o = decode(request, &why, form);
    if (!failed(o)) {
        fakests_call(service, world, request, form, response, exchange);
        return;
    }
    open_call(&c, service, world, request, &opened);
    c.why = &why;
    answer(&c, o, STR(""), response, exchange);
}
