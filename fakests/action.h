#ifndef FAKESTS_ACTION_H
#define FAKESTS_ACTION_H

#include "fakests/call.h"

/*
 * The actions, as rows.  A family of actions is one file in actions/ that ends in its table; adding
 * a family is a line here and a line in action.c.
 */
struct action {
    const char *name; /* NULL ends a table */
    enum service service;
    bool signed_; /* who may call: anybody, or whoever signs the request */
    bool changes; /* runs alone, with c->changes to fill in */
    struct outcome (*run)(struct call *c, struct str *document);
};

/* NULL: no such action in that service. */
const struct action *action_find(enum service service, struct str name);
/* The i-th of all; NULL: there are no more. */
const struct action *action_at(size_t i);

extern const struct action action_web_identity[];          /* AssumeRoleWithWebIdentity */
extern const struct action action_assume[];                /* AssumeRole */
extern const struct action action_session_token[];         /* GetSessionToken, GetFederationToken */
extern const struct action action_authorization_message[]; /* DecodeAuthorizationMessage */
extern const struct action action_web_identity_token[];    /* GetWebIdentityToken */
extern const struct action action_caller[];                /* GetCallerIdentity, GetAccessKeyInfo */
extern const struct action action_grants[]; /* inline and attached policies, boundaries */
extern const struct action action_role[];
extern const struct action action_managed_policy[]; /* and their versions */
extern const struct action action_oidc_provider[];
extern const struct action action_oidc_provider_lists[]; /* client ids, thumbprints, tags */
extern const struct action action_user[];
extern const struct action action_user_tags[];
extern const struct action action_user_keys[];
extern const struct action
    action_user_without[]; /* groups, MFA devices, passwords: there are none */
extern const struct action action_service_credential[];
extern const struct action action_service_credential_list[];
extern const struct action action_account[];
extern const struct action action_account_summary[];
extern const struct action action_simulate[];       /* the policy simulator */
extern const struct action action_service_access[]; /* ListPoliciesGrantingServiceAccess */

#endif
