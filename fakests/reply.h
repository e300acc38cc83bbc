#ifndef FAKESTS_REPLY_H
#define FAKESTS_REPLY_H

#include "base/xml.h"
#include "fakests/aws_error.h"

/* Documents of the Query protocol: the success and the error envelope (aws.md sections 1.3, 1.4).
 */
struct reply {
    struct text text;
    struct xml xml;
    const char *action;
    struct str request_id;
    enum service service;
};

/* <ActionResponse xmlns=...> and, when with_result, <ActionResult>; the caller writes what is
 * inside. */
void reply_open(struct reply *r, struct call *c, const char *action, bool with_result);
/* Closes the result, adds ResponseMetadata, and returns the document. */
struct str reply_close(struct reply *r, bool with_result);
struct str reply_error(struct arena *a, const struct aws_error *e, enum service service,
                       struct str request_id);

#endif
