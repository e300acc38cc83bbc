#include "scenarios/capture.h"

#include "fakests/iam/arn.h"
#include "scenarios/capture_world.h"
#include "scenarios/play.h"
#include "scenarios/session_spec.h"
#include "scenarios/stage_world.h"

struct capturing {
    struct arena *a;
    const struct capture_ask *ask;
    const struct explanation *e;
    bool web_identity;   /* else a signed call, or one that should have been */
    struct str role_arn; /* of a web identity */
    struct str account;  /* the role's, or the caller's, or the default one */
    struct str issuer;   /* with https://, or empty */
    struct capture_world world;
    json_t *as; /* keys of the scenario's own; NULL: a session, or nobody */
};

/* ---- the world ---- */

/* Faults that lie in the key set a config gives: without it they would not come back. */
static bool needs_key_set(enum fault fault)
{
    return fault == FAULT_KEYS_UNAVAILABLE || fault == FAULT_KEY_UNUSABLE ||
           fault == FAULT_KEY_UNKNOWN;
}

static void put_web_identity(struct capturing *c)
{
    capture_world_provider(&c->world, c->account, c->issuer, needs_key_set(c->e->why.fault));
    capture_world_role(&c->world, c->role_arn, false);
    for (size_t i = 0; i < c->ask->form->n; i++) {
        const struct form_field *f = &c->ask->form->fields[i];
        if (str_starts(f->name, STR("PolicyArns.")))
            capture_world_named(&c->world, c->account, f);
    }
}

static void put_signed(struct capturing *c)
{
    if (c->ask->caller)
        c->as = capture_world_caller(&c->world, c->ask->caller);
    for (size_t i = 0; i < c->ask->form->n; i++) {
        capture_world_named(&c->world, c->account, &c->ask->form->fields[i]);
        if (c->e->why.fault == FAULT_ENTITY_IN_USE)
            capture_world_hanging(&c->world, c->account, &c->ask->form->fields[i]);
    }
}

/* ---- the token ---- */

static bool was_verified(enum fault fault)
{
    return explain_signature_of(fault) == EXPLAIN_VALID;
}

/* That no key was found for, or one of the config's that is of no use: it has to come back. */
static bool kid_matters(const struct capturing *c)
{
    const struct provider *p = iam_provider(c->ask->iam, c->account, c->issuer);
    return c->e->why.fault == FAULT_KEY_UNKNOWN ||
           (c->e->why.fault == FAULT_KEY_UNUSABLE && p && p->origin != KEYS_LOCAL);
}

