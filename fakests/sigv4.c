#include "fakests/sigv4.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/digest.h"

#include <assert.h>
#include <stdlib.h>

/* Headers and path come from at most 64 KiB and percent-encoding triples them. */
enum { CANONICAL_BYTES_MAX = 512 * 1024 };

static struct str sha256_hex(struct arena *a, struct str bytes)
{
    uint8_t digest[SHA256_BYTES];
    sha256(bytes, digest);
    return hex_write(a, digest, sizeof digest);
}

/* ---- the path ---- */

/* Drops the last segment of "/a/b". */
static void pop_segment(struct text *t)
{
    while (t->n && t->p[t->n - 1] != '/')
        t->n--;
    if (t->n)
        t->n--;
}

/* Without empty segments, "." and ".."; a final slash stays when something stands before it. */
static struct str path_normal(struct arena *a, struct str path)
{
    struct text t = text_new(a, path.n + 1);
    struct str rest = path;
    while (rest.n) {
        struct str segment = str_cut(&rest, '/');
        if (str_eq(segment, STR(".."))) {
            pop_segment(&t);
        } else if (segment.n && !str_eq(segment, STR("."))) {
            text_putc(&t, '/');
            text_put(&t, segment);
        }
    }
    if (!t.n || str_ends(path, STR("/")))
        text_putc(&t, '/');
    return text_str(&t);
}

/* Encoded once more as it stands: all services but S3 sign the path encoded twice. */
static void put_path(struct text *out, struct str path, bool normalize)
{
    if (normalize)
        path = path_normal(out->arena, path);
    if (!path.n)
        text_putc(out, '/');
    while (path.n) {
        size_t n = str_find(path, '/');
        text_put(out, percent_write(out->arena, str_sub(path, 0, n)));
        if (n < path.n)
            text_putc(out, '/');
        path = str_sub(path, n + 1, path.n);
    }
}

/* ---- the query ---- */

struct pair {
    struct str name, value;
};

static int pair_order(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    int order = str_cmp(a->name, b->name);
    return order ? order : str_cmp(a->value, b->value);
}

/* One spelling for what clients encode differently; what cannot be decoded stands as it is. */
static struct str encoded_once(struct arena *a, struct str raw)
{
    struct str decoded;
    return percent_write(a, percent_read(a, raw, false, &decoded) ? decoded : raw);
}

static bool is_unsigned(const struct sigv4 *s, const struct sigv4_options *options, struct str name)
{
    return s->in_query &&
           (str_eq(name, STR("X-Amz-Signature")) ||
            (options->omit_session_token && str_eq(name, STR("X-Amz-Security-Token"))));
}

static void put_query(struct text *out, struct str query, const struct sigv4 *s,
                      const struct sigv4_options *options)
{
    struct arena *a = out->arena;
    size_t n = 0, most = 1;
    for (size_t i = 0; i < query.n; i++)
        most += query.p[i] == '&';
    struct pair *pairs = arena_array(a, struct pair, most);
    while (query.n) {
        struct str value = str_cut(&query, '&');
        struct str name = str_cut(&value, '=');
        struct pair pair = { encoded_once(a, name), encoded_once(a, value) };
        if ((pair.name.n || pair.value.n) && !is_unsigned(s, options, pair.name))
            pairs[n++] = pair;
    }
    qsort(pairs, n, sizeof *pairs, pair_order);
    for (size_t i = 0; i < n; i++) {
        if (i)
            text_putc(out, '&');
        text_put(out, pairs[i].name);
        text_putc(out, '=');
        text_put(out, pairs[i].value);
    }
}

/* ---- the headers ---- */

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Trimmed, and every run of blanks one space, folded lines included. */
static void put_folded(struct text *out, struct str value)
{
    value = str_trim(value);
    while (value.n) {
        size_t word = 0, gap;
        while (word < value.n && !blank(value.p[word]))
            word++;
        gap = word;
        while (gap < value.n && blank(value.p[gap]))
            gap++;
        text_put(out, str_sub(value, 0, word));
        if (gap > word)
            text_putc(out, ' ');
        value = str_sub(value, gap, value.n);
    }
}

/* "name:value,value\n", the values of repeated headers in their order. */
static void put_header(struct text *out, const struct http_request *request, struct str name)
{
    bool first = true;
    text_put(out, name);
    text_putc(out, ':');
    for (size_t i = 0; i < request->n_headers; i++) {
        if (!str_eq_nocase(request->headers[i].name, name))
            continue;
        if (!first)
            text_putc(out, ',');
        put_folded(out, request->headers[i].value);
        first = false;
    }
    text_putc(out, '\n');
}

