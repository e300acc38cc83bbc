#include "base/file.h"
#include "cli/command.h"
#include "cli/lint_report.h"
#include "cli/tell.h"
#include "scenarios/config.h"
#include "scenarios/lint_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct option_row rows[] = {
    { "--format", OPTION_CHOICE, "text|json|sarif", "how findings are told (default: text)",
      offsetof(struct options, format) },
    { 0 },
};
static const struct option_group own = { "Lint", rows };
static const struct option_group *const groups[] = { &own, NULL };

/* One file that cannot be read does not hide what the others hold. */
static bool check(struct arena *a, struct str name, struct findings *out)
{
    struct why why = why_new(a);
    struct str text;
    *out = findings_new(a);
    if (failed(file_read(a, &why, name.p, CONFIG_BYTES_MAX, &text))) {
        command_note("%.*s", STR_ARG(why_text(&why)));
        return false;
    }
    (void)lint_file(out, name, text, true);
    return true;
}

static bool check_all(struct arena *a, const struct option_list *files, struct lint_report *out)
{
    struct findings *all = arena_array(a, struct findings, files->n);
    bool readable = true;
    for (size_t i = 0; i < files->n; i++) {
        if (check(a, files->items[i], &all[out->n_files]))
            out->n_files++;
        else
            readable = false;
    }
    out->files = all;
    return readable;
}

static void print(struct arena *a, const struct options *o, const struct lint_report *r)
{
    struct str text;
    if (options_format_is(o, "json", "text"))
        text = lint_report_json(a, r);
    else if (options_format_is(o, "sarif", "text"))
        text = lint_report_sarif(a, r);
    else
        text = lint_report_text(a, r, tell_colour(STDOUT_FILENO));
    fwrite(text.p, 1, text.n, stdout);
    if (!options_format_is(o, "text", "text"))
        putchar('\n');
    fflush(stdout); /* before what stands on stderr, where both are one terminal */
    command_note("%.*s", STR_ARG(lint_report_summary(a, r)));
}

static struct str working_dir(struct arena *a)
{
    char *dir = getcwd(NULL, 0);
    struct str s = arena_str(a, str_of(dir ? dir : ""));
    free(dir);
    return s;
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    struct lint_report report = { .working_dir = working_dir(a) };
    if (!o->operands.n)
        FAIL(why, USAGE, "expected a FILE: a trust policy, a config or a scenario");
    bool readable = check_all(a, &o->operands, &report);
    print(a, o, &report);
    if (!readable)
        *status = COMMAND_BAD_INPUT;
    else if (lint_report_failed(&report))
        *status = COMMAND_NO;
    return OK;
}

const struct command cmd_lint = {
    .name = "lint",
    .synopsis = "FILE... [--format text|json|sarif]",
    .about = "Find what is wrong or loose in trust policies, configs and scenarios.",
    .more = "What a file is, its content says; - is standard input. Ends with 1 when a finding is "
            "an error,\nwith 2 when a file cannot be read. docs/lint.md lists the rules.",
    .grammar = { .groups = groups, .n_operands_max = SIZE_MAX },
    .run = run,
};
