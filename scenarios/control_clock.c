#include "scenarios/control.h"

/* Whole rates, which most are, without a fraction. */
static json_t *rate_json(double rate)
{
    json_int_t whole = (json_int_t)rate;
    return (double)whole < rate ? json_real(rate) : json_integer(whole);
}

static void answer_clock(struct world *w, const struct http_request *request,
                         struct http_response *response)
{
    const struct clock_state s = clock_look(w->clock);
    const int64_t now_s = time_floor_s(s.now_ms);
    char time[TIME_TEXT_BYTES];
    control_json(request, response,
                 json_pack("{s:s, s:I, s:b, s:o}", "now", time_write(now_s, time), "epoch_s",
                           (json_int_t)now_s, "frozen", (int)s.frozen, "rate", rate_json(s.rate)));
}

void control_clock_get(void *context, const struct http_request *request,
                       const struct route_match *match, struct http_response *response)
{
    (void)match;
    answer_clock(context, request, response);
}

static struct outcome read_now(struct arena *a, struct why *why, const struct json_at *at,
                               struct clock_state *to)
{
    struct str text = json_is_integer(at->value) ? json_text(a, at->value) : json_str(at->value);
    if (!time_read(text, &to->now_ms))
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         "expected an RFC 3339 time or seconds since 1970");
    return OK;
}

static struct outcome read_frozen(struct arena *a, struct why *why, const struct json_at *at,
                                  struct clock_state *to)
{
    (void)a;
    return json_want_bool(at, why, &to->frozen);
}

static struct outcome read_rate(struct arena *a, struct why *why, const struct json_at *at,
                                struct clock_state *to)
{
    (void)a;
    to->rate = json_number_value(at->value);
    if (!json_is_number(at->value) || !(to->rate >= CLOCK_RATE_MIN && to->rate <= CLOCK_RATE_MAX))
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         "expected how many times as fast as the machine's the clock runs: a "
                         "number from 0.000001 to 1000000");
    return OK;
}

/* All of it is read before any of it is done. */
static struct outcome change(const struct http_request *request, struct why *why,
                             struct clock *clock)
{
    static const struct {
        const char *name;
        struct outcome (*read)(struct arena *a, struct why *why, const struct json_at *at,
                               struct clock_state *to);
        enum clock_part part;
    } members[] = { { "now", read_now, CLOCK_NOW },
                    { "frozen", read_frozen, CLOCK_FROZEN },
                    { "rate", read_rate, CLOCK_RATE } };
    static const char *const names[] = { "now", "frozen", "rate", NULL };
    struct clock_state to = { .rate = 1 };
    struct json_doc *doc;
    struct json_at at;
    unsigned parts = 0;

    TRY(control_body(request, why, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_members(&root, why, names));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (!json_at_member(&root, members[i].name, &at))
            continue;
        TRY(members[i].read(request->arena, why, &at, &to));
        parts |= members[i].part;
    }
    clock_change(clock, &to, parts);
    return OK;
}

void control_clock_put(void *context, const struct http_request *request,
                       const struct route_match *match, struct http_response *response)
{
    struct world *w = context;
    struct why why = why_new(request->arena);
    (void)match;
    if (failed(change(request, &why, w->clock)))
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
