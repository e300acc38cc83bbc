#ifndef FAKESTS_IAM_CHANGE_H
#define FAKESTS_IAM_CHANGE_H

#include "fakests/iam/store.h"

/*
 * Changes of what IAM knows.  An action copies the struct it found, changes the copy, and puts it;
 * the struct is written as the config has it (iam/write.c) and becomes an object of the next iam.
 * All changes of one call are applied together or not at all.
 *
 *     struct role changed = *role;
 *     changed.description = p.description;
 *     iam_put_role(c->changes, &changed);
 */
struct iam_change {
    enum iam_kind kind;
    struct str account;
    struct str name; /* as iam_object_name has it; ignored for IAM_ACCOUNT */
    struct str text; /* compact JSON; p == NULL: the object is removed */
};

struct iam_changes {
    struct arena *arena; /* borrowed; texts live in it */
    struct iam_change *items;
    size_t n, capacity;
};

struct iam_changes iam_changes_new(struct arena *a);

/* Added, or put in place of the one of that account and name. */
void iam_put_role(struct iam_changes *ch, const struct role *role);
void iam_put_provider(struct iam_changes *ch, const struct provider *provider);
void iam_put_policy(struct iam_changes *ch, const struct managed_policy *policy);
void iam_put_user(struct iam_changes *ch, const struct user *user);
void iam_put_credential(struct iam_changes *ch, const struct credential *credential);
void iam_put_account(struct iam_changes *ch, const struct account *account);
/* Nothing happens when there is none. */
void iam_remove(struct iam_changes *ch, enum iam_kind kind, struct str account, struct str name);

/* Another iam, in which the changes have been made; for iam_drop. */
struct iam *iam_apply(const struct iam *iam, const struct iam_changes *ch);

/* The changes as one line of JSON without a newline, for a journal; and back. */
struct str iam_changes_write(struct arena *a, const struct iam_changes *ch);
/* Fails with CONFIG_INVALID and the place; names the record `name`.  What the changes put is not
 * judged. */
OUTCOME iam_changes_read(struct arena *a, struct why *why, struct str name, struct str record,
                         struct iam_changes *out);

/* ---- helpers for those who change ---- */

/* A trust policy as IAM keeps it: statement members in the order Sid, Effect, Principal, Action,
 * Condition (aws.md section 7); compact. */
struct str iam_trust_canonical(struct arena *a, json_t *document);

/* Tags put into a copy of a list: same keys replaced in their place, new ones added behind. `fold`:
 * keys that differ in case are the same, as for roles and users; for policies and OIDC providers
 * they are not (IAM User Guide, "Rules for tagging in IAM and AWS STS"). */
struct tag *iam_tags_put(struct arena *a, const struct tag *tags, size_t n, const struct tag *more,
                         size_t n_more, bool fold, size_t *n_out);
struct tag *iam_tags_remove(struct arena *a, const struct tag *tags, size_t n,
                            const struct str *keys, size_t n_keys, bool fold, size_t *n_out);

#endif
