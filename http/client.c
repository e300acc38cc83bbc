#include "http/client.h"

#include "base/text.h"
#include "http/curl_library.h"

#include <arpa/inet.h>
#include <strings.h>

enum {
    ANSWER_BYTES_MAX = 16 * 1024 * 1024,
    ANSWER_HEADERS_MAX = 200,
    ANSWER_HEADER_BYTES_MAX = 256 * 1024,
    TIMEOUT_MS = 30 * 1000,
};

/* What libcurl's callbacks fill in. */
struct incoming {
    struct arena *arena;
    struct text body;
    struct http_header headers[ANSWER_HEADERS_MAX];
    size_t n_headers, header_bytes;
};

struct transfer {
    struct arena *arena; /* borrowed */
    struct why *why;     /* borrowed */
    const struct curl_library *lib;
    CURL *curl;
    struct curl_slist *headers; /* owned */
    struct str host;
    struct incoming in;
    char error[CURL_ERROR_SIZE];
};

/* --- what comes in --- */

static size_t take_body(char *p, size_t size, size_t n, void *cls)
{
    struct incoming *in = cls;
    text_put(&in->body, str_n(p, size * n));
    return in->body.full ? 0 : size * n;
}

/* A status line begins anew: what stood before it belonged to an interim answer such as 100. */
static size_t take_header(char *p, size_t size, size_t n, void *cls)
{
    struct incoming *in = cls;
    struct str line = str_n(p, size * n);
    if (str_starts(line, STR("HTTP/"))) {
        in->n_headers = 0;
        return line.n;
    }
    in->header_bytes += line.n;
    if (in->header_bytes > ANSWER_HEADER_BYTES_MAX || in->n_headers == ANSWER_HEADERS_MAX)
        return 0;
    if (str_find(line, ':') == line.n)
        return line.n;
    line = arena_str(in->arena, line);
    const struct str name = str_cut(&line, ':');
    in->headers[in->n_headers++] = (struct http_header){ name, str_trim(line) };
    return size * n;
}

/* --- what goes out --- */

static struct outcome unreachable(struct transfer *t, const char *reason)
{
    FAIL(t->why, PEER_UNREACHABLE, "%.*s: %s", STR_ARG(t->host), reason);
}

/* An IPv4 or IPv6 loopback address, or the name that means one (RFC 6761 6.3). */
static bool loopback(const char *host)
{
    struct in_addr v4;
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127);
}

/* Only the host is ever shown: the rest of a URL may hold a token. */
static struct outcome read_url(struct transfer *t, const char *url)
{
    char *host = NULL;
    CURLU *parsed = t->lib->curl_url();
    if (!parsed)
        return unreachable(t, "out of memory");
    const CURLUcode code = t->lib->curl_url_set(parsed, CURLUPART_URL, url, 0);
    if (code == CURLUE_OK && t->lib->curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK)
        t->host = arena_str(t->arena, str_of(host));
    t->lib->curl_free(host);
    t->lib->curl_url_cleanup(parsed);
    return code == CURLUE_OK ? OK : unreachable(t, t->lib->curl_url_strerror(code));
}

static bool one_line(struct str s)
{
    return str_find(s, '\r') == s.n && str_find(s, '\n') == s.n && str_find(s, '\0') == s.n;
}

static void append(struct transfer *t, const char *line)
{
    struct curl_slist *longer = t->lib->curl_slist_append(t->headers, line);
    if (longer)
        t->headers = longer;
}

/* libcurl sends "Name;" as a header without a value, and "Name:" removes one of its own. */
static struct outcome add_header(struct transfer *t, const struct http_header *h)
{
    if (!one_line(h->name) || !one_line(h->value))
        return unreachable(t, "a header to send holds a line break");
    const struct str line =
        h->value.n ? arena_printf(t->arena, "%.*s: %.*s", STR_ARG(h->name), STR_ARG(h->value))
                   : arena_printf(t->arena, "%.*s;", STR_ARG(h->name));
    append(t, line.p);
    return OK;
}

static bool names(const struct http_call *call, const char *header)
{
    for (size_t i = 0; i < call->n_headers; i++)
        if (str_eq_nocase(call->headers[i].name, str_of(header)))
            return true;
    return false;
}

