#include "base/file.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BYTES = 64 * 1024 };

static struct outcome read_all(struct arena *a, struct why *why, const char *path, int fd,
                               size_t max_bytes, struct str *out)
{
    struct text t = text_new(a, max_bytes);
    char buffer[READ_BYTES];
    ssize_t n;

    while ((n = read(fd, buffer, sizeof buffer)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            FAIL(why, FILE_UNREADABLE, "%s: %s", path, strerror(errno));
        text_put(&t, str_n(buffer, (size_t)n));
        if (t.full)
            FAIL(why, FILE_UNREADABLE, "%s: larger than %zu bytes", path, max_bytes);
    }
    *out = text_str(&t);
    return OK;
}

struct outcome file_read(struct arena *a, struct why *why, const char *path, size_t max_bytes,
                         struct str *out)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        FAIL(why, FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    struct outcome o = read_all(a, why, is_stdin ? "standard input" : path, fd, max_bytes, out);
    if (!is_stdin)
        close(fd);
    return o;
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
    return true;
}

bool file_sync_dir(struct arena *a, const char *path)
{
    int fd = open(file_dir(a, str_of(path)).p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    /* fsync(2), EINVAL: "bound to a special file which does not support synchronization" */
    bool synced = fsync(fd) == 0 || errno == EINVAL;
    int saved = errno;
    close(fd);
    errno = saved;
    return synced;
}

static struct outcome place(struct why *why, const char *path, struct str bytes, unsigned mode,
                            bool durable)
{
    char *temporary = arena_cstr(why->arena, arena_printf(why->arena, "%s.XXXXXX", path));
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        FAIL(why, FILE_UNWRITABLE, "%s: %s", path, strerror(errno));
    bool written = fchmod(fd, mode) == 0 && write_all(fd, bytes) && (!durable || fsync(fd) == 0);
    int saved = errno;
    close(fd);
    if (written && rename(temporary, path) == 0) {
        if (durable) /* the rename is, only once the folder that holds the name is synced too */
            (void)file_sync_dir(why->arena, path);
        return OK;
    }
    if (written)
        saved = errno;
    unlink(temporary);
    FAIL(why, FILE_UNWRITABLE, "%s: %s", path, strerror(saved));
}

struct outcome file_replace(struct why *why, const char *path, struct str bytes, unsigned mode)
{
    return place(why, path, bytes, mode, true);
}

struct outcome file_place(struct why *why, const char *path, struct str bytes, unsigned mode)
{
    return place(why, path, bytes, mode, false);
}

struct outcome file_make_dirs(struct why *why, const char *path, unsigned mode)
{
    char *p = arena_cstr(why->arena, str_of(path));
    for (size_t i = *p ? 1 : 0;; i++) {
        bool end = p[i] == '\0';
        if (!end && p[i] != '/')
            continue;
        p[i] = '\0';
        if (mkdir(p, mode) != 0 && errno != EEXIST)
            FAIL(why, FILE_UNWRITABLE, "%s: %s", p, strerror(errno));
        if (end)
            break;
        p[i] = '/';
    }
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        FAIL(why, FILE_UNWRITABLE, "%s: not a directory", path);
    return OK;
}

struct str file_dir(struct arena *a, struct str path)
{
    size_t slash = path.n;
    while (slash && path.p[slash - 1] != '/')
        slash--;
    if (slash == 0)
        return STR(".");
    return arena_str(a, str_sub(path, 0, slash > 1 ? slash - 1 : 1));
}

struct str file_join(struct arena *a, struct str dir, struct str path)
{
    if (str_starts(path, STR("/")) || str_eq(dir, STR(".")))
        return arena_str(a, path);
    const char *slash = str_ends(dir, STR("/")) ? "" : "/";
    return arena_printf(a, "%.*s%s%.*s", STR_ARG(dir), slash, STR_ARG(path));
}
