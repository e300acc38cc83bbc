#include "fakests/audit.h"

#include "fakests/session.h"
#include "fakests/web_identity.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

enum { WORLDS_KEPT = 4 }; /* snapshots that records may keep alive beside the present one */

/* One allocation a record: the texts follow the struct. */
struct record {
    size_t bytes;
    void *world;   /* held; NULL once settled, and of what is explained without it */
    char *settled; /* the explanation as JSON, when the world was let go; counted in bytes */
    bool refused, has_web_identity;
    struct fakests_exchange exchange;
    struct web_identity_params params;
    struct form form;            /* unless params has it; as kept_value lets it */
    struct str account, session; /* of whoever signed it; or empty */
    enum explain_signature signature;
};

struct audit {
    pthread_mutex_t lock;
    const struct fakests *service;
    struct audit_world worlds;
    struct record *ring[AUDIT_RECORDS_MAX]; /* [newest - 1] is the newest */
    size_t newest, n, bytes;
    struct audit_counts counts;
};

struct audit *audit_new(const struct fakests *service, const struct audit_world *worlds)
{
    struct audit *audit = calloc(1, sizeof *audit);
    if (!audit || pthread_mutex_init(&audit->lock, NULL) != 0)
        abort();
    audit->service = service;
    audit->worlds = *worlds;
    return audit;
}

/* ---- records ---- */

static void record_free(struct audit *audit, struct record *r)
{
    if (!r)
        return;
    if (r->world)
        audit->worlds.drop(r->world);
    free(r->settled);
    free(r);
}

/* The token without its signature: "header.payload". */
static struct str unsigned_part(struct str token)
{
    size_t dot = token.n;
    while (dot && token.p[dot - 1] != '.')
        dot--;
    return str_sub(token, 0, dot ? dot - 1 : token.n);
}

/* Adds up what the record's texts need, or moves them behind it, in one place. */
struct packer {
    char *to; /* NULL: only add up */
    size_t n;
};

static void pack(struct packer *p, struct str *s)
{
    if (!s->p)
        return;
    if (p->to) {
        memcpy(p->to + p->n, s->p, s->n);
        s->p = p->to + p->n;
    }
    p->n += s->n;
}

/* Of an injected error even the code is no constant. */
static void pack_code(struct packer *p, const char **code)
{
    struct str s = str_n(*code, *code ? strlen(*code) + 1 : 0);
    pack(p, &s);
    *code = s.p;
}

static void pack_exchange(struct packer *p, struct fakests_exchange *e)
{
    pack(p, &e->request_id);
    pack(p, &e->action);
    pack(p, &e->why.detail);
    pack(p, &e->why.place);
    pack(p, &e->why.arg[0]);
    pack(p, &e->why.arg[1]);
    pack_code(p, &e->aws.code);
    pack(p, &e->aws.message);
    pack(p, &e->caller_arn);
    pack(p, &e->user_agent);
    pack(p, &e->peer);
}

static void pack_form(struct packer *p, struct form *f)
{
    for (size_t i = 0; i < f->n; i++) {
        pack(p, &f->fields[i].name);
        pack(p, &f->fields[i].value);
    }
}

static void pack_params(struct packer *p, struct web_identity_params *w)
{
    pack(p, &w->role_arn);
    pack(p, &w->role_session_name);
    pack(p, &w->web_identity_token);
    pack(p, &w->provider_id);
    pack(p, &w->policy);
    struct str *arns = w->policy_arns.items;
    for (size_t i = 0; i < w->policy_arns.n; i++)
        pack(p, &arns[i]);
}

/* What of a parameter may be kept: no signature of a token, no code of a device. */
static struct str kept_value(const struct form_field *f)
{
    if (str_eq(f->name, STR("WebIdentityToken")))
        return unsigned_part(f->value);
    if (str_eq(f->name, STR("TokenCode"))) /* of an MFA device */
        return str_sub(STR("000000000"), 0, f->value.n);
    return f->value;
}

/* The parameters, where they are not in params already; adds up their bytes. */
static size_t form_fields(const struct fakests_exchange *exchange, struct form_field *out,
                          size_t *bytes)
{
    const struct form *form = exchange->web_identity ? NULL : exchange->form;
    for (size_t i = 0; form && i < form->n; i++) {
        struct form_field f = form->fields[i];
        f.value = kept_value(&f);
        if (out)
            out[i] = f;
        *bytes += f.name.n + f.value.n;
    }
    return form ? form->n : 0;
}

