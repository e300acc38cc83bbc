#include "fakests/sigv4.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/digest.h"

/*
 * The order of the refusals, and the texts that aws.md section 8 does not have, follow what was
 * observed on AWS's front ends: the notes in mhart/dynalite's index.js (2013) and scratchstack's
 * "AWS Auth Error Ordering".  Where they and aws.md differ, aws.md counts.
 */

/* What either way of signing says, before anything of it is looked at. */
struct said {
    struct str algorithm, credential, signature, signed_headers, date, session_token;
};

static const struct part {
    const char *in_header, *in_query;
    size_t offset;
} parts[] = {
    { "Credential", "X-Amz-Credential", offsetof(struct said, credential) },
    { "Signature", "X-Amz-Signature", offsetof(struct said, signature) },
    { "SignedHeaders", "X-Amz-SignedHeaders", offsetof(struct said, signed_headers) },
    { NULL, "X-Amz-Date", offsetof(struct said, date) },
    { NULL, "X-Amz-Algorithm", offsetof(struct said, algorithm) },
    { NULL, "X-Amz-Security-Token", offsetof(struct said, session_token) },
};
enum { N_PARTS = sizeof parts / sizeof parts[0], N_IN_HEADER = 3, N_NEEDED_IN_QUERY = 4 };

static struct str part_get(const struct said *said, size_t i)
{
    struct str s;
    memcpy(&s, (const char *)said + parts[i].offset, sizeof s);
    return s;
}

static void part_set(struct said *said, size_t i, struct str value)
{
    memcpy((char *)said + parts[i].offset, &value, sizeof value);
}

/* AUTHORIZATION_INCOMPLETE with AWS's message; the detail, for people, quotes no signature. */
static struct outcome incomplete(struct why *why, const char *detail, struct str message)
{
    struct outcome o = why_set(why, FAULT_AUTHORIZATION_INCOMPLETE, "%s", detail);
    why->arg[0] = message;
    return o;
}

/* ---- the Authorization header ---- */

