#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "base/fault.h"
#include "http/message.h"

/* One request to a server, on libcurl.  http and https only; redirects are not followed. */
struct http_call {
    struct str method; /* "GET", "POST" */
    struct str url;
    struct http_header headers[8];
    size_t n_headers;
    struct str body;
    int timeout_ms;
};

struct http_answer {
    int status;
    struct str content_type, body; /* in the arena; at most 16 MiB */
    struct http_header *headers;
    size_t n_headers;
};

/* PEER_UNREACHABLE, the detail naming the URL's host and libcurl's reason. */
OUTCOME http_client_call(struct arena *a, struct why *why, const struct http_call *call,
                         struct http_answer *out);

#endif
