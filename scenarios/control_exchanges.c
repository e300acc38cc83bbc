#include "scenarios/control.h"

void control_exchanges_list(void *context, const struct http_request *request,
                            const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    (void)match;
    control_json(request, response,
                 json_pack("{s:o}", "exchanges", audit_list(w->audit, request->arena)));
}

void control_exchanges_get(void *context, const struct http_request *request,
                           const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    json_t *found = audit_find(w->audit, request->arena, match->captures[0]);
    if (found) {
        control_json(request, response, found);
        return;
    }
    (void)why_set(&why, FAULT_PATH_UNKNOWN, "no exchange \"%.*s\" is kept; the last %d are",
                  STR_ARG(str_sub(match->captures[0], 0, 100)), AUDIT_RECORDS_MAX);
    control_problem(request, response, 404, &why);
}
