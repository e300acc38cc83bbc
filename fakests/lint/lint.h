#ifndef FAKESTS_LINT_LINT_H
#define FAKESTS_LINT_LINT_H

#include "base/json.h"
#include "fakests/iam/store.h"
#include "fakests/lint/finding.h"

/*
 * Trust policies under the rules of rule.c: what IAM refuses to save, with its words, and what it
 * saves and nobody means.  Statements are looked at one by one, so that a mistake in one does not
 * hide those of the others.
 */

/* The role a policy belongs to, where there is one. */
struct lint_role {
    const struct iam *iam; /* of `account` */
    const struct account *account;
    const struct json_at *at; /* its object in the config */
    int64_t created_s;        /* 0: not given */
};

/* `role` may be NULL. */
void lint_trust_policy(struct findings *out, const struct json_at *document,
                       const struct lint_role *role);

/* The providers and roles of a config at `root`; iam is what could be read of it. */
void lint_config(struct findings *out, const struct json_at *root, const struct iam *iam,
                 struct str default_account, bool files_allowed);

/* A refusal of the config, of a policy or of the JSON; not told where an error stands already. */
void lint_refusal(struct findings *out, const struct why *why);

#endif
