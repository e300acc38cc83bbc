#include "http/exchange.h"

#include "base/text.h"

enum {
    DELAY_MS_MAX = 60 * 1000,
    DISCARDED_BYTES_MAX =
        16 * 1024 * 1024, /* read past the bound so that the client hears the answer */
    REPLY_NAME_MAX = 63,
    REPLY_VALUE_MAX = 511,        /* seven such headers, */
    REPLY_SPARE_BYTES = 8 * 1024, /* what all of them together may have beyond, */
    REPLY_HEAD_BYTES = 6 * 1024 + REPLY_SPARE_BYTES, /* and libmicrohttpd's own */
    RECORD_BYTES = 64, /* libmicrohttpd's, of one header or query parameter */
};

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_REPLY };

struct http_exchange {
    struct http_request request;
    struct http_response response;
    struct http_site *site; /* borrowed */
    enum stage stage;
    bool running;
    uintptr_t target_at; /* where libmicrohttpd keeps the target; compared, never followed */
    size_t pool_bytes;
    struct text body;
    size_t discarded_bytes;
    struct http_timer_call wake;
};

/* --- the request line --- */

/* Behind scheme and authority of the absolute form (RFC 9112 3.2.2), as proxies' clients send it.
 */
static struct str origin_form(struct str target)
{
    static const struct str schemes[] = { STR_INIT("http://"), STR_INIT("https://") };
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (!str_eq_nocase(str_sub(target, 0, schemes[i].n), schemes[i]))
            continue;
        const struct str rest = str_sub(target, schemes[i].n, target.n);
        const size_t slash = str_find(rest, '/');
        return slash < rest.n ? str_sub(rest, slash, rest.n) : STR("/");
    }
    return target;
}

struct http_exchange *http_exchange_begin(struct arena *a, struct http_site *site,
                                          size_t pool_bytes, const char *raw_target,
                                          const char *peer)
{
    struct http_exchange *x = arena_make(a, struct http_exchange);
    struct http_request *r = &x->request;
    x->site = site;
    x->pool_bytes = pool_bytes;
    x->target_at = (uintptr_t)raw_target;
    r->arena = a;
    r->peer = str_of(peer);
    r->target = arena_str(a, str_of(raw_target));
    r->query = origin_form(r->target);
    r->path = str_cut(&r->query, '?');
    return x;
}

struct arena *http_exchange_arena(const struct http_exchange *x)
{
    return x->request.arena;
}

bool http_exchange_running(const struct http_exchange *x)
{
    return x->running;
}

/* --- the head --- */

struct head {
    struct MHD_Connection *connection;
    const char *version;
    size_t bytes;
};

/* Spaces around a value are no part of it (RFC 9110 5.5); libmicrohttpd leaves those behind it. */
static enum MHD_Result add_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                  size_t name_bytes, const char *value, size_t value_bytes)
{
    struct http_request *r = cls;
    (void)kind;
    r->headers[r->n_headers++] =
        (struct http_header){ str_n(name, name_bytes), str_trim(str_n(value, value_bytes)) };
    return MHD_YES;
}

/* The texts stay in libmicrohttpd's memory, which lives until the response has been sent. */
static void read_head(struct http_exchange *x, const struct head *h, const char *method)
{
    struct http_request *r = &x->request;
    const int n = MHD_get_connection_values_n(h->connection, MHD_HEADER_KIND, NULL, NULL);
    r->method = str_of(method);
    r->headers = arena_array(r->arena, struct http_header, (size_t)n);
    MHD_get_connection_values_n(h->connection, MHD_HEADER_KIND, add_header, r);
}

static size_t count_headers(const struct http_request *r, struct str name)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_headers; i++)
        n += str_eq_nocase(r->headers[i].name, name);
    return n;
}

/*
 * A head that fills libmicrohttpd's pool leaves no room for the head of the reply, and the
 * connection would be closed without one.  The cookies are there twice.
 */
static bool too_long(const struct http_exchange *x, const struct head *h)
{
    const enum MHD_ValueKind all = MHD_HEADER_KIND | MHD_COOKIE_KIND | MHD_GET_ARGUMENT_KIND;
    const int n_records = MHD_get_connection_values_n(h->connection, all, NULL, NULL);
    return h->bytes > HTTP_HEADER_BYTES_MAX || h->bytes + (size_t)n_records * RECORD_BYTES +
                                                       http_header(&x->request, "Cookie").n +
                                                       REPLY_HEAD_BYTES >
                                                   x->pool_bytes;
}

/*
 * libmicrohttpd hands the target over as a C string.  The version stands behind it in the same
 * buffer, one byte apart: with a NUL in the target they stand further apart than it is long.
 */
static bool holds_nul(const struct http_exchange *x, const struct head *h)
{
    const uintptr_t apart = (uintptr_t)h->version - x->target_at;
    return apart <= x->pool_bytes && apart != x->request.target.n + 1;
}

