#include "scenarios/report.h"

#include "base/xml_document.h"

/* The dialect that CI systems read: testsuites, testsuite, testcase, failure, error, skipped. */

static void number(struct arena *a, struct xml_document *d, const char *name, size_t n)
{
    xml_document_attribute(d, name, arena_printf(a, "%zu", n));
}

static void counts(struct arena *a, struct xml_document *d, const struct replay *r)
{
    number(a, d, "tests", r->n);
    number(a, d, "failures", r->n_failed);
    number(a, d, "errors", r->n_bad);
    number(a, d, "skipped", r->n_skipped);
}

static void problem(struct arena *a, struct xml_document *d, const char *element,
                    const struct replay_entry *e)
{
    struct str text = report_failure(a, e), rest = text;
    xml_document_open(d, element);
    xml_document_attribute(d, "message", str_cut(&rest, '\n'));
    xml_document_text(d, text);
    xml_document_close(d);
}

static void testcase(struct arena *a, struct xml_document *d, const struct replay_entry *e)
{
    struct str file = e->line ? arena_printf(a, "%.*s:%zu", STR_ARG(e->file), e->line) : e->file;
    xml_document_open(d, "testcase");
    xml_document_attribute(d, "name", e->title.n ? e->title : file);
    xml_document_attribute(d, "classname", file);
    xml_document_attribute(d, "file", e->file);
    if (e->bad) {
        problem(a, d, "error", e);
    } else if (e->result.verdict == PLAY_FAILED) {
        problem(a, d, "failure", e);
    } else if (e->result.verdict == PLAY_SKIPPED) {
        xml_document_open(d, "skipped");
        xml_document_attribute(d, "message", e->result.skipped);
        xml_document_close(d);
    }
    xml_document_close(d);
}

struct str report_junit(struct arena *a, const struct replay *r)
{
    struct xml_document *d = xml_document_new(a);
    xml_document_open(d, "testsuites");
    counts(a, d, r);
    xml_document_open(d, "testsuite");
    xml_document_attribute(d, "name", STR("understudy replay"));
    counts(a, d, r);
    for (size_t i = 0; i < r->n; i++)
        testcase(a, d, &r->entries[i]);
    xml_document_close(d);
    xml_document_close(d);
    return xml_document_end(d);
}