static bool separates(char c)
{
    return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Takes the next word off the list; empty at its end. */
static struct str next_word(struct str *rest)
{
    size_t from = 0, to;
    while (from < rest->n && separates(rest->p[from]))
        from++;
    for (to = from; to < rest->n && !separates(rest->p[to]);)
        to++;
    struct str word = str_sub(*rest, from, to - from);
    *rest = str_sub(*rest, to, rest->n);
    return word;
}

static struct outcome read_pair(struct why *why, struct str header, struct str word,
                                struct said *said)
{
    struct str value = word;
    struct str name = str_cut(&value, '=');
    if (name.n == word.n)
        return incomplete(why, "the Authorization header holds a word without an equal-sign",
                          arena_printf(why->arena,
                                       "'%.*s' not a valid key=value pair (missing equal-sign) in "
                                       "Authorization header: '%.*s'.",
                                       STR_ARG(word), STR_ARG(header)));
    for (size_t i = 0; i < N_IN_HEADER; i++)
        if (str_eq(name, str_of(parts[i].in_header)))
            part_set(said, i, value); /* of two, the last counts */
    return OK;
}

static struct str hashed(struct arena *a, struct str s)
{
    uint8_t digest[SHA256_BYTES];
    sha256(s, digest);
    return base64_write(a, str_n((const char *)digest, sizeof digest));
}

/* Every part that is missing, in one message. */
static struct outcome need_in_header(struct why *why, struct str header, const struct said *said)
{
    struct text t = text_new(why->arena, 1024);
    for (size_t i = 0; i < N_IN_HEADER; i++)
        if (!part_get(said, i).n)
            text_printf(&t, "Authorization header requires '%s' parameter. ", parts[i].in_header);
    if (!said->date.n)
        text_put(&t, STR("Authorization header requires existence of either a 'X-Amz-Date' or a "
                         "'Date' header. "));
    if (!t.n)
        return OK;
    text_put(&t, STR("(Hashed with SHA-256 and encoded with Base64) Authorization="));
    text_put(&t, hashed(why->arena, header));
    return incomplete(why, "the Authorization header, or the date, is incomplete", text_str(&t));
}

static struct outcome read_header(struct why *why, const struct http_request *request,
                                  struct str header, struct said *said)
{
    struct str rest = header, word;
    said->algorithm = next_word(&rest);
    if (!str_starts(said->algorithm, STR("AWS4-")))
        FAIL(why, AUTHENTICATION_MISSING,
             "the Authorization header is not of AWS Signature Version 4");
    while ((word = next_word(&rest)).n)
        TRY(read_pair(why, header, word, said));
    said->date = str_trim(http_header(request, "X-Amz-Date"));
    if (!said->date.n)
        said->date = str_trim(http_header(request, "Date"));
    said->session_token = str_trim(http_header(request, "X-Amz-Security-Token"));
    return need_in_header(why, header, said);
}

/* ---- the query ---- */

/* The value of the first parameter of that name, decoded; p == NULL when there is none. */
static struct str query_value(struct arena *a, struct str query, const char *name)
{
    struct str decoded;
    while (query.n) {
        struct str value = str_cut(&query, '&');
        struct str raw_name = str_cut(&value, '=');
        if (percent_read(a, raw_name, false, &decoded) && str_eq(decoded, str_of(name)))
            return percent_read(a, value, false, &decoded) ? decoded : value;
    }
    return str_n(NULL, 0);
}

static struct outcome read_query(struct why *why, const struct http_request *request,
                                 struct said *said)
{
    struct text t = text_new(why->arena, 1024);
    for (size_t i = 0; i < N_PARTS; i++)
        part_set(said, i, query_value(why->arena, request->query, parts[i].in_query));
    if (!str_starts(said->algorithm, STR("AWS4-")))
        FAIL(why, AUTHENTICATION_MISSING, "X-Amz-Algorithm is not of AWS Signature Version 4");
    for (size_t i = 0; i < N_NEEDED_IN_QUERY; i++)
        if (!part_get(said, i).n)
            text_printf(&t, "AWS query-string parameters must include '%s'. ", parts[i].in_query);
    if (!t.n)
        return OK;
    text_put(&t, STR("Re-examine the query-string parameters."));
    return incomplete(why, "parameters of the presigned request are missing", text_str(&t));
}

/* ---- what both have in common ---- */

/* Takes a number of n digits off the front. */
static bool take_number(struct str *s, size_t n, int64_t *out)
{
    struct str digits = str_sub(*s, 0, n);
    *s = str_sub(*s, n, s->n);
    return digits.n == n && digits.p[0] >= '0' && digits.p[0] <= '9' && str_to_i64(digits, out);
}

static bool take_month(struct str *s, int *month)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct str name = str_sub(*s, 0, 3);
    *s = str_sub(*s, 3, s->n);
    for (*month = 1; *month <= 12; ++*month)
        if (str_eq(name, str_n(months + 3 * (*month - 1), 3)))
            return true;
    return false;
}

static bool take(struct str *s, char c)
{
    bool found = s->n && s->p[0] == c;
    *s = str_sub(*s, 1, s->n);
    return found;
}

/* "Sun, 30 Aug 2015 12:36:00 GMT" (RFC 9110 5.6.7): what a Date header holds by rights. */
static bool http_date_read(struct str s, int64_t *epoch_s)
{
    int64_t day, year, hour, minute, second, days;
    int month;
    str_cut(&s, ' '); /* the day of the week says nothing new */
    if (!take_number(&s, 2, &day) || !take(&s, ' ') || !take_month(&s, &month) || !take(&s, ' ') ||
        !take_number(&s, 4, &year) || !take(&s, ' ') || !take_number(&s, 2, &hour) ||
        !take(&s, ':') || !take_number(&s, 2, &minute) || !take(&s, ':') ||
        !take_number(&s, 2, &second) || !str_eq(s, STR(" GMT")) || hour > 23 || minute > 59 ||
        second > 59 || !date_to_days(year, month, (int)day, &days))
        return false;
    *epoch_s = days * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}

