#include "issuer/profile_read.h"

#include "base/nearest.h"
#include "issuer/kid.h"
#include "issuer/pattern.h"

enum {
    NAME_MAX_BYTES = 64,
    LIFETIME_MAX_S = 10 * 365 * 86400,
};

/* What reading one profile needs. */
struct reader {
    struct arena *arena;
    struct why *why;
    struct json_at root;
    struct profile *profile;
    struct claims_slot *slots; /* as many as are declared so far */
};

/* ---- small things ---- */

static bool made_of(struct str s, const char *letters)
{
    for (size_t i = 0; i < s.n; i++)
        if (!s.p[i] || !strchr(letters, s.p[i]))
            return false;
    return s.n > 0 && s.n <= NAME_MAX_BYTES;
}

static struct outcome want_name(struct reader *r, const struct json_at *at, struct str name,
                                const char *letters, const char *what)
{
    if (made_of(name, letters))
        return OK;
    return json_fail(at, r->why, FAULT_CONFIG_INVALID, "\"%.*s\" is no name of a %s (made of %s)",
                     STR_ARG(name), what, letters);
}

static const char NAME_LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
static const char PARAMETER_LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
static const char VARIABLE_LETTERS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

/* A text member; stays as it is when there is none. */
static struct outcome read_str(struct reader *r, const struct json_at *at, const char *member,
                               struct str *out)
{
    struct json_at value;
    if (!json_at_member(at, member, &value))
        return OK;
    return json_want_str(&value, r->why, out);
}

static struct outcome want_member(struct reader *r, const struct json_at *at, const char *member,
                                  struct json_at *out)
{
    if (json_at_member(at, member, out))
        return OK;
    return json_fail(at, r->why, FAULT_CONFIG_INVALID, "a member \"%s\" is needed", member);
}

static struct claims_scope scope_of(const struct reader *r, size_t n_slots, unsigned builtins)
{
    return (struct claims_scope){ .slots = r->slots, .n_slots = n_slots, .builtins = builtins };
}

/* ---- parameters ---- */

static const struct type {
    const char *name;
    unsigned type;
} types[] = {
    { "string", CLAIMS_STRING },
    { "integer", CLAIMS_INTEGER },
    { "boolean", CLAIMS_BOOLEAN },
    { "array", CLAIMS_ARRAY },
};
enum { TYPES = sizeof types / sizeof types[0] };

static struct outcome read_type(struct reader *r, const struct json_at *at, unsigned *out)
{
    struct str name;
    TRY(json_want_str(at, r->why, &name));
    for (size_t i = 0; i < TYPES; i++) {
        if (!str_eq(name, str_of(types[i].name)))
            continue;
        *out |= types[i].type;
        return OK;
    }
    return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                     "no type \"%.*s\"; there are: string, integer, boolean, array", STR_ARG(name));
}

/* "type": one name or several; without it, what the default is. */
static struct outcome read_types(struct reader *r, const struct json_at *at,
                                 struct profile_parameter *p)
{
    struct json_at type;
    unsigned given = 0, may = claims_types(p->compiled);
    if (!json_at_member(at, "type", &type)) {
        given = may;
    } else if (json_is_array(type.value)) {
        for (size_t i = 0; i < json_array_size(type.value); i++) {
            struct json_at item = json_at_item(&type, i);
            TRY(read_type(r, &item, &given));
        }
    } else {
        TRY(read_type(r, &type, &given));
    }
    p->types = given;
    if (given & CLAIMS_OTHER || !given || may & ~given)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "the default of \"%.*s\" may be of a type that the parameter is not; a "
                         "parameter is a string, an integer, a boolean or an array of strings",
                         STR_ARG(p->name));
    return OK;
}

static struct outcome read_pattern(struct reader *r, const struct json_at *at,
                                   struct profile_parameter *p)
{
    struct why refused = why_new(r->arena);
    struct json_at pattern;
    if (!json_at_member(at, "pattern", &pattern))
        return OK;
    TRY(json_want_str(&pattern, r->why, &p->pattern));
    /* The same pattern, of ids mostly, stands at many parameters: it is compiled once. */
    for (const struct profile_parameter *q = r->profile->parameters; q < p; q++)
        if (q->fits && str_eq(q->pattern, p->pattern))
            p->fits = q->fits;
    if (!p->fits && failed(pattern_compile(r->arena, &refused, p->pattern, &p->fits)))
        return json_fail(&pattern, r->why, FAULT_CONFIG_INVALID, "%.*s", STR_ARG(refused.detail));
    return OK;
}