static struct outcome add_headers(struct transfer *t, const struct http_call *call)
{
    for (size_t i = 0; i < call->n_headers; i++)
        TRY(add_header(t, &call->headers[i]));
    if (!names(call, "Expect"))
        append(t, "Expect:"); /* else a body over 1 MiB waits a second for servers without it */
    if (!names(call, "Content-Type"))
        append(t, "Content-Type:"); /* libcurl would call every body a form */
    t->lib->curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
    return OK;
}

static void set_method(struct transfer *t, const struct http_call *call)
{
    const bool head = str_eq(call->method, STR("HEAD"));
    if (call->body.n || str_eq(call->method, STR("POST"))) {
        t->lib->curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.n);
        t->lib->curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, call->body.n ? call->body.p : "");
    }
    if (head)
        t->lib->curl_easy_setopt(t->curl, CURLOPT_NOBODY, 1L);
    else
        t->lib->curl_easy_setopt(t->curl, CURLOPT_CUSTOMREQUEST,
                                 arena_cstr(t->arena, call->method));
}

static void set_options(struct transfer *t, const struct http_call *call, const char *url)
{
    CURL *const c = t->curl;
    t->lib->curl_easy_setopt(c, CURLOPT_URL, url);
    t->lib->curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
    t->lib->curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    t->lib->curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    t->lib->curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    t->lib->curl_easy_setopt(c, CURLOPT_TIMEOUT_MS,
                             (long)(call->timeout_ms > 0 ? call->timeout_ms : TIMEOUT_MS));
    t->lib->curl_easy_setopt(c, CURLOPT_USERAGENT, "understudy");
    t->lib->curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error);
    t->lib->curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    t->lib->curl_easy_setopt(c, CURLOPT_WRITEDATA, &t->in);
    t->lib->curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
    t->lib->curl_easy_setopt(c, CURLOPT_HEADERDATA, &t->in);
    if (loopback(arena_cstr(t->arena, t->host)))
        t->lib->curl_easy_setopt(c, CURLOPT_PROXY, ""); /* whatever the environment says */
    set_method(t, call);
}

/* --- the call --- */

static struct outcome perform(struct transfer *t)
{
    const CURLcode code = t->lib->curl_easy_perform(t->curl);
    if (code == CURLE_OK)
        return OK;
    if (t->in.body.full)
        return unreachable(t, "the answer is over 16 MiB");
    return unreachable(t, t->error[0] ? t->error : t->lib->curl_easy_strerror(code));
}

static struct outcome run(struct transfer *t, const struct http_call *call, const char *url)
{
    TRY(read_url(t, url));
    set_options(t, call, url);
    TRY(add_headers(t, call));
    return perform(t);
}

static void read_answer(struct transfer *t, struct http_answer *out)
{
    long status = 0;
    const size_t n = t->in.n_headers;
    t->lib->curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    *out = (struct http_answer){ .status = (int)status, .body = text_str(&t->in.body) };
    out->headers = arena_array(t->arena, struct http_header, n);
    out->n_headers = n;
    memcpy(out->headers, t->in.headers, n * sizeof t->in.headers[0]);
    for (size_t i = n; i > 0; i--)
        if (str_eq_nocase(out->headers[i - 1].name, STR("Content-Type")))
            out->content_type = out->headers[i - 1].value;
}

struct outcome http_client_call(struct arena *a, struct why *why, const struct http_call *call,
                                struct http_answer *out)
{
    struct transfer t = {
        .arena = a, .why = why, .lib = curl_library(), .host = STR("the endpoint")
    };
    if (!t.lib)
        return unreachable(&t, "libcurl.so.4 cannot be opened; install libcurl");
    if (str_find(call->url, '\0') < call->url.n)
        return unreachable(&t, "the URL holds a NUL");
    t.curl = t.lib->curl_easy_init();
    if (!t.curl)
        return unreachable(&t, "out of memory");
    t.in.arena = a;
    t.in.body = text_new(a, ANSWER_BYTES_MAX);
    const struct outcome o = run(&t, call, arena_cstr(a, call->url));
    if (!failed(o))
        read_answer(&t, out);
    t.lib->curl_slist_free_all(t.headers);
    t.lib->curl_easy_cleanup(t.curl);
    return o;
}
