#include "http/server.h"
#include "tests/http/wire.h"

#include "base/text.h"
#include "http/route.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* --- the server under test --- */

enum {
    SMALL_BODY_MAX = 1000,
    WORLD_BODY_MAX = 4 * 1024 * 1024,
    BIG_BYTES = 3 * 1024 * 1024,
};

static _Atomic int n_handled, n_in_handler;

static void sleep_ms(int ms)
{
    const struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
    nanosleep(&t, NULL);
}

/* What arrived, in one line. */
static void echo(void *context, const struct http_request *r, const struct route_match *match,
                 struct http_response *out)
{
    (void)context;
    (void)match;
    out->body =
        arena_printf(r->arena, "%.*s|%.*s|%.*s|%.*s|%.*s", STR_ARG(r->method), STR_ARG(r->target),
                     STR_ARG(r->path), STR_ARG(r->query), STR_ARG(r->body));
}

static void list_headers(void *context, const struct http_request *r,
                         const struct route_match *match, struct http_response *out)
{
    struct text t = text_new(r->arena, 100 * 1024);
    (void)context;
    (void)match;
    for (size_t i = 0; i < r->n_headers; i++) {
        text_put(&t, r->headers[i].name);
        text_putc(&t, '=');
        text_put(&t, r->headers[i].value);
        text_putc(&t, ';');
    }
    out->body = text_str(&t);
}

static void count_body(void *context, const struct http_request *r, const struct route_match *match,
                       struct http_response *out)
{
    (void)context;
    (void)match;
    out->body = arena_printf(r->arena, "%zu bytes, hash %u", r->body.n, str_hash(r->body));
}

static void count_head(void *context, const struct http_request *r, const struct route_match *match,
                       struct http_response *out)
{
    size_t n = 0;
    (void)context;
    (void)match;
    for (size_t i = 0; i < r->n_headers; i++)
        n += r->headers[i].value.n;
    out->body = arena_printf(r->arena, "%zu", n + r->target.n);
}

static void peer(void *context, const struct http_request *r, const struct route_match *match,
                 struct http_response *out)
{
    (void)context;
    (void)match;
    out->body = r->peer;
}

static void big(void *context, const struct http_request *r, const struct route_match *match,
                struct http_response *out)
{
    (void)context;
    (void)match;
    char *p = arena_alloc(r->arena, BIG_BYTES);
    memset(p, 'b', BIG_BYTES);
    out->body = str_n(p, BIG_BYTES);
}

static void slow(void *context, const struct http_request *r, const struct route_match *match,
                 struct http_response *out)
{
    (void)context;
    (void)r;
    (void)match;
    sleep_ms(300);
    out->body = STR("at last");
}

static void delayed(void *context, const struct http_request *r, const struct route_match *match,
                    struct http_response *out)
{
    int64_t ms = 0;
    (void)context;
    (void)r;
    str_to_i64(match->captures[0], &ms);
    out->delay_ms = (int)ms;
    out->body = STR("later");
}

static void dropped(void *context, const struct http_request *r, const struct route_match *match,
                    struct http_response *out)
{
    (void)context;
    (void)r;
    (void)match;
    out->drop = true;
    out->body = STR("never");
}

static void dropped_later(void *context, const struct http_request *r,
                          const struct route_match *match, struct http_response *out)
{
    dropped(context, r, match, out);
    out->delay_ms = 20;
}

static void truncated(void *context, const struct http_request *r, const struct route_match *match,
                      struct http_response *out)
{
    int64_t n = 0;
    big(context, r, match, out);
    str_to_i64(match->captures[0], &n);
    out->truncate_to = (size_t)n;
}

static void unsafe_header(void *context, const struct http_request *r,
                          const struct route_match *match, struct http_response *out)
{
    (void)context;
    (void)match;
    http_response_header(out, STR("x-reason"), STR("a\r\nSet-Cookie: b\t\xC3\xA9"));
    http_response_header(out, STR("x-empty"), STR(""));
    char *p = arena_alloc(r->arena, 100 * 1024);
    memset(p, 'v', 100 * 1024);
    http_response_header(out, STR("x-long"), str_n(p, 100 * 1024));
    http_response_header(out, STR("x-next"), str_n(p, 100 * 1024));
}

static void without_status(void *context, const struct http_request *r,
                           const struct route_match *match, struct http_response *out)
{
    (void)context;
    (void)r;
    (void)match;
    out->status = 0;
}

static void empty(void *context, const struct http_request *r, const struct route_match *match,
                  struct http_response *out)
{
    (void)context;
    (void)r;
    (void)match;
    out->status = 204;
}

static const struct route routes[] = {
    { "GET", "/headers", list_headers },
    { "GET", "/head", count_head },
    { "GET", "/peer", peer },
    { "GET", "/big", big },
    { "GET", "/slow", slow },
    { "GET", "/delay/{}", delayed },
    { "GET", "/drop", dropped },
    { "GET", "/drop-later", dropped_later },
    { "GET", "/truncate/{}", truncated },
    { "GET", "/unsafe-header", unsafe_header },
    { "GET", "/without-status", without_status },
    { "GET", "/empty", empty },
    { "PUT", "/world", count_body },
    { "POST", "/count", count_body },
    { NULL, NULL, NULL },
};

static char context_marker;

static void handle(void *context, const struct http_request *r, struct http_response *out)
{
    ck_assert_ptr_eq(context, &context_marker);
    atomic_fetch_add(&n_in_handler, 1);
    out->status = 200;
    out->content_type = STR("text/x-test");
    if (r->body_too_large) {
        ck_assert_uint_eq(r->body.n, 0);
        out->status = 413;
        out->body = STR("too large");
    } else if (route_run(routes, NULL, r, out) != ROUTE_HANDLED) {
        echo(NULL, r, NULL, out);
    }
    atomic_fetch_sub(&n_in_handler, 1);
    atomic_fetch_add(&n_handled, 1);
}

