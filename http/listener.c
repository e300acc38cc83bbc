#include "http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    BACKLOG = 4096,
    DEFER_S = 1,
    PAUSE_NS = 10 * 1000 * 1000,
    ACCEPTED_AT_ONCE_MAX = 64, /* then look whether to stop */
    UNREAD_BYTES_MAX = 64 * 1024,
};

struct http_listener {
    int fd, stop_fd;
    int spare_fd; /* given up for a moment to refuse a connection when descriptors run out */
    unsigned port;
    bool started;
    pthread_t thread;
    void (*deal)(void *context, int fd, const struct sockaddr *peer, socklen_t peer_bytes);
    void *context; /* borrowed */
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage room;
};

static bool address_read(const char *text, unsigned port, union address *out, socklen_t *bytes)
{
    *out = (union address){ .room = { .ss_family = AF_UNSPEC } };
    if (port <= UINT16_MAX && inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
        *bytes = sizeof out->v4;
        return true;
    }
    if (port <= UINT16_MAX && inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        *bytes = sizeof out->v6;
        return true;
    }
    return false;
}

/*
 * SO_REUSEADDR so that a restart need not wait for old connections to be forgotten; never
 * SO_REUSEPORT, with which a second server would share the port in silence.  TCP_NODELAY is
 * inherited by what is accepted.  TCP_DEFER_ACCEPT hands a connection over when its first bytes are
 * there, so that they can be looked at; without it everything works, a little slower.
 */
static void set_options(int fd)
{
    const int on = 1, defer_s = DEFER_S;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer_s, sizeof defer_s);
}

static unsigned bound_port(int fd)
{
    union address a = { .room = { .ss_family = AF_UNSPEC } };
    socklen_t bytes = sizeof a;
    getsockname(fd, &a.any, &bytes);
    return ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
}

static struct outcome no_listener(struct why *why, int error, const char *address, unsigned port)
{
    if (error == EADDRINUSE)
        FAIL(why, ADDRESS_IN_USE, "%s port %u is taken by another process", address, port);
    FAIL(why, ADDRESS_INVALID, "cannot listen on %s port %u: %s", address, port, strerror(error));
}

/* With SO_REUSEADDR two may bind, but only one may listen: both calls can say EADDRINUSE. */
static int listening_socket(const union address *a, socklen_t bytes)
{
    const int fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    set_options(fd);
    if (bind(fd, &a->any, bytes) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    const int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int open_spare(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

struct outcome http_listener_open(struct why *why, const char *address, unsigned port,
                                  struct http_listener **out)
{
    union address a;
    socklen_t bytes;
    if (!address_read(address, port, &a, &bytes))
        FAIL(why, ADDRESS_INVALID, "\"%s\" port %u is no numeric address and port", address, port);
    const int fd = listening_socket(&a, bytes);
    if (fd < 0)
        return no_listener(why, errno, address, port);
    struct http_listener *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->fd = fd;
    l->port = bound_port(fd);
    l->stop_fd = eventfd(0, EFD_CLOEXEC);
    l->spare_fd = open_spare();
    if (l->stop_fd < 0 || l->spare_fd < 0) {
        http_listener_free(l);
        FAIL(why, INTERNAL, "no descriptors left to listen with");
    }
    *out = l;
    return OK;
}

unsigned http_listener_port(const struct http_listener *l)
{
    return l->port;
}

void http_listener_refuse(int fd)
{
    static const char reply[] = "HTTP/1.1 503 Service Unavailable\r\n"
                                "Content-Type: text/plain\r\nContent-Length: 22\r\n"
                                "Retry-After: 1\r\nConnection: close\r\n\r\n"
                                "too many connections\r\n";
    char unread[4096];
    (void)!send(fd, reply, sizeof reply - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(fd, SHUT_WR);
    /* Closing with bytes unread resets the connection, and the reply might be lost with it. */
    for (size_t n = 0; n < UNREAD_BYTES_MAX; n += sizeof unread)
        if (recv(fd, unread, sizeof unread, MSG_DONTWAIT) <= 0)
            break;
    close(fd);
}

/* False when another thread took the spare descriptor's place: then there is nothing to refuse
 * with. */
static bool refuse_with_spare(struct http_listener *l)
{
    if (l->spare_fd >= 0)
        close(l->spare_fd);
    const int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0)
        http_listener_refuse(fd);
    l->spare_fd = open_spare();
    return fd >= 0;
}

/* Out of descriptors: refuse.  Anything else that is not the peer's doing: do not spin on it. */
static void accept_failed(struct http_listener *l, int error)
{
    const struct timespec pause = { .tv_nsec = PAUSE_NS };
    if ((error == EMFILE || error == ENFILE) && refuse_with_spare(l))
        return;
    if (error != EINTR && error != ECONNABORTED)
        nanosleep(&pause, NULL);
}

static void accept_all(struct http_listener *l)
{
    for (int i = 0; i < ACCEPTED_AT_ONCE_MAX; i++) {
        union address peer;
        socklen_t bytes = sizeof peer;
        const int fd = accept4(l->fd, &peer.any, &bytes, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            l->deal(l->context, fd, &peer.any, bytes);
            continue;
        }
        if (errno != EAGAIN)
            accept_failed(l, errno);
        return;
    }
}

static void *accept_until_stopped(void *arg)
{
    struct http_listener *l = arg;
    struct pollfd watched[2] = { { .fd = l->stop_fd, .events = POLLIN },
                                 { .fd = l->fd, .events = POLLIN } };
    for (;;) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR)
            abort();
        if (watched[0].revents)
            return NULL;
        accept_all(l);
    }
}

bool http_listener_start(struct http_listener *l,
                         void (*deal)(void *context, int fd, const struct sockaddr *peer,
                                      socklen_t peer_bytes),
                         void *context)
{
    l->deal = deal;
    l->context = context;
    l->started = pthread_create(&l->thread, NULL, accept_until_stopped, l) == 0;
    return l->started;
}

void http_listener_free(struct http_listener *l)
{
    if (!l)
        return;
    if (l->started) {
        (void)!eventfd_write(l->stop_fd, 1);
        pthread_join(l->thread, NULL);
    }
    close(l->fd);
    close(l->stop_fd);
    close(l->spare_fd);
    free(l);
}
