#include "fakests/explain.h"

#include "fakests/hints/rule.h"
#include "fakests/statement_json.h"

#include <inttypes.h>

enum { FIELDS_MAX = 6 }; /* beside the policy ARNs */

static void add(struct form *form, struct str name, struct str value)
{
    if (value.p)
        form->fields[form->n++] = (struct form_field){ name, value };
}

/* The request, so that its parameters are read as the service reads them. */
static struct form *ask_form(struct arena *a, const struct explain_ask *ask)
{
    enum { TOKEN_MIN = 4 }; /* claims without a token, and what is kept of a short one, will do */
    struct form *f = arena_make(a, struct form);
    f->fields = arena_array(a, struct form_field, FIELDS_MAX + ask->n_policy_arns);
    add(f, STR("RoleArn"), ask->role_arn);
    add(f, STR("RoleSessionName"), ask->session_name);
    add(f, STR("WebIdentityToken"), ask->token.n < TOKEN_MIN ? STR("none") : ask->token);
    add(f, STR("ProviderId"), ask->provider_id);
    add(f, STR("Policy"), ask->policy);
    if (ask->has_duration)
        add(f, STR("DurationSeconds"), arena_printf(a, "%" PRId64, ask->duration_s));
    for (size_t i = 0; i < ask->n_policy_arns; i++)
        add(f, arena_printf(a, "PolicyArns.member.%zu.arn", i + 1), ask->policy_arns[i]);
    return f;
}

static struct outcome read_params(struct call *c, struct web_identity_params *out)
{
    *out = (struct web_identity_params){ .role_arn = { NULL, 0 } };
    if (failed(param_read(c, web_identity_param_rows, out)))
        return trace_fail(c->trace, "parameters", c->why);
    return OK;
}

static struct outcome decide(struct call *c, const struct token_input *token,
                             struct web_identity_grant *grant)
{
    struct web_identity_params p;
    *grant = (struct web_identity_grant){ .role = NULL };
    TRY(read_params(c, &p));
    return web_identity_decide(c, &p, token, grant);
}

static struct http_request *ask_request(struct arena *a, const struct explain_ask *ask)
{
    struct http_request *r = arena_make(a, struct http_request);
    r->arena = a;
    r->peer = ask->source_ip;
    r->headers = arena_make(a, struct http_header);
    if (ask->user_agent.p) {
        r->headers[0] = (struct http_header){ STR("user-agent"), ask->user_agent };
        r->n_headers = 1;
    }
    return r;
}

static struct hints find_hints(const struct call *c, const struct explain_ask *ask,
                               const struct explanation *e, const struct web_identity_grant *grant)
{
    struct hint_case hints = { .arena = c->arena,
                               .iam = c->world->iam,
                               .ask = ask,
                               .trace = &e->trace,
                               .who = &grant->who,
                               .role = grant->role,
                               .trust_document = e->trust_document,
                               .fault = e->why.fault };
    if (grant->who.provider)
        hints.n_principals = web_identity_principals(grant->who.provider, hints.principals);
    return hints_find(&hints);
}

enum explain_signature explain_signature_of(enum fault fault)
{
    static const enum fault recorded[] = { FAULT_ALGORITHM_UNSUPPORTED, FAULT_KEYS_UNAVAILABLE,
                                           FAULT_IDP_UNREACHABLE,       FAULT_KEY_UNKNOWN,
                                           FAULT_KEY_UNUSABLE,          FAULT_SIGNATURE_INVALID };
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++)
        if (recorded[i] == fault)
            return EXPLAIN_AS_RECORDED;
    return EXPLAIN_VALID;
}

/* What was compiled from this text is JSON. */
static json_t *trust_document(struct arena *a, const struct role *role)
{
    struct why why = why_new(a);
    struct json_doc *doc;
    bool read =
        !failed(json_load(a, &why, STR("trust policy"), role->trust_text, JSON_LAST_WINS, &doc));
    return read ? doc->root : NULL;
}

