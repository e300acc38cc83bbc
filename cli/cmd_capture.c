#include "cli/assume.h"
#include "cli/command.h"
#include "cli/explain_ask.h"
#include "cli/setup.h"
#include "cli/token_source.h"
#include "scenarios/capture.h"
#include "scenarios/pseudonyms.h"

#include <stdio.h>

static const struct option_row rows[] = {
    { "--role", OPTION_TEXT, "ARN|NAME", "the role; with --trust-policy any ARN",
      offsetof(struct options, role) },
    { "--trust-policy", OPTION_PATH, "FILE", "the role's trust policy, configured or not",
      offsetof(struct options, trust_policy_file) },
    { "--provider-client-id", OPTION_LIST, "ID",
      "an audience registered for the token's issuer; may be repeated",
      offsetof(struct options, provider_client_ids) },
    { "--at", OPTION_TIME, "TIME", "when it was asked (default: the token's iat)",
      offsetof(struct options, at_ms) },
    { "--pseudonymise", OPTION_FLAG, NULL,
      "other e-mail addresses and ids, the same ones wherever they stand",
      offsetof(struct options, pseudonymise) },
    { 0 },
};
static const struct option_group own = { "Capture", rows };
static const struct option_group *const groups[] = {
    &own, &option_group_token, &option_group_session, &option_group_world, NULL,
};

static struct outcome make_form(struct arena *a, struct why *why, const struct options *o,
                                const struct explain_ask *ask, struct form *out)
{
    const struct assume_ask asked = { .role_arn = ask->role_arn,
                                      .session_name = ask->session_name };
    return assume_form(a, why, o, &asked, out);
}

static struct outcome capture(struct arena *a, struct why *why, const struct options *o,
                              struct world *world, json_t **out)
{
    struct explain_ask ask;
    struct form form;
    TRY(explain_ask_take(a, why, o, world, &ask));
    TRY(make_form(a, why, o, &ask, &form));
    struct snapshot *now = world_now(world);
    const struct capture_ask what = { .explanation = world_explain(world, a, &ask),
                                      .form = &form,
                                      .config = now->config,
                                      .iam = now->iam };
    struct outcome outcome = capture_untried(a, why, &what, out);
    snapshot_drop(now);
    TRY(outcome);
    if (o->pseudonymise)
        *out = pseudonyms_put(a, *out);
    return capture_try(a, why, *out);
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    const struct world_options nobody_watches = { 0 };
    struct world *world;
    json_t *scenario;
    (void)status; /* what was decided is in the scenario */
    if (!o->role.p)
        FAIL(why, USAGE, "expected --role ARN|NAME");
    TRY(token_source_check(o, why, "--platform NAME or --token FILE"));
    TRY(setup_world(a, why, o, &nobody_watches, &world));
    TRY(capture(a, why, o, world, &scenario));
    printf("%.*s\n", STR_ARG(json_text_pretty(a, scenario)));
    return OK;
}

const struct command cmd_capture = {
    .name = "capture",
    .synopsis = "--role ARN|NAME (--token FILE|- | --platform NAME[/VARIANT])\n"
                "                          [--trust-policy FILE] [OPTION...]",
    .about = "Make a scenario of a token and a trust policy: the same decision, without secrets.",
    .more = "For a real token whose refusal is to be shown to others: its claims are kept, its "
            "signature is not.\n"
            "Nobody here holds the issuer's key, so the signature is taken for good.  The scenario "
            "is played\n"
            "before it is printed: it comes to the same decision.",
    .grammar = { .groups = groups },
    .run = run,
};
