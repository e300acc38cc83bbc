#include "scenarios/config.h"

#include "base/embed.h"
#include "base/file.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/document.h"

#include <arpa/inet.h>

static const char *const config_members[] = {
    "$schema",
    "account",
    "region",
    "dialect",
    "oidc_providers",
    "roles",
    "issuers",
    "managed_policies",
    "users",
    "credentials",
    "accounts",
    "account_alias",
    "outbound_federation",
    "platforms",
    "faults",
    "source_ip",
    NULL,
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
    return faults_read(r->a, r->why, at, &r->config->faults);
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

static struct outcome read_platforms(struct reader *r, const struct json_at *at)
{
    TRY(json_want_array(at, r->why));
    size_t n = json_array_size(at->value);
    struct profile_file *files = arena_array(r->a, struct profile_file, n);
    struct profiles *profiles;
    for (size_t i = 0; i < n; i++) {
        struct json_at item = json_at_item(at, i);
        TRY(read_platform(r, &item, &files[i]));
    }
    TRY(profiles_load(r->a, r->why, files, n, &profiles));
    r->config->profiles = profiles;
    return OK;
}

/* ---- the document again ---- */

/* Profiles named by file are shown as they are, so that the world can be sent elsewhere. */
static struct outcome expand_platforms(struct reader *r, const struct json_at *at, json_t **out)
{
    struct json_at file;
    json_t *list = json_keep(r->a, json_array());
    for (size_t i = 0; i < json_array_size(at->value); i++) {
        struct json_at item = json_at_item(at, i);
        if (json_is_string(item.value)) {
            TRY(document_load(r->a, r->why, &item, r->files_allowed, &file));
            item.value = file.value;
        }
        json_array_append(list, item.value);
    }
    *out = list;
    return OK;
}

json_t *config_document(struct arena *a, const struct config *c, const struct iam *iam)
{
    json_t *document = json_keep(a, json_deep_copy(c->rest));
    iam_write(iam, document);
    return document;
}

/* ---- the whole ---- */

static struct outcome read_platform_list(struct reader *r, const struct json_at *at);

/* In the order in which they are read: the account's id is asked for by all that follows. */
static const struct member {
    const char *name;
    struct outcome (*read)(struct reader *r, const struct json_at *at);
} members[] = {
    { "$schema", read_schema },  { "account", read_account },         { "region", read_region },
    { "dialect", read_dialect }, { "source_ip", read_source_ip },     { "faults", read_faults },
    { "issuers", read_issuers }, { "platforms", read_platform_list },
};

static struct outcome read_platform_list(struct reader *r, const struct json_at *at)
{
    json_t *expanded;
    TRY(read_platforms(r, at));
    TRY(expand_platforms(r, at, &expanded));
    json_object_set(r->config->rest, "platforms", expanded);
    return OK;
}

static const struct json_part *part_named(const struct json_parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->n; i++)
        if (str_eq(parts->items[i].key, str_of(name)))
            return &parts->items[i];
    return NULL;
}

static struct outcome read_member(struct reader *r, const struct member *m,
                                  const struct json_part *part)
{
    struct json_doc *doc;
    TRY(json_part_load(r->a, r->why, part, &doc));
    struct json_at at = json_at_root(doc);
    at.key = arena_cstr(r->a, part->key);
    if (strcmp(m->name, "platforms") != 0)
        json_object_set(r->config->rest, m->name, at.value);
    return m->read(r, &at);
}

static struct outcome read_members(struct reader *r, const struct json_parts *parts)
{
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const struct json_part *part = part_named(parts, members[i].name);
        if (part)
            TRY(tolerate(r, read_member(r, &members[i], part)));
    }
    if (!r->config->profiles) /* none named, or none that could be read */
        r->config->profiles = profiles_builtin();
    return OK;
}

static struct outcome members_known(struct reader *r, const struct json_parts *parts)
{
    for (size_t i = 0; i < parts->n; i++)
        TRY(tolerate(r, json_part_want_key(r->a, r->why, &parts->items[i], config_members)));
    return OK;
}

static void drop_iam(void *iam)
{
    iam_drop(iam);
}

static struct outcome read_root(struct reader *r, const struct json_part *whole, bool judged)
{
    struct config *c = r->config;
    struct json_parts parts;
    c->account = STR("123456789012");
    c->region = STR("us-east-1");
    c->rest = json_keep(r->a, json_object());
    TRY(json_part_members(r->a, r->why, whole, &parts));
    TRY(members_known(r, &parts));
    TRY(read_members(r, &parts));
    struct iam_options options = { c->account, r->files_allowed, judged, r->refused,
                                   r->refused_context };
    TRY(iam_read(r->a, r->why, &parts, &options, &c->iam));
    arena_defer(r->a, drop_iam, c->iam);
    return OK;
}

struct outcome config_read(struct arena *a, struct why *why, const struct config_source *source,
                           struct config **out)
{
    struct config *c = arena_make(a, struct config);
    struct reader r = { a, why, source->files_allowed, c, NULL, NULL };
    c->name = arena_str(a, source->name);
    c->text = arena_str(a, source->text);
    c->judged = source->judged;
    struct json_part whole = json_part_whole(a, c->name, c->text);
    TRY(read_root(&r, &whole, source->judged));
    *out = c;
    return OK;
}

struct outcome config_read_at(struct arena *a, struct why *why, const struct json_at *at,
                              bool files_allowed, struct config **out)
{
    struct config *c = arena_make(a, struct config);
    struct reader r = { a, why, files_allowed, c, NULL, NULL };
    TRY(json_want_object(at, why));
    struct json_part whole = json_part_of(a, at);
    c->name = at->doc->name;
    c->text = whole.text;
    TRY(read_root(&r, &whole, false));
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
    struct json_part whole = json_part_of(a, at);
    /* every refusal was told already */
    if (!failed(read_root(&r, &whole, false)))
        *out = c;
}

bool config_resembles(const json_t *object)
{
    for (const char *const *name = config_members; *name; name++)
        if (json_object_get(object, *name) && strcmp(*name, "$schema") != 0)
            return true;
    return false;
}

struct outcome config_source_load(struct arena *a, struct why *why, const char *path,
                                  struct config_source *out)
{
    *out = (struct config_source){ .name = STR("demo world"), .files_allowed = true };
    if (path) {
        out->name = str_of(path);
        return file_read(a, why, path, CONFIG_BYTES_MAX, &out->text);
    }
    const struct embedded *demo = scenario_world_files;
    while (strcmp(demo->name, "demo") != 0)
        demo++;
    out->text = str_n(demo->p, demo->n);
    return OK;
}

struct outcome config_load(struct arena *a, struct why *why, const char *path, struct config **out)
{
    struct config_source source;
    TRY(config_source_load(a, why, path, &source));
    return config_read(a, why, &source, out);
}

const struct config_issuer *config_issuer_find(const struct config *c, struct str url)
{
    for (size_t i = 0; i < c->n_issuers; i++)
        if (str_eq(c->issuers[i].url, url))
            return &c->issuers[i];
    return NULL;
}

struct str config_role_arn(struct arena *a, const struct iam *iam, struct str name_or_arn)
{
    struct arn arn;
    if (str_starts(name_or_arn, STR("arn:")))
        return arn_is_role(name_or_arn, &arn) ? name_or_arn : STR("");
    const struct role *role = iam_role_named(iam, iam_default_account(iam), name_or_arn);
    if (role && str_eq(role->name, name_or_arn))
        return role->arn; /* with its path */
    return arn_of_role(a, iam_default_account(iam), STR("/"), name_or_arn);
}
