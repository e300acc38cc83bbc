#include "fakests/action.h"
#include "fakests/reply.h"

/* Needs no permission: even an explicit deny does not stop it.  Arn, UserId, Account is the live
 * order. */
struct outcome get_caller_identity(struct call *c, struct str *document)
{
    struct reply r;
    reply_open(&r, c, "GetCallerIdentity", true);
    xml_leaf(&r.xml, "Arn", c->caller.arn);
    xml_leaf(&r.xml, "UserId", c->caller.user_id);
    xml_leaf(&r.xml, "Account", c->caller.account);
    *document = reply_close(&r, true);
    return OK;
}
