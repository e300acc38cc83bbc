#include "tests/scenarios/state_fixture.h"
#include "tests/support/disk.h"

#include "base/text.h"

#include <signal.h>
#include <sys/wait.h>

Suite *state_kills_suite(void);

/*
 * Nothing acknowledged is lost: whatever a kill or a power cut leaves, at each system call of what
 * is done, is opened and must be the world before the step that was under way or the one after it.
 */

struct world {
    bool exists;
    struct str snapshot, records; /* each record followed by a blank */
};

enum { WORLDS_MAX = 16, SEEN_MAX = 1 << 16 };

/*
 * Scripts are words: R... replaces the snapshot by what follows the R, +... appends a record, O
 * closes and opens.
 */
struct play {
    const char *name;
    struct world may[WORLDS_MAX]; /* what may be found; the first is in force */
    size_t n_may;
    bool fails_long;           /* the disk fails for more than one call */
    size_t look_from, look_to; /* after so many calls; further on all is as it was seen elsewhere */
    size_t looked, opened;
};

static struct world world_found(void)
{
    return (struct world){ found.exists, found.snapshot, records() };
}

static bool same(const struct world *x, const struct world *y)
{
    return x->exists == y->exists && str_eq(x->snapshot, y->snapshot) &&
           str_eq(x->records, y->records);
}

static struct str world_text(const struct world *w)
{
    if (!w->exists)
        return STR("nothing");
    return arena_printf(a, "\"%.*s\" with \"%.*s\"", STR_ARG(w->snapshot), STR_ARG(w->records));
}

static size_t want_world(const struct play *p, const char *what, const struct world *w)
{
    struct str allowed = STR("");
    for (size_t i = 0; i < p->n_may; i++) {
        if (same(&p->may[i], w))
            return i;
        allowed = arena_join(a, allowed, STR(" / "), world_text(&p->may[i]));
    }
    ck_abort_msg("%s, %s: found %.*s, wanted %.*s", p->name, what, STR_ARG(world_text(w)),
                 STR_ARG(allowed));
    return 0;
}

static void know(struct play *p, struct world w)
{
    p->may[0] = w;
    p->n_may = 1;
}

/* ---- looking at what is left ---- */

static const char *const losses[DISK_LOSSES] = { "killed", "all lost", "bytes lost", "bytes zeroed",
                                                 "names lost" };

/* Opens the other folder, and goes on from it. */
static void look(const struct play *p, const char *what)
{
    WANT(!failed(try_open(other, "v1")), "%s, %s: %.*s", p->name, what, STR_ARG(why_text(&why)));
    struct world w = world_found();
    (void)want_world(p, what, &w);
    if (!found.ours) {
        replace("again");
        w = (struct world){ true, STR("again"), STR("") };
    }
    append("more");
    w.records = arena_join(a, w.records, STR("more "));
    close_state();
    WANT(!failed(try_open(other, "v1")), "%s, %s: %.*s", p->name, what, STR_ARG(why_text(&why)));
    struct world then = world_found();
    WANT(same(&then, &w) && found.ours, "%s, %s: went on to %.*s", p->name, what,
         STR_ARG(world_text(&then)));
    close_state();
}

static uint32_t hash(const struct play *p, const struct disk_left *left)
{
    struct text t = text_new(a, 64 * 1024);
    for (size_t i = 0; i < left->n; i++)
        text_printf(&t, "%s %zu %.*s\n", left->files[i].name, left->files[i].bytes.n,
                    STR_ARG(left->files[i].bytes));
    for (size_t i = 0; i < p->n_may; i++)
        text_printf(&t, "%.*s\n", STR_ARG(world_text(&p->may[i])));
    WANT(!t.full, "%s", p->name);
    return str_hash(text_str(&t)) | 1;
}

/* False for what was left before, when the same was right: it needs no second look. */
static bool is_new(const struct play *p, const struct disk_left *left)
{
    static uint32_t seen[SEEN_MAX];
    static size_t n;
    uint32_t h = hash(p, left), i = h % SEEN_MAX;
    for (; seen[i]; i = (i + 1) % SEEN_MAX)
        if (seen[i] == h)
            return false;
    seen[i] = h;
    WANT(++n < SEEN_MAX / 2, "%s", p->name);
    return true;
}

static void look_at_all(void *context)
{
    struct play *p = context;
    if (disk_calls() < p->look_from || disk_calls() >= p->look_to)
        return;
    struct arena *outer = a;
    struct why outer_why = why;
    struct state *outer_state = state;
    struct state_found outer_found = found;
    a = arena_new();
    for (int loss = 0; loss < DISK_LOSSES; loss++) {
        struct disk_left left;
        disk_left(a, (enum disk_loss)loss, &left);
        p->looked++;
        if (!is_new(p, &left))
            continue;
        p->opened++;
        disk_put(&left, other);
        look(p, losses[loss]);
    }
    arena_free(a);
    a = outer;
    why = outer_why;
    state = outer_state;
    found = outer_found;
}

