#ifndef FAKESTS_ACTION_H
#define FAKESTS_ACTION_H

#include "fakests/call.h"

/* The actions, as rows: adding one is a row here and a file in actions/. */
struct action {
    const char *name;
    enum service service;
    bool signed_; /* who may call: anybody, or whoever signs the request */
    OUTCOME (*run)(struct call *c, struct str *document);
};

/* NULL: no such action in that service. */
const struct action *action_find(enum service service, struct str name);

struct outcome assume_role_with_web_identity(struct call *c, struct str *document)
    __attribute__((warn_unused_result));
struct outcome get_caller_identity(struct call *c, struct str *document)
    __attribute__((warn_unused_result));
struct outcome get_access_key_info(struct call *c, struct str *document)
    __attribute__((warn_unused_result));

#endif
