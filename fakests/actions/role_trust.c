#include "fakests/actions/role.h"

#include "fakests/actions/principals.h"
#include "fakests/param_iam.h"

/* ---- judging ---- */

static struct outcome load(struct call *c, struct str name, struct str text, struct json_doc **out)
{
    struct why why = why_new(c->arena);
    if (!failed(json_load(c->arena, &why, name, text, JSON_DUPLICATES_REFUSED, out)))
        return OK;
    c->why->arg[0] = STR("This policy contains invalid Json");
    c->why->place = why.place;
    FAIL(c->why, POLICY_MALFORMED, "%.*s", STR_ARG(why.detail));
}

/* The document in force until now; NULL for a new role. */
static json_t *former(struct call *c, const struct role *role)
{
    struct why why = why_new(c->arena);
    struct json_doc *doc;
    if (!role->trust_text.n ||
        failed(json_load(c->arena, &why, role->arn, role->trust_text, JSON_LAST_WINS, &doc)))
        return NULL;
    return doc->root;
}

struct outcome role_trust_set(struct call *c, struct str name, struct str document,
                              struct role *role)
{
    struct json_doc *doc;
    struct policy *trust;
    TRY(load(c, name, document, &doc));
    struct json_at root = json_at_root(doc);
    TRY(iam_trust_read(c->arena, c->why, &root, c->now_s, &trust));
    TRY(principals_exist(c, doc->root, former(c, role)));
    principals_show(c, doc->root);
    principals_spell(c->arena, doc->root);
    role->trust = trust;
    role->trust_text = iam_trust_canonical(c->arena, doc->root);
    return OK;
}

/* What a config holds is shown in IAM's order and spelling too. */
struct str role_trust_shown(struct call *c, const struct role *role)
{
    json_t *document = former(c, role);
    if (!document)
        return role->trust_text;
    principals_spell(c->arena, document);
    return iam_trust_canonical(c->arena, document);
}

/* ---- UpdateAssumeRolePolicy ---- */

struct params {
    struct str name, document;
};

static const struct param rows[] = {
    IAM_ROLE_NAME(REQUIRED, struct params, name),
    IAM_DOCUMENT("PolicyDocument", REQUIRED, struct params, document),
    PARAM_END,
};

struct outcome role_update_trust(struct call *c, struct str *document)
{
    struct params p;
    const struct role *role;
    TRY(param_read(c, rows, &p));
    TRY(role_open_changing(
        c, &(struct role_ask){ .action = "iam:UpdateAssumeRolePolicy", .name = p.name }, &role));
    struct role changed = *role;
    TRY(role_trust_set(c, STR("PolicyDocument"), p.document, &changed));
    iam_put_role(c->changes, &changed);
    *document = iam_reply_empty(c, "UpdateAssumeRolePolicy");
    return OK;
}
