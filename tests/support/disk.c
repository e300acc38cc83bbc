#include "tests/support/disk.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEEN_MAX = 1024 };

/* A file that was seen; held open, so that no other gets its number. */
struct file {
    ino_t ino;
    int fd;
    struct str synced;
};

struct name {
    const char *name;
    struct file *file;
};

static struct {
    struct arena *arena; /* NULL: nothing is watched */
    const char *dir;
    void (*step)(void *context);
    void *context;
    bool busy; /* in a step, whose own calls count for nothing */
    size_t calls, fail_from, fail_to;
    bool syncs_all_the_same, failed_to_sync_names;
    struct file files[SEEN_MAX];
    struct name names[DISK_FILES_MAX]; /* synced */
    size_t n_files, n_names;
} disk;

static void want(bool condition)
{
    if (!condition)
        abort();
}

/* ---- files ---- */

static struct str content(struct arena *a, int fd)
{
    struct stat st;
    want(fstat(fd, &st) == 0);
    char *p = arena_room(a, (size_t)st.st_size);
    want(pread(fd, p, (size_t)st.st_size, 0) == st.st_size);
    return str_n(p, (size_t)st.st_size);
}

static struct file *file_of(ino_t ino, const char *path)
{
    for (size_t i = 0; i < disk.n_files; i++)
        if (disk.files[i].ino == ino)
            return &disk.files[i];
    want(disk.n_files < SEEN_MAX);
    struct file *f = &disk.files[disk.n_files++];
    *f = (struct file){ .ino = ino, .fd = open(path, O_RDONLY | O_CLOEXEC) };
    want(f->fd >= 0);
    return f;
}

static size_t list(struct arena *a, struct name *names)
{
    size_t n = 0;
    DIR *d = opendir(disk.dir);
    want(d);
    for (const struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.') {
            want(n < DISK_FILES_MAX);
            names[n].name = arena_cstr(a, str_of(e->d_name));
            const char *path = arena_printf(a, "%s/%s", disk.dir, e->d_name).p;
            names[n++].file = file_of(e->d_ino, path);
        }
    closedir(d);
    return n;
}

static void sync_file(int fd)
{
    struct stat st;
    want(fstat(fd, &st) == 0);
    if (S_ISDIR(st.st_mode)) {
        disk.n_names = list(disk.arena, disk.names);
    } else {
        struct file *f = file_of(st.st_ino, arena_printf(disk.arena, "/proc/self/fd/%d", fd).p);
        f->synced = content(disk.arena, f->fd);
    }
}

/* ---- what is left ---- */

static struct str zeroed(struct arena *a, struct str synced, struct str now)
{
    char *p = arena_alloc(a, now.n);
    if (synced.n && now.n)
        memcpy(p, synced.p, synced.n < now.n ? synced.n : now.n);
    return str_n(p, now.n);
}

static struct str bytes_left(struct arena *a, const struct file *f, enum disk_loss loss)
{
    switch (loss) {
    case DISK_KILLED:
    case DISK_NAMES_LOST:
    case DISK_FIRST_NAME_LOST:
    case DISK_FIRST_NAME_KEPT:
        return content(a, f->fd);
    case DISK_ALL_LOST:
    case DISK_BYTES_LOST:
        return arena_str(a, f->synced);
    case DISK_BYTES_ZEROED:
        return zeroed(a, f->synced, content(a, f->fd));
    case DISK_LOSSES:
        break;
    }
    abort();
}

/* Whether it is as it was synced. */
static bool name_lost(const char *name, const char *first, enum disk_loss loss)
{
    bool is_first = strcmp(name, first) == 0;
    return loss == DISK_ALL_LOST || loss == DISK_NAMES_LOST ||
           (loss == DISK_FIRST_NAME_LOST && is_first) ||
           (loss == DISK_FIRST_NAME_KEPT && !is_first);
}

static const char *first_of(const struct name *names, size_t n, const char *first)
{
    for (size_t i = 0; i < n; i++)
        if (!*first || strcmp(names[i].name, first) < 0)
            first = names[i].name;
    return first;
}

static void leave(struct arena *a, const struct name *name, enum disk_loss loss,
                  struct disk_left *out)
{
    want(out->n < DISK_FILES_MAX);
    out->files[out->n++] =
        (struct disk_file){ arena_cstr(a, str_of(name->name)), bytes_left(a, name->file, loss) };
}

void disk_left(struct arena *a, enum disk_loss loss, struct disk_left *out)
{
    struct name now[DISK_FILES_MAX];
    size_t n_now = list(a, now);
    const char *first = first_of(disk.names, disk.n_names, first_of(now, n_now, ""));
    out->n = 0;
    for (size_t i = 0; i < n_now; i++)
        if (!name_lost(now[i].name, first, loss))
            leave(a, &now[i], loss, out);
    for (size_t i = 0; i < disk.n_names; i++)
        if (name_lost(disk.names[i].name, first, loss))
            leave(a, &disk.names[i], loss, out);
}

