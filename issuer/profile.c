#include "issuer/profile.h"

#include "base/embed.h"
#include "base/nearest.h"
#include "issuer/pattern.h"
#include "issuer/profile_read.h"

#include <pthread.h>
#include <stdlib.h>

/* ---- the set ---- */

static struct outcome add(struct arena *a, struct why *why, struct profiles *set, struct str name,
                          struct str text)
{
    struct json_doc *doc;
    struct profile *p = &set->all[set->n];
    TRY(json_load(a, why, name, text, JSON_DUPLICATES_REFUSED, &doc));
    TRY(profile_read(a, why, doc, p));
    for (size_t i = 0; i < set->n; i++) {
        struct json_at root = json_at_root(doc), at;
        json_at_member(&root, "platform", &at);
        if (str_eq(set->all[i].name, p->name))
            return json_fail(&at, why, FAULT_CONFIG_INVALID,
                             "there is a platform \"%.*s\" already (%.*s)", STR_ARG(p->name),
                             STR_ARG(set->all[i].doc->name));
    }
    set->n++;
    return OK;
}

static pthread_once_t builtin_once = PTHREAD_ONCE_INIT;
static const struct profiles *builtin;       /* as long as the process */
static struct arena *volatile builtin_arena; /* never read: so that leak checkers find it */

static void read_builtin(void)
{
    struct arena *kept = arena_new();
    struct why why = why_new(kept);
    struct profiles *set;
    if (failed(profiles_load(kept, &why, NULL, 0, &set)))
        abort(); /* compiled in */
    builtin = set;
    builtin_arena = kept;
}

const struct profiles *profiles_builtin(void)
{
    pthread_once(&builtin_once, read_builtin);
    return builtin;
}

struct outcome profiles_load(struct arena *a, struct why *why, const struct profile_file *more,
                             size_t n_more, struct profiles **out)
{
    struct profiles *set = arena_make(a, struct profiles);
    size_t n = 0;
    while (issuer_profile_files[n].name)
        n++;
    set->all = arena_array(a, struct profile, n + n_more + 1);
    for (const struct embedded *e = issuer_profile_files; e->name; e++)
        TRY(add(a, why, set, arena_printf(a, "issuer/profiles/%s.json", e->name),
                str_n(e->p, e->n)));
    for (size_t i = 0; i < n_more; i++)
        TRY(add(a, why, set, more[i].name, more[i].text));
    *out = set;
    return OK;
}

/* ---- finding ---- */

static struct outcome no_variant(const struct profile *p, struct why *why, struct str name)
{
    struct nearest near = nearest_new(why->arena, name);
    for (size_t i = 0; i < p->n_variants; i++)
        nearest_add(&near, p->variants[i].name);
    struct str hint = nearest_text(&near);
    FAIL(why, PLATFORM_UNKNOWN, "the platform \"%.*s\" has no variant \"%.*s\"; %.*s",
         STR_ARG(p->name), STR_ARG(name), STR_ARG(hint));
}

static struct outcome find_variant(const struct profile *p, struct why *why, struct str name,
                                   const struct profile_variant **out)
{
    for (size_t i = 0; i < p->n_variants; i++) {
        if (!str_eq(p->variants[i].name, name))
            continue;
        *out = &p->variants[i];
        return OK;
    }
    return no_variant(p, why, name);
}

static struct outcome no_platform(const struct profiles *p, struct why *why, struct str name)
{
    struct nearest near = nearest_new(why->arena, name);
    for (size_t i = 0; i < p->n; i++)
        nearest_add(&near, p->all[i].name);
    struct str hint = nearest_text(&near);
    FAIL(why, PLATFORM_UNKNOWN, "no platform \"%.*s\"; %.*s", STR_ARG(name), STR_ARG(hint));
}