static size_t bound(void *context, const struct http_request *r)
{
    ck_assert_ptr_eq(context, &context_marker);
    ck_assert_ptr_nonnull(http_header(r, "Host").p);
    return str_eq(r->path, STR("/world")) ? WORLD_BODY_MAX : SMALL_BODY_MAX;
}

static struct http_server *server;
static struct arena *arena;

static struct http_server *start(size_t n_workers)
{
    const struct http_server_options options = { .n_workers = n_workers,
                                                 .body_bytes_max = bound,
                                                 .handle = handle,
                                                 .context = &context_marker };
    return wire_server(&options);
}

static void begin(void)
{
    arena = arena_new();
    server = start(2);
}

static void end(void)
{
    http_server_stop(server);
    arena_free(arena);
}

/* --- one request each --- */

#define GET(target) STR_INIT("GET " target " HTTP/1.1\r\nHost: x\r\n\r\n")
#define TRANSPORT   "Transfer-Encoding: chunked\r\n"

static const struct {
    const char *name;
    struct str request;
    int status;       /* 0: the connection is closed without a reply */
    const char *body; /* a part of it; NULL: any */
} cases[] = {
    { "a GET is answered", GET("/a"), 200, "GET|/a|/a||" },
    { "a target is not decoded", GET("/%41%2f%00/+?a=%20+b&a=%41"), 200,
      "GET|/%41%2f%00/+?a=%20+b&a=%41|/%41%2f%00/+|a=%20+b&a=%41|" },
    { "only the first '?' separates", GET("/a?b?c"), 200, "|/a|b?c|" },
    { "an empty query is empty", GET("/a?"), 200, "GET|/a?|/a||" },
    { "dots and double slashes stay", GET("//a/../b/./c//"), 200, "|//a/../b/./c//|" },
    { "raw UTF-8 stays", GET("/\xC3\xA9"), 200, "|/\xC3\xA9|" },
    { "the absolute form names the same path", GET("http://other:80/a/b?c"), 200,
      "GET|http://other:80/a/b?c|/a/b|c|" },
    { "the absolute form may lack a path", GET("HTTPS://other"), 200, "|/||" },
    { "* is a target", STR_INIT("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"), 200, "OPTIONS|*|*||" },
    { "an unknown method is the handler's affair", STR_INIT("BREW /a HTTP/1.1\r\nHost: x\r\n\r\n"),
      200, "BREW|/a|" },
    { "a body arrives whole",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"), 200, "|hello" },
    { "a body may hold NUL",
      STR_INIT("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na\0b"), 200,
      "3 bytes" },
    { "an empty body is empty",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"), 200, "POST|/a|/a||" },
    { "no length means no body", STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\n\r\n"), 200,
      "POST|/a|/a||" },
    { "a GET may have a body",
      STR_INIT("GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"), 200, "|hi" },
    { "a chunked body is put together",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\n" TRANSPORT
               "\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: t\r\n\r\n"),
      200, "|abcde" },
    { "an empty chunked body is empty",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\n" TRANSPORT "\r\n0\r\n\r\n"), 200, "POST|/a|/a||" },
    { "headers keep their order, repetitions and bytes",
      STR_INIT("GET /headers HTTP/1.1\r\nHost: x\r\nx-b: 1\r\nX-A: \xFF\xC3 two  "
               "words\r\nx-b:2\r\nx-empty:\r\n\r\n"),
      200, "Host=x;x-b=1;X-A=\xFF\xC3 two  words;x-b=2;x-empty=;" },
    { "blanks around a header's value are no part of it",
      STR_INIT("GET /headers HTTP/1.1\r\nHost:\t x \t \r\n\r\n"), 200, "Host=x;" },
    { "cookies are headers",
      STR_INIT("GET /headers HTTP/1.1\r\nHost: x\r\nCookie: a=b; c=d\r\n\r\n"), 200,
      "Host=x;Cookie=a=b; c=d;" },
    { "the peer is known by its number", GET("/peer"), 200, "127.0.0.1" },
    { "HTTP/1.0 needs no Host", STR_INIT("GET /a HTTP/1.0\r\nhost: x\r\n\r\n"), 200, "GET|/a" },
    { "an empty line before a request is overlooked",
      STR_INIT("\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n"), 200, "GET|/a" },
    { "a handler without a status is our mistake", GET("/without-status"), 500, "" },
    { "204 has no body", GET("/empty"), 204, "" },
    { "HTTP/1.1 needs a Host", STR_INIT("GET /a HTTP/1.1\r\n\r\n"), 400, "Host" },
    { "two Hosts are one too many", STR_INIT("GET /a HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n"), 400,
      "Host" },
    { "a NUL in the target is refused", STR_INIT("GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n"), 400,
      "target" },
    { "a NUL at the target's end is refused", STR_INIT("GET /a\0 HTTP/1.1\r\nHost: x\r\n\r\n"), 400,
      "target" },
    { "a NUL in the query is refused", STR_INIT("GET /a?b\0c HTTP/1.1\r\nHost: x\r\n\r\n"), 400,
      "target" },
    { "a NUL for a target is refused", STR_INIT("GET \0 HTTP/1.1\r\nHost: x\r\n\r\n"), 400,
      "target" },
    { "a control character in the target is refused", GET("/a\x01"), 400, "target" },
    { "a tab in the target is refused", GET("/a\tb"), 400, "target" },
    { "a carriage return in the target is refused", GET("/a\rb"), 400, "target" },
    { "DEL in the target is refused", GET("/a\x7F"), 400, "target" },
    { "a space in the target is refused", GET("/a b"), 400, "target" },
    { "a target that is no path is refused", GET("a"), 400, "target" },
    { "a tunnel is refused", STR_INIT("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "target" },
    { "a request without a target is refused", STR_INIT("GET HTTP/1.1\r\nHost: x\r\n\r\n"), 400,
      NULL },
    { "a request without a version is refused", STR_INIT("GET /a\r\nHost: x\r\n\r\n"), 400, NULL },
    { "HTTP/2 is refused", STR_INIT("GET /a HTTP/2.0\r\nHost: x\r\n\r\n"), 505, NULL },
    { "HTTP/0.9 is refused", STR_INIT("GET /a HTTP/0.9\r\nHost: x\r\n\r\n"), 505, NULL },
    { "a version in lower case is refused", STR_INIT("GET /a http/1.1\r\nHost: x\r\n\r\n"), 400,
      NULL },
    { "a header without a colon is refused", STR_INIT("GET /a HTTP/1.1\r\nHost x\r\n\r\n"), 400,
      NULL },
    { "no request line at all is dropped", STR_INIT("hello\r\n\r\n"), 0, NULL },
    { "TLS is dropped", STR_INIT("\x16\x03\x01\x00\xA5\x01\x00\x00\xA1\x03\x03\r\n\r\n"), 0, NULL },
    { "two lengths are refused",
      STR_INIT(
          "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
      400, "end" },
    { "a length and chunks are refused",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n" TRANSPORT "\r\n0\r\n\r\n"),
      400, "end" },
    { "other codings are refused",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
      400, "end" },
    { "two codings are refused",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\n" TRANSPORT TRANSPORT "\r\n0\r\n\r\n"), 400, "end" },
    { "a coding that libmicrohttpd misreads is refused",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked \r\n\r\n0\r\n\r\n"), 400,
      "end" },
    { "a length that is no number is refused",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5x\r\n\r\nhello"), 400, NULL },
    { "a negative length is refused",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello"), 400, NULL },
    { "a length beyond all numbers is too large",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"), 413,
      NULL },
    { "a length beyond the signed numbers is too large",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999\r\n\r\n"), 413,
      "too large" },
    { "a chunk size that is no number is refused",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\n" TRANSPORT "\r\nxyz\r\n"), 400, NULL },
    { "a chunk of the wrong size is refused",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\n" TRANSPORT "\r\n2\r\nabc\r\n0\r\n\r\n"), 400,
      NULL },
    { "a body declared far too large is answered at once",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n"), 413,
      "too large" },
    { "a body declared too large is answered instead of \"100 Continue\"",
      STR_INIT(
          "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n"),
      413, "too large" },
};

START_TEST(answers_as_documented)
{
    const struct wire_reply r = wire_ask(arena, server, cases[_i].request);
    ck_assert_msg(r.status == cases[_i].status, "status %d, wanted %d", r.status, cases[_i].status);
    ck_assert(r.whole || !r.status);
    ck_assert_msg(!cases[_i].body || str_contains(r.body, str_of(cases[_i].body)), "body \"%.*s\"",
                  STR_ARG(r.body));
    /* and the server is none the worse for it */
    ck_assert_int_eq(wire_ask(arena, server, STR("GET /b HTTP/1.1\r\nHost: x\r\n\r\n")).status,
                     200);
}
END_TEST

START_TEST(answers_the_same_to_single_bytes)
{
    const int fd = wire_connect(server);
    for (size_t i = 0; i < cases[_i].request.n; i++) {
        if (!wire_send(fd, str_sub(cases[_i].request, i, 1)))
            break;
        if (i % 7 == 0) /* so that not all of them arrive together */
            sched_yield();
    }
    const struct wire_reply r = wire_read(arena, fd);
    ck_assert_msg(r.status == cases[_i].status, "status %d, wanted %d", r.status, cases[_i].status);
    close(fd);
}
END_TEST

START_TEST(a_reply_names_type_length_and_date)
{
    const struct wire_reply r = wire_ask(arena, server, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    want_str("type", wire_header(r.head, "Content-Type"), STR("text/x-test"));
    want_str("length", wire_header(r.head, "Content-Length"), STR("11"));
    ck_assert(str_ends(wire_header(r.head, "Date"), STR(" GMT")));
    ck_assert_ptr_null(wire_header(r.head, "x-reason").p);
}
END_TEST

START_TEST(a_refusal_gives_its_reason)
{
    const struct wire_reply r = wire_ask(arena, server, STR("GET /a HTTP/1.1\r\n\r\n"));
    want_str("reason", wire_header(r.head, "x-understudy-reason"),
             STR("request-malformed; an HTTP/1.1 request carries exactly one Host"));
    want_str("type", wire_header(r.head, "Content-Type"), STR("text/plain"));
}
END_TEST

START_TEST(a_header_cannot_break_out_of_its_line)
{
    const struct wire_reply r =
        wire_ask(arena, server, STR("GET /unsafe-header HTTP/1.1\r\nHost: x\r\n\r\n"));
    ck_assert_int_eq(r.status, 200);
    want_str("made harmless", wire_header(r.head, "x-reason"), STR("a??Set-Cookie: b???"));
    ck_assert_ptr_null(wire_header(r.head, "Set-Cookie").p);
    ck_assert_uint_eq(wire_header(r.head, "x-long").n, 511 + 8 * 1024);
    ck_assert_uint_eq(wire_header(r.head, "x-next").n, 511);
}
END_TEST

START_TEST(head_has_the_length_and_no_body)
{
    const int fd = wire_connect(server);
    wire_send(fd, STR("HEAD /big HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    const struct wire_reply head = wire_head(arena, fd);
    want_str("length", wire_header(head.head, "Content-Length"), STR("3145728"));
    want_str("what follows is the next reply", wire_read(arena, fd).body, STR("GET|/a|/a||"));
    close(fd);
}
END_TEST

START_TEST(a_big_reply_arrives_whole)
{
    const struct wire_reply r =
        wire_ask(arena, server, STR("GET /big HTTP/1.1\r\nHost: x\r\n\r\n"));
    ck_assert(r.whole);
    ck_assert_uint_eq(r.body.n, BIG_BYTES);
    ck_assert_int_eq(r.body.p[BIG_BYTES - 1], 'b');
}
END_TEST

/* --- bodies --- */

static struct str filled(size_t n, char c)
{
    char *p = arena_alloc(arena, n + 1);
    memset(p, c, n);
    return str_n(p, n);
}

static const struct {
    const char *name, *line;
    size_t bytes;
    int status;
} bodies[] = {
    { "a body at the bound is kept", "POST /count", SMALL_BODY_MAX, 200 },
    { "a body one byte over the bound is not", "POST /count", SMALL_BODY_MAX + 1, 413 },
    { "a body far over the bound is not", "POST /count", 8 * 1024 * 1024, 413 },
    { "each request has a bound of its own", "PUT /world", WORLD_BODY_MAX, 200 },
    { "and that one holds too", "PUT /world", WORLD_BODY_MAX + 1, 413 },
};

static void want_counted(struct wire_reply r, struct str body, int status)
{
    ck_assert_int_eq(r.status, status);
    const struct str counted = arena_printf(arena, "%zu bytes, hash %u", body.n, str_hash(body));
    want_str("body", r.body, status == 200 ? counted : STR("too large"));
}

/* After a body that was read to its end, kept or not, the connection goes on. */
static void want_usable(int fd)
{
    wire_send(fd, STR("GET /next HTTP/1.1\r\nHost: x\r\n\r\n"));
    want_str("the next request", wire_read(arena, fd).body, STR("GET|/next|/next||"));
}

START_TEST(bodies_with_a_length_are_bounded)
{
    const struct str body = filled(bodies[_i].bytes, 'x');
    const int fd = wire_connect(server);
    wire_send(fd, arena_printf(arena, "%s HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n",
                               bodies[_i].line, body.n));
    ck_assert(wire_send(fd, body));
    want_counted(wire_read(arena, fd), body, bodies[_i].status);
    want_usable(fd);
    close(fd);
}
END_TEST

START_TEST(bodies_in_chunks_are_bounded)
{
    const struct str body = filled(bodies[_i].bytes, 'x');
    const int fd = wire_connect(server);
    wire_send(fd,
              arena_printf(arena, "%s HTTP/1.1\r\nHost: x\r\n" TRANSPORT "\r\n", bodies[_i].line));
    for (size_t i = 0; i < body.n; i += 99991) {
        const struct str chunk = str_sub(body, i, 99991);
        wire_send(fd, arena_printf(arena, "%zx\r\n", chunk.n));
        wire_send(fd, chunk);
        wire_send(fd, STR("\r\n"));
    }
    wire_send(fd, STR("0\r\n\r\n"));
    want_counted(wire_read(arena, fd), body, bodies[_i].status);
    want_usable(fd);
    close(fd);
}
END_TEST

START_TEST(chunks_without_end_are_cut_off)
{
    const struct str megabyte = filled(1024 * 1024, 'x');
    const int fd = wire_connect(server);
    wire_send(fd, STR("POST /count HTTP/1.1\r\nHost: x\r\n" TRANSPORT "\r\n"));
    size_t sent = 0;
    while (sent < 64 && wire_send(fd, STR("100000\r\n")) && wire_send(fd, megabyte) &&
           wire_send(fd, STR("\r\n")))
        sent++;
    ck_assert_msg(sent < 64, "%zu MiB taken", sent);
    ck_assert_int_eq(wire_read(arena, fd).status, 413);
    ck_assert_int_eq(n_handled, 0);
    close(fd);
}
END_TEST

START_TEST(a_client_that_waits_is_told_to_continue)
{
    const int fd = wire_connect(server);
    wire_send(
        fd,
        STR("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    ck_assert_int_eq(wire_read(arena, fd).status, 100);
    wire_send(fd, STR("ok"));
    want_str("body", wire_read(arena, fd).body, STR("POST|/a|/a||ok"));
    close(fd);
}
END_TEST

/* --- heads --- */

enum { KIB = 1024 };

/* A head of exactly n bytes, the filling in one header, in many, or in the target. */
static struct str head_of(size_t n, const char *where)
{
    static const char rest[] = "GET /head HTTP/1.1\r\nHost: x\r\n\r\n";
    const size_t room = n - (sizeof rest - 1);
    if (strcmp(where, "target") == 0)
        return arena_printf(arena, "GET /head?%.*s HTTP/1.1\r\nHost: x\r\n\r\n",
                            STR_ARG(filled(room - 1, 'q')));
    if (strcmp(where, "parameters") == 0)
        return arena_printf(arena, "GET /head?%.*s HTTP/1.1\r\nHost: x\r\n\r\n",
                            STR_ARG(filled(room - 1, '&')));
    struct text t = text_new(arena, n);
    text_put(&t, STR("GET /head HTTP/1.1\r\nHost: x\r\n"));
    const size_t each = strcmp(where, "many") == 0 ? 500 : room;
    for (size_t left = room; left; left -= left < each * 2 ? left : each)
        text_printf(&t, "f: %.*s\r\n", STR_ARG(filled((left < each * 2 ? left : each) - 5, 'h')));
    text_put(&t, STR("\r\n"));
    ck_assert_uint_eq(t.n, n);
    return text_str(&t);
}

static const struct {
    const char *name;
    size_t bytes;
    const char *where;
    int status;
} heads[] = {
    { "a head of 20 KiB in one header", 20 * KIB, "one", 200 },
    { "a head of 25 KiB in the target", 25 * KIB, "target", 200 },
    { "a head of 40 KiB in one header", 40 * KIB, "one", 200 },
    { "a head of 64 KiB in one header", 64 * KIB, "one", 200 },
    { "a head of 64 KiB in many headers", 64 * KIB, "many", 200 },
    { "a head of 64 KiB in the target", 64 * KIB, "target", 200 },
    { "a head of 64 KiB in parameters", 64 * KIB, "parameters", 200 },
    { "parameters one byte longer", 64 * KIB + 1, "parameters", 431 },
    { "a head one byte longer", 64 * KIB + 1, "one", 431 },
    { "many headers one byte longer", 64 * KIB + 1, "many", 431 },
    { "a target one byte longer", 64 * KIB + 1, "target", 431 },
    { "a head of 100 KiB", 100 * KIB, "one", 431 },
    { "a head of 1 MiB", 1024 * KIB, "one", 431 },
    { "a head of 1 MiB in many headers", 1024 * KIB, "many", 431 },
    { "a target of 1 MiB", 1024 * KIB, "target", 414 },
};

START_TEST(heads_are_bounded)
{
    const struct wire_reply r = wire_ask(arena, server, head_of(heads[_i].bytes, heads[_i].where));
    ck_assert_msg(r.status == heads[_i].status, "status %d, wanted %d", r.status, heads[_i].status);
    ck_assert(r.whole);
    ck_assert_int_eq(n_handled, heads[_i].status == 200);
}
END_TEST

/* The connection was dealt out by its first head; the longest tokens of AWS still fit. */
START_TEST(a_connection_may_grow_its_heads)
{
    const int fd = wire_connect(server);
    wire_send(fd, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    ck_assert_int_eq(wire_read(arena, fd).status, 200);
    wire_send(fd, head_of(24 * KIB, "target"));
    ck_assert_int_eq(wire_read(arena, fd).status, 200);
    wire_send(fd, head_of(22 * KIB, "many"));
    ck_assert_int_eq(wire_read(arena, fd).status, 200);
    wire_send(fd, head_of(60 * KIB, "one"));
    const struct wire_reply r = wire_read(arena, fd);
    ck_assert_int_eq(r.status, 431);
    ck_assert(r.whole);
    close(fd);
}
END_TEST

/* Every length near where the swift worker's memory ends gets a reply, never a silent end. */
START_TEST(no_head_is_met_with_silence)
{
    static const char *const where[] = { "one", "many", "target", "parameters" };
    for (size_t n = 21 * KIB; n < 34 * KIB; n += 211) {
        const int fd = wire_connect(server);
        wire_send(fd, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
        ck_assert_int_eq(wire_read(arena, fd).status, 200);
        wire_send(fd, head_of(n, where[_i]));
        const struct wire_reply r = wire_read(arena, fd);
        ck_assert_msg(r.status == 200 || r.status == 431 || r.status == 414, "%zu bytes: status %d",
                      n, r.status);
        ck_assert_msg(n > 22 * KIB || r.status == 200, "%zu bytes: status %d", n, r.status);
        close(fd);
    }
}
END_TEST

START_TEST(headers_too_many_for_the_memory_are_refused)
{
    struct text t = text_new(arena, 64 * KIB);
    text_put(&t, STR("GET /head HTTP/1.1\r\nHost: x\r\n"));
    for (size_t i = 0; i < 10000; i++)
        text_put(&t, STR("a:b\r\n"));
    text_put(&t, STR("\r\n"));
    ck_assert_int_eq(wire_ask(arena, server, text_str(&t)).status, 431);
}
END_TEST

/* --- connections --- */

START_TEST(pipelined_requests_are_answered_in_order)
{
    enum { N = 200 };
    struct text t = text_new(arena, 1024 * KIB);
    for (int i = 0; i < N; i++)
        text_printf(&t, "POST /p%d HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%.*s", i, i, i,
                    filled(N, 'b').p);
    const int fd = wire_connect(server);
    ck_assert(wire_send(fd, text_str(&t)));
    for (int i = 0; i < N; i++)
        want_str("reply", wire_read(arena, fd).body,
                 arena_printf(arena, "POST|/p%d|/p%d||%.*s", i, i, i, filled(N, 'b').p));
    close(fd);
}
END_TEST

START_TEST(close_is_respected)
{
    const int fd = wire_connect(server);
    wire_send(fd, STR("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    ck_assert_int_eq(wire_read(arena, fd).status, 200);
    ck_assert(wire_ended(fd));
    close(fd);
}
END_TEST

START_TEST(a_client_may_close_its_half_early)
{
    const int fd = wire_connect(server);
    wire_send(fd, STR("GET /big HTTP/1.1\r\nHost: x\r\n\r\n"));
    shutdown(fd, SHUT_WR);
    ck_assert_uint_eq(wire_read(arena, fd).body.n, BIG_BYTES);
    close(fd);
}
END_TEST

static const struct {
    const char *name;
    struct str begun;
} cut[] = {
    { "nothing", STR_INIT("") },
    { "within the request line", STR_INIT("GET /a HT") },
    { "within the headers", STR_INIT("GET /a HTTP/1.1\r\nHost: x\r\nA:") },
    { "behind the head", STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n") },
    { "within the body", STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf") },
    { "within a chunk", STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\n" TRANSPORT "\r\n9\r\nhalf") },
    { "before the last chunk",
      STR_INIT("POST /a HTTP/1.1\r\nHost: x\r\n" TRANSPORT "\r\n4\r\nfull\r\n") },
};

START_TEST(half_a_request_is_not_handled)
{
    const int fd = wire_connect(server);
    wire_send(fd, cut[_i].begun);
    sleep_ms(20);
    shutdown(fd, SHUT_WR);
    ck_assert(wire_ended(fd));
    close(fd);
    ck_assert_int_eq(n_handled, 0);
    const int reset = wire_connect(server);
    const struct linger at_once = { .l_onoff = 1 };
    wire_send(reset, cut[_i].begun);
    setsockopt(reset, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(reset);
    ck_assert_int_eq(wire_ask(arena, server, STR("GET /b HTTP/1.1\r\nHost: x\r\n\r\n")).status,
                     200);
    ck_assert_int_eq(n_handled, 1);
}
END_TEST

START_TEST(stopping_leaves_half_a_request_behind)
{
    const int fd = wire_connect(server);
    wire_send(fd, cut[_i].begun);
    sleep_ms(20);
    http_server_stop(server);
    server = NULL;
    ck_assert(wire_ended(fd));
    close(fd);
}
END_TEST

START_TEST(a_silent_connection_is_answered_once_it_speaks)
{
    const int fd = wire_connect(server);
    sleep_ms(50);
    wire_send(fd, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    ck_assert_int_eq(wire_read(arena, fd).status, 200);
    close(fd);
}
END_TEST

enum { CROWD = 200, CROWD_THREADS = 8, CROWD_ROUNDS = 10 };

/* Each thread drives its share of the connections, all of them open at once. */
static void *crowd(void *arg)
{
    const int thread = *(const int *)arg;
    struct arena *a = arena_new();
    int fds[CROWD / CROWD_THREADS];
    for (int i = 0; i < CROWD / CROWD_THREADS; i++)
        fds[i] = wire_connect(server);
    for (int round = 0; round < CROWD_ROUNDS; round++) {
        for (int i = 0; i < CROWD / CROWD_THREADS; i++)
            wire_send(fds[i],
                      arena_printf(
                          a, "POST /%d/%d/%d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n%03d",
                          thread, i, round, i));
        for (int i = 0; i < CROWD / CROWD_THREADS; i++) {
            const struct str path = arena_printf(a, "/%d/%d/%d", thread, i, round);
            want_str("reply", wire_read(a, fds[i]).body,
                     arena_printf(a, "POST|%.*s|%.*s||%03d", STR_ARG(path), STR_ARG(path), i));
        }
        arena_reset(a);
    }
    for (int i = 0; i < CROWD / CROWD_THREADS; i++)
        close(fds[i]);
    arena_free(a);
    return NULL;
}

START_TEST(two_hundred_connections_get_their_own_answers)
{
    pthread_t threads[CROWD_THREADS];
    int numbers[CROWD_THREADS];
    for (int i = 0; i < CROWD_THREADS; i++) {
        numbers[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, crowd, &numbers[i]), 0);
    }
    for (int i = 0; i < CROWD_THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(n_handled, CROWD * CROWD_ROUNDS);
}
END_TEST

/* Both ends of every connection are in this process. */
static void need_descriptors(rlim_t n)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    ck_assert_msg(limit.rlim_max >= n, "%s", "this test needs a hard limit of 2,300 open files");
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Whether a new connection is served; the first refusals may be met before the old ones are gone.
 */
static int status_of_one_more(void)
{
    const struct wire_reply r = wire_ask(arena, server, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    arena_reset(arena);
    return r.status;
}

START_TEST(connections_are_bounded)
{
    static int fds[HTTP_CONNECTIONS_MAX];
    need_descriptors(HTTP_CONNECTIONS_MAX * 2 + 250);
    for (size_t i = 0; i < HTTP_CONNECTIONS_MAX; i++) {
        fds[i] = wire_connect(server);
        wire_send(fds[i], STR("GET /kept HTTP/1.1\r\nHost: x\r\n\r\n"));
        ck_assert_int_eq(wire_read(arena, fds[i]).status, 200);
        arena_reset(arena);
    }
    for (int i = 0; i < 20; i++) /* again and again, and never a hang */
        ck_assert_int_eq(status_of_one_more(), 503);
    want_usable(fds[0]);
    want_usable(fds[HTTP_CONNECTIONS_MAX - 1]);
    for (size_t i = 0; i < HTTP_CONNECTIONS_MAX; i++)
        close(fds[i]);
    int status = 503;
    for (int i = 0; i < 1000 && status == 503; i++) {
        sleep_ms(5);
        status = status_of_one_more();
    }
    ck_assert_int_eq(status, 200);
}
END_TEST

START_TEST(running_out_of_descriptors_is_a_clear_refusal)
{
    struct rlimit limit;
    const int fd = wire_connect(server);
    const int ours = wire_connect(server);
    getrlimit(RLIMIT_NOFILE, &limit);
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = (rlim_t)ours + 1; /* the lowest free one, so all below it are in use */
    setrlimit(RLIMIT_NOFILE, &limit);
    wire_send(ours, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    ck_assert_int_eq(wire_read(arena, ours).status, 503);
    limit.rlim_cur = before;
    setrlimit(RLIMIT_NOFILE, &limit);
    wire_send(fd, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    ck_assert_int_eq(wire_read(arena, fd).status, 200);
    close(fd);
    close(ours);
}
END_TEST

/* --- injected faults --- */

START_TEST(drop_closes_without_a_reply)
{
    static const struct str requests[] = {
        STR_INIT("GET /drop HTTP/1.1\r\nHost: x\r\n\r\n"),
        STR_INIT("GET /drop-later HTTP/1.1\r\nHost: x\r\n\r\n"),
    };
    const int fd = wire_connect(server);
    wire_send(fd, requests[_i]);
    ck_assert(wire_ended(fd));
    close(fd);
}
END_TEST

static const struct {
    const char *name, *target;
    size_t bytes;
} truncations[] = {
    { "one byte of many", "/truncate/1", 1 },
    { "some more than one block", "/truncate/5000", 5000 },
    { "all but one byte", "/truncate/3145727", BIG_BYTES - 1 },
    { "all of them", "/truncate/3145728", BIG_BYTES },
    { "more than there are", "/truncate/9999999", BIG_BYTES },
    { "zero means whole", "/truncate/0", BIG_BYTES },
};

START_TEST(truncation_sends_so_much_and_no_more)
{
    const struct wire_reply r =
        wire_ask(arena, server,
                 arena_printf(arena, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", truncations[_i].target));
    want_str("length", wire_header(r.head, "Content-Length"), STR("3145728"));
    ck_assert_uint_eq(r.body.n, truncations[_i].bytes);
    ck_assert(r.whole == (truncations[_i].bytes == BIG_BYTES));
}
END_TEST

/* With one worker: had the delay blocked it, the second reply could not come first. */
START_TEST(a_delay_costs_nobody_else)
{
    http_server_stop(server);
    server = start(1);
    const int waiting = wire_connect(server);
    struct pollfd watched = { .fd = waiting, .events = POLLIN };
    wire_send(waiting, STR("GET /delay/1500 HTTP/1.1\r\nHost: x\r\n\r\n"));
    sleep_ms(50);
    ck_assert_int_eq(wire_ask(arena, server, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")).status,
                     200);
    ck_assert_msg(poll(&watched, 1, 0) == 0, "%s", "the delayed reply must not come first");
    want_str("the delayed reply", wire_read(arena, waiting).body, STR("later"));
    want_usable(waiting);
    close(waiting);
}
END_TEST

START_TEST(delays_end_in_the_order_they_are_due)
{
    const int late = wire_connect(server), soon = wire_connect(server);
    struct pollfd watched = { .fd = late, .events = POLLIN };
    wire_send(late, STR("GET /delay/2000 HTTP/1.1\r\nHost: x\r\n\r\n"));
    sleep_ms(20);
    wire_send(soon, STR("GET /delay/10 HTTP/1.1\r\nHost: x\r\n\r\n"));
    ck_assert_int_eq(wire_read(arena, soon).status, 200);
    ck_assert_int_eq(poll(&watched, 1, 0), 0);
    close(soon);
    close(late); /* gone before its reply */
}
END_TEST

/* --- starting and stopping --- */

static const struct {
    const char *name, *address;
    bool same_port;
    enum fault fault;
} starts[] = {
    { "a taken port is refused", "127.0.0.1", true, FAULT_ADDRESS_IN_USE },
    { "a taken port is refused to all addresses", "0.0.0.0", true, FAULT_ADDRESS_IN_USE },
    { "another free port is fine", "127.0.0.1", false, FAULT_NONE },
    { "a name is no address", "localhost", false, FAULT_ADDRESS_INVALID },
    { "another machine's address is refused", "192.0.2.1", false, FAULT_ADDRESS_INVALID },
};

START_TEST(addresses_are_claimed_or_refused)
{
    struct why why = why_new(arena);
    struct http_server *second = NULL;
    const struct http_server_options options = { .address = starts[_i].address,
                                                 .handle = handle,
                                                 .context = &context_marker,
                                                 .port = starts[_i].same_port
                                                             ? http_server_port(server)
                                                             : 0 };
    const struct outcome o = http_server_start(&why, &options, &second);
    ck_assert_int_eq(o.fault, starts[_i].fault);
    ck_assert(failed(o) == !second);
    ck_assert(!failed(o) || str_contains(why.detail, str_of(starts[_i].address)));
    http_server_stop(second);
    ck_assert_int_eq(wire_ask(arena, server, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")).status,
                     200);
}
END_TEST

START_TEST(a_stopped_server_frees_its_port)
{
    const unsigned port = http_server_port(server);
    const struct http_server_options options = { .port = port,
                                                 .handle = handle,
                                                 .context = &context_marker };
    ck_assert_int_eq(wire_ask(arena, server, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")).status,
                     200);
    http_server_stop(server);
    server = wire_server(&options);
    ck_assert_uint_eq(http_server_port(server), port);
    ck_assert_int_eq(wire_ask(arena, server, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")).status,
                     200);
}
END_TEST

START_TEST(without_a_bound_of_its_own_a_body_has_1_mib)
{
    const struct http_server_options options = { .handle = handle, .context = &context_marker };
    http_server_stop(server);
    server = wire_server(&options);
    for (size_t over = 0; over < 2; over++) {
        const struct str body = filled(1024 * KIB + over, 'x');
        const int fd = wire_connect(server);
        wire_send(fd, arena_printf(arena,
                                   "POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n",
                                   body.n));
        wire_send(fd, body);
        want_counted(wire_read(arena, fd), body, over ? 413 : 200);
        close(fd);
    }
}
END_TEST

static void *stop_server(void *arg)
{
    http_server_stop(server);
    return arg;
}

START_TEST(a_running_request_is_finished_before_the_stop)
{
    static const struct str requests[] = {
        STR_INIT("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"),
        STR_INIT("GET /delay/50000 HTTP/1.1\r\nHost: x\r\n\r\n"), /* cut short */
    };
    pthread_t stopper;
    const int fd = wire_connect(server), idle = wire_connect(server);
    want_usable(idle);
    wire_send(fd, requests[_i]);
    while (!n_in_handler && n_handled < 2)
        sleep_ms(1);
    pthread_create(&stopper, NULL, stop_server, NULL);
    const struct wire_reply r = wire_read(arena, fd);
    ck_assert_int_eq(r.status, 200);
    ck_assert(r.whole);
    ck_assert(wire_ended(fd));
    ck_assert(wire_ended(idle));
    pthread_join(stopper, NULL);
    server = NULL;
    close(fd);
    close(idle);
}
END_TEST

static void *ask_for_ever(void *arg)
{
    const unsigned *const port = arg;
    const struct sockaddr_in a = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)*port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct arena *mine = arena_new();
    for (;;) {
        const int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (const struct sockaddr *)&a, sizeof a) != 0) {
            close(fd);
            break;
        }
        struct wire_reply r = { .status = 200 };
        while (r.status && wire_send(fd, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"))) {
            r = wire_read(mine, fd);
            ck_assert(!r.status || str_eq(r.body, STR("GET|/a|/a||")));
            arena_reset(mine);
        }
        close(fd);
    }
    arena_free(mine);
    return NULL;
}

START_TEST(a_busy_server_stops)
{
    enum { CLIENTS = 4 };
    pthread_t clients[CLIENTS];
    unsigned port = http_server_port(server);
    for (int i = 0; i < CLIENTS; i++)
        pthread_create(&clients[i], NULL, ask_for_ever, &port);
    while (n_handled < 100)
        sleep_ms(1);
    http_server_stop(server);
    server = NULL;
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i], NULL);
}
END_TEST

START_TEST(an_ipv6_listener_knows_both_kinds_of_peers)
{
    const struct http_server_options options = {
        .address = "::", .handle = handle, .context = &context_marker
    };
    struct why why = why_new(arena);
    const int probe = socket(AF_INET6, SOCK_STREAM, 0);
    const struct sockaddr_in6 loopback = { .sin6_family = AF_INET6,
                                           .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    const bool has_ipv6 =
        probe >= 0 && bind(probe, (const struct sockaddr *)&loopback, sizeof loopback) == 0;
    if (probe >= 0)
        close(probe);
    if (!has_ipv6)
        return; /* a machine without IPv6 has nothing to show */
    http_server_stop(server);
    server = NULL;
    ck_assert(!failed(http_server_start(&why, &options, &server)));
    want_str("IPv4", wire_ask(arena, server, STR("GET /peer HTTP/1.1\r\nHost: x\r\n\r\n")).body,
             STR("127.0.0.1"));
    struct sockaddr_in6 to = loopback;
    to.sin6_port = htons((uint16_t)http_server_port(server));
    const int fd = socket(AF_INET6, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    wire_send(fd, STR("GET /peer HTTP/1.1\r\nHost: x\r\n\r\n"));
    want_str("IPv6", wire_read(arena, fd).body, STR("::1"));
    close(fd);
}
END_TEST

static void note_port(void *bound_context, unsigned port)
{
    *(unsigned *)bound_context = port;
}

START_TEST(the_port_is_told_before_the_first_request)
{
    unsigned told = 0;
    const struct http_server_options options = { .address = "127.0.0.1",
                                                 .handle = handle,
                                                 .context = &context_marker,
                                                 .bound = note_port,
                                                 .bound_context = &told };
    struct why why = why_new(arena);
    struct http_server *another;
    ck_assert(!failed(http_server_start(&why, &options, &another)));
    ck_assert_uint_eq(told, http_server_port(another));
    ck_assert_uint_ne(told, 0);
    http_server_stop(another);
}
END_TEST

START_TEST(stopping_nothing_is_fine)
{
    http_server_stop(NULL);
}
END_TEST

#define LOOP(c, test, rows) tcase_add_loop_test(c, test, 0, (int)(sizeof(rows) / sizeof(rows)[0]))

static TCase *case_of(Suite *s, const char *name)
{
    TCase *c = tcase_create(name);
    tcase_add_checked_fixture(c, begin, end);
    tcase_set_timeout(c, 60);
    suite_add_tcase(s, c);
    return c;
}

static void add_requests(TCase *c)
{
    LOOP(c, answers_as_documented, cases);
    LOOP(c, answers_the_same_to_single_bytes, cases);
    tcase_add_test(c, a_reply_names_type_length_and_date);
    tcase_add_test(c, a_refusal_gives_its_reason);
    tcase_add_test(c, a_header_cannot_break_out_of_its_line);
    tcase_add_test(c, head_has_the_length_and_no_body);
    tcase_add_test(c, a_big_reply_arrives_whole);
}

static void add_bounds(TCase *c)
{
    LOOP(c, bodies_with_a_length_are_bounded, bodies);
    LOOP(c, bodies_in_chunks_are_bounded, bodies);
    tcase_add_test(c, chunks_without_end_are_cut_off);
    tcase_add_test(c, a_client_that_waits_is_told_to_continue);
    LOOP(c, heads_are_bounded, heads);
    tcase_add_test(c, a_connection_may_grow_its_heads);
    tcase_add_loop_test(c, no_head_is_met_with_silence, 0, 4);
    tcase_add_test(c, headers_too_many_for_the_memory_are_refused);
}

static void add_connections(TCase *c)
{
    tcase_add_test(c, pipelined_requests_are_answered_in_order);
    tcase_add_test(c, close_is_respected);
    tcase_add_test(c, a_client_may_close_its_half_early);
    LOOP(c, half_a_request_is_not_handled, cut);
    /* Not the first: a connection that never spoke is not there yet. */
    tcase_add_loop_test(c, stopping_leaves_half_a_request_behind, 1, 4);
    tcase_add_test(c, a_silent_connection_is_answered_once_it_speaks);
    tcase_add_test(c, two_hundred_connections_get_their_own_answers);
    tcase_add_test(c, connections_are_bounded);
    tcase_add_test(c, running_out_of_descriptors_is_a_clear_refusal);
}

static void add_faults(TCase *c)
{
    tcase_add_loop_test(c, drop_closes_without_a_reply, 0, 2);
    LOOP(c, truncation_sends_so_much_and_no_more, truncations);
    tcase_add_test(c, a_delay_costs_nobody_else);
    tcase_add_test(c, delays_end_in_the_order_they_are_due);
}

static void add_life(TCase *c)
{
    LOOP(c, addresses_are_claimed_or_refused, starts);
    tcase_add_test(c, a_stopped_server_frees_its_port);
    tcase_add_test(c, without_a_bound_of_its_own_a_body_has_1_mib);
    tcase_add_loop_test(c, a_running_request_is_finished_before_the_stop, 0, 2);
    tcase_add_test(c, a_busy_server_stops);
    tcase_add_test(c, an_ipv6_listener_knows_both_kinds_of_peers);
    tcase_add_test(c, stopping_nothing_is_fine);
    tcase_add_test(c, the_port_is_told_before_the_first_request);
}

Suite *server_suite(void);
Suite *server_suite(void)
{
    Suite *s = suite_create("server");
    add_requests(case_of(s, "requests"));
    add_bounds(case_of(s, "bounds"));
    add_connections(case_of(s, "connections"));
    add_faults(case_of(s, "faults"));
    add_life(case_of(s, "life"));
    return s;
}