/* Who signed, as far as a capture needs it: a session without its keys, in session_write's bytes.
 */
static void keep_caller(struct record *r, const struct caller *caller, struct arena *a)
{
    if (!caller)
        return;
    r->account = caller->account;
    if (!caller->session)
        return;
    struct session session = *caller->session;
    session.access_key_id = session.secret_access_key = STR("");
    r->session = session_write(a, &session);
}

static struct record *record_made(struct arena *a, const struct fakests_exchange *exchange)
{
    struct record r = { .exchange = *exchange, .refused = exchange->why.fault != FAULT_NONE };
    struct form_field *fields = NULL;
    struct packer sum = { NULL, 0 };
    size_t n_arns = 0;

    r.has_web_identity = exchange->web_identity != NULL;
    if (r.has_web_identity) {
        r.params = *exchange->web_identity;
        r.params.web_identity_token = unsigned_part(r.params.web_identity_token);
        n_arns = r.params.policy_arns.n;
    }
    r.signature = explain_signature_of(exchange->why.fault);
    r.exchange.web_identity = NULL;
    r.exchange.form = NULL;
    r.exchange.why.arena = NULL;
    r.exchange.caller = NULL;
    keep_caller(&r, exchange->caller, a);
    pack(&sum, &r.account);
    pack(&sum, &r.session);
    r.form.n = form_fields(exchange, NULL, &sum.n);
    pack_exchange(&sum, &r.exchange);
    pack_params(&sum, &r.params);
    r.bytes = sizeof r + n_arns * sizeof(struct str) + r.form.n * sizeof *fields + sum.n;

    struct record *kept = malloc(r.bytes);
    if (!kept)
        abort();
    *kept = r;
    struct str *arns = (struct str *)(kept + 1);
    if (n_arns) {
        memcpy(arns, r.params.policy_arns.items, n_arns * sizeof *arns);
        kept->params.policy_arns.items = arns;
    }
    fields = (struct form_field *)(arns + n_arns);
    kept->form.fields = fields;
    (void)form_fields(exchange, fields, &sum.n);
    struct packer move = { (char *)(fields + r.form.n), 0 };
    pack_exchange(&move, &kept->exchange);
    pack_params(&move, &kept->params);
    pack(&move, &kept->account);
    pack(&move, &kept->session);
    pack_form(&move, &kept->form);
    return kept;
}

static struct record *record_new(const struct fakests_exchange *exchange)
{
    struct arena *a = exchange->caller && exchange->caller->session ? arena_new_small(4096) : NULL;
    struct record *r = record_made(a, exchange);
    arena_free(a);
    return r;
}

static struct record **slot(struct audit *audit, size_t age)
{
    return &audit->ring[(audit->newest + AUDIT_RECORDS_MAX - 1 - age) % AUDIT_RECORDS_MAX];
}

static void forget_oldest(struct audit *audit)
{
    struct record **r = slot(audit, audit->n - 1);
    audit->bytes -= (*r)->bytes;
    record_free(audit, *r);
    *r = NULL;
    audit->n--;
}

void audit_add(struct audit *audit, const struct fakests_exchange *exchange, void *world)
{
    struct record *r = record_new(exchange);
    if (r->has_web_identity) /* nothing else is walked through again: see record_explain */
        r->world = audit->worlds.hold(world);
    pthread_mutex_lock(&audit->lock);
    while (audit->n && (audit->n == AUDIT_RECORDS_MAX || audit->bytes + r->bytes > AUDIT_BYTES_MAX))
        forget_oldest(audit);
    audit->ring[audit->newest] = r;
    audit->newest = (audit->newest + 1) % AUDIT_RECORDS_MAX;
    audit->n++;
    audit->bytes += r->bytes;
    audit->counts.exchanges++;
    audit->counts.refused += r->refused;
    pthread_mutex_unlock(&audit->lock);
}

void audit_clear(struct audit *audit)
{
    pthread_mutex_lock(&audit->lock);
    while (audit->n)
        forget_oldest(audit);
    pthread_mutex_unlock(&audit->lock);
}

void audit_free(struct audit *audit)
{
    if (!audit)
        return;
    audit_clear(audit);
    pthread_mutex_destroy(&audit->lock);
    free(audit);
}

struct audit_counts audit_counts(struct audit *audit)
{
    pthread_mutex_lock(&audit->lock);
    struct audit_counts counts = audit->counts;
    pthread_mutex_unlock(&audit->lock);
    return counts;
}

/* ---- explaining ---- */

