#include "scenarios/control.h"

#include "scenarios/capture.h"
#include "scenarios/pseudonyms.h"

void control_exchanges_list(void *context, const struct http_request *request,
                            const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    (void)match;
    control_json(request, response,
                 json_pack("{s:o}", "exchanges", audit_list(w->audit, request->arena)));
}

static void answer_unknown(const struct http_request *request, struct http_response *response,
                           struct str id)
{
    struct why why = why_new(request->arena);
    (void)why_set(&why, FAULT_PATH_UNKNOWN, "no exchange \"%.*s\" is kept; the last %d are",
                  STR_ARG(str_sub(id, 0, 100)), AUDIT_RECORDS_MAX);
    control_problem(request, response, 404, &why);
}

void control_exchanges_get(void *context, const struct http_request *request,
                           const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    json_t *found = audit_find(w->audit, request->arena, match->captures[0]);
    if (found)
        control_json(request, response, found);
    else
        answer_unknown(request, response, match->captures[0]);
}

/* ---- one as a scenario ---- */

struct seeing {
    struct arena *a;
    struct why *why;
    const struct snapshot *now;
    struct outcome outcome;
    json_t *scenario;
};

/* What needed no world is told in the present one: it was refused before there was a question. */
static void see(void *context, const struct audit_view *view)
{
    struct seeing *s = context;
    const struct snapshot *world = view->world ? view->world : s->now;
    const struct capture_ask ask = { .explanation = view->explanation,
                                     .form = view->form,
                                     .caller = view->caller,
                                     .config = world->config,
                                     .iam = world->iam,
                                     .source_ip = view->peer };
    if (view->world_is_gone)
        s->outcome = why_set(s->why, FAULT_CAPTURE_IMPOSSIBLE,
                             "the world it saw was replaced too often since");
    else
        s->outcome = capture_untried(s->a, s->why, &ask, &s->scenario);
}

static struct outcome capture(struct seeing *s, bool pseudonymise, json_t **out)
{
    TRY(s->outcome);
    if (pseudonymise)
        s->scenario = pseudonyms_put(s->a, s->scenario);
    TRY(capture_try(s->a, s->why, s->scenario));
    *out = s->scenario;
    return OK;
}

static bool wants_pseudonyms(const struct http_request *request, struct why *why, bool *out)
{
    struct form query;
    struct str value = STR("false");
    if (failed(form_read(request->arena, why, request->query, &query)))
        return false;
    if (form_find(&query, STR("pseudonymise"), &value) && !str_eq(value, STR("true")) &&
        !str_eq(value, STR("false"))) {
        (void)why_set(why, FAULT_CONFIG_INVALID, "pseudonymise: expected true or false");
        return false;
    }
    *out = str_eq(value, STR("true"));
    return true;
}

void control_exchanges_scenario(void *context, const struct http_request *request,
                                const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    struct snapshot *now = world_now(w);
    struct seeing s = { .a = request->arena, .why = &why, .now = now };
    bool pseudonymise = false;
    json_t *scenario;
    if (!wants_pseudonyms(request, &why, &pseudonymise))
        control_refuse(request, response, &why);
    else if (!audit_visit(w->audit, request->arena, match->captures[0], see, &s))
        answer_unknown(request, response, match->captures[0]);
    else if (failed(capture(&s, pseudonymise, &scenario)))
        control_problem(request, response, 409, &why);
    else
        control_json(request, response, json_incref(scenario));
    snapshot_drop(now);
}
