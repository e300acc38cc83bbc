#ifndef FAKESTS_IAM_READ_H
#define FAKESTS_IAM_READ_H

#include "fakests/iam/store.h"

/*
 * One object of the config → its struct; used by load.c and object.c alone.  What is read is copied
 * into the reader's arena, so the document may go.
 */
struct iam_reader {
    struct arena *a;    /* where the result lives */
    struct arena *work; /* for the documents, while they are read */
    struct why *why;
    struct str account;
    bool files_allowed;
    bool judged;     /* what IAM refuses was refused before: trust policies are only compiled */
    bool files_read; /* set when a file was put in place of its name */
    /* As in iam_options: told of an unknown member, and the reading goes on.  May be NULL. */
    void (*refused)(void *context, const struct why *why);
    void *refused_context;
};

OUTCOME iam_read_provider(struct iam_reader *r, const struct json_at *at, struct provider *out);
OUTCOME iam_read_role(struct iam_reader *r, const struct json_at *at, struct role *out);
OUTCOME iam_read_policy(struct iam_reader *r, const struct json_at *at, struct managed_policy *out);
OUTCOME iam_read_user(struct iam_reader *r, const struct json_at *at, struct user *out);
OUTCOME iam_read_credential(struct iam_reader *r, const struct json_at *at, struct credential *out);
/* The object with "account_alias" and "outbound_federation". */
OUTCOME iam_read_account(struct iam_reader *r, const struct json_at *at, struct account *out);

/* A provider's URL without https:// as AWS keeps it: https, at most 255 characters, no query, no
 * fragment, ":443" dropped.  Returns what is wrong, or NULL. */
const char *iam_provider_url(struct arena *a, struct str url, struct str *out);

#endif
