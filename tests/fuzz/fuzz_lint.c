#include "tests/fuzz/fuzz.h"

#include "base/json.h"
#include "cli/lint_report.h"
#include "fakests/lint/rule.h"
#include "scenarios/config.h"
#include "scenarios/lint_file.h"

#include <stdlib.h>

/*
 * Any bytes as a file to lint: every finding has a place within the text, and all of them make JSON
 * and SARIF; a config in which nothing is an error is one that a server takes.
 */

static void want(bool holds)
{
    if (!holds)
        abort();
}

static size_t lines(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static void check_finding(const struct finding *f, struct str text)
{
    want(f->rule && f->message.n && f->fix.n && str_starts(f->path, STR("$")));
    want(str_eq(f->file, STR("fuzz")));
    want(f->line >= 1 && f->line <= lines(text) && f->column >= 1 && f->column <= text.n + 1);
}

static void want_json(struct arena *a, struct str text)
{
    struct why why = why_new(a);
    struct json_doc *doc;
    want(!failed(json_load(a, &why, STR("report"), text, JSON_DUPLICATES_REFUSED, &doc)));
}

static void check_reports(struct arena *a, const struct findings *f)
{
    struct lint_report report = { f, 1, STR("/tmp") };
    want_json(a, lint_report_json(a, &report));
    want_json(a, lint_report_sarif(a, &report));
    want(lint_report_text(a, &report, false).n > 0 || !f->n);
}

static bool any_error(const struct findings *f)
{
    return findings_count(f, LINT_ERROR) || f->left_out[LINT_ERROR];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct str text = str_n((const char *)bytes, n);
    struct findings f = findings_new(a);
    struct why why = why_new(a);
    struct config *config;
    const struct config_source source = { .name = STR("fuzz"), .text = text };

    enum lint_file_kind kind = lint_file(&f, STR("fuzz"), text, false);
    for (size_t i = 0; i < f.n; i++)
        check_finding(&f.items[i], text);
    check_reports(a, &f);
    if (kind == LINT_FILE_CONFIG)
        want(any_error(&f) == failed(config_read(a, &why, &source, &config)));
    arena_free(a);
    return 0;
}
