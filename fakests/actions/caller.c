#include "fakests/action.h"
#include "fakests/param_iam.h"
#include "fakests/reply.h"

struct params {
    struct str access_key_id;
};

static const struct param rows[] = {
    IAM_TEXT("AccessKeyId", 16, 128, &param_pattern_word, REQUIRED, struct params, access_key_id),
    PARAM_END,
};

/* A config may hold short key ids ("test") that AWS would never issue: they are known before any
 * limit. */
static const struct credential *configured(struct call *c)
{
    struct str id;
    return form_find(c->form, STR("AccessKeyId"), &id) ? iam_credential(c->world->iam, id) : NULL;
}

/* The id alone tells the account (aws.md 6.2), so keys long deleted or expired are answered too. */
static struct outcome find_account(struct call *c, struct str *account)
{
    struct params p;
    const struct credential *known = configured(c);
    if (known) {
        *account = known->account;
        return OK;
    }
    TRY(param_read(c, rows, &p));
    if ((str_starts(p.access_key_id, STR("AKIA")) || str_starts(p.access_key_id, STR("ASIA"))) &&
        iam_id_account(c->arena, p.access_key_id, account))
        return OK;
    FAIL(c->why, ACCESS_KEY_UNKNOWN, "the config does not hold %.*s, and it encodes no account",
         STR_ARG(p.access_key_id));
}

static struct outcome get_access_key_info(struct call *c, struct str *document)
{
    struct str account;
    struct reply r;
    TRY(find_account(c, &account));
    reply_open(&r, c, "GetAccessKeyInfo", true);
    xml_leaf(&r.xml, "Account", account);
    *document = reply_close(&r, true);
    return OK;
}

/* Needs no permission: even an explicit deny does not stop it.  Arn, UserId, Account is the live
 * order. */
static struct outcome get_caller_identity(struct call *c, struct str *document)
{
    struct reply r;
    reply_open(&r, c, "GetCallerIdentity", true);
    xml_leaf(&r.xml, "Arn", c->caller.arn);
    xml_leaf(&r.xml, "UserId", c->caller.user_id);
    xml_leaf(&r.xml, "Account", c->caller.account);
    *document = reply_close(&r, true);
    return OK;
}

const struct action action_caller[] = {
    { "GetAccessKeyInfo", SERVICE_STS, true, false, get_access_key_info },
    { "GetCallerIdentity", SERVICE_STS, true, false, get_caller_identity },
    { .name = NULL },
};
