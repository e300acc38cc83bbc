#include "base/xml.h"
#include "base/xml_document.h"
#include "tests/support/runner.h"

/* XML for other programs: what is written reads back. */

static struct arena *a;

static void set_up(void)
{
    a = arena_new();
}

static void tear_down(void)
{
    arena_free(a);
}

START_TEST(elements_attributes_and_texts_are_written)
{
    struct xml_document *d = xml_document_new(a);
    xml_document_open(d, "suite");
    xml_document_attribute(d, "name", STR("one"));
    xml_document_open(d, "case");
    xml_document_text(d, STR("two"));
    xml_document_close(d);
    xml_document_open(d, "empty");
    xml_document_close(d);
    xml_document_close(d);
    want_str("document", xml_document_end(d),
             STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<suite name=\"one\">\n"
                 "  <case>two</case>\n"
                 "  <empty/>\n"
                 "</suite>\n"));
}
END_TEST

static const struct {
    const char *name;
    struct str given, read;
} texts[] = {
    { "plain text", STR_INIT("abc"), STR_INIT("abc") },
    { "what XML is made of", STR_INIT("<a href=\"x\">&amp;'</a>]]>"),
      STR_INIT("<a href=\"x\">&amp;'</a>]]>") },
    { "lines", STR_INIT("a\nb\tc"), STR_INIT("a\nb\tc") },
    { "a carriage return", STR_INIT("a\rb"), STR_INIT("a\rb") },
    { "letters of others", STR_INIT("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x94\x91"),
      STR_INIT("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x94\x91") },
    { "control characters", STR_INIT("\x1B[31m\x01\x7F"), STR_INIT("?[31m?\x7F") },
    { "a zero byte", STR_INIT("a\0b"), STR_INIT("a?b") },
    { "bytes that are no UTF-8", STR_INIT("\xFF-\xC3"), STR_INIT("?-?") },
    { "what no XML may hold", STR_INIT("\xEF\xBF\xBE-\xED\xA0\x80"), STR_INIT("?-???") },
    { "nothing", STR_INIT(""), STR_INIT("") },
};

START_TEST(a_text_reads_back)
{
    struct xml_document *d = xml_document_new(a);
    struct why why = why_new(a);
    struct xml_node *root;
    xml_document_open(d, "x");
    xml_document_attribute(d, "a", texts[_i].given);
    xml_document_text(d, texts[_i].given);
    xml_document_close(d);
    struct str text = xml_document_end(d);
    ck_assert_msg(!failed(xml_read(a, &why, text, &root)), "%s: %.*s", texts[_i].name,
                  STR_ARG(text));
    want_str(texts[_i].name, root->text, texts[_i].read);
}
END_TEST

START_TEST(one_that_is_left_half_written_ends_with_the_arena)
{
    struct xml_document *d = xml_document_new(a);
    xml_document_open(d, "x");
    xml_document_attribute(d, "a", STR("b")); /* the leak checker sees whether it does */
}
END_TEST

Suite *xml_document_suite(void);

Suite *xml_document_suite(void)
{
    Suite *s = suite_create("base/xml_document");
    TCase *t = tcase_create("xml_document");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, elements_attributes_and_texts_are_written);
    tcase_add_loop_test(t, a_text_reads_back, 0, sizeof texts / sizeof texts[0]);
    tcase_add_test(t, one_that_is_left_half_written_ends_with_the_arena);
    suite_add_tcase(s, t);
    return s;
}
