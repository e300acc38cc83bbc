#ifndef HTTP_TIMER_H
#define HTTP_TIMER_H

#include <stdint.h>

/*
 * Calls functions later, on a thread of its own that starts with the first of them.  Used for
 * delayed replies, so that waiting costs no worker.
 */
struct http_timer;

/* One call to come.  The caller owns it, fills in the first two and keeps it until it was called.
 */
struct http_timer_call {
    void (*run)(void *object);
    void *object;
    int64_t due_ms;
    struct http_timer_call *next;
};

struct http_timer *http_timer_new(void);
/* After http_timer_close the call is made at once, by the caller's own thread. */
void http_timer_add(struct http_timer *t, struct http_timer_call *call, int after_ms);
/* Makes every call that is still waiting, now.  http_timer_add may run meanwhile. */
void http_timer_close(struct http_timer *t);
/* Closes and frees; nobody may add any more.  NULL is fine. */
void http_timer_free(struct http_timer *t);

#endif
