#ifndef FAKESTS_HINTS_EDIT_H
#define FAKESTS_HINTS_EDIT_H

#include "fakests/hints/rule.h"

/*
 * Edits: one operation on one document.  What has to move is written as the smallest object that
 * holds both its old place and its new one.
 */

/* A JSON Pointer one step longer: '~' and '/' are written ~0 and ~1 (RFC 6901, section 3). */
struct str edit_member(struct arena *a, struct str pointer, struct str member);
struct str edit_item(struct arena *a, struct str pointer, size_t index);

/* On the role's trust policy; `value` is a new reference, given to the arena.  NULL: remove. */
struct hint_edit edit_policy(const struct hint_case *c, const char *op, struct str path,
                             json_t *value);
/* On the parameters of AssumeRoleWithWebIdentity. */
struct hint_edit edit_request(const struct hint_case *c, const char *parameter, json_t *value);
struct hint_edit edit_role(const struct hint_case *c, const char *member, json_t *value);
/* One more client id of the provider. */
struct hint_edit edit_client_id(const struct hint_case *c, const struct provider *p, struct str id);
/* A provider that the account does not have yet: the whole document. */
struct hint_edit edit_new_provider(const struct hint_case *c, struct str account, struct str issuer,
                                   json_t *client_ids);

/* The clause under another operator, with another key or other wanted values (a new reference). */
struct edit_move {
    struct str op, key; /* empty: the same */
    json_t *value;      /* NULL: the same */
};
/* False, *out untouched, when that key stands there already. */
bool edit_move_clause(const struct hint_case *c, const struct clause *k, struct edit_move to,
                      struct hint_edit *out);
/* The clause taken out, and another of the same statement given a wanted value (a new reference).
 */
struct hint_edit edit_merge_clause(const struct hint_case *c, const struct clause *k,
                                   const struct clause *into, json_t *value);
/* The clause taken out. */
struct hint_edit edit_remove_clause(const struct hint_case *c, const struct clause *k);
/* One of the clause's wanted values replaced. */
struct hint_edit edit_wanted(const struct hint_case *c, const struct clause *k, size_t index,
                             struct str value);
/* One more wanted value where there is a list of them, else this one in place of the only one. */
struct hint_edit edit_admit(const struct hint_case *c, const struct clause *k, struct str value);
/* A condition more: operator, key, wanted value. */
struct hint_edit edit_new_clause(const struct hint_case *c, const struct statement *s,
                                 struct str op, struct str key, json_t *value);

#endif
