#ifndef FAKESTS_EXPLAIN_H
#define FAKESTS_EXPLAIN_H

#include "fakests/aws_error.h"
#include "fakests/hints/hints.h"
#include "fakests/trace.h"

/*
 * The answer to "why?": the same steps as AssumeRoleWithWebIdentity takes, walked again with a
 * trace. An explanation never holds a raw token, a signature or a secret.
 */

/* What is known of the token's signature beforehand. */
enum explain_signature {
    EXPLAIN_CHECK,         /* verify it, as the service does */
    EXPLAIN_CHECK_IF_HELD, /* verify it if the key is here; else go on, "not checked" */
    EXPLAIN_VALID,         /* it was verified when the exchange happened */
    EXPLAIN_AS_RECORDED,   /* finding the key or verifying failed, as `recorded` says */
};

/* How the signature of an exchange that ended so is taken when it is walked again: faults of
 * finding the key and of verifying say something the token's text alone does not. */
enum explain_signature explain_signature_of(enum fault fault);

struct explain_ask {
    struct str request_id;
    struct str role_arn, session_name, policy, provider_id; /* p == NULL: not given */
    struct str *policy_arns;
    size_t n_policy_arns;
    bool has_duration;
    int64_t duration_s;
    struct str token;                       /* compact serialisation; or, with token.p == NULL: */
    const struct json_doc *header, *claims; /* header may be NULL */
    enum explain_signature signature;
    struct why recorded;
    int64_t now_s;
    struct str source_ip, user_agent;
};

struct explanation {
    struct str request_id;
    int64_t time_s;
    struct str action;
    bool allowed;
    struct why why;       /* fault, detail, args of a refusal */
    struct aws_error aws; /* status 200 and code NULL when allowed */
    struct str role_arn;
    json_t *trust_document;  /* of the role, once it was found */
    struct str provider_url; /* without https://, once it was found */
    struct trace trace;
    struct hints hints;
};

/* Cannot fail: a refusal is an answer.  Lives in the arena. */
struct explanation *explain_web_identity(struct arena *a, const struct fakests *service,
                                         const struct fakests_world *world,
                                         const struct explain_ask *ask);

/* The JSON shape of docs/explanation.md.  A new reference. */
json_t *explain_json(struct arena *a, const struct explanation *e);

/* One line: "allowed  AssumeRoleWithWebIdentity  arn:...  as session (sub ...)" or "denied  ...:
 * why". */
struct str explain_line(struct arena *a, const struct explanation *e);
/* The same, and below a refusal its first hints. */
struct str explain_line_and_hints(struct arena *a, const struct explanation *e);
/* For a log: the line, and of a refusal what AWS says, the statements and the first hints. */
struct str explain_lines(struct arena *a, const struct explanation *e);
/* For a terminal: claims beside keys, statements element by element, wanted beside got, hints. */
struct str explain_page(struct arena *a, const struct explanation *e, bool colour);

#endif
