#ifndef BASE_XML_DOCUMENT_H
#define BASE_XML_DOCUMENT_H

#include "base/arena.h"

/*
 * XML for other programs to read, written with libxml2: a declaration, attributes, indentation.
 * (What AWS's replies look like is base/xml.h's business.)  Bytes that XML 1.0 does not allow
 * become '?'.
 */
struct xml_document;

/* Ends with the arena. */
struct xml_document *xml_document_new(struct arena *a);
void xml_document_open(struct xml_document *d, const char *name);
void xml_document_attribute(struct xml_document *d, const char *name, struct str value);
void xml_document_text(struct xml_document *d, struct str text);
void xml_document_close(struct xml_document *d);
/* The whole of it; nothing can be added then. */
struct str xml_document_end(struct xml_document *d);

#endif