static struct outcome read_date(struct why *why, struct str date, bool in_query, struct sigv4 *s)
{
    int64_t epoch_s;
    if (!time_read_basic(date, &epoch_s) && (in_query || !http_date_read(date, &epoch_s)))
        return incomplete(why, "the signing time is not spelt 20150830T123600Z",
                          arena_printf(why->arena,
                                       "Date must be in ISO-8601 'basic format'. Got '%.*s'. See "
                                       "http://en.wikipedia.org/wiki/ISO_8601",
                                       STR_ARG(date)));
    char *text = arena_alloc(why->arena, TIME_TEXT_BYTES);
    s->timestamp = str_of(time_write_basic(epoch_s, text));
    return OK;
}

static struct outcome read_credential(struct why *why, struct str credential, struct sigv4 *s)
{
    struct str rest = credential;
    size_t slashes = 0;
    while (str_ends(rest, STR("/"))) /* observed: ignored */
        rest.n--;
    for (size_t i = 0; i < rest.n; i++)
        slashes += rest.p[i] == '/';
    if (slashes != 4)
        return incomplete(
            why, "Credential is not KEY/DATE/REGION/SERVICE/aws4_request",
            arena_printf(why->arena,
                         "Credential must have exactly 5 slash-delimited elements, e.g. "
                         "keyid/date/region/service/term, got '%.*s'",
                         STR_ARG(credential)));
    s->access_key_id = str_cut(&rest, '/');
    s->scope = rest;
    s->date8 = str_cut(&rest, '/');
    s->region = str_cut(&rest, '/');
    s->service = str_cut(&rest, '/');
    s->terminator = rest;
    return OK;
}

static struct outcome understand(struct arena *a, struct why *why, const struct said *said,
                                 struct sigv4 *s)
{
    TRY(read_date(why, said->date, s->in_query, s));
    s->signed_headers = sigv4_signed_headers(a, said->signed_headers);
    if (!sigv4_signs(s, STR("host")) && !sigv4_signs(s, STR(":authority")))
        return incomplete(why, "the Host header is not signed",
                          STR("'Host' or ':authority' must be a 'SignedHeader' in the AWS "
                              "Authorization."));
    if (!str_eq(said->algorithm, STR("AWS4-HMAC-SHA256")))
        return incomplete(
            why, "only AWS4-HMAC-SHA256 is verified here",
            arena_printf(a, "Unsupported AWS 'algorithm': '%.*s'", STR_ARG(said->algorithm)));
    TRY(read_credential(why, said->credential, s));
    s->signature = said->signature;
    s->session_token = said->session_token;
    return OK;
}

struct outcome sigv4_read(struct arena *a, struct why *why, const struct http_request *request,
                          struct sigv4 *out)
{
    struct said said = { .algorithm = { NULL, 0 } };
    struct sigv4 s = { .in_query = query_value(a, request->query, "X-Amz-Algorithm").p != NULL };
    struct str header = str_trim(http_header(request, "Authorization"));

    if (!header.n && !s.in_query)
        FAIL(why, AUTHENTICATION_MISSING,
             "neither an Authorization header nor X-Amz-Algorithm in the query");
    if (header.n && s.in_query) {
        why->arg[0] =
            STR("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' "
                "as HTTP header.");
        FAIL(why, SIGNATURE_MISMATCH, "the request is signed both in its header and in its query");
    }
    TRY(s.in_query ? read_query(why, request, &said) : read_header(why, request, header, &said));
    TRY(understand(a, why, &said, &s));
    *out = s;
    return OK;
}