static struct outcome compile_default(struct reader *r, const struct json_at *at,
                                      struct profile_parameter *p)
{
    struct claims_scope scope = scope_of(r, r->profile->n_slots, CLAIMS_MAY(CLAIMS_VARIANT));
    struct claims_values none = { .arena = r->arena };
    json_t *constant;
    p->value = at->value;
    TRY(claims_compile(r->arena, r->why, at, &scope, &p->compiled));
    if (!claims_is_total(p->compiled))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "the last case must have no \"if\"");
    if (!claims_is_constant(p->compiled))
        return OK;
    TRY(claims_expand(p->compiled, &none, r->why, &constant));
    p->constant = json_keep(r->arena, constant);
    return OK;
}

static struct outcome read_parameter(struct reader *r, const struct json_at *at,
                                     struct profile_parameter *p)
{
    static const char *const names[] = { "about", "default", "type", "pattern", NULL };
    struct json_at value;
    TRY(json_want_members(at, r->why, names));
    TRY(read_str(r, at, "about", &p->about));
    TRY(want_member(r, at, "default", &value));
    TRY(compile_default(r, &value, p));
    TRY(read_types(r, at, p));
    return read_pattern(r, at, p);
}

static struct outcome read_derived(struct reader *r, const struct json_at *at,
                                   struct profile_parameter *p)
{
    p->derived = true;
    TRY(compile_default(r, at, p));
    p->types = claims_types(p->compiled);
    if (p->types & CLAIMS_OTHER)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "a derived value is a string, an integer, a boolean or an array");
    return OK;
}

static struct outcome read_slot(struct reader *r, const struct json_at *at, bool derived)
{
    struct profile *profile = r->profile;
    struct profile_parameter *p = &profile->parameters[profile->n_slots];
    p->name = str_of(at->key);
    TRY(want_name(r, at, p->name, PARAMETER_LETTERS, "parameter"));
    for (size_t i = 0; i < profile->n_slots; i++)
        if (str_eq(profile->parameters[i].name, p->name))
            return json_fail(at, r->why, FAULT_CONFIG_INVALID, "\"%s\" is a parameter already",
                             at->key);
    TRY(derived ? read_derived(r, at, p) : read_parameter(r, at, p));
    r->slots[profile->n_slots++] = (struct claims_slot){ p->name, p->types };
    return OK;
}

static struct outcome read_slots(struct reader *r, const char *member, bool derived)
{
    struct json_at all;
    const char *key;
    json_t *value;
    if (!json_at_member(&r->root, member, &all))
        return OK;
    TRY(json_want_object(&all, r->why));
    if (r->profile->n_slots + json_object_size(all.value) > CLAIMS_SLOTS_MAX)
        return json_fail(&all, r->why, FAULT_CONFIG_INVALID,
                         "more than %d parameters and derived values", CLAIMS_SLOTS_MAX);
    json_object_foreach(all.value, key, value)
    {
        struct json_at at = { .up = &all, .doc = all.doc, .key = key, .value = value };
        TRY(read_slot(r, &at, derived));
    }
    return OK;
}

static struct outcome read_parameters(struct reader *r)
{
    struct profile *p = r->profile;
    p->parameters = arena_array(r->arena, struct profile_parameter, CLAIMS_SLOTS_MAX);
    r->slots = arena_array(r->arena, struct claims_slot, CLAIMS_SLOTS_MAX);
    TRY(read_slots(r, "parameters", false));
    p->n_parameters = p->n_slots;
    return read_slots(r, "derived", true);
}

/* ---- deliveries ---- */

static struct outcome read_variable(struct reader *r, const struct json_at *at, struct str *out)
{
    TRY(json_want_str(at, r->why, out));
    return want_name(r, at, *out, VARIABLE_LETTERS, "environment variable");
}

/* Such paths are made below a private folder: they must not lead out of it. */
static struct outcome read_path(struct reader *r, const struct json_at *at, struct str *out)
{
    TRY(json_want_str(at, r->why, out));
    if (!str_starts(*out, STR("/")) || str_ends(*out, STR("/")) || str_contains(*out, STR("/..")))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "expected the absolute path of a file, without \"..\"");
    return OK;
}