/* ---- playing ---- */

static struct world world_after(const struct world *w, struct str word)
{
    struct str rest = str_sub(word, 1, word.n);
    if (word.p[0] == 'R')
        return (struct world){ true, rest, STR("") };
    return (struct world){ w->exists, w->snapshot, arena_join(a, w->records, rest, STR(" ")) };
}

static struct outcome act(struct str word)
{
    struct str rest = str_sub(word, 1, word.n);
    why = why_new(a);
    return word.p[0] == 'R' ? state_replace(state, &why, rest) : state_append(state, &why, rest);
}

static void reopen(struct play *p)
{
    close_state();
    open_state("v1");
    struct world w = world_found();
    for (size_t i = want_world(p, "reopened", &w); i > 0; i--)
        p->may[i] = p->may[i - 1];
    p->may[0] = w; /* in force; a power cut may still bring back another */
}

/*
 * After a failure the old world is in force.  The new one may be on disk all the same only where
 * the failure could not be undone, or where FILE was renamed and the folder not synced.
 */
static bool may_be_there(const struct play *p, struct str word)
{
    return p->fails_long || (word.p[0] == 'R' && disk_failed_to_sync_names());
}

static void play_word(struct play *p, struct str word)
{
    if (str_eq(word, STR("O"))) {
        reopen(p);
        return;
    }
    struct world then = world_after(&p->may[0], word);
    WANT(p->n_may < WORLDS_MAX, "%s", p->name);
    p->may[p->n_may++] = then;
    struct outcome o = act(word);
    if (!failed(o)) {
        know(p, then);
    } else {
        WANT(o.fault == FAULT_FILE_UNWRITABLE, "%.*s", STR_ARG(why_text(&why)));
        p->n_may -= !may_be_there(p, word);
    }
}

/* Watches the folder; the state is open, and what it holds is known. */
static void start(struct play *p, const char *name, void (*step)(void *context))
{
    *p = (struct play){ .name = name, .look_to = SIZE_MAX };
    disk_watch(dir, step, p);
    open_state("v1");
    know(p, world_found());
}

static void play_all(struct play *p, const char *script)
{
    struct str rest = str_of(script);
    while (rest.n)
        play_word(p, str_cut(&rest, ' '));
}

static void finish(struct play *p)
{
    reopen(p);
    close_state();
    disk_unwatch();
}

static struct play play;

static const struct {
    const char *name, *script;
} scripts[] = {
    { "a first file and its changes", "Ra +1 +22 +3" },
    { "a fold", "Ra +1 Rb +2 +3 Rc" },
    { "a file replaced by the same bytes", "Ra +1 Ra +2 +3 Ra Ra +4" },
    { "a file that comes back", "Ra +1 Rb +2 Ra +3 Rb" },
    { "openings", "Ra O +1 O O +2 Rb O +3 O Rb O Rb" },
    { "folds without changes", "Ra Rb Rc O Rc" },
};
enum { SCRIPTS = sizeof scripts / sizeof scripts[0] };

START_TEST(nothing_is_lost_at_any_step)
{
    start(&play, scripts[_i].name, look_at_all);
    play_all(&play, scripts[_i].script);
    ck_assert_uint_eq(play.n_may, 1);
    ck_assert_uint_gt(disk_calls(), 15);
    ck_assert_uint_ge(play.looked, disk_calls() * DISK_LOSSES);
    ck_assert_uint_gt(play.opened, 20);
    finish(&play);
}
END_TEST

/* ---- a second kill, in what goes on from the first ---- */

enum { LEFT_MAX = 500 };

static struct {
    struct disk_left left[LEFT_MAX];
    size_t n;
} kept;

static void keep(void *context)
{
    for (int loss = 0; loss < DISK_LOSSES; loss++) {
        WANT(kept.n < LEFT_MAX, "%zu", kept.n);
        disk_left(a, (enum disk_loss)loss, &kept.left[kept.n]);
        kept.n += is_new(context, &kept.left[kept.n]);
    }
}

static void go_on(const char *script)
{
    struct arena *outer = a;
    a = arena_new();
    start(&play, "a second kill", look_at_all);
    if (!found.ours)
        play_word(&play, STR("Rx"));
    play_all(&play, script);
    ck_assert_uint_eq(play.n_may, 1);
    finish(&play);
    arena_free(a);
    a = outer;
}

static const char *const second_scripts[] = { "+8 Ry +9", "Rb +8 Ra" };

START_TEST(a_second_kill_loses_nothing_either)
{
    static struct play first;
    start(&first, "a first kill", keep);
    play_all(&first, "Ra +1 Rb +2 Rb");
    finish(&first);
    ck_assert_uint_gt(kept.n, 30);
    for (size_t i = 0; i < kept.n; i++) {
        disk_put(&kept.left[i], dir);
        go_on(second_scripts[_i]);
    }
}
END_TEST

