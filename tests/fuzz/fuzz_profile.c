#include "tests/fuzz/fuzz.h"

#include "issuer/profile_read.h"

#include <stdlib.h>

/*
 * A platform profile of somebody's own: read, or refused with its place.  What was read makes
 * tokens: its templates expand with the defaults, and its issuer is found again by its URL.
 */

static void expand(const struct claims_node *n, struct claims_values *values, json_t **out)
{
    struct why why = why_new(values->arena);
    *out = NULL;
    if (n && failed(claims_expand(n, values, &why, out)))
        abort(); /* reading tried it once */
    json_keep(values->arena, *out);
}

static void make_token(struct arena *a, const struct profile_variant *v)
{
    struct entropy entropy;
    struct why why = why_new(a);
    json_t *issuer, *claims, *other;
    struct claims_values values = { .arena = a, .entropy = &entropy, .variant = v->name };
    entropy_init_seeded(&entropy, 1);
    if (failed(profile_values(v, a, &why, NULL, false, &values.slots)))
        abort();
    expand(v->compiled.issuer, &values, &issuer);
    expand(v->compiled.claims, &values, &claims);
    if (!json_str(issuer).n || !json_is_object(claims) || !v->alg)
        abort();
    expand(v->compiled.keyring, &values, &other);
    expand(v->compiled.session_name, &values, &other);
    values.spent = 0;
    expand(v->compiled.header, &values, &other);
    expand(v->compiled.discovery, &values, &other);
    (void)profile_keyring(v, a, json_str(issuer));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct json_doc *doc;
    struct profile profile;
    struct str text = str_n((const char *)bytes, n);
    bool read = !failed(json_load(a, &why, STR("fuzz"), text, JSON_DUPLICATES_REFUSED, &doc)) &&
                !failed(profile_read(a, &why, doc, &profile));
    if (!read && (fault_kind(why.fault) != FAULT_KIND_INPUT || !why.detail.n || !why.place.n))
        abort();
    for (size_t i = 0; read && i < profile.n_variants; i++)
        make_token(a, &profile.variants[i]);
    arena_free(a);
    return 0;
}
