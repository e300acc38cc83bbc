#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include "base/json.h"
#include "base/text.h"

/*
 * JSON values as text, to the byte as jansson writes them, but for less: jansson hands out a
 * character at a time and looks for cycles by printed address, which is felt where tokens are
 * minted.  Values have no cycles: all of ours come from text or templates.
 */
enum { JSON_WRITE_COMPACT = 0, JSON_WRITE_PRETTY = 2 /* spaces a level */ };

/* Appends the value; members in their order. */
void json_write(struct text *t, const json_t *v, int indent);

/* The length in characters of the compact text, which is not made. */
size_t json_write_length(const json_t *v);

#endif
