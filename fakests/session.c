#include "fakests/session.h"

#include "base/text.h"

#include <assert.h>

/*
 * version, kind, issued, expires and mfa (64 bits each, big-endian), then every text as length and
 * bytes, then the lists as number of elements and elements.  Lengths are LEB128 with no superfluous
 * byte.
 */
enum { VERSION = 2, TIME_BYTES = 8, LENGTH_BYTES_MAX = 3 };

static const size_t texts[] = {
    offsetof(struct session, access_key_id),   offsetof(struct session, secret_access_key),
    offsetof(struct session, account),         offsetof(struct session, arn),
    offsetof(struct session, user_id),         offsetof(struct session, role_arn),
    offsetof(struct session, role_id),         offsetof(struct session, provider),
    offsetof(struct session, subject),         offsetof(struct session, audience),
    offsetof(struct session, source_identity), offsetof(struct session, policy),
    offsetof(struct session, user_arn),        offsetof(struct session, user_name),
    offsetof(struct session, user_unique_id),
};
enum { N_TEXTS = sizeof texts / sizeof texts[0] };

/* ---- writing ---- */

static void put_number(struct text *t, size_t n)
{
    for (; n >= 0x80; n >>= 7)
        text_putc(t, (char)(n | 0x80));
    text_putc(t, (char)n);
}

static void put_time(struct text *t, int64_t time_s)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        text_putc(t, (char)((uint64_t)time_s >> shift));
}

static void put_text(struct text *t, struct str s)
{
    put_number(t, s.n);
    text_put(t, s);
}

static void put_list(struct text *t, const struct str *items, size_t n, size_t max)
{
    assert(n <= max);
    (void)max;
    put_number(t, n);
    for (size_t i = 0; i < n; i++)
        put_text(t, items[i]);
}

static void put_tags(struct text *t, const struct tag *tags, size_t n)
{
    assert(n <= SESSION_LIST_MAX);
    put_number(t, n);
    for (size_t i = 0; i < n; i++) {
        put_text(t, tags[i].key);
        put_text(t, tags[i].value);
    }
}

struct str session_write(struct arena *a, const struct session *session)
{
    struct text t = text_new(a, SESSION_BYTES_MAX);
    text_putc(&t, VERSION);
    text_putc(&t, (char)session->kind);
    put_time(&t, session->issued_s);
    put_time(&t, session->expires_s);
    put_time(&t, session->mfa_s);
    for (size_t i = 0; i < N_TEXTS; i++) {
        struct str s;
        memcpy(&s, (const char *)session + texts[i], sizeof s);
        put_text(&t, s);
    }
    put_tags(&t, session->tags, session->n_tags);
    put_list(&t, session->transitive_keys, session->n_transitive, SESSION_LIST_MAX);
    put_list(&t, session->policy_arns, session->n_policy_arns, SESSION_LIST_MAX);
    put_list(&t, session->amr, session->n_amr, SESSION_AMR_MAX);
    assert(!t.full);
    return text_str(&t);
}

/* ---- reading ---- */

/* Takes from the front; after the first thing that is not there everything is empty and `bad` is
 * set. */
struct cursor {
    struct arena *a;
    struct str rest;
    bool bad;
};

static uint8_t take_byte(struct cursor *c)
{
    if (!c->rest.n) {
        c->bad = true;
        return 0;
    }
    uint8_t byte = (uint8_t)c->rest.p[0];
    c->rest = str_sub(c->rest, 1, c->rest.n);
    return byte;
}

static size_t take_number(struct cursor *c)
{
    size_t n = 0;
    for (unsigned i = 0; i < LENGTH_BYTES_MAX; i++) {
        uint8_t byte = take_byte(c);
        n |= (size_t)(byte & 0x7F) << (7 * i);
        if (byte & 0x80)
            continue;
        if (byte == 0 && i > 0) /* the same number has a shorter spelling */
            c->bad = true;
        return n;
    }
    c->bad = true;
    return 0;
}

static enum session_kind take_kind(struct cursor *c)
{
    uint8_t byte = take_byte(c);
    if (byte > SESSION_FEDERATED)
        c->bad = true;
    return c->bad ? SESSION_ROLE : (enum session_kind)byte;
}

static int64_t take_time(struct cursor *c)
{
    uint64_t v = 0;
    for (int i = 0; i < TIME_BYTES; i++)
        v = v << 8 | take_byte(c);
    return (int64_t)v;
}

static struct str take_text(struct cursor *c)
{
    size_t n = take_number(c);
    if (c->bad || n > c->rest.n) {
        c->bad = true;
        return STR("");
    }
    struct str s = str_n(c->rest.p, n);
    c->rest = str_sub(c->rest, n, c->rest.n);
    return s;
}

static size_t take_count(struct cursor *c, size_t max)
{
    size_t n = take_number(c);
    if (n > max)
        c->bad = true;
    return c->bad ? 0 : n;
}

static struct str *take_list(struct cursor *c, size_t max, size_t *n)
{
    *n = take_count(c, max);
    struct str *items = arena_array(c->a, struct str, *n);
    for (size_t i = 0; i < *n; i++)
        items[i] = take_text(c);
    return items;
}

static struct tag *take_tags(struct cursor *c, size_t *n)
{
    *n = take_count(c, SESSION_LIST_MAX);
    struct tag *tags = arena_array(c->a, struct tag, *n);
    for (size_t i = 0; i < *n; i++) {
        tags[i].key = take_text(c);
        tags[i].value = take_text(c);
    }
    return tags;
}

bool session_read(struct arena *a, struct str bytes, struct session *out)
{
    struct cursor c = { .a = a, .rest = bytes };
    struct session s = { .issued_s = 0 };

    if (bytes.n > SESSION_BYTES_MAX || take_byte(&c) != VERSION)
        return false;
    s.kind = take_kind(&c);
    s.issued_s = take_time(&c);
    s.expires_s = take_time(&c);
    s.mfa_s = take_time(&c);
    for (size_t i = 0; i < N_TEXTS; i++) {
        struct str text = take_text(&c);
        memcpy((char *)&s + texts[i], &text, sizeof text);
    }
    s.tags = take_tags(&c, &s.n_tags);
    s.transitive_keys = take_list(&c, SESSION_LIST_MAX, &s.n_transitive);
    s.policy_arns = take_list(&c, SESSION_LIST_MAX, &s.n_policy_arns);
    s.amr = take_list(&c, SESSION_AMR_MAX, &s.n_amr);
    if (c.bad || c.rest.n)
        return false;
    *out = s;
    return true;
}