struct outcome profiles_find(const struct profiles *p, struct why *why, struct str name,
                             const struct profile_variant **out)
{
    struct str variant = name, platform = str_cut(&variant, '/');
    for (size_t i = 0; i < p->n; i++) {
        if (!str_eq(p->all[i].name, platform))
            continue;
        if (platform.n < name.n)
            return find_variant(&p->all[i], why, variant, out);
        *out = &p->all[i].variants[0];
        return OK;
    }
    return no_platform(p, why, platform);
}

const struct profile_variant *profiles_generic(const struct profiles *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->all[i].name, STR("generic")))
            return &p->all[i].variants[0];
    return NULL;
}

/* ---- issuers ---- */

static bool accepts_text(const void *context, size_t slot, struct str value)
{
    const struct profile *profile = context;
    const struct profile_parameter *p = &profile->parameters[slot];
    char text[1024 + 1]; /* claims_match takes no longer text */
    if (p->derived || !(p->types & CLAIMS_STRING) || value.n >= sizeof text ||
        str_find(value, '\0') < value.n)
        return false;
    memcpy(text, value.p, value.n);
    text[value.n] = '\0';
    return !p->fits || pattern_fits(p->fits, text);
}

const struct profile_variant *profiles_for_issuer(const struct profiles *p, struct str issuer)
{
    const struct profile_variant *found = NULL;
    struct str bound[CLAIMS_SLOTS_MAX];
    size_t best = 0;
    for (size_t i = 0; i < p->n; i++) {
        for (size_t j = 0; j < p->all[i].n_variants; j++) {
            const struct profile_variant *v = &p->all[i].variants[j];
            size_t fixed =
                claims_match(v->compiled.issuer, issuer, accepts_text, v->profile, bound);
            if (fixed <= best)
                continue;
            best = fixed;
            found = v;
        }
    }
    return found;
}

struct str profile_keyring(const struct profile_variant *v, struct arena *a, struct str issuer)
{
    struct str bound[CLAIMS_SLOTS_MAX] = { { NULL, 0 } };
    json_t *slots[CLAIMS_SLOTS_MAX] = { NULL }, *name;
    struct claims_values values = { .arena = a, .slots = slots, .variant = v->name };
    struct why why = why_new(a);

    claims_match(v->compiled.issuer, issuer, accepts_text, v->profile, bound);
    for (size_t i = 0; i < v->profile->n_parameters; i++)
        if (claims_uses(v->compiled.keyring) & UINT64_C(1) << i)
            slots[i] = json_keep(a, json_of(bound[i]));
    if (failed(claims_expand(v->compiled.keyring, &values, &why, &name)))
        return v->profile->name;
    return json_str(json_keep(a, name));
}

/* ---- parameters ---- */

static bool accepts_string(const struct profile_parameter *p, const json_t *value)
{
    const char *text = json_string_value(value);
    return text && strlen(text) == json_string_length(value) &&
           (!p->fits || pattern_fits(p->fits, text));
}

bool profile_accepts(const struct profile_parameter *p, const json_t *value)
{
    if (!(claims_type_of(value) & p->types))
        return false;
    if (json_is_string(value))
        return accepts_string(p, value);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!accepts_string(p, json_array_get(value, i)))
            return false;
    return true;
}

/* "an integer", "a string or an array of strings". */
static struct str expected(struct arena *a, const struct profile_parameter *p)
{
    static const struct {
        unsigned type;
        const char *name;
    } rows[] = {
        { CLAIMS_STRING, "a string" },
        { CLAIMS_INTEGER, "an integer" },
        { CLAIMS_BOOLEAN, "true or false" },
        { CLAIMS_ARRAY, "an array of strings, as JSON" },
    };
    struct str s = STR("");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (p->types & rows[i].type)
            s = arena_printf(a, "%.*s%s%s", STR_ARG(s), s.n ? " or " : "", rows[i].name);
    return p->pattern.n ? arena_printf(a, "%.*s matching %.*s", STR_ARG(s), STR_ARG(p->pattern))
                        : s;
}

