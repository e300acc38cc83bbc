#include "base/text.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/object.h"
#include "fakests/iam/store.h"
#include "fakests/iam/write.h"

#include <pthread.h>

/*
 * A config's account-shaped members → the first iam.  The text is cut into objects; what was not
 * judged before is read right away, by two threads when there is much of it, and its body stays
 * for whoever asks first.
 */

/* One piece of the config that is to become an object. */
struct piece {
    enum iam_kind kind;
    struct str account;
    struct json_part part;
    struct iam_body *body; /* once it was read */
    bool files_read;
    struct why *why; /* of a refusal */
};

struct loading {
    struct arena *a;
    struct why *why;
    const struct iam_options *options;
    struct iam *iam;
    struct piece *pieces;
    size_t n, capacity;
};

/* Where a reader is asked to go on, what one element was refused for is told and left out. */
static struct outcome tolerate(struct loading *l, struct outcome o)
{
    if (!failed(o) || !l->options->refused)
        return o;
    l->options->refused(l->options->refused_context, l->why);
    *l->why = why_new(l->why->arena);
    return OK;
}

/* ---- cutting up ---- */

static void piece_add(struct loading *l, enum iam_kind kind, struct str account,
                      const struct json_part *part)
{
    if (l->n == l->capacity) {
        struct piece *wider = arena_array(l->a, struct piece, l->capacity * 2 + 64);
        if (l->n)
            memcpy(wider, l->pieces, l->n * sizeof *wider);
        l->pieces = wider;
        l->capacity = l->capacity * 2 + 64;
    }
    l->pieces[l->n++] = (struct piece){ .kind = kind, .account = account, .part = *part };
}

static const struct json_part *part_named(const struct json_parts *parts, struct str name)
{
    for (size_t i = 0; i < parts->n; i++)
        if (str_eq(parts->items[i].key, name))
            return &parts->items[i];
    return NULL;
}

static struct outcome kind_cut(struct loading *l, const struct json_parts *members,
                               struct str account, enum iam_kind kind)
{
    const struct json_part *list = part_named(members, str_of(iam_member(kind)));
    struct json_parts items;
    if (!list)
        return OK;
    TRY(json_part_items(l->a, l->why, list, &items));
    for (size_t i = 0; i < items.n; i++)
        piece_add(l, kind, account, &items.items[i]);
    return OK;
}

static const char *const account_settings[] = { "account_alias", "outbound_federation" };

/* The settings stand beside the lists: they are put together as one text. */
static struct outcome settings_cut(struct loading *l, const struct json_parts *members,
                                   struct str account)
{
    struct json_part whole = json_part_whole(l->a, STR(""), STR("{}"));
    struct text t = text_new(l->a, 1024 * 1024);
    text_putc(&t, '{');
    for (size_t i = 0; i < sizeof account_settings / sizeof account_settings[0]; i++) {
        const struct json_part *p = part_named(members, str_of(account_settings[i]));
        struct json_doc *doc;
        if (!p)
            continue;
        TRY(json_part_load(l->a, l->why, p, &doc)); /* what is no JSON is told with its place */
        whole.name = p->name;
        text_printf(&t, "%s\"%s\":%.*s", t.n > 1 ? "," : "", account_settings[i], STR_ARG(p->text));
    }
    text_putc(&t, '}');
    whole.text = text_str(&t);
    piece_add(l, IAM_ACCOUNT, account, &whole);
    return OK;
}

static struct outcome account_cut(struct loading *l, const struct json_parts *members,
                                  struct str account)
{
    TRY(tolerate(l, settings_cut(l, members, account)));
    for (int kind = 0; kind < IAM_KINDS; kind++)
        if (iam_member((enum iam_kind)kind))
            TRY(tolerate(l, kind_cut(l, members, account, (enum iam_kind)kind)));
    return OK;
}

static const char *const account_members[] = { "oidc_providers",      "roles",
                                               "managed_policies",    "users",
                                               "credentials",         "account_alias",
                                               "outbound_federation", NULL };

/* A refusal of a part itself, whatever stands in it. */
static struct outcome refuse(struct loading *l, const struct json_part *part, const char *sentence)
{
    struct json_doc *doc;
    TRY(json_part_load(l->a, l->why, part, &doc));
    struct json_at at = json_at_root(doc);
    return json_fail(&at, l->why, FAULT_CONFIG_INVALID, "%s", sentence);
}