struct explanation *explain_web_identity(struct arena *a, const struct fakests *service,
                                         const struct fakests_world *world,
                                         const struct explain_ask *ask)
{
    struct explanation *e = arena_make(a, struct explanation);
    struct web_identity_grant grant;
    struct token_input token = { .token = ask->token,
                                 .header = ask->header,
                                 .claims = ask->claims,
                                 .signature = ask->signature,
                                 .recorded = ask->recorded };
    e->request_id = ask->request_id;
    e->time_s = ask->now_s;
    e->action = STR("AssumeRoleWithWebIdentity");
    e->role_arn = ask->role_arn;
    e->why = why_new(a);
    e->trace = trace_new(a);
    struct call c = { .arena = a,
                      .why = &e->why,
                      .service = service,
                      .world = world,
                      .request = ask_request(a, ask),
                      .form = ask_form(a, ask),
                      .api = SERVICE_STS,
                      .action = e->action,
                      .request_id = ask->request_id,
                      .now_s = ask->now_s,
                      .trace = &e->trace };
    e->allowed = !failed(decide(&c, &token, &grant));
    if (grant.who.claims)
        e->trace.unmapped = context_unmapped(&c, &grant.who, &e->trace.n_unmapped);
    if (grant.who.provider)
        e->provider_url = grant.who.provider->url;
    if (grant.role)
        e->trust_document = trust_document(a, grant.role);
    e->aws = e->allowed ? (struct aws_error){ .status = 200 }
                        : aws_error_of(a, &e->why, world->dialect, SERVICE_STS);
    e->hints = find_hints(&c, ask, e, &grant);
    return e;
}

/* ---- JSON ---- */

static json_t *aws_json(const struct explanation *e)
{
    json_t *o = json_pack("{s:i}", "status", e->aws.status);
    if (e->aws.code) {
        json_object_set_new(o, "code", json_string(e->aws.code));
        json_object_set_new(o, "message", json_of(e->aws.message));
    }
    return o;
}

static json_t *token_json(const struct trace *t)
{
    static const char *const names[] = { "unchecked", "valid", "invalid" };
    json_t *o = json_object();
    json_object_set_new(o, "header", t->header ? json_incref(t->header) : json_object());
    json_object_set_new(o, "claims", t->claims ? json_incref(t->claims) : json_object());
    json_object_set_new(o, "signature", json_string(names[t->signature]));
    return o;
}

static json_t *checks_json(const struct trace *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->n_checks; i++) {
        json_t *o =
            json_pack("{s:s, s:b}", "name", t->checks[i].name, "passed", t->checks[i].passed);
        json_object_set_new(o, "detail", json_of(t->checks[i].detail));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *statements_json(const struct trace *t)
{
    json_t *list = json_array();
    for (size_t i = 0; t->has_policy && i < t->policy.n_statements; i++)
        json_array_append_new(list, statement_json_of(&t->policy.statements[i], STATEMENT_WHO));
    return list;
}

json_t *explain_json(struct arena *a, const struct explanation *e)
{
    char time[TIME_TEXT_BYTES];
    json_t *o = json_object();
    json_object_set_new(o, "request_id", json_of(e->request_id));
    json_object_set_new(o, "time", json_string(time_write(e->time_s, time)));
    json_object_set_new(o, "action", json_of(e->action));
    json_object_set_new(o, "decision", json_string(e->allowed ? "allowed" : "denied"));
    json_object_set_new(o, "reason",
                        e->allowed ? json_null() : json_string(fault_reason(e->why.fault)));
    json_object_set_new(o, "detail", json_of(e->why.detail));
    json_object_set_new(o, "aws", aws_json(e));
    json_object_set_new(o, "role", json_of(e->role_arn));
    json_object_set_new(o, "token", token_json(&e->trace));
    json_object_set_new(o, "checks", checks_json(&e->trace));
    json_object_set_new(o, "context", statement_json_context(a, e->trace.context));
    json_object_set_new(o, "unmapped_claims",
                        statement_json_texts(e->trace.unmapped, e->trace.n_unmapped));
    json_object_set_new(o, "evaluated_action", json_of(e->trace.evaluated_action));
    json_object_set_new(o, "statements", statements_json(&e->trace));
    json_object_set_new(o, "hints", hints_json(&e->hints));
    return o;
}
