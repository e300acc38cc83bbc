#include "scenarios/stage_server.h"

#include "fakests/iam/document.h"
#include "scenarios/config.h"
#include "scenarios/step.h"

enum { TIMEOUT_MS = 60 * 1000 };

struct server {
    struct str url, iam_url; /* without a final slash */
};

/* ---- requests ---- */

/* libcurl says Host and Content-Length itself. */
static void add_headers(struct http_call *call, const struct stage_request *q)
{
    for (size_t i = 0; i < q->n_headers && call->n_headers < 8; i++)
        if (!str_eq_nocase(q->headers[i].name, STR("host")))
            call->headers[call->n_headers++] = q->headers[i];
    if (q->content_type.n && call->n_headers < 8)
        call->headers[call->n_headers++] =
            (struct http_header){ STR("content-type"), q->content_type };
}

static struct outcome send(void *context, struct arena *a, struct why *why,
                           const struct stage_request *q, struct stage_answer *out)
{
    const struct server *server = context;
    struct http_answer answer;
    struct http_call call = { .method = q->method,
                              .url = arena_join(a, q->iam ? server->iam_url : server->url, q->path),
                              .body = q->body,
                              .timeout_ms = TIMEOUT_MS };
    struct why lost = why_new(a);
    add_headers(&call, q);
    if (failed(http_client_call(a, &lost, &call, &answer))) {
        /* It was there when the stage was opened: this answer was dropped or cut on its way. */
        (void)why;
        *out = (struct stage_answer){ .lost = true };
        return OK;
    }
    *out = (struct stage_answer){
        .status = answer.status,
        .body = answer.body,
        .request_id = http_header_of(answer.headers, answer.n_headers, "x-amzn-requestid"),
        .reason = http_header_of(answer.headers, answer.n_headers, "x-understudy-reason")
    };
    return OK;
}

/* ---- who is there ---- */

/* Others have a health of their own, and answer any path with it. */
static bool is_understudy(struct arena *a, const struct http_answer *answer)
{
    struct why ignored = why_new(a);
    struct json_doc *doc;
    return answer->status == 200 &&
           !failed(json_load(a, &ignored, STR("health"), answer->body, JSON_LAST_WINS, &doc)) &&
           str_eq(json_str(json_object_get(doc->root, "status")), STR("ok")) &&
           json_object_get(json_object_get(doc->root, "counts"), "oidc_providers");
}

static struct str host_of(struct str url)
{
    bool tls = str_starts(url, STR("https://"));
    struct str host = str_sub(url, tls ? 8 : 7, url.n);
    return str_sub(host, 0, str_find(host, '/'));
}

/* AWS General Reference, "IAM endpoints": IAM answers at iam.amazonaws.com alone, STS never there.
 */
bool stage_server_is_aws(struct str host)
{
    return str_ends(host, STR(".amazonaws.com"));
}

