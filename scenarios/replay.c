#include "scenarios/replay.h"

#include "base/file.h"
#include "scenarios/golden.h"
#include "scenarios/replay_files.h"
#include "scenarios/stage_server.h"
#include "scenarios/stage_world.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    JOBS_MAX = 64,
    RECORD_BYTES_MAX = 1024 * 1024 * 1024, /* some 800,000 exchanges */
};

/* One text to play: a file, or a line of a record. */
struct unit {
    const struct replay_file *file;
    size_t line;
    struct str text; /* of a record's line; else read when its turn comes */
    struct replay_entry entry;
    bool filtered, other;
};

struct replaying {
    struct arena *a;
    const struct replay_options *options;
    struct stage *server; /* NULL: worlds in this process */
    struct unit *units;
    size_t n_units, capacity;
    struct str *notes;
    size_t n_notes;

    pthread_mutex_t lock; /* guards what follows */
    size_t next, n_done, n_failed;
};

/* ---- what there is ---- */

static struct unit *add_unit(struct replaying *r, const struct replay_file *file)
{
    if (r->n_units == r->capacity) {
        size_t capacity = r->capacity ? r->capacity * 2 : 256;
        struct unit *more = arena_array(r->a, struct unit, capacity);
        if (r->n_units)
            memcpy(more, r->units, r->n_units * sizeof *more);
        r->units = more;
        r->capacity = capacity;
    }
    struct unit *u = &r->units[r->n_units++];
    *u = (struct unit){ .file = file };
    return u;
}

static void note(struct replaying *r, struct str text)
{
    struct str *more = arena_array(r->a, struct str, r->n_notes + 1);
    if (r->n_notes)
        memcpy(more, r->notes, r->n_notes * sizeof *more);
    more[r->n_notes++] = text;
    r->notes = more;
}

/* A record is appended to while a server runs: a line that is no whole JSON was cut by its end. */
static bool is_whole(struct str line)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct json_doc *doc;
    bool whole = !failed(json_load(a, &why, STR("line"), line, JSON_DUPLICATES_REFUSED, &doc));
    arena_free(a);
    return whole;
}

static struct outcome add_record(struct replaying *r, struct why *why,
                                 const struct replay_file *file)
{
    struct str text;
    TRY(file_read(r->a, why, file->path.p, RECORD_BYTES_MAX, &text));
    for (size_t line = 1; text.n; line++) {
        struct str one = str_trim(str_cut(&text, '\n'));
        if (!one.n)
            continue;
        if (!is_whole(one)) {
            note(r, arena_printf(r->a, "%s:%zu: not a whole record, left out", file->path.p, line));
            continue;
        }
        struct unit *u = add_unit(r, file);
        u->line = line;
        u->text = one;
    }
    return OK;
}

static struct outcome find_units(struct replaying *r, struct why *why)
{
    struct replay_files *files = arena_make(r->a, struct replay_files);
    for (size_t i = 0; i < r->options->n_paths; i++)
        TRY(replay_files_find(r->a, why, r->options->paths[i], files));
    for (size_t i = 0; i < files->n; i++) {
        if (files->items[i].record)
            TRY(add_record(r, why, &files->items[i]));
        else
            add_unit(r, &files->items[i]);
    }
    return OK;
}

/* ---- one of them ---- */

static bool contains_nocase(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (str_eq_nocase(str_sub(text, i, part.n), part))
            return true;
    return false;
}

static bool wanted(const struct replaying *r, const struct unit *u)
{
    struct str filter = r->options->filter;
    return !filter.n || contains_nocase(u->entry.title, filter) ||
           contains_nocase(u->entry.file, filter);
}

static struct outcome open_stage(struct replaying *r, struct arena *a, struct why *why,
                                 const struct scenario *s, struct stage *out, struct str *skip)
{
    *skip = STR("");
    if (!r->server)
        return stage_world_open(a, why, s, out);
    *out = *r->server;
    return stage_server_begin(a, why, out, s, skip);
}

/* Places of a record's line name the line. */
static struct str name_of(struct arena *a, const struct unit *u)
{
    return u->line ? arena_printf(a, "%s:%zu", u->file->path.p, u->line) : u->file->path;
}

static struct outcome read_unit(struct arena *a, struct why *why, struct unit *u,
                                struct scenario **out)
{
    struct json_doc *doc;
    if (!u->line)
        TRY(file_read(a, why, u->file->path.p, SCENARIO_BYTES_MAX, &u->text));
    TRY(json_load(a, why, name_of(a, u), u->text, JSON_DUPLICATES_REFUSED, &doc));
    u->other = (!u->file->named || u->line) && !scenario_resembles(doc->root);
    return u->other ? OK : scenario_read(a, why, doc, out);
}

