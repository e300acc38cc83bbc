#include "cli/command.h"
#include "cli/explain_ask.h"
#include "cli/setup.h"
#include "cli/tell.h"
#include "cli/token_source.h"

#include <stdio.h>
#include <unistd.h>

static const struct option_row rows[] = {
    { "--role", OPTION_TEXT, "ARN|NAME", "the role; with --trust-policy any ARN",
      offsetof(struct options, role) },
    { "--trust-policy", OPTION_PATH, "FILE", "the role's trust policy, configured or not",
      offsetof(struct options, trust_policy_file) },
    { "--provider-client-id", OPTION_LIST, "ID",
      "an audience registered for the token's issuer; may be repeated",
      offsetof(struct options, provider_client_ids) },
    { "--claims", OPTION_PATH, "FILE", "claims as JSON, in place of a token",
      offsetof(struct options, claims_file) },
    { "--at", OPTION_TIME, "TIME", "when it was asked (default: the token's iat)",
      offsetof(struct options, at_ms) },
    { "--format", OPTION_CHOICE, "text|json", "text is the default",
      offsetof(struct options, format) },
    { 0 },
};
static const struct option_group own = { "Explain", rows };
static const struct option_group *const groups[] = {
    &own, &option_group_token, &option_group_session, &option_group_world, NULL,
};

static struct outcome check(const struct options *o, struct why *why)
{
    if (!o->role.p)
        FAIL(why, USAGE, "expected --role ARN|NAME");
    return token_source_check(o, why, "--platform NAME, --token FILE or --claims FILE");
}

static void print(struct arena *a, const struct options *o, const struct explanation *e)
{
    struct str text = options_format_is(o, "json", "text")
                          ? json_text_pretty(a, json_keep(a, explain_json(a, e)))
                          : explain_page(a, e, tell_colour(STDOUT_FILENO));
    printf("%.*s\n", STR_ARG(str_trim(text)));
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    const struct world_options nobody_watches = { 0 };
    struct world *world;
    struct explain_ask ask;

    TRY(check(o, why));
    TRY(setup_world(a, why, o, &nobody_watches, &world));
    TRY(explain_ask_take(a, why, o, world, &ask));
    const struct explanation *e = world_explain(world, a, &ask);
    print(a, o, e);
    *status = e->allowed ? COMMAND_YES : COMMAND_NO;
    return OK;
}

const struct command cmd_explain = {
    .name = "explain",
    .synopsis = "--role ARN|NAME (--platform NAME[/VARIANT] | --token FILE|- | --claims FILE)\n"
                "                          [--trust-policy FILE] [OPTION...]",
    .about = "Say why a token is allowed or refused a role.",
    .more = "Also for a real token: when nobody here holds the issuer's key, its signature is not "
            "checked and\n"
            "everything else is.  No credentials are made.",
    .grammar = { .groups = groups },
    .run = run,
};
