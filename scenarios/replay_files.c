#include "scenarios/replay_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 32 };

static void add(struct arena *a, struct replay_files *f, struct str path, bool named)
{
    if (f->n == f->capacity) {
        size_t capacity = f->capacity ? f->capacity * 2 : 64;
        struct replay_file *more = arena_array(a, struct replay_file, capacity);
        if (f->n)
            memcpy(more, f->items, f->n * sizeof *more);
        f->items = more;
        f->capacity = capacity;
    }
    f->items[f->n++] =
        (struct replay_file){ arena_str(a, path), named, str_ends(path, STR(".jsonl")) };
}

static int by_bytes(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

struct names {
    struct str *items;
    size_t n, capacity;
};

static void add_name(struct arena *a, struct names *names, const char *name)
{
    if (names->n == names->capacity) {
        size_t capacity = names->capacity ? names->capacity * 2 : 64;
        struct str *more = arena_array(a, struct str, capacity);
        if (names->n)
            memcpy(more, names->items, names->n * sizeof *more);
        names->items = more;
        names->capacity = capacity;
    }
    names->items[names->n++] = arena_str(a, str_of(name));
}

static struct outcome read_folder(struct arena *a, struct why *why, struct str path,
                                  struct names *out)
{
    DIR *dir = opendir(path.p);
    struct dirent *entry;
    if (!dir)
        FAIL(why, FILE_UNREADABLE, "%s: %s", path.p, strerror(errno));
    while ((entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.') /* itself, the one above, and what is hidden */
            add_name(a, out, entry->d_name);
    closedir(dir);
    if (out->n)
        qsort(out->items, out->n, sizeof *out->items, by_bytes);
    return OK;
}

static struct str below(struct arena *a, struct str folder, struct str name)
{
    bool slash = str_ends(folder, STR("/"));
    return arena_printf(a, "%.*s%s%.*s", STR_ARG(folder), slash ? "" : "/", STR_ARG(name));
}

static struct outcome walk(struct arena *a, struct why *why, struct str folder, int depth,
                           struct replay_files *out)
{
    struct names names = { .n = 0 };
    struct stat st;
    if (depth > DEPTH_MAX)
        FAIL(why, FILE_UNREADABLE, "%s: folders nested deeper than %d", folder.p, DEPTH_MAX);
    TRY(read_folder(a, why, folder, &names));
    for (size_t i = 0; i < names.n; i++) {
        struct str path = below(a, folder, names.items[i]);
        if (lstat(path.p, &st) == 0 && S_ISDIR(st.st_mode))
            TRY(walk(a, why, path, depth + 1, out));
        else if (str_ends(path, STR(".json")))
            add(a, out, path, false);
    }
    return OK;
}

struct outcome replay_files_find(struct arena *a, struct why *why, struct str path,
                                 struct replay_files *out)
{
    struct stat st;
    if (stat(path.p, &st) != 0)
        FAIL(why, FILE_UNREADABLE, "%s: %s", path.p, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return walk(a, why, path, 0, out);
    add(a, out, path, true);
    return OK;
}
