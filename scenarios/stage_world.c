#include "scenarios/stage_world.h"

#include "fakests/iam/document.h"
#include "scenarios/test_keys.h"
#include "scenarios/world.h"

#include <pthread.h>
#include <stdlib.h>

enum { SEED = 20260911 };

struct stage_world {
    struct clock clock;
    struct entropy entropy;
    struct test_keys keys;
    struct world *world;
};

static const struct str host = STR_INIT("127.0.0.1:4580");

/* ---- requests ---- */

static struct http_header *headers_of(struct arena *a, const struct stage_request *q, size_t *n)
{
    struct http_header *headers = arena_array(a, struct http_header, q->n_headers + 2);
    *n = q->n_headers;
    if (*n)
        memcpy(headers, q->headers, *n * sizeof *headers);
    if (!q->n_headers) /* a signed request has them already */
        headers[(*n)++] = (struct http_header){ STR("host"), host };
    if (q->content_type.n)
        headers[(*n)++] = (struct http_header){ STR("content-type"), q->content_type };
    return headers;
}

static struct outcome send(void *context, struct arena *a, struct why *why,
                           const struct stage_request *q, struct stage_answer *out)
{
    struct stage_world *w = context;
    struct http_response response = { .status = 0 };
    struct str query = q->path, path = str_cut(&query, '?');
    struct http_request request = { .arena = a,
                                    .method = q->method,
                                    .target = q->path,
                                    .path = path,
                                    .query = query,
                                    .body = q->body,
                                    .peer = STR("127.0.0.1") };
    (void)why;
    request.headers = headers_of(a, q, &request.n_headers);
    if (q->body.n > world_body_bytes_max(w->world, &request)) { /* as the server does */
        request.body = STR("");
        request.body_too_large = true;
    }
    world_handle(w->world, &request, &response);
    *out = (struct stage_answer){
        .lost = response.drop || (response.truncate_to && response.truncate_to < response.body.n),
        .status = response.status,
        .body = response.body,
        .request_id = http_header_of(response.headers, response.n_headers, "x-amzn-requestid"),
        .reason = http_header_of(response.headers, response.n_headers, "x-understudy-reason"),
    };
    return OK;
}

/* ---- the world ---- */

static pthread_once_t demo_once = PTHREAD_ONCE_INIT;
static struct config *demo;               /* as long as the process: most scenarios play in it */
static struct arena *volatile demo_arena; /* never read: so that leak checkers find it */

static void read_demo(void)
{
    struct arena *kept = arena_new();
    struct why why = why_new(kept);
    if (failed(config_load(kept, &why, NULL, &demo)))
        abort(); /* compiled in */
    demo_arena = kept;
}

static struct outcome config_of(struct arena *a, struct why *why, const struct scenario *s,
                                const struct config **out)
{
    struct json_at root = json_at_root(s->doc), world, at;
    struct config *config;
    if (!json_at_member(&root, "world", &world)) {
        pthread_once(&demo_once, read_demo);
        *out = demo;
        return OK;
    }
    TRY(document_resolve(a, why, &world, true, &at));
    TRY(config_read_at(a, why, &at, true, &config));
    *out = config;
    return OK;
}

static void close_world(void *world)
{
    world_free(world);
}

struct outcome stage_world_open(struct arena *a, struct why *why, const struct scenario *s,
                                struct stage *out)
{
    struct stage_world *w = arena_make(a, struct stage_world);
    const struct world_options options = { .clock = &w->clock,
                                           .entropy = &w->entropy,
                                           .make_key = test_keys_make,
                                           .make_key_context = &w->keys,
                                           .signing_time_is_clock = true };
    struct arena *own = arena_new_small(4096);
    const struct config *config;

    clock_init(&w->clock);
    clock_set(&w->clock, s->clock_ms, true);
    entropy_init_seeded(&w->entropy, SEED);
    struct outcome o = config_of(a, why, s, &config);
    if (!failed(o)) /* the config outlives the world: it is the demo, or the arena's */
        o = world_new_with(why, &options, own, config, &w->world);
    if (failed(o)) {
        arena_free(own);
        return o;
    }
    arena_defer(a, close_world, w->world);
    *out = (struct stage){ .context = w,
                           .send = send,
                           .host = host,
                           .iam_host = host,
                           .controlled = true,
                           .clock_signs = true };
    return OK;
}
