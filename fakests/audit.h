#ifndef FAKESTS_AUDIT_H
#define FAKESTS_AUDIT_H

#include "fakests/explain.h"
#include "fakests/fakests.h"

/*
 * What was asked and decided: the last 1,000 exchanges, at most 8 MiB of them, newest first.
 *
 * A record keeps an exchange's inputs and the snapshot of the world it saw, not its explanation:
 * that is computed when someone asks.  Of a token the header and claims are kept, never the
 * signature; of credentials nothing.  Safe from several threads.
 */
struct audit;

enum { AUDIT_RECORDS_MAX = 1000, AUDIT_BYTES_MAX = 8 * 1024 * 1024 };

/* How to hold and let go of the world a record belongs to: of an exchange of a token, for others
 * are explained by what they answered.  A thousand changes of IAM keep no thousand worlds. */
struct audit_world {
    void *(*hold)(void *world);
    void (*drop)(void *world);
    const struct fakests_world *(*sts)(void *world);
    /* What of it is worth letting go of: the config, which worlds that differ by a change of IAM
       or by a key have in common. */
    const void *(*bulk)(void *world);
};

struct audit *audit_new(const struct fakests *service, const struct audit_world *worlds);
void audit_free(struct audit *audit);

void audit_add(struct audit *audit, const struct fakests_exchange *exchange, void *world);
/* Forgets everything. */
void audit_clear(struct audit *audit);

/*
 * Called when the world is replaced: records of configs older than the last few are explained now
 * and let go of them, so that a thousand records cannot keep a thousand configs alive.
 */
void audit_settle(struct audit *audit, const void *present_bulk);

/* How many exchanges were answered since the start, and how many of them refused. */
struct audit_counts {
    uint64_t exchanges, refused;
};
struct audit_counts audit_counts(struct audit *audit);

/* The list, newest first: a line each, as JSON objects; a new reference. */
json_t *audit_list(struct audit *audit, struct arena *a);
/* One with its full explanation; NULL when it is not (any more) here.  A new reference. */
json_t *audit_find(struct audit *audit, struct arena *a, struct str request_id);

/* One as a capture needs it (scenarios/capture.h); borrowed, while `see` runs. */
struct audit_view {
    const struct explanation *explanation; /* NULL when its world is gone */
    const struct form *form;               /* no token that was read, no code of a device */
    const struct caller *caller;           /* who signed it; NULL: nobody, or not well */
    struct str peer;
    void *world; /* that it saw; NULL where it needed none */
    bool world_is_gone;
};
/* Shows it, with the list locked; false when it is not (any more) here. */
bool audit_visit(struct audit *audit, struct arena *a, struct str request_id,
                 void (*see)(void *context, const struct audit_view *view), void *context);

/* The explanation of an exchange that was just answered; in the arena. */
struct explanation *audit_explain(struct arena *a, const struct fakests *service,
                                  const struct fakests_world *world,
                                  const struct fakests_exchange *exchange);

#endif