static bool target_broken(const struct http_exchange *x, const struct head *h)
{
    const struct str t = x->request.target;
    const bool everything = str_eq(t, STR("*")); /* OPTIONS * */
    for (size_t i = 0; i < t.n; i++)
        if ((unsigned char)t.p[i] <= ' ' || t.p[i] == 0x7F)
            return true;
    return holds_nul(x, h) || (!everything && !str_starts(x->request.path, STR("/")));
}

/* RFC 9112 3.2: "a server MUST respond with a 400" to no Host, or to more than one. */
static bool host_unclear(const struct http_exchange *x, const struct head *h)
{
    const size_t n = count_headers(&x->request, STR("Host"));
    return n > 1 || (n == 0 && strcmp(h->version, "HTTP/1.0") != 0);
}

/*
 * Where the body ends must be beyond doubt (RFC 9112 6.3), or what follows could be read as another
 * request.  Asked of libmicrohttpd, since it decides by the untrimmed value.
 */
static bool length_unclear(const struct http_exchange *x, const struct head *h)
{
    const size_t n_lengths = count_headers(&x->request, STR("Content-Length"));
    const size_t n_codings = count_headers(&x->request, STR("Transfer-Encoding"));
    const char *coding =
        MHD_lookup_connection_value(h->connection, MHD_HEADER_KIND, "Transfer-Encoding");
    return n_lengths + n_codings > 1 ||
           (n_codings && !str_eq_nocase(str_of(coding), STR("chunked")));
}

struct refusal {
    bool (*applies)(const struct http_exchange *x, const struct head *h);
    int status;
    const char *sentence;
};

static const struct refusal refusals[] = {
    { target_broken, 400,
      "the request target is not a path without spaces and control characters" },
    { host_unclear, 400, "an HTTP/1.1 request carries exactly one Host" },
    { length_unclear, 400, "Content-Length and Transfer-Encoding do not say where the body ends" },
};

static void refuse(struct http_exchange *x, const struct refusal *refusal)
{
    struct http_response *r = &x->response;
    struct arena *a = x->request.arena;
    r->status = refusal->status;
    r->content_type = STR("text/plain");
    r->body = arena_printf(a, "%s\n", refusal->sentence);
    http_response_header(
        r, STR("x-understudy-reason"),
        arena_printf(a, "%s; %s", fault_reason(FAULT_REQUEST_MALFORMED), refusal->sentence));
}

/*
 * Past libmicrohttpd, which has no room for a reply, or takes none while a body is being read.  The
 * connection is at an end.
 */
static enum MHD_Result answer_by_hand(struct http_exchange *x, struct MHD_Connection *connection,
                                      const char *status, enum fault fault, const char *sentence)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct str reply =
        arena_printf(x->request.arena,
                     "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
                     "Connection: close\r\nx-understudy-reason: %s; %s\r\n\r\n%s\n",
                     status, strlen(sentence) + 1, fault_reason(fault), sentence, sentence);
    (void)!send(info->connect_fd, reply.p, reply.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    return MHD_NO;
}

/* --- the body --- */

static size_t declared_bytes(const struct http_request *r)
{
    const struct str text = http_header(r, "Content-Length");
    int64_t n;
    if (!text.n)
        return 0;
    return str_to_i64(text, &n) && n >= 0 ? (size_t)n : SIZE_MAX;
}

static size_t bound(const struct http_exchange *x)
{
    const struct http_server_options *o = &x->site->options;
    return o->body_bytes_max ? o->body_bytes_max(o->context, &x->request) : HTTP_BODY_BYTES_MAX;
}

/* A client that waits for "100 Continue", or would send for ages, is answered before its body. */
static bool answer_at_once(const struct http_exchange *x, size_t declared, size_t max)
{
    return declared > max &&
           (declared - max > DISCARDED_BYTES_MAX ||
            str_eq_nocase(http_header(&x->request, "Expect"), STR("100-continue")));
}

static void run_handler(struct http_exchange *x)
{
    const struct http_server_options *o = &x->site->options;
    if (!x->request.body_too_large)
        x->request.body = text_str(&x->body);
    o->handle(o->context, &x->request, &x->response);
}

static enum MHD_Result take_body(struct http_exchange *x, struct MHD_Connection *connection,
                                 const char *upload, size_t *bytes)
{
    struct http_request *r = &x->request;
    if (!r->body_too_large)
        text_put(&x->body, str_n(upload, *bytes));
    r->body_too_large |= x->body.full;
    if (r->body_too_large)
        x->discarded_bytes += *bytes;
    *bytes = 0;
    if (x->discarded_bytes <= x->body.max + DISCARDED_BYTES_MAX)
        return MHD_YES;
    return answer_by_hand(x, connection, "413 Content Too Large", FAULT_BODY_TOO_LARGE,
                          "the body goes on for far too long");
}

/* --- the reply --- */

static void wake(void *connection)
{
    MHD_resume_connection(connection);
}

