#include "fakests/authorization_message.h"

#include "fakests/action.h"
#include "fakests/actions/session_ask.h"
#include "fakests/authorize.h"
#include "fakests/param_iam.h"
#include "fakests/reply.h"

struct params {
    struct str encoded;
};

static const struct param rows[] = {
    IAM_TEXT("EncodedMessage", 1, AUTHORIZATION_MESSAGE_MAX, NULL, REQUIRED, struct params,
             encoded),
    PARAM_END,
};

/* No resource is named in the refusal (observed). */
static struct outcome may_decode(struct call *c)
{
    const struct authorize_ask ask = { .action = STR("sts:DecodeAuthorizationMessage"),
                                       .resource = STR("*"),
                                       .shown = STR("") };
    TRY(session_ask_not_federated(c, "sts:DecodeAuthorizationMessage", STR("*")));
    return authorize(c, &ask);
}

static struct outcome decode(struct call *c, struct str encoded, struct str *json)
{
    if (authorization_message_read(c->arena, &c->service->sealing, encoded, json))
        return OK;
    c->why->arg[0] = STR("Message is not valid"); /* inferred */
    FAIL(c->why, AUTHORIZATION_MESSAGE_INVALID,
         "no server with this sealing key made the message, or it was changed");
}

static struct outcome decode_authorization_message(struct call *c, struct str *document)
{
    struct params p;
    struct str json;
    struct reply r;
    TRY(param_read(c, rows, &p));
    TRY(may_decode(c));
    TRY(decode(c, p.encoded, &json));
    reply_open(&r, c, "DecodeAuthorizationMessage", true);
    xml_leaf(&r.xml, "DecodedMessage", json);
    *document = reply_close(&r, true);
    return OK;
}

const struct action action_authorization_message[] = {
    { "DecodeAuthorizationMessage", SERVICE_STS, true, false, decode_authorization_message },
    { .name = NULL },
};