static struct outcome other_account_cut(struct loading *l, const struct json_part *part)
{
    struct json_parts members;
    if (!arn_account_valid(part->key))
        return refuse(l, part, "an account id is twelve decimal digits");
    if (str_eq(part->key, l->options->account))
        return refuse(l, part, "this is the default account, whose members stand at the top");
    TRY(json_part_members(l->a, l->why, part, &members));
    for (size_t i = 0; i < members.n; i++)
        TRY(tolerate(l, json_part_want_key(l->a, l->why, &members.items[i], account_members)));
    return account_cut(l, &members, part->key);
}

static struct outcome accounts_cut(struct loading *l, const struct json_parts *config)
{
    const struct json_part *accounts = part_named(config, STR("accounts"));
    struct json_parts members;
    TRY(account_cut(l, config, l->options->account));
    if (!accounts)
        return OK;
    TRY(json_part_members(l->a, l->why, accounts, &members));
    for (size_t i = 0; i < members.n; i++)
        TRY(tolerate(l, other_account_cut(l, &members.items[i])));
    return OK;
}

/* ---- reading ---- */

struct share {
    struct loading *l;
    struct arena *reasons;
    size_t first, step;
};

static void piece_read(struct loading *l, struct piece *p, struct arena *work, struct why *why)
{
    if (failed(iam_body_read(work, why, p->kind, p->account, &p->part, l->options, &p->files_read,
                             &p->body))) {
        p->why = arena_make(why->arena, struct why);
        *p->why = *why;
        *why = why_new(why->arena);
    }
}

static void *share_read(void *context)
{
    struct share *s = context;
    struct why why = why_new(s->reasons);
    struct arena *work = arena_new();
    for (size_t i = s->first; i < s->l->n; i += s->step) {
        piece_read(s->l, &s->l->pieces[i], work, &why);
        arena_reset(work);
    }
    arena_free(work);
    return NULL;
}

static void drop_arena(void *a)
{
    arena_free(a);
}

enum {
    THREADS = 2,
    PIECES_FOR_THREADS = 200, /* below it a thread costs more than it saves */
};

static void read_all(struct loading *l)
{
    size_t n = l->n > PIECES_FOR_THREADS && !l->options->refused ? THREADS : 1;
    pthread_t threads[THREADS];
    struct share shares[THREADS];
    bool running[THREADS] = { false };

    for (size_t i = 0; i < n; i++) {
        shares[i] = (struct share){ l, arena_new(), i, n };
        arena_defer(l->a, drop_arena, shares[i].reasons);
    }
    for (size_t i = 1; i < n; i++)
        running[i] = pthread_create(&threads[i], NULL, share_read, &shares[i]) == 0;
    share_read(&shares[0]);
    for (size_t i = 1; i < n; i++) {
        if (running[i])
            pthread_join(threads[i], NULL);
        else
            share_read(&shares[i]);
    }
}

/* ---- objects ---- */

static struct str body_name(enum iam_kind kind, const struct iam_body *b)
{
    switch (kind) {
    case IAM_PROVIDER:
        return b->is.provider.url;
    case IAM_ROLE:
        return b->is.role.name;
    case IAM_POLICY:
        return b->is.policy.name;
    case IAM_USER:
        return b->is.user.name;
    case IAM_CREDENTIAL:
        return b->is.credential.access_key_id;
    case IAM_ACCOUNT:
        return STR("");
    }
    return STR("");
}

/* The name without reading the rest: of what was judged before. */
static struct outcome peek_name(struct loading *l, const struct piece *p, struct str *out)
{
    struct json_parts members;
    struct json_doc *doc;
    const char *name = iam_name_member(p->kind);
    *out = STR("");
    if (!name)
        return OK;
    TRY(json_part_members(l->a, l->why, &p->part, &members));
    const struct json_part *part = part_named(&members, str_of(name));
    if (!part)
        return refuse(l, &p->part, "it has no name");
    TRY(json_part_load(l->a, l->why, part, &doc));
    struct json_at at = json_at_root(doc);
    TRY(json_want_str(&at, l->why, out));
    if (p->kind == IAM_PROVIDER && iam_provider_url(l->a, *out, out))
        return refuse(l, part, "not the URL of an OIDC provider");
    return OK;
}