static struct outcome read_credentials(struct reader *r, const struct json_at *at)
{
    bool yes;
    TRY(json_want_bool(at, r->why, &yes));
    return yes ? OK : json_fail(at, r->why, FAULT_CONFIG_INVALID, "expected true, or no such row");
}

static struct outcome read_delivery(struct reader *r, const struct json_at *at,
                                    struct profile_delivery *d)
{
    static const char *const names[] = { "env",  "file",    "env_file", "credentials",
                                         "path", "variant", NULL };
    struct json_at what, path;
    int kinds = 0;
    TRY(json_want_members(at, r->why, names));
    TRY(read_str(r, at, "variant", &d->variant));
    if (json_at_member(at, "env", &what) && ++kinds) {
        d->kind = DELIVER_ENV;
        TRY(read_variable(r, &what, &d->name));
    }
    if (json_at_member(at, "file", &what) && ++kinds) {
        d->kind = DELIVER_FILE;
        TRY(read_path(r, &what, &d->path));
    }
    if (json_at_member(at, "env_file", &what) && ++kinds) {
        d->kind = DELIVER_ENV_FILE;
        TRY(read_variable(r, &what, &d->name));
    }
    if (json_at_member(at, "credentials", &what) && ++kinds) {
        d->kind = DELIVER_CREDENTIALS;
        TRY(read_credentials(r, &what));
    }
    if (kinds != 1 || (json_at_member(at, "path", &path) && d->kind != DELIVER_ENV_FILE))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "expected one of \"env\", \"file\", \"env_file\" (which may have a "
                         "\"path\") and \"credentials\"");
    return json_at_member(at, "path", &path) ? read_path(r, &path, &d->path) : OK;
}

static struct outcome read_deliveries(struct reader *r, const struct json_at *at,
                                      struct profile_deliveries *out)
{
    TRY(json_want_array(at, r->why));
    out->n = json_array_size(at->value);
    out->all = arena_array(r->arena, struct profile_delivery, out->n + 1);
    for (size_t i = 0; i < out->n; i++) {
        struct json_at item = json_at_item(at, i);
        TRY(read_delivery(r, &item, &out->all[i]));
    }
    return OK;
}

static bool is_variant(const struct profile *p, struct str name)
{
    for (size_t i = 0; i < p->n_variants; i++)
        if (str_eq(name, p->variants[i].name))
            return true;
    return false;
}

/* Once all variants are read: a delivery may name a later one. */
static struct outcome want_variants(struct reader *r, const struct profile_variant *v)
{
    for (size_t i = 0; i < v->deliveries.n; i++) {
        struct str name = v->deliveries.all[i].variant;
        struct nearest near = nearest_new(r->arena, name);
        if (!name.n || is_variant(r->profile, name))
            continue;
        for (size_t j = 0; j < r->profile->n_variants; j++)
            nearest_add(&near, r->profile->variants[j].name);
        struct str hint = nearest_text(&near);
        return json_fail(&r->root, r->why, FAULT_CONFIG_INVALID,
                         "a delivery is of the variant \"%.*s\", which there is not; %.*s",
                         STR_ARG(name), STR_ARG(hint));
    }
    return OK;
}

/* ---- variants ---- */

/* A variant says only what differs from the profile. */
struct sources {
    struct json_at own, common;
    bool has_own;
};

static bool find(const struct sources *s, const char *member, struct json_at *out)
{
    return (s->has_own && json_at_member(&s->own, member, out)) ||
           json_at_member(&s->common, member, out);
}

/* The last case of a "$first", which is the plain one, as text for people. */
static struct str shown(const json_t *template)
{
    const json_t *cases = json_object_get(template, "$first");
    size_t n = json_array_size(cases);
    return n ? shown(json_object_get(json_array_get(cases, n - 1), "value")) : json_str(template);
}

/* A text template, or what stands for it when it is not given. */
static struct outcome read_text(struct reader *r, const struct sources *s, const char *member,
                                size_t n_slots, const char *otherwise, struct str *text,
                                const struct claims_node **out)
{
    struct claims_scope scope = scope_of(r, n_slots, 0);
    struct json_at at;
    if (!find(s, member, &at)) {
        if (!otherwise)
            return want_member(r, &s->common, member, &at);
        struct json_doc *doc = arena_make(r->arena, struct json_doc);
        doc->root = json_keep(r->arena, json_of(str_of(otherwise)));
        at = json_at_root(doc);
    }
    TRY(claims_compile(r->arena, r->why, &at, &scope, out));
    *text = shown(at.value);
    if (claims_types(*out) != CLAIMS_STRING || !claims_is_total(*out))
        return json_fail(&at, r->why, FAULT_CONFIG_INVALID,
                         "expected a text, in every case (the last without \"if\")");
    return OK;
}

