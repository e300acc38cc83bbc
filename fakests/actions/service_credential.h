#ifndef FAKESTS_ACTIONS_SERVICE_CREDENTIAL_H
#define FAKESTS_ACTIONS_SERVICE_CREDENTIAL_H

#include "fakests/iam_reply.h"

/*
 * Service-specific credentials of users: a name and a password for some services, for others an API
 * key, whose public part is called alias.  They are kept on the user; in a struct
 * service_credential user_name and password stand for alias and secret, too.
 */

/* Whether that service has such credentials.  Fails with ENTITY_UNKNOWN. */
OUTCOME service_credential_known(struct call *c, struct str service_name);

/* "Active", "Inactive" or "Expired". */
struct str service_credential_status(const struct call *c, const struct service_credential *k);
/* CreateDate, and ExpirationDate when it expires. */
void service_credential_write_times(struct call *c, struct xml *x,
                                    const struct service_credential *k);
/* ServiceUserName, or ServiceCredentialAlias of an API key. */
void service_credential_write_name(struct xml *x, const struct service_credential *k);

#endif
