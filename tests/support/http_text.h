#ifndef TESTS_SUPPORT_HTTP_TEXT_H
#define TESTS_SUPPORT_HTTP_TEXT_H

#include "http/message.h"

/*
 * A request as text: request line, headers, an empty line, the body.  Lines end with LF or CRLF; a
 * header line that begins with a blank continues the one before, and the line end stays in its
 * value.  The target may hold blanks.  Views into the text; false when there is no request line.
 */
bool http_text_read(struct arena *a, struct str text, struct http_request *out);

#endif
