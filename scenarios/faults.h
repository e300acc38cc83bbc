#ifndef SCENARIOS_FAULTS_H
#define SCENARIOS_FAULTS_H

#include "base/json.h"
#include "fakests/fault_source.h"

/*
 * Injected faults (docs/faults.md): a list of rules, each saying which calls it is for, which of
 * those it hits, and what then happens to the reply.
 *
 * A rule counts every call it is for, also those that an earlier rule hits; the first rule in the
 * list that wants the call is the one that hits it.  Whether a rule with a probability wants its
 * n-th call follows from its seed and n alone, so that a test which runs again meets the same
 * faults, however many threads ask.
 */
enum {
    FAULTS_MAX = 100,
    FAULTS_DELAY_MS_MAX = 60 * 1000, /* of the HTTP server too */
    FAULTS_CODE_MAX = 128,
    FAULTS_MESSAGE_MAX = 4096,
};

/* One, as it is injected; the texts are borrowed. */
struct faults_rule {
    struct str action; /* an Action, "*" for every one, "discovery" or "jwks" */
    struct str code;   /* AWS's error; empty: none */
    struct str message;
    int status; /* of the error, or of a document; 0: the reply as it would be */
    int delay_ms;
    bool drop;
    size_t truncate_to; /* 0: whole */
    int64_t times;      /* 0: for ever */
    int64_t after;      /* so many calls pass first */
    double probability; /* 1: every call */
    bool seeded;        /* else the seed is the fault's id */
    int64_t seed;
};

struct faults_rules {
    struct faults_rule *items;
    size_t n;
};

/* What "action" says for the documents of issuers. */
#define FAULTS_DISCOVERY STR("discovery")
#define FAULTS_JWKS      STR("jwks")

/*
 * A rule from its JSON object, or a list of at most FAULTS_MAX; strict.  The texts live in the
 * arena or as long as the document.  Fails with CONFIG_INVALID and the place.
 */
OUTCOME faults_read_rule(struct arena *a, struct why *why, const struct json_at *at,
                         struct faults_rule *out);
OUTCOME faults_read(struct arena *a, struct why *why, const struct json_at *list,
                    struct faults_rules *out);

/* The list in force: owns what it keeps; safe from several threads. */
struct faults;

struct faults *faults_new(void);
void faults_free(struct faults *f);
/* A config's, and no others, counted from zero; ids begin at 1 again. */
void faults_set(struct faults *f, const struct faults_rules *rules);
/* These in place of those of the config before; injected ones stay. */
void faults_configure(struct faults *f, const struct faults_rules *rules);
/* Adds one at the end.  *shown is it with its id, a new reference.  Fails with CONFIG_INVALID when
 * there are FAULTS_MAX. */
OUTCOME faults_add(struct faults *f, struct why *why, const struct faults_rule *rule,
                   json_t **shown);
/* All of them with ids and counts, in order; a new reference. */
json_t *faults_json(struct faults *f);
/* Takes one away: what it was, a new reference; NULL when there is none of that id. */
json_t *faults_remove(struct faults *f, int64_t id);
void faults_clear(struct faults *f);

/* struct fault_source's function: `faults` is a struct faults. */
bool faults_next(void *faults, struct arena *a, struct str action, struct fault_hit *out);

#endif
