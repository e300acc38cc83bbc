#include "scenarios/capture.h"

#include "fakests/iam/arn.h"
#include "fakests/iam/write.h"
#include "scenarios/play.h"
#include "scenarios/stage_world.h"

struct capturing {
    struct arena *a;
    const struct capture_ask *ask;
    const struct explanation *e;
    struct str role_arn;
    struct str account; /* the role's, or the default one */
    struct str issuer;  /* with https://, or empty */
};

/* ---- the world ---- */

static json_t *object_of(struct capturing *c, struct str text)
{
    json_t *v = json_loadb(text.p, text.n, 0, NULL);
    return json_keep(c->a, v ? v : json_object());
}

static void leave_out(json_t *object, const char *const *names)
{
    for (; *names; names++)
        json_object_del(object, *names);
}

/* Faults that lie in the key set a config gives: without it they would not come back. */
static bool needs_key_set(enum fault fault)
{
    return fault == FAULT_KEYS_UNAVAILABLE || fault == FAULT_KEY_UNUSABLE;
}

static void put_provider(struct capturing *c, json_t *world)
{
    static const char *const beside[] = { "tags", "thumbprints", "created", NULL };
    static const char *const keys[] = { "keys", NULL };
    const struct provider *p = iam_provider(c->ask->iam, c->account, c->issuer);
    if (!p)
        return;
    json_t *provider = object_of(c, iam_provider_text(c->a, p));
    leave_out(provider, beside);
    if (!needs_key_set(c->e->why.fault)) /* the token is signed anew, with keys of its own */
        leave_out(provider, keys);
    json_object_set_new(world, "oidc_providers", json_pack("[O]", provider));
}

/* What the role may do has no part in who may have it. */
static void put_role(struct capturing *c, json_t *world)
{
    static const char *const beside[] = {
        "policies", "attached_policies", "permissions_boundary", "description", "id", NULL
    };
    const struct role *r = iam_role(c->ask->iam, c->role_arn);
    if (!r)
        return;
    json_t *role = object_of(c, iam_role_text(c->a, r));
    leave_out(role, beside);
    json_object_set_new(world, "roles", json_pack("[O]", role));
}

static void put_policies(struct capturing *c, json_t *world)
{
    json_t *list = json_keep(c->a, json_array());
    for (size_t i = 0; i < c->ask->form->n; i++) {
        const struct managed_policy *p = iam_policy(c->ask->iam, c->ask->form->fields[i].value);
        if (p && !str_eq(p->account, STR("aws")))
            json_array_append(list, object_of(c, iam_policy_text(c->a, p)));
    }
    if (json_array_size(list))
        json_object_set(world, "managed_policies", list);
}

static struct str source_ip(const struct capturing *c)
{
    struct str configured = c->ask->config->source_ip;
    return configured.n ? configured : c->ask->source_ip;
}

static json_t *world_of(struct capturing *c)
{
    json_t *world = json_keep(c->a, json_object());
    struct str ip = source_ip(c);
    json_object_set_new(world, "account", json_of(c->account));
    json_object_set_new(world, "region", json_of(c->ask->config->region));
    if (c->ask->config->dialect == DIALECT_CLASSIC)
        json_object_set_new(world, "dialect", json_string("classic"));
    if (ip.n && !str_eq(ip, STR("127.0.0.1")))
        json_object_set_new(world, "source_ip", json_of(ip));
    put_provider(c, world);
    put_role(c, world);
    put_policies(c, world);
    return world;
}

/* ---- the token ---- */

/* `kid` of a token whose key was not found is what has to be not found again. */
static bool was_verified(enum fault fault)
{
    static const enum fault unverified[] = { FAULT_ALGORITHM_UNSUPPORTED, FAULT_KEYS_UNAVAILABLE,
                                             FAULT_IDP_UNREACHABLE,       FAULT_KEY_UNKNOWN,
                                             FAULT_KEY_UNUSABLE,          FAULT_SIGNATURE_INVALID };
    for (size_t i = 0; i < sizeof unverified / sizeof unverified[0]; i++)
        if (unverified[i] == fault)
            return false;
    return true;
}

