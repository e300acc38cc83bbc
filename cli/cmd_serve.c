#include "base/file.h"
#include "cli/command.h"
#include "cli/serving.h"
#include "cli/setup.h"
#include "cli/signals.h"
#include "cli/tell.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static const char listen_default[] = "127.0.0.1:4580";

enum { READY_FILE_MODE = 0644 };

static const struct option_row rows[] = {
    { "--listen", OPTION_TEXT, "ADDR:PORT", "default 127.0.0.1:4580; port 0 picks a free one",
      offsetof(struct options, listen) },
    { "--ready-file", OPTION_PATH, "FILE",
      "appears, holding the base URL, once requests are answered",
      offsetof(struct options, ready_file) },
    { "--state", OPTION_PATH, "FILE",
      "keep the world in FILE: what is acknowledged is on disk; wins over --config",
      offsetof(struct options, state) },
    { "--record", OPTION_PATH, "FILE",
      "append each exchange to FILE, a scenario a line, without secrets; replay plays it",
      offsetof(struct options, record) },
    { 0 },
};
static const struct option_group own = { "Serve", rows };
static const struct option_group *const groups[] = { &own, &option_group_world, NULL };

static void warn_of_strangers(const char *address)
{
    if (!serving_is_loopback(address))
        command_note("warning: %s is not a loopback address: whoever reaches it can have tokens "
                     "signed and replace the world",
                     address);
}

/* The file "appears": one that an earlier server left would be taken for ours. */
static void forget_ready_file(const struct options *o)
{
    if (o->ready_file.p)
        unlink(o->ready_file.p);
}

/* Whoever waits for the line or the file may call at once: nothing is told before the server
 * answers. */
static struct outcome announce(struct arena *a, struct why *why, const struct options *o,
                               struct world *world, struct str url)
{
    fprintf(stderr, "%.*s\n", STR_ARG(str_trim(world_banner(world, a))));
    printf("understudy ready on %.*s\n", STR_ARG(url));
    fflush(stdout);
    if (!o->ready_file.p)
        return OK;
    return file_place(why, o->ready_file.p, arena_printf(a, "%.*s\n", STR_ARG(url)),
                      READY_FILE_MODE);
}

/* A state file that may not grow is an answer (ServiceFailure), not an end. */
static void ignore_file_limit(void)
{
    (void)signal(SIGXFSZ, SIG_IGN);
}

static struct outcome run(struct arena *a, struct why *why, const struct options *o, int *status)
{
    static const int ends[] = { SIGTERM, SIGINT, SIGHUP, 0 };
    const struct world_options watch = { .on_exchange = tell_exchange_lines,
                                         .state_path = o->state.p,
                                         .record_path = o->record.p };
    struct signals signals;
    struct serving serving;
    struct world *world;
    const char *address;
    unsigned port;
    siginfo_t end;

    (void)status;
    TRY(http_address_read(a, why, o->listen.p ? o->listen : str_of(listen_default), &address,
                          &port));
    forget_ready_file(o);
    ignore_file_limit();
    signals_begin(&signals, ends);
    TRY(setup_world(a, why, o, &watch, &world));
    TRY(serving_start(a, why, world, address, port, &serving));
    warn_of_strangers(address);
    struct outcome outcome = announce(a, why, o, world, serving.url);
    if (!failed(outcome))
        signals_next(&signals, -1, &end);
    http_server_stop(serving.server);
    if (world_record_lost(world))
        command_note("%s: %zu exchanges could not be written", o->record.p,
                     world_record_lost(world));
    return outcome;
}

const struct command cmd_serve = {
    .name = "serve",
    .synopsis = "[OPTION...]",
    .about = "Serve the issuers and the STS over HTTP until SIGTERM.",
    .grammar = { .groups = groups },
    .run = run,
};