static void clear(int dir)
{
    DIR *d = fdopendir(dup(dir));
    want(d);
    rewinddir(d);
    for (const struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.')
            want(unlinkat(dir, e->d_name, 0) == 0);
    closedir(d);
}

static void put(int dir, const struct disk_file *f)
{
    int fd = openat(dir, f->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    want(fd >= 0 && write(fd, f->bytes.p, f->bytes.n) == (ssize_t)f->bytes.n);
    close(fd);
}

void disk_put(const struct disk_left *left, const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    want(fd >= 0);
    clear(fd);
    for (size_t i = 0; i < left->n; i++)
        put(fd, &left->files[i]);
    close(fd);
}

/* ---- watching ---- */

void disk_watch(const char *dir, void (*step)(void *context), void *context)
{
    want(!disk.arena);
    disk.arena = arena_new();
    disk.dir = arena_cstr(disk.arena, str_of(dir));
    disk.step = step;
    disk.context = context;
    disk.n_names = list(disk.arena, disk.names);
    for (size_t i = 0; i < disk.n_files; i++)
        disk.files[i].synced = content(disk.arena, disk.files[i].fd);
}

void disk_unwatch(void)
{
    for (size_t i = 0; i < disk.n_files; i++)
        close(disk.files[i].fd);
    arena_free(disk.arena);
    memset(&disk, 0, sizeof disk);
}

void disk_fail(size_t nth, size_t n_calls, bool synced)
{
    disk.syncs_all_the_same = synced;
    disk.fail_from = disk.calls + nth;
    disk.fail_to = disk.fail_from + n_calls;
}

size_t disk_calls(void)
{
    return disk.calls;
}

bool disk_failed_to_sync_names(void)
{
    return disk.failed_to_sync_names;
}

static bool watching(void)
{
    return disk.arena && !disk.busy;
}

static void step(void)
{
    int saved = errno;
    if (!watching())
        return;
    disk.busy = true;
    disk.step(disk.context);
    disk.busy = false;
    errno = saved;
}

/* Counts a call; whether it is to fail. */
static bool fails(void)
{
    if (!watching())
        return false;
    disk.calls++;
    if (disk.calls < disk.fail_from || disk.calls >= disk.fail_to)
        return false;
    disk.failed_to_sync_names = false;
    errno = EIO;
    return true;
}

/* ---- in place of the C library's ---- */

/* memcpy: ISO C converts no pointer to a function from one to an object. */
#define REAL(name)                                     \
    do {                                               \
        void *symbol = dlsym(RTLD_NEXT, #name);        \
        want(symbol);                                  \
        memcpy(&real_##name, &symbol, sizeof(symbol)); \
    } while (0)

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset)
{
    static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
    REAL(pwrite);
    if (!watching())
        return real_pwrite(fd, bytes, n, offset);
    bool fail = fails();
    ssize_t half = (ssize_t)n / 2;
    want(real_pwrite(fd, bytes, (size_t)half, offset) == half);
    step();
    if (fail)
        return -1;
    ssize_t rest = real_pwrite(fd, (const char *)bytes + half, n - (size_t)half, offset + half);
    step();
    return rest < 0 ? rest : half + rest;
}

int ftruncate(int fd, off_t length)
{
    static int (*real_ftruncate)(int, off_t);
    REAL(ftruncate);
    int result = fails() ? -1 : real_ftruncate(fd, length);
    step();
    return result;
}

int rename(const char *from, const char *to)
{
    static int (*real_rename)(const char *, const char *);
    REAL(rename);
    int result = fails() ? -1 : real_rename(from, to);
    step();
    return result;
}

int unlink(const char *path)
{
    static int (*real_unlink)(const char *);
    REAL(unlink);
    int result = fails() ? -1 : real_unlink(path);
    step();
    return result;
}

static int sync_watched(int fd)
{
    struct stat st;
    if (disk.busy)
        return 0;
    bool fail = fails();
    if (fail)
        disk.failed_to_sync_names = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    if (!fail || disk.syncs_all_the_same)
        sync_file(fd);
    step();
    if (fail)
        errno = EIO;
    return fail ? -1 : 0;
}

int fsync(int fd)
{
    static int (*real_fsync)(int);
    REAL(fsync);
    return disk.arena ? sync_watched(fd) : real_fsync(fd);
}

int fdatasync(int fd)
{
    static int (*real_fdatasync)(int);
    REAL(fdatasync);
    return disk.arena ? sync_watched(fd) : real_fdatasync(fd);
}