static struct outcome read_issuer(struct reader *r, const struct sources *s,
                                  struct profile_variant *v)
{
    uint64_t in_issuer;
    struct json_at at;
    TRY(read_text(r, s, "issuer", r->profile->n_parameters, NULL, &v->issuer, &v->compiled.issuer));
    find(s, "issuer", &at);
    TRY(claims_want_matchable(v->compiled.issuer, r->why, &at, &in_issuer));
    TRY(read_text(r, s, "keyring", r->profile->n_parameters, arena_cstr(r->arena, r->profile->name),
                  &v->keyring, &v->compiled.keyring));
    /* The keys have to be found again by the URL alone. */
    if (!find(s, "keyring", &at) || !(claims_uses(v->compiled.keyring) & ~in_issuer))
        return OK;
    return json_fail(&at, r->why, FAULT_CONFIG_INVALID,
                     "the keyring may depend only on parameters that stand in the issuer");
}

static struct outcome read_jwks_path(struct reader *r, const struct sources *s,
                                     struct profile_variant *v)
{
    struct json_at at;
    v->jwks_path = STR("/.well-known/jwks.json");
    if (!find(s, "jwks_path", &at))
        return OK;
    TRY(json_want_str(&at, r->why, &v->jwks_path));
    bool plain = str_starts(v->jwks_path, STR("/")) && v->jwks_path.n > 1;
    for (size_t i = 0; i < v->jwks_path.n; i++)
        plain = plain && v->jwks_path.p[i] > ' ' && v->jwks_path.p[i] < 0x7F &&
                !strchr("?#%\"\\", v->jwks_path.p[i]);
    return plain ? OK : json_fail(&at, r->why, FAULT_CONFIG_INVALID, "expected a path, \"/...\"");
}

static struct outcome read_kid_shape(struct reader *r, const struct sources *s,
                                     struct profile_variant *v)
{
    struct json_at at;
    v->kid_shape = STR("thumbprint");
    if (!find(s, "kid_shape", &at))
        return OK;
    TRY(json_want_str(&at, r->why, &v->kid_shape));
    struct nearest near = nearest_new(r->arena, v->kid_shape);
    for (size_t i = 0; kid_shape(i); i++) {
        if (str_eq(str_of(kid_shape(i)), v->kid_shape))
            return OK;
        nearest_add(&near, str_of(kid_shape(i)));
    }
    struct str hint = nearest_text(&near);
    return json_fail(&at, r->why, FAULT_CONFIG_INVALID, "no kid shape \"%.*s\"; %.*s",
                     STR_ARG(v->kid_shape), STR_ARG(hint));
}

static struct outcome read_lifetime(struct reader *r, const struct sources *s,
                                    struct profile_variant *v)
{
    struct json_at at;
    v->lifetime_s = 3600;
    if (!find(s, "lifetime_s", &at))
        return OK;
    TRY(json_want_i64(&at, r->why, &v->lifetime_s));
    if (v->lifetime_s >= 1 && v->lifetime_s <= LIFETIME_MAX_S)
        return OK;
    return json_fail(&at, r->why, FAULT_CONFIG_INVALID, "expected seconds, from 1 to %d",
                     LIFETIME_MAX_S);
}

static struct outcome read_header(struct reader *r, const struct sources *s,
                                  struct profile_variant *v)
{
    static const char usual[] = "{\"alg\":\"{$alg}\",\"kid\":\"{$kid}\",\"typ\":\"JWT\"}";
    struct claims_scope scope =
        scope_of(r, r->profile->n_slots,
                 CLAIMS_MAY(CLAIMS_ALG) | CLAIMS_MAY(CLAIMS_KID) | CLAIMS_MAY(CLAIMS_X5T));
    struct json_at at;
    if (!find(s, "header", &at)) {
        struct json_doc *doc;
        TRY(json_load(r->arena, r->why, STR("the usual header"), str_of(usual),
                      JSON_DUPLICATES_REFUSED, &doc));
        at = json_at_root(doc);
    }
    v->header = at.value;
    return claims_compile_object(r->arena, r->why, &at, &scope, &v->compiled.header);
}

