#include "base/file.h"
#include "cli/assume.h"
#include "cli/command.h"
#include "cli/exec_env.h"
#include "cli/exec_role.h"
#include "cli/exec_run.h"
#include "cli/serving.h"
#include "cli/setup.h"
#include "cli/signals.h"
#include "cli/tell.h"
#include "cli/token_source.h"

#include <stdlib.h>
#include <unistd.h>

static const struct option_row rows[] = {
    { "--role", OPTION_TEXT, "ARN|NAME",
      "the role (default: the first that trusts the token's issuer)",
      offsetof(struct options, role) },
    { "--rotate", OPTION_SECONDS, "DUR", "put a new token in place of the old one that often",
      offsetof(struct options, rotate_s) },
    { 0 },
};
static const struct option_group own = { "Exec", rows };
static const struct option_group *const groups[] = {
    &own, &option_group_token, &option_group_session, &option_group_world, NULL,
};

enum { TOKEN_FILE_MODE = 0600, TOKENS_MAX = 16 };

/* A token of the job, and the file it stands in. */
struct token_file {
    const struct profile_variant *variant;
    const char *path;
};

/* One `exec` from beginning to end. */
struct job {
    struct arena *arena;
    struct why *why;
    const struct options *o;
    struct world *world;
    struct serving serving;
    struct token_source source;
    struct exec_role role;
    struct str session_name;
    struct exec_folder folder;
    struct exec_variables variables;
    struct token_file files[TOKENS_MAX]; /* what --rotate renews */
    size_t n_files;
};

static struct outcome check(const struct options *o, struct why *why)
{
    if (!o->command || !o->command[0])
        FAIL(why, USAGE, "expected -- COMMAND [ARG...]");
    if (o->rotate_s.given && !o->platform.p)
        FAIL(why, USAGE, "--rotate goes with --platform: a given token cannot be made anew");
    return token_source_check(o, why, "--platform NAME or --token FILE");
}

/* The token of another variant of the platform, for the same job. */
static struct outcome mint_variant(struct job *j, struct arena *a, struct why *why,
                                   const struct profile_variant *v, struct str *text)
{
    struct token_ask ask;
    struct token token;

    TRY(token_source_ask(a, why, j->o, &ask));
    ask.platform = arena_printf(a, "%.*s/%.*s", STR_ARG(v->profile->name), STR_ARG(v->name));
    ask.lenient = true;
    TRY(world_mint(j->world, a, why, &ask, &token));
    *text = token.text;
    return OK;
}

static struct outcome choose_role(struct job *j)
{
    struct snapshot *now = world_now(j->world);
    struct exec_role_ask ask = { .role = j->o->role, .issuer = j->source.issuer };
    if (j->source.variant && j->source.variant->profile->role_variable.n) {
        ask.override_name = j->source.variant->profile->role_variable;
        ask.override = exec_env_find(environ, arena_cstr(j->arena, ask.override_name));
    }
    struct outcome o = exec_role_choose(j->arena, j->why, now->config, &ask, &j->role);
    j->role.arn = arena_str(j->arena, j->role.arn);
    snapshot_drop(now);
    if (!failed(o) && j->role.because.n)
        command_note("role %.*s (%.*s)", STR_ARG(j->role.arn), STR_ARG(j->role.because));
    return o;
}

/* --- what the platform delivers --- */

static struct outcome add_token_file(struct job *j, const struct profile_variant *variant,
                                     const char *path, struct str token)
{
    if (j->n_files == TOKENS_MAX)
        FAIL(j->why, CONFIG_INVALID, "the platform delivers more than %d files", TOKENS_MAX);
    j->files[j->n_files++] = (struct token_file){ variant, path };
    return exec_folder_write(j->why, path, token);
}

static struct outcome deliver_env(struct job *j, const struct profile_delivery *d,
                                  const struct profile_variant *variant, struct str token)
{
    (void)variant;
    exec_variables_put(&j->variables, d->name, token);
    return OK;
}

static struct outcome deliver_file(struct job *j, const struct profile_delivery *d,
                                   const struct profile_variant *variant, struct str token)
{
    const char *path = arena_printf(j->arena, "%s/%.*s", j->folder.root, STR_ARG(d->path)).p;
    return add_token_file(j, variant, path, token);
}