/* ---- a disk that fails ---- */

static const struct {
    const char *name;
    size_t n_calls;
    bool synced;
} failures[] = {
    { "one call fails", 1, false },
    { "one call fails, and has synced", 1, true },
    { "two calls fail", 2, false },
    { "the disk fails for good", 1000000, false },
};
enum { FAILURES = sizeof failures / sizeof failures[0] };

/* False when the script ends before that call. */
static bool play_failing(const char *script, size_t nth, size_t n_calls, bool synced)
{
    struct arena *outer = a;
    a = arena_new();
    empty(dir);
    start(&play, script, look_at_all);
    play.fails_long = n_calls > 1;
    play.look_from = nth;
    play.look_to = nth + 12; /* what failed, and a word or two more */
    disk_fail(nth, n_calls, synced);
    play_all(&play, script);
    bool reached = disk_calls() >= nth;
    finish(&play);
    arena_free(a);
    a = outer;
    return reached;
}

START_TEST(a_call_that_fails_loses_nothing)
{
    const char *script = scripts[_i % SCRIPTS].script;
    size_t n_calls = failures[_i / SCRIPTS].n_calls, nth = 1;
    while (play_failing(script, nth, n_calls, failures[_i / SCRIPTS].synced))
        nth++;
    ck_assert_msg(nth > 15, "%s: %zu", failures[_i / SCRIPTS].name, nth);
}
END_TEST

/* ---- processes that are killed ---- */

/* Appends 0, 1, 2, ... and folds now and then; says so once each is acknowledged. */
static void work(int pipe_fd)
{
    uint32_t next = 0;
    open_state("v1");
    if (found.n_records)
        next = (uint32_t)atoi(found.records[found.n_records - 1].p) + 1;
    else if (found.exists)
        next = (uint32_t)atoi(found.snapshot.p);
    if (!found.ours)
        replace(arena_printf(a, "%u\n", next).p);
    for (;; next++) {
        if (next % 16 == 7)
            replace(arena_printf(a, "%u\n", next).p);
        append(arena_printf(a, "%u", next).p);
        if (write(pipe_fd, &next, sizeof next) != sizeof next)
            _exit(1);
    }
}

/* The last number that was acknowledged before the kill; some were. */
static uint32_t kill_one(int n_acknowledged, useconds_t after_us)
{
    int fds[2];
    uint32_t last = 0;
    ck_assert_int_eq(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0)
        work(fds[1]);
    close(fds[1]);
    for (int i = 0; i < n_acknowledged; i++)
        WANT(read(fds[0], &last, sizeof last) == sizeof last, "it ended by itself");
    usleep(after_us);
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    while (read(fds[0], &last, sizeof last) == sizeof last)
        ;
    close(fds[0]);
    return last;
}

/* Numbers without a gap, from the snapshot's to the last. */
static uint32_t last_found(void)
{
    uint32_t next = (uint32_t)atoi(found.snapshot.p);
    for (size_t i = 0; i < found.n_records; i++, next++)
        WANT(str_eq(found.records[i], arena_printf(a, "%u", next)), "%u: found %.*s", next,
             STR_ARG(found.records[i]));
    return next - 1;
}

START_TEST(a_process_killed_loses_nothing)
{
    enum { KILLS = 40 };
    for (int i = 0; i < KILLS; i++) {
        uint32_t last = kill_one(1 + i % 12, (useconds_t)(i * 7919 % 1000));
        open_state("v1");
        uint32_t there = last_found();
        WANT(there == last || there == last + 1, "acknowledged %u, found %u", last, there);
        close_state();
    }
}
END_TEST

/* Thousands of images pass through the folders: in memory, where there is such a place. */
static void setup_in_memory(void)
{
    a = arena_new();
    why = why_new(a);
    if (!make_folder(dir, sizeof dir, "/dev/shm") || !make_folder(other, sizeof other, "/dev/shm"))
        setup();
}

Suite *state_kills_suite(void)
{
    Suite *s = suite_create("state_kills");
    TCase *t = tcase_create("images"), *real = tcase_create("kills");
    tcase_add_checked_fixture(t, setup_in_memory, teardown);
    tcase_add_checked_fixture(real, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_set_timeout(real, 60);
    tcase_add_loop_test(t, nothing_is_lost_at_any_step, 0, SCRIPTS);
    tcase_add_loop_test(t, a_second_kill_loses_nothing_either, 0, 2);
    tcase_add_loop_test(t, a_call_that_fails_loses_nothing, 0, FAILURES * SCRIPTS);
    tcase_add_test(real, a_process_killed_loses_nothing);
    suite_add_tcase(s, t);
    suite_add_tcase(s, real);
    return s;
}