/* What was given as text, read as the parameter's type wants it. */
static json_t *read_text(const struct profile_parameter *p, struct arena *a, json_t *given)
{
    struct why unread = why_new(a);
    struct json_doc *doc;
    struct str text = json_str(given);
    bool stays =
        p->types & CLAIMS_STRING && !(p->types & CLAIMS_ARRAY && str_starts(text, STR("[")));
    if (!json_is_string(given) || stays ||
        failed(json_load(a, &unread, p->name, text, JSON_DUPLICATES_REFUSED, &doc)))
        return given;
    return doc->root;
}

static struct outcome read_value(const struct profile_variant *v, const struct profile_parameter *p,
                                 struct arena *a, struct why *why, json_t *given, json_t **out)
{
    *out = read_text(p, a, given);
    if (profile_accepts(p, *out))
        return OK;
    struct str shown = json_text(why->arena, given), wanted = expected(why->arena, p);
    FAIL(why, PLATFORM_PARAMETER, "%.*s: the parameter \"%.*s\" cannot be %.*s; expected %.*s",
         STR_ARG(v->profile->name), STR_ARG(p->name), STR_ARG(shown), STR_ARG(wanted));
}

static bool uses(const struct profile_variant *v, size_t slot)
{
    return v->uses & UINT64_C(1) << slot;
}

static struct outcome not_taken(const struct profile_variant *v, struct why *why, struct str name,
                                bool known)
{
    struct nearest near = nearest_new(why->arena, name);
    for (size_t i = 0; i < v->profile->n_parameters; i++)
        if (uses(v, i))
            nearest_add(&near, v->profile->parameters[i].name);
    struct str hint = nearest_text(&near);
    FAIL(why, PLATFORM_PARAMETER, "%.*s/%.*s %s parameter \"%.*s\"; %.*s",
         STR_ARG(v->profile->name), STR_ARG(v->name), known ? "makes no use of the" : "has no",
         STR_ARG(name), STR_ARG(hint));
}

/* Refuses a name that no parameter, or none that this variant uses, has. */
static struct outcome want_known(const struct profile_variant *v, struct why *why, struct str name,
                                 bool lenient)
{
    for (size_t i = 0; i < v->profile->n_parameters; i++)
        if (str_eq(v->profile->parameters[i].name, name))
            return lenient || uses(v, i) ? OK : not_taken(v, why, name, true);
    return not_taken(v, why, name, false);
}

static struct outcome want_all_known(const struct profile_variant *v, struct why *why,
                                     const json_t *set, bool lenient)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)set, key,
                        value) /* reads only, though it takes no const */
        TRY(want_known(v, why, str_of(key), lenient));
    return OK;
}

static struct outcome slot_value(const struct profile_variant *v, size_t slot,
                                 struct claims_values *values, struct why *why, const json_t *set)
{
    const struct profile_parameter *p = &v->profile->parameters[slot];
    json_t *given = p->derived ? NULL : json_object_get(set, p->name.p), *value;
    if (given)
        return read_value(v, p, values->arena, why, given, &values->slots[slot]);
    if (p->constant) {
        values->slots[slot] = p->constant;
        return OK;
    }
    TRY(claims_expand(p->compiled, values, why, &value));
    values->slots[slot] = json_keep(values->arena, value);
    return OK;
}

struct outcome profile_values(const struct profile_variant *v, struct arena *a, struct why *why,
                              const json_t *set, bool lenient, json_t ***out)
{
    json_t **slots = arena_array(a, json_t *, v->profile->n_slots + 1);
    struct claims_values values = { .arena = a, .slots = slots, .variant = v->name };

    TRY(want_all_known(v, why, set, lenient));
    for (size_t i = 0; i < v->profile->n_slots; i++)
        TRY(slot_value(v, i, &values, why, set));
    *out = slots;
    return OK;
}
