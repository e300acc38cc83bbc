#include "scenarios/config.h"

#include "base/embed.h"
#include "base/file.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/document.h"

#include <arpa/inet.h>

static const char *const config_members[] = {
    "$schema",  "account",   "region",           "dialect",   "oidc_providers",
    "roles",    "issuers",   "managed_policies", "users",     "credentials",
    "accounts", "platforms", "faults",           "source_ip", NULL,
};

struct reader {
    struct arena *a;
    struct why *why;
    bool files_allowed;
    struct config *config;
    void (*refused)(void *context, const struct why *why); /* NULL: the first ends the reading */
    void *refused_context;
};

static struct outcome tolerate(struct reader *r, struct outcome o)
{
    if (!failed(o) || !r->refused)
        return o;
    r->refused(r->refused_context, r->why);
    *r->why = why_new(r->why->arena);
    return OK;
}

/* ---- single members ---- */

static struct outcome read_schema(struct reader *r, const struct json_at *at)
{
    struct str ignored;
    (void)r;
    return json_want_str(at, r->why, &ignored);
}

static struct outcome read_account(struct reader *r, const struct json_at *at)
{
    struct str id;
    TRY(json_want_str(at, r->why, &id));
    if (!arn_account_valid(id))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "an account id is twelve decimal digits");
    r->config->account = id;
    return OK;
}

static struct outcome read_region(struct reader *r, const struct json_at *at)
{
    TRY(json_want_str(at, r->why, &r->config->region));
    for (size_t i = 0; i < r->config->region.n; i++) {
        char c = r->config->region.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                             "a region is lower-case letters, digits and '-', as in \"us-east-1\"");
    }
    if (!r->config->region.n)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "a region may not be empty");
    return OK;
}

static struct outcome read_dialect(struct reader *r, const struct json_at *at)
{
    struct str text;
    TRY(json_want_str(at, r->why, &text));
    if (str_eq(text, STR("current")))
        r->config->dialect = DIALECT_CURRENT;
    else if (str_eq(text, STR("classic")))
        r->config->dialect = DIALECT_CLASSIC;
    else
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "expected \"current\" or \"classic\"");
    return OK;
}

static struct outcome read_source_ip(struct reader *r, const struct json_at *at)
{
    unsigned char address[sizeof(struct in6_addr)];
    TRY(json_want_str(at, r->why, &r->config->source_ip));
    const char *text = arena_cstr(r->a, r->config->source_ip);
    if (inet_pton(AF_INET, text, address) != 1 && inet_pton(AF_INET6, text, address) != 1)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "expected an IPv4 or IPv6 address");
    return OK;
}

static struct outcome read_faults(struct reader *r, const struct json_at *at)
{
    TRY(json_want_array(at, r->why));
    if (json_array_size(at->value)) {
        struct json_at first = json_at_item(at, 0);
        return json_fail(&first, r->why, FAULT_CONFIG_INVALID,
                         "this version injects no faults; leave the list empty");
    }
    return OK;
}

/* ---- issuers ---- */

static const char *const issuer_members[] = { "url", "alg", "local", NULL };

static struct outcome read_issuer_alg(struct reader *r, const struct json_at *at,
                                      struct config_issuer *out)
{
    struct str name;
    TRY(json_want_str(at, r->why, &name));
    out->alg = alg_find(name);
    if (!out->alg)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "expected one of RS256, RS384, RS512, ES256, ES384, ES512");
    return OK;
}

static struct outcome read_issuer(struct reader *r, const struct json_at *at,
                                  struct config_issuer *out)
{
    struct json_at member;
    TRY(json_want_members(at, r->why, issuer_members));
    if (!json_at_member(at, "url", &member))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "\"url\" is missing");
    TRY(json_want_str(&member, r->why, &out->url));
    if (!str_starts(out->url, STR("https://")) || out->url.n <= 8 || out->url.n > 255)
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                         "an issuer's URL begins with https:// and has at most 255 characters");
    if (config_issuer_find(r->config, out->url))
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID, "this issuer is declared twice");
    if (json_at_member(at, "alg", &member))
        TRY(read_issuer_alg(r, &member, out));
    if (json_at_member(at, "local", &member))
        TRY(json_want_bool(&member, r->why, &out->local));
    return OK;
}

