#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/fault.h"
#include "http/address.h"
#include "http/message.h"

/*
 * An HTTP/1.1 server on libmicrohttpd: one thread accepts and deals connections out in turn to as
 * many epoll workers as there are cores (libmicrohttpd's own pool sometimes gives one worker all of
 * them), and to one more for long heads.  The handler runs in a worker, several at a time, and must
 * not block for long: for a delayed reply there is http_response.delay_ms.  A second server on the
 * same port is refused, never silently shared.
 *
 * What never reaches the handler: a head over the bound (431), a target that is no path or holds
 * spaces or control characters, no Host or two, an unclear length (400); past the bound on
 * connections, 503.
 */
struct http_server;

struct http_server_options {
    const char *address; /* numeric: "127.0.0.1", "::1", "0.0.0.0" */
    unsigned port;       /* 0: any free one */
    size_t n_workers;    /* 0: one a core */
    /*
     * The most bytes of body this request may have; called once the headers are known.  NULL:
     * HTTP_BODY_BYTES_MAX.  Past it the body is not kept, the handler sees body_too_large.
     */
    size_t (*body_bytes_max)(void *context, const struct http_request *request);
    void (*handle)(void *context, const struct http_request *request,
                   struct http_response *response);
    void *context; /* borrowed, shared by all workers */
    /* Told the port once it is taken, before the first request: what answers may need to know. */
    void (*bound)(void *bound_context, unsigned port);
    void *bound_context;
};

enum {
    /*
     * Request line and headers; a token in a GET fits.  A connection whose first head was short has
     * 25 KiB for the later ones.
     */
    HTTP_HEADER_BYTES_MAX = 64 * 1024,
    HTTP_CONNECTIONS_MAX = 1024,
    HTTP_BODY_BYTES_MAX = 1024 * 1024,
};

/*
 * Listens and answers.  Fails with ADDRESS_IN_USE or ADDRESS_INVALID (INTERNAL when the machine has
 * no threads left).  Raises the process's soft limit of open files where it is under what the bound
 * on connections needs.  The threads take no signals.
 */
OUTCOME http_server_start(struct why *why, const struct http_server_options *options,
                          struct http_server **out);
unsigned http_server_port(const struct http_server *s);
/*
 * Stops accepting, lets running requests finish (delays are cut short; after 5 s clients that
 * neither send nor read are left behind), frees everything.  NULL is fine.
 */
void http_server_stop(struct http_server *s);

#endif
