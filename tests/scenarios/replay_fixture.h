#ifndef TESTS_SCENARIOS_REPLAY_FIXTURE_H
#define TESTS_SCENARIOS_REPLAY_FIXTURE_H

#include "base/file.h"
#include "scenarios/replay.h"
#include "tests/support/runner.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

/* A folder of scenarios of a test's own, and what comes of replaying it; for one suite. */

static struct arena *a;
static char folder[] = "/tmp/test-replay-XXXXXX";

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static inline void set_up(void)
{
    a = arena_new();
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static inline void tear_down(void)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(a);
}

static inline void put_file(const char *path, struct str text)
{
    struct why why = why_new(a);
    ck_assert(!failed(file_make_dirs(&why, arena_cstr(a, file_dir(a, str_of(path))), 0755)));
    ck_assert_msg(!failed(file_place(&why, path, text, 0644)), "%.*s", STR_ARG(why_text(&why)));
}

static inline struct str read_back(const char *path)
{
    struct why why = why_new(a);
    struct str text = STR("");
    ck_assert(!failed(file_read(a, &why, path, 64 * 1024 * 1024, &text)));
    return text;
}

/* Of one path, in this process. */
static inline struct replay replayed(const char *path, const struct replay_options *more)
{
    const struct str one = str_of(path);
    struct replay_options options = more ? *more : (struct replay_options){ .n_jobs = 1 };
    struct why why = why_new(a);
    struct replay r;
    options.paths = &one;
    options.n_paths = 1;
    ck_assert_msg(!failed(replay_run(a, &why, &options, &r)), "%.*s", STR_ARG(why_text(&why)));
    return r;
}

/* Scenarios in one line: one that passes, one that fails, a call that is refused. */
#define TITLED(title, steps) "{\"scenario\":\"" title "\",\"steps\":[" steps "]}"
#define UNSIGNED_CALL        "\"call\":{\"Action\":\"GetCallerIdentity\"}"
#define PASSES(title) \
    TITLED(title, "{" UNSIGNED_CALL ",\"expect\":{\"error\":\"MissingAuthenticationToken\"}}")
#define FAILS(title) TITLED(title, "{" UNSIGNED_CALL "}")

#endif
