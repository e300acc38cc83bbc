#include "http/client.h"
#include "tests/http/wire.h"

#include <stdlib.h>
#include <time.h>

static struct http_server *server;
static struct arena *arena;

static void handle(void *context, const struct http_request *r, struct http_response *out)
{
    (void)context;
    out->status = 200;
    out->content_type = STR("text/x-test");
    if (str_eq(r->path, STR("/teapot"))) {
        out->status = 418;
        out->body = STR("short and stout");
    } else if (str_eq(r->path, STR("/elsewhere"))) {
        out->status = 302;
        http_response_header(out, STR("Location"), STR("/teapot"));
    } else if (str_eq(r->path, STR("/headers"))) {
        http_response_header(out, STR("x-a"), STR("1"));
        http_response_header(out, STR("X-A"), STR("2 "));
    } else if (str_starts(r->path, STR("/big/"))) {
        int64_t n = 0;
        str_to_i64(str_sub(r->path, 5, r->path.n), &n);
        char *p = arena_alloc(r->arena, (size_t)n);
        memset(p, 'b', (size_t)n);
        out->body = str_n(p, (size_t)n);
    } else if (str_eq(r->path, STR("/never"))) {
        out->delay_ms = 50 * 1000;
    } else if (str_eq(r->path, STR("/drop"))) {
        out->drop = true;
    } else if (str_eq(r->path, STR("/truncate"))) {
        out->body = STR("half of this");
        out->truncate_to = 4;
    } else {
        out->body = arena_printf(
            r->arena, "%.*s %.*s [%.*s] [%.*s] [%.*s] %.*s", STR_ARG(r->method), STR_ARG(r->target),
            STR_ARG(http_header(r, "x-a")), STR_ARG(http_header(r, "content-type")),
            STR_ARG(http_header(r, "expect")), STR_ARG(r->body));
    }
}

static void begin(void)
{
    const struct http_server_options options = { .handle = handle, .n_workers = 1 };
    arena = arena_new();
    server = wire_server(&options);
}

static void end(void)
{
    http_server_stop(server);
    arena_free(arena);
}

static struct str url(const char *host, const char *target)
{
    return arena_printf(arena, "http://%s:%u%s", host, http_server_port(server), target);
}

static struct http_answer must_call(struct http_call call)
{
    struct why why = why_new(arena);
    struct http_answer answer = { 0 };
    const struct outcome o = http_client_call(arena, &why, &call, &answer);
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(why.detail));
    return answer;
}

static struct str must_fail(struct http_call call)
{
    struct why why = why_new(arena);
    struct http_answer answer = { .status = 77 };
    ck_assert_int_eq(http_client_call(arena, &why, &call, &answer).fault, FAULT_PEER_UNREACHABLE);
    ck_assert_int_eq(answer.status, 77);
    return why.detail;
}

static const struct {
    const char *name;
    struct http_call call; /* its url is only the target */
    const char *answer;
} calls[] = {
    { "a GET",
      { .method = STR_INIT("GET"), .url = STR_INIT("/a?b=%20") },
      "GET /a?b=%20 [] [] [] " },
    { "a POST with a body",
      { .method = STR_INIT("POST"), .url = STR_INIT("/"), .body = STR_INIT("Action=x") },
      "POST / [] [] [] Action=x" },
    { "a POST without a body",
      { .method = STR_INIT("POST"), .url = STR_INIT("/") },
      "POST / [] [] [] " },
    { "a PUT",
      { .method = STR_INIT("PUT"), .url = STR_INIT("/"), .body = STR_INIT("{}") },
      "PUT / [] [] [] {}" },
    { "a DELETE", { .method = STR_INIT("DELETE"), .url = STR_INIT("/d") }, "DELETE /d [] [] [] " },
    { "a GET with a body",
      { .method = STR_INIT("GET"), .url = STR_INIT("/"), .body = STR_INIT("b") },
      "GET / [] [] [] b" },
    { "headers are sent",
      { .method = STR_INIT("POST"),
        .url = STR_INIT("/"),
        .body = STR_INIT("b"),
        .n_headers = 2,
        .headers = { { STR_INIT("X-A"), STR_INIT("one two") },
                     { STR_INIT("Content-Type"), STR_INIT("a/b") } } },
      "POST / [one two] [a/b] [] b" },
    { "an empty header is sent",
      { .method = STR_INIT("GET"),
        .url = STR_INIT("/"),
        .n_headers = 1,
        .headers = { { STR_INIT("X-A"), STR_INIT("") } } },
      "GET / [] [] [] " },
    { "dots in a path stay",
      { .method = STR_INIT("GET"), .url = STR_INIT("/a/../b/./c") },
      "GET /a/../b/./c [] [] [] " },
};

