#include "scenarios/state.h"

#include "base/encode.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "scenarios/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * How FILE is replaced, so that at every moment FILE and FILE.journal together say one thing:
 *
 *   1. the new FILE is written aside and synced;
 *   2. the old journal is told its name: a line `next`, synced.  While FILE is the old one, that
 *      line says nothing; once FILE is the new one, it says that the journal is spent;
 *   3. FILE is renamed into place, and the folder synced.  From here on the new FILE is in force;
 *   4. a new journal is written aside, synced and renamed into place.
 *
 * The folder is synced in 3 before the old journal can go in 4, else a power cut could bring back
 * the old FILE and not its journal.  The same goes for a journal and its first record: see settle.
 *
 * A FILE replaced by the very same bytes would be told from the old one by nothing, so there 2 is
 * left out, and step 4, one rename, is what counts.
 *
 * The lock is on a file of its own, for FILE and its journal are renamed over.  Under it, what is
 * written aside can have one name, so that what kills leave of it does not pile up.
 */
enum {
    SNAPSHOT_BYTES_MAX = 64 * 1024 * 1024, /* as PUT world */
    JOURNAL_BYTES_MAX = 256 * 1024 * 1024, /* four such snapshots; it is folded in long before */
    FRAME_BYTES_MAX = 4096,                /* what lines add to a last record, and a last line */
    LONG_BYTES_MIN = 1024 * 1024,          /* shorter, a fold would cost more than it saves */
    FILE_MODE = 0600,
};

enum phase {
    UNUSED,    /* there is no FILE, or one that nothing was recorded for */
    CONTINUED, /* `fd` is its journal */
    SPENT,     /* FILE is in place, the journal that continues it is still to be written */
};

struct state {
    struct arena *arena; /* owns this */
    struct str version;
    const char *path, *path_aside, *journal, *journal_aside, *lock;
    int lock_fd, fd;
    enum phase phase;
    bool ours;    /* what is on disk is what the caller goes on from: it may append */
    bool settled; /* nothing stands behind `bytes`, and all before is on disk, names included */
    char sha256[JOURNAL_SHA256_BYTES]; /* of FILE; when CONTINUED or SPENT */
    size_t snapshot_bytes, bytes, n_records;
    size_t bytes_unfolded; /* of the journal, when a replacement failed; 0: none did */
    struct journal_check last;
};

static struct str sha256_of(const struct state *s)
{
    return str_n(s->sha256, sizeof s->sha256);
}

static struct str digest(struct arena *a, struct str bytes)
{
    uint8_t sum[SHA256_BYTES];
    sha256(bytes, sum);
    return hex_write(a, sum, sizeof sum);
}

/* ---- files ---- */

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static struct outcome fail_write(struct why *why, const char *path)
{
    FAIL(why, FILE_UNWRITABLE, "%s: %s", path, strerror(errno));
}