static struct outcome read_issuers(struct reader *r, const struct json_at *at)
{
    TRY(json_want_array(at, r->why));
    size_t n = json_array_size(at->value);
    r->config->issuers = arena_array(r->a, struct config_issuer, n);
    for (size_t i = 0; i < n; i++) {
        struct json_at item = json_at_item(at, i);
        struct config_issuer one = { .alg = NULL };
        TRY(read_issuer(r, &item, &one));
        r->config->issuers[r->config->n_issuers++] = one;
    }
    return OK;
}

/* ---- platforms ---- */

/* A profile stands in the config itself, or in a file the config names. */
static struct outcome read_platform(struct reader *r, const struct json_at *at,
                                    struct profile_file *out)
{
    struct json_at root;
    if (json_is_object(at->value)) {
        out->name = json_at_place(r->a, at);
        out->text = json_text_pretty(r->a, at->value);
        return OK;
    }
    TRY(document_load(r->a, r->why, at, r->files_allowed, &root));
    out->name = root.doc->name;
    out->text = root.doc->text;
    return OK;
}

static struct outcome read_platforms(struct reader *r, const struct json_at *config)
{
    struct json_at at;
    struct profile_file *files = NULL;
    size_t n = 0;
    if (json_at_member(config, "platforms", &at)) {
        TRY(json_want_array(&at, r->why));
        n = json_array_size(at.value);
        files = arena_array(r->a, struct profile_file, n);
        for (size_t i = 0; i < n; i++) {
            struct json_at item = json_at_item(&at, i);
            TRY(read_platform(r, &item, &files[i]));
        }
    }
    return profiles_load(r->a, r->why, files, n, &r->config->profiles);
}

/* ---- what GET world shows ---- */

/* A copy of the value in which files stand in place of their names.  A new reference. */
static struct outcome expand(struct reader *r, const struct json_at *at, json_t **out);

static struct outcome expand_members(struct reader *r, const struct json_at *at, json_t *into)
{
    const char *key;
    json_t *value, *copy;
    json_object_foreach(at->value, key, value)
    {
        struct json_at member = { .up = at, .doc = at->doc, .key = key, .value = value }, file;
        if (strcmp(key, "jwks_file") == 0 && json_is_string(value)) {
            TRY(document_load(r->a, r->why, &member, r->files_allowed, &file));
            json_object_set(into, "jwks", file.value);
            continue;
        }
        TRY(expand(r, &member, &copy));
        json_object_set_new(into, key, copy);
    }
    return OK;
}

static struct outcome expand(struct reader *r, const struct json_at *at, json_t **out)
{
    struct json_at file;
    json_t *copy;
    if (json_is_object(at->value) && json_object_get(at->value, "$file")) {
        TRY(document_resolve(r->a, r->why, at, r->files_allowed, &file));
        *out = json_deep_copy(file.value);
        return OK;
    }
    if (json_is_object(at->value)) {
        json_t *into = json_keep(r->a, json_object());
        TRY(expand_members(r, at, into));
        *out = json_incref(into);
        return OK;
    }
    if (!json_is_array(at->value)) {
        *out = json_incref(at->value);
        return OK;
    }
    json_t *list = json_keep(r->a, json_array());
    for (size_t i = 0; i < json_array_size(at->value); i++) {
        struct json_at item = json_at_item(at, i);
        TRY(expand(r, &item, &copy));
        json_array_append_new(list, copy);
    }
    *out = json_incref(list);
    return OK;
}

/* Profiles named by file are shown as they are, so that the world can be sent elsewhere. */
static struct outcome expand_platforms(struct reader *r, const struct json_at *config,
                                       json_t *expanded)
{
    struct json_at at, file;
    if (!json_at_member(config, "platforms", &at))
        return OK;
    json_t *list = json_keep(r->a, json_array());
    for (size_t i = 0; i < json_array_size(at.value); i++) {
        struct json_at item = json_at_item(&at, i);
        if (json_is_string(item.value)) {
            TRY(document_load(r->a, r->why, &item, r->files_allowed, &file));
            item.value = file.value;
        }
        json_array_append(list, item.value);
    }
    json_object_set(expanded, "platforms", list);
    return OK;
}

