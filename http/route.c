#include "http/route.h"

#include "base/text.h"

#include <assert.h>

static void capture(struct route_match *m, struct str s)
{
    assert(m->n < ROUTE_CAPTURES_MAX);
    m->captures[m->n++] = s;
}

/* Both begin behind a '/'; str_cut takes a segment off each. */
static bool fits(struct str pattern, struct str path, struct route_match *m)
{
    for (;;) {
        if (str_eq(pattern, STR("{**}"))) {
            capture(m, path);
            return true;
        }
        const bool pattern_ends = str_find(pattern, '/') == pattern.n;
        const bool path_ends = str_find(path, '/') == path.n;
        const struct str wanted = str_cut(&pattern, '/');
        const struct str segment = str_cut(&path, '/');
        if (str_eq(wanted, STR("{}")) && segment.n)
            capture(m, segment);
        else if (!str_eq(wanted, segment))
            return false;
        if (pattern_ends || path_ends)
            return pattern_ends && path_ends;
    }
}

static bool path_fits(const struct route *row, struct str path, struct route_match *m)
{
    const struct str pattern = str_of(row->pattern);
    *m = (struct route_match){ .n = 0 };
    return path.n && path.p[0] == '/' &&
           fits(str_sub(pattern, 1, pattern.n), str_sub(path, 1, path.n), m);
}

static bool method_fits(const struct route *row, struct str method)
{
    const struct str answered = str_of(row->method);
    return str_eq(answered, method) ||
           (str_eq(method, STR("HEAD")) && str_eq(answered, STR("GET")));
}

enum route_result route_run(const struct route *routes, void *context,
                            const struct http_request *request, struct http_response *response)
{
    enum { ALLOW_BYTES_MAX = 256 };
    struct text allow = text_new(request->arena, ALLOW_BYTES_MAX);
    for (const struct route *row = routes; row->method; row++) {
        struct route_match match;
        if (!path_fits(row, request->path, &match))
            continue;
        if (method_fits(row, request->method)) {
            row->handle(context, request, &match, response);
            return ROUTE_HANDLED;
        }
        text_printf(&allow, "%s%s%s", allow.n ? ", " : "", row->method,
                    str_eq(str_of(row->method), STR("GET")) ? ", HEAD" : "");
    }
    if (!allow.n)
        return ROUTE_NO_PATH;
    http_response_header(response, STR("Allow"), text_str(&allow)); /* RFC 9110 15.5.6 */
    return ROUTE_NO_METHOD;
}