static json_t *header_of(struct capturing *c)
{
    static const char *const of_key[] = {
        "kid", "x5t", "x5t#S256", "x5c", "x5u", "jku", "jwk", NULL
    };
    json_t *header = json_keep(c->a, json_deep_copy(c->e->trace.header));
    json_t *kid = json_keep(c->a, json_incref(json_object_get(header, "kid")));
    leave_out(header, of_key);
    if (kid && c->e->why.fault == FAULT_KEY_UNKNOWN)
        json_object_set(header, "kid", kid);
    return header;
}

static json_t *token_step(struct capturing *c)
{
    json_t *token = json_object(), *step = json_object();
    json_object_set(token, "header", header_of(c));
    json_object_set(token, "claims", c->e->trace.claims);
    json_object_set_new(token, "verified", json_boolean(was_verified(c->e->why.fault)));
    json_object_set_new(step, "token", token);
    json_object_set_new(step, "save", json_string("token"));
    return step;
}

/* ---- the call ---- */

/* What could not be read is not shown: any other that cannot be read is refused alike. */
static struct str unreadable_token(struct capturing *c, struct str value)
{
    if (c->e->why.fault != FAULT_PARAMETER_INVALID)
        return STR("not a token, as it was");
    char *filler = arena_alloc(c->a, value.n + 1);
    memset(filler, 'x', value.n); /* its length is what was wrong, or right */
    return str_n(filler, value.n);
}

/* A value that looks like a reference would be taken for one: none of AWS's parameters has such. */
static json_t *call_of(struct capturing *c)
{
    json_t *call = json_object();
    bool token = c->e->trace.header && c->e->trace.claims;
    struct str value;
    json_object_set_new(call, "Action", json_of(c->e->action));
    for (size_t i = 0; i < c->ask->form->n; i++) {
        const struct form_field *f = &c->ask->form->fields[i];
        if (!str_eq(f->name, STR("Action")) && !str_eq(f->name, STR("Version")) &&
            !str_eq(f->name, STR("WebIdentityToken")))
            json_object_set_new(call, arena_cstr(c->a, f->name), json_of(f->value));
    }
    if (form_find(c->ask->form, STR("WebIdentityToken"), &value))
        json_object_set_new(call, "WebIdentityToken",
                            json_of(token ? STR("{token}") : unreadable_token(c, value)));
    return call;
}

/* The first condition that was not met, of a statement that is about this action and caller. */
static void put_condition(json_t *because, const json_t *explanation)
{
    size_t i, j;
    json_t *s, *condition;
    json_array_foreach(json_object_get(explanation, "statements"), i, s)
    {
        if (!json_is_true(json_object_get(s, "principal")) ||
            !json_is_true(json_object_get(s, "action")))
            continue;
        json_array_foreach(json_object_get(s, "conditions"), j, condition)
        {
            if (!json_is_false(json_object_get(condition, "passed")))
                continue;
            json_object_set(because, "statement", json_object_get(s, "index"));
            json_object_set(because, "operator", json_object_get(condition, "operator"));
            json_object_set(because, "key", json_object_get(condition, "key"));
            return;
        }
    }
}

static json_t *expect_of_exchange(struct capturing *c)
{
    const struct explanation *e = c->e;
    json_t *expect = json_object(), *because = json_object();
    json_object_set_new(expect, "status", json_integer(e->aws.status));
    if (e->allowed) {
        json_decref(because);
        return expect;
    }
    json_object_set_new(expect, "error", json_string(e->aws.code));
    if (e->aws.message.n)
        json_object_set_new(expect, "message", json_of(e->aws.message));
    json_object_set_new(because, "reason", json_string(fault_reason(e->why.fault)));
    put_condition(because, json_keep(c->a, explain_json(c->a, e)));
    json_object_set_new(expect, "because", because);
    return expect;
}

/* ---- faults and keys that took part ---- */

static void put_fault(struct capturing *c, json_t *steps)
{
    const struct explanation *e = c->e;
    if (e->why.fault == FAULT_KEYS_UNAVAILABLE && c->issuer.n &&
        iam_provider(c->ask->iam, c->account, c->issuer) &&
        iam_provider(c->ask->iam, c->account, c->issuer)->origin == KEYS_LOCAL)
        json_array_append_new(steps, json_pack("{s:o}", "down", json_of(c->issuer)));
    if (e->why.fault == FAULT_INJECTED)
        json_array_append_new(steps, json_pack("{s:{s:o, s:s, s:o, s:i}}", "fault", "action",
                                               json_of(e->action), "error", e->aws.code, "message",
                                               json_of(e->aws.message), "status", e->aws.status));
}

