#include "cli/assume.h"
#include "cli/assume_format.h"
#include "cli/command.h"
#include "cli/setup.h"
#include "cli/tell.h"
#include "cli/token_source.h"

#include <stdatomic.h>
#include <stdio.h>

enum { OUTPUT_BYTES_MAX = 1024 * 1024 };

static const struct option_row rows[] = {
    { "--role", OPTION_TEXT, "ARN|NAME",
      "the role to assume; a name is one of the default account's",
      offsetof(struct options, role) },
    { "--endpoint", OPTION_TEXT, "URL", "ask the STS there instead of the world in this process",
      offsetof(struct options, endpoint) },
    { "--format", OPTION_CHOICE, "text|json|process|env",
      "text (default), what the AWS CLI prints, credential_process, or shell exports",
      offsetof(struct options, format) },
    { 0 },
};
static const struct option_group own = { "Assume", rows };
static const struct option_group *const groups[] = {
    &own, &option_group_token, &option_group_session, &option_group_world, NULL,
};

static struct outcome check(const struct options *o, struct why *why)
{
    if (!o->role.p)
        FAIL(why, USAGE, "expected --role ARN|NAME");
    if (o->endpoint.p && !str_starts(o->endpoint, STR("http://")) &&
        !str_starts(o->endpoint, STR("https://")))
        FAIL(why, USAGE, "--endpoint: expected http://... or https://..., found \"%.*s\"",
             STR_ARG(o->endpoint));
    return token_source_check(o, why, "--platform NAME or --token FILE");
}

static struct str role_arn(struct arena *a, struct world *world, struct str role)
{
    struct snapshot *now = world_now(world);
    struct str arn = config_role_arn(a, now->iam, role);
    snapshot_drop(now);
    return arn.n ? arn : role; /* AWS says itself what is wrong with it */
}

static struct outcome make_form(struct arena *a, struct why *why, const struct options *o,
                                struct world *world, struct form *form)
{
    struct token_source source;
    TRY(token_source_take(a, why, world, o, &source));
    const struct assume_ask ask = {
        .role_arn = role_arn(a, world, o->role),
        .session_name = o->session_name.p ? o->session_name : source.session_name,
        .token = source.text,
    };
    return assume_form(a, why, o, &ask, form);
}

static void print_credentials(struct arena *a, const struct options *o,
                              const struct assume_answer *answer)
{
    struct text out = text_new(a, OUTPUT_BYTES_MAX);
    for (const struct assume_format *f = assume_formats; f->name; f++)
        if (options_format_is(o, f->name, assume_formats[0].name))
            f->write(answer, &out);
    fwrite(out.p, 1, out.n, stdout);
}

static void print_refusal(const struct assume_answer *answer)
{
    command_note("%.*s: %.*s", STR_ARG(answer->code), STR_ARG(answer->message));
    if (answer->reason.n)
        command_note("%.*s", STR_ARG(answer->reason));
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    atomic_bool explained = false;
    const struct world_options watch = {
        .on_exchange = tell_exchange_lines,
        .on_exchange_context = &explained,
    };
    struct world *world;
    struct form form;
    struct assume_answer answer;

    TRY(check(o, why));
    TRY(setup_world(a, why, o, &watch, &world));
    TRY(make_form(a, why, o, world, &form));
    if (o->endpoint.p)
        TRY(assume_at_endpoint(a, why, o->endpoint, &form, &answer));
    else
        TRY(assume_in_world(a, why, world, &form, &answer));
    if (answer.allowed) {
        print_credentials(a, o, &answer);
        return OK;
    }
    if (!explained)
        print_refusal(&answer);
    *status = command_status(&cmd_assume, assume_fault(&answer));
    return OK;
}

const struct command cmd_assume = {
    .name = "assume",
    .synopsis = "--role ARN|NAME (--platform NAME[/VARIANT] [--set K=V]... | --token FILE|-)\n"
                "                         [--endpoint URL] [OPTION...]",
    .about = "Exchange a token for credentials of a role, once.",
    .more = "With --format process an AWS profile can name it:\n"
            "  [profile ci]\n"
            "  credential_process = understudy assume --platform circleci --role "
            "CircleCI-OIDC-Role --format process",
    .grammar = { .groups = groups },
    .run = run,
};
