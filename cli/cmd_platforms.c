#include "cli/command.h"
#include "cli/setup.h"

#include <stdio.h>

static const struct option_row rows[] = {
    { "--config", OPTION_PATH, "FILE", "may add platforms of its own",
      offsetof(struct options, config) },
    { 0 },
};
static const struct option_group own = { "Platforms", rows };
static const struct option_group *const groups[] = { &own, NULL };

/* --- all --- */

static void list_one(const struct profile *p)
{
    printf("%-10.*s %-36.*s", STR_ARG(p->name), STR_ARG(p->title));
    for (size_t i = 0; p->n_variants > 1 && i < p->n_variants; i++)
        printf(" /%.*s", STR_ARG(p->variants[i].name));
    putchar('\n');
}

/* --- one --- */

static void print_variants(const struct profile *p)
{
    puts("\nVariants (the first is the default)");
    for (size_t i = 0; i < p->n_variants; i++)
        printf("  %.*s/%-12.*s %.*s\n", STR_ARG(p->name), STR_ARG(p->variants[i].name),
               STR_ARG(p->variants[i].about));
}

static void print_parameter(struct arena *a, const struct profile_parameter *p)
{
    printf("  %-24.*s %.*s\n", STR_ARG(p->name), STR_ARG(p->about));
    printf("  %-24s default %.*s\n", "", STR_ARG(json_text(a, p->value)));
    if (p->pattern.n)
        printf("  %-24s pattern %.*s\n", "", STR_ARG(p->pattern));
}

static void print_parameters(struct arena *a, const struct profile *p)
{
    puts("\nParameters (--set NAME=VALUE)");
    for (size_t i = 0; i < p->n_parameters; i++)
        print_parameter(a, &p->parameters[i]);
}

static void print_delivery(const struct profile_delivery *d)
{
    switch (d->kind) {
    case DELIVER_ENV:
        printf("  $%.*s holds the token", STR_ARG(d->name));
        break;
    case DELIVER_FILE:
        printf("  %.*s holds the token (below $UNDERSTUDY_ROOT in exec)", STR_ARG(d->path));
        break;
    case DELIVER_ENV_FILE:
        printf("  $%.*s names the file that holds the token", STR_ARG(d->name));
        break;
    case DELIVER_CREDENTIALS:
        printf("  $AWS_ACCESS_KEY_ID, $AWS_SECRET_ACCESS_KEY and $AWS_SESSION_TOKEN: the platform\n"
               "  exchanges the token before the job begins");
        break;
    }
    if (d->variant.n)
        printf(" of /%.*s", STR_ARG(d->variant));
    putchar('\n');
}

static void print_deliveries(const struct profile_variant *v)
{
    printf("\nWhat a job of /%.*s finds\n", STR_ARG(v->name));
    for (size_t i = 0; i < v->deliveries.n; i++)
        print_delivery(&v->deliveries.all[i]);
    if (!v->deliveries.n)
        puts("  no variable or file of the platform's own; exec sets what AWS SDKs read");
    if (v->session_name.n)
        printf("  role session name: %.*s\n", STR_ARG(v->session_name));
    if (v->profile->role_variable.n)
        printf("  $%.*s overrides the role\n", STR_ARG(v->profile->role_variable));
}

static void print_facts(const struct profile *p)
{
    puts("\nFacts");
    for (size_t i = 0; i < p->n_facts; i++) {
        const struct profile_fact *f = &p->facts[i];
        printf("  %-10s  %.*s", evidence_name(f->evidence), STR_ARG(f->fact));
        if (f->source.n)
            printf(" [%.*s]", STR_ARG(f->source));
        putchar('\n');
    }
}

/* --- the sample --- */

/*
 * A sample needs no key that anybody trusts, and should not wait for an RSA key to be made: it is
 * signed with an elliptic key that is made in memory, and shown with the platform's own algorithm.
 */
static struct outcome sample_key(void *keystore, struct why *why, const struct keyring_spec *spec,
                                 struct keystore_view **view)
{
    TRY(keystore_ensure(keystore, why, spec));
    *view = keystore_view(keystore);
    return OK;
}

static const struct alg *sample_alg(void *keystore, struct str issuer)
{
    (void)keystore;
    (void)issuer;
    return alg_find(STR("ES256"));
}

static struct str no_local_issuer(void *keystore, struct arena *a, struct str issuer)
{
    (void)keystore;
    (void)a;
    (void)issuer;
    return (struct str){ 0 };
}

static void drop_keystore(void *keystore)
{
    keystore_close(keystore);
}

static struct outcome make_sample(struct arena *a, struct why *why, const struct profiles *profiles,
                                  const struct profile_variant *v, struct token *out)
{
    struct clock *clock = arena_make(a, struct clock);
    struct entropy *entropy = arena_make(a, struct entropy);
    struct keystore *keys;
    const struct token_ask ask = {
        .platform = arena_printf(a, "%.*s/%.*s", STR_ARG(v->profile->name), STR_ARG(v->name)),
    };

    clock_init(clock);
    entropy_init_real(entropy);
    TRY(keystore_open(why, NULL, clock, entropy, &keys));
    arena_defer(a, drop_keystore, keys);
    const struct token_signer signer = {
        .find = sample_key,
        .context = keys,
        .alg_for = sample_alg,
        .iss_for = no_local_issuer,
    };
    return token_mint(a, why, profiles, &signer, clock, entropy, &ask, out);
}

static struct outcome print_sample(struct arena *a, struct why *why,
                                   const struct profiles *profiles, const struct profile_variant *v)
{
    struct token sample;

    TRY(make_sample(a, why, profiles, v, &sample));
    json_object_set_new(sample.header, "alg", json_of(v->alg->name));
    printf("\nA token of /%.*s\n", STR_ARG(v->name));
    printf("%.*s\n", STR_ARG(json_text(a, sample.header)));
    printf("%.*s\n", STR_ARG(json_text_pretty(a, sample.claims)));
    struct str issuer = sample.issuer;
    issuer.n -= str_ends(issuer, STR("/")); /* as before /.well-known */
    printf("\nKeys at %.*s%.*s\n", STR_ARG(issuer), STR_ARG(v->jwks_path));
    return OK;
}

static struct outcome print_one(struct arena *a, struct why *why, const struct profiles *profiles,
                                const struct profile_variant *v)
{
    const struct profile *p = v->profile;
    printf("%.*s: %.*s\n", STR_ARG(p->name), STR_ARG(p->title));
    print_variants(p);
    print_parameters(a, p);
    print_deliveries(v);
    TRY(print_sample(a, why, profiles, v));
    print_facts(p);
    return OK;
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    const struct profile_variant *v;
    struct config *config;

    (void)status;
    TRY(config_load(a, why, setup_config_path(o), &config));
    if (o->operands.n) {
        TRY(profiles_find(config->profiles, why, o->operands.items[0], &v));
        return print_one(a, why, config->profiles, v);
    }
    for (size_t i = 0; i < config->profiles->n; i++)
        list_one(&config->profiles->all[i]);
    return OK;
}

const struct command cmd_platforms = {
    .name = "platforms",
    .synopsis = "[NAME[/VARIANT]]",
    .about = "List the platforms, or say all about one.",
    .grammar = { .groups = groups, .n_operands_max = 1 },
    .run = run,
};
