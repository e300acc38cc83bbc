#include "scenarios/record.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct record {
    int fd;
    pthread_mutex_t lock;
    size_t n_lost;
    bool cut; /* the last line may lack its end */
};

static bool put(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
    return true;
}

/* What a crash left without its end would swallow the next line too. */
static bool close_last_line(int fd)
{
    struct stat st;
    char last;
    if (fstat(fd, &st) != 0)
        return false;
    if (!S_ISREG(st.st_mode) || st.st_size == 0)
        return true;
    if (pread(fd, &last, 1, st.st_size - 1) != 1)
        return false;
    return last == '\n' || put(fd, STR("\n"));
}

struct outcome record_open(struct why *why, const char *path, struct record **out)
{
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0 && !close_last_line(fd)) {
        int failed_with = errno;
        close(fd);
        fd = -1;
        errno = failed_with;
    }
    if (fd < 0)
        FAIL(why, FILE_UNWRITABLE, "%s: %s", path, strerror(errno));
    struct record *r = calloc(1, sizeof *r);
    if (!r || pthread_mutex_init(&r->lock, NULL) != 0)
        abort();
    r->fd = fd;
    *out = r;
    return OK;
}

void record_add(struct record *r, struct str line)
{
    struct arena *a = arena_new();
    pthread_mutex_lock(&r->lock); /* one write, but where the disk takes it in parts */
    struct str whole = arena_join(a, r->cut ? STR("\n") : STR(""), line, STR("\n"));
    r->cut = !put(r->fd, whole);
    r->n_lost += r->cut;
    pthread_mutex_unlock(&r->lock);
    arena_free(a);
}

size_t record_lost(struct record *r)
{
    pthread_mutex_lock(&r->lock);
    size_t lost = r->n_lost;
    pthread_mutex_unlock(&r->lock);
    return lost;
}

void record_close(struct record *r)
{
    if (!r)
        return;
    close(r->fd);
    pthread_mutex_destroy(&r->lock);
    free(r);
}
