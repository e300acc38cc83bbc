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

static struct str escaped(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '\r':
        return STR("&#xD;");
    default:
        return (unsigned char)c < 0x20 && c != '\t' && c != '\n' ? STR("?") : STR("");
    }
}

static void put_escaped(struct text *out, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        struct str e = escaped(s.p[i]);
        if (!e.n)
            continue;
        text_put(out, str_sub(s, from, i - from));
        text_put(out, e);
        from = i + 1;
    }
    text_put(out, str_sub(s, from, s.n - from));
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

static struct xml_node *copy(struct arena *a, const xmlNode *n, int depth)
{
    struct xml_node *node = arena_make(a, struct xml_node), **tail = &node->first_child;
    node->name = arena_str(a, str_of((const char *)n->name));
    for (const xmlNode *c = n->children; c && depth < XML_DEPTH_MAX; c = c->next)
        if (c->type == XML_ELEMENT_NODE) {
            *tail = copy(a, c, depth + 1);
            tail = &(*tail)->next;
        }
    if (!node->first_child)
        node->text = text_of(a, n);
    return node;
}

struct outcome xml_read(struct arena *a, struct why *why, struct str text, struct xml_node **root)
{
    int flags = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS;
    xmlDoc *doc = text.n && text.n < INT_MAX
                      ? xmlReadMemory(text.p, (int)text.n, "reply", NULL, flags)
                      : NULL;
    xmlNode *top = doc ? xmlDocGetRootElement(doc) : NULL;
    if (top)
        *root = copy(a, top, 0);
    xmlFreeDoc(doc);
    if (!top)
        FAIL(why, PEER_UNINTELLIGIBLE, "the answer is not XML");
    return OK;
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
