#include "scenarios/control.h"

#include "scenarios/faults.h"

static void answer_list(struct world *w, const struct http_request *request,
                        struct http_response *response)
{
    control_json(request, response, json_pack("{s:o}", "faults", faults_json(w->faults)));
}

void control_faults_list(void *context, const struct http_request *request,
                         const struct route_match *match, struct http_response *response)
{
    (void)match;
    answer_list(context, request, response);
}

static struct outcome inject(struct world *w, const struct http_request *request, struct why *why,
                             json_t **shown)
{
    struct json_doc *doc;
    struct faults_rule rule;
    TRY(control_body(request, why, &doc));
    const struct json_at root = json_at_root(doc);
    TRY(faults_read_rule(request->arena, why, &root, &rule));
    return faults_add(w->faults, why, &rule, shown);
}

void control_faults_post(void *context, const struct http_request *request,
                         const struct route_match *match, struct http_response *response)
{
    struct why why = why_new(request->arena);
    json_t *shown;
    (void)match;
    if (failed(inject(context, request, &why, &shown)))
        control_refuse(request, response, &why);
    else
        control_json(request, response, shown);
}

void control_faults_clear(void *context, const struct http_request *request,
                          const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    (void)match;
    faults_clear(w->faults);
    answer_list(w, request, response);
}

void control_faults_remove(void *context, const struct http_request *request,
                           const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    int64_t id;
    json_t *removed = str_to_i64(match->captures[0], &id) ? faults_remove(w->faults, id) : NULL;
    if (removed) {
        control_json(request, response, removed);
        return;
    }
    (void)why_set(&why, FAULT_PATH_UNKNOWN, "there is no fault \"%.*s\"",
                  STR_ARG(str_sub(match->captures[0], 0, 100)));
    control_problem(request, response, 404, &why);
}