static json_t *header_of(struct capturing *c)
{
    static const char *const of_key[] = { "kid", "x5t", "x5t#S256", "x5c", "x5u", "jku", "jwk" };
    json_t *header = json_keep(c->a, json_deep_copy(c->e->trace.header));
    json_t *kid = json_keep(c->a, json_incref(json_object_get(header, "kid")));
    for (size_t i = 0; i < sizeof of_key / sizeof of_key[0]; i++)
        json_object_del(header, of_key[i]);
    if (kid && kid_matters(c))
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

/* A document is shown as one, to be read and changed: it is sent as JSON again. */
static json_t *parameter(struct capturing *c, const struct form_field *f)
{
    if (str_eq(f->name, STR("TokenCode"))) /* of an MFA device: any other is as good */
        return json_of(str_sub(STR("000000000"), 0, f->value.n));
    bool policy = str_ends(f->name, STR("Policy")) || str_ends(f->name, STR("Document"));
    json_t *document = policy && str_starts(str_trim(f->value), STR("{"))
                           ? json_loadb(f->value.p, f->value.n, JSON_REJECT_DUPLICATES, NULL)
                           : NULL;
    return document ? document : json_of(scenario_written(c->a, f->value));
}

/* What could not be read is not shown: any other that cannot be read is refused alike. */
static struct str unreadable_token(struct capturing *c, struct str value)
{
    if (c->e->why.fault != FAULT_PARAMETER_INVALID)
        return STR("not a token, as it was");
    char *filler = arena_alloc(c->a, value.n + 1);
    memset(filler, 'x', value.n); /* its length is what was wrong, or right */
    return str_n(filler, value.n);
}

/* Of an action that there is not, its name is what counts; the rest may be a password. */
static bool is_told(const struct capturing *c, struct str name)
{
    if (str_eq(name, STR("Action")) || str_eq(name, STR("WebIdentityToken")))
        return false; /* told apart */
    if (c->e->why.fault == FAULT_ACTION_UNKNOWN)
        return str_eq(name, STR("Version"));
    return !str_eq(name, STR("Version"));
}

static json_t *call_of(struct capturing *c)
{
    json_t *call = json_object();
    bool token = c->e->trace.header && c->e->trace.claims;
    struct str value;
    json_object_set_new(call, "Action", json_of(c->e->action));
    for (size_t i = 0; i < c->ask->form->n; i++) {
        const struct form_field *f = &c->ask->form->fields[i];
        if (is_told(c, f->name))
            json_object_set_new(call, arena_cstr(c->a, f->name), parameter(c, f));
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
    struct str who = c->role_arn;
    struct arn arn;
    if (arn_is_role(who, &arn))
        who = arn_role_name(&arn);
    if (!c->web_identity)
        who = c->ask->caller ? c->ask->caller->arn : STR("nobody");
    const char *by = c->web_identity ? "of" : "by";
    if (c->e->allowed)
        return arena_printf(c->a, "%.*s %s %.*s is allowed", STR_ARG(c->e->action), by,
                            STR_ARG(who));
    return arena_printf(c->a, "%.*s %s %.*s is refused: %s", STR_ARG(c->e->action), by,
                        STR_ARG(who), fault_reason(c->e->why.fault));
}

/* The caller's session, described. */
static void put_session(struct capturing *c, json_t *steps, json_t *call)
{
    const struct caller *caller = c->ask->caller;
    if (c->as)
        json_object_set(call, "as", c->as);
    if (!caller || !caller->session)
        return;
    json_array_append_new(steps,
                          json_pack("{s:O, s:s}", "session", session_spec_of(c->a, caller->session),
                                    "save", "caller"));
    json_object_set_new(call, "as", json_string("caller"));
}

static json_t *steps_of(struct capturing *c)
{
    json_t *steps = json_array(), *call = json_object();
    put_fault(c, steps);
    if (c->e->trace.header && c->e->trace.claims)
        json_array_append_new(steps, token_step(c));
    json_object_set_new(call, "call", call_of(c));
    put_session(c, steps, call);
    json_object_set_new(call, "expect", expect_of_exchange(c));
    json_array_append_new(steps, call);
    return steps;
}

static void find_places(struct capturing *c)
{
    struct arn arn;
    c->account = c->ask->config->account;
    if (!c->web_identity) {
        if (c->ask->caller)
            c->account = c->ask->caller->account;
        return;
    }
    if (form_find(c->ask->form, STR("RoleArn"), &c->role_arn) && arn_is_role(c->role_arn, &arn))
        c->account = arn.account;
    c->issuer = json_str(json_object_get(c->e->trace.claims, "iss"));
    if (!str_starts(c->issuer, STR("https://")))
        c->issuer = STR("");
}

/* Signatures that were refused: a scenario holds none, good or bad. */
static bool signature_refused(enum fault fault)
{
    static const enum fault refused[] = {
        FAULT_AUTHORIZATION_INCOMPLETE,  FAULT_ACCESS_KEY_UNKNOWN,     FAULT_SESSION_TOKEN_INVALID,
        FAULT_SESSION_EXPIRED,           FAULT_SIGNATURE_MISMATCH,     FAULT_SIGNATURE_EXPIRED,
        FAULT_SIGNATURE_NOT_YET_CURRENT, FAULT_CREDENTIAL_SCOPE_WRONG, FAULT_SESSION_LIMITED
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (refused[i] == fault)
            return true;
    return false;
}

static struct outcome check(const struct capturing *c, struct why *why)
{
    if (!c->ask->form->n)
        FAIL(why, CAPTURE_IMPOSSIBLE, "the request could not be decoded");
    if (!c->web_identity && !c->ask->caller && signature_refused(c->e->why.fault))
        FAIL(why, CAPTURE_IMPOSSIBLE, "its signature was refused (%s), and a scenario holds none",
             fault_reason(c->e->why.fault));
    return OK;
}

struct outcome capture_untried(struct arena *a, struct why *why, const struct capture_ask *ask,
                               json_t **out)
{
    struct capturing c = { .a = a, .ask = ask, .e = ask->explanation };
    char clock[TIME_TEXT_BYTES];
    c.web_identity = str_eq(c.e->action, STR("AssumeRoleWithWebIdentity"));
    TRY(check(&c, why));
    find_places(&c);
    c.world = capture_world_new(a, ask, c.account);
    if (c.web_identity)
        put_web_identity(&c);
    else
        put_signed(&c);
    json_t *s = json_keep(a, json_object());
    json_object_set_new(s, "scenario", json_of(title_of(&c)));
    if (!c.e->allowed)
        json_object_set_new(s, "story", json_of(c.e->why.detail));
    json_object_set_new(s, "source", json_string("captured by understudy " UNDERSTUDY_VERSION));
    json_object_set_new(s, "clock", json_string(time_write(c.e->time_s, clock)));
    json_object_set(s, "world", c.world.config);
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
