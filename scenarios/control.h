#ifndef SCENARIOS_CONTROL_H
#define SCENARIOS_CONTROL_H

#include "http/route.h"
#include "scenarios/world_state.h"

/* What the files of the control side share; nobody else includes this. */

/* 200 and a JSON document, which is taken over. */
void control_json(const struct http_request *request, struct http_response *response,
                  json_t *document);
/* A problem document with the status that the fault has here. */
void control_refuse(const struct http_request *request, struct http_response *response,
                    const struct why *why);
/* The body as JSON; places in it are "body:1:7: $.by". */
OUTCOME control_body(const struct http_request *request, struct why *why, struct json_doc **doc);

/* ---- what answers the routes; the context is the world ---- */

#define HANDLER(name)                                                                             \
    void name(void *context, const struct http_request *request, const struct route_match *match, \
              struct http_response *response)

HANDLER(control_clock_get);
HANDLER(control_clock_put);
HANDLER(control_clock_advance);
HANDLER(control_exchanges_list);
HANDLER(control_exchanges_get);
HANDLER(control_exchanges_scenario);
HANDLER(control_faults_list);
HANDLER(control_faults_post);
HANDLER(control_faults_clear);
HANDLER(control_faults_remove);
HANDLER(control_issuers_list);
HANDLER(control_issuers_rotate);
HANDLER(control_issuers_publish);
HANDLER(control_issuers_retire);
HANDLER(control_issuers_down);
HANDLER(control_issuers_up);
HANDLER(control_session_post);
HANDLER(control_token_post);
HANDLER(control_world_health);
HANDLER(control_world_get);
HANDLER(control_world_put);
HANDLER(control_world_reset);

#undef HANDLER

#endif
