#include "base/embed.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/schema.h"

#include <stdio.h>

static struct outcome unknown(struct arena *a, struct why *why, struct str name)
{
    struct nearest nearest = nearest_new(a, name);
    for (const struct embedded *f = schema_files; f->name; f++)
        nearest_add(&nearest, str_of(f->name));
    FAIL(why, USAGE, "no schema \"%.*s\"; %.*s", STR_ARG(name), STR_ARG(nearest_text(&nearest)));
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    (void)status;
    if (!o->operands.n)
        FAIL(why, USAGE, "expected the name of a schema, as in \"understudy schema config\"");
    struct str text = schema_text(a, o->operands.items[0]);
    if (!text.p)
        return unknown(a, why, o->operands.items[0]);
    fwrite(text.p, 1, text.n, stdout);
    return OK;
}

static const struct option_group *const groups[] = { NULL };

const struct command cmd_schema = {
    .name = "schema",
    .synopsis = "config|scenario|platform|explanation|can",
    .about = "Print the JSON Schema (draft 2020-12) of a file it reads, or of what it prints.",
    .grammar = { .groups = groups, .n_operands_max = 1 },
    .run = run,
};