static struct outcome check_unique(struct loading *l, const struct piece *p,
                                   const struct iam_object *o)
{
    static const char *const taken[IAM_KINDS] = {
        [IAM_PROVIDER] = "the account has a provider of that URL already",
        [IAM_ROLE] = "the account has a role of that name already (whatever its case)",
        [IAM_POLICY] = "the account has a policy of that name already (whatever its case)",
        [IAM_USER] = "the account has a user of that name already (whatever its case)",
        [IAM_CREDENTIAL] = "this access key id is taken",
        [IAM_ACCOUNT] = "this account is there already",
    };
    struct json_parts members;
    if (!trie_get(l->iam->objects[o->kind], o->key))
        return OK;
    if (o->kind != IAM_CREDENTIAL)
        return refuse(l, &p->part, taken[o->kind]);
    TRY(json_part_members(l->a, l->why, &p->part, &members));
    return refuse(l, part_named(&members, str_of(iam_name_member(o->kind))), taken[o->kind]);
}

static struct outcome check_user(struct loading *l, const struct piece *p)
{
    const struct credential *c = p->body ? &p->body->is.credential : NULL;
    struct json_doc *doc;
    struct json_at user;
    if (p->kind != IAM_CREDENTIAL || !c || !c->user.n ||
        iam_user_named(l->iam, p->account, c->user))
        return OK;
    TRY(json_part_load(l->a, l->why, &p->part, &doc));
    struct json_at root = json_at_root(doc);
    (void)json_at_member(&root, "user", &user);
    return json_fail(&user, l->why, FAULT_CONFIG_INVALID,
                     "the account has no such user; name one under \"users\"");
}

/* Told again where it was first told to nobody. */
static struct outcome refused_before(struct loading *l, const struct piece *p)
{
    if (l->why->fault == FAULT_NONE) {
        struct arena *a = l->why->arena;
        *l->why = *p->why;
        l->why->arena = a;
        l->why->detail = arena_str(a, p->why->detail);
        l->why->place = arena_str(a, p->why->place);
        for (size_t i = 0; i < sizeof l->why->arg / sizeof l->why->arg[0]; i++)
            l->why->arg[i] = arena_str(a, p->why->arg[i]);
    }
    return (struct outcome){ p->why->fault };
}

static struct outcome piece_keep(struct loading *l, struct piece *p)
{
    struct str name, text = p->part.text;
    if (p->why)
        return refused_before(l, p);
    TRY(check_user(l, p));
    if (p->body)
        name = body_name(p->kind, p->body);
    else
        TRY(peek_name(l, p, &name));
    if (p->body && p->files_read)
        text = iam_body_text(l->a, p->kind, p->body);
    struct iam_object *o = iam_object_new(p->kind, p->account, name, text, l->iam->next_order++);
    struct outcome unique = check_unique(l, p, o);
    if (failed(unique)) {
        iam_object_free(o);
        return unique;
    }
    atomic_store(&o->body, p->body);
    p->body = NULL;
    trie_add(l->iam->objects[o->kind], o->key, o);
    return OK;
}

static struct outcome keep_all(struct loading *l)
{
    struct outcome o = OK;
    for (size_t i = 0; i < l->n; i++) {
        if (!failed(o))
            o = tolerate(l, piece_keep(l, &l->pieces[i]));
        iam_body_free(l->pieces[i].body); /* of what was refused */
        l->pieces[i].body = NULL;
    }
    return o;
}

/* What every local AWS tool is given first: test/test, the default account's root. */
static void default_credentials(struct loading *l)
{
    struct credential c = { STR("test"), STR("test"), l->options->account, STR(""), false, 0 };
    struct str text = iam_credential_text(l->a, &c);
    struct iam_object *o =
        iam_object_new(IAM_CREDENTIAL, c.account, c.access_key_id, text, l->iam->next_order++);
    if (trie_get(l->iam->objects[IAM_CREDENTIAL], o->key))
        iam_object_free(o);
    else
        trie_add(l->iam->objects[IAM_CREDENTIAL], o->key, o);
}

struct outcome iam_read(struct arena *a, struct why *why, const struct json_parts *config,
                        const struct iam_options *options, struct iam **out)
{
    struct loading l = { .a = a, .why = why, .options = options };
    l.iam = iam_new(options->account);
    struct outcome o = accounts_cut(&l, config);
    if (!failed(o)) {
        if (!options->judged)
            read_all(&l);
        o = keep_all(&l);
    }
    if (failed(o)) {
        iam_drop(l.iam);
        return o;
    }
    if (!part_named(config, STR("credentials")))
        default_credentials(&l);
    *out = l.iam;
    return OK;
}
