#include "scenarios/control.h"

/* The text member `key` of a body that has only that. */
static struct outcome body_text(const struct http_request *request, struct why *why,
                                const char *key, struct str *out)
{
    const char *const names[] = { key, NULL };
    struct json_doc *doc;
    struct json_at member;
    TRY(control_body(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, names));
    if (!json_at_member(&root, key, &member))
        return json_fail(&root, why, FAULT_CONFIG_INVALID, "\"%s\" is missing", key);
    return json_want_str(&member, why, out);
}

static void change_keys(struct world *w, const struct http_request *request,
                        struct http_response *response,
                        struct outcome (*change)(struct world *, struct why *, struct str))
{
    struct why why = why_new(request->arena);
    struct str issuer;
    struct outcome o = body_text(request, &why, "issuer", &issuer);
    if (!failed(o) && !str_starts(issuer, STR("https://"))) {
        why.place = STR("body: $.issuer");
        o = why_set(&why, FAULT_CONFIG_INVALID, "an issuer's URL begins with https://");
    }
    if (!failed(o))
        o = change(w, &why, issuer);
    if (failed(o)) {
        control_refuse(request, response, &why);
        return;
    }
    control_json(request, response, json_pack("{s:o}", "issuer", json_of(issuer)));
}

void control_issuers_rotate(void *context, const struct http_request *request,
                            const struct route_match *match, struct http_response *response)
{
    (void)match;
    change_keys(context, request, response, world_rotate);
}

void control_issuers_retire(void *context, const struct http_request *request,
                            const struct route_match *match, struct http_response *response)
{
    (void)match;
    change_keys(context, request, response, world_retire);
}
