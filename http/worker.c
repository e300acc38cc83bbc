#include "http/worker.h"
#include "http/exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    IDLE_S = 30,
    ARENAS_KEPT_MAX = 32, /* 8 KiB each */
    /* libmicrohttpd 0.9.75 leaves a mutex locked when its own limit is met, so it never may be. */
    DAEMON_CONNECTIONS_MAX = 4 * HTTP_CONNECTIONS_MAX,
};

struct http_worker {
    struct http_site *site; /* borrowed */
    struct MHD_Daemon *daemon;
    size_t pool_bytes;
    struct arena *kept[ARENAS_KEPT_MAX]; /* reset; only the worker's thread touches them */
    size_t n_kept;
    _Atomic size_t n_running;
};

static struct arena *take_arena(struct http_worker *w)
{
    return w->n_kept ? w->kept[--w->n_kept] : arena_new();
}

static void give_arena(struct http_worker *w, struct arena *a)
{
    if (w->n_kept == ARENAS_KEPT_MAX) {
        arena_free(a);
        return;
    }
    arena_reset(a);
    w->kept[w->n_kept++] = a;
}

/* A client of an IPv4 address looks the same on an IPv6 socket. */
static void peer_write(const struct sockaddr *peer, char out[INET6_ADDRSTRLEN])
{
    union {
        const struct sockaddr *any;
        const struct sockaddr_in *v4;
        const struct sockaddr_in6 *v6;
    } p = { .any = peer };
    out[0] = '\0';
    if (peer->sa_family == AF_INET)
        inet_ntop(AF_INET, &p.v4->sin_addr, out, INET6_ADDRSTRLEN);
    else if (peer->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&p.v6->sin6_addr))
        inet_ntop(AF_INET, &p.v6->sin6_addr.s6_addr[12], out, INET6_ADDRSTRLEN);
    else if (peer->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &p.v6->sin6_addr, out, INET6_ADDRSTRLEN);
}

static char *peer_new(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char *peer = malloc(INET6_ADDRSTRLEN);
    if (!peer)
        abort();
    peer_write(info->client_addr, peer);
    return peer;
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http_worker *w = cls;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = peer_new(connection);
        return;
    }
    free(*socket_context);
    atomic_fetch_sub(&w->site->n_connections, 1);
}

/*
 * libmicrohttpd makes a record of each parameter of the query, which nobody here reads; when the
 * pool is too small for them it neither answers nor closes the connection.  Without an ampersand
 * there is one.  The target lies in the connection's own memory, and was copied.
 */
static void hide_parameters(const char *raw_target)
{
    for (char *p = (char *)(uintptr_t)raw_target; (p = strchr(p, '&'));)
        *p = '+';
}

static void *on_request_line(void *cls, const char *raw_target, struct MHD_Connection *connection)
{
    struct http_worker *w = cls;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_exchange *x = http_exchange_begin(take_arena(w), w->site, w->pool_bytes, raw_target,
                                                  info->socket_context);
    hide_parameters(raw_target);
    return x;
}

static enum MHD_Result on_progress(void *cls, struct MHD_Connection *connection, const char *url,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_bytes, void **con_cls)
{
    struct http_worker *w = cls;
    struct http_exchange *x = *con_cls;
    (void)url;
    if (!http_exchange_running(x))
        atomic_fetch_add_explicit(&w->n_running, 1, memory_order_relaxed);
    return http_exchange_step(x, connection, method, version, upload, upload_bytes);
}

static void on_end(void *cls, struct MHD_Connection *connection, void **con_cls,
                   enum MHD_RequestTerminationCode how)
{
    struct http_worker *w = cls;
    struct http_exchange *x = *con_cls;
    (void)connection;
    (void)how;
    *con_cls = NULL;
    if (!x)
        return;
    if (http_exchange_running(x))
        atomic_fetch_sub_explicit(&w->n_running, 1, memory_order_release);
    give_arena(w, http_exchange_arena(x));
}

/* Signatures are over the target as it was sent, so libmicrohttpd must leave it alone. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

struct http_worker *http_worker_start(struct http_site *site, size_t pool_bytes)
{
    struct http_worker *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->site = site;
    w->pool_bytes = pool_bytes;
    w->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC |
            MHD_ALLOW_SUSPEND_RESUME,
        0, NULL, NULL, on_progress, w, MHD_OPTION_URI_LOG_CALLBACK, on_request_line, w,
        MHD_OPTION_NOTIFY_COMPLETED, on_end, w, MHD_OPTION_NOTIFY_CONNECTION, on_connection, w,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, w, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        pool_bytes, MHD_OPTION_CONNECTION_LIMIT, (unsigned)DAEMON_CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    if (w->daemon)
        return w;
    free(w);
    return NULL;
}

void http_worker_add(struct http_worker *w, int fd, const struct sockaddr *peer,
                     socklen_t peer_bytes)
{
    if (MHD_add_connection(w->daemon, fd, peer, peer_bytes) != MHD_YES)
        atomic_fetch_sub(&w->site->n_connections, 1);
}

size_t http_worker_running(const struct http_worker *w)
{
    return atomic_load_explicit(&w->n_running, memory_order_acquire);
}

void http_worker_stop(struct http_worker *w)
{
    if (!w)
        return;
    MHD_stop_daemon(w->daemon);
    while (w->n_kept)
        arena_free(w->kept[--w->n_kept]);
    free(w);
}