static struct outcome deliver_env_file(struct job *j, const struct profile_delivery *d,
                                       const struct profile_variant *variant, struct str token)
{
    if (str_eq(d->name, STR("AWS_WEB_IDENTITY_TOKEN_FILE")) && variant == j->source.variant)
        return OK; /* is there for every platform */
    const char *path = arena_printf(j->arena, "%s/%.*s", j->folder.path, STR_ARG(d->name)).p;
    exec_variables_put(&j->variables, d->name, str_of(path));
    return add_token_file(j, variant, path, token);
}

static void put_credentials(struct exec_variables *v, const struct assume_answer *answer)
{
    exec_variables_put(v, STR("AWS_ACCESS_KEY_ID"),
                       assume_value(answer, "Credentials/AccessKeyId"));
    exec_variables_put(v, STR("AWS_SECRET_ACCESS_KEY"),
                       assume_value(answer, "Credentials/SecretAccessKey"));
    exec_variables_put(v, STR("AWS_SESSION_TOKEN"),
                       assume_value(answer, "Credentials/SessionToken"));
}

/* The platform makes the exchange before the job begins: refused there, the job never begins. */
static struct outcome deliver_credentials(struct job *j, const struct profile_delivery *d,
                                          const struct profile_variant *variant, struct str token)
{
    struct form form;
    struct assume_answer answer;
    const struct assume_ask ask = { j->role.arn, j->session_name, token };

    (void)d;
    (void)variant;
    TRY(assume_form(j->arena, j->why, j->o, &ask, &form));
    TRY(assume_in_world(j->arena, j->why, j->world, &form, &answer));
    if (!answer.allowed)
        FAIL(j->why, PEER_REFUSED,
             "the exchange that %.*s makes before the job was refused (%.*s), so the command was "
             "not run",
             STR_ARG(j->source.variant->profile->title), STR_ARG(answer.code));
    put_credentials(&j->variables, &answer);
    return OK;
}

static const struct delivery {
    enum delivery_kind kind;
    struct outcome (*deliver)(struct job *j, const struct profile_delivery *d,
                              const struct profile_variant *variant, struct str token);
} deliveries[] = {
    { DELIVER_ENV, deliver_env },
    { DELIVER_FILE, deliver_file },
    { DELIVER_ENV_FILE, deliver_env_file },
    { DELIVER_CREDENTIALS, deliver_credentials },
};

static const struct profile_variant *variant_of(const struct job *j,
                                                const struct profile_delivery *d)
{
    const struct profile *p = j->source.variant->profile;
    for (size_t i = 0; d->variant.n && i < p->n_variants; i++)
        if (str_eq(p->variants[i].name, d->variant))
            return &p->variants[i];
    return j->source.variant;
}

static struct outcome deliver(struct job *j, const struct profile_delivery *d)
{
    const struct profile_variant *variant = variant_of(j, d);
    struct str token = j->source.text;
    if (variant != j->source.variant)
        TRY(mint_variant(j, j->arena, j->why, variant, &token));
    for (size_t i = 0; i < sizeof deliveries / sizeof deliveries[0]; i++)
        if (deliveries[i].kind == d->kind)
            return deliveries[i].deliver(j, d, variant, token);
    return OK;
}

static bool exchanges_itself(const struct profile_variant *v)
{
    for (size_t i = 0; i < v->deliveries.n; i++)
        if (v->deliveries.all[i].kind == DELIVER_CREDENTIALS)
            return true;
    return false;
}

/* SDKs that read AWS_WEB_IDENTITY_TOKEN_FILE choose duration and policies themselves. */
static void note_unused(const struct job *j)
{
    const struct options *o = j->o;
    bool used = j->source.variant && exchanges_itself(j->source.variant);
    if (!used && (o->duration_s.given || o->policy_file.p || o->policy_arns.n))
        command_note("note: the command makes the exchange itself, so --duration, --policy and "
                     "--policy-arn have nothing to act on here");
}

