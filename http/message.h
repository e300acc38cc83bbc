#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include "base/arena.h"

/*
 * A request and its response: slices in, slices out.  Both, and the texts of the request, live
 * until the response has been sent; what is to be kept longer must be copied.
 */

struct http_header {
    struct str name, value;
};

struct http_request {
    struct arena *arena; /* given back when the response has been sent */
    struct str method;
    struct str target; /* as it stood in the request line: path and query, still encoded */
    struct str path;   /* before '?', still encoded */
    struct str query;  /* behind '?', still encoded; empty when there is none */
    struct str body;
    struct http_header *headers;
    size_t n_headers;
    struct str peer;     /* the client's address, "127.0.0.1" */
    bool body_too_large; /* the body went over the bound and was not kept */
};

struct http_response {
    int status;
    struct str body; /* in the request's arena, or constant */
    struct str content_type;
    struct http_header headers[6];
    size_t n_headers;
    /* For injected faults: wait first; send nothing; send only this many bytes of the body. */
    int delay_ms;
    bool drop;
    size_t truncate_to; /* 0: whole */
};

/* The value of the first header of that name (any case), or an empty str with p == NULL. */
struct str http_header_of(const struct http_header *headers, size_t n, const char *name);
/* The same of a request. */
struct str http_header(const struct http_request *r, const char *name);
void http_response_header(struct http_response *r, struct str name, struct str value);

#endif
