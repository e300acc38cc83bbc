#include "http/server.h"

#include "http/listener.h"
#include "http/worker.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/*
 * libmicrohttpd sets a connection's whole memory to zero after every request: memory that fits the
 * longest head costs every request a quarter of its speed, and every idle connection its size.
 * Most heads are short.  Hence two kinds of workers: the swift ones have the connections whose
 * first head stands whole in their first bytes, and take some 25 KiB of head from then on (the
 * longest token of AWS in a GET has 20,000 bytes); one roomy worker has the others.
 */
enum {
    SWIFT_POOL_BYTES = 40 * 1024,
    SWIFT_FIRST_HEAD_BYTES = 16 * 1024,
    ROOMY_POOL_BYTES =
        3 * HTTP_HEADER_BYTES_MAX, /* the head, its cookies again, hundreds of records */
    WORKERS_MAX = 64,
    SPARE_DESCRIPTORS = 256,
    STOP_WAIT_MS = 2000,
};

struct http_server {
    struct http_site site;
    struct http_listener *listener;
    struct http_worker *swift[WORKERS_MAX];
    size_t n_swift, next;
    struct http_worker *roomy;
};

/* --- dealing connections out --- */

static bool head_is_short(int fd)
{
    char first[SWIFT_FIRST_HEAD_BYTES];
    const ssize_t n = recv(fd, first, sizeof first, MSG_PEEK | MSG_DONTWAIT);
    return n > 0 && memmem(first, (size_t)n, "\r\n\r\n", 4);
}

static struct http_worker *worker_for(struct http_server *s, int fd)
{
    if (!head_is_short(fd))
        return s->roomy;
    s->next = (s->next + 1) % s->n_swift;
    return s->swift[s->next];
}

static void deal(void *context, int fd, const struct sockaddr *peer, socklen_t peer_bytes)
{
    struct http_server *s = context;
    if (atomic_fetch_add(&s->site.n_connections, 1) < HTTP_CONNECTIONS_MAX) {
        http_worker_add(worker_for(s, fd), fd, peer, peer_bytes);
        return;
    }
    atomic_fetch_sub(&s->site.n_connections, 1);
    http_listener_refuse(fd);
}

/* --- starting --- */

static size_t cores(void)
{
    cpu_set_t set;
    const int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 0 ? (size_t)n : 1;
}

static size_t workers_wanted(const struct http_server_options *o)
{
    const size_t n = o->n_workers ? o->n_workers : cores();
    return n < WORKERS_MAX ? n : WORKERS_MAX;
}

/* The usual soft limit, 1024, is less than our own connections need; the hard one is ours to use.
 */
static void raise_descriptor_limit(void)
{
    const rlim_t wanted = HTTP_CONNECTIONS_MAX + SPARE_DESCRIPTORS;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static bool start_workers(struct http_server *s, size_t n)
{
    s->roomy = http_worker_start(&s->site, ROOMY_POOL_BYTES);
    if (!s->roomy)
        return false;
    for (; s->n_swift < n; s->n_swift++) {
        s->swift[s->n_swift] = http_worker_start(&s->site, SWIFT_POOL_BYTES);
        if (!s->swift[s->n_swift])
            return false;
    }
    return true;
}

/* Signals are for the program's own threads. */
static bool start_threads(struct http_server *s, size_t n_workers)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = start_workers(s, n_workers) && http_listener_start(s->listener, deal, s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

struct outcome http_server_start(struct why *why, const struct http_server_options *options,
                                 struct http_server **out)
{
    struct http_listener *listener;
    TRY(http_listener_open(why, options->address, options->port, &listener));
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    raise_descriptor_limit();
    s->listener = listener;
    s->site.options = *options;
    s->site.timer = http_timer_new();
    if (options->bound)
        options->bound(options->bound_context, http_listener_port(listener));
    if (!start_threads(s, workers_wanted(options))) {
        http_server_stop(s);
        FAIL(why, INTERNAL, "no threads or descriptors left for an HTTP server");
    }
    *out = s;
    return OK;
}

unsigned http_server_port(const struct http_server *s)
{
    return http_listener_port(s->listener);
}

/* --- stopping --- */

static size_t running(const struct http_server *s)
{
    size_t n = s->roomy ? http_worker_running(s->roomy) : 0;
    for (size_t i = 0; i < s->n_swift; i++)
        n += http_worker_running(s->swift[i]);
    return n;
}

static void wait_for_running(const struct http_server *s)
{
    const struct timespec ms = { .tv_nsec = 1000 * 1000 };
    for (int waited = 0; running(s) && waited < STOP_WAIT_MS; waited++)
        nanosleep(&ms, NULL);
}

void http_server_stop(struct http_server *s)
{
    if (!s)
        return;
    http_listener_free(s->listener);
    s->site.stopping = true;
    http_timer_close(s->site.timer);
    wait_for_running(s);
    for (size_t i = 0; i < s->n_swift; i++)
        http_worker_stop(s->swift[i]);
    http_worker_stop(s->roomy);
    http_timer_free(s->site.timer);
    free(s);
}
