#include "tests/support/runner.h"

#include "base/xml.h"
#include "tests/support/guard.h"

Suite *xml_suite(void);

static struct arena *a;
static struct why why;

static void setup(void)
{
    a = arena_new();
    why = why_new(a);
}

static void teardown(void)
{
    arena_free(a);
}

START_TEST(is_spelt_as_aws_spells_it)
{
    struct text t = text_new(a, 4096);
    struct xml x = xml_new(&t);
    xml_open(&x, "ErrorResponse", "https://sts.amazonaws.com/doc/2011-06-15/");
    xml_open(&x, "Error", NULL);
    xml_leaf(&x, "Message", STR("it's \"so\""));
    xml_leaf(&x, "Empty", STR(""));
    xml_leaf_i64(&x, "Size", INT64_MIN);
    xml_close(&x, "Error");
    xml_close(&x, "ErrorResponse");
    want_str("document", text_str(&t),
             STR("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
                 "  <Error>\n"
                 "    <Message>it's \"so\"</Message>\n"
                 "    <Empty/>\n"
                 "    <Size>-9223372036854775808</Size>\n"
                 "  </Error>\n"
                 "</ErrorResponse>\n"));
}
END_TEST

static const struct {
    const char *name;
    struct str value, written;
    const char *read; /* what a reader makes of it; NULL: the value itself */
} leaves[] = {
    { "markup is escaped", STR_INIT("<a>&amp;]]>"), STR_INIT("&lt;a&gt;&amp;amp;]]&gt;"), NULL },
    { "quotes are not", STR_INIT("'\""), STR_INIT("'\""), NULL },
    { "tabs and line feeds stay", STR_INIT("a\tb\nc"), STR_INIT("a\tb\nc"), NULL },
    { "a carriage return would be read as a line feed", STR_INIT("a\r\nb"), STR_INIT("a&#xD;\nb"),
      NULL },
    { "characters stay", STR_INIT("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\x7F"),
      STR_INIT("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\x7F"), NULL },
    { "control characters cannot be written",
      STR_INIT("a\x01\0\x1F"
               "b"),
      STR_INIT("a???b"), "a???b" },
    { "U+FFFE and U+FFFF cannot be written", STR_INIT("\xEF\xBF\xBD\xEF\xBF\xBE\xEF\xBF\xBF"),
      STR_INIT("\xEF\xBF\xBD??"), "\xEF\xBF\xBD??" },
    { "broken UTF-8 cannot be written", STR_INIT("\xC3<\xED\xA0\x80"), STR_INIT("?&lt;???"),
      "?<???" },
};

START_TEST(any_value_makes_a_document_that_can_be_read)
{
    struct text t = text_new(a, 4096);
    struct xml x = xml_new(&t);
    struct xml_node *root;
    xml_leaf(&x, "V", guarded(leaves[_i].value));
    want_str(leaves[_i].name, text_str(&t),
             arena_printf(a, "<V>%.*s</V>\n", STR_ARG(leaves[_i].written)));
    ck_assert(!failed(xml_read(a, &why, guarded(text_str(&t)), &root)));
    want_str(leaves[_i].name, root->text,
             leaves[_i].read ? str_of(leaves[_i].read) : leaves[_i].value);
}
END_TEST

START_TEST(reads_what_aws_answers)
{
    struct xml_node *root;
    struct str text = STR("<?xml version=\"1.0\"?>\n"
                          "<R xmlns=\"urn:x\" xmlns:p=\"urn:p\"><A a=\"1\"><B>one</B><B>two</B>"
                          "<p:C><![CDATA[<&>]]></p:C><D/></A><!-- c --><E> x </E></R>");
    ck_assert(!failed(xml_read(a, &why, guarded(text), &root)));
    want_str("root", root->name, STR("R"));
    want_str("the first of two", xml_text(root, "A/B"), STR("one"));
    want_str("the second", xml_find(root, "A/B")->next->text, STR("two"));
    want_str("without prefix", xml_text(root, "A/C"), STR("<&>"));
    want_str("empty", xml_text(root, "A/D"), STR(""));
    want_str("blanks stay", xml_text(root, "E"), STR(" x "));
    want_str("an element with children has no text", xml_text(root, "A"), STR(""));
    ck_assert_ptr_nonnull(xml_find(root, "A/D"));
    ck_assert_ptr_null(xml_find(root, "A/X"));
    ck_assert_ptr_null(xml_find(root, "B"));
    ck_assert_ptr_null(xml_find(root, "A/B/one"));
    ck_assert_ptr_eq(xml_find(root, ""), root);
    ck_assert_ptr_null(xml_find(NULL, "A"));
}
END_TEST

static const struct {
    const char *name;
    struct str text;
} unreadable[] = {
    { "nothing", { NULL, 0 } },
    { "no XML", STR_INIT("{\"json\": true}") },
    { "an unclosed element", STR_INIT("<A><B></A>") },
    { "something behind it", STR_INIT("<A/><B/>") },
    { "broken UTF-8", STR_INIT("<A>\xC3</A>") },
    { "an undeclared entity", STR_INIT("<A>&x;</A>") },
    { "a DTD with an entity", STR_INIT("<!DOCTYPE A [<!ENTITY x \"y\">]><A>&x;</A>") },
    { "an entity from a file",
      STR_INIT("<!DOCTYPE A [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><A>&x;</A>") },
    { "an external DTD", STR_INIT("<!DOCTYPE A SYSTEM \"http://127.0.0.1:1/a.dtd\"><A/>") },
    { "entities that multiply",
      STR_INIT("<!DOCTYPE A [<!ENTITY a \"1111111111\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
               "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;\">"
               "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;\">"
               "<!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;\">]><A>&g;</A>") },
};

START_TEST(refuses_what_it_should_not_read)
{
    struct xml_node *root = NULL;
    struct str text = unreadable[_i].text;
    struct outcome o = xml_read(a, &why, text.p ? guarded(text) : text, &root);
    ck_assert_msg(o.fault == FAULT_PEER_UNINTELLIGIBLE, "%s", unreadable[_i].name);
    ck_assert_ptr_null(root);
}
END_TEST

static struct str nested(size_t levels)
{
    struct text t = text_new(a, 1 << 20);
    for (size_t i = 0; i < levels; i++)
        text_put(&t, STR("<A>"));
    for (size_t i = 0; i < levels; i++)
        text_put(&t, STR("</A>"));
    return text_str(&t);
}

START_TEST(sixty_four_levels_are_read_and_one_more_is_not)
{
    struct xml_node *root;
    ck_assert(!failed(xml_read(a, &why, nested(64), &root)));
    ck_assert(failed(xml_read(a, &why, nested(65), &root)));
    ck_assert(failed(xml_read(a, &why, nested(50000), &root)));
}
END_TEST

Suite *xml_suite(void)
{
    Suite *s = suite_create("xml");
    TCase *t = tcase_create("xml");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, is_spelt_as_aws_spells_it);
    tcase_add_loop_test(t, any_value_makes_a_document_that_can_be_read, 0,
                        sizeof leaves / sizeof leaves[0]);
    tcase_add_test(t, reads_what_aws_answers);
    tcase_add_loop_test(t, refuses_what_it_should_not_read, 0,
                        sizeof unreadable / sizeof unreadable[0]);
    tcase_add_test(t, sixty_four_levels_are_read_and_one_more_is_not);
    suite_add_tcase(s, t);
    return s;
}
