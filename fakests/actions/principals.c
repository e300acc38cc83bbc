#include "fakests/actions/principals.h"

#include "fakests/iam/arn.h"
#include "fakests/iam/ids.h"
#include "fakests/iam/walk.h"

enum { QUOTED_MAX = 200 };

/* ---- the AWS principals of a document ---- */

/* Where a principal stands, so that another may be put there. */
struct place {
    json_t *list; /* NULL: the member "AWS" of `of` itself */
    json_t *of;
    size_t index;
    struct str value;
};

struct places {
    struct place *items;
    size_t n, capacity;
    struct arena *arena;
};

static void add(struct places *p, struct place place)
{
    if (p->n == p->capacity) {
        size_t wider = p->capacity * 2 + 4;
        struct place *items = arena_array(p->arena, struct place, wider);
        if (p->n)
            memcpy(items, p->items, p->n * sizeof *items);
        p->items = items;
        p->capacity = wider;
    }
    p->items[p->n++] = place;
}

static void add_member(struct places *p, json_t *principal)
{
    size_t i;
    json_t *item, *aws = json_object_get(principal, "AWS");
    if (json_is_string(aws))
        add(p, (struct place){ .of = principal, .value = json_str(aws) });
    json_array_foreach(aws, i, item)
    {
        if (json_is_string(item))
            add(p, (struct place){ .list = aws, .index = i, .value = json_str(item) });
    }
}

static void add_statement(struct places *p, json_t *statement)
{
    add_member(p, json_object_get(statement, "Principal"));
    add_member(p, json_object_get(statement, "NotPrincipal"));
}

/* The values are the document's: valid until they are replaced. */
static struct places places_of(struct arena *a, json_t *document)
{
    struct places p = { .arena = a };
    size_t i;
    json_t *item, *statements = json_object_get(document, "Statement");
    if (json_is_object(statements))
        add_statement(&p, statements);
    json_array_foreach(statements, i, item) add_statement(&p, item);
    return p;
}

static void replace(const struct place *place, struct str value)
{
    if (place->list)
        json_array_set_new(place->list, place->index, json_of(value));
    else
        json_object_set_new(place->of, "AWS", json_of(value));
}

/* ---- who exists ---- */

static bool account_known(struct call *c, struct str account)
{
    return str_eq(account, c->caller.account) || iam_account(c->world->iam, account);
}

/* The ARN of the role or user that has the unique id, in that account or in all; empty when there
 * is none. */
static struct str arn_of_id(struct call *c, struct str account, struct str id)
{
    struct iam_list roles = iam_unordered(c->world->iam, c->arena, IAM_ROLE, account);
    struct iam_list users = iam_unordered(c->world->iam, c->arena, IAM_USER, account);
    for (size_t i = 0; i < roles.n; i++)
        if (str_eq(iam_object_role(roles.items[i])->id, id))
            return iam_object_role(roles.items[i])->arn;
    for (size_t i = 0; i < users.n; i++)
        if (str_eq(iam_object_user(users.items[i])->id, id))
            return iam_object_user(users.items[i])->arn;
    return STR("");
}

static bool iam_principal_exists(struct call *c, const struct arn *arn, struct str text)
{
    if (str_eq(arn->resource, STR("root")))
        return true;
    return iam_role(c->world->iam, text) || iam_user(c->world->iam, text);
}

/* A session's role has to be there; who is federated is known to nobody beforehand. */
static bool sts_principal_exists(struct call *c, const struct arn *arn)
{
    struct str rest = arn->resource, kind = str_cut(&rest, '/');
    if (str_eq(kind, STR("federated-user")))
        return true;
    return str_eq(kind, STR("assumed-role")) &&
           iam_role_named(c->world->iam, arn->account, str_cut(&rest, '/'));
}

static bool arn_exists(struct call *c, const struct arn *arn, struct str text)
{
    if (!account_known(c, arn->account))
        return true;
    return str_eq(arn->service, STR("sts")) ? sts_principal_exists(c, arn)
                                            : iam_principal_exists(c, arn, text);
}

/* Ids from before 2019, and those that a config chose, tell no account: they may be anybody's. */
static bool id_exists(struct call *c, struct str id)
{
    struct str account = STR("");
    if (iam_id_account(c->arena, id, &account) && !account_known(c, account))
        return true;
    return arn_of_id(c, account, id).n > 0;
}

static bool exists(struct call *c, struct str value)
{
    struct arn arn;
    if (str_eq(value, STR("*")) || arn_account_valid(value))
        return true;
    return arn_read(value, &arn) ? arn_exists(c, &arn, value) : id_exists(c, value);
}

static bool looks_like_id(struct str value)
{
    struct arn arn;
    return !str_eq(value, STR("*")) && !arn_account_valid(value) && !arn_read(value, &arn);
}

static bool among(struct str value, const struct places *places)
{
    for (size_t i = 0; i < places->n; i++)
        if (str_eq(value, places->items[i].value))
            return true;
    return false;
}

struct outcome principals_exist(struct call *c, json_t *document, json_t *kept)
{
    struct places named = places_of(c->arena, document), before = places_of(c->arena, kept);
    for (size_t i = 0; i < named.n; i++) {
        struct str value = named.items[i].value, quoted = str_sub(value, 0, QUOTED_MAX);
        if (exists(c, value) || (looks_like_id(value) && among(value, &before)))
            continue;
        c->why->arg[0] = arena_printf(c->arena, "Invalid principal in policy: \"AWS\":\"%.*s\"",
                                      STR_ARG(quoted));
        FAIL(c->why, POLICY_MALFORMED, "there is no %.*s in an account this server knows",
             STR_ARG(quoted));
    }
    return OK;
}

/* ---- names and ids ---- */

void principals_spell(struct arena *a, json_t *document)
{
    struct places named = places_of(a, document);
    for (size_t i = 0; i < named.n; i++)
        if (arn_account_valid(named.items[i].value))
            replace(&named.items[i],
                    arena_join(a, STR("arn:aws:iam::"), named.items[i].value, STR(":root")));
}

void principals_show(struct call *c, json_t *document)
{
    struct places named = places_of(c->arena, document);
    for (size_t i = 0; i < named.n; i++) {
        struct str account = STR(""), value = named.items[i].value, arn;
        if (!looks_like_id(value))
            continue;
        iam_id_account(c->arena, value, &account);
        arn = arn_of_id(c, account, value);
        if (arn.n)
            replace(&named.items[i], arn);
    }
}

static void orphan(struct call *c, const struct role *role, struct str arn, struct str id)
{
    struct why why = why_new(c->arena);
    struct json_doc *doc;
    bool changed = false;
    if (failed(json_load(c->arena, &why, role->arn, role->trust_text, JSON_LAST_WINS, &doc)))
        return;
    struct places named = places_of(c->arena, doc->root);
    for (size_t i = 0; i < named.n; i++)
        if (str_eq(named.items[i].value, arn)) {
            replace(&named.items[i], id);
            changed = true;
        }
    if (!changed)
        return;
    struct role orphaned = *role;
    orphaned.trust_text = json_text(c->arena, doc->root);
    iam_put_role(c->changes, &orphaned);
}

void principals_orphaned(struct call *c, struct str arn, struct str id)
{
    struct iam_list roles = iam_mentioning(c->world->iam, c->arena, IAM_ROLE, STR(""), arn);
    for (size_t i = 0; i < roles.n; i++) {
        const struct role *role = iam_object_role(roles.items[i]);
        if (!str_eq(role->arn, arn)) /* which goes itself */
            orphan(c, role, arn, id);
    }
}