/* A refusal that came before there was anything to walk through, or an action without conditions.
 */
static struct explanation *summary(struct arena *a, const struct fakests_exchange *x)
{
    struct explanation *e = arena_make(a, struct explanation);
    e->request_id = x->request_id;
    e->time_s = x->time_s;
    e->action = x->action;
    e->allowed = x->why.fault == FAULT_NONE;
    e->why = x->why;
    e->why.arena = a;
    e->aws = x->aws;
    if (e->allowed)
        e->aws.status = 200;
    e->trace = trace_new(a);
    if (!e->allowed)
        (void)trace_fail(&e->trace, fault_reason(x->why.fault), &e->why);
    return e;
}

static void fill_ask(struct explain_ask *ask, const struct fakests_exchange *x,
                     const struct web_identity_params *p)
{
    *ask = (struct explain_ask){
        .request_id = x->request_id,
        .role_arn = p->role_arn,
        .session_name = p->role_session_name,
        .policy = p->policy,
        .provider_id = p->provider_id,
        .policy_arns = p->policy_arns.items,
        .n_policy_arns = p->policy_arns.n,
        .has_duration = p->duration_s.present,
        .duration_s = p->duration_s.value,
        .recorded = x->why,
        .now_s = x->time_s,
        .source_ip = x->peer,
        .user_agent = x->user_agent,
    };
}

static struct explanation *walk(struct arena *a, const struct fakests *service,
                                const struct fakests_world *world, const struct fakests_exchange *x,
                                const struct web_identity_params *p,
                                enum explain_signature signature, struct str unsigned_token)
{
    struct explain_ask ask;
    fill_ask(&ask, x, p);
    ask.signature = signature;
    ask.recorded.arena = a;
    /* A token that was no JWT is no JWT without its signature either. */
    ask.token = x->why.fault == FAULT_TOKEN_MALFORMED
                    ? unsigned_token
                    : arena_printf(a, "%.*s.", STR_ARG(unsigned_token));
    struct explanation *e = explain_web_identity(a, service, world, &ask);
    if (e->allowed != (x->why.fault == FAULT_NONE) || e->why.fault != x->why.fault)
        return summary(a, x); /* e.g. an injected fault: what was answered is what counts */
    if (!e->allowed) {        /* the words the client was given */
        e->aws = x->aws;
        e->why.detail = x->why.detail;
    }
    return e;
}

struct explanation *audit_explain(struct arena *a, const struct fakests *service,
                                  const struct fakests_world *world,
                                  const struct fakests_exchange *x)
{
    if (!x->web_identity)
        return summary(a, x);
    return walk(a, service, world, x, x->web_identity, explain_signature_of(x->why.fault),
                unsigned_part(x->web_identity->web_identity_token));
}

static struct explanation *record_explain(struct audit *audit, struct arena *a, struct record *r)
{
    if (!r->has_web_identity)
        return summary(a, &r->exchange);
    return walk(a, audit->service, audit->worlds.sts(r->world), &r->exchange, &r->params,
                r->signature, r->params.web_identity_token);
}

static void settle(struct audit *audit, struct record *r)
{
    struct arena *a = arena_new();
    json_t *explanation = json_keep(a, explain_json(a, record_explain(audit, a, r)));
    r->settled = json_dumps(explanation, JSON_COMPACT);
    if (!r->settled)
        abort();
    arena_free(a);
    audit->worlds.drop(r->world);
    r->world = NULL;
    r->bytes += strlen(r->settled);
    audit->bytes += strlen(r->settled);
}

/* An explanation may be a hundred times its record: what no longer fits is not even computed. */
static void settle_or_forget(struct audit *audit, size_t age)
{
    settle(audit, *slot(audit, age));
    if (audit->bytes <= AUDIT_BYTES_MAX)
        return;
    while (audit->n > age && audit->bytes > AUDIT_BYTES_MAX)
        forget_oldest(audit);
}

void audit_settle(struct audit *audit, const void *present_bulk)
{
    const void *kept[WORLDS_KEPT + 1] = { present_bulk };
    size_t n_kept = 1;

    pthread_mutex_lock(&audit->lock);
    for (size_t age = 0; age < audit->n; age++) {
        struct record *r = *slot(audit, age);
        const void *bulk = r->world ? audit->worlds.bulk(r->world) : NULL;
        bool known = !bulk;
        for (size_t i = 0; i < n_kept && !known; i++)
            known = kept[i] == bulk;
        if (known)
            continue;
        if (n_kept <= WORLDS_KEPT)
            kept[n_kept++] = bulk;
        else
            settle_or_forget(audit, age);
    }
    pthread_mutex_unlock(&audit->lock);
}