static int name_order(const void *left, const void *right)
{
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

struct str sigv4_signed_headers(struct arena *a, struct str list)
{
    struct text t = text_new(a, list.n);
    struct str rest = ascii_lower(a, list), names[SIGV4_HEADERS_MAX];
    size_t n = 0;
    while (rest.n && n < SIGV4_HEADERS_MAX) {
        struct str name = str_cut(&rest, ';');
        if (name.n)
            names[n++] = name;
    }
    qsort(names, n, sizeof *names, name_order);
    for (size_t i = 0; i < n; i++) {
        if (i && str_eq(names[i], names[i - 1]))
            continue;
        if (t.n)
            text_putc(&t, ';');
        text_put(&t, names[i]);
    }
    return text_str(&t);
}

bool sigv4_signs(const struct sigv4 *s, struct str header)
{
    struct str rest = s->signed_headers;
    while (rest.n)
        if (str_eq(str_cut(&rest, ';'), header))
            return true;
    return false;
}

/* ---- the stages ---- */

void sigv4_canonical_request(struct arena *a, const struct http_request *request,
                             const struct sigv4_options *options, struct sigv4 *s)
{
    struct text t = text_new(a, CANONICAL_BYTES_MAX);
    struct str names = s->signed_headers;

    text_put(&t, request->method);
    text_putc(&t, '\n');
    put_path(&t, request->path, options->normalize_path);
    text_putc(&t, '\n');
    put_query(&t, request->query, s, options);
    text_putc(&t, '\n');
    while (names.n)
        put_header(&t, request, str_cut(&names, ';'));
    text_putc(&t, '\n');
    text_put(&t, s->signed_headers);
    text_putc(&t, '\n');
    text_put(&t, sha256_hex(a, request->body));
    s->canonical_request = text_str(&t);
}

void sigv4_string_to_sign(struct arena *a, struct sigv4 *s)
{
    struct str hash = sha256_hex(a, s->canonical_request);
    s->string_to_sign = arena_printf(a, "AWS4-HMAC-SHA256\n%.*s\n%.*s\n%.*s", STR_ARG(s->timestamp),
                                     STR_ARG(s->scope), STR_ARG(hash));
}

void sigv4_signature(struct arena *a, struct str secret_access_key, struct sigv4 *s)
{
    const struct str steps[] = { s->date8, s->region, s->service, s->terminator,
                                 s->string_to_sign };
    struct str seed = arena_printf(a, "AWS4%.*s", STR_ARG(secret_access_key));
    uint8_t key[SHA256_BYTES], next[SHA256_BYTES];

    hmac_sha256(seed, steps[0], key);
    for (size_t i = 1; i < sizeof steps / sizeof steps[0]; i++) {
        hmac_sha256(str_n((const char *)key, sizeof key), steps[i], next);
        memcpy(key, next, sizeof key);
    }
    s->calculated = hex_write(a, key, sizeof key);
    wipe((char *)seed.p, seed.n);
}

/* ---- signing ---- */

static void add_header(struct arena *a, struct http_request *r, struct str name, struct str value)
{
    struct http_header *headers = arena_array(a, struct http_header, r->n_headers + 1);
    if (r->n_headers)
        memcpy(headers, r->headers, r->n_headers * sizeof *headers);
    headers[r->n_headers++] = (struct http_header){ name, value };
    r->headers = headers;
}

/* What a client vouches for: the host, what the body is, and everything of AWS's. */
static struct str headers_to_sign(struct arena *a, const struct http_request *r)
{
    struct text t = text_new(a, CANONICAL_BYTES_MAX);
    for (size_t i = 0; i < r->n_headers; i++) {
        struct str name = ascii_lower(a, r->headers[i].name);
        if (!str_eq(name, STR("host")) && !str_eq(name, STR("content-type")) &&
            !str_starts(name, STR("x-amz-")))
            continue;
        text_put(&t, name);
        text_putc(&t, ';');
    }
    return sigv4_signed_headers(a, text_str(&t));
}

void sigv4_sign(struct arena *a, const struct sigv4_signing *with, struct http_request *request)
{
    const struct sigv4_options options = { .normalize_path = true };
    char *timestamp = arena_alloc(a, TIME_TEXT_BYTES);
    struct sigv4 s = { .region = with->region,
                       .service = with->service,
                       .terminator = STR("aws4_request"),
                       .timestamp = str_of(time_write_basic(with->now_s, timestamp)) };
    s.date8 = str_sub(s.timestamp, 0, 8);
    s.scope = arena_printf(a, "%.*s/%.*s/%.*s/aws4_request", STR_ARG(s.date8), STR_ARG(s.region),
                           STR_ARG(s.service));
    add_header(a, request, STR("X-Amz-Date"), s.timestamp);
    if (with->session_token.n)
        add_header(a, request, STR("X-Amz-Security-Token"), with->session_token);
    s.signed_headers = headers_to_sign(a, request);
    assert(sigv4_signs(&s, STR("host")));
    sigv4_canonical_request(a, request, &options, &s);
    sigv4_string_to_sign(a, &s);
    sigv4_signature(a, with->secret_access_key, &s);
    add_header(a, request, STR("Authorization"),
               arena_printf(a,
                            "AWS4-HMAC-SHA256 Credential=%.*s/%.*s, SignedHeaders=%.*s, "
                            "Signature=%.*s",
                            STR_ARG(with->access_key_id), STR_ARG(s.scope),
                            STR_ARG(s.signed_headers), STR_ARG(s.calculated)));
}
