#include "base/clock.h"
#include "cli/command.h"
#include "cli/setup.h"
#include "cli/token_source.h"
#include "issuer/flaw.h"

#include <stdio.h>

static const struct option_row rows[] = {
    { "--platform", OPTION_TEXT, "NAME[/VARIANT]", "whose token (see: understudy platforms)",
      offsetof(struct options, platform) },
    { "--set", OPTION_LIST, "K=V", "a parameter of the platform (see: understudy platforms NAME)",
      offsetof(struct options, set) },
    { "--claim", OPTION_LIST, "NAME=JSON", "add or replace a claim; NAME= removes it",
      offsetof(struct options, claim) },
    { "--flaw", OPTION_TEXT, "NAME", "make it wrong on purpose, see below",
      offsetof(struct options, flaw) },
    { "--lifetime", OPTION_SECONDS, "DUR", "exp - iat (default: the platform's)",
      offsetof(struct options, lifetime_s) },
    { "--decode", OPTION_FLAG, NULL, "print header and claims as JSON instead of the token",
      offsetof(struct options, decode) },
    { 0 },
};
static const struct option_group own = { "Token", rows };
static const struct option_group *const groups[] = { &own, &option_group_world, NULL };

static struct outcome change_claim(struct arena *a, struct why *why, struct str pair,
                                   struct token_ask *ask)
{
    struct json_doc *doc;
    struct str value = pair;
    struct str name = str_cut(&value, '=');
    if (!name.n || name.n == pair.n)
        FAIL(why, USAGE, "--claim: expected NAME=JSON, or NAME= to remove it, found \"%.*s\"",
             STR_ARG(pair));
    if (!value.n) {
        ask->remove[ask->n_remove++] = name;
        return OK;
    }
    struct why why_json = why_new(a);
    if (failed(json_load(a, &why_json, STR("value"), value, JSON_DUPLICATES_REFUSED, &doc)))
        FAIL(why, USAGE, "--claim %.*s: %.*s (a text is written %.*s='\"...\"')", STR_ARG(name),
             STR_ARG(why_text(&why_json)), STR_ARG(name));
    json_object_set(ask->claims, arena_cstr(a, name), doc->root);
    return OK;
}

/* What the last --claim of a name says counts: one that removes takes back one that adds, and
 * reversed. */
static bool said_later(const struct option_list *list, size_t i)
{
    struct str rest = list->items[i];
    struct str name = str_cut(&rest, '=');
    for (size_t j = i + 1; j < list->n; j++) {
        rest = list->items[j];
        if (str_eq(str_cut(&rest, '='), name))
            return true;
    }
    return false;
}

static struct outcome make_ask(struct arena *a, struct why *why, const struct options *o,
                               struct token_ask *out)
{
    TRY(token_source_ask(a, why, o, out));
    out->claims = json_keep(a, json_object());
    out->remove = arena_array(a, struct str, o->claim.n);
    for (size_t i = 0; i < o->claim.n; i++)
        if (!said_later(&o->claim, i))
            TRY(change_claim(a, why, o->claim.items[i], out));
    out->flaw = o->flaw;
    out->lifetime_s = o->lifetime_s.value;
    return OK;
}

static void print_decoded(struct arena *a, const struct token *token)
{
    json_t *both = json_keep(a, json_object());
    json_object_set(both, "header", token->header);
    json_object_set(both, "claims", token->claims);
    printf("%.*s\n", STR_ARG(json_text_pretty(a, both)));
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    const struct world_options nobody_watches = { 0 };
    struct world *world;
    struct token_ask ask;
    struct token token;

    (void)status;
    if (!o->platform.p)
        FAIL(why, USAGE, "expected --platform NAME (understudy platforms lists them)");
    TRY(make_ask(a, why, o, &ask));
    TRY(setup_world(a, why, o, &nobody_watches, &world));
    TRY(world_mint(world, a, why, &ask, &token));
    if (o->decode)
        print_decoded(a, &token);
    else
        printf("%.*s\n", STR_ARG(token.text));
    return OK;
}

static void help_flaws(FILE *out)
{
    fputs("\nFlaws\n", out);
    for (const struct flaw *f = flaws; f->name; f++)
        fprintf(out, "  %-26s %s\n", f->name, f->about);
}

const struct command cmd_token = {
    .name = "token",
    .synopsis = "--platform NAME[/VARIANT] [--set K=V]... [OPTION...]",
    .about = "Print a token as a platform would make it.",
    .grammar = { .groups = groups },
    .run = run,
    .help_more = help_flaws,
};
