#include "http/message.h"

#include <assert.h>

struct str http_header_of(const struct http_header *headers, size_t n, const char *name)
{
    const struct str wanted = str_of(name);
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(headers[i].name, wanted))
            return headers[i].value;
    return str_n(NULL, 0);
}

struct str http_header(const struct http_request *r, const char *name)
{
    return http_header_of(r->headers, r->n_headers, name);
}

void http_response_header(struct http_response *r, struct str name, struct str value)
{
    assert(r->n_headers < sizeof r->headers / sizeof r->headers[0]);
    r->headers[r->n_headers++] = (struct http_header){ name, value };
}
