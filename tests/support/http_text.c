#include "tests/support/http_text.h"

static struct str take_line(struct str *rest)
{
    struct str line = str_cut(rest, '\n');
    if (str_ends(line, STR("\r")))
        line.n--;
    return line;
}

static bool read_request_line(struct str line, struct http_request *out)
{
    size_t end = line.n;
    while (end > 0 && line.p[end - 1] != ' ')
        end--;
    if (!str_starts(str_sub(line, end, line.n), STR("HTTP/")))
        return false;
    line = str_sub(line, 0, end - 1);
    out->method = str_cut(&line, ' ');
    out->target = line;
    out->query = line;
    out->path = str_cut(&out->query, '?');
    return out->method.n > 0;
}

bool http_text_read(struct arena *a, struct str text, struct http_request *out)
{
    struct http_request r = { .arena = a };
    struct str rest = text, line;
    size_t lines = 0;

    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    r.headers = arena_array(a, struct http_header, lines + 1);
    if (!read_request_line(take_line(&rest), &r))
        return false;
    while ((line = take_line(&rest)).n) {
        if ((line.p[0] == ' ' || line.p[0] == '\t') && r.n_headers) {
            struct str *value = &r.headers[r.n_headers - 1].value;
            *value = str_n(value->p, (size_t)(line.p + line.n - value->p));
            continue;
        }
        struct str value = line;
        struct str name = str_cut(&value, ':');
        r.headers[r.n_headers++] =
            (struct http_header){ name, value.p ? value : str_n(line.p + line.n, 0) };
    }
    r.body = rest;
    *out = r;
    return true;
}