static bool write_at(int fd, struct str bytes, size_t offset)
{
    while (bytes.n) {
        ssize_t n = pwrite(fd, bytes.p, bytes.n, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        offset += (size_t)n;
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
    return true;
}

/* A new file, synced; nothing of a file that had the name, nor through a link that had it. */
static struct outcome write_aside(struct why *why, const char *path, struct str bytes, int *out)
{
    (void)unlink(path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return fail_write(why, path);
    if (fchmod(fd, FILE_MODE) != 0 || !write_at(fd, bytes, 0) || fsync(fd) != 0) {
        struct outcome o = fail_write(why, path);
        close(fd);
        (void)unlink(path);
        return o;
    }
    *out = fd;
    return OK;
}

static struct outcome sync_names(const struct state *s, struct why *why)
{
    return file_sync_dir(why->arena, s->path) ? OK : fail_write(why, s->path);
}

static struct outcome read_fd(struct arena *a, struct why *why, const char *path, int fd,
                              size_t max_bytes, struct str *out)
{
    struct stat st;
    ssize_t n = 1;
    if (fstat(fd, &st) != 0)
        FAIL(why, FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        FAIL(why, STATE_INVALID, "%s: not a regular file", path);
    if ((uintmax_t)st.st_size > max_bytes)
        FAIL(why, FILE_UNREADABLE, "%s: larger than %zu bytes", path, max_bytes);
    size_t size = (size_t)st.st_size, got = 0;
    char *p = arena_room(a, size);
    for (; got < size && n != 0; got += n > 0 ? (size_t)n : 0) {
        n = pread(fd, p + got, size - got, (off_t)got);
        if (n < 0 && errno != EINTR)
            FAIL(why, FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    }
    *out = str_n(p, got);
    return OK;
}

/* *fd stays -1 when there is no such file; a FIFO or a link is not waited for or followed. */
static struct outcome open_file(struct why *why, const char *path, int flags, int *fd)
{
    *fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (*fd >= 0 || errno == ENOENT)
        return OK;
    if (errno == ELOOP)
        FAIL(why, STATE_INVALID, "%s: a symbolic link; name the file it leads to", path);
    if (errno == EISDIR)
        FAIL(why, STATE_INVALID, "%s: not a regular file", path);
    FAIL(why, FILE_UNREADABLE, "%s: %s", path, strerror(errno));
}

/* ---- the lock ---- */

static bool is_at(int fd, const char *path)
{
    struct stat mine, there;
    return fstat(fd, &mine) == 0 && lstat(path, &there) == 0 && mine.st_dev == there.st_dev &&
           mine.st_ino == there.st_ino;
}

static struct outcome try_lock(const struct state *s, struct why *why, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size)
        FAIL(why, STATE_INVALID, "%s: not a lock of understudy's; move it away", s->lock);
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            FAIL(why, STATE_IN_USE, "%s: another understudy uses it, and holds %s", s->path,
                 s->lock);
        if (errno != EINTR)
            return fail_write(why, s->lock);
    }
    return OK;
}

/* Whoever had the lock before may have taken the file away since it was opened here. */
static struct outcome lock(struct state *s, struct why *why)
{
    int fd = -1;
    do {
        close_fd(&fd);
        fd = open(s->lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, FILE_MODE);
        if (fd < 0)
            return fail_write(why, s->lock);
        struct outcome o = try_lock(s, why, fd);
        if (failed(o)) {
            close(fd);
            return o;
        }
    } while (!is_at(fd, s->lock));
    s->lock_fd = fd;
    return OK;
}

/* Takes away what only the owner of the lock may, the lock last. */
static void unlock(struct state *s)
{
    if (s->lock_fd >= 0 && is_at(s->lock_fd, s->lock)) {
        (void)unlink(s->path_aside);
        (void)unlink(s->journal_aside);
        (void)unlink(s->lock);
    }
    close_fd(&s->lock_fd);
}

/* ---- opening ---- */

static struct outcome misfit(const struct state *s, struct why *why, struct str detail)
{
    if (why->fault == FAULT_NONE)
        why->place = arena_printf(why->arena, "%s:1", s->journal);
    FAIL(why, STATE_INVALID, "%.*s", STR_ARG(detail));
}

static void go_on(struct state *s, enum phase phase, struct str version, struct state_found *found)
{
    s->phase = phase;
    s->ours = found->ours = str_eq(version, s->version);
}

static void take_records(struct state *s, const struct journal *j, struct state_found *found)
{
    found->records = j->records;
    found->n_records = s->n_records = j->n_records;
    s->bytes = j->bytes;
    s->last = j->last;
}

/* There is a FILE and a journal: does it continue FILE, was it continued by FILE, or neither? */
static struct outcome judge(struct state *s, struct why *why, const struct journal *j,
                            struct state_found *found)
{
    found->cut = j->cut;
    if (str_eq(j->sha256, sha256_of(s))) {
        go_on(s, CONTINUED, j->version, found);
        take_records(s, j, found);
    } else if (str_eq(j->next_sha256, sha256_of(s))) {
        go_on(s, SPENT, j->next_version, found);
    } else if (j->n_records) {
        return misfit(s, why,
                      arena_printf(why->arena,
                                   "%s is not the file that this journal continues, and the "
                                   "journal holds changes (%zu) to that one: bring back the file "
                                   "as it was, or move the journal away to go on without them",
                                   s->path, j->n_records));
    }
    return OK;
}

static struct outcome read_journal(struct state *s, struct arena *a, struct why *why,
                                   struct state_found *found)
{
    struct str text;
    struct journal j;
    TRY(open_file(why, s->journal, O_RDWR, &s->fd));
    if (s->fd < 0)
        return OK;
    TRY(read_fd(a, why, s->journal, s->fd, JOURNAL_BYTES_MAX + FRAME_BYTES_MAX, &text));
    TRY(journal_read(a, why, s->journal, text, &j));
    if (!found->exists)
        return misfit(s, why,
                      arena_printf(why->arena,
                                   "%s is missing, which this journal (changes: %zu) continues: "
                                   "bring it back, or move the journal away to begin anew",
                                   s->path, j.n_records));
    return judge(s, why, &j, found);
}

static struct outcome read_snapshot(struct state *s, struct arena *a, struct why *why,
                                    struct state_found *found)
{
    int fd;
    TRY(open_file(why, s->path, O_RDONLY, &fd));
    if (fd < 0)
        return OK;
    struct outcome o = read_fd(a, why, s->path, fd, SNAPSHOT_BYTES_MAX, &found->snapshot);
    close(fd);
    found->exists = !failed(o);
    s->snapshot_bytes = found->snapshot.n;
    memcpy(s->sha256, digest(a, found->snapshot).p, sizeof s->sha256);
    return o;
}

static struct state *new_state(const char *path, struct str version)
{
    struct arena *own = arena_new();
    struct state *s = arena_make(own, struct state);
    s->arena = own;
    s->version = arena_str(own, version);
    s->path = arena_cstr(own, str_of(path));
    s->path_aside = arena_printf(own, "%s.journal.next", path).p;
    s->journal = arena_printf(own, "%s.journal", path).p;
    s->journal_aside = arena_printf(own, "%s.journal.new", path).p;
    s->lock = arena_printf(own, "%s.journal.lock", path).p;
    s->lock_fd = s->fd = -1;
    return s;
}

static struct outcome open_all(struct state *s, struct arena *a, struct why *why,
                               struct state_found *found)
{
    if (!*s->path)
        FAIL(why, FILE_UNREADABLE, "the state file has an empty name");
    TRY(lock(s, why));
    TRY(read_snapshot(s, a, why, found));
    return read_journal(s, a, why, found);
}

struct outcome state_open(struct arena *a, struct why *why, const char *path, struct str version,
                          struct state **out, struct state_found *found)
{
    struct state *s = new_state(path, version);
    struct state_found f = { 0 };
    struct outcome o = open_all(s, a, why, &f);
    if (failed(o)) {
        state_close(s);
        return o;
    }
    *found = f;
    *out = s;
    return OK;
}

void state_close(struct state *s)
{
    if (!s)
        return;
    close_fd(&s->fd);
    unlock(s);
    arena_free(s->arena);
}

/* ---- writing ---- */

/*
 * Before a line is added: takes away what stands behind the last record (one cut short, one that
 * failed, a `next` whose FILE did not come), and puts on disk what a process that was killed left
 * in memory, its renaming of this journal included.
 */
static struct outcome settle(struct state *s, struct why *why)
{
    if (s->settled)
        return OK;
    if (ftruncate(s->fd, (off_t)s->bytes) != 0 || fdatasync(s->fd) != 0)
        return fail_write(why, s->journal);
    TRY(sync_names(s, why));
    s->settled = true;
    return OK;
}

/* Puts a line behind the last record; it counts once the caller moves `bytes` behind it. */
static struct outcome put(struct state *s, struct why *why, struct str line)
{
    if (write_at(s->fd, line, s->bytes) && fdatasync(s->fd) == 0)
        return OK;
    struct outcome o = fail_write(why, s->journal);
    s->settled = false;
    (void)failed(settle(s, why)); /* else before the next line */
    return o;
}

/* Writes the journal that continues FILE, without records, in place of any other. */
static struct outcome begin(struct state *s, struct why *why)
{
    struct journal_check last;
    struct str first = journal_first(why->arena, sha256_of(s), s->version, &last);
    int fd;
    TRY(write_aside(why, s->journal_aside, first, &fd));
    if (rename(s->journal_aside, s->journal) != 0) {
        struct outcome o = fail_write(why, s->journal);
        close(fd);
        (void)unlink(s->journal_aside);
        return o;
    }
    close_fd(&s->fd);
    s->fd = fd;
    s->phase = CONTINUED;
    s->settled = false;
    s->bytes = first.n;
    s->n_records = 0;
    s->last = last;
    return OK;
}

/* What is spent must be gone before anything builds on the FILE that came after it. */
static struct outcome begin_if_spent(struct state *s, struct why *why)
{
    if (s->phase != SPENT)
        return OK;
    TRY(sync_names(s, why));
    return begin(s, why);
}

struct outcome state_append(struct state *s, struct why *why, struct str record)
{
    struct journal_check last;
    if (s->bytes + record.n > JOURNAL_BYTES_MAX)
        FAIL(why, FILE_UNWRITABLE, "%s: it would be larger than %d bytes", s->journal,
             JOURNAL_BYTES_MAX);
    if (str_find(record, '\n') < record.n)
        FAIL(why, INTERNAL, "%s: a record of several lines", s->journal);
    if (!s->ours)
        FAIL(why, FILE_UNWRITABLE, "%s: nothing can be added to it before it is written anew",
             s->path);
    TRY(begin_if_spent(s, why));
    TRY(settle(s, why));
    last = s->last;
    struct str line = journal_record(why->arena, record, &last);
    TRY(put(s, why, line));
    s->bytes += line.n;
    s->last = last;
    s->n_records++;
    return OK;
}

/* ---- replacing ---- */

/* Step 2: tells the journal in force which FILE is about to come. */
static struct outcome announce(struct state *s, struct why *why, struct str sha256)
{
    struct journal_check last = s->last;
    if (s->phase != CONTINUED)
        return OK;
    TRY(settle(s, why));
    TRY(put(s, why, journal_next(why->arena, sha256, s->version, &last)));
    s->settled = false;
    return OK;
}

/* Steps 1 to 3. */
static struct outcome place(struct state *s, struct why *why, struct str snapshot,
                            struct str sha256, bool same)
{
    int fd;
    TRY(write_aside(why, s->path_aside, snapshot, &fd));
    close(fd);
    struct outcome o = same ? OK : announce(s, why, sha256);
    if (!failed(o) && rename(s->path_aside, s->path) != 0)
        o = fail_write(why, s->path);
    if (failed(o))
        (void)unlink(s->path_aside);
    return o;
}

static struct outcome replace_with_same(struct state *s, struct why *why)
{
    TRY(begin(s, why));
    s->ours = false;
    return sync_names(s, why);
}

/* From here on the new FILE is in force; its journal can wait until there is room for it. */
static struct outcome replace_with_other(struct state *s, struct why *why, struct str snapshot,
                                         struct str sha256)
{
    struct why unheard = why_new(why->arena);
    s->phase = SPENT;
    s->ours = false;
    s->snapshot_bytes = snapshot.n;
    s->bytes = s->n_records = 0;
    memcpy(s->sha256, sha256.p, sizeof s->sha256);
    TRY(sync_names(s, why));
    (void)failed(begin(s, &unheard));
    return OK;
}

static struct outcome replace(struct state *s, struct why *why, struct str snapshot)
{
    if (snapshot.n > SNAPSHOT_BYTES_MAX)
        FAIL(why, FILE_UNWRITABLE, "%s: it would be larger than %d bytes", s->path,
             SNAPSHOT_BYTES_MAX);
    struct str sha256 = digest(why->arena, snapshot);
    TRY(begin_if_spent(s, why));
    bool same = s->phase == CONTINUED && str_eq(sha256, sha256_of(s));
    TRY(place(s, why, snapshot, sha256, same));
    TRY(same ? replace_with_same(s, why) : replace_with_other(s, why, snapshot, sha256));
    s->ours = true;
    return OK;
}

struct outcome state_replace(struct state *s, struct why *why, struct str snapshot)
{
    struct outcome o = replace(s, why, snapshot);
    s->bytes_unfolded = failed(o) ? s->bytes : 0;
    return o;
}

/* What failed is not tried with every record: making a snapshot of a large world takes a second. */
bool state_is_long(const struct state *s)
{
    size_t enough = s->snapshot_bytes > LONG_BYTES_MIN ? s->snapshot_bytes : LONG_BYTES_MIN;
    return s->bytes > enough + s->bytes_unfolded;
}

size_t state_n_records(const struct state *s)
{
    return s->n_records;
}
