#ifndef FAKESTS_CALL_H
#define FAKESTS_CALL_H

#include "base/clock.h"
#include "crypto/seal.h"
#include "fakests/fault_source.h"
#include "fakests/iam/store.h"
#include "fakests/key_source.h"
#include "fakests/outbound_signer.h"
#include "http/form.h"
#include "http/message.h"

/*
 * What one call carries from step to step.  The world it sees does not change under it.
 */

enum dialect { DIALECT_CURRENT, DIALECT_CLASSIC };

/* The world in force, immutable. */
struct fakests_world {
    const struct iam *iam;
    struct str region;
    enum dialect dialect;
    struct str source_ip; /* what aws:SourceIp says; empty: the peer's own address */
    int64_t since_s;      /* when it came into force: what has no time of its own was made then */
    struct token_cache *verified; /* verified signatures, of this world only; may be NULL */
    void *owner;                  /* the snapshot this belongs to: for the key source */
    /* Issuers whose iss is the URL under which they are served: prefix + URL without https://. */
    struct str local_prefix;
    const struct str *local_issuers;
    size_t n_local_issuers;
};

struct call;
struct iam_changes;

/*
 * Who keeps the world.  keep() runs `run` with the newest world, alone among all who change it, and
 * with c->changes to fill in; when that succeeds the changes are on disk (where the world is kept
 * on disk) and in force before it returns.  When it fails nothing has changed.  Fails with NOT_KEPT
 * or as `run` does.
 */
struct iam_keeper {
    OUTCOME(*keep)
    (void *context, struct call *c, struct outcome (*run)(struct call *c, struct str *document),
     struct str *document);
    void *context;
};

/* The service: what does not change with the world. */
struct fakests {
    const struct clock *clock;
    struct entropy *entropy;
    struct seal_key sealing;
    struct key_source keys;
    struct outbound_signer outbound;
    struct iam_keeper keeper;
    struct fault_source faults; /* without a function: none are injected */
    bool signing_time_is_clock; /* in scenarios; else SigV4's 15 minutes use the machine's time */
};

enum service { SERVICE_STS, SERVICE_IAM };

/* Who signed the request. */
struct caller {
    struct str account;
    struct str arn;
    struct str user_id; /* "AROA...:session", an account id for root */
    struct str access_key_id;
    const struct session *session; /* temporary credentials, or NULL */
};

struct trace;
struct web_identity_params;

struct call {
    struct arena *arena;
    struct why *why;
    const struct fakests *service;
    const struct fakests_world *world;
    const struct http_request *request;
    const struct form *form;
    enum service api;
    struct str action;                              /* the Action parameter */
    struct str request_id;                          /* lower-case UUID */
    int64_t now_s;                                  /* of the service's clock */
    struct caller caller;                           /* of a signed action */
    struct trace *trace;                            /* NULL unless somebody asked why */
    struct iam_changes *changes;                    /* of an action that changes IAM */
    const struct web_identity_params *web_identity; /* once read: what the record keeps */
    struct str authorization_message;               /* of a refusal by policies */
    struct fault_hit hit;                           /* all zero: no fault was injected */
};

#endif