/* ---- reading ---- */

static json_t *line(const struct record *r)
{
    const struct fakests_exchange *x = &r->exchange;
    char time[TIME_TEXT_BYTES];
    json_t *o = json_object();
    json_object_set_new(o, "request_id", json_of(x->request_id));
    json_object_set_new(o, "time", json_string(time_write(x->time_s, time)));
    json_object_set_new(o, "action", json_of(x->action));
    json_object_set_new(o, "decision", json_string(r->refused ? "denied" : "allowed"));
    json_object_set_new(o, "reason",
                        r->refused ? json_string(fault_reason(x->why.fault)) : json_null());
    json_object_set_new(o, "detail", json_of(x->why.detail));
    json_object_set_new(o, "status", json_integer(r->refused ? x->aws.status : 200));
    json_object_set_new(o, "role", json_of(r->params.role_arn));
    json_object_set_new(o, "session_name", json_of(r->params.role_session_name));
    json_object_set_new(o, "caller", json_of(x->caller_arn));
    return o;
}

static void add_field(struct form *f, struct str name, struct str value)
{
    if (value.p)
        f->fields[f->n++] = (struct form_field){ name, value };
}

/* The parameters of a web identity call again; of the token only that there was one. */
static struct form *params_form(struct arena *a, const struct web_identity_params *p)
{
    enum { BESIDE_ARNS = 7 };
    struct form *f = arena_make(a, struct form);
    const struct str *arns = p->policy_arns.items;
    f->fields = arena_array(a, struct form_field, BESIDE_ARNS + p->policy_arns.n);
    add_field(f, STR("Action"), STR("AssumeRoleWithWebIdentity"));
    add_field(f, STR("RoleArn"), p->role_arn);
    add_field(f, STR("RoleSessionName"), p->role_session_name);
    add_field(f, STR("WebIdentityToken"), STR(""));
    add_field(f, STR("ProviderId"), p->provider_id);
    add_field(f, STR("Policy"), p->policy);
    if (p->duration_s.present)
        add_field(f, STR("DurationSeconds"), arena_printf(a, "%" PRId64, p->duration_s.value));
    for (size_t i = 0; i < p->policy_arns.n; i++)
        add_field(f, arena_printf(a, "PolicyArns.member.%zu.arn", i + 1), arns[i]);
    return f;
}

bool audit_visit(struct audit *audit, struct arena *a, struct str request_id,
                 void (*see)(void *context, const struct audit_view *view), void *context)
{
    bool found = false;
    pthread_mutex_lock(&audit->lock);
    for (size_t age = 0; age < audit->n && !found; age++) {
        struct record *r = *slot(audit, age);
        if (!str_eq(r->exchange.request_id, request_id))
            continue;
        struct session session;
        struct caller caller = { .account = r->account, .arn = r->exchange.caller_arn };
        if (session_read(a, r->session, &session))
            caller.session = &session;
        struct audit_view view = { .form =
                                       r->has_web_identity ? params_form(a, &r->params) : &r->form,
                                   .peer = r->exchange.peer,
                                   .caller = caller.arn.n ? &caller : NULL,
                                   .world = r->world,
                                   .world_is_gone = r->settled != NULL };
        if (!r->settled)
            view.explanation = record_explain(audit, a, r);
        see(context, &view);
        found = true;
    }
    pthread_mutex_unlock(&audit->lock);
    return found;
}

json_t *audit_list(struct audit *audit, struct arena *a)
{
    json_t *list = json_array();
    (void)a;
    pthread_mutex_lock(&audit->lock);
    for (size_t age = 0; age < audit->n; age++)
        json_array_append_new(list, line(*slot(audit, age)));
    pthread_mutex_unlock(&audit->lock);
    return list;
}

json_t *audit_find(struct audit *audit, struct arena *a, struct str request_id)
{
    json_t *found = NULL;
    pthread_mutex_lock(&audit->lock);
    for (size_t age = 0; age < audit->n && !found; age++) {
        struct record *r = *slot(audit, age);
        if (!str_eq(r->exchange.request_id, request_id))
            continue;
        found = r->settled
                    ? json_loads(r->settled, 0, NULL)
                    : json_deep_copy(json_keep(a, explain_json(a, record_explain(audit, a, r))));
    }
    pthread_mutex_unlock(&audit->lock);
    return found;
}
