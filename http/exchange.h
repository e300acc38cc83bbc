#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/worker.h"

#include <microhttpd.h>

/* One request and its response, from the request line to the last byte sent.  Lives in its arena.
 */
struct http_exchange;

/* The request line is there.  raw_target is copied; site and peer are borrowed and live longer. */
struct http_exchange *http_exchange_begin(struct arena *a, struct http_site *site,
                                          size_t pool_bytes, const char *raw_target,
                                          const char *peer);
struct arena *http_exchange_arena(const struct http_exchange *x);
/* Whether the head was complete, that is, whether http_exchange_step was called. */
bool http_exchange_running(const struct http_exchange *x);

/* libmicrohttpd's access handler: called for the head, for each piece of the body, and at the end.
 */
enum MHD_Result http_exchange_step(struct http_exchange *x, struct MHD_Connection *connection,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_bytes);

#endif
