#ifndef CLI_ASSUME_H
#define CLI_ASSUME_H

#include "base/xml.h"
#include "cli/options.h"
#include "http/form.h"
#include "scenarios/world.h"

/* AssumeRoleWithWebIdentity as a client sees it: parameters out, a reply back, whoever answers. */

struct assume_ask {
    struct str role_arn, session_name, token;
};

/* The parameters of the Query protocol, with the SESSION options among them.  FILE_UNREADABLE. */
OUTCOME assume_form(struct arena *a, struct why *why, const struct options *o,
                    const struct assume_ask *ask, struct form *out);

struct assume_answer {
    bool allowed;
    const struct xml_node *result; /* AssumeRoleWithWebIdentityResult; NULL when refused */
    int status;                    /* of HTTP */
    struct str code, message;      /* AWS's, of a refusal */
    struct str reason;             /* x-understudy-reason, or empty */
};

/* A part of the result: "Credentials/AccessKeyId"; empty when it is not there. */
struct str assume_value(const struct assume_answer *answer, const char *path);

/* The reply in XML, from whichever server.  PEER_UNINTELLIGIBLE when it is none of STS's. */
OUTCOME assume_read(struct arena *a, struct why *why, int status, struct str reason,
                    struct str body, struct assume_answer *out);
/* Asks the world in this process. */
OUTCOME assume_in_world(struct arena *a, struct why *why, struct world *world,
                        const struct form *form, struct assume_answer *out);
/* Asks the server at a URL.  PEER_UNREACHABLE. */
OUTCOME assume_at_endpoint(struct arena *a, struct why *why, struct str url,
                           const struct form *form, struct assume_answer *out);

/*
 * What kind of no a refusal is.  All that STS refuses is one kind, PEER_REFUSED, whichever side is
 * to blame; PEER_UNREACHABLE where it blames itself (5xx).
 */
enum fault assume_fault(const struct assume_answer *answer);

#endif
