#include "http/timer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct http_timer {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool started, closed;
    struct http_timer_call *first; /* the earliest */
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct http_timer *http_timer_new(void)
{
    struct http_timer *t = calloc(1, sizeof *t);
    pthread_condattr_t monotonic;
    if (!t)
        abort();
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&t->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return t;
}

/* Takes the first call off when it is due (or anyway, once closed); the lock is held. */
static struct http_timer_call *next_due(struct http_timer *t)
{
    struct http_timer_call *call = t->first;
    if (!call || (!t->closed && call->due_ms > now_ms()))
        return NULL;
    t->first = call->next;
    return call;
}

static void wait_for_change(struct http_timer *t)
{
    if (!t->first) {
        pthread_cond_wait(&t->changed, &t->lock);
        return;
    }
    const int64_t due = t->first->due_ms;
    const struct timespec until = { .tv_sec = (time_t)(due / 1000),
                                    .tv_nsec = (long)(due % 1000) * 1000000 };
    pthread_cond_timedwait(&t->changed, &t->lock, &until);
}

static void *run_calls(void *arg)
{
    struct http_timer *t = arg;
    pthread_mutex_lock(&t->lock);
    for (;;) {
        struct http_timer_call *call = next_due(t);
        if (call) {
            pthread_mutex_unlock(&t->lock);
            call->run(call->object); /* after this the call may be gone */
            pthread_mutex_lock(&t->lock);
        } else if (t->closed) {
            break;
        } else {
            wait_for_change(t);
        }
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

static void insert(struct http_timer *t, struct http_timer_call *call)
{
    struct http_timer_call **at = &t->first;
    while (*at && (*at)->due_ms <= call->due_ms)
        at = &(*at)->next;
    call->next = *at;
    *at = call;
}

void http_timer_add(struct http_timer *t, struct http_timer_call *call, int after_ms)
{
    pthread_mutex_lock(&t->lock);
    if (!t->started && !t->closed)
        t->started = pthread_create(&t->thread, NULL, run_calls, t) == 0;
    const bool waits = t->started && !t->closed;
    if (waits) {
        call->due_ms = now_ms() + after_ms;
        insert(t, call);
        pthread_cond_signal(&t->changed);
    }
    pthread_mutex_unlock(&t->lock);
    if (!waits)
        call->run(call->object);
}

void http_timer_close(struct http_timer *t)
{
    pthread_mutex_lock(&t->lock);
    t->closed = true;
    pthread_cond_signal(&t->changed);
    pthread_mutex_unlock(&t->lock);
}

void http_timer_free(struct http_timer *t)
{
    if (!t)
        return;
    http_timer_close(t);
    if (t->started)
        pthread_join(t->thread, NULL);
    pthread_cond_destroy(&t->changed);
    pthread_mutex_destroy(&t->lock);
    free(t);
}
