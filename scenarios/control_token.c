#include "scenarios/control.h"

static const char *const token_members[] = { "platform", "set",        "claims", "header", "flaw",
                                             "audience", "lifetime_s", "only",   NULL };

static struct outcome optional_object(const struct json_at *root, struct why *why, const char *key,
                                      json_t **out)
{
    struct json_at member;
    if (!json_at_member(root, key, &member))
        return OK;
    TRY(json_want_object(&member, why));
    *out = member.value;
    return OK;
}

static struct outcome token_ask_read(const struct http_request *request, struct why *why,
                                     struct token_ask *ask)
{
    struct json_doc *doc;
    struct json_at at;
    TRY(control_body(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, token_members));
    if (!json_at_member(&root, "platform", &at))
        return json_fail(&root, why, FAULT_CONFIG_INVALID, "\"platform\" is missing");
    TRY(json_want_str(&at, why, &ask->platform));
    TRY(optional_object(&root, why, "set", &ask->set));
    TRY(optional_object(&root, why, "claims", &ask->claims));
    TRY(optional_object(&root, why, "header", &ask->header));
    if (json_at_member(&root, "flaw", &at))
        TRY(json_want_str(&at, why, &ask->flaw));
    if (json_at_member(&root, "audience", &at))
        ask->audience = at.value;
    if (json_at_member(&root, "lifetime_s", &at))
        TRY(json_want_i64(&at, why, &ask->lifetime_s));
    if (json_at_member(&root, "only", &at))
        TRY(json_want_bool(&at, why, &ask->only));
    return OK;
}

void control_token_post(void *context, const struct http_request *request,
                        const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    struct token_ask ask = { .lifetime_s = 0 };
    struct token token;
    struct outcome o = token_ask_read(request, &why, &ask);

    (void)match;
    if (!failed(o))
        o = world_mint(w, request->arena, &why, &ask, &token);
    if (failed(o)) {
        control_refuse(request, response, &why);
        return;
    }
    json_t *answer = json_object();
    json_object_set_new(answer, "token", json_of(token.text));
    json_object_set(answer, "header", token.header ? token.header : json_null());
    json_object_set(answer, "claims", token.claims ? token.claims : json_null());
    control_json(request, response, answer);
}
