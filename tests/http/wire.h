#ifndef TESTS_HTTP_WIRE_H
#define TESTS_HTTP_WIRE_H

#include "http/server.h"
#include "tests/support/runner.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Raw HTTP over sockets, for what no well-behaved client would send. */

struct wire_reply {
    int status; /* 0: the connection ended before a whole head came */
    struct str head, body;
    bool whole; /* as much body as Content-Length said */
};

static inline struct http_server *wire_server(const struct http_server_options *given)
{
    static struct arena *arena; /* what a failed start says lives here until the process ends */
    struct http_server_options options = *given;
    struct http_server *s = NULL;
    if (!arena)
        arena = arena_new();
    struct why why = why_new(arena);
    if (!options.address)
        options.address = "127.0.0.1";
    const struct outcome o = http_server_start(&why, &options, &s);
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(why.detail));
    return s;
}

static inline int wire_connect(const struct http_server *s)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_port = htons((uint16_t)http_server_port(s)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    ck_assert_int_ge(fd, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ck_assert_int_eq(connect(fd, (const struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

/* False when the other side has closed already. */
static inline bool wire_send(int fd, struct str s)
{
    while (s.n) {
        const ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        s = str_sub(s, (size_t)n, s.n);
    }
    return true;
}

/* One more piece of what comes; false at its end.  A test hangs no longer than 20 s here. */
static inline bool wire_more(int fd, char *p, size_t room, size_t *n)
{
    struct pollfd watched = { .fd = fd, .events = POLLIN };
    ck_assert_msg(poll(&watched, 1, 20 * 1000) == 1, "%s", "no reply within 20 s");
    const ssize_t got = recv(fd, p, room, 0);
    if (got <= 0)
        return false;
    *n += (size_t)got;
    return true;
}

static inline struct str wire_header(struct str head, const char *name)
{
    while (head.n) {
        struct str line = str_cut(&head, '\n');
        const struct str got = str_cut(&line, ':');
        if (str_eq_nocase(got, str_of(name)))
            return str_trim(line);
    }
    return str_n(NULL, 0);
}

/* Reads bytes one at a time as far as the blank line, so that nothing of the next reply is taken.
 */
static inline struct wire_reply wire_head(struct arena *a, int fd)
{
    enum { HEAD_MAX = 64 * 1024 };
    char *p = arena_alloc(a, HEAD_MAX);
    struct wire_reply r = { 0 };
    size_t n = 0;
    while (n < HEAD_MAX && !str_ends(str_n(p, n), STR("\r\n\r\n")))
        if (!wire_more(fd, p + n, 1, &n))
            return r;
    int64_t status;
    r.head = str_n(p, n);
    ck_assert_msg(str_starts(r.head, STR("HTTP/1.")), "%s", "a reply begins with HTTP/1.");
    ck_assert(str_to_i64(str_sub(r.head, 9, 3), &status));
    r.status = (int)status;
    return r;
}

static inline struct wire_reply wire_read(struct arena *a, int fd)
{
    struct wire_reply r = wire_head(a, fd);
    int64_t length = 0;
    if (!r.status || r.status == 100)
        return r;
    str_to_i64(wire_header(r.head, "Content-Length"), &length);
    char *p = arena_alloc(a, (size_t)length + 1);
    size_t n = 0;
    r.whole = true;
    while (r.whole && n < (size_t)length)
        r.whole = wire_more(fd, p + n, (size_t)length - n, &n);
    r.body = str_n(p, n);
    return r;
}

/* Whether the connection ends now, without another byte. */
static inline bool wire_ended(int fd)
{
    char c;
    size_t n = 0;
    return !wire_more(fd, &c, 1, &n);
}

static inline struct wire_reply wire_ask(struct arena *a, const struct http_server *s,
                                         struct str request)
{
    const int fd = wire_connect(s);
    wire_send(fd, request);
    const struct wire_reply r = wire_read(a, fd);
    close(fd);
    return r;
}

#endif
