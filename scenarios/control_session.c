#include "scenarios/control.h"

#include "fakests/creds.h"
#include "scenarios/session_spec.h"

/* Credentials as if they had been asked for: the caller of a test, or of a captured call. */

static json_t *answer(const struct session *session, const struct creds *creds)
{
    char time[TIME_TEXT_BYTES];
    return json_pack("{s:o, s:{s:o, s:o, s:o, s:s}}", "Arn", json_of(session->arn), "Credentials",
                     "AccessKeyId", json_of(creds->access_key_id), "SecretAccessKey",
                     json_of(creds->secret_access_key), "SessionToken",
                     json_of(creds->session_token), "Expiration",
                     time_write(creds->expires_s, time));
}

static struct outcome make(struct world *w, const struct snapshot *s,
                           const struct http_request *request, struct why *why, json_t **out)
{
    struct json_doc *doc;
    struct session session;
    struct creds creds;
    struct call c = { .arena = request->arena,
                      .why = why,
                      .service = &w->service,
                      .world = &s->sts,
                      .now_s = clock_now_s(w->clock) };
    TRY(control_body(request, why, &doc));
    const struct json_at root = json_at_root(doc);
    TRY(session_spec_read(request->arena, why, &root, s->iam, c.now_s, &session));
    creds_mint(&c, &session, &creds);
    *out = answer(&session, &creds);
    return OK;
}

void control_session_post(void *context, const struct http_request *request,
                          const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    struct snapshot *now = world_now(w);
    json_t *made;
    (void)match;
    if (failed(make(w, now, request, &why, &made)))
        control_refuse(request, response, &why);
    else
        control_json(request, response, made);
    snapshot_drop(now);
}
