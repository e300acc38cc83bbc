#ifndef TESTS_ISSUER_FIXTURE_H
#define TESTS_ISSUER_FIXTURE_H

#include "base/embed.h"
#include "issuer/token.h"
#include "tests/support/lab_keys.h"
#include "tests/support/runner.h"

/*
 * A bench for the issuer: a frozen clock, seeded entropy, the compiled-in profiles and a keystore
 * in memory whose RSA keys are the lab's, so that no test waits for one to be made.
 */
enum { FIXTURE_NOW_S = 1700000000 };

struct fixture {
    struct arena *arena;
    struct clock clock;
    struct entropy entropy;
    struct profiles *profiles;
    struct keystore *keys;
    struct token_signer signer;
    const struct alg *config_alg; /* what a config says of every issuer */
    struct str local_iss;         /* where a config serves every issuer */
};

static inline void want_ok(const struct why *why, struct outcome o)
{
    struct str text = why_text(why);
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(text));
}

/* The lab's RSA key the first time, new EC keys always: both are quick. */
static inline struct pkey *fixture_key(void *context, struct arena *a, enum pkey_kind kind,
                                       struct str name, struct str *x5c_der)
{
    struct fixture *f = context;
    (void)a;
    (void)name;
    (void)x5c_der;
    struct why why = why_new(f->arena);
    struct pkey *k = NULL;
    if (kind != PKEY_RSA)
        return pkey_generate(kind);
    want_ok(&why, pkey_read_pem(&why, str_of(lab_key_rsa), &k));
    return k;
}

static inline struct outcome fixture_find(void *context, struct why *why,
                                          const struct keyring_spec *spec,
                                          struct keystore_view **view)
{
    struct fixture *f = context;
    TRY(keystore_ensure(f->keys, why, spec));
    *view = keystore_view(f->keys);
    return OK;
}

static inline const struct alg *fixture_alg(void *context, struct str issuer)
{
    struct fixture *f = context;
    (void)issuer;
    return f->config_alg;
}

static inline struct str fixture_iss(void *context, struct arena *a, struct str issuer)
{
    struct fixture *f = context;
    (void)a;
    (void)issuer;
    return f->local_iss;
}

static inline void fixture_init(struct fixture *f)
{
    *f = (struct fixture){ .arena = arena_new() };
    struct why why = why_new(f->arena);
    clock_init(&f->clock);
    clock_set(&f->clock, INT64_C(1000) * FIXTURE_NOW_S, true);
    entropy_init_seeded(&f->entropy, 1);
    want_ok(&why, profiles_load(f->arena, &why, NULL, 0, &f->profiles));
    want_ok(&why, keystore_open(&why, NULL, &f->clock, &f->entropy, &f->keys));
    keystore_make_with(f->keys, fixture_key, f);
    f->signer = (struct token_signer){ fixture_find, f, fixture_alg, fixture_iss };
}

static inline void fixture_free(struct fixture *f)
{
    keystore_close(f->keys);
    arena_free(f->arena);
}

/* JSON written with ' for ", as rows of tables like it. */
static inline json_t *fixture_json(struct fixture *f, const char *text)
{
    json_error_t error;
    char *p = arena_cstr(f->arena, str_of(text));
    for (char *q = p; *q; q++)
        *q = *q == '\'' ? '"' : *q;
    json_t *v = json_loads(p, JSON_DECODE_ANY, &error);
    ck_assert_msg(v != NULL, "%s: %s", p, error.text);
    return json_keep(f->arena, v);
}

static inline struct outcome fixture_try(struct fixture *f, struct why *why,
                                         const struct token_ask *ask, struct token *out)
{
    *why = why_new(f->arena);
    return token_mint(f->arena, why, f->profiles, &f->signer, &f->clock, &f->entropy, ask, out);
}

static inline struct token fixture_mint(struct fixture *f, const struct token_ask *ask)
{
    struct token token = { .text = STR("") };
    struct why why;
    want_ok(&why, fixture_try(f, &why, ask, &token));
    return token;
}

/* Text of both, so that order and types count. */
static inline void want_json(struct fixture *f, const char *what, const json_t *got,
                             const char *wanted)
{
    want_str(what, json_text(f->arena, got), json_text(f->arena, fixture_json(f, wanted)));
}

static inline void want_part(const char *what, struct str text, const char *part)
{
    ck_assert_msg(str_contains(text, str_of(part)), "%s: \"%.*s\" does not say \"%s\"", what,
                  STR_ARG(text), part);
}

#endif
