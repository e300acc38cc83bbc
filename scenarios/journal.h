#ifndef SCENARIOS_JOURNAL_H
#define SCENARIOS_JOURNAL_H

#include "base/fault.h"

/*
 * The text of FILE.journal (scenarios/state.h); no file is touched here.  Lines of
 *
 *   CHECK understudy-journal 1 SHA256 VERSION    the first: of the FILE it continues, and whose it
 * is CHECK record TEXT                            a change CHECK next SHA256 VERSION the last: of
 * the FILE about to take that one's place
 *
 * CHECK is 16 hexadecimal digits, half an HMAC-SHA-256 of what stands behind it and its blank,
 * keyed with the CHECK of the line before: a line that was changed, lost, doubled or moved is seen.
 * It is there against accidents; whoever may write the file can write any.
 */
enum { JOURNAL_SHA256_BYTES = 64 /* hexadecimal */, JOURNAL_CHECK_BYTES = 16 };

/* The CHECK of the line before. */
struct journal_check {
    char text[JOURNAL_CHECK_BYTES];
};

struct journal {
    struct str sha256, version;
    struct str *records; /* views into the text, in order */
    size_t n_records;
    struct str next_sha256, next_version; /* empty without such a line */
    size_t bytes;              /* up to the end of the last record: here the next line belongs */
    struct journal_check last; /* of the lines up to there */
    bool cut;                  /* the text ends within a line, which was left out */
};

/*
 * `name` is what a message calls the text.  Fails with STATE_INVALID and the place "name:line" when
 * it does not begin as a journal, or a whole line is not what was written.
 */
OUTCOME journal_read(struct arena *a, struct why *why, const char *name, struct str text,
                     struct journal *out);

/* The lines, with their newline; *last is that of the line before and becomes this one's. */
struct str journal_first(struct arena *a, struct str sha256, struct str version,
                         struct journal_check *last);
struct str journal_record(struct arena *a, struct str record, struct journal_check *last);
struct str journal_next(struct arena *a, struct str sha256, struct str version,
                        struct journal_check *last);

#endif