/* Members of the variant's claims replace the profile's of that name, or follow them. */
static struct outcome read_claims(struct reader *r, const struct sources *s,
                                  struct profile_variant *v)
{
    struct claims_scope scope =
        scope_of(r, r->profile->n_slots,
                 CLAIMS_MAY(CLAIMS_IAT) | CLAIMS_MAY(CLAIMS_EXP) | CLAIMS_MAY(CLAIMS_UUID) |
                     CLAIMS_MAY(CLAIMS_ISS) | CLAIMS_MAY(CLAIMS_VARIANT));
    const struct claims_node *common = NULL, *own = NULL;
    struct json_at at;
    v->claims = json_keep(r->arena, json_object());
    if (json_at_member(&s->common, "claims", &at)) {
        TRY(claims_compile_object(r->arena, r->why, &at, &scope, &common));
        json_object_update(v->claims, at.value);
    }
    if (s->has_own && json_at_member(&s->own, "claims", &at)) {
        TRY(claims_compile_object(r->arena, r->why, &at, &scope, &own));
        json_object_update(v->claims, at.value);
    }
    if (!common && !own)
        return want_member(r, &s->common, "claims", &at);
    v->compiled.claims = common && own ? claims_merge(r->arena, common, own)
                         : common      ? common
                                       : own;
    return OK;
}

static struct outcome read_discovery(struct reader *r, const struct sources *s,
                                     struct profile_variant *v)
{
    struct claims_scope scope = scope_of(r, 0, CLAIMS_MAY(CLAIMS_ALG));
    struct json_at at, member;
    if (!find(s, "discovery", &at))
        return OK;
    TRY(claims_compile_object(r->arena, r->why, &at, &scope, &v->compiled.discovery));
    if (json_at_member(&at, "issuer", &member) || json_at_member(&at, "jwks_uri", &member))
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                         "issuer and jwks_uri are put in from the request");
    return OK;
}

/* Everything a token may depend on, followed through defaults and derived values. */
static uint64_t used_slots(const struct profile *p, const struct profile_variant *v)
{
    const struct profile_compiled *c = &v->compiled;
    uint64_t uses = claims_uses(c->issuer) | claims_uses(c->keyring) | claims_uses(c->alg) |
                    claims_uses(c->header) | claims_uses(c->claims) | claims_uses(c->session_name);
    for (size_t i = p->n_slots; i-- > 0;) /* a default names only earlier ones */
        if (uses & UINT64_C(1) << i)
            uses |= claims_uses(p->parameters[i].compiled);
    return uses;
}

static struct outcome read_variant_members(struct reader *r, const struct sources *s,
                                           struct profile_variant *v)
{
    const char *platform = arena_cstr(r->arena, r->profile->name);
    struct str unused;
    struct json_at at;
    TRY(read_issuer(r, s, v));
    TRY(read_jwks_path(r, s, v));
    TRY(read_kid_shape(r, s, v));
    TRY(read_text(r, s, "alg", r->profile->n_parameters, "RS256", &unused, &v->compiled.alg));
    TRY(read_lifetime(r, s, v));
    TRY(read_header(r, s, v));
    TRY(read_claims(r, s, v));
    TRY(read_discovery(r, s, v));
    TRY(read_text(r, s, "session_name", r->profile->n_slots, platform, &v->session_name,
                  &v->compiled.session_name));
    if (find(s, "deliveries", &at))
        TRY(read_deliveries(r, &at, &v->deliveries));
    v->uses = used_slots(r->profile, v);
    return OK;
}

static struct outcome read_variant(struct reader *r, const struct json_at *at,
                                   struct profile_variant *v)
{
    static const char *const names[] = { "about",  "issuer",    "jwks_path",    "keyring",
                                         "alg",    "kid_shape", "lifetime_s",   "header",
                                         "claims", "discovery", "session_name", "deliveries",
                                         NULL };
    struct sources s = { .common = r->root };
    v->profile = r->profile;
    v->name = STR("default");
    if (at) {
        s.own = *at;
        s.has_own = true;
        v->name = str_of(at->key);
        TRY(want_name(r, at, v->name, NAME_LETTERS, "variant"));
        TRY(json_want_members(at, r->why, names));
        TRY(read_str(r, at, "about", &v->about));
    }
    return read_variant_members(r, &s, v);
}

