#ifndef TESTS_SCENARIOS_STATE_FIXTURE_H
#define TESTS_SCENARIOS_STATE_FIXTURE_H

#include "tests/support/runner.h"

#include "base/file.h"
#include "scenarios/state.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Two empty folders, and a state in the file "f" of the first. */

static struct arena *a;
static struct why why;
static char dir[64], other[64];

static inline const char *in(const char *folder, const char *name)
{
    return arena_printf(a, "%s/%s", folder, name).p;
}

static inline void empty(const char *folder)
{
    DIR *d = opendir(folder);
    WANT(d != NULL, "%s", folder);
    for (const struct dirent *e; (e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            WANT(remove(in(folder, e->d_name)) == 0, "%s", e->d_name);
    closedir(d);
}

static inline bool make_folder(char *path, size_t bytes, const char *where)
{
    snprintf(path, bytes, "%s/understudy-state-XXXXXX", where);
    return mkdtemp(path) != NULL;
}

static inline void setup(void)
{
    a = arena_new();
    why = why_new(a);
    ck_assert(make_folder(dir, sizeof dir, "/tmp") && make_folder(other, sizeof other, "/tmp"));
}

static inline void teardown(void)
{
    empty(dir);
    empty(other);
    ck_assert_int_eq(rmdir(dir) | rmdir(other), 0);
    arena_free(a);
}

static struct state *state;
static struct state_found found;

static inline struct outcome try_open(const char *folder, const char *version)
{
    why = why_new(a);
    return state_open(a, &why, in(folder, "f"), str_of(version), &state, &found);
}

static inline void open_state(const char *version)
{
    struct outcome o = try_open(dir, version);
    WANT(!failed(o), "%.*s", STR_ARG(why_text(&why)));
}

static inline void close_state(void)
{
    state_close(state);
    state = NULL;
}

static inline void replace(const char *snapshot)
{
    WANT(!failed(state_replace(state, &why, str_of(snapshot))), "%.*s", STR_ARG(why_text(&why)));
}

static inline void append(const char *record)
{
    WANT(!failed(state_append(state, &why, str_of(record))), "%.*s", STR_ARG(why_text(&why)));
}

/* Those that were found, each followed by a blank. */
static inline struct str records(void)
{
    struct str s = STR("");
    for (size_t i = 0; i < found.n_records; i++)
        s = arena_join(a, s, found.records[i], STR(" "));
    return s;
}

#endif
