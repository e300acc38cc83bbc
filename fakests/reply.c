#include "fakests/reply.h"

/* A listing of every role a world may hold fits; no other reply comes near. */
enum { REPLY_BYTES_MAX = 64 * 1024 * 1024 };

static const char *xmlns_of(enum service service)
{
    switch (service) {
    case SERVICE_STS:
        return "https://sts.amazonaws.com/doc/2011-06-15/";
    case SERVICE_IAM:
        return "https://iam.amazonaws.com/doc/2010-05-08/";
    }
    return NULL;
}

/* "GetCallerIdentity" and "Result" → "GetCallerIdentityResult". */
static const char *element(const struct reply *r, const char *suffix)
{
    return arena_printf(r->text.arena, "%s%s", r->action, suffix).p;
}

void reply_open(struct reply *r, struct call *c, const char *action, bool with_result)
{
    r->text = text_new(c->arena, REPLY_BYTES_MAX);
    r->xml = xml_new(&r->text);
    r->action = action;
    r->request_id = c->request_id;
    r->service = c->api;
    xml_open(&r->xml, element(r, "Response"), xmlns_of(c->api));
    if (with_result)
        xml_open(&r->xml, element(r, "Result"), NULL);
}

struct str reply_close(struct reply *r, bool with_result)
{
    if (with_result)
        xml_close(&r->xml, element(r, "Result"));
    xml_open(&r->xml, "ResponseMetadata", NULL);
    xml_leaf(&r->xml, "RequestId", r->request_id);
    xml_close(&r->xml, "ResponseMetadata");
    xml_close(&r->xml, element(r, "Response"));
    return text_str(&r->text);
}

struct str reply_error(struct arena *a, const struct aws_error *e, enum service service,
                       struct str request_id)
{
    struct text text = text_new(a, REPLY_BYTES_MAX);
    struct xml x = xml_new(&text);

    xml_open(&x, "ErrorResponse", e->xmlns ? e->xmlns : xmlns_of(service));
    xml_open(&x, "Error", NULL);
    xml_leaf(&x, "Type", e->receiver ? STR("Receiver") : STR("Sender"));
    xml_leaf(&x, "Code", str_of(e->code));
    if (e->message.n)
        xml_leaf(&x, "Message", e->message);
    xml_close(&x, "Error");
    xml_leaf(&x, "RequestId", request_id);
    xml_close(&x, "ErrorResponse");
    return text_str(&text);
}
