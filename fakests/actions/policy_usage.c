#include "fakests/actions/listing.h"
#include "fakests/actions/managed_policy.h"
#include "fakests/actions/members.h"
#include "fakests/iam/managed.h"
#include "fakests/iam/walk.h"
#include "fakests/param_iam.h"

/* ---- counting ---- */

static const struct grants *grants_of(const struct iam_object *o, enum iam_kind kind)
{
    return kind == IAM_ROLE ? &iam_object_role(o)->grants : &iam_object_user(o)->grants;
}

static bool attaches(const struct grants *g, struct str arn)
{
    for (size_t i = 0; i < g->n_attached; i++)
        if (str_eq(g->attached[i], arn))
            return true;
    return false;
}

static void count_one(struct call *c, enum iam_kind kind, struct str arn, struct policy_usage *out)
{
    struct iam_list list = iam_mentioning(c->world->iam, c->arena, kind, c->caller.account, arn);
    for (size_t i = 0; i < list.n; i++) {
        const struct grants *g = grants_of(list.items[i], kind);
        out->attached += attaches(g, arn);
        out->boundary += str_eq(g->boundary, arn);
    }
}

struct policy_usage policy_usage_of(struct call *c, struct str arn)
{
    struct policy_usage usage = { 0 };
    count_one(c, IAM_ROLE, arn, &usage);
    count_one(c, IAM_USER, arn, &usage);
    return usage;
}

static struct policy_usage *entry(struct map *all, struct str arn)
{
    struct policy_usage *usage = map_get(all, arn);
    if (!usage) {
        usage = arena_make(all->arena, struct policy_usage);
        map_put(all, arn, usage);
    }
    return usage;
}

static void count_all(struct call *c, enum iam_kind kind, struct map *all)
{
    struct iam_list list = iam_unordered(c->world->iam, c->arena, kind, c->caller.account);
    for (size_t i = 0; i < list.n; i++) {
        const struct grants *g = grants_of(list.items[i], kind);
        for (size_t j = 0; j < g->n_attached; j++)
            entry(all, g->attached[j])->attached++;
        if (g->boundary.n)
            entry(all, g->boundary)->boundary++;
    }
}

struct map policy_usage_all(struct call *c)
{
    struct map all = map_new(c->arena);
    count_all(c, IAM_ROLE, &all);
    count_all(c, IAM_USER, &all);
    return all;
}

/* ---- ListEntitiesForPolicy ---- */

struct params {
    struct str arn, entity, path_prefix, usage;
    struct page_ask page;
};

static const struct param rows[] = {
    IAM_POLICY_ARN(REQUIRED, struct params, arn),
    IAM_ENUM("EntityFilter", "User, Role, Group, LocalManagedPolicy, AWSManagedPolicy", OPTIONAL,
             struct params, entity),
    IAM_TEXT("PathPrefix", 1, 512, &param_pattern_path, OPTIONAL, struct params, path_prefix),
    IAM_ENUM("PolicyUsageFilter", "PermissionsPolicy, PermissionsBoundary", OPTIONAL, struct params,
             usage),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

static bool uses(const struct params *p, const struct grants *g)
{
    bool attached = attaches(g, p->arn), boundary = str_eq(g->boundary, p->arn);
    if (str_eq(p->usage, STR("PermissionsPolicy")))
        return attached;
    if (str_eq(p->usage, STR("PermissionsBoundary")))
        return boundary;
    return attached || boundary;
}

struct entity {
    bool is_user;
    struct str name, id;
};

static void add(struct call *c, struct listing *l, bool is_user, struct str name, struct str id)
{
    struct entity *e = arena_make(c->arena, struct entity);
    *e = (struct entity){ is_user, name, id };
    listing_add(l, arena_join(c->arena, is_user ? STR("1/") : STR("2/"), name), e);
}

static void gather_users(struct call *c, const struct params *p, struct listing *l)
{
    struct iam_list list =
        iam_mentioning(c->world->iam, c->arena, IAM_USER, c->caller.account, p->arn);
    for (size_t i = 0; i < list.n; i++) {
        const struct user *u = iam_object_user(list.items[i]);
        if (uses(p, &u->grants) && str_starts(u->path, p->path_prefix))
            add(c, l, true, u->name, u->id);
    }
}

static void gather_roles(struct call *c, const struct params *p, struct listing *l)
{
    struct iam_list list =
        iam_mentioning(c->world->iam, c->arena, IAM_ROLE, c->caller.account, p->arn);
    for (size_t i = 0; i < list.n; i++) {
        const struct role *r = iam_object_role(list.items[i]);
        if (uses(p, &r->grants) && str_starts(r->path, p->path_prefix))
            add(c, l, false, r->name, r->id);
    }
}

static void write_entities(struct xml *x, const struct listing *l, bool users)
{
    const char *list = users ? "PolicyUsers" : "PolicyRoles";
    size_t n = 0;
    for (size_t i = l->page.first; i < l->page.end; i++)
        n += ((const struct entity *)l->items[i].item)->is_user == users;
    members_open(x, list, n);
    for (size_t i = l->page.first; i < l->page.end; i++) {
        const struct entity *e = l->items[i].item;
        if (e->is_user != users)
            continue;
        xml_open(x, "member", NULL);
        xml_leaf(x, users ? "UserName" : "RoleName", e->name);
        xml_leaf(x, users ? "UserId" : "RoleId", e->id);
        xml_close(x, "member");
    }
    members_close(x, list, n);
}

/*
 * There are no groups here, and no policy is attached to a policy.  A policy of AWS's own whose
 * document is not here may be attached, so that its entities are told.
 */
struct outcome policy_usage_list(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    struct reply r;
    struct listing l = listing_new(c->arena);
    TRY(param_read(c, rows, &p));
    struct managed_policy_ask ask = { .action = "iam:ListEntitiesForPolicy",
                                      .arn = p.arn,
                                      .not_there = MANAGED_POLICY_NOT_EXISTING };
    TRY(managed_policy_find(c, &ask, &m));
    if (!m && !iam_managed_plausible(p.arn))
        return managed_policy_unknown(c, &ask);
    if (!p.entity.p || str_eq(p.entity, STR("User")))
        gather_users(c, &p, &l);
    if (!p.entity.p || str_eq(p.entity, STR("Role")))
        gather_roles(c, &p, &l);
    TRY(listing_page(c, &p.page, &l));
    reply_open(&r, c, "ListEntitiesForPolicy", true);
    members_texts(&r.xml, "PolicyGroups", NULL, 0);
    write_entities(&r.xml, &l, true);
    write_entities(&r.xml, &l, false);
    page_write(&r.xml, &l.page);
    *document = reply_close(&r, true);
    return OK;
}
