#include "cli/command.h"
#include "cli/tell.h"
#include "scenarios/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct option_row rows[] = {
    { "--format", OPTION_CHOICE, "text|tap|junit", "how it is told (default: text)",
      offsetof(struct options, format) },
    { "--filter", OPTION_TEXT, "TEXT", "only scenarios whose title or path holds TEXT",
      offsetof(struct options, filter) },
    { "--jobs", OPTION_COUNT, "N", "so many side by side (default: one a core)",
      offsetof(struct options, jobs) },
    { "--against", OPTION_TEXT, "URL",
      "play them on the server there: a running understudy, or AWS",
      offsetof(struct options, against) },
    { 0 },
};
static const struct option_group own = { "Replay", rows };
static const struct option_group *const groups[] = { &own, NULL };

/* On a terminal alone, and gone when the report is told. */
static void progress(void *context, size_t n_done, size_t n_all, size_t n_failed)
{
    (void)context;
    fprintf(stderr, "\r%zu of %zu%s", n_done, n_all, n_failed ? ", " : "");
    if (n_failed)
        fprintf(stderr, "%zu failed", n_failed);
    fputs(n_done == n_all ? "\r\033[K" : "\033[K", stderr);
    fflush(stderr);
}

static bool wants_golden(void)
{
    const char *golden = getenv("GOLDEN");
    return golden && str_eq(str_of(golden), STR("write"));
}

static void print(struct arena *a, const struct options *o, const struct replay *r)
{
    struct str text;
    if (options_format_is(o, "tap", "text"))
        text = report_tap(a, r);
    else if (options_format_is(o, "junit", "text"))
        text = report_junit(a, r);
    else
        text = report_text(a, r, tell_colour(STDOUT_FILENO));
    fwrite(text.p, 1, text.n, stdout);
    fflush(stdout);
}

static void print_notes(struct arena *a, const struct options *o, const struct replay *r)
{
    for (size_t i = 0; i < r->n_notes; i++)
        command_note("%.*s", STR_ARG(r->notes[i]));
    if (!options_format_is(o, "text", "text"))
        command_note("%.*s", STR_ARG(report_summary(a, r)));
    if (r->n_others)
        command_note("%zu %s no scenario, passed over", r->n_others,
                     r->n_others == 1 ? "file or line is" : "files or lines are");
    if (!r->n)
        command_note("no scenario was played%s",
                     r->n_filtered ? ": --filter left all of them out" : "");
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    const struct replay_options options = {
        .paths = o->operands.items,
        .n_paths = o->operands.n,
        .filter = o->filter,
        .n_jobs = o->jobs.given ? (size_t)o->jobs.value : 0,
        .against = o->against,
        .write_expected = wants_golden(),
        .progress = isatty(STDERR_FILENO) ? progress : NULL,
    };
    struct replay r;
    if (!o->operands.n)
        FAIL(why, USAGE, "expected a PATH: a scenario, a record, or a folder of scenarios");
    TRY(replay_run(a, why, &options, &r));
    print(a, o, &r);
    print_notes(a, o, &r);
    if (r.n_bad || !r.n) /* nothing played is nothing shown */
        *status = COMMAND_BAD_INPUT;
    else if (r.n_failed)
        *status = COMMAND_NO;
    return OK;
}

const struct command cmd_replay = {
    .name = "replay",
    .synopsis = "PATH... [--format text|tap|junit] [--filter TEXT] [--jobs N] [--against URL]",
    .about = "Play scenarios, and say which answers are others than expected.",
    .more = "A folder means every *.json below it; a *.jsonl is a record of serve --record.\n"
            "Ends with 1 when a scenario fails, with 2 when one cannot be read.  With GOLDEN=write "
            "in the\n"
            "environment, what was answered is written into the files in place of what was "
            "expected.",
    .grammar = { .groups = groups, .n_operands_max = SIZE_MAX },
    .run = run,
};
