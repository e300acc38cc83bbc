#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include "base/fault.h"

#include <sys/socket.h>

/* A listening socket, and the thread that accepts from it. */
struct http_listener;

/* Binds and listens; nothing is accepted yet.  ADDRESS_IN_USE or ADDRESS_INVALID. */
OUTCOME http_listener_open(struct why *why, const char *address, unsigned port,
                           struct http_listener **out);
unsigned http_listener_port(const struct http_listener *l);
/*
 * Starts accepting; false when there is no thread to be had.  deal is called on the accepting
 * thread and owns the (non-blocking) descriptor from then on.
 */
bool http_listener_start(struct http_listener *l,
                         void (*deal)(void *context, int fd, const struct sockaddr *peer,
                                      socklen_t peer_bytes),
                         void *context);
/* Stops accepting and closes.  NULL is fine. */
void http_listener_free(struct http_listener *l);

/* Answers 503 and closes: for a connection nobody has room for. */
void http_listener_refuse(int fd);

#endif