/* ---- the whole ---- */

static struct str title_of(struct capturing *c)
{
    struct str role = c->role_arn;
    struct arn arn;
    if (arn_is_role(role, &arn))
        role = arn_role_name(&arn);
    if (c->e->allowed)
        return arena_printf(c->a, "%.*s of %.*s is allowed", STR_ARG(c->e->action), STR_ARG(role));
    return arena_printf(c->a, "%.*s of %.*s is refused: %s", STR_ARG(c->e->action), STR_ARG(role),
                        fault_reason(c->e->why.fault));
}

static json_t *steps_of(struct capturing *c)
{
    json_t *steps = json_array(), *call = json_object();
    put_fault(c, steps);
    if (c->e->trace.header && c->e->trace.claims)
        json_array_append_new(steps, token_step(c));
    json_object_set_new(call, "call", call_of(c));
    json_object_set_new(call, "expect", expect_of_exchange(c));
    json_array_append_new(steps, call);
    return steps;
}

static void find_places(struct capturing *c)
{
    struct arn arn;
    c->account = c->ask->config->account;
    if (form_find(c->ask->form, STR("RoleArn"), &c->role_arn) && arn_is_role(c->role_arn, &arn))
        c->account = arn.account;
    c->issuer = json_str(json_object_get(c->e->trace.claims, "iss"));
    if (!str_starts(c->issuer, STR("https://")))
        c->issuer = STR("");
}

struct outcome capture_untried(struct arena *a, struct why *why, const struct capture_ask *ask,
                               json_t **out)
{
    struct capturing c = { .a = a, .ask = ask, .e = ask->explanation };
    char clock[TIME_TEXT_BYTES];
    json_t *s;
    if (!str_eq(c.e->action, STR("AssumeRoleWithWebIdentity")))
        FAIL(why, CAPTURE_IMPOSSIBLE, "only AssumeRoleWithWebIdentity is captured, this was %.*s",
             STR_ARG(c.e->action.n ? c.e->action : STR("no action")));
    find_places(&c);
    s = json_keep(a, json_object());
    json_object_set_new(s, "scenario", json_of(title_of(&c)));
    if (!c.e->allowed)
        json_object_set_new(s, "story", json_of(c.e->why.detail));
    json_object_set_new(s, "source", json_string("captured by understudy " UNDERSTUDY_VERSION));
    json_object_set_new(s, "clock", json_string(time_write(c.e->time_s, clock)));
    json_object_set(s, "world", world_of(&c));
    json_object_set_new(s, "steps", steps_of(&c));
    *out = s;
    return OK;
}

struct outcome capture_try(struct arena *a, struct why *why, json_t *scenario)
{
    const struct play_options first = { .all = false };
    struct play_result result;
    struct json_doc *doc;
    struct scenario *s;
    struct stage stage;
    TRY(json_load(a, why, STR("scenario"), json_text(a, scenario), JSON_DUPLICATES_REFUSED, &doc));
    TRY(scenario_read(a, why, doc, &s));
    TRY(stage_world_open(a, why, s, &stage));
    play(a, s, &stage, &first, &result);
    if (result.verdict == PLAY_PASSED)
        return OK;
    const struct play_failure *f = result.n_failures ? &result.failures[0] : NULL;
    if (f && f->why.fault != FAULT_NONE)
        FAIL(why, CAPTURE_IMPOSSIBLE, "it would not replay to the same answer: %.*s",
             STR_ARG(why_text(&f->why)));
    FAIL(why, CAPTURE_IMPOSSIBLE, "it would not replay to the same answer, but to: %.*s",
         STR_ARG(f ? f->answered : STR("nothing")));
}

struct outcome capture_scenario(struct arena *a, struct why *why, const struct capture_ask *ask,
                                json_t **out)
{
    json_t *scenario;
    TRY(capture_untried(a, why, ask, &scenario));
    TRY(capture_try(a, why, scenario));
    *out = scenario;
    return OK;
}
