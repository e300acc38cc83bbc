#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/fault.h"
#include "http/message.h"

/*
 * An HTTP/1.1 server on libmicrohttpd: one thread accepts and deals connections out in turn to as
 * many epoll workers as there are cores (libmicrohttpd's own pool sometimes gives one worker all of
 * them).  The handler runs in a worker and must not block for long.  A second server on the same
 * port is refused, never silently shared.
 */
struct http_server;

struct http_server_options {
    const char *address;      /* numeric: "127.0.0.1", "::1", "0.0.0.0" */
    unsigned port;            /* 0: any free one */
    size_t n_workers;         /* 0: one a core */
    /* The most bytes of body this request may have; called once the headers are known. */
    size_t (*body_bytes_max)(void *context, const struct http_request *request);
    void (*handle)(void *context, const struct http_request *request, struct http_response *response);
    void *context;            /* borrowed, shared by all workers */
};

enum {
    HTTP_HEADER_BYTES_MAX = 64 * 1024, /* request line and headers; a token in a GET fits */
    HTTP_CONNECTIONS_MAX = 1024,
    HTTP_BODY_BYTES_MAX = 1024 * 1024,
};

/* Listens and answers.  Fails with ADDRESS_IN_USE or ADDRESS_INVALID. */
OUTCOME http_server_start(struct why *why, const struct http_server_options *options,
                          struct http_server **out);
unsigned http_server_port(const struct http_server *s);
/* Stops accepting, lets running requests finish, frees everything. */
void http_server_stop(struct http_server *s);

/* "ADDR:PORT" or "[V6]:PORT" → address (in the arena) and port; ADDRESS_INVALID. */
OUTCOME http_address_read(struct arena *a, struct why *why, struct str text, const char **address,
                          unsigned *port);

#endif
