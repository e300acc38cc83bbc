#ifndef FAKESTS_IAM_ARN_H
#define FAKESTS_IAM_ARN_H

#include "base/arena.h"

/* Amazon Resource Names: arn:partition:service:region:account:resource.  Views into the text. */
struct arn {
    struct str partition, service, region, account, resource;
};

bool arn_read(struct str text, struct arn *out);

/* arn:aws:iam::123456789012:role/path/Name: account of 12 digits, a resource "role/...". */
bool arn_is_role(struct str text, struct arn *out);
/* Twelve decimal digits. */
bool arn_account_valid(struct str account);

/* The role's name without its path, and the path with both slashes ("/" when there is none). */
struct str arn_role_name(const struct arn *role);
struct str arn_role_path(const struct arn *role);

/* arn:aws:iam::ACCOUNT:oidc-provider/URL, the URL without https://. */
struct str arn_of_provider(struct arena *a, struct str account, struct str url);
struct str arn_of_role(struct arena *a, struct str account, struct str path, struct str name);
struct str arn_of_policy(struct arena *a, struct str account, struct str path, struct str name);
struct str arn_of_user(struct arena *a, struct str account, struct str path, struct str name);
/* arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION: the role's path is dropped (aws.md 6.2). */
struct str arn_of_session(struct arena *a, struct str account, struct str role_name,
                          struct str session_name);

#endif
