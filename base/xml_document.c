#include "base/xml_document.h"

#include "base/xml.h"

#include <libxml/xmlwriter.h>

#include <stdlib.h>

struct xml_document {
    struct arena *arena;
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
};

static void drop(void *document)
{
    struct xml_document *d = document;
    if (d->writer)
        xmlFreeTextWriter(d->writer);
    xmlBufferFree(d->buffer);
}

/* It writes into memory: only running out of that can fail. */
static void must(int written)
{
    if (written < 0)
        abort();
}

struct xml_document *xml_document_new(struct arena *a)
{
    struct xml_document *d = arena_make(a, struct xml_document);
    d->arena = a;
    d->buffer = xmlBufferCreate();
    d->writer = d->buffer ? xmlNewTextWriterMemory(d->buffer, 0) : NULL;
    if (!d->writer)
        abort();
    arena_defer(a, drop, d);
    must(xmlTextWriterSetIndent(d->writer, 1));
    must(xmlTextWriterSetIndentString(d->writer, BAD_CAST "  "));
    must(xmlTextWriterStartDocument(d->writer, NULL, "UTF-8", NULL));
    return d;
}

static const xmlChar *clean(struct xml_document *d, struct str s)
{
    return BAD_CAST arena_cstr(d->arena, xml_clean(d->arena, s));
}

void xml_document_open(struct xml_document *d, const char *name)
{
    must(xmlTextWriterStartElement(d->writer, BAD_CAST name));
}

void xml_document_attribute(struct xml_document *d, const char *name, struct str value)
{
    must(xmlTextWriterWriteAttribute(d->writer, BAD_CAST name, clean(d, value)));
}

void xml_document_text(struct xml_document *d, struct str text)
{
    must(xmlTextWriterWriteString(d->writer, clean(d, text)));
}

void xml_document_close(struct xml_document *d)
{
    must(xmlTextWriterEndElement(d->writer));
}

struct str xml_document_end(struct xml_document *d)
{
    must(xmlTextWriterEndDocument(d->writer));
    xmlFreeTextWriter(d->writer); /* flushes */
    d->writer = NULL;
    return arena_str(d->arena, str_n((const char *)xmlBufferContent(d->buffer),
                                     (size_t)xmlBufferLength(d->buffer)));
}