static bool wait_first(struct http_exchange *x, struct MHD_Connection *connection)
{
    const int ms = x->response.delay_ms;
    if (ms <= 0)
        return false;
    x->response.delay_ms = 0;
    x->wake = (struct http_timer_call){ .run = wake, .object = connection };
    MHD_suspend_connection(connection);
    http_timer_add(x->site->timer, &x->wake, ms < DELAY_MS_MAX ? ms : DELAY_MS_MAX);
    return true;
}

/* As much as fits; what does not belong into a header (a line break, say) becomes '?'. */
static const char *header_text(struct str s, char *out, size_t max)
{
    size_t n = s.n < max ? s.n : max;
    for (size_t i = 0; i < n; i++)
        out[i] = s.p[i] >= ' ' && s.p[i] <= '~' ? s.p[i] : '?';
    out[n] = '\0';
    return out;
}

/* One long value uses up what is spare: a second one is cut. */
static void send_header(struct MHD_Response *m, struct str name, struct str value, size_t *spare)
{
    char n[REPLY_NAME_MAX + 1], v[REPLY_VALUE_MAX + REPLY_SPARE_BYTES + 1];
    const size_t over = value.n > REPLY_VALUE_MAX ? value.n - REPLY_VALUE_MAX : 0;
    const size_t more = over < *spare ? over : *spare;
    MHD_add_response_header(m, header_text(name, n, REPLY_NAME_MAX),
                            header_text(value, v, REPLY_VALUE_MAX + more));
    *spare -= more;
}

static ssize_t read_truncated(void *cls, uint64_t at, char *out, size_t max)
{
    const struct http_response *r = cls;
    const struct str rest = str_sub(str_sub(r->body, 0, r->truncate_to), (size_t)at, max);
    if (!rest.n)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    memcpy(out, rest.p, rest.n);
    return (ssize_t)rest.n;
}

static struct MHD_Response *with_body(struct http_response *r)
{
    enum { BLOCK_BYTES = 4096 };
    if (r->truncate_to && r->truncate_to < r->body.n)
        return MHD_create_response_from_callback(r->body.n, BLOCK_BYTES, read_truncated, r, NULL);
    return MHD_create_response_from_buffer(r->body.n, (void *)(uintptr_t)r->body.p,
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_reply(struct http_exchange *x, struct MHD_Connection *connection)
{
    struct http_response *r = &x->response;
    const int status = r->status >= 200 && r->status <= 599 ? r->status : 500;
    struct MHD_Response *m = with_body(r);
    size_t spare = REPLY_SPARE_BYTES;
    if (!m)
        return MHD_NO;
    send_header(m, STR("Content-Type"), r->content_type, &spare);
    for (size_t i = 0; i < r->n_headers; i++)
        send_header(m, r->headers[i].name, r->headers[i].value, &spare);
    if (x->site->stopping)
        send_header(m, STR("Connection"), STR("close"), &spare);
    const enum MHD_Result queued = MHD_queue_response(connection, (unsigned)status, m);
    MHD_destroy_response(m);
    return queued;
}

static enum MHD_Result reply(struct http_exchange *x, struct MHD_Connection *connection)
{
    x->stage = STAGE_REPLY;
    if (wait_first(x, connection))
        return MHD_YES;
    return x->response.drop ? MHD_NO : send_reply(x, connection);
}

/* --- from step to step --- */

static const struct refusal *find_refusal(const struct http_exchange *x, const struct head *h)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (refusals[i].applies(x, h))
            return &refusals[i];
    return NULL;
}

static enum MHD_Result on_head(struct http_exchange *x, const struct head *h)
{
    if (too_long(x, h))
        return answer_by_hand(x, h->connection, "431 Request Header Fields Too Large",
                              FAULT_REQUEST_MALFORMED,
                              "the request line and the headers are too long");
    const struct refusal *refusal = find_refusal(x, h);
    if (refusal) {
        refuse(x, refusal);
        return reply(x, h->connection);
    }
    const size_t max = bound(x), declared = declared_bytes(&x->request);
    x->request.body_too_large = declared > max;
    if (answer_at_once(x, declared, max)) {
        run_handler(x);
        return reply(x, h->connection);
    }
    x->body = text_new(x->request.arena, max);
    x->stage = STAGE_BODY;
    return MHD_YES;
}

static struct head head_of(struct MHD_Connection *connection, const char *version)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return (struct head){ connection, version, info ? info->header_size : 0 };
}

enum MHD_Result http_exchange_step(struct http_exchange *x, struct MHD_Connection *connection,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_bytes)
{
    x->running = true;
    if (x->stage == STAGE_HEAD) {
        const struct head h = head_of(connection, version);
        read_head(x, &h, method);
        return on_head(x, &h);
    }
    if (x->stage == STAGE_BODY && *upload_bytes)
        return take_body(x, connection, upload, upload_bytes);
    if (x->stage == STAGE_BODY)
        run_handler(x);
    return reply(x, connection);
}