static struct outcome read_variants(struct reader *r)
{
    struct profile *p = r->profile;
    struct json_at all;
    const char *key;
    json_t *value;
    bool several = json_at_member(&r->root, "variants", &all);
    if (several)
        TRY(json_want_object(&all, r->why));
    size_t n = several ? json_object_size(all.value) : 1;
    p->variants = arena_array(r->arena, struct profile_variant, n + 1);
    if (!n)
        return json_fail(&all, r->why, FAULT_CONFIG_INVALID, "expected at least one variant");
    if (!several) {
        p->n_variants = 1;
        return read_variant(r, NULL, &p->variants[0]);
    }
    json_object_foreach(all.value, key, value)
    {
        struct json_at at = { .up = &all, .doc = all.doc, .key = key, .value = value };
        TRY(read_variant(r, &at, &p->variants[p->n_variants++]));
    }
    for (size_t i = 0; i < p->n_variants; i++)
        TRY(want_variants(r, &p->variants[i]));
    return OK;
}

/* ---- facts ---- */

static const char *const evidence_names[] = {
    [EVIDENCE_DOCUMENTED] = "documented",
    [EVIDENCE_OBSERVED] = "observed",
    [EVIDENCE_INFERRED] = "inferred",
};
enum { EVIDENCES = sizeof evidence_names / sizeof evidence_names[0] };

const char *evidence_name(enum evidence e)
{
    return evidence_names[e];
}

static struct outcome read_evidence(struct reader *r, const struct json_at *at, enum evidence *out)
{
    struct str name;
    TRY(json_want_str(at, r->why, &name));
    for (int i = 0; i < EVIDENCES; i++) {
        if (!str_eq(name, str_of(evidence_names[i])))
            continue;
        *out = (enum evidence)i;
        return OK;
    }
    return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                     "expected \"documented\", \"observed\" or \"inferred\"");
}

static struct outcome read_fact(struct reader *r, const struct json_at *at,
                                struct profile_fact *out)
{
    static const char *const names[] = { "fact", "evidence", "source", NULL };
    struct json_at fact, evidence;
    TRY(json_want_members(at, r->why, names));
    TRY(want_member(r, at, "fact", &fact));
    TRY(json_want_str(&fact, r->why, &out->fact));
    TRY(want_member(r, at, "evidence", &evidence));
    TRY(read_evidence(r, &evidence, &out->evidence));
    return read_str(r, at, "source", &out->source);
}

static struct outcome read_facts(struct reader *r)
{
    struct profile *p = r->profile;
    struct json_at all;
    if (!json_at_member(&r->root, "facts", &all))
        return OK;
    TRY(json_want_array(&all, r->why));
    p->n_facts = json_array_size(all.value);
    p->facts = arena_array(r->arena, struct profile_fact, p->n_facts + 1);
    for (size_t i = 0; i < p->n_facts; i++) {
        struct json_at item = json_at_item(&all, i);
        TRY(read_fact(r, &item, &p->facts[i]));
    }
    return OK;
}

/* ---- the whole, tried once ---- */

static struct json_at default_at(const struct reader *r, size_t slot, struct json_at up[2])
{
    const struct profile_parameter *p = &r->profile->parameters[slot];
    const char *key = arena_cstr(r->arena, p->name);
    struct json_at at = r->root;
    if (json_at_member(&r->root, "parameters", &up[0]) && json_at_member(&up[0], key, &up[1]))
        json_at_member(&up[1], "default", &at);
    return at;
}

/* A default nobody could have set would be a trap for whoever sets the others. */
static struct outcome want_defaults(struct reader *r, const struct profile_variant *v,
                                    json_t **values)
{
    for (size_t i = 0; i < r->profile->n_parameters; i++) {
        const struct profile_parameter *p = &r->profile->parameters[i];
        struct json_at up[2], at = default_at(r, i, up);
        if (!(v->uses & UINT64_C(1) << i) || profile_accepts(p, values[i]))
            continue;
        struct str value = json_text(r->arena, values[i]);
        return json_fail(&at, r->why, FAULT_CONFIG_INVALID,
                         "in the variant \"%.*s\" the default is %.*s, which is not of its type or "
                         "does not match %.*s",
                         STR_ARG(v->name), STR_ARG(value), STR_ARG(p->pattern));
    }
    return OK;
}

