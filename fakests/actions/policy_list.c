#include "fakests/actions/listing.h"
#include "fakests/actions/managed_policy.h"
#include "fakests/actions/members.h"
#include "fakests/iam/managed.h"
#include "fakests/iam/walk.h"
#include "fakests/param_iam.h"

struct params {
    struct str scope, path_prefix, usage;
    struct param_boolean only_attached;
    struct page_ask page;
};

static const struct param rows[] = {
    IAM_ENUM("Scope", "All, AWS, Local", OPTIONAL, struct params, scope),
    IAM_BOOLEAN("OnlyAttached", OPTIONAL, struct params, only_attached),
    IAM_TEXT("PathPrefix", 1, 512, &param_pattern_policy_path, OPTIONAL, struct params,
             path_prefix),
    IAM_ENUM("PolicyUsageFilter", "PermissionsPolicy, PermissionsBoundary", OPTIONAL, struct params,
             usage),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

static struct policy_usage usage_in(const struct map *all, struct str arn)
{
    const struct policy_usage *usage = map_get(all, arn);
    return usage ? *usage : (struct policy_usage){ 0 };
}

/* What "permissions policies" are that nobody uses is inferred: only those that serve as boundaries
 * alone are none. */
static bool wanted(const struct params *p, const struct managed_policy *m,
                   struct policy_usage usage)
{
    bool attached = p->only_attached.present && p->only_attached.value;
    if (!str_starts(m->path, p->path_prefix))
        return false;
    if (str_eq(p->usage, STR("PermissionsBoundary")))
        return usage.boundary > 0;
    if (str_eq(p->usage, STR("PermissionsPolicy")))
        return usage.attached > 0 || (!attached && !usage.boundary);
    return !attached || usage.attached > 0 || usage.boundary > 0;
}

static void gather(struct call *c, const struct params *p, const struct map *usage,
                   struct listing *l)
{
    size_t n = 0;
    struct iam_list own = iam_unordered(c->world->iam, c->arena, IAM_POLICY, c->caller.account);
    const struct managed_policy *aws = iam_managed_all(&n);
    if (str_eq(p->scope, STR("AWS")))
        own.n = 0;
    if (str_eq(p->scope, STR("Local")))
        n = 0;
    for (size_t i = 0; i < own.n; i++) {
        const struct managed_policy *m = iam_object_policy(own.items[i]);
        if (wanted(p, m, usage_in(usage, m->arn)))
            listing_add(l, m->arn, m);
    }
    for (size_t i = 0; i < n; i++)
        if (wanted(p, &aws[i], usage_in(usage, aws[i].arn)))
            listing_add(l, aws[i].arn, &aws[i]);
}

/* Those of AWS's whose documents are here are all there are.  Descriptions and tags are not told.
 */
struct outcome policy_list(struct call *c, struct str *document)
{
    struct params p;
    struct reply r;
    struct listing l = listing_new(c->arena);
    TRY(param_read(c, rows, &p));
    struct str path = p.path_prefix.n ? p.path_prefix : STR("/");
    struct authorize_ask ask = { .action = STR("iam:ListPolicies"), .resource = STR("*") };
    ask.shown = arena_join(c->arena, STR("policy path "), path);
    TRY(authorize(c, &ask));
    struct map usage = policy_usage_all(c);
    gather(c, &p, &usage, &l);
    TRY(listing_page(c, &p.page, &l));
    size_t n = l.page.end - l.page.first;
    reply_open(&r, c, "ListPolicies", true);
    members_open(&r.xml, "Policies", n);
    for (size_t i = l.page.first; i < l.page.end; i++) {
        const struct managed_policy *m = l.items[i].item;
        xml_open(&r.xml, "member", NULL);
        managed_policy_write(c, &r.xml, m, usage_in(&usage, m->arn), 0);
        xml_close(&r.xml, "member");
    }
    members_close(&r.xml, "Policies", n);
    page_write(&r.xml, &l.page);
    *document = reply_close(&r, true);
    return OK;
}
