#include "cli/setup.h"

#include "base/file.h"
#include "cli/command.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { KEYS_DIR_MODE = 0700 };

const char *setup_config_path(const struct options *o)
{
    return o->config.p;
}

/* "All paths must be absolute. If ... encounters a relative path ... should consider the path
 * invalid and ignore it" (XDG Base Directory Specification). */
static bool absolute(const char *path)
{
    return path && path[0] == '/';
}

const char *setup_keys_default(struct arena *a, const char *xdg_state_home, const char *home)
{
    if (absolute(xdg_state_home))
        return arena_printf(a, "%s/understudy/keys", xdg_state_home).p;
    if (absolute(home))
        return arena_printf(a, "%s/.local/state/understudy/keys", home).p;
    return NULL;
}

/*
 * A read-only container has nowhere to keep keys, and a test in it should run all the same: without
 * --keys the folder is a convenience, so its lack is told and not fatal.
 */
static const char *default_keys_dir(struct arena *a)
{
    struct why why = why_new(a);
    const char *dir = setup_keys_default(a, getenv("XDG_STATE_HOME"), getenv("HOME"));
    if (!dir) {
        command_note(
            "keys are kept in memory only: neither XDG_STATE_HOME nor HOME names a folder");
        return NULL;
    }
    if (failed(file_make_dirs(&why, dir, KEYS_DIR_MODE))) {
        command_note("keys are kept in memory only: %.*s", STR_ARG(why_text(&why)));
        return NULL;
    }
    if (access(dir, R_OK | W_OK | X_OK) != 0) {
        command_note("keys are kept in memory only: %s: %s", dir, strerror(errno));
        return NULL;
    }
    return dir;
}

static void drop_world(void *world)
{
    world_free(world);
}

static struct world_options complete(struct arena *a, const struct options *o,
                                     const struct world_options *wanted)
{
    struct world_options options = *wanted;
    options.config_path = setup_config_path(o);
    options.keys_dir = o->keys.p ? o->keys.p : default_keys_dir(a);
    options.clock = arena_make(a, struct clock);
    options.entropy = arena_make(a, struct entropy);
    clock_init(options.clock);
    entropy_init_real(options.entropy);
    return options;
}

struct outcome setup_world(struct arena *a, struct why *why, const struct options *o,
                           const struct world_options *wanted, struct world **out)
{
    struct world_options options = complete(a, o, wanted);
    TRY(world_new(why, &options, out));
    arena_defer(a, drop_world, *out);
    return OK;
}