static struct outcome play_unit(struct replaying *r, struct arena *a, struct why *why,
                                struct unit *u)
{
    const struct play_options all = { .all = r->options->write_expected };
    struct scenario *s = NULL;
    struct stage stage;
    struct str skip;
    TRY(read_unit(a, why, u, &s));
    if (u->other)
        return OK;
    u->entry.title = s->title;
    u->filtered = !wanted(r, u);
    if (u->filtered)
        return OK;
    TRY(open_stage(r, a, why, s, &stage, &skip));
    if (skip.n) {
        u->entry.result = (struct play_result){ .verdict = PLAY_SKIPPED, .skipped = skip };
        return OK;
    }
    play(a, s, &stage, &all, &u->entry.result);
    if (r->server)
        TRY(stage_server_leave(a, why, &stage, s));
    if (r->options->write_expected && !u->line && u->entry.result.n_failures)
        TRY(golden_write(a, why, s, &u->entry.result, &u->entry.n_written));
    return OK;
}

/* Of what passed only the title is kept: there may be thousands. */
static void keep(struct replay_entry *e, struct arena *a)
{
    bool empty = !e->bad && e->result.verdict == PLAY_PASSED;
    if (!empty) {
        e->arena = a;
        return;
    }
    e->arena = arena_new_small(512);
    e->title = arena_str(e->arena, e->title);
    arena_free(a);
}

static void run_unit(struct replaying *r, struct unit *u)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    u->entry.file = u->file->path;
    u->entry.line = u->line;
    u->entry.bad = failed(play_unit(r, a, &why, u));
    u->entry.why = why;
    keep(&u->entry, a);
}

/* ---- side by side ---- */

static struct unit *take(struct replaying *r)
{
    pthread_mutex_lock(&r->lock);
    struct unit *u = r->next < r->n_units ? &r->units[r->next++] : NULL;
    pthread_mutex_unlock(&r->lock);
    return u;
}

static void tell(struct replaying *r, const struct unit *u)
{
    const struct replay_options *o = r->options;
    pthread_mutex_lock(&r->lock);
    r->n_done++;
    r->n_failed += u->entry.bad || u->entry.result.verdict == PLAY_FAILED;
    if (o->progress)
        o->progress(o->progress_context, r->n_done, r->n_units, r->n_failed);
    pthread_mutex_unlock(&r->lock);
}

static void *work(void *context)
{
    struct replaying *r = context;
    struct unit *u;
    while ((u = take(r)) != NULL) {
        run_unit(r, u);
        tell(r, u);
    }
    return NULL;
}

/* A server has one world: its scenarios take turns. */
static size_t n_workers(const struct replaying *r)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = r->options->n_jobs ? r->options->n_jobs : cores > 0 ? (size_t)cores : 1;
    if (r->server || !n)
        return 1;
    if (n > r->n_units)
        n = r->n_units ? r->n_units : 1;
    return n < JOBS_MAX ? n : JOBS_MAX;
}

static void run_all(struct replaying *r)
{
    pthread_t threads[JOBS_MAX];
    size_t n = n_workers(r), started = 0;
    while (started + 1 < n && pthread_create(&threads[started], NULL, work, r) == 0)
        started++;
    work(r);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

/* ---- the whole ---- */

static void drop_arena(void *arena)
{
    arena_free(arena);
}

static void count(struct replay *out, const struct replay_entry *e)
{
    out->n_unchecked += e->result.n_unchecked;
    if (e->bad)
        out->n_bad++;
    else if (e->result.verdict == PLAY_PASSED)
        out->n_passed++;
    else if (e->result.verdict == PLAY_FAILED)
        out->n_failed++;
    else
        out->n_skipped++;
}

static void collect(struct replaying *r, struct replay *out)
{
    *out = (struct replay){ .entries = arena_array(r->a, struct replay_entry, r->n_units),
                            .notes = r->notes,
                            .n_notes = r->n_notes };
    for (size_t i = 0; i < r->n_units; i++) {
        struct unit *u = &r->units[i];
        arena_defer(r->a, drop_arena, u->entry.arena);
        out->n_others += u->other;
        out->n_filtered += u->filtered;
        if (u->other || u->filtered)
            continue;
        count(out, &u->entry);
        out->entries[out->n++] = u->entry;
    }
}

static struct outcome play_all(struct replaying *r, struct why *why)
{
    struct stage server;
    TRY(find_units(r, why));
    if (r->options->against.n) {
        TRY(stage_server_open(r->a, why, r->options->against, &server));
        r->server = &server;
    }
    run_all(r);
    return r->server ? stage_server_end(r->a, why, r->server) : OK;
}

struct outcome replay_run(struct arena *a, struct why *why, const struct replay_options *options,
                          struct replay *out)
{
    struct replaying r = { .a = a, .options = options };
    if (pthread_mutex_init(&r.lock, NULL) != 0)
        abort();
    struct outcome o = play_all(&r, why);
    pthread_mutex_destroy(&r.lock);
    collect(&r, out);
    return o;
}
