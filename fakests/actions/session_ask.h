#ifndef FAKESTS_ACTIONS_SESSION_ASK_H
#define FAKESTS_ACTIONS_SESSION_ASK_H

#include "fakests/call.h"
#include "fakests/session.h"

/*
 * What the actions of STS that give credentials to a signed caller have in common: who may ask, and
 * with what.
 */

/* "Cannot call ACTION with session credentials": only a user's or the root's own key may. */
OUTCOME session_ask_long_term(struct call *c, const char *action);
/*
 * IAM User Guide, "Compare AWS STS credentials": with GetFederationToken's credentials one "cannot
 * call AWS STS API operations except GetCallerIdentity".
 */
OUTCOME session_ask_not_federated(struct call *c, const char *action, struct str resource);
/* "User: ARN is not authorized to perform: ACTION on resource: X", for what no policy decides. */
struct outcome session_ask_refused(struct call *c, const char *action, struct str resource,
                                   const char *format, ...) __attribute__((format(printf, 4, 5)))
__attribute__((warn_unused_result));

/*
 * No user has an MFA device here, so a code is wrong whatever it is; serial and code come together
 * (p == NULL: absent).
 */
OUTCOME session_ask_mfa(struct call *c, struct str serial_number, struct str token_code);

/* Whether the caller, who has a long-term key, is the account's root. */
bool session_ask_root(const struct call *c);
/* Fills in whose session of GetSessionToken or GetFederationToken it is. */
void session_ask_owner(const struct call *c, struct session *s);
/* How long it lasts: 12 hours unless asked for, the root's an hour at most. */
int64_t session_ask_duration_s(const struct call *c, bool asked, int64_t duration_s);

/*
 * Session tags as a request passes them, and which of them are transitive: each key once whatever
 * its case, none of AWS's own, transitive ones among the tags.  Fails with SESSION_TAG_REFUSED.
 */
OUTCOME session_ask_tags(struct call *c, const struct tag *tags, size_t n,
                         const struct str *transitive_keys, size_t n_transitive);

/*
 * What a session hands on to the next (IAM User Guide, "Chaining roles with session tags"): its
 * transitive tags, which stay transitive and cannot be set again (SESSION_TAG_REFUSED), and its
 * source identity, which cannot be another (VALUE_INVALID).  Puts both, with what the request
 * passes itself, into *s.
 */
OUTCOME session_ask_chain(struct call *c, struct session *s);
/* How many tags are handed on. */
size_t session_ask_inherited(const struct call *c);

#endif
