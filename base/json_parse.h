#ifndef BASE_JSON_PARSE_H
#define BASE_JSON_PARSE_H

#include "base/json.h"

/*
 * Strict JSON (RFC 8259) into jansson's values, for a fraction of what json_loadb takes: jansson
 * asks for each character through two functions, and keeps every text twice before it is a value.
 *
 * Takes what json_loadb takes with JSON_DECODE_ANY, and JSON_REJECT_DUPLICATES where duplicates are
 * refused, as long as no more than `levels` objects and arrays are nested and no NUL byte stands
 * anywhere; the values are the same.  A new reference; NULL for every other text.  It does not say
 * why: json_load asks jansson, so that there is one parser to word a refusal.
 */
json_t *json_parse(struct str text, enum json_duplicates duplicates, size_t levels);

#endif