/* ---- the whole ---- */

static const struct {
    const char *name;
    struct outcome (*read)(struct reader *r, const struct json_at *at);
} members[] = {
    { "$schema", read_schema },  { "account", read_account },     { "region", read_region },
    { "dialect", read_dialect }, { "source_ip", read_source_ip }, { "faults", read_faults },
    { "issuers", read_issuers },
};

static struct outcome read_members(struct reader *r, const struct json_at *root)
{
    struct json_at at;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (json_at_member(root, members[i].name, &at))
            TRY(tolerate(r, members[i].read(r, &at)));
    return tolerate(r, read_platforms(r, root));
}

static struct outcome read_root(struct reader *r, const struct json_at *root)
{
    struct config *c = r->config;
    c->doc = root->doc;
    c->account = STR("123456789012");
    c->region = STR("us-east-1");
    TRY(tolerate(r, json_want_members(root, r->why, config_members)));
    TRY(read_members(r, root));
    struct iam_options options = { c->account, r->files_allowed, r->refused, r->refused_context };
    return iam_read(r->a, r->why, root, &options, &c->iam);
}

struct outcome config_read(struct arena *a, struct why *why, struct str name, struct str text,
                           bool files_allowed, struct config **out)
{
    struct json_doc *doc;
    struct config *c = arena_make(a, struct config);
    struct reader r = { a, why, files_allowed, c, NULL, NULL };

    TRY(json_load(a, why, arena_str(a, name), arena_str(a, text), JSON_DUPLICATES_REFUSED, &doc));
    struct json_at root = json_at_root(doc);
    TRY(read_root(&r, &root));
    TRY(expand(&r, &root, &c->expanded));
    json_keep(a, c->expanded);
    TRY(expand_platforms(&r, &root, c->expanded));
    *out = c;
    return OK;
}

void config_check(struct arena *a, const struct json_at *at, bool files_allowed,
                  void (*refused)(void *context, const struct why *why), void *context,
                  struct config **out)
{
    struct why why = why_new(a);
    struct config *c = arena_make(a, struct config);
    struct reader r = { a, &why, files_allowed, c, refused, context };
    *out = NULL;
    if (failed(json_want_object(at, &why))) {
        refused(context, &why);
        return;
    }
    /* every refusal was told already */
    if (!failed(read_root(&r, at)))
        *out = c;
}

bool config_resembles(const json_t *object)
{
    for (const char *const *name = config_members; *name; name++)
        if (json_object_get(object, *name) && strcmp(*name, "$schema") != 0)
            return true;
    return false;
}

struct outcome config_load(struct arena *a, struct why *why, const char *path, struct config **out)
{
    struct str text;
    if (path) {
        TRY(file_read(a, why, path, CONFIG_BYTES_MAX, &text));
        return config_read(a, why, str_of(path), text, true, out);
    }
    const struct embedded *demo = scenario_world_files;
    while (strcmp(demo->name, "demo") != 0)
        demo++;
    return config_read(a, why, STR("demo world"), str_n(demo->p, demo->n), true, out);
}

const struct config_issuer *config_issuer_find(const struct config *c, struct str url)
{
    for (size_t i = 0; i < c->n_issuers; i++)
        if (str_eq(c->issuers[i].url, url))
            return &c->issuers[i];
    return NULL;
}

struct str config_role_arn(struct arena *a, const struct config *c, struct str name_or_arn)
{
    struct arn arn;
    if (str_starts(name_or_arn, STR("arn:")))
        return arn_is_role(name_or_arn, &arn) ? name_or_arn : STR("");
    const struct account *account = iam_account(c->iam, c->account);
    for (size_t i = 0; i < account->n_roles; i++)
        if (str_eq(account->roles[i].name, name_or_arn))
            return account->roles[i].arn; /* with its path */
    return arn_of_role(a, c->account, STR("/"), name_or_arn);
}
