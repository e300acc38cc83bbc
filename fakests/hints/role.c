#include "fakests/hints/families.h"

#include "base/nearest.h"
#include "fakests/hints/edit.h"
#include "fakests/hints/quote.h"
#include "fakests/hints/statement.h"
#include "fakests/iam/arn.h"

/* Another role was meant. */

static struct hint_edit asked_for(const struct hint_case *c, const struct role *role)
{
    return edit_request(c, "RoleArn", json_of(role->arn));
}

static bool asked_arn(const struct hint_case *c, struct arn *out)
{
    return arn_is_role(c->ask->role_arn, out);
}

bool role_in_other_account(const struct hint_case *c, struct hint *out)
{
    struct arn arn;
    if (c->fault != FAULT_ISSUER_UNREGISTERED || !asked_arn(c, &arn))
        return false;
    struct iam_list accounts = iam_list(c->iam, c->arena, IAM_ACCOUNT, STR(""));
    for (size_t i = 0; i < accounts.n; i++) {
        struct str id = iam_object_account(accounts.items[i]);
        struct str there = arn_of_role(c->arena, id, arn_role_path(&arn), arn_role_name(&arn));
        const struct role *role = iam_role(c->iam, there);
        if (!role || !iam_provider(c->iam, id, c->who->issuer))
            continue;
        out->text = arena_printf(c->arena,
                                 "account %.*s, which knows this issuer, has a role of that name: "
                                 "ask for %.*s if that is the one",
                                 STR_ARG(id), QUOTE(role->arn));
        out->edit = asked_for(c, role);
        return true;
    }
    return false;
}

bool role_path(const struct hint_case *c, struct hint *out)
{
    struct arn arn;
    if (c->fault != FAULT_ROLE_UNKNOWN || !asked_arn(c, &arn))
        return false;
    const struct role *role = iam_role_named(c->iam, arn.account, arn_role_name(&arn));
    if (!role)
        return false;
    out->text = arena_printf(c->arena,
                             "the role's ARN is %.*s: its path and the case of its name belong "
                             "to it",
                             QUOTE(role->arn));
    out->edit = asked_for(c, role);
    return true;
}

bool role_misspelt(const struct hint_case *c, struct hint *out)
{
    struct arn arn;
    const struct iam_object *best = NULL;
    size_t fewest = SIZE_MAX;
    if (c->fault != FAULT_ROLE_UNKNOWN || !asked_arn(c, &arn))
        return false;
    struct iam_list roles = iam_list(c->iam, c->arena, IAM_ROLE, arn.account);
    for (size_t i = 0; i < roles.n; i++) {
        struct str name = iam_object_name(roles.items[i]);
        size_t d = nearest_distance(arn_role_name(&arn), name);
        if (nearest_of(arn_role_name(&arn), &name, 1).n && d < fewest) {
            best = roles.items[i];
            fewest = d;
        }
    }
    if (!best)
        return false;
    out->text = arena_printf(c->arena, "account %.*s has no role \"%.*s\"; did you mean \"%.*s\"?",
                             STR_ARG(arn.account), QUOTE(arn_role_name(&arn)),
                             QUOTE(iam_object_name(best)));
    out->edit = asked_for(c, iam_object_role(best));
    return true;
}

/* "arn:aws:sts::1:assumed-role/NAME/SESSION" and "NAME" both tell the name of a role. */
static struct str name_told(struct str text, struct str *account)
{
    struct arn arn;
    if (!arn_read(text, &arn))
        return text;
    *account = arn.account;
    str_cut(&arn.resource, '/');
    return str_cut(&arn.resource, '/');
}

bool role_session_arn(const struct hint_case *c, struct hint *out)
{
    struct str id = iam_default_account(c->iam);
    if (c->fault != FAULT_ROLE_ARN_INVALID)
        return false;
    struct str name = name_told(c->ask->role_arn, &id);
    const struct role *role = iam_role_named(c->iam, id, name);
    if (!role)
        return false;
    out->text =
        arena_printf(c->arena,
                     "RoleArn is to be the ARN of the role itself, %.*s, not its name, nor the "
                     "ARN of a session",
                     QUOTE(role->arn));
    out->edit = asked_for(c, role);
    return true;
}

enum { ROLES_TRIED_MAX = 1000 }; /* a hint is not to cost what thousands of exchanges cost */

static bool would_allow(const struct hint_case *c, const struct role *role)
{
    struct policy_ask ask = { .arena = c->arena,
                              .principals = c->principals,
                              .n_principals = c->n_principals,
                              .action = STR("sts:AssumeRoleWithWebIdentity"),
                              .resource = role->arn,
                              .keys = c->trace->context };
    return policy_eval(role->trust, &ask, NULL) == POLICY_ALLOW;
}

/* The role trusts other providers only; perhaps a role beside it trusts this one. */
bool role_of_others(const struct hint_case *c, struct hint *out)
{
    if (c->fault != FAULT_TRUST_DENIED ||
        (c->closest && statement_rank(c, c->closest) < STATEMENT_FAR))
        return false;
    struct iam_list roles = iam_list(c->iam, c->arena, IAM_ROLE, c->role->account);
    for (size_t i = 0; i < roles.n && i < ROLES_TRIED_MAX; i++) {
        const struct role *role = iam_object_role(roles.items[i]);
        if (!would_allow(c, role))
            continue;
        out->text = arena_printf(c->arena,
                                 "no statement of this role trusts %.*s; %.*s does, and allows "
                                 "this token",
                                 QUOTE(c->who->provider->arn), QUOTE(role->arn));
        out->edit = asked_for(c, role);
        return true;
    }
    out->text = arena_printf(c->arena,
                             "no statement of this role trusts %.*s: if it is to, it needs an "
                             "Allow statement with that Federated principal",
                             QUOTE(c->who->provider->arn));
    return true;
}
