#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include "http/server.h"
#include "http/timer.h"

#include <stdatomic.h>
#include <sys/socket.h>

/* What all workers of one server share. */
struct http_site {
    struct http_server_options options;
    struct http_timer *timer;     /* owned by the server */
    _Atomic size_t n_connections; /* counted by whoever accepts, given back by the workers */
    _Atomic bool stopping;        /* answers close their connection from now on */
};

/* One libmicrohttpd daemon and its thread. */
struct http_worker;

/*
 * pool_bytes is what one connection may hold at a time: the head of a request, libmicrohttpd's
 * records of it, and the head of the reply.  NULL when there is no thread or descriptor to be had.
 */
struct http_worker *http_worker_start(struct http_site *site, size_t pool_bytes);
/* Hands a connection over, which is closed should that fail. */
void http_worker_add(struct http_worker *w, int fd, const struct sockaddr *peer,
                     socklen_t peer_bytes);
/* How many requests are being read behind their head, handled or answered. */
size_t http_worker_running(const struct http_worker *w);
/* Closes all connections and frees.  NULL is fine. */
void http_worker_stop(struct http_worker *w);

#endif
