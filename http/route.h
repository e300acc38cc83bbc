#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "http/message.h"

/*
 * A table of routes, read top to bottom.  A pattern is a path in which a segment "{}" matches any
 * one non-empty segment and a final "{**}" matches the rest, which may be empty; what they
 * matched is handed over in order, percent-decoded by whoever wants it.
 */
enum { ROUTE_CAPTURES_MAX = 4 };

struct route_match {
    struct str captures[ROUTE_CAPTURES_MAX];
    size_t n;
};

struct route {
    const char *method;
    const char *pattern;
    void (*handle)(void *context, const struct http_request *request,
                   const struct route_match *match, struct http_response *response);
};

enum route_result { ROUTE_HANDLED, ROUTE_NO_PATH, ROUTE_NO_METHOD };

/*
 * Runs the first row that fits; rows end with method == NULL.  HEAD is answered as GET.  With
 * ROUTE_NO_METHOD the response has the header Allow, and nothing else.
 */
enum route_result route_run(const struct route *routes, void *context,
                            const struct http_request *request, struct http_response *response);

#endif
