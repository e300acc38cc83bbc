#ifndef TESTS_OBSERVED_ROWS_H
#define TESTS_OBSERVED_ROWS_H

#include "base/json.h"

/*
 * Files of recorded answers: a JSON array each, one recording a row.  Every program of this folder
 * reads its rows here, judges them one by one, and closes with the line that ci/observed counts.
 */
#define ROWS_ACCOUNT "123456789012" /* what stands for $ACCOUNT */

enum rows_verdict { AGREES, DIFFERS, SKIPPED };

struct rows_tally {
    size_t n[3];
};

/* Judges a row; the reason is told unless it agrees.  What is in `a` lives as long as the row. */
struct rows_judge {
    enum rows_verdict (*judge)(struct arena *a, void *context, json_t *row, struct str *reason);
    void *context;
};

/* The folder named on the command line, or $OBSERVED_DIR/aws-observed; false when it is neither. */
bool rows_folder(int argc, char **argv, char *folder, size_t folder_bytes);

/* Judges the rows of a file in their order, tells of those that do not agree, and counts them:
 * "iam.json: 20 agree, 1 differs, 0 skipped".  Ends the program when the file cannot be read. */
void rows_judge_file(const char *folder, const char *name, const struct rows_judge *judge,
                     struct rows_tally *tally);

/* "N passed, N failed, N skipped", and the status to end with. */
int rows_close(const struct rows_tally *tally);

/* ---- looking at rows ---- */

/* The text of a member; empty when there is none. */
struct str rows_text(json_t *row, const char *key);
/* A document over the text; ends the program when it is none. */
struct json_doc *rows_document(struct arena *a, struct str text);
/* s with `by` wherever `what` stands in it. */
struct str rows_replaced(struct arena *a, struct str s, struct str what, struct str by);
/* Sets *reason: for `return rows_differ(a, reason, "...")`. */
enum rows_verdict rows_differ(struct arena *a, struct str *reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