START_TEST(calls_arrive_as_given)
{
    struct http_call call = calls[_i].call;
    call.url = url("127.0.0.1", arena_cstr(arena, call.url));
    const struct http_answer answer = must_call(call);
    ck_assert_int_eq(answer.status, 200);
    want_str(calls[_i].name, answer.body, str_of(calls[_i].answer));
    want_str("type", answer.content_type, STR("text/x-test"));
}
END_TEST

START_TEST(a_large_body_arrives)
{
    const size_t n = 1024 * 1024;
    char *p = arena_alloc(arena, n);
    memset(p, 'x', n);
    const struct http_answer answer = must_call((struct http_call){
        .method = STR("POST"), .url = url("localhost", "/"), .body = str_n(p, n) });
    ck_assert(str_starts(answer.body, STR("POST / [] [] [] xxx")));
    ck_assert_uint_eq(answer.body.n, n + sizeof "POST / [] [] [] " - 1);
}
END_TEST

START_TEST(a_refusal_is_an_answer)
{
    const struct http_answer answer =
        must_call((struct http_call){ .method = STR("GET"), .url = url("127.0.0.1", "/teapot") });
    ck_assert_int_eq(answer.status, 418);
    want_str("body", answer.body, STR("short and stout"));
}
END_TEST

START_TEST(redirects_are_not_followed)
{
    const struct http_answer answer = must_call(
        (struct http_call){ .method = STR("GET"), .url = url("127.0.0.1", "/elsewhere") });
    ck_assert_int_eq(answer.status, 302);
}
END_TEST

START_TEST(head_has_no_body)
{
    const struct http_answer answer =
        must_call((struct http_call){ .method = STR("HEAD"), .url = url("127.0.0.1", "/teapot") });
    ck_assert_int_eq(answer.status, 418);
    ck_assert_uint_eq(answer.body.n, 0);
}
END_TEST

START_TEST(headers_of_the_answer_keep_their_order)
{
    const struct http_answer answer =
        must_call((struct http_call){ .method = STR("GET"), .url = url("127.0.0.1", "/headers") });
    size_t found = 0;
    for (size_t i = 0; i < answer.n_headers; i++)
        if (str_eq_nocase(answer.headers[i].name, STR("x-a")))
            want_str("value", answer.headers[i].value, found++ ? STR("2") : STR("1"));
    ck_assert_uint_eq(found, 2);
}
END_TEST

START_TEST(answers_are_bounded)
{
    const struct http_answer answer = must_call(
        (struct http_call){ .method = STR("GET"), .url = url("127.0.0.1", "/big/16777216") });
    ck_assert_uint_eq(answer.body.n, 16 * 1024 * 1024);
    const struct str detail = must_fail(
        (struct http_call){ .method = STR("GET"), .url = url("127.0.0.1", "/big/16777217") });
    ck_assert_msg(str_contains(detail, STR("16 MiB")), "%.*s", STR_ARG(detail));
}
END_TEST