struct outcome stage_server_open(struct arena *a, struct why *why, struct str url,
                                 struct stage *out)
{
    struct server *server = arena_make(a, struct server);
    struct http_answer health;
    if (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://")))
        FAIL(why, USAGE, "--against: expected http://... or https://..., found \"%.*s\"",
             STR_ARG(url));
    while (str_ends(url, STR("/")))
        url = str_sub(url, 0, url.n - 1);
    server->url = server->iam_url = arena_str(a, url);
    struct str host = host_of(server->url), iam_host = host;
    if (stage_server_is_aws(host)) {
        iam_host = STR("iam.amazonaws.com");
        server->iam_url = STR("https://iam.amazonaws.com");
    }
    const struct http_call call = { .method = STR("GET"),
                                    .url = arena_join(a, url, STR("/_understudy/health")),
                                    .timeout_ms = TIMEOUT_MS };
    TRY(http_client_call(a, why, &call, &health));
    *out = (struct stage){ .context = server,
                           .send = send,
                           .host = host,
                           .iam_host = iam_host,
                           .controlled = is_understudy(a, &health) };
    return OK;
}

/* ---- a scenario's world in it ---- */

static struct outcome world_of(struct arena *a, struct why *why, const struct scenario *s,
                               struct config **out)
{
    struct json_at root = json_at_root(s->doc), world, at;
    if (!json_at_member(&root, "world", &world))
        return config_load(a, why, NULL, out);
    TRY(document_resolve(a, why, &world, true, &at));
    return config_read_at(a, why, &at, true, out);
}

static bool gives_keys(struct arena *a, const struct iam *iam)
{
    struct iam_list providers = iam_list(iam, a, IAM_PROVIDER, STR(""));
    for (size_t i = 0; i < providers.n; i++)
        if (iam_object_provider(providers.items[i])->origin == KEYS_JWKS)
            return true;
    return false;
}

/* Also where a patch of the world gives them later. */
static bool mentions_keys(const json_t *v)
{
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_object(json_object_get(v, "keys")))
        return true;
    json_object_foreach((json_t *)(uintptr_t)v, key, member) if (mentions_keys(member)) return true;
    json_array_foreach(v, i, member) if (mentions_keys(member)) return true;
    return false;
}

static bool patches_keys(const struct scenario *s)
{
    for (size_t i = 0; i < s->n_steps; i++)
        if (strcmp(s->steps[i].row->verb, "world") == 0 && mentions_keys(s->steps[i].value))
            return true;
    return false;
}

static struct outcome ask(struct arena *a, struct why *why, const struct stage *stage,
                          const char *method, const char *path, struct str body)
{
    struct stage_request request = { .method = str_of(method),
                                     .path = str_of(path),
                                     .content_type = STR("application/json"),
                                     .body = body };
    struct stage_answer answer;
    TRY(stage->send(stage->context, a, why, &request, &answer));
    if (answer.lost)
        FAIL(why, PEER_UNREACHABLE, "%s %s: no answer", method, path);
    if (answer.status < 200 || answer.status > 299)
        FAIL(why, PEER_REFUSED, "%s %s: status %d: %.*s", method, path, answer.status,
             STR_ARG(str_trim(str_sub(answer.body, 0, 500))));
    return OK;
}

struct outcome stage_server_begin(struct arena *a, struct why *why, const struct stage *stage,
                                  const struct scenario *s, struct str *skip)
{
    char now[TIME_TEXT_BYTES];
    struct config *config;
    *skip = STR("");
    if (!stage->controlled)
        return OK;
    TRY(world_of(a, why, s, &config));
    if (gives_keys(a, config->iam) || patches_keys(s)) {
        *skip = STR("its world gives key sets, and the server signs with keys of its own");
        return OK;
    }
    struct str world = json_text(a, config_document(a, config, config->iam));
    TRY(ask(a, why, stage, "POST", "/_understudy/reset", STR("")));
    TRY(ask(a, why, stage, "PUT", "/_understudy/world", world));
    return ask(
        a, why, stage, "PUT", "/_understudy/clock",
        arena_printf(a, "{\"now\":\"%s\",\"frozen\":true}", time_write_ms(s->clock_ms, now)));
}

struct outcome stage_server_leave(struct arena *a, struct why *why, const struct stage *stage,
                                  const struct scenario *s)
{
    for (size_t i = 0; stage->controlled && i < s->n_steps; i++) {
        json_t *issuer = json_object_get(s->steps[i].value, "issuer");
        if (strcmp(s->steps[i].row->verb, "rotate") == 0 && issuer)
            TRY(ask(a, why, stage, "POST", "/_understudy/issuers/publish",
                    arena_printf(a, "{\"issuer\":%s}", json_text(a, issuer).p)));
    }
    return OK;
}

struct outcome stage_server_end(struct arena *a, struct why *why, const struct stage *stage)
{
    return stage->controlled ? ask(a, why, stage, "POST", "/_understudy/reset", STR("")) : OK;
}