static struct outcome deliver_all(struct job *j)
{
    TRY(add_token_file(j, j->source.variant, j->folder.token, j->source.text));
    if (!j->source.variant)
        return OK;
    const struct profile_deliveries *d = &j->source.variant->deliveries;
    for (size_t i = 0; i < d->n; i++)
        TRY(deliver(j, &d->all[i]));
    return OK;
}

/* --- the run --- */

/* A renewal that fails leaves the old token: what comes of that is the command's to show. */
static void rotate(void *job)
{
    struct job *j = job;
    struct arena *a = arena_new();
    for (size_t i = 0; i < j->n_files; i++) {
        struct why why = why_new(a);
        struct str token;
        struct outcome o = mint_variant(j, a, &why, j->files[i].variant, &token);
        if (!failed(o))
            o = file_place(&why, j->files[i].path, token, TOKEN_FILE_MODE);
        if (failed(o))
            command_note("--rotate: %.*s", STR_ARG(why_text(&why)));
    }
    arena_free(a);
}

static struct str region_of(struct job *j)
{
    struct snapshot *now = world_now(j->world);
    struct str region = arena_str(j->arena, now->config->region);
    snapshot_drop(now);
    return region;
}

static struct outcome run_in_folder(struct job *j, const struct signals *signals, int *status)
{
    const struct exec_facts facts = {
        .role_arn = j->role.arn,
        .session_name = j->session_name,
        .region = region_of(j),
        .url = j->serving.url,
        .folder = &j->folder,
    };
    j->variables = exec_variables_new(j->arena);
    exec_env_put_facts(&j->variables, &facts, environ);
    TRY(deliver_all(j));
    const struct exec_child child = {
        .command = j->o->command,
        .environment = exec_env_build(j->arena, environ, &j->variables),
        .signals = signals,
        .tick_ms = j->o->rotate_s.value * 1000,
        .tick = rotate,
        .context = j,
    };
    int early = exec_run_pending(signals);
    *status = early ? COMMAND_SIGNALLED + early : exec_run(&child);
    return OK;
}

static struct outcome with_folder(struct job *j, const struct signals *signals, int *status)
{
    const char *tmp = getenv("TMPDIR");
    TRY(token_source_take(j->arena, j->why, j->world, j->o, &j->source));
    TRY(choose_role(j));
    note_unused(j);
    j->session_name = j->o->session_name.p ? j->o->session_name : j->source.session_name;
    TRY(exec_folder_make(j->arena, j->why, tmp && tmp[0] ? tmp : "/tmp", getenv("HOME"),
                         j->serving.url, &j->folder));
    struct outcome o = run_in_folder(j, signals, status);
    exec_folder_remove(&j->folder);
    return o;
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    const struct world_options watch = { .on_exchange = tell_exchange_line, .tell_allowed = true };
    struct job job = { .arena = a, .why = why, .o = o };
    struct signals signals;

    TRY(check(o, why));
    signal(SIGCHLD, SIG_DFL); /* ignored, children would leave no status */
    signals_begin(&signals, exec_run_signals);
    TRY(setup_world(a, why, o, &watch, &job.world));
    TRY(serving_start(a, why, job.world, "127.0.0.1", 0, &job.serving));
    struct outcome outcome = with_folder(&job, &signals, status);
    http_server_stop(job.serving.server);
    return outcome;
}

const struct command cmd_exec = {
    .name = "exec",
    .synopsis = "(--platform NAME[/VARIANT] [--set K=V]... | --token FILE|-)\n"
                "                       [OPTION...] -- COMMAND [ARG...]",
    .about = "Run a command as a job of a platform, against a server of its own.",
    .more = "The command finds what the platform sets, and what AWS SDKs read; none of your own "
            "AWS settings.\n"
            "Its HOME is a private folder that links to what is in yours, but for .aws; a "
            "platform's absolute\n"
            "paths begin at $UNDERSTUDY_ROOT.  Ends as the command does (128+n: signal n; 126, "
            "127: it could not\n"
            "be run; 125: exec failed).",
    .grammar = { .groups = groups, .takes_command = true },
    .could_not = COMMAND_EXEC_FAILED,
    .run = run,
};
