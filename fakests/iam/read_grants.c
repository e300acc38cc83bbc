#include "fakests/iam/arn.h"
#include "fakests/iam/read_value.h"

enum { ATTACHED_MAX = 20 }; /* the quota of 10 can be raised to 20 */

static struct outcome inline_policies(struct iam_reader *r, const struct json_at *at,
                                      struct grants *g)
{
    struct json_at policies;
    const char *key;
    json_t *value;

    if (!json_at_member(at, "policies", &policies))
        return OK;
    TRY(json_want_object(&policies, r->why));
    g->policies = arena_array(r->a, struct named_policy, json_object_size(policies.value));
    json_object_foreach(policies.value, key, value)
    {
        struct json_at one = { .up = &policies, .doc = policies.doc, .key = key, .value = value };
        struct named_policy *p = &g->policies[g->n_policies++];
        p->name = arena_str(r->a, str_of(key));
        TRY(read_identity_policy(r, &one, &p->policy, &p->text));
    }
    return OK;
}

static bool policy_arn(struct str text)
{
    struct arn arn;
    return arn_read(text, &arn) && str_eq(arn.service, STR("iam")) &&
           str_starts(arn.resource, STR("policy/"));
}

static struct outcome attached_policies(struct iam_reader *r, const struct json_at *at,
                                        struct grants *g)
{
    struct json_at list;
    if (!json_at_member(at, "attached_policies", &list))
        return OK;
    TRY(read_texts(r, &list, ATTACHED_MAX, &g->attached, &g->n_attached));
    for (size_t i = 0; i < g->n_attached; i++) {
        struct json_at item = json_at_item(&list, i);
        if (!policy_arn(g->attached[i]))
            return json_fail(&item, r->why, FAULT_CONFIG_INVALID,
                             "expected the ARN of a policy, arn:aws:iam::ACCOUNT:policy/NAME");
    }
    return OK;
}

static struct outcome boundary(struct iam_reader *r, const struct json_at *at, struct grants *g)
{
    struct json_at member;
    if (!json_at_member(at, "permissions_boundary", &member))
        return OK;
    TRY(read_text(r, &member, &g->boundary));
    if (g->boundary.n && !policy_arn(g->boundary))
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                         "expected the ARN of a policy, or an empty text");
    return OK;
}

struct outcome read_grants(struct iam_reader *r, const struct json_at *at, struct grants *g)
{
    TRY(inline_policies(r, at, g));
    TRY(attached_policies(r, at, g));
    return boundary(r, at, g);
}
