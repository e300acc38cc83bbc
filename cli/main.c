#include "cli/command.h"
#include "base/nearest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* In the order in which --help shows them. */
static const struct command *const commands[] = {
    &cmd_serve, &cmd_exec,   &cmd_assume,  &cmd_token,     &cmd_explain, &cmd_can,
    &cmd_lint,  &cmd_replay, &cmd_capture, &cmd_platforms, &cmd_schema,  NULL,
};

static const char intro[] =
    "usage: understudy COMMAND [ARGUMENT...]\n"
    "\n"
    "Takes the role when AWS is not there: an OIDC issuer that signs tokens as CI platforms do, "
    "and an\n"
    "AWS STS that verifies them, enforces trust policies, hands out credentials and says why not.\n"
    "\n";

static const char outro[] =
    "\n"
    "  understudy COMMAND --help     the command's options\n"
    "  understudy --version\n"
    "\n"
    "Ends with 0: yes, 1: the answer is no, 2: bad usage or input, 3: could not.\n"
    "\n"
    "A first look: understudy exec --platform circleci -- aws sts get-caller-identity\n";

static int print_help(void)
{
    fputs(intro, stdout);
    for (size_t i = 0; commands[i]; i++)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->about);
    fputs(outro, stdout);
    return COMMAND_YES;
}

static int unknown_command(const char *name)
{
    struct arena *a = arena_new();
    struct nearest nearest = nearest_new(a, str_of(name));
    for (size_t i = 0; commands[i]; i++)
        nearest_add(&nearest, str_of(commands[i]->name));
    command_note("unknown %s %s: %.*s", name[0] == '-' ? "option" : "command", name,
                 STR_ARG(nearest_text(&nearest)));
    arena_free(a);
    return COMMAND_BAD_INPUT;
}

/* A usage error says where help is; the other refusals say themselves where they happened. */
static int refuse(const struct command *command, const struct why *why)
{
    if (why->fault == FAULT_USAGE)
        command_note("%s: %.*s", command->name, STR_ARG(why_text(why)));
    else
        command_note("%.*s", STR_ARG(why_text(why)));
    return command_status(command, why->fault);
}

static int run_command(const struct command *command, char **args)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct options o;
    int status = COMMAND_YES;

    struct outcome outcome = options_read(a, &why, &command->grammar, args, &o);
    if (!failed(outcome) && o.help)
        command_help(stdout, command);
    else if (!failed(outcome))
        outcome = command->run(a, &why, &o, &status);
    if (failed(outcome))
        status = refuse(command, &why);
    arena_free(a);
    return status;
}

static int dispatch(char **args)
{
    if (!args[0]) {
        command_note("expected a command (understudy --help lists them)");
        return COMMAND_BAD_INPUT;
    }
    if (strcmp(args[0], "--help") == 0 || strcmp(args[0], "-h") == 0 ||
        strcmp(args[0], "help") == 0)
        return print_help();
    if (strcmp(args[0], "--version") == 0)
        return puts("understudy " UNDERSTUDY_VERSION) < 0 ? COMMAND_COULD_NOT : COMMAND_YES;
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(args[0], commands[i]->name) == 0)
            return run_command(commands[i], args + 1);
    return unknown_command(args[0]);
}

/* Started without them, the first socket would become standard output, and answers go into it. */
static void open_standard_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    open_standard_streams();
    int status = dispatch(argv + (argc > 0));
    /* An answer that did not arrive is not a yes. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        command_note("standard output: %s", strerror(errno));
        return status == COMMAND_YES ? COMMAND_COULD_NOT : status;
    }
    return status;
}
