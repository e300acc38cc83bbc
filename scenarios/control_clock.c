#include "scenarios/control.h"

static void answer_clock(struct world *w, const struct http_request *request,
                         struct http_response *response)
{
    char time[TIME_TEXT_BYTES];
    control_json(request, response,
                 json_pack("{s:s, s:I, s:b}", "now", time_write(clock_now_s(w->clock), time),
                           "epoch_s", (json_int_t)clock_now_s(w->clock), "frozen",
                           (int)atomic_load(&w->clock->frozen)));
}

void control_clock_get(void *context, const struct http_request *request,
                       const struct route_match *match, struct http_response *response)
{
    (void)match;
    answer_clock(context, request, response);
}

static struct outcome clock_read(const struct http_request *request, struct why *why,
                                 struct clock *clock)
{
    static const char *const names[] = { "now", "frozen", NULL };
    int64_t now_ms = clock_now_ms(clock);
    bool frozen = atomic_load(&clock->frozen);
    struct json_doc *doc;
    struct json_at at;

    TRY(control_body(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, names));
    if (json_at_member(&root, "now", &at)) {
        struct str text =
            json_is_integer(at.value) ? json_text(request->arena, at.value) : json_str(at.value);
        if (!time_read(text, &now_ms))
            return json_fail(&at, why, FAULT_CONFIG_INVALID,
                             "expected an RFC 3339 time or seconds since 1970");
    }
    if (json_at_member(&root, "frozen", &at))
        TRY(json_want_bool(&at, why, &frozen));
    clock_set(clock, now_ms, frozen);
    return OK;
}

void control_clock_put(void *context, const struct http_request *request,
                       const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    (void)match;
    if (failed(clock_read(request, &why, w->clock)))
        control_refuse(request, response, &why);
    else
        answer_clock(w, request, response);
}

/* "61m", or a number of seconds. */
static struct outcome advance(const struct http_request *request, struct why *why,
                              struct clock *clock)
{
    static const char *const names[] = { "by", NULL };
    struct json_doc *doc;
    struct json_at by;
    int64_t seconds;

    TRY(control_body(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, names));
    if (!json_at_member(&root, "by", &by))
        return json_fail(&root, why, FAULT_CONFIG_INVALID, "\"by\" is missing");
    struct str text =
        json_is_integer(by.value) ? json_text(request->arena, by.value) : json_str(by.value);
    if (!duration_read(text, &seconds))
        return json_fail(&by, why, FAULT_CONFIG_INVALID,
                         "expected a duration such as \"90s\", \"61m\" or \"1h30m\", or seconds");
    clock_advance(clock, seconds * 1000);
    return OK;
}

void control_clock_advance(void *context, const struct http_request *request,
                           const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    (void)match;
    if (failed(advance(request, &why, w->clock)))
        control_refuse(request, response, &why);
    else
        answer_clock(w, request, response);
}
