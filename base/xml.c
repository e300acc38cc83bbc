#include "base/xml.h"

#include "base/encode.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <inttypes.h>
#include <limits.h>

/* ---- writing ---- */

struct xml xml_new(struct text *out)
{
    return (struct xml){ .out = out };
}

static void indent(struct xml *x)
{
    for (int i = 0; i < x->depth; i++)
        text_put(x->out, STR("  "));
}

void xml_open(struct xml *x, const char *name, const char *xmlns)
{
    indent(x);
    text_putc(x->out, '<');
    text_put(x->out, str_of(name));
    if (xmlns) {
        text_put(x->out, STR(" xmlns=\""));
        text_put(x->out, str_of(xmlns));
        text_putc(x->out, '"');
    }
    text_put(x->out, STR(">\n"));
    x->depth++;
}

void xml_close(struct xml *x, const char *name)
{
    x->depth--;
    indent(x);
    text_put(x->out, STR("</"));
    text_put(x->out, str_of(name));
    text_put(x->out, STR(">\n"));
}

/* How many bytes the first character of s has; 0 when they are not UTF-8. */
static size_t first_character(struct str s)
{
    for (size_t n = 1; n <= 4 && n <= s.n; n++)
        if (utf8_valid(str_sub(s, 0, n)))
            return n;
    return 0;
}

/* XML 1.0 2.2: no control characters, no U+FFFE and U+FFFF, and of course no broken UTF-8. */
static bool allowed(struct str character)
{
    if (character.n == 1)
        return (unsigned char)character.p[0] >= 0x20 || memchr("\t\n\r", character.p[0], 3);
    return character.n && !str_eq(character, STR("\xEF\xBF\xBE")) &&
           !str_eq(character, STR("\xEF\xBF\xBF"));
}

static void put_character(struct text *out, struct str character)
{
    switch (allowed(character) ? character.p[0] : '\0') {
    case '\0':
        text_putc(out, '?');
        break;
    case '&':
        text_put(out, STR("&amp;"));
        break;
    case '<':
        text_put(out, STR("&lt;"));
        break;
    case '>':
        text_put(out, STR("&gt;"));
        break;
    case '\r':
        text_put(out, STR("&#xD;"));
        break;
    default:
        text_put(out, character);
    }
}

/* Most text needs nothing done to it: printable ASCII but for & < >. */
#define ROW(v) v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v
static const bool special[128] = {
    ROW(true), ROW(true), ['&'] = true, ['<'] = true, ['>'] = true, [0x7F] = true,
};
#undef ROW

static bool plain(char c)
{
    unsigned char u = (unsigned char)c;
    return u < 0x80 && !special[u];
}

static void put_escaped(struct text *out, struct str s)
{
    while (s.n) {
        size_t n = 0;
        while (n < s.n && plain(s.p[n]))
            n++;
        text_put(out, str_sub(s, 0, n));
        s = str_sub(s, n, s.n);
        if (!s.n)
            break;
        n = first_character(s);
        put_character(out, str_sub(s, 0, n));
        s = str_sub(s, n ? n : 1, s.n);
    }
}

struct str xml_clean(struct arena *a, struct str s)
{
    struct text t = text_new(a, SIZE_MAX / 4);
    while (s.n) {
        size_t n = first_character(s);
        struct str character = str_sub(s, 0, n);
        text_put(&t, allowed(character) ? character : STR("?"));
        s = str_sub(s, n ? n : 1, s.n);
    }
    return text_str(&t);
}

void xml_leaf(struct xml *x, const char *name, struct str value)
{
    struct str tag = str_of(name);
    indent(x);
    text_putc(x->out, '<');
    text_put(x->out, tag);
    if (!value.n) {
        text_put(x->out, STR("/>\n"));
        return;
    }
    text_putc(x->out, '>');
    put_escaped(x->out, value);
    text_put(x->out, STR("</"));
    text_put(x->out, tag);
    text_put(x->out, STR(">\n"));
}

void xml_leaf_i64(struct xml *x, const char *name, int64_t value)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRId64, value);
    xml_leaf(x, name, str_n(digits, (size_t)n));
}

/* ---- reading ---- */

enum { XML_DEPTH_MAX = 64 };

static struct str text_of(struct arena *a, const xmlNode *n)
{
    xmlChar *content = xmlNodeGetContent(n);
    struct str s = arena_str(a, str_of((const char *)content));
    xmlFree(content);
    return s;
}

/* Whether elements nest deeper than `levels`; libxml2's own bound of 256 ends the recursion. */
static bool deeper(const xmlNode *n, int levels)
{
    if (levels == 0)
        return true;
    for (const xmlNode *c = n->children; c; c = c->next)
        if (c->type == XML_ELEMENT_NODE && deeper(c, levels - 1))
            return true;
    return false;
}

static struct xml_node *copy(struct arena *a, const xmlNode *n)
{
    struct xml_node *node = arena_make(a, struct xml_node), **tail = &node->first_child;
    node->name = arena_str(a, str_of((const char *)n->name));
    for (const xmlNode *c = n->children; c; c = c->next)
        if (c->type == XML_ELEMENT_NODE) {
            *tail = copy(a, c);
            tail = &(*tail)->next;
        }
    if (!node->first_child)
        node->text = text_of(a, n);
    return node;
}

static struct outcome judge(struct why *why, xmlDoc *doc)
{
    xmlNode *top = doc ? xmlDocGetRootElement(doc) : NULL;
    if (!top)
        FAIL(why, PEER_UNINTELLIGIBLE, "the answer is not XML");
    if (xmlGetIntSubset(doc)) /* entities could be declared there */
        FAIL(why, PEER_UNINTELLIGIBLE, "the answer is XML with a DTD");
    if (deeper(top, XML_DEPTH_MAX))
        FAIL(why, PEER_UNINTELLIGIBLE, "the answer is XML nested deeper than %d", XML_DEPTH_MAX);
    return OK;
}

struct outcome xml_read(struct arena *a, struct why *why, struct str text, struct xml_node **root)
{
    int flags = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS;
    xmlDoc *doc = text.n && text.n < INT_MAX
                      ? xmlReadMemory(text.p, (int)text.n, "reply", NULL, flags)
                      : NULL;
    struct outcome o = judge(why, doc);
    if (!failed(o))
        *root = copy(a, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
    return o;
}

const struct xml_node *xml_find(const struct xml_node *node, const char *path)
{
    struct str rest = str_of(path);
    while (node && rest.n) {
        struct str name = str_cut(&rest, '/');
        node = node->first_child;
        while (node && !str_eq(node->name, name))
            node = node->next;
    }
    return node;
}

struct str xml_text(const struct xml_node *node, const char *path)
{
    const struct xml_node *found = xml_find(node, path);
    return found ? found->text : STR("");
}
