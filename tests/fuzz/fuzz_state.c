#include "tests/fuzz/fuzz.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "scenarios/journal.h"

#include <stdlib.h>

/*
 * The journal of a state file, as it is and with the right checksums put before its lines, for else
 * nothing would pass them.  What is read is, written again, what was read; and it can be gone on
 * from.
 */

static void want(bool condition)
{
    if (!condition)
        abort();
}

static struct str written_again(struct arena *a, const struct journal *j)
{
    struct journal_check last;
    struct str text = journal_first(a, j->sha256, j->version, &last);
    for (size_t i = 0; i < j->n_records; i++)
        text = arena_join(a, text, journal_record(a, j->records[i], &last));
    want(memcmp(last.text, j->last.text, sizeof last.text) == 0);
    return text;
}

static void want_rest(struct arena *a, const struct journal *j, struct str rest)
{
    struct journal_check last = j->last;
    if (j->next_sha256.n) {
        struct str line = journal_next(a, j->next_sha256, j->next_version, &last);
        want(str_starts(rest, line));
        rest = str_sub(rest, line.n, rest.n);
    }
    want(j->cut == (rest.n > 0) && str_find(rest, '\n') == rest.n);
}

static void want_to_go_on(struct arena *a, const struct journal *j, struct str text)
{
    struct journal_check last = j->last;
    struct why why = why_new(a);
    struct journal k;
    struct str more = journal_record(a, STR("more"), &last);
    want(!failed(journal_read(a, &why, "fuzz", arena_join(a, text, more), &k)));
    want(k.n_records == j->n_records + 1 && !k.cut && !k.next_sha256.n);
    want(str_eq(k.records[j->n_records], STR("more")));
}

static void try(struct arena *a, struct str text)
{
    struct why why = why_new(a);
    struct journal j;
    if (failed(journal_read(a, &why, "fuzz", text, &j))) {
        want(why.fault == FAULT_STATE_INVALID && why.detail.n);
        want(str_starts(why.place, STR("fuzz:")));
        return;
    }
    struct str counts = str_sub(text, 0, j.bytes);
    if (j.n_records < 100) /* joining is quadratic */
        want(str_eq(written_again(a, &j), counts));
    want_rest(a, &j, str_sub(text, j.bytes, text.n));
    want_to_go_on(a, &j, counts);
}

static struct str sealed(struct arena *a, struct str text)
{
    struct str check = STR("0000000000000000"), out = STR("");
    for (int lines = 0; lines < 100 && str_find(text, '\n') < text.n; lines++) {
        uint8_t sum[SHA256_BYTES];
        struct str body = str_cut(&text, '\n');
        hmac_sha256(check, body, sum);
        check = hex_write(a, sum, JOURNAL_CHECK_BYTES / 2);
        out = arena_join(a, out, check, STR(" "), body, STR("\n"));
    }
    return arena_join(a, out, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct str text = str_n((const char *)bytes, n);
    try(a, text);
    try(a, sealed(a, text));
    arena_free(a);
    return 0;
}
