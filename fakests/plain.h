#ifndef FAKESTS_PLAIN_H
#define FAKESTS_PLAIN_H

#include "base/text.h"

/*
 * Text of strangers on a terminal: control characters (C0, DEL, C1) and what is no UTF-8 are shown
 * as '?', so that no token can move the cursor or colour the line.
 */
void plain_put(struct text *t, struct str s);
/* The same cut to so many columns, a character counting one; what is cut ends with an ellipsis. */
void plain_put_within(struct text *t, struct str s, size_t columns);

/* How many columns plain_put takes for it. */
size_t plain_columns(struct str s);
/* The bytes that take the first so many columns. */
struct str plain_first(struct str s, size_t columns);

#define PLAIN_ELLIPSIS "\xE2\x80\xA6"

#endif
