#include "fakests/iam/arn.h"
#include "fakests/iam/store.h"
#include "fakests/policy/save.h"

/* What AWS accepts and people rarely mean. */

struct warning {
    struct str *items;
    size_t n, capacity;
    struct arena *a;
    const struct iam *iam;
    const struct role *role;
};

/* Room for one more. */
static struct str *next(struct warning *w)
{
    if (w->n == w->capacity) {
        struct str *wider = arena_array(w->a, struct str, w->capacity * 2 + 16);
        if (w->n)
            memcpy(wider, w->items, w->n * sizeof *wider);
        w->items = wider;
        w->capacity = w->capacity * 2 + 16;
    }
    return &w->items[w->n++];
}

static bool builtin_provider(struct str principal)
{
    static const struct str names[] = { STR_INIT("accounts.google.com"),
                                        STR_INIT("cognito-identity.amazonaws.com"),
                                        STR_INIT("graph.facebook.com"),
                                        STR_INIT("www.amazon.com") };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq(names[i], principal))
            return true;
    return false;
}

/* AWS takes a policy that trusts a provider nobody registered (observed). */
static void warn_unregistered(void *context, size_t statement, struct str principal)
{
    struct warning *w = context;
    struct arn arn;
    if (builtin_provider(principal) || !arn_read(principal, &arn) ||
        !str_starts(arn.resource, STR("oidc-provider/")))
        return;
    bool own = str_eq(arn.account, w->role->account);
    if (own && iam_provider_of_arn(w->iam, principal))
        return;
    *next(w) = arena_printf(w->a, "role %.*s: statement %zu trusts %.*s, which %s",
                            STR_ARG(w->role->arn), statement, STR_ARG(principal),
                            own ? "is not registered in the account"
                                : "belongs to another account and can never match");
}

/* IAM leaves such a role as it is, and refuses its policy at the next change. */
static void warn_predating(struct warning *w)
{
    struct why why = why_new(w->a);
    if (!iam_role_predates_controls(w->role->created_s) ||
        !failed(policy_save_controls(w->a, &why, w->role->trust, NULL)))
        return;
    *next(w) = arena_printf(
        w->a, "role %.*s: made before the shared-provider controls; today IAM refuses it: %.*s",
        STR_ARG(w->role->arn), STR_ARG(why.arg[0]));
}

struct str *iam_warnings(const struct iam *iam, struct arena *a, size_t *n)
{
    struct warning w = { .a = a, .iam = iam };
    struct iam_list roles = iam_list(iam, a, IAM_ROLE, STR(""));
    for (size_t i = 0; i < roles.n; i++) {
        w.role = iam_object_role(roles.items[i]);
        warn_predating(&w);
        policy_each_federated(w.role->trust, warn_unregistered, &w);
    }
    *n = w.n;
    return w.items;
}