/* A proxy may be needed to reach AWS; the server on this machine is not behind it. */
START_TEST(loopback_needs_no_proxy)
{
    static const char *const hosts[] = { "127.0.0.1", "localhost", "LOCALHOST", "127.0.0.1" };
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    ck_assert_int_eq(
        must_call((struct http_call){ .method = STR("GET"), .url = url(hosts[_i], "/") }).status,
        200);
    must_fail((struct http_call){ .method = STR("GET"), .url = STR("http://understudy.invalid/") });
}
END_TEST

START_TEST(what_went_wrong_names_the_host_and_nothing_secret)
{
    static const char *const targets[] = { "/never?token=secret", "/drop?token=secret",
                                           "/truncate?token=secret" };
    const struct str detail = must_fail((struct http_call){
        .method = STR("GET"), .url = url("127.0.0.1", targets[_i]), .timeout_ms = 300 });
    ck_assert_msg(str_starts(detail, STR("127.0.0.1: ")), "%.*s", STR_ARG(detail));
    ck_assert_msg(!str_contains(detail, STR("secret")), "%.*s", STR_ARG(detail));
}
END_TEST

static const struct {
    const char *name;
    struct str url;
    const char *detail;
} failures[] = {
    { "a closed port", STR_INIT("http://127.0.0.1:1/"), "127.0.0.1: " },
    { "files are not fetched", STR_INIT("file:///etc/passwd"), "rotocol" },
    { "FTP is not spoken", STR_INIT("ftp://127.0.0.1/"), "127.0.0.1: " },
    { "an unknown scheme", STR_INIT("gopher2://127.0.0.1/"), "cheme" },
    { "a bad port", STR_INIT("http://127.0.0.1:99999/"), "ort" },
    { "no URL", STR_INIT(""), ": " },
    { "a NUL", STR_INIT("http://127.0.0.1\0.example/"), "NUL" },
    { "an unresolvable name", STR_INIT("http://understudy.invalid/"), "understudy.invalid: " },
};

START_TEST(what_cannot_be_reached_is_said)
{
    const struct str detail =
        must_fail((struct http_call){ .method = STR("GET"), .url = failures[_i].url });
    ck_assert_msg(str_contains(detail, str_of(failures[_i].detail)), "%.*s", STR_ARG(detail));
}
END_TEST

START_TEST(a_header_with_a_line_break_is_not_sent)
{
    static const struct str values[] = { STR_INIT("a\r\nEvil: b"), STR_INIT("a\nb"),
                                         STR_INIT("a\rb"), STR_INIT("a\0b") };
    const struct str detail =
        must_fail((struct http_call){ .method = STR("GET"),
                                      .url = url("127.0.0.1", "/"),
                                      .n_headers = 1,
                                      .headers = { { STR("x-a"), values[_i] } } });
    ck_assert(str_contains(detail, STR("line break")));
}
END_TEST

Suite *client_suite(void);
Suite *client_suite(void)
{
    Suite *s = suite_create("client");
    TCase *c = tcase_create("client");
    tcase_add_checked_fixture(c, begin, end);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, calls_arrive_as_given, 0, (int)(sizeof calls / sizeof calls[0]));
    tcase_add_test(c, a_large_body_arrives);
    tcase_add_test(c, a_refusal_is_an_answer);
    tcase_add_test(c, redirects_are_not_followed);
    tcase_add_test(c, head_has_no_body);
    tcase_add_test(c, headers_of_the_answer_keep_their_order);
    tcase_add_test(c, answers_are_bounded);
    tcase_add_loop_test(c, loopback_needs_no_proxy, 0, 4);
    tcase_add_loop_test(c, what_went_wrong_names_the_host_and_nothing_secret, 0, 3);
    tcase_add_loop_test(c, what_cannot_be_reached_is_said, 0,
                        (int)(sizeof failures / sizeof failures[0]));
    tcase_add_loop_test(c, a_header_with_a_line_break_is_not_sent, 0, 4);
    suite_add_tcase(s, c);
    return s;
}