static struct outcome expand_text(struct reader *r, struct arena *a, const struct claims_node *n,
                                  struct claims_values *values, struct str *out)
{
    json_t *text;
    TRY(claims_expand(n, values, r->why, &text));
    *out = json_str(json_keep(a, text));
    return OK;
}

static struct outcome try_variant(struct reader *r, struct arena *a, struct profile_variant *v)
{
    struct entropy entropy;
    struct claims_values values = { .arena = a, .entropy = &entropy, .variant = v->name };
    struct str text;
    json_t *claims;
    entropy_init_seeded(&entropy, 0);
    TRY(profile_values(v, a, r->why, NULL, false, &values.slots));
    TRY(want_defaults(r, v, values.slots));
    TRY(expand_text(r, a, v->compiled.alg, &values, &text));
    v->alg = alg_find(text);
    if (!v->alg)
        return json_fail(&r->root, r->why, FAULT_CONFIG_INVALID,
                         "alg is \"%.*s\"; expected RS256, RS384, RS512, ES256, ES384 or ES512",
                         STR_ARG(text));
    TRY(expand_text(r, a, v->compiled.issuer, &values, &text));
    if (!str_starts(text, STR("https://")) || text.n == strlen("https://"))
        return json_fail(&r->root, r->why, FAULT_CONFIG_INVALID,
                         "the issuer is \"%.*s\"; AWS takes only https:// URLs", STR_ARG(text));
    TRY(expand_text(r, a, v->compiled.session_name, &values, &text));
    TRY(claims_expand(v->compiled.claims, &values, r->why, &claims));
    json_decref(claims);
    return OK;
}

/* A parameter that changes nothing is a template that was misspelt. */
static struct outcome want_used(struct reader *r)
{
    uint64_t used = 0;
    for (size_t i = 0; i < r->profile->n_variants; i++)
        used |= r->profile->variants[i].uses;
    for (size_t i = 0; i < r->profile->n_slots; i++)
        if (!(used & UINT64_C(1) << i))
            return json_fail(&r->root, r->why, FAULT_CONFIG_INVALID,
                             "the parameter \"%.*s\" is declared and stands in no template",
                             STR_ARG(r->profile->parameters[i].name));
    return OK;
}

static struct outcome try_variants(struct reader *r)
{
    for (size_t i = 0; i < r->profile->n_variants; i++) {
        struct arena *scratch = arena_new();
        struct outcome o = try_variant(r, scratch, &r->profile->variants[i]);
        arena_free(scratch);
        if (failed(o) && !r->why->place.n)
            r->why->place = json_at_place(r->why->arena, &r->root);
        TRY(o);
    }
    return OK;
}

static struct outcome read_names(struct reader *r)
{
    static const char *const names[] = {
        "$schema", "platform", "title",        "parameters", "derived",       "issuer", "jwks_path",
        "keyring", "alg",      "kid_shape",    "lifetime_s", "header",        "claims", "discovery",
        "facts",   "variants", "session_name", "deliveries", "role_variable", NULL
    };
    struct json_at name, variable;
    struct str for_editors;
    struct profile *p = r->profile;
    TRY(json_want_members(&r->root, r->why, names));
    TRY(read_str(r, &r->root, "$schema", &for_editors));
    TRY(want_member(r, &r->root, "platform", &name));
    TRY(json_want_str(&name, r->why, &p->name));
    TRY(want_name(r, &name, p->name, NAME_LETTERS, "platform"));
    p->title = p->name;
    TRY(read_str(r, &r->root, "title", &p->title));
    if (json_at_member(&r->root, "role_variable", &variable))
        TRY(read_variable(r, &variable, &p->role_variable));
    return OK;
}

struct outcome profile_read(struct arena *a, struct why *why, const struct json_doc *doc,
                            struct profile *out)
{
    struct reader r = { .arena = a, .why = why, .root = json_at_root(doc), .profile = out };
    *out = (struct profile){ .doc = doc };
    TRY(read_names(&r));
    TRY(read_parameters(&r));
    TRY(read_variants(&r));
    TRY(read_facts(&r));
    TRY(want_used(&r));
    TRY(try_variants(&r));
    out->deliveries = out->variants[0].deliveries.all;
    out->n_deliveries = out->variants[0].deliveries.n;
    out->session_name = out->variants[0].session_name;
    return OK;
}
