#ifndef FAKESTS_IAM_WRITE_H
#define FAKESTS_IAM_WRITE_H

#include "fakests/iam/store.h"

/*
 * An object's struct as the config has it: compact JSON in the arena, which read.c reads back to
 * the same struct.
 */
struct str iam_provider_text(struct arena *a, const struct provider *p);
struct str iam_role_text(struct arena *a, const struct role *r);
struct str iam_policy_text(struct arena *a, const struct managed_policy *m);
struct str iam_user_text(struct arena *a, const struct user *u);
struct str iam_credential_text(struct arena *a, const struct credential *c);
struct str iam_account_text(struct arena *a, const struct account *account);

#endif
