#include "scenarios/journal.h"

#include "base/text.h"
#include "crypto/digest.h"

#include <assert.h>

#define FIRST  STR("understudy-journal 1 ")
#define RECORD STR("record ")
#define NEXT   STR("next ")

enum { BODY = JOURNAL_CHECK_BYTES + 1 }; /* where a line's body begins: behind CHECK and a blank */

/* The key of the first line, which has none before it. */
static const struct journal_check nothing = { "0000000000000000" };

static struct journal_check check(const struct journal_check *last, struct str body)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t sum[SHA256_BYTES];
    struct journal_check c;
    hmac_sha256(str_n(last->text, JOURNAL_CHECK_BYTES), body, sum);
    for (size_t i = 0; i < JOURNAL_CHECK_BYTES; i += 2) {
        c.text[i] = digits[sum[i / 2] >> 4];
        c.text[i + 1] = digits[sum[i / 2] & 15];
    }
    return c;
}

/* ---- writing ---- */

static struct str line(struct arena *a, struct str kind, struct str rest,
                       struct journal_check *last)
{
    struct str body = str_n(NULL, kind.n + rest.n);
    char *p = arena_room(a, BODY + body.n + 1);
    body.p = p + BODY;
    memcpy(p + BODY, kind.p, kind.n);
    if (rest.n)
        memcpy(p + BODY + kind.n, rest.p, rest.n);
    *last = check(last, body);
    memcpy(p, last->text, JOURNAL_CHECK_BYTES);
    p[JOURNAL_CHECK_BYTES] = ' ';
    p[BODY + body.n] = '\n';
    return str_n(p, BODY + body.n + 1);
}

struct str journal_first(struct arena *a, struct str sha256, struct str version,
                         struct journal_check *last)
{
    assert(sha256.n == JOURNAL_SHA256_BYTES);
    *last = nothing;
    return line(a, FIRST, arena_join(a, sha256, STR(" "), version), last);
}

struct str journal_record(struct arena *a, struct str record, struct journal_check *last)
{
    return line(a, RECORD, record, last);
}

struct str journal_next(struct arena *a, struct str sha256, struct str version,
                        struct journal_check *last)
{
    assert(sha256.n == JOURNAL_SHA256_BYTES);
    return line(a, NEXT, arena_join(a, sha256, STR(" "), version), last);
}

/* ---- reading ---- */

struct reader {
    struct why *why;
    const char *name;
    struct str rest;
    size_t line; /* the last one taken */
    struct journal_check last;
};

static struct outcome refuse(const struct reader *r, const char *detail)
{
    if (r->why->fault == FAULT_NONE)
        r->why->place = arena_printf(r->why->arena, "%s:%zu", r->name, r->line);
    FAIL(r->why, STATE_INVALID, "%s", detail);
}

static bool has_line(const struct reader *r)
{
    return str_find(r->rest, '\n') < r->rest.n;
}

static bool take(struct reader *r, struct str *body)
{
    struct str whole = str_cut(&r->rest, '\n');
    r->line++;
    if (whole.n < BODY || whole.p[JOURNAL_CHECK_BYTES] != ' ')
        return false;
    *body = str_sub(whole, BODY, whole.n);
    r->last = check(&r->last, *body);
    return memcmp(r->last.text, whole.p, JOURNAL_CHECK_BYTES) == 0;
}

static bool cut_prefix(struct str *s, struct str prefix)
{
    if (!str_starts(*s, prefix))
        return false;
    *s = str_sub(*s, prefix.n, s->n);
    return true;
}

/* "SHA256 VERSION" */
static bool read_name(struct str body, struct str *sha256, struct str *version)
{
    *sha256 = str_sub(body, 0, JOURNAL_SHA256_BYTES);
    *version = str_sub(body, JOURNAL_SHA256_BYTES + 1, body.n);
    return str_find(body, ' ') == JOURNAL_SHA256_BYTES && body.n > JOURNAL_SHA256_BYTES;
}

static struct outcome read_first(struct reader *r, struct journal *j)
{
    struct str body;
    if (!has_line(r) || !take(r, &body) || !cut_prefix(&body, FIRST) ||
        !read_name(body, &j->sha256, &j->version)) {
        r->line = 1;
        return refuse(r, "this is no journal of understudy's, or its first line is damaged; if "
                         "nothing in it is wanted, move it away");
    }
    return OK;
}

static struct outcome read_line(struct reader *r, struct journal *j)
{
    struct str body;
    if (!take(r, &body))
        return refuse(r, "the checksum is wrong: the line was damaged or edited, or one above it "
                         "was taken out; bring back the journal from a copy, or cut it off before "
                         "this line, which gives up the changes from here on");
    if (j->next_sha256.n)
        return refuse(r, "there is a line behind the one that ends a journal; cut it off before "
                         "this line");
    if (cut_prefix(&body, RECORD))
        j->records[j->n_records++] = body;
    else if (!cut_prefix(&body, NEXT) || !read_name(body, &j->next_sha256, &j->next_version))
        return refuse(r, "this version of understudy does not write such lines; start the one that "
                         "wrote it");
    return OK;
}

static size_t count_lines(struct str s)
{
    size_t n = 0;
    for (; s.n; n++)
        str_cut(&s, '\n');
    return n;
}

/* What was read so far is the part that counts, unless it ended with a `next`. */
static void mark_end(const struct reader *r, struct str text, struct journal *j)
{
    if (j->next_sha256.n)
        return;
    j->bytes = text.n - r->rest.n;
    j->last = r->last;
}

struct outcome journal_read(struct arena *a, struct why *why, const char *name, struct str text,
                            struct journal *out)
{
    struct reader r = { .why = why, .name = name, .rest = text, .last = nothing };
    struct journal j = { 0 };
    TRY(read_first(&r, &j));
    mark_end(&r, text, &j);
    j.records = arena_array(a, struct str, count_lines(r.rest));
    while (has_line(&r)) {
        TRY(read_line(&r, &j));
        mark_end(&r, text, &j);
    }
    j.cut = r.rest.n > 0;
    *out = j;
    return OK;
}
