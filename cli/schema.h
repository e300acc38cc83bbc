#ifndef CLI_SCHEMA_H
#define CLI_SCHEMA_H

#include "base/str.h"
#include "base/arena.h"

/*
 * The schemas that are compiled in.  In the sources one names what stands in another as
 * "urn:understudy:schema:config#/$defs/role"; here each is one document that needs no other, with
 * the definitions of all it names among its own.  (Their names differ, so "#/$defs/role" is enough:
 * not every editor follows the $id of a schema inside another.)
 */

/* Its text, ended by a newline; p == NULL when there is none of that name. */
struct str schema_text(struct arena *a, struct str name);

#endif
