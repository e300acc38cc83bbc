#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H

#include "base/fault.h"

/*
 * "127.0.0.1:4580", "[::1]:0", "localhost:4580" or ":4580" (the latter two mean 127.0.0.1) → a
 * numeric address (in the arena) and a port.  Everything else is ADDRESS_INVALID, naming the text:
 * names are not looked up, for a server must not listen elsewhere because a resolver says so.
 */
OUTCOME http_address_read(struct arena *a, struct why *why, struct str text, const char **address,
                          unsigned *port);

#endif
