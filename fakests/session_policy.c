#include "fakests/session_policy.h"

#include "fakests/iam/arn.h"

struct outcome session_policy_check(struct call *c, struct str text)
{
    struct why why = why_new(c->arena);
    struct json_doc *doc;
    struct policy *policy;
    struct outcome o;

    if (!text.p)
        return OK;
    o = json_load(c->arena, &why, STR("Policy"), text, JSON_LAST_WINS, &doc);
    if (!failed(o)) {
        struct json_at root = json_at_root(doc);
        o = policy_read(c->arena, &why, &root, POLICY_SESSION, &policy);
    } else {
        why.arg[0] = STR("The policy is not in the valid JSON format."); /* vault#1113 */
    }
    if (!failed(o))
        return OK;
    c->why->arg[0] = why.arg[0];
    FAIL(c->why, SESSION_POLICY_MALFORMED, "%.*s", STR_ARG(why_text(&why)));
}

static bool exists(struct call *c, struct str account, struct str text)
{
    struct arn arn;
    if (!arn_read(text, &arn) || !str_eq(arn.service, STR("iam")) ||
        !str_starts(arn.resource, STR("policy/")))
        return false;
    return str_eq(arn.account, STR("aws")) ||
           (str_eq(arn.account, account) && iam_policy(c->world->iam, text) != NULL);
}

/* What STS answers is not known: the sentence is IAM's about a policy to be attached. */
struct outcome session_policy_arns_check(struct call *c, struct str account, const struct str *arns,
                                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (exists(c, account, arns[i]))
            continue;
        c->why->arg[0] = arena_join(c->arena, STR("Policy "), arns[i],
                                    STR(" does not exist or is not attachable."));
        FAIL(c->why, SESSION_POLICY_MALFORMED, "there is no managed policy %.*s in account %.*s",
             STR_ARG(str_sub(arns[i], 0, 300)), STR_ARG(account));
    }
    return OK;
}
