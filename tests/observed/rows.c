#include "tests/observed/rows.h"

#include "base/file.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 16 * 1024 * 1024 };

static const char *const verdict_name[] = { "agrees", "mismatch", "skipped" };

bool rows_folder(int argc, char **argv, char *folder, size_t folder_bytes)
{
    const char *above = getenv("OBSERVED_DIR");
    if (argc > 1)
        snprintf(folder, folder_bytes, "%s", argv[1]);
    else if (above)
        snprintf(folder, folder_bytes, "%s/aws-observed", above);
    else
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return argc > 1 || above;
}

struct str rows_replaced(struct arena *a, struct str s, struct str what, struct str by)
{
    struct text t = text_new(a, FILE_BYTES_MAX);
    while (s.n) {
        size_t n = str_starts(s, what) ? what.n : 0;
        text_put(&t, n ? by : str_sub(s, 0, 1));
        s = str_sub(s, n ? n : 1, s.n);
    }
    return text_str(&t);
}

static void unreadable(const struct why *why)
{
    fprintf(stderr, "%.*s\n", STR_ARG(why_text(why)));
    exit(2);
}

struct json_doc *rows_document(struct arena *a, struct str text)
{
    struct why why = why_new(a);
    struct json_doc *doc = NULL;
    if (failed(json_load(a, &why, STR("document"), text, JSON_LAST_WINS, &doc)))
        unreadable(&why);
    return doc;
}

struct str rows_text(json_t *row, const char *key)
{
    return json_str(json_object_get(row, key));
}

enum rows_verdict rows_differ(struct arena *a, struct str *reason, const char *format, ...)
{
    char text[16 * 1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    *reason = arena_str(a, str_of(text));
    return DIFFERS;
}

static void judge_row(const struct rows_judge *judge, json_t *row, struct rows_tally *tally)
{
    struct arena *scratch = arena_new();
    struct str reason = STR("");
    enum rows_verdict v = judge->judge(scratch, judge->context, row, &reason);
    tally->n[v]++;
    if (v != AGREES)
        printf("%s: %.*s: %.*s\n", verdict_name[v], STR_ARG(rows_text(row, "id")), STR_ARG(reason));
    arena_free(scratch);
}

void rows_judge_file(const char *folder, const char *name, const struct rows_judge *judge,
                     struct rows_tally *tally)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    char *path = arena_cstr(a, arena_printf(a, "%s/%s", folder, name));
    struct rows_tally here = { { 0 } };
    struct str text = STR("");
    json_t *row;
    size_t i;

    if (failed(file_read(a, &why, path, FILE_BYTES_MAX, &text)))
        unreadable(&why);
    struct json_doc *doc =
        rows_document(a, rows_replaced(a, text, STR("$ACCOUNT"), STR(ROWS_ACCOUNT)));
    json_array_foreach(doc->root, i, row) judge_row(judge, row, &here);
    printf("%s: %zu agree, %zu differ, %zu skipped\n", name, here.n[AGREES], here.n[DIFFERS],
           here.n[SKIPPED]);
    for (i = 0; i < 3; i++)
        tally->n[i] += here.n[i];
    arena_free(a);
}

int rows_close(const struct rows_tally *tally)
{
    printf("%zu passed, %zu failed, %zu skipped\n", tally->n[AGREES], tally->n[DIFFERS],
           tally->n[SKIPPED]);
    return tally->n[AGREES] && !tally->n[DIFFERS] ? EXIT_SUCCESS : EXIT_FAILURE;
}
