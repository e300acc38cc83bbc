#include "fakests/actions/grants_holder.h"

#include "fakests/actions/listing.h"
#include "fakests/actions/members.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/managed.h"
#include "fakests/param_iam.h"

/* Managed policies that stand for themselves and are attached. */

enum { ATTACHED_MAX = 10 }; /* the default of both quotas */

static const struct param one_rows[] = {
    IAM_POLICY_ARN(REQUIRED, struct grants_params, arn),
    PARAM_END,
};
static const struct param list_rows[] = {
    IAM_TEXT("PathPrefix", 1, 512, &param_pattern_policy_path, OPTIONAL, struct grants_params,
             path_prefix),
    IAM_MARKER(struct grants_params, page.marker),
    IAM_MAX_ITEMS(struct grants_params, page.max_items),
    PARAM_END,
};

/* ---- whether there is such a policy ---- */

/*
 * What is no ARN at all, or another partition's, is told by another code than an ARN of something
 * else (observed of AttachRolePolicy and PutRolePermissionsBoundary).
 */
struct outcome grants_arn_check(struct call *c, struct str text)
{
    struct arn arn;
    bool is_arn = arn_read(text, &arn);
    if (is_arn && !str_eq(arn.partition, STR("aws"))) {
        c->why->arg[0] = STR("Invalid ARN partition");
        FAIL(c->why, VALUE_INVALID, "%.*s is not of the partition \"aws\"", STR_ARG(text));
    }
    if (is_arn && str_eq(arn.service, STR("iam")) && !arn.region.n &&
        (arn_account_valid(arn.account) || str_eq(arn.account, STR("aws"))) &&
        str_starts(arn.resource, STR("policy/")))
        return OK;
    c->why->arg[0] = arena_printf(c->arena, "ARN %.*s is not valid.", STR_ARG(text));
    if (is_arn)
        FAIL(c->why, INPUT_INVALID, "%.*s is not the ARN of a managed policy", STR_ARG(text));
    FAIL(c->why, VALUE_INVALID, "%.*s is not an ARN", STR_ARG(text));
}

/* A policy of the caller's account, or one of AWS's: those whose documents nobody has here are
 * believed by their names. */
static bool exists(struct call *c, struct str text)
{
    struct arn arn;
    if (!arn_read(text, &arn))
        return false;
    if (str_eq(arn.account, STR("aws")))
        return iam_managed_plausible(text);
    return str_eq(arn.account, c->caller.account) && iam_policy(c->world->iam, text);
}

struct outcome grants_attachable(struct call *c, const char *what, struct str text)
{
    struct arn arn;
    if (!exists(c, text)) {
        c->why->arg[0] = arena_printf(c->arena, "%s%.*s does not exist or is not attachable.", what,
                                      STR_ARG(text));
        FAIL(c->why, ENTITY_UNKNOWN, "there is no policy %.*s to attach", STR_ARG(text));
    }
    if (arn_read(text, &arn) && str_eq(arn.account, STR("aws")) &&
        str_starts(arn.resource, STR("policy/aws-service-role/"))) {
        c->why->arg[0] = STR("Cannot attach a Service Role Policy to a Customer Role.");
        FAIL(c->why, POLICY_UNATTACHABLE, "%.*s is for service-linked roles", STR_ARG(text));
    }
    return OK;
}

/* ---- attaching ---- */

static size_t find(const struct grants *g, struct str arn)
{
    size_t i = 0;
    while (i < g->n_attached && !str_eq(g->attached[i], arn))
        i++;
    return i;
}

static void own(struct arena *a, struct grants *g)
{
    struct str *copy = arena_array(a, struct str, g->n_attached + 1);
    if (g->n_attached)
        memcpy(copy, g->attached, g->n_attached * sizeof *copy);
    g->attached = copy;
}

static struct str done(struct call *c)
{
    return iam_reply_empty(c, arena_cstr(c->arena, c->action));
}

/* Attaching what is attached changes nothing, and succeeds. */
struct outcome grants_attached_attach(struct call *c, struct str *document)
{
    struct grants_params p;
    struct grants_holder h;

    TRY(grants_read(c, one_rows, GRANTS_USER_NAME, &p));
    TRY(grants_open_changing(c, &p, &h));
    TRY(grants_arn_check(c, p.arn));
    TRY(grants_attachable(c, "Policy ", p.arn));
    if (find(&h.grants, p.arn) == h.grants.n_attached) {
        TRY(iam_quota(c, h.side->attached_quota, h.grants.n_attached + 1, ATTACHED_MAX));
        own(c->arena, &h.grants);
        h.grants.attached[h.grants.n_attached++] = p.arn;
        grants_put(c, &h);
    }
    *document = done(c);
    return OK;
}

struct outcome grants_attached_detach(struct call *c, struct str *document)
{
    struct grants_params p;
    struct grants_holder h;

    TRY(grants_read(c, one_rows, GRANTS_USER_NAME, &p));
    TRY(grants_open_changing(c, &p, &h));
    TRY(grants_arn_check(c, p.arn));
    size_t at = find(&h.grants, p.arn);
    if (at == h.grants.n_attached) {
        c->why->arg[0] = arena_printf(c->arena, "Policy %.*s was not found.", STR_ARG(p.arn));
        FAIL(c->why, ENTITY_UNKNOWN, "%.*s is not attached to %.*s", STR_ARG(p.arn),
             STR_ARG(h.arn));
    }
    own(c->arena, &h.grants);
    h.grants.n_attached--;
    memmove(h.grants.attached + at, h.grants.attached + at + 1,
            (h.grants.n_attached - at) * sizeof *h.grants.attached);
    grants_put(c, &h);
    *document = done(c);
    return OK;
}

/* ---- listing ---- */

/* "/path/" and "name" of the policy whose ARN that is. */
static void split(struct str text, struct str *path, struct str *name)
{
    struct arn arn;
    *path = *name = STR("");
    if (!arn_read(text, &arn))
        return;
    size_t slash = str_find(arn.resource, '/'), at = arn.resource.n;
    while (at > slash && arn.resource.p[at - 1] != '/')
        at--;
    *path = str_sub(arn.resource, slash, at - slash);
    *name = str_sub(arn.resource, at, arn.resource.n);
}

static void write_attached(struct xml *x, const struct listing *l)
{
    size_t n = l->page.end - l->page.first;
    struct str path, name;
    members_open(x, "AttachedPolicies", n);
    for (size_t i = l->page.first; i < l->page.end; i++) {
        split(l->items[i].key, &path, &name);
        xml_open(x, "member", NULL);
        xml_leaf(x, "PolicyName", name);
        xml_leaf(x, "PolicyArn", l->items[i].key);
        xml_close(x, "member");
    }
    members_close(x, "AttachedPolicies", n);
}

struct outcome grants_attached_list(struct call *c, struct str *document)
{
    struct grants_params p;
    struct grants_holder h;
    struct listing l = listing_new(c->arena);
    struct str path, name;
    struct reply r;

    TRY(grants_read(c, list_rows, GRANTS_USER_NAME, &p));
    TRY(grants_open(c, &p, &h));
    for (size_t i = 0; i < h.grants.n_attached; i++) {
        split(h.grants.attached[i], &path, &name);
        if (str_starts(path, p.path_prefix))
            listing_add(&l, h.grants.attached[i], NULL);
    }
    TRY(listing_page(c, &p.page, &l));
    reply_open(&r, c, arena_cstr(c->arena, c->action), true);
    write_attached(&r.xml, &l);
    page_write(&r.xml, &l.page);
    *document = reply_close(&r, true);
    return OK;
}
